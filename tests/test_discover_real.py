"""What real tables do: how they write numbers, name totals, and lay out what adds up. One small table for each."""

from __future__ import annotations

import pytest

from auditkit.discover import identities, structure
from auditkit.discover.figures import figures
from test_discover import found, grid

COLUMN = """
      | Count
North | {}
South | {}
West  | {}
Total | {}
"""


@pytest.mark.parametrize(
    "cells",
    [
        "1 204,5 | 2 310,0 | 845,5 | 4 360,0",
        "1.204,50 | 2.310,00 | 845,50 | 4.360,00",
        "40.424.252 | 7.748.644 | 845.500 | 49.018.396",
        "1.204 | 2.310 | 845 | 4.359",
        "–1 204 | −2 310 | —845 | – 4 359",
        "(1 204) | (2 310) | (845) | (4 359)",
        "1 204- | 2 310- | 845- | 4 359-",
        "1'204.5 | 2'310.0 | 845.5 | 4'360.0",
        "12,04,500 | 23,10,000 | 8,45,500 | 43,60,000",
        "€ 1.204,50 | € 2.310,00 | € 845,50 | € 4.360,00",
        "1 204,50 kr | 2 310,00 kr | 845,50 kr | 4 360,00 kr",
        "1,204 r | 2,310 p | 845* | 4,359 r",
    ],
)
def test_numbers_as_offices_of_many_countries_write_them(cells: str):
    assert found(COLUMN.format(*cells.split(" | "))) == {("row", 4, (1, 2, 3))}


def test_three_digits_behind_a_point_are_decimals_where_nothing_else_is_said():
    sheet = figures(grid("a | 1.204\nb | 0.310\nc | 12.845"))
    assert sheet.value[:, 1].tolist() == [1.204, 0.310, 12.845]
    sheet = figures(grid("a | 1.204 | 2200\nb | 3.310 | 31\nc | 2.845 | 7"))
    assert sheet.value[:, 1].tolist() == [1.204, 3.310, 2.845]


def test_ages_in_headings_are_no_numbers():
    text = "Offence | | Under 18 | 18 years\n | Total | years | and over\nTheft | 251 | 31 | 220\nFraud | 92 | 5 | 87"
    (table,) = structure(grid(text))
    assert (table.header, table.body) == ((0, 1), (2, 1, 3, 3))
    assert figures(grid("x | 18 years\ny | 21 years\nz | 7 years")).number[:, 1].all()


def test_a_heading_with_one_year_is_a_heading():
    text = """
    INCOME
                    | 2020       | % of total 2020
    Taxes           | 40,424,252 | 75.62
    Fees            | 12,682,929 | 23.73
    Rents           |    349,171 | 0.65
    Total income    | 53,456,352 | 100.00
    """
    assert found(text) == {("row", 5, (2, 3, 4))}
    assert found(text, "share") == {("column", 2, (1,))}


def test_a_row_of_column_numbers_names_nothing():
    (table,) = structure(grid("Land | Area | per km²\n1 | 2 | 3\nA | 351.5 | 302\nB | 705.2 | 178\nC | 89.7 | 45"))
    assert [line.text for line in table.panels[0].columns] == ["Area", "per km²"]


def test_columns_of_years_are_no_parts():
    text = "Congress | year_start | year_end | seats\nA | 1789 | 1791 | 65\nB | 1791 | 1793 | 69\nC | 1793 | 1795 | 105"
    (table,) = structure(grid(text))
    assert [line.text for line in table.panels[0].columns] == ["seats"]


def test_percentages_beside_counts_do_not_make_the_rows_percentages():
    text = """
                    | Amount    | % of all | Per head | Change
    Staff           | 1,617,271 | 38.98%   | 1,582    | -0.03%
    Goods           | 930,332   | 22.42%   | 910      | -0.13%
    Transfers       | 1,601,878 | 38.60%   | 1,567    | -0.11%
    All expenditure | 4,149,481 | 100.00%  | 4,059    | -0.29%
    """
    assert ("row", 4, (1, 2, 3)) in found(text)


# ---------------------------------------------------------------- what adds up to what


