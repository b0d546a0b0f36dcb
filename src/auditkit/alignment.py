"""Forms with the records that submissions have, and submissions laid out over them, row beside row.

Tables whose records have one name speak of the same things: each gets a row for every record that any of them has,
this year or last, so that "the same component in another table" is a row like any other; rows that a sheet does not
have are absent, and nobody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from auditkit.model.document import Cell, Place, State
from auditkit.model.filled import Filled, Spot
from auditkit.model.form import Axis, Form, Line, Records, Table

NAMELESS = "(blank)"
"""What a record without a key is called."""


def with_records(table: Table, rows: Iterable[Line], offset: int) -> Table:
    """A list with its records behind the rows it declares."""
    lines = (*table.rows.lines, *rows)
    groups = {**table.rows.group_labels, **{group: () for line in lines for group in line.path}}
    axis = Axis(lines, {g: table.rows.group_labels.get(g, ()) for g in groups})
    return replace(table, rows=axis, offset=offset)


def unique_names(table: Table, keys: Iterable[str]) -> Iterator[str]:
    """Names of records with these keys: a key given twice, or none, gets a number."""
    taken = {line.name for line in table.rows.lines}
    for key in keys:
        record = key or NAMELESS
        name, n = record, 1
        while name in taken:
            n += 1
            name = f"{record}#{n}"
        taken.add(name)
        yield name


def together(template: Form, forms: Sequence[Form]) -> Form:
    """The form with every record of every list of the same name, and with further lines of records where they are."""
    known: dict[str, dict[str, bool]] = {}
    for form in forms:
        for table in form.lists:
            assert table.records is not None
            shared = known.setdefault(table.records.name, {})
            for line in table.rows.lines:
                if line.record:
                    shared[line.record] = shared.get(line.record, False) or table.records.name in line.path
    tables: dict[str, Table] = {}
    offset = 0
    for table in template:
        if table.records is None:
            tables[table.id] = replace(table, offset=offset)
        else:
            rows = _rows(table, table.records, [form.tables[table.id] for form in forms], known[table.records.name])
            tables[table.id] = with_records(table, rows, offset)
        offset += tables[table.id].size
    return replace(template, tables=tables)


def _rows(table: Table, records: Records, filled: Sequence[Table], shared: dict[str, bool]) -> Iterator[Line]:
    """Rows behind the declared ones: this year's in their order, last year's, then those of other tables."""
    taken = set(table.rows.index)
    for one in filled:
        for line in one.rows.lines:
            if line.name not in taken:
                taken.add(line.name)
                yield line
    have = {line.record for one in filled for line in one.rows.lines}
    for record, listed in shared.items():
        if record not in have:
            for line in records.found(record):
                if line.name not in taken:
                    yield line if listed else replace(line, path=())


def laid_out(filled: Filled, form: Form) -> Filled:
    """The same submission over a form with more records: rows it does not have are absent."""
    if filled.form == form:
        return filled
    slots: list[int | None] = []
    spots: dict[str, Spot] = {}
    for table in form:
        own = filled.form.tables[table.id]
        width = len(table.columns.lines)
        rows = [own.rows.index.get(line.name) for line in table.rows.lines]
        for row in rows:
            slots += [None] * width if row is None else range(own.slot(row, 0), own.slot(row, 0) + width)
        if spot := filled.spots.get(table.id):
            places = tuple(None if row is None else spot.rows[row] for row in rows)
            spots[table.id] = replace(spot, rows=places)
    return replace(
        filled,
        form=form,
        spots=spots,
        values=tuple(float("nan") if slot is None else filled.values[slot] for slot in slots),
        states=bytes(State.ABSENT if slot is None else filled.states[slot] for slot in slots),
        cell=_Cells(filled, tuple(slots), form),
    )


@dataclass(frozen=True)
class _Cells:
    """Slot of the larger form → the submission's cell."""

    filled: Filled
    slots: tuple[int | None, ...]
    form: Form

    def __call__(self, slot: int) -> Cell:
        own = self.slots[slot]
        if own is not None:
            return self.filled.cell(own)
        spot = self.filled.spots.get(self.form.slots[slot][0])
        sheet = self.filled.document.grids[spot.grid].name if spot else ""
        return Cell(Place(self.filled.document.name, sheet), "", None, State.ABSENT)
