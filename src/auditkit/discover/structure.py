"""Where the tables of a sheet are: blocks, header rows, stub columns, titles, notes, and the words for every line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.discover.columns import panels_of, split_columns
from auditkit.discover.figures import Address, Figures, figures
from auditkit.discover.labels import Line, is_aside
from auditkit.discover.naming import column_lines, row_lines
from auditkit.discover.segments import heading_numbers, is_year, segments
from auditkit.model.document import Area, Grid


@dataclass(frozen=True)
class Panel:
    """Label columns and the columns of numbers that follow them; a block with two label columns has two panels."""

    stub: tuple[int, ...]
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    """The rows with at least one number in this panel, in order."""


@dataclass(frozen=True)
class Block:
    """One table of a sheet. All indexes are those of the grid, from 0."""

    area: Area
    body: Area
    """From the first to the last row and column of numbers."""
    header: tuple[int, ...]
    """Header rows, years and numbered columns included."""
    panels: tuple[Panel, ...]
    groups: tuple[int, ...]
    """Rows of the body that have words only."""
    titles: tuple[Address, ...]
    notes: tuple[Address, ...]

    def path(self, cell: Address) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words for a cell: those of its row and those of its column, outermost first."""
        for panel in self.panels:
            column = next((line for line in panel.columns if line.index == cell[1]), None)
            row = next((line for line in panel.rows if line.index == cell[0]), None)
            if column and row:
                return (*row.path, row.text), (*column.path, column.text)
        return (), ()


def structure(grid: Grid) -> tuple[Block, ...]:
    """The tables of a sheet, top to bottom; a sheet without numbers has none."""
    return blocks(grid, figures(grid))


def blocks(grid: Grid, sheet: Figures) -> tuple[Block, ...]:
    """The tables of a sheet whose cells were read already."""
    if not sheet.number.any():
        return ()
    found = []
    for top, bottom in segments(sheet):
        block = _block(grid, sheet, top, bottom)
        if block is not None:
            found.append(block)
    return tuple(found)


def _block(grid: Grid, sheet: Figures, top: int, bottom: int) -> Block | None:
    data = [r for r in range(top, bottom + 1) if sheet.number[r].any() and not heading_numbers(sheet, r)]
    data = _without_strays(sheet, _without_mixed_headings(sheet, _without_years(sheet, data)))
    if not data:
        return None
    first, last = data[0], data[-1]
    stubs, numeric = split_columns(sheet, data, top, first)
    if not numeric:
        return None
    body = np.array(data)
    keep = sheet.number[np.ix_(body, np.array(numeric, dtype=np.intp))].any(axis=1)
    data = body[keep].tolist()
    if not data:
        return None
    titles, header = _headings(grid, sheet, top, data[0], numeric)
    own = frozenset(data)
    below = header[-1] + 1 if header else data[0]
    groups = tuple(
        r for r in range(below, data[-1] + 1) if r not in own and (sheet.words[r].any() or sheet.number[r].any())
    )
    panels = tuple(
        _panel(grid, sheet, stub, columns, data, groups, header) for stub, columns in panels_of(stubs, numeric)
    )
    notes = _notes(sheet, last, bottom)
    return Block(
        area=(top, 0, bottom, sheet.shape[1] - 1),
        body=(data[0], numeric[0], data[-1], numeric[-1]),
        header=header,
        panels=tuple(p for p in panels if p.rows),
        groups=groups,
        titles=titles,
        notes=notes,
    )


def _panel(
    grid: Grid,
    sheet: Figures,
    stub: tuple[int, ...],
    columns: tuple[int, ...],
    data: Sequence[int],
    groups: Sequence[int],
    header: tuple[int, ...],
) -> Panel:
    own = [r for r in data if sheet.number[r, list(columns)].any()]
    across = column_lines(grid, sheet, columns, header, own)
    counted = [line.index for line in across if not line.percent] or list(columns)
    return Panel(stub, across, row_lines(grid, sheet, stub, columns, own, groups, counted))


def _without_mixed_headings(sheet: Figures, data: list[int]) -> list[int]:
    """Leaves out first rows that are headings although some are numbers: Under 10, 10-12, 13-14, 15, 16, 17."""
    while len(data) > 3:
        below = sheet.number[data[1:]].sum(axis=0) >= 0.6 * (len(data) - 1)
        words = int((sheet.words[data[0]] & below).sum())
        numbers = np.flatnonzero(sheet.number[data[0]])
        rising = bool(np.all(np.diff(sheet.value[data[0], numbers]) > 0))
        bare = all(sheet.written[data[0]][c].text.isdecimal() for c in numbers)
        if words < 2 or 2 * words < len(numbers) or not (bare and rising):
            break
        data = data[1:]
    return data


def _without_years(sheet: Figures, data: list[int]) -> list[int]:
    """Leaves out a first row that has no numbers but years, where none stand below them: a heading with one year."""
    if len(data) < 3:
        return data
    columns = np.flatnonzero(sheet.number[data[0]]).tolist()
    below = [(r, c) for c in columns for r in data[1:] if sheet.number[r, c]]
    years = all(is_year(sheet, (data[0], c)) for c in columns)
    return data[1:] if years and below and not any(is_year(sheet, cell) for cell in below) else data


def _without_strays(sheet: Figures, data: list[int]) -> list[int]:
    """Leaves out, above and below the table, rows whose only number is a year, a page or a date in a title."""
    counts = sheet.number[data].sum(axis=1) if data else np.zeros(0, dtype=int)
    usual = float(np.median(counts)) if data else 0
    if usual < 2:
        return data
    kept = [r for r, n in zip(data, counts, strict=True) if n > 1 or sheet.text[r].any() or _inside(r, data, counts)]
    while kept and sheet.number[kept[0]].sum() == 1 and not sheet.text[kept[0]].any():
        kept = kept[1:]
    return kept


def _inside(row: int, data: list[int], counts: np.ndarray[tuple[int], np.dtype[np.int_]]) -> bool:
    full = [r for r, n in zip(data, counts, strict=True) if n > 1]
    return bool(full) and full[0] < row <= full[-1] + 1


def _headings(
    grid: Grid, sheet: Figures, top: int, first: int, numeric: Sequence[int]
) -> tuple[tuple[Address, ...], tuple[int, ...]]:
    """Titles above, and the header rows: from the first row with words over the numbers down to the last such row."""
    wide = {(a, b): d for a, b, c, d in grid.merges if a == c or a <= first}
    header: list[int] = []
    titles: list[Address] = []
    for r in range(top, first):
        cells = np.flatnonzero(sheet.words[r] | sheet.number[r]).tolist()
        over = [c for c in cells if c in numeric or any(c < n <= wide.get((r, c), c) for n in numeric)]
        spans_all = len(cells) == 1 and wide.get((r, cells[0]), 0) >= numeric[-1] and cells[0] < numeric[0]
        aside = all(is_aside(sheet.word((r, c))) for c in cells)
        if over and (header or (len(cells) > 1 and not spans_all and not aside)):
            header += range(header[-1] + 1 if header else r, r + 1)
        elif not header:
            titles += [(r, c) for c in cells]
    if not header and first - 1 >= top and any(r == first - 1 and c in numeric for r, c in titles):
        header = [first - 1]
        titles = [t for t in titles if t[0] != first - 1]
    return tuple(titles), tuple(header)


def _notes(sheet: Figures, last: int, bottom: int) -> tuple[Address, ...]:
    return tuple((r, int(c)) for r in range(last + 1, bottom + 1) for c in np.flatnonzero(sheet.text[r]))
