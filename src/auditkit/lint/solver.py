"""Rules as formulas of an SMT solver, in exact rationals: one for each line of each rule. z3 is an extra."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from importlib.util import find_spec
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import Any, assert_never

from auditkit.edits import slots_of
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
)
from auditkit.model.form import Form
from auditkit.model.rule import Scope

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "/": truediv}
_RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": eq, "≈": eq, "≠": ne, "<": lt, "≤": le, ">": gt, "≥": ge,
}  # fmt: skip


class Untranslatable(Exception):
    """A piece of the language that has no formula: text, a quotient of unknowns, a median."""


def available() -> bool:
    """Is z3 installed (``auditkit[lint]``)?"""
    return find_spec("z3") is not None


class Translator:
    """Conditions of one form as z3 formulas; cells are real variables named by table, row, column and year."""

    def __init__(self, form: Form) -> None:
        import z3  # noqa: PLC0415 - an extra, and half a second

        self.z3 = z3
        self.form = form
        self.variables: dict[str, Any] = {}
        self.slots: dict[str, int] = {}

    def condition(self, node: Condition, scope: Scope | None) -> Any:
        """Raises ``Untranslatable``."""
        z3 = self.z3
        match node:
            case Compare(relation, left, right):
                return _RELATIONS[relation](self.expression(left, scope), self.expression(right, scope))
            case Within(left, percent, right):
                a, b = self.expression(left, scope), self.expression(right, scope)
                room = self._number(percent / 100) * z3.If(b >= 0, b, -b)
                return z3.And(a - b <= room, b - a <= room)
            case OneOf(operand, choices):
                value = self.expression(operand, scope)
                return z3.Or([value == self.expression(c, scope) for c in choices])
            case Logic("not", operands):
                return z3.Not(self.condition(operands[0], scope))
            case Logic(operator, operands):
                parts = [self.condition(o, scope) for o in operands]
                return z3.And(parts) if operator == "and" else z3.Or(parts)
            case IsBlank() | IsUnique() | IsOrdered() | ExistsIn() | InLine():
                raise Untranslatable
            case _:
                assert_never(node)

    def expression(self, node: Expression, scope: Scope | None, *, last: bool = False) -> Any:
        match node:
            case Number(value):
                return self._number(value)
            case Fact(fact, hole):
                return self._variable(f"{fact}.{hole}", None)
            case Cells():
                return self._cells(node, scope, last=last)[0]
            case Binary(operator, left, right):
                return self._binary(operator, left, right, scope)
            case Call("last_year", arguments):
                return self.expression(arguments[0], scope, last=True)
            case Call("sum", arguments):
                return reduce(add, [cell for a in arguments for cell in self._many(a, scope)])
            case Call("abs", arguments):
                inner = self.expression(arguments[0], scope)
                return self.z3.If(inner >= 0, inner, -inner)
            case Call() | Quoted() | Name():
                raise Untranslatable
            case _:
                assert_never(node)

    def _binary(self, operator: str, left: Expression, right: Expression, scope: Scope | None) -> Any:
        a, b = self.expression(left, scope), self.expression(right, scope)
        z3 = self.z3
        if operator == "/" and not z3.is_rational_value(z3.simplify(b)):
            raise Untranslatable
        if operator == "*" and not any(z3.is_rational_value(z3.simplify(x)) for x in (a, b)):
            raise Untranslatable
        return _OPERATORS[operator](a, b)

    def _many(self, node: Expression, scope: Scope | None) -> list[Any]:
        if isinstance(node, Call) and node.function == "last_year" and isinstance(node.arguments[0], Cells):
            return self._cells(node.arguments[0], scope, last=True)
        if isinstance(node, Cells):
            return self._cells(node, scope, last=False)
        return [self.expression(node, scope)]

    def _cells(self, node: Cells, scope: Scope | None, *, last: bool) -> list[Any]:
        return [self._cell(slot, last=last) for slot in slots_of(node, scope, self.form)[0].tolist()]

    def _cell(self, slot: int, *, last: bool) -> Any:
        table, row, column = self.form.slots[slot]
        declared = self.form.tables[table]
        name = f"{table}.{declared.rows.lines[row].name}[{declared.columns.lines[column].name}]"
        return self._variable(f"last_year({name})" if last else name, slot)

    def _variable(self, name: str, slot: int | None) -> Any:
        if name not in self.variables:
            self.variables[name] = self.z3.Real(name)
            if slot is not None:
                self.slots[name] = slot
        return self.variables[name]

    def _number(self, value: Any) -> Any:
        return self.z3.RealVal(str(value))
