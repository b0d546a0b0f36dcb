"""The base a table is rounded to: figures that are all multiples of 5, 3, 10, 100 … are less exact than they look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.discover.figures import Figures, Floats
from auditkit.discover.identity import Identity
from auditkit.discover.structure import Block

BASES = (1000, 100, 50, 10, 5, 3)
ENOUGH = 12
"""Whole numbers other than zero that must all be multiples."""


def base_halves(sheet: Figures, block: Block) -> Floats:
    """Half-width of each cell's interval as the table's base asks for; 0 outside the block or without a base.

    Deterministic rounding is off by half the base; random rounding to 3 or 5 by up to the base less one.
    """
    halves = np.zeros(sheet.shape)
    rows = np.arange(block.body[0], block.body[2] + 1)
    columns = np.array([line.index for panel in block.panels for line in panel.columns], dtype=np.intp)
    if not len(columns):
        return halves
    at = np.ix_(rows, columns)
    value = sheet.value[at]
    whole = sheet.number[at] & (sheet.half[at] == 0.5) & ~sheet.percent[at] & (value != 0)
    for k, column in enumerate(columns.tolist()):  # plans are rounded to tens beside outturn that is not
        if (base := _base(value[:, k][whole[:, k]])) > 1:
            halves[rows, column] = np.where(whole[:, k], _width(base), 0.0)
    if (base := _base(value[whole])) > 1:
        halves[at] = np.where(whole, _width(base), 0.0)
    return halves


def _base(values: Floats) -> int:
    if len(values) < ENOUGH:
        return 1
    return next((base for base in BASES if not np.any(values % base)), 1)


def _width(base: int) -> float:
    return base - 1 if base in {3, 5} else base / 2


ADJUSTED = 3.0
"""Whole numbers that are adjusted at random, to protect persons, are off by up to this much."""
OFTEN = 0.3
"""Share of the witnesses in which a sum of such numbers just misses."""


def adjusted_halves(sheet: Figures, block: Block, base: Floats, found: Sequence[Identity]) -> Floats | None:
    """Wider intervals where a sum just misses in many witnesses, by a few units of large numbers; None elsewhere."""
    if not any(_just_misses(sheet, block, identity) for identity in found if identity.op == "sum"):
        return None
    whole = sheet.number & (sheet.half == 0.5) & ~sheet.percent
    return np.where(whole, np.maximum(base, ADJUSTED), base)


def _just_misses(sheet: Figures, block: Block, identity: Identity) -> bool:
    lines = (
        range(block.body[1], block.body[3] + 1) if identity.axis == "row" else range(block.body[0], block.body[2] + 1)
    )
    near = asked = 0
    for witness in lines:
        total, parts = identity.at(witness)
        if not sheet.number[total] or sheet.half[total] != 0.5:
            continue
        off = abs(sheet.value[total] - sum(sheet.value[p] for p in parts))
        asked += 1
        near += bool(
            (len(parts) + 1) / 2 < off <= ADJUSTED * (len(parts) + 1) and off <= 1e-3 * abs(sheet.value[total])
        )
    return near >= 5 and near >= OFTEN * asked
