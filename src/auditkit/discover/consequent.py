"""What follows from sums already found, or from the words alone: the same sum elsewhere, and totals of one part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from auditkit.discover.ground import Ground, weigh_parts
from auditkit.discover.labels import Role
from auditkit.discover.runs import SUPPORT, Candidate, evidence

OFTEN = 3
"""Sums made of lines at the same distances, after which another needs no evidence but that it holds."""
SOME = 6.0
"""Nats it needs after fewer."""
MOST = 4
"""Parts of a sum that is looked for at the same distances elsewhere."""


def results_of(g: Ground, total: int, parts: tuple[int, ...]) -> frozenset[int]:
    """The part that is told as what remains: sales = costs + profit says profit = sales - costs.

    It is last where the total is first, or stands outside the other two; such a line may be added up again.
    """
    last = max(parts)
    said = {p for p in parts if g.lines[p].role == Role.DIFFERENCE}
    if total < min(parts):
        return frozenset(said & {last})
    if len(parts) == 2:
        outside = {p for p in said if not min(total, *parts) < p < max(total, *parts)}
        return frozenset(outside) if len(outside) == 1 else frozenset()
    return frozenset()


def alike(g: Ground, found: list[tuple[int, tuple[int, ...]]]) -> Iterator[Candidate]:
    """Sums of lines at the distances at which others were found: Total / Wheat = Spring / Wheat + Winter / Wheat."""
    known = {(total, frozenset(parts)) for total, parts in found}
    shapes = Counter(tuple(p - total for p in parts) for total, parts in found if len(parts) <= MOST)
    for shape, times in sorted(shapes.items()):
        if max(map(abs, shape)) < MOST and times < OFTEN:
            continue
        for total in range(max(0, -min(shape)), g.size - max(0, *shape)):
            parts = tuple(total + d for d in shape)
            lines = [g.lines[i] for i in (total, *parts)]
            if (total, frozenset(parts)) in known or any(line.percent for line in lines):
                continue
            if any(line.role in {Role.OF_WHICH, Role.AVERAGE} for line in lines):
                continue
            tally = weigh_parts(g, total, np.array(parts, dtype=np.intp))
            nats, support, solid = (np.asarray(x).item() for x in evidence(g, tally))
            sure = support > SUPPORT and bool((tally.holds & g.trusted & (g.value[total] != 0)).any())
            if sure and nats >= (0.0 if times >= OFTEN else SOME):
                yield Candidate(
                    total, parts, float(nats), int(solid), float(support), parts[0] < total, 0.0, crossing=True
                )


def of_one_part(g: Ground) -> Iterator[Candidate]:
    """Lines called a total, right behind lines of zeros and one that it equals, from the beginning of their group."""
    for total, line in enumerate(g.lines):
        if line.role != Role.TOTAL or line.percent:
            continue
        first = max(0, total - 1)
        while first > 0 and not g.lines[first].start and g.lines[first - 1].role != Role.TOTAL:
            first -= 1
        parts = tuple(range(first, total))
        if len(parts) < 2 or not all(g.number[p].any() and g.lines[p].depth == line.depth for p in parts):
            continue
        nonzero = [p for p in parts if g.value[p].any()]
        tally = weigh_parts(g, total, np.array(parts, dtype=np.intp))
        if len(nonzero) == 1 and bool(tally.holds[g.number[total]].all()) and g.value[total].any():
            yield Candidate(total, parts, 1.0, 0, 1.0, True, 0.0)


def same(g: Ground, one: set[int], other: set[int]) -> bool:
    """One line stands for another like it: a total is not told twice for that."""
    left, right = sorted(one - other), sorted(other - one)
    return len(left) == len(right) and (
        len(left) == 1 or all(np.array_equal(g.value[a], g.value[b]) for a, b in zip(left, right, strict=True))
    )
