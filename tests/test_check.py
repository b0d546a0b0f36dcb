"""Rules over submissions: what holds, what fails, with which arithmetic, and what could not be asked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import auditkit
from auditkit.language import aloud
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault, Text
from conftest import fill, judge, load_text, said

MATRIX = """\
tables:
  T:
    title: 申请
    cells: {kind}
    blank: {blank}
    codes: {{cells: AB101, blank: AB102}}
    columns: {{甲: 甲, 乙: 乙, 总计: 总计}}
    rows: {{新收: 新收, 结转: 结转, 办理: 办理, 下年: 下年}}
rules:
  - id: AB110
    name: {{zh: 合计, en: total}}
    for: each row in T
    check: 总计 = 甲 + 乙
    message: {{zh: 总计应等于甲乙之和。, en: The total must equal 甲 plus 乙.}}
  - id: AB111
    name: {{zh: 平衡, en: balance}}
    for: each column in T
    check: 新收 + 结转 = 办理 + 下年
    message: {{zh: 一二之和应等于三四之和。, en: Received plus carried in must equal handled plus carried out.}}
"""


def matrix(book: Callable[[str], Rulebook], kind: str = "count", blank: str = "report", more: str = "") -> Rulebook:
    return book(MATRIX.format(kind=kind, blank=blank) + more)


GOOD = """
 8 | 2 | 10
 1 | 0 |  1
 8 | 1 |  9
 1 | 1 |  2
