"""Sums that the labels themselves announce: a parent and its children, a total and the lines of its level."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from auditkit.discover.ground import Ground, Ints, weigh_parts
from auditkit.discover.labels import Role
from auditkit.discover.runs import SUPPORT, Candidate, evidence

BONUS = -3.0
"""Cost of what the labels announce: they speak for it."""


def tree_candidates(g: Ground, active: Ints) -> Iterator[Candidate]:
    """Children by depth below or above each line, and for totals the lines of their own level."""
    open_lines = frozenset(active.tolist())
    deep = len({line.depth for line in g.lines}) > 1
    for total in range(g.size):
        for up in (False, True):
            for parts in _announced(g, total, up=up, deep=deep):
                kept = [p for p in parts if p in open_lines]
                if len(kept) >= 2:
                    yield from _weighed(g, total, sorted(kept), up=up)


def group_candidates(g: Ground, active: Ints) -> Iterator[Candidate]:
    """All open lines of a group against every line outside it: by age, by sex, by size, and one total for all three."""
    for group in _groups(g, active):
        inside = frozenset(group)
        parts = np.array(group, dtype=np.intp)
        outside = np.array([i for i in range(g.size) if i not in inside and _like(g, group[0], i)], dtype=np.intp)
        fits = np.abs(g.value[parts].sum(axis=0) - g.value[outside]) <= g.half[parts].sum(axis=0) + g.half[outside]
        counted = g.number[outside] & g.trusted
        likely = (fits & counted).sum(axis=1) >= np.maximum(1, SUPPORT * counted.sum(axis=1))
        for total in outside[likely].tolist():
            for c in _weighed(g, total, group, up=group[0] < total):
                yield c._replace(cost=float(np.log(max(2, len(outside)))))


def _groups(g: Ground, active: Ints) -> list[list[int]]:
    """Runs of open lines of one level between the places where groups begin; not those that begin with a total."""
    groups: list[list[int]] = []
    open_lines = frozenset(active.tolist())
    for i, line in enumerate(g.lines):
        if line.start or not groups:
            groups.append([])
        if i in open_lines and line.role in {Role.PLAIN, Role.DIFFERENCE}:
            groups[-1].append(i)
    kept = []
    for group in groups:
        depth = min((g.lines[i].depth for i in group), default=(0, 0, 0))
        level = [i for i in group if g.lines[i].depth == depth]
        if 2 <= len(level) < g.size - 1 and len({g.lines[i].percent for i in level}) == 1:
            kept.append(level)
    return kept if len(groups) > 1 else []


def _announced(g: Ground, total: int, *, up: bool, deep: bool) -> Iterator[list[int]]:
    if deep:
        below = _under(g, total, up=up)
        if below:
            depth = min(g.lines[i].depth for i in below)
            yield [i for i in below if g.lines[i].depth == depth]
    if g.lines[total].role == Role.TOTAL:
        peers = _beside(g, total, up=up)
        if deep and peers:
            depth = min(g.lines[i].depth for i in peers)
            yield [i for i in peers if g.lines[i].depth == depth]


def _walk(g: Ground, total: int, *, up: bool) -> range:
    return range(total - 1, -1, -1) if up else range(total + 1, g.size)


def _like(g: Ground, total: int, line: int) -> bool:
    """Neither a part of a part, nor of another kind."""
    return g.lines[line].role not in {Role.OF_WHICH, Role.AVERAGE} and g.lines[line].percent == g.lines[total].percent


def _under(g: Ground, total: int, *, up: bool) -> list[int]:
    """The deeper lines beside a line, up to the next that is not deeper."""
    found = []
    for i in _walk(g, total, up=up):
        if g.lines[i].depth <= g.lines[total].depth:
            break
        if _like(g, total, i):
            found.append(i)
    return found


def _beside(g: Ground, total: int, *, up: bool) -> list[int]:
    """The lines beside a total, up to the next total of its own depth."""
    found = []
    for i in _walk(g, total, up=up):
        if g.lines[i].role == Role.TOTAL and g.lines[i].depth <= g.lines[total].depth:
            break
        if _like(g, total, i):
            found.append(i)
    return found


def _weighed(g: Ground, total: int, parts: list[int], *, up: bool) -> Iterator[Candidate]:
    tally = weigh_parts(g, total, np.array(parts, dtype=np.intp))
    nats, support, solid = evidence(g, tally)
    if float(nats) > 0 and int(solid):
        yield Candidate(total, tuple(parts), float(nats), int(solid), float(support), up, BONUS)


def only_children(g: Ground) -> frozenset[int]:
    """Lines that repeat a parent with a single member: they are told once, by the parent.

    Of two equal lines, the deeper one below a line; where depth does not say, the one that is not called a total,
    with only lines of zeros between them.
    """
    hidden = set()
    filled = (g.value != 0).any(axis=1).tolist()
    same: dict[bytes, list[int]] = {}
    for i in range(g.size):
        if filled[i]:
            same.setdefault(g.value[i].tobytes(), []).append(i)
    for a, b in (pair for lines in same.values() for pair in pairwise(lines)):
        between = [i for i in range(a + 1, b) if filled[i]]
        first, second = g.lines[a], g.lines[b]
        if second.depth > first.depth and all(g.lines[i].depth > first.depth for i in between):
            hidden.add(b)
        elif not between and second.role == Role.TOTAL and first.role == Role.PLAIN and first.depth >= second.depth:
            hidden.add(a)
        elif not between and first.role == Role.TOTAL and second.role == Role.PLAIN and second.depth > first.depth:
            hidden.add(b)
    return frozenset(hidden)
