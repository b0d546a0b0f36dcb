"""Tables of no known form: what needs no rulebook is checked all the same, and nothing counts as passed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from auditkit import discover
from auditkit.identity import describe, words_of
from auditkit.model.document import Document, Source
from auditkit.model.finding import Result, Tally
from auditkit.model.words import Fault, Text
from auditkit.readers import disguised

_RECOGNISED = Text("不认识的表式，只查不需要规则的", "no known form: only what needs no rulebook")


def earlier(last: Path | None, name: str) -> Path | None:
    """Last year's file of a document without a form: the file itself, or the one of a folder that differs in years."""
    if last is None or last.is_file():
        return last
    files = (path for path in sorted(last.rglob("*")) if path.is_file() and not path.name.startswith(("~$", ".")))
    return next((path for path in files if _yearless(path.name) == _yearless(name)), None)


def _yearless(name: str) -> str:
    return re.sub(r"(?:19|20)[0-9]{2}", "", Path(name).name)


def check_unformed(
    source: Source, document: Document, unknown: Fault, period: int | None, last: Document | None = None
) -> Result:
    """Sums, shares and formulas that hold nearly everywhere and fail in one place; error values; years; typing slips.

    With ``last``, last year's document, also what moved unlike the others of its kind. The verdict stays *not checked*:
    no rule of a form was asked. ``unknown`` says why no form was recognised.
    """
    context = describe(words_of(document), document.name, period)
    findings = discover.check(document, unit=context.unit, period=context.period, last=last)
    failed = Counter(finding.rule for finding in findings)
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
        tallies={rule: Tally(failed=n) for rule, n in sorted(failed.items())},
        notes=(*disguised(document), *notes),
        document=document,
        source=source,
    )
