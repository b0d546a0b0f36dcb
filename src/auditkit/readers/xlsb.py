"""What is inside an .xlsb package: a look at its binary parts, and the error values calamine hides."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from auditkit.model.document import SheetFacts
from auditkit.readers import guard
from auditkit.readers.archive import Member, damaged, inflate
from auditkit.readers.sheetxml import attributes_of
from auditkit.readers.xlsx import resolved

_ROW, _BLANK, _ERROR, _FORMULA_ERROR = 0, 1, 3, 11
_TEXTS, _SHEET = 159, 156
_SHORTEST = 8
"""Bytes of a row or cell before what it holds."""
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class Look:
    """Looks at the parts of one file for the guard, and keeps the error values of every part."""

    def __init__(self, data: bytes, parts: Mapping[str, Member]) -> None:
        self._data, self._parts = data, parts
        self.errors: dict[str, dict[tuple[int, int], str]] = {}

    def __call__(self, name: str, part: bytes) -> tuple[bytes, int]:
        if not name.lower().endswith(".bin"):
            return part, 0
        errors = self.errors.setdefault(name.lower(), {})
        row = height = width = cells = 0
        for kind, start, size in _records(part):
            if kind <= _FORMULA_ERROR and size < _SHORTEST:
                raise damaged("有单元格不完整", "a cell is incomplete")  # readers take another for its end
            if kind == _ROW:
                row = struct.unpack_from("<L", part, start)[0]
            elif _BLANK < kind <= _FORMULA_ERROR:
                column = struct.unpack_from("<L", part, start)[0]
                height, width, cells = max(height, row + 1), max(width, column + 1), cells + 1
                if kind in {_ERROR, _FORMULA_ERROR} and size >= 9:
                    errors[row, column] = _ERRORS.get(part[start + 8], "#N/A")
            elif kind == _TEXTS and size >= 8:
                guard.within(max(struct.unpack_from("<2L", part, start)), guard.CELLS, "个字符串", "texts")
        guard.area(height, width)
        return part, cells

    def facts(self, sheet: int, _: int) -> SheetFacts:
        """The errors of the n-th sheet."""
        lower = {name.lower(): member for name, member in self._parts.items()}
        relations = attributes_of(inflate(self._data, lower["xl/_rels/workbook.bin.rels"]), "Relationship")
        targets = {run.get("Id", ""): run.get("Target", "") for run in relations}
        part = targets[_ids(inflate(self._data, lower["xl/workbook.bin"]))[sheet]]
        return SheetFacts(errors=self.errors.get(resolved(part), {}))


def _ids(book: bytes) -> list[str]:
    """The relation of every sheet, in order."""
    found = []
    for kind, start, size in _records(book):
        if kind == _SHEET and size >= 12:
            length = struct.unpack_from("<L", book, start + 8)[0]
            found.append(book[start + 12 : start + 12 + 2 * length].decode("utf-16-le", "replace"))
    return found


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Number, start and size of every record; both numbers are written in groups of seven bits."""
    at, end = 0, len(part)
    while at < end:
        kind, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        if at + size > end:
            raise damaged("内容不完整", "it ends too early")
        yield kind, at, size
        at += size


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for shift in range(most):
        byte = part[at : at + 1] or b"\x00"
        value |= (byte[0] & 127) << 7 * shift
        at += 1
        if byte[0] < 128:
            break
    return value, at
