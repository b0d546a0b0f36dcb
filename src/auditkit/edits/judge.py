"""Second pass, exactly: one rule, one line, one submission, from the digits of the cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, assert_never

from auditkit.edits.alike import unlike
from auditkit.edits.contrast import FAILED, contrast
from auditkit.edits.existing import has_record
from auditkit.edits.facts import Stated
from auditkit.edits.figures import meet, plain, slack, unlikely
from auditkit.edits.hints import explain
from auditkit.edits.submission import Gap, Submission, Took, Value
from auditkit.edits.values import Line
from auditkit.model.document import State
from auditkit.model.expression import (
    Cells,
    Compare,
    Condition,
    ExistsIn,
    Expression,
    InLine,
    IsBlank,
    IsOrdered,
    IsUnique,
    Logic,
    OneOf,
    Within,
)
from auditkit.model.finding import Reason, Term
from auditkit.model.rule import Rule
from auditkit.model.words import EMPTY, Text

Outcome = Literal["pass", "fail", "unlikely", "not checked", "not asked"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One line's outcome with its arithmetic."""

    outcome: Outcome
    reason: Reason | None = None
    arithmetic: Text = EMPTY
    left: Decimal | None = None
    right: Decimal | None = None
    allowed: Decimal | None = None
    hint: Text | None = None
    terms: tuple[Term, ...] = ()


PASSED = Judged("pass")
NOT_ASKED = Judged("not asked")


def judge(rule: Rule, line: int, submission: Submission, stated: Mapping[str, Stated]) -> Judged:
    """Judge ``rule`` for one line of its quantifier (0 without one); ``stated`` holds one statement per finder."""
    asked = _Judge(rule, Line(rule, line, submission, stated))
    try:
        if rule.when is not None and asked.condition(rule.when).outcome not in {"pass", "unlikely"}:
            return NOT_ASKED
        return asked.condition(rule.check)
    except Gap as gap:
        if not gap.asked or (gap.reason == "table missing" and _may_be_missing(rule, submission)):
            return NOT_ASKED
        return Judged("not checked", gap.reason)


def _may_be_missing(rule: Rule, submission: Submission) -> bool:
    """Every table of the rule that was not found is one that a report need not have."""
    tables = {n.table for n in rule.nodes if isinstance(n, Cells | ExistsIn)}
    tables |= set() if rule.scope is None else {rule.scope.table}
    return not any(map(submission.now.needs, tables & submission.now.missing.keys()))


