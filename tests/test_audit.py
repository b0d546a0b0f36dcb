"""The corridor: reports in several files, texts without tables, order of results, faults among good files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import auditkit
from auditkit import readers
from auditkit.audit import auditor, sources
from auditkit.model.document import Document, SheetFacts, Source
from auditkit.model.words import Fault, Text

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


@pytest.fixture(scope="module")
def everything():
    return auditor()


def text(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_text_is_read_beside_the_workbook_of_its_unit_and_year(everything, tmp_path: Path) -> None:
    words = text(
        tmp_path,
        "白石镇_2024.txt",
        "白石镇2024年政府信息公开工作年度报告",
        "2024年，新收政府信息公开申请67件，其中自然人49件。",
    )
    alone, workbook = everything.audit(sources([words, SAMPLES / "broken" / "白石镇_2024.xlsx"]))
    found = {f.rule: f for f in workbook.findings}
    assert found["GK307"].place.file == "白石镇_2024.txt"
    assert found["GK307"].place.paragraph == 2
    assert found["GK307"].quote.startswith("2024年，新收")
    assert alone.missing == {}


def test_a_text_of_a_form_without_its_tables_is_not_checked(everything, tmp_path: Path) -> None:
    words = text(tmp_path, "某镇_2024.txt", "某镇2024年政府信息公开工作年度报告", "2024年，主动公开政府信息12条。")
    (result,) = everything.audit(sources([words]))
    assert result.verdict == "not checked"
    assert set(result.missing) == {"T21", "T25", "T26", "T28", "T3", "T4"}
    assert result.unchecked["table missing"] == 200


def test_a_picture_of_the_tables_is_never_a_pass(everything) -> None:
    page = "<p>青山镇2023年政府信息公开工作年度报告</p><p>2023年，我镇公开信息20条。</p><img src='a.png' width='600'>"
    (result,) = everything.audit([Source("青山镇_2023.html", page.encode())])
    assert result.verdict == "not checked"
    assert "只有图片，没有可以读的表" in {text.zh for text in result.missing.values()}
    assert sum(tally.unchecked.get("picture", 0) for tally in result.tallies.values()) == 200


def test_results_come_in_the_order_of_the_inputs_whatever_happened_to_them(everything, tmp_path: Path) -> None:
    good = SAMPLES / "clean" / "official" / "宿迁市_2024.xlsx"
    old = SAMPLES / "clean" / "official" / "青山镇_2020.xlsx"
    damaged = tmp_path / "损坏.xlsx"
    damaged.write_bytes(good.read_bytes()[:3000])
    paths = [good, damaged, tmp_path / "没有.xlsx", old, text(tmp_path, "空.csv", ""), good]
    results = list(everything.audit(sources(paths)))
    assert [r.verdict for r in results] == ["pass", "not checked", "not checked", "pass", "not checked", "pass"]
    assert [r.rulebook for r in results] == [
        "cn-disclosure-2021",
        "",
        "",
        "cn-disclosure-2019",
        "",
        "cn-disclosure-2021",
    ]
    assert [f.code for r in results for f in r.faults] == ["damaged", "missing", "empty"]


def test_the_python_call_returns_findings_and_a_frame() -> None:
    result = auditkit.check(SAMPLES / "broken" / "白石镇_2024.xlsx", rules="cn-disclosure-2021")
    assert (result.verdict, result.ok, len(result.findings)) == ("return", False, 2)
    frame = result.frame()
    assert frame["cell"].tolist() == ["J23", "D23"]
    assert frame["off"].tolist() == [1, -1]
    assert result.suspects[0].proposed == ("49",)


def test_the_python_call_raises_what_kept_it_from_checking(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        auditkit.check(tmp_path / "没有.xlsx")
    assert caught.value.exit == 2


def test_same_input_same_bytes(everything) -> None:
    paths = sorted((SAMPLES / "broken").glob("*.xlsx"))
    assert list(everything.audit(sources(paths))) == list(everything.audit(sources(paths)))


def test_tables_of_no_form_in_a_text_are_checked_too_and_the_text_alone_does_not_pass(everything, tmp_path) -> None:
    rows = [(f"第{n}区", 1000 + 37 * n, 2000 + 53 * n, 3000 + 90 * n + (9 if n == 5 else 0)) for n in range(1, 13)]
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in (("地区", "男", "女", "合计"), *rows)]
    words = "<p>2024年共有申请20件，其中自然人15件，占75%。</p>"
    page = text(tmp_path, "人口_2024.html", words, "<table>", *(f"<tr>{line}</tr>" for line in lines), "</table>")
    (result,) = everything.audit(sources([page]))
    assert [(f.rule, f.place.address) for f in result.findings] == [("SH102", "D6")]
    assert (result.verdict, result.unchecked["unknown form"]) == ("not checked", 1)
    (words_only,) = auditor(rules="report-prose-zh").audit(sources([page]))
    assert (words_only.verdict, words_only.findings) == ("pass", ())
    assert words_only.notes[-1].en == "tables of no known form, not checked: 1"


def test_without_a_rulebook_the_cell_that_would_put_two_sums_right_is_pointed_at(everything, tmp_path: Path) -> None:
    rows = [(1000 + 37 * n, 2000 + 53 * n) for n in range(1, 7)]
    total = [sum(side) for side in zip(*rows, strict=True)]
    lines = [f"第{n}区,{a},{b},{a + b}" for n, (a, b) in enumerate([*rows, total], 1)]
    lines[-1] = lines[-1].replace("第7区", "总计")
    lines[2] = lines[2].replace("1111", "1121")
    table = text(tmp_path, "人口_2024.csv", "2024年人口统计表", "地区,男,女,合计", *lines)
    (result,) = everything.audit(sources([table]))
    (one,) = result.suspects
    assert [(p.address, n.zh, v) for p, n, v in zip(one.places, one.names, one.proposed, strict=True)] == [
        ("B5", "第3区 · 男", "1111")
    ]
    assert set(one.clears) == {f.key for f in result.findings}


def test_tables_of_no_form_are_checked_for_what_needs_no_rulebook(everything, tmp_path: Path) -> None:
    lines = [f"第{n}区,{1000 + 37 * n},{2000 + 53 * n},{3000 + 90 * n + (9 if n == 5 else 0)}" for n in range(1, 13)]
    table = text(tmp_path, "人口_2024.csv", "2024年人口统计表", "地区,男,女,合计", *lines)
    (result,) = everything.audit(sources([table]))
    assert [(f.rule, f.level, f.place.address) for f in result.findings] == [("SH102", "soft", "D7")]
    assert result.verdict == "not checked"
    assert result.notes[0].en.startswith("人口_2024.csv: no known form")


def test_a_file_that_is_found_damaged_late_costs_itself_only() -> None:
    blanks = Source("好镇_2024.xlsx", (SAMPLES / "clean" / "blank-zeros" / "宿迁市_2024.xlsx").read_bytes())

    def unreadable() -> SheetFacts:
        raise Fault("damaged", Text("坏了", "damaged"))

    def read(source: Source) -> Document:
        document = readers.read(source)
        if source.name != "坏镇_2024.xlsx":
            return document
        return replace(document, grids=tuple(replace(grid, facts=unreadable) for grid in document.grids))

    judge = replace(auditor(rules="cn-disclosure-2021"), read=read)
    bad = replace(blanks, name="坏镇_2024.xlsx")
    first, second, third = judge.audit([blanks, bad, blanks])
    assert [fault.code for fault in second.faults] == ["damaged"]
    assert (first.verdict, third.verdict) == ("pass", "pass")


def test_a_file_that_is_not_what_its_name_says_is_read_and_told(everything, tmp_path: Path) -> None:
    (tmp_path / "说明.xlsx").write_text("这不是表。", "utf-8")
    web = (SAMPLES / "clean" / "report" / "宿迁市_2024.html").read_bytes()
    (tmp_path / "宿迁市_2024.xls").write_bytes(web)
    words, page = everything.audit(sources([tmp_path / "说明.xlsx", tmp_path / "宿迁市_2024.xls"]))
    assert [note.zh[:20] for note in words.notes] == [
        "文件名是.xlsx，内容却是纯文本，已按",
        "文中没有可以检查的年度、数量或结构",
    ]
    assert words.verdict == "not checked"
    assert page.verdict == "pass"
    assert "a web page (HTML)" in page.notes[0].en
