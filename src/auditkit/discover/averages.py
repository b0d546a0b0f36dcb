"""Lines that are the mean of the lines beside them."""

from __future__ import annotations

import numpy as np

from auditkit.discover.ground import CAP, MISS, NOISE, Ground, Ints, Tally
from auditkit.discover.labels import Role
from auditkit.discover.runs import SUPPORT
from auditkit.discover.sums import Found

ENOUGH = 4.0
"""Nats for a line called average."""
UNNAMED = 14.0
"""Nats for any other line outside the sums."""


def find_averages(g: Ground, sums: list[Found]) -> list[Found]:
    """The best run of neighbours for every line called an average, and for first and last lines outside the sums."""
    used = {line for f in sums for line in (f.total, *f.parts)}
    totals = {f.total for f in sums}
    found = []
    for total, line in enumerate(g.lines):
        named = line.role == Role.AVERAGE
        if not (named or (total not in used and total in {0, g.size - 1} and line.role == Role.PLAIN)):
            continue
        others = [i for i in range(g.size) if i != total and i not in totals and g.lines[i].role != Role.AVERAGE]
        runs = [_best(g, total, np.array([i for i in others if i > total], dtype=np.intp))]
        runs.append(_best(g, total, np.array([i for i in reversed(others) if i < total], dtype=np.intp)))
        best = max((r for r in runs if r is not None), key=lambda f: f.score, default=None)
        if best is not None and best.score >= (ENOUGH if named else UNNAMED):
            found.append(best)
    return found


def _best(g: Ground, total: int, lines: Ints) -> Found | None:
    """The first two, three … of ``lines``: their mean over the numbers there are, blanks left out."""
    if len(lines) < 2:
        return None
    count = np.cumsum(g.number[lines], axis=0)[1:]
    value = np.cumsum(g.value[lines], axis=0)[1:]
    half = np.cumsum(g.half[lines], axis=0)[1:]
    size = np.cumsum(np.abs(g.value[lines]), axis=0)[1:]
    mean = value / np.maximum(count, 1)
    off = np.abs(mean - g.value[total])
    allowed = g.half[total] + half / np.maximum(count, 1) + NOISE * size
    asked = g.number[total] & (count >= 1)
    holds = asked & (off <= allowed)
    spread = np.array([np.ptp(g.value[lines[: k + 2]], axis=0) for k in range(len(count))])
    solid = holds & (count >= 2) & (spread > 2 * allowed)
    chance = np.clip((2 * off + 2 * g.half[total]) / np.maximum(spread, 1e-250), 1e-9, 1)
    nats = np.where(solid, np.clip(-np.log(chance), 0, CAP), 0.0)
    kept = asked.sum(axis=1)
    score = nats.sum(axis=1) - MISS * (kept - holds.sum(axis=1)) - np.log(2 * g.size)
    score[(holds.sum(axis=1) < SUPPORT * np.maximum(kept, 1)) | (solid.sum(axis=1) == 0)] = -1.0
    k = int(np.argmax(score))
    tally = Tally(asked[k], holds[k], solid[k], nats[k], mean[k] - g.value[total], allowed[k])
    return Found(total, tuple(lines[: k + 2].tolist()), float(score[k]), tally)
