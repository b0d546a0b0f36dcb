"""Columns of a block as numbers and states: by Arrow where a cell is plain, else as people type them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from auditkit.bind.kinds import in_kind
from auditkit.model.document import State
from auditkit.model.form import EXACT, Kind
from auditkit.numerals import Written, of_value
from auditkit.register.blocks import Cut, Strange, parsed
from auditkit.register.opening import Register
from auditkit.stack import Bools, Bytes, Floats

WHOLE = float(1 << 53)
"""From here on a double does not tell whole numbers apart."""
LARGEST = 1e30
EPOCH = 719163
"""Day number of 1970-01-01, where Arrow's days begin."""
PLAIN = r"^-?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,15})?$"
"""A number that is read the same by everybody."""
DOT, ZERO = ord("."), ord("0")
_LEADS = np.zeros(256, dtype=bool)
_LEADS[[*b" \t\r\n-/\\#", 0xC2, 0xE2, 0xE3, 0xEF]] = True
"""First bytes of texts that may be blank, a mark for nothing or an error value, and of few others."""
_WORDS = (b"N", b"n", b"Err:", "无".encode(), "暂".encode(), "不".encode())
"""Beginnings of those that are words."""
_X = (b"x", b"X")
SHORT = 24
"""Bytes; no word for nothing is longer."""


@dataclass(frozen=True)
class Block:
    """Some rows of the file: rows × columns of the table, and the texts of the columns that are read as such."""

    values: Floats
    states: Bytes
    texts: Mapping[int, Any]
    """Column → an Arrow array."""

    @property
    def height(self) -> int:
        return len(self.values)


class Reading:
    """How a register's columns are read: figures at once, until one is met that only people can read."""

    def __init__(self, register: Register, kinds: Sequence[Kind], texts: frozenset[int]) -> None:
        self.register = register
        self.kinds = kinds
        self.texts = texts
        """Columns whose texts are asked for, whatever their kind."""
        self.plain = {at for at, kind in enumerate(kinds) if kind != "text" and at not in texts}

    def block(self, cut: Cut) -> Block:
        """A block as arrays.

        Raises:
            Ragged: the block cannot be told apart into rows and cells.
        """
        types = self._types(cut)
        try:
            return self._filled(parsed(self.register, cut, types))
        except Strange:
            columns = parsed(self.register, cut, {})
            self.plain -= {at for at, kind in types.items() if not _castable(columns[at], kind)}
            return self._filled(columns)

    def _types(self, cut: Cut) -> dict[int, Any]:
        """Column → what it is parsed as at once; Arrow reads ``0x1F`` and ``5.`` as numbers, and nobody else does."""
        import pyarrow as pa  # noqa: PLC0415 - an extra, for registers alone

        figure, data = pa.float64(), self.register.data
        odd = any(data.find(x, cut.start, cut.end) >= 0 and data.find(b"0" + x, cut.start, cut.end) >= 0 for x in _X)
        whole = figure if odd else pa.int64()
        as_ = {"count": whole, "integer": whole, "number": figure, "percent": figure, "date": pa.date32()}
        types = {at: as_[self.kinds[at]] for at in self.plain}
        if figure in types.values() and _ends_in_point(data, cut):
            return {at: one for at, one in types.items() if one != figure}
        return types

    def _filled(self, columns: Sequence[Any]) -> Block:
        shape = (len(columns[0]), len(columns))
        values, states = np.empty(shape, order="F"), np.empty(shape, dtype=np.uint8, order="F")
        texts: dict[int, Any] = {}
        for at, (column, kind) in enumerate(zip(columns, self.kinds, strict=True)):
            if kind == "text":
                values[:, at], states[:, at] = np.nan, said(column)
            elif str(column.type) == "string":
                values[:, at], states[:, at] = typed(column, kind)
            else:
                _parsed(column, kind, values[:, at], states[:, at])
            if kind == "text" or at in self.texts:
                texts[at] = column
        return Block(values, states, texts)


def written(text: str, kind: Kind) -> Written:
    """One cell as the binder would read it."""
    return in_kind(kind, text, of_value(text))


def _parsed(column: Any, kind: Kind, values: Floats, states: Bytes) -> None:
    """A column that Arrow has read as figures."""
    name = str(column.type)
    values[:] = numbers(column, np.dtype({"int64": "i8", "double": "f8", "date32[day]": "i4"}[name]))
    states[:] = State.NUMBER
    if name == "date32[day]":
        values += EPOCH
    if column.null_count:
        blank = ~bits(column, 0)
        values[blank], states[blank] = np.nan, State.BLANK
    if column.null_count == len(column):
        return
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    if name == "double" and (max(-least, most) >= LARGEST or np.isnan(values).sum() > column.null_count):
        raise Strange
    if kind in EXACT and max(-least, most) > WHOLE:
        values[np.abs(values) > WHOLE] = np.nan  # left to who reads the text


