"""Last year's tables beside this year's: a figure that moved unlike the others that make up the same total."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from auditkit.discover.figures import Address, Figures
from auditkit.discover.identity import Identity
from auditkit.discover.labels import Line, Role
from auditkit.discover.structure import Block, Panel
from auditkit.discover.subject import Subject
from auditkit.discover.wording import plain
from auditkit.model.finding import Finding, Term
from auditkit.model.words import Text
from auditkit.movement import ENOUGH, Moved, moved

SURE = 2.5
"""Multiples of the limit from which an explanation is asked for, not only a look."""
MOST = 3
"""Changes told of one table, the largest of their totals first."""
TOLD = 6
"""Changes told of one document each by itself; with more, everything moved, and the rest is one note."""
FELT = 0.02
"""Share of the total that a change must make up before it is told."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

Key = tuple[str, ...]
Sheet = tuple[Figures, Block, Sequence[Identity], Subject]


def movements(now: Sequence[Sheet], before: Sequence[Sheet]) -> Iterator[tuple[float, Finding]]:
    """Effect and finding for every figure out of line that its total would feel; none where few say what is usual.

    Tables are matched by the name of their sheet and their turn in it, else by their headings; lines by their words,
    years by their distance from the latest. Compared are only parts of one total: they are of one kind. A change that
    several tables repeat is told once, and of a document the ``TOLD`` surest and one note on all others.
    """
    found: dict[tuple[str, ...], tuple[float, Finding]] = {}
    for effect, finding in sorted(_everywhere(now, before), key=lambda told: (told[1].level != "soft", -told[0])):
        change = (finding.terms[0].name.en, *(term.value for term in finding.terms))
        if change in found:
            first = found[change]
            found[change] = (first[0], replace(first[1], terms=(*first[1].terms, finding.terms[0])))
        else:
            found[change] = (effect, finding)
    told = [*found.values()]
    yield from told[:TOLD]
    if told[TOLD:]:
        yield _rest(told[TOLD:])


def _rest(told: Sequence[tuple[float, Finding]]) -> tuple[float, Finding]:
    """One note on changes that are not told by themselves."""
    effect, first = told[0]
    named = [f"{f.terms[0].name.en} {f.terms[0].value} ({f.terms[1].value or 0})" for _, f in told]
    return effect, replace(
        first,
        level="info",
        message=Text(
            f"另有 {len(told)} 处与上年相比，变动与同类各项不同。",
            f"Another {len(told)} figures moved unlike the others of their kind since last year.",
        ),
        arithmetic=Text(f"括号内为上年：{'；'.join(named)}", f"last year's in brackets: {'; '.join(named)}"),
        terms=tuple(term for _, f in told for term in f.terms),
    )


def _everywhere(now: Sequence[Sheet], before: Sequence[Sheet]) -> Iterator[tuple[float, Finding]]:
    for key in (_by_name, _by_headings):
        there = dict(_numbered(before, key))
        matched = [(sheet, there[k]) for k, sheet in _numbered(now, key) if k in there]
        for sheet, other in matched:
            yield from sorted(_of_table(sheet, other), key=lambda told: -told[0])[:MOST]
        now = [sheet for sheet in now if not any(sheet is taken for taken, _ in matched)]
        before = [sheet for sheet in before if not any(sheet is taken for _, taken in matched)]


def _numbered(sheets: Sequence[Sheet], key: Callable[[Sheet], Key]) -> Iterator[tuple[tuple[Key, int], Sheet]]:
    """Each with its key and its turn among those of the same key."""
    turns: Counter[Key] = Counter()
    for sheet in sheets:
        yield (key(sheet), turns[key(sheet)]), sheet
        turns[key(sheet)] += 1


def _by_name(sheet: Sheet) -> Key:
    return (_YEAR.sub("", sheet[3].sheet).strip(),)


def _by_headings(sheet: Sheet) -> Key:
    latest = _latest(sheet[1])
    return tuple(word for p in sheet[1].panels for column in p.columns for word in _words(column, latest))


