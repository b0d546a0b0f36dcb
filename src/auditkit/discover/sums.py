"""Which lines are sums of which: neighbours first, then gaps; parts are consumed, and the search repeats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from auditkit.discover.consequent import alike, of_one_part, results_of, same
from auditkit.discover.figures import Bools
from auditkit.discover.gaps import LARGE, difference_pairs, gap_candidates, near_pairs
from auditkit.discover.ground import Ground, Ints, Tally, weigh_parts
from auditkit.discover.labels import Role
from auditkit.discover.runs import SUPPORT, Candidate, exactest, run_candidates
from auditkit.discover.tree import group_candidates, only_children, tree_candidates
from auditkit.discover.views import crossing_views, gap_views, plain_views

ROUNDS = 12
ENOUGH = 2.0
"""Nats, after the cost of the search, for three parts or more."""
PAIR = 3.5
"""The same for two parts that no word supports."""
APART = 7.0
"""The same for two that do not stand beside the total, and for a second sum of one total."""
LONE = 6.0
"""The same for two beside the total in a table of one witness."""
STRAY = 6.0
"""The same for every second, third … line where no word supports it."""
SURE = 5.0
"""Nats for sums in a line of percentages, where they would not be expected."""
HUNDRED = 2.5
"""The same where every total is 100."""
ALONE = 10.0
"""Nats, of all its sums, for a witness that is trusted where others are not; twice that without the word total."""
FEW = 8
"""Witnesses up to which each is tried alone."""
ALIKE = 4.0
"""Nats for a sum of the same words as one that was found in another group."""
AGAIN = 1.0
"""Nats against a second sum for one total."""
AGAIN_SUPPORT = 0.75
"""Share of the witnesses in which it must hold."""
FAR = 0.2
"""Nats for every power of e in the distance between a total and its nearest part."""
CLEAR = 0.6
"""Share of the evidence for a sum that the sum of some of its parts must have to come before it."""
CERTAIN = 30.0
"""Nats for two lines near each other that are parts, or totals, of other sums."""
STRONG = 14.0
"""The same for parts that are parts of another sum already."""


class Found(NamedTuple):
    """A sum that was accepted."""

    total: int
    parts: tuple[int, ...]
    score: float
    tally: Tally


def find_sums(g: Ground, apart: Sequence[frozenset[int]] = ()) -> tuple[Ground, list[Found]]:
    """The sums of a table along one axis, and the ground with the witnesses that turned out to be additive.

    No sum stays within one of the sets of lines in ``apart``: these lines balance in another way.
    """
    found = _search(g, apart)
    if not found and (alone := _of_some(g, apart)) is not None:
        g, found = alone
    for _ in range(2):
        again = _trusting(g, found)
        if again is None:
            break
        g = again
        found = _search(g, apart)
    return g, found


def _of_some(g: Ground, apart: Sequence[frozenset[int]]) -> tuple[Ground, list[Found]] | None:
    """Where nothing adds up in all witnesses: those in which something does by itself, beside rates and ranks."""
    trusted = np.flatnonzero(g.trusted).tolist()
    if not 2 <= len(trusted) <= FEW:
        return None
    kept = np.zeros_like(g.trusted)
    for w in trusted:
        only = replace(g, trusted=np.arange(len(g.trusted)) == w)
        found = _search(only, apart)
        named = any(g.lines[f.total].role == Role.TOTAL for f in found)
        kept[w] = sum(f.score for f in found) >= (ALONE if named else 2 * ALONE)
    if not kept.any():
        return None
    g = replace(g, trusted=kept)
    return g, _search(g, apart)


def _search(g: Ground, apart: Sequence[frozenset[int]]) -> list[Found]:
    found = [_found(g, c, ENOUGH) for c in of_one_part(g)]
    repeated = only_children(g)
    for _ in range(ROUNDS):
        accept = partial(_accept, g, found, apart)
        fresh = accept(tree_candidates(g, open_lines(g, found, repeated)[0]))
        fresh = fresh or accept(_plain(g, found, repeated))
        fresh = fresh or accept(_crossing(g, found, repeated))
        fresh = fresh or accept(group_candidates(g, open_lines(g, found, repeated)[0]))
        fresh = fresh or accept(_gapped(g, found, repeated))
        fresh = fresh or accept(_across(g, found))
        if not fresh:
            break
        found += fresh
    known = -1
    while known < len(found):
        known = len(found)
        for c in alike(g, [(f.total, f.parts) for f in found]):
            if _fits_in(g, found, c, STRONG):
                found.append(_found(g, c, max(c.nats, ENOUGH)))
    return found


def _found(g: Ground, c: Candidate, score: float) -> Found:
    return Found(c.total, c.parts, score, weigh_parts(g, c.total, np.array(c.parts, dtype=np.intp)))


def _across(g: Ground, found: list[Found]) -> Iterable[Candidate]:
    """What parts of other sums add up to as well: lines without a sum so far, and changes between two blocks."""
    summed = {f.total for f in found}
    every = np.flatnonzero(g.number.any(axis=1))
    totals = np.array([t for t in every.tolist() if t not in summed and (g.value[t] != 0).any()], dtype=np.intp)
    leaves = np.array([i for i in every.tolist() if i not in summed], dtype=np.intp)
    for view in (*plain_views(g, every, totals), *plain_views(g, leaves, totals)):
        for c in run_candidates(g, view):
            if any(set(c.parts) < set(f.parts) for f in found):
                yield c._replace(crossing=True)
    yield from difference_pairs(g, every)
    if len(every) <= LARGE:
        for c in near_pairs(g, every):
            if c.nats >= CERTAIN and c.support >= AGAIN_SUPPORT:
                yield c._replace(crossing=True)


def open_lines(g: Ground, found: list[Found], repeated: frozenset[int]) -> tuple[Ints, Ints]:
    """Lines that are no part of anything yet, and lines that may be totals."""
    taken = {p for f in found for p in f.parts if p not in results_of(g, f.total, f.parts)} | repeated
    filled = np.flatnonzero(g.number.any(axis=1)).tolist()
    active = np.array([i for i in filled if i not in taken], dtype=np.intp)
    totals = np.flatnonzero((g.value != 0).any(axis=1))
    return active, totals


def _plain(g: Ground, found: list[Found], repeated: frozenset[int]) -> Iterable[Candidate]:
    active, totals = open_lines(g, found, repeated)
    return (c for view in plain_views(g, active, totals) for c in run_candidates(g, view))


def _crossing(g: Ground, found: list[Found], repeated: frozenset[int]) -> Iterable[Candidate]:
    active, totals = open_lines(g, found, repeated)
    return (c for view in crossing_views(g, active, totals) for c in run_candidates(g, view))


def _gapped(g: Ground, found: list[Found], repeated: frozenset[int]) -> Iterable[Candidate]:
    active, totals = open_lines(g, found, repeated)
    subtotals = np.array(sorted({f.total for f in found}), dtype=np.intp)
    views = gap_views(g, active, totals, subtotals)
    yield from (c for view in views for c in run_candidates(g, view))
    yield from gap_candidates(g, active, totals)


def _accept(
    g: Ground, found: list[Found], apart: Sequence[frozenset[int]], candidates: Iterable[Candidate]
) -> list[Found]:
    """Takes the best first, whatever does not contradict what was taken before."""
    active = open_lines(g, found, frozenset())[0]
    known = {_shape(g, f.total, f.parts) for f in found}
    summed = {f.total for f in found}
    scored = [
        (_score(g, c, active) + ALIKE * (_shape(g, c.total, c.parts) in known) - AGAIN * (c.total in summed), c)
        for c in candidates
    ]
    able = [(s, exactest(g, c)) for s, c in scored if s >= _enough(g, c)]
    able.sort(key=lambda sc: (-sc[0], sc[1].total, len(sc[1].parts), sc[1].parts))
    fresh: list[Found] = []
    for score, c in able:
        if any({c.total, *c.parts} <= four for four in apart) or _has_subtotal(c, score, able, summed):
            continue
        if _fits_in(g, found + fresh, c, score):
            fresh.append(_found(g, c, score))
    return fresh


def _has_subtotal(c: Candidate, score: float, able: Sequence[tuple[float, Candidate]], summed: set[int]) -> bool:
    """Some of its parts are all the parts of another line's sum, which may stand for them on the same side."""
    parts = set(c.parts)
    above = max(parts) < c.total
    return len(parts) > 2 and any(
        set(d.parts) < parts
        and d.total not in {*parts, c.total, *summed}
        and all((line < c.total) == above for line in (d.total, *parts.difference(d.parts)))
        for other, d in able
        if other >= CLEAR * score
    )


