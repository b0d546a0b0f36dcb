"""Footnotes under a table: the office's own explanation of what is soft there, if they name the row that differs.

A footnote that names no row by its key or full name explains only the rows that the form itself names, such as a total.
Nothing is taken away: what is explained stays a finding, with the footnote beside it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from auditkit.labels import fold
from auditkit.model.document import State
from auditkit.model.filled import Filled
from auditkit.model.finding import Checked, Finding
from auditkit.model.form import Table
from auditkit.model.rule import Rulebook
from auditkit.model.words import Text

LONGEST = 160
"""Characters of a footnote that are shown with a finding."""


def explain_by_footnotes(book: Rulebook, filled: Filled, checked: Checked) -> tuple[Text, ...]:
    """Marks soft findings that a footnote of their table explains; returns notes on rows that it does not name."""
    if not book.form.footnotes:
        return ()
    notes = _Footnotes(book, filled)
    explainable = {rule.id: rule.explainable for rule in book.rules}
    unnamed: dict[str, dict[str, None]] = {}
    for i, finding in enumerate(checked.findings):
        if finding.level != "soft" or finding.status != "fail" or not explainable.get(finding.rule):
            continue
        said = notes.under.get(finding.table, "")
        if said and notes.explain(finding, said):
            checked.findings[i] = replace(finding, status="explained", hint=_quoted(said), footnote=True)
            tally = checked.tallies[finding.rule]
            checked.tallies[finding.rule] = replace(tally, failed=tally.failed - 1, explained=tally.explained + 1)
        elif said:
            unnamed.setdefault(finding.table, {})[notes.record(finding)] = None
    return tuple(_remark(book.label(table), list(rows)) for table, rows in unnamed.items())


def _quoted(said: str) -> Text:
    short = said if len(said) <= LONGEST else f"{said[:LONGEST]}..."
    return Text(f"脚注：{short}", f"Footnote: {short}")


def _remark(table: Text, rows: list[str]) -> Text:
    return Text(
        f"{table.zh} 的脚注没有提到不一致的行：{'、'.join(rows)}。",
        f"The footnote under {table.en} does not name rows that differ: {', '.join(rows)}.",
    )


@dataclass(frozen=True)
class _Footnotes:
    book: Rulebook
    filled: Filled

    @cached_property
    def under(self) -> Mapping[str, str]:
        """Table → its footnotes, read as one text."""
        return dict(self._under())

    def _under(self) -> Iterator[tuple[str, str]]:
        heads = {fold(word) for word in self.book.form.footnotes}
        spots = self.filled.spots
        rows = {id_: [row for row in spot.down if row is not None] for id_, spot in spots.items()}
        for id_, spot in spots.items():
            sheet = self.filled.document.grids[spot.grid].name
            last = max(rows[id_], default=0)
            others = [min(rows[o]) for o, other in spots.items() if other.grid == spot.grid and rows[o]]
            end = min((row for row in others if row > last), default=None)
            below = [
                w
                for w in self.filled.words
                if w.place.sheet == sheet and w.place.row > last and (end is None or w.place.row < end)
            ]
            head = next((n for n, w in enumerate(below) if fold(w.text).rstrip(":") in heads), None)
            texts = [] if head is None else below[head + 1 :]
            caption = next((n for n, w in enumerate(texts) if w.role != "note"), len(texts))
            if texts[:caption]:
                yield id_, " ".join(html.unescape(w.text).strip() for w in texts[:caption])

    def explain(self, finding: Finding, said: str) -> bool:
        """Whether the footnote names the finding's row; rows that the form itself names need no name."""
        table = self.book.form.tables[finding.table]
        record = self.record(finding)
        return not finding.row or record in self._declared(table) or self._names(table, record, said)

    def record(self, finding: Finding) -> str:
        """The record of a finding's row, whichever of its lines it is."""
        lines = self.book.form.tables[finding.table].rows
        return lines.lines[lines.index[finding.row]].record if finding.row in lines.index else finding.row

    def _declared(self, table: Table) -> set[str]:
        return {line.record for line in table.rows.lines if line.labels}

    def _names(self, table: Table, record: str, said: str) -> bool:
        if re.search(rf"(?<!\w){re.escape(record)}(?!\w)", said):
            return True
        return any(fold(name) in fold(said) for name in self._full_names(table, record))

    def _full_names(self, table: Table, record: str) -> Iterator[str]:
        """What a list of words says of the record: the names behind abbreviations."""
        for other in self.book.form.lists:
            if (
                other.cells != "text"
                or not (own := other.records)
                or not table.records
                or own.name != table.records.name
            ):
                continue
            row = other.rows.records.get(record)
            for column, line in enumerate(other.columns.lines):
                cell = None if row is None or line.name == own.key else self.filled.cell(other.slot(row, column))
                if cell is not None and cell.state is State.TEXT:
                    yield cell.text
