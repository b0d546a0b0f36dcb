"""A register's cells in blocks of rows, numbers and states as arrays; the words of single rows where wanted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from auditkit.bind.kinds import in_kind
from auditkit.model.document import State
from auditkit.model.form import Kind
from auditkit.numerals import Written, of_value
from auditkit.register.opening import Register
from auditkit.stack import Bools, Bytes, Floats

BLOCK = 2 << 20
"""Bytes read at a time."""
AHEAD = 2
"""Threads that parse while blocks are screened; arrays are made outside Python's lock."""
LF = ord("\n")
Indexes = npt.NDArray[np.int64]
FIGURES: frozenset[Kind] = frozenset({"count", "integer", "number", "percent"})


class Ragged(Exception):
    """Lines that do not all have the same cells: not a register."""


@dataclass(frozen=True)
class Block:
    """Rows ``top`` … of the file: rows × columns of the table, and the key of each row."""

    top: int
    values: Floats
    states: Bytes
    words: Mapping[int, Any]
    """Column of words → an Arrow array of its texts."""


def blocks(register: Register) -> Iterator[Block]:
    """All blocks in order; figures are parsed as they stand where they are plain, else as people type them.

    Raises:
        Ragged: lines with more or fewer cells than the first.
    """
    kinds = _kinds(register)
    plain = {column for column, kind in enumerate(kinds) if kind in FIGURES}
    try:
        yield from _read(register, kinds, plain)
    except _Typed as stuck:
        for block in _read(register, kinds, set()):
            if block.top >= stuck.top:
                yield block


def words_of(register: Register, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The texts of single rows, by their numbers in the file."""
    wanted = np.array(sorted(rows), dtype=np.int64)
    found: dict[int, tuple[str, ...]] = {}
    if b'"' not in register.text:
        return {row: _cells(register, line) for row, line in _lines(register.text, wanted)}
    if not len(wanted):
        return found
    for top, columns, height in _batches(register, set()):
        here = wanted[(wanted >= top) & (wanted < top + height)]
        if len(here):
            taken = [column.take(here - top).to_pylist() for column in columns]
            found.update(zip(here.tolist(), zip(*taken, strict=True), strict=True))
    return found


def _lines(text: bytes, wanted: Indexes) -> Iterator[tuple[int, bytes]]:
    """Single lines by their numbers, looked for from one line end to the next, a block at a time."""
    row = at = 0
    for number in wanted.tolist():
        while row < number:
            ends = np.flatnonzero(
                np.frombuffer(text, dtype=np.uint8, count=min(BLOCK, len(text) - at), offset=at) == LF
            )
            skipped = min(number - row, len(ends))
            at += int(ends[skipped - 1]) + 1
            row += skipped
        end = text.find(b"\n", at)
        yield number, text[at : end if end >= 0 else len(text)]


def _cells(register: Register, line: bytes) -> tuple[str, ...]:
    cells = line.rstrip(b"\r").decode("utf-8-sig").split(register.delimiter)
    return tuple(cells[column] for column in register.columns)


class _Typed(Exception):
    """A figure that only people can read stands in the block that begins at row ``top``."""

    def __init__(self, top: int) -> None:
        super().__init__(top)
        self.top = top


def _kinds(register: Register) -> list[Kind]:
    form = register.form(["1"])
    table = form.tables[register.table.id]
    return [table.kind_at(len(table.rows.lines) - 1, column) for column in range(len(register.columns))]


def _read(register: Register, kinds: Sequence[Kind], plain: set[int]) -> Iterator[Block]:
    for top, columns, height in _batches(register, plain):
        values = np.full((height, len(kinds)), np.nan, order="F")
        states = np.full((height, len(kinds)), State.NUMBER, dtype=np.uint8, order="F")
        words = {}
        for at, (column, kind) in enumerate(zip(columns, kinds, strict=True)):
            if at in plain:
                values[:, at] = _numbers(column, np.float64)
                if column.null_count:
                    blank = ~_bits(column, 0)
                    values[blank, at], states[blank, at] = np.nan, State.BLANK
            elif kind == "text":
                states[:, at] = _said(column)
                words[at] = column
            else:
                values[:, at], states[:, at] = _typed(column, kind)
        yield Block(top, values, states, words)


def _said(column: Any) -> Bytes:
    """States of a column of words: blank or text; those that begin like an error value are looked at one by one."""
    import pyarrow.compute as pc  # noqa: PLC0415

    blank = _numbers(pc.binary_length(column), np.int32) == 0
    states = np.where(blank, State.BLANK, State.TEXT).astype(np.uint8)
    odd = np.flatnonzero(_bits(pc.starts_with(column, "#"), 1))
    states[odd] = [of_value(column[int(i)].as_py()).state for i in odd]
    return states


def _typed(column: Any, kind: Kind) -> tuple[Floats, Bytes]:
    """Numbers as people type them: each different text is read once."""
    encoded = column.dictionary_encode()
    read = [written(text, kind) for text in encoded.dictionary.to_pylist()]
    numbers = np.array([np.nan if one.number is None else float(one.number) for one in read], dtype=np.float64)
    states = np.array([one.state for one in read], dtype=np.uint8)
    which = _numbers(encoded.indices, np.int32)
    return numbers[which], states[which]


def _numbers(column: Any, kind: type[np.generic]) -> Any:
    """An Arrow array's own memory; its ``to_numpy`` would import pandas, which costs more than a hundred blocks."""
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * np.dtype(kind).itemsize)


