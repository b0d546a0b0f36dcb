"""The tables of a submission as a page shows them: the sheet's own rows and columns, merges, marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rich.cells import cell_len

from auditkit.model.document import Area, Grid, SheetFacts, Value, column_letters
from auditkit.model.finding import Result
from auditkit.model.words import Text
from auditkit.reports.marks import Mark, marks

MOST_CELLS = 20_000
"""Beyond it only the first rows and those around a mark are shown."""
FIRST_ROWS = 12
AROUND = 2
UNCALCULATED = Text("（未计算）", "(not calculated)")


@dataclass(frozen=True)
class Cell:
    """One ``<td>``."""

    id: str
    text: str
    said: Text | None
    """Our words in place of a value, where there is none."""
    is_number: bool
    mark: Mark | None
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True)
class Row:
    number: int
    cells: tuple[Cell, ...]
    skipped: int = 0
    """Rows left out before this one."""


@dataclass(frozen=True)
class Table:
    """One marked sheet."""

    name: str
    letters: tuple[str, ...]
    widths: tuple[int, ...]
    """A class of width for each column, 1 to 6."""
    rows: tuple[Row, ...]
    left_out: int
    """Rows that are not shown."""
    anchors: Mapping[tuple[int, int], str]
    """Row, column of each marked cell → the id of the ``<td>`` that shows it."""


def tables(result: Result) -> tuple[Table, ...]:
    """Every sheet with a mark, in the order of the file."""
    grids = {grid.name: grid for grid in result.document.grids} if result.document is not None else {}
    return tuple(_table(n, grids[name], marked) for n, (name, marked) in enumerate(marks(result).items(), 1))


def _id(table: int, row: int, column: int) -> str:
    return f"t{table}-{column_letters(column)}{row + 1}"


def _table(n: int, grid: Grid, marked: Mapping[tuple[int, int], Mark]) -> Table:
    columns = max((len(row) for row in grid.rows), default=0)
    shown = _shown(grid, columns, marked)
    facts = grid.facts()
    areas, covered = _merges(grid, shown)
    rows: list[Row] = []
    before = -1
    for number in shown:
        cells = tuple(
            _cell(n, grid, (number, column), marked, areas.get((number, column)), facts)
            for column in range(columns)
            if covered.get((number, column), (number, column)) == (number, column)
        )
        rows.append(Row(number + 1, cells, number - before - 1))
        before = number
    return Table(
        grid.name,
        tuple(column_letters(c) for c in range(columns)),
        tuple(_width(grid, c, covered) for c in range(columns)),
        tuple(rows),
        len(grid.rows) - len(shown),
        {at: _id(n, *covered.get(at, at)) for at in marked},
    )


def _shown(grid: Grid, columns: int, marked: Mapping[tuple[int, int], Mark]) -> list[int]:
    everything = range(len(grid.rows))
    if len(everything) * columns <= MOST_CELLS:
        return list(everything)
    near = {row + n for row, _ in marked for n in range(-AROUND, AROUND + 1)}
    return sorted({*everything[:FIRST_ROWS], *(row for row in near if row in everything)})


Covered = dict[tuple[int, int], tuple[int, int]]


def _merges(grid: Grid, shown: list[int]) -> tuple[dict[tuple[int, int], Area], Covered]:
    """Merged areas as far as their rows are shown without a gap; of two that overlap the first."""
    areas: dict[tuple[int, int], Area] = {}
    covered: Covered = {}
    rows = set(shown)
    for top, left, bottom, right in grid.merges:
        last = min(bottom, len(grid.rows) - 1)
        if top > last or any(row not in rows for row in range(top, last + 1)):
            continue
        edge = min(right, len(grid.rows[top]) - 1)
        cells = [(r, c) for r in range(top, last + 1) for c in range(left, edge + 1)]
        if cells and not any(cell in covered for cell in cells):
            areas[top, left] = (top, left, last, edge)
            covered.update(dict.fromkeys(cells, (top, left)))
    return areas, covered


def _cell(
    n: int,
    grid: Grid,
    at: tuple[int, int],
    marked: Mapping[tuple[int, int], Mark],
    area: Area | None,
    facts: SheetFacts,
) -> Cell:
    row, column = at
    value = grid.rows[row][column] if column < len(grid.rows[row]) else None
    top, left, bottom, right = area or (row, column, row, column)
    mark = next((m for (r, c), m in marked.items() if top <= r <= bottom and left <= c <= right), None)
    said = UNCALCULATED if at in facts.uncalculated else None
    text = facts.errors.get(at) or told(value, facts.formats.get(at, ""))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return Cell(_id(n, row, column), text, said, number, mark, bottom - top + 1, right - left + 1)


def told(value: Value, code: str = "") -> str:
    """A value as the sheet shows it; of number formats percent and thousands are followed, others are left."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _figure(value, code.partition(";")[0])
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case _:
            return str(value)


def _figure(value: float, code: str) -> str:
    digits = len(code.partition(".")[2].rstrip("%").rstrip("_ )")) if "." in code and set(code) <= set("#,0.%") else 0
    if code.endswith("%") and set(code) <= set("#,0.%"):
        return f"{value * 100:.{digits}f}%"
    if code and set(code) <= set("#,0.") and "0" in code:
        return f"{value:,.{digits}f}" if "," in code else f"{value:.{digits}f}"
    return f"{Decimal(f'{value:.15g}'):f}"


def _width(grid: Grid, column: int, covered: Covered) -> int:
    """1 (a few digits) to 6 (a sentence), by the longest text that has the column for itself."""
    longest = max(
        (
            cell_len(told(row[column]))
            for n, row in enumerate(grid.rows[:300])
            if column < len(row) and (n, column) not in covered
        ),
        default=0,
    )
    return min(6, 1 + longest // 6)
