"""First pass, in float64 over the whole stack: clears what holds beyond doubt. It never condemns.

A sum of 25 doubles is off by a few units in the last place; what differs by less than that is equal, everything
else goes to ``judge``, which works on the digits of the cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import numpy.typing as npt

from auditkit.edits.certain import Certain, all_of, any_of, compared, compared_exactly
from auditkit.model.document import State
from auditkit.model.expression import (
    Binary,
    Call,
    Cells,
    Compare,
    Condition,
    ExistsIn,
    Expression,
    Fact,
    InLine,
    IsBlank,
    IsOrdered,
    IsUnique,
    Logic,
    Name,
    Number,
    OneOf,
    Quoted,
    Within,
    walk,
)
from auditkit.model.form import Form, Table
from auditkit.model.rule import Rule, Scope
from auditkit.movement import moved
from auditkit.stack import Bools, Floats, Layer, Stack

_ARITHMETIC: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
_REDUCTIONS: dict[str, Callable[[Floats, int], Floats]] = {
    "sum": lambda many, axis: many.sum(axis),
    "min": lambda many, axis: many.min(axis),
    "max": lambda many, axis: many.max(axis),
    "median": lambda many, axis: np.asarray(np.median(many, axis)),
}

Indexes = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Screened:
    """N × instances. What is neither cleared nor skipped is undecided."""

    cleared: Bools
    skipped: Bools
    """The rule's condition is surely not met, so nobody is asked."""


Said = Callable[[Condition], Certain | None]
"""What surely holds of texts; None of a condition over numbers."""


def slots_of(cells: Cells, scope: Scope | None, form: Form) -> Indexes:
    """Slots a name means, instances × cells: one row for each line (or cell) of the quantifier."""
    table = form.tables[cells.table]
    width = len(table.columns.lines)
    lines = np.array((0,) if scope is None else scope.lines, dtype=np.intp)[:, np.newaxis]
    own, other = np.divmod(lines, width) if scope is not None and scope.each == "cell" else (lines, lines)
    if scope is not None and cells.back:
        own, other = (own - cells.back, other) if scope.each == "row" else (own, other - cells.back)
    if cells.rows is None and scope is not None and table.records and (cells.table != scope.table or cells.line):
        own = _same_records(own, cells, form.tables[scope.table], table)
    rows = own if cells.rows is None else np.array(cells.rows, dtype=np.intp)[np.newaxis, :]
    columns = other if cells.columns is None else np.array(cells.columns, dtype=np.intp)[np.newaxis, :]
    found: Indexes = table.offset + rows[:, :, np.newaxis] * width + columns[:, np.newaxis, :]
    _, down, across = found.shape
    return np.broadcast_to(found, (len(lines), down, across)).reshape(len(lines), down * across)


def _same_records(rows: Indexes, cells: Cells, table: Table, other: Table) -> Indexes:
    """The rows of the same records in another list, or another line of them."""
    down = [*other.records.lines].index(cells.line) if cells.line and other.records else 0
    where = [other.rows.records.get(line.record, -1 - down) + down for line in table.rows.lines]
    return np.array(where, dtype=np.intp)[rows]


def kinds(scope: Scope | None, form: Form) -> Indexes:
    """What sets the lines of a quantifier apart in kind: the column, for each cell; rows of a list are of one kind."""
    lines = np.array((0,) if scope is None else scope.lines, dtype=np.intp)
    by_cell = scope is not None and scope.each == "cell"
    return (
        lines % len(form.tables[scope.table].columns.lines) if scope is not None and by_cell else np.zeros_like(lines)
    )


def screen(rule: Rule, stack: Stack) -> Screened:
    """Evaluate one rule for all submissions and all its lines at once."""
    return Screener(rule, stack.form).screen(stack)


def needs_words(rule: Rule) -> bool:
    """Does the rule speak of facts stated in words, text, or other submissions? Those are judged one by one."""
    return any(
        isinstance(node, Fact | Quoted | IsUnique | ExistsIn)
        or (isinstance(node, Call) and node.function == "children")
        for node in rule.nodes
    )


class Screener:
    """One rule over one form, for one stack after the other."""

    def __init__(self, rule: Rule, form: Form) -> None:
        self.rule = rule
        self.form = form
        self._slots: dict[Cells, Indexes] = {}
        self._exact: dict[Condition, bool] = {}

    def screen(self, stack: Stack, said: Said | None = None) -> Screened:
        """Evaluate the rule for all submissions and all its lines at once; ``said`` tells of conditions over texts."""
        rule = self.rule
        shape = (stack.height, 1 if rule.scope is None else len(rule.scope.lines))
        nothing = np.zeros(shape, dtype=bool)
        if said is None and needs_words(rule):
            return Screened(nothing, nothing)
        screening = _Screening(self, stack, shape, said)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            cleared = screening.certain(rule.check).yes | nothing
            if rule.when is None:
                return Screened(cleared, nothing)
            met = screening.certain(rule.when)
        return Screened(cleared & met.yes, met.no | nothing)

    def slots(self, cells: Cells) -> Indexes:
        """Slots a name means, instances × cells."""
        if cells not in self._slots:
            self._slots[cells] = slots_of(cells, self.rule.scope, self.form)
        return self._slots[cells]

    def exact(self, node: Condition, slots: Bools) -> bool:
        """Whether a condition is over exact numbers alone, and divides none; ``slots``: which of the form's are."""
        if node not in self._exact:
            inner = walk(node)
            divided = any(isinstance(n, Binary) and n.operator == "/" for n in inner)
            known = all(slots[self.slots(n)].all() for n in inner if isinstance(n, Cells))
            self._exact[node] = known and not divided
        return self._exact[node]


