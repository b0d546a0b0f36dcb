"""Seeded errors: every cell of the published 2024 tables, changed in six ways, each judged on its own.

An independent reading of the form's identities, in plain Python below, says what must be found. Nothing else may be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from auditkit import readers, rulebook
from auditkit.audit import Auditor
from auditkit.bind import Binder
from auditkit.model.document import Document, Source
from auditkit.model.filled import Filled
from auditkit.model.finding import Result

BOOK = rulebook.find("cn-disclosure-2021")
GOOD = Path(BOOK.good)
TABLES = {"T21": (2, 3), "T25": (1, 1), "T26": (2, 1), "T28": (1, 1), "T3": (25, 7), "T4": (1, 15)}


IDENTITIES = {"GK302", "GK303", "GK304", "GK402", "GK403", "GK404"}


@dataclass(frozen=True)
class Seed:
    """One change of one cell."""

    table: str
    row: int
    column: int
    way: str
    text: str


def swapped(digits: str) -> str | None:
    """The first two neighbouring digits that differ, swapped."""
    for i in range(len(digits) - 1):
        if digits[i] != digits[i + 1] and digits[i].isdigit() and digits[i + 1].isdigit():
            return digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    return None


WAYS = {
    "plus one": lambda t: f"{float(t) + 1:g}" if "." in t else str(int(t) + 1),
    "minus one": lambda t: f"{float(t) - 1:g}" if "." in t else str(int(t) - 1),
    "digits swapped": swapped,
    "digit dropped": lambda t: t[1:] if len(t.replace(".", "")) > 1 else None,
    "times ten": lambda t: None if float(t) == 0 else f"{float(t) * 10:.3f}" if "." in t else t + "0",
    "blanked": lambda _: "",
    "text": lambda _: "若干",
}


def good() -> tuple[Document, Filled]:
    document = readers.read(readers.load(GOOD))
    return document, Binder((BOOK.form,)).bind(document)


def seeds(filled: Filled) -> Iterator[Seed]:
    for table in BOOK.form:
        for row in range(len(table.rows.lines)):
            for column in range(len(table.columns.lines)):
                text = filled.cell(table.slot(row, column)).text
                for way, change in WAYS.items():
                    new = change(text)
                    if new is not None and new != text:
                        yield Seed(table.id, row, column, way, new)


def planted(document: Document, filled: Filled, seed: Seed) -> Document:
    place = filled.cell(BOOK.form.tables[seed.table].slot(seed.row, seed.column)).place
    spot = filled.spots[seed.table]
    grid = document.grids[spot.grid]
    rows = [list(row) for row in grid.rows]
    rows[place.row][place.column] = seed.text
    grids = list(document.grids)
    grids[spot.grid] = replace(grid, rows=rows)
    return replace(document, grids=tuple(grids))


# What must be found: the form's identities read once more, in plain Python.


def number(values: dict, table: str, row: int, column: int) -> float | None:
    text = values[table, row, column]
    if text == "若干":
        return None
    if text == "":
        # By the form's custom a blank is 0, but a blank total is a total that was not filled in.
        return None if (table == "T3" and (column == 6 or row == 23)) or (table == "T4" and column % 5 == 4) else 0.0
    return float(text)


def total(values: dict, table: str, cells: list[tuple[int, int]]) -> float | None:
    numbers = [number(values, table, r, c) for r, c in cells]
    return None if None in numbers else sum(numbers)


def expected(values: dict, seed: Seed) -> set[str]:
    found: set[str] = set()
    rows = [line.name for line in BOOK.form.tables["T3"].rows.lines]
    columns = [line.name for line in BOOK.form.tables["T3"].columns.lines]
    for r, row in enumerate(rows):
        left, right = number(values, "T3", r, 6), total(values, "T3", [(r, c) for c in range(6)])
        if left is not None and right is not None and left != right:
            found.add(f"GK302 {row}")
    for c, column in enumerate(columns):
        handled, leaves = number(values, "T3", 23, c), total(values, "T3", [(r, c) for r in range(2, 23)])
        if handled is not None and leaves is not None and handled != leaves:
            found.add(f"GK303 {column}")
        came, went = total(values, "T3", [(0, c), (1, c)]), total(values, "T3", [(23, c), (24, c)])
        if came is not None and went is not None and came != went:
            found.add(f"GK304 {column}")
    for block, code in enumerate(("GK402", "GK403", "GK404")):
        parts = total(values, "T4", [(0, block * 5 + i) for i in range(4)])
        whole = number(values, "T4", 0, block * 5 + 4)
        if parts is not None and whole is not None and parts != whole:
            found.add(f"{code} 件数")
    changed = values[seed.table, seed.row, seed.column]
    table = BOOK.form.tables[seed.table]
    where = f"{table.rows.lines[seed.row].name}/{table.columns.lines[seed.column].name}"
    if changed == "若干" or (changed != "" and float(changed) < 0 and table.cells == "count"):
        found.add(f"{table.codes['cells']} {where}")
    if changed == "":
        reported = table.blank_at(seed.row, seed.column) == "report"
        found.add(f"{table.codes['blank']} {where}" if reported else table.codes["blank"])
    return found


def named(result: Result) -> set[str]:
    found = set()
    for finding in result.findings:
        where = "/".join(part for part in (finding.row, finding.column) if part)
        found.add(f"{finding.rule} {where}" if where else finding.rule)
    return found


@pytest.fixture(scope="module")
def verdicts() -> list[tuple[Seed, set[str], set[str], Result]]:
    document, filled = good()
    texts = {
        (table.id, r, c): filled.cell(table.slot(r, c)).text.replace(",", "")
        for table in BOOK.form
        for r in range(len(table.rows.lines))
        for c in range(len(table.columns.lines))
    }
    planned = list(seeds(filled))
    documents = iter([planted(document, filled, seed) for seed in planned])
    auditor = Auditor((BOOK,), read=lambda _: next(documents))
    results = auditor.audit(Source("宿迁市_2024.csv", b"") for _ in planned)
    return [
        (seed, expected(texts | {(seed.table, seed.row, seed.column): seed.text}, seed), named(result), result)
        for seed, result in zip(planned, results, strict=True)
    ]


def test_every_cell_is_seeded_in_every_way_it_can_be(verdicts) -> None:
    """175 cells of table 三, 15 of table 四, 10 of table 二; a one-digit cell has no digits to swap or drop."""
    cells = {(seed.table, seed.row, seed.column) for seed, *_ in verdicts}
    assert len(cells) == sum(rows * columns for rows, columns in TABLES.values()) == 200
    ways = Counter(seed.way for seed, *_ in verdicts)
    assert {ways[way] for way in ("plus one", "minus one", "blanked", "text")} == {200}
    assert (ways["times ten"], ways["digit dropped"], ways["digits swapped"]) == (96, 58, 52)
    broken = [seed for seed, must, *_ in verdicts if any(code[:5] in IDENTITIES for code in must)]
    assert (len(verdicts), len(broken)) == (1006, 615), "as README.md says"
    off_by_one = {(seed.table, seed.row, seed.column) for seed in broken if seed.way in {"plus one", "minus one"}}
    assert len(off_by_one) == 190, "every cell of tables 三 and 四"


def test_what_breaks_an_identity_is_found_and_nothing_else_is_said(verdicts) -> None:
    wrong = [(seed, must - found, found - must) for seed, must, found, _ in verdicts if must != found]
    hints = {"GK204 规章", "GK204 规范性文件", "GK205 行政事业性收费/收费金额"}
    unrelated = [w for w in wrong if w[1] or w[2] - hints]
    assert unrelated == []


def test_the_changed_cell_takes_part_in_every_finding(verdicts) -> None:
    for seed, _, _, result in verdicts:
        table = BOOK.form.tables[seed.table]
        ref = f"{seed.table}.{table.rows.lines[seed.row].name}[{table.columns.lines[seed.column].name}]"
        for finding in result.findings:
            if finding.terms:
                assert ref in [term.ref for term in finding.terms], (seed, finding.rule)