def _of_table(now: Sheet, before: Sheet) -> Iterator[tuple[float, Finding]]:
    sheet, block, identities, subject = now
    rows, columns = _index(before[1], rows=True), _index(before[1], rows=False)
    latest = _latest(block)
    for identity in identities:
        if identity.op != "sum" or identity.axis != "row" or len(identity.parts) < ENOUGH:
            continue
        panel = next(p for p in block.panels if any(line.index == identity.total for line in p.rows))
        lines = {line.index: line for line in panel.rows}
        pairs = [(part, rows.get(_words(lines[part], 0))) for part in identity.parts]
        for column in _compared(panel):
            if (there := columns.get(_words(column, latest))) is not None:
                cells = [((p, column.index), (q, there)) for p, q in pairs if q is not None]
                yield from _of_cells(sheet, before[0], block, cells, subject)


def _compared(panel: Panel) -> list[Line]:
    return [c for c in panel.columns if not c.percent and c.role not in {Role.AVERAGE, Role.DIFFERENCE}]


def _of_cells(
    now: Figures, before: Figures, block: Block, pairs: Sequence[tuple[Address, Address]], subject: Subject
) -> Iterator[tuple[float, Finding]]:
    if len(pairs) < ENOUGH:
        return
    values, earlier = (
        np.array([f.value[c] if f.number[c] else np.nan for c in cells])
        for f, cells in ((now, [a for a, _ in pairs]), (before, [b for _, b in pairs]))
    )
    found = moved(values, earlier)
    if not np.isfinite(found.usual):
        return
    whole = max(float(np.nansum(values)), float(np.nansum(earlier)))
    for i in np.flatnonzero(found.beyond > 1).tolist():
        effect = float(abs(values[i] - earlier[i])) / whole
        if effect >= FELT:
            yield effect, _finding(now, before, block, pairs[i], found, float(found.beyond[i]), subject)


def _finding(
    now: Figures,
    before: Figures,
    block: Block,
    cells: tuple[Address, Address],
    found: Moved,
    beyond: float,
    subject: Subject,
) -> Finding:
    row, column = (" / ".join(w for w in words if w) for words in block.path(cells[0]))
    a, b = now.exact(cells[0]), before.exact(cells[1])
    change = f"{plain(round(a / b, 2))}" if b else ""
    usual = plain(round(Decimal(repr(found.usual)), 2)) if np.isfinite(found.usual) else ""
    others = found.compared - 1
    place = subject.place(cells[0])
    name = row or place.address
    usually = Text(f"；其余 {others} 项通常是 {usual} 倍", f"; usual for the other {others} is × {usual}")
    return subject.finding(
        "SH131",
        "change on last year",
        Text(
            "与上年相比，变动与同类各项明显不同。请核对，或说明原因。",
            "Compared with last year it moved unlike the others of its kind. Check it, or say why.",
        ),
        Text(
            f"{name} {now.word(cells[0])}，上年 {before.word(cells[1]) or 0}"
            + (f"，是上年的 {change} 倍" if change else "")
            + (usually.zh if usual and change else ""),
            f"{name} {now.word(cells[0])}, last year {before.word(cells[1]) or 0}"
            + (f", × {change}" if change else "")
            + (usually.en if usual and change else ""),
        ),
        [
            Term(Text(name, name), now.word(cells[0]), place),
            Term(Text("上年", "last year"), before.word(cells[1]), None),
        ],
        row=row,
        column=column,
        level="soft" if beyond >= SURE else "info",
    )


def _index(block: Block, *, rows: bool) -> dict[tuple[str, ...], int]:
    """Lines by their words; words that several lines have name none of them."""
    latest = 0 if rows else _latest(block)
    lines = [line for panel in block.panels for line in (panel.rows if rows else panel.columns)]
    keys = Counter(_words(line, latest) for line in lines)
    return {_words(line, latest): line.index for line in lines if keys[_words(line, latest)] == 1}


def _words(line: Line, latest: int) -> tuple[str, ...]:
    """The words of a line, years as their distance from the latest one of the table."""
    said = (w.casefold() for w in (*line.path, line.text))
    return tuple(_YEAR.sub(lambda y: f"{int(y[0]) - latest}", w) if latest else w for w in said)


def _latest(block: Block) -> int:
    years = [int(y) for p in block.panels for c in p.columns for w in (*c.path, c.text) for y in _YEAR.findall(w)]
    return max(years, default=0)
