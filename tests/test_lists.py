"""Lists: tables with as many rows as an office has records, bound, judged and addressed like any other table."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit import lint, proof
from auditkit.audit import Auditor
from auditkit.bind import Binder
from auditkit.model.document import Document, Grid, Source
from auditkit.model.finding import Result
from auditkit.model.rule import Rulebook
from auditkit.rulebook.assemble import Malformed
from conftest import load_text

Load = Callable[[str], Rulebook]

FORM = """\
tables:
  A:
    title: Requests received and processed
    records: {name: components, key: component}
    cells: count
    codes: {cells: LS101, blank: LS102}
    columns: {component: Component, start: Pending at start, received: Received, done: Processed, end: Pending at end}
    rows: {overall: AGENCY OVERALL}
  B:
    title: Disposition of requests
    records: {name: components, key: component, several: [reason, times]}
    cells: count
    kinds: {reason: text}
    blank: allow
    columns: {component: Component, reason: Reason, times: Number of times, total: TOTAL}
    rows: {overall: AGENCY OVERALL}
  C:
    title: Oldest pending requests
    records: {name: components, key: component, lines: {date: Date of Receipt, days: Days Pending}}
    cells: count
    kinds: {date: date}
    blank: allow
    columns: {component: Component, third: 3rd, second: 2nd, oldest: Oldest}
    rows: {overall: AGENCY OVERALL}
rules:
"""

RULE = """\
  - id: {id}
    name: {{zh: 甲, en: a}}
    level: {level}
    {scope}
    check: {check}
    message: {{zh: 甲。, en: A.}}
"""


def rules(*given: tuple[str, str]) -> str:
    """Rules LS201, LS202 … from (scope and perhaps when, check)."""
    return FORM + "".join(
        RULE.format(
            id=f"LS{n}", scope=scope.replace("; ", "\n    ") or "often: {zh: 乙, en: b}", check=check, level="hard"
        )
        for n, (scope, check) in enumerate(given, 201)
    )


CLEAN = """\
Requests received and processed
Component,Pending at start,Received,Processed,Pending at end
East,1,10,8,3
West,0,5,5,0
AGENCY OVERALL,1,15,13,3

Footnotes
East counted one request twice last year.

Disposition of requests
Component,Reason,Number of times,TOTAL
East,No records,5,8
,Withdrawn,3,
West,No records,5,5
AGENCY OVERALL,,,13