def _score(g: Ground, c: Candidate, active: Ints) -> float:
    distance = min(abs(p - c.total) for p in c.parts)
    return c.nats - c.cost - float(np.log(g.size)) - FAR * float(np.log(distance)) + _prior(g, c, active)


def _shape(g: Ground, total: int, parts: tuple[int, ...]) -> tuple[str, ...]:
    """Own words of total and parts: Total = Male + Female in every group. Without words, nothing is alike."""
    words = (g.lines[total].text, *(g.lines[p].text for p in parts))
    return words if all(words) else (str(total), *map(str, parts))


def _enough(g: Ground, c: Candidate) -> float:
    roles = {g.lines[c.total].role, *(g.lines[p].role for p in c.parts)}
    worded = g.lines[c.total].role == Role.TOTAL or Role.DIFFERENCE in roles
    if len(c.parts) > 2 or worded:
        return ENOUGH if worded or c.cost <= 1 else STRAY
    return APART if c.cost > 0 else LONE if c.cost == 0 and g.trusted.sum() == 1 else PAIR


def _prior(g: Ground, c: Candidate, active: Ints) -> float:
    """What the words and the place of the lines say, in nats."""
    total = g.lines[c.total]
    nats = {Role.TOTAL: 3.0, Role.OF_WHICH: -3.0, Role.AVERAGE: -4.0}.get(total.role, 0.0)
    roles = [g.lines[p].role for p in c.parts]
    nats -= 3.0 * (Role.OF_WHICH in roles) + 4.0 * (Role.AVERAGE in roles)
    totals = roles.count(Role.TOTAL)
    nats -= 2.0 * (0 < totals < len(roles)) * (total.role != Role.TOTAL)
    closed = _ends_group(g, c, active)
    nats += 1.5 if closed else -1.0
    nats += 2.0 * (closed and total.role == Role.TOTAL and _touches(c))
    depths = {g.lines[p].depth for p in c.parts}
    nats += (1.0 if len(depths) == 1 else 0.0) - 0.5 * (len(depths) - 1)
    return nats


