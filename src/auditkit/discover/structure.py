"""Where the tables of a sheet are: blocks, header rows, stub columns, titles, notes, and the words for every line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.discover.figures import Address, Bools, Figures, figures
from auditkit.discover.labels import Line
from auditkit.discover.naming import column_lines, row_lines
from auditkit.model.document import Area, Grid

YEARS = range(1900, 2101)
_NOTE = re.compile(r"\s*(?:notes?\b|sources?\b|footnotes?\b|\*|注|备注|说明|资料来源|数据来源|[1-9]\)\s)", re.IGNORECASE)
_CODE = re.compile(
    r"(?:[\w.]+ ){0,2}(?:codes?|no\.|nos?|id|fips|rank(?:ing)?|line|years?|naics|sic)|#|\S{0,6}(?:编码|代码|序号|编号|栏次|行次|年度|年份)|类|款|项",
    re.IGNORECASE,
)
"""Headings of columns whose numbers are names."""


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
    for top, bottom in _segments(sheet):
        block = _block(grid, sheet, top, bottom)
        if block is not None:
            found.append(block)
    return tuple(found)


# ---------------------------------------------------------------- rows


def is_year(sheet: Figures, cell: Address) -> bool:
    """A bare 1900 … 2100."""
    written = sheet.written[cell[0]][cell[1]]
    return written.number is not None and written.text.isdecimal() and len(written.text) == 4 and int(written.number) in YEARS


def _heading_numbers(sheet: Figures, row: int) -> bool:
    """A row of years, or of column numbers 1 2 3 …: numbers that are words."""
    columns = np.flatnonzero(sheet.number[row])
    if len(columns) < 2:
        return False
    if all(is_year(sheet, (row, int(c))) for c in columns):
        steps = np.diff(sheet.value[row, columns])
        varied = steps[steps != 0]
        return bool(len(steps) == 0 or len(varied) == 0 or len(set(varied.tolist())) <= 2)
    values = sheet.value[row, columns]
    return len(columns) >= 3 and bool(np.all(np.diff(values) == 1)) and values[0] in {0, 1} and not sheet.text[row, columns[0] :].any()


def _segments(sheet: Figures) -> list[tuple[int, int]]:
    """First and last row of each table: a new one begins at header rows that follow numbers and are not the same again."""
    rows, _ = sheet.shape
    heading = np.array([_heading_numbers(sheet, r) for r in range(rows)], dtype=bool)
    data = sheet.number.any(axis=1) & ~heading
    filled = sheet.number | sheet.text | sheet.unknown
    cuts = [0]
    seen = np.zeros(sheet.shape[1], dtype=bool)
    headers: list[int] = []
    for r in range(rows):
        if data[r]:
            seen |= sheet.number[r]
        elif seen.any() and _is_header(sheet, r, seen, heading[r]):
            if not any(_same_words(sheet, h, r, seen) for h in headers):
                cuts.append(_title_above(filled, data, r, cuts[-1]))
                seen, headers = np.zeros_like(seen), [r]
        elif not seen.any():
            headers.append(r)
    return [(a, b - 1) for a, b in zip(cuts, [*cuts[1:], rows], strict=True) if data[a:b].any()]


def _same_words(sheet: Figures, first: int, again: int, seen: Bools) -> bool:
    """The same words, or years, over the same columns."""
    return all(sheet.word((first, c)) == sheet.word((again, c)) for c in np.flatnonzero(seen).tolist())


def _is_header(sheet: Figures, row: int, seen: Bools, years: np.bool_) -> bool:
    """Words over at least half of the columns that had numbers, two at least."""
    over = int((sheet.text[row] & seen).sum())
    return (bool(years) and bool((sheet.number[row] & seen).any())) or (over >= 2 and 2 * over >= int(seen.sum()))


def _title_above(filled: Bools, data: Bools, row: int, first: int) -> int:
    """The first of the rows of words directly above a header; a blank row inside them ends them where it must."""
    top = row
    while top - 1 > first and not data[top - 1] and (filled[top - 1].any() or top - 1 == row - 1):
        top -= 1
    return top if filled[top].any() else top + 1


# ---------------------------------------------------------------- one table


def _block(grid: Grid, sheet: Figures, top: int, bottom: int) -> Block | None:
    data = [r for r in range(top, bottom + 1) if sheet.number[r].any() and not _heading_numbers(sheet, r)]
    data = _without_strays(sheet, data)
    if not data:
        return None
    first, last = data[0], data[-1]
    stubs, numeric = _columns(sheet, data, top, first)
    if not numeric:
        return None
    body = np.array(data)
    keep = sheet.number[np.ix_(body, numeric)].any(axis=1)
    data = body[keep].tolist()
    if not data:
        return None
    titles, header = _headings(grid, sheet, top, data[0], numeric)
    own = frozenset(data)
    groups = tuple(
        r for r in range(data[0], data[-1] + 1) if r not in own and (sheet.text[r].any() or sheet.number[r].any())
    )
    panels = tuple(_panel(grid, sheet, stub, columns, data, groups, header) for stub, columns in _panels(stubs, numeric))
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
    return Panel(stub, column_lines(grid, sheet, columns, header, own), row_lines(grid, sheet, stub, columns, own, groups))


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


def _columns(sheet: Figures, data: Sequence[int], top: int, first: int) -> tuple[list[int], list[int]]:
    """Label columns (names, codes, years that name rows) and number columns of a table."""
    rows = list(data)
    numbers = sheet.number[rows].sum(axis=0)
    words = sheet.text[rows].sum(axis=0)
    numeric = [int(c) for c in np.flatnonzero(numbers) if numbers[c] >= words[c] or numbers[c] >= 0.4 * len(rows)]
    named = [int(c) for c in np.flatnonzero(words) if c not in numeric and _names(sheet, rows, int(c))]
    codes = {c for name in named for c in _codes_before(sheet, rows, name, numeric)}
    numeric = [c for c in numeric if c not in codes]
    codes |= {c for c in numeric[: len(numeric) > 1] if _names_lines(sheet, rows, c, numeric, words) or _headed_code(sheet, rows, c, (top, first))}
    numeric = [c for c in numeric if c not in codes]
    before = [int(c) for c in np.flatnonzero(words) if numeric and c < numeric[0]]
    return sorted({*before, *named, *codes}), numeric


def _names(sheet: Figures, rows: list[int], column: int) -> bool:
    """A column of words for half of the rows or more, hardly ever the same twice."""
    words = [sheet.word((r, column)) for r in rows if sheet.text[r, column]]
    return len(words) >= 2 and 2 * len(words) >= len(rows) and len(set(words)) >= 0.6 * len(words)


def _codes_before(sheet: Figures, rows: list[int], name: int, numeric: list[int]) -> list[int]:
    """The columns of codes directly left of a column of names."""
    codes = []
    column = name - 1
    while column in numeric:
        own = [r for r in rows if sheet.number[r, column]]
        texts = [sheet.written[r][column].text for r in own]
        rising = bool(np.all(np.diff(sheet.value[own, column]) >= 0)) or texts == sorted(texts)
        zeros = any(len(t) > 1 and t[0] == "0" for t in texts)
        if not all(map(str.isdecimal, texts)) or not (zeros or (rising and (column == 0 or len(texts) > 2))):
            break
        codes.append(column)
        column -= 1
    return codes


def _names_lines(sheet: Figures, rows: list[int], column: int, numeric: list[int], words: np.ndarray[tuple[int], np.dtype[np.int_]]) -> bool:
    """A first column of years or running numbers beside other numbers names the rows."""
    if column != numeric[0] or len(numeric) < 2 or words[:column].any():
        return False
    own = [r for r in rows if sheet.number[r, column]]
    if len(own) < 2:
        return False
    if all(is_year(sheet, (r, column)) for r in own):
        return True
    steps = np.diff(sheet.value[own, column])
    return len(own) >= 3 and bool(np.all(np.abs(steps) == 1))


def _headed_code(sheet: Figures, rows: list[int], column: int, above: tuple[int, int]) -> bool:
    """Whole numbers under a short heading that says code, number, rank or year."""
    heading = " ".join(sheet.word((r, column)) for r in range(*above) if sheet.text[r, column])
    whole = all(sheet.written[r][column].text.isdecimal() for r in rows if sheet.number[r, column])
    return whole and len(heading) < 24 and bool(_CODE.fullmatch(heading))


def _panels(stubs: list[int], numeric: list[int]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Runs of label columns, each with the number columns up to the next run."""
    panels: list[tuple[list[int], list[int]]] = [([], [])]
    for column in sorted({*stubs, *numeric}):
        if column in stubs:
            if panels[-1][1]:
                panels.append(([], []))
            panels[-1][0].append(column)
        else:
            panels[-1][1].append(column)
    if len(panels) > 1 and not panels[-1][1]:
        panels.pop()
    return [(tuple(stub), tuple(columns)) for stub, columns in panels if columns]


