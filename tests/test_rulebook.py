"""Loading a rulebook: strict, everything wrong at once, with file, line, column and the nearest name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest

from auditkit import rulebook
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault
from auditkit.rulebook.assemble import Malformed
from auditkit.rulebook.shape import json_schema
from conftest import load_text

GOOD = """\
tables:
  T:
    title: 人口
    cells: count
    blank: zero
    blanks: {总计: report}
    codes: {cells: AB101}
    columns: {男: 男, 女: [女, 女性], 总计: 总计}
    rows:
      城镇: 城镇
      乡村: {label: 乡村, 平原: 平原, 山区: 山区}
rules:
  - id: AB102
    name: {zh: 合计, en: total}
    for: each row in T
    check: 总计 ＝ 男 ＋ 女
    message: {zh: 总计应等于男女之和。, en: The total must equal men plus women.}
"""


def test_a_good_rulebook_becomes_a_form_and_rules(book: Callable[[str], Rulebook]) -> None:
    made = book(GOOD)
    table = made.form.tables["T"]
    assert [line.name for line in table.rows.lines] == ["城镇", "平原", "山区"]
    assert table.rows.groups == {"乡村": (1, 2)}
    assert table.columns.lines[1].labels == ("女", "女性")
    assert (table.blank_at(0, 0), table.blank_at(0, 2)) == ("zero", "report")
    assert made.rules[0].scope is not None
    assert made.rules[0].origin.line == 16


MISTAKES = """\
tables:
  T:
    title：人口
    cells: counts
    columns: {男: 男, 总计: 总计}
    rows: {城镇: 城镇}
rules:
  - id: AB101
    name: {zh: 甲, en: a}
    levle: soft
    for: each row in T
    check: 总计 = 男
    message: {zh: 甲, en: a}
  - id: ab2
    name: {zh: 乙, en: b}
    check: 1 = 1
    message: {zh: 乙, en: b}
  - id: AB103
    name: {zh: 丙, en: c}
    for: every row in T
    check: 总计 = 男
    message: {zh: 丙}
"""

TEN = """\
tables:
  T:
    title：人口
    cells: count
    columns: {男: 男, 总计: 总计}
    rows: {城镇: 城镇}
facts:
  share: {find: 占比, every: true}
labels:
  en: {男: men, 男: male}
rules:
  - id: AB101
    name: {zh: 甲, en: a}
    levle: soft
    for: each row in T
    check: 总记 = 男
    message: {zh: 甲, en: a}
  - id: ab2
    name: {zh: 乙, en: b}
    check: T.城镇[男] = 1
    message: {zh: 乙, en: b}
  - id: AB103
    name: {zh: 丙, en: c}
    for: each line in T
    check: 总计 = 男
    message: {zh: 丙, en: c}
  - id: AB101
    name: {zh: 丁, en: d}
    for: each row in T
    check: 总计 = 男 +
    message: {zh: 丁}
  - id: AB105
    name: {zh: 戊, en: e}
    for: each row in T
    check: 总计 = sun(男)
    message: {zh: 戊, en: e}
tests:
  good: good.csv
  cases:
    - set: {"T.城镇[女]": 1}
      expect: [AB101 城镇]
    - set: {"T.城镇[男]": 1}
      expect: [AB101，AB105]
