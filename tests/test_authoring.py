"""Tools for authors: the annex, what changed between rulebooks, observed findings, retired codes and validity."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from auditkit import readers, rulebook
from auditkit.audit import auditor, sources
from auditkit.authoring.annex import Lines, annex
from auditkit.authoring.compare import compare
from auditkit.authoring.differences import differences
from auditkit.authoring.docs import SUFFIXES, docs
from auditkit.authoring.effects import effects
from auditkit.authoring.observed import update
from auditkit.authoring.right import right_examples
from auditkit.bind import Binder
from auditkit.catalogue import every_rule
from auditkit.explain import explanation
from auditkit.model.words import Fault
from auditkit.proof import prove
from conftest import HEAD

BOOK = """\
# what the town counts
tables:
  T1:
    title: 人口情况
    cells: count
    blank: report
    codes: {cells: AB101, blank: AB102}
    columns: {男: 男, 女: 女, 总计: 总计}
    rows: {城镇: 城镇, 乡村: 乡村}
rules:
  - id: AB110
    name: {zh: 合计, en: total}
    level: soft
    for: each row in T1   # both rows
    check: 总计 = 男 + 女
    message: {zh: 总计应等于男女之和。, en: The total must equal men plus women.}
    why: {zh: 人人都在其中。, en: Everybody is in it.}
tests:
  good: good.csv
  cases:
    - set: {"T1.城镇[男]": 8}   # nothing is written down yet
      expect: []
    - set: {"T1.城镇[总计]": 10}
      expect: [AB110 城镇, AB102]   # one right, one wrong
    - set: {"T1.乡村[女]": null}
      expect:
        - AB110 乡村
