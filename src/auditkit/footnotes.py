"""Footnotes under a table: the office's own explanation of what is soft there, if they name the row that differs.

A record is named by its key or full name, a row that the form itself prints, such as a total, by its label or by the
office: its name, its initials, "the agency". Such a row is also explained where every record that differs by the same
rule is, since it differs by their sum, and where the table has no records. Nothing is taken away: what is explained
stays a finding, with the footnote beside it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from auditkit.labels import fold
from auditkit.model.document import State
from auditkit.model.filled import Filled
from auditkit.model.finding import Checked, Finding
from auditkit.model.form import Table
from auditkit.model.rule import Rulebook
from auditkit.model.words import Text

_SMALL = {"the", "and", "for", "on", "to", "from", "Who", "Are"}
_BODIES = {"Department", "Office", "Ministry"}
"""First words of a name whose last word is used alone: the Department of the Treasury is Treasury."""

LONGEST = 160
"""Characters of a footnote that are shown with a finding."""


def explain_by_footnotes(book: Rulebook, filled: Filled, checked: Checked, unit: str) -> tuple[Text, ...]:
    """Marks soft findings that a footnote of their table explains; returns notes on rows that it does not name."""
    if not book.form.footnotes:
        return ()
    notes = _Footnotes(book, filled, unit)
    explainable = {rule.id: rule.explainable for rule in book.rules}
    asked = [
        i
        for i, finding in enumerate(checked.findings)
        if finding.level == "soft" and finding.status == "fail" and explainable.get(finding.rule)
    ]
    named = {i: notes.names(checked.findings[i]) for i in asked if checked.findings[i].table in notes.under}
    ofrecords: dict[tuple[str, str], set[bool]] = {}
    for i, explained in named.items():
        if not notes.printed(checked.findings[i]):
            ofrecords.setdefault((checked.findings[i].rule, checked.findings[i].table), set()).add(explained)
    unnamed: dict[str, dict[Text, None]] = {}
    for i, explained in named.items():
        finding = checked.findings[i]
        by_parts = notes.printed(finding) and ofrecords.get((finding.rule, finding.table)) == {True}
        if explained or by_parts:
            hint = _quoted(notes.under[finding.table])
            checked.findings[i] = replace(finding, status="explained", hint=hint, footnote=True)
            tally = checked.tallies[finding.rule]
            checked.tallies[finding.rule] = replace(tally, failed=tally.failed - 1, explained=tally.explained + 1)
        else:
            unnamed.setdefault(finding.table, {})[notes.called(finding)] = None
    return tuple(_remark(book.label(table), list(rows)) for table, rows in unnamed.items())


def _says_label(labels: Sequence[str], said: str) -> bool:
    """All words of a label of several, in any order; other labels as they are printed."""
    words = {fold(word) for word in re.findall(r"\w+", said)}
    for label in labels:
        parts = label.split()
        if {fold(p) for p in parts} <= words if len(parts) > 1 else label in said:
            return True
    return False


def _quoted(said: str) -> Text:
    short = said if len(said) <= LONGEST else f"{said[:LONGEST]}..."
    return Text(f"脚注：{short}", f"Footnote: {short}")


def _remark(table: Text, rows: list[Text]) -> Text:
    return Text(
        f"{table.zh} 的脚注没有提到不一致的行：{'、'.join(r.zh for r in rows)}。",
        f"The footnote under {table.en} does not name rows that differ: {', '.join(r.en for r in rows)}.",
    )


@dataclass(frozen=True)
class _Footnotes:
    book: Rulebook
    filled: Filled
    unit: str

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

    def names(self, finding: Finding) -> bool:
        """Whether the footnote names the finding's row, or can speak of no other."""
        said, table, record = self.under[finding.table], self.book.form.tables[finding.table], self.record(finding)
        if table.records is not None and self._says_all(table.records.name, said):
            return True
        if not self.printed(finding):
            return self._names(table, record, said)
        found = [line for line in table.rows.lines if line.record and not line.labels and line.path]
        if table.records is not None and not found:
            return True
        labels = [word for line in table.rows.lines if line.record == record for word in line.labels]
        return _says_label(labels, said) or any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said) for w in self._office)

    def printed(self, finding: Finding) -> bool:
        """Whether the form itself names the row, or the finding has none."""
        record, lines = self.record(finding), self.book.form.tables[finding.table].rows.lines
        return not finding.row or any(line.record == record and line.labels for line in lines)

    def _says_all(self, records: str, said: str) -> bool:
        called = self.book.label(records)
        all_english = rf"\b(?:all|each|every)(?: of)?(?: the| its| our)? {re.escape(called.en.removesuffix('s'))}s?\b"
        return bool(re.search(all_english, said, re.IGNORECASE)) or any(
            f"{a}{called.zh.removeprefix('各')}" in said for a in ("各", "全部", "所有")
        )

    @cached_property
    def _office(self) -> list[str]:
        """What the office calls itself: by its name or initials (``HUD``, ``USDA``), or by what it is."""
        words = re.findall(r"\w+", self.unit)
        initials = ("".join(w[0] for w in words if w[0].isupper()), "".join(w[0] for w in words if w not in _SMALL))
        short = {letters.upper()[n:] for letters in initials for n in range(max(len(letters) - 2, 0))}
        short |= {f"US{letters}" for letters in initials if len(letters) > 1}
        kinds = {w for w in (*words[:1], *words[-1:], "agency") if w}
        last = {w for w in words[-1:] if len(words) > 1 and w[0].isupper() and words[0] in _BODIES}
        return sorted({self.unit, *short, *last, *(f"{a} {w}" for w in kinds for a in ("the", "The"))} - {""})

    def called(self, finding: Finding) -> Text:
        """The record as messages call it: in the data's own words, if the form does not print it."""
        record = self.record(finding)
        return self.book.label(record) if self.printed(finding) else Text(record, record)

    def record(self, finding: Finding) -> str:
        """The record of a finding's row, whichever of its lines it is."""
        lines = self.book.form.tables[finding.table].rows
        return lines.lines[lines.index[finding.row]].record if finding.row in lines.index else finding.row

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
