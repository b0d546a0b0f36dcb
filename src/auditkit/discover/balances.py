"""Balances of four neighbouring lines: start + in = out + end, whatever stands for in and out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from auditkit.discover.figures import Floats
from auditkit.discover.ground import NOISE, Ground, Ints, Sums, Tally, terms, weigh
from auditkit.discover.labels import says_flow
from auditkit.discover.runs import SUPPORT, evidence

ENOUGH = 14.0
"""Nats, after the cost of the search."""
LEAST = 3
"""Witnesses in which all four lines differ from zero."""
WORDED = 2.0
"""Nats where the words name an opening and a closing balance; one witness is then enough."""


class Balance(NamedTuple):
    """``total`` = first + second − third of ``parts``; ``start + in − out = end``."""

    total: int
    parts: tuple[int, int, int]
    score: float
    tally: Tally


def find_balances(g: Ground, active: Ints) -> list[Balance]:
    """Among lines that stand beside each other in ``active``; none where three of the four lines add up already."""
    counted = np.array([i for i in active if not g.lines[i].percent], dtype=np.intp)
    if len(counted) < 4:
        return []
    found = []
    stacked = terms(g)
    for window in _likely(g, np.lib.stride_tricks.sliding_window_view(counted, 4)):
        worded = _worded(g, window)
        best = max(_readings(g, stacked, window, worded=worded), key=lambda b: b.score, default=None)
        if best is not None and best.score >= (WORDED if worded else ENOUGH) and (worded or not _adds_up(g, window)):
            found.append(best)
    return _apart(found)


def _likely(g: Ground, windows: Ints) -> Ints:
    """The windows worth a closer look: one of the three equations holds often enough."""
    a, b, c, d = (g.value[windows[:, k]] for k in range(4))
    room = g.half[windows].sum(axis=1) + NOISE * np.abs(g.value[windows]).sum(axis=1)
    rich = ((g.value[windows] != 0).sum(axis=1) >= 2) & g.trusted & g.number[windows[:, 3]]
    hits = [((np.abs(off) <= room) & rich).sum(axis=1) for off in (a + b - c - d, a + c - b - d, a + d - b - c)]
    most = np.max(hits, axis=0)
    chosen = [bool(n >= LEAST or (n and _worded(g, w))) for n, w in zip(most.tolist(), windows, strict=True)]
    likely: Ints = windows[np.array(chosen, dtype=bool)]
    return likely


def _worded(g: Ground, window: Ints) -> bool:
    names = [g.lines[i].name for i in window]
    return any(says_flow(names[a], names[3]) for a in (0, 1))


def _readings(g: Ground, stacked: Floats, window: Ints, *, worded: bool) -> Iterator[Balance]:
    a, b, c, d = window.tolist()
    least = 2 if worded else 4
    for plus, minus in (((a, b), c), ((a, c), b), ((b, c), a)):
        sums = stacked[:, plus[0]] + stacked[:, plus[1]] + stacked[:, minus]
        sums[0] = g.value[plus[0]] + g.value[plus[1]] - g.value[minus]
        tally = weigh(g, np.array([d]), Sums(*sums[:, None, :]))
        nats, support, _ = evidence(g, tally)
        same = (g.value[plus[0]] == g.value[d]) | (g.value[plus[1]] == g.value[d])
        rich = tally.holds[0] & g.trusted & ((g.value[window] != 0).sum(axis=0) >= least) & (worded | ~same)
        if support[0] >= SUPPORT and rich.sum() >= (1 if worded else LEAST):
            moved = np.minimum(np.abs(g.value[plus[0]] - g.value[d]), np.abs(g.value[plus[1]] - g.value[d]))
            off = 2 * (np.abs(tally.residual[0]) + g.half[d])
            told = np.log(np.maximum(moved, NOISE) / np.maximum(off, NOISE))
            nats_of = tally.nats[0] if worded else np.minimum(tally.nats[0], np.maximum(told, 0.0))
            gained = float(np.where(rich, nats_of, 0.0).sum()) - (0.0 if worded else float(np.log(3 * g.size)))
            yield Balance(d, (plus[0], plus[1], minus), min(gained, float(nats[0])), Tally(*(x[0] for x in tally)))


def _adds_up(g: Ground, window: Ints) -> bool:
    """One of the four lines is the sum of two others, or equals another, in most witnesses."""
    value, half = g.value[window], g.half[window].sum(axis=0)
    room = half + NOISE * np.abs(value).sum(axis=0)
    known = g.number[window].all(axis=0) & g.trusted & (value != 0).any(axis=0)
    offs = [value[i] - value[j] for i in range(4) for j in range(i)]
    offs += [value[i] - value[j] - value[k] for i in range(4) for j in range(4) for k in range(j) if i not in {j, k}]
    return bool((((np.abs(np.array(offs)) <= room) & known).sum(axis=1) > SUPPORT * known.sum()).any())


def _apart(found: list[Balance]) -> list[Balance]:
    """The best first; each line in one balance only."""
    kept: list[Balance] = []
    for balance in sorted(found, key=lambda b: (-b.score, b.total)):
        lines = {balance.total, *balance.parts}
        if not any(lines & {k.total, *k.parts} for k in kept):
            kept.append(balance)
    return kept
