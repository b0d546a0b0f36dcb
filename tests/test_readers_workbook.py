"""Workbooks of every kind: values at their addresses, the facts behind them, and files that must be refused."""

import datetime as dt
import io
import pickle
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from python_calamine import CalamineWorkbook

from auditkit.model.document import Document, Grid, SheetFacts, Source
from auditkit.model.words import Fault
from auditkit.readers import read
from auditkit.readers.xlsb import Look

SHEET = "xl/worksheets/sheet1.xml"


def xlsx(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        fill(book)
    return buffer.getvalue()


def form() -> bytes:
    """A small form: title over a merge, header, numbers, a percentage, a formula, an error."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("表三")
        sheet.merge_range(0, 0, 0, 3, "申请情况")
        for row, line in enumerate([["项目", "自然人", "组织", "总计"], ["一、本年新收", 8, 3, 12]], 1):
            sheet.write_row(row, 0, line)
        sheet.write(3, 1, 0.125, book.add_format({"num_format": "0.0%"}))
        sheet.write(3, 2, 1234.5, book.add_format({"num_format": 4}))
        sheet.write_formula(3, 3, "=SUM(B3:C3)", None, 11)
        sheet.write_formula(4, 3, "=1/0", None, "#DIV/0!")

    return xlsx(fill)


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same package with one part rewritten."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        assert old.encode() in part
        return part.replace(old.encode(), new.encode())

    return change


def read_bytes(data: bytes, name: str = "a.xlsx") -> Document:
    return read(Source(name, data))


def facts(data: bytes, sheet: int = 0) -> SheetFacts:
    return read_bytes(data).grids[sheet].facts()


def refused(data: bytes) -> str:
    with pytest.raises(Fault) as caught:
        read_bytes(data)
    assert caught.value.exit == 3
    assert caught.value.hint is not None
    return caught.value.code


def test_values_stand_at_their_addresses() -> None:
    (grid,) = read_bytes(form()).grids
    assert (grid.name, grid.hidden, grid.merges) == ("表三", False, ((0, 0, 0, 3),))
    assert grid.rows[2] == ["一、本年新收", 8.0, 3.0, 12.0]
    assert {len(row) for row in grid.rows} == {4}


def test_a_sheet_that_begins_further_down_keeps_its_addresses() -> None:
    (grid,) = read_bytes(xlsx(lambda book: book.add_worksheet().write(3, 2, "x"))).grids
    assert [list(row) for row in grid.rows] == [["", "", ""]] * 3 + [["", "", "x"]]


def test_values_of_every_type() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["文", 1.5, True])
        sheet.write_datetime(0, 3, dt.datetime(2021, 12, 31), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001

    (grid,) = read_bytes(xlsx(fill)).grids
    assert list(grid.rows[0]) == ["文", 1.5, True, dt.date(2021, 12, 31)]


def test_hidden_sheets_are_marked_and_chart_sheets_skipped() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("甲").write(0, 0, 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=甲!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
        book.add_worksheet("乙").hide()
        last = book.add_worksheet("丙")
        last.very_hidden()
        last.write_formula(0, 0, "=1/0", None, "#DIV/0!")

    document = read_bytes(xlsx(fill))
    assert [(grid.name, grid.hidden) for grid in document.grids] == [("甲", False), ("乙", True), ("丙", True)]
    assert document.grids[2].facts().errors == {(0, 0): "#DIV/0!"}


def test_a_workbook_without_sheets_to_read_is_refused() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=图!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)

    assert refused(xlsx(fill)) == "no-sheets"


def test_facts_tell_formats_errors_and_formulas() -> None:
    told = facts(form())
    assert told.formats == {(3, 1): "0.0%", (3, 2): "#,##0.00"}
    assert told.errors == {(4, 3): "#DIV/0!"}
    assert told.formulas == {(3, 3): "SUM(B3:C3)", (4, 3): "1/0"}
    assert told.uncalculated == frozenset()


def test_a_formula_nobody_calculated_is_told_from_one_with_an_empty_result() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    buffer = io.BytesIO()
    book.save(buffer)
    assert facts(buffer.getvalue()).uncalculated == {(0, 0)}
    empty = changed(
        form(), SHEET, replaced('<c r="D5" t="e"><f>1/0</f><v>#DIV/0!</v>', '<c r="D5" t="str"><f>T(1)</f><v></v>')
    )
    assert facts(empty).uncalculated == frozenset()
    assert facts(empty).formulas[4, 3] == "T(1)"


def test_a_shared_formula_has_the_text_of_its_master() -> None:
    shared = changed(form(), SHEET, replaced("<f>SUM(B3:C3)</f>", '<f t="shared" ref="D4:D5" si="0">A1&amp;"x"</f>'))
    shared = changed(shared, SHEET, replaced("<f>1/0</f>", '<f t="shared" si="0"/>'))
    assert facts(shared).formulas == {(3, 3): 'A1&"x"', (4, 3): 'A1&"x"'}


def test_hidden_rows_and_columns() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(5, 5, 1)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 2, None, None, {"hidden": True})
        sheet.set_column(5, 16383, None, None, {"hidden": True})

    told = facts(xlsx(fill))
    assert (sorted(told.hidden_rows), sorted(told.hidden_columns)) == ([2], [1, 2, 5])


IRREGULAR = {
    "attributes in another order": lambda xml: xml.replace(b'<c r="B4" s="1">', b'<c s="1" r="B4">'),
    "single quotes": lambda xml: xml.replace(b'r="B4"', b"r='B4'"),
    "prefixes": lambda xml: (
        xml.replace(
            b"<worksheet ", b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        )
        .replace(b"</worksheet>", b"</x:worksheet>")
        .replace(b"<sheetData>", b"<x:sheetData>")
        .replace(b"</sheetData>", b"</x:sheetData>")
        .replace(b"<row ", b"<x:row ")
        .replace(b"</row>", b"</x:row>")
        .replace(b"<c ", b"<x:c ")
        .replace(b"</c>", b"</x:c>")
        .replace(b"<v>", b"<x:v>")
        .replace(b"</v>", b"</x:v>")
        .replace(b"<f>", b"<x:f>")
        .replace(b"</f>", b"</x:f>")
    ),
    "no addresses": lambda xml: xml.replace(b'<c r="A4"/>', b"<c/>").replace(b'<c r="A2" ', b"<c "),
    "line breaks in tags": lambda xml: xml.replace(b"<c r=", b"<c\n r="),
}


@pytest.mark.parametrize("how", IRREGULAR)
def test_a_sheet_spelled_in_another_way_says_the_same(how: str) -> None:
    data = changed(form(), SHEET, IRREGULAR[how])
    assert facts(data) == facts(form())
    assert [list(row) for row in read_bytes(data).grids[0].rows] == [
        list(row) for row in read_bytes(form()).grids[0].rows
    ]


MERGES = b'<mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>'
SPELLED = {
    "as usual": lambda xml: xml,
    "before the cells": lambda xml: xml.replace(MERGES, b"").replace(b"<sheetData>", MERGES + b"<sheetData>"),
    "with white space": lambda xml: xml.replace(
        MERGES, MERGES.replace(b"/></", b" />\n</").replace(b' count="1"', b"\n")
    ),
    "prefixed": lambda xml: xml.replace(
        MERGES,
        MERGES.replace(b"<merge", b"<m:merge")
        .replace(b"</merge", b"</m:merge")
        .replace(b' count="1"', b' xmlns:m="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'),
    ),
    "a comment with others": lambda xml: xml.replace(MERGES, b"<!--" + MERGES.replace(b"D1", b"B1") + b"-->" + MERGES),
    "none": lambda xml: xml.replace(MERGES, b""),
    "an empty list": lambda xml: xml.replace(MERGES, b"<mergeCells/>"),
}


@pytest.mark.parametrize("how", SPELLED)
def test_merges_are_those_of_the_file_however_they_are_spelled(how: str) -> None:
    """They are handed on in front of the cells, where calamine finds them without reading all cells again."""
    data = changed(form(), SHEET, SPELLED[how])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    grid = read_bytes(data).grids[0]
    assert list(grid.merges) == [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    assert list(grid.rows) == sheet.to_python(skip_empty_area=False)
    assert bool(grid.merges) is (how not in {"none", "an empty list"})


def test_an_error_value_younger_than_the_reader_is_still_an_error() -> None:
    data = changed(form(), SHEET, replaced("<v>#DIV/0!</v>", "<v>#SPILL!</v>"))
    assert facts(data).errors == {(4, 3): "#SPILL!"}
    assert read_bytes(data).grids[0].rows[4][3] == ""


def test_grids_with_facts_cross_process_borders() -> None:
    grid: Grid = pickle.loads(pickle.dumps(read_bytes(form()).grids[0]))
    assert grid.facts().errors == {(4, 3): "#DIV/0!"}


def test_many_sheets_each_have_their_own_facts() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for number in range(12):
            book.add_worksheet(f"第{number}页").write_formula(number, 0, f"={number}+1", None, number + 1)

    document = read_bytes(xlsx(fill))
    assert [grid.facts().formulas for grid in document.grids] == [{(n, 0): f"{n}+1"} for n in range(12)]


FAR = {
    "one far corner": ('r="A3"', 'r="XFD1048576"'),
    "a far column in another spelling": ('r="A3"', "r='XFD2000'"),
    "lower-case letters": ('r="A3"', 'r="xfd1048576"'),
    "an impossible address": ('r="A3"', 'r="AAAAAAA3"'),
}


@pytest.mark.parametrize("how", FAR)
def test_a_used_range_beyond_reason_is_refused_before_it_is_laid_out(how: str) -> None:
    assert refused(changed(form(), SHEET, replaced(*FAR[how]))) in {"too-large", "damaged"}


def test_cells_without_addresses_after_a_far_row_are_counted_too() -> None:
    line = "<row r='900000'>" + "<c/>" * 6000 + "<c><v>1</v></c></row>"
    assert refused(changed(form(), SHEET, replaced("</sheetData>", line + "</sheetData>"))) == "too-large"


def test_a_dimension_that_lies_does_no_harm() -> None:
    data = changed(form(), SHEET, replaced('<dimension ref="A1:D5"/>', '<dimension ref="A1:XFD1048576"/>'))
    assert read_bytes(data).grids[0].rows == read_bytes(form()).grids[0].rows


def test_styled_rows_down_to_the_last_one_are_no_cells() -> None:
    data = changed(form(), SHEET, replaced("</sheetData>", '<row r="1048576" hidden="1"/></sheetData>'))
    assert len(read_bytes(data).grids[0].rows) == 5


@pytest.mark.parametrize("cell", ['<c r="XFD1048576" s="1"/>', '<c r="XFD1048576" s="1"></c>'])
def test_a_far_cell_with_nothing_but_a_look_is_no_used_range(cell: str) -> None:
    """Frames drawn down to the last row leave such cells behind."""
    data = changed(form(), SHEET, replaced("</sheetData>", f'<row r="1048576">{cell}</row></sheetData>'))
    assert list(read_bytes(data).grids[0].rows) == list(read_bytes(form()).grids[0].rows)


def test_a_wrong_count_of_texts_is_refused() -> None:
    data = changed(
        form(), "xl/sharedStrings.xml", lambda xml: xml.replace(b'uniqueCount="', b'uniqueCount="99999999999')
    )
    assert refused(data) == "too-large"


def test_parts_in_utf_16_are_refused_not_read_as_nothing() -> None:
    assert refused(changed(form(), SHEET, lambda xml: xml.decode().encode("utf-16"))) == "damaged"


def test_a_part_that_inflates_to_a_thousand_times_its_size_is_refused() -> None:
    assert refused(
        changed(form(), SHEET, lambda xml: xml.replace(b"</sheetData>", b" " * (40 << 20) + b"</sheetData>"))
    ) == ("too-large")


def test_too_many_merges_are_refused() -> None:
    cells = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1000, 52_000))
    assert refused(changed(form(), SHEET, replaced('<mergeCell ref="A1:D1"/>', cells))) == "too-large"


def test_entities_are_refused_where_xml_is_parsed() -> None:
    def poison(xml: bytes) -> bytes:
        return xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet').replace(b"<c r=", b"<c\n r=")

    grid = read_bytes(changed(form(), SHEET, poison)).grids[0]
    with pytest.raises(Fault, match="DOCTYPE"):
        grid.facts()


def test_a_package_cut_short_is_damaged() -> None:
    assert refused(form()[:-400]) == "damaged"


def test_a_part_whose_checksum_is_wrong_is_damaged() -> None:
    data = bytearray(form())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(SHEET.encode()))
    data[at + 16] ^= 0xFF
    assert refused(bytes(data)) == "damaged"


def test_a_zip_with_a_password_is_encrypted() -> None:
    data = bytearray(form())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(bytes(data)) == "encrypted"


def test_overlapping_members_are_refused() -> None:
    data = bytearray(form())
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert refused(bytes(data)) == "damaged"


def test_a_package_with_64_bit_fields_is_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form())) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                part.write(old.read(name))
    assert read_bytes(buffer.getvalue()).grids[0].rows == read_bytes(form()).grids[0].rows


def test_bytes_before_the_package_do_not_matter_to_its_directory() -> None:
    with pytest.raises(Fault):  # it is no package by its first bytes
        read_bytes(b"\n" + form())


def xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表三")
    sheet.write_merge(0, 0, 0, 3, "申请情况")
    for column, value in enumerate(["一、本年新收", 8, 3, 12]):
        sheet.write(1, column, value)
    sheet.write(2, 1, 0.125, xlwt.easyxf(num_format_str="0.0%"))
    sheet.row(2).set_cell_error(2, "#REF!")
    sheet.write(3, 1, dt.date(2021, 12, 31), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    for column in (1, 2):
        sheet.write(4, column, 10 * column, xlwt.easyxf(num_format_str="#,##0"))
    sheet.row(5).hidden = True
    book.add_sheet("隐").visibility = 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_an_old_workbook_tells_the_same() -> None:
    grid, hidden = read_bytes(xls(), "a.xls").grids
    assert (grid.name, hidden.name, hidden.hidden) == ("表三", "隐", True)
    assert list(grid.rows[1]) == ["一、本年新收", 8, 3, 12]
    assert grid.rows[3][1] == dt.date(2021, 12, 31)
    assert grid.merges == ((0, 0, 0, 3),)
    told = grid.facts()
    assert told.errors == {(2, 2): "#REF!"}
    assert told.formats == {(2, 1): "0.0%", (3, 1): "yyyy-mm-dd", (4, 1): "#,##0", (4, 2): "#,##0"}
    assert told.hidden_rows == {5}


def test_an_old_workbook_with_cells_out_of_reach_is_refused() -> None:
    """Two numbers that the file stores as one run of RK cells are moved to the last row and column."""
    data = bytearray(xls())
    at = data.find(struct.pack("<4H", 0xBD, 18, 4, 1))
    assert at > 0
    struct.pack_into("<2H", data, at + 4, 65535, 250)
    struct.pack_into("<H", data, at + 4 + 16, 255)
    assert refused(bytes(data)) == "too-large"


def test_an_old_workbook_with_a_password_is_encrypted() -> None:
    data = bytearray(xls())
    at = data.find(struct.pack("<2H", 0xE1, 2))  # INTERFACEHDR, which nobody misses
    struct.pack_into("<H", data, at, 0x2F)
    assert refused(bytes(data)) == "encrypted"


@pytest.mark.parametrize("used", [(0, 0xFFFFFFFF, 0, 0xFFFF), (9, 3, 0, 4), (0, 6, 200, 4)])
def test_an_old_workbook_whose_used_range_cannot_be_is_refused(used: tuple[int, int, int, int]) -> None:
    data = bytearray(xls())
    at = data.find(struct.pack("<2H", 0x200, 14))
    struct.pack_into("<LLHH", data, at + 4, *used)
    assert refused(bytes(data)) == "damaged"


def ods(repeat: int = 1) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="表三")
    rows: list[list[tuple[dict[str, object], str]]] = [
        [
            ({"valuetype": "string", "numbercolumnsspanned": 2}, "项目"),
            ({}, ""),
            ({"valuetype": "float", "value": 8}, "8"),
        ],
        [({"valuetype": "percentage", "value": 0.125}, "12.5%")],
        [({"valuetype": "float", "value": 1234.5}, "1,234.50")],
        [({"valuetype": "float", "value": 0, "formula": "of:=1/0"}, "#DIV/0!")],
        [({"valuetype": "float", "value": 7, "numbercolumnsrepeated": repeat}, "7")],
    ]
    for cells in rows:
        row = TableRow(numberrowsrepeated=repeat) if cells is rows[-1] else TableRow()
        for attributes, text in cells:
            cell = TableCell(**attributes)
            if text:
                cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    empty = TableRow(numberrowsrepeated=1048000)
    empty.addElement(TableCell(numbercolumnsrepeated=16384))
    table.addElement(empty)
    document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def test_an_open_document_tells_the_same() -> None:
    (grid,) = read_bytes(ods(), "a.ods").grids
    assert list(grid.rows[0]) == ["项目", "", 8.0]
    assert grid.merges == ((0, 0, 0, 1),)
    told = grid.facts()
    assert told.formats == {(0, 2): "0", (1, 0): "0.0%", (2, 0): "#,##0.00", (4, 0): "0"}
    assert told.errors == {(3, 0): "#DIV/0!"}
    assert told.formulas == {(3, 0): "1/0"}


def test_an_open_document_that_repeats_a_cell_without_end_is_refused() -> None:
    assert refused(ods(repeat=4000)) == "too-large"


def test_an_open_document_with_a_password_is_encrypted() -> None:
    protected = changed(ods(), "META-INF/manifest.xml", lambda xml: xml + b"<!-- encryption-data -->")
    assert refused(protected) == "encrypted"


def record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return number + bytes([len(body)]) + body


def wide(text: str) -> bytes:
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def xlsb(row: int = 1, column: int = 2) -> bytes:
    """The least that a binary workbook needs: one sheet with a number and an error."""
    main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    relation = '<Relationship Id="{}" Type="' + main + '/{}" Target="{}"/>'
    cell = struct.pack("<LL", column, 0)
    sheet = (
        record(129)
        + record(148, struct.pack("<4L", 0, row, 0, column))
        + record(145)
        + record(0, struct.pack("<LLHBBBL", row, 0, 300, 0, 0, 0, 0))
        + record(5, cell + struct.pack("<d", 12.0))
        + record(3, struct.pack("<LL", column + 1, 0) + b"\x17")
        + record(146)
        + record(130)
    )
    book = (
        record(131)
        + record(143)
        + record(156, struct.pack("<2L", 0, 1) + wide("rId1") + wide("表三"))
        + record(144)
        + record(132)
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", relations.format(relation.format("rId1", "officeDocument", "xl/workbook.bin")))
        package.writestr("xl/workbook.bin", book)
        package.writestr(
            "xl/_rels/workbook.bin.rels",
            relations.format(relation.format("rId1", "worksheet", "worksheets/sheet1.bin")),
        )
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def test_a_binary_workbook_tells_values_and_errors() -> None:
    (grid,) = read_bytes(xlsb(), "a.xlsb").grids
    assert (grid.name, grid.rows[1][2]) == ("表三", 12.0)
    assert grid.facts().errors == {(1, 3): "#REF!"}


def test_a_binary_workbook_with_cells_out_of_reach_is_refused() -> None:
    assert refused(xlsb(1048575, 16382)) == "too-large"


def test_a_cell_too_short_to_say_where_it_stands_is_damage() -> None:
    row, short_cell = bytes([0, 8]) + bytes(8), bytes([5, 4]) + b"\xff\xff\xff\x7f"
    with pytest.raises(Fault, match="a cell is incomplete"):
        Look(b"", {})("xl/worksheets/sheet1.bin", row + short_cell)
