"""What arithmetic in doubles can be sure of: comparisons of arrays, and what is put together from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from auditkit.stack import Bools, Floats

ROUND_OFF = 2e-15
"""Relative to the larger side: some ten units in the last place of a double."""


@dataclass(frozen=True)
class Certain:
    """What surely holds and what surely does not; both false where arithmetic in doubles cannot tell."""

    yes: Bools
    no: Bools


_EXACTLY: dict[str, Callable[[Floats], Bools]] = {
    "=": lambda gap: gap == 0,
    "≈": lambda gap: gap == 0,
    "≠": lambda gap: np.abs(gap) > 0,
    "<": lambda gap: gap < 0,
    "≤": lambda gap: gap <= 0,
    ">": lambda gap: gap > 0,
    "≥": lambda gap: gap >= 0,
}
"""Left minus right → whether the relation surely holds; never where there is no number."""
_OPPOSITE = {"=": "≠", "≈": "≠", "≠": "=", "<": "≥", "≤": ">", ">": "≤", "≥": "<"}
_NEARLY: dict[str, Callable[[Floats, Floats], Bools]] = {
    "=": lambda gap, noise: np.abs(gap) <= noise,
    "≈": lambda gap, noise: np.abs(gap) <= noise,
    "≠": lambda gap, noise: np.zeros(gap.shape, dtype=bool),  # noqa: ARG005 - digits shown decide
    "<": lambda gap, noise: gap < -noise,
    "≤": lambda gap, noise: gap <= noise,
    ">": lambda gap, noise: gap > noise,
    "≥": lambda gap, noise: gap >= -noise,
}


def compared_exactly(relation: str, gap: Floats, *, lenient: bool) -> Certain:
    """Exact numbers, by left minus right; ``lenient``: the rule allows for more, so nothing surely fails."""
    yes = _EXACTLY[relation](gap)
    return Certain(yes, np.zeros_like(yes) if lenient else _EXACTLY[_OPPOSITE[relation]](gap))


def compared(relation: str, left: Floats, right: Floats, *, lenient: bool) -> Certain:
    """Numbers as precise as written: the digits shown decide of what differs, and of what is not less or more."""
    gap = np.asarray(left - right)
    noise = ROUND_OFF * (np.abs(left) + np.abs(right))
    known = np.isfinite(noise)
    yes = known & _NEARLY[relation](gap, noise)
    if lenient or relation not in {"<", ">"}:
        return Certain(yes, np.zeros_like(yes))
    return Certain(yes, known & (gap >= noise if relation == "<" else gap <= -noise))


def all_of(parts: Sequence[Bools]) -> Bools:
    return reduce(np.logical_and, parts)


def any_of(parts: Sequence[Bools]) -> Bools:
    return reduce(np.logical_or, parts)
