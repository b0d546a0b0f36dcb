"""Tables of no known form: what needs no rulebook is checked all the same, and nothing counts as passed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from auditkit.identity import describe, words_of
from auditkit.model.document import Document, Grid, Source
from auditkit.model.finding import Finding, Result, Tally
from auditkit.model.words import Fault, Text
from auditkit.readers import disguised, load

_RECOGNISED = Text("不认识的表式，只查不需要规则的", "no known form: only what needs no rulebook")
_DRAFT = Text(
    "要按自己的规则全部检查：auditkit rules new --from 文件 起草规则簿，再用 --rules 指定",
    "to have all of it checked, draft a rulebook with auditkit rules new --from FILE and name it with --rules",
)
FEW = 4
"""Numbers that make a table of numbers, at least."""
SUMS = "SH101"
"""The rule under which is counted what no form asked of a table."""


@dataclass(frozen=True)
class Unformed:
    """How tables without a form are checked. ``last`` is last year's file, or a folder of them."""

    last: Path | None
    read: Callable[[Source], Document]
    asked: bool = True
    """Whether tables were to be checked beside the words; not where a rulebook of words was told."""

    def check(self, source: Source, document: Document, unknown: Fault, period: int | None) -> Result:
        """Sums, shares, formulas that hold nearly everywhere and fail in one place; error values; years; typing slips.

        With last year's document, also what moved unlike the others of its kind. The verdict stays *not checked*: no
        rule of a form was asked. ``unknown`` says why no form was recognised.
        """
        from auditkit import discover, pointing  # noqa: PLC0415 - many rooms, seldom entered

        context = describe(words_of(document), document.name, period)
        findings = discover.check(
            document, unit=context.unit, period=context.period, last=self._earlier(document, source.name)
        )
        return Result(
            file=source.name,
            sha256=source.sha256,
            recognised=_RECOGNISED,
            unit=context.unit,
            period=context.period,
            findings=tuple(findings),
            tallies=_failed(findings),
            suspects=pointing.suspects(document, findings),
            notes=(*disguised(document), unknown.message, _DRAFT, *_unsearched(document)),
            document=document,
            source=source,
        )

    def with_tables(self, result: Result) -> Result:
        """The same of the tables that stand in a text; tables of numbers make it *not fully checked*."""
        from auditkit import discover, pointing  # noqa: PLC0415 - many rooms, seldom entered

        document = result.document
        tables = sum(1 for grid in document.grids if _counts(grid)) if document else 0
        if document is None or not tables:
            return result
        if not self.asked:
            note = Text(
                f"文中 {tables} 张表不属于已知的表式，没有检查表内的数",
                f"tables of no known form, not checked: {tables}",
            )
            return replace(result, notes=(*result.notes, note))
        last = self._earlier(document, result.file)
        findings = discover.check(document, form=result.rulebook, unit=result.unit, period=result.period, last=last)
        note = Text(
            f"文中 {tables} 张表不属于已知的表式，表内的数只查了不需要规则的",
            f"tables of no known form, checked only for what needs no rulebook: {tables}",
        )
        tallies = {**result.tallies, **_failed(findings)}
        tallies[SUMS] = replace(tallies.get(SUMS, Tally()), unchecked={"unknown form": tables})
        return replace(
            result,
            findings=(*result.findings, *findings),
            tallies=tallies,
            suspects=(*result.suspects, *pointing.suspects(document, findings)),
            notes=(*result.notes, note, *_unsearched(document)),
        )

    def _earlier(self, document: Document, name: str) -> Document | None:
        """Last year's document: the file itself, or the one of a folder that differs from this one in years only."""
        path = self.last
        if path is not None and not path.is_file():
            files = (p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.startswith(("~$", ".")))
            path = next((p for p in files if _yearless(p.name) == _yearless(name)), None)
        return None if path is None or not document.grids else self.read(load(path))


def _yearless(name: str) -> str:
    return re.sub(r"(?:19|20)[0-9]{2}", "", Path(name).name)


def _counts(grid: Grid) -> bool:
    """A table of numbers, and no layout, list of names or address."""
    from auditkit import discover  # noqa: PLC0415 - many rooms, seldom entered

    if discover.too_large(grid):
        return True
    return any(
        len(panel.rows) * len(panel.columns) >= FEW for block in discover.structure(grid) for panel in block.panels
    )


def _failed(findings: list[Finding]) -> dict[str, Tally]:
    return {rule: Tally(failed=n) for rule, n in sorted(Counter(finding.rule for finding in findings).items())}


def _unsearched(document: Document) -> Iterator[Text]:
    from auditkit import discover  # noqa: PLC0415 - many rooms, seldom entered

    large = [grid.name or document.name for grid in document.grids if discover.too_large(grid)]
    if large:
        listed = "、".join(large)
        yield Text(f"太大，没有在其中寻找关系：{listed}", f"too large to search for identities: {listed}")