Oldest pending requests
Component,,3rd,2nd,Oldest
East,Date of Receipt,2024-03-05,2024-03-01,2023/12/30
,Days Pending,10,12,50
West,Date of Receipt,N/A,N/A,N/A
,Days Pending,0,0,0
AGENCY OVERALL,Date of Receipt,2024-03-05,2024-03-01,2023-12-30
,Days Pending,10,12,50
"""


def audit(book: Rulebook, text: str, last: str | None = None, name: str = "甲.csv") -> Result:
    auditor = Auditor((book,), forced=True)
    if last is not None:
        filled = auditor.binder.bind(auditor.read(Source("去年.csv", last.encode())))
        auditor.__dict__["before"] = {("", None): (filled, "")}
    (result,) = auditor.audit([Source(name, text.encode())])
    assert not result.faults, result.faults
    return result


def said(result: Result) -> list[str]:
    return [f"{f.rule} {f.place.address} {f.row or f.column} {f.arithmetic.en}" for f in result.findings]


BOOK = rules(
    ("for: each row in A", "end = start + received - done"),
    ("for: each column in A except component", "overall = sum(components)"),
    ("for: each row in A.components", "done = B.total"),
    ("for: each row in B", "total = sum(times)"),
    (
        "for: each cell in C.date except component; when: cell is not blank and previous(cell) is not blank",
        "cell ≤ previous(cell)",
    ),
    ("for: each row in A.components", "component is not blank and component is unique and component exists in C"),
    ("for: each row in A.components; when: end > 0", "C.oldest is not blank"),
    ("", "C.overall_days[oldest] = max(C.components_days[oldest])"),
)  # fmt: skip


def test_a_clean_list_gives_no_finding_and_everything_is_asked(book: Load) -> None:
    result = audit(book(BOOK), CLEAN)
    assert said(result) == []
    assert {code: t.passed for code, t in result.tallies.items() if code > "LS200"} == {
        "LS201": 3, "LS202": 4, "LS203": 2, "LS204": 2, "LS205": 4, "LS206": 2, "LS207": 1, "LS208": 1,
    }  # fmt: skip
    assert result.verdict == "pass"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("East,1,10,8,3", "East,1,10,8,4", ["LS201 E3 East", "LS202 E5 end"]),
        ("AGENCY OVERALL,1,15,13,3", "AGENCY OVERALL,1,15,14,3", ["LS201 E5 overall", "LS202 D5 done"]),
        ("East,No records,5,8", "East,No records,5,9", ["LS203 D3 East", "LS204 D12 East"]),
        (",Withdrawn,3,", ",Withdrawn,2,", ["LS204 D12 East"]),
        ("2024-03-05,2024-03-01,2023/12/30", "2024-03-05,2024-03-06,2023/12/30", ["LS205 D19 East"]),
        ("West,0,5,5,0", "East,0,5,5,0", ["LS206 A3 East", "LS206 A4 East#2"]),
        ("West,0,5,5,0", ",0,5,5,0", ["LS206 A4 (blank)"]),
        ("West,0,5,5,0", "North,0,5,5,0", ["LS206 A4 North"]),
        ("2024-03-05,2024-03-01,2023/12/30", "2024-03-05,2024-03-01,N/A", ["LS207 E19 East"]),
        ("AGENCY OVERALL,Date of Receipt,2024-03-05,2024-03-01,2023-12-30\n,Days Pending,10,12,50",
         "AGENCY OVERALL,Date of Receipt,2024-03-05,2024-03-01,2023-12-30\n,Days Pending,10,12,49", ["LS208 E24 "]),
    ],
)  # fmt: skip
def test_a_slip_is_found_at_its_cell(book: Load, old: str, new: str, expected: list[str]) -> None:
    assert CLEAN.count(old) == 1
    found = said(audit(book(BOOK), CLEAN.replace(old, new)))
    assert [line.rsplit(" ", line.count(" ") - 2)[0].strip() for line in found] == [e.strip() for e in expected] or [
        line for line in found if not any(line.startswith(e) for e in expected)
    ] == [], found
    assert all(any(line.startswith(e) for line in found) for e in expected), found


def test_a_record_the_other_list_lacks_is_no_mismatch(book: Load) -> None:
    result = audit(
        book(rules(("for: each row in A.components", "done = B.total"))), CLEAN.replace("West,No records,5,5\n", "")
    )
    assert said(result) == []
    assert result.tallies["LS201"].passed == 1
    assert result.tallies["LS201"].unchecked == {"no such row": 1}


def test_last_year_is_the_same_record(book: Load) -> None:
    loaded = book(rules(("for: each row in A", "start = last_year(end)")))
    last = CLEAN.replace("East,1,10,8,3", "West,1,9,10,0").replace("West,0,5,5,0", "East,0,6,6,2")
    result = audit(loaded, CLEAN, last)
    assert said(result) == [
        "LS201 B3 East start 1 ≠ last year's end 2, off by 1",
        "LS201 B5 overall start 1 ≠ last year's end 3, off by 2",
    ]


def test_a_record_new_this_year_has_no_last_year(book: Load) -> None:
    loaded = book(rules(("for: each row in A.components", "start = last_year(end)")))
    result = audit(loaded, CLEAN, CLEAN.replace("West,0,5,5,0\n", "South,0,5,5,0\n"))
    assert result.tallies["LS201"].unchecked == {"no such row": 1}


NESTED = """\
tables:
  T:
    title: 支出决算表
    records: {name: 科目, key: 编码, nested: true}
    cells: number
    blank: zero
    kinds: {名称: text}
    columns: {编码: 科目编码, 名称: 科目名称, 合计: 本年支出合计, 基本: 基本支出, 项目: 项目支出}
    rows: {总计: 合计, 科目: {公积金: "2210201"}}
rules:
  - id: LS301
    name: {zh: 甲, en: a}
    for: each row in T
    check: 合计 = sum(under(合计))
    message: {zh: 甲。, en: A.}
  - id: LS302
    name: {zh: 甲, en: a}
    check: T.公积金[合计] ≤ T.总计[合计]
    message: {zh: 甲。, en: A.}
