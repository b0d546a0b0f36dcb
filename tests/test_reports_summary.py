"""The summary for the superior office: what it says must follow from the results."""

from __future__ import annotations

import csv
import tempfile
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from auditkit.model.finding import Round, Said, Tally
from auditkit.model.words import Language, Text
from auditkit.reports import summary_workbook
from auditkit.reports.escaping import is_live
from auditkit.reports.summary_workbook import Input, Unit
from test_reports_results import LIVE, TAG, findings, hostile, passing, result, suspects, unreadable

ROSTER = [
    Unit("220281-007", "青山镇", "王某 0000-1"),
    Unit("220281-008", "河西镇"),
    Unit("220281-009", "柳河镇", "李某 0000-2"),
    Unit("220281-010", "红旗镇", "赵某 0000-3"),
]
COUNTIES = [unit._replace(parent="乙县" if n else "甲县") for n, unit in enumerate(ROSTER)]
LESS = result(unit="大榆镇", unit_code="x", file="大榆镇.xlsx", findings=findings()[:1], suspects=suspects()[:1])
ALL = (passing(), LESS, result(), unreadable())


def opened(*results, language: Language = "zh", **options) -> Workbook:
    made = summary_workbook.render(results or ALL, language, **options)
    return load_workbook(BytesIO(made.workbook))


def table(sheet) -> list[list[object]]:
    return [[c.value for c in row] for row in sheet.iter_rows()]


def test_sheets_in_both_languages() -> None:
    zh = ["概况", "单位排名", "规则×单位", "未报", "无法检查", "规则效果", "图表", "明细"]
    en = ["Overview", "Units", "Rules × units", "Not received", "Unreadable", "Rules", "Charts", "Details"]
    assert opened(units=ROSTER).sheetnames == zh
    assert opened(units=ROSTER, language="en").sheetnames == en
    assert "未报" not in opened().sheetnames, "nobody can be missing without a roster"


def test_overview_in_words_and_counts() -> None:
    rows = table(opened(units=ROSTER)["概况"])
    assert [row[0] for row in rows[2:5]] == [
        "应报 4 个单位，未报 1 个；收到 4 份，其中 1 份无法检查。",
        "退回 2 份，共需改 5 处（一处可能引起几条问题）。",
        "最常见的问题：GK302 行合计（2 处，2 份）、GK303 balance（1 处，1 份）、GK304 三表平衡（1 处，1 份）。",
    ]
    counts = {row[0]: row[1] for row in rows if isinstance(row[1], int)}
    assert counts == {"√ 通过": 1, "▲ 待说明": 0, "× 退回修改": 2, "○ 未能全部检查": 0, "○ 无法检查": 1, "未报": 1}
    assert sum(n for name, n in counts.items() if name != "未报") == len(ALL)


def test_units_are_ordered_by_repairs_and_ties_share_a_rank() -> None:
    again = result(unit="东升镇", file="东升镇.xlsx", unit_code="")
    rows = table(opened(*ALL, again, units=ROSTER)["单位排名"])
    assert [(row[0], row[1], row[5], row[6], row[11]) for row in rows[1:]] == [
        (1, "东升镇", 4, 5, "不在名单"),
        (1, "青山镇", 4, 5, None),
        (3, "大榆镇", 1, 1, "不在名单"),
        (4, "河西镇", 0, 0, None),
    ]


def test_matrix_has_places_and_what_could_not_be_asked() -> None:
    gap = {**LESS.tallies, "GK305": Tally(unchecked={"no last year": 7})}
    less = result(unit="大榆镇", file="大榆镇.xlsx", findings=findings()[:1], suspects=(), tallies=gap)
    head, *body = table(opened(result(), less, passing())["规则×单位"])
    assert head == ["单位", "合计", "GK302", "GK303", "GK304", "GK305", "GK306", "GK309", "GK311"]
    assert body == [
        ["青山镇", 7, 1, 1, 1, 1, 1, 1, 1],
        ["大榆镇", 1, 1, None, None, "○", None, None, None],
    ]


def test_missing_and_unreadable_with_whom_to_call() -> None:
    book = opened(units=ROSTER)
    assert table(book["未报"])[1:] == [["220281-010", "红旗镇", "赵某 0000-3", None]]
    assert table(book["无法检查"])[1:] == [["柳河镇.xlsx", "柳河镇", "文件有密码。请去掉密码再交。", "李某 0000-2"]]


