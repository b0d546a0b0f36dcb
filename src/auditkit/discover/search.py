"""All identities of a sheet: every block, every panel, along rows and along columns."""

from __future__ import annotations

import numpy as np

from auditkit.discover.figures import Figures, figures
from auditkit.discover.ground import Bools, Ground, ground
from auditkit.discover.identity import Direction, Identity
from auditkit.discover.rounding import base_halves
from auditkit.discover.structure import Block, blocks
from auditkit.discover.sums import Found, find_sums
from auditkit.model.document import Grid


def identities(grid: Grid) -> tuple[Identity, ...]:
    """What holds in a sheet: sums, differences, averages, ratios, in the order of the sheet."""
    sheet = figures(grid)
    return tuple(i for block in blocks(grid, sheet) for i in of_block(sheet, block))


def of_block(sheet: Figures, block: Block) -> tuple[Identity, ...]:
    """The identities of one table."""
    base = base_halves(sheet, block)
    found: list[Identity] = []
    for panel in block.panels:
        for axis in ("row", "column"):
            g = ground(sheet, panel, axis, base)
            if g.size >= 3:
                g, sums = find_sums(g)
                found += [_as_identity(g, f, axis, sums) for f in sums]
    return tuple(found)


def _as_identity(g: Ground, f: Found, axis: Direction, found: list[Found]) -> Identity:
    counted = f.tally.asked & _additive(g, found)
    holds = np.flatnonzero(f.tally.holds & counted)
    return Identity(
        op="sum",
        axis=axis,
        total=g.lines[f.total].index,
        parts=tuple(g.lines[p].index for p in f.parts),
        witnesses=tuple(g.witnesses[w].index for w in holds),
        of=int(counted.sum()),
        labels=(g.lines[f.total].name, *(g.lines[p].name for p in f.parts)),
        score=round(f.score, 3),
        solid=int((f.tally.solid & counted).sum()),
    )


def _additive(g: Ground, found: list[Found]) -> Bools:
    """Witnesses that are trusted, or in which the sums hold all the same."""
    asked = np.sum([f.tally.asked for f in found], axis=0)
    holds = np.sum([f.tally.holds for f in found], axis=0)
    kept: Bools = g.trusted | (holds >= 0.5 * np.maximum(asked, 1))
    return kept
