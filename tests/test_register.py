"""Registers: a list read in blocks gives what the same list gives when it is laid out, whatever stands in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.audit import Auditor
from auditkit.model.document import Source
from auditkit.model.finding import Result
from auditkit.model.rule import Rulebook
from auditkit.register import blocks, opening

pytest.importorskip("pyarrow", reason="registers are an extra")

TABLES = """\
tables:
  R:
    title: 申请登记册
    records: {name: units, key: code}
    cells: count
    blanks: {name: allow, note: allow}
    kinds: {name: text, fee: number, note: text}
    codes: {cells: RG100, blank: RG101}
    columns: {code: 编号, name: 单位, got: 收到, done: 办结, left: 结转, fee: 收费, note: 备注}
    rows: {total: 合计}
rules:
"""
BOOK = (
    TABLES
    + """\
  - id: RG102
    name: {zh: 甲, en: a}
    for: each row in R.units
    check: left = got - done
    message: {zh: 甲。, en: A.}
  - id: RG103
    name: {zh: 乙, en: b}
    for: each row in R
    when: got > 0
    check: done ≤ got
    message: {zh: 乙。, en: B.}
  - id: RG104
    name: {zh: 丙, en: c}
    for: each column in R except code, name, note
    check: total = sum(units)
    message: {zh: 丙。, en: C.}
  - id: RG105
    name: {zh: 丁, en: d}
    for: each row in R.units
    check: code is unique
    message: {zh: 丁。, en: D.}
