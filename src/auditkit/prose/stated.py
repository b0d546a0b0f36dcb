"""Shares as they are told: which count a percentage belongs to, and which totals it may be a share of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, by_line, stating
from auditkit.prose.reading import Line, Reading

_SHARE = re.compile(r"占|比例|比重|占比|百分比")
_BASE = re.compile(r"占(?:了|到|比)?(?P<base>[^，,;。]{0,40}?)(?:的?(?:比例|比重|百分比))?(?:的|为|是|达到|达|约|:)*$")
_RATE = re.compile(r"(?P<root>[\u4e00-\u9fff]{1,8}?)率(?:为|是|达到|达|:)?$")
_AVERAGE = re.compile(r"^(?:平均|总体|整体|累计|综合|全年)+")
_AVERAGED = re.compile(r"[人户日月年]均")
_STEP_AHEAD = tuple(f"{verb}{end}" for verb in ("增加", "减少", "净增", "净减", "提高", "下降") for end in ("", "了"))
_BRACKET = re.compile(r"[(][^()]*[)]")
_CHANGE = re.compile(r"同比|环比|增|减|升|降|提高|上涨|下滑|翻|涨幅|幅度|高于|低于|超出|多于|少于")
_ALONE = re.compile(
    r"(?:^|[，,、;:和及])(?P<label>[^，,、;:。()\d]{2,16}?)(?:占比|占(?P<base>[^，,;。\d]{0,16}?)|的?(?:比例|比重))(?:的|为|是|达到|达)*$"
)
_NAME_ENDS = re.compile(r"^(?:其中|共|通过|经)|(?:类?信息|类|的)+$")
_OTHER_SCOPE = re.compile(r"[中里][，,]|上年|去年|同期|同比|环比|\d{4}年|累计|季度|半年|\d月")
_NEW_STATEMENT = re.compile(r"[;。]|，(?!主要|包括|内容|涉及|即|如|含)[^，占比]{12,}，")
_IN_ORDER = re.compile(r"分别占|占比分别|比例分别|比重分别")
_SHARE_BEHIND = re.compile(r"\s*[，,、]?\s*占")
_OF_GIVEN = re.compile(r"[^，,;。:()\d]{0,8}")
_STOP = re.compile(r"[;。…]")
_ELSEWHERE = re.compile(
    r"全[市省国县州区镇乡旗]|同类|任务|计划|目标|(?<!公共)(?<!基金)(?<!经营)预算|(?<!总)(?<!常住)(?<!户籍)人口|上年|去年|同期|辖区|户数|面积|应[^，]{0,4}数|年度|满意|GDP|财政"
    r"|(?<!申请)(?<!受理)(?<!公开)(?<!发布)(?<!信息)(?<!案件)总量"
)
_IN_ALL = re.compile(r"总[值额量数]的?$")
_YEARLY = re.compile(r"(?:全|本|今|该|\d{4})年度?")
NUMBERS_BACK = 60
"""Numbers of its line before a share among which its total is looked for."""
LOOK_BACK = 4
"""Lines in which a total may stand before its shares."""


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` is ``percent`` of something. ``bases`` are the totals told before it, the nearest first."""

    part: Quantity
    percent: Quantity
    kind: Literal["share", "rate"]
    base: str
    """Words between 占 and the number, such as 全年公开信息总数; for a rate its name without 率."""
    bases: tuple[Quantity, ...]
    """From its own line."""
    given: Quantity | None = None
    """The total that stands between the count and the percentage itself: 占总数168条的85%."""

    @property
    def afar(self) -> bool:
        """Its count was told in another sentence."""
        return (self.part.line, self.part.sentence) != (self.percent.line, self.percent.sentence)

    @property
    def elsewhere(self) -> bool:
        """A share of something that the text need not state: the whole county's, last year's, the plan's."""
        own = self.kind == "share" and _IN_ALL.sub("", self.base) == self.part.label  # 出口3亿元，占出口总值的47.5%
        return own or bool(_ELSEWHERE.search(_YEARLY.sub("", self.base)))


class Told(NamedTuple):
    """A count and its percentage, as the words put them together."""

    part: Quantity
    percent: Quantity
    kind: Literal["share", "rate"]
    base: str
    given: Quantity | None = None
    siblings: tuple[Quantity, ...] = ()
    """Counts of the same row: each is beside the others, never their total."""


def shares(reading: Reading) -> tuple[Share, ...]:
    """Every share of a count in the text. For ``Reading.once``."""
    found = stating(reading, "%", "‰", "百分之")
    return tuple(s for line, own in found for s in _of_line(reading, line, own))


def _of_line(reading: Reading, line: Line, own: Sequence[Quantity]) -> Iterator[Share]:
    beside = (*_single(line, own), *_listed(line, own))
    for told in (*beside, *_afar(reading, line, own, {told.percent.start for told in beside})):
        at = bisect_right(own, told.percent.start, key=lambda q: q.end)
        before = (q for q in reversed(own[max(0, at - NUMBERS_BACK) : at]) if q not in told.siblings)
        bases = tuple(q for q in before if _may_be_whole(q, told.part))
        yield Share(told.part, told.percent, told.kind, told.base, bases, told.given)


def _may_be_whole(whole: Quantity, part: Quantity) -> bool:
    if whole is part or whole.kind != part.kind or whole.value <= 0 or whole.value < part.value:
        return False
    return whole.unit == part.unit or not part.unit


def earlier(reading: Reading, share: Share) -> tuple[Quantity, ...]:
    """Totals told in the lines before a share, in the same section, the nearest first."""
    told = islice(_before(reading, share.percent.line), NUMBERS_BACK)
    return tuple(q for q in told if _may_be_whole(q, share.part))