"""

ACCOUNTS = """\
支出决算表
科目编码,科目名称,本年支出合计,基本支出,项目支出
合计,,{total},60.30,40.00
205,教育支出,{education},40.30,40.00
20502,普通教育,80.30,40.30,40.00
2050201,学前教育,30.10,30.10,
2050202,小学教育,50.20,10.20,40.00
221,住房保障支出,20.00,20.00,
22102,住房改革支出,20.00,20.00,
2210201,住房公积金,20.00,20.00,
"""


@pytest.mark.parametrize(
    ("total", "education", "expected"),
    [
        ("100.30", "80.30", []),
        ("100.31", "80.30", []),
        ("100.30", "80.40", ["LS301 C3 总计", "LS301 C4 205"]),
        ("110.30", "80.30", ["LS301 C3 总计"]),
    ],
)
def test_keys_that_nest_make_a_tree(book: Load, total: str, education: str, expected: list[str]) -> None:
    """A row's parts are those next below it; rounding of two figures and their sum is allowed for."""
    result = audit(book(NESTED), ACCOUNTS.format(total=total, education=education))
    open_ = [line for line in said(result) if not line.startswith("LS301") or "unusually" not in line]
    assert [" ".join(line.split(" ")[:3]) for line in open_ if line.startswith("LS3")] == expected, open_
    assert result.tallies["LS301"].asked == 5


def test_numbers_as_keys_are_text(book: Load) -> None:
    """Excel stores 2050201 as a number; it is a name all the same."""
    rows = [line.split(",") for line in ACCOUNTS.format(total="100.30", education="80.30").splitlines()]
    width = max(map(len, rows))
    grid = tuple(
        tuple(float(v) if r > 1 and c != 1 and v.replace(".", "").isdigit() else v for c, v in enumerate(row))
        + (None,) * (width - len(row))
        for r, row in enumerate(rows)
    )
    filled = Binder((book(NESTED).form,)).bind(Document("甲.xlsx", "workbook", (Grid("表", grid),)))
    names = [line.name for line in filled.form.tables["T"].rows.lines]
    assert names == ["总计", "公积金", "205", "20502", "2050201", "2050202", "221", "22102"]


counts = st.integers(0, 10**6)


@cache
def balance() -> Rulebook:
    with tempfile.TemporaryDirectory() as folder:
        return load_text(rules(("for: each row in A", "end = start + received - done")), Path(folder))


@given(
    st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=6), st.randoms(use_true_random=False), st.data()
)
def test_order_of_records_never_changes_what_is_found(rows, random, data) -> None:
    """A balance off by anything is found at its record, wherever that stands, and nothing else is."""
    wrong = data.draw(st.integers(0, len(rows) - 1))
    off = data.draw(st.integers(1, 50))
    lines = [
        f"甲{n},{start},{got},{done},{start + got - done + (off if n == wrong else 0)}"
        for n, (start, got, done) in enumerate(rows)
    ]
    random.shuffle(lines)
    text = "\n".join(["Requests received and processed", CLEAN.splitlines()[1], *lines])
    result = audit(balance(), text)
    assert [f.row for f in result.findings if f.rule == "LS201"] == [f"甲{wrong}"]


PROOF = """\
tests:
  good: good.csv
  cases:
    - set: {"A.East[end]": "4"}
      expect: [LS201 East, LS202 end]
"""


def test_a_list_is_proven_and_linted_like_any_other(book: Load, tmp_path) -> None:
    (tmp_path / "good.csv").write_text(CLEAN, "utf-8")
    loaded = book(
        rules(
            ("for: each row in A", "end = start + received - done"),
            ("for: each column in A except component", "overall = sum(components)"),
        )
        + PROOF
    )
    assert all(one.right for one in proof.prove(loaded))
    assert "A.East[start]" not in proof.blind_spots(loaded)
    told = [line for good, line in lint.lint((str(tmp_path),), (), "en") if not good]
    assert [line for line in told if "RB021" not in line and "problems" not in line] == []


@pytest.mark.parametrize(
    ("scope", "check", "words"),
    [
        ("for: each row in A.komponents", "end = 0", 'nearest is "components"'),
        ("for: each row in A", "end = B.totl", "B.totl"),
        ("for: each row in A", "component exists in Z", "not a list"),
        ("for: each row in A", "end = sum(under(end))", "nested: true"),
        ("for: each column in A", "overall = components", "write sum(components)"),
        ("", "previous(A.overall[end]) = 1", "previous wants a name"),
    ],
)  # fmt: skip
def test_mistakes_in_rules_over_lists_are_told(book: Load, scope: str, check: str, words: str) -> None:
    with pytest.raises(Malformed) as caught:
        book(rules((scope, check)))
    assert words in caught.value.to("en"), caught.value.to("en")


def test_a_key_that_is_no_column_is_told(book: Load) -> None:
    with pytest.raises(Malformed) as caught:
        book(
            textwrap.dedent(rules(("for: each row in A", "end = start"))).replace(
                "key: component}", "key: komponent}", 1
            )
        )
    assert "komponent" in caught.value.to("en")
