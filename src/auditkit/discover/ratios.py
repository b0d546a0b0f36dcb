"""Lines that are the quotient of two others, the change between them, or a share of a total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from auditkit.discover.figures import Bools, Floats
from auditkit.discover.gaps import says_change
from auditkit.discover.ground import CAP, MISS, NOISE, Ground, Ints, Tally
from auditkit.discover.runs import SUPPORT

NEAR = 10
"""Lines between a ratio and its parts, at most."""
WHOLES = 10
"""Largest totals that are tried as the whole, wherever they stand."""
LARGEST = 3
"""Largest lines that are tried as the whole, totals or not."""
MANY = 60
"""Lines beyond which only those called ratios are tried."""
ENOUGH = 6.0
"""Nats, after the cost of the search, for a line of percentages or rates."""
UNNAMED = 14.0
"""The same for lines that neither words nor percent signs call a ratio."""
ALIKE = 2
"""Lines explained in one way after which weaker evidence will do."""
MANY_ALIKE = 3
"""Lines that are explained in one way, each weakly, that may bear each other out."""
LIKELY = 30
"""Candidates that are looked at for one line, of each kind."""
POOLED = 10.0
"""Nats they must have together."""
EQUAL = 3.0
"""Nats that tell no difference between two explanations."""
VAGUE = 10
"""Times half a unit by which a quotient may be off where no word calls it one, however little its parts say."""
LEAST = 3
"""Witnesses, unless there are fewer."""


class Ratio(NamedTuple):
    """``total`` = factor × first / second part, or × (first − second) / second, or × part / its cell in ``base``."""

    op: Literal["division", "change", "share"]
    total: int
    parts: tuple[int, ...]
    factor: int
    base: int
    score: float
    tally: Tally
    nats: float = 0.0
    """Before the cost of the search."""


def find_ratios(g: Ground, totals: frozenset[int]) -> list[Ratio]:
    """At most one for every line; weak ones only where several lines are explained in the same way."""
    asked = [i for i in range(g.size) if (i not in totals or g.lines[i].percent) and _may_be_ratio(g, i)]
    tried = [[*_shares(g, line), *_quotients(g, line, totals)] for line in asked]
    best = [_preferred(g, some) for some in tried if some]
    found = [r for r in best if r.score >= (ENOUGH if g.lines[r.total].percent else UNNAMED)]
    sure = Counter(way for r in found for way in _ways(r))
    pooled = _pooled(tried)
    kept = []
    for some in filter(None, tried):
        top = _preferred(g, some)
        if top in found or (top.score > 0 and any(sure[w] >= ALIKE for w in _ways(top))):
            kept.append(top)
        elif g.lines[top.total].percent:
            alike = [(max(pooled.get(w, 0.0) for w in _ways(r)), r.score, -i, r) for i, r in enumerate(some)]
            likeliest = max(alike)
            kept += [likeliest[3]] if likeliest[0] >= POOLED else []
    return kept


def _preferred(g: Ground, some: list[Ratio]) -> Ratio:
    """The likeliest; growth over a base rather than the share of the growth in that base, which is the same."""
    top = max(some, key=lambda r: r.score)
    signed = says_change(g.lines[top.total]) or bool((g.value[top.total] < 0).any())
    if top.op != "division" or not signed:
        return top
    same = [
        r
        for r in some
        if r.op == "change" and (r.parts[1], r.factor) == (top.parts[1], top.factor) and r.score >= top.score - EQUAL
    ]
    return max(same, key=lambda r: r.score, default=top)


def _pooled(tried: list[list[Ratio]]) -> dict[tuple[object, ...], float]:
    """What all lines together say for a way of making ratios, where several say something: nats."""
    said: dict[tuple[object, ...], dict[int, float]] = {}
    for r in (r for some in tried for r in some):
        for way in _ways(r):
            lines = said.setdefault(way, {})
            lines[r.total] = max(lines.get(r.total, 0.0), r.nats)
    cost = float(np.log(max(1, len(said))))
    return {way: sum(lines.values()) - cost for way, lines in said.items() if len(lines) >= MANY_ALIKE}


def _ways(r: Ratio) -> tuple[tuple[object, ...], ...]:
    """How a ratio is made: from lines at these distances; or from one at this distance and this whole."""
    first = r.parts[0] - r.total
    if r.op == "share":
        return (("share", first, r.factor, r.base),)
    return (r.op, r.factor, first, r.parts[1] - r.total), (r.op, r.factor, first, "of", r.parts[1])


def _may_be_ratio(g: Ground, line: int) -> bool:
    """Called so, or written with decimals."""
    told = g.number[line]
    return bool(told.any() and (g.lines[line].percent or (g.size <= MANY and (g.half[line][told] < 0.5).any())))


def _factors(g: Ground, line: int) -> tuple[int, ...]:
    return (100, 1, 1000, 100_000) if g.lines[line].percent else (1, 100)


def _near(g: Ground, line: int) -> Ints:
    near = [i for i in range(max(0, line - NEAR), min(g.size, line + NEAR + 1)) if i != line and not g.lines[i].percent]
    return np.array(near, dtype=np.intp)


def _namesakes(g: Ground, line: int) -> list[int]:
    """Lines of the same words in other groups: numbers above, their percentages below."""
    text = g.lines[line].text
    same = [i for i in range(g.size) if i != line and text and g.lines[i].text == text and not g.lines[i].percent]
    return same if len(same) <= 3 else []


def _quotients(g: Ground, line: int, totals: frozenset[int]) -> list[Ratio]:
    """Of two near lines, or of a near line and a total anywhere."""
    near = _near(g, line)
    wholes = sorted((t for t in totals if not g.lines[t].percent), key=lambda t: (-float(np.abs(g.value[t]).sum()), t))
    largest = np.argsort(-np.abs(g.value).sum(axis=1), kind="stable")[:LARGEST]
    whole_lines = {*wholes[:WHOLES], *(i for i in largest.tolist() if not g.lines[i].percent and i != line)}
    near = np.union1d(near, np.array(_namesakes(g, line), dtype=np.intp))
    below = np.union1d(near, np.array(sorted(whole_lines), dtype=np.intp))
    if len(near) < 1 or len(below) < 2:
        return []
    first, second = (a.ravel() for a in np.meshgrid(near, below, indexing="ij"))
    apart = first != second
    first, second = first[apart], second[apart]
    above, whole = g.value[first], g.value[second]
    known = g.number[first] & g.number[second] & (whole != 0)
    safe = np.where(whole == 0, 1.0, whole)
    quotient = above / safe
    slack = (g.half[first] + np.abs(quotient) * g.half[second]) / np.maximum(np.abs(safe) - g.half[second], NOISE)
    found = []
    for factor in _factors(g, line):
        for op, value in (("division", quotient), ("change", quotient - 1)):
            if op == "change" and factor > 100:
                continue
            for k, nats, score, tally in _weighed(g, line, factor * value, factor * slack, known, len(first)):
                parts = (int(first[k]), int(second[k]))
                kind: Literal["division", "change"] = "division" if op == "division" else "change"
                found.append(Ratio(kind, line, parts, factor, -1, score, tally, nats))
    return found


def _shares(g: Ground, line: int) -> list[Ratio]:
    """Percentages of a total that stands in another witness: there the share is 100."""
    found = []
    near = _near(g, line)
    if not len(near) or not g.lines[line].percent:
        return []
    for factor in (100, 1):
        bases = np.flatnonzero(g.number[line] & (np.abs(g.value[line] - factor) <= NOISE))[:3]
        for base in bases.tolist():
            whole = g.value[near, base][:, None]
            known = g.number[near] & g.number[near, base][:, None] & (whole != 0)
            known[:, base] = False
            quotient = g.value[near] / np.where(whole == 0, 1.0, whole)
            slack = (g.half[near] + np.abs(quotient) * g.half[near, base][:, None]) / np.maximum(np.abs(whole), NOISE)
            tries = len(near) * max(1, len(bases))
            for k, nats, score, tally in _weighed(g, line, factor * quotient, factor * slack, known, tries):
                found.append(Ratio("share", line, (int(near[k]),), factor, base, score, tally, nats))
    return found


def _weighed(
    g: Ground, line: int, value: Floats, slack: Floats, known: Bools, tried: int
) -> Iterator[tuple[int, float, float, Tally]]:
    """The likely ones of many candidates, each a row of expected values: row, nats, nats less the search's cost."""
    told = g.number[line]
    asked = known & told
    off = np.abs(value - g.value[line])
    allowed = g.half[line] + slack + NOISE * np.abs(value)
    holds = asked & (off <= allowed)
    if not g.lines[line].percent:
        holds &= off <= VAGUE * g.half[line] + NOISE * np.abs(value)
    count, held = asked.sum(axis=1), holds.sum(axis=1)
    solid = holds & (g.value[line] != 0)
    least = min(LEAST, int(told.sum()))
    enough = (held >= SUPPORT * np.maximum(count, 1)) & (count >= 0.5 * told.sum()) & (solid.sum(axis=1) >= least)
    if not enough.any():
        return
    size = np.abs(g.value[line])
    spread = np.maximum(np.minimum(max(float(np.ptp(g.value[line][told])), float(size[told].mean()) / 2), size), 1e-250)
    chance = np.clip(np.minimum(2 * off + 2 * allowed, spread) / spread, 1e-9, 1)
    nats = np.where(solid, np.clip(-np.log(chance), 0, CAP), 0.0)
    gained = np.where(enough, nats.sum(axis=1) - MISS * (count - held), -1.0)
    for k in (k for k in np.argsort(-gained, kind="stable")[:LIKELY].tolist() if gained[k] > 0):
        several = len({float(v) for v in g.value[line][solid[k]]}) >= min(2, int(told.sum()))
        if several:
            tally = Tally(asked[k], holds[k], solid[k], nats[k], value[k] - g.value[line], allowed[k])
            yield k, float(gained[k]), float(gained[k] - np.log(2 * tried)), tally
