"""Orders in which lines can be read so that the parts of a total stand side by side: levels, repeats, strides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from auditkit.discover.ground import Ground, Ints
from auditkit.discover.labels import Role

MANY = 400
"""Lines beyond which strides are not tried."""


class View(NamedTuple):
    """Lines in order, the totals that are asked for over them, and what the choice costs in nats."""

    lines: Ints
    totals: Ints
    cost: float
    crossing: bool = False
    """Its lines may be parts of other sums as well, as in a cross-classification."""


def plain_views(g: Ground, active: Ints, totals: Ints) -> list[View]:
    """All open lines of one kind; and the same without the of-which lines."""
    views = []
    for kind in (False, True):
        own = active[[g.lines[i].percent is kind for i in active]] if len(active) else active
        asked = totals[[g.lines[i].percent is kind for i in totals]] if len(totals) else totals
        if len(own) < 2 or not len(asked):
            continue
        views.append(View(own, asked, 0.0))
        parts = own[[g.lines[i].role != Role.OF_WHICH for i in own]]
        if 2 <= len(parts) < len(own):
            views.append(View(parts, asked, 0.0))
    return views


def gap_views(g: Ground, active: Ints, totals: Ints, found: Ints) -> list[View]:
    """Lines of one level; every second, third … line; found totals."""
    views = []
    for kind in (False, True):
        own = active[[g.lines[i].percent is kind for i in active]] if len(active) else active
        asked = totals[[g.lines[i].percent is kind for i in totals]] if len(totals) else totals
        if len(own) < 2 or not len(asked):
            continue
        views += _levels(g, own, asked) + _strides(own, asked)
        subtotals = np.intersect1d(own, found)
        if 2 <= len(subtotals) < len(own):
            views.append(View(subtotals, asked, 1.0))
        labelled = own[[g.lines[i].role == Role.TOTAL for i in own]]
        if 2 <= len(labelled) < len(own) and not np.array_equal(labelled, subtotals):
            views.append(View(labelled, asked, 1.5))
        rest = own[[g.lines[i].role != Role.TOTAL or i in subtotals for i in own]]
        if 2 <= len(rest) < len(own):
            views.append(View(rest, asked, 1.5))
    return views


def _levels(g: Ground, own: Ints, asked: Ints) -> list[View]:
    depths = sorted({g.lines[i].depth for i in own})
    if not 2 <= len(depths) <= 8:
        return []
    groups = [own[[g.lines[i].depth == depth for i in own]] for depth in depths]
    return [View(lines, asked, 0.5) for lines in groups if len(lines) >= 2]


def crossing_views(g: Ground, active: Ints, totals: Ints) -> list[View]:
    """Urban / Male + Rural / Male = Total / Male: lines of the same words; all of them, and those still open.

    A pair of such lines may also add up to a line of other words: Public / Elementary + Public / Secondary = Public.
    """
    words: dict[str, list[int]] = {}
    for i in np.flatnonzero(g.number.any(axis=1)).tolist():
        if g.lines[i].text:
            words.setdefault(g.lines[i].text, []).append(i)
    views = []
    for same in words.values():
        if not 2 <= len(same) < g.size:
            continue
        lines = np.array(same, dtype=np.intp)
        asked = np.intersect1d(lines, totals)
        if len(lines) > 2 and len(asked):
            views.append(View(lines, asked, 0.5, crossing=True))
            left = np.intersect1d(lines, active)
            if 2 <= len(left) < len(lines):
                views.append(View(left, asked, 0.5, crossing=True))
    return views


def _strides(own: Ints, asked: Ints) -> list[View]:
    views = []
    if 6 <= len(own) <= MANY:
        for step in range(2, min(6, len(own) // 3) + 1):
            views += [
                View(own[k::step], np.intersect1d(own[k::step], asked), float(np.log(2 * step))) for k in range(step)
            ]
    return [v for v in views if len(v.totals)]
