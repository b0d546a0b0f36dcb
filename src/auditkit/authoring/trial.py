"""A blank form filled in for a trial, so that a draft can be drawn from it as from a submission.

The figures are made up. A line that calls itself a total is the sum of its like, so that the draft proposes it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from auditkit.discover import Panel, structure
from auditkit.discover.labels import Line, Role, role_of, says_percent
from auditkit.model.document import Document, Grid, Source, Value, no_facts
from auditkit.readers.kinds import kind_of

Cell = tuple[int, int]
Figures = dict[Cell, float]

_FOOT = re.compile(r"(?!其中).*[:：]\s*$|注|说明|备注|填[表报制]|制表|审核|负责人|notes?\b|sources?\b", re.IGNORECASE)
"""What stands below a table is no line of it."""
_WORDS = re.compile(
    r"备注|说明|名称|姓名|日期|时间|电话|\b(?:remarks?|notes?|comments?|names?|dates?)\b", re.IGNORECASE
)
"""Columns for words."""
_SUBTOTAL = re.compile(r"小计|sub-?total", re.IGNORECASE)


@dataclass(frozen=True)
class Body:
    """Where a blank form waits for figures."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]


def filled_in(source: Source, document: Document) -> Source | None:
    """The form with figures, as a file of the same kind where that can be; None if it is not blank."""
    bare = [_with(grid, dict.fromkeys(grid.facts().formulas)) for grid in document.grids]
    if any(structure(grid) for grid in bare):
        return None
    figures = {n: made for n, grid in enumerate(bare) if (made := _figures(grid))}
    if not figures:
        return None
    stem, suffix = Path(source.name).stem, Path(source.name).suffix.lower()
    if document.kind == "delimited":
        return Source(f"{stem}.csv", _as_text(document.grids[0], figures[0]))
    if suffix in {".xlsx", ".xlsm"} and kind_of(source) == "workbook":
        return Source(source.name, _written(source.data, document, figures))
    return Source(f"{stem}.xlsx", _as_workbook(document, figures))


def _figures(grid: Grid) -> Figures:
    """Cell → a figure for it: leaves first, then totals by the words of the lines that the leaves make visible."""
    words = _words(grid)
    bodies = list(_bodies(words))
    leaves = {(r, c): _leaf(words, body, r, c) for body in bodies for r in body.rows for c in body.columns}
    for top, left, bottom, right in grid.merges:  # a merged area has one cell that can be written
        for spot in product(range(top, bottom + 1), range(left, right + 1)):
            if spot != (top, left):
                leaves.pop(spot, None)
    made = dict(leaves)
    for block in structure(_with(grid, leaves)):
        for panel in block.panels:
            made |= _added_up(panel, leaves)
    return made


def _words(grid: Grid) -> list[list[str]]:
    """What is printed, merged areas full of their words."""
    words = [["" if value is None else str(value).strip() for value in row] for row in grid.rows]
    for top, left, bottom, right in grid.merges:
        for row in words[top : bottom + 1]:
            row[left : right + 1] = [words[top][left]] * len(row[left : right + 1])
    return words


def _bodies(words: Sequence[Sequence[str]]) -> Iterator[Body]:
    """Rows that begin with words and go on blank, under a row of several different words."""
    row = 1
    while row < len(words):
        head, below = words[row - 1], words[row]
        stub = next((c for c in range(len(below)) if not any(below[c:])), len(below))
        columns = tuple(c for c in range(max(stub, 1), len(head)) if head[c] and not _WORDS.search(head[c]))
        if not any(below) or len({*filter(None, head)}) < 2 or not columns:
            row += 1
            continue
        end = row
        while end < len(words) and any(words[end]) and not any(words[end][columns[0] :]) and not _is_foot(words[end]):
            end += 1
        if end > row:
            yield Body(tuple(range(row, end)), columns)
        row = max(end, row + 1)


def _is_foot(row: Sequence[str]) -> bool:
    return bool(_FOOT.match(next(filter(None, row))))


