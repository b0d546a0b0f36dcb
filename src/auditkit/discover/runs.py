"""Neighbouring lines that add up to a line beside them: every length at once, row by row in arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from auditkit.discover.figures import Bools, Floats
from auditkit.discover.ground import MISS, Ground, Ints, Sums, Tally, terms, weigh
from auditkit.discover.labels import Role
from auditkit.discover.views import View

SUPPORT = 0.5
"""Share of the witnesses in which an identity must hold."""
LEAST = 0.35
"""The same for identities so well attested elsewhere that the other witnesses cannot be additive."""
WINDOW = 80
"""Longest run that is tried for a line without the word total in a long table."""
CHUNK = 400_000
ASIDE = 0.25
"""Times the other evidence that witnesses with but one part may add: many of them say no more than a few."""
FELT = 4.0
"""Times the tolerance of a sum that a part may be and still go unnoticed in it."""
CLOSER = 5.0
"""Nats by which a sum must be closer without one of its parts."""


class Candidate(NamedTuple):
    """Parts that add up to a total, and the evidence for it in nats."""

    total: int
    parts: tuple[int, ...]
    nats: float
    solid: int
    support: float
    up: bool
    cost: float
    crossing: bool = False
    """Its parts may be parts of other sums, one of each."""


def run_candidates(g: Ground, view: View) -> Iterator[Candidate]:
    """The best run below and above each total of a view."""
    prefix = prefix_sums(terms(g)[:, view.lines])
    before = np.searchsorted(view.lines, view.totals, "left")
    inside = (before < len(view.lines)) & (view.lines[np.minimum(before, len(view.lines) - 1)] == view.totals)
    after = before + inside
    for way in ("down", "up"):
        start = after if way == "down" else before
        yield from _one_way(g, view, prefix, start, way)


def prefix_sums(stacked: Floats) -> Floats:
    """Cumulated over the lines, from a first row of zeros."""
    return np.concatenate([np.zeros_like(stacked[:, :1]), np.cumsum(stacked, axis=1)], axis=1)


def _one_way(g: Ground, view: View, prefix: Floats, start: Ints, way: Literal["down", "up"]) -> Iterator[Candidate]:
    room = len(view.lines) - start if way == "down" else start
    able = (room >= 2) & _large_enough(g, view, prefix, start, way)
    for longest, asked in _lengths(g, view, able, room):
        step = max(1, CHUNK // max(1, longest * prefix.shape[2]))
        for k in range(0, len(asked), step):
            yield from _chunk(g, view, prefix, start, asked[k : k + step], longest, way)


def _lengths(g: Ground, view: View, able: Bools, room: Ints) -> Iterator[tuple[int, Ints]]:
    """Longest run to try, and the totals it is tried for."""
    asked = np.flatnonzero(able)
    if not len(asked):
        return
    longest = int(room[asked].max())
    if longest <= WINDOW:
        yield longest, asked
        return
    special = np.array([_is_special(g, int(view.totals[i])) for i in asked], dtype=bool)
    if (~special).any():
        yield WINDOW, asked[~special]
    if special.any():
        yield longest, asked[special]


def _is_special(g: Ground, line: int) -> bool:
    return g.lines[line].role == Role.TOTAL or line in {0, g.size - 1}


def _large_enough(g: Ground, view: View, prefix: Floats, start: Ints, way: str) -> Bools:
    """Where nothing is negative, a total is at least the two lines beside it, in most trusted witnesses."""
    n = len(view.lines)
    two = np.clip(start + 2, 0, n) if way == "down" else np.clip(start - 2, 0, n)
    sums = np.abs(prefix[0][two] - prefix[0][start])
    room = np.abs(prefix[2][two] - prefix[2][start]) + g.half[view.totals]
    value = g.value[view.totals]
    possible = (value + room + 1e-9 * np.abs(value) >= sums) | (g.value < 0).any(axis=0)
    asked = g.number[view.totals] & g.trusted
    enough: Bools = (possible & asked).sum(axis=1) >= np.maximum(1, LEAST * asked.sum(axis=1))
    return enough


def _chunk(
    g: Ground, view: View, prefix: Floats, start: Ints, asked: Ints, longest: int, way: Literal["down", "up"]
) -> Iterator[Candidate]:
    n = len(view.lines)
    lengths = np.arange(2, longest + 1)
    far = start[asked, None] + (lengths if way == "down" else -lengths)
    valid = (far >= 0) & (far <= n)
    far = np.clip(far, 0, n)
    origin = start[asked, None]
    sign = 1.0 if way == "down" else -1.0
    totals = view.totals[asked, None]
    fits = _screen(g, prefix, totals, origin, far, sign)
    counted = g.number[totals] & g.trusted
    need = np.maximum(1, LEAST * counted.sum(axis=2))
    hits = valid & ((fits & counted).sum(axis=2) >= need)
    i, k = np.nonzero(hits)
    if not len(i):
        return
    sums = Sums(*(sign * (prefix[:, far[i, k]] - prefix[:, start[asked[i]]])))
    tally = weigh(g, view.totals[asked[i]], sums)
    nats, support, solid = evidence(g, tally)
    for row in np.unique(i):
        own = np.flatnonzero((i == row) & (solid > 0) & (nats >= 0))
        if len(own):
            best = _longest_of_best(g, view, k, own, nats, int(start[asked[row]]), way)
            length = int(lengths[k[best]])
            first = int(start[asked[row]])
            parts = view.lines[first : first + length] if way == "down" else view.lines[first - length : first]
            yield Candidate(
                int(view.totals[asked[row]]),
                tuple(parts.tolist()),
                float(nats[best]),
                int(solid[best]),
                float(support[best]),
                way == "up",
                view.cost,
                view.crossing,
            )


def _screen(g: Ground, prefix: Floats, totals: Ints, origin: Ints, far: Ints, sign: float) -> Bools:
    value = sign * (prefix[0][far] - prefix[0][origin]) - g.value[totals]
    room = sign * (prefix[2][far] - prefix[2][origin]) + g.half[totals]
    noise = 1e-9 * sign * (prefix[1][far] - prefix[1][origin])
    screened: Bools = np.abs(value) <= room + noise
    return screened


def evidence(g: Ground, tally: Tally) -> tuple[Floats, Floats, Ints]:
    """Nats, support among the trusted witnesses, and the number of solid ones, for every candidate."""
    trusted = g.trusted
    asked = (tally.asked & trusted).sum(axis=-1)
    held = (tally.holds & trusted).sum(axis=-1)
    solid = (tally.solid & trusted).sum(axis=-1)
    plain = np.where(trusted & tally.solid, tally.nats, 0.0).sum(axis=-1)
    trivial = np.where(trusted & ~tally.solid, tally.nats, 0.0).sum(axis=-1)
    nats = plain + np.minimum(trivial, ASIDE * plain + 1)
    misses = asked - held
    support = held / np.maximum(asked, 1)
    usual = nats - MISS * misses
    partial = np.where((solid >= 3) & (support >= LEAST), nats - 8 - misses, -1.0)
    return np.where(support >= SUPPORT, usual, partial), support, solid


def _longest_of_best(
    g: Ground, view: View, k: Ints, own: Ints, nats: Floats, start: int, way: Literal["down", "up"]
) -> int:
    """Of lengths that differ in lines of zeros only, the longest that stays within the group."""
    top = own[np.argmax(nats[own])]
    chosen = int(top)
    for j in own[own > top]:
        longer = range(int(k[chosen]) + 3, int(k[j]) + 3)
        added = [int(view.lines[start + n - 1] if way == "down" else view.lines[start - n]) for n in longer]
        if not all(_joins(g, line, way) for line in added) or not _same_level(g, view, start, int(k[j]) + 2, way):
            break
        chosen = int(j)
    return chosen


def _joins(g: Ground, line: int, way: str) -> bool:
    """A line of zeros that belongs to the run beside it."""
    if g.value[line].any() or g.lines[line].role == Role.TOTAL:
        return False
    after = line + 1 if way == "up" else line
    return after >= g.size or not g.lines[after].start


def _same_level(g: Ground, view: View, start: int, length: int, way: str) -> bool:
    ends = (start, start + length - 1) if way == "down" else (start - 1, start - length)
    first, last = (g.lines[int(view.lines[end])].depth for end in ends)
    return first == last


def exactest(g: Ground, c: Candidate) -> Candidate:
    """Without a part too small to be felt, where the others come closer alone."""
    while len(c.parts) > 2:
        lines = np.array(c.parts, dtype=np.intp)
        stacked = terms(g)[:, lines]
        sums = Sums(*(stacked.sum(axis=1)[:, None] - stacked))
        tally = weigh(g, np.full(len(lines), c.total), sums)
        nats, support, solid = evidence(g, tally)
        size = np.median(np.abs(g.value[lines][:, g.trusted]), axis=1)
        felt = (size > 0) & (size <= FELT * np.median(tally.allowed[:, g.trusted], axis=1))
        k = int(np.argmax(np.where(felt, nats, -np.inf)))
        if not felt[k] or nats[k] <= c.nats + CLOSER or support[k] < c.support:
            break
        kept = (*c.parts[:k], *c.parts[k + 1 :])
        c = c._replace(parts=kept, nats=float(nats[k]), solid=int(solid[k]), support=float(support[k]))
    return c
