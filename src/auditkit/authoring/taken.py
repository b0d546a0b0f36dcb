"""What the sheets of a rule workbook say: plain data, and the cell in which each part of it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from auditkit.authoring.cells import Misread
from auditkit.authoring.columns import (
    CASES,
    COLUMNS,
    COVER,
    FACTS,
    FIRST,
    FORMS,
    PROSE,
    RULES,
    WORDS,
    Column,
    put,
)
from auditkit.authoring.forms import Tables
from auditkit.authoring.source import Data
from auditkit.model.document import Grid, Place, SheetFacts, Value
from auditkit.model.words import Fault, Text
from auditkit.rulebook.tree import Path as TreePath


@dataclass
class Taken:
    """What the sheets say so far: data, the cell each part of it was written in, and what could not be read."""

    data: Data = field(default_factory=dict)
    cells: dict[TreePath, str] = field(default_factory=dict)
    mistakes: list[tuple[str, Text]] = field(default_factory=list)

    def complain(self, at: str, message: Text) -> None:
        self.mistakes.append((at, message))


def taken_from(grids: dict[str, Grid], name: str) -> Taken:
    """Everything the sheets of a rule workbook say.

    Raises:
        Fault: ``not-a-rule-sheet`` (exit 2) when there is no cover.
    """
    taken = Taken()
    if COVER not in grids:
        raise Fault(
            "not-a-rule-sheet",
            Text(f"{name} 没有工作表“{COVER}”，不是规则表", f'{name} has no sheet "{COVER}": not a rule sheet'),
            exit=2,
        )
    _cover(grids[COVER], taken)
    if FORMS in grids:
        _forms(grids[FORMS], taken)
    for sheet, section in ((RULES, "rules"), (PROSE, "prose")):
        if sheet in grids:
            _list(grids[sheet], section, taken)
    if FACTS in grids:
        _facts(grids[FACTS], taken)
    if CASES in grids:
        _cases(grids[CASES], taken)
    if WORDS in grids:
        _words(grids[WORDS], taken)
    return taken


def _cover(grid: Grid, taken: Taken) -> None:
    columns = {column.field: column for column in COLUMNS[COVER]}
    facts = grid.facts()
    for row, values in enumerate(grid.rows):
        said = shown(values[0]) if values else ""
        if said and said not in columns:
            taken.complain(_at(grid, row, 0), Text(f"不认识“{said}”", f'unknown field "{said}"'))
        elif said and len(values) > 2:
            _read(grid, facts, row, 2, columns[said], taken.data, (), taken)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as read: its fields, and in which column each stands."""

    row: int
    data: Data
    columns: dict[str, int]


def _rows(grid: Grid, taken: Taken, path: Callable[[int], TreePath]) -> list[Entry]:
    """The entries of a sheet; ``path`` gives an entry's path in the tree from its number."""
    heads = [shown(value) for value in grid.rows[1]] if len(grid.rows) > 1 else []
    known = {column.field: column for column in COLUMNS[grid.name]}
    for at, head in enumerate(heads):
        if head and head not in known:
            taken.complain(_at(grid, 1, at), Text(f"不认识栏名“{head}”", f'unknown column "{head}"'))
    columns = {head: at for at, head in enumerate(heads) if head in known}
    facts = grid.facts()
    entries: list[Entry] = []
    for row in range(FIRST, len(grid.rows)):
        if not any(shown(value) for value in grid.rows[row]):
            continue
        data: Data = {}
        for name, at in sorted(columns.items(), key=lambda one: list(known).index(one[0])):
            _read(grid, facts, row, at, known[name], data, path(len(entries)), taken)
        entries.append(Entry(row, data, columns))
    return entries


def _read(
    grid: Grid, facts: SheetFacts, row: int, at: int, column: Column, data: Data, path: TreePath, taken: Taken
) -> None:
    """Read one cell into an entry and remember where it stands."""
    place = _at(grid, row, at)
    if (row, at) in facts.formulas:
        taken.complain(
            place, Text("这是公式，请改成文字（前面加单引号）", "this is a formula; make it text with a ' in front")
        )
        return
    text = shown(grid.rows[row][at])
    if not text:
        return
    try:
        put(data, column, column.kind.read(text))
    except Misread as wrong:
        taken.complain(place, wrong.message)
    for one in (column.field.partition("::")[0].split("."), column.field.replace("::", ".").split(".")):
        taken.cells[*path, *one] = place


def _forms(grid: Grid, taken: Taken) -> None:
    tables = Tables()
    for entry in _rows(grid, taken, lambda n: ("表样", n)):
        at = entry.columns
        place = _at(grid, entry.row, at.get("name", 0))
        try:
            path = tables.add(entry.data)
        except Misread as wrong:
            taken.complain(_at(grid, entry.row, at.get("part", 0)), wrong.message)
            continue
        taken.cells[path] = place
        if len(path) == 2:
            for name, column in at.items():
                key = "title" if name == "label" else name
                taken.cells[*path, *key.split(".")] = _at(grid, entry.row, column)
        else:
            taken.cells[*path, "label"] = taken.cells[path] = _at(grid, entry.row, at.get("label", 0))
            for key, column_name in (("kinds", "cells"), ("blanks", "blank")):
                taken.cells[*path[:2], key, path[-1]] = _at(grid, entry.row, at.get(column_name, 0))
    if tables.data:
        taken.data["tables"] = tables.data


def _list(grid: Grid, section: str, taken: Taken) -> None:
    entries = _rows(grid, taken, lambda n: (section, n))
    for n, entry in enumerate(entries):
        taken.cells[section, n] = _at(grid, entry.row, 0)
    if entries:
        taken.data[section] = [entry.data for entry in entries]


def _facts(grid: Grid, taken: Taken) -> None:
    facts: Data = {}
    for entry in _rows(grid, taken, lambda n: ("正文数据", n)):
        name = entry.data.pop("name", "")
        place = _at(grid, entry.row, entry.columns.get("name", 0))
        if not name or name in facts:
            said = Text(f"名称“{name}”空白或写了两次", f'the name "{name}" is missing or given twice')
            taken.complain(place, said)
            continue
        facts[name] = entry.data
        taken.cells["facts", name] = place
        for key, column in entry.columns.items():
            taken.cells["facts", name, key] = _at(grid, entry.row, column)
    if facts:
        taken.data["facts"] = facts


def _cases(grid: Grid, taken: Taken) -> None:
    entries = _rows(grid, taken, lambda n: ("tests", "cases", n))
    for n, entry in enumerate(entries):
        taken.cells["tests", "cases", n] = _at(grid, entry.row, 0)
    if entries or "tests" in taken.data:
        taken.data.setdefault("tests", {})["cases"] = [entry.data for entry in entries]


def _words(grid: Grid, taken: Taken) -> None:
    for entry in _rows(grid, taken, lambda n: ("译名", n)):
        language, name, words = (entry.data.get(key, "") for key in ("language", "name", "words"))
        if not (language and name and "words" in entry.data):
            taken.complain(
                _at(grid, entry.row, 0),
                Text("语言、名称、译名三栏都要填", "language, short name and words are all needed"),
            )
            continue
        taken.data.setdefault("labels", {}).setdefault(language, {})[name] = words


def shown(value: Value) -> str:
    """A cell as text; a number that was typed keeps no ``.0``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _at(grid: Grid, row: int, column: int) -> str:
    return Place("", grid.name, row, column).to("zh")
