"""Change within a sentence: from 120 to 150 is 25 % more, and 85 % to 90 % is five points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, by_line, term
from auditkit.prose.ratios import HUNDRED, is_slip_of_rounding, rounded
from auditkit.prose.reading import Line, Reading
from auditkit.prose.remarks import Remark, shown

_UP = re.compile(r"增长|增加|上升|提高|上涨|增幅|提升|增多|多了|新增|涨幅|升高")
_DOWN = re.compile(r"下降|减少|降低|下滑|降幅|减幅|回落|下跌|少了")
_ANY = re.compile(f"{_UP.pattern}|{_DOWN.pattern}")
_TO = re.compile(rf"(?:{_ANY.pattern}|上调|下调|升|降|增|减|变)(?:到|至|为)[了约]?\s*$|^\s*(?:到|至)\s*$")
_FROM = re.compile(r"(?:由|从)[^，,;。]{0,20}$")
_BASE = re.compile(
    r"(?:比|较|与|同)[^，,;。]{0,4}(?:上一?年|去年|前年|上年度|\d{4}年|同期|上季度|上月|年初|上半年)[^，,;。\d]{0,12}$"
)
_AGAINST = re.compile(
    r"同比|环比|[与和](?:上一?年|去年|上年度|\d{4}年度?|上年同期)(?:度|同期)?相比|(?:比|较)(?:上一?年|去年|上年度|\d{4}年|上年同期|去年同期)"
)
_LAST = re.compile(r"(?:上一?年|去年|上年度|上年同期|去年同期)")

Form = Literal["two", "step"]


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` and ``after``, or ``after`` and the ``step`` between them, and the percentage said of it."""

    percent: Quantity
    after: Quantity
    other: Quantity
    form: Form
    up: bool
    """The percentage is said to be an increase."""

    @property
    def before(self) -> Decimal:
        if self.form == "two":
            return self.other.value
        return self.after.value - self.other.value if self.up else self.after.value + self.other.value

    @property
    def slack(self) -> Decimal:
        return self.after.half + self.other.half


@dataclass(frozen=True, slots=True)
class Shift:
    """A percentage that moves to another, and by how much it is said to have moved."""

    before: Quantity
    after: Quantity
    said: Quantity


