"""One name for each record: lists write it in capitals or not, with another dash, or by its full name.

The first list that has the record says what it is called, this year's before last year's. Two records that one list
tells apart are never made one, and neither is a name that could be either of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditkit.labels import spelled
from auditkit.model.document import State
from auditkit.model.filled import Filled
from auditkit.model.form import Line, Table


@dataclass
class _Names:
    """Of records that several lists speak of: spelling → the name; spellings that are said of two."""

    first: dict[str, str] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    def of(self, record: str) -> str:
        spelling = spelled(record)
        return record if spelling in self.doubtful else self.first.get(spelling, record)


def respelled(submissions: Sequence[Filled]) -> list[Filled]:
    """The same submissions, whose records have one name wherever they stand."""
    names: dict[str, _Names] = {}
    for one in submissions:
        for table in one.form.lists:
            _meet(table, names.setdefault(_shared(table), _Names()))
    for one in submissions:
        for table in one.form.lists:
            if table.cells == "text":
                _call(_in_full(one, table), names[_shared(table)])
    return [_renamed(one, names) for one in submissions]


def _shared(table: Table) -> str:
    assert table.records is not None
    return table.records.name


def _found(table: Table) -> dict[str, Line]:
    """Records of the submission, not those that the form itself names."""
    return {line.record: line for line in table.rows.lines if line.record and not line.labels and line.path}


def _meet(table: Table, names: _Names) -> None:
    own: dict[str, str] = {}
    for record in _found(table):
        spelling = spelled(record)
        if own.setdefault(spelling, record) != record or not spelling:
            names.doubtful.add(spelling)
        names.first.setdefault(spelling, record)


def _in_full(filled: Filled, table: Table) -> Iterator[tuple[str, str]]:
    """What a list of words says of its records: the names behind abbreviations."""
    assert table.records is not None
    for record in _found(table):
        row = table.rows.records[record]
        for column, line in enumerate(table.columns.lines):
            if line.name != table.records.key:
                cell = filled.cell(table.slot(row, column))
                if cell.state is State.TEXT:
                    yield cell.text, record


def _call(full: Iterator[tuple[str, str]], names: _Names) -> None:
    """A full name stands for its record, unless it stands for another one too."""
    meant: dict[str, set[str]] = {}
    for text, record in full:
        meant.setdefault(spelled(text), set()).add(names.of(record))
    for spelling, records in meant.items():
        other = names.first.get(spelling)
        if len(records) == 1 and spelling not in names.doubtful:
            (record,) = records
            if other is None or other != record:
                names.first[spelling] = record


def _renamed(filled: Filled, names: Mapping[str, _Names]) -> Filled:
    tables = {table.id: _lines(table, names[_shared(table)]) for table in filled.form.lists}
    if all(tables[table.id] is table for table in filled.form.lists):
        return filled
    return replace(filled, form=replace(filled.form, tables={**filled.form.tables, **tables}))


def _lines(table: Table, names: _Names) -> Table:
    found = _found(table)
    wanted = {record: names.of(record) for record in found}
    called = {record: name for record, name in wanted.items() if name == record or name not in found}
    if all(called.get(record, record) == record for record in found):
        return table
    lines = tuple(
        replace(line, name=called[line.record] + line.name[len(line.record) :], record=called[line.record])
        if line.record in called and not line.labels
        else line
        for line in table.rows.lines
    )
    return replace(table, rows=replace(table.rows, lines=lines))