def test_a_rule_mostly_explained_is_marked_for_its_author() -> None:
    rows = {row[0]: row for row in table(opened()["规则效果"])[1:]}
    assert (rows["GK310"][3:6], rows["GK310"][10]) == ([0, 0, 1], None), "once is not often"
    more = (result(unit=name, file=f"{name}.xlsx") for name in ("甲", "乙"))
    rows = {row[0]: row for row in table(opened(*ALL, *more)["规则效果"])[1:]}
    assert rows["GK310"][3:6] == [0, 0, 3]
    assert rows["GK310"][10] == "▲ 半数以上属实，请复核规则"
    assert rows["GK302"][3:9] == [4, 4, 0, 0, 109, 4]
    assert rows["GK302"][10] is None


def test_a_second_round_is_told_in_words_and_by_rule() -> None:
    (gone, *_), now = findings(), findings()[1:]
    said = {now[0].key: Said("still open")}
    second = result(findings=now, suspects=(), round=Round(2, said, (gone,)))
    book = opened(second)
    told = [row[0] for row in table(book["概况"])]
    assert "与上一次相比：已改好 1 处，新 5 处，仍未改 1 处，已同意 1 处。" in told
    rows = {row[0]: row for row in table(book["规则效果"])}
    assert (rows["GK302"][3], rows["GK302"][6]) == (0, 1)
    assert "已改好" in [row[6] for row in table(book["明细"])]


def test_superior_units_have_a_table_and_a_chart_of_their_own() -> None:
    book = opened(units=COUNTIES)
    assert table(book["分上级单位"]) == [
        ["上级", "√ 通过", "▲ 待说明", "× 退回修改", "○ 未能全部检查", "○ 无法检查", "未报", "合计"],
        ["（未写）", 0, 0, 1, 0, 0, 0, 1],
        ["甲县", 0, 0, 1, 0, 0, 0, 1],
        ["乙县", 1, 0, 0, 0, 1, 1, 3],
    ]
    (*_, stacked) = book["图表"]._charts
    assert (stacked.grouping, len(stacked.series)) == ("stacked", 6)
    assert "分上级单位" not in opened(units=ROSTER).sheetnames


def test_native_charts_point_at_the_tables() -> None:
    sheet = opened()["图表"]
    assert len(sheet._charts) == 2
    made = [(c.series[0].cat.strRef or c.series[0].cat.numRef).f for c in sheet._charts]
    assert made == ["概况!$A$7:$A$11", "规则效果!$A$2:$A$8"]


def test_details_hold_every_finding() -> None:
    rows = table(opened()["明细"])
    assert [row[18] for row in rows[1:]] == ["a1" + "0" * 7 + "1", *(f"a10000000{n}" for n in (1, 2, 7, 3, 4, 5, 6, 8))]


def test_too_many_details_go_into_a_file_beside_it_and_the_sheet_says_so() -> None:
    made = summary_workbook.render(ALL, "zh", most=4, beside="明细.csv")
    sheet = load_workbook(BytesIO(made.workbook))["明细"]
    assert sheet["A1"].value == "共 9 条，本表只列前 4 条，全部见同目录的 明细.csv。"
    assert (sheet["S2"].value, sheet.max_row) == ("编号", 6)
    assert made.details is not None
    assert len(list(csv.DictReader(StringIO(made.details, newline="")))) == 9
    assert summary_workbook.render(ALL, "zh", most=9).details is None


@pytest.mark.parametrize("foreign", [LIVE[0], LIVE[6], TAG])
def test_no_live_formula(foreign: str) -> None:
    made = summary_workbook.render(
        [hostile(foreign)], "zh", units=[Unit(foreign, "y", foreign, foreign)], title=foreign, most=2
    )
    for sheet in load_workbook(BytesIO(made.workbook)):
        assert not any(c.data_type == "f" for row in sheet.iter_rows() for c in row)
    assert made.details is not None
    for row in csv.reader(StringIO(made.details, newline="")):
        assert not any(is_live(value) for value in row)


def test_same_results_same_bytes_and_an_empty_run_is_a_summary_too() -> None:
    assert summary_workbook.render(ALL, "zh", units=ROSTER) == summary_workbook.render(ALL, "zh", units=ROSTER)
    assert opened(units=ROSTER, language="en")["Overview"]["A1"].value == "Summary of the check"
    empty = load_workbook(BytesIO(summary_workbook.render([], "en").workbook))
    assert empty["Overview"]["A3"].value == "0 files came in, 0 could not be checked."


def test_a_large_summary_is_put_together_on_the_disk_says_the_same_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = [Input(one.file, Text("通过", "pass")) for one in ALL]
    small = summary_workbook.render(ALL, "zh", inputs=paths)
    monkeypatch.setattr(summary_workbook, "MANY", 2)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    large = summary_workbook.render(ALL, "zh", inputs=paths)
    assert parts(large.workbook) == parts(small.workbook)
    assert large == summary_workbook.render(ALL, "zh", inputs=paths)
    assert not [*tmp_path.iterdir()]


def parts(workbook: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(workbook)) as package:
        return {name: package.read(name) for name in package.namelist()}
