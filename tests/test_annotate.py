"""The office's own workbook, annotated: what must change changes, everything else is the bytes it was."""

from __future__ import annotations

import functools
import io
import itertools
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Sequence
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from auditkit.annotate import ROLES, Mark, annotate
from auditkit.model.document import Source, column_letters
from auditkit.model.words import Fault

SAID = "GK304 必须改：一、二两项之和应等于三（七）、四两项之和。\n表三!F4 总计 12 ≠ 8 + 3 = 11，差 1"
MARKS = (
    Mark("表三", 2, 1, "wrong", SAID),
    Mark("表三", 3, 5, "part", SAID),
    Mark("表三", 4, 3, "explain", "=cmd|'/c calc'!A1 <b>&amp;"),
    Mark("表三", 5, 2, "note", "注"),
    Mark("表三", 9, 4, "perhaps", SAID),
    Mark("表三", 5, 25, "wrong", "空单元格，该行有其他单元格"),
    Mark("表三", 40, 2, "wrong", "没有这一行"),
)

# what a package is made of


def raw_parts(data: bytes) -> dict[str, bytes]:
    """Name of each member → its packed bytes, as the archive holds them."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for info in package.infolist():
            name, extra = struct.unpack_from("<2H", data, info.header_offset + 26)
            begin = info.header_offset + 30 + name + extra
            found[info.filename] = data[begin : begin + info.compress_size]
    return found


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {info.filename: package.read(info) for info in package.infolist()}


def repacked(data: bytes, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> bytes:
    """The package with some of its parts changed, packed anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in change(parts(data)).items():
            package.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def opened(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it would lose; we only read
        return openpyxl.load_workbook(io.BytesIO(data))


def comments_of(data: bytes, sheet: str) -> dict[str, str]:
    """What openpyxl finds: address → text."""
    page = opened(data)[sheet]
    return {c.coordinate: c.comment.text for row in page.iter_rows() for c in row if c.comment}


def values(data: bytes) -> dict[str, list[list[Any]]]:
    """What calamine reads from each sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [meta.name for meta in book.sheets_metadata if str(meta.typ).endswith("WorkSheet")]
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in sheets}


# the law

ORDER = re.findall(
    r"\w+",
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst",
)
GROWS = re.compile(
    r"\[Content_Types\]\.xml|.*styles.*\.xml|.*_rels.[^/]*\.rels|.*comment[^/]*\.xml|.*\.vml|.*person[^/]*\.xml|.*sheet[^/]*\.xml",
    re.IGNORECASE,
)


def local(element: Any) -> str:
    return etree.QName(element).localname


def survives(before: bytes, marks: Sequence[Mark] = MARKS, may_change: Collection[str] | None = None) -> bytes:
    """Annotates, and holds the result against everything that must not have changed."""
    after = annotate(Source("a.xlsx", before), marks)
    assert after == annotate(Source("b.xlsx", before), marks)
    old, new = raw_parts(before), raw_parts(after)
    assert list(new)[: len(old)] == list(old)
    touched = {name for name in old if old[name] != new[name]}
    assert all(GROWS.fullmatch(name) for name in touched), touched
    if may_change is not None:
        assert touched <= set(may_change)
    was, now = parts(before), parts(after)
    for name, content in now.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
    for name in touched:
        if re.search("sheet[^/]*\\.xml$", name, re.IGNORECASE):
            same_sheet(was[name], now[name])
        elif re.search("styles", name):
            same_styles(was[name], now[name])
    well_connected(now)
    assert values(before) == values(after)
    return after


def same_sheet(before: bytes, after: bytes) -> None:
    """Every value, formula and child is there; only formats of cells, blank cells and one reference are new."""
    assert re.findall(rb"<(?:\w+:)?[vf]\b[^>]*>[^<]*", before) == re.findall(rb"<(?:\w+:)?[vf]\b[^>]*>[^<]*", after)
    was, now = etree.fromstring(before), etree.fromstring(after)
    names = [name for child in now if isinstance(child.tag, str) and (name := local(child)) in ORDER]
    assert names == sorted(names, key=ORDER.index)
    known = {cell.get("r") for cell in was.iter("{*}c")}
    rows = {row.get("r") for row in was.iter("{*}row")}
    for cell in list(now.iter("{*}c")):
        if cell.get("r") not in known:
            assert len(cell) == 0
            cell.getparent().remove(cell)
    for row in list(now.iter("{*}row")):
        if row.get("r") not in rows:
            assert len(row) == 0
            row.getparent().remove(row)
    for tree in (was, now):
        for cell in tree.iter("{*}c"):
            cell.attrib.pop("s", None)
        for row in tree.iter("{*}row"):
            row.attrib.pop("spans", None)
    for legacy in now.findall("{*}legacyDrawing"):
        if was.find("{*}legacyDrawing") is None:
            now.remove(legacy)
    assert etree.tostring(was, method="c14n") == etree.tostring(now, method="c14n")


def same_styles(before: bytes, after: bytes) -> None:
    """Every list keeps what it had at its head; lists that marks do not need are the same."""
    was, now = etree.fromstring(before), etree.fromstring(after)
    for section in was:
        grown = now.find(section.tag)
        assert [etree.tostring(e, method="c14n") for e in section] == [
            etree.tostring(e, method="c14n") for e in grown[: len(section)]
        ]
        assert grown.get("count") in {None, str(len(grown))}
        if local(section) not in {"fonts", "fills", "borders", "cellXfs"}:
            assert len(grown) == len(section)


def well_connected(now: dict[str, bytes]) -> None:
    """Every part has a content type, every relation of a worksheet leads somewhere, ids are unique."""
    folded = {name.lower().replace("\\", "/") for name in now}
    types = etree.fromstring(now["[Content_Types].xml"])
    defaults = {e.get("Extension").lower() for e in types.findall("{*}Default")}
    overrides = [e.get("PartName").lower() for e in types.findall("{*}Override")]
    assert len(overrides) == len(set(overrides))
    for name in folded - {"[content_types].xml"}:
        assert f"/{name}" in overrides or name.rpartition(".")[2] in defaults or name.endswith("/"), name
    for name, content in now.items():
        if name.lower().endswith(".rels"):
            ids = [e.get("Id") for e in etree.fromstring(content)]
            assert len(ids) == len(set(ids))


# workbooks with everything in them


def picture() -> bytes:
    def chunk(tag: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    dots = zlib.compress(b"\0\xff\0\0\0\xff\0\0\0\0\xff\xff\xff\0")
    head = struct.pack(">2I5B", 2, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


Feature = Callable[[Any, Any], object]
"""Adds something to an XlsxWriter workbook and sheet."""


def chart(book: Any, page: Any) -> None:
    made = book.add_chart({"type": "column"})
    made.add_series({"values": "=表三!$B$3:$E$3"})
    page.insert_chart("H8", made)


def macros(book: Any, page: Any) -> None:
    book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0 not really a project" * 40), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    page.set_vba_name("Sheet1")


def printing(book: Any, page: Any) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0, 1)
    page.print_area("A1:F12")
    page.set_header("&C审核")
    page.set_h_pagebreaks([5])


def header_picture(book: Any, page: Any) -> None:
    page.set_header("&L&G", {"image_left": "a.png", "image_data_left": io.BytesIO(picture())})


def hidden(book: Any, page: Any) -> None:
    page.set_row(6, None, None, {"hidden": True})
    page.set_column(2, 2, None, None, {"hidden": True})
    book.add_worksheet("隐藏").hide()


def styles(book: Any, page: Any) -> None:
    page.set_column(25, 25, 8, book.add_format({"num_format": "0.00", "bg_color": "#DDEBF7"}))
    page.set_row(5, 30, book.add_format({"italic": True, "diag_type": 1, "diag_border": 1}))


def rich_text(book: Any, page: Any) -> None:
    page.write_rich_string("H1", "合", book.add_format({"bold": True}), "计", "（件）")


def formulas(book: Any, page: Any) -> None:
    page.write_array_formula("H5:H6", "{=B5:B6*2}", None, 8)
    page.write_formula("H7", '=IF(A1="",“”,1)', None, "空")
    page.write_dynamic_array_formula("H9:H9", "=UNIQUE(B2:B9)", None, 1)


FEATURES: dict[str, Feature] = {
    "chart": chart,
    "picture": lambda _, page: page.insert_image("J3", "a.png", {"image_data": io.BytesIO(picture())}),
    "validation": lambda _, page: page.data_validation("B2:E12", {"validate": "whole", "criteria": ">=", "value": 0}),
    "data bars": lambda _, page: page.conditional_format("B2:E12", {"type": "data_bar", "data_bar_2010": True}),
    "icon sets": lambda _, page: page.conditional_format("B2:E12", {"type": "icon_set", "icon_style": "3_arrows"}),
    "names": lambda book, _: (book.define_name("合计", "=表三!$F$2"), book.define_name("表三!局部", "=表三!$A$1")),
    "rich text": rich_text,
    "formulas": formulas,
    "comments": lambda _, page: (
        page.write_comment("B3", "本办批注", {"author": "李"}),
        page.write_comment("H2", "另一条"),
    ),
    "shown comment": lambda _, page: page.write_comment("D5", "一直显示", {"visible": True, "x_scale": 3}),
    "hyperlinks": lambda _, page: (
        page.write_url("H3", "https://example.org/?a=1&b=2"),
        page.write_url("H4", "internal:表三!A1"),
    ),
    "table": lambda _, page: page.add_table(
        "J20:K23", {"name": "表甲", "columns": [{"header": "项"}, {"header": "数"}]}
    ),
    "hidden": hidden,
    "printing": printing,
    "header picture": header_picture,
    "sparkline": lambda _, page: page.add_sparkline("G3", {"range": "表三!B3:E3"}),
    "text box": lambda _, page: page.insert_textbox("A16", "说明文字"),
    "button": lambda _, page: page.insert_button("A20", {"caption": "按钮"}),
    "freeze": lambda _, page: page.freeze_panes(2, 1),
    "merge": lambda book, page: page.merge_range("B10:E11", 5, book.add_format({"border": 1})),
    "macros": macros,
    "styles": styles,
    "protection": lambda _, page: page.protect("密码", {"sort": True}),
    "filter": lambda _, page: page.autofilter("A2:F12"),
    "ignored errors": lambda _, page: page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"}),
    "outline": lambda _, page: page.set_row(4, None, None, {"level": 1, "collapsed": True}),
    "background": lambda _, page: page.set_background(io.BytesIO(picture())),
    "chart sheet": lambda book, page: chart_sheet(book),
    "properties": lambda book, _: (book.set_properties({"author": "李"}), book.set_custom_property("单位", "青山镇")),
}


def chart_sheet(book: Any) -> None:
    made = book.add_chart({"type": "line"})
    made.add_series({"values": "=表三!$B$3:$E$3"})
    book.add_chartsheet("图").set_chart(made)


def table_three(features: Sequence[str], **options: Any) -> bytes:
    """A table of counts with stored sums, and what the features add."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    page = book.add_worksheet("表三")
    framed, share = (
        book.add_format({"bold": 1, "border": 1}),
        book.add_format({"num_format": "0.0%", "border": 1, "align": "center"}),
    )
    page.merge_range("A1:F1", "（三）收到和处理政府信息公开申请情况", framed)
    for row in range(1, 12):
        page.write(row, 0, ("新收", "上年结转", "予以公开", "部分公开")[row % 4], framed)
        for column in range(1, 5):
            page.write(row, column, row * column % 7, share)
        page.write_formula(row, 5, f"=SUM(B{row + 1}:E{row + 1})", share, row * 3)
    book.add_worksheet("表四").write(0, 0, "x")
    for feature in features:
        FEATURES[feature](book, page)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_survives(feature: str) -> None:
    after = survives(table_three([feature]))
    said = comments_of(after, "表三")
    at = "B10" if feature == "merge" else "E10"
    assert SAID in said["B3"]
    assert {"F4", "D5", "C6", at, "Z6", "C41"} <= said.keys()
    assert "=cmd|'/c calc'!A1 <b>&amp;" in said["D5"]


RANDOM = random.Random(5)
SETS = [RANDOM.sample(sorted(FEATURES), 9) for _ in range(24)]


@pytest.mark.parametrize("features", SETS, ids=lambda s: "+".join(w.split()[0][:4] for w in s))
def test_features_together_survive(features: list[str]) -> None:
    survives(table_three(features))


def test_all_features_together_and_all_sheets() -> None:
    marks = [*MARKS, *(Mark("表四", row, column, "wrong", "x") for row, column in itertools.product((0, 3), (0, 2)))]
    after = survives(table_three(list(FEATURES)), marks)
    assert set(comments_of(after, "表四")) == {"A1", "C1", "A4", "C4"}
    assert {"B3": "李", "F4": "auditkit"}.items() <= {
        c.coordinate: c.comment.author for row in opened(after)["表三"].iter_rows() for c in row if c.comment
    }.items()


def test_only_these_parts_change() -> None:
    before = table_three(["chart", "picture", "names", "rich text", "validation", "macros"])
    after = survives(
        before,
        may_change=(
            "[Content_Types].xml",
            "xl/styles.xml",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/_rels/sheet1.xml.rels",
        ),
    )
    assert list(parts(after).keys() - parts(before).keys()) != []
    assert sorted(parts(after).keys() - parts(before).keys()) == ["xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"]


def test_constant_memory_workbooks_with_inline_strings_survive() -> None:
    survives(table_three(["rich text", "comments"], constant_memory=True))


def openpyxl_workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "表三"
    for row in range(1, 13):
        page.append([f"第{row}行", *range(row, row + 4), f"=SUM(B{row}:E{row})"])
    page.merge_cells("B8:C9")
    page["B3"].comment = Comment("本办批注", "李")
    page.add_data_validation(DataValidation(type="whole", operator="greaterThan", formula1="0", sqref="B2:E9"))
    page.freeze_panes = "B2"
    page.print_title_rows = "1:1"
    page["A5"].hyperlink = "https://example.org/"
    book.create_sheet("隐藏").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_by_openpyxl_survives() -> None:
    after = survives(openpyxl_workbook())
    said = comments_of(after, "表三")
    assert said["B3"].startswith("本办批注")
    assert said["B3"].endswith(SAID)


@functools.cache
def everything() -> bytes:
    return table_three(list(FEATURES))


SOME_MARKS = st.lists(
    st.builds(
        Mark,
        st.sampled_from(["表三", "表四", "隐藏"]),
        st.integers(0, 60) | st.just(1_048_575),
        st.integers(0, 30) | st.just(16_383),
        st.sampled_from(ROLES),
        st.text(max_size=30),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(SOME_MARKS)
def test_marks_anywhere_leave_everything_else_alone(marks: list[Mark]) -> None:
    after = survives(everything(), marks)
    twice = annotate(Source("", after), marks)
    assert {n: len(etree.fromstring(c)) for n, c in parts(after).items() if n.endswith("sheet1.xml")} == {
        n: len(etree.fromstring(c)) for n, c in parts(twice).items() if n.endswith("sheet1.xml")
    }


# what marks look like


def look(data: bytes, sheet: str, at: str) -> dict[str, Any]:
    cell = opened(data)[sheet][at]
    sides = [getattr(cell.border, side).style for side in ("left", "right", "top", "bottom")]
    fill = cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None
    return {
        "fill": fill,
        "sides": sides,
        "bold": bool(cell.font.b),
        "format": cell.number_format,
        "align": cell.alignment.horizontal,
    }


SAME = {"format": "0.0%", "align": "center"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("B3", {"fill": "FFF4B183", "sides": ["thick"] * 4, "bold": True, **SAME}),
        ("F4", {"fill": None, "sides": ["thick"] * 4, "bold": False, **SAME}),
        ("D5", {"fill": "FFFFF2CC", "sides": ["mediumDashed"] * 4, "bold": False, **SAME}),
        ("E10", {"fill": "FFF4B183", "sides": ["mediumDashed"] * 4, "bold": True, **SAME}),
        ("C6", {"fill": None, "sides": ["thin"] * 4, "bold": False, **SAME}),
        ("C7", {"fill": None, "sides": ["thin"] * 4, "bold": False, **SAME}),
        ("C41", {"fill": "FFF4B183", "sides": ["thick"] * 4, "bold": True, "format": "General", "align": None}),
    ],
)
def test_each_role_has_its_look_and_keeps_format_and_alignment(at: str, expected: dict[str, Any]) -> None:
    assert look(annotate(Source("", table_three([])), MARKS), "表三", at) == expected


def test_a_blank_cell_takes_the_format_of_its_row_then_of_its_column() -> None:
    after = annotate(
        Source("", table_three(["styles"])), [Mark("表三", 5, 25, "part", ""), Mark("表三", 50, 25, "part", "")]
    )
    page = opened(after)["表三"]
    assert page["Z6"].font.i
    assert page["Z6"].border.diagonal.style == "thin"
    assert page["Z51"].number_format == "0.00"
    assert page["Z51"].fill.fgColor.rgb == "FFDDEBF7"


def test_formats_are_shared() -> None:
    before = table_three([])
    after = annotate(Source("", before), [Mark("表三", r, c, "wrong", "x") for r in range(2, 12) for c in range(1, 6)])
    counts = [
        {s.tag.rpartition("}")[2]: len(s) for s in etree.fromstring(parts(d)["xl/styles.xml"])} for d in (before, after)
    ]
    grown = {name: counts[1][name] - counts[0][name] for name in counts[0]}
    assert {name: n for name, n in grown.items() if n} == {"fonts": 1, "fills": 1, "borders": 1, "cellXfs": 1}


def test_marks_without_style_leave_the_styles_alone() -> None:
    before = table_three([])
    after = annotate(Source("", before), [Mark("表三", 2, 1, "note", "只有批注")])
    changed = {n for n, content in parts(before).items() if parts(after)[n] != content}
    assert changed == {"[Content_Types].xml", "xl/worksheets/sheet1.xml"}


def test_a_merged_area_is_framed_as_a_whole_and_its_first_cell_has_the_note() -> None:
    before = table_three(["merge"])
    after = survives(before, [Mark("表三", 10, 3, "wrong", "合并区内")])
    assert comments_of(after, "表三") == {"B10": "合并区内"}
    page = etree.fromstring(parts(after)["xl/worksheets/sheet1.xml"])
    sheet = etree.fromstring(parts(after)["xl/styles.xml"])
    frames = {
        cell.get("r"): [
            side.get("style")
            for side in sheet.find("{*}borders")[int(sheet.find("{*}cellXfs")[int(cell.get("s"))].get("borderId"))][:4]
        ]
        for cell in page.iter("{*}c")
        if cell.get("r") in {"B10", "C10", "E10", "B11", "E11"}
    }
    assert frames == {
        "B10": ["thick", "thin", "thick", "thin"],
        "C10": ["thin", "thin", "thick", "thin"],
        "E10": ["thin", "thick", "thick", "thin"],
        "B11": ["thick", "thin", "thin", "thick"],
        "E11": ["thin", "thick", "thin", "thick"],
    }


def test_several_marks_of_one_cell_become_one_note_and_the_strongest_is_drawn() -> None:
    marks = [Mark("表三", 2, 1, role, text) for role, text in (("explain", "甲"), ("wrong", "乙"), ("part", "乙"))]
    after = survives(table_three([]), marks)
    assert comments_of(after, "表三") == {"B3": "甲\n\n乙"}
    assert look(after, "表三", "B3")["fill"] == "FFF4B183"


# notes


def test_annotating_twice_replaces_our_own_words() -> None:
    once = annotate(Source("", table_three(["comments"])), [Mark("表三", 3, 3, "note", "第一次")])
    twice = annotate(Source("", once), [Mark("表三", 3, 3, "note", "第二次")])
    assert comments_of(twice, "表三")["D4"] == "第二次"


@pytest.mark.parametrize(
    "text", ["_x0041_ 与 _x000D_", "<a>&\"'</a>", "=1+1", "＝1", "@x", "-1", "\t制表", "行\r\n行", "😀", "\x00\x07"]
)
def test_the_text_of_a_note_is_text(text: str) -> None:
    after = annotate(Source("", table_three([])), [Mark("表三", 2, 1, "note", text)])
    clean = text.replace("\r\n", "\n").replace("\x00", "�").replace("\x07", "�")
    written = etree.fromstring(parts(after)["xl/comments1.xml"]).findtext(".//{*}t")
    assert re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), written) == clean


