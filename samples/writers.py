"""Sheets → the bytes of a file, the same bytes every time: fixed dates, no names, no clock."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import xlsb as biff12
import xlsxwriter
import xlwt
from layouts import Sheet
from lxml import etree
from odf import opendocument, table, text
from openpyxl.styles import Alignment, Border, Side

DAY = dt.datetime(2025, 1, 20, 9, 0, 0)  # noqa: DTZ001 - Excel's times have no zone


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """openpyxl; formulas are written with no stored result, as a program without a calculator leaves them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    side = Side(style="thin")
    for sheet in sheets:
        made = book.create_sheet(sheet.name)
        for r, row in enumerate(sheet.values(), 1):
            for c, value in enumerate(row, 1):
                if value is None:
                    continue
                formula = sheet.formulas.get((r - 1, c - 1))
                cell = made.cell(r, c, f"={formula}" if formula else value)
                if isinstance(value, str) and value.startswith("#"):
                    cell.data_type = "e"
                cell.border = Border(side, side, side, side)
                cell.alignment = Alignment("center", "center", wrap_text=True)
        for top, left, bottom, right in sheet.merges:
            made.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for column in range(1, 4):
            made.column_dimensions[openpyxl.utils.get_column_letter(column)].width = 18
    out = io.BytesIO()
    book.save(out)
    return repack(out.getvalue())


def xlsx_calculated(sheets: Sequence[Sheet]) -> bytes:
    """XlsxWriter; formulas with their stored results, numbers with formats."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": DAY})
    words = book.add_format({"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    counts = book.add_format({"border": 1, "num_format": "#,##0"})
    money = book.add_format({"border": 1, "num_format": "#,##0.0000"})
    for sheet in sheets:
        made = book.add_worksheet(sheet.name)
        made.set_column(0, 2, 18)
        for top, left, bottom, right in sheet.merges:
            made.merge_range(top, left, bottom, right, "", words)
        for r, row in enumerate(sheet.values()):
            for c, value in enumerate(row):
                form = words if isinstance(value, str) else money if isinstance(value, float) else counts
                if formula := sheet.formulas.get((r, c)):
                    made.write_formula(r, c, f"={formula}", form, value)
                elif value is not None:
                    made.write(r, c, value, form)
    book.close()
    return repack(out.getvalue())


def xlsm(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of the macro-enabled type; there is no macro in it."""
    plain, macro = b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"
    whole = b"application/vnd.openxmlformats-officedocument." + plain
    return repack(xlsx(sheets), lambda _, data: data.replace(whole, b"application/vnd.ms-excel." + macro))


def xls(sheets: Sequence[Sheet]) -> bytes:
    """Excel 97-2003."""
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        made = book.add_sheet(sheet.name)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merges}
        for r, row in enumerate(sheet.values()):
            for c, value in enumerate(row):
                if (r, c) in merged:
                    bottom, right = merged[r, c]
                    made.write_merge(r, bottom, c, right, value)
                elif value is not None:
                    made.write(r, c, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsb(sheets: Sequence[Sheet]) -> bytes:
    """Excel binary."""
    return repack(biff12.write([(sheet.name, sheet.values(), sheet.merges) for sheet in sheets]))


def ods(sheets: Sequence[Sheet]) -> bytes:
    """OpenDocument."""
    book = opendocument.OpenDocumentSpreadsheet()
    for sheet in sheets:
        made = table.Table(name=sheet.name)
        spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merges}
        hidden = {
            (r, c)
            for top, left, bottom, right in sheet.merges
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        } - spans.keys()
        for r, row in enumerate(sheet.values()):
            line = table.TableRow()
            for c, value in enumerate(row):
                line.addElement(_ods_cell(value, spans.get((r, c)), covered=(r, c) in hidden))
            made.addElement(line)
        book.spreadsheet.addElement(made)
    out = io.BytesIO()
    book.write(out)
    return repack(out.getvalue(), lambda name, data: _canonical(data) if name.endswith(".xml") else data)


def _canonical(data: bytes) -> bytes:
    """odfpy declares the name spaces it has met so far in the process, in that order."""
    tree = etree.fromstring(data)
    etree.cleanup_namespaces(tree)
    return etree.tostring(tree, method="c14n")


def _ods_cell(value: Any, span: tuple[int, int] | None, *, covered: bool) -> Any:
    if covered:
        return table.CoveredTableCell()
    extra = {"numberrowsspanned": span[0], "numbercolumnsspanned": span[1]} if span else {}
    if value is None:
        return table.TableCell(**extra)
    if isinstance(value, str):
        cell = table.TableCell(valuetype="string", **extra)
    else:
        cell = table.TableCell(valuetype="float", value=repr(value), **extra)
    for part in str(value).split("\n"):
        cell.addElement(text.P(text=part))
    return cell


def _delimited(encoding: str, separator: str) -> Callable[[Sequence[Sheet]], bytes]:
    def write(sheets: Sequence[Sheet]) -> bytes:
        """All sheets below each other, a blank line between them."""
        out = io.StringIO()
        rows = csv.writer(out, delimiter=separator, lineterminator="\r\n")
        for i, sheet in enumerate(sheets):
            if i:
                rows.writerow([])
            rows.writerows([["" if v is None else v for v in row] for row in sheet.values()])
        return out.getvalue().encode(encoding)

    return write


csv_utf8 = _delimited("utf-8-sig", ",")
csv_gb18030 = _delimited("gb18030", ",")
tsv_utf16 = _delimited("utf-16", "\t")

Writer = Callable[[Sequence[Sheet]], bytes]

WRITERS: dict[str, tuple[str, Writer]] = {
    "xlsx": (".xlsx", xlsx),
    "xlsx-calculated": (".xlsx", xlsx_calculated),
    "xlsm": (".xlsm", xlsm),
    "xls": (".xls", xls),
    "xlsb": (".xlsb", xlsb),
    "ods": (".ods", ods),
    "csv-utf8": (".csv", csv_utf8),
    "csv-gb18030": (".csv", csv_gb18030),
    "tsv-utf16": (".tsv", tsv_utf16),
}
"""Name of the file type → suffix, and sheets → bytes."""

_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def repack(data: bytes, change: Callable[[str, bytes], bytes] = lambda _, data: data) -> bytes:
    """A zip package with its clock stopped: the same members in the same order, with fixed dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as again:
        for member in package.infolist():
            body = change(member.filename, package.read(member))
            if member.filename == "docProps/core.xml":
                body = _MODIFIED.sub(rb"\g<1>2025-01-20T09:00:00Z", body)
            fixed = zipfile.ZipInfo(member.filename, (2025, 1, 20, 9, 0, 0))
            fixed.compress_type = zipfile.ZIP_STORED if member.filename == "mimetype" else zipfile.ZIP_DEFLATED
            again.writestr(fixed, body)
    return out.getvalue()
