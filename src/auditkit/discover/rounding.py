"""The base a table is rounded to: figures that are all multiples of 5, 3, 10, 100 … are less exact than they look."""

from __future__ import annotations

import numpy as np

from auditkit.discover.figures import Figures, Floats
from auditkit.discover.structure import Block

BASES = (1000, 100, 50, 10, 5, 3)
ENOUGH = 20
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
    if (base := _base(value[whole])) > 1:
        halves[at] = np.where(whole, _width(base), 0.0)
    return halves


def _base(values: Floats) -> int:
    if len(values) < ENOUGH:
        return 1
    return next((base for base in BASES if not np.any(values % base)), 1)


def _width(base: int) -> float:
    return base - 1 if base in {3, 5} else base / 2
