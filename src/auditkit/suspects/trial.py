"""What if: some cells get other values; which edits would fail then, and which value would heal a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditkit.suspects.scaled import Bound, Changes, Scaled


@dataclass(frozen=True, slots=True)
class Trial:
    """A state of the system. ``failing`` are the edits being explained; ``parked`` ones are not looked at."""

    moved: dict[int, int]
    residuals: list[int]
    failing: frozenset[int]
    offenders: frozenset[int]
    """Cells that are impossible by themselves (a negative or broken count) and stand in a failing edit."""
    parked: frozenset[int]

    @property
    def healed(self) -> bool:
        return not self.failing and not self.offenders

    def value(self, system: Scaled, cell: int) -> int:
        return self.moved.get(cell, system.values[cell])


def begin(system: Scaled, asked: Iterable[int], parked: frozenset[int]) -> Trial:
    """The system as given; ``asked`` are the edits to explain if they fail."""
    failing = frozenset(edit for edit in asked if not system.holds(edit, system.residuals[edit]))
    return Trial({}, list(system.residuals), failing, offenders(system, failing), parked)


def offenders(system: Scaled, failing: Iterable[int]) -> frozenset[int]:
    """Cells of these edits whose own value can not be right."""
    return frozenset(
        cell
        for edit in failing
        for cell in system.members[edit]
        if not possible(system, cell, system.values[cell]) and system.quantities[cell].value is not None
    )


def possible(system: Scaled, cell: int, value: int) -> bool:
    """Not below its lowest value, and whole where it counts."""
    low = system.lows[cell]
    return (low is None or value >= low) and (not system.quantities[cell].whole or value % system.grid[cell] == 0)


def changed(system: Scaled, trial: Trial, changes: Changes) -> Trial:
    """The trial with these cells set. Parked edits keep their residual up to date and are not judged."""
    moved, residuals = dict(trial.moved), trial.residuals.copy()
    touched: set[int] = set()
    for cell, value in changes:
        delta = value - trial.value(system, cell)
        moved[cell] = value
        for edit, a in system.watch[cell]:
            residuals[edit] += a * delta
            touched.add(edit)
    failing = set(trial.failing)
    for edit in touched - trial.parked:
        if system.holds(edit, residuals[edit]):
            failing.discard(edit)
        else:
            failing.add(edit)
    return Trial(moved, residuals, frozenset(failing), trial.offenders - moved.keys(), trial.parked)


def proposals(system: Scaled, trial: Trial, cell: int) -> list[int]:
    """Values that would heal at least one of the cell's failing edits (Scholtus 2009, with intervals)."""
    now, found = trial.value(system, cell), []
    around = sorted(system.watch[cell], key=lambda pair: pair[0] not in trial.failing)
    for edit, a in around:
        if edit not in trial.failing:
            break
        low, high = window(system, trial, cell, edit, a)
        if low is None or low != high:
            low, high = _narrowed(system, trial, cell, (low, high), around)
        value = nearest(system, cell, low, high)
        if value is not None and value != now and value not in found:
            found.append(value)
    return found


def window(system: Scaled, trial: Trial, cell: int, edit: int, a: int) -> tuple[Bound, Bound]:
    """Between which values of the cell the edit holds, everything else unchanged."""
    now, residual = trial.value(system, cell), trial.residuals[edit]
    low, high = system.bounds[edit]
    if a < 0:
        a, residual, low, high = -a, -residual, _negative(high), _negative(low)
    return (
        None if low is None else now - (residual - low) // a,
        None if high is None else now + (high - residual) // a,
    )


def _negative(bound: Bound) -> Bound:
    return None if bound is None else -bound


def _narrowed(
    system: Scaled, trial: Trial, cell: int, span: tuple[Bound, Bound], around: Sequence[tuple[int, int]]
) -> tuple[Bound, Bound]:
    """The span within the windows of the cell's other edits, failing ones first, as far as they meet."""
    for edit, a in around:
        if edit in trial.parked:
            continue
        met = meet(span, window(system, trial, cell, edit, a))
        if met is not None:
            span = met
    return span


def meet(one: tuple[Bound, Bound], other: tuple[Bound, Bound]) -> tuple[Bound, Bound] | None:
    """What two intervals share; None for nothing."""
    low = other[0] if one[0] is None else one[0] if other[0] is None else max(one[0], other[0])
    high = other[1] if one[1] is None else one[1] if other[1] is None else min(one[1], other[1])
    return None if low is not None and high is not None and low > high else (low, high)


def nearest(system: Scaled, cell: int, low: Bound, high: Bound) -> int | None:
    """A possible value in the middle of the interval, or at its only end; None when there is none."""
    floor, grid = system.lows[cell], system.grid[cell]
    if floor is not None and (low is None or low < floor):
        low = floor
    if low is None or high is None:
        end = low if high is None else high
        if end is None:
            return None
        return -(-end // grid) * grid if high is None else end // grid * grid
    if low > high:
        return None
    first, last = -(-low // grid) * grid, high // grid * grid
    if first > last:
        return low if low == high and not system.quantities[cell].whole else None
    middle = (low + high + grid) // (2 * grid) * grid
    return min(max(middle, first), last)
