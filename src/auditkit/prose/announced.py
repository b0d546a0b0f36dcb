"""The parts a report announces: how many it says there are, and which ones it lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditkit.chinese import chinese_numeral
from auditkit.prose.reading import Line, Reading

_N = r"\s*(?P<n>[一二两三四五六七八九十]{1,3}|\d{1,2})\s*(?:个|大)?(?:部分|部份|章节|板块|章|节)"
_SUBJECT = r"(?:(?:报告|年报|全文|本报|内容|引言)|(?:^|[。;:(])(?=主要由|由))"
_VERB = r"(?:由|包括|包含|分为|共分|涵盖)"
_LIST_FIRST = re.compile(
    rf"{_SUBJECT}[^。;:]{{0,12}}?{_VERB}(?:了|以下|如下|:)*(?P<list>[^。]{{8,420}}?)(?P<etc>等)?(?:[，,]?(?:总?共|共计|一共|计)?|。(?:总?共|共计|一共)){_N}(?:组成|构成)?"
)
_LIST_ONLY = re.compile(
    rf"{_SUBJECT}[^。;:]{{0,12}}?{_VERB}(?:了|以下|如下|:)*(?P<list>[^。]{{12,420}}?)(?P<etc>等)?(?:(?:几|多)?(?:个|大)?部分|内容)?(?:组成|构成|[。…]|$)"
)
_NUMBER_FIRST = re.compile(
    rf"{_SUBJECT}[^。;:]{{0,12}}?(?:由|共|分为|分|包括|共有|有)(?:以下|如下)?{_N}(?:组成|构成|内容)?"
)
_BARE = re.compile(
    r"(?:(?:[(（]|^|……?)\s*|(?:等|共)(?=[^。]{1,12}[，,(]正文))(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})个?部分组成"
)
_PRESENT = re.compile(
    r"正文[^。;，]{0,10}?(?:共有|共|实有|只有|仅有|有|仅)?(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*(?:个|大)?(?:一级标题|部分|章|节)"
)
_SAID = re.compile(
    r"(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*个?部分[”\"’']?[^。;，,]{0,6}[，,](?:却|仅|只|实际?|共)*列(?:举|出)?了?"
    r"(?P<listed>[一二三四五六七八九十]{1,3}|\d{1,2})(?:项|个|部分)"
)
_STRONG = re.compile(r"[，,;]")
_BRACKET = re.compile(r"[(][^()]*[)]")
_QUOTED = re.compile(r"[”\"][、和及]?[“\"]")
_AND = re.compile(r"以及|及其他|及|和|与|并附")
_ENDING = re.compile(
    r"(?:情况|概述|概况|概要|问题|措施|事项|打算|附表|附件|附录|附注|说明|安排|计划|建议|内容|数据|引言|前言|总结|解读|方面|报告|表|图|举措|思路|重点|展望|设想|工作|…)$"
)
_PROBLEM = re.compile(r"(?:问题|不足|困难)$")
_ANSWER = re.compile(r"^(?:改进|整改|下一?步|对策|措施|打算|解决|今后|努力|建议|工作|原因)")
_TITLE = re.compile(r"(?:情况|概述|措施|打算|问题)$")
_REVIEW = re.compile(r"复议")
_SUIT = re.compile(r"诉讼|申诉|投诉|举报|应诉")
TWO = 2
ANNEX = re.compile(r"附表|附件|附录|附图|统计表")


@dataclass(frozen=True, slots=True)
class Announced:
    """One announcement. ``fewest`` and ``most`` bound how many parts the list names, since 和 may join or separate."""

    line: int
    start: int
    end: int
    number: int | None
    items: tuple[str, ...]
    fewest: int
    most: int
    goes_on: bool
    """等 stands before the number: usually it closes the list, sometimes it stands for the rest."""
    complete: bool
    """The list is all of them: no 等 without a number, nothing cut out."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of parts said of the text itself: 正文共八节."""

    line: int
    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Recounted:
    """Both numbers said in so many words: 六部分组成，列举5项."""

    line: int
    start: int
    end: int
    number: int
    listed: int


def recounted(reading: Reading) -> tuple[Recounted, ...]:
    """Parts announced and parts listed where both are said as numbers. For ``Reading.once``."""
    found = ((line.index, m) for line in reading.lines_with("部分") for m in _SAID.finditer(line.text))
    numbers = ((at, m, _number(m["n"]), _number(m["listed"])) for at, m in found)
    return tuple(Recounted(at, m.start(), m.end(), n, k) for at, m, n, k in numbers if n is not None and k is not None)


def announced(reading: Reading) -> tuple[Announced, ...]:
    """Announcements in the first lines of the text. For ``Reading.once``."""
    return tuple(found for line in reading.lines[:15] if (found := _of_line(line)) is not None)


def counted(reading: Reading) -> tuple[Counted, ...]:
    """Numbers of parts said of the body. For ``Reading.once``."""
    return tuple(
        Counted(line.index, m.start(), m.end(), n)
        for line in reading.lines_with("正文")
        for m in _PRESENT.finditer(line.text)
        if (n := _number(m["n"])) is not None
    )