"""
)
HEAD = "申请登记册,,,,,,\n编号,单位,收到,办结,结转,收费,备注\n"


def both(book: Rulebook, text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Result, Result]:
    """The same file read in blocks and laid out."""
    results = []
    for long in (1, 1 << 40):
        monkeypatch.setattr(opening, "LONG", long)
        (result,) = Auditor((book,), forced=True).audit([Source("册.csv", text.encode())])
        results.append(result)
    assert [fault.to("zh") for fault in results[0].faults] == [fault.to("zh") for fault in results[1].faults]
    return results[0], results[1]


def told(result: Result) -> list[tuple[str, ...]]:
    return sorted(
        (f.rule, f.level, f.place.address, f.row, f.column, f.message.zh, f.arithmetic.zh) for f in result.findings
    )


def tallies(result: Result) -> dict[str, tuple[int, int, int]]:
    return {code: (t.passed, t.failed, sum(t.unchecked.values())) for code, t in result.tallies.items()}


CLEAN = HEAD + "a1,东镇,10,8,2,1.50,\nb2,西镇,5,5,0,0.25,迟报\nc3,南镇,0,0,0,0.00,\n合计,,15,13,2,1.75,\n"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", []),
        ("10,8,2", "10,8,3", ["RG102", "RG104"]),
        ("5,5,0", "5,6,-1", ["RG100", "RG103", "RG104", "RG104"]),
        ("b2,西镇", "a1,西镇", ["RG105", "RG105"]),
        ("15,13,2", "15,14,2", ["RG104"]),
        ("1.75", "1.80", ["RG104"]),
        ("10,8,2", '"1,010",8,"1,002"', ["RG104", "RG104"]),
        ("10,8,2", "十,8,2", []),
        ("10,8,2", "若干,8,2", ["RG100"]),
        ("10,8,2", ",8,2", ["RG101"]),
        ("10,8,2", "N/A,8,2", ["RG101"]),
        ("0,0,0,0.00", "0.5,0,0.5,0.00", ["RG100", "RG100", "RG104", "RG104"]),
        ("迟报", "#REF!", ["RG100"]),
        ("b2", "", []),
        ("南镇", '"南镇\n新区"', []),
    ],
)
def test_blocks_say_what_the_laid_out_list_says(
    book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch, old: str, new: str, codes: list[str]
) -> None:
    assert not old or CLEAN.count(old) == 1
    blockwise, laid_out = both(book(BOOK), CLEAN.replace(old, new) if old else CLEAN, monkeypatch)
    assert [code for code, *_ in told(laid_out)] == codes
    assert told(blockwise) == told(laid_out)
    assert tallies(blockwise) == tallies(laid_out)
    assert blockwise.verdict == laid_out.verdict


figure = st.one_of(
    st.integers(0, 30).map(str), st.sampled_from(["", "-", "1,2", "1,234", "x", "3.5", " 4 ", "７", "1e3", "5."])
)
keys = st.sampled_from(["a", "b", "c d", "A", "", "无", "合计", "其中：b", "总 计", "第1项、a"])
rows = st.lists(
    st.tuples(keys, figure, figure, figure, st.sampled_from(["1.5", "2.25", ""])),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rows)
def test_any_rows_say_the_same_in_blocks(
    book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch, cells: list[tuple[str, ...]]
) -> None:
    lines = [
        f'{key}{n % 6 or ""},甲,"{got}","{done}","{left}",{fee},' for n, (key, got, done, left, fee) in enumerate(cells)
    ]
    blockwise, laid_out = both(book(BOOK), HEAD + "\n".join(lines) + "\n", monkeypatch)
    assert told(blockwise) == told(laid_out)
    assert tallies(blockwise) == tallies(laid_out)


@pytest.mark.parametrize("total", ["6.9", "6.85", "6.91", "6.92", "7.0"])
def test_a_sum_is_as_unsure_as_the_digits_that_each_figure_shows(
    book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch, total: str
) -> None:
    """1.5 three times may be 1.45 or 1.55, though another row is shown to two digits."""
    rows = "".join(f"a{n},甲,0,0,0,{fee},\n" for n, fee in enumerate(["1.5", "1.5", "1.5", "2.25"]))
    blockwise, laid_out = both(book(BOOK), f"{HEAD}{rows}合计,,0,0,0,{total},\n", monkeypatch)
    assert told(blockwise) == told(laid_out)
    assert tallies(blockwise) == tallies(laid_out)
    assert bool(told(laid_out)) is (total in {"6.92", "7.0"})


def test_blocks_are_gone_through_in_order(book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch) -> None:
    """Several blocks; a figure that only people can read stands in the last."""
    monkeypatch.setattr(blocks, "BLOCK", 1 << 10)
    wrong = {7, 250, 399}
    lines = [f"k{n},甲,{n},{n // 2},{n - n // 2 + (n in wrong)},0.50," for n in range(400)]
    lines[390] = "k390,甲,三百九十,195,195,0.50,"
    blockwise, laid_out = both(book(BOOK), HEAD + "\n".join(lines) + "\n", monkeypatch)
    assert [f.place.row - 2 for f in blockwise.findings if f.rule == "RG102"] == sorted(wrong)
    assert told(blockwise) == told(laid_out)
    assert tallies(blockwise) == tallies(laid_out)


@pytest.mark.parametrize(
    "awkward",
    [
        CLEAN.replace("b2,西镇,5,5,0,0.25,迟报", "b2,西镇,5,5,0,0.25"),  # a row that is too short
        CLEAN.replace("b2,西镇,5,5,0,0.25,迟报", "b2,西镇,5,5,0,0.25,迟报,又"),
        CLEAN.replace("\n", "\r\n"),
        "\ufeff" + CLEAN,
        CLEAN.replace(",", ";"),
        CLEAN.replace(",", "\t"),
        CLEAN.replace("1.50", "nan").replace("1.75", "inf"),
        CLEAN.replace("1.50", "1."),
        CLEAN.replace("10,8,2", "0x0A,8,2"),
        CLEAN.replace("1.50", "1e400"),
        CLEAN.replace("10,8,2", "9007199254740993,8,9007199254740985"),
        CLEAN.replace("10,8,2", '="10",8,2'),
        CLEAN.replace("迟报", '5" 管').replace("南镇", '"南\n镇"'),  # a quote that ends nothing
        CLEAN.replace("迟报", '"迟""报,"'),
        CLEAN.replace("c3", " \u3000c3 "),
        CLEAN.replace("合计", "合 计："),
        CLEAN.replace("合计,,15", "合计,,15,13,2,1.75,\n合计,,15"),  # one total is enough: the second is a record
        CLEAN.replace("合计", "总计"),
        CLEAN.replace("c3,", "栏次,"),
        CLEAN.replace("c3,", "其中：c3,"),
        CLEAN.replace("c3,南镇", "c3,无").replace("b2,西镇", "b2,N/A").replace("a1,东镇", "a1, "),
        CLEAN.replace("c3,", "A1,"),  # the same key, by the words
        CLEAN.replace("c3,", "ａ１,"),
        CLEAN.replace("c3,", "无,").replace("b2,", "无,"),
        CLEAN.replace("c3,南镇,0,0,0,0.00", "a1,南镇,1,0,0,x").replace("b2,", ","),  # what records are called
        CLEAN.replace("b2,", ",").replace("c3,南镇,0,0,0,0.00", ",南镇,1,0,0,x"),
        CLEAN.replace("合计", "\n合计"),
        CLEAN + "\n注：本表由各镇填报。\n",
        CLEAN + "注：本表由各镇填报。,,,,,,\n",
        CLEAN + ",,,,,,\n,,,,,,\nd4,北镇,1,1,0,0.00,\n",
        CLEAN + ",,,,,,\n注：本表由各镇填报。,,,,,,\nd4,北镇,1,2,0,0.00,\n",
        CLEAN + ",,,,,,\n,北镇,1,2,0,0.00,\n",
        CLEAN + HEAD + "d4,北镇,1,2,0,0.00,\n",
        CLEAN + "d4,,,,,,\n",
    ],
)
def test_awkward_lists_say_the_same(
    book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch, awkward: str
) -> None:
    blockwise, laid_out = both(book(BOOK), awkward, monkeypatch)
    assert told(blockwise) == told(laid_out)
    assert tallies(blockwise) == tallies(laid_out)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_lists_in_other_encodings(
    book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(opening, "LONG", 1)
    data = CLEAN.replace("10,8,2", "10,8,3").encode(encoding)
    auditor = Auditor((book(BOOK),), forced=True)
    (result,) = auditor.audit([Source("册.csv", data)])
    assert [f.rule for f in result.findings] == ["RG102", "RG104"]
    assert opening.open_register(Source("册.csv", data), auditor.binder, auditor.books) is not None


@pytest.mark.parametrize("damaged", ["c3,南镇,0,0,0,0.00,\0", "c3,南镇,0,0,0,0.00," + "长" * (1 << 20 | 1)])
def test_no_list_at_all_is_said_as_ever(
    book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch, damaged: str
) -> None:
    monkeypatch.setattr(opening, "LONG", 1)
    text = CLEAN.replace("c3,南镇,0,0,0,0.00,", damaged)
    (result,) = Auditor((book(BOOK),), forced=True).audit([Source("册.csv", text.encode())])
    assert result.faults


def test_words_are_compared_and_blanks_are_noted(
    book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Conditions over texts, keys among other conditions, blanks that count as zero, several at once."""
    rules = """\
tables:
  R:
    title: 申请登记册
    records: {name: units, key: code}
    cells: count
    blank: zero
    kinds: {name: text, fee: number, note: text}
    codes: {cells: RG100, blank: RG101}
    columns: {code: 编号, name: 单位, got: 收到, done: 办结, left: 结转, fee: 收费, note: 备注}
    rows: {total: 合计}
rules:
  - id: RG102
    name: {zh: 甲, en: a}
    for: each row in R.units
    when: note = "迟报"
    check: done = 0
    message: {zh: 甲。, en: A.}
  - id: RG103
    name: {zh: 乙, en: b}
    for: each row in R.units
    check: 'name is one of ("东镇", "西镇")'
    message: {zh: 乙。, en: B.}
  - id: RG104
    name: {zh: 丙, en: c}
    for: each row in R.units
    check: code is not blank and code is unique
    message: {zh: 丙。, en: C.}
  - id: RG105
    name: {zh: 丁, en: d}
    for: each row in R.units
    when: note ≠ "旧"
    check: name is unique
    message: {zh: 丁。, en: D.}
  - id: RG106
    name: {zh: 戊, en: e}
    for: each row in R.units
    when: fee > 0
    check: got is unique
    message: {zh: 戊。, en: E.}
  - id: RG107
    name: {zh: 己, en: f}
    for: each row in R
    check: done ≤ got
    message: {zh: 己。, en: F.}
"""
    lines = [
        "a1,东镇,10,8,2,1.50,",
        "b2,西镇,5,0,0,0.25,迟报",
        "c3,东镇,,无,—,0.00,旧",
        "d4,西 镇,010,1,,0.00,",
        "e5,西镇,7,8,0,,迟报",
        ",东镇,10,8,2,3,/",
        "A1,北镇,10,8,2,2.00, 迟报 ",
        "合计,,15,13,2,1.75,",
    ]
    for n in range(len(lines) + 1):
        blockwise, laid_out = both(book(rules), HEAD + "\n".join(lines[:n]) + "\n", monkeypatch)
        assert told(blockwise) == told(laid_out)
        assert tallies(blockwise) == tallies(laid_out)


