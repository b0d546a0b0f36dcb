"""The question and its answer: quantities, edits, and which quantity is probably wrong. Knows no form and no sheet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from auditkit.model.words import Level, Text

Relation = Literal["=", "≤", "≥"]
Coefficient = int | Fraction | Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number that may be wrong: a cell, a number in the text, a cell of last year's report."""

    id: int
    value: Decimal | None
    """``None``: unknown. Where a blank means nothing, pass 0 and an empty ``text``."""
    text: str = ""
    """As printed."""
    step: Decimal = Decimal(1)
    """One unit of the last digit shown."""
    whole: bool = True
    """A count: only whole numbers can be right."""
    low: Decimal | None = Decimal(0)
    """Smallest value that can be right."""
    weight: int = 0
    """Points on top of those of ``signs``; higher is less suspect (see ``priors``)."""
    signs: tuple[str, ...] = ()
    """What is known of the cell, by names of ``priors.PRIORS``: ``("stored as text",)``."""
    neighbours: tuple[Decimal, ...] = ()
    """Values it may have been copied from: left, above."""
    last: Decimal | None = None
    """The same quantity a year before."""
    formula: bool = False
    """Computed by the sheet: nobody typed its digits."""
    percent: bool = False
    movable: bool = True
    """False: cannot be the culprit."""
    lines: tuple[str, ...] = ()
    """Rows, columns, tables it belongs to; a line's cells stand in the order of their ids."""
    formula_gap: Text | None = None
    """What the caller saw in its formula, such as a SUM that misses a line."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What must hold: ``sum(coefficient * quantity) + constant  relation  0``, within ``slack``.

    ``slack`` is the half-width of the rounding interval, 0 for exact counts. Pass satisfied edits too: they say which
    cells are *not* wrong.
    """

    key: str
    terms: tuple[tuple[int, Coefficient], ...]
    constant: Coefficient = 0
    relation: Relation = "="
    slack: Decimal = Decimal(0)
    level: Level = "hard"


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity and the value the edits ask of it."""

    quantity: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Alternative:
    """One explanation: these changes together. Most have one change; two swapped cells have two."""

    changes: tuple[Change, ...]
    kind: str
    """The likely slip, a name of ``slips.KINDS``; those in ``slips.TOGETHER`` mean all of the changes."""
    slip: Text
    share: float
    """Its part of the evidence among all explanations found, 0 to 1; not calibrated, only for the order."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What is probably wrong: the best explanation first, then those that can not be told from it."""

    alternatives: tuple[Alternative, ...]
    clears: tuple[str, ...]
    """Keys of the failing edits of these cells that hold once the first alternative of every suspicion is made."""
    breaks: tuple[str, ...]
    """Keys of edits that would fail then; soft ones only, hard ones are never broken."""
    evidence: str
    """The class of evidence the confidence was measured for, a key of the calibration table."""
    confidence: float
    """Share of simulated slips with this evidence in which the first alternative was the truth."""
    because: tuple[Text, ...] = ()
    more: int = 0
    """Explanations beyond those listed."""
    leans: tuple[str, ...] = ()
    """Keys of edits that hold now, and would fail if only this suspicion were put right and no other."""

    @property
    def kind(self) -> str:
        return self.alternatives[0].kind

    @property
    def slip(self) -> Text:
        return self.alternatives[0].slip

    @property
    def quantities(self) -> tuple[int, ...]:
        """Every quantity named, best first, each once."""
        return tuple(dict.fromkeys(change.quantity for one in self.alternatives for change in one.changes))


@dataclass(frozen=True, slots=True)
class Localization:
    """The whole answer. Empty when every edit holds."""

    suspicions: tuple[Suspicion, ...] = ()
    unexplained: tuple[str, ...] = ()
    """Keys of failing edits nothing was found for."""
    optimal: bool = True
    """Nothing smaller explains it: proven. False when a limit ended the search or part is unexplained."""
    too_many: bool = False
    """More errors than can be told apart: ``unexplained`` edits need more changes than were allowed."""