def _of_line(line: Line) -> Announced | None:
    text = line.text
    if "部分" not in text and "包括" not in text and "方面" not in text and "部份" not in text and "由" not in text:
        return None
    if match := _LIST_FIRST.search(text):
        while (inner := _LIST_FIRST.search(text, match.start("list"))) is not None:
            match = inner  # 本报告由某局编制，全文包括…
        return _built(line, match, match["list"], _number(match["n"]))
    if match := _NUMBER_FIRST.search(text):
        rest = re.match(r"[，,:]*(?:分别(?:为|是)|包括|即|内容包括|:)[:]?(?P<list>[^。]{8,420})", text[match.end() :])
        return _built(line, match, rest["list"] if rest else "", _number(match["n"]))
    if match := _BARE.search(text):
        return _built(line, match, "", _number(match["n"]))
    if match := _LIST_ONLY.search(text):
        return _built(line, match, match["list"], None)
    return None


def _built(line: Line, match: re.Match[str], listed: str, number: int | None) -> Announced | None:
    items = _items(listed)
    if number is None and (len(items) < 3 or sum(bool(_ENDING.search(i)) for i in items) < 3):
        return None
    if any(not item.strip("…、") for item in items):
        return Announced(line.index, match.start(), match.end(), number, (), 0, 0, goes_on=False, complete=False)
    fewest, most = _bounds(items)
    apart = sum(bool(part.strip()) for part in listed.split(";"))
    fewest = min(fewest, apart) if apart > TWO else fewest  # between ；, a 、 may join two halves of one title
    complete = (
        bool(items) and not any("…" in i for i in items) and (number is not None or not match.groupdict().get("etc"))
    )
    return Announced(
        line.index,
        match.start(),
        match.end(),
        number,
        items,
        fewest,
        most,
        bool(match.groupdict().get("etc")),
        complete,
    )


def _bounds(items: Sequence[str]) -> tuple[int, int]:
    """How many titles the items may be: a title may have been split at 、, two may have been joined by 和."""
    if not items:
        return 0, 0
    loose = sum(not _ENDING.search(item) for item in items[:-1])
    split = 0 if loose > len(items) // 2 else loose  # bare words are the style of the whole list
    split += sum(bool(_PROBLEM.search(a) and _ANSWER.search(b)) for a, b in pairwise(items))
    split += sum("复议" in a and "诉讼" in b and "诉讼" not in a for a, b in pairwise(items))  # one title of the form
    sure, unsure = _joints(items[-1])
    return len(items) - split + sure, len(items) + sure + unsure


def _items(listed: str) -> tuple[str, ...]:
    """Split at 、 ， and ；. Where both are used, 、 separates only whole titles; review and suit are one title."""
    text = re.sub(r"^[:：以下如]+", "", _QUOTED.sub("、", _BRACKET.sub("", listed))).strip(' ，,;、“”"')
    if not text:
        return ()
    text = re.sub(r"[(]?[一二三四五六七八九十]{1,2}[)、](?=[\u4e00-\u9fff]{2})|(?<!\d)\d{1,2}[.、．]", "", text)
    outer = [part for part in _STRONG.split(text) if part.strip()]
    items: list[str] = []
    for part in outer:
        inner = [p.strip() for p in part.split("、") if p.strip()]
        items += _joined(inner, whole_titles=len(outer) > 2)
    return tuple(re.sub(r"^(?:以及|和|及|与|并)", "", item) for item in items)


def _joined(parts: Sequence[str], *, whole_titles: bool) -> list[str]:
    joined: list[str] = []
    for part in parts:
        before = joined[-1] if joined else ""
        review = bool(_REVIEW.search(before) and _SUIT.search(part) and not before.endswith("情况"))
        if before and (review or (whole_titles and not _ENDING.search(before))):
            joined[-1] = f"{before}、{part}"
        else:
            joined.append(part)
    return joined


def _joints(item: str) -> tuple[int, int]:
    """How many times 和, 及 or 与 in the last item separates two titles: surely, and perhaps."""
    joints = list(_AND.finditer(item))
    starts, ends = [0, *(m.end() for m in joints)], [*(m.start() for m in joints), len(item)]
    pieces = [item[a:b] for a, b in zip(starts, ends, strict=True)]
    sure = unsure = 0
    for left, right in pairwise(pieces):
        if not _ENDING.search(left) or (_PROBLEM.search(left) and _ANSWER.search(right)):
            continue
        title = _TITLE.search(left) and _ENDING.search(right)
        certain = title and not ANNEX.search(right) and not (_REVIEW.search(left) and _SUIT.search(right))
        sure, unsure = sure + bool(certain), unsure + (not certain)
    return sure, unsure


def _number(written: str) -> int | None:
    return int(written) if written.isdecimal() else chinese_numeral(written)