def typed(column: Any, kind: Kind) -> tuple[Floats, Bytes]:
    """Numbers as people type them: each different text is read once."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    encoded = column.dictionary_encode()
    texts = encoded.dictionary
    values = np.full(len(texts), np.nan)
    states = np.full(len(texts), State.NUMBER, dtype=np.uint8)
    plain = _plain(texts) if kind != "date" else np.zeros(len(texts), dtype=bool)
    if plain.any():
        digits = pc.replace_substring(texts.filter(_mask(plain)), ",", "")
        values[plain] = numbers(digits.cast(pa.float64()), np.dtype("f8"))
    others = np.flatnonzero(~plain)
    read = [written(text, kind) for text in texts.take(others).to_pylist()]
    values[others] = [np.nan if one.number is None else float(one.number) for one in read]
    states[others] = [one.state for one in read]
    if kind in EXACT:
        values[np.abs(values) > WHOLE] = np.nan
    which = numbers(encoded.indices, np.dtype("i4"))
    return values[which], states[which]


def said(column: Any) -> Bytes:
    """States of a column of words: blank, a mark for nothing, an error value, or text."""
    states = np.full(len(column), State.TEXT, dtype=np.uint8)
    starts, ends, data = spans(column)
    length = ends - starts
    states[length == 0] = State.BLANK
    if not len(data):
        return states
    lead = data[np.minimum(starts, len(data) - 1)]
    may = _LEADS[lead]
    for word in _WORDS:
        own = lead == word[0]
        if own.any():
            own &= length <= SHORT
            for n, byte in enumerate(word[1:], 1):
                own &= data[np.minimum(starts + n, len(data) - 1)] == byte
            if word in {b"N", b"n"}:  # N/A and its like, not every name with N
                last = data[np.maximum(ends - 1, 0)]
                own &= (length <= len(b"N.A.")) | (last <= ord(" ")) | (last > ord("~"))
            may |= own
    odd = np.flatnonzero(may & (length > 0))
    if len(odd):
        texts = column.take(odd).dictionary_encode()
        known = [of_value(text).state for text in texts.dictionary.to_pylist()]
        told = np.array([State.TEXT if state == State.NUMBER else state for state in known], dtype=np.uint8)
        states[odd] = told[numbers(texts.indices, np.dtype("i4"))]
    return states


def spans(column: Any) -> tuple[Any, Any, Any]:
    """Where each text of a column begins and ends among the bytes, and the bytes."""
    _, offsets, data = column.buffers()
    at = np.frombuffer(offsets, np.int32, len(column) + 1, column.offset * 4)
    return at[:-1], at[1:], np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)


def numbers(column: Any, kind: np.dtype[Any]) -> Any:
    """An Arrow array's own memory; its ``to_numpy`` would import pandas, which costs more than a hundred blocks."""
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * kind.itemsize)


def bits(column: Any, buffer: int) -> Bools:
    """A bit for each value: which there are (buffer 0), or a boolean array (buffer 1)."""
    packed = np.frombuffer(column.buffers()[buffer], np.uint8)
    found: Bools = np.unpackbits(packed, count=column.offset + len(column), bitorder="little").astype(bool)
    return found[column.offset :]


def _mask(chosen: Bools) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    return pa.Array.from_buffers(pa.bool_(), len(chosen), [None, pa.py_buffer(np.packbits(chosen, bitorder="little"))])


def _plain(texts: Any) -> Bools:
    """Which texts are numbers that are read the same by everybody."""
    import pyarrow.compute as pc  # noqa: PLC0415

    return bits(pc.match_substring_regex(texts, PLAIN), 1)


def _castable(column: Any, kind: Any) -> bool:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    texts = column.dictionary_encode().dictionary
    try:
        texts.filter(pc.not_equal(texts, "")).cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


def _ends_in_point(data: bytes, cut: Cut) -> bool:
    """Some digits and a point, and no more digits."""
    block = np.frombuffer(data, np.uint8, cut.end - cut.start, cut.start)
    points = np.flatnonzero(block[:-1] == DOT)
    open_ = points[block[points + 1] - ZERO > 9]
    return bool(block[-1] == DOT or (block[np.maximum(open_ - 1, 0)] - ZERO <= 9).any())
