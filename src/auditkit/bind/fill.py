"""Values, states and cells of a submission whose places are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from auditkit.bind.kinds import in_kind
from auditkit.bind.pages import real
from auditkit.bind.plan import Plan
from auditkit.model.document import Cell, Document, Place, SheetFacts, State
from auditkit.numerals import LARGEST, Written, of_value
from auditkit.units import POWERS, shift, shifted

NAN = float("nan")
_FLOATS = frozenset({float})


def fill(plan: Plan, document: Document, data: tuple[Any, ...]) -> tuple[tuple[float, ...], bytes, bool]:
    """One value and one state per slot, and whether they all stand as numbers in the file.

    ``data``: what stands there, slot by slot.
    Facts about a grid are asked for only if a blank or a rate needs them.
    """
    formatted = plan.rated if plan.rated and plan.needs_formats(data) else ()
    plain = not (plan.shifts or formatted or plan.days) and _FLOATS.issuperset(map(type, data))
    if plain and -LARGEST < sum(data) < LARGEST:
        return _without_fixed(plan, data), plan.states, True
    values, states = map(list, zip(*map(_read, data, plan.units, plan.powers), strict=True)) if data else ([], [])
    facts = _Facts(document)
    asking = [slot for slot, state in enumerate(states) if state == State.BLANK] if State.BLANK in states else []
    for slot in (*asking, *formatted):
        if (cell := plan.cells[slot]) and (states[slot] == State.BLANK or facts.formatted(cell)):
            written = facts.written(cell, data[slot])
            states[slot] = written.state
            values[slot] = NAN if written.number is None else float(shifted(written.number, plan.powers[slot]))
    for slot in plan.special:
        if states[slot] == State.TEXT or slot in plan.days:
            written = in_kind(plan.kind(slot), data[slot], of_value(data[slot]))
            states[slot], values[slot] = written.state, NAN if written.number is None else float(written.number)
    for slot, state in plan.fixed.items():
        values[slot], states[slot] = NAN, state
    return tuple(values), bytes(states), False


def _without_fixed(plan: Plan, data: tuple[float, ...]) -> tuple[float, ...]:
    if not plan.fixed:
        return data
    values = [*data]
    for slot in plan.fixed:
        values[slot] = NAN
    return tuple(values)


@lru_cache(1 << 15, typed=True)
def _read(value: Any, wanted: str, power: int) -> tuple[float, State]:
    """A raw value without its number format, in the unit wanted."""
    if type(value) is float and not power and -LARGEST < value < LARGEST:
        return value, State.NUMBER
    written = of_value(value)
    if written.number is None:
        return NAN, written.state
    return float(shifted(written.number, _power(written, wanted, power))), written.state


def _power(written: Written, wanted: str, power: int) -> int:
    """The cell's own unit first, then its header's."""
    return shift(written.unit, wanted) if wanted and written.unit in POWERS else power


@dataclass
class _Facts:
    """What values do not tell, gathered once per grid and only when asked."""

    document: Document
    known: dict[int, SheetFacts] = field(default_factory=dict)

    def of(self, grid: int) -> SheetFacts:
        if grid not in self.known:
            self.known[grid] = self.document.grids[grid].facts()
        return self.known[grid]

    def formatted(self, cell: tuple[int, int, int]) -> bool:
        return cell[1:] in self.of(cell[0]).formats

    def written(self, cell: tuple[int, int, int], value: Any) -> Written:
        grid, *spot = cell
        facts, at = self.of(grid), (spot[0], spot[1])
        if value is None or (type(value) is str and (not value or value.isspace())):
            if at in facts.errors:
                return Written(facts.errors[at], None, State.ERROR)
            if at in facts.uncalculated:
                return Written("", None, State.UNCALCULATED)
        return of_value(value, facts.formats.get(at, ""))


@dataclass(frozen=True)
class Cells:
    """Slot → its cell, made when asked."""

    plan: Plan
    document: Document
    _facts: _Facts

    def __call__(self, slot: int) -> Cell:
        plan, document = self.plan, self.document
        at = plan.cells[slot]
        if at is None:
            stand = plan.spots.get(plan.form.slots[slot][0])
            sheet = document.grids[stand.grid].name if stand else ""
            return Cell(Place(document.name, sheet), "", None, plan.fixed[slot])
        grid, row = real(document, *at[:2])
        column = at[2]
        value = document.grids[grid].rows[row][column]
        written = in_kind(plan.kind(slot), value, self._facts.written((grid, row, column), value))
        power = _power(written, plan.units[slot], plan.powers[slot]) if type(value) is str else plan.powers[slot]
        step = written.step.scaleb(power) if power else written.step
        return Cell(
            place=Place(document.name, document.grids[grid].name, row, column),
            text=written.text,
            number=None if written.number is None else shifted(written.number, power),
            state=written.state,
            step=plan.form.tables[plan.form.slots[slot][0]].finest(step),
            unit=written.unit,
            formula=self._facts.of(grid).formulas.get((row, column), ""),
        )


def cells(plan: Plan, document: Document) -> Cells:
    return Cells(plan, document, _Facts(document))
