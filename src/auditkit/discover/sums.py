"""Which lines are sums of which: neighbours first, then gaps; what was found as a part is consumed, and the search repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from auditkit.discover.gaps import gap_candidates
from auditkit.discover.ground import Ground, Ints, Tally, weigh_parts
from auditkit.discover.labels import Role
from auditkit.discover.runs import Candidate, run_candidates
from auditkit.discover.views import gap_views, plain_views

ROUNDS = 12
ENOUGH = 4.0
"""Nats, after the cost of the search, for three parts or more."""
PAIR = 8.0
"""The same for two parts that no word supports."""


class Found(NamedTuple):
    """A sum that was accepted."""

    total: int
    parts: tuple[int, ...]
    score: float
    tally: Tally


def find_sums(g: Ground) -> tuple[Ground, list[Found]]:
    """The sums of a table along one axis, and the ground with the witnesses that turned out to be additive."""
    found = _search(g)
    for _ in range(2):
        again = _trusting(g, found)
        if again is None:
            break
        g = again
        found = _search(g)
    return g, found


def _search(g: Ground) -> list[Found]:
    found: list[Found] = []
    for _ in range(ROUNDS):
        fresh = _accept(g, found, _plain(g, found))
        fresh = fresh or _accept(g, found, _gapped(g, found))
        if not fresh:
            break
        found += fresh
    return found


def _open(g: Ground, found: list[Found]) -> tuple[Ints, Ints]:
    """Lines that are no part of anything yet, and lines that may be totals."""
    taken = {p for f in found for p in f.parts}
    filled = g.number.any(axis=1)
    active = np.array([i for i in range(g.size) if i not in taken and filled[i]], dtype=np.intp)
    totals = np.flatnonzero((g.value != 0).any(axis=1))
    return active, totals


def _plain(g: Ground, found: list[Found]) -> Iterable[Candidate]:
    active, totals = _open(g, found)
    return (c for view in plain_views(g, active, totals) for c in run_candidates(g, view))


def _gapped(g: Ground, found: list[Found]) -> Iterable[Candidate]:
    active, totals = _open(g, found)
    subtotals = np.array(sorted({f.total for f in found}), dtype=np.intp)
    views = gap_views(g, active, totals, subtotals)
    yield from (c for view in views for c in run_candidates(g, view))
    yield from gap_candidates(g, active, totals)


def _accept(g: Ground, found: list[Found], candidates: Iterable[Candidate]) -> list[Found]:
    """Takes the best first, whatever does not contradict what was taken before."""
    scored = [(_score(g, c), c) for c in candidates]
    able = [(s, c) for s, c in scored if s >= _enough(g, c)]
    able.sort(key=lambda sc: (-sc[0], sc[1].total, len(sc[1].parts), sc[1].parts))
    fresh: list[Found] = []
    for score, c in able:
        if _fits_in(found + fresh, c, score):
            fresh.append(Found(c.total, c.parts, score, weigh_parts(g, c.total, np.array(c.parts, dtype=np.intp))))
    return fresh


def _score(g: Ground, c: Candidate) -> float:
    return c.nats - c.cost - float(np.log(g.size)) + _prior(g, c)


def _enough(g: Ground, c: Candidate) -> float:
    roles = {g.lines[c.total].role, *(g.lines[p].role for p in c.parts)}
    worded = g.lines[c.total].role == Role.TOTAL or Role.DIFFERENCE in roles
    return PAIR if len(c.parts) == 2 and not worded else ENOUGH


def _prior(g: Ground, c: Candidate) -> float:
    """What the words and the place of the lines say, in nats."""
    total = g.lines[c.total]
    nats = {Role.TOTAL: 3.0, Role.OF_WHICH: -3.0, Role.AVERAGE: -4.0}.get(total.role, 0.0)
    roles = [g.lines[p].role for p in c.parts]
    nats -= 3.0 * (Role.OF_WHICH in roles) + 4.0 * (Role.AVERAGE in roles)
    totals = roles.count(Role.TOTAL)
    nats -= 2.0 * (0 < totals < len(roles)) * (total.role != Role.TOTAL)
    nats += 1.5 if _ends_group(g, c) else -1.0
    depths = {g.lines[p].depth for p in c.parts}
    nats += (1.0 if len(depths) == 1 and depths != {total.depth} else 0.0) - 0.5 * (len(depths) - 1)
    return nats


def _ends_group(g: Ground, c: Candidate) -> bool:
    """The run ends where a group, or the table, ends."""
    end = c.parts[0] if c.up else c.parts[-1]
    if c.up:
        return end == 0 or g.lines[end].start or g.lines[end - 1].role == Role.TOTAL
    return end == g.size - 1 or g.lines[end + 1].start or g.lines[end + 1].role == Role.TOTAL


def _fits_in(taken: list[Found], c: Candidate, score: float) -> bool:
    """No part twice, no circle, no second sum for a total but with other parts and strong evidence."""
    parts = set(c.parts)
    if any(parts & set(f.parts) for f in taken):
        return False
    if any(f.total == c.total for f in taken) and score < PAIR:
        return False
    children = {f.total: f.parts for f in taken}
    stack, seen = list(c.parts), set()
    while stack:
        line = stack.pop()
        if line == c.total:
            return False
        if line not in seen:
            seen.add(line)
            stack += children.get(line, ())
    return True


def _trusting(g: Ground, found: list[Found]) -> Ground | None:
    """The ground with trust taken from witnesses in which most sums fail; None when nothing changes."""
    if not found:
        return None
    asked = np.sum([f.tally.asked for f in found], axis=0)
    holds = np.sum([f.tally.holds for f in found], axis=0)
    ratio = holds / np.maximum(asked, 1)
    additive = (asked == 0) | (ratio >= 0.5)
    trusted = additive & (g.trusted | ((asked > 0) & (ratio >= 0.7)))
    if not trusted.any() or np.array_equal(trusted, g.trusted):
        return None
    return replace(g, trusted=trusted)


Finder = Callable[[Ground], list[Found]]