def _leaf(words: Sequence[Sequence[str]], body: Body, row: int, column: int) -> float:
    """The same figure for the same cell, like no other: no sum holds by chance."""
    number = int.from_bytes(hashlib.sha256(f"{row} {column}".encode()).digest()[:4], "big")
    label = [word for word in words[row][: body.columns[0]] if word][-1]
    if says_percent(words[body.rows[0] - 1][column]) or says_percent(label):
        return (number % 900 + 50) / 10
    return number % 20 + 1 if role_of(label) == Role.OF_WHICH else number % 9000 + 1000


def _with(grid: Grid, figures: Mapping[Cell, float | None]) -> Grid:
    """The grid with these values; a formula waits for a figure like any blank."""
    rows: list[list[Value]] = [list(row) for row in grid.rows]
    for (row, column), figure in figures.items():
        rows[row][column] = figure
    return replace(grid, rows=rows, facts=no_facts)


def _added_up(panel: Panel, leaves: Figures) -> Figures:
    """The panel's cells, totals worked out."""
    down, across = _totals(panel.rows), _totals(panel.columns)

    def value(row: int, column: int) -> float:
        if row in down:
            return sum(value(part, column) for part in down[row])
        if column in across:
            return sum(value(row, part) for part in across[column])
        return leaves.get((row, column), 0)

    return {
        (row.index, column.index): value(row.index, column.index)
        for row in panel.rows
        for column in panel.columns
        if not column.percent and not row.percent and (row.index, column.index) in leaves
    }


def _totals(lines: Sequence[Line]) -> dict[int, list[int]]:
    """Total → its parts: those of its own group, and the totals of the groups under it."""
    found: dict[int, list[int]] = {}
    tops: list[Line] = []
    for path, group in groupby(lines, key=lambda line: line.path):
        own = list(group)
        if path:
            found |= (inner := _in_group(own))
            tops += [line for line in own if inner.get(line.index)] or own
        else:
            tops += own
    return found | _in_group(tops, known=found)


def _in_group(lines: Sequence[Line], known: Mapping[int, list[int]] | None = None) -> dict[int, list[int]]:
    """A total that comes first has what follows, one that comes after has what stands before, subtotals for theirs."""
    found: dict[int, list[int]] = {}
    run: list[int] = []
    subtotals: list[int] = []
    for n, line in enumerate(lines):
        if (known and line.index in known) or (line.role == Role.PLAIN and not line.percent):
            run.append(line.index)
        elif line.role == Role.TOTAL and not run and not subtotals:
            rest = [one for one in lines[n + 1 :] if one.role == Role.PLAIN and not one.percent]
            if len(rest) > 1:
                return {line.index: [one.index for one in rest]}
        elif line.role == Role.TOTAL and _SUBTOTAL.search(line.text):
            found[line.index], run = run, []
            subtotals.append(line.index)
        elif line.role == Role.TOTAL:
            found[line.index], run, subtotals = [*subtotals, *run], [], []
    return found


def _as_text(grid: Grid, figures: Mapping[Cell, float]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(_with(grid, figures).rows)
    return out.getvalue().encode()


def _written(data: bytes, document: Document, figures: Mapping[int, Figures]) -> bytes:
    """The author's own workbook, its look kept."""
    book = load_workbook(io.BytesIO(data))
    for number, made in figures.items():
        _write(book[document.grids[number].name], made)
    return _saved(book)


def _as_workbook(document: Document, figures: Mapping[int, Figures]) -> bytes:
    book = Workbook()
    for number, grid in enumerate(document.grids):
        sheet = book.active if number == 0 else book.create_sheet()
        assert isinstance(sheet, Worksheet)
        sheet.title = grid.name[:31] or "1"
        for row in _with(grid, figures.get(number, {})).rows:
            sheet.append(list(row))
        for top, left, bottom, right in grid.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return _saved(book)


def _write(sheet: Worksheet, figures: Figures) -> None:
    for (row, column), figure in figures.items():
        sheet[f"{get_column_letter(column + 1)}{row + 1}"] = figure


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
