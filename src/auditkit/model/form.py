"""A form in its own words: tables with named rows and columns, and the slot each cell has in a stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from auditkit.model.words import Text

Kind = Literal["count", "integer", "number", "percent", "text"]
"""``count``: whole, never negative, exact; ``integer``: whole, exact; the others are as precise as written."""
Blank = Literal["zero", "report", "allow"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row or one column: its short name, the form's words first and then aliases that were really seen."""

    name: str
    labels: tuple[str, ...]
    path: tuple[str, ...] = ()
    """Names of the groups it stands in, outermost first."""


@dataclass(frozen=True)
class Axis:
    """The rows, or the columns, of a table in the form's order."""

    lines: tuple[Line, ...]
    group_labels: Mapping[str, tuple[str, ...]]
    """Group name → the form's words for it and aliases; empty when the form prints no words for the group."""

    @cached_property
    def index(self) -> dict[str, int]:
        return {line.name: i for i, line in enumerate(self.lines)}

    @cached_property
    def groups(self) -> dict[str, tuple[int, ...]]:
        """Group name → indexes of all lines below it."""
        return {
            group: tuple(i for i, line in enumerate(self.lines) if group in line.path) for group in self.group_labels
        }

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name a rule may use: lines and groups."""
        return (*self.index, *self.group_labels)


@dataclass(frozen=True)
class Table:
    """A matrix: labelled rows × labelled columns. A single line with an empty label needs no label in the sheet."""

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
    unit: str = ""

    @property
    def size(self) -> int:
        return len(self.rows.lines) * len(self.columns.lines)

    def slot(self, row: int, column: int) -> int:
        """Where cell (row, column) of this table stands among all cells of the form."""
        return self.offset + row * len(self.columns.lines) + column

    def kind_at(self, row: int, column: int) -> Kind:
        """The kind of this cell: the column's, else the row's, else the table's."""
        return self.kinds.get(self.columns.lines[column].name, self.kinds.get(self.rows.lines[row].name, self.cells))

    def blank_at(self, row: int, column: int) -> Blank:
        """The answer to a blank in this cell: the column's, else the row's, else the table's."""
        return self.blanks.get(self.columns.lines[column].name, self.blanks.get(self.rows.lines[row].name, self.blank))


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

    @property
    def size(self) -> int:
        return sum(table.size for table in self.tables.values())

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