def _before(reading: Reading, line: int) -> Iterator[Quantity]:
    found, section = reading.once(by_line), section_of(reading, line)
    for index in range(line - 1, max(-1, line - 1 - LOOK_BACK), -1):
        if section_of(reading, index) != section:
            return
        yield from reversed(found[index])


def _single(line: Line, own: Sequence[Quantity]) -> Iterator[Told]:
    """``26条，占全年公开信息总数的比例为86%``, ``26条（86%）``, ``答复率为95%``."""
    for i, percent in enumerate(own):
        if percent.kind != "percent" or percent.approximate or i == 0:
            continue
        before, at = own[i - 1], i
        if before.depth > percent.depth:  # 968亿元（其中冷却用水482亿元），占16.2%
            at = next((n for n in range(i - 1, 0, -1) if own[n - 1].depth <= percent.depth), i)
            before = own[at - 1]
        if before.kind == "percent" and i > 1 and _SHARE_BEHIND.match(line.text, before.end):
            moved = _CHANGE.search(line.text[own[i - 2].end : before.start])
            before, at = (own[i - 2], i - 1) if moved else (before, i)  # 66万元，增长3.2%，占…的6.6%
        if at == i > 1 and line.text.endswith(_STEP_AHEAD, own[i - 2].end, before.start):
            before, at = own[i - 2], i - 1  # 422万公里，比上年增加18万公里，占总里程的90%
        if before.kind not in {"count", "money"} or before.sentence != percent.sentence:
            continue
        part, given = _unpack(own, i, line) if at == i else (before, None)
        gap = line.text[own[i - 1].end : percent.start]
        gap = _BRACKET.sub("", gap) if ")" in gap else gap
        if part is None or part.approximate or _CHANGE.search(gap) or _IN_ORDER.search(gap) or "…" in gap:
            continue
        if given is not None:
            base = line.text[part.end : percent.start]
            yield Told(part, percent, "share", base, given if _OF_GIVEN.fullmatch(gap) else None)
        elif (rate := _RATE.search(gap)) and not _SHARE.search(gap):
            if _AVERAGED.search(part.label) or percent.unit == "‰":  # ‰ of a population
                continue
            yield Told(part, percent, "rate", _AVERAGE.sub("", rate["root"]))
        elif _SHARE.search(gap) and not _between(gap):
            yield Told(part, percent, "share", found["base"] if (found := _BASE.search(gap)) else "")
        elif gap in {"(", "，(", "(约", " ("} or gap.strip() == "(":
            yield Told(part, percent, "share", "")


def _afar(reading: Reading, line: Line, own: Sequence[Quantity], beside: Collection[int]) -> Iterator[Told]:
    """网络申请占70%, where 网络申请1302件 was told before: its part is the only count by that name."""
    for i, percent in enumerate(own):
        if percent.unit != "%" or percent.approximate or percent.start in beside:
            continue
        sentence = line.sentence_at(percent.start)
        start = max(sentence.start, own[i - 1].end if i else 0)
        alone = _ALONE.search(line.text[start : percent.start])
        if alone is None or _OTHER_SCOPE.search(line.text[sentence.start : percent.start]):
            continue
        name = _NAME_ENDS.sub("", alone["label"])
        ahead = (*reversed(own[max(0, i - NUMBERS_BACK) : i]), *_before(reading, line.index))
        told = [q for q in ahead if q.kind == "count" and q.unit and _NAME_ENDS.sub("", q.label) == name]
        if len({q.value for q in told}) == 1 and not told[0].approximate and not _ELSEWHERE.search(alone["base"] or ""):
            yield Told(told[0], percent, "share", alone["base"] or "")


def _between(gap: str) -> bool:
    """Another statement begins between the count and 占."""
    return bool(_NEW_STATEMENT.search(gap))


def _unpack(own: Sequence[Quantity], i: int, line: Line) -> tuple[Quantity | None, Quantity | None]:
    """The count in front of a percentage; with the base stated in between (占总数30条的86%), the one before, and it."""
    before = own[i - 1]
    between = line.text[own[i - 2].end : before.start] if i > 1 else ""
    if "占" in between or ("完成" in between and line.text.startswith("的", before.end)):
        stepped = i > 2 and line.text.endswith(_STEP_AHEAD, own[i - 3].end, own[i - 2].start)
        first = own[i - 3 if stepped else i - 2]
        alike = first.sentence == before.sentence and first.kind == before.kind
        return (first, before) if alike else (None, None)
    return before, None


def _listed(line: Line, own: Sequence[Quantity]) -> Iterator[Told]:
    """``分别为26条、4条，分别占86%、14%``: the same number of each, in order."""
    for match in _IN_ORDER.finditer(line.text) if "分别" in line.text else ():
        percents = _row([q for q in own if q.start >= match.end()], "percent", line)
        counts = [q for q in own if q.end <= match.start()]
        tail = counts[-len(percents) :] if percents else []
        if len(percents) > 1 and len(tail) == len(percents) and len(_row(tail, tail[0].kind, line)) == len(tail):
            base = _BASE.search(line.text[match.start() + 2 : percents[0].start])
            name = base["base"] if base else ""
            yield from (Told(q, p, "share", name, None, tuple(tail)) for q, p in zip(tail, percents, strict=True))


def _row(numbers: Sequence[Quantity], kind: str, line: Line) -> list[Quantity]:
    """The numbers of one kind that follow each other with nothing but a short label in between."""
    row: list[Quantity] = []
    for q in numbers:
        if q.kind != kind or (row and _STOP.search(line.text[row[-1].end : q.start])):
            break
        row.append(q)
    return row
