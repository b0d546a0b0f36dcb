"""What a submission's cells said, as text of a few hundred bytes, and the submission again for next year's checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any

from auditkit.alignment import with_records
from auditkit.model.document import Cell, Document, Grid, Place, State, Value
from auditkit.model.filled import Filled, Spot
from auditkit.model.form import Form, Kind, Line, Table
from auditkit.numerals import Written, of_value

GROUPED = 1000
"""From here on a whole number may be shown with separators, if it has a format; below, it is its digits."""
_WHOLE: frozenset[Kind] = frozenset({"count", "integer"})
_FIGURES: frozenset[Kind] = _WHOLE | {"number", "percent"}
"""Kinds whose numbers mean themselves."""
LARGEST = 10**15
"""Up to here a whole number is shown by all its digits."""


def figures_of(filled: Filled) -> str:
    """JSON: table → ``sheet``, names of rows and columns, where they stand, and ``cells`` row by row.

    A cell is a whole number as it stands, ``null`` for a blank, or text, number, step, unit and state.
    """
    return f"{{{','.join([one.told(filled) for one in _standing(filled)])}}}"


_dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Standing:
    """One table where it stands in every submission of a layout: what is the same in all of them is written once."""

    def __init__(self, table: Table, spot: Spot) -> None:
        rows, columns = table.rows.lines, table.columns.lines
        names = {"rows": [line.name for line in rows], "columns": [line.name for line in columns]}
        stands = {**names, "at": [spot.rows, spot.columns], **({"turned": True} if spot.turned else {})}
        self._head = f'{_dumped(table.id)}:{{"sheet":', f',{_dumped(stands)[1:-1]},"cells":'
        records = None if table.records is None else [[line.name, line.record, line.path] for line in rows]
        self._tail = "}" if records is None else f',"records":{_dumped(records)}}}'
        self._slots = range(table.offset, table.offset + table.size)
        kinds = {table.cells, *table.kinds.values()}
        self._whole = table.decimals is None and kinds <= _WHOLE
        self._figures = table.decimals is None and kinds <= _FIGURES
        self._grid = spot.grid
        self._raw = _taker(spot)

    def told(self, filled: Filled) -> str:
        before, after = self._head
        grid = filled.document.grids[self._grid]
        return f"{before}{_dumped(grid.name)}{after}{self._cells(filled, grid)}{self._tail}"

    def _cells(self, filled: Filled, grid: Grid) -> str:
        """Numbers that stand as they are, which most cells do, without making a cell of each."""
        slots = self._slots
        values = filled.values[slots.start : slots.stop]
        if filled.typed and filled.states.count(State.NUMBER, slots.start, slots.stop) == len(slots):
            raw: tuple[Any, ...] = values
        else:
            raw = self._raw(grid.rows)
        numbers = self._numbers(values, grid) if raw == values and _FLOATS.issuperset(map(type, raw)) else None
        if numbers is not None:
            return _dumped(numbers)
        if not self._whole:
            return _dumped([_plain(filled, slot) for slot in slots])
        return _dumped(
            [
                int(one)
                if type(one) is float and one == value and -GROUPED < one < GROUPED and one.is_integer()
                else _plain(filled, slot)
                for slot, one, value in zip(slots, raw, values, strict=True)
            ]
        )

    def _numbers(self, values: Sequence[float], grid: Grid) -> list[Any] | None:
        """Numbers that are shown by their own digits; None where some may be shown otherwise."""
        whole, largest = all(map(float.is_integer, values)), max(map(abs, values), default=0.0)
        if not (self._whole and whole and largest < GROUPED) and (
            not self._figures or largest >= LARGEST or (grid.formatted() and grid.facts().formats)
        ):
            return None
        return [*map(int, values)] if whole else [_number(value) for value in values]


def _number(value: float) -> Any:
    return int(value) if value.is_integer() else _spelled(of_value(value), State.NUMBER)


_LAYOUTS: dict[int, tuple[Mapping[str, Spot], Form, tuple[_Standing, ...]]] = {}
"""By the identity of where the tables stand, which all submissions of a layout share and which lives on here."""
KEPT = 64


def _standing(filled: Filled) -> tuple[_Standing, ...]:
    known = _LAYOUTS.get(id(filled.spots))
    if known is None or known[1] is not filled.form:
        if len(_LAYOUTS) >= KEPT:
            _LAYOUTS.clear()
        spots = ((table, filled.spots.get(table.id)) for table in filled.form)
        tables = tuple(_Standing(table, spot) for table, spot in spots if spot is not None)
        known = _LAYOUTS[id(filled.spots)] = filled.spots, filled.form, tables
    return known[2]


_FLOATS = frozenset({float})
Rows = Sequence[Sequence[Value]]


def _taker(spot: Spot) -> Callable[[Rows], tuple[Any, ...]]:
    """What takes the values of a table as they stand, None where the form's row or column is not there."""
    if spot.turned or None in spot.rows or None in spot.columns:
        places = [(row, column) for row in spot.rows for column in spot.columns]
        turned = [(column, row) if spot.turned else (row, column) for row, column in places]
        return lambda rows: tuple(
            None if row is None or column is None else rows[row][column] for row, column in turned
        )
    across = _picker(spot.columns)
    down = _picker(spot.rows)
    return lambda rows: tuple(chain.from_iterable(map(across, down(rows))))


def _picker(at: Sequence[Any]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """As ``itemgetter``, which gives a tuple for two or more only."""
    if len(at) > 1:
        return itemgetter(*at)
    return lambda line: tuple(line[i] for i in at)


def _plain(filled: Filled, slot: int) -> Any:
    state = filled.states[slot]
    if state == State.ABSENT:
        return []
    cell = filled.cell(slot)
    if state == State.BLANK and not cell.text:
        return None
    if state == State.NUMBER and cell.step == 1 and not cell.unit and cell.text == str(cell.number):
        return int(cell.text)
    return _spelled(cell, state)


def _spelled(one: Cell | Written, state: int) -> list[str | int | None]:
    """Text, number, step, unit and state."""
    number = None if one.number is None else str(one.number)
    return [one.text, number, str(one.step), one.unit, int(state)]


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
