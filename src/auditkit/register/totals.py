"""A whole column put together block by block: exactly, in units of its last digit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from auditkit.model.document import State
from auditkit.stack import Bytes, Floats

PRECISE = 6
"""Decimals up to which a column is added up in whole units, without rounding."""
WHOLE = float(1 << 53)


@dataclass
class Total:
    """One column: the sum in units of its last digit, the extremes, how many cells."""

    total: int = 0
    decimals: int = 0
    least: float = np.inf
    most: float = -np.inf
    cells: int = 0
    step: Decimal | None = None
    """What the last digits of all cells come to, where that was asked."""
    inexact: bool = False
    gap: State | None = None
    """What the first cell holds that is no number and may not be left out."""

    def add(self, values: Floats, states: Bytes, *, blanks: bool) -> None:
        """More cells of this column; ``blanks``: one may be blank."""
        if self.gap is None:
            odd = states != State.NUMBER
            if blanks:
                odd &= (states != State.BLANK) & (states != State.NIL)
            first = np.flatnonzero(odd)[:1].tolist()
            self.gap = State(int(states[first[0]])) if first else None
        there = values[~np.isnan(values)]
        self.inexact |= bool(((states == State.NUMBER) & np.isnan(values)).any())
        if not len(there):
            return
        self.cells += len(there)
        self.least, self.most = min(self.least, float(there.min())), max(self.most, float(there.max()))
        for decimals in range(self.decimals, PRECISE + 1):
            units = np.rint(there * 10.0**decimals)
            if np.array_equal(units / 10.0**decimals, there) and np.abs(units).sum() < WHOLE:
                self._join(int(units.sum()), decimals)
                return
        self.inexact = True

    def join(self, more: Total) -> None:
        """Cells that stand below these."""
        self.gap = more.gap if self.gap is None else self.gap
        self.cells += more.cells
        self.least, self.most = min(self.least, more.least), max(self.most, more.most)
        self.inexact |= more.inexact
        self._join(more.total, more.decimals)

    def _join(self, units: int, decimals: int) -> None:
        finer = max(decimals, self.decimals)
        self.total = self.total * 10 ** (finer - self.decimals) + units * 10 ** (finer - decimals)
        self.decimals = finer

    def put(self, function: str) -> Decimal | None:
        """The column's sum, least or greatest number; None of none."""
        if not self.cells:
            return None
        if function == "sum":
            return Decimal(self.total).scaleb(-self.decimals)
        return Decimal(repr(self.least if function == "min" else self.most))
