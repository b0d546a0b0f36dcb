"""Columns and rows that a report need not have: the table is found without them, and nothing else is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.audit import Auditor
from auditkit.authoring.from_excel import from_excel
from auditkit.authoring.source import flat
from auditkit.authoring.to_excel import to_excel
from auditkit.model.document import Document, Grid, Paragraph, Source
from auditkit.model.finding import Result
from auditkit.model.rule import Rulebook
from auditkit.rulebook.assemble import Malformed
from conftest import HEAD, load_text

Load = Callable[[str], Rulebook]

BOOK = """\
tables:
  T2:
    title: 收入决算表
    cells: number
    kinds: {编码: text}
    blank: zero
    codes: {cells: OL101}
    records: {name: 科目, key: 编码, nested: true}
    optional: [补助, 其他]
    columns: {编码: 科目编码, 合计: 收入合计, 拨款: 财政拨款, 补助: 上级补助, 其他: 其他收入}
    rows: {总: 合计}
  T4:
    title: 收支决算总表
    cells: number
    blank: zero
    codes: {cells: OL102}
    optional: [基金栏, 结余]
    columns: {一般: 一般预算, 基金栏: {label: 政府性基金, 基金: 基金预算}, 全部: 全部}
    rows: {本年: 本年收入, 结余: 使用结余, 年初: 年初结转, 收入: 收入总计}
rules:
  - {id: OL210, name: &n {zh: 甲, en: A}, for: each row in T2, check: "合计 = sum(拨款, 补助, 其他)", message: *n}
  - {id: OL211, name: *n, for: each cell in T2 except 编码, check: "cell = sum(under(cell))", message: *n}
  - {id: OL212, name: *n, for: each row in T2, check: 补助 ≤ 合计, message: *n}
  - {id: OL410, name: *n, for: each column in T4, check: "收入 = sum(本年, 结余, 年初)", message: *n}
  - {id: OL411, name: *n, for: each row in T4, check: "全部 = sum(一般, 基金)", message: *n}
  - {id: OL412, name: *n, check: "T4.本年[基金] ≤ T4.本年[全部]", message: *n}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return load_text(BOOK, tmp_path_factory.mktemp("book"))


def checked(book: Rulebook, *captioned: tuple[str, str]) -> Result:
    grids, paragraphs = [], []
    for caption, rows in captioned:
        paragraphs.append(Paragraph(len(paragraphs) + 1, caption))
        cells = [tuple(cell.strip() for cell in line.split("|")) for line in rows.strip().splitlines()]
        grids.append(Grid(caption, tuple(cells), after=len(paragraphs)))
    made = Document("甲.docx", "word", tuple(grids), tuple(paragraphs))
    return next(iter(Auditor((book,), forced=True, read=lambda _: made).audit([Source(made.name, b"")])))


INCOME = """科目编码 | 收入合计 | 财政拨款
合计 | 30.00 | 30.00
201 | 30.00 | 30.00
20101 | 10.00 | 10.00
20102 | 20.00 | 20.00"""
GENERAL = """项目 | 一般预算 | 全部
本年收入 | 8 | 8
年初结转 | 2 | 2
收入总计 | 10 | 10"""


def test_what_need_not_be_there_is_left_out_of_sums(book: Rulebook) -> None:
    result = checked(book, ("收入决算表", INCOME), ("收支决算总表", GENERAL))
    assert not result.findings
    assert not result.missing
    asked = {code: (tally.passed, tally.unchecked) for code, tally in result.tallies.items()}
    assert asked["OL210"] == (4, {})
    assert asked["OL211"] == (4, {})  # two columns, two rows that have parts; nothing of the columns that are not there
    assert asked["OL212"] == (0, {"line missing": 4})
    assert asked["OL410"] == (2, {})
    assert asked["OL411"] == (3, {})
    assert asked["OL412"] == (0, {"line missing": 1})
    assert asked["OL102"][1] == {}
    assert [note.zh for note in result.notes] == [
        "T2：没有“上级补助”“其他收入”，求和时不计，单独用到的不检查。",
        "T4：没有“基金预算”“使用结余”，求和时不计，单独用到的不检查。",
    ]


def test_a_slip_is_found_without_them(book: Rulebook) -> None:
    result = checked(book, ("收入决算表", INCOME.replace("10.00 | 10.00", "10.00 | 11.00")))
    assert sorted((f.rule, f.row, f.column) for f in result.findings) == [
        ("OL210", "20101", ""),
        ("OL211", "201", "拨款"),
    ]


def test_some_of_them_may_be_there(book: Rulebook) -> None:
    income = INCOME.replace("财政拨款\n", "财政拨款 | 其他收入\n").replace("0\n", "0 |\n") + " | 0.50"
    assert {f.rule for f in checked(book, ("收入决算表", income)).findings} == {"OL210", "OL211"}
    fund = """项目 | 一般预算 | 政府性基金 | 全部
 | | 基金预算 |
本年收入 | 8 | 1 | 9
收入总计 | 8 | 1 | 12"""
    assert [(f.rule, f.row, f.column) for f in checked(book, ("收支决算总表", fund)).findings] == [
        ("OL411", "收入", ""),
    ]


def test_what_the_form_does_not_know_may_be_what_is_missing(book: Rulebook) -> None:
    """A column of another name holds figures: sums are not checked, rather than wrong."""
    income = INCOME.replace("财政拨款\n", "财政拨款 | 主管部门补助\n").replace("0\n", "0 | 5\n") + " | 5"
    result = checked(book, ("收入决算表", income))
    assert not result.findings
    assert result.tallies["OL210"].unchecked == {"line missing": 4}


def test_without_its_caption_a_lesser_table_is_no_other_one(book: Rulebook) -> None:
    result = checked(book, ("支出决算表", INCOME), ("收支决算总表", GENERAL))
    assert "T2" not in result.missing  # no table of this form is captioned so
    other = checked(book, ("收支决算总表", INCOME), ("收支决算总表", GENERAL))
    assert "T2" in other.missing


def test_the_others_must_be_there(book: Rulebook) -> None:
    bare = INCOME.replace("财政拨款", "其他收入")
    result = checked(book, ("收入决算表", bare), ("收支决算总表", GENERAL))
    assert result.missing["T2"].zh == "没有找到表 T2 收入决算表：没有列“财政拨款”。"


def test_a_rule_workbook_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "rulebook.yaml").write_text(HEAD + BOOK, "utf-8")
    sheet = tmp_path / "甲.rules.xlsx"
    sheet.write_bytes(to_excel(str(tmp_path / "甲"), "zh"))
    from_excel(sheet, tmp_path / "乙")
    before, after = (flat(str(tmp_path / name)).data["tables"] for name in ("甲", "乙"))
    assert after["T2"]["optional"] == before["T2"]["optional"]
    assert set(after["T4"]["optional"]) == {"基金栏", "结余"}


def test_a_name_that_is_no_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(Malformed) as told:
        load_text(BOOK.replace("[补助, 其他]", "[补助, 其它]"), tmp_path)
    assert "其它" in str(told.value)
    with pytest.raises(Malformed):
        load_text(BOOK.replace("[补助, 其他]", "[编码]"), tmp_path)
