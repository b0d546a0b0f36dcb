"""Where an identity does not hold, judged again exactly: what was expected, what was found, what was allowed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from auditkit.discover.figures import Address, Figures
from auditkit.discover.identity import Breach, Identity

FEW = 2
"""Sums that may be off in a table that counts: they are its mistakes."""
CHANCE = 7.0
"""Nats by which rounded figures would have to add up exactly by luck before they are taken for counts."""


def expected(sheet: Figures, identity: Identity, parts: Sequence[Address]) -> Decimal | None:
    """What the parts ask of the total; None where a denominator is 0."""
    values = [sheet.exact(p) for p in parts]
    with localcontext() as exactly:
        exactly.prec = 40
        if identity.op == "sum":
            return sum(values, Decimal(0))
        if identity.op == "difference":
            return values[0] + values[1] - values[2]
        if identity.op == "average":
            told = [v for v, p in zip(values, parts, strict=True) if sheet.number[p]]
            return sum(told, Decimal(0)) / len(told) if told else None
        if not values[1]:
            return None
        quotient = values[0] / values[1] - (1 if identity.op == "change" else 0)
        return quotient * identity.factor


def breach(sheet: Figures, identity: Identity, witness: int, half: float | None = None) -> Breach | None:
    """The cell in one witness, with the tolerance of its digits; ``half`` overrides it. None where nothing is asked."""
    total, parts = identity.at(witness)
    asked = expected(sheet, identity, parts)
    if asked is None:
        return None
    allowed = slack(sheet, identity, total, parts) if half is None else Decimal(repr(half))
    return Breach(total, parts, asked, sheet.exact(total), allowed)


def slack(sheet: Figures, identity: Identity, total: Address, parts: Sequence[Address]) -> Decimal:
    """The interval the digits shown leave around an identity."""
    halves = [_half(sheet, p) for p in parts]
    if identity.op in {"sum", "difference"}:
        return _half(sheet, total) + sum(halves, Decimal(0))
    if identity.op == "average":
        return _half(sheet, total) + sum(halves, Decimal(0)) / max(1, sum(bool(sheet.number[p]) for p in parts))
    below = abs(sheet.exact(parts[1])) or Decimal(1)
    quotient = abs(sheet.exact(parts[0]) / below)
    return _half(sheet, total) + identity.factor * (halves[0] + quotient * halves[1]) / below


def _half(sheet: Figures, cell: Address) -> Decimal:
    return sheet.written[cell[0]][cell[1]].step / 2 if sheet.number[cell] else Decimal(0)


class Exactness(NamedTuple):
    """How far whole numbers add up exactly: evidence in nats, and how often they do not."""

    nats: float = 0.0
    off: int = 0

    @property
    def counted(self) -> bool:
        """Whether these are counts: their sums hold exactly far too often for rounded figures."""
        return self.nats >= CHANCE and self.off <= FEW

    def among(self, others: Sequence[Exactness]) -> bool:
        """The same for a table that says too little itself, in a document whose other tables count."""
        nats, off = sum(o.nats for o in others), sum(o.off for o in others)
        return self.counted or (self.off <= 1 and nats >= 2 * CHANCE and off <= max(FEW, len(others) // 10))


def exactness(sheet: Figures, identities: Iterable[Identity]) -> Exactness:
    """Of the sums of whole numbers of one table.

    k rounded parts add up to their rounded total with chance sqrt(6 / (pi k)), 3/4 at most.
    """
    nats, off = 0.0, 0
    for identity in identities:
        if identity.op not in {"sum", "difference"}:
            continue
        for total, parts in identity.cells():
            told = [p for p in parts if sheet.value[p]]
            if len(told) < 2 or any(sheet.half[c] != 0.5 for c in (total, *told)):
                continue
            if sheet.exact(total) == expected(sheet, identity, parts):
                nats -= math.log(min(0.75, math.sqrt(6 / (math.pi * len(told)))))
            else:
                off += 1
                nats -= 3.0
    return Exactness(nats, off)
