"""Is it a register, and where do its columns stand? Decided on the first lines, by binding them like any document."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import PurePath

from auditkit.alignment import with_records
from auditkit.bind import Binder
from auditkit.model.document import Document, Grid, Source
from auditkit.model.filled import Filled
from auditkit.model.form import Form, Table
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault
from auditkit.readers.decoding import UTF16, decode
from auditkit.readers.delimited import delimiter_of, rectangle
from auditkit.readers.kinds import READERS
from auditkit.register.asking import Asked, sorted_out

LONG = 8 << 20
"""Bytes from which on delimited text is taken for a register, if it is one; a shorter one is read like any file."""
TABLES = READERS["delimited"]
HEAD = 64 << 10
LINES = 40
"""Bytes and lines in which title and header stand."""


@dataclass(frozen=True)
class Register:
    """One long list: its bytes, the table it fills, and which of its rules are asked in which way."""

    source: Source
    data: bytes
    encoding: str
    """In which a line end, a quote and a delimiter are bytes of their own."""
    delimiter: str
    book: Rulebook
    head: Filled
    table: Table
    """As the form declares it, without records."""
    top: int
    """Row of the first record, from 0."""
    width: int
    """Cells of the first record, in the table's columns or not."""
    columns: tuple[int, ...]
    asked: Asked

    def form(self, records: Sequence[str]) -> Form:
        """The form with nothing but this list, and these records in it."""
        assert self.table.records is not None
        lines = [line for name in records for line in self.table.records.found(name)]
        tables = {self.table.id: with_records(self.table, lines, 0)}
        return Form(self.book.form.id, self.book.form.title, self.book.form.titles, tables, self.book.form.periods)


def open_register(source: Source, binder: Binder, books: Mapping[str, Rulebook]) -> Register | None:
    """The register a source is; None where it is short, of another shape, or has rules that need all of it at once."""
    if len(source.data) < LONG or PurePath(source.name).suffix.lower() not in TABLES or find_spec("pyarrow") is None:
        return None
    try:
        data = decode(source.data).encode() if source.data[:2] in UTF16 else source.data
        lines = data[: data.rfind(b"\n", 0, HEAD) + 1].splitlines(keepends=True)[:LINES]
        first = decode(b"".join(lines))
        mark = delimiter_of(first)
        found = list(csv.reader(io.StringIO(first, newline=""), delimiter=mark))
        head = binder.bind(Document(source.name, "delimited", (Grid("", rectangle(found)),)))
    except Fault:
        return None  # the ordinary way says what is wrong with it
    if len(found) != first.count("\n") or len(head.spots) != 1 or _is_special(data):
        return None
    ((name, spot),) = head.spots.items()
    book = books[head.form.id]
    table = book.form.tables[name]
    if not _is_simple(table) or None in spot.columns:
        return None
    asked = sorted_out(book, table)
    if asked is None:
        return None
    top = min((row for row in spot.rows if row is not None), default=None)
    if top is None:
        return None
    encoding = "utf-8" if _is_utf8(data, b"".join(lines)) else "gb18030"
    columns = tuple(column for column in spot.columns if column is not None)
    return Register(source, data, encoding, mark, book, head, table, top, len(found[top]), columns, asked)


def _is_simple(table: Table) -> bool:
    """One row a record, one below the other, up to the end."""
    records = table.records
    return records is not None and not (
        records.several or records.lines or records.nested or records.until or records.abreast
    )


def _is_special(data: bytes) -> bool:
    """NULs, cells that Excel wrote as formulas, a line that tells the delimiter: for the ordinary way to read."""
    return b"\0" in data or (b'"' in data and b'="' in data) or data[:8].lstrip(b'\xef\xbb\xbf"').startswith(b"sep=")


def _is_utf8(data: bytes, first: bytes) -> bool:
    """Whether the text is in UTF-8: told by the first lines where they have more than ASCII; judged as it is read."""
    try:
        (data if first.isascii() and not data.isascii() else first).decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
