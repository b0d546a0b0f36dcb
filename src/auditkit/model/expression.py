"""The rule language as trees: cells, numbers, comparisons; what the parser makes and every stage walks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Operator = Literal["+", "-", "*", "/"]
Relation = Literal["=", "≠", "<", "≤", ">", "≥", "≈"]


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    at: int = 0


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text constant."""

    value: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, before the form is known: ``新收``, ``T3.新收[总计]``, ``share.p``, ``report.year``."""

    text: str
    head: str
    tail: str | None = None
    inner: str | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of a table. ``None`` on an axis is the line the quantifier stands on; several indexes are a group."""

    table: str
    rows: tuple[int, ...] | None
    columns: tuple[int, ...] | None
    name: str
    """The word the author used, for arithmetic and reading aloud."""
    at: int = 0
    line: str = ""
    """Which line of the record, in lists whose records have several."""
    back: int = 0
    """How many lines before the quantifier's: ``previous(x)``."""


UNDER = "under"
"""What the cells of the records next below one are called."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number or year stated in words: ``share.p``; or a property of the submission: ``report.year``."""

    fact: str
    hole: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """``sum``, ``min``, ``median``, ``abs``, ``positive``, ``last_year``, ``under`` … of its arguments."""

    function: str
    arguments: tuple[Expression, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Binary:
    operator: Operator
    left: Expression
    right: Expression
    at: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    relation: Relation
    left: Expression
    right: Expression
    at: int = 0


@dataclass(frozen=True, slots=True)
class Within:
    """``left within percent % of right``."""

    left: Expression
    percent: Decimal
    right: Expression
    at: int = 0


@dataclass(frozen=True, slots=True)
class InLine:
    """``left in line with right``: it stands to it as the other records' do."""

    left: Expression
    right: Expression
    at: int = 0


@dataclass(frozen=True, slots=True)
class IsBlank:
    operand: Expression
    negated: bool = False
    at: int = 0


@dataclass(frozen=True, slots=True)
class IsUnique:
    """No other record of the list says the same."""

    operand: Expression
    at: int = 0


@dataclass(frozen=True, slots=True)
class IsOrdered:
    """Each value of a group is at least (descending: at most) the one before; blanks are left out."""

    operand: Expression
    descending: bool
    at: int = 0


@dataclass(frozen=True, slots=True)
class ExistsIn:
    """The list ``table`` has a record of this name, or one that says so in ``column``."""

    operand: Expression
    table: str
    at: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class OneOf:
    operand: Expression
    choices: tuple[Expression, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Logic:
    """``and``, ``or`` over two or more; ``not`` over one."""

    operator: Literal["and", "or", "not"]
    operands: tuple[Condition, ...]
    at: int = 0


Expression = Number | Quoted | Name | Cells | Fact | Call | Binary
Condition = Compare | Within | InLine | IsBlank | IsUnique | IsOrdered | ExistsIn | OneOf | Logic


def walk(node: Condition | Expression) -> list[Condition | Expression]:
    """The node and everything below it, in the order written."""
    below: tuple[Condition | Expression, ...] = ()
    match node:
        case Compare() | Within() | InLine() | Binary():
            below = (node.left, node.right)
        case Logic():
            below = node.operands
        case OneOf():
            below = (node.operand, *node.choices)
        case IsBlank() | IsUnique() | IsOrdered() | ExistsIn():
            below = (node.operand,)
        case Call():
            below = node.arguments
    return [node, *(inner for child in below for inner in walk(child))]