def test_subtotals_come_before_totals_of_the_same_parts():
    text = """
          | Nonfarm | Goods | Services | Mining | Building | Factories
    Jan   | 135,450 | 22,467 | 112,983 | 656 | 7,601 | 14,210
    Feb   | 135,762 | 22,535 | 113,227 | 662 | 7,664 | 14,209
    March | 136,059 | 22,572 | 113,487 | 669 | 7,689 | 14,214
    """
    assert found(text) == {("column", 1, (2, 3)), ("column", 2, (4, 5, 6))}


def test_a_part_too_small_to_be_felt_is_no_part():
    text = """
       | Salary | Benefits | Dropout | Compensation
    A  | 37498  | 7420     | 2.9     | 44918
    B  | 48722  | 10370    | 1.3     | 59092
    C  | 44541  | 7313     | 3.5     | 51854
    D  | 31566  | 5989     | 3.6     | 37555
    E  | 39781  | 5545     | 2.0     | 45326
    F  | 35102  | 6011     | 4.1     | 41113
    """
    assert found(text) == {("column", 4, (1, 2))}


def test_what_remains_is_added_up_again():
    text = """
                             | 2022    | 2021
    Net sales                | 394,328 | 365,817
    Cost of sales            | 223,546 | 212,981
    Gross margin             | 170,782 | 152,836
    Operating expenses       | 51,345  | 43,887
    Operating income         | 119,437 | 108,949
    Other income             | (334)   | 258
    Income before tax        | 119,103 | 109,207
    Tax                      | 19,300  | 14,527
    Net income               | 99,803  | 94,680
    """
    assert found(text) == {
        ("row", 1, (2, 3)),
        ("row", 3, (4, 5)),
        ("row", 7, (5, 6)),
        ("row", 7, (8, 9)),
    }


def test_small_sums_follow_from_the_same_sums_beside_them():
    text = """
                | 1988  | 1989  | 1990
    Current
    Farming     | 151   | 160   | 180
    Tourism     | 7     | 8     | 9
    Health      | 2,380 | 2,568 | 2,815
    Arts        | 17    | 18    | 20
    Capital
    Farming     | 31    | 35    | 44
    Tourism     | 3     | 3     | 4
    Health      | 120   | 152   | 175
    Arts        | 6     | 7     | 12
    All
    Farming     | 182   | 195   | 224
    Tourism     | 10    | 11    | 13
    Health      | 2,500 | 2,720 | 2,990
    Arts        | 23    | 25    | 32
    """
    assert {("row", r, (r - 10, r - 5)) for r in (12, 13, 14, 15)} <= found(text)


def test_a_total_of_one_part_and_zeros_is_a_total_where_its_words_say_so():
    text = """
                     | 2019  | 2020
    Taxes            | 4,150 | 4,242
    Fees             | 1,268 | 1,305
    Total current    | 5,418 | 5,547
    Loans            | 400   | 410
    Bonds            | 0     | 0
    Total financial  | 400   | 410
    Total            | 5,818 | 5,957
    """
    assert found(text) == {("row", 3, (1, 2)), ("row", 6, (4, 5)), ("row", 7, (3, 6))}


def test_equal_lines_do_not_balance():
    lines = ["A | 3542 | 911 | 27", "B | 8120 | 455 | 93", "C | 3542 | 911 | 27", "D | 8120 | 455 | 93"]
    text = "\n".join(["x | a | b | c", *lines, "E | 77 | 301 | 5"])
    assert found(text, "difference") == set()


def test_growth_is_told_as_growth():
    text = """
             | 1983  | 1984  | Change | Per cent change
    Cereals  | 603   | 629   | 26     | 4.3
    Vehicles | 2,493 | 4,357 | 1,864  | 74.8
    Coal     | 215   | 193   | -22    | -10.2
    Steel    | 1,274 | 1,244 | -30    | -2.4
    """
    assert found(text, "change") == {("column", 4, (2, 1))}
    assert found(text, "division") == set()


def test_a_quotient_shows_no_more_digits_than_it_has():
    text = """
    Land    | Area      | People     | per km²
    Nord    | 35,751.46 | 10,786,227 | 302
    Ost     | 70,550.19 | 12,595,891 | 179
    Süd     | 20,449.95 | 2,313,280  | 113
    West    | 15,799.38 | 2,837,641  | 180
    Mitte   | 21,114.94 | 6,092,126  | 289
    """
    assert found(text, "division") == {("column", 3, (2, 1))}


