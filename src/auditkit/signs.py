"""What a sheet itself tells about how far a cell may be trusted; ``suspects.priors`` weighs it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from auditkit.model.document import Cell, State
from auditkit.model.filled import Filled, Spot

FEWEST = 3
"""Formulas in a line before a typed number among them is odd."""
NEARLY_ALL = 0.8


def signs(source: Filled, slot: int, cell: Cell) -> tuple[str, ...]:
    """Names from ``priors.PRIORS`` for one cell of a submission, in its order."""
    told = ["formula"] if cell.formula else []
    spot = source.spots.get(source.form.slots[slot][0])
    if spot is None or source.document.kind != "workbook" or cell.place.row < 0:
        return tuple(told)
    grid, (row, column) = source.document.grids[spot.grid], (cell.place.row, cell.place.column)
    facts = grid.facts()
    if row in facts.hidden_rows or column in facts.hidden_columns:
        told.append("hidden")
    if cell.state == State.NUMBER and isinstance(grid.rows[row][column], str):
        told.append("stored as text")
    if cell.state == State.NUMBER and not cell.formula and _among_formulas(spot, row, column, facts.formulas.keys()):
        told.append("typed among formulas")
    return tuple(told)


def _among_formulas(spot: Spot, row: int, column: int, formulas: AbstractSet[tuple[int, int]]) -> bool:
    """Nearly all other cells of its row or of its column are formulas."""
    lines = (
        [(r, column) for r in spot.down if r is not None and r != row],
        [(row, c) for c in spot.across if c is not None and c != column],
    )
    counts = ((len(line), sum(place in formulas for place in line)) for line in lines)
    return any(computed >= max(FEWEST, NEARLY_ALL * others) for others, computed in counts)
