"""Change within a sentence: from 120 to 150 is 25 % more, 360 is three times 120, and 85 % to 90 % is five points."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.changes import Change, Multiple, Shift, Step, changes, multiples, shifts, steps
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, term
from auditkit.prose.ratios import HUNDRED, is_slip_of_rounding, rounded
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark, shown


def wrong(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The percentage does not follow from the two numbers beside it."""
    for change in reading.once(changes):
        yield None if _holds(change) else _remark(reading, change)
    for multiple in reading.once(multiples):
        if multiple.before.value > 0:
            yield None if _is_multiple(multiple) else _multiple_remark(reading, multiple)


def step(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The difference said is not that of the two numbers beside it."""
    for told in reading.once(steps):
        off = told.after.value - told.before.value if told.up else told.before.value - told.after.value
        holds = abs(off - told.said.value) <= told.before.half + told.after.half + told.said.half
        yield None if holds else _step_remark(reading, told, off)


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


def _scale(said: Quantity) -> Decimal:
    """Of 1, in the unit of what was said: per cent, or times."""
    return Decimal(1) if said.kind == "times" else HUNDRED


def _value(change: Change) -> Decimal | None:
    """The change that follows, in the unit of what was said, positive in the direction said."""
    before = change.before
    if before <= 0:
        return None
    off = change.after.value - before
    return _scale(change.percent) * (off if change.up else -off) / before


def _holds(change: Change) -> bool:
    value = _value(change)
    if value is None:
        return True
    slack = _scale(change.percent) * change.slack / change.before if change.before else Decimal(0)
    return abs(value - change.percent.value) <= change.percent.step / 2 + slack


def _remark(reading: Reading, change: Change) -> Remark:
    value, percent = _value(change) or Decimal(0), change.percent
    before, after = shown(change.before), shown(change.after.value)
    off = f"({after} - {before})" if change.up else f"({before} - {after})"
    written = f"{percent.text} ≠ {off} ÷ {before} = {shown(value.quantize(percent.step / 100))}{percent.unit}"
    said = Text(written, written)
    terms = tuple(term(reading, q) for q in (percent, change.after, change.other))
    row = "/".join(x for x in (section_of(reading, percent.line), change.after.label) if x)
    start = min(change.after.start, change.other.start)
    hint = _hint(change, value, shown(rounded(value, percent.step)) + percent.unit)
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
    said, scale = shown(change.percent.value) + change.percent.unit, _scale(change.percent)
    if value < 0:
        return Text("增减方向写反", "up and down are mixed up")
    if is_slip_of_rounding(value, change.percent):
        return Text(f"按四舍五入应为{right}", f"rounded it is {right}")
    over = scale * abs(change.after.value - change.before) / change.after.value if change.after.value else value
    if abs(over - change.percent.value) <= change.percent.step / 2:
        return Text(f"应为{right}；{said}是以本期为基数", f"it is {right}; {said} divides by the new number")
    if abs(scale * change.after.value / change.before - change.percent.value) <= change.percent.step / 2:
        return Text(f"应为{right}；{said}是本期与基期之比", f"it is {right}; {said} is the ratio of new to old")
    return Text(f"应为{right}", f"it is {right}")


def _is_multiple(told: Multiple) -> bool:
    low, high = told.times.value - told.times.step / 2, told.times.value + told.times.step / 2
    most, least = told.before.value + told.before.half, told.before.value - told.before.half
    return told.after.value + told.after.half >= low * least and told.after.value - told.after.half <= high * most


def _multiple_remark(reading: Reading, told: Multiple) -> Remark:
    times, value = told.times, told.after.value / told.before.value
    precise = shown(value.quantize(times.step / 100))
    said = f"{times.text} ≠ {shown(told.after.value)} ÷ {shown(told.before.value)} = {precise}倍"
    right = shown(rounded(value, times.step))
    row = "/".join(x for x in (section_of(reading, times.line), told.after.label) if x)
    terms = tuple(term(reading, q) for q in (times, told.after, told.before))
    start = min(told.after.start, told.before.start)
    hint = Text(f"应为{right}倍", f"it is {right} times")
    return Remark(times.line, start, times.end, row, Text(said, said), terms, left=times.value, right=value, hint=hint)


def _step_remark(reading: Reading, told: Step, off: Decimal) -> Remark:
    more, less = (told.after, told.before) if told.up else (told.before, told.after)
    said = f"{told.said.text} ≠ {shown(more.value)} - {shown(less.value)} = {shown(off)}"
    hint = Text("增减方向写反", "up and down are mixed up") if off < 0 else None
    row = "/".join(x for x in (section_of(reading, told.said.line), told.after.label) if x)
    start = min(told.before.start, told.after.start)
    terms = tuple(term(reading, q) for q in (told.said, told.after, told.before))
    return Remark(
        told.said.line, start, told.said.end, row, Text(said, said), terms, left=told.said.value, right=off, hint=hint
    )


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
