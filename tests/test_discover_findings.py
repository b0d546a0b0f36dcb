"""Findings without a rulebook: broken identities and their evidence, errors, mistyped numbers, years, formulas."""

from __future__ import annotations

from dataclasses import replace

from auditkit import discover
from auditkit.model.document import Document, Grid, SheetFacts
from auditkit.model.finding import Finding

OFFICES = """
Office | Pending at start | Received | Granted | Denied | Other | Processed | Pending at end
A      | 834 | 321  | 100  | 60   | 49   | 209   | 946
B      | 50  | 140  | 41   | 36   | 20   | 97    | 93
C      | 445 | 1951 | 1341 | 569  | 138  | 2048  | 348
D      | 77  | 466  | 143  | 144  | 52   | 339   | 204
E      | 120 | 180  | 92   | 79   | 39   | 210   | 90
F      | 914 | 1716 | 558  | 905  | 236  | 1699  | 931
Total  | 2440 | 4774 | 2275 | 1793 | 534 | 4602  | 2612
"""


def grid(text: str, name: str = "表1", **facts) -> Grid:
    rows = [[c.strip() for c in line.split("|")] for line in text.strip("\n").splitlines()]
    width = max(map(len, rows))
    return Grid(name, [row + [""] * (width - len(row)) for row in rows], facts=lambda: SheetFacts(**facts))


def check(*grids: Grid) -> list[Finding]:
    return discover.check(Document("f.xlsx", "workbook", grids), form="none", unit="u", period="2020")


def test_nothing_on_a_clean_table():
    assert check(grid(OFFICES)) == []


def test_a_wrong_total_is_told_with_the_evidence():
    found = check(grid(OFFICES.replace("| 2048 ", "| 2084 ")))
    by_code = {f.rule: f for f in found}
    assert set(by_code) == {"SH101", "SH102", "SH103"}
    assert by_code["SH102"].message.zh == "应等于各项之和：7 行中 6 行成立，此处不成立。请核对。"
    assert "holds in 6 of 7 rows" in by_code["SH102"].message.en
    assert by_code["SH102"].arithmetic.zh == "Processed 2084 ≠ Granted 1341 + Denied 569 + Other 138 = 2048，差 36"
    assert by_code["SH103"].arithmetic.en == (
        "Pending at end 348 ≠ Pending at start 445 + Received 1951 - Processed 2084 = 312, off by 36"
    )
    assert by_code["SH101"].place.address == "G8"
    assert all("G4" in {t.place.address for t in f.terms if t.place} for f in found)
    assert {f.level for f in found} == {"soft"}
    assert len({f.key for f in found}) == 3


def test_an_off_by_one_is_told_in_a_table_that_counts():
    rows = [f"r{k} | {k * 37 + 5} | {k * 53 + 9} | {k * 90 + 14}" for k in range(40)]
    text = "x | a | b | Total\n" + "\n".join(rows)
    assert check(grid(text)) == []
    [finding] = check(grid(text.replace("| 1814", "| 1815")))
    assert finding.arithmetic.en == "Total 1815 ≠ a 745 + b 1069 = 1814, off by 1"


TWO_COLUMNS = """
    Office  | 2009   | 2010
    Bureau  | 1,729  | 2,210
    Mint    | 340    | 413
    Customs | 5,752  | 6,042
    Guard   | 20,344 | 19,800
    Overall | 28,165 | 28,465
"""


def test_a_total_by_its_words_that_holds_in_one_of_two_columns():
    assert check(grid(TWO_COLUMNS)) == []
    [finding] = check(grid(TWO_COLUMNS.replace("6,042", "6,742")))
    assert finding.arithmetic.en == (
        "Overall 28,465 ≠ Bureau 2,210 + Mint 413 + Customs 6,742 + Guard 19,800 = 29165, off by 700"
    )


def test_a_small_slip_is_told_where_the_other_sheets_count():
    slip = grid(TWO_COLUMNS.replace("6,042", "6,043"), "slip")
    assert check(slip) == []
    rows = [f"r{k} | {k * 37 + 5} | {k * 53 + 9} | {k * 90 + 14}" for k in range(60)]
    counted = grid("x | a | b | Total\n" + "\n".join(rows), "counted")
    assert [f.place.sheet for f in check(slip, counted)] == ["slip"]


def test_rounding_is_no_finding():
    rows = [f"r{k} | {k * 3.7 + 5:.0f} | {k * 5.3 + 9:.0f} | {k * 9.0 + 14:.0f}" for k in range(30)]
    assert check(grid("x | a | b | Total\n" + "\n".join(rows))) == []


def test_the_most_consequential_comes_first():
    small, large = OFFICES.replace("| 1699 ", "| 1669 "), OFFICES.replace("| 2048 ", "| 8402 ")
    found = check(grid(small, "a"), grid(large, "b"))
    assert [f.place.sheet for f in found] == ["b", "b", "b", "a", "a", "a"]
    assert abs(found[0].off or 0) == 6354


def test_a_column_of_means_is_not_a_broken_total():
    rows = OFFICES.strip().splitlines()
    days = ["Days", "31", "12", "44", "27", "19", "30", "29"]
    assert check(grid("\n".join(f"{row} | {day}" for row, day in zip(rows, days, strict=True)))) == []


