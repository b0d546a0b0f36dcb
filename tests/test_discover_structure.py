"""Structure of a sheet: blocks, header rows, label columns, groups, titles, notes, and the words of a cell."""

from __future__ import annotations

import pytest

from auditkit.discover import structure
from auditkit.discover.labels import Role, indent, numbering, role_of
from auditkit.model.document import Grid


def grid(text: str, merges=()) -> Grid:
    rows = [
        [c.strip() if k else c.rstrip() for k, c in enumerate(line.split("|"))]
        for line in text.strip("\n").splitlines()
    ]
    width = max(map(len, rows))
    return Grid("", [row + [""] * (width - len(row)) for row in rows], merges)


def test_title_headings_body_and_notes():
    [block] = structure(
        grid(
            """
Table 3. Farms by region, 2015
(in thousands)

Region | 2010 | 2015
North  | 120  | 133
South  | 98   | 101
Total  | 218  | 234

Source: farm census.
"""
        )
    )
    assert block.titles == ((0, 0), (1, 0))
    assert block.header == (3,)
    assert block.body == (4, 1, 6, 2)
    assert block.notes == ((8, 0),)
    assert block.path((5, 2)) == (("South",), ("2015",))


def test_two_level_headings_with_blanks_and_with_merged_cells():
    text = """
       | Urban |        | Rural |
       | Male  | Female | Male  | Female
    A  | 10    | 12     | 14    | 16
    B  | 11    | 13     | 15    | 17
    """
    for merges in ((), ((0, 1, 0, 2), (0, 3, 0, 4))):
        [block] = structure(grid(text, merges))
        assert block.path((3, 4))[1] == ("Rural", "Female")
        assert block.path((3, 2))[1] == ("Urban", "Female")


def test_groups_and_indentation_give_the_path_of_a_row():
    [block] = structure(
        grid(
            """
              | 2019 | 2020
Assets        |      |
  Cash        | 10   | 12
  Stock       | 30   | 31
Liabilities   |      |
  Loans       | 25   | 26
"""
        )
    )
    assert block.groups == (1, 4)
    assert block.path((3, 1))[0] == ("Assets", "  Stock".strip())
    assert block.path((5, 1))[0] == ("Liabilities", "Loans")


def test_a_label_column_that_is_left_blank_repeats():
    [block] = structure(
        grid(
            """
      |       | N
Full  | 15-19 | 105
      | 20-24 | 506
      | Total | 611
Part  | 15-19 | 395
      | 20-24 | 436
      | Total | 831
"""
        )
    )
    assert block.path((2, 2))[0] == ("Full", "20-24")
    assert block.path((6, 2))[0] == ("Part", "Total")
    assert {line.depth for line in block.panels[0].rows} == {(1, 0, 0)}


def test_codes_and_years_are_names_not_amounts():
    [codes] = structure(
        grid(
            "类|款|项|名称|合计\n201||||\n201|||一般公共服务|2106.66\n201|06||财政事务|2106.66\n201|06|01|行政运行|1511.89\n208|||社会保障|326.72"
        )
    )
    assert [line.index for line in codes.panels[0].columns] == [4]
    [years] = structure(grid("Year | Wheat | Oats\n1990 | 120 | 30\n1991 | 125 | 31\n1992 | 119 | 33"))
    assert [line.index for line in years.panels[0].columns] == [1, 2]
    assert years.path((2, 1))[0] == ("1991",)


def test_years_above_numbers_are_headings():
    [block] = structure(grid(" | 2018 | 2019 | 2020\nA | 5 | 6 | 7\nB | 8 | 9 | 10"))
    assert block.header == (0,)
    assert block.body[0] == 1


def test_two_tables_under_each_other():
    first, second = structure(
        grid(
            """
Table 1
  | Cows | Pigs
A | 10   | 20
B | 11   | 21

Table 2
  | Ploughs | Carts
C | 3       | 4
D | 5       | 6
"""
        )
    )
    assert first.body == (2, 1, 3, 2)
    assert second.titles == ((5, 0),)
    assert second.path((7, 1)) == (("C",), ("Ploughs",))


def test_a_wider_table_under_a_narrow_one_begins_at_its_own_words():
    first, second = structure(
        grid(
            """
Fees | Amount
Paid | 10
Due  | 4
Herds
     | Amount | Cows | Pigs
A    | 1      | 10   | 20
B    | 2      | 11   | 21
"""
        )
    )
    assert (first.body, second.body) == ((1, 1, 2, 1), (5, 1, 6, 3))
    assert second.path((6, 3)) == (("B",), ("Pigs",))


def test_two_label_columns_are_two_panels():
    [block] = structure(
        grid(
            """
收入         | 决算数 | 支出         | 决算数
一、财政拨款 | 2940   | 一、公共服务 | 2106
二、其他     | 6      | 二、社会保障 | 326
本年收入合计 | 2946   | 本年支出合计 | 2432
"""
        )
    )
    assert [(p.stub, [c.index for c in p.columns]) for p in block.panels] == [((0,), [1]), ((2,), [3])]
    assert block.path((2, 3))[0] == ("二、社会保障",)


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("合计", Role.TOTAL),
        ("Grand total", Role.TOTAL),
        ("AGENCY OVERALL", Role.TOTAL),
        ("All other reasons", Role.PLAIN),
        ("其中：农村", Role.OF_WHICH),
        ("of which: rural", Role.OF_WHICH),
        ("Median age", Role.AVERAGE),
        ("Share of total (%)", Role.TOTAL),
        ("比重", Role.PERCENT),
        ("Unemployment rate", Role.PERCENT),
        ("Interest rate swaps", Role.PLAIN),
        ("Net income", Role.DIFFERENCE),
    ],
)
def test_what_a_label_claims(label: str, role: Role):
    assert role_of(label) == role


def test_numbering_and_indentation():
    assert [numbering(t) for t in ("一、甲", "（二）乙", "3. c", "(4) d", "⑤e", "1.1.2 f", "plain")] == [
        1,
        2,
        3,
        4,
        5,
        4,
        0,
    ]
    assert (indent("  a"), indent("\u3000b"), indent("c")) == (2, 2, 0)


def test_a_unit_over_the_last_columns_heads_none_of_them():
    text = """
    Work of a hospital, 2023
    编制单位：某医院 |    |    | 单位：人次
    科室 | 门诊 |    | 出院
         | 本年 | 上年 | 本年
    内科 | 10   | 12   | 14
    外科 | 11   | 13   | 15
    """
    [block] = structure(grid(text))
    assert (block.header, block.titles) == ((2, 3), ((0, 0), (1, 0), (1, 3)))
    assert block.path((4, 3)) == (("内科",), ("出院", "本年"))
