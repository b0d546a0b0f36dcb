"""A first draft: tables in the form's words, what adds up with its support and exceptions, a good sample, proofs."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook, load_workbook

import auditkit
from auditkit import rulebook
from auditkit.authoring.draft import draft
from auditkit.authoring.draft_tables import general, short_name
from auditkit.headyears import with_years_named
from auditkit.lint import unproven
from auditkit.model.document import Document, Grid
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault
from auditkit.proof import prove

SPENT = """\
青山镇2021年公共服务支出情况表,,,,
（单位：万元）,,,,
项目,一季度,二季度,三季度,全年
教育,120.5,130.2,110.0,360.7
卫生,80.0,82.5,79.5,242.0
道路,40.0,0,60.0,100.0
合计,240.5,212.7,249.5,702.7
"""


def drawn(folder: Path, *texts: str) -> Rulebook:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{n}.csv" for n in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    draft(paths, "public-spending", folder / "draft", "en")
    book = rulebook.load(folder / "draft")
    assert all(one.right for one in prove(book))
    assert list(unproven(book)) == []
    return book


def comments(folder: Path) -> list[str]:
    return [
        line.strip() for line in (folder / "draft" / "rulebook.yaml").read_text("utf-8").splitlines() if "#" in line
    ]


def test_what_adds_up_becomes_rules_with_proofs(tmp_path: Path) -> None:
    book = drawn(tmp_path, SPENT)
    assert [(r.id, r.level, r.source) for r in book.rules] == [
        ("PS301", "soft", "合计 = 教育 + 卫生 + 道路"),
        ("PS302", "soft", "全年 = 一季度 + 二季度 + 三季度"),
    ]
    assert book.title.zh == "公共服务支出情况表"
    filled_in = SPENT.replace("（单位：万元）,,,,", "填报单位：青山镇,,,,单位：万元")
    assert drawn(tmp_path / "filled", filled_in).form.tables["T1"].titles == ("公共服务支出情况表",)
    table = book.form.tables["T1"]
    assert (table.titles, table.cells, table.blank) == (("公共服务支出情况表",), "number", "report")
    assert comments(tmp_path)[2:] == ["# holds in 4 of 4 / 4 处中 4 处成立"] * 2
    assert (tmp_path / "draft" / "good.csv").read_text("utf-8") == SPENT


def test_of_several_submissions_the_cleanest_is_the_good_sample(tmp_path: Path) -> None:
    wrong = SPENT.replace("青山镇2021", "柳河镇2020").replace("教育,120.5", "教育,121.5")
    book = drawn(tmp_path, wrong, SPENT)
    assert Path(book.good).read_text("utf-8") == SPENT
    assert comments(tmp_path)[2:] == [
        "# holds in 7 of 8 / 8 处中 7 处成立",
        "# not in / 不成立：0.csv B7 240.5 ≠ 241.5",
        "# holds in 7 of 8 / 8 处中 7 处成立",
        "# not in / 不成立：0.csv E4 360.7 ≠ 361.7",
    ]


DISTRICTS = """\
青山镇2021年学校情况,,,,,,,
项目,东区,西区,南区,北区,中区,新区,全镇
小学,12,13,11,36,22,15,109
初中,8,9,7,6,5,4,39
高中,4,2,6,1,3,9,25
合计,24,24,24,43,{middle},28,{all}
"""


def test_where_counts_do_not_add_up_the_line_is_left_out_of_the_rule(tmp_path: Path) -> None:
    book = drawn(tmp_path, DISTRICTS.format(middle=31, all=173))
    table = book.form.tables["T1"]
    (total,) = (rule for rule in book.rules if rule.source == "合计 = 小学 + 初中 + 高中")
    assert total.scope is not None
    left = [line.name for i, line in enumerate(table.columns.lines) if i not in total.scope.lines]
    assert (table.cells, left) == ("count", ["中区"])
    assert "# not in / 不成立：0.csv F6 31 ≠ 30" in comments(tmp_path)


def test_rounded_figures_are_no_counts(tmp_path: Path) -> None:
    text = DISTRICTS.format(middle=31, all=174).replace("24,24,24,43", "25,23,23,44")
    book = drawn(tmp_path, text)
    (total,) = (rule for rule in book.rules if rule.source == "合计 = 小学 + 初中 + 高中")
    assert total.scope is not None
    assert (book.form.tables["T1"].cells, len(total.scope.lines)) == ("number", 7)


def test_lines_with_one_name_are_told_apart_by_their_groups(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    rows = [
        ["东城区2024年在校学生情况", None, None, None, None, None, None],
        ["学校", "小学", None, None, "中学", None, None],
        [None, "男", "女", "合计", "男", "女", "合计"],
        ["一校", 120, 131, 251, 88, 93, 181],
        ["二校", 97, 88, 185, 64, 70, 134],
        ["三校", 143, 139, 282, 101, 96, 197],
        ["四校", 76, 81, 157, 55, 61, 116],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B2:D2")
    sheet.merge_cells("E2:G2")
    path = tmp_path / "学生.xlsx"
    book.save(path)
    draft([path], "pupils", tmp_path / "draft", "zh")
    made = rulebook.load(tmp_path / "draft")
    columns = made.form.tables["T1"].columns
    assert [(line.labels, line.path) for line in columns.lines][::3] == [
        (("男",), ("小学各项",)),
        (("男",), ("中学各项",)),
    ]
    assert {"合计 = 男 + 女", "合计2 = 男2 + 女2"} <= {rule.source for rule in made.rules}
    assert all(one.right for one in prove(made))


def test_a_file_without_a_table_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "空表.csv"
    path.write_text("项目\n城镇\n乡村\n", "utf-8")
    with pytest.raises(Fault, match="no table") as caught:
        draft([path], "pupils", tmp_path / "draft", "zh")
    assert caught.value.exit == 2
    assert not (tmp_path / "draft").exists()


@pytest.mark.parametrize(("name", "code"), [("My Form", "bad-id"), ("ok", "exists")])
def test_wrong_use_writes_nothing(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "rulebook.yaml").write_text("rulebook: mine\n", "utf-8")
    with pytest.raises(Fault) as caught:
        draft([tmp_path / "a.csv"], name, tmp_path, "en")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("青山镇2021年公共服务支出情况表", "公共服务支出情况表"),
        ("2021年度统计表", "统计表"),
        ("Annual FOIA report 2023", "Annual FOIA report"),
        ("2021年", "2021年"),
    ],
)
def test_a_title_without_office_and_year(title: str, rest: str) -> None:
    assert general(title) == rest


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("（一）予以公开", "予以公开"),
        ("1.属于国家秘密（含商业）", "属于国家秘密"),
        ("Total expenses", "Total_expenses"),
        ("sum", "_sum"),
        ("2021 total", "_2021_total"),
        ("——", "x"),
    ],
)
def test_short_names_are_names_of_the_rule_language(label: str, name: str) -> None:
    assert short_name(label, {}) == name


def test_a_short_name_is_given_once() -> None:
    taken: dict[str, None] = {}
    assert [short_name("合计", taken) for _ in range(3)] == ["合计", "合计2", "合计3"]


BLANK = """\
××镇2024年医疗服务情况表,,,,
项目,门诊,急诊,合计,占比（%）,备注
内科,,,,,
外科,,,,,
其中：骨科,,,,,
合计,,,,,
填表人：,,,,,
"""


def test_a_blank_form_is_enough_totals_are_sums_by_their_names(tmp_path: Path) -> None:
    book = drawn(tmp_path, BLANK)
    table = book.form.tables["T1"]
    assert [line.name for line in table.rows.lines] == ["内科", "外科", "骨科", "合计"]
    assert [line.name for line in table.columns.lines] == ["门诊", "急诊", "合计2", "占比"]
    assert [rule.source for rule in book.rules] == ["合计 = 内科 + 外科", "合计2 = 门诊 + 急诊"]
    said = comments(tmp_path)
    assert (
        "# The form is blank: the figures of the good sample are made up, and totals are sums by their names alone."
        in (said)
    )
    assert said.count("# by its name / 按名称推定") == 2


def test_beside_submissions_a_blank_form_tells_nothing(tmp_path: Path) -> None:
    blank = "\n".join([*SPENT.splitlines()[:3], "教育,,,,", "卫生,,,,", "道路,,,,", "合计,,,,"])
    book = drawn(tmp_path, blank, SPENT)
    assert Path(book.good).read_text("utf-8") == SPENT
    assert comments(tmp_path)[0] == "# Draft made from 0.csv、1.csv. Look at everything, then delete this comment."


def test_a_blank_workbook_keeps_its_look_and_its_formulas_wait_like_blanks(tmp_path: Path) -> None:
    form = Workbook()
    sheet = form.active
    assert sheet is not None
    for row in (
        ["2024年学校情况表"],
        ["学校", "小学", None, None, "中学", None, None],
        [None, "合计", "男", "女", "合计", "男", "女"],
        ["一校", "=SUM(C4:D4)"],
        ["二校"],
        ["总计", "=SUM(B4:B5)"],
    ):
        sheet.append(row)
    for area in ("A1:G1", "A2:A3", "B2:D2", "E2:G2"):
        sheet.merge_cells(area)
    path = tmp_path / "空表.xlsx"
    form.save(path)
    draft([path], "schools", tmp_path / "draft", "zh")
    book = rulebook.load(tmp_path / "draft")
    assert all(one.right for one in prove(book))
    assert [(rule.source, len(rule.scope.lines)) for rule in book.rules if rule.scope] == [
        ("总计 = 一校 + 二校", 6),
        ("合计 = 男 + 女", 3),
        ("合计2 = 男2 + 女2", 3),
    ]
    good = load_workbook(tmp_path / "draft" / "good.xlsx").active
    assert good is not None
    assert {str(area) for area in good.merged_cells.ranges} == {"A1:G1", "A2:A3", "B2:D2", "E2:G2"}


@pytest.mark.parametrize("suffix", ["xls", "html"])
def test_a_blank_form_of_any_kind_is_filled_in_as_a_workbook(tmp_path: Path, suffix: str) -> None:
    rows = [line.split(",") for line in BLANK.splitlines()]
    path = tmp_path / f"空表.{suffix}"
    if suffix == "html":
        cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
        path.write_text(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>", "utf-8")
    else:
        old = xlwt.Workbook()
        sheet = old.add_sheet("表")
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
        old.save(str(path))
    draft([path], "clinics", tmp_path / "draft", "en")
    book = rulebook.load(tmp_path / "draft")
    assert [rule.source for rule in book.rules] == ["合计 = 内科 + 外科", "合计2 = 门诊 + 急诊"]
    assert Path(book.good).name == "good.xlsx"


def test_columns_headed_by_years_are_drafted_by_their_distance_and_found_next_year(tmp_path: Path) -> None:
    crimes = "Recorded crime {0},,,\nOffence,{0},{1},Change\nTheft,{2},90,10\nRobbery,31,40,-9\nTotal,131,130,1\n"
    book = drawn(tmp_path, crimes.format(2023, 2022, 100))
    columns = book.form.tables["T1"].columns.lines
    assert [line.labels for line in columns] == [("{year}",), ("{last_year}",), ("Change",)]
    assert "this_year = year_before + Change" in [rule.source for rule in book.rules]
    later = tmp_path / "crime_2024.csv"
    later.write_text(crimes.format(2024, 2023, 109), "utf-8")
    result = auditkit.check(later, rules=str(tmp_path / "draft"))
    assert {(f.rule, f.place.address) for f in result.findings} == {("PS301", "B5"), ("PS302", "B3")}
    assert (result.period, result.missing) == ("2024", {})


def test_years_in_the_rows_of_a_list_are_no_headings() -> None:
    spans = Grid("", [["project", "begins", "ends"], ["a", 2019, 2022], ["b", 2020, 2024]])
    years = Grid("", [["", "2022年", "2023年"], ["a", 5, 7]])
    named = with_years_named(Document("f", "delimited", (spans, years)))
    assert named.grids[0] is spans
    assert named.grids[1].rows[0] == ["", "{last_year}年", "{year}年"]