"""


def test_ten_different_mistakes_are_told_in_one_run(book: Callable[[str], Rulebook]) -> None:
    with pytest.raises(Malformed) as caught:
        book(TEN)
    told = [(m.code, m.origin.line, m.message.zh) for m in caught.value.mistakes]
    expected = [
        ("RB001", 6, "中文“：”"),
        ("RB008", 11, "没有 {名:count} 这样的空"),
        ("RB005", 13, "“男”写了两次"),
        ("RB004", 17, "是不是“level”？"),
        ("RB011", 19, "最接近“总计”"),
        ("RB007", 21, "“id: ab2”不对"),
        ("RB010", 27, "读不懂“line in T”"),
        ("RB006", 34, "缺少“en:”"),
        ("RB011", 38, "“sun”不是运算，最接近“sum”"),
        ("RB013", 43, "“T.城镇[女]”不是一格"),
        ("RB002", 46, "中文逗号"),
    ]
    for code, line, words in expected:
        assert any(c == code and at == line and words in message for c, at, message in told), (code, line, told)
    assert "rulebook.yaml:17:5  RB004" in caught.value.to("en")


def test_a_broken_table_does_not_echo_in_every_rule(book: Callable[[str], Rulebook]) -> None:
    with pytest.raises(Malformed) as caught:
        book(MISTAKES)
    own = [m.message.en for m in caught.value.mistakes if m.code in {"RB010", "RB011"}]
    assert own == ['cannot read "every row in"']  # the rule's own mistake, and no echo of the table's
    assert any("counts" in m.message.zh for m in caught.value.mistakes)


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("blank: zero", "blank: null0", "RB007", "blank"),
        ("山区: 山区", "山区: 山区, 城镇: x", "RB012", "“城镇”已经有了"),
        ("blanks: {总计: report}", "blanks: {总记: report}", "RB011", "“总记”不是表 T 的行名或列名"),
        ("    cells: count\n", "    cells: count\n\tblank: zero\n", "RB001", "制表符"),
        ("zh: 总计应等于男女之和。", "zh: 合计: 应相等", "RB003", "放进引号"),
        ("    columns: {男", "    colums: {男", "RB004", "是不是“columns”"),
        ("rules:", "include: [no.yaml]\nrules:", "RB022", "没有规则文件"),
        ("    check: 总计 ＝ 男 ＋ 女\n", "", "RB006", "缺少“check:”"),
        ("    for: each", "    level: hrad\n    for: each", "RB007", "只能是 hard、soft、info；是不是“hard”？"),
        ("name: {zh: 合计, en: total}", "name: 合计", "RB007", "要中英文各一句"),
        ("id: AB102", "id: ab1", "RB007", "编号是二至四个大写字母"),
    ],
)
def test_each_slip_has_its_own_sentence(
    book: Callable[[str], Rulebook], old: str, new: str, code: str, words: str
) -> None:
    assert old in GOOD
    with pytest.raises(Malformed) as caught:
        book(GOOD.replace(old, new))
    assert any(m.code == code and words in m.message.zh for m in caught.value.mistakes), caught.value.to("zh")


def test_a_broken_rule_does_not_hide_the_mistakes_in_its_check(book: Callable[[str], Rulebook]) -> None:
    with pytest.raises(Malformed) as caught:
        book(GOOD.replace("    check: 总计 ＝ 男 ＋ 女\n", "    level: hrad\n    check: 总计 ＝ 男 ＋ 妇\n"))
    told = [(m.code, m.origin.line) for m in caught.value.mistakes if m.origin.line > 5]
    assert {code for code, _ in told} == {"RB007", "RB011"}
    assert "有 2 个错误" in caught.value.to("zh")


def test_an_unknown_rulebook_names_the_known() -> None:
    with pytest.raises(Fault) as caught:
        rulebook.find("cn-disclosure-1999")
    assert caught.value.exit == 2
    assert "cn-disclosure-2021" in caught.value.to("en")


def test_an_empty_or_binary_rulebook_is_refused(tmp_path) -> None:
    (tmp_path / "rulebook.yaml").write_bytes(b"")
    with pytest.raises(Malformed):
        rulebook.load(tmp_path)
    (tmp_path / "rulebook.yaml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(Fault) as caught:
        rulebook.load(tmp_path)
    assert caught.value.exit == 2


def test_the_editor_schema_knows_every_key() -> None:
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert {"rulebook", "tables", "rules", "facts", "tests", "include"} <= schema["properties"].keys()


def test_a_rulebook_is_parsed_once_and_again_when_any_of_its_files_changes(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("AUDITKIT_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "form"
    folder.mkdir()
    (folder / "part.yaml").write_text("labels: {en: {男: men}}\n", "utf-8")
    load_text("include: [part.yaml]\n" + GOOD, folder)
    monkeypatch.setattr("auditkit.rulebook.assemble.read_tree", None)
    book = rulebook.load(folder)
    assert book.label("男").en == "men"
    monkeypatch.setattr(import_module("auditkit.rulebook.stored"), "_book", None)
    assert rulebook.identities(str(folder)) == ((book.id, book.sha256),), "told without reading the rest"
    monkeypatch.undo()
    monkeypatch.setenv("AUDITKIT_CACHE", str(tmp_path / "cache"))
    (folder / "part.yaml").write_text("labels: {en: {男: male}}\n", "utf-8")
    assert rulebook.identities(str(folder))[0].sha256 != book.sha256
    assert rulebook.load(folder).label("男").en == "male"
    for entry in (tmp_path / "cache").iterdir():
        entry.write_bytes(b"damaged")
    assert rulebook.load(folder).label("男").en == "male"
