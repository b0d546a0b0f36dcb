"""A list read out of a sheet: the rows below its header as records, as many as there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from auditkit.alignment import unique_names, with_records
from auditkit.bind.headers import Header
from auditkit.bind.keys import PART, Keys, spanned
from auditkit.bind.lexicon import Kind, kind_of
from auditkit.bind.place import Place
from auditkit.bind.reading import Reading
from auditkit.bind.sheet import Spot, numbered
from auditkit.labels import label
from auditkit.model.document import Value
from auditkit.model.form import Line, Records, Table

WORDY = 80
"""Characters; a longer text without a figure beside it is a remark, no record."""


@dataclass
class Record:
    """One record as found: its key, the row of each of its lines, and further rows it takes."""

    key: str
    lines: dict[str, int] = field(default_factory=dict)
    """Kind of line → row; one line has the empty kind."""
    more: list[int] = field(default_factory=list)
    columns: tuple[int, ...] = ()
    """Where its cells stand: one list may go on to the right."""


def read_list(place: Place, blocks: Sequence[tuple[Header, int]]) -> Reading:
    """The list under one header, or under one repeated below (page breaks) or beside it."""
    table = place.table
    assert table.records is not None
    reader = _Reader(place, table, table.records, [header for header, _ in blocks])
    for header, bottom in blocks:
        reader.read(header, bottom)
    lines, rows, across = _lines(table, table.records, reader)
    labels = {label_ for header, _ in blocks for label_ in header.labels}
    labels |= {over for label_ in labels for over in place.over(label_)}
    columns = blocks[0][0].columns
    return Reading(
        table=with_records(table, lines, table.offset),
        sheet=place.sheet,
        headers=tuple(header for header, _ in blocks),
        rows=tuple(rows),
        columns=columns,
        labels=tuple(sorted(labels.union(reader.spots))),
        declared=len(table.rows.lines),
        across={line: own for line, own in enumerate(across) if own and own != columns},
        whole=place.whole,
    )


class _Reader:
    """Rows from top to bottom: records, declared rows, and the end, where remarks begin."""

    def __init__(self, place: Place, table: Table, records: Records, headers: Sequence[Header]) -> None:
        self.sheet = place.sheet
        self.table = table
        self.records = records
        self.headers = headers
        self.columns: tuple[int, ...] = ()
        self.keys = Keys(place.sheet, (), (), nested=records.nested)
        self.kinds = {kind: {label(word).letters for word in words} for kind, words in records.lines.items()}
        self.declared: dict[str, list[Line]] = {}
        for line in table.rows.lines:
            for word in dict.fromkeys(label(word).letters for word in line.labels if word):
                self.declared.setdefault(word, []).append(line)
        self.printed = {line.record for line in table.rows.lines}
        self.named: dict[str, Record] = {}
        self.found: list[Record] = []
        self.spots: list[Spot] = []
        self.last: Record | None = None

    def read(self, header: Header, bottom: int) -> None:
        """One block. Rows that only head or number the columns are passed over, and so is what is a part of a row."""
        self._stand_under(header)
        gap = False
        for row in range(header.bottom + 1, min(bottom, self.sheet.height - 1) + 1):
            key, filled = self.keys.of(row, self.declared), self._filled(row, self.columns)
            if not key and not filled:
                gap = self.last is not None
            elif self._passed_over(row, key) and self._awaited(key) is None:
                continue
            elif self._ends(row, key, filled=filled, gap=gap) or not self._take(row, key, gap=gap):
                return
            else:
                gap = False

    def _stand_under(self, header: Header) -> None:
        self.columns = header.columns
        self.key = header.columns[self.table.columns.index[self.records.key]]
        pairs = list(zip(self.table.columns.lines, header.columns, strict=True))
        self.once = [c for line, c in pairs if line.name not in (self.records.key, *self.records.several)]
        words = [c for line, c in pairs if self.table.kinds.get(line.name) == "text" and c != self.key]
        held = spanned(self.sheet, header, self.key) if self.records.nested else (self.key,)
        self.keys = Keys(self.sheet, held, tuple(words), nested=self.records.nested)
        if self.records.abreast:
            self.last = None

    def _passed_over(self, row: int, key: str) -> bool:
        in_row = [self.sheet.rows[row][c] for c in sorted(self.columns)]
        if self.keys.heading(row, key) or (self.last is None and numbered(in_row)):
            return True
        return self.records.until in self.named and bool(self.records.until)

    def _ends(self, row: int, key: str, *, filled: bool, gap: bool) -> bool:
        return not filled and self._awaited(key) is None and (gap or self._remark(row, key))

    def _awaited(self, key: str) -> Line | None:
        """The declared row of this name that was not seen yet; below the last record only rows that are none."""
        over = bool(self.records.until) and self.records.until in self.named
        lines = self.declared.get(label(key).letters, ()) if key else ()
        over |= label(key).full.startswith(PART)  # a part of the row above it
        return next((w for w in lines if w.name not in self.named and not (over and self.records.name in w.path)), None)

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
        line = self._awaited(key)
        self.last = Record(key, {kind: row}, columns=self.columns)
        if line is not None:
            self.named[line.name] = self.last
            if self.records.abreast and self.records.name not in line.path:
                self.last.columns = self._total_columns(row)
        else:
            self.found.append(self.last)
        if (row, self.key) in self.sheet.words:  # a code may be a number, which is no label
            self.spots.append((row, self.key))

    def _total_columns(self, row: int) -> tuple[int, ...]:
        """A total printed under several blocks has its figure in the last of them."""
        own = self.columns
        for header in sorted(self.headers, key=lambda header: min(header.columns)):
            if min(header.columns) < min(self.columns):
                continue
            at = self.table.columns.index[self.records.key]
            if header.columns != self.columns and kind_of(self._at(row, header.columns[at])) != Kind.BLANK:
                break
            if any(kind_of(self._at(row, c)) == Kind.NUMBER for i, c in enumerate(header.columns) if i != at):
                return header.columns
        return own

    def _at(self, row: int, column: int) -> Value:
        return None if (row, column) in self.sheet.covered else self.sheet.rows[row][column]

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

    def _filled(self, row: int, columns: Sequence[int]) -> bool:
        cells, covered = self.sheet.rows[row], self.sheet.covered
        return any(kind_of(cells[c]) != Kind.BLANK for c in columns if c != self.key and (row, c) not in covered)

    def _has_figures(self, row: int) -> bool:
        return row < self.sheet.height and self._filled(row, self.columns)

    def _closed(self) -> bool:
        """Right below the last of the rows that the form prints, with records before it: a total closes its list."""
        named = [*self.named.values()]
        return bool(self.found) and self.last in named and len(named) == len(self.printed)

    def _remark(self, row: int, key: str) -> bool:
        area = self.sheet.areas.get((row, self.key))
        return (
            len(key) > WORDY
            or self._closed()
            or (area is not None and area[3] > area[1])
            or (self.last is None and not self._has_figures(row + 1))
        )


Rows = tuple[list[Line], list[int | None], list[tuple[int, ...]]]


def _lines(table: Table, records: Records, reader: _Reader) -> Rows:
    """The lines of the records; for every line of the table, declared ones first, its row and its own columns."""
    kinds = [*records.lines] or [""]
    rows: list[int | None] = []
    across: list[tuple[int, ...]] = []
    for line in table.rows.lines:
        record = reader.named.get(line.name if not records.lines else _first(table, line))
        rows.append(None if record is None else record.lines.get(_kind_of(records, line)))
        across.append(() if record is None else record.columns)
    lines: list[Line] = []
    names = unique_names(table, (record.key for record in reader.found))
    for record, name in zip(reader.found, names, strict=True):
        lines += records.found(name)
        rows += [record.lines.get(kind) for kind in kinds]
        across += [record.columns for _ in kinds]
    further = [(line.name, reader.named[line.name]) for line in table.rows.lines if line.name in reader.named]
    further += [(line.record, one) for line, one in zip(lines[:: len(kinds)], reader.found, strict=True)]
    for name, record in further:
        for n, row in enumerate(record.more, 2):
            lines.append(Line(f"{name}_{n}", (), (records.name,), name))
            rows.append(row)
            across.append(record.columns)
    return lines, rows, across


def _first(table: Table, line: Line) -> str:
    """The first line of a declared row that has several: the one that carries its labels."""
    own = [other for other in table.rows.lines if other.record == line.record]
    return own[0].name


def _kind_of(records: Records, line: Line) -> str:
    return next((kind for kind in reversed(line.path) if kind in records.lines), "")
