"""A rule as data: a quantifier, a condition, a check (both as trees), and the author's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from auditkit.model.expression import Condition, Expression, walk
from auditkit.model.form import Form
from auditkit.model.words import Level, Text


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

    @cached_property
    def nodes(self) -> tuple[Condition | Expression, ...]:
        """Everything in its condition and its check, in the order written."""
        return tuple(node for c in (self.when, self.check) if c is not None for node in walk(c))


@dataclass(frozen=True)
class Finder:
    """A fact: literal text with named holes, looked for in titles, captions, file names and prose."""

    name: str
    patterns: tuple[str, ...]
    holes: Mapping[str, str]
    """Hole → its kind: ``count``, ``percent``, ``year``, ``none``, ``text``, ``万元`` …"""
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
