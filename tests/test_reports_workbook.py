"""The returned workbook as a spreadsheet program reads it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook

from auditkit.model.document import Document, Grid, SheetFacts
from auditkit.model.finding import Round, Said
from auditkit.model.words import Language, Text
from auditkit.reports import workbook
from auditkit.reports.pen import sheet_name
from test_reports_results import TAG, cell, finding, findings, grid, hostile, passing, result, unreadable

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


@cache
def shown(language: Language = "zh") -> Workbook:
    """The usual result, rendered and read once."""
    return opened(workbook.render(result(), language))


def rows(sheet) -> list[list[object]]:
    return [[c.value for c in row] for row in sheet.iter_rows()]


def with_grid(made: Grid, *places: str):
    """A finding at each place of one sheet."""
    some = tuple(pointing(made.name, place, f"k{n}") for n, place in enumerate(places))
    return result(findings=some, suspects=(), document=Document("青山镇_2021.xlsx", "workbook", (made,)))


def pointing(sheet: str, place: str, key: str):
    return replace(findings()[6], key=key, place=cell(place)._replace(sheet=sheet), terms=())


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("zh", ["结论", "问题清单", "标注_表三", "标注_正文", "规则说明"]),
        ("en", ["Verdict", "Findings", "Marked_表三", "Marked_text", "Rules"]),
    ],
)
def test_sheets_in_both_languages(language: Language, names: list[str]) -> None:
    assert shown(language).sheetnames == names


def test_three_lines_then_facts() -> None:
    sheet = opened(workbook.render(result(), "zh", deadline="1月28日", contact="王某 0000-0000000"))["结论"]
    assert sheet["A1"].value == "青山镇 · 2021年 · 政府信息公开工作年度报告 · 审核结果"
    assert [sheet[at].value for at in ("A3", "B3", "A4")] == ["结论", "× 退回修改", "问题"]
    assert sheet["B4"].value == (
        "必须改 5 处，须说明 1 处，提示 1 处。改对 2 个单元格（先看 表三!D5：8→9）可同时消除其中 3 处。"
        "未能检查：没有找到“四、行政复议”一表。"
    )
    assert "③ 请于1月28日前回复，附上改好的原表和本文件。" in sheet["B5"].value
    assert "王某 0000-0000000" in sheet["B5"].value
    facts = {sheet[f"A{n}"].value: sheet[f"B{n}"].value for n in range(7, 20)}
    assert facts["检查"].startswith("共查 57 项，通过 41，未通过 6")
    assert facts["未查的表"] == "T4：没有找到“四、行政复议”一表"
    assert facts["所查文件"] == "青山镇_2021.xlsx"


def test_a_pass_needs_no_reply_and_has_no_list() -> None:
    book = opened(workbook.render(passing(), "zh"))
    assert book.sheetnames == ["结论", "规则说明"]
    assert [book["结论"][f"B{n}"].value for n in (3, 4, 5)] == ["√ 通过", "没有需要处理的问题。", "不用回复。"]


def test_what_could_not_be_read_says_why_and_what_to_do() -> None:
    book = opened(workbook.render(unreadable(), "en", deadline="28 January"))
    assert book.sheetnames == ["Verdict"]
    assert [book["Verdict"][f"B{n}"].value for n in (3, 4, 5)] == [
        "○ Could not be checked",
        "The file has a password. Remove it.",
        "Please send the report again by 28 January.",
    ]


def test_the_list_has_every_finding_in_full_and_in_order() -> None:
    sheet = shown()["问题清单"]
    head, *body = rows(sheet)
    assert head == [
        "序号",
        "级别",
        "位置",
        "问题",
        "计算",
        "可能",
        "规则",
        "状态",
        "处理（选）",
        "说明（请填写）",
        "上级意见",
        "编号",
    ]
    assert [row[11] for row in body] == [f"a10000000{n}" for n in (1, 2, 7, 3, 4, 5, 6, 8)]
    assert body[1][:8] == [
        2,
        "× 必须改",
        "表三!D5",
        "一、二两项之和应等于三（七）、四两项之和。",
        "新收 8 + 上年结转 1 = 9 ≠ 办理总计 9 + 结转下年 1 = 10，差 -1\nD5 8，D6 1，D13 9，D14 1",
        "表三!D5：8→9",
        "GK304",
        "新",
    ]
    assert body[2][5] == "表三!E7：3→2 或 表三!J7：2→3"
    assert [row[7] for row in body] == ["新"] * 7 + ["已同意"]


def test_the_list_can_be_filtered_answered_and_printed() -> None:
    sheet = shown()["问题清单"]
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == "A1:L9"
    (validation,) = sheet.data_validations.dataValidation
    assert (str(validation.sqref), validation.formula1) == ("I2:I9", '"已改,属实有说明,规则有误"')
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.protection.sheet is False
    fills = {row[9].fill.fgColor.rgb for row in sheet.iter_rows(min_row=2, max_row=7)}
    assert fills == {"FFDDEBF7"}
    assert sheet["J8"].fill.fill_type is None, "a note asks for no answer"


def test_links_lead_to_the_cell_the_sentence_and_the_rule() -> None:
    book = shown()
    sheet = book["问题清单"]
    links = {c.coordinate: c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert links["C2"] == "'标注_表三'!J5"
    assert links["C6"] == "'标注_正文'!C2"
    assert links["G2"] == "'规则说明'!A2"
    for location in links.values():
        name, _, address = location.rpartition("!")
        assert book[name.strip("'")][address].value is not None
    assert (
        book["标注_正文"]["C2"].value
        == "2021年，共收到政府信息公开申请12件，其中自然人9件，占【76%】，法人或其他组织3件。"
    )


def test_marked_copy_has_the_same_addresses_values_and_merges() -> None:
    sheet = shown()["标注_表三"]
    for r, row in enumerate(grid().rows):
        for c, value in enumerate(row):
            copied = sheet.cell(r + 1, c + 1).value
            if (r, c) == (9, 4):
                assert copied == "#REF!"
            elif (r, c) == (9, 5):
                assert copied == "（未计算）"
            else:
                assert copied == value, (r, c)
    assert {"A1:J1", "A2:C4", "D2:J2", "A7:A13"} <= {str(m) for m in sheet.merged_cells.ranges}
    assert len(sheet.merged_cells.ranges) == len(grid().merges)
    assert sheet["J7"].number_format == "0"


def test_marks_can_be_told_apart_without_colour() -> None:
    sheet = shown()["标注_表三"]
    frames = {a: (sheet[a].border.left.style, sheet[a].font.bold) for a in ("D5", "J5", "E7", "G8", "F5")}
    assert frames == {
        "D5": ("thick", True),
        "J5": ("thick", False),
        "E7": ("mediumDashed", True),
        "G8": ("mediumDashDot", False),
        "F5": ("thin", False),
    }
    assert sheet["D5"].fill.fgColor.rgb == "FFF4B183"
    assert sheet["J5"].fill.fill_type is None


def test_every_marked_cell_has_a_note_that_says_why() -> None:
    sheet = shown()["标注_表三"]
    notes = {c.coordinate: c.comment for row in sheet.iter_rows() for c in row if c.comment}
    assert list(notes) == ["D5", "E5", "J5", "D6", "E7", "J7", "G8", "H11", "D13", "D14"]
    assert {note.author for note in notes.values()} == {"auditkit"}
    assert notes["D5"].text.startswith(
        "表三!D5（新收·自然人）现为 8。改为 9 可同时消除 2 处，请核对台账。\n\nGK302 总计栏"
    )
    assert notes["D6"].text.endswith(
        "GK305 本年“上年结转”应等于上年年报“结转下年度继续办理”。\n本年 1 ≠ 上年 2，差 -1\n去年正文写的是 1。"
    )


def test_rules_say_what_was_not_checked_and_why() -> None:
    sheet = shown()["规则说明"]
    by_code = {row[0]: row for row in rows(sheet)[1:]}
    assert list(by_code)[:2] == ["GK302", "GK304"]
    assert by_code["GK302"][4:10] == [22, 20, 1, 0, 1, "格中是错误值 1"]
    assert by_code["GK312"][4:10] == [8, 0, 0, 0, 8, "没有上年年报 8"]
    assert by_code["GK304"][3].endswith("新收 + 上年结转 = 办理总计 + 结转下年")


def test_a_second_round_shows_progress() -> None:
    gone = finding("GK301", "c1", cell("D9"), Text("不能小于 0。", "Not below 0."), Text("-1 < 0", "-1 < 0"))
    waits = Said("to judge", "=集中受理", Text("", ""))
    refused = Said("refused", "同上", Text("不同意", "no"))
    said = {"a100000001": Said("still open"), "a100000005": waits, "a100000006": refused}
    data = workbook.render(result(round=Round(2, said, (gone,))), "zh", run="R2")
    sheet = opened(data)["问题清单"]
    assert sheet["H2"].value == "仍未改"
    by_key = {row[11].value: row for row in sheet.iter_rows(min_row=2)}
    assert [by_key["a100000005"][n].value for n in (7, 8, 9)] == ["已说明待审", "属实有说明", "=集中受理"]
    assert by_key["a100000005"][9].data_type == "s", "the office's words stay words"
    assert by_key["a100000006"][10].value == "不同意"
    assert "与上一次相比：已改好 1 处" in opened(data)["结论"]["B4"].value
    assert (sheet["L10"].value, sheet["H10"].value, sheet["D10"].font.strike) == ("c1", "已改好", True)
    assert "第2次  R2" in [row[1] for row in rows(opened(data)["结论"])]


def test_our_own_results_are_recognised_by_their_properties() -> None:
    book = opened(workbook.render(result(round=Round(3)), "zh", run="R20220118-01"))
    assert {p.name: p.value for p in book.custom_doc_props.props} == {
        "auditkit.run": "R20220118-01",
        "auditkit.unit": "220281-007",
        "auditkit.round": 3,
        "auditkit.open": "5 1 1",
        "auditkit.source": "0123456789abcdef" * 4,
    }


def test_same_result_same_bytes() -> None:
    assert workbook.render(result(), "zh", run="R1") == workbook.render(result(), "zh", run="R1")


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", TAG])
def test_no_formula_no_link_outside_and_well_formed_parts(text: str) -> None:
    with zipfile.ZipFile(BytesIO(workbook.render(hostile(text), "zh"))) as parts:
        for name in parts.namelist():
            tree = etree.fromstring(parts.read(name))
            if name.startswith("xl/worksheets/sheet"):
                assert tree.findall(".//m:f", NS) == []
            assert "External" not in [e.get("TargetMode") for e in tree.iter()]


@pytest.mark.parametrize("name", ["a" * 40, "History", "'x'", "a/b:c*d?[e]\\f", "", "表三" * 20, "\U0001f600" * 20])
def test_sheet_names_excel_accepts(name: str) -> None:
    made = sheet_name(name)
    assert 0 < len(made.encode("utf-16-le")) // 2 <= 31
    assert not re.search(r"[\[\]:*?/\\]", made)
    assert made.lower() != "history"
    assert not made.startswith("'")


def test_two_sheets_whose_names_become_the_same() -> None:
    grids = tuple(replace(grid(), name="表" * 31 + tail) for tail in "ab")
    some = tuple(pointing(made.name, "D5", made.name) for made in grids)
    document = Document("青山镇_2021.xlsx", "workbook", grids)
    book = opened(workbook.render(result(findings=some, suspects=(), document=document), "zh"))
    assert book.sheetnames[2:4] == ["标注_" + "表" * 28, "标注_" + "表" * 24 + " (2)"]


def test_values_of_every_type_keep_theirs() -> None:
    at = dt.datetime(2021, 3, 1, 8, 30, tzinfo=dt.UTC)
    early, late = dt.date(1899, 1, 1), dt.date(2021, 3, 1)
    values = [True, 12, 0.125, float("inf"), late, at, early, dt.time(8, 30), "=1+1", "x" * 40_000, "", None]
    facts = SheetFacts(formats={(0, 2): "0.0%"})
    made = Grid("值", [values], facts=lambda: facts)
    sheet = opened(workbook.render(with_grid(made, "B1"), "zh"))["标注_值"]
    shown = [c.value for c in sheet[1]]
    assert shown[:4] == [True, 12, 0.125, "inf"]
    assert sheet["C1"].number_format == "0.0%"
    assert shown[4:9] == [dt.datetime(2021, 3, 1), dt.datetime(2021, 3, 1, 8, 30), "1899-01-01", "08:30:00", "=1+1"]  # noqa: DTZ001 - as openpyxl gives it
    assert (sheet["I1"].data_type, sheet["I1"].quotePrefix) == ("s", True)
    assert len(shown[9]) == 32_767


def test_a_large_sheet_is_copied_around_its_marks_at_the_same_addresses() -> None:
    made = Grid("册", [["名称", "数"], *([f"单位{n}", float(n)] for n in range(120_000))])
    book = opened(workbook.render(with_grid(made, "B90001"), "zh"))
    sheet = book["标注_册"]
    assert [c.value for c in sheet[90001]] == ["单位89999", 89999]
    assert sheet["A50000"].value is None
    assert "“册”太大" in " ".join(str(row[1].value) for row in book["结论"].iter_rows(min_row=6))


VALUES = st.one_of(st.none(), st.floats(), st.text(max_size=5))
ROW = st.lists(VALUES, min_size=4, max_size=4)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 5)] * 4), max_size=5), st.lists(ROW, min_size=1, max_size=5))
def test_any_grid_with_any_merges_is_a_workbook(merges: list[tuple[int, ...]], values: list[list[object]]) -> None:
    areas = tuple((min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in merges)
    data = workbook.render(with_grid(Grid("表三", values, areas), "A1", "D3"), "en")  # type: ignore[arg-type] # any type
    sheet = opened(data)["Marked_表三"]
    inside = {
        (r, c) for top, left, bottom, right in areas for r in range(top, bottom + 1) for c in range(left, right + 1)
    }
    for r, row in enumerate(values):
        for c, value in enumerate(row):
            if isinstance(value, str) and value.isalnum() and (r, c) not in inside:
                assert sheet.cell(r + 1, c + 1).value == value


def test_english_is_english() -> None:
    book = opened(workbook.render(result(title=Text("", "annual report"), unit="Qingshan", missing={}, notes=()), "en"))
    ours = [str(c.value) for c in book["Findings"][1]] + [str(row[0].value) for row in book["Verdict"].iter_rows()]
    assert not any(re.search(r"[\u4e00-\u9fff]", text) for text in ours)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_saves_the_same_findings(tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_bytes(workbook.render(result(), "zh"))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        "out",
        "in.xlsx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    book = load_workbook(tmp_path / "out" / "in.xlsx")
    assert [row[11] for row in rows(book["问题清单"])[1:]] == [f"a10000000{n}" for n in (1, 2, 7, 3, 4, 5, 6, 8)]
    assert book["标注_表三"]["D5"].comment is not None
