"""Names and codes as they stand in titles and file names: whole, whatever their width, spaces and case."""

from __future__ import annotations

import re
import unicodedata


def folded(word: str) -> str:
    """Full-width forms, spaces and case do not tell units apart."""
    return "".join(unicodedata.normalize("NFKC", word).split()).casefold()


_MIDDLE = re.compile(r"[^\W\d_a-z省市县区州盟旗镇乡于送的年月日]")
"""After other characters a name may begin in the middle of a text: 长春市青山镇, but not 大青山镇."""
_AFTER = re.compile(r"$|[\W\d_a-z]|人民政府|政府|关于|年|报|的|修|改|更|补|重|最|终|定|第|信息|政务|填|上|20")
"""With these the text may go on behind a name: 青山镇人民政府, 青山镇年报, but not 青山镇财政所."""
_YEAR = re.compile(r"(?:19|20)\d\d")
"""A code of such digits is a year wherever anything else is said: 青山镇_2024 is not the unit of code 2024."""
_WORD = re.compile(r"[0-9a-z]")


def whole(text: str, start: int, end: int) -> bool:
    """A code is a number of its own, not a part of a longer one; a name is a whole name."""
    before = text[start - 1] if start else ""
    if text[start:end].isascii():
        if _YEAR.fullmatch(text, start, end) and end - start < len(text):
            return False
        return not (_WORD.match(before) or _WORD.match(text, end))
    return not _MIDDLE.match(before) and _AFTER.match(text, end) is not None
