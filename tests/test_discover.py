"""Discovery of identities: tables as text, and the laws that hold for any of them."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit import discover
from auditkit.discover import identities
from auditkit.model.document import Document, Grid


def grid(text: str, name: str = "") -> Grid:
    """One row a line, cells between bars; spaces before a label stay."""
    rows = [
        [cell.rstrip() if k == 0 else cell.strip() for k, cell in enumerate(line.split("|"))]
        for line in text.strip("\n").splitlines()
    ]
    width = max(map(len, rows))
    return Grid(name, [row + [""] * (width - len(row)) for row in rows])


def found(text: str, op: str = "sum") -> set[tuple[str, int, tuple[int, ...]]]:
    """Axis, total and parts of what is discovered."""
    return {(i.axis, i.total, i.parts) for i in identities(grid(text)) if i.op == op}


def test_total_last_and_total_column():
    text = """
          | Male  | Female | Total
    North | 1,204 | 1,377  | 2,581
    South | 2,310 | 2,405  | 4,715
    West  |   845 |   911  | 1,756
    Total | 4,359 | 4,693  | 9,052
    """
    assert found(text) == {("row", 4, (1, 2, 3)), ("column", 3, (1, 2))}


def test_subtotals_are_consumed_before_the_total():
    text = """
                | 2019 | 2020
    Total       | 9052 | 9311
    East        | 2581 | 2700
     Ashford    | 1204 | 1300
     Bramton    | 1377 | 1400
    West        | 6471 | 6611
     Coldby     | 4715 | 4800
     Dundale    | 1756 | 1811
    """
    assert found(text) == {("row", 1, (2, 5)), ("row", 2, (3, 4)), ("row", 5, (6, 7))}


def test_a_group_with_one_member_and_an_of_which_row_leave_gaps():
    text = """
                 | 2018  | 2019
    合计         | 9,052 | 9,311
    一、农业     | 2,581 | 2,700
    其中：小麦   | 1,900 | 1,950
    二、工业     | 6,471 | 6,611
    """
    assert ("row", 1, (2, 4)) in found(text)
    assert not any(3 in parts for _, _, parts in found(text))


def test_counts_with_percentages_between_them():
    text = """
          | Number | %     | Number | %
          | 2010   | 2010  | 2015   | 2015
    Total | 4,000  | 100.0 | 5,000  | 100.0
    A     | 1,203  | 30.1  | 1,777  | 35.5
    B     | 1,797  | 44.9  | 2,110  | 42.2
    C     | 1,000  | 25.0  | 1,113  | 22.3
    """
    assert found(text) == {("row", 2, (3, 4, 5))}
    assert found(text, "share") == {("column", 2, (1,)), ("column", 4, (3,))}


def test_several_breakdowns_of_one_total():
    text = """
             | N    | Declined | Recruited
    Age
    3-19     | 576  | 247 | 329
    20-39    | 432  | 102 | 330
    40-59    | 517  | 179 | 338
    60+      | 327  | 92  | 235
    Sex
    Male     | 734  | 273 | 461
    Female   | 1118 | 347 | 771
    Total    | 1852 | 620 | 1232
    """
    assert found(text) == {("row", 9, (2, 3, 4, 5)), ("row", 9, (7, 8)), ("column", 1, (2, 3))}


def test_cross_classified_columns():
    text = """
       | Total |      |        | Urban |      |        | Rural |      |
       | Both  | Male | Female | Both  | Male | Female | Both  | Male | Female
    A  | 9052  | 4359 | 4693   | 5211  | 2404 | 2807   | 3841  | 1955 | 1886
    B  | 7720  | 3811 | 3909   | 4100  | 1999 | 2101   | 3620  | 1812 | 1808
    C  | 6105  | 3020 | 3085   | 3333  | 1603 | 1730   | 2772  | 1417 | 1355
    """
    across = {("column", 1, (4, 7)), ("column", 2, (5, 8)), ("column", 3, (6, 9))}
    within = {("column", 1, (2, 3)), ("column", 4, (5, 6)), ("column", 7, (8, 9))}
    assert found(text) == across | within


def test_balance_of_opening_flows_and_closing():
    text = """
    Office | Pending at start | Received | Processed | Pending at end
    A      | 834 | 321  | 209  | 946
    B      | 50  | 140  | 97   | 93
    C      | 445 | 1951 | 2048 | 348
    """
    assert found(text, "difference") == {("column", 4, (1, 2, 3))}
    assert found(text) == set()


def test_average_and_relative_change():
    text = """
    Month   | 2018  | 2019  | Change (%)
    Jan     | 120.4 | 133.0 | 10.5
    Feb     | 98.1  | 101.7 | 3.7
    Mar     | 143.9 | 129.3 | -10.1
    Apr     | 87.7  | 99.2  | 13.1
    Average | 112.5 | 115.8 | 2.9
    """
    assert found(text, "average") == {("row", 5, (4, 3, 2, 1))}
    assert found(text, "change") == {("column", 3, (2, 1))}


def test_rounded_figures_need_not_add_up_exactly():
    text = """
          | 2017 | 2018 | 2019
    A     | 12.4 | 13.4 | 15.1
    B     | 27.3 | 26.2 | 25.4
    C     | 33.4 | 31.1 | 30.3
    Total | 73.0 | 70.8 | 70.7
    """
    assert found(text) == {("row", 4, (1, 2, 3))}


def test_figures_rounded_to_fives_have_wider_intervals():
    text = """
          | 2016 | 2017 | 2018 | 2019
    A     | 1205 | 1340 | 1510 | 1725
    B     | 2710 | 2620 | 2540 | 2405
    C     | 3335 | 3110 | 3030 | 3215
    Total | 7260 | 7060 | 7085 | 7350
    """
    assert found(text) == {("row", 4, (1, 2, 3))}


def test_numbers_as_people_type_them():
    text = """
          | Amount
    Cash  | $ 5,500.00
    Loss  | (1,200.50)
    Rent  | 1 250 000.00
    Fees  | 3,333.25 r
    Total | 1,257,632.75
    """
    assert found(text) == {("row", 5, (1, 2, 3, 4))}


def test_lines_of_zeros_belong_to_the_run():
    text = """
          | Jan | Feb | Mar
    A     | 0   | 0   | 0
    B     | 127 | 318 | 441
    C     | 205 | 190 | 377
    D     | 0   | 0   | 0
    Total | 332 | 508 | 818
    """
    assert found(text) == {("row", 5, (1, 2, 3, 4))}


def test_repeated_headings_do_not_hide_the_grand_total():
    text = """
    Income      | Q1   | Q2
    Sales       | 4120 | 3980
    Services    | 1305 | 1411
    Subtotal    | 5425 | 5391

    Other       | Q1   | Q2
    Rent        | 900  | 917
    Interest    | 133  | 128
    Subtotal    | 1033 | 1045
    Grand total | 6458 | 6436
    """
    assert found(text) == {("row", 3, (1, 2)), ("row", 8, (6, 7)), ("row", 9, (3, 8))}


@pytest.mark.parametrize(
    "text",
    [
        "Name | Rank | Year | Price\nA | 1 | 1990 | 12.5\nB | 2 | 1991 | 13.1\nC | 3 | 1992 | 25.6\nD | 4 | 1993 | 9.9",
        "x | a | b | c\nA | 0 | 1 | 1\nB | 1 | 0 | 1\nC | 0 | 0 | 0\nD | 1 | 1 | 2",
        "x | a | b\nA | 0 | 0\nB | 0 | 0\nTotal | 0 | 0",
        "x | a\nTotal | 5",
        "words only | here",
        "",
    ],
)
def test_nothing_where_nothing_adds_up(text: str):
    assert found(text or " ") == set()


def test_percent_and_count_do_not_mix():
    text = """
          | Cases | Rate (%) | Sum
    A     | 60    | 40       | 100
    B     | 55    | 45       | 100
    C     | 70    | 30       | 100
    D     | 66    | 34       | 100
    E     | 51    | 49       | 100
    """
    assert found(text) == set()


def test_every_cell_of_an_identity_has_its_address():
    total = next(i for i in identities(grid("  | a | b\nA | 1204 | 17\nB | 3310 | 25\nTotal | 4514 | 42")))
    assert dict(total.cells()) == {(3, 1): ((1, 1), (2, 1)), (3, 2): ((1, 2), (2, 2))}
    assert (total.holds, total.of, total.solid) == (2, 2, 2)
    assert total.labels == ("Total", "A", "B")


def test_a_large_table_is_searched():
    rng = random.Random(7)
    rows = [["", *(f"c{c}" for c in range(30))]]
    rows += [[f"r{r}", *(str(rng.randrange(10**4)) for _ in range(30))] for r in range(1000)]
    rows.append(["Total", *(str(sum(int(row[c]) for row in rows[1:])) for c in range(1, 31))])
    total = identities(Grid("", rows))
    assert [(i.total, len(i.parts)) for i in total] == [(1001, 1000)]


def test_a_sheet_of_data_is_not_searched():
    row = ["1"] * 1000
    assert discover.too_large(Grid("", [row] * 401))
    assert identities(Grid("", [row] * 401)) == ()


# ---------------------------------------------------------------- laws


@st.composite
def tables(draw: st.DrawFn, widest: int = 5) -> list[list[int]]:
    """Rows of counts that are too large and too mixed to add up by chance."""
    rng = random.Random(draw(st.integers(0, 10**9)))
    width, height = draw(st.integers(2, widest)), draw(st.integers(3, 8))
    return [[rng.randrange(1001, 999_999) for _ in range(width)] for _ in range(height)]


def sheet(rows: list[list[int]], spell=str) -> Grid:
    body = [[f"Item {k}", *map(spell, row)] for k, row in enumerate(rows)]
    total = ["Total", *(spell(sum(column)) for column in zip(*rows, strict=True))]
    return Grid("", [["", *(f"Year {c}" for c in range(len(rows[0])))], *body, total])


def lines(table: Grid) -> set[tuple[str, int, frozenset[int]]]:
    return {(i.axis, i.total, frozenset(i.parts)) for i in identities(table) if i.op == "sum"}


@settings(deadline=None, max_examples=40)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_parts_does_not_matter(rows: list[list[int]], rng: random.Random):
    expected = ("row", len(rows) + 1, frozenset(range(1, len(rows) + 1)))
    shuffled = list(rows)
    rng.shuffle(shuffled)
    assert expected in lines(sheet(rows))
    assert expected in lines(sheet(shuffled))


@settings(deadline=None, max_examples=40)
@given(tables())
def test_the_way_numbers_are_written_does_not_matter(rows: list[list[int]]):
    plain = lines(sheet(rows))
    assert lines(sheet(rows, lambda n: f"{n:,}")) == plain
    assert lines(sheet(rows, lambda n: f"{n:,}".replace(",", " "))) == plain
    assert lines(sheet(rows, lambda n: f"${n:,}")) == plain
    assert lines(Grid("", [[float(c) if c.isdigit() else c for c in row] for row in sheet(rows).rows])) == plain


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9))
def test_random_numbers_hold_no_identity(seed: int):
    rng = random.Random(seed)
    rows = [["", "a", "b", "c", "d"]]
    rows += [[f"r{k}", *(str(rng.randrange(100, 10**5)) for _ in range(4))] for k in range(15)]
    assert identities(Grid("", rows)) == ()


@settings(deadline=None, max_examples=30)
@given(tables(12).filter(lambda rows: len(rows[0]) >= 5), st.data())
def test_one_wrong_total_is_told_and_no_other_cell(rows: list[list[int]], data: st.DataObject):
    table = sheet(rows)
    column = data.draw(st.integers(1, len(rows[0])))
    cell = str(table.rows[-1][column])
    added = 10 ** (len(cell) - 2)
    changed = [list(row) for row in table.rows]
    changed[-1][column] = str(int(cell) + added)
    assert discover.check(Document("f.csv", "delimited", (table,))) == []
    told = discover.check(Document("f.csv", "delimited", (Grid("", changed),)))
    assert [(f.place.row, f.place.column, f.off) for f in told] == [(len(rows) + 1, column, Decimal(added))]