def wrong(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The percentage does not follow from the two numbers beside it."""
    for change in reading.once(changes):
        yield None if _holds(change) else _remark(reading, change)


def points(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The difference of two percentages is not the number of points said."""
    for shift in reading.once(shifts):
        off = abs(shift.after.value - shift.before.value)
        slack = (shift.after.step + shift.before.step + shift.said.step) / 2
        if shift.said.kind == "points":
            yield None if abs(off - shift.said.value) < slack else _points_remark(reading, shift, off)


def unit(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """A difference of percentages is said in % where it is percentage points."""
    for shift in reading.once(shifts):
        off = shift.after.value - shift.before.value
        if shift.said.kind == "percent" and shift.before.value:
            relative = abs(HUNDRED * off / shift.before.value)
            is_points = abs(abs(off) - shift.said.value) < shift.said.step / 2
            is_relative = abs(relative - shift.said.value) <= shift.said.step / 2
            yield _points_remark(reading, shift, abs(off)) if is_points and not is_relative else None


def changes(reading: Reading) -> tuple[Change, ...]:
    """Every change told with both numbers. For ``Reading.once``."""
    return tuple(
        change
        for line, own in zip(reading.lines, reading.once(by_line), strict=True)
        if any(q.kind == "percent" for q in own) and _ANY.search(line.text)
        for i, percent in enumerate(own)
        if percent.kind == "percent" and (change := _change(line, own, i)) is not None
    )


def shifts(reading: Reading) -> tuple[Shift, ...]:
    """Every percentage told with the one it came from. For ``Reading.once``."""
    return tuple(
        Shift(a, b, c)
        for line, own in zip(reading.lines, reading.once(by_line), strict=True)
        for a, b, c in zip(own, own[1:], own[2:], strict=False)
        if a.kind == b.kind == "percent" and c.kind in {"percent", "points"} and _moves(line, a, b, c)
    )


def _moves(line: Line, a: Quantity, b: Quantity, c: Quantity) -> bool:
    if a.sentence != c.sentence or any(q.approximate for q in (a, b, c)):
        return False
    came = _FROM.search(line.text[max(0, a.start - 24) : a.start])
    went = _TO.search(line.text[a.end : b.start])
    moved = _ANY.search(line.text[b.end : c.start])
    return bool(came and went and moved and c.start - b.end <= 12)


def _change(line: Line, own: Sequence[Quantity], i: int) -> Change | None:
    percent = own[i]
    if percent.approximate or i < 2:
        return None
    first, second = own[i - 2], own[i - 1]
    if any(
        q.sentence != percent.sentence or q.kind not in {"count", "money"} or q.approximate for q in (first, second)
    ):
        return None
    gap = line.text[second.end : percent.start]
    moved = _ANY.search(gap)
    if not moved or first.unit != second.unit or "…" in line.text[first.start : percent.start] or len(gap) > 16:
        return None
    up = bool(_UP.search(gap))
    ahead, between = line.text[max(0, first.start - 24) : first.start], line.text[first.end : second.start]
    if _FROM.search(ahead) and _TO.search(between):
        return Change(percent, second, first, "two", up)
    if _BASE.search(between) and not _ANY.search(between):
        return Change(percent, first, second, "two", up)
    if _LAST.search(ahead) and re.search(r"今年|本年|\d{4}年", between) and not _ANY.search(between):
        return Change(percent, second, first, "two", up)
    if _AGAINST.search(between) and _ANY.search(between) and bool(_UP.search(between)) is up and _near(between):
        return Change(percent, first, second, "step", up)
    return None


def _near(between: str) -> bool:
    """The step is said of the number right before it: 120件，同比增加20件."""
    return len(between) <= 16 and between.count("，") + between.count(",") <= 1


def _value(change: Change) -> Decimal | None:
    """The percentage that follows, positive in the direction said."""
    before = change.before
    if before <= 0:
        return None
    off = change.after.value - before
    return HUNDRED * (off if change.up else -off) / before


def _holds(change: Change) -> bool:
    value = _value(change)
    if value is None:
        return True
    slack = HUNDRED * change.slack / change.before if change.before else Decimal(0)
    return abs(value - change.percent.value) <= change.percent.step / 2 + slack


def _remark(reading: Reading, change: Change) -> Remark:
    value, percent = _value(change) or Decimal(0), change.percent
    before, after = shown(change.before), shown(change.after.value)
    right = shown(rounded(value, percent.step))
    said = Text(
        f"{percent.text} ≠ ({after} - {before}) ÷ {before} = {shown(value.quantize(percent.step / 100))}%",
        f"{percent.text} ≠ ({after} - {before}) ÷ {before} = {shown(value.quantize(percent.step / 100))}%",
    )
    if not change.up:
        said = Text(
            said.zh.replace(f"({after} - {before})", f"({before} - {after})"),
            said.en.replace(f"({after} - {before})", f"({before} - {after})"),
        )
    terms = tuple(term(reading, q) for q in (percent, change.after, change.other))
    row = "/".join(x for x in (section_of(reading, percent.line), change.after.label) if x)
    start = min(change.after.start, change.other.start)
    hint = _hint(change, value, right)
    return Remark(
        percent.line,
        start,
        percent.end,
        row,
        said,
        terms,
        left=percent.value,
        right=value,
        allowed=percent.step / 2,
        hint=hint,
    )


def _hint(change: Change, value: Decimal, right: str) -> Text:
    said = shown(change.percent.value)
    if value < 0:
        return Text("增减方向写反", "up and down are mixed up")
    if is_slip_of_rounding(value, change.percent):
        return Text(f"按四舍五入应为{right}%", f"rounded it is {right}%")
    over = HUNDRED * abs(change.after.value - change.before) / change.after.value if change.after.value else value
    if abs(over - change.percent.value) <= change.percent.step / 2:
        return Text(f"应为{right}%；{said}%是以本期为基数", f"it is {right}%; {said}% divides by the new number")
    if abs(HUNDRED * change.after.value / change.before - change.percent.value) <= change.percent.step / 2:
        return Text(f"应为{right}%；{said}%是本期与基期之比", f"it is {right}%; {said}% is the ratio of new to old")
    return Text(f"应为{right}%", f"it is {right}%")


def _points_remark(reading: Reading, shift: Shift, off: Decimal) -> Remark:
    a, b, c = shift.before, shift.after, shift.said
    said = Text(
        f"{shown(b.value)}% 与 {shown(a.value)}% 相差 {shown(off)} 个百分点，写作 {c.text}",
        f"{shown(b.value)}% and {shown(a.value)}% are {shown(off)} percentage points apart; the text says {c.text}",
    )
    row = "/".join(x for x in (section_of(reading, a.line), a.label) if x)
    return Remark(
        a.line, a.start, c.end, row, said, tuple(term(reading, q) for q in (a, b, c)), left=c.value, right=off
    )
