"""Explanations that wait for a decision, as the sheet shows them; those that say nothing or were copied are marked."""

from __future__ import annotations

from collections.abc import Iterable

from auditkit.known.boilerplate import boilerplate
from auditkit.known.entries import Entry
from auditkit.model.words import EMPTY, Text
from auditkit.reports.summary_workbook.judging import Waiting


def waiting(entries: Iterable[Entry]) -> list[Waiting]:
    """Those that are pending, in order."""
    pending = [entry for entry in entries if entry.pending]
    looks: dict[str, Text] = {}
    for found in boilerplate((entry.unit, entry.key, entry.reason) for entry in pending):
        n = len(found.units)
        look = (
            Text("没有写原因", "gives no reason")
            if found.empty
            else Text(f"{n} 家写的相同", f"{n} units wrote the same")
        )
        looks |= dict.fromkeys(found.keys, look)
    return [
        Waiting(
            unit=entry.unit,
            period=entry.period,
            rule=entry.rule,
            where=entry.where,
            values="，".join(f"{name} {value}" for name, value in entry.values.items()),
            reason=entry.reason,
            by=str(entry.by),
            key=entry.key,
            look=looks.get(entry.key, EMPTY),
        )
        for entry in pending
    ]
