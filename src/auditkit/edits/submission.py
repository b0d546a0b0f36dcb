"""What a rule may look at and what it makes of it: values with the cells they came from, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from auditkit.edits.figures import Figure
from auditkit.labels import fold
from auditkit.model.document import Cell, Place, State
from auditkit.model.filled import Filled
from auditkit.model.finding import Reason, Term
from auditkit.model.form import Form
from auditkit.model.words import Text


class Gap(Exception):
    """A value the rule needs is not there; ``reason`` says why. Ends the evaluation of one line, nothing else."""

    def __init__(self, reason: Reason, *, asked: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.asked = asked
        """False where what is missing need not be there, and so nobody asks for it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a rule may look at."""

    form: Form
    now: Filled
    before: Filled | None
    properties: Mapping[str, tuple[int, Place | None] | None]
    """``report.year`` → its value and where it stands."""
    label: Callable[[str], Text]
    children: tuple[tuple[str, Filled], ...] = ()
    """Subordinate units, and what they sent in for the same form and period."""
    said: dict[tuple[str, int], dict[str, list[int]]] = field(default_factory=dict, compare=False)
    """Column of a list → what its cells say, folded → rows; gathered when a rule asks for it."""

    def rows_saying(self, table: str, column: int) -> Mapping[str, list[int]]:
        """What the cells of a column say, folded, and in which rows that stand in the sheet."""
        if (table, column) not in self.said:
            declared, found = self.form.tables[table], self.said.setdefault((table, column), {})
            for row in range(len(declared.rows.lines)):
                cell = self.now.cell(declared.slot(row, column))
                if cell.state not in _NOTHING:
                    found.setdefault(fold(cell.text), []).append(row)
        return self.said[table, column]


_NOTHING = {State.BLANK, State.NIL, State.ABSENT}


@dataclass(frozen=True, slots=True)
class Value:
    """An expression's number, how it reads, and the cells it came from."""

    figure: Figure
    says: Text
    terms: tuple[Term, ...] = ()
    compound: bool = False
    sum: bool = False
    step: Decimal | None = None
    """Of a single written figure that may be rounded."""
    unit: str = ""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """A cell that took part: its slot in the form, what it holds, and the term that stands for it in the finding."""

    slot: int
    cell: Cell
    term: Term
