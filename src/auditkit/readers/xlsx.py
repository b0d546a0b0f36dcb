"""What is inside an xlsx package: the parts worth reading, and a look at each that does not trust it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping

from auditkit.readers import guard
from auditkit.readers.archive import Member, damaged, inflate
from auditkit.readers.sheetxml import attributes_of, is_regular, position, regular

_SPARE = re.compile(
    r"\[Content_Types\]|docProps/|customXml/|xl/(?:theme|drawings|charts|media|embeddings|printerSettings|externalLinks|ctrlProps|activeX"
    r"|diagrams|pivot\w+|queryTables|tables|richData|persons|threadedComments|slicer\w*|timeline\w*|worksheets/_rels)/"
    r"|xl/(?:comments\w*|calcChain|vbaProject|metadata|connections)\.",
    re.IGNORECASE,
)
_SMALL = 24 << 10
"""Bytes of sheet in which cells without an address cannot spread beyond the guard's area."""
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPES = bytes.maketrans(_LETTERS + b"0123456789'", b"A" * 52 + b"0" * 10 + b'"')
_COLUMN, _ROW = re.compile(rb'<c r="([A-Za-z]+)'), re.compile(rb'<c r="[A-Za-z]+([0-9]+)')
_FULL = re.compile(rb'<c r="([A-Za-z]+)([0-9]+)"(?:[^>]*[^/>])?>(?!</c>)')
"""A cell with something in it: one that has nothing but a look is not laid out, wherever it stands."""
_UNIQUE = re.compile(rb"uniqueCount[^0-9>]*([0-9]+)")
_NEW_ERROR = re.compile(
    rb'( t="e"[^>]*>(?:<f(?: [^>]*)?/>|<f(?: [^>]*)?>[^<]*</f>)?<v>)'
    rb"#(?!NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA)[^<]*(?=</v>)"
)
"""Error values younger than calamine's list, such as #SPILL!, for which it gives up the whole sheet."""


def kept(found: Mapping[str, Member]) -> dict[str, Member]:
    """The parts that tell values: no themes, drawings, properties or macros."""
    return {name: member for name, member in found.items() if not _SPARE.match(name)}


def look(_: str, xml: bytes) -> tuple[bytes, int]:
    """The part for the reader, and its number of cells. Addresses count, whatever ``<dimension>`` says."""
    if xml[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in xml[:4]:
        raise damaged("内部编码不是UTF-8", "its parts are not in UTF-8")
    start = xml.find(b"sheetData")
    if start < 0:
        if unique := _UNIQUE.search(xml):
            guard.within(int(unique[1][:12]), guard.CELLS, "个字符串", "texts")
        return xml, 0
    cells = 0 if len(xml) <= _SMALL and _is_near(xml[start:]) else _measured(xml)
    if b"#" in xml and b't="e"' in xml:
        xml = _NEW_ERROR.sub(rb"\1#VALUE!", xml)
    return _merges_first(xml), cells


def _merges_first(xml: bytes) -> bytes:
    """The merged areas in front of the cells: calamine looks for them from the top, past all cells, until it has them.

    That second look is a third of what a sheet costs. What is spelled in an unusual way stays as it is.
    """
    data, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    if data < 0 or end < data or xml.find(b"mergeCells", 0, data) >= 0 or xml.find(b"<!--", end) >= 0:
        return xml
    start = xml.find(b"mergeCells", end) - 1
    if start < 0:
        return b"".join((xml[:data], b"<mergeCells></mergeCells>", xml[data:]))
    after = xml.find(b"</mergeCells>", start) + len(b"</mergeCells>")
    if after < start or xml[start : start + 1] != b"<":
        return xml
    return b"".join((xml[:data], xml[start:after], xml[data:start], xml[after:]))


def _is_near(xml: bytes) -> bool:
    """No cell can be beyond column ZZ or row 999, however it is spelled."""
    shapes = xml.translate(_SHAPES)
    return b"AAA0" not in shapes and b'0000"' not in shapes


def _measured(xml: bytes) -> int:
    """Cells of a sheet whose used range and merges are within the limits."""
    if not is_regular(xml):
        guard.within(len(xml), guard.HANDED_ON, "字节的一张工作表", "bytes in one sheet")
        xml = regular(xml)
    cells = xml.count(b"<c ")
    guard.within(cells, guard.CELLS, "个单元格", "cells")
    guard.within(xml.count(b"<mergeCell "), guard.MERGES, "处合并", "merged areas")
    guard.area(*_reach(xml))
    return cells


def _reach(xml: bytes) -> tuple[int, int]:
    """Rows and columns that no cell is beyond; exact only where a rougher answer would not do."""
    shapes = xml.translate(_SHAPES)
    digits = next(n for n in range(8, 0, -1) if n == 1 or b"0" * n + b'"' in shapes)
    width = 16_384 if b"AAA0" in shapes else 702 if b'"AA0' in shapes else 26
    if digits == 8 or b"AAAA0" in shapes:
        return _corner(xml)
    if width * 10**digits <= guard.AREA:
        return 10**digits, width
    farthest = re.findall(rb'<c r="[A-Za-z]+([0-9]{%d})"' % digits, xml)
    height = int(max(farthest, default=b"0"))
    return (height, width) if 0 < height * width <= guard.AREA else _corner(xml)


def _corner(xml: bytes) -> tuple[int, int]:
    """Rows and columns up to the farthest cell; up to the farthest with something in it where that matters."""
    height, width = _farthest(set(_COLUMN.findall(xml)), set(_ROW.findall(xml)))
    if height * width <= guard.AREA:
        return height, width
    columns, rows = set[bytes](), set[bytes]()
    for cell in _FULL.finditer(xml):  # one after the other: there may be millions
        columns.add(cell[1])
        rows.add(cell[2])
    return _farthest(columns, rows)


def _farthest(columns: Collection[bytes], rows: Collection[bytes]) -> tuple[int, int]:
    """Rows and columns up to the last of each."""
    if not columns or not rows:
        return 0, 0
    try:
        row, column = position(max(columns, key=lambda c: (len(c), c.upper())), max(rows, key=lambda r: (len(r), r)))
    except ValueError as broken:
        raise damaged(f"单元格地址有误（{broken}）", f"it has a cell at an impossible address ({broken})") from broken
    return row + 1, column + 1


def sheet_parts(data: bytes, found: Mapping[str, Member]) -> list[str]:
    """The part of every sheet, in the workbook's order: it names a relation for each, the relation a part."""
    only = [name for name in found if "/worksheets/" in name.lower()]
    if len(only) == 1:
        return only
    lower = {name.lower(): name for name in found}
    book = next(name for name in found if re.fullmatch(r"xl/workbook\w*\.xml", name, re.IGNORECASE))
    relations = found[lower[f"xl/_rels/{posixpath.basename(book).lower()}.rels"]]
    targets = {run.get("Id"): run.get("Target", "") for run in attributes_of(inflate(data, relations), "Relationship")}
    named = attributes_of(inflate(data, found[book]), "sheet")
    return [lower.get(resolved(targets.get(sheet.get("id"), "")), "") for sheet in named]


def resolved(target: str) -> str:
    """A relation's target as a part name, in lower case."""
    path = target.replace("\\", "/").lower()
    return posixpath.normpath(path if path.startswith("xl/") else posixpath.join("/xl", path)).lstrip("/")
