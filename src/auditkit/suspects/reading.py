"""What an explanation says in words: its changes read as slips, and how far-fetched the whole is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditkit.model.words import Text
from auditkit.suspects.priors import points, signs_of
from auditkit.suspects.scaled import Bound, Changes, Scaled
from auditkit.suspects.slips import EVENT, KINDS, Slip, Sum, points_of, read, size, written
from auditkit.suspects.trial import Trial, changed, meet, nearest, window

MOST_VALUES = 60
"""Printable values tried within a rounding interval."""

CLEARLY = 3
"""Points by which a reason must beat the middle of the interval."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: one slip, or two cells that were swapped."""

    changes: Changes
    slip: Slip
    points: int


@dataclass(frozen=True, slots=True)
class Reading:
    """An explanation. Fewer points are likelier."""

    events: tuple[Event, ...]

    @property
    def points(self) -> int:
        return sum(event.points for event in self.events)

    @property
    def changes(self) -> Changes:
        return tuple(sorted(change for event in self.events for change in event.changes))


def reading(
    system: Scaled, trial: Trial, changes: Changes, settings: Mapping[str, int], *, refine: bool = True
) -> Reading:
    """Reads ``changes``, made to ``trial``: each by itself, or two as one where that is likelier.

    ``refine`` looks within rounding intervals for the value with the best reason.
    """
    exact = _refined(system, trial, changes) if refine else changes
    events = [_single(system, trial, change, settings) for change in exact]
    joined = True
    while joined and len(events) > 1:
        joined = False
        for one, other, both in _pairs(system, trial, events, settings):
            events = sorted([e for e in events if e not in {one, other}] + [both], key=lambda e: e.changes)
            joined = True
            break
    return Reading(tuple(events))


def line_reading(system: Scaled, trial: Trial, changes: Changes, slip: Slip, settings: Mapping[str, int]) -> Reading:
    """A whole line as one event. Its parts are as rare as their size says, on average; totals follow from them."""
    prior = max(points_for(system, cell, settings) for cell, _ in changes)
    rarity = 0
    if slip.kind == "line factor":
        free = [(cell, value) for cell, value in changes if not _total(system, trial, cell).parts]
        rarity = sum(
            _size(system, cell, value) - _size(system, cell, trial.value(system, cell)) for cell, value in free
        )
        rarity //= len(changes)
    return Reading((Event(changes, slip, EVENT + slip.points + prior + rarity),))


def line_of_blanks(events: Sequence[Event]) -> Event:
    """Blank cells of one line as one omission."""
    changes = tuple(sorted(change for event in events for change in event.changes))
    words = Text(
        "整行（列）没有填写，可按其余各数补齐", "the whole line was not filled in; the others tell its figures"
    )
    return Event(changes, Slip("line of blanks", KINDS["line of blanks"], words), max(e.points for e in events))


def _size(system: Scaled, cell: int, value: int) -> int:
    return size(system.decimal(value), system.quantities[cell].step)


def points_for(system: Scaled, cell: int, settings: Mapping[str, int]) -> int:
    quantity = system.quantities[cell]
    return quantity.weight + points(signs_of(quantity), settings)


def _single(system: Scaled, trial: Trial, change: tuple[int, int], settings: Mapping[str, int]) -> Event:
    cell, value = change
    slip = read(system.quantities[cell], system.decimal(value), _total(system, trial, cell))
    return Event((change,), slip, slip.points + points_for(system, change[0], settings))


def _total(system: Scaled, trial: Trial, cell: int) -> Sum:
    """The parts, where the cell stands alone on one side of an equation."""
    best: Sum = Sum()
    for edit, own in system.watch[cell]:
        others = [(c, a) for c, a in system.cells[edit] if c != cell]
        if system.edits[edit].relation == "=" and len(others) > 1 and all(a == -own for _, a in others):
            parts = Sum(tuple(system.decimal(trial.value(system, c)) for c, _ in others))
            best = max(best, parts, key=lambda one: len(one.parts))
    return best