@pytest.mark.parametrize("word", ["Insgesamt", "Totaal", "Ensemble", "Razem", "Итого", "Summa", "合計", "Toplam"])
def test_totals_in_other_languages(word: str):
    table = grid(f"  | 2019 | 2020\nA | 12 | 17\nB | 7 | 5\nC | 30 | 21\n{word} | 49 | 43\nD | 8 | 3\nE | 5 | 14")
    assert [(i.total, i.parts) for i in identities(table)] == [(4, (1, 2, 3))]


def test_dates_in_headings_do_not_hide_points_between_thousands():
    text = """
                  | 31.12.2023 € | Vorjahr T€
    Sachanlagen   | 2.961.189,33 | 2.869
    Finanzanlagen | 295.743,96   | 66
    Vorräte       | 385.689,93   | 135
    Summe         | 3.642.623,22 | 3.070
    """
    assert found(text) == {("row", 4, (1, 2, 3))}
    assert [i.holds for i in identities(grid(text))] == [2]


def test_yes_and_no_in_digits_are_no_parts():
    rows = [("7.582914", "1 | 0 | 0"), ("8.595144", "0 | 1 | 0"), ("7.311346", "1 | 0 | 0"), ("9.499537", "0 | 0 | 1")]
    lines = [f"P{k} | 1 | {flags} | {wage}" for k, (wage, flags) in enumerate(rows * 4)]
    assert found("\n".join(["Person | urban | north | south | west | wage", *lines])) == set()


def test_a_total_is_no_finer_than_its_parts():
    text = """
       | Base     | Grade | Years | Pay
    A  | 7.582914 | 1     | 0     | 8.271242
    B  | 8.595144 | 0     | 1     | 9.499537
    C  | 7.311346 | 1     | 0     | 8.211346
    D  | 6.123001 | 0     | 0     | 6.511346
    """
    assert found(text) == set()


def test_parts_that_stand_apart_from_their_total():
    text = """
    Patient | Week 1 | Week 2 | Week 3 | Week 4 | Base | Age | Seizures
    A       | 5      | 3      | 3      | 3      | 11   | 31  | 14
    B       | 13     | 15     | 13     | 12     | 22   | 36  | 53
    C       | 40     | 20     | 23     | 12     | 42   | 29  | 95
    D       | 7      | 18     | 9      | 21     | 87   | 42  | 55
    E       | 24     | 17     | 26     | 7      | 30   | 37  | 74
    """
    assert found(text) == {("column", 7, (1, 2, 3, 4))}


def test_two_ways_to_divide_one_total_and_no_more():
    text = """
          | Nonfarm | Private | Goods  | Services | Private services | Government
    Jan   | 135,450 | 113,603 | 22,467 | 112,983  | 91,136           | 21,847
    Feb   | 135,762 | 113,884 | 22,535 | 113,227  | 91,349           | 21,878
    March | 136,059 | 114,156 | 22,572 | 113,487  | 91,584           | 21,903
    April | 136,227 | 114,308 | 22,631 | 113,596  | 91,677           | 21,919
    """
    assert {("column", 1, (2, 6)), ("column", 2, (3, 5)), ("column", 1, (3, 4))} <= found(text)
    assert ("column", 1, (3, 5, 6)) not in found(text)


def test_so_much_per_head_adds_up_to_nothing_however_large():
    (table,) = structure(
        grid("Land | People | per km²\nA | 10,786,227 | 3,945\nB | 2,313,280 | 1,577\nC | 837,641 | 180")
    )
    assert [line.percent for line in table.panels[0].columns] == [False, True]


def test_one_column_rounded_to_tens_has_wider_intervals():
    rows = [f"r{k} | {k * 37 + 102} | {round((k * 41 + 120) / 10) * 10}" for k in range(13)]
    outturn, plans = sum(k * 37 + 102 for k in range(13)), round(sum(k * 41 + 120 for k in range(13)) / 10) * 10
    text = "\n".join(["Item | Outturn | Plans", *rows, f"Total | {outturn} | {plans - 20}"])
    assert [i.holds for i in identities(grid(text)) if i.total == 14] == [2]


def test_numbers_of_notes_do_not_hide_a_decimal_comma():
    sheet = figures(grid("Sales | 2, 8 | 4 803 | 4 348\nPer share | 3, 4, 5 | 6,13 | 1,87"))
    assert sheet.value[:, 2:].tolist() == [[4803, 4348], [6.13, 1.87]]
