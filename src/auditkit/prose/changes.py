"""Change as it is told: what something was, what it is now, the step between, and the percentage or 倍 said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditkit.prose.quantities import Quantity, in_sentence, stating
from auditkit.prose.reading import Line, Reading

UP = re.compile(
    r"增长|增加|上升|提高|上涨|增幅|提升|增多|多了|新增|涨幅|升高|增收|增支|增产|多(?<![至最不许众大更]多)(?=\d|$)"
)
DOWN = re.compile(
    r"下降|减少|降低|下滑|降幅|减幅|回落|下跌|少了|压减|压缩|减收|短收|减支|减产|少(?<![至最不很更]少)(?=\d|$)"
)
MOVED = re.compile(f"{UP.pattern}|{DOWN.pattern}")
_WHEN = r"(?:(?:\d{4}年|今年|本年)(?:度|同期)?的?)?"
_TO = re.compile(
    rf"(?:{MOVED.pattern}|上调|下调|整合|调整|精简|合并|扩大|发展|升|降|增|减|变)(?:到|至|为)[了约]?\s*{_WHEN}\s*$|^\s*(?:到|至)\s*$"
)
_FROM = re.compile(r"(?:由|从)[^，,;。]{0,20}$")
_BASE = re.compile(
    r"(?:比|较|与|同)[^，,;。]{0,4}(?:上一?年|去年|前年|上年度|\d{4}年|同期|上季度|上月|年初|上半年)[^，,;。\d增减升降]{0,12}$"
    r"|^[，,;(]?\s*(?:而)?(?:上一?年|去年)(?:度|同期)?[^，,;。\d]{0,8}$"
)
_AGAINST = re.compile(
    r"同比|环比|[与和](?:上一?年|去年|上年度|\d{4}年度?|上年同期)(?:度|同期)?相比|(?:比|较)(?:上一?年|去年|上年度|\d{4}年|上年同期|去年同期)"
    r"|(?:比|较)(?:年初|期初)|(?:比|较|与)(?:年初|全年|当年|调整)?预算数?"
)
_LAST = re.compile(r"(?:上一?年|去年|上年度|上年同期|去年同期)")
_NOW = re.compile(r"今年|本年|\d{4}年")
_YEAR = re.compile(r"(\d{4})年")
_STEP = re.compile(rf"[，,)]?\s*(?:同比|净|共|共计|实际|各|均|分别)?(?:{MOVED.pattern})(?:了|额|数|量)?(?:为|约)?\s*")
_IS_STEP = re.compile(rf"(?:{MOVED.pattern})了?\s*$")
_OPENS = re.compile(
    rf"\s*[(]?(?:[与和比较同])?(?:{_LAST.pattern}|\d{{4}}年)(?:度|同期|决算数?)?(?:相比)?[，,]?[^，,;。\d]{{0,14}}?(?:各|均|共|净)?"
    rf"(?:{MOVED.pattern})(?:了)?\s*"
)
_IS_BASE = re.compile(r"[，,;(]?\s*(?:已|也)?(?:是|为|达到?|相当于)[^，,;。\d]{0,8}(?:\d{4}年)?[^，,;。\d]{0,8}$")
_OF_BASE = re.compile(r"\s*[)]?\s*的\s*")
_OF_FIRST = re.compile(
    rf"[，,]\s*(?:已|也)?(?:是|为|达到?|相当于)(?:(?P<year>\d{{4}})年|{_LAST.pattern}|原来|原先|当初|期初)(?:度|同期)?的\s*"
)
_THEN = re.compile(rf"[(](?:{_LAST.pattern}|\d{{4}}年)(?:度|同期|[上下]半年)?[^，,;。()\d]{{0,6}}")
_COUNTED = frozenset({"count", "money"})
_SAID = frozenset({"percent", "times"})
_AT_CONSTANT_PRICES = re.compile(r"生产总值|增加值|产值|GDP")
"""Their growth is counted at constant prices: it never follows from the amounts."""
LONGEST_GAP = 16
"""Characters between a number and the percentage said of it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A percentage said of ``after``, with what it was before: as a number, or by the step between the two."""

    percent: Quantity
    """Or how many times (倍) of what it was it grew by."""
    after: Quantity
    other: Quantity
    up: bool
    """The percentage is said to be an increase."""
    by_step: bool = False
    """``other`` is the step, not the number before."""

    @property
    def before(self) -> Decimal:
        if not self.by_step:
            return self.other.value
        return self.after.value - self.other.value if self.up else self.after.value + self.other.value

    @property
    def slack(self) -> Decimal:
        return self.after.half + self.other.half


@dataclass(frozen=True, slots=True)
class Multiple:
    """``after`` is said to be ``times`` ``before``."""

    times: Quantity
    after: Quantity
    before: Quantity


@dataclass(frozen=True, slots=True)
class Step:
    """Three numbers that say one difference."""

    before: Quantity
    after: Quantity
    said: Quantity
    up: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """A percentage that moves to another, and by how much it is said to have moved."""

    before: Quantity
    after: Quantity
    said: Quantity


def changes(reading: Reading) -> tuple[Change, ...]:
    """Every change told with both numbers. For ``Reading.once``."""
    return tuple(
        change
        for line, own in reading.once(_moving)
        for i, q in enumerate(own)
        if q.kind in _SAID and not q.approximate and (change := _change(reading, line, own, i)) is not None
        if q.kind == "percent" or change.up  # nothing falls by a multiple of what it was
    )


def multiples(reading: Reading) -> tuple[Multiple, ...]:
    """Every number said to be a multiple of another one beside it. For ``Reading.once``."""
    return tuple(
        multiple
        for line, own in stating(reading, "倍")
        for i, q in enumerate(own)
        if i > 1 and q.kind == "times" and not q.approximate and (multiple := _multiple(line, *own[i - 2 : i + 1]))
    )


def steps(reading: Reading) -> tuple[Step, ...]:
    """Every difference told with both its numbers. For ``Reading.once``."""
    return tuple(
        step
        for line, own in reading.once(_moving)
        for i in range(2, len(own))
        if (step := _step(line, own, i)) is not None
    )


def shifts(reading: Reading) -> tuple[Shift, ...]:
    """Every percentage told with the one it came from. For ``Reading.once``."""
    return tuple(
        Shift(a, b, c)
        for line, own in reading.once(_moving)
        for a, b, c in zip(own, own[1:], own[2:], strict=False)
        if a.kind == b.kind == "percent" and c.kind in {"percent", "points"} and _moves(line, a, b, c)
    )


def _moving(reading: Reading) -> tuple[tuple[Line, Sequence[Quantity]], ...]:
    """Lines that tell of a change, with their numbers. For ``Reading.once``."""
    return tuple((line, own) for line, own in stating(reading, MOVED) if len(own) > 1)


def _moves(line: Line, a: Quantity, b: Quantity, c: Quantity) -> bool:
    if a.sentence != c.sentence or any(q.approximate for q in (a, b, c)):
        return False
    came = _FROM.search(line.text[max(0, a.start - 24) : a.start])
    went = _TO.search(line.text[a.end : b.start])
    moved = MOVED.search(line.text[b.end : c.start])
    return bool(came and went and moved and c.start - b.end <= 12)


def _multiple(line: Line, first: Quantity, second: Quantity, times: Quantity) -> Multiple | None:
    """2400条，是2019年（800条）的3倍; 由12家发展到48家，是2020年的4倍."""
    if not _same_kind(line, first, second) or second.sentence != times.sentence:
        return None
    if _AT_CONSTANT_PRICES.search(first.label):
        return None
    between, gap = line.text[first.end : second.start], line.text[second.end : times.start]
    if _IS_BASE.fullmatch(between) and _OF_BASE.fullmatch(gap):
        return Multiple(times, first, second)
    of = _OF_FIRST.fullmatch(gap)
    ahead = line.text[line.sentence_at(first.start).start : first.start]
    if of and _FROM.search(ahead[-24:]) and _TO.search(between) and (of["year"] is None or of["year"] in ahead):
        return Multiple(times, second, first)
    return None


def _change(reading: Reading, line: Line, own: Sequence[Quantity], i: int) -> Change | None:
    percent = own[i]
    gap = line.text[own[i - 1].end : percent.start] if i else ""
    moved = MOVED.search(gap)
    if not moved or "年均" in gap or len(gap) > LONGEST_GAP or own[i - 1].sentence != percent.sentence:
        return None
    if any(_AT_CONSTANT_PRICES.search(q.label) for q in own[max(0, i - 3) : i]):
        return None
    up = bool(UP.search(gap))
    if (told := _in_bracket(line, own, i)) is not None:
        return Change(percent, own[i - 1], told, up)
    if i > 2 and (step := _step(line, own, i - 1)) is not None:
        return Change(percent, step.after, step.before, up)
    if i > 1 and _same_kind(line, own[i - 2], own[i - 1]):
        return _told(line, own[i - 2], own[i - 1], percent, up=up)
    before = _sentence_before(reading, line, own[i - 1])
    return None if before is None else Change(percent, before, own[i - 1], up, by_step=True)


def _in_bracket(line: Line, own: Sequence[Quantity], i: int) -> Quantity | None:
    """23件，同比增长76.9%（去年同期13件）: the number before stands in a bracket behind the percentage."""
    if i + 1 == len(own) or own[i - 1].depth != own[i].depth or not _same_kind(line, own[i - 1], own[i + 1]):
        return None
    opens = _THEN.fullmatch(line.text[own[i].end : own[i + 1].start])
    return own[i + 1] if opens and line.text.startswith(")", own[i + 1].end) else None


def _told(line: Line, first: Quantity, second: Quantity, percent: Quantity, *, up: bool) -> Change | None:
    """A percentage behind two numbers: old and new, new and old, or new and the step."""
    pair = _pair(line, first, second)
    if pair is not None:
        return Change(percent, pair[1], pair[0], up)
    between = line.text[first.end : second.start]
    if _IS_STEP.search(line.text[max(0, first.start - 6) : first.start]):
        return None  # 增加20万元，比预算减少5万元: two steps
    stepped = _AGAINST.search(between) and MOVED.search(between) and bool(UP.search(between)) is up
    return Change(percent, first, second, up, by_step=True) if stepped and _near(between) else None


def _pair(line: Line, first: Quantity, second: Quantity) -> tuple[Quantity, Quantity] | None:
    """Which of two numbers that follow each other is the old one and which the new: old, new."""
    ahead, between = line.text[max(0, first.start - 24) : first.start], line.text[first.end : second.start]
    if _FROM.search(ahead) and _TO.search(between):
        return first, second
    if MOVED.search(between):
        return None
    if _BASE.search(between):
        return second, first
    if _LAST.search(ahead) and _NOW.search(between):
        return first, second
    then, now = _YEAR.findall(ahead)[-1:], _YEAR.findall(between)[-1:]
    return (first, second) if then and now and int(now[0]) == int(then[0]) + 1 else None


def _step(line: Line, own: Sequence[Quantity], i: int) -> Step | None:
    """56件，较2021年的42件增加15件; 由350条增加到420条，增加60条."""
    first, second, said = own[i - 2 : i + 1]
    if said.kind not in {"count", "money"} or said.approximate or said.unit != second.unit:
        return None
    gap = line.text[second.end : said.start]
    if not _same_kind(line, first, second) or said.sentence != second.sentence or not _STEP.fullmatch(gap):
        return None
    pair = _pair(line, first, second)
    return None if pair is None else Step(*pair, said, bool(UP.search(gap)))


def _same_kind(line: Line, first: Quantity, second: Quantity) -> bool:
    whole = first.sentence == second.sentence and "…" not in line.text[first.start : second.end]
    exact = not (first.approximate or second.approximate)
    return whole and exact and first.unit == second.unit and first.kind == second.kind and first.kind in _COUNTED


def _near(between: str) -> bool:
    """The step is said of the number right before it: 120件，同比增加20件；120件，与上年相比，增加20件."""
    commas = between.count("，") + between.count(",")
    return len(between) <= LONGEST_GAP + 8 and commas <= (2 if "相比" in between else 1)


def _sentence_before(reading: Reading, line: Line, step: Quantity) -> Quantity | None:
    """总计2850.13万元。与上年相比，各增加100.05万元: the one number of the sentence before."""
    sentence = line.sentence_at(step.start)
    opening = line.text[sentence.start : step.start]
    if step.kind != "money" or step.approximate or sentence.after_cut or not _OPENS.fullmatch(opening):
        return None
    ahead = in_sentence(reading, line.index, sentence.number - 1)
    alike = {q.value for q in ahead if q.kind == "money"}
    same = [q for q in ahead if q.kind == "money" and q.unit == step.unit and not q.approximate]
    return same[-1] if len(alike) == 1 and same else None
