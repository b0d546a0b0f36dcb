"""Writes the few BIFF12 records of a plain .xlsb: no Python library writes this file type.

Record layouts: [MS-XLSB] 2.4; record ids and sizes are 7-bit variable-length integers (2.1.4).
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

ROW, BLANK, REAL, STRING = 0, 1, 5, 6
BEGIN_SHEET, END_SHEET, BEGIN_BOOK, END_BOOK = 129, 130, 131, 132
BEGIN_BUNDLE, END_BUNDLE, BEGIN_DATA, END_DATA = 143, 144, 145, 146
DIMENSION, BUNDLE_SHEET, MERGE, BEGIN_MERGES, END_MERGES = 148, 156, 176, 177, 178

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{}</Types>'
)
_SHEET_TYPE = '<Override PartName="/xl/worksheets/sheet{}.bin" ContentType="application/vnd.ms-excel.worksheet"/>'
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_RELATION = (
    '<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"'
    ' Target="{}"/>'
)

Area = tuple[int, int, int, int]


def write(sheets: Sequence[tuple[str, Sequence[Sequence[Any]], Iterable[Area]]]) -> bytes:
    """A workbook of (name, rows, merges); values are text, numbers or None."""
    numbered = list(enumerate(sheets, 1))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES.format("".join(_SHEET_TYPE.format(i) for i, _ in numbered)))
        package.writestr("_rels/.rels", _RELATIONS.format(_RELATION.format(1, "officeDocument", "xl/workbook.bin")))
        package.writestr("xl/workbook.bin", _book([name for name, _, _ in sheets]))
        targets = (_RELATION.format(i, "worksheet", escape(f"worksheets/sheet{i}.bin")) for i, _ in numbered)
        package.writestr("xl/_rels/workbook.bin.rels", _RELATIONS.format("".join(targets)))
        for i, (_, rows, merges) in numbered:
            package.writestr(f"xl/worksheets/sheet{i}.bin", _sheet(rows, list(merges)))
    return out.getvalue()


def _book(names: list[str]) -> bytes:
    bundles = b"".join(
        _record(BUNDLE_SHEET, struct.pack("<II", 0, i) + _wide(f"rId{i}") + _wide(name))
        for i, name in enumerate(names, 1)
    )
    return _record(BEGIN_BOOK) + _record(BEGIN_BUNDLE) + bundles + _record(END_BUNDLE) + _record(END_BOOK)


def _sheet(rows: Sequence[Sequence[Any]], merges: list[Area]) -> bytes:
    width = max(map(len, rows))
    parts = [_record(BEGIN_SHEET), _record(DIMENSION, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1))]
    parts.append(_record(BEGIN_DATA))
    for number, row in enumerate(rows):
        # row, style, height in twips, flags, and one span of columns
        parts.append(_record(ROW, struct.pack("<IIHBBBIII", number, 0, 300, 0, 0, 0, 1, 0, max(len(row) - 1, 0))))
        parts.extend(_cell(column, value) for column, value in enumerate(row) if value is not None)
    parts.append(_record(END_DATA))
    if merges:
        parts.append(_record(BEGIN_MERGES, struct.pack("<I", len(merges))))
        parts.extend(
            _record(MERGE, struct.pack("<4I", top, bottom, left, right)) for top, left, bottom, right in merges
        )
        parts.append(_record(END_MERGES))
    parts.append(_record(END_SHEET))
    return b"".join(parts)


def _cell(column: int, value: Any) -> bytes:
    head = struct.pack("<II", column, 0)
    if isinstance(value, str):
        return _record(STRING, head + _wide(value))
    return _record(REAL, head + struct.pack("<d", value))


def _wide(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def _record(kind: int, body: bytes = b"") -> bytes:
    return _seven_bits(kind) + _seven_bits(len(body)) + body


def _seven_bits(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
