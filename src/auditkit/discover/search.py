"""All identities of a sheet: every block, every panel, along rows and along columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from auditkit.discover.averages import find_averages
from auditkit.discover.balances import Balance, find_balances
from auditkit.discover.breaches import breach
from auditkit.discover.figures import Bools, Figures, Floats, figures
from auditkit.discover.ground import Ground, ground
from auditkit.discover.identity import Direction, Identity, Operator
from auditkit.discover.ratios import find_ratios
from auditkit.discover.rounding import adjusted_halves, base_halves
from auditkit.discover.structure import Block, blocks
from auditkit.discover.sums import Found, additive, find_sums, open_lines
from auditkit.discover.tree import only_children
from auditkit.model.document import Grid

Asked = tuple[Identity, list[int]]
"""An identity, and the witness lines in which it was asked and does not hold."""


MOST = 400_000
"""Cells of a sheet beyond which nothing is searched: such a sheet is data, not a table for readers."""


def too_large(grid: Grid) -> bool:
    """Whether a sheet is left unsearched; whoever reports must say so."""
    return sum(map(len, grid.rows)) > MOST


def identities(grid: Grid) -> tuple[Identity, ...]:
    """What holds in a sheet: sums, differences, averages, ratios, table by table; nothing where it is too large."""
    if too_large(grid):
        return ()
    sheet = figures(grid)
    return tuple(i for block in blocks(grid, sheet) for i in of_block(sheet, block))


def of_block(sheet: Figures, block: Block) -> tuple[Identity, ...]:
    """The identities of one table."""
    base = base_halves(sheet, block)
    found = _of_panels(sheet, block, base)
    if (wider := adjusted_halves(sheet, block, base, [identity for identity, _ in found])) is not None:
        found = _of_panels(sheet, block, wider)
    return tuple(_with_breaches(sheet, identity, missed) for identity, missed in found)


def _of_panels(sheet: Figures, block: Block, base: Floats) -> list[Asked]:
    found: list[Asked] = []
    axes: tuple[Direction, ...] = ("row", "column")
    for panel in block.panels:
        for axis in axes:
            g = ground(sheet, panel, axis, base)
            if g.size >= 2 and len(g.witnesses):
                found += _of_ground(g)
    return found


def _with_breaches(sheet: Figures, identity: Identity, missed: Sequence[int]) -> Identity:
    """The identity with what is found where it was asked and does not hold."""
    told = (breach(sheet, identity, witness) for witness in missed)
    return replace(identity, exceptions=tuple(b for b in told if b is not None))


def _of_ground(g: Ground) -> list[Asked]:
    repeated = only_children(g)
    first = g.trusted
    flows = find_balances(g, np.array([i for i in range(g.size) if i not in repeated], dtype=np.intp))
    g, sums = find_sums(g, [frozenset((b.total, *b.parts)) for b in flows])
    flows = [b for b in flows if not _two_breakdowns(b, sums)]
    open_now, _ = open_lines(g, sums, repeated)
    flows += [
        b for b in find_balances(g, open_now) if not any({b.total, *b.parts} & {f.total, *f.parts} for f in flows)
    ]
    kept = additive(g, sums) | first
    found = [_as_identity(g, "sum", f, kept) for f in sums]
    found += [_as_identity(g, "difference", Found(*b), kept) for b in flows]
    every = np.ones(len(g.witnesses), dtype=bool)
    found += [_as_identity(g, "average", f, every) for f in find_averages(g, sums)]
    for r in find_ratios(g, frozenset(f.total for f in sums)):
        base = g.witnesses[r.base].index if r.base >= 0 else -1
        told, missed = _as_identity(g, r.op, Found(r.total, r.parts, r.score, r.tally), every)
        found.append((replace(told, base=base, factor=r.factor), missed))
    return found


def _two_breakdowns(balance: Balance, sums: Sequence[Found]) -> bool:
    """Men + women = full time + part time: two ways to one total, no balance."""
    lines = {balance.total, *balance.parts}
    inside = [f.total for f in sums if lines >= set(f.parts)]
    return len(inside) > len(set(inside))


def _as_identity(g: Ground, op: Operator, f: Found, kept: Bools) -> Asked:
    counted = f.tally.asked & kept
    holds = np.flatnonzero(f.tally.holds & counted)
    missed = [g.witnesses[w].index for w in np.flatnonzero(counted & ~f.tally.holds)]
    identity = Identity(
        op=op,
        axis=g.axis,
        total=g.lines[f.total].index,
        parts=tuple(g.lines[p].index for p in f.parts),
        witnesses=tuple(g.witnesses[w].index for w in holds),
        of=int(counted.sum()),
        labels=(g.lines[f.total].name, *(g.lines[p].name for p in f.parts)),
        score=round(f.score, 3),
        solid=int((f.tally.solid & counted).sum()),
    )
    return identity, missed
