"""Tables of no known form: what needs no rulebook is checked all the same, and nothing counts as passed."""

from __future__ import annotations

from auditkit import discover
from auditkit.identity import describe, words_of
from auditkit.model.document import Document, Source
from auditkit.model.finding import Result, Tally
from auditkit.model.words import Fault, Text

_RECOGNISED = Text("不认识的表式，只查不需要规则的", "no known form: only what needs no rulebook")


def check_unformed(source: Source, document: Document, unknown: Fault, period: int | None) -> Result:
    """Sums, shares and formulas that hold nearly everywhere and fail in one place; error values; years; typing slips.

    The verdict stays *not checked*: no rule of a form was asked. ``unknown`` says why no form was recognised.
    """
    context = describe(words_of(document), document.name, period)
    findings = discover.check(document, unit=context.unit, period=context.period)
    tallies: dict[str, Tally] = {}
    for finding in findings:
        tallies.setdefault(finding.rule, Tally()).failed += 1
    large = [grid.name or document.name for grid in document.grids if discover.too_large(grid)]
    notes = [unknown.message]
    if large:
        listed = "、".join(large)
        notes.append(Text(f"太大，没有在其中寻找关系：{listed}", f"too large to search for identities: {listed}"))
    return Result(
        file=source.name,
        sha256=source.sha256,
        recognised=_RECOGNISED,
        unit=context.unit,
        period=context.period,
        findings=tuple(findings),
        tallies=dict(sorted(tallies.items())),
        notes=tuple(notes),
        document=document,
        source=source,
    )