"""


def test_nothing_is_said_of_a_table_that_adds_up(book) -> None:
    rules = matrix(book)
    done = judge(rules, fill(rules, GOOD))
    assert not done.findings
    assert {code: t.passed for code, t in done.tallies.items()} == {"AB110": 4, "AB111": 3, "AB101": 12, "AB102": 1}


def test_a_wrong_cell_fails_its_row_and_its_column_with_the_sum_written_out(book) -> None:
    rules = matrix(book)
    done = judge(rules, fill(rules, GOOD.replace(" 8 | 2", " 9 | 2")))
    assert said(done.findings) == [
        "AB110 D2 总计 10 ≠ 甲 9 + 乙 2 = 11，差 1",
        "AB111 B2 新收 9 + 结转 1 = 10 ≠ 办理 8 + 下年 1 = 9，差 1",
    ]
    assert [t.ref for t in done.findings[0].terms] == ["T.新收[总计]", "T.新收[甲]", "T.新收[乙]"]
    assert [(f.row, f.column, f.off) for f in done.findings] == [("新收", "", -1), ("", "甲", 1)]


def test_a_blank_total_is_said_and_its_rules_are_not_checked(book) -> None:
    rules = matrix(book)
    done = judge(rules, fill(rules, GOOD.replace("8 | 2 | 10", "8 | 2 |")))
    assert said(done.findings) == ["AB102 D2 空白"]
    assert done.tallies["AB110"].unchecked == {"blank": 1}
    assert done.tallies["AB111"].unchecked == {"blank": 1}


def test_where_a_blank_counts_as_zero_it_is_used_and_noted_once(book) -> None:
    rules = matrix(book, blank="zero")
    done = judge(rules, fill(rules, GOOD.replace("1 | 0 |  1", "1 |   |  1").replace("1 | 1 |  2", "1 | — |  2")))
    assert said(done.findings) == [
        "AB110 D5 总计 2 ≠ 甲 1 + 乙 — = 1，差 1",
        "AB111 C2 新收 2 + 结转 0 = 2 ≠ 办理 1 + 下年 — = 1，差 1",
        "AB102 C3 空白 1 格，“—”“/”“无”等 1 格",
    ]
    assert [f.level for f in done.findings] == ["hard", "hard", "info"]


@pytest.mark.parametrize(
    ("cell", "problem", "reason"),
    [
        ("若干", "现为“若干”，不是数", "text"),
        ("#REF!", "现为 #REF!", "error value"),
        ("<1", "现为“<1”，不是数", "text"),
    ],
)
def test_what_is_no_number_is_one_finding_and_its_rules_are_not_checked(book, cell, problem, reason) -> None:
    rules = matrix(book)
    done = judge(rules, fill(rules, GOOD.replace("8 | 2 | 10", f"{cell} | 2 | 10")))
    assert said(done.findings) == [f"AB101 B2 {problem}"]
    assert done.tallies["AB110"].unchecked == {reason: 1}


@pytest.mark.parametrize(("cell", "problem"), [("-1", "现为 -1，应不小于 0"), ("1.5", "现为 1.5，不是整数")])
def test_counts_are_whole_and_not_negative(book, cell, problem) -> None:
    rules = matrix(book)
    done = judge(rules, fill(rules, GOOD.replace("8 | 2 | 10", f"{cell} | 2 | 10")))
    assert [s for s in said(done.findings) if s.startswith("AB101")] == [f"AB101 B2 {problem}"]


def test_rounded_figures_may_miss_by_what_rounding_allows(book) -> None:
    rules = matrix(book, kind="number")
    table = """
     1.3 | 2.4 | 3.8
     0.0 | 0.0 | 0.0
     1.3 | 2.4 | 3.8
     0.0 | 0.0 | 0.0
    """
    assert not judge(rules, fill(rules, table)).findings
    wrong = judge(rules, fill(rules, table.replace("1.3 | 2.4 | 3.8", "1.3 | 2.4 | 4.0")))
    assert said(wrong.findings)[0] == "AB110 D2 总计 4.0 ≠ 甲 1.3 + 乙 2.4 = 3.7，差 0.3（舍入允许 ±0.15）"


def test_float_noise_is_no_difference(book) -> None:
    rules = matrix(book, kind="number")
    table = """
     0.1 | 0.2 | 0.3
     0.7 | 0.1 | 0.8
     0.8 | 0.3 | 1.1
     0.0 | 0.0 | 0.0
    """
    assert not judge(rules, fill(rules, table)).findings


def test_last_year_is_compared_where_there_is_one(book) -> None:
    rules = matrix(
        book,
        more="""\
  - id: AB112
    name: {zh: 衔接, en: carried}
    for: each column in T
    check: 结转 = last_year(下年)
    message: {zh: 应等于上年结转下年。, en: Must equal last year's.}
  - id: AB113
    level: soft
    name: {zh: 变动, en: change}
    when: last_year(T.新收[总计]) >= 20
    check: T.新收[总计] within 50% of last_year(T.新收[总计])
    message: {zh: 变动过半。, en: Moved by more than half.}
""",
    )
    alone = judge(rules, fill(rules, GOOD))
    assert alone.tallies["AB112"].unchecked == {"no last year": 3}
    last = fill(rules, GOOD.replace("8 | 2 | 10", "28 | 2 | 30").replace("1 | 1 |  2", "1 | 0 | 2"), name="上年.csv")
    both = judge(rules, fill(rules, GOOD), last)
    assert said(both.findings) == [
        "AB112 D3 结转 1 ≠ 上年下年 2，差 1",
        "AB113 D2 新收·总计 10，上年新收·总计 30，变动 -66.7%",
    ]
    assert both.findings[0].terms[1].place.file == "上年.csv"
    assert both.findings[0].terms[1].ref == "last_year(T.下年[总计])"


def test_a_condition_that_is_not_met_asks_nobody(book) -> None:
    rules = matrix(
        book,
        more="""\
  - id: AB114
    name: {zh: 条件, en: condition}
    for: each row in T
    when: 甲 > 5
    check: 乙 > 0
    message: {zh: 甲, en: a}
""",
    )
    done = judge(rules, fill(rules, GOOD))
    assert done.tallies["AB114"].asked == 2


def test_a_share_says_what_else_would_explain_it(book) -> None:
    rules = book(
        """\
        tables:
          T:
            title: 占比
            cells: count
            kinds: {占比: percent}
            columns: {件: 件, 总: 总, 占比: 占比}
            rows: {规范性文件: 规范性文件, 其他: 其他}
        rules:
          - id: AB120
            name: {zh: 占比, en: share}
            for: each row in T
            check: 占比 = 100 * 件 / 总
            message: {zh: 占比不符。, en: The share does not follow.}
        """
    )
    done = judge(rules, fill(rules, "26 | 30 | 86%\n 4 | 30 | 13.3%"))
    assert said(done.findings) == ["AB120 D2 占比 86% ≠ 100 × 件 26 ÷ 总 30 = 86.666667，差 0.666667（舍入允许 ±0.5）"]
    assert done.findings[0].hint.zh == "86% 是截断（舍去尾数）；四舍五入应为 87%"


def test_the_key_outlives_values_and_the_hash_of_values_does_not(book) -> None:
    rules = matrix(book)
    one = judge(rules, fill(rules, GOOD.replace("8 | 2 | 10", "8 | 2 | 11"))).findings[0]
    two = judge(rules, fill(rules, GOOD.replace("8 | 2 | 10", "8 | 2 | 12"))).findings[0]
    assert one.key == two.key
    assert one.values != two.values


counts = st.integers(0, 10**7)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(counts, counts), min_size=4, max_size=4), off=st.integers(1, 9), where=st.integers(0, 3))
def test_exact_counts_that_are_off_by_anything_always_fail(rows, off, where) -> None:
    rules = _MATRIX_BOOK
    table = [(a, b, a + b) for a, b in rows]
    table[where] = (*table[where][:2], table[where][2] + off)
    done = judge(rules, fill(rules, "\n".join("|".join(map(str, row)) for row in table)))
    assert f"AB110 D{where + 2}" in [f"{f.rule} {f.place.address}" for f in done.findings]
    assert sum(f.rule == "AB110" for f in done.findings) == 1


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(counts, counts), min_size=4, max_size=4), places=st.integers(0, 3))
def test_rounding_alone_never_fails(rows, places) -> None:
    """True values with four decimals, every cell rounded on its own to 0–3 places."""
    rules = _ROUNDED_BOOK
    table = [(a / 10000, b / 10000, (a + b) / 10000) for a, b in rows]
    text = "\n".join("|".join(f"{x:.{places}f}" for x in row) for row in table)
    done = judge(rules, fill(rules, text))
    assert [f for f in done.findings if f.rule == "AB110"] == []


def _made(kind: str) -> Rulebook:
    with tempfile.TemporaryDirectory() as folder:
        return load_text(MATRIX.format(kind=kind, blank="report"), Path(folder))


_MATRIX_BOOK = _made("count")
_ROUNDED_BOOK = _made("number")


MONTHS = """\
tables:
  T1: {title: 一月, cells: count, columns: {期初: 期初, 期末: 期末}, rows: {米: 米, 面: 面}}
  T2: {title: 二月, cells: count, columns: {期初: 期初, 期末: 期末}, rows: {米: 米, 面: 面}}
  T3: {title: 三月, cells: count, columns: {期初: 期初, 期末: 期末}, rows: {面: 面, 米: 米}}
rules:
  - id: AB110
    name: {zh: 衔接, en: carried over}
    for: each row in T2
    check: 期初 = T1.期末
    message: {zh: 期初应等于上月期末。, en: Opening must equal last month's closing.}
"""


def test_a_rule_over_rows_speaks_of_the_same_row_of_another_table(book, tmp_path: Path) -> None:
    (rule,) = book(MONTHS).rules
    assert aloud(rule.check, lambda name: Text(name, name)).en == "期初 equals T1 期末"
    month = "{}库存\n品种,期初,期末\n米,{},{}\n面,{},{}\n\n"
    path = tmp_path / "库存_2024.csv"
    path.write_text(
        month.format("一月", 5, 7, 1, 3) + month.format("二月", 7, 9, 2, 4) + month.format("三月", 9, 9, 4, 4)
    )
    result = auditkit.check(path, rules=str(tmp_path))
    assert said(result.findings) == ["AB110 B9 期初 2 ≠ T1 期末 3，差 1"]


def test_rows_in_another_order_are_not_the_same_rows(book) -> None:
    with pytest.raises(Fault, match="期末"):
        book(MONTHS.replace("期初 = T1.期末", "期初 = T3.期末"))


def test_a_dash_where_a_number_is_wanted_is_told_as_a_dash(book) -> None:
    rules = matrix(book)
    done = judge(rules, fill(rules, GOOD.replace("8 | 2 | 10", "8 | 2 | —")))
    assert said(done.findings) == ["AB102 D2 现为“—”"]
    assert done.findings[0].message.en == "新收 · 总计 holds no number."