def _bits(column: Any, buffer: int) -> Bools:
    """A bit for each value: which there are (buffer 0), or a boolean array (buffer 1)."""
    packed = np.frombuffer(column.buffers()[buffer], np.uint8)
    bits: Bools = np.unpackbits(packed, count=column.offset + len(column), bitorder="little").astype(bool)
    return bits[column.offset :]


def written(text: str, kind: Kind) -> Written:
    """One cell as the binder would read it."""
    return in_kind(kind, text, of_value(text))


def _batches(register: Register, plain: set[int]) -> Iterator[tuple[int, list[Any], int]]:
    """Row of the first record of each block, its columns, and its height."""
    import pyarrow as pa  # noqa: PLC0415 - an extra, for registers alone
    from pyarrow import csv  # noqa: PLC0415

    names = [f"f{column}" for column in register.columns]
    types = {name: pa.float64() if at in plain else pa.string() for at, name in enumerate(names)}
    quoted = b'"' in register.text
    parse = csv.ParseOptions(delimiter=register.delimiter, newlines_in_values=quoted, ignore_empty_lines=False)
    convert = csv.ConvertOptions(include_columns=names, column_types=types, null_values=[""], strings_can_be_null=False)
    top = register.top
    try:
        for batch in _in_turn(register, parse, convert) if quoted else _abreast(register, parse, convert):
            yield top, [batch.column(name) for name in names], batch.num_rows
            top += batch.num_rows
    except pa.ArrowInvalid as error:
        raise _reason(error, top, plain) from None


def _in_turn(register: Register, parse: Any, convert: Any) -> Iterator[Any]:
    """Where a line end may stand within a cell, one block tells where the next begins."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    data = pa.py_buffer(register.text).slice(0, _end(register.text))
    read = csv.ReadOptions(skip_rows=register.top, autogenerate_column_names=True, block_size=BLOCK)
    yield from csv.open_csv(pa.BufferReader(data), read, parse, convert)


def _abreast(register: Register, parse: Any, convert: Any) -> Iterator[Any]:
    """Blocks cut at line ends, some of them parsed while others are screened."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    data = pa.py_buffer(register.text)
    read = csv.ReadOptions(use_threads=False, autogenerate_column_names=True, block_size=2 * BLOCK)

    def parsed(start: int, end: int) -> Any:
        table = csv.read_csv(pa.BufferReader(data.slice(start, end - start)), read, parse, convert)
        return table.combine_chunks().to_batches()[0]

    with ThreadPoolExecutor(AHEAD) as readers:
        waiting = deque[Future[Any]]()
        for start, end in _cuts(register.text, register.top):
            waiting.append(readers.submit(parsed, start, end))
            if len(waiting) > 2 * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _cuts(text: bytes, top: int) -> Iterator[tuple[int, int]]:
    """Where blocks begin and end, from line ``top`` on."""
    start, end = 0, _end(text)
    for _ in range(top):
        start = text.index(b"\n", start) + 1
    while start < end:
        cut = text.find(b"\n", min(start + BLOCK, end), end)
        cut = end if cut < 0 else cut + 1
        yield start, cut
        start = cut


def _end(text: bytes) -> int:
    """Where the last line ends."""
    end = len(text)
    while text[end - 1 : end] in (b"\r", b"\n"):
        end -= 1
    return end


def _reason(error: Exception, top: int, plain: set[int]) -> Exception:
    return _Typed(top) if plain and "conversion error" in str(error) else Ragged(str(error))