class _Judge:
    def __init__(self, rule: Rule, line: Line) -> None:
        self.rule = rule
        self.line = line
        self.value = line.value

    def condition(self, node: Condition) -> Judged:
        match node:
            case Compare(relation, left, right):
                return self._compare(relation, self.value(left), self.value(right))
            case Within(left, percent, right):
                return self._within(self.value(left), percent, self.value(right))
            case InLine(left, right):
                return self._in_line(left, right)
            case IsBlank(operand, negated):
                return self._is_blank(operand, negated=negated)
            case IsUnique(operand):
                return self._is_unique(operand)
            case IsOrdered(operand, descending):
                return self._is_ordered(operand, descending=descending)
            case ExistsIn(operand, table, column=column):
                return self._exists_in(operand, table, column)
            case OneOf(operand, choices):
                return self._one_of(self.value(operand), [self.value(c) for c in choices])
            case Logic("not", operands):
                return self._not(self.condition(operands[0]))
            case Logic("and", operands):
                return self._and(operands)
            case Logic(_, operands):
                return self._or(operands)
            case _:
                assert_never(node)

    def _compare(self, relation: str, left: Value, right: Value) -> Judged:
        if left.text is not None or right.text is not None:
            return self._compare_text(relation, left, right)
        a, b = left.figure, right.figure
        tolerance = self.rule.tolerance
        if tolerance is not None:
            holds = _relation(relation, a.value, b.value, Fraction(tolerance))
        elif relation in {"=", "≈"}:
            holds = meet(a, b)
        else:
            holds = _relation(relation, a.value, b.value, Fraction(0)) or (
                relation in {"≤", "≥"} and _relation(relation, a.value, b.value, slack(a, b))
            )
        far = holds and relation in {"=", "≈"} and tolerance is None and unlikely(a, b)
        if holds and not far:
            return PASSED
        allowed = None if a.exact and b.exact and tolerance is None else plain(Fraction(tolerance or 0) or slack(a, b))
        return Judged(
            "unlikely" if far else "fail",
            arithmetic=contrast(relation, left, right, allowed),
            left=plain(a.value),
            right=plain(b.value),
            allowed=allowed,
            hint=None if far or relation not in {"=", "≈"} else explain(a.value, b.value, left.step, left.unit),
            terms=(*left.terms, *right.terms),
        )

    def _compare_text(self, relation: str, left: Value, right: Value) -> Judged:
        a, b = left.text or "", right.text or ""
        if (relation == "≠") != (a == b):
            return PASSED
        sign = FAILED[relation]
        return Judged(
            "fail",
            arithmetic=Text(f"{left.says.zh} {sign} {right.says.zh}", f"{left.says.en} {sign} {right.says.en}"),
            terms=(*left.terms, *right.terms),
        )

    def _within(self, left: Value, percent: Decimal, right: Value) -> Judged:
        a, b = left.figure.value, right.figure.value
        room = slack(left.figure, right.figure)
        if abs(a - b) <= Fraction(percent) / 100 * abs(b) + room:
            return PASSED
        change = f"{plain((a - b) / abs(b) * 100, 1):+f}%" if b else ""
        moved = Text(f"，变动 {change}" if change else "", f", change {change}" if change else "")
        return Judged(
            "fail",
            arithmetic=Text(f"{left.says.zh}，{right.says.zh}{moved.zh}", f"{left.says.en}, {right.says.en}{moved.en}"),
            left=plain(a),
            right=plain(b),
            terms=(*left.terms, *right.terms),
        )

    def _in_line(self, now: Expression, before: Expression) -> Judged:
        found = unlike(self.rule, self.line, now, before)
        if found is None:
            return PASSED
        left, right, says = found
        values = plain(left.figure.value), plain(right.figure.value)
        return Judged("fail", None, says, *values, terms=(*left.terms, *right.terms))

    def _is_blank(self, operand: Expression, *, negated: bool) -> Judged:
        taken = self.line.cells(operand)
        gone = next((took for took in taken if took.cell.state is State.ABSENT), None)
        if gone is not None:
            raise self.line.gap(gone)
        if all(took.cell.state in {State.BLANK, State.NIL} for took in taken) != negated:
            return PASSED
        terms = tuple(took.term for took in taken)
        names = Text("、".join(t.name.zh for t in terms), ", ".join(t.name.en for t in terms))
        return Judged(
            "fail",
            arithmetic=Text(
                f"{names.zh} {'空白' if negated else '已填'}", f"{names.en} {'is blank' if negated else 'is filled in'}"
            ),
            terms=terms,
        )

    def _is_unique(self, node: Expression) -> Judged:
        operand, others = self.value(node), self.line.alike(node)
        if not others:
            return PASSED
        return Judged(
            "fail",
            arithmetic=Text(
                f"{operand.says.zh} 出现 {len(others) + 1} 次", f"{operand.says.en} is given {len(others) + 1} times"
            ),
            terms=(*operand.terms, *others),
        )

    def _is_ordered(self, operand: Expression, *, descending: bool) -> Judged:
        """The first value that goes back; blanks and texts are passed over."""
        before: Took | None = None
        for took in self.line.cells(operand):
            a, b = took.cell.number, None if before is None else before.cell.number
            if a is None:
                continue
            if before is not None and b is not None and (a > b if descending else a < b):
                sign, names = ">" if descending else "<", (took.term.name, before.term.name)
                said = [
                    f"{name} {one.term.value}" for name, one in zip((n.zh for n in names), (took, before), strict=True)
                ]
                english = [
                    f"{name} {one.term.value}" for name, one in zip((n.en for n in names), (took, before), strict=True)
                ]
                return Judged(
                    "fail",
                    arithmetic=Text(f" {sign} ".join(said), f" {sign} ".join(english)),
                    terms=(took.term, before.term),
                )
            before = took
        return PASSED

    def _exists_in(self, node: Expression, table: str, column: str) -> Judged:
        operand = self.value(node)
        if has_record(self.line, table, column, node, operand):
            return PASSED
        title = self.line.submission.form.tables[table].titles[0]
        return Judged(
            "fail",
            arithmetic=Text(f"“{title}”里没有{operand.says.zh}", f'no {operand.says.en} in "{title}"'),
            terms=operand.terms,
        )

    def _one_of(self, operand: Value, choices: list[Value]) -> Judged:
        tried = [self._compare("=", operand, choice) for choice in choices]
        if any(t.outcome != "fail" for t in tried):
            return PASSED
        listed = Text("、".join(c.says.zh for c in choices), ", ".join(c.says.en for c in choices))
        return Judged(
            "fail",
            arithmetic=Text(f"{operand.says.zh} 不在 {listed.zh} 之中", f"{operand.says.en} is none of {listed.en}"),
            left=tried[0].left,
            terms=operand.terms,
        )

    def _not(self, inner: Judged) -> Judged:
        return (
            PASSED
            if inner.outcome == "fail"
            else Judged("fail", arithmetic=Text("不应成立", "must not hold"), terms=inner.terms)
        )

    def _and(self, operands: tuple[Condition, ...]) -> Judged:
        """The first part that fails; a gap only counts when nothing fails."""
        gap: Gap | None = None
        doubtful = PASSED
        for operand in operands:
            try:
                judged = self.condition(operand)
            except Gap as missing:
                gap = gap or missing
                continue
            if judged.outcome == "fail":
                return judged
            if judged.outcome == "unlikely":
                doubtful = judged
        if gap is not None:
            raise gap
        return doubtful

    def _or(self, operands: tuple[Condition, ...]) -> Judged:
        """Holds when one part does; otherwise all parts are shown."""
        failed: list[Judged] = []
        gap: Gap | None = None
        for operand in operands:
            try:
                judged = self.condition(operand)
            except Gap as missing:
                gap = gap or missing
                continue
            if judged.outcome != "fail":
                return judged
            failed.append(judged)
        if gap is not None:
            raise gap
        terms = dict.fromkeys(term for judged in failed for term in judged.terms)
        return Judged(
            "fail",
            arithmetic=Text("；".join(f.arithmetic.zh for f in failed), "; ".join(f.arithmetic.en for f in failed)),
            left=failed[0].left,
            right=failed[0].right,
            terms=tuple(terms),
        )


def _relation(relation: str, a: Fraction, b: Fraction, room: Fraction) -> bool:
    return {
        "=": abs(a - b) <= room,
        "≈": abs(a - b) <= room,
        "≠": a != b,
        "<": a < b + room,
        "≤": a <= b + room,
        ">": a > b - room,
        "≥": a >= b - room,
    }[relation]
