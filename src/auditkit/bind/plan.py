"""A fit as positions: where every slot, caption and remark stands in the document's cells laid end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from auditkit.bind.fit import Fit
from auditkit.bind.lexicon import Lexicon
from auditkit.bind.reading import Reading
from auditkit.bind.sheet import Sheet, Spot
from auditkit.model.document import Document, State
from auditkit.model.filled import Spot as Stand
from auditkit.model.form import Form, Kind
from auditkit.model.words import Text
from auditkit.units import POWERS, shift, unit_said

Getter = Callable[[Sequence[Any]], tuple[Any, ...]]

UNIT_ABOVE = 2
"""Rows above a table in which its unit is looked for."""
LINES_BEFORE = 4
"""Lines of a text before a table in which its unit is looked for."""
LINE = 60
"""Characters; a longer line is a sentence."""


class Free(NamedTuple):
    """A text outside the bound cells and labels."""

    at: int
    grid: int
    row: int
    column: int
    role: str
    above: bool
    """Above the first table of its sheet: a title if it holds the form's title words."""


@dataclass(frozen=True)
class Plan:
    """How one form is read from documents of one layout."""

    form: Form
    number: int
    """The form's number in the lexicon."""
    spots: Mapping[str, Stand]
    missing: Mapping[str, Text]
    unread: frozenset[str]
    """Tables with lines that the form does not have."""
    notes: tuple[Text, ...]
    cells: tuple[tuple[int, int, int] | None, ...]
    """Slot → grid, row, column; None where there is no cell of its own."""
    fixed: Mapping[int, State]
    """Slots without a cell of their own: absent, or under another cell of a merged area."""
    states: bytes
    """The states of a submission in which every cell is a number."""
    units: tuple[str, ...]
    """Slot → the table's money unit, empty where it has none."""
    powers: tuple[int, ...]
    """Slot → power of ten from the unit its header says to the table's."""
    shifts: bool
    """Whether any of them is not 0."""
    special: tuple[int, ...]
    """Slots in which a text may be a number: dates, and figures such as ``<1``."""
    days: frozenset[int]
    """Slots whose number is that of a day."""
    rated: tuple[int, ...]
    """Slots whose number format may turn 0.125 into 12.5 %."""
    free: tuple[Free, ...]
    aside: frozenset[int]
    """Grids that are not part of this report: an earlier year's."""
    positions: tuple[int, ...]
    data: Getter

    def kind(self, slot: int) -> Kind:
        return self.form.kinds[slot]

    def needs_formats(self, data: Sequence[Any]) -> bool:
        """Whether a rate may hide behind a number format: always in percent tables, else for small numbers."""
        return any(
            self.form.tables[self.form.slots[slot][0]].cells == "percent"
            or (isinstance(data[slot], float) and 0 < abs(data[slot]) <= SMALL)
            for slot in self.rated
        )


SMALL = 10.0
"""A rate stored as a fraction is rarely above 1000 %."""


def getter(positions: Sequence[int]) -> Getter:
    """``itemgetter`` that gives a tuple for any number of positions."""
    return itemgetter(*positions) if len(positions) > 1 else partial(_few, tuple(positions))


