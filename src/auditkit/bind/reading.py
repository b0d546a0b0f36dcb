"""One way a table may be read out of a sheet: a place for every column, and for the rows that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from auditkit.bind.headers import Header
from auditkit.bind.sheet import Sheet, Spot
from auditkit.model.form import Table


@dataclass(frozen=True)
class Reading:
    """One way to read a table out of a sheet: a place in it for every column and at least one row."""

    table: Table
    sheet: Sheet = field(compare=False, repr=False)
    headers: tuple[Header, ...]
    """Empty for a column without a label; several where a header is repeated after a page break."""
    rows: tuple[int | None, ...]
    columns: tuple[int, ...]
    labels: tuple[Spot, ...]
    """Labels of bound lines, and of groups over and beside them."""
    tied: tuple[tuple[int, tuple[Spot, ...]], ...] = ()
    """Row line → labels between which nothing decides."""
    declared: int | None = None
    """Of a list: how many of its rows the form itself names."""
    across: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Lines of a list that goes on to the right → their own columns."""
    whole: Table | None = None
    """The table with all its columns, where this one has not all of them."""
    turned: bool = False
    """``table`` is the form's turned on its side: its rows are the form's columns."""

    @cached_property
    def kept(self) -> tuple[int | None, ...]:
        """For every column of the whole table its place among those that are here."""
        columns = (self.whole or self.table).columns.lines
        return tuple(self.table.columns.index.get(line.name) for line in columns)

    @property
    def stands(self) -> tuple[int | None, ...]:
        """For every column of the whole table where it stands."""
        return tuple(None if at is None else self.columns[at] for at in self.kept)

    @property
    def lacking(self) -> Iterator[str]:
        """What need not be there and is not, in the form's words."""
        columns = (self.whole or self.table).columns.lines
        here = [*zip(columns, self.kept, strict=True), *zip(self.table.rows.lines, self.rows, strict=True)]
        return (
            line.labels[0] if line.labels else line.name
            for line, at in here
            if at is None and line.name in self.table.optional - self.table.added
        )

    @property
    def named(self) -> int:
        """Rows that the form names."""
        return len(self.rows) if self.declared is None else self.declared

    @property
    def found(self) -> int:
        """Rows the form names and the sheet has."""
        return self.named - self.rows[: self.named].count(None)

    @property
    def enough(self) -> bool:
        if self.declared is not None:
            return True
        rows = zip(self.table.rows.lines, self.rows, strict=True)
        needed = [row for line, row in rows if line.name not in self.table.optional]
        return (len(needed) - needed.count(None)) * 2 >= len(needed) and (self.found > 0 or not needed)

    def spot(self, row: int, column: int) -> Spot | None:
        """Where a cell of the form stands."""
        line, head = (column, row) if self.turned else (row, column)
        at, across = self.rows[line], self.kept[head]
        return None if at is None or across is None else (at, self.across.get(line, self.columns)[across])

    @property
    def cells(self) -> Iterator[Spot]:
        rows = ((line, row) for line, row in enumerate(self.rows) if row is not None)
        return ((row, column) for line, row in rows for column in self.across.get(line, self.columns))

    @cached_property
    def top(self) -> int:
        """First row that belongs to the table."""
        return min(row for row, _ in (*self.labels, *self.cells))
