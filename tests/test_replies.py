"""Replies: 500 findings out and back through shuffled, filtered, re-saved copies; what lost its key is not read."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from auditkit import known, replies
from auditkit.model.document import Place, Source
from auditkit.model.finding import Finding, Result, Round, Tally, Term, key_of
from auditkit.model.words import Language, Text
from auditkit.replies import Reply, Unreadable
from auditkit.reports import workbook

UNITS, EACH = 5, 100
HEADS = {
    "zh": ("编号", "处理（选）", "说明（请填写）"),
    "en": ("Key", "Answer (choose)", "Explanation (please fill in)"),
}
CHOICES = {
    "zh": {"fixed": "已改", "true": "属实有说明", "rule-wrong": "规则有误"},
    "en": {"fixed": "corrected", "true": "true, explained", "rule-wrong": "the rule is wrong"},
}


def finding(unit: str, n: int) -> Finding:
    rule, row, column = f"GK{300 + n % 7}", f"行{n // 10}", f"列{n % 10}"
    place = Place(f"{unit}.xlsx", "表三", n // 10, n % 10)
    return Finding(
        rule=rule,
        name="balance",
        level=("hard", "soft")[n % 2],  # type: ignore[arg-type] # one of the levels
        status="fail",
        key=key_of("cn", rule, unit, "2021", "T3", row, column),
        values=f"v{n}",
        message=Text(f"第{n}条应相等。", f"No. {n} must agree."),
        arithmetic=Text(f"{n} ≠ {n + 1}，差 -1", f"{n} ≠ {n + 1}, off by -1"),
        place=place,
        table="T3",
        row=row,
        column=column,
        terms=(Term(Text(row, row), str(n), place, f"T3.{row}[{column}]"),),
    )


@cache
def sent_out(number: int, many: int = EACH) -> Result:
    unit = f"22028100{number}"
    found = tuple(finding(unit, n) for n in range(many))
    tallies = {f"GK{300 + n}": Tally(passed=5, failed=many // 7) for n in range(7)}
    base = Result(f"{unit}.xlsx", "ab" * 32, unit=f"单位{number}", unit_code=unit, period="2021")
    return replace(base, findings=found, tallies=tallies)


@cache
def returned(number: int = 1, language: Language = "zh", many: int = EACH) -> bytes:
    return workbook.render(replace(sent_out(number, many), round=Round(2)), language, run="R1")


def filled(data: bytes, answers: Callable[[str, int], tuple[str, str]], language: str = "zh") -> Workbook:
    """The workbook with an answer for each key, opened and to be saved by openpyxl."""
    book = load_workbook(BytesIO(data))
    sheet = book.worksheets[1]
    at = {cell.value: cell.column for cell in sheet[1]}
    key, answer, why = (at[name] for name in HEADS[language])
    for n in range(2, sheet.max_row + 1):
        chosen, said = answers(sheet.cell(n, key).value, n)
        sheet.cell(n, answer).value, sheet.cell(n, why).value = chosen or None, said or None
    return book


def body(book: Workbook) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]


def rewritten(book: Workbook, rows: list[list[object]]) -> Workbook:
    sheet = book.worksheets[1]
    for row in sheet.iter_rows():
        for cell in row:
            cell.value = None
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            sheet.cell(r, c).value = value
    return book


def saved(book: Workbook, name: str = "回.xlsx") -> Source:
    out = BytesIO()
    book.save(out)
    return Source(name, out.getvalue())


def read(*sources: Source) -> list[Reply | Unreadable]:
    return [one for source in sources for one in replies.read_source(source)]


def shuffled(book: Workbook, seed: int) -> Workbook:
    rows = body(book)
    chance = random.Random(seed)
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    rest = rows[1:]
    chance.shuffle(rest)
    return rewritten(book, [[row[c] for c in order] for row in [rows[0], *rest]])


def expected(key: str) -> tuple[str, str]:
    decision = ("fixed", "true", "rule-wrong")[int(key, 16) % 3]
    return decision, f"原因 {key}" if decision != "fixed" else ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_500_findings_come_back_to_the_right_one(language: Language) -> None:
    copies = []
    for number in range(UNITS):
        answers = lambda key, _: (CHOICES[language][expected(key)[0]], expected(key)[1])  # noqa: E731 - read below
        book = shuffled(filled(returned(number, language), answers, language), number)
        book.worksheets[1].auto_filter.ref = "A1:L50"
        for n in range(2, 60):
            book.worksheets[1].row_dimensions[n].hidden = True
        book.worksheets[1].title = f"副本{number}"
        copies.append(saved(book, f"{number}.xlsx"))
    results = [sent_out(number) for number in range(UNITS)]
    matched = replies.match(read(*copies), known.sent(results))
    assert matched.unreadable == ()
    assert len(matched.answered) == UNITS * EACH
    for one in matched.answered:
        assert (one.reply.decision, one.reply.text) == expected(one.sent.finding.key)
        assert one.reply.key == one.sent.finding.key
        assert (one.reply.unit, one.reply.rule) == (one.sent.unit, one.sent.finding.rule)
        assert (one.reply.run, one.reply.round) == ("R1", 2)


def test_the_stamp_and_the_row_are_told() -> None:
    source = saved(filled(returned(), lambda _, n: ("已改", "") if n == 7 else ("", "")))
    assert replies.stamp(source) == replies.Stamp("R1", "220281001", 2, "ab" * 32, "50 50 0")
    (one,) = read(source)
    assert isinstance(one, Reply)
    assert (one.file, one.row, one.where, one.unit) == ("回.xlsx", 7, "表三!F1", "220281001")


def one_answer(
    change: Callable[[list[list[object]]], object], chosen: str = "已改", said: str = "因为"
) -> list[object]:
    """Replies of a small result answered in its first row, its list changed by ``change``."""
    book = filled(returned(1, "zh", 4), lambda _, n: (chosen, said) if n == 2 else ("", ""))
    rows = body(book)
    change(rows)
    return list(read(saved(rewritten(book, rows))))


def at(rows: list[list[object]], name: str) -> int:
    return rows[0].index(name)


def without(name: str) -> Callable[[list[list[object]]], object]:
    def change(rows: list[list[object]]) -> None:
        column = at(rows, name)
        for row in rows:
            del row[column]

    return change


def put(name: str, row: int, value: object) -> Callable[[list[list[object]]], object]:
    return lambda rows: rows[row].__setitem__(at(rows, name), value)


@pytest.mark.parametrize(
    ("change", "code", "row"),
    [
        (without("编号"), "no key column", 0),
        (put("编号", 0, "备注"), "no key column", 0),
        (put("编号", 1, None), "no key", 2),
        (put("编号", 1, 1e21), "key damaged", 2),
        (put("编号", 1, "a1b2"), "key damaged", 2),
        (put("处理（选）", 1, "不知道"), "unknown answer", 2),
        (put("上级意见", 0, "说明"), "two columns", 0),
        (lambda rows: rows.clear(), "no list", 0),
        (lambda rows: (without("处理（选）")(rows), without("说明（请填写）")(rows)), "no reply columns", 0),
    ],
)
def test_nothing_is_read_where_the_key_or_a_column_was_lost_and_that_is_said(
    change: Callable[[list[list[object]]], object], code: str, row: int
) -> None:
    (one,) = one_answer(change)
    assert isinstance(one, Unreadable)
    assert (one.code, one.row, one.file) == (code, row, "回.xlsx")
    assert one.why.zh != one.why.en
    assert "row 2" in one.to("en") if row else one.to("zh").startswith("回.xlsx：")


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.insert(0, ["请尽快回复"]),
        lambda rows: [row.insert(0, None) for row in rows],
        without("规则"),
        without("处理（选）"),
        put("说明（请填写）", 0, " 说 明(请填写) "),
        put("编号", 0, "编号\n"),
        lambda rows: [row.__delitem__(slice(0, 8)) for row in rows],
    ],
)
def test_what_people_do_to_a_list_does_not_matter(change: Callable[[list[list[object]]], object]) -> None:
    (one,) = one_answer(change, chosen="属实有说明")
    assert isinstance(one, Reply)
    assert (one.key, one.decision, one.text) == (sent_out(1, 4).findings[0].key, "true", "因为")


@pytest.mark.parametrize(
    ("chosen", "said", "decision", "text"),
    [
        ("", "集中受理", "true", "集中受理"),
        ("", "19", "true", "19"),
        ("属实", "", "true", ""),
        (" 已改 ", "", "fixed", ""),
        ("已改正。", "", "fixed", ""),
        ("True, explained", "x", "true", "x"),
        ("规则有误", "=1+1", "rule-wrong", "=1+1"),
    ],
)
def test_words_that_are_taken_for_an_answer(chosen: str, said: str, decision: str, text: str) -> None:
    book = filled(returned(1, "zh", 4), lambda _, n: (chosen, said) if n == 2 else ("", ""))
    cell = book.worksheets[1].cell(2, 10)
    cell.data_type = "n" if said.isdigit() else "s"
    cell.value = float(said) if said.isdigit() else said or None
    cell.data_type = "s" if said.startswith("=") else cell.data_type
    (one,) = read(saved(book))
    assert isinstance(one, Reply)
    assert (one.decision, one.text) == (decision, text)


def test_one_explanation_merged_over_three_rows_is_for_all_three() -> None:
    book = filled(returned(1, "zh", 4), lambda _, n: ("", "机构改革") if n == 2 else ("", ""))
    book.worksheets[1].merge_cells("J2:J4")
    assert [(one.row, one.text) for one in read(saved(book)) if isinstance(one, Reply)] == [
        (2, "机构改革"),
        (3, "机构改革"),
        (4, "机构改革"),
    ]


def test_a_row_copied_twice_counts_once_and_two_answers_count_not_at_all() -> None:
    (one,) = one_answer(lambda rows: rows.append(list(rows[1])))
    assert isinstance(one, Reply)
    both = one_answer(lambda rows: (rows.append(list(rows[1])), put("说明（请填写）", 5, "另一个")(rows)))
    assert [one.code for one in both if isinstance(one, Unreadable)] == ["two answers"] * 2


def test_a_column_sorted_alone_is_noticed() -> None:
    def change(rows: list[list[object]]) -> None:
        key = at(rows, "编号")
        rows[1][key], rows[2][key] = rows[2][key], rows[1][key]

    matched = replies.match(one_answer(change), known.sent([sent_out(1, 4)]))  # type: ignore[arg-type] # as read gives
    assert (matched.answered, [one.code for one in matched.unreadable]) == ((), ["rows shifted"])


def test_a_key_that_was_never_sent_or_to_several_is_not_taken() -> None:
    got = one_answer(lambda rows: None)
    other = known.sent([sent_out(2, 4)])
    assert [u.code for u in replies.match(got, other).unreadable] == ["unknown key"]  # type: ignore[arg-type] # as above
    (mine,) = [s for s in known.sent([sent_out(1, 4)]) if s.finding.key == got[0].key]  # type: ignore[attr-defined] # a Reply
    twins = [replace(mine, unit="a"), replace(mine, unit="b")]
    assert [u.code for u in replies.match(got, twins).unreadable] == ["whose key"]  # type: ignore[arg-type] # as above
    assert len(replies.match(got, [*twins, mine]).answered) == 1, "the file says whose it is"  # type: ignore[arg-type] # as above


def test_two_files_that_answer_differently_are_both_not_taken() -> None:
    first = filled(returned(1, "zh", 4), lambda _, n: ("已改", "") if n == 2 else ("", ""))
    again = filled(returned(1, "zh", 4), lambda _, n: ("规则有误", "") if n == 2 else ("", ""))
    sent = list(known.sent([sent_out(1, 4)]))
    matched = replies.match(read(saved(first, "a.xlsx"), saved(again, "b.xlsx")), sent)
    assert (matched.answered, [u.code for u in matched.unreadable]) == ((), ["two files"])
    assert len(replies.match(read(saved(first, "a.xlsx"), saved(first, "b.xlsx")), sent).answered) == 1


def test_files_that_are_none_of_ours(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["编号", "名称", "说明"], ["1", "甲", "已办结"], ["2", "乙", "转办"]):
        book.active.append(row)
    book.save(tmp_path / "台账.xlsx")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 no zip")
    (tmp_path / "空.xlsx").write_bytes(b"")
    got = replies.read([*sorted(tmp_path.iterdir()), tmp_path / "没有.xlsx"])
    assert sorted((one.file, one.code) for one in got if isinstance(one, Unreadable)) == [
        ("台账.xlsx", "no list"),
        ("坏.xlsx", "damaged"),
        ("没有.xlsx", "missing"),
        ("空.xlsx", "empty"),
    ]
    assert replies.stamp(Source("台账.xlsx", (tmp_path / "台账.xlsx").read_bytes())) is None
    assert replies.stamp(Source("坏.xlsx", b"PK\x03\x04 no zip")) is None


def test_without_properties_the_key_still_finds_its_finding() -> None:
    book = filled(returned(1, "zh", 4), lambda *_: ("已改", ""))
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    matched = replies.match(read(saved(book)), known.sent([sent_out(1, 4)]))
    assert (len(matched.answered), {a.reply.unit for a in matched.answered}) == (4, {""})


def test_a_result_without_answers_gives_nothing() -> None:
    assert read(Source("a.xlsx", returned())) == []


WORDS = st.sampled_from(["编号", "处理", "说明", "a1b2c3d4e5"])
ROW = st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=4), WORDS), max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=6))
def test_any_table_is_read_or_refused(rows: Iterable[list[object]]) -> None:
    from auditkit.model.document import Document, Grid  # noqa: PLC0415 - only here
    from auditkit.replies.sheet import List, find, lines  # noqa: PLC0415 - only here

    square = [[*row, *[None] * (5 - len(row))] for row in rows]
    found = find(Document("x", "workbook", (Grid("x", square),)))  # type: ignore[arg-type] # any values
    if isinstance(found, List):
        assert len(list(lines(found))) == len(square) - found.header - 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["xlsx"])
def test_saved_by_libreoffice(tmp_path: Path, suffix: str) -> None:
    answers = lambda key, _: (CHOICES["zh"][expected(key)[0]], expected(key)[1])  # noqa: E731 - short
    shuffled(filled(returned(), answers), 3).save(tmp_path / "in.xlsx")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", suffix, "--outdir", "out", "in.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    got = replies.read([tmp_path / "out" / f"in.{suffix}"])
    matched = replies.match(got, known.sent([sent_out(1)]))
    assert (matched.unreadable, len(matched.answered)) == ((), EACH)
    assert {a.reply.unit for a in matched.answered} == {"220281001"}