def test_a_missing_number_is_not_a_wrong_total():
    assert check(grid(OFFICES.replace("| 1341 ", "| (D)  "))) == []


def test_a_truncated_share_is_explained():
    rows = [(k * k * 31 + 17) % 997 + 20 for k in range(14)]
    whole = sum(rows)
    lines = [f"r{k} | {n} | {100 * n / whole:.1f}" for k, n in enumerate(rows)]
    text = "x | Number | %\n" + "\n".join(lines) + f"\nTotal | {whole} | 100.0"
    assert check(grid(text)) == []
    n, shown = rows[5], f"{100 * rows[5] / whole:.1f}"
    [finding] = check(grid(text.replace(f"r5 | {n} | {shown}", f"r5 | {n} | {float(shown) + 3:.1f}")))
    assert finding.rule == "SH107"
    assert finding.place.address == "C7"


def test_error_values_are_gathered_by_column():
    [finding] = check(grid("x | a\nA | 1\nB | \nC | ", errors={(2, 1): "#REF!", (3, 1): "#REF!"}))
    assert (finding.rule, finding.place.address, len(finding.terms)) == ("SH111", "B3", 2)
    [text] = check(grid("x | a\nA | 1\nB | #DIV/0!\nC | 3"))
    assert text.rule == "SH111"


def test_a_mistyped_number_is_told_and_marks_are_not():
    text = "x | a | b\n" + "\n".join(f"r{k} | {k + 3} | {k * 7}" for k in range(8))
    [finding] = check(grid(text.replace("| 35", "| 3O")))
    assert (finding.rule, finding.terms[0].value) == ("SH112", "3O")
    for fine in ("..", "x", "(D)", "N/A", "<1", "2015-12-07", "见附注", "-"):
        assert check(grid(text.replace("| 35", f"| {fine}"))) == []


def test_the_year_of_the_title_against_the_headings():
    text = "{} 年度收支情况\n项目 | 2018 年 | 增减\n甲 | 10 | 2\n乙 | 20 | 3"
    [finding] = check(grid(text.format(2019)))
    assert finding.rule == "SH113"
    assert finding.arithmetic.zh == "2019 ≠ 2018"
    assert check(grid(text.format(2018))) == []
    assert check(grid("2012 yearbook\nx | 2008 | 2009\nA | 1 | 2\nB | 3 | 5")) == []


SUMS = """
x     | a  | b  | c  | d  | e
A     | 17 | 12 | 13 | 14 | 15
B     | 20 | 21 | 22 | 23 | 24
C     | 31 | 30 | 32 | 33 | 35
Total | {} | 63 | 67 | 70 | 74
"""


def formulas(**changed: str) -> dict[tuple[int, int], str]:
    good = {(4, c): f"SUM({'ABCDEF'[c]}2:{'ABCDEF'[c]}4)" for c in range(1, 6)}
    return good | {(4, "ABCDEF".index(k)): v for k, v in changed.items()}


def test_a_sum_that_misses_the_line_beside_it():
    assert check(grid(SUMS.format(68), formulas=formulas())) == []
    codes = {f.rule for f in check(grid(SUMS.format(37), formulas=formulas(B="SUM(B2:B3)")))}
    assert "SH121" in codes


def test_a_constant_and_an_odd_formula_among_formulas():
    without = {cell: text for cell, text in formulas().items() if cell != (4, 3)}
    [constant] = check(grid(SUMS.format(68), formulas=without))
    assert (constant.rule, constant.place.address) == ("SH122", "D5")
    [odd] = check(grid(SUMS.format(68), formulas=formulas(D="D2+D3+D4")))
    assert (odd.rule, odd.place.address) == ("SH123", "D5")
    across = {(r, 5): f"SUM(B{r + 1}:E{r + 1})" for r in range(1, 4)} | {(4, 5): "SUM(F2:F4)"}
    assert check(grid(SUMS.format(68), formulas=formulas() | across)) == []
    shared = dict.fromkeys(formulas(), "SUM(B2:B4)")
    assert check(grid(SUMS.format(68), formulas=shared)) == []


def test_keys_do_not_change_with_rows_or_values():
    wrong = OFFICES.replace("| 2048 ", "| 2084 ")
    moved = grid("\n" + wrong.strip())
    moved = replace(moved, rows=[[""] * 8, ["Title", *[""] * 7], *moved.rows])
    first, second = check(grid(wrong)), check(moved)
    assert [f.key for f in first] == [f.key for f in second]
    other = check(grid(OFFICES.replace("| 2048 ", "| 2085 ")))
    assert {f.key for f in other} == {f.key for f in first}
    assert {f.values for f in other} != {f.values for f in first}


def test_shares_of_a_short_table_are_told_where_the_words_and_the_evidence_say_so():
    rows = [("A", 412.6, 7.9), ("B", 1087.4, 20.1), ("C", 655.2, 12.6), ("D", 1420.9, 27.3), ("E", 1233.7, 23.7)]
    shares = [*rows, ("F", 390.3, 7.5), ("Total", 5200.1, 100.0)]
    found = check(Grid("t", [["Industry", "Employed", "Share of total (%)"], *map(list, shares)]))
    assert [(f.rule, f.place.address) for f in found] == [("SH107", "C3")]
