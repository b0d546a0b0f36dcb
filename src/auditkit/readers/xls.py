"""What is inside an .xls stream (BIFF): a look before it is read, and the facts calamine hides."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from auditkit.model.document import SheetFacts
from auditkit.readers import guard
from auditkit.readers.archive import damaged, encrypted
from auditkit.readers.compound import Compound
from auditkit.readers.styles import BUILT_IN

_BOF, _EOF, _FILEPASS, _SHEET, _TEXTS = 0x809, 0x0A, 0x2F, 0x85, 0xFC
_DIMENSIONS = frozenset({0x200, 0x00})
_FORMAT, _STYLE, _ROW = 0x41E, 0xE0, 0x208
_ONE = frozenset({0x203, 0x27E, 0xFD, 0x204, 0xD6, 0x205, 0x06, 0x206, 0x406})
"""NUMBER, RK, LABELSST, LABEL, RSTRING, BOOLERR, FORMULA of three ages: row, column, style."""
_BOOL_OR_ERROR, _RUN, _FORMULAS = 0x205, 0xBD, frozenset({0x06, 0x206, 0x406})
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_WORKSHEET = 0
_BIFF8 = 0x600


class Record(NamedTuple):
    """Number, and where its body starts and ends in the stream."""

    kind: int
    start: int
    end: int


def content(data: bytes) -> bytes:
    """The workbook stream of a compound file, looked at: it can be read without fear.

    Raises:
        Fault: it is encrypted, damaged, or its cells reach too far.
    """
    file = Compound(data)
    stream = file.stream("workbook" if "workbook" in file.streams else "book")
    height = width = cells = 0
    for kind, start, end in _records(stream, 0):
        if kind in _ONE and end - start >= 6:
            row, column = struct.unpack_from("<2H", stream, start)
            height, width, cells = max(height, row + 1), max(width, column + 1), cells + 1
        elif kind == _RUN and end - start >= 6:
            (row,), (column,) = struct.unpack_from("<H", stream, start), struct.unpack_from("<H", stream, end - 2)
            height, width = max(height, row + 1), max(width, column + 1)
        elif kind in {_BOF, _EOF}:
            guard.area(height, width)
            height = width = 0
        else:
            _refuse(kind, stream[start:end])
    guard.area(height, width)
    guard.within(cells, guard.CELLS, "个单元格", "cells")
    return stream


def _refuse(kind: int, body: bytes) -> None:
    if kind == _FILEPASS:
        raise encrypted()
    if kind == _TEXTS and len(body) >= 8:
        guard.within(max(struct.unpack_from("<2L", body)), guard.CELLS, "个字符串", "texts")
    if kind in _DIMENSIONS and len(body) >= 8:
        top, bottom, left, right = struct.unpack_from("<2L2H" if len(body) >= 12 else "<4H", body)
        if not (top <= bottom <= 65536 and left <= right <= 256):
            raise damaged("已用区域不可能存在", "its used range cannot be")


def _records(stream: bytes, at: int) -> Iterator[Record]:
    last = len(stream) - 4
    header = struct.Struct("<2H").unpack_from
    while at <= last:
        kind, size = header(stream, at)
        yield Record(kind, at + 4, at + 4 + size)
        at += 4 + size


def facts(stream: bytes, sheet: int, _: int) -> SheetFacts:
    """Formats, errors and hidden rows of the n-th sheet."""
    begin, codes = _globals(stream, sheet)
    formats: dict[tuple[int, int], str] = {}
    errors: dict[tuple[int, int], str] = {}
    hidden = []
    for kind, start, end in _records(stream, begin):
        if kind == _EOF:
            break
        if kind in _ONE and end - start >= 8:
            row, column, style = struct.unpack_from("<3H", stream, start)
            if style in codes:
                formats[row, column] = codes[style]
            if error := _error(kind, stream[start:end]):
                errors[row, column] = error
        elif kind == _RUN:
            row, column = struct.unpack_from("<2H", stream, start)
            for index, at in enumerate(range(start + 4, end - 6, 6)):
                if (style := struct.unpack_from("<H", stream, at)[0]) in codes:
                    formats[row, column + index] = codes[style]
        elif kind == _ROW and end - start >= 16 and stream[start + 12] & 0x20:
            hidden.append(struct.unpack_from("<H", stream, start)[0])
    return SheetFacts(formats, errors, hidden_rows=frozenset(hidden))


def _error(kind: int, body: bytes) -> str:
    """The error value of a cell that holds one, or of a formula whose stored result is one."""
    if kind == _BOOL_OR_ERROR and body[7:8] == b"\x01":
        return _ERRORS.get(body[6], "#N/A")
    if kind in _FORMULAS and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff":
        return _ERRORS.get(body[8], "#N/A")
    return ""


def _globals(stream: bytes, sheet: int) -> tuple[int, dict[int, str]]:
    """Where the sheet's records begin, and style → format code for styles that show something else than General."""
    codes, styles, sheets = dict(BUILT_IN), list[int](), list[int]()
    for kind, start, end in _records(stream, 0):
        if kind == _EOF:
            break
        if kind == _SHEET:
            sheets.append(struct.unpack_from("<L", stream, start)[0])
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", stream, start + 2)[0])
        elif kind == _FORMAT and end - start >= 5:
            number, length, wide = struct.unpack_from("<2HB", stream, start)
            raw = stream[start + 5 : min(end, start + 5 + length * (1 + (wide & 1)))]
            codes[number] = raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
    shown = ((style, codes.get(number, "")) for style, number in enumerate(styles))
    begin = sheets[sheet]
    begin += 4 + struct.unpack_from("<H", stream, begin + 2)[0]
    return begin, {style: code for style, code in shown if code and code.lower() != "general"}
