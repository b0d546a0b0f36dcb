"""One table seen along one axis: lines that may add up, and the witness lines in which they would have to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from auditkit.discover.figures import Bools, Figures, Floats
from auditkit.discover.identity import Direction
from auditkit.discover.labels import Line, Role
from auditkit.discover.structure import Panel

Ints = npt.NDArray[np.intp]

NOISE = 1e-9
"""Relative: what adding floats costs."""
Z = 3.5
"""Rounding noise beyond this many standard deviations is not rounding."""
CAP = 9.0
"""Nats one witness can give; real tables are less random than the model."""
TRIVIAL = 0.4
"""Nats for a total that equals the only part that is not zero."""
STRAINED = 1.0
"""Nats against a total that only rounding could make of parts none of which is other than zero, or one."""
MISS = 3.0
"""Nats one witness costs in which the identity fails."""


@dataclass(frozen=True)
class Ground:
    """Arrays are lines × witnesses. ``trusted`` are the witnesses whose failures count."""

    axis: Direction
    lines: tuple[Line, ...]
    witnesses: tuple[Line, ...]
    value: Floats
    half: Floats
    number: Bools
    unknown: Bools
    trusted: Bools

    @property
    def size(self) -> int:
        return len(self.lines)


def ground(sheet: Figures, panel: Panel, axis: Direction, base: Floats) -> Ground:
    """A panel with its rows as lines, or its columns; ``base`` is half the rounding base of each cell, 0 for none."""
    rows = np.array([line.index for line in panel.rows], dtype=np.intp)
    columns = np.array([line.index for line in panel.columns], dtype=np.intp)
    at = np.ix_(rows, columns)
    arrays = [sheet.value[at], np.maximum(sheet.half[at], base[at]), sheet.number[at], (sheet.unknown | sheet.text)[at]]
    if axis == "column":
        arrays = [a.T for a in arrays]
    value, half, number, unknown = arrays
    lines, witnesses = (panel.rows, panel.columns) if axis == "row" else (panel.columns, panel.rows)
    counted = np.array([not (w.percent or w.role == Role.AVERAGE) for w in witnesses], dtype=bool)
    trusted = counted if counted.any() else np.ones(len(witnesses), dtype=bool)
    return Ground(axis, lines, witnesses, value, half, number.astype(bool), unknown.astype(bool), trusted)


class Tally(NamedTuple):
    """What was found about candidates; the last axis of the arrays is the witness."""

    asked: Bools
    holds: Bools
    solid: Bools
    """Holds, and would not hold with the largest part alone."""
    nats: Floats
    residual: Floats
    allowed: Floats


class Sums(NamedTuple):
    """Sums over the parts of candidates: values, magnitudes, half units, their squares, and counts."""

    value: Floats
    size: Floats
    half: Floats
    square: Floats
    nonzero: Floats
    numbers: Floats
    unknown: Floats
    power: Floats
    """Squares of the values."""


def terms(g: Ground) -> Floats:
    """What is summed over parts, stacked: as many as ``Sums`` has × lines × witnesses."""
    flags = [a.astype(np.float64) for a in (g.value != 0, g.number, g.unknown)]
    return np.stack([g.value, np.abs(g.value), g.half, g.half**2, *flags, g.value**2])


def weigh(g: Ground, total: Ints, sums: Sums) -> Tally:
    """Judges candidates ``total`` (any shape) against the sums of their parts (that shape × witnesses).

    The tolerance is the interval of the digits shown, bounded by Z standard deviations of rounding noise. A witness
    gives evidence by how much closer the sum is than the size of a typical part.
    """
    value, half = g.value[total], g.half[total]
    residual = sums.value - value
    off = np.abs(residual)
    parts = np.minimum(sums.half, sums.numbers * half)  # a total is shown no finer than its parts are known
    allowed = np.minimum(parts + half, Z * np.sqrt((np.maximum(sums.square, 0) + half**2) / 3))
    noise = NOISE * (sums.size + np.abs(value))
    fits = off <= allowed + noise
    asked = g.number[total] & (sums.numbers > 0) & (fits | (sums.unknown == 0))
    holds = asked & fits
    others = sums.size - np.sqrt(np.maximum(sums.power, 0))  # at most what the parts beside the largest amount to
    solid = holds & (sums.nonzero >= 2) & (others > half + noise)
    scale = sums.size / np.maximum(sums.nonzero, 1)
    chance = (2 * np.maximum(off - noise, 0) + 2 * half + noise) / np.maximum(scale, 1e-250)
    trivial = np.where(off <= half + noise, TRIVIAL * (holds & (value != 0)), -STRAINED * holds)
    nats = np.where(solid, np.clip(-np.log(np.clip(chance, 1e-9, 1)), 0, CAP), trivial)
    return Tally(asked, holds, solid, nats, residual, allowed + noise)


def weigh_parts(g: Ground, total: int, parts: Ints) -> Tally:
    """One candidate."""
    return weigh(g, np.asarray(total), Sums(*terms(g)[:, parts].sum(axis=1)))
