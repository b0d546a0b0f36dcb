"""What was found: an identity of lines, where it holds, and the few cells where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from auditkit.discover.figures import Address

Operator = Literal["sum", "difference", "average", "division", "change", "share"]
Direction = Literal["row", "column"]


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where an identity that holds elsewhere does not."""

    total: Address
    parts: tuple[Address, ...]
    expected: Decimal
    found: Decimal
    allowed: Decimal
    """Tolerance that was granted, from the digits shown."""


@dataclass(frozen=True)
class Identity:
    """``total`` follows from ``parts`` in every witness line.

    ``axis`` says what the lines are: ``row`` when rows add up to a row, so that each witness is a column.
    ``sum``: total = all parts; ``difference``: first + second − third part; ``average``: mean of the parts;
    ``division``: first part / second; ``change``: (first − second) / second; ``share``: part / the same line's
    cell in ``base``.
    """

    op: Operator
    axis: Direction
    total: int
    parts: tuple[int, ...]
    witnesses: tuple[int, ...]
    """Lines of the other axis in which it holds."""
    exceptions: tuple[Breach, ...] = ()
    of: int = 0
    """Witness lines in which it could be asked."""
    labels: tuple[str, ...] = ()
    """Words of the total and of each part."""
    score: float = 0.0
    """Evidence against chance, in nats."""
    solid: int = 0
    """Witnesses in which at least two parts differ from zero."""
    base: int = -1
    """For a share: the row (or column) that is the whole."""
    factor: int = 1
    """100 where a ratio is printed as a percentage."""

    @property
    def holds(self) -> int:
        """Number of witness lines in which it holds."""
        return len(self.witnesses)

    def cell(self, line: int, witness: int) -> Address:
        """The cell of one of its lines in a witness line."""
        return (line, witness) if self.axis == "row" else (witness, line)

    def at(self, witness: int) -> tuple[Address, tuple[Address, ...]]:
        """Total cell and part cells in one witness line; the whole of a share is its last part."""
        parts = [self.cell(p, witness) for p in self.parts]
        if self.op == "share":
            parts.append(self.cell(self.parts[0], self.base))
        return self.cell(self.total, witness), tuple(parts)

    def cells(self) -> Iterator[tuple[Address, tuple[Address, ...]]]:
        """Total cell and part cells for every witness line in which it holds."""
        return map(self.at, self.witnesses)
