"""A list read out of a sheet: the rows below its header as records, as many as there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from auditkit.alignment import unique_names, with_records
from auditkit.bind.headers import Header
from auditkit.bind.lexicon import Kind, kind_of
from auditkit.bind.place import Place
from auditkit.bind.reading import Reading
from auditkit.bind.sheet import Spot, numbered
from auditkit.labels import label
from auditkit.model.form import Line, Records, Table
from auditkit.numerals import of_value

WORDY = 80
"""Characters; a longer text without a figure beside it is a remark, no record."""


@dataclass
class Record:
    """One record as found: its key, the row of each of its lines, and further rows it takes."""

    key: str
    lines: dict[str, int] = field(default_factory=dict)
    """Kind of line → row; one line has the empty kind."""
    more: list[int] = field(default_factory=list)


def read_list(place: Place, blocks: Sequence[tuple[Header, int]]) -> Reading:
    """The list under one header, or under one repeated over the same columns (page breaks)."""
    table = place.table
    assert table.records is not None
    reader = _Reader(place, table, table.records, blocks[0][0].columns)
    for header, bottom in blocks:
        reader.read(header.bottom + 1, bottom)
    lines, rows = _lines(table, table.records, reader)
    labels = {label_ for header, _ in blocks for label_ in header.labels}
    labels |= {over for label_ in labels for over in place.over(label_)}
    return Reading(
        table=with_records(table, lines, table.offset),
        sheet=place.sheet,
        headers=tuple(header for header, _ in blocks),
        rows=tuple(rows),
        columns=blocks[0][0].columns,
        labels=tuple(sorted(labels.union(reader.spots))),
        declared=len(table.rows.lines),
    )


class _Reader:
    """Rows from top to bottom: records, declared rows, and the end, where remarks begin."""

    def __init__(self, place: Place, table: Table, records: Records, columns: tuple[int, ...]) -> None:
        self.sheet = place.sheet
        self.records = records
        self.columns = columns
        self.key = columns[table.columns.index[records.key]]
        self.once = [c for line, c in zip(table.columns.lines, columns, strict=True) if self._once(line)]
        self.kinds = {kind: {label(word).letters for word in words} for kind, words in records.lines.items()}
        self.declared = {label(word).letters: line for line in table.rows.lines for word in line.labels if word}
        self.named: dict[str, Record] = {}
        self.found: list[Record] = []
        self.spots: list[Spot] = []
        self.last: Record | None = None

    def _once(self, line: Line) -> bool:
        return line.name != self.records.key and line.name not in self.records.several

    def read(self, top: int, bottom: int) -> None:
        gap = False
        for row in range(top, min(bottom, self.sheet.height - 1) + 1):
            key, filled = self._key(row), self._filled(row, self.columns)
            if not key and not filled:
                gap = True
            elif row == top and numbered([self.sheet.rows[row][c] for c in sorted(self.columns)]):
                continue
            elif (not filled and (gap or self._remark(row, key))) or not self._take(row, key, gap=gap):
                return

    def _take(self, row: int, key: str, *, gap: bool) -> bool:
        """Give a row to its record; false where a row without a key stands below the list."""
        kind = self._kind(row)
        if self.last is not None and self._continues(row, key, kind):
            if self.kinds:
                self.last.lines.setdefault(kind, row)
            else:
                self.last.more.append(row)
            return True
        if not key and gap:
            return False
        self._begin(row, key, kind)
        return True

    def _begin(self, row: int, key: str, kind: str) -> None:
        self.last = Record(key, {kind: row})
        line = self.declared.get(label(key).letters) if key else None
        if line is not None and line.name not in self.named:
            self.named[line.name] = self.last
        else:
            self.found.append(self.last)
        self.spots.append((row, self.key))

    def _continues(self, row: int, key: str, kind: str) -> bool:
        assert self.last is not None
        under = self.sheet.covered.get((row, self.key))
        if self.kinds:
            return kind not in self.last.lines and (under is not None or not key or key == self.last.key)
        if not self.records.several or key:
            return bool(self.records.several) and under is not None
        return under is not None or not self._filled(row, self.once)

    def _kind(self, row: int) -> str:
        """Which line of a record a row is, by the words between its key and its figures, else by its turn."""
        if not self.kinds:
            return ""
        figures = [column for column in self.columns if column != self.key]
        for column in range(self.key + 1, min(figures, default=self.key + 1)):
            value = self.sheet.rows[row][column]
            said = label(value).letters if isinstance(value, str) else ""
            for kind, words in self.kinds.items():
                if said in words:
                    return kind
        left = [kind for kind in self.kinds if self.last is None or kind not in self.last.lines]
        return left[0] if left else next(iter(self.kinds))

    def _key(self, row: int) -> str:
        if (row, self.key) in self.sheet.covered:
            return ""
        value = self.sheet.rows[row][self.key]
        return " ".join(of_value(value).text.split())

    def _filled(self, row: int, columns: Sequence[int]) -> bool:
        cells, covered = self.sheet.rows[row], self.sheet.covered
        return any(kind_of(cells[c]) != Kind.BLANK for c in columns if c != self.key and (row, c) not in covered)

    def _remark(self, row: int, key: str) -> bool:
        area = self.sheet.areas.get((row, self.key))
        return len(key) > WORDY or (area is not None and area[3] > area[1]) or self.last is None


def _lines(table: Table, records: Records, reader: _Reader) -> tuple[list[Line], list[int | None]]:
    """The lines of the records and, for every line of the table, declared ones first, its row in the sheet."""
    kinds = [*records.lines] or [""]
    rows: list[int | None] = []
    for line in table.rows.lines:
        record = reader.named.get(line.name if not records.lines else _first(table, line))
        rows.append(None if record is None else record.lines.get(_kind_of(records, line)))
    lines: list[Line] = []
    names = unique_names(table, (record.key for record in reader.found))
    for record, (name, key) in zip(reader.found, names, strict=True):
        lines += records.found(name, key)
        rows += [record.lines.get(kind) for kind in kinds]
    further = [(line.name, reader.named[line.name]) for line in table.rows.lines if line.name in reader.named]
    further += [(line.record, one) for line, one in zip(lines[:: len(kinds)], reader.found, strict=True)]
    for name, record in further:
        for n, row in enumerate(record.more, 2):
            lines.append(Line(f"{name}_{n}", (), (records.name,), name))
            rows.append(row)
    return lines, rows


def _first(table: Table, line: Line) -> str:
    """The first line of a declared row that has several: the one that carries its labels."""
    own = [other for other in table.rows.lines if other.record == line.record]
    return own[0].name


def _kind_of(records: Records, line: Line) -> str:
    return next((kind for kind in reversed(line.path) if kind in records.lines), "")
