"""Honest mistakes, one to three a file: what an office changes by accident, and what must be found then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from forms import COLUMNS, Report
from layouts import Sheet


@dataclass(frozen=True)
class Mistake:
    """One broken submission. ``expect`` is None where the finding is in the prose."""

    report: str
    layout: str
    writer: str
    zh: str
    en: str
    expect: tuple[str, ...] | None
    cells: Mapping[str, Any] = field(default_factory=dict)
    """Name in the rulebook → what stands there instead."""
    sheets: Callable[[list[Sheet]], list[Sheet]] | None = None
    """What else was done to the workbook."""
    text: tuple[str, str] | None = None
    """Words of the report and what stands there instead."""
    last: str = ""
    stem: str = ""


def spoiled(report: Report, cells: Mapping[str, Any]) -> Report:
    """The report with some cells changed."""
    figures = {table: {row: list(values) for row, values in rows.items()} for table, rows in report.figures.items()}
    for ref, value in cells.items():
        table, _, rest = ref.partition(".")
        row, _, column = rest.rstrip("]").partition("[")
        figures[table][row][COLUMNS[report.form][table].index(column)] = value
    return replace(report, figures=figures)


def _title_of_last_year(sheets: list[Sheet]) -> list[Sheet]:
    for sheet in sheets:
        sheet.rows[0] = [str(v).replace("2024年政府", "2023年政府") if v else v for v in sheet.rows[0]]
    return sheets


def _without_table_4(sheets: list[Sheet]) -> list[Sheet]:
    return [sheet for sheet in sheets if sheet.name != "表四"]


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "白石镇_2024",
        "official",
        "xlsx",
        "表三新收·自然人 49 写成 48",
        "table 三, received by natural persons: 48 written for 49",
        ("GK302 新收", "GK304 自然人"),
        {"T3.新收[自然人]": 48},
    ),
    Mistake(
        "清溪镇_2024",
        "sheet-per-table",
        "xlsx-calculated",
        "表三新收·总计 41 前后颠倒写成 14",
        "table 三, received in total: digits swapped, 14 for 41",
        ("GK302 新收", "GK304 总计"),
        {"T3.新收[总计]": 14},
    ),
    Mistake(
        "柳河镇_2024",
        "official",
        "xls",
        "补录 2 件自然人申请，三行的总计没有跟着改",
        "two requests entered late; the totals of three rows were not updated",
        ("GK302 新收", "GK302 予以公开", "GK302 办理总计"),
        {"T3.新收[自然人]": 29, "T3.予以公开[自然人]": 11, "T3.办理总计[自然人]": 27},
    ),
    Mistake(
        "石桥镇_2024",
        "sheet-per-table",
        "xlsx",
        "标题仍写 2023 年，各表表题是 2024 年",
        "the title still says 2023, the captions say 2024",
        ("GK308",),
        sheets=_title_of_last_year,
    ),
    Mistake(
        "云岭镇_2024",
        "shifted",
        "xlsx",
        "上年结转·自然人 8 写成 6，总计也按 6 填，新收随之多填 2 件",
        "carried in from natural persons: 6 for 8, totals made to fit",
        ("GK305", "GK310 自然人"),
        {"T3.上年结转[自然人]": 6, "T3.上年结转[总计]": 6, "T3.新收[自然人]": 38, "T3.新收[总计]": 53},
        last="clean/official/云岭镇_2023.xlsx",
    ),
    Mistake(
        "松山镇_2024",
        "official",
        "ods",
        "重复申请·商业企业填成负数 -1",
        "repeated requests from companies: minus 1",
        ("GK301 重复申请/商业企业", "GK302 重复申请", "GK303 商业企业"),
        {"T3.重复申请[商业企业]": -1},
    ),
    Mistake(
        "枫林镇_2024",
        "line-breaks",
        "xlsx",
        "予以公开·自然人填的是文字“约11件”",
        'disclosed to natural persons: the words "about 11"',
        ("GK301 予以公开/自然人",),
        {"T3.予以公开[自然人]": "约11件"},
    ),
    Mistake(
        "沙河镇_2024",
        "official",
        "xlsx-calculated",
        "新收·总计没有填",
        "received in total was left blank",
        ("GK311 新收/总计",),
        {"T3.新收[总计]": None},
    ),
    Mistake(
        "双塔镇_2024",
        "official",
        "xlsx",
        "办理总计·总计是公式错误 #REF!",
        "handled in total is the error value #REF!",
        ("GK301 办理总计/总计",),
        {"T3.办理总计[总计]": "#REF!"},
    ),
    Mistake(
        "桃源镇_2024",
        "formulas",
        "xlsx",
        "总计用公式写成，但从未计算过，文件里没有结果",
        "totals are formulas that were never calculated; the file holds no results",
        (),
    ),
    Mistake(
        "临江镇_2024",
        "subtotals",
        "xlsm",
        "予以公开一行自 自然人 起整体右移一列",
        "the row of disclosed requests slipped one column to the right",
        ("GK303 自然人", "GK303 商业企业", "GK303 社会公益"),
        {
            "T3.予以公开[自然人]": 0,
            "T3.予以公开[商业企业]": 11,
            "T3.予以公开[社会公益]": 1,
        },
    ),
    Mistake(
        "南湖镇_2024",
        "sheet-per-table",
        "xlsx",
        "没有表四",
        "table 四 is missing",
        (),
        sheets=_without_table_4,
    ),
    Mistake(
        "青山镇_2021",
        "official",
        "xlsx",
        "2021 年的报告仍用 2019 年格式",
        "the report for 2021 is on the form of 2019",
        ("GK101",),
    ),
    Mistake(
        "金沟镇_2024",
        "official",
        "csv-gb18030",
        "表四行政复议总计 4 写成 5",
        "table 四, reviews in total: 5 for 4",
        ("GK402 件数",),
        {"T4.件数[复议总计]": 5},
    ),
    Mistake(
        "龙泉镇_2024",
        "official",
        "xlsb",
        "三处：不掌握·商业企业 1 看成 7；未经复议直接起诉总计多 1；规范性文件 4 件又填到规章一行",
        "three: 7 read for 1; a total of suits one too high; normative documents entered as government rules as well",
        ("GK203 制发", "GK203 现行有效", "GK302 不掌握", "GK303 商业企业", "GK403 件数"),
        {"T3.不掌握[商业企业]": 7, "T4.件数[直诉总计]": 4, "T21.规章[制发]": 4, "T21.规章[现行有效]": 4},
    ),
    Mistake(
        "大榆镇_2024",
        "official",
        "tsv-utf16",
        "两处：新收·自然人 33 多打一位成 333；现行有效规范性文件只填了本年制发的 4 件",
        "two: a digit doubled, 333 for 33; documents in force hold only this year's four",
        ("GK202 规范性文件", "GK302 新收", "GK304 自然人"),
        {"T3.新收[自然人]": 333, "T21.规范性文件[现行有效]": 4},
        last="clean/official/大榆镇_2023.xlsx",
    ),
    Mistake(
        "东升镇_2024",
        "report",
        "docx",
        "正文写新收 45 件，表三是 54 件",
        "the text says 45 requests were received, table 三 says 54",
        ("GK501",),
        text=("新收政府信息公开申请54件", "新收政府信息公开申请45件"),
    ),
    Mistake(
        "杏花镇_2024",
        "report",
        "html",
        "结转下年·总计 10 少打一位成 1（正文仍是 10 件）",
        "carried out in total: a digit lost, 1 for 10; the text still says 10",
        ("GK302 结转下年", "GK304 总计", "GK508"),
        {"T3.结转下年[总计]": 1},
    ),
    Mistake(
        "白石镇_2024",
        "report",
        "html",
        "正文写备案行政复议 6 件、行政诉讼 1 件，表四是 9 件、2 件：口径可能不同，须说明",
        "the text says 6 reviews and 1 suit were registered, table 四 has 9 and 2: perhaps another measure",
        ("GK532", "GK542"),
        text=("全年办结", "备案政府信息公开类行政复议案件6件、行政诉讼案件1件。全年办结"),
    ),
    Mistake(
        "红旗镇_2024",
        "official",
        "xlsx",
        "2024 年的报告，文件名写 2022 年",
        "a report for 2024 in a file named after 2022",
        ("GK102",),
        stem="红旗镇_2022",
    ),
)