"""
GOOD = "北山镇2024年人口情况,,,\n项目,男,女,总计\n城镇,5,4,9\n乡村,2,3,5\n"


def written(folder: Path, text: str = BOOK) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "good.csv").write_text(GOOD, "utf-8")
    (folder / "rulebook.yaml").write_text(HEAD + text, "utf-8")
    return folder


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return written(tmp_path / "town")


# the annex


def test_the_annex_says_what_the_form_and_every_rule_says() -> None:
    zh = docs("cn-disclosure-2014", ".md", "zh").decode()
    rule = zh[zh.index("### GT302") : zh.index("### GT303")]
    assert rule.splitlines()[:11] == [
        "### GT302 办结方式合计（须说明）",
        "",
        "- **读作** “政府信息公开情况统计表”每一列：办结数等于办结方式各项之和。",
        "- **原文** 办结数 = sum(办结方式)",
        "- **要求** 申请办结数一般等于按时办结数与延期办结数之和，请核实。",
        "- **为什么** 办结的申请不是按时办结就是延期办结。",
        "- **常见错** 延期办结的同时计入了按时办结；办结数填成了收到数。",
        "- **对的** 办结数 12 = 办结方式 12",
        "- **错的** 办结数 12 ≠ 办结方式 -10，差 22",
        "- **怎么改** 按台账核对三个数。",
        "- **依据** 算术推算；2014年格式没有印出这条关系（格式凭记忆复原）",
    ]
    assert "非官方文本" in zh.splitlines()[0]
    assert "| 　　按时办结 | 1.按时办结数 |  |" in zh


@pytest.mark.parametrize("name", rulebook.shipped())
def test_every_rule_is_in_the_annex_in_both_languages(name: str) -> None:
    for language in ("zh", "en"):
        text = docs(name, ".md", language).decode()
        assert [r.id for r in every_rule(rulebook.find(name)) if f"### {r.id} " not in text] == []


def test_every_line_of_every_table_is_in_the_annex() -> None:
    book = rulebook.find("cn-disclosure-2021")
    shown = [row[0].zh.strip() for block in annex(book) if isinstance(block, Lines) for row in block.rows]
    declared = [line.name for table in book.form for axis in (table.columns, table.rows) for line in axis.lines]
    assert set(declared) <= set(shown)


def test_a_word_document_has_headings_and_tables() -> None:
    document = Document(BytesIO(docs("cn-disclosure-2014", ".docx", "en")))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 3"]
    assert "GT302 closed requests (explain)" in headings
    assert document.tables[1].cell(2, 1).text.startswith("（一）主动公开政府信息数")


def test_a_workbook_has_a_sheet_for_tables_and_one_for_rules() -> None:
    book = load_workbook(BytesIO(docs("cn-disclosure-2014", ".xlsx", "zh")))
    assert book.sheetnames[1:] == ["一、表", "二、审核关系"]
    texts = [cell.value for row in book["二、审核关系"].iter_rows() for cell in row]
    assert "办结数 = sum(办结方式)" in texts


def test_a_web_page_escapes_and_fetches_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path / "x", BOOK.replace("总计应等于男女之和。", "总计 < <b>男</b> & 女。"))
    page = docs(str(folder), ".html", "zh").decode()
    assert "总计 &lt; &lt;b&gt;男&lt;/b&gt; &amp; 女。" in page
    assert "http" not in page
    assert "<script" not in page


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_rulebook_same_annex(suffix: str) -> None:
    first, again = (docs("cn-disclosure-2014", suffix, "zh") for _ in range(2))
    assert first == again
    if suffix == ".docx":
        dates = {info.date_time for info in zipfile.ZipFile(BytesIO(first)).infolist()}
        assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_an_unknown_suffix_is_refused() -> None:
    with pytest.raises(Fault, match="unknown suffix") as caught:
        docs("cn-disclosure-2014", ".pdf", "en")
    assert caught.value.exit == 2


def test_right_examples_come_from_the_good_sample(tmp_path: Path) -> None:
    book = rulebook.load(
        written(tmp_path / "x", BOOK.split("tests:", maxsplit=1)[0] + "tests: {good: good.csv, cases: []}\n")
    )
    assert right_examples(book)["AB110"].zh == "总计 9 = 男 5 + 女 4 = 9"


# differences


def test_what_changed_is_told_by_rule_and_field(tmp_path: Path) -> None:
    base = BOOK.split("tests:", maxsplit=1)[0]
    new = (
        base.replace("level: soft", "level: hard")
        .replace("男 + 女\n", "男 + 女 + 0\n")
        .replace("女: 女", "女: [女, 女性]")
    )
    new = new.replace("for: each row in T1", "for: each row in T1 except 乡村").replace("AB102", "AB103")
    old_book, new_book = (rulebook.load(written(tmp_path / n, t)) for n, t in (("old", base), ("new", new)))
    told = [(c.what, c.kind, c.field.en, c.before.en, c.after.en) for c in compare(old_book, new_book)]
    assert told == [
        ("T1", "changed", "codes", "blank: AB102 | cells: AB101", "blank: AB103 | cells: AB101"),
        ("T1", "changed", "column 女", "女", "女 | 女性"),
        ("AB102", "removed", "", "blanks", ""),
        ("AB103", "added", "", "", "blanks"),
        ("AB110", "changed", "level", "explain", "must fix"),
        ("AB110", "changed", "for", "each row in T1", "each row in T1 except 乡村"),
        ("AB110", "changed", "check", "总计 = 男 + 女", "总计 = 男 + 女 + 0"),
    ]


@pytest.mark.parametrize("name", rulebook.shipped())
def test_a_rulebook_does_not_differ_from_itself(name: str) -> None:
    assert compare(rulebook.find(name), rulebook.find(name)) == ()


def test_comments_and_order_of_keys_are_no_difference(tmp_path: Path) -> None:
    base = BOOK.split("tests:", maxsplit=1)[0]
    other = base.replace("# what the town counts\n", "").replace("女: 女, 总计: 总计", '女: "女", 总计: 总计')
    books = [rulebook.load(written(tmp_path / n, t)) for n, t in (("old", base), ("new", other))]
    assert compare(*books) == ()


def test_on_a_folder_the_verdicts_that_change_are_told(tmp_path: Path) -> None:
    base = BOOK.split("tests:", maxsplit=1)[0]
    old = written(tmp_path / "old", base)
    new = written(tmp_path / "new", base.replace("level: soft", "level: hard"))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "东山镇_2024.csv").write_text(GOOD.replace("北山", "东山"), "utf-8")
    (inbox / "西山镇_2024.csv").write_text(GOOD.replace("北山", "西山").replace("4,9", "4,8"), "utf-8")
    (inbox / "说明.bin").write_bytes(b"\x00")
    found = effects(rulebook.load(old), rulebook.load(new), sorted(inbox.iterdir()))
    assert (found.files, found.unmoved) == (3, 2)
    assert [[Path(f).name for f in files] for files in found.moved.values()] == [["西山镇_2024.csv"]]
    assert list(found.moved) == [("explain", "return")]
    lines = list(differences(str(old), str(new), inbox, "zh"))
    assert lines[0] == "AB110 改 级别：须说明 → 必须改"
    assert lines[-1] == "3 份中 1 份结论改变，2 份不变"


def test_a_rule_that_is_new_shows_what_it_finds(tmp_path: Path) -> None:
    base = BOOK.split("tests:", maxsplit=1)[0]
    old = written(tmp_path / "old", base[: base.index("rules:")])
    new = written(tmp_path / "new", base)
    (tmp_path / "a.csv").write_text(GOOD.replace("4,9", "4,8"), "utf-8")
    found = effects(rulebook.load(old), rulebook.load(new), [tmp_path / "a.csv"])
    assert (found.findings[0]["AB110"], found.findings[1]["AB110"], found.units[1]["AB110"]) == (0, 1, 1)


# observed findings


def test_update_writes_what_was_found_and_keeps_every_comment(town: Path) -> None:
    before = (town / "rulebook.yaml").read_text("utf-8")
    lines = list(update((str(town),), "zh"))
    assert [good for good, _ in lines] == [True] * 4
    after = (town / "rulebook.yaml").read_text("utf-8")
    assert "      expect: [AB110 城镇]\n" in after
    assert "      expect: [AB110 城镇]   # one right, one wrong\n" in after
    assert "      expect:\n        - AB110 乡村\n" not in after
    assert after.count("#") == before.count("#")
    assert all(one.right for one in prove(rulebook.load(town)))
    assert [line for _, line in update((str(town),), "zh")] == ["√ test-form 没有要改的例子"]


def test_update_never_writes_down_a_finding_in_the_good_sample(town: Path) -> None:
    (town / "good.csv").write_text(GOOD.replace("4,9", "4,8"), "utf-8")
    told = list(update((str(town),), "zh"))
    assert told[0] == (False, "× 样表中发现 AB110 城镇，没有改动")


def test_update_refuses_a_list_that_is_written_elsewhere(tmp_path: Path) -> None:
    text = BOOK.split("  cases:", maxsplit=1)[0] + (
        '  cases:\n    - set: {"T1.城镇[男]": 8}\n      expect: &same []\n'
        '    - set: {"T1.城镇[女]": 8}\n      expect: *same\n'
    )
    folder = written(tmp_path / "town", text)
    before = (folder / "rulebook.yaml").read_bytes()
    with pytest.raises(Fault, match="anchor or alias"):
        list(update((str(folder),), "en"))
    assert (folder / "rulebook.yaml").read_bytes() == before


# the life of a rule


def test_a_retired_code_still_answers(tmp_path: Path) -> None:
    text = BOOK.split("tests:", maxsplit=1)[0].replace("tables:", "retired: {AB090: AB110}\ntables:", 1)
    folder = written(tmp_path / "town", text)
    lines = list(explanation("AB090", str(folder), "zh"))
    assert lines[0] == "AB090 在 test-form 1 版停用，现为 AB110"
    assert lines[1].startswith("AB110 合计")
    assert "停用的编号" in docs(str(folder), ".md", "zh").decode()


def test_a_rule_may_hold_from_some_year_on(tmp_path: Path) -> None:
    text = BOOK.split("tests:", maxsplit=1)[0].replace(
        "    check: 总计", "    when: report.year ≥ 2024\n    check: 总计"
    )
    book = rulebook.load(written(tmp_path / "town", text))
    for year, failed in ((2023, 0), (2024, 1)):
        path = tmp_path / f"{year}.csv"
        path.write_text(GOOD.replace("2024", str(year)).replace("4,9", "4,8"), "utf-8")
        assert effects(book, book, [path]).findings[0]["AB110"] == failed


# the form of 2014


def test_the_form_of_2014_says_that_it_is_not_official() -> None:
    book = rulebook.find("cn-disclosure-2014")
    for text in (book.title.zh, book.basis):
        assert "非官方文本" in text
    assert sum(table.size for table in book.form) == 58
    assert book.form.periods == (2014, 2018)


def test_what_the_form_of_2014_does_not_print_is_never_must_fix() -> None:
    book = rulebook.find("cn-disclosure-2014")
    hard = [rule.id for rule in book.rules if rule.level == "hard"]
    assert hard == ["GT104"], "only the year in the titles"


def test_every_cell_of_the_form_of_2014_is_read_where_it_stands() -> None:
    book = rulebook.find("cn-disclosure-2014")
    document = readers.read(readers.load(Path(book.good)))
    filled = Binder((book.form,)).bind(document)
    printed = [
        row[2] for row in document.grids[0].rows if row[1] not in {None, "", "——", "单位"} and row[2] not in {None, ""}
    ]
    shown = [filled.cell(slot).text for slot in range(book.form.size)]
    assert shown == [str(v) for v in printed if "填报人" not in str(v)]


def test_a_report_of_2018_without_the_annex_is_checked_by_its_words_alone() -> None:
    sample = Path(__file__).resolve().parents[1] / "samples" / "broken" / "漂河镇_2018.txt"
    (result,) = auditor().audit(sources([sample]))
    assert (result.rulebook, result.missing, result.incomplete) == ("report-prose-zh", {}, False)
