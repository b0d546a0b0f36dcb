"""The same system in whole numbers: every value a count of the smallest unit, every edit a row of integers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from auditkit.suspects.system import Edit, Quantity

Bound = int | None
Changes = tuple[tuple[int, int], ...]
"""(cell, new value), by cell; a cell is the position of a quantity in ``Scaled.quantities``."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """Cells and edits are positions; quantities stand by id and edits by key, whatever order they came in."""

    quantities: tuple[Quantity, ...]
    edits: tuple[Edit, ...]
    places: int
    """Decimal places of the unit: values are multiples of 10 ** -places."""
    values: list[int]
    lows: list[Bound]
    grid: list[int]
    """What a right value is a multiple of."""
    cells: list[tuple[tuple[int, int], ...]]
    """Edit → its (cell, coefficient)."""
    members: list[frozenset[int]]
    """Edit → its movable cells."""
    watch: list[list[tuple[int, int]]]
    """Cell → the (edit, coefficient) it is in."""
    widest: int
    """Most edits any cell is in, at least 1."""
    bounds: list[tuple[Bound, Bound]]
    """Edit → where its residual may lie."""
    residuals: list[int]

    def decimal(self, value: int) -> Decimal:
        """A scaled value as the number it stands for; exact at any size."""
        return Decimal(f"{value}E-{self.places}") if self.places else Decimal(value)

    def holds(self, edit: int, residual: int) -> bool:
        low, high = self.bounds[edit]
        return (low is None or residual >= low) and (high is None or residual <= high)


def scale(quantities: Iterable[Quantity], edits: Iterable[Edit]) -> Scaled:
    """Puts the system on integers.

    Raises:
        KeyError: an edit names a quantity that was not given.
    """
    ordered = tuple(sorted(quantities, key=lambda quantity: quantity.id))
    rows = tuple(sorted(edits, key=lambda edit: (edit.key, edit.terms)))
    places = _places(ordered, rows)
    unit = 10**places
    values = [0 if q.value is None else _whole(q.value, unit) for q in ordered]
    position = {quantity.id: cell for cell, quantity in enumerate(ordered)}
    watch: list[list[tuple[int, int]]] = [[] for _ in ordered]
    cells, bounds, residuals = [], [], []
    for row, edit in enumerate(rows):
        terms, constant, slack = _integers(edit, position, unit)
        cells.append(terms)
        bounds.append((None if edit.relation == "≤" else -slack, None if edit.relation == "≥" else slack))
        residuals.append(constant + sum(a * values[cell] for cell, a in terms))
        for cell, a in terms:
            watch[cell].append((row, a))
    return Scaled(
        quantities=ordered,
        edits=rows,
        places=places,
        values=values,
        lows=[None if q.low is None else _whole(q.low, unit) for q in ordered],
        grid=[unit if q.whole else _whole(q.step, unit) for q in ordered],
        cells=cells,
        members=[frozenset(cell for cell, _ in terms if ordered[cell].movable) for terms in cells],
        watch=watch,
        widest=max((len(edits) for edits in watch), default=1) or 1,
        bounds=bounds,
        residuals=residuals,
    )


def _places(quantities: Sequence[Quantity], edits: Sequence[Edit]) -> int:
    """Decimal places that make every value, step, bound and slack a whole number."""
    numbers = {q.value for q in quantities} | {q.step for q in quantities} | {q.low for q in quantities}
    numbers |= {edit.slack for edit in edits} | {c for edit in edits if isinstance(c := edit.constant, Decimal)}
    common = lcm(*(number.as_integer_ratio()[1] for number in numbers if number is not None))
    places = 0
    while 10**places % common:
        places += 1
    return places


def _whole(value: Decimal, unit: int) -> int:
    top, bottom = value.as_integer_ratio()
    return top * unit // bottom


def _integers(edit: Edit, position: dict[int, int], unit: int) -> tuple[tuple[tuple[int, int], ...], int, int]:
    """Coefficients, constant and slack of one edit over one common denominator; equal cells added up."""
    fixed = edit.constant
    if not isinstance(fixed, Decimal) and fixed.denominator == 1:
        fixed = Decimal(int(fixed))
    if isinstance(fixed, Decimal) and all(not isinstance(a, Decimal) and a.denominator == 1 for _, a in edit.terms):
        terms = [(position[cell], int(a)) for cell, a in edit.terms]
        constant, slack = _whole(fixed, unit), _whole(edit.slack, unit)
    else:
        exact = [(position[cell], Fraction(a)) for cell, a in edit.terms]
        base, width = Fraction(edit.constant) * unit, Fraction(edit.slack) * unit
        common = lcm(base.denominator, width.denominator, *(a.denominator for _, a in exact))
        terms = [(cell, int(a * common)) for cell, a in exact]
        constant, slack = int(base * common), int(width * common)
    total: dict[int, int] = {}
    for cell, a in terms:
        total[cell] = total.get(cell, 0) + a
    return tuple((cell, a) for cell, a in sorted(total.items()) if a), constant, slack
