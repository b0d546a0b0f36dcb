"""What a submission's cells said, as text of a few hundred bytes, and the submission again for next year's checks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from auditkit.alignment import with_records
from auditkit.model.document import Cell, Document, Grid, Place, State, Value
from auditkit.model.filled import Filled, Spot
from auditkit.model.form import Form, Line, Table

Names = tuple[str, ...]
Indexes = tuple[int | None, ...]

GROUPED = 1000
"""From here on a whole number may be shown with separators, if it has a format; below, it is its digits."""
LARGEST = 10**15
"""Up to here a whole number is shown by all its digits."""


def figures_of(filled: Filled) -> str:
    """JSON: table → ``sheet``, names of rows and columns, where they stand, and ``cells`` row by row.

    A cell is a whole number as it stands, ``null`` for a blank, or text, number, step, unit and state.
    """
    told = (
        f"{_dumped(table.id)}:{_table_told(filled, table, spot)}"
        for table in filled.form
        if (spot := filled.spots.get(table.id)) is not None
    )
    return f"{{{','.join(told)}}}"


def _table_told(filled: Filled, table: Table, spot: Spot) -> str:
    grid = filled.document.grids[spot.grid]
    rows, columns = table.rows.lines, table.columns.lines
    names = tuple([line.name for line in rows]), tuple([line.name for line in columns])
    stands = _stands(grid.name, *names, tuple(spot.rows), tuple(spot.columns), spot.turned)
    said = f'{{{stands},"cells":{_cells(filled, table, spot, grid)}'
    if table.records is not None:
        said += f',"records":{_dumped([[line.name, line.record, line.path] for line in rows])}'
    return f"{said}}}"


_dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(maxsize=256)
def _stands(sheet: str, rows: Names, columns: Names, down: Indexes, across: Indexes, turned: bool) -> str:
    """Which lines a table has and where, which is the same in one submission after the other."""
    told = {"sheet": sheet, "rows": rows, "columns": columns, "at": [down, across]}
    return _dumped({**told, "turned": True} if turned else told)[1:-1]


def _cells(filled: Filled, table: Table, spot: Spot, grid: Grid) -> str:
    """Small whole numbers, which most cells are, without making a cell of each."""
    first = table.offset
    slots = range(first, first + table.size)
    if not _whole(table):
        return _dumped([_plain(filled, slot) for slot in slots])
    raw = _raw(spot, grid.rows)
    values = filled.values[first : first + table.size]
    if set(map(type, raw)) == {float} and min(raw) > -LARGEST and max(raw) < LARGEST:
        counts = list(map(int, raw))
        small = min(raw) > -GROUPED and max(raw) < GROUPED
        if counts == raw and raw == list(values) and (small or not grid.facts().formats):
            return str(counts).replace(" ", "")
    return _dumped(
        [
            int(one)
            if type(one) is float and one == value and -GROUPED < one < GROUPED and one.is_integer()
            else _plain(filled, slot)
            for slot, one, value in zip(slots, raw, values, strict=True)
        ]
    )


def _raw(spot: Spot, rows: Sequence[Sequence[Value]]) -> list[Any]:
    """The values of a table as they stand, None where the form's row or column is not there."""
    if spot.turned or None in spot.rows or None in spot.columns:
        places = [(row, column) for row in spot.rows for column in spot.columns]
        turned = [(column, row) if spot.turned else (row, column) for row, column in places]
        return [None if row is None or column is None else rows[row][column] for row, column in turned]
    across: Any = spot.columns
    return [line[column] for line in (rows[row] for row in spot.rows) for column in across]  # type: ignore[index]


def _whole(table: Table) -> bool:
    kinds = {table.cells, *table.kinds.values()}
    return kinds <= {"count", "integer"}


def _plain(filled: Filled, slot: int) -> Any:
    state = filled.states[slot]
    if state == State.ABSENT:
        return []
    cell = filled.cell(slot)
    if state == State.BLANK and not cell.text:
        return None
    if state == State.NUMBER and cell.step == 1 and not cell.unit and cell.text == str(cell.number):
        return int(cell.text)
    number = None if cell.number is None else str(cell.number)
    return [cell.text, number, str(cell.step), cell.unit, int(state)]


@dataclass(frozen=True)
class _Kept:
    """Slot → the cell as it was kept."""

    cells: Sequence[Cell]

    def __call__(self, slot: int) -> Cell:
        return self.cells[slot]


def filled_of(form: Form, file: str, figures: str) -> Filled:
    """The submission that ``figures_of`` wrote, in the names of ``form``; what the form did not ask then is absent."""
    told = json.loads(figures)
    form = _with_records(form, told)
    cells = tuple(cell for table in form for cell in _table(form, table.id, file, told.get(table.id)))
    return Filled(
        document=Document(file, "workbook"),
        form=form,
        spots={},
        missing={},
        values=tuple(float("nan") if cell.number is None else float(cell.number) for cell in cells),
        states=bytes(cell.state for cell in cells),
        words=(),
        cell=_Kept(cells),
    )


def _with_records(form: Form, told: dict[str, Any]) -> Form:
    """The form with the rows its lists had then."""
    if not form.lists:
        return form
    tables: dict[str, Table] = {}
    for table in form:
        kept = told.get(table.id, {}).get("records", ())
        lines = [Line(name, (), tuple(path), of) for name, of, path in kept if name not in table.rows.index]
        tables[table.id] = with_records(table, lines, sum(one.size for one in tables.values()))
    return replace(form, tables=tables)


def _table(form: Form, name: str, file: str, told: dict[str, Any] | None) -> Iterator[Cell]:
    """The cells of one table of today's form, found by the names of their lines."""
    table = form.tables[name]
    if told is None:
        told = {"sheet": "", "rows": [], "columns": [], "at": [[], []], "cells": []}
    rows = {line: i for i, line in enumerate(told["rows"])}
    columns = {line: i for i, line in enumerate(told["columns"])}
    for row in table.rows.lines:
        for column in table.columns.lines:
            r, c = rows.get(row.name), columns.get(column.name)
            if r is None or c is None:
                yield Cell(Place(file, told["sheet"]), "", None, State.ABSENT)
            else:
                at = told["at"][0][r], told["at"][1][c]
                at = at[::-1] if told.get("turned") else at
                place = Place(file, told["sheet"], *((-1, -1) if None in at else at))
                yield _cell(place, told["cells"][r * len(columns) + c])


def _cell(place: Place, plain: Any) -> Cell:
    if plain is None:
        return Cell(place, "", None, State.BLANK)
    if plain == []:
        return Cell(place, "", None, State.ABSENT)
    if isinstance(plain, int):
        return Cell(place, str(plain), Decimal(plain), State.NUMBER)
    text, number, step, unit, state = plain
    return Cell(place, text, None if number is None else Decimal(number), State(state), Decimal(step), unit)