# ---------------------------------------------------------------- above and below


def _headings(grid: Grid, sheet: Figures, top: int, first: int, numeric: Sequence[int]) -> tuple[tuple[Address, ...], tuple[int, ...]]:
    """Titles above, and the header rows: from the first row with words over the numbers down to the first numbers."""
    wide = {(a, b): d for a, b, c, d in grid.merges if a == c or a <= first}
    header: list[int] = []
    titles: list[Address] = []
    for r in range(top, first):
        cells = np.flatnonzero(sheet.text[r] | sheet.number[r]).tolist()
        over = [c for c in cells if c in numeric or any(c < n <= wide.get((r, c), c) for n in numeric)]
        spans_all = len(cells) == 1 and wide.get((r, cells[0]), 0) >= numeric[-1] and cells[0] < numeric[0]
        if header or (over and len(cells) > 1 and not spans_all):
            header.append(r)
        else:
            titles += [(r, c) for c in cells]
    if not header and first - 1 >= top and any(r == first - 1 and c in numeric for r, c in titles):
        header = [first - 1]
        titles = [t for t in titles if t[0] != first - 1]
    return tuple(titles), tuple(header)


def _notes(sheet: Figures, last: int, bottom: int) -> tuple[Address, ...]:
    return tuple((r, int(c)) for r in range(last + 1, bottom + 1) for c in np.flatnonzero(sheet.text[r]))


def is_note(text: str) -> bool:
    """Words that begin as a note or a source does."""
    return bool(_NOTE.match(text))
