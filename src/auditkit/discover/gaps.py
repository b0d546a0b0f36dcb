"""Sums with a line left out or set apart: runs less one line, runs that start later, pairs from anywhere near."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditkit.discover.ground import Ground, Ints, Sums, terms, weigh
from auditkit.discover.runs import LEAST, Candidate, evidence

NEAR = 10
"""Lines between a total and the parts of a pair, at most."""
LARGE = 60
"""Open lines beyond which runs less one line are not tried."""


def gap_candidates(g: Ground, active: Ints, totals: Ints) -> Iterator[Candidate]:
    """For lines of one kind."""
    for kind in (False, True):
        own = active[[g.lines[i].percent is kind for i in active]] if len(active) else active
        asked = totals[[g.lines[i].percent is kind for i in totals]] if len(totals) else totals
        if len(own) >= 3 and len(asked):
            yield from _less_one(g, own, asked)
            yield from _pairs(g, own, asked)


def _less_one(g: Ground, own: Ints, asked: Ints) -> Iterator[Candidate]:
    """Runs beside a total, or one line away from it, with one line inside left out: the residual is that line."""
    if len(own) > LARGE:
        return
    t7 = terms(g)[:, own]
    prefix = np.concatenate([np.zeros((7, 1, t7.shape[2])), np.cumsum(t7, axis=1)], axis=1)
    for total in asked.tolist():
        before = int(np.searchsorted(own, total, "left"))
        inside = before < len(own) and own[before] == total
        for up in (False, True):
            start = before if up else before + int(inside)
            yield from _less_one_from(g, own, prefix, total, start, up=up)


def _less_one_from(g: Ground, own: Ints, prefix: np.ndarray, total: int, start: int, *, up: bool) -> Iterator[Candidate]:  # type: ignore[type-arg]
    room = start if up else len(own) - start
    if room < 3:
        return
    ends = (start - np.arange(3, room + 1)) if up else (start + np.arange(3, room + 1))
    sums = np.abs(prefix[:, ends] - prefix[:, [start]]) if False else (prefix[:, ends] - prefix[:, [start]]) * (-1 if up else 1)
    lines = own[:start][::-1] if up else own[start:]
    residual = sums[0] - g.value[total]  # ends × witnesses
    room_half = sums[2] + g.half[total]
    asked = g.number[total] & g.trusted
    need = max(1.0, LEAST * float(asked.sum()))
    fits = np.abs(residual[:, None, :] - g.value[lines][None, :, :]) <= room_half[:, None, :] + 1e-9 * sums[1][:, None, :]
    enough = (fits & asked).sum(axis=2) >= need
    position = np.arange(len(lines))
    enough &= (position[None, :] < (np.arange(3, room + 1) - 1)[:, None]) & (g.value[lines] != 0).any(axis=1)[None, :]
    for e, out in zip(*np.nonzero(enough), strict=True):
        parts = np.sort(np.delete(lines[: e + 3], out))
        yield from _weighed(g, total, parts, up=up, cost=float(np.log(2 * room)))


def _pairs(g: Ground, own: Ints, asked: Ints) -> Iterator[Candidate]:
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
        for a, b in zip(i[enough], j[enough], strict=True):
            parts = np.array([near[a], near[b]], dtype=np.intp)
            yield from _weighed(g, total, parts, up=bool(parts[1] < total), cost=float(np.log(len(near) ** 2 / 2)))


def _weighed(g: Ground, total: int, parts: Ints, *, up: bool, cost: float) -> Iterator[Candidate]:
    tally = weigh(g, np.array([total]), Sums(*terms(g)[:, parts].sum(axis=1, keepdims=True)))
    nats, support, solid = evidence(g, tally)
    if nats[0] > 0 and solid[0]:
        yield Candidate(total, tuple(parts.tolist()), float(nats[0]), int(solid[0]), float(support[0]), up, cost)
