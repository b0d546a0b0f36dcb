"""A form in its own words: tables with named rows and columns, and the slot each cell has in a stack.

A list table declares columns and the few rows it knows; its records come with each submission. ``records.fitted`` makes
a form that has them, in which every name means cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeVar

from auditkit.model.words import Level, Text

T = TypeVar("T")

Kind = Literal["count", "integer", "number", "percent", "date", "text"]
"""``count``: whole, never negative, exact; ``integer``: whole, exact; ``date``: its number is the day's, exact; the
others are as precise as written."""
EXACT: frozenset[Kind] = frozenset({"count", "integer", "date"})
Blank = Literal["zero", "report", "allow"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row or one column: its short name, the form's words first and then aliases that were really seen."""

    name: str
    labels: tuple[str, ...]
    path: tuple[str, ...] = ()
    """Names of the groups it stands in, outermost first."""
    record: str = ""
    """What its row is called in every table with such records: a key, or the name of a declared row."""


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of which every submission has as many as it likes: a register, a table of components."""

    name: str
    """The group they make; tables with records of the same name speak of the same things."""
    key: str
    """The column that names a record."""
    nested: bool = False
    """A key that begins with another one is a part of it: 2050201 of 20502 of 205."""
    several: tuple[str, ...] = ()
    """Columns of which a record may have several lines; only its first line has the others."""
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Lines each record has one below the other: short name → words beside the key, the form's own first."""
    until: str = ""
    """The declared row below which nothing is a record: what stands there and is not declared is left out."""
    abreast: bool = False
    """The list goes on to the right, under the same header again."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups that records join: their own, and for each of their lines one with and one without declared rows."""
        return (self.name, *self.lines, *(f"{self.name}_{kind}" for kind in self.lines))

    def declared(self, row: Line) -> tuple[Line, ...]:
        """A row that the form itself names, with all the lines a record has."""
        record = row.labels[0] if self.name in row.path and row.labels else row.name
        return self._lines(row.name, row.labels, row.path, record)

    def found(self, name: str) -> tuple[Line, ...]:
        """The rows of one record of a submission."""
        return self._lines(name, (), (self.name,), name)

    def _lines(self, name: str, labels: tuple[str, ...], path: tuple[str, ...], record: str) -> tuple[Line, ...]:
        if not self.lines:
            return (Line(name, labels, path, record),)
        return tuple(
            Line(
                f"{name}_{kind}" if i else name,
                () if i else labels,
                (*path, *((f"{self.name}_{kind}",) if self.name in path else ()), kind),
                record,
            )
            for i, kind in enumerate(self.lines)
        )


