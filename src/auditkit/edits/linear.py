"""Rules as linear edits over named quantities: what error localization works on.

A rule that is not linear in its cells (a quotient of two cells, a minimum) gives no edit; the cells it watches are
then judged by the other rules alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from auditkit.edits.facts import Stated
from auditkit.edits.judge import judge
from auditkit.edits.screen import slots_of
from auditkit.edits.submission import Submission
from auditkit.model.document import State
from auditkit.model.expression import Binary, Call, Cells, Compare, Expression, Fact, Number
from auditkit.model.form import EXACT, Form
from auditkit.model.rule import Rule, Scope

Variable = tuple[Literal["now", "last"], int] | tuple[Literal["fact"], str]
"""A cell of this year's or last year's report by its slot, or a number stated in words by ``fact.hole``."""


@dataclass(frozen=True, slots=True)
class Linear:
    """sum(coefficient × variable) + constant."""

    terms: Mapping[Variable, Fraction]
    constant: Fraction = Fraction(0)
    choices: tuple[frozenset[Variable], ...] = ()
    """Cells of several layouts, of which a submission has one."""

    def __add__(self, other: Linear) -> Linear:
        terms = dict(self.terms)
        for variable, coefficient in other.terms.items():
            terms[variable] = terms.get(variable, Fraction(0)) + coefficient
        return Linear(terms, self.constant + other.constant, (*self.choices, *other.choices))

    def times(self, factor: Fraction) -> Linear:
        return Linear({v: c * factor for v, c in self.terms.items()}, self.constant * factor, self.choices)

    def without(self, gone: frozenset[Variable]) -> Linear | None:
        """What is left of it; None where a choice is still open."""
        terms = {variable: coefficient for variable, coefficient in self.terms.items() if variable not in gone}
        open_ = any(len(choice - gone) != 1 for choice in self.choices)
        return None if open_ or not terms else Linear(terms, self.constant)


@dataclass(frozen=True, slots=True)
class LinearEdit:
    """One line of one rule: ``form`` relation 0 within ``slack``."""

    rule: Rule
    line: int
    form: Linear
    relation: Literal["=", "≤", "≥"]


_RELATIONS: dict[str, Literal["=", "≤", "≥"]] = {"=": "=", "≈": "=", "≤": "≤", "<": "≤", "≥": "≥", ">": "≥"}


def linear_edits(rules: tuple[Rule, ...], submission: Submission, stated: Mapping[str, Stated]) -> Iterator[LinearEdit]:
    """Every linear edit that applies to a submission, satisfied or not, in the rulebook's order."""
    for edit in _all_linear(_Same(rules), _Same(submission.form)):
        gone = _gone(edit.form, submission, stated)
        form = None if gone is None else edit.form.without(gone)
        if form is None or ((gone or edit.rule.when) and not _asked(edit, submission, stated)):
            continue
        yield replace(edit, form=form) if gone or edit.form.choices else edit


def _asked(edit: LinearEdit, submission: Submission, stated: Mapping[str, Stated]) -> bool:
    """The condition is met, and the rule can do without the cells that are not there."""
    return judge(edit.rule, edit.line, submission, stated).outcome not in {"not asked", "not checked"}


class _Same:
    """A key that is equal to itself alone: comparing rulebooks would cost more than working their rules out."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(8)
def _all_linear(rules: _Same, form: _Same) -> tuple[LinearEdit, ...]:
    """The linear edits of all rules: the same for every submission of a form."""
    return tuple(edit for rule in rules.value for edit in _of_rule(rule, form.value))


def _of_rule(rule: Rule, form: Form) -> Iterator[LinearEdit]:
    if not isinstance(rule.check, Compare) or rule.check.relation not in _RELATIONS or rule.tolerance is not None:
        return
    for line in (0,) if rule.scope is None else rule.scope.lines:
        scope = None if rule.scope is None else Scope(rule.scope.each, rule.scope.table, (line,))
        left, right = _linear(rule.check.left, scope, form), _linear(rule.check.right, scope, form)
        if left is not None and right is not None:
            yield LinearEdit(rule, line, left + right.times(Fraction(-1)), _RELATIONS[rule.check.relation])


def _gone(form: Linear, submission: Submission, stated: Mapping[str, Stated]) -> frozenset[Variable] | None:
    """Cells that are not there; None where something else is not, or was never calculated."""
    gone: set[Variable] = set()
    for variable in form.terms:
        kind, name = variable
        if kind == "fact":
            if str(name).partition(".")[0] not in stated:
                return None
            continue
        source = submission.now if kind == "now" else submission.before
        state = None if source is None else State(source.states[int(name)])
        if state is None or state is State.UNCALCULATED:
            return None
        if state is State.ABSENT:
            gone.add(variable)
    return frozenset(gone)


def _linear(node: Expression, scope: Scope | None, form: Form) -> Linear | None:
    match node:
        case Number(value):
            return Linear({}, Fraction(value))
        case Cells():
            return _cells(node, scope, form, "now")
        case Call("last_year", (Cells() as cells,)):
            return _cells(cells, scope, form, "last")
        case Call("sum", arguments):
            parts = [_linear(argument, scope, form) for argument in arguments]
            return None if None in parts else sum((p for p in parts if p is not None), Linear({}))
        case Call("max" | "min", arguments) if all(isinstance(argument, Cells) for argument in arguments):
            found = _linear(Call("sum", arguments), scope, form)
            return None if found is None else replace(found, choices=(frozenset(found.terms),))
        case Fact(fact, hole) if fact not in {"report", "file"}:
            return Linear({("fact", f"{fact}.{hole}"): Fraction(1)})
        case Binary(operator, left, right):
            return _binary(operator, _linear(left, scope, form), _linear(right, scope, form))
        case _:
            return None


def _binary(operator: str, left: Linear | None, right: Linear | None) -> Linear | None:
    if left is None or right is None:
        return None
    if operator == "+":
        return left + right
    if operator == "-":
        return left + right.times(Fraction(-1))
    if operator == "*" and not right.terms:
        return left.times(right.constant)
    if operator == "*" and not left.terms:
        return right.times(left.constant)
    if operator == "/" and not right.terms and right.constant:
        return left.times(1 / right.constant)
    return None


def _cells(node: Cells, scope: Scope | None, form: Form, year: Literal["now", "last"]) -> Linear | None:
    slots = slots_of(node, scope, form)[0].tolist()
    kinds = {form.tables[table].kind_at(row, column) for table, row, column in (form.slots[slot] for slot in slots)}
    if kinds & {"date", "text"}:
        return None  # no day is likelier than another
    return Linear({(year, slot): Fraction(1) for slot in slots})


def half_step(submission: Submission, kind: str, slot: int) -> Decimal:
    """Half the rounding interval of a cell: 0 where the form says its number is exact."""
    if submission.form.kinds[slot] in EXACT:
        return Decimal(0)
    source = submission.now if kind == "now" else submission.before
    assert source is not None
    return source.cell(slot).step / 2