def _few(positions: Sequence[int], flat: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(flat[position] for position in positions)


def offsets(sheets: Iterable[Sheet]) -> list[int]:
    """Where each grid begins among all cells; the last entry is their number."""
    ends = [0]
    for sheet in sheets:
        ends.append(ends[-1] + sheet.height * sheet.width)
    return ends


def plan(fit: Fit, sheets: Sequence[Sheet], lexicon: Lexicon, *, titled: bool) -> Plan:
    """``titled``: a sheet begins with its title (workbooks); a table in a text does not."""
    form, begins = fit.fitted, offsets(sheets)
    cells: list[tuple[int, int, int] | None] = []
    fixed: dict[int, State] = {}
    for slot, (table, row, column) in enumerate(form.slots):
        cell, state = _cell(fit.readings.get(table), row, column)
        cells.append(cell)
        if state:
            fixed[slot] = state
    positions = tuple(
        begins[cell[0]] + cell[1] * sheets[cell[0]].width + cell[2] if cell else begins[-1] for cell in cells
    )
    shifts = dict(_shifts(fit))
    return Plan(
        form=form,
        number=fit.number,
        spots={id_: _stand(reading) for id_, reading in fit.readings.items()},
        missing=fit.missing,
        unread=frozenset(id_ for id_, extra in fit.extra.items() if extra),
        notes=fit.notes,
        cells=tuple(cells),
        fixed=fixed,
        states=bytes(fixed.get(slot, State.NUMBER) for slot in range(form.size)),
        units=tuple(unit if (unit := form.tables[table].unit) in POWERS else "" for table, _, _ in form.slots),
        powers=tuple(shifts.get(slot, 0) for slot in range(form.size)),
        shifts=bool(shifts),
        special=tuple(slot for slot, kind in enumerate(form.kinds) if kind in SPECIAL),
        days=frozenset(slot for slot, kind in enumerate(form.kinds) if kind == "date"),
        rated=tuple(slot for slot, (table, _, _) in enumerate(form.slots) if _rated(form, table)),
        free=tuple(_free(fit, sheets, lexicon, begins, titled=titled)),
        aside=fit.aside,
        positions=positions,
        data=getter(positions),
    )


def _stand(reading: Reading) -> Stand:
    if reading.turned:
        return Stand(reading.sheet.number, reading.columns, reading.rows, turned=True)
    return Stand(reading.sheet.number, reading.rows, reading.stands)


def _cell(reading: Reading | None, row: int, column: int) -> tuple[tuple[int, int, int] | None, State | None]:
    spot = reading.spot(row, column) if reading else None
    if reading is None or spot is None:
        return None, State.ABSENT
    if reading.sheet.grid.merges and spot in reading.sheet.covered:
        return None, State.BLANK
    return (reading.sheet.number, *spot), None


SPECIAL = frozenset({"date", "number", "percent"})


def _rated(form: Form, table: str) -> bool:
    kind, unit = form.tables[table].cells, form.tables[table].unit
    return kind == "percent" or (kind == "number" and unit in {"", "%"})


def _shifts(fit: Fit) -> Iterator[tuple[int, int]]:
    """Slots whose column, row or caption says another money unit than the table's."""
    for id_, reading in fit.readings.items():
        table = fit.fitted.tables[id_]
        if table.unit in POWERS:
            above = _unit_above(reading) or _unit_before(reading, fit.document)
            heads = reading.headers[0].labels if reading.headers else ()
            columns = ["" if not heads or at is None else _unit_in(reading, heads[at]) for at in reading.kept]
            for row in range(len(reading.rows)):
                beside = next(
                    (u for spot in reading.labels if spot[0] == reading.rows[row] if (u := _unit_in(reading, spot))), ""
                )
                for column, over in enumerate(columns):
                    if power := shift(over or beside or above, table.unit):
                        yield table.slot(*((column, row) if reading.turned else (row, column))), power


def _unit_in(reading: Reading, spot: Spot) -> str:
    return unit_said(reading.sheet.words[spot])


def _unit_above(reading: Reading) -> str:
    last = reading.headers[0].bottom if reading.headers else reading.top - 1
    spots = sorted(reading.sheet.in_rows(reading.top - UNIT_ABOVE, last), key=lambda spot: -spot[0])
    return next((unit for spot in spots if spot not in reading.labels and (unit := _unit_in(reading, spot))), "")


def _unit_before(reading: Reading, document: Document) -> str:
    """The unit in the lines between a table of a text and the one before."""
    grid = reading.sheet.number
    since = document.grids[grid - 1].after if grid else 0
    lines = document.paragraphs[since : document.grids[grid].after][-LINES_BEFORE:]
    return next((unit for line in reversed(lines) if len(line.text) < LINE and (unit := unit_said(line.text))), "")


def _free(
    fit: Fit, sheets: Sequence[Sheet], lexicon: Lexicon, begins: Sequence[int], *, titled: bool
) -> Iterator[Free]:
    for sheet in sheets:
        readings = [reading for reading in fit.readings.values() if reading.sheet is sheet]
        if (sheet.grid.hidden and not readings) or sheet.number in fit.aside:
            continue
        labels = {spot for reading in readings for spot in reading.labels}
        used = {*labels, *(spot for reading in readings for spot in reading.cells)}
        if not titled and not sheet.grid.merges:
            used |= _printed_again(sheet, labels)
        top = min((reading.top for reading in readings), default=sheet.height)
        first = next(iter(sheet.words), None) if titled else None
        for spot, text in sheet.words.items():
            row, column = spot
            if spot in used:
                continue
            named = any(number == fit.number for number, _ in lexicon.captions(text))
            role = "title" if spot == first and row < top else "caption" if named else "note"
            yield Free(begins[sheet.number] + row * sheet.width + column, sheet.number, row, column, role, row < top)


def _printed_again(sheet: Sheet, labels: Iterable[Spot]) -> set[Spot]:
    """Words of merged areas that a reader repeats in each of their cells: labels again, or a remark once more."""
    waiting, again = list(labels), set[Spot]()
    while waiting:
        row, column = spot = waiting.pop()
        for beside in ((row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)):
            if beside not in again and sheet.words.get(beside) == sheet.words[spot]:
                again.add(beside)
                waiting.append(beside)
    words = sheet.words
    return again | {
        (row, column)
        for (row, column), text in words.items()
        if text in {words.get((row, column - 1)), words.get((row - 1, column))}
    }