class _Screening:
    """One rule over one stack."""

    def __init__(self, rule: Screener, stack: Stack, shape: tuple[int, int], said: Said | None) -> None:
        self.stack = stack
        self.of = rule
        self.lenient = rule.rule.tolerance is not None
        self.shape = shape
        self.said = said

    def certain(self, node: Condition) -> Certain:
        told = None if self.said is None else self.said(node)
        return self._certain(node) if told is None else told

    def _certain(self, node: Condition) -> Certain:
        match node:
            case Compare(relation, left, right):
                return self._compare(relation, self.number(left), self.number(right), exact=self._exact(node))
            case Within(left, percent, right):
                return self._within(self.number(left), float(percent), self.number(right))
            case InLine(left, right):
                return self._in_line(self.number(left), self.number(right))
            case IsBlank(operand, negated):
                blank = self._blank(operand)
                return Certain(~blank, blank) if negated else Certain(blank, ~blank)
            case OneOf(operand, choices):
                value = self.number(operand)
                hits = [self._compare("=", value, self.number(c), exact=self._exact(node)) for c in choices]
                return Certain(any_of([h.yes for h in hits]), all_of([h.no for h in hits]))
            case Logic("not", operands):
                inner = self.certain(operands[0])
                return Certain(inner.no, inner.yes)
            case Logic(operator, operands):
                parts = [self.certain(o) for o in operands]
                join, other = (all_of, any_of) if operator == "and" else (any_of, all_of)
                return Certain(join([p.yes for p in parts]), other([p.no for p in parts]))
            case IsOrdered(operand, descending):
                return self._ordered(operand, descending=descending)
            case IsUnique() | ExistsIn():
                raise TypeError(node)
            case _:
                assert_never(node)

    def _exact(self, node: Condition) -> bool:
        return self.of.exact(node, self.stack.exact)

    def _compare(self, relation: str, left: Floats, right: Floats, *, exact: bool) -> Certain:
        if exact:
            return compared_exactly(relation, left - right, lenient=self.lenient)
        return compared(relation, left, right, lenient=self.lenient)

    def _ordered(self, operand: Expression, *, descending: bool) -> Certain:
        """Values never below the greatest before them, whatever is no number apart."""
        many = self._many(operand, None)
        turned = -many if descending else many
        gone = np.isnan(many)
        fine: Bools = np.asarray((gone | (turned >= np.fmax.accumulate(turned, axis=2))).all(axis=2))
        return Certain(fine, np.zeros_like(fine))

    def _within(self, left: Floats, percent: float, right: Floats) -> Certain:
        room = percent / 100 * np.abs(right) - np.abs(left - right)
        noise = 1e-12 * np.abs(right)
        return Certain(np.isfinite(room) & (room > noise), np.isfinite(room) & (room < -noise))

    def _in_line(self, left: Floats, right: Floats) -> Certain:
        columns = kinds(self.of.rule.scope, self.stack.form)
        left, right = np.broadcast_to(left, self.shape), np.broadcast_to(right, self.shape)
        beyond = np.full(self.shape, np.nan)
        for n in range(self.shape[0]):
            for column in np.unique(columns):
                own = columns == column
                beyond[n, own] = moved(left[n, own], right[n, own]).beyond
        return Certain(beyond <= 1, beyond > 1)

    def number(self, node: Expression, layer: Layer | None = None) -> Floats:
        """One number an instance: N × instances; a constant stands for all."""
        match node:
            case Number(value):
                return np.array(float(value))
            case Cells() | Call("last_year"):
                return self._many(node, layer)[..., 0]
            case Binary(operator, left, right):
                return _ARITHMETIC[operator](self.number(left, layer), self.number(right, layer))
            case Call("positive"):
                return np.full(self.shape, np.nan)
            case Call("abs", arguments):
                return np.abs(self.number(arguments[0], layer))
            case Call(function, arguments):
                many = np.concatenate([self._many(a, layer) for a in arguments], axis=2)
                if not many.shape[2]:
                    return np.full(self.shape, np.nan)
                return _REDUCTIONS[function](many, 2)
            case Quoted() | Fact() | Name():
                raise TypeError(node)
            case _:
                assert_never(node)

    def _many(self, node: Expression, layer: Layer | None) -> Floats:
        """All numbers of a name: N × instances × cells."""
        if isinstance(node, Call) and node.function == "last_year":
            return self._many(node.arguments[0], self.stack.before)
        if not isinstance(node, Cells):
            return np.broadcast_to(self.number(node, layer), self.shape)[..., np.newaxis]
        slots = self.of.slots(node)
        counted = (layer or self.stack.now).counted
        if slots.size == 1:  # a view, not a copy
            return counted[:, slots[0, 0], np.newaxis, np.newaxis]
        return counted[:, slots]

    def _blank(self, node: Expression) -> Bools:
        blank: Bools = np.asarray(self._blanks(node).all(axis=2))
        return blank

    def _blanks(self, node: Expression) -> Bools:
        """Which cells of a name are blank: N × instances × cells."""
        layer = self.stack.now
        if isinstance(node, Call) and node.function == "last_year":
            node, layer = node.arguments[0], self.stack.before
        if not isinstance(node, Cells):
            return np.zeros((*self.shape, 1), dtype=bool)
        states = layer.states[:, self.of.slots(node)]
        blank: Bools = (states == State.BLANK) | (states == State.NIL)
        return blank
