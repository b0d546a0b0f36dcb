"""Text → tree. Full-width signs are folded first, one for one, so that columns stay right."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from auditkit.model.expression import (
    Binary,
    Call,
    Compare,
    Condition,
    ExistsIn,
    Expression,
    InLine,
    IsBlank,
    IsOrdered,
    IsUnique,
    Logic,
    Name,
    Number,
    OneOf,
    Operator,
    Quoted,
    Relation,
    Within,
)
from auditkit.model.words import Text

_FOLDED = str.maketrans(
    "＝＋－（），％．＜＞［］／＊×÷、０１２３４５６７８９−\u3000“”＂！",
    '=+-(),%.<>[]/**/,0123456789- """!',
)
_SPELLINGS = {"!=": "≠", "<>": "≠", "<=": "≤", ">=": "≥", "==": "=", "~=": "≈"}


class Misspelt(Exception):
    """Text that is not the rule language; ``at`` is the offending column, from 0."""

    def __init__(self, at: int, message: Text) -> None:
        super().__init__(message.en)
        self.at = at
        self.message = message


Place = tuple[tuple[str, int], tuple[str, int] | None]
"""A table and a group of it, each with its column in the text."""


@dataclass(frozen=True, slots=True)
class RawScope:
    """A quantifier as written; names not yet looked up. Each name comes with its column."""

    each: str
    table: tuple[str, int]
    group: tuple[str, int] | None
    """A group of the table's rows or columns to which the quantifier keeps."""
    excluded: tuple[tuple[str, int], ...]


def fold(text: str) -> str:
    """Full-width operators, brackets, digits and spaces to plain ones; ``>=`` and its like to one sign and a blank."""
    folded = text.translate(_FOLDED)
    for written, sign in _SPELLINGS.items():
        folded = folded.replace(written, f"{sign} ")
    return folded


def parse_condition(text: str) -> Condition:
    """Parse a ``check:`` or ``when:``.

    Raises:
        Misspelt: where the text stops making sense.
    """
    return cast("Condition", _Tree().transform(_parse(text, "condition")))


def parse_scope(text: str) -> tuple[RawScope, ...]:
    """Parse ``for: each row in T3, T4 except 办理总计``: one quantifier for each table.

    Raises:
        Misspelt: where the text stops making sense.
    """
    return cast("tuple[RawScope, ...]", _Tree().transform(_parse(text, "scope")))


@cache
def _lark() -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", start=["condition", "scope"], propagate_positions=True)


def _parse(text: str, start: str) -> Any:
    folded = fold(text)
    try:
        return _lark().parse(folded, start=start)
    except UnexpectedInput as stuck:
        at = _stuck_at(stuck, len(folded))
        raise Misspelt(min(at, len(text)), _complaint(folded, at)) from None


def _stuck_at(stuck: UnexpectedInput, end: int) -> int:
    """Lark points at the last token when the text ends too early; we point behind it."""
    if isinstance(stuck, UnexpectedToken) and stuck.token.type == "$END":
        return end
    at: int = getattr(stuck, "pos_in_stream", None) or 0
    return at


def _complaint(text: str, at: int) -> Text:
    rest = text[at:].strip()
    if not rest:
        return Text(
            "这里还没写完：缺少名称、数或比较符号", "unfinished here: a name, a number or a comparison is missing"
        )
    return Text(f"读不懂“{rest[:12]}”", f'cannot read "{rest[:12]}"')


@v_args(inline=True)
class _Tree(Transformer[Any, Any]):
    """lark's tree into the nouns of ``model.rule``."""

    def condition(self, tree: Condition) -> Condition:
        return tree

    def disjunction(self, *parts: Condition) -> Condition:
        return Logic("or", parts, parts[0].at)

    def conjunction(self, *parts: Condition) -> Condition:
        return Logic("and", parts, parts[0].at)

    def negation(self, part: Condition) -> Condition:
        return Logic("not", (part,), part.at)

    def compare(self, left: Expression, relation: Token, right: Expression) -> Condition:
        return Compare(cast("Relation", str(relation)), left, right, _at(relation))

    def within(self, left: Expression, percent: Token, right: Expression) -> Condition:
        return Within(left, Decimal(percent), right, _at(percent))

    def in_line(self, left: Expression, right: Expression) -> Condition:
        return InLine(left, right, left.at)

    def is_blank(self, operand: Expression) -> Condition:
        return IsBlank(operand, at=operand.at)

    def is_not_blank(self, operand: Expression) -> Condition:
        return IsBlank(operand, negated=True, at=operand.at)

    def is_unique(self, operand: Expression) -> Condition:
        return IsUnique(operand, operand.at)

    def is_ordered(self, operand: Expression, order: Token) -> Condition:
        return IsOrdered(operand, str(order) == "descending", operand.at)

    def exists_in(self, operand: Expression, table: Token, column: Token | None) -> Condition:
        return ExistsIn(operand, str(table), _at(table), "" if column is None else str(column))

    def one_of(self, operand: Expression, *choices: Expression) -> Condition:
        return OneOf(operand, choices, operand.at)

    def sum(self, *parts: Any) -> Expression:
        return _chain(parts)

    def term(self, *parts: Any) -> Expression:
        return _chain(parts)

    def number(self, token: Token) -> Expression:
        return Number(Decimal(token), _at(token))

    def quoted(self, token: Token) -> Expression:
        return Quoted(token[1:-1], _at(token))

    def negative(self, operand: Expression) -> Expression:
        return Binary("-", Number(Decimal(0), operand.at), operand, operand.at)

    def call(self, function: Token, *arguments: Expression) -> Expression:
        return Call(str(function), arguments, _at(function))

    def name(self, head: Token, tail: Token | None, inner: Token | None) -> Expression:
        text = str(head) + (f".{tail}" if tail else "") + (f"[{inner}]" if inner else "")
        return Name(text, str(head), str(tail) if tail else None, str(inner) if inner else None, _at(head))

    def place(self, table: Token, group: Token | None) -> Place:
        return (str(table), _at(table)), None if group is None else (str(group), _at(group))

    def scope(self, each: Token, *parts: Token | Place | None) -> tuple[RawScope, ...]:
        named = tuple((str(token), _at(token)) for token in parts if isinstance(token, Token))
        places = [part for part in parts if part is not None and not isinstance(part, Token)]
        return tuple(RawScope(str(each), table, group, named) for table, group in places)


def _chain(parts: tuple[Any, ...]) -> Expression:
    left: Expression = parts[0]
    for sign, right in zip(parts[1::2], parts[2::2], strict=True):
        left = Binary(cast("Operator", str(sign)), left, right, _at(sign))
    return left


def _at(token: Token) -> int:
    return token.start_pos or 0
