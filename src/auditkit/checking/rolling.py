"""Roll-up over a run: every superior unit of the roster against its subordinate units, from what the store kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from auditkit.edits import rolls_up
from auditkit.model.finding import Context, Finding, Result
from auditkit.model.rule import Rulebook
from auditkit.rollup import Family, roll_up
from auditkit.roster import Roster, Unit
from auditkit.store import Store
from auditkit.store.figures import filled_of
from auditkit.store.records import Entry

Kept = tuple[Entry, Result]
Kind = tuple[str, str]
"""Rulebook and period."""


def roll_up_all(store: Store, run: int, people: Roster, books: Mapping[str, Rulebook]) -> None:
    """Add to the result of each superior unit what its subordinate units' reports say of it; nothing is read again."""
    families = _families(people)
    rolled = {book.id for book in books.values() if any(map(rolls_up, book.rules))}
    if not families or not rolled:
        return
    filed: dict[Unit, dict[Kind, Kept]] = {}
    for entry, result in store.results(run):
        unit = people.exactly(entry.unit_code) or people.exactly(entry.unit)
        if entry.part == "counts" and unit is not None and result.rulebook in rolled:
            filed.setdefault(unit, {})[result.rulebook, result.period] = entry, result
    for unit, children in families.items():
        for kind, (entry, result) in filed.get(unit, {}).items():
            below = [(child, filed.get(child, {}).get(kind)) for child in children]
            done = _rolled(store, books[kind[0]], (unit, entry, result), below)
            key = _key(entry, below)
            store.keep([(key, done)])
            added = done.findings[len(result.findings) :]
            store.enter(run, [entry._replace(result=key, outcome=_outcome(entry, added))])


def _key(entry: Entry, below: Iterable[tuple[Unit, Kept | None]]) -> str:
    """What the result of a superior with its subordinates is kept under: their results, by unit."""
    told = (entry.result, *(f"{child.code} {child.name} {kept[0].result if kept else ''}" for child, kept in below))
    return "roll-up-" + hashlib.sha256("\x1f".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def _families(people: Roster) -> dict[Unit, list[Unit]]:
    families: dict[Unit, list[Unit]] = {}
    for unit in people.units:
        parent = people.exactly(unit.parent) if unit.parent else None
        if parent is not None and parent != unit:
            families.setdefault(parent, []).append(unit)
    return families


def _rolled(
    store: Store, book: Rulebook, parent: tuple[Unit, Entry, Result], children: list[tuple[Unit, Kept | None]]
) -> Result:
    unit, entry, result = parent
    figures = store.figures([entry.result, *(kept[0].result for _, kept in children if kept)])
    there = [(child.name, kept) for child, kept in children if kept and kept[0].result in figures]
    year = int(result.period) if result.period.isdecimal() else None
    family = Family(
        unit=unit.name,
        filled=filled_of(book.form, result.file, figures.get(entry.result, "{}")),
        context=Context(result.unit, result.period, None if year is None else (year, None), None),
        children=tuple((name, filled_of(book.form, kept[1].file, figures[kept[0].result])) for name, kept in there),
        missing=tuple(_missing(children, figures)),
    )
    done = roll_up(book, family)
    return replace(
        result,
        findings=(*result.findings, *done.findings),
        tallies={**result.tallies, **done.tallies},
        figures=figures.get(entry.result, ""),
    )


def _missing(children: list[tuple[Unit, Kept | None]], figures: Mapping[str, str]) -> Iterator[str]:
    return (child.name for child, kept in children if kept is None or kept[0].result not in figures)


def _outcome(entry: Entry, added: Iterable[Finding]) -> str:
    """The verdict with what was added to it."""
    levels = {finding.level for finding in added if finding.status == "fail"}
    if "hard" in levels:
        return "return"
    return "explain" if "soft" in levels and entry.outcome == "pass" else entry.outcome
