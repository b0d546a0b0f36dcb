"""What a solver says of the rules together: conflicts, redundancy, dead and empty conditions, forced cells.

Exact rules are judged, without their rounding intervals: a conflict inside a tolerance is still one of intent. That
counts are not negative is a fact of its own, named in the answer where it is needed. Only rules that must hold
(``hard``) and can be translated take part; what follows for one line of a rule says nothing about the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auditkit.edits import slots_of
from auditkit.lint.solver import Translator, Untranslatable
from auditkit.model.expression import Cells, Condition, walk
from auditkit.model.form import EXACT
from auditkit.model.rule import Origin, Rule, Rulebook, Scope
from auditkit.model.words import Text
from auditkit.rulebook.tree import Mistake

MOST_CONFLICTS = 10
PATIENCE = 10_000
"""Milliseconds for one question; an unanswered one accuses nobody."""


@dataclass(frozen=True)
class Formula:
    """A rule with one formula for each line of its quantifier: condition and check."""

    rule: Rule
    lines: tuple[tuple[Any, Any], ...]
    """(when, check); ``when`` is None where there is none."""


def judge_logic(book: Rulebook) -> Iterator[Mistake]:
    """All that is wrong with the rules of a book, in the order of its codes: RB031 to RB036."""
    questions = _Questions(book)
    yield from questions.conflicts()
    if questions.contradictory:
        return  # everything follows from a contradiction
    yield from questions.empty()
    yield from questions.redundant()
    yield from questions.conditions()
    yield from questions.forced()


class _Questions:
    def __init__(self, book: Rulebook) -> None:
        self.translator = Translator(book.form)
        self.z3 = self.translator.z3
        self.form = book.form
        self.formulas = [f for rule in book.rules if rule.level == "hard" and (f := self._formula(rule)) is not None]
        self.facts = [v >= 0 for name, v in self.translator.variables.items() if self._is_count(book, name)]
        self.contradictory = False

    @cached_property
    def switches(self) -> list[Any]:
        return [self.z3.Bool(f"rule {n}") for n in range(len(self.formulas))]

    @cached_property
    def solver(self) -> Any:
        return self._switched()

    def _formula(self, rule: Rule) -> Formula | None:
        lines = []
        for scope in _scopes(rule):
            try:
                lines.append((self._maybe(rule.when, scope), self.translator.condition(rule.check, scope)))
            except Untranslatable:
                return None
        return Formula(rule, tuple(lines))

    def _maybe(self, condition: Condition | None, scope: Scope | None) -> Any:
        return None if condition is None else self.translator.condition(condition, scope)

    def _is_count(self, book: Rulebook, name: str) -> bool:
        slot = self.translator.slots.get(name)
        if slot is None:
            return False
        table, row, column = book.form.slots[slot]
        return book.form.tables[table].kind_at(row, column) == "count"

    def _others(self, formula: Formula | None = None) -> list[Any]:
        """The switches of all rules but one: one solver holds every rule behind a switch and learns as it is asked."""
        return [switch for other, switch in zip(self.formulas, self.switches, strict=True) if other is not formula]

    def _switched(self) -> Any:
        solver = self.z3.Solver()
        solver.set("timeout", PATIENCE)
        solver.add(self.facts)
        for formula, switch in zip(self.formulas, self.switches, strict=True):
            solver.add([self.z3.Implies(switch, self._implied(line)) for line in formula.lines])
        return solver

    def _implied(self, line: tuple[Any, Any]) -> Any:
        when, check = line
        return check if when is None else self.z3.Implies(when, check)

    def conflicts(self) -> Iterator[Mistake]:
        """RB031: smallest sets of rules that cannot hold at once, beyond a form that is all zeros or blank."""
        left = list(self.formulas)
        for _ in range(MOST_CONFLICTS):
            core = self._core(left)
            if core is None:
                return
            self.contradictory = True
            codes = "、".join(f.rule.id for f in core)
            yield _mistake(
                "RB031",
                core[-1].rule.origin,
                Text(f"这些规则不能同时成立：{codes}", f"these rules cannot all hold: {codes.replace('、', ', ')}"),
            )
            left.remove(core[-1])

    def _core(self, formulas: Sequence[Formula]) -> list[Formula] | None:
        solver = self.z3.Solver()
        solver.set("timeout", PATIENCE)
        solver.set("core.minimize", True)
        solver.add(self.facts)
        for n, formula in enumerate(formulas):
            solver.assert_and_track(self.z3.And([self._implied(line) for line in formula.lines]), f"rule {n}")
        if solver.check() != self.z3.unsat:
            return None
        numbers = sorted(int(str(name).split()[1]) for name in solver.unsat_core())
        return [formulas[n] for n in numbers]

    def empty(self) -> Iterator[Mistake]:
        """RB035: a rule that holds whatever the counts are. It is set aside: it would follow from anything."""
        alone = self.z3.Solver()
        alone.add(self.facts)
        for formula in list(self.formulas):
            if all(self._follows(alone, line) for line in formula.lines):
                self.formulas.remove(formula)
                yield _about(formula, "RB035", Text("永远成立，查不出任何错", "always holds, so it can find nothing"))

    def redundant(self) -> Iterator[Mistake]:
        """RB032: a rule that follows from the others, with those it follows from.

        Of rounded figures, what follows from several sums follows only roughly: the rule itself is sharper.
        """
        for formula in self.formulas:
            others = self._others(formula)
            if all(self._follows(self.solver, line, others) for line in formula.lines):
                causes = self._causes(formula)
                if len(causes) > 1 and self._is_rounded(formula.rule):
                    continue
                listed = "、".join(causes)
                yield _about(
                    formula,
                    "RB032",
                    Text(
                        f"已由 {listed} 推出，是多余的",
                        f"follows from {listed.replace('、', ', ')}, so it adds nothing",
                    ),
                )

    def _is_rounded(self, rule: Rule) -> bool:
        slots = [
            n
            for node in walk(rule.check)
            if isinstance(node, Cells)
            for n in slots_of(node, rule.scope, self.form).flat
        ]
        return any(self.form.kinds[slot] not in EXACT for slot in slots)

    def _causes(self, formula: Formula) -> list[str]:
        """The other rules it takes to prove this one."""
        solver = self.z3.Solver()
        solver.set("timeout", PATIENCE)
        solver.set("core.minimize", True)
        solver.add(self.facts)
        for n, other in enumerate(self.formulas):
            if other is not formula:
                solver.assert_and_track(self.z3.And([self._implied(line) for line in other.lines]), f"rule {n}")
        solver.add(self.z3.Or([self.z3.Not(self._implied(line)) for line in formula.lines]))
        if solver.check() != self.z3.unsat:
            return []
        numbers = sorted(int(str(name).split()[1]) for name in solver.unsat_core())
        return [self.formulas[n].rule.id for n in numbers]

    def _follows(self, solver: Any, line: tuple[Any, Any], given: Sequence[Any] = ()) -> bool:
        return bool(solver.check(*given, self.z3.Not(self._implied(line))) == self.z3.unsat)

    def conditions(self) -> Iterator[Mistake]:
        """RB033 and RB034: a condition that is never met, or always."""
        for formula in self.formulas:
            if formula.rule.when is None:
                continue
            others = self._others(formula)
            whens = [when for when, _ in formula.lines]
            if all(self.solver.check(*others, when) == self.z3.unsat for when in whens):
                yield _about(
                    formula,
                    "RB033",
                    Text("条件永远不成立，规则从不执行", "its condition is never met, so it never runs"),
                )
            elif all(self.solver.check(*others, self.z3.Not(when)) == self.z3.unsat for when in whens):
                yield _about(formula, "RB034", Text("条件永远成立，可以去掉", "its condition is always met and can go"))

    def forced(self) -> Iterator[Mistake]:
        """RB036: a cell that the rules leave only one value."""
        every = self._others()
        if self.solver.check(*every) != self.z3.sat:
            return
        model = self.solver.model()
        for name, variable in self.translator.variables.items():
            value = model.eval(variable, model_completion=True)
            if self.solver.check(*every, variable != value) == self.z3.unsat:
                yield _mistake(
                    "RB036",
                    self._watcher(variable),
                    Text(
                        f"规则合起来只许“{name}”等于 {value}", f'together the rules allow "{name}" only to be {value}'
                    ),
                )

    def _watcher(self, variable: Any) -> Origin:
        for formula in self.formulas:
            if any(variable.decl().name() in str(check) for _, check in formula.lines):
                return formula.rule.origin
        return self.formulas[0].rule.origin


def _scopes(rule: Rule) -> list[Scope | None]:
    if rule.scope is None:
        return [None]
    return [Scope(rule.scope.each, rule.scope.table, (line,)) for line in rule.scope.lines]


def _about(formula: Formula, code: str, message: Text) -> Mistake:
    rule = formula.rule
    return _mistake(code, rule.origin, Text(f"{rule.id} {message.zh}", f"{rule.id} {message.en}"))


def _mistake(code: str, origin: Origin, message: Text) -> Mistake:
    return Mistake(code, origin, message)
