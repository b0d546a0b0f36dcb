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
from auditkit.edits import rolls_up
from auditkit.model.document import Document, Grid, Source
from auditkit.model.expression import Call, Cells, ExistsIn, Fact, IsUnique, Quoted, walk
from auditkit.model.filled import Filled
from auditkit.model.form import Form, Table
from auditkit.model.rule import Rule, Rulebook
from auditkit.model.words import Fault
from auditkit.readers.decoding import decode
from auditkit.readers.delimited import SUFFIXES, delimiter_of, rectangle

LONG = 8 << 20
"""Bytes from which on delimited text is taken for a register, if it is one; a shorter one is read like any file."""
HEAD = 64 << 10
LINES = 40
"""Bytes and lines in which title and header stand."""
ONCE = ("sum", "min", "max")
"""What a whole column can be put together by, block by block."""


@dataclass(frozen=True)
class Register:
    """One long list: its bytes in UTF-8, the table it fills, and which of its rules are asked in which way."""

    source: Source
    text: bytes
    delimiter: str
    book: Rulebook
    head: Filled
    table: Table
    """As the form declares it, without records."""
    top: int
    """Row of the first record, from 0."""
    columns: tuple[int, ...]
    by_row: tuple[Rule, ...]
    by_column: tuple[Rule, ...]
    unique: tuple[tuple[Rule, int], ...]
    """Rules that ask for a column, by its number, to say nothing twice."""

    def form(self, records: Sequence[str]) -> Form:
        """The form with nothing but this list, and these records in it."""
        assert self.table.records is not None
        lines = [line for name in records for line in self.table.records.found(name)]
        tables = {self.table.id: with_records(self.table, lines, 0)}
        return Form(self.book.form.id, self.book.form.title, self.book.form.titles, tables, self.book.form.periods)


def open_register(source: Source, binder: Binder, books: Mapping[str, Rulebook]) -> Register | None:
    """The register a source is; None where it is short, of another shape, or has rules that need all of it at once."""
    if len(source.data) < LONG or PurePath(source.name).suffix.lower() not in SUFFIXES or find_spec("pyarrow") is None:
        return None
    lines = source.data[: source.data.rfind(b"\n", 0, HEAD) + 1].splitlines(keepends=True)[:LINES]
    try:
        first = decode(b"".join(lines))
        mark = delimiter_of(first)
        rows = rectangle(list(csv.reader(io.StringIO(first, newline=""), delimiter=mark)))
        head = binder.bind(Document(source.name, "delimited", (Grid("", rows),)))
    except Fault:
        return None  # the ordinary way says what is wrong with it
    if len(rows) != first.count("\n") or len(head.spots) != 1:
        return None
    ((name, spot),) = head.spots.items()
    book = books[head.form.id]
    table = book.form.tables[name]
    simple = table.records is not None and not (table.records.several or table.records.lines or table.records.nested)
    if not simple or None in spot.columns:
        return None
    sorted_ = _sorted(book, table)
    if sorted_ is None:
        return None
    top = min(row for row in spot.rows if row is not None)
    text = source.data if _is_utf8(source.data, b"".join(lines)) else decode(source.data).encode()
    columns = tuple(column for column in spot.columns if column is not None)
    return Register(source, text, mark, book, head, table, top, columns, *sorted_)


def _is_utf8(data: bytes, first: bytes) -> bool:
    """Whether the text is in UTF-8: told by the first lines where they have more than ASCII; judged as it is read."""
    try:
        (data if first.isascii() and not data.isascii() else first).decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


Sorted = tuple[tuple[Rule, ...], tuple[Rule, ...], tuple[tuple[Rule, int], ...]]


def _sorted(book: Rulebook, table: Table) -> Sorted | None:
    """Rules of the table by how they are asked; None where one can only be asked of all records at once."""
    by_row: list[Rule] = []
    by_column: list[Rule] = []
    unique: list[tuple[Rule, int]] = []
    for rule in book.rules:
        if rolls_up(rule) or all(n.table != table.id for n in rule.nodes if isinstance(n, Cells)):
            continue  # about other tables, or the words; asked where those are
        if rule.scope is not None and rule.scope.each == "row" and _alone(rule.nodes, table):
            by_row.append(rule)
        elif (column := _unique(rule)) is not None:
            unique.append((rule, column))
        elif _whole(rule, table):
            by_column.append(rule)
        else:
            return None
    return tuple(by_row), tuple(by_column), tuple(unique)


def _alone(nodes: Sequence[object], table: Table) -> bool:
    """Nothing but cells of the record's own row."""
    if any(isinstance(n, Fact | Quoted | IsUnique | ExistsIn) for n in nodes):
        return False
    if any(isinstance(n, Call) and n.function not in {"sum", "min", "max", "median", "abs"} for n in nodes):
        return False
    cells = [n for n in nodes if isinstance(n, Cells)]
    return all(n.table == table.id and n.rows is None and not n.back and not n.line for n in cells)


def _unique(rule: Rule) -> int | None:
    check = rule.check
    if not isinstance(check, IsUnique) or rule.when is not None or not isinstance(check.operand, Cells):
        return None
    columns = check.operand.columns
    return columns[0] if check.operand.rows is None and columns is not None and len(columns) == 1 else None


def _whole(rule: Rule, table: Table) -> bool:
    """A declared row against a column put together: 合计 = sum(各户)."""
    if rule.scope is None or rule.scope.each != "column" or rule.when is not None:
        return False
    nodes = walk(rule.check)
    put_together = [n for n in nodes if isinstance(n, Call)]
    many = [n for n in nodes if isinstance(n, Cells) and n.rows is not None and any(row < 0 for row in n.rows)]
    whole = [n.arguments[0] for n in put_together if n.function in ONCE and len(n.arguments) == 1]
    return (
        len({n.function for n in put_together}) == 1
        and len(put_together) == len(whole)
        and all(cells in whole for cells in many)
        and all(n.table == table.id and n.columns is None for n in nodes if isinstance(n, Cells))
    )
