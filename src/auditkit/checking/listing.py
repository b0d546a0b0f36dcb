"""Entries of a run as the rows of the summary that account for every path."""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.batch import junk
from auditkit.checking.reasons import short
from auditkit.model.words import EMPTY, Text
from auditkit.reports import wording
from auditkit.reports.summary_workbook.inputs import Input
from auditkit.store import Store
from auditkit.store.records import Entry

SKIPPED = Text("跳过", "skipped")
LOST = Text("未检查", "not checked")
_PARTS = {
    "older": Text("旧版，不计", "an older version, not counted"),
    "same": Text("与计入的一份内容相同", "the same as the one that counts"),
    "beside": Text("报表以外的材料", "sent beside the report"),
    "nobody": Text("不在名单上", "not on the roster"),
}
_LATE = Text("迟报", "late")


def inputs(store: Store, run: int) -> Iterator[Input]:
    """One row an entry of a run, in order."""
    entries = store.entries(run)
    years = {name: _year(year, most) for name, _, year, most in store.of_other_years(run)}
    for entry in entries:
        if entry.outcome == "skipped":
            yield Input(entry.name, SKIPPED, junk.REASONS[entry.reason])
            continue
        became = LOST if entry.reason else wording.VERDICTS.get(entry.outcome, LOST)  # type: ignore[call-overload]
        reason = short(entry.reason) if entry.reason else EMPTY
        yield Input(entry.name, became, reason, entry.unit, entry.unit_code, _remark(entry, years.get(entry.name)))


def _year(year: str, most: str) -> Text:
    return Text(f"是{year}年的，多数是{most}年的", f"of {year}; most are of {most}")


def _remark(entry: Entry, year: Text | None) -> Text:
    said = [_PARTS[entry.part]] if entry.part in _PARTS else []
    said += [_LATE] if entry.late else []
    said += [year] if year else []
    said += [entry.said] if entry.said != EMPTY else []
    return wording.joined(said, "；", "; ")
