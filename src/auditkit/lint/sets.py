"""Slips that show in the rule itself: a sum over a group that holds its own total, a cell compared with itself."""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.edits import slots_of, walk
from auditkit.model.expression import Call, Cells, Compare, Expression
from auditkit.model.form import Form
from auditkit.model.rule import Rule, Rulebook, Scope
from auditkit.model.words import Text
from auditkit.rulebook.tree import Mistake


def judge_sums(book: Rulebook) -> Iterator[Mistake]:
    """RB037 for each rule whose total is among its own parts, RB038 for sides that are the same cells."""
    for rule in book.rules:
        check = rule.check
        if not isinstance(check, Compare):
            continue
        left, right = (_slots(side, rule, book.form) for side in (check.left, check.right))
        if left and left == right and _adds_only(check.left) and _adds_only(check.right):
            yield _mistake(
                "RB038", rule, Text("两边是同样的格，永远成立", "both sides are the same cells, so it always holds")
            )
        elif shared := _inside(check.left, check.right, rule, book.form):
            yield _mistake(
                "RB037",
                rule,
                Text(f"合计“{shared}”也在被加的那一组里", f'the total "{shared}" is among the parts that are added'),
            )


def _inside(left: Expression, right: Expression, rule: Rule, form: Form) -> str | None:
    """The single cell on one side that is summed on the other."""
    for total, parts in ((left, right), (right, left)):
        sums = [n for n in walk(parts) if isinstance(n, Call) and n.function == "sum"]
        if isinstance(total, Cells) and any(_slots(total, rule, form) & _slots(s, rule, form) for s in sums):
            return total.name
    return None


def _slots(node: Expression, rule: Rule, form: Form) -> set[tuple[bool, int]]:
    """(last year?, slot) of every cell below ``node``, for the first line of the quantifier."""
    scope = None if rule.scope is None else Scope(rule.scope.each, rule.scope.table, rule.scope.lines[:1])
    found: set[tuple[bool, int]] = set()
    last = {id(c) for n in walk(node) if isinstance(n, Call) and n.function == "last_year" for c in walk(n)}
    for inner in walk(node):
        if isinstance(inner, Cells):
            found.update((id(inner) in last, slot) for slot in slots_of(inner, scope, form)[0].tolist())
    return found


def _adds_only(node: Expression) -> bool:
    """Nothing but names and sums: no factor, no difference, no other function."""
    plain = {"sum", "last_year"}
    return all(
        isinstance(n, Cells) or getattr(n, "function", getattr(n, "operator", "")) in {*plain, "+"} for n in walk(node)
    )


def _mistake(code: str, rule: Rule, message: Text) -> Mistake:
    return Mistake(code, rule.origin, Text(f"{rule.id} {message.zh}", f"{rule.id}: {message.en}"))
