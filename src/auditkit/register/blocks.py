"""A register's bytes, cut at the ends of rows and parsed a block at a time; the words of single rows where wanted."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from auditkit.readers.decoding import LINE
from auditkit.register.opening import Register

BLOCK = 2 << 20
"""Bytes looked at in one go: what is made of them stays in the processor's cache."""
AHEAD = 2
"""Blocks looked at at once; parsing and arrays work outside Python's lock."""
LF, CR, QUOTE = b'\n\r"'
FEW = 100
"""Rows of one block up to which each is looked up by itself."""
T = TypeVar("T")


class Ragged(Exception):
    """No register after all; the ordinary way says what it is."""


class Strange(Exception):
    """A cell that cannot be read as the type asked for."""


@dataclass(frozen=True)
class Cut:
    """Bytes from the start of one row to the end of another."""

    start: int
    end: int


def cuts(register: Register) -> Iterator[Cut]:
    """Blocks from the first record on.

    Raises:
        Ragged: a line that no table has.
    """
    data, end = register.data, _end(register.data)
    quoted = b'"' in data
    start = 0
    for _ in range(register.top):
        start = data.index(b"\n", start) + 1
    while start < end:
        at = _line_end(data, min(start + BLOCK, end), end)
        inside = quoted and data.count(b'"', start, at) % 2
        while inside and at < end:
            more = _line_end(data, at, end)
            inside ^= data.count(b'"', at, more) % 2
            at = more
            if at - start > BLOCK + LINE:
                raise Ragged(start)
        if at - data.rfind(b"\n", start, at - 1) > LINE:
            raise Ragged(start)
        yield Cut(start, at)
        start = at


def _line_end(data: bytes, at: int, end: int) -> int:
    found = data.find(b"\n", at, end)
    return end if found < 0 else found + 1


def _end(data: bytes) -> int:
    """Where the last line ends."""
    end = len(data)
    while data[end - 1 : end] in (b"\r", b"\n"):
        end -= 1
    return end


def each_block(register: Register, look: Callable[[Cut], T]) -> Iterator[tuple[Cut, T]]:
    """What is seen in each block, in order; several are looked at at once."""
    with ThreadPoolExecutor(AHEAD) as eyes:
        waiting = deque[tuple[Cut, Future[T]]]()
        try:
            for cut in cuts(register):
                waiting.append((cut, eyes.submit(look, cut)))
                if len(waiting) > 2 * AHEAD:
                    first, seen = waiting.popleft()
                    yield first, seen.result()
            while waiting:
                first, seen = waiting.popleft()
                yield first, seen.result()
        finally:
            for _, seen in waiting:
                seen.cancel()


def parsed(register: Register, cut: Cut, types: Mapping[int, Any]) -> list[Any]:
    """The table's columns in a block as Arrow arrays: of the ``types`` asked for, by column; else of texts.

    Rows that are shorter or longer than the first record are padded and cut, as in any other file.

    Raises:
        Strange: a cell is not of the type asked for.
        Ragged: quotes that do not match, or text in no known encoding.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra, for registers alone

    quoted = register.data.find(b'"', cut.start, cut.end) >= 0
    if quoted:
        _see_quotes(register, cut)
    block = pa.py_buffer(register.data).slice(cut.start, cut.end - cut.start)
    if register.encoding != "utf-8":
        try:
            block = pa.py_buffer(block.to_pybytes().decode(register.encoding).encode())
        except UnicodeDecodeError as error:
            raise Ragged(str(error)) from None
    try:
        return _columns(register, block, types, quoted=quoted)
    except pa.ArrowInvalid as error:
        if "conversion error" in str(error) and "UTF8" not in str(error):
            raise Strange from None
        if "Expected" not in str(error):
            raise Ragged(str(error)) from None
    return _columns(register, pa.py_buffer(_squared(register, block.to_pybytes())), {}, quoted=True)


def _columns(register: Register, block: Any, types: Mapping[int, Any], *, quoted: bool) -> list[Any]:
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv as arrow  # noqa: PLC0415

    names = [f"f{column}" for column in range(register.width)]
    own = [names[column] for column in register.columns]
    table = arrow.read_csv(
        pa.BufferReader(block),
        arrow.ReadOptions(use_threads=False, column_names=names, block_size=block.size + 1),
        arrow.ParseOptions(delimiter=register.delimiter, newlines_in_values=quoted, ignore_empty_lines=False),
        arrow.ConvertOptions(
            include_columns=own,
            column_types={name: types.get(at, pa.string()) for at, name in enumerate(own)},
            null_values=[""],
            strings_can_be_null=False,
        ),
    )
    (batch,) = table.combine_chunks().to_batches()
    return [batch.column(name) for name in own]


def _squared(register: Register, block: bytes) -> bytes:
    """A block with every row as wide as the first record."""
    rows = csv.reader(io.StringIO(block.decode(), newline=""), delimiter=register.delimiter)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=register.delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    width = register.width
    try:
        writer.writerows(row[:width] + [""] * (width - len(row)) for row in rows)
    except csv.Error as error:
        raise Ragged(str(error)) from None
    return out.getvalue().encode()


def _see_quotes(register: Register, cut: Cut) -> None:
    """Every quote begins a cell, ends one, or is doubled: then rows are told apart wherever one looks."""
    data = np.frombuffer(register.data, np.uint8, cut.end - cut.start, cut.start)
    quotes = np.flatnonzero(data == QUOTE)
    around = np.zeros(256, dtype=bool)
    around[[LF, CR, QUOTE, ord(register.delimiter)]] = True
    first, last = quotes[0::2], quotes[1::2]
    begun = around[data[np.maximum(first - 1, 0)]] | (first == 0)
    ended = around[data[np.minimum(last + 1, len(data) - 1)]]
    if len(first) != len(last) or not begun.all() or not ended.all():
        raise Ragged(cut.start)


def words_of(register: Register, cut: Cut, rows: Sequence[int]) -> list[tuple[str, ...]]:
    """The texts of single rows of a block, by their numbers in it."""
    quoted = register.data.find(b'"', cut.start, cut.end) >= 0
    if quoted or len(rows) > FEW:
        taken = [column.take(list(rows)).to_pylist() for column in parsed(register, cut, {})]
        return list(zip(*taken, strict=True))
    ends = np.flatnonzero(np.frombuffer(register.data, np.uint8, cut.end - cut.start, cut.start) == LF) + cut.start
    found = []
    for row in rows:
        start = int(ends[row - 1]) + 1 if row else cut.start
        line = register.data[start : int(ends[row]) if row < len(ends) else cut.end]
        cells = line.rstrip(b"\r").decode(register.encoding).split(register.delimiter)
        cells += [""] * (register.width - len(cells))
        found.append(tuple(cells[column] for column in register.columns))
    return found