@dataclass(frozen=True)
class Axis:
    """The rows, or the columns, of a table in the form's order."""

    lines: tuple[Line, ...]
    group_labels: Mapping[str, tuple[str, ...]]
    """Group name → the form's words for it and aliases; empty when the form prints no words for the group."""
    open: tuple[str, ...] = ()
    """Groups that a submission's records join; among the indexes of rows ``-i`` stands for those of the ith."""

    @cached_property
    def index(self) -> dict[str, int]:
        return {line.name: i for i, line in enumerate(self.lines)}

    @cached_property
    def groups(self) -> dict[str, tuple[int, ...]]:
        """Group name → indexes of all lines below it."""
        members: dict[str, list[int]] = {group: [] for group in self.group_labels}
        for i, line in enumerate(self.lines):
            for group in line.path:
                members[group].append(i)
        for i, group in enumerate(self.open, 1):
            members[group].append(-i)
        return {group: tuple(lines) for group, lines in members.items()}

    @cached_property
    def records(self) -> dict[str, int]:
        """Record → its first row."""
        return {line.record: i for i, line in reversed([*enumerate(self.lines)]) if line.record}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name a rule may use: lines and groups."""
        return (*self.index, *self.group_labels)


@dataclass(frozen=True)
class Table:
    """Labelled rows × labelled columns, or a list: labelled columns over records.

    A single line with an empty label needs no label in the sheet.
    """

    id: str
    titles: tuple[str, ...]
    """Words of the caption, form first, then aliases; used to find the block and to name it."""
    rows: Axis
    columns: Axis
    cells: Kind
    blank: Blank
    blanks: Mapping[str, Blank]
    """Row or column name → its own answer to a blank, where it differs from the table's."""
    codes: Mapping[str, str]
    """``cells`` and ``blank`` → the code of the finding."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """Row or column name → its own kind of cells, where it differs from the table's."""
    offset: int = 0
    """First slot of the table in the form's stack."""
    required: bool = True
    instead: str = ""
    """The table of which this one is another layout: a report has one of them."""
    optional: frozenset[str] = frozenset()
    """Columns and rows that a report's table need not have; names of lines."""
    added: frozenset[str] = frozenset()
    """Those of them that only some reports have: where they are not there, nobody is told."""
    unit: str = ""
    decimals: int | None = None
    """Digits after the point that figures are kept to, where fewer may be shown: 376 stands for 376.00."""
    records: Records | None = None

    @property
    def size(self) -> int:
        return len(self.rows.lines) * len(self.columns.lines)

    def with_columns(self, kept: Collection[int]) -> Table:
        """The table with these of its columns."""
        return replace(self, columns=replace(self.columns, lines=tuple(self.columns.lines[i] for i in sorted(kept))))

    def finest(self, step: Decimal) -> Decimal:
        """One unit of a figure's last digit: as shown, or of the last digit that is kept."""
        return step if self.decimals is None else min(step, Decimal(1).scaleb(-self.decimals))

    def may_lack(self, row: int, column: int) -> bool:
        """Whether the row or the column of this cell need not be there."""
        return not self.optional.isdisjoint((self.rows.lines[row].name, self.columns.lines[column].name))

    def slot(self, row: int, column: int) -> int:
        """Where cell (row, column) of this table stands among all cells of the form."""
        return self.offset + row * len(self.columns.lines) + column

    def kind_at(self, row: int, column: int) -> Kind:
        """The kind of this cell: the column's, else the row's or its innermost group's, else the table's."""
        if self.records and self.columns.lines[column].name == self.records.key:
            return self.kinds.get(self.records.key, "text")
        return _said(self.kinds, self.columns.lines[column], self.rows.lines[row]) or self.cells

    def blank_at(self, row: int, column: int) -> Blank:
        """The answer to a blank in this cell: the column's, else the row's or its innermost group's, else the table's.

        A key may be blank where its record goes on; ``is blank`` and ``exists in`` ask for it where it may not.
        """
        line, head = self.rows.lines[row], self.columns.lines[column]
        if self.records and (head.name == self.records.key or self._goes_on(line, head)):
            return "allow"
        return _said(self.blanks, head, line) or self.blank

    def _goes_on(self, line: Line, head: Line) -> bool:
        """A further line of a record, in a column that only its first line fills."""
        several = self.records.several if self.records else ()
        return bool(several) and line.name != line.record and head.name not in several


def _said(declared: Mapping[str, T], column: Line, row: Line) -> T | None:
    if not declared:
        return None
    names = (column.name, *reversed(column.path), row.name, *reversed(row.path))
    return next((declared[name] for name in names if name in declared), None)


@dataclass(frozen=True)
class Form:
    """All tables of one form, slots numbered through: table by table, row by row."""

    id: str
    title: Text
    titles: tuple[str, ...]
    """Words that recognise the form in a heading or file name, e.g. 政府信息公开工作年度报告."""
    tables: Mapping[str, Table]
    periods: tuple[int | None, int | None] = (None, None)
    """First and last reporting year the form is meant for; only breaks a tie between forms."""
    levels: Mapping[str, Level] = field(default_factory=dict)
    """Code of a check of cells or blanks → its level, where the rulebook says another one."""
    footnotes: tuple[str, ...] = ()
    """Words over the remarks below a table that are the office's own explanation of what is soft there."""

    @property
    def size(self) -> int:
        return sum(table.size for table in self.tables.values())

    @cached_property
    def lists(self) -> tuple[Table, ...]:
        """Tables whose records come with each submission."""
        return tuple(table for table in self.tables.values() if table.records is not None)

    @cached_property
    def slots(self) -> tuple[tuple[str, int, int], ...]:
        """Slot → (table id, row, column)."""
        return tuple(
            (table.id, row, column)
            for table in self.tables.values()
            for row in range(len(table.rows.lines))
            for column in range(len(table.columns.lines))
        )

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Slot → kind of the cell."""
        return tuple(self.tables[table].kind_at(row, column) for table, row, column in self.slots)

    @cached_property
    def blanks(self) -> tuple[Blank, ...]:
        """Slot → the answer to a blank there."""
        return tuple(self.tables[table].blank_at(row, column) for table, row, column in self.slots)

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())
