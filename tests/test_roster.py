"""The roster: units from a list, files to units, versions, and who is missing; every file is in one place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from auditkit.explain import explanation
from auditkit.model.finding import Result
from auditkit.model.words import Fault
from auditkit.roster import Arrival, Roster, Unit, roster

TOWNS = Roster(
    (Unit("001", "青山镇"), Unit("002", "青山镇财政所"), Unit("003", "柳河镇人民政府"), Unit("12", "河西镇"))
)


def came(
    name: str,
    unit: str = "",
    *,
    at: float = 0,
    sha: str = "",
    book: str = "form",
    period: str = "2024",
    reason: str = "",
) -> Arrival:
    own = Arrival.of(name, at, Result(name, sha or name, rulebook=book, unit=unit, period=period))
    return replace(own, reason=reason)


@pytest.mark.parametrize(
    ("name", "inside", "whose"),
    [
        ("青山镇_2024.xlsx", "", "青山镇"),
        ("长春市青山镇2024年年报.xlsx", "", "青山镇"),
        ("青山镇财政所_2024.xlsx", "", "青山镇财政所"),
        ("青山镇林业站_2024.xlsx", "", None),
        ("大青山镇_2024.xlsx", "", None),
        ("柳河镇_2024.xlsx", "", "柳河镇人民政府"),
        ("关于柳河镇人民政府2024年报告.docx", "", "柳河镇人民政府"),
        ("003.xlsx", "", "柳河镇人民政府"),
        ("12 年报.xlsx", "", "河西镇"),
        ("2012年报.xlsx", "", None),
        ("１２_年报.xlsx", "", "河西镇"),
        ("附件1.xlsx", "河西镇", "河西镇"),
        ("附件1.xlsx", "河西镇人民政府", "河西镇"),
        ("河西镇/附件1.xlsx", "", "河西镇"),
        ("收件.zip!柳河镇/表.xlsx", "", "柳河镇人民政府"),
        ("青山镇和河西镇_2024.xlsx", "", None),
        ("某局.xlsx", "某局", None),
    ],
)
def test_a_file_belongs_to_the_unit_it_names(name: str, inside: str, whose: str | None) -> None:
    unit, said = TOWNS.own(came(name, inside))
    assert (unit.name if unit else None) == whose
    assert said is None


def test_where_name_and_content_disagree_the_content_counts_and_it_is_said() -> None:
    found = TOWNS.attendance([came("柳河镇_2024.xlsx", "河西镇")])
    assert [(entry.unit.name, entry.arrival.name) for entry in found.received] == [("河西镇", "柳河镇_2024.xlsx")]
    assert found.disagreements["柳河镇_2024.xlsx"].zh == (
        "文件名是柳河镇人民政府的，内容是河西镇的；按内容算作河西镇，请核对。"
    )


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("青山镇_2024.xlsx", 5), ("青山镇_2024_修改.xlsx", 1)),
        (("青山镇_2024 第1次.xlsx", 9), ("青山镇_2024 第二次.xlsx", 1)),
        (("青山镇_2024_v9.xlsx", 9), ("青山镇_2024_v10.xlsx", 1)),
        (("青山镇_2024.xlsx", 9), ("青山镇_2024(1).xlsx", 9)),
        (("青山镇_2024.xlsx", 1), ("1/青山镇_2024.xlsx", 2)),
    ],
)
def test_the_newest_version_counts_by_its_name_and_then_by_its_time(older, newer) -> None:
    for order in ((older, newer), (newer, older)):
        (entry,) = TOWNS.attendance([came(name, at=at) for name, at in order]).received
        assert entry.arrival.name == newer[0]
        assert [one.name for one in entry.superseded] == [older[0]]


def test_a_text_beside_a_workbook_and_another_year_are_no_versions() -> None:
    files = [came("青山镇_2024.xlsx"), came("青山镇_2024.docx"), came("青山镇_2023.xlsx", period="2023")]
    assert [entry.superseded for entry in TOWNS.attendance(files).received] == [(), (), ()]


def test_the_same_content_twice_is_a_duplicate_and_no_version() -> None:
    (entry,) = TOWNS.attendance([came("青山镇.xlsx", sha="a"), came("b/青山镇.xlsx", sha="a", at=1)]).received
    assert (entry.arrival.name, [one.name for one in entry.same], entry.superseded) == (
        "b/青山镇.xlsx",
        ["青山镇.xlsx"],
        (),
    )


def test_scans_and_other_lists_take_no_reports_place_but_an_unreadable_version_does() -> None:
    report = came("青山镇_2024.xlsx", at=1)
    scan, list_ = (
        came("青山镇扫描.pdf", book="", at=9),
        came("青山镇_通讯录.xlsx", book="", at=9, reason="unknown-form"),
    )
    locked = came("青山镇_2024.xls", book="", at=8, reason="encrypted")
    packed = came("青山镇.rar", book="", at=8, reason="unsupported")
    (entry,) = TOWNS.attendance([report, scan, list_], due=5).received
    assert (entry.arrival, entry.superseded, entry.beside, entry.late) == (report, (), (scan, list_), False)
    (entry,) = TOWNS.attendance([report, locked], due=5).received
    assert (entry.arrival, entry.superseded, entry.late) == (locked, (report,), True)
    assert [one.arrival for one in TOWNS.attendance([report, packed]).received] == [report, packed]
    (entry,) = TOWNS.attendance([scan, came("青山镇.jpg", book="", at=10)]).received
    assert (entry.arrival.name, entry.beside) == ("青山镇.jpg", (scan,))


def test_missing_late_and_unknown() -> None:
    found = TOWNS.attendance([came("青山镇.xlsx", at=20), came("柳河镇.xlsx", at=5), came("某局.xlsx")], due=10)
    assert [(entry.unit.code, entry.late) for entry in found.received] == [("001", True), ("003", False)]
    assert [unit.code for unit in found.missing] == ["002", "12"]
    assert [one.name for one in found.unknown] == ["某局.xlsx"]


@pytest.mark.parametrize(
    ("name", "inside", "whose"),
    [
        ("报表(3).xlsx", "青山镇", "青山镇"),
        ("青山镇(3).xlsx", "", "青山镇"),
        ("青山镇 第 3 稿.xlsx", "", "青山镇"),
        ("青山镇 1月12日.xlsx", "", "青山镇"),
        ("3、青山镇.xlsx", "", "青山镇"),
        ("报表 - 副本 (3).xlsx", "", None),
        ("附表3.xlsx", "", None),
        ("12月.xlsx", "", None),
        ("附件(3)/报表.xlsx", "", None),
        ("3_报表.xlsx", "", "清溪镇"),
        ("12 报表.xlsx", "", "柳河镇"),
        ("3/报表.xlsx", "", "清溪镇"),
        ("012.xlsx", "", "柳河镇"),
        ("清溪镇/2024年/青山镇/报表.xlsx", "", "青山镇"),
        ("清溪镇.zip!柳河镇/报表.xlsx", "", "柳河镇"),
        ("清溪镇/材料/报表.xlsx", "", "清溪镇"),
        ("0101_报表.xlsx", "", "松山镇"),
        ("复件 青山镇.xlsx", "", "青山镇"),
        ("2024年年报 青山镇.xlsx", "", "青山镇"),
        ("青山镇 初稿.xlsx", "", "青山镇"),
        ("青山镇副本.xlsx", "", "青山镇"),
        ("大 青 山 镇.xlsx", "", None),
    ],
)
def test_a_short_code_counts_only_at_the_head_of_a_name_and_blanks_part_words(name, inside, whose) -> None:
    towns = Roster((Unit("1", "青山镇"), Unit("3", "清溪镇"), Unit("12", "柳河镇"), Unit("101", "松山镇")))
    unit, said = towns.own(came(name, inside))
    assert (unit.name if unit else None, said) == (whose, None)


@pytest.mark.parametrize(
    ("name", "inside", "said"),
    [
        ("青山镇/附件1.xlsx", "河西镇", "文件夹是青山镇的，内容是河西镇的；按内容算作河西镇，请核对。"),
        (
            "河西镇.xlsx",
            "外县红旗镇",
            "文件名是河西镇的，内容写的是外县红旗镇，名单上没有；按文件名算作河西镇，请核对。",
        ),
        ("某县发展和改革局.xlsx", "某县发改局", None),
        ("某县/附件1.xlsx", "河西镇", None),
        ("青山镇.xlsx", "附件", None),
    ],
)
def test_a_folder_or_a_stranger_in_the_title_is_said_too(name: str, inside: str, said: str | None) -> None:
    towns = Roster(
        (Unit("", "某县"), Unit("", "青山镇"), Unit("", "河西镇", parent="某县"), Unit("", "某县发展和改革局"))
    )
    told = towns.own(came(name, inside))[1]
    assert (told and told.zh) == said


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["青山镇", "青山镇财政所", "柳河镇", "某局", "12", "附件"]),
            st.sampled_from(["", "_v2", "修改", " 第3次"]),
            st.sampled_from([".xlsx", ".docx", ".pdf", ".rar"]),
            st.sampled_from(["", "河西镇", "某局"]),
            st.sampled_from(["", "form"]),
            st.sampled_from(["", "same"]),
        ),
        max_size=12,
    )
)
def test_every_arrival_is_in_one_place_and_every_unit_received_or_missing(files) -> None:
    arrivals = [
        came(f"{n}/{stem}{version}{suffix}", inside, book=book, sha=sha, at=n)
        for n, (stem, version, suffix, inside, book, sha) in enumerate(files)
    ]
    found = TOWNS.attendance(arrivals)
    placed = [one.name for e in found.received for one in (e.arrival, *e.superseded, *e.same, *e.beside)]
    assert sorted([*placed, *(one.name for one in found.unknown)]) == sorted(one.name for one in arrivals)
    assert {e.unit for e in found.received} | set(found.missing) == set(TOWNS.units)
    assert not {e.unit for e in found.received} & set(found.missing)
    assert list(found.unit_of) == placed


def test_a_roster_is_read_from_a_workbook_with_a_title_and_numbers_for_codes(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "2024年报送单位名单")
        sheet.write_row(1, 0, ["序号", "单位代码", "单位名称", "电子邮箱", "联系人", "联系电话", "上级单位"])
        sheet.write_row(2, 0, [1, 220281, "青山镇", "qs@example.org", "王某", 13800000000, "某市"])
        sheet.write_row(3, 0, [2, "", "柳河镇", "", "", "", ""])
    assert roster(path).units == (
        Unit("220281", "青山镇", "qs@example.org", "王某", "13800000000", "某市"),
        Unit("", "柳河镇"),
    )


def test_a_roster_is_read_from_csv_and_keeps_leading_zeros(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("编号,名称,语言\n007,青山镇,zh\n008, Hexi ,en\n".encode("gb18030"))
    assert roster(path).units == (Unit("007", "青山镇", language="zh"), Unit("008", "Hexi", language="en"))


def test_a_roster_may_have_other_names_for_its_columns_merged_cells_and_words_below(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("乡镇")
        sheet.write_row(0, 0, ["序号", "单位编码*", "单位全称（盖章）", "手机号码", "上级单位名称"])
        for n, name in enumerate(("青山镇", "柳河镇", "青山镇"), 1):
            sheet.write_row(n, 0, [n, n, name, 13800000000])
        sheet.merge_range(1, 4, 3, 4, "某县")
        sheet.write_row(4, 2, ["合计"])
        book.add_worksheet("部门").write_row(0, 0, ["编号", "单位名称"])
    found = roster(path)
    assert found.units == tuple(
        Unit(str(n), name, phone="13800000000", parent="某县")
        for n, name in enumerate(("青山镇", "柳河镇", "青山镇"), 1)
    )
    assert [note.zh for note in found.notes] == [
        "名单：只读了工作表“乡镇”；“部门”也像名单，没有读。",
        "名单：几个单位同名（青山镇），只能按编号认出是谁的文件；请把名称写全。",
    ]


def test_a_list_of_names_alone_is_a_roster(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("序号,单位名称\n1,青山镇\n2,柳河镇\n", "utf-8")
    assert roster(path).units == (Unit("", "青山镇"), Unit("", "柳河镇"))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("1,青山镇\n2,柳河镇\n1,清溪镇", "第2行、第4行重复（1 青山镇、清溪镇）。每个单位只留一行，编号不得相同。"),
        ("2.2E+11,青山镇", "第2行的编号 2.2E+11 丢失了数位。请把编号一列设为文本，重新填写后再导出。"),
    ],
)
def test_a_roster_with_a_mistake_is_refused_with_the_line(tmp_path: Path, lines: str, said: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(f"编号,单位\n{lines}\n", "utf-8")
    with pytest.raises(Fault) as caught:
        roster(path)
    assert caught.value.to("zh") == f"单位名单 名单.csv 不能使用：{said}"


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "编号,名称\n1,甲\n1,乙\n", "编号,名称\n", ""])
def test_a_list_that_is_no_roster_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Fault) as caught:
        roster(path)
    assert caught.value.exit == 2
    assert caught.value.hint is not None


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("RS101", "怎么改 核对是哪个单位的数", "Repair  See whose figures they are"),
        ("RS102", "RS102 下级单位齐全", "Repair  Get the missing reports"),
        ("RS103", "RS103 两家报的数相同", "Repair  See whose figures they are"),
        ("RS104", "RS104 差额正是一家的数", "Repair  See how often"),
    ],
)
def test_what_is_found_by_the_roster_can_be_asked_for(code: str, zh: str, en: str) -> None:
    for language, said in (("zh", zh), ("en", en)):
        assert said in "\n".join(explanation(code, None, language))


def test_a_code_like_a_year_is_a_year_where_more_is_said() -> None:
    towns = Roster((Unit("2024", "东升镇"), Unit("001", "青山镇")))
    own = {name: towns.own(came(name))[0] for name in ("青山镇_2024.xlsx", "附表 2024.xlsx", "2024.xlsx")}
    assert [unit and unit.name for unit in own.values()] == ["青山镇", None, "东升镇"]