def _refined(system: Scaled, trial: Trial, changes: Changes) -> Changes:
    """Within a rounding interval, the printable value with the best reason; exact edits leave no choice."""
    made = dict(changes)
    for cell in sorted(made):
        after = changed(system, trial, tuple(sorted(made.items())))
        span: tuple[Bound, Bound] | None = (None, None)
        for edit, a in system.watch[cell]:
            if span is not None and edit not in after.parked and edit not in after.failing:
                span = meet(span, window(system, after, cell, edit, a))
        if span is not None and span[0] != span[1]:
            values = (made[cell], *_nearby(system, trial, cell, made[cell], span))
            quantity, total = system.quantities[cell], _total(system, trial, cell)
            cost = {value: read(quantity, system.decimal(value), total).points for value in values}
            best = min(values, key=lambda value: cost[value])
            made[cell] = best if cost[best] + CLEARLY < cost[made[cell]] else made[cell]
    return tuple(sorted(made.items()))


def _nearby(system: Scaled, trial: Trial, cell: int, middle: int, span: tuple[Bound, Bound]) -> Iterator[int]:
    """Other possible values in the interval, outward from ``middle``; and likely ones when it has no end."""
    low, high = span
    grid, now = system.grid[cell], trial.value(system, cell)
    near = [middle + sign * grid * k for k in range(1, MOST_VALUES // 2 + 1) for sign in (1, -1)]
    far = [-now, *(now * 10**k for k in (1, 2, 3, 4)), *(now // 10**k for k in (1, 2, 3, 4) if now % 10**k == 0)]
    for value in near if low is not None and high is not None else near + far:
        inside = (low is None or value >= low) and (high is None or value <= high)
        if inside and value != now and nearest(system, cell, value, value) == value:
            yield value


def _pairs(
    system: Scaled, trial: Trial, events: list[Event], settings: Mapping[str, int]
) -> Iterator[tuple[Event, Event, Event]]:
    """Two events that are likelier as one: two cells swapped, or an amount booked in the wrong cell."""
    for i, one in enumerate(events):
        for other in events[i + 1 :]:
            if len(one.changes) == len(other.changes) == 1:
                both = joint(system, trial, one.changes + other.changes, settings)
                if both is not None and both.points < one.points + other.points:
                    yield one, other, both


def joint(system: Scaled, trial: Trial, changes: Changes, settings: Mapping[str, int]) -> Event | None:
    """Two changes as one event, or None where they have nothing to do with each other."""
    (a, new_a), (b, new_b) = sorted(changes)
    old_a, old_b = trial.value(system, a), trial.value(system, b)
    quantities = system.quantities[a], system.quantities[b]
    step = max(q.step for q in quantities)
    shown = [written(system.decimal(value), step) for value in (old_a, old_b, new_a, new_b)]
    prior = EVENT + _partners(system, a, b) + max(points_for(system, cell, settings) for cell in (a, b))
    if (new_a, new_b) == (old_b, old_a):
        words = Text(f"两格的数互换：{shown[0]} 与 {shown[1]}", f"two cells swapped: {shown[0]} and {shown[1]}")
        return Event(
            tuple(sorted(changes)), Slip("swapped cells", KINDS["swapped cells"], words), prior + KINDS["swapped cells"]
        )
    if new_a - old_a != old_b - new_b:
        return None
    moved = system.decimal(abs(new_a - old_a))
    amount = written(moved, step)
    words = Text(
        f"{amount} 记错了格：{shown[0]} 应为 {shown[2]}，{shown[1]} 应为 {shown[3]}",
        f"{amount} booked in the wrong cell: {shown[0]} for {shown[2]}, {shown[1]} for {shown[3]}",
    )
    slip = Slip("misplaced amount", KINDS["misplaced amount"], words)
    return Event(tuple(sorted(changes)), slip, prior + slip.points + size(moved, step))


def _partners(system: Scaled, a: int, b: int) -> int:
    """How many cells the other one could have been: those beside it, or any that shares an edit with it."""
    names = set(system.quantities[a].lines) & set(system.quantities[b].lines)
    between = system.quantities[a + 1 : b]
    if any(all(name not in quantity.lines for quantity in between) for name in names):
        return points_of(4)
    return points_of(2 * max(2, len({c for edit, _ in system.watch[a] for c, _ in system.cells[edit]})))
