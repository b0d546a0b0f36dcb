"""Roll-up: a superior unit's report against the sum of its subordinate units', with who is missing said first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isnan
from typing import Literal

from auditkit.edits import check, rolls_up
from auditkit.model.document import Place
from auditkit.model.filled import Filled
from auditkit.model.finding import Checked, Context, Finding, Tally, key_of
from auditkit.model.rule import Rule, Rulebook
from auditkit.model.words import EMPTY, Level, Text
from auditkit.stack import stack

MISSING, SAME, ONE_UNIT = "RS102", "RS103", "RS104"
"""Codes: units that did not report; reports with the very same figures; one unit explains the difference."""
NAMED = 8
"""Units a sentence names before it says 等."""


@dataclass(frozen=True)
class Family:
    """A superior unit's report and those of its subordinate units, for one form and period."""

    unit: str
    filled: Filled
    context: Context
    children: tuple[tuple[str, Filled], ...]
    missing: tuple[str, ...] = ()
    """Subordinate units whose report is not there, or cannot be read."""


def roll_up(book: Rulebook, family: Family) -> Checked:
    """Ask the rules over ``children(x)``; where a unit is missing they are not checked, and that is said.

    Also found are reports with the same figures, which were counted twice or sent for somebody else, and a difference
    that is exactly what one unit reported: counted twice, or left out.
    """
    rules = tuple(rule for rule in book.rules if rolls_up(rule))
    if not rules:
        return Checked()
    if family.missing or not family.children:
        tallies = {rule.id: Tally(unchecked={"no children": _lines(rule)}) for rule in rules}
        return Checked([_missing(book, family)] if family.missing else [], tallies)
    pile = replace(stack(book.form, [family.filled], [None]), children=(family.children,))
    (done,) = check(replace(book, rules=rules), pile, [family.context])
    done.findings += [*_same(book, family), *_one_unit(book, family, done.findings)]
    return done


def _lines(rule: Rule) -> int:
    return 1 if rule.scope is None else len(rule.scope.lines)


def _missing(book: Rulebook, family: Family) -> Finding:
    n, total = len(family.missing), len(family.missing) + len(family.children)
    return _finding(
        book,
        family,
        MISSING,
        "soft",
        Text(
            f"{total} 个下级单位中有 {n} 个没有可用的报表，汇总数没有核对。",
            f"{n} of {total} subordinate units have no usable report; the roll-up was not checked.",
        ),
        _listed(family.missing),
    )


def _same(book: Rulebook, family: Family) -> Iterator[Finding]:
    """Reports that say the same in every cell, unless they say nothing."""
    seen: dict[tuple[float, ...], str] = {}
    for unit, filled in ((family.unit, family.filled), *family.children):
        figures = tuple(0.0 if isnan(value) else value for value in filled.values)
        if not any(figures):
            continue
        other = seen.setdefault(figures, unit)
        if other == family.unit and unit != family.unit and len(family.children) > 1:
            said = Text(
                f"{unit}报的数与上级{other}的完全相同，可能误报了汇总表。",
                f"{unit} sent the very figures of its superior {other}; it may have sent the roll-up.",
            )
        elif other not in (unit, family.unit):
            said = Text(
                f"{other}和{unit}报的数完全相同，可能重复计算。",
                f"{other} and {unit} sent the very same figures; they may be counted twice.",
            )
        else:
            continue
        yield _finding(book, family, SAME, "soft", said, _listed((other, unit)))


def _one_unit(book: Rulebook, family: Family, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The unit whose figures are exactly the differences of all rows and columns, if there is one."""
    off = {(f.rule, f.row, f.column): f.off for f in findings if f.status == "fail" and f.off is not None}
    if len(off) < 2:
        return
    for unit, _ in family.children:
        theirs = {(f.rule, f.row, f.column): _told(f, unit) for f in findings}
        for sign, zh, en in ((1, "重复计算了", "counts it twice"), (-1, "漏掉了", "leaves it out")):
            if all(theirs[at] is not None and theirs[at] == sign * gap for at, gap in off.items()):
                said = Text(
                    f"{len(off)} 处差额都正好是{unit}的数：汇总可能{zh}这个单位。",
                    f"All {len(off)} differences are exactly what {unit} reported: the roll-up probably {en}.",
                )
                yield _finding(book, family, ONE_UNIT, "info", said, _listed((unit,)))


def _told(finding: Finding, unit: str) -> Decimal | None:
    """What a unit's cell says in a finding."""
    cells = [term for term in finding.terms if term.name.zh == unit and term.ref.startswith("children(")]
    written = cells[0].value.replace(",", "") if len(cells) == 1 else ""
    return Decimal(written) if written.lstrip("-").isdecimal() else None


def _listed(names: Sequence[str]) -> Text:
    zh = "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
    en = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return Text(zh, en)


def _finding(book: Rulebook, family: Family, code: str, level: Level, message: Text, arithmetic: Text) -> Finding:
    unit, period = family.context.unit, family.context.period
    status: Literal["fail"] = "fail"
    return Finding(
        rule=code,
        name="roll-up",
        level=level,
        status=status,
        key=key_of(book.form.id, code, unit, period, "", "", arithmetic.zh),
        values=key_of(code, message.zh, "", "", "", "", ""),
        message=message,
        arithmetic=arithmetic if arithmetic != EMPTY else message,
        place=Place(family.filled.document.name),
    )
