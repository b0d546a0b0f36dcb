"""Which explanations are told: the best, and every one that can not be ruled out beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditkit.suspects.reading import Reading

TOLD = 0.995
"""Explanations are told, best first, until together they hold this much of the evidence."""

MOST_TOLD = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """Readings, likeliest first, with their shares of the evidence; ``more`` were left out beyond ``MOST_TOLD``."""

    readings: tuple[Reading, ...]
    shares: tuple[float, ...]
    more: int = 0


def choose(readings: Iterable[Reading]) -> Choice:
    """The smallest set that holds ``TOLD`` of the evidence; equals of the last one told are told too.

    Points are decibans: a reading with 10 points more holds a tenth of the evidence.
    """
    ranked = sorted({r.changes: r for r in _cheapest_last(readings)}.values(), key=lambda r: (r.points, r.changes))
    best = ranked[0].points
    weights = [10.0 ** ((best - r.points) / 10) for r in ranked]
    total, told, held = sum(weights), 0, 0.0
    while told < len(ranked) and (held < TOLD * total or ranked[told].points == ranked[told - 1].points):
        held += weights[told]
        told += 1
    kept = min(told, MOST_TOLD)
    return Choice(tuple(ranked[:kept]), tuple(weight / total for weight in weights[:kept]), told - kept)


def _cheapest_last(readings: Iterable[Reading]) -> list[Reading]:
    """So that of two readings of the same changes the likelier one stays."""
    return sorted(readings, key=lambda r: -r.points)