LEDGER = (
    TABLES
    + """\
  - id: RG102
    name: {zh: 甲, en: a}
    for: each row in R.units
    check: left = previous(left) + got - done
    message: {zh: 甲。, en: A.}
  - id: RG103
    name: {zh: 乙, en: b}
    for: each row in R
    when: previous(name) = "东镇"
    check: got ≥ previous(got)
    message: {zh: 乙。, en: B.}
  - id: RG104
    name: {zh: 丙, en: c}
    for: each row in R.units
    when: done > 0
    check: got within 50% of last_year(got)
    message: {zh: 丙。, en: C.}
  - id: RG105
    name: {zh: 丁, en: d}
    for: each row in R.units
    check: code is unique and left ≥ previous(left) - 5
    message: {zh: 丁。, en: D.}
"""
)
small = st.integers(0, 3).map(str)
entries = st.lists(
    st.tuples(keys, st.sampled_from(["东镇", "西镇", ""]), small, small, st.integers(0, 9).map(str)), max_size=9
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(entries)
def test_records_are_compared_with_the_one_above(
    book: Callable[[str], Rulebook], monkeypatch: pytest.MonkeyPatch, cells: list[tuple[str, ...]]
) -> None:
    """In blocks of a few rows; without a report of last year nobody is asked for it."""
    monkeypatch.setattr(blocks, "BLOCK", 64)
    lines = [
        f"{key}{n % 7 or ''},{name},{got},{done},{left},1.5," for n, (key, name, got, done, left) in enumerate(cells)
    ]
    blockwise, laid_out = both(book(LEDGER), HEAD + "\n".join(lines) + "\n", monkeypatch)
    assert told(blockwise) == told(laid_out)
    assert tallies(blockwise) == tallies(laid_out)
