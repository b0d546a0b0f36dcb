"""Tables of a first draft: what a submission shows under words, with short names; what has no words is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from auditkit import headyears
from auditkit.authoring.source import Data
from auditkit.discover import Block, Panel, structure
from auditkit.discover.labels import Line, is_aside
from auditkit.labels import label
from auditkit.model.document import Document, Grid, State
from auditkit.numerals import Written, of_value

_RESERVED = frozenset(
    "each row column cell in except or and not within line with of is blank one sum min max median abs".split()  # noqa: SIM905 - reads better
) | frozenset({"last_year", "children"})
_WORDS = re.compile(r"[A-Za-z0-9]+|[\u4e00-\u9fff0-9]+")
_YEAR = re.compile(r"^.*?(?:19|20)\d\d\s*年度?的?")
_BARE_YEAR = re.compile(r"\s*[,(]?\s*\b(?:19|20)\d\d\b\s*\)?")
_ASIDE = re.compile(r"^[（(].*[）)]$|^(?:19|20)\d\d年?度?$")
_HAN, _LATIN = 12, 40
"""Longest short names."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One row or column: its short name, the words it stands under and the groups that tell it from its like."""

    name: str
    text: str
    groups: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.groups, self.text)


@dataclass(frozen=True)
class DraftTable:
    """A table to be declared, and where it stands in the submission it was drawn from."""

    id: str
    title: str
    grid: int
    rows: tuple[DraftLine, ...]
    columns: tuple[DraftLine, ...]
    at: dict[str, dict[str, int]]
    """``rows`` and ``columns`` → short name → index in the grid."""

    def lines(self, axis: str) -> tuple[DraftLine, ...]:
        return self.rows if axis == "rows" else self.columns

    def without(self, axis: str, names: set[str]) -> DraftTable:
        kept = tuple(line for line in self.lines(axis) if line.name not in names)
        return replace(self, rows=kept) if axis == "rows" else replace(self, columns=kept)


def tables_of(document: Document) -> Iterator[DraftTable]:
    """Every table with words for its rows and columns, in reading order."""
    n = 0
    for number, grid in enumerate(document.grids):
        for block in structure(grid):
            for panel in block.panels:
                table = _table(f"T{n + 1}", number, grid, block, panel)
                if table.rows and table.columns:
                    n += 1
                    yield table


def title_of(document: Document) -> str:
    """The title of the whole, without the office and the year."""
    for grid in document.grids:
        for block in structure(grid):
            for row, column in block.titles[:1]:
                return general(str(grid.rows[row][column]))
    return general(document.name.rpartition(".")[0] or document.name)


def general(title: str) -> str:
    """``青山镇2021年支出情况表`` → ``支出情况表``: what every submission of the form has in its title."""
    plain = " ".join(title.split())
    rest = _BARE_YEAR.sub("", _YEAR.sub("", plain)).strip(" ,-")
    return rest if len(rest) > 2 else plain


def panels(document: Document) -> Iterator[tuple[int, Panel]]:
    """Grid number and panel of everything that looks like a table."""
    for number, grid in enumerate(document.grids):
        for block in structure(grid):
            for panel in block.panels:
                yield number, panel


def indexes(table: DraftTable, panel: Panel) -> dict[str, dict[str, int]] | None:
    """Where the table's lines stand in a panel of another submission; None where one of them is not there."""
    found: dict[str, dict[str, int]] = {}
    for axis, lines in (("rows", panel.rows), ("columns", panel.columns)):
        known: dict[tuple[str, ...], int] = {}
        for line in lines:
            known.setdefault((line.text,), line.index)
            known.setdefault((*line.path, line.text), line.index)
        own = {line.name: known.get(line.words) for line in table.lines(axis)}
        if any(index is None for index in own.values()):
            return None
        found[axis] = {name: index for name, index in own.items() if index is not None}
    return found


def _table(name: str, number: int, grid: Grid, block: Block, panel: Panel) -> DraftTable:
    taken: dict[str, None] = {}
    rows, at_rows = _lines(panel.rows, taken)
    columns, at_columns = _lines(panel.columns, taken)
    said = [str(grid.rows[r][c]) for r, c in block.titles]
    title = next((text for text in reversed(said) if not _ASIDE.match(text.strip()) and not is_aside(text)), grid.name)
    return DraftTable(name, general(title), number, rows, columns, {"rows": at_rows, "columns": at_columns})


