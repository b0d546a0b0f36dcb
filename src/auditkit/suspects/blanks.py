"""Unknown cells that the edits determine: deductive imputation, exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from auditkit.suspects.scaled import Changes, Scaled
from auditkit.suspects.trial import Trial, changed, meet, nearest, window

MOST_TOGETHER = 200
"""Unknown cells solved for at once; a form with more is simply not filled in."""

LINE = 3
"""Blank cells of one row or column that are one omission."""


def unknown(system: Scaled) -> frozenset[int]:
    return frozenset(cell for cell, quantity in enumerate(system.quantities) if quantity.value is None)


def determined(system: Scaled, trial: Trial, blank: Iterable[int]) -> tuple[dict[int, int], frozenset[int]]:
    """Values of the unknown cells that follow from the edits, and the cells that stay unknown.

    Three ways, repeated until nothing new follows: parts that can not be negative under a total already reached are 0;
    an equation, or several together, leave one exact value; a rounding interval holds one printable value. A cell for
    which two edits ask different values stays unknown: something else is wrong there.
    """
    values: dict[int, int] = {}
    rest = set(blank)
    new: Changes = ((-1, 0),)
    while rest and new:
        now = changed(system, trial, tuple(sorted(values.items())))
        found = {**_only(system, now, rest), **_solved(system, now, rest), **_zeros(system, now, rest)}
        new = tuple(sorted((cell, value) for cell, value in found.items() if _fits(system, now, cell, value, rest)))
        values.update(new)
        rest -= values.keys()
    return values, frozenset(rest)


def grouped(system: Scaled, cells: Iterable[int]) -> list[list[int]]:
    """Cells told one by one; those of a line that was not filled in at all, three at least, together."""
    left = sorted(cells)
    lines: dict[str, list[int]] = {}
    for cell in left:
        for name in system.quantities[cell].lines:
            lines.setdefault(name, []).append(cell)
    groups = []
    for line in sorted(lines.values(), key=lambda line: (-len(line), line)):
        if len(line) >= LINE and set(line) <= set(left) and not any(system.quantities[cell].text for cell in line):
            groups.append(line)
            left = [cell for cell in left if cell not in line]
    return sorted([*groups, *([cell] for cell in left)])


def _fits(system: Scaled, now: Trial, cell: int, value: int, rest: set[int]) -> bool:
    """Possible, and no edit in which it is the only unknown says otherwise."""
    if nearest(system, cell, value, value) != value:
        return False
    after = changed(system, now, ((cell, value),))
    alone = [edit for edit, _ in system.watch[cell] if not _others(system, edit, cell, rest)]
    return all(system.holds(edit, after.residuals[edit]) for edit in alone)


def _others(system: Scaled, edit: int, cell: int, rest: set[int]) -> bool:
    return any(c in rest and c != cell for c, _ in system.cells[edit])


def _only(system: Scaled, now: Trial, rest: set[int]) -> dict[int, int]:
    """Cells that are the only unknown of their edits, where the edits together leave one printable value."""
    found = {}
    for cell in sorted(rest):
        span: tuple[int | None, int | None] | None = (None, None)
        for edit, a in system.watch[cell]:
            if span is not None and not _others(system, edit, cell, rest):
                span = meet(span, window(system, now, cell, edit, a))
        if span is None or span[0] is None or span[1] is None:
            continue
        value, grid = nearest(system, cell, *span), system.grid[cell]
        if value is not None and value - grid < span[0] and value + grid > span[1]:
            found[cell] = value
    return found


def _zeros(system: Scaled, now: Trial, rest: set[int]) -> dict[int, int]:
    """An exact total already reached leaves nothing for parts that can not be negative."""
    found = {}
    for edit, terms in enumerate(system.cells):
        signs = {a > 0 for cell, a in terms if cell in rest}
        exact = system.bounds[edit] == (0, 0) and now.residuals[edit] == 0
        if exact and len(signs) == 1 and all(system.lows[cell] == 0 for cell, _ in terms if cell in rest):
            found.update({cell: 0 for cell, _ in terms if cell in rest})
    return found


def _solved(system: Scaled, now: Trial, rest: set[int]) -> dict[int, int]:
    """Cells fixed by several exact equations together (Gauss and Jordan); nothing when they contradict each other."""
    cells = sorted(rest)
    if len(cells) > MOST_TOGETHER:
        return {}
    column = {cell: i for i, cell in enumerate(cells)}
    rows = []
    for edit, terms in enumerate(system.cells):
        if system.bounds[edit] == (0, 0) and any(cell in column for cell, _ in terms):
            row = [Fraction(0)] * (len(cells) + 1)
            for cell, a in terms:
                if cell in column:
                    row[column[cell]] += a
            row[-1] = Fraction(-now.residuals[edit])
            rows.append(row)
    pivots = _reduce(rows, len(cells))
    if any(row[-1] and not any(row[:-1]) for row in rows):
        return {}
    found = {}
    for top, pivot in pivots:
        step = rows[top][-1]
        if sum(1 for a in rows[top][:-1] if a) == 1 and step.denominator == 1:
            found[cells[pivot]] = now.value(system, cells[pivot]) + step.numerator
    return found


def _reduce(rows: list[list[Fraction]], width: int) -> Sequence[tuple[int, int]]:
    """Reduced row echelon form in place; (row, column) of the pivots."""
    pivots: list[tuple[int, int]] = []
    for col in range(width):
        top = len(pivots)
        found = next((r for r in range(top, len(rows)) if rows[r][col]), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        lead = rows[top][col]
        rows[top] = [a / lead for a in rows[top]]
        for r, row in enumerate(rows):
            if r != top and row[col]:
                factor = row[col]
                rows[r] = [a - factor * b for a, b in zip(row, rows[top], strict=True)]
        pivots.append((top, col))
    return pivots
