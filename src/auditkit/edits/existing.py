"""Whether a list has a record: by what its key says, or the record of the line that asks by another spelling."""

from __future__ import annotations

from auditkit.edits.screen import slots_of
from auditkit.edits.submission import Gap, Value
from auditkit.edits.values import Line
from auditkit.labels import fold
from auditkit.model.document import State
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
    row = declared.rows.records.get(_own_record(line, node, declared.records.name))
    return row is not None and submission.now.cell(declared.slot(row, key)).state is not State.ABSENT


def _own_record(line: Line, node: Expression, name: str) -> str:
    """The record of this line, if the node is its key and records of this name are meant."""
    if not isinstance(node, Cells) or node.rows is not None or line.scope is None:
        return ""
    slot = int(slots_of(node, line.scope, line.submission.form)[0][0])
    table, row, column = line.submission.form.slots[slot]
    own = line.submission.form.tables[table]
    keyed = own.records is not None and own.records.name == name and own.columns.lines[column].name == own.records.key
    return own.rows.lines[row].record if keyed else ""