def test_a_note_of_any_length_is_cut_where_excel_would_refuse_it() -> None:
    after = annotate(Source("", table_three([])), [Mark("表三", 2, 1, "note", "长" * 50_000)])
    assert len(comments_of(after, "表三")["B3"]) == 32_000


def boxes(data: bytes, part: str) -> dict[str, tuple[int, int]]:
    """Cell → width in columns and height in rows of its box, roughly."""
    shapes = etree.fromstring(parts(data)[part]).findall("{urn:schemas-microsoft-com:vml}shape")
    found = {}
    for shape in shapes:
        said = {local(e): e.text for e in shape.iter("{urn:schemas-microsoft-com:office:excel}*")}
        if "Row" in said:
            left, _, top, _, right, _, bottom, _ = map(int, said["Anchor"].split(","))
            found[f"{column_letters(int(said['Column']))}{int(said['Row']) + 1}"] = (right - left, bottom - top)
    return found


def test_boxes_are_as_large_as_their_text_whatever_the_widths() -> None:
    before = table_three([])
    narrow = boxes(
        annotate(Source("", before), [Mark("表三", 2, 1, "note", "短"), Mark("表三", 4, 1, "note", SAID * 5)]),
        "xl/drawings/vmlDrawing1.vml",
    )
    assert narrow["B3"][0] == 2
    assert narrow["B5"][0] == 5
    assert narrow["B5"][1] >= narrow["B3"][1] + 8
    wide = re.compile(b'<sheetFormatPr defaultRowHeight="15"/>')
    stretched = repacked(
        before,
        lambda p: (
            p
            | {
                "xl/worksheets/sheet1.xml": wide.sub(
                    b'<sheetFormatPr defaultRowHeight="60"/><cols><col min="1" max="9" width="50"/></cols>',
                    p["xl/worksheets/sheet1.xml"],
                )
            }
        ),
    )
    assert boxes(
        annotate(Source("", stretched), [Mark("表三", 4, 1, "note", SAID * 5)]), "xl/drawings/vmlDrawing1.vml"
    )["B5"] == (0, narrow["B5"][1] // 4)


def test_the_box_of_an_existing_note_grows_with_its_text() -> None:
    before = table_three(["comments"])
    after = annotate(Source("", before), [Mark("表三", 2, 1, "note", SAID)])
    was, now = boxes(before, "xl/drawings/vmlDrawing1.vml"), boxes(after, "xl/drawings/vmlDrawing1.vml")
    assert now["B3"][1] > was["B3"][1]
    assert now["B3"][0] == was["B3"][0]
    assert now["H2"] == was["H2"]


def test_nothing_to_mark_changes_nothing() -> None:
    before = table_three([])
    assert annotate(Source("", before), []) is before


# what cannot be done is said


@pytest.mark.parametrize(
    "mark",
    [
        Mark("表九", 0, 0, "wrong", "x"),
        Mark("表三", -1, 0, "wrong", "x"),
        Mark("表三", 2_000_000, 0, "wrong", "x"),
        Mark("图", 0, 0, "wrong", "x"),
    ],
)
def test_a_mark_without_a_place_is_a_fault(mark: Mark) -> None:
    with pytest.raises(Fault) as fault:
        annotate(Source("", table_three(["chart sheet"])), [mark])
    assert fault.value.code == "no-such-place"
    assert fault.value.hint is not None
