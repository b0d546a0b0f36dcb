"""Sums with a line left out or set apart: runs less one line, and pairs from anywhere near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from auditkit.discover.figures import Floats
from auditkit.discover.ground import Ground, Ints, Sums, Tally, terms, weigh
from auditkit.discover.labels import Line, Role, role_of
from auditkit.discover.runs import LEAST, SUPPORT, Candidate, evidence, prefix_sums

NEAR = 10
"""Lines between a total and the parts of a pair, at most."""
LARGE = 60
"""Open lines beyond which runs less one line are not tried."""
FEW = 40
"""Open lines up to which runs are looked for anywhere."""
MOST = 200
"""Matches beyond which they are chance: the table has too few witnesses for this search."""


def gap_candidates(g: Ground, active: Ints, totals: Ints) -> Iterator[Candidate]:
    """For lines of one kind, where more than one witness can speak."""
    if int(g.trusted.sum()) < 2:
        return
    stacked = terms(g)
    for kind in (False, True):
        own = active[[g.lines[i].percent is kind for i in active]] if len(active) else active
        asked = totals[[g.lines[i].percent is kind for i in totals]] if len(totals) else totals
        if len(own) >= 3 and len(asked):
            yield from _runs_less_one(g, stacked[:, own], own, asked)
            yield from _runs_apart(g, stacked[:, own], own, asked)
            yield from _pairs(g, stacked, own, asked)


def near_pairs(g: Ground, lines: Ints) -> Iterator[Candidate]:
    """Two of these lines and a third near them, whatever else they are parts of."""
    own = np.array([i for i in lines if not g.lines[i].percent], dtype=np.intp)
    if len(own) >= 3 and int(g.trusted.sum()) >= 2:
        yield from _pairs(g, terms(g), own, own)


def _runs_less_one(g: Ground, stacked: Floats, own: Ints, asked: Ints) -> Iterator[Candidate]:
    """Runs beside a total with one line inside left out: the residual is that line."""
    if len(own) > LARGE:
        return
    prefix = prefix_sums(stacked)
    for total in asked.tolist():
        before = int(np.searchsorted(own, total, "left"))
        after = before + int(before < len(own) and own[before] == total)
        yield from _less_one(
            g, own[after:], stacked[:, after:], prefix[:, after + 3 :] - prefix[:, [after]], total, up=False
        )
        above = slice(None, before)
        sums = prefix[:, [before]] - prefix[:, : max(0, before - 2)]
        yield from _less_one(g, own[above][::-1], stacked[:, above][:, ::-1], sums[:, ::-1], total, up=True)


def _less_one(g: Ground, lines: Ints, stacked: Floats, runs: Floats, total: int, *, up: bool) -> Iterator[Candidate]:
    """``runs`` are the sums over the first 3, 4, … of ``lines``; each is tried without each line but its last."""
    if len(lines) < 3:
        return
    residual = runs[0] - g.value[total]
    room = runs[2] + g.half[total]
    counted = g.number[total] & g.trusted
    noise = 1e-9 * runs[1]
    fits = np.abs(residual[:, None] - stacked[0][None]) <= (room + noise)[:, None]
    enough = (fits & counted).sum(axis=2) >= max(1.0, LEAST * float(counted.sum()))
    size = np.arange(3, len(lines) + 1)
    enough &= (np.arange(len(lines))[None, :] < size[:, None] - 1) & (stacked[0] != 0).any(axis=1)[None, :]
    run, out = np.nonzero(enough)
    if not 0 < len(run) <= MOST:
        return
    tally = weigh(g, np.full(len(run), total), Sums(*(runs[:, run] - stacked[:, out])))
    parts = [tuple(np.sort(np.delete(lines[: size[r]], o)).tolist()) for r, o in zip(run, out, strict=True)]
    yield from _candidates(g, total, parts, tally, cost=2 * float(np.log(len(lines))), up=up)


def _runs_apart(g: Ground, stacked: Floats, own: Ints, asked: Ints) -> Iterator[Candidate]:
    """Runs that begin away from the total, other lines between."""
    if len(own) > FEW or int(g.trusted.sum()) < 3:
        return
    prefix = prefix_sums(stacked)
    first, last = np.triu_indices(len(own) + 1, 2)
    sums = prefix[:, last] - prefix[:, first]
    for total in asked.tolist():
        at = int(np.searchsorted(own, total, "left"))
        away = (last < at) | (first > at + int(at < len(own) and own[at] == total))
        counted = g.number[total] & g.trusted
        room = sums[2] + g.half[total] + 1e-9 * sums[1]
        fits = (np.abs(sums[0] - g.value[total]) <= room) & counted
        k = np.flatnonzero(away & (fits.sum(axis=1) >= max(1.0, SUPPORT * float(counted.sum()))))
        if 0 < len(k) <= MOST:
            tally = weigh(g, np.full(len(k), total), Sums(*sums[:, k]))
            parts = [tuple(own[a:b].tolist()) for a, b in zip(first[k], last[k], strict=True)]
            yield from _candidates(g, total, parts, tally, cost=float(np.log(len(first))), up=None)


def _pairs(g: Ground, stacked: Floats, own: Ints, asked: Ints) -> Iterator[Candidate]:
    """Two lines near the total, on either side of it."""
    for total in asked.tolist():
        near = own[(np.abs(own - total) <= NEAR) & (own != total)]
        if len(near) < 2:
            continue
        i, j = np.triu_indices(len(near), 1)
        value = g.value[near[i]] + g.value[near[j]]
        room = g.half[near[i]] + g.half[near[j]] + g.half[total]
        counted = g.number[total] & g.trusted
        fits = np.abs(value - g.value[total]) <= room + 1e-9 * np.abs(value)
        solid = fits & counted & (g.value[near[i]] != 0) & (g.value[near[j]] != 0)
        enough = ((fits & counted).sum(axis=1) >= max(1.0, LEAST * float(counted.sum()))) & (solid.sum(axis=1) >= 2)
        i, j = near[i[enough]], near[j[enough]]
        if 0 < len(i) <= MOST:
            tally = weigh(g, np.full(len(i), total), Sums(*(stacked[:, i] + stacked[:, j])))
            parts = list(zip(i.tolist(), j.tolist(), strict=True))
            yield from _candidates(g, total, parts, tally, cost=float(np.log(len(near) ** 2 / 2)), up=None)


def difference_pairs(g: Ground, lines: Ints) -> Iterator[Candidate]:
    """For lines that are called a change or a balance: the two lines, wherever they stand, that differ by them."""
    named = [int(i) for i in lines if says_change(g.lines[i]) and not g.lines[i].percent]
    others = np.array([i for i in lines if not g.lines[i].percent], dtype=np.intp)
    if len(others) > LARGE or int(g.trusted.sum()) < 2:
        return
    stacked = terms(g)
    for line in named:
        rest = others[others != line]
        room = g.half[rest][:, None] + g.half[rest][None] + g.half[line]
        off = np.abs(g.value[rest][:, None] - g.value[rest][None] - g.value[line])
        counted = g.number[line] & (g.value[line] != 0) & g.trusted
        fits = ((off <= room + 1e-9 * np.abs(g.value[rest][:, None])) & counted).sum(axis=2)
        np.fill_diagonal(fits, 0)
        whole, part = np.nonzero(fits >= max(2.0, SUPPORT * float(counted.sum())))
        for t, p in zip(rest[whole].tolist(), rest[part].tolist(), strict=True):
            if len(whole) <= MOST:
                sums = Sums(*(stacked[:, [p]] + stacked[:, [line]]))
                alike = {g.lines[i].text for i in (t, p, line)} == {g.lines[t].text}
                cost = 0.5 if alike and g.lines[t].text else 2 * float(np.log(len(others)))
                parts = [tuple(sorted((p, line)))]
                for c in _candidates(g, t, parts, weigh(g, np.array([t]), sums), cost=cost, up=None):
                    yield c._replace(crossing=True)


def says_change(line: Line) -> bool:
    """Whether its own words, or those of a group it stands in, are of a change or a balance."""
    return line.role == Role.DIFFERENCE or any(role_of(w) == Role.DIFFERENCE for w in line.path)


def _candidates(
    g: Ground, total: int, parts: Sequence[tuple[int, ...]], tally: Tally, *, cost: float, up: bool | None
) -> Iterator[Candidate]:
    nats, support, solid = evidence(g, tally)
    for k in np.flatnonzero((nats > 0) & (solid > 0)).tolist():
        above = parts[k][-1] < total if up is None else up
        yield Candidate(total, parts[k], float(nats[k]), int(solid[k]), float(support[k]), above, cost)
