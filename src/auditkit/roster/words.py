"""Names and codes as they stand in titles and file names: whole, whatever their width, spaces and case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import accumulate


def folded(word: str) -> str:
    """Full-width forms, spaces and case do not tell units apart."""
    return "".join(unicodedata.normalize("NFKC", word).split()).casefold()


def pieces(text: str) -> tuple[str, frozenset[int]]:
    """The text folded, and where blanks stood between words: 年报 青山镇 begins a word there, 青 山 镇 does not."""
    words = [folded(word) for word in unicodedata.normalize("NFKC", text).split()]
    ends = list(accumulate(map(len, words)))
    between = (end for end, one, two in zip(ends, words, words[1:], strict=False) if len(one) > 1 and len(two) > 1)
    return "".join(words), frozenset(between)


_MIDDLE = re.compile(r"[^\W\d_a-z省市县区州盟旗镇乡于送的年月日件本自发给]")
"""After other characters a name may begin in the middle of a text: 长春市青山镇, but not 大青山镇."""
_AFTER = re.compile(
    r"$|[\W\d_a-z]|人民政府|政府|关于|年|报|的|修|改|更|补|重|最|终|定|第|信息|政务|填|上|20|副本|复件|初稿|草稿|新版"
    r"|正式|统计|数据|材料|汇总|情况|电子|扫描|盖章|表|依申请|公开|决算|预算"
)
"""With these the text may go on behind a name: 青山镇人民政府, 青山镇年报, but not 青山镇财政所."""
_YEAR = re.compile(r"(?:19|20)\d\d")
"""A code of such digits is a year wherever anything else is said: 青山镇_2024 is not the unit of code 2024."""
_WORD = re.compile(r"[0-9a-z]")
_NUMBER = re.compile(r"\d{1,4}")
"""A code that may as well count copies, rounds, months or annexes."""
_HEAD = re.compile(r"$|[/\\!]")
_COUNTING = re.compile(r"[-./]\d|[月年日号次稿版份个]")


def whole(text: str, start: int, end: int, breaks: Collection[int] = ()) -> bool:
    """A code is a number of its own, not a part of a longer one; a name is a whole name.

    ``breaks``: where blanks stood.
    """
    before = text[start - 1] if start else ""
    if text[start:end].isascii():
        if _YEAR.fullmatch(text, start, end) and end - start < len(text):
            return False
        leads = _HEAD.match(before) and (end in breaks or not _COUNTING.match(text, end))
        if _NUMBER.fullmatch(text, start, end) and not leads:
            return False  # 报表(3), 第2次, 附件3, 12月; but 3_报表
        return not (_WORD.match(before) or _WORD.match(text, end))
    begins = start in breaks or not _MIDDLE.match(before)
    return begins and (end in breaks or _AFTER.match(text, end) is not None)
