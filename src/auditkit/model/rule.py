"""A rule as data: a quantifier, a condition, a check (both as trees), and the author's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from auditkit.model.form import Form
from auditkit.model.words import Level, Text

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
    """The list ``table`` has a record of this name."""

    operand: Expression
    table: str
    at: int = 0


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


@dataclass(frozen=True, slots=True)
class Scope:
    """``each row in T3 except 办理总计``: the lines (or cells) a rule is asked for, one by one."""

    each: Literal["row", "column", "cell"]
    table: str
    lines: tuple[int, ...]
    """Indexes of the rows or columns; for cells, slot numbers within the table."""
    open: str = ""
    """Group of a list whose records are asked too, once a submission says which they are."""
    columns: tuple[int, ...] = ()
    """Columns of the cells that are asked in those records."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in the rulebook something was written; line from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True)
class Rule:
    """One edit rule. It says what must hold, never what is wrong."""

    id: str
    name: Text
    level: Level
    scope: Scope | None
    when: Condition | None
    check: Condition
    source: str
    """The check as written, full-width signs folded."""
    message: Text
    origin: Origin
    condition: str = ""
    quantifier: str = ""
    """The scope as written: ``each row in T3 except 办理总计``."""
    why: Text | None = None
    often: Text | None = None
    repair: Text | None = None
    basis: str = ""
    tolerance: Decimal | None = None
    may_explain: bool | None = None
    """``explainable`` in the rulebook: whether an accepted explanation may excuse it; None: unless it must be fixed."""

    @property
    def explainable(self) -> bool:
        return self.level != "hard" if self.may_explain is None else self.may_explain


@dataclass(frozen=True)
class Finder:
    """A fact: literal text with named holes, looked for in titles, captions, file names and prose."""

    name: str
    patterns: tuple[str, ...]
    holes: Mapping[str, str]
    """Hole → ``count``, ``number``, ``percent``, ``year``, ``last_year``, ``next_year``, ``none`` or ``text``."""
    where: tuple[str, ...]
    """Roles of the text it is looked for in; empty means everywhere."""
    every: bool = False
    within: tuple[str, ...] = ()
    """One of these words stands in the paragraph up to the statement's end; empty means no such condition."""
    after: tuple[str, ...] = ()
    """One of these words stands in the sentence up to the statement's end."""
    not_after: tuple[str, ...] = ()
    """None of these words stands in the sentence before the statement."""
    per: tuple[str, str] | None = None
    """Table and column: one such fact for each record, with what its cell says for the column's name in braces."""
    origin: Origin = field(default_factory=lambda: Origin("", 0))


@dataclass(frozen=True)
class Case:
    """A proof: changes to the good sample, and exactly the findings they must give."""

    set: Mapping[str, str | None]
    """Reference or fact → what the office would have written; None for a blank."""
    last_year: Mapping[str, str | None]
    expect: tuple[str, ...]
    origin: Origin
    children: Mapping[str, str | None] | None = None
    """What the only subordinate unit wrote otherwise; None where nothing is rolled up."""


@dataclass(frozen=True)
class ProseRule:
    """A check of the words themselves: a kind of check by its name in code, everything else as data."""

    id: str
    name: Text
    check: str
    level: Level
    message: Text
    why: Text | None = None
    often: Text | None = None
    repair: Text | None = None
    basis: str = ""
    holds: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    """Sentences in which nothing may be found, and those in which it must be."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words of the field the check needs: known document numbers, replaced titles."""
    origin: Origin = field(default_factory=lambda: Origin("", 0))


@dataclass(frozen=True)
class Rulebook:
    """A form with its rules, and the proof of each."""

    id: str
    version: str
    title: Text
    basis: str
    form: Form
    rules: tuple[Rule, ...]
    finders: tuple[Finder, ...] = ()
    prose: tuple[ProseRule, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
    """Short name → its words, for texts only, never for matching."""
    retired: Mapping[str, str] = field(default_factory=dict)
    good: str = ""
    """Path of the good sample, a submission in which nothing may be found."""
    last: str = ""
    """Path of the good sample's report for the year before; empty when the form looks at one year only."""
    cases: tuple[Case, ...] = ()
    priors: Mapping[str, int] = field(default_factory=dict)
    """Sign of a cell → points that make it less (or more) suspect, before the program's own table."""
    sha256: str = ""
    path: str = ""

    def label(self, name: str) -> Text:
        return self.labels.get(name, Text(name, name))
