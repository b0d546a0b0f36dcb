"""The rule sheet: what goes to Excel comes back the same, and a mistake in it is told by sheet and cell."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from auditkit import rulebook
from auditkit.authoring import cells, source
from auditkit.authoring.cells import Kind
from auditkit.authoring.from_excel import Refused, from_excel
from auditkit.authoring.to_excel import to_excel
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault
from auditkit.proof import prove

ELSEWHERE = {"origin", "path", "sha256"}
"""What says where a rulebook was written, and not what it says."""


def model(book: Rulebook) -> object:
    """Everything a rulebook says, as plain data; samples by their names."""

    def plain(value: object) -> object:
        if is_dataclass(value):
            kept = [f.name for f in fields(value) if f.name not in ELSEWHERE]
            return [type(value).__name__, {name: plain(getattr(value, name)) for name in kept}]
        if isinstance(value, tuple | list):
            return [plain(one) for one in value]
        if isinstance(value, dict):
            return [(key, plain(one)) for key, one in sorted(value.items())]
        return value

    name, said = plain(book)
    return name, {**said, "good": Path(book.good).name, "last": Path(book.last).name}


@cache
def sheet_of(name: str) -> bytes:
    return to_excel(name, "zh")


@pytest.mark.parametrize("name", rulebook.shipped())
def test_every_shipped_rulebook_comes_back_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.rules.xlsx"
    path.write_bytes(sheet_of(name))
    from_excel(path, tmp_path / "back")
    back = rulebook.load(tmp_path / "back")
    assert model(back) == model(rulebook.find(name))
    tables = rulebook.find(name).form.tables
    assert list(back.form.tables) == list(tables)


def test_the_folder_made_of_a_sheet_stands_alone_and_is_proven(tmp_path: Path) -> None:
    path = tmp_path / "x.rules.xlsx"
    path.write_bytes(sheet_of("cn-disclosure-2014"))
    written = from_excel(path, tmp_path / "back")
    assert [p.name for p in written] == ["rulebook.yaml", "good.csv", "last.csv"]
    assert all(one.right for one in prove(rulebook.load(tmp_path / "back")))


def test_an_english_sheet_reads_back_too(tmp_path: Path) -> None:
    path = tmp_path / "x.rules.xlsx"
    path.write_bytes(to_excel("cn-disclosure-2014", "en"))
    assert load_workbook(path)["规则"]["B3"].value == "explain"
    from_excel(path, tmp_path / "back")
    assert model(rulebook.load(tmp_path / "back")) == model(rulebook.find("cn-disclosure-2014"))


def test_same_rulebook_same_bytes() -> None:
    assert to_excel("cn-disclosure-2014", "zh") == sheet_of("cn-disclosure-2014")


def test_the_sheet_has_drop_downs_text_cells_and_a_hidden_row_of_field_names(tmp_path: Path) -> None:
    path = tmp_path / "x.rules.xlsx"
    path.write_bytes(sheet_of("cn-disclosure-2014"))
    book = load_workbook(path)
    assert book.sheetnames == [
        "封面",
        "表样",
        "规则",
        "文字规则",
        "正文数据",
        "例子",
        "译名",
        "样表",
        "上年样表",
        "词表",
    ]
    rules = book["规则"]
    assert [rules.cell(1, c).value for c in (1, 2, 5, 7)] == ["编号", "级别", "适用", "规则"]
    assert [rules.cell(2, c).value for c in (1, 2, 5, 7)] == ["id", "level", "for", "check"]
    assert rules.row_dimensions[2].hidden
    assert rules["G3"].number_format == "@"
    offered = {str(v.sqref).split(":")[0]: v.formula1 for v in rules.data_validations.dataValidation}
    assert offered["B3"] == '"必须改,须说明,提示"'
    assert offered["E3"] == "词表!$A$1:$A$3"
    assert [cell.value for cell in book["词表"]["A"]] == ["each row in T1", "each column in T1", "each cell in T1"]


def edited(tmp_path: Path, changes: dict[str, object]) -> Path:
    """The sheet of the 2014 form with some cells typed over, as a colleague would."""
    path = tmp_path / "x.rules.xlsx"
    path.write_bytes(sheet_of("cn-disclosure-2014"))
    book = load_workbook(path)
    for at, value in changes.items():
        name, address = at.split("!")
        book[name][address] = value
    book.save(path)
    return path


def refused(path: Path) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        from_excel(path, path.parent / "back")
    assert not (path.parent / "back").exists()
    return {at: text.zh for at, text in caught.value.mistakes}


def test_all_that_a_sheet_says_wrong_is_told_at_once_by_cell(tmp_path: Path) -> None:
    wrong = {"规则!B9": "严重", "规则!G10": "=SUM(A1)", "例子!A4": "T1.按时[统计数] 5", "表样!B6": "格"}
    told = refused(edited(tmp_path, wrong))
    assert told["规则!B9"] == "不认识级别“严重”，应是“必须改”“须说明”或“提示”"
    assert told["规则!G10"] == "这是公式，请改成文字（前面加单引号）"
    assert told["例子!A4"] == "“T1.按时[统计数] 5”应写成“名称: 内容”"
    assert told["表样!B6"] == "不认识“格”，应是表、列、列组、行、行组之一"


@pytest.mark.parametrize(
    ("at", "value", "cell", "words"),
    [
        ("规则!G8", "申请数 = 当面申请 + 传真", "规则!G8", "“传真”不是表 T1 的行名"),
        ("规则!G8", "申请数 = = 当面申请", "规则!G8", "读不懂"),
        ("规则!E8", "each line in T1", "规则!E8", "line in T1"),
        ("规则!A8", "GT302", "规则!A8", "“GT302”已经有了"),
        ("例子!A3", "T1.没有[统计数]: 5", "例子!A3", "不是一格"),
        ("例子!C3", "GT999", "例子!C3", "没有已知的规则编号"),
        ("表样!F3", "counts", "表样!F3", "counts"),
        ("正文数据!B4", "没有空", "正文数据!A4", "这样的空"),
    ],
)
def test_what_the_loader_says_is_told_at_the_cell_it_comes_from(
    at: str, value: str, cell: str, words: str, tmp_path: Path
) -> None:
    told = refused(edited(tmp_path, {at: value}))
    assert words in told.get(cell, ""), told


def test_a_change_made_in_the_sheet_arrives(tmp_path: Path) -> None:
    path = edited(tmp_path, {"规则!B8": "提示", "规则!Q8": 0.5, "封面!C2": 2027})
    from_excel(path, tmp_path / "back")
    book = rulebook.load(tmp_path / "back")
    rule = next(r for r in book.rules if r.id == "GT306")
    assert (rule.level, str(rule.tolerance), book.version) == ("info", "0.5", "2027")


@pytest.mark.parametrize("name", ["x.xlsx", "规则.xls"])
def test_only_files_named_as_rules_are_read_as_rules(name: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="not named") as caught:
        from_excel(tmp_path / name, tmp_path / "back")
    assert caught.value.exit == 2


def test_a_folder_that_holds_a_rulebook_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.rules.xlsx"
    path.write_bytes(sheet_of("report-prose-zh"))
    (tmp_path / "rulebook.yaml").write_text("rulebook: mine\n", "utf-8")
    with pytest.raises(Fault) as caught:
        from_excel(path, tmp_path)
    assert caught.value.code == "exists"
    assert (tmp_path / "rulebook.yaml").read_text("utf-8") == "rulebook: mine\n"


words = st.text(st.characters(codec="utf-8"), max_size=8)
names = st.text("甲乙ab1_.[]", min_size=1, max_size=5).filter(lambda s: s[0] != "[" and "_x" not in s)
VALUES = {
    "text": (cells.TEXT, words),
    "lines": (cells.LINES, st.lists(words, max_size=4)),
    "labels": (cells.LABELS, words | st.lists(words, max_size=4)),
    "pairs": (cells.PAIRS, st.dictionaries(names, words | st.none(), max_size=3)),
    "choices": (cells.CHOICES, st.dictionaries(names, st.lists(words, max_size=3), max_size=3)),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_whatever_a_cell_writes_it_reads_back(kind: str, data: st.DataObject) -> None:
    how: Kind
    how, values = VALUES[kind]
    value = data.draw(values)
    written = how.write(value, "zh")
    assert how.fits(value)
    assert written
    assert how.read(written) == value


plain = st.recursive(
    words | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab甲", min_size=1), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text("ab甲", min_size=1), plain, min_size=1, max_size=3))
@example({"甲": "第一行\x85第二行"})
def test_yaml_that_is_written_reads_back(data: dict[str, object]) -> None:
    printable = source.as_yaml(data, "head")
    assert source.read_yaml(printable).data == data
