"""English prose: shares, parts, change and years, wherever one sentence states all that the sum needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.english_lists import Listed, listed
from auditkit.prose.english_percents import Moved, Stated, moved, stated
from auditkit.prose.english_years import Named, introduced_years, title_year
from auditkit.prose.quantities import Quantity
from auditkit.prose.ratios import HUNDRED, exact, follows, is_slip_of_rounding, other_reading, reading_of, rounded
from auditkit.prose.reading import Reading, Sentence
from auditkit.prose.remarks import Remark, shown

_NUMBER = re.compile(r"[\d,.%]+")


def share(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """26 of 30 (77%): another number."""
    yield from _shares(reading, rounding=False)


def share_rounding(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """26 of 30 (86%): cut off, not rounded."""
    yield from _shares(reading, rounding=True)


def exceed(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """30 requests, of which 26 were granted and 5 denied: more than the whole."""
    for found in reading.once(listed):
        yield _sum_remark(reading, found) if _total(found.parts) > found.whole.value else None


def short(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """A list that divides the whole, or ends with the rest, and does not add up."""
    for found in reading.once(listed):
        if found.complete:
            yield _sum_remark(reading, found) if _total(found.parts) < found.whole.value else None


def change(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """From 120 to 150, up 20%; from 85% to 90%, up 6 points."""
    for found in reading.once(moved):
        if found.said.kind == "count" and not found.of_percentages:
            off = (found.new.value - found.old.value) * (1 if found.up else -1)
            yield None if off == found.said.value else _step_remark(reading, found, off)
        elif found.of_percentages:
            yield None if _is_difference(found) else _points_remark(reading, found)
        elif found.said.kind == "percent" and found.old.value > 0:
            slack = HUNDRED * (found.new.half + found.old.half) / found.old.value
            holds = abs(_change(found) - found.said.value) <= found.said.half + slack
            yield None if holds else _change_remark(reading, found)


def year(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The introduction names the year of the title."""
    title = title_year(reading)
    for found in introduced_years(reading) if title else ():
        if title is not None:
            yield None if title.year in {found.year, *found.also} else _year_remark(reading, found, title)


def _shares(reading: Reading, *, rounding: bool) -> Iterator[Remark | None]:
    for found in reading.once(stated):
        if follows(found.part, found.whole, found.percent):
            yield None
            continue
        value = exact(found.part.value, found.whole.value, found.percent)
        if is_slip_of_rounding(value, found.percent) is rounding:
            yield _share_remark(reading, found, value, rounding=rounding)


def _share_remark(reading: Reading, found: Stated, value: Decimal, *, rounding: bool) -> Remark:
    part, whole, percent = found.part, found.whole, found.percent
    precise = shown(value.quantize(percent.step / 100))
    written = f"{percent.text} ≠ {shown(part.value)} ÷ {shown(whole.value)} = {precise}%"
    hint = reading_of(value, percent, found.beside) if rounding else other_reading(part.value, whole.value, percent, ())
    terms = _terms(reading, (percent, "share"), (part, "part"), (whole, "whole"))
    return _remark(found.sentence, (found.start, found.end), written, terms, (percent.value, value), hint)


def _sum_remark(reading: Reading, found: Listed) -> Remark:
    whole, parts, total = found.whole, found.parts, _total(found.parts)
    added = " + ".join(shown(p.value) for p in parts) + (f" = {shown(total)}" if len(parts) > 1 else "")
    written = f"{added} {'>' if total > whole.value else '<'} {shown(whole.value)}"
    terms = _terms(reading, (whole, "whole"), *((p, "part") for p in parts))
    span = min(whole.start, parts[0].start), parts[-1].end
    return _remark(found.sentence, span, written, terms, (total, whole.value), None)


def _change(found: Moved) -> Decimal:
    """In per cent of the old number, positive in the direction said."""
    return HUNDRED * (found.new.value - found.old.value) / found.old.value * (1 if found.up else -1)


def _change_remark(reading: Reading, found: Moved) -> Remark:
    old, new, said, value = found.old.value, found.new.value, found.said, _change(found)
    precise = shown((value if found.up else -value).quantize(said.step / 100))
    written = f"{said.text} ≠ ({shown(new)} - {shown(old)}) ÷ {shown(old)} = {precise}%"
    right = shown(rounded(value, said.step))
    hint = Text(f"应为{right}%", f"it is {right}%")
    if value < 0:
        hint = Text("增减方向写反", "up and down are mixed up")
    elif new and abs(HUNDRED * abs(new - old) / new - said.value) <= said.half:
        hint = Text(f"应为{right}%；误以本期为基数", f"it is {right}%; {shown(said.value)}% divides by the new number")
    terms = _terms(reading, (said, "change"), (found.new, "new"), (found.old, "old"))
    return _remark(found.sentence, (found.start, found.end), written, terms, (said.value, value), hint)


def _step_remark(reading: Reading, found: Moved, off: Decimal) -> Remark:
    more, less = (found.new, found.old) if found.up else (found.old, found.new)
    written = f"{found.said.text} ≠ {shown(more.value)} - {shown(less.value)} = {shown(off)}"
    hint = Text("增减方向写反", "up and down are mixed up") if off < 0 else None
    terms = _terms(reading, (found.said, "change"), (found.new, "new"), (found.old, "old"))
    return _remark(found.sentence, (found.start, found.end), written, terms, (found.said.value, off), hint)


def _is_difference(found: Moved) -> bool:
    """Points, or points said as per cent, which English lets pass, or per cent of the old percentage."""
    off = abs(found.new.value - found.old.value)
    slack = (found.old.step + found.new.step + found.said.step) / 2
    relative = HUNDRED * off / found.old.value if found.old.value else off
    in_points = abs(off - found.said.value) < slack
    return in_points or (found.said.kind == "percent" and abs(relative - found.said.value) <= found.said.step)


def _points_remark(reading: Reading, found: Moved) -> Remark:
    off = abs(found.new.value - found.old.value)
    written = f"{shown(found.said.value)} ≠ {shown(found.new.value)} - {shown(found.old.value)}"
    terms = _terms(reading, (found.said, "change"), (found.new, "new"), (found.old, "old"))
    return _remark(found.sentence, (found.start, found.end), written, terms, (found.said.value, off), None)


def _year_remark(reading: Reading, found: Named, title: Named) -> Remark:
    said = Text(f"引言写{found.year}，标题为{title.year}", f"introduction {found.year} ≠ title {title.year}")
    terms = tuple(
        Term(name, at.year, reading.place(at.line, at.start, at.start + 4))
        for name, at in ((Text("引言", "introduction"), found), (Text("标题", "title"), title))
    )
    return Remark(found.line, found.start, found.start + 4, "introduction", said, terms)


def _remark(
    sentence: Sentence,
    span: tuple[int, int],
    written: str,
    terms: tuple[Term, ...],
    sides: tuple[Decimal, Decimal],
    hint: Text | None,
) -> Remark:
    row = _NUMBER.sub("", sentence.text).strip()[:60]
    left, right = sides
    return Remark(sentence.line, *span, row, Text(written, written), terms, left=left, right=right, hint=hint)


def _terms(reading: Reading, *named: tuple[Quantity, str]) -> tuple[Term, ...]:
    return tuple(Term(Text(_ZH[role], role), q.text, reading.place(q.line, q.start, q.end)) for q, role in named)


_ZH = {"share": "占比", "part": "分项", "whole": "总数", "change": "增减", "new": "本期", "old": "上期"}


def _total(parts: Sequence[Quantity]) -> Decimal:
    return sum((p.value for p in parts), Decimal(0))