def _touches(c: Candidate) -> bool:
    """The run begins beside the total and leaves no line out."""
    ends = (c.parts[0], c.total) if c.up else (c.total, c.parts[-1])
    return ends[1] - ends[0] == len(c.parts)


def _ends_group(g: Ground, c: Candidate, active: Ints) -> bool:
    """The run ends where a group, or the table, ends, as far as lines are open."""
    if c.up:
        end = c.parts[0]
        before = active[active < end]
        beyond = int(before[-1]) if len(before) else -1
        return (
            beyond < 0
            or g.lines[beyond].role == Role.TOTAL
            or any(g.lines[i].start for i in range(beyond + 1, end + 1))
        )
    end = c.parts[-1]
    after = active[active > end]
    beyond = int(after[0]) if len(after) else g.size
    return (
        beyond == g.size
        or g.lines[beyond].role == Role.TOTAL
        or any(g.lines[i].start for i in range(end + 1, beyond + 1))
    )


def _fits_in(g: Ground, taken: list[Found], c: Candidate, score: float) -> bool:
    """No part twice, no circle, no second sum for a total but with other parts and strong evidence."""
    parts = set(c.parts)
    again = c.crossing and score >= STRONG
    if any(f.total == c.total and parts == set(f.parts) for f in taken):
        return False
    results = results_of(g, c.total, c.parts)
    for f in taken:
        shared = (parts & set(f.parts)) - results - results_of(g, f.total, f.parts)
        if len(shared) > again and not (again and len(shared) < len(f.parts)):
            return False
    second = [f for f in taken if f.total == c.total]
    if second and (score < APART or c.support < AGAIN_SUPPORT or any(same(g, parts, set(f.parts)) for f in second)):
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


def additive(g: Ground, found: list[Found]) -> Bools:
    """Witnesses in which sums are asked for.

    The trusted ones in which they mostly hold, and lines of percentages in which they hold too, and not by chance.
    """
    if not found:
        return g.trusted
    asked = np.sum([f.tally.asked for f in found], axis=0)
    holds = np.sum([f.tally.holds for f in found], axis=0)
    solid = np.sum([f.tally.solid for f in found], axis=0)
    nats = np.sum([f.tally.nats for f in found], axis=0)
    whole = np.all([np.abs(g.value[f.total] - 100) <= g.half[f.total] for f in found], axis=0)
    sure = (holds >= SUPPORT * asked) & (solid >= 0.5 * asked) & (nats > np.where(whole, HUNDRED, SURE))
    kept: Bools = np.where(g.trusted, (asked == 0) | (holds >= 0.5 * asked), sure)
    return kept


def _trusting(g: Ground, found: list[Found]) -> Ground | None:
    """The ground with its trust in what turned out to be additive; None when nothing changes."""
    trusted = additive(g, found)
    if not trusted.any() or np.array_equal(trusted, g.trusted):
        return None
    return replace(g, trusted=trusted)