def _lines(lines: Sequence[Line], taken: dict[str, None]) -> tuple[tuple[DraftLine, ...], dict[str, int]]:
    """Lines with words of their own; where the same words stand twice, the groups tell them apart or they are left."""
    texts = [line.text for line in lines]
    full = [(*line.path, line.text) for line in lines]
    if len(lines) == 1 and not texts[0]:
        name = short_name("数值", taken)
        return (DraftLine(name, ""),), {name: lines[0].index}
    drawn: list[DraftLine] = []
    at: dict[str, int] = {}
    for line, words in zip(lines, full, strict=True):
        repeated = texts.count(line.text) > 1
        if not line.text or not _is_words(line.text) or (repeated and (not line.path or full.count(words) > 1)):
            continue
        groups = line.path if repeated else ()
        name = short_name(line.text, taken)
        drawn.append(DraftLine(name, line.text, groups))
        at[name] = line.index
    return tuple(drawn), at


def _is_words(text: str) -> bool:
    """A year or a number heads no column that could be found again by its words."""
    return of_value(text, "").state == State.TEXT


def short_name(text: str, taken: dict[str, None]) -> str:
    """A name that rules can use, made of the words without numbering and brackets, and not taken yet."""
    text = headyears.spoken(text)
    head = label(text).head if re.search("[\u4e00-\u9fff]", text) else text
    words = _WORDS.findall(head)
    han = any(ord(c) >= 0x4E00 for c in head)
    name = ("" if han else "_").join(words)[: _HAN if han else _LATIN].strip("_") or "x"
    if name[0].isdigit() or name.lower() in _RESERVED:
        name = f"_{name}"
    free, n = name, 1
    while free in taken:
        n += 1
        free = f"{name}{n}"
    taken[free] = None
    return free


def axis_data(lines: Sequence[DraftLine], taken: Iterable[str]) -> Data:
    """Lines as a rulebook declares them, nested where groups tell them apart."""
    names = dict.fromkeys(taken)
    data: Data = {}
    open_groups: tuple[str, ...] = ()
    places: list[Data] = [data]
    for line in lines:
        same = next((i for i, pair in enumerate(zip(open_groups, line.groups, strict=False)) if pair[0] != pair[1]), -1)
        kept = min(len(open_groups), len(line.groups)) if same < 0 else same
        del places[kept + 1 :]
        for group in line.groups[kept:]:
            inner: Data = {"label": group}
            places[-1][short_name(f"{group}各项" if _is_han(group) else f"{group} group", names)] = inner
            places.append(inner)
        open_groups = line.groups
        places[-1][line.name] = line.text
    return data


def _is_han(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def cells_of(table: DraftTable, document: Document) -> dict[str, list[Written]]:
    """Column → its cells as written."""
    grid = document.grids[table.grid]
    formats = grid.facts().formats

    def cell(row: int, column: int) -> Written:
        values = grid.rows[row]
        return of_value(values[column] if column < len(values) else None, formats.get((row, column), ""))

    rows = [table.at["rows"][line.name] for line in table.rows]
    return {line.name: [cell(row, table.at["columns"][line.name]) for row in rows] for line in table.columns}


def number_at(table: DraftTable, document: Document, row: str, column: str) -> Decimal:
    """The number of one cell; 0 where there is none."""
    at = [line.name for line in table.rows].index(row)
    return cells_of(table, document)[column][at].number or Decimal(0)


def kinds_of(columns: dict[str, list[Written]]) -> tuple[str, dict[str, str], bool]:
    """The table's kind of cells, the columns of another kind, and whether a cell is empty."""
    own = {name: _kind(cells) for name, cells in columns.items()}
    usual = max(dict.fromkeys(own.values()), key=list(own.values()).count)
    every = list(chain.from_iterable(columns.values()))
    blank = any(cell.state in {State.BLANK, State.NIL} for cell in every)
    return usual, {name: kind for name, kind in own.items() if kind != usual}, blank


def _kind(cells: Sequence[Written]) -> str:
    numbers = [cell.number for cell in cells if cell.number is not None]
    if any(cell.state == State.TEXT for cell in cells):
        return "text"
    if numbers and all(cell.unit == "%" for cell in cells if cell.number is not None):
        return "percent"
    if any(number != number.to_integral_value() for number in numbers):
        return "number"
    return "count" if all(number >= 0 for number in numbers) else "integer"
