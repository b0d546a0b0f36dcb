"""A submission given the form's names: every slot has a value, a state and an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from auditkit.model.document import Cell, Document, Place
from auditkit.model.form import Form
from auditkit.model.words import Text


@dataclass(frozen=True)
class Spot:
    """Where a table stands: grid number, and for each row and column of the form its index in the grid (or None)."""

    grid: int
    rows: tuple[int | None, ...]
    columns: tuple[int | None, ...]
    turned: bool = False
    """The form's rows stand as columns of the grid, and its columns as rows."""

    @property
    def down(self) -> tuple[int | None, ...]:
        """Rows of the grid that the table takes."""
        return self.columns if self.turned else self.rows

    @property
    def across(self) -> tuple[int | None, ...]:
        """Columns of the grid that the table takes."""
        return self.rows if self.turned else self.columns


class Words(NamedTuple):
    """Text that stands outside the bound cells: titles, captions, sheet names, the file name, notes, prose."""

    text: str
    place: Place
    role: str
    """``title``, ``caption``, ``sheet``, ``file``, ``note`` or ``prose``."""


@dataclass(frozen=True)
class Filled:
    """One bound submission."""

    document: Document
    form: Form
    spots: Mapping[str, Spot]
    missing: Mapping[str, Text]
    """Table id → why it was not bound (with the nearest label). Its rules are not checked."""
    values: tuple[float, ...]
    """One per slot; NaN where there is no number."""
    states: bytes
    """One ``State`` per slot."""
    words: tuple[Words, ...]
    cell: Callable[[int], Cell] = field(repr=False)
    """Slot → the cell with text, exact number, digits shown and address; made only when asked."""
    typed: bool = False
    """Every cell that is there holds a number in the unit that is asked for: ``values`` are what stands in the file."""
    unread: frozenset[str] = frozenset()
    """Tables with lines that the form does not have: what seems to be absent there may only be called otherwise."""
    notes: tuple[Text, ...] = ()
    """What the binder wants said: unmatched labels with the nearest declared one, extra rows, hidden lines."""

    def needs(self, table: str) -> bool:
        """Whether a report must have this table, and this one has no other layout of it."""
        others = (other for other in self.form if other.instead == table)
        return self.form.tables[table].required and all(other.id in self.missing for other in others)
