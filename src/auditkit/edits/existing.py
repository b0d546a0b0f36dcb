"""Whether a list has a record: by what its key says, or the record of the line that asks by another spelling."""

from __future__ import annotations

from auditkit.edits.screen import slots_of
from auditkit.edits.submission import Gap, Value
from auditkit.edits.values import Line
from auditkit.labels import fold, spelled
from auditkit.model.expression import Cells, Expression


def has_record(line: Line, table: str, column: str, node: Expression, value: Value) -> bool:
    """Whether the list ``table`` has the record that ``node``, whose value is given, names; by its key or in a column.

    Raises:
        Gap: when the list was not found.
    """
    submission = line.submission
    declared = submission.form.tables[table]
    if table in submission.now.missing:
        raise Gap("table missing")
    assert declared.records is not None
    key = declared.columns.index[column or declared.records.key]
    if fold(value.text or "") in submission.rows_saying(table, key):
        return True
    if column:
        return False
    record = _own_record(line, node, declared.records.name)
    row = declared.rows.records.get(record)
    if row is None:
        return False
    asked = submission.now.cell(declared.slot(row, key)).text
    return {spelled(value.text or ""), spelled(asked)} <= _names(line, record, declared.records.name)


def _names(line: Line, record: str, name: str) -> set[str]:
    """A record's own name, and what lists of words say in full."""
    now, names = line.submission.now, {spelled(record)}
    for table in line.submission.form.lists:
        if table.cells == "text" and table.records and table.records.name == name and record in table.rows.records:
            row, key = table.rows.records[record], table.columns.index[table.records.key]
            others = (column for column in range(len(table.columns.lines)) if column != key)
            names.update(spelled(now.cell(table.slot(row, column)).text) for column in others)
    return names - {""}


def _own_record(line: Line, node: Expression, name: str) -> str:
    """The record of this line, if the node is its key and records of this name are meant."""
    if not isinstance(node, Cells) or node.rows is not None or line.scope is None:
        return ""
    slot = int(slots_of(node, line.scope, line.submission.form)[0][0])
    table, row, column = line.submission.form.slots[slot]
    own = line.submission.form.tables[table]
    keyed = own.records is not None and own.records.name == name and own.columns.lines[column].name == own.records.key
    return own.rows.lines[row].record if keyed else ""
