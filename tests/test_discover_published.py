"""Discovery in tables as offices publish them: what was once missed or misread, one table a test."""

from __future__ import annotations

import pytest

from auditkit.discover import identities, structure
from auditkit.discover.figures import figures
from auditkit.discover.labels import Role, role_of
from auditkit.model.document import Grid


def grid(text: str) -> Grid:
    """One row a line, cells between bars."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines()]
    width = max(map(len, rows))
    return Grid("", [row + [""] * (width - len(row)) for row in rows])


def sums(text: str, op: str = "sum") -> set[tuple[str, int, tuple[int, ...]]]:
    """Axis, total and parts of what is discovered."""
    return {(i.axis, i.total, i.parts) for i in identities(grid(text)) if i.op == op}


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("1,234 1/", 1234),
        ("123 \\2", 123),
        ("*123", 123),
        ("e12,345", 12345),
        ("1,234[1]", 1234),
        ("97.5b/", 97.5),
        ("1,234-", -1234),
        ("1'234'567", 1234567),
        ("1.234.567", 1234567),
        ("$  -", 0),
        ("-0-", 0),
    ],
)
def test_numbers_with_marks_and_as_ledgers_write_them(shown: str, number: float):
    sheet = figures(Grid("", [[shown]]))
    assert sheet.value[0, 0] == number
    assert not sheet.text[0, 0]


@pytest.mark.parametrize("shown", ["A12", "b12", "12/", "1 1/2", "<0.5", "2008-09", "Q1"])
def test_codes_and_fractions_are_no_numbers(shown: str):
    assert not figures(Grid("", [[shown]])).number[0, 0]


@pytest.mark.parametrize("label", ["TOTAL1", "Total murders1, 2", "Total \\1", "Total 2/", "Total*", "Total......"])
def test_the_mark_of_a_footnote_does_not_hide_a_total(label: str):
    assert role_of(label) == Role.TOTAL


def test_single_years_of_age_are_headings():
    text = """
    Offense  | Total | Under 13 | 13-14 | 15  | 16  | 17
    Robbery  | 1,541 |      204 |   301 | 325 | 340 | 371
    Burglary | 2,980 |      512 |   604 | 610 | 627 | 627
    Arson    |   699 |      230 |   180 | 120 |  90 |  79
    """
    assert structure(grid(text))[0].header == (0,)
    assert ("column", 1, (2, 3, 4, 5, 6)) in sums(text)


def test_rows_of_years_below_every_group_add_up_year_by_year():
    text = """
    Group         |                | Violent | Property
    ALL AGENCIES  | 2007           | 1,095   | 8,260
                  | 2008           | 996     | 8,073
                  | Percent change | -9.0    | -2.3
    CITIES        | 2007           | 838     | 6,289
                  | 2008           | 799     | 6,325
                  | Percent change | -4.7    | 0.6
    Large         | 2007           | 461     | 3,532
                  | 2008           | 471     | 3,720
                  | Percent change | 2.2     | 5.3
    Middle        | 2007           | 225     | 1,437
                  | 2008           | 176     | 1,484
                  | Percent change | -21.8   | 3.3
    Small         | 2007           | 152     | 1,320
                  | 2008           | 152     | 1,121
                  | Percent change | 0.0     | -15.1
    COUNTIES      | 2007           | 257     | 1,971
                  | 2008           | 197     | 1,748
                  | Percent change | -23.3   | -11.3
    """
    assert {("row", 1, (4, 16)), ("row", 2, (5, 17)), ("row", 4, (7, 10, 13)), ("row", 5, (8, 11, 14))} <= sums(text)


def test_a_count_adds_up_beside_a_figure_that_does_not():
    text = """
              | Persons | Days
    January   | 33,998  | 1,203
    February  | 48,837  | 1,377
    March     | 56,394  | 2,310
    Quarter   | 139,229 | 1,630
    April     | 47,115  | 1,756
    May       | 43,302  | 911
    June      | 40,889  | 845
    Quarter   | 131,306 | 1,170
    """
    assert sums(text) == {("row", 4, (1, 2, 3)), ("row", 8, (5, 6, 7))}


def test_a_total_inside_another_total():
    text = """
             | All   | Under 15 | Under 18 | Adults | 0-9 | 10-14 | 15-17
    Robbery  | 3,122 |    505   |    1,541 | 1,581  | 204 |   301 | 1,036
    Burglary | 5,001 |  1,116   |    2,980 | 2,021  | 512 |   604 | 1,864
    Arson    | 1,010 |    410   |      699 |   311  | 230 |   180 |   289
    Fraud    | 4,210 |    207   |    1,011 | 3,199  |  96 |   111 |   804
    """
    assert sums(text) >= {("column", 1, (3, 4)), ("column", 2, (5, 6))}


def test_changes_between_two_blocks():
    text = """
            | 2001 |       |     | 2002 |       |     | Change |       |
            | Men  | Women | All | Men  | Women | All | Men    | Women | All
    Ashford | 214  | 203   | 417 | 222  | 168   | 390 | 8      | -35   | -27
    Bramby  | 190  | 155   | 345 | 187  | 174   | 361 | -3     | 19    | 16
    Coldham | 342  | 310   | 652 | 365  | 301   | 666 | 23     | -9    | 14
    Dunwick | 99   | 86    | 185 | 81   | 90    | 171 | -18    | 4     | -14
    """
    assert sums(text) >= {("column", 4, (1, 7)), ("column", 5, (2, 8)), ("column", 6, (3, 9))}


def test_lines_below_a_numbered_line_are_its_parts_without_indentation():
    text = """
    项目             | 预算数 | 决算数
    一、税收收入     | 99357  | 96281
    增值税           | 63094  | 60011
    企业所得税       | 20105  | 20970
    个人所得税       | 16158  | 15300
    二、非税收入     | 29528  | 30002
    专项收入         | 10307  | 11102
    事业性收费收入   | 19221  | 18900
    本年收入合计     | 128885 | 126283
    """
    assert sums(text) == {("row", 1, (2, 3, 4)), ("row", 5, (6, 7)), ("row", 8, (1, 5))}


def test_a_total_of_small_counts_takes_in_every_line():
    text = """
          | Ex. 3 | Ex. 6 | Ex. 7
    HQ    | 1     | 0     | 0
    North | 0     | 1     | 0
    South | 0     | 0     | 0
    West  | 0     | 4     | 1
    TOTAL | 1     | 5     | 1
    """
    assert sums(text) == {("row", 5, (1, 2, 3, 4))}


def test_percentages_far_below_their_counts():
    text = """
                     | 1990    | 2000    | 2005
    NUMBER           |         |         |
    Total            | 2,191   | 2,172   | 2,098
    Under 10         | 410     | 508     | 603
    10 to 49         | 711     | 699     | 640
    50 to 99         | 620     | 540     | 480
    100 and over     | 450     | 425     | 375
    LAND             |         |         |
    Total            | 95,005  | 93,110  | 92,020
    Under 10         | 1,810   | 2,010   | 2,470
    10 to 49         | 14,100  | 13,900  | 12,750
    50 to 99         | 29,095  | 27,200  | 26,800
    100 and over     | 50,000  | 50,000  | 50,000
    PERCENT OF FARMS |         |         |
    Under 10         | 18.7    | 23.4    | 28.7
    10 to 49         | 32.5    | 32.2    | 30.5
    50 to 99         | 28.3    | 24.9    | 22.9
    100 and over     | 20.5    | 19.6    | 17.9
    """
    assert {("row", 14, (3, 2)), ("row", 15, (4, 2)), ("row", 16, (5, 2))} <= sums(text, "division")


def test_rates_of_a_population_far_to_the_left():
    counts = [f"{900 + 137 * k % 811}" for k in range(12)]
    text = "Year | Population | " + " | ".join(f"Offense {k}" for k in range(12)) + " | Burglary | Burglary rate\n"
    for k, (population, burglary) in enumerate([(248_709, 3073), (252_153, 3157), (255_029, 2979), (257_783, 2834)]):
        rate = f"{100_000 * burglary / population:.1f}"
        text += f"{1990 + k} | {population:,} | {' | '.join(counts[k:] + counts[:k])} | {burglary:,} | {rate}\n"
    assert ("column", 15, (14, 1)) in sums(text, "division")


def test_a_change_too_small_to_see_makes_no_line_a_part_of_itself():
    text = """
            | 2001   | 2002   | 2003
    North   | 12,000 | 13,000 | 14,000
    South   | 52,000 | 53,000 | 55,000
    Change  | 0.2    | 0.1    | 0.3
    """
    assert not any(i.total in i.parts for i in identities(grid(text)))
