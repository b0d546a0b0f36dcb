"""Numbering of headings: without gap or double, and children not numbered like their parents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.headings import Heading, heading_term, outline, runs
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark

Kind = Literal["gap", "double", "backward", "restart"]
NUMBERED = 3
BRIEF = 12
"""Characters of an item that is no paragraph."""
_HAN_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Slip:
    """A heading whose number does not follow from the one before it on its level."""

    kind: Kind
    before: Heading
    heading: Heading
    expected: int


def broken(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Headings 一、 and （一）: a number left out, used twice, or out of order."""
    yield from _remarks(reading, (0, 1, 2), ("gap", "double", "backward"))


def minor(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Items 1、: the same."""
    yield from _remarks(reading, (3,), ("gap", "double", "backward"))


def restart(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """（一） again under a （二）, or 1、 again after 1、, with no heading above it in between."""
    yield from _remarks(reading, (2, 3), ("restart",))


def slips(reading: Reading) -> tuple[tuple[int, tuple[Slip, ...]], ...]:
    """For every run of headings: how many there are, and which do not follow. For ``Reading.once``."""
    main = reading.once(outline)
    running = reading.once(runs)
    flat = {run[0].line for run in running}
    spread = tuple(h for h in main if h.line not in flat or h.alone)
    return tuple((len(run), tuple(_judge(reading, run))) for run in (spread, *running) if len(run) > 1)


def _remarks(reading: Reading, levels: tuple[int, ...], kinds: tuple[Kind, ...]) -> Iterator[Remark | None]:
    for _, found in reading.once(slips):
        here = [s for s in found if s.heading.level in levels and s.kind in kinds]
        if not here:
            yield None
        yield from (_remark(reading, slip) for slip in here)


def _judge(reading: Reading, run: Sequence[Heading]) -> Iterator[Slip]:
    last: dict[int, Heading] = {}
    doubled: dict[int, bool] = {}
    restarted = _restarted(run)
    for i, heading in enumerate(run):
        level = heading.level
        before = last.get(level)
        if before is not None and level not in restarted:
            slip = _slip(before, heading, doubled.get(level, False))
            if slip and _typed_wrong(run, i, slip):
                yield _typed(slip)
            elif slip and not _excused(reading, slip, last):
                yield slip
            doubled[level] = slip is not None and slip.kind == "double"
        last = {k: h for k, h in last.items() if k < level} | {level: heading}
        doubled = {k: d for k, d in doubled.items() if k <= level}


def _following(run: Sequence[Heading], i: int) -> Heading | None:
    """The next heading of its level or above."""
    return next((run[n] for n in range(i + 1, len(run)) if run[n].level <= run[i].level), None)


def _typed_wrong(run: Sequence[Heading], i: int, slip: Slip) -> bool:
    """（三）（三）（五）, 一、三、三: the next one goes on as if this one had been right, whatever was cut."""
    after = _following(run, i)
    return after is not None and (after.level, after.number) == (slip.heading.level, slip.expected + 1)


def _typed(slip: Slip) -> Slip:
    """One number is wrong: nothing begins again."""
    kind: Kind = "double" if slip.heading.number == slip.before.number else "backward"
    return replace(slip, kind=kind) if slip.kind == "restart" else slip


def _restarted(run: Sequence[Heading]) -> set[int]:
    """Levels 0 and 1 that begin again under the same parent: a table of contents, or lists in the text."""
    found: set[int] = set()
    begun: set[int] = set()
    for i, heading in enumerate(run):
        if heading.level == 0:
            begun.discard(1)
        if heading.level <= 1 and heading.number == 1:
            following = _following(run, i)
            typed_wrong = following is not None and following[:2] == (heading.level, 3)
            found |= set() if typed_wrong else {heading.level} & begun
            begun.add(heading.level)
    return found | ({1} if 0 in found else set())


def _slip(before: Heading, heading: Heading, doubled: bool) -> Slip | None:
    expected = before.number + 1
    if heading.number == expected or (doubled and heading.number == expected + 1):
        return None
    kind: Kind = "gap"
    if heading.number == before.number:
        kind = "double"
    elif heading.number == 1:
        kind = "restart"
    elif heading.number < before.number:
        kind = "backward"
    if kind == "double" and heading.number == 1:
        kind = "restart"
    return Slip(kind, before, heading, expected)


def _excused(reading: Reading, slip: Slip, last: dict[int, Heading]) -> bool:
    """Cut text may hold the missing number, and so may an unnumbered title in between (Word numbers some itself)."""
    if _cut_between(reading, slip):
        return slip.kind != "restart" or not _alike(slip)
    between = reading.lines[slip.before.line + 1 : slip.heading.line]
    titles = [
        x for x in between if x.style in {"title", "heading"} or (len(x.text) <= 25 and x.text[-1:] not in "。;,，:!?")
    ]
    unnumbered = [x for x in titles if x.index not in reading.once(_numbered)]
    if slip.kind == "restart":
        deeper = any(level > slip.heading.level for level in last)
        return bool(unnumbered) or deeper or (slip.heading.level == 3 and not _alike(slip))
    if slip.kind == "gap" and (_runs_on(reading, slip) or _numbered_anew(reading, slip)):
        return True
    return len(unnumbered) >= max(1, slip.heading.number - slip.expected) or _long_list(slip)


def _numbered(reading: Reading) -> frozenset[int]:
    return frozenset(h.line for h in reading.once(outline))


def _runs_on(reading: Reading, slip: Slip) -> bool:
    """The missing number stands inside a paragraph in between."""
    wanted = _written(slip.heading.level, slip.expected).replace("（", "(").replace("）", ")")
    first, last = slip.before.line, slip.heading.line
    if first == last:
        return False
    return any(wanted in line.text for line in reading.lines[first:last])


def _numbered_anew(reading: Reading, slip: Slip) -> bool:
    """A lone 1. in between is what a web page made of a number that the word processor had given."""
    between = [
        h for h in reading.once(outline) if slip.before.line < h.line < slip.heading.line and h.level == NUMBERED
    ]
    return [h.number for h in between] == [1]


def _cut_between(reading: Reading, slip: Slip) -> bool:
    if slip.before.line != slip.heading.line:
        return reading.condensed
    return "…" in reading.lines[slip.heading.line].text[slip.before.end : slip.heading.start]


def _long_list(slip: Slip) -> bool:
    """Items whose text is a whole paragraph are lists, which people number as they like."""
    brief = slip.kind == "double" and max(len(slip.heading.title), len(slip.before.title)) <= BRIEF
    return slip.heading.level == 3 and not brief and not (slip.heading.alone and slip.before.alone)


def _alike(slip: Slip) -> bool:
    """Both are titles of sections, so both belong to one sequence."""
    return slip.heading.title.endswith("情况") and slip.before.title.endswith("情况")


def _remark(reading: Reading, slip: Slip) -> Remark:
    heading, before = slip.heading, slip.before
    now, then, wanted = (_written(heading.level, n) for n in (heading.number, before.number, slip.expected))
    said = {
        "gap": Text(f"{then}之后是{now}，缺{wanted}", f"{then} is followed by {now}; {wanted} is missing"),
        "double": Text(f"{now}用了两次，此处应为{wanted}", f"{now} is used twice; this one should be {wanted}"),
        "backward": Text(f"{then}之后是{now}，应为{wanted}", f"{then} is followed by {now}, not {wanted}"),
        "restart": Text(f"{then}之后又从{now}编起", f"numbering starts again at {now} after {then}"),
    }[slip.kind]
    terms = (heading_term(reading, before), heading_term(reading, heading))
    row = f"{before.title[:20]}/{heading.title[:20]}"
    return Remark(heading.line, heading.start, heading.end, row, said, terms)


def _written(level: int, number: int) -> str:
    if level >= 3:
        return f"{number}、" if level == 3 else f"（{number}）"
    tens, ones = divmod(number, 10)
    han = ("" if tens == 0 else "十" if tens == 1 else _HAN_DIGITS[tens] + "十") + (_HAN_DIGITS[ones] if ones else "")
    return (f"第{han}部分", f"{han}、", f"（{han}）")[level]
