"""Workbooks: xlsx, xlsm, xlsb, xls and ods, at the speed of inflating them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from python_calamine import CalamineSheet, CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from auditkit.model.document import Area, Document, Grid, SheetFacts, Source, may_be
from auditkit.model.words import Fault, Text
from auditkit.readers import guard, sheetfacts, xls, xlsb, xlsx
from auditkit.readers.archive import Member, members
from auditkit.readers.door import LazyFacts, opened


class Safe(NamedTuple):
    """Bytes that calamine may read, and what it will not tell: facts by number of the sheet and width, merges."""

    data: bytes
    facts: Callable[[int, int], SheetFacts]
    merges: Sequence[tuple[Area, ...]] = ()
    formatted: Callable[[], bool] = may_be


def read(source: Source) -> Document:
    """Every sheet from its A1, cells as stored; chart sheets are skipped, hidden ones marked."""
    safe = _guarded(source.data)
    book = CalamineWorkbook.from_filelike(io.BytesIO(safe.data))
    grids = tuple(
        _grid(sheet, book.get_sheet_by_index(number), safe, number)
        for number, sheet in enumerate(book.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet
    )
    if not grids:
        raise Fault(
            "no-sheets",
            Text("工作簿里没有可以读的工作表。", "The workbook has no sheet that can be read."),
            hint=Text("请在Excel或WPS中打开核对。", "Open it in Excel or WPS and see."),
        )
    return Document(source.name, "workbook", grids)


def _guarded(data: bytes) -> Safe:
    if data[:2] != b"PK":
        return Safe(data, partial(xls.facts, xls.content(data)))
    found = members(data)
    if "content.xml" in found:
        return _open_document(data, found)
    parts = xlsx.kept(found)
    if "xl/workbook.bin" in found:
        look = xlsb.Look(data, parts)
        return Safe(guard.package(data, parts, look), look.facts)
    package = sheetfacts.Package(data, parts)
    seen = guard.package(data, parts, xlsx.look)
    return Safe(seen, partial(sheetfacts.facts, package), formatted=partial(opened, package.formatted))


def _open_document(data: bytes, found: Mapping[str, Member]) -> Safe:
    from auditkit.readers import ods  # noqa: PLC0415 - lxml, which the other kinds do not need

    look = ods.Look()
    return Safe(guard.package(data, ods.kept(found), look), look.facts, look.merges)


def _grid(sheet: SheetMetadata, cells: CalamineSheet, safe: Safe, number: int) -> Grid:
    rows = cells.to_python(skip_empty_area=False)
    ranges = cells.merged_cell_ranges
    if ranges is None:
        merges = safe.merges[number] if safe.merges else ()
    else:
        merges = tuple((*first, *last) for first, last in ranges)
    facts = LazyFacts(partial(safe.facts, number, len(rows[0]) if rows else 0))
    hidden = sheet.visible != SheetVisibleEnum.Visible
    return Grid(sheet.name, rows, merges, hidden, facts, formatted=safe.formatted)
