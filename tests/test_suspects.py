"""Which cell is wrong: the case in the test, the answer beside it."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from auditkit.model.document import Place
from auditkit.model.words import Text
from auditkit.suspects import PRIORS, TOGETHER, Edit, Localization, Quantity, locate
from auditkit.suspects.told import told


def cross(text: str, **known: dict[str, object]) -> tuple[list[Quantity], list[Edit]]:
    """A cross table with a total row and a total column: cell ``r2c3`` has id 203; ``known`` adds to a quantity."""
    rows = [line.split() for line in text.strip().splitlines()]
    quantities = []
    for r, row in enumerate(rows, 1):
        for c, shown in enumerate(row, 1):
            value = None if shown == "?" else Decimal("0" if shown == "_" else shown.replace(",", ""))
            more = {"text": "" if shown in "_?" else shown, "lines": (f"行{r}", f"列{c}")} | known.get(f"r{r}c{c}", {})
            quantities.append(Quantity(100 * r + c, value, **more))
    height, width = len(rows), len(rows[0])
    edits = [adds(f"行{r}", [100 * r + c for c in range(1, width)], 100 * r + width) for r in range(1, height + 1)]
    edits += [adds(f"列{c}", [100 * r + c for r in range(1, height)], 100 * height + c) for c in range(1, width + 1)]
    return quantities, edits


def adds(key: str, parts: list[int], total: int, slack: str = "0") -> Edit:
    return Edit(key, (*((part, 1) for part in parts), (total, -1)), slack=Decimal(slack))


def row(*shown: str, **more: object) -> list[Quantity]:
    """Cells 1, 2, … of one line."""
    return [Quantity(i, Decimal(s), s, **more) for i, s in enumerate(shown, 1)]


def said(answer: Localization) -> list[str]:
    """``202=161 digits swapped``: cell, proposed value, slip; further explanations after ``|``."""
    return [
        " | ".join(
            f"{' '.join(f'{c.quantity}={c.value}' for c in one.changes)} {one.kind}" for one in suspicion.alternatives
        )
        for suspicion in answer.suspicions
    ]


SOUND = """
    161  20   7 188
     35 402  19 456
      8   0 250 258
    204 422 276 902
"""

ONE_SLIP = [
    ("161", "116", "101=161 digits swapped", "两个数字颠倒：116 应为 161"),
    ("402", "482", "202=402 digit replaced", "一位数字写错：482 应为 402"),
    ("402", "42", "202=402 digit missing", "少一位数字：42 应为 402"),
    ("276", "2776", "403=276 digit extra", "多一位数字：2776 应为 276"),
    ("276", "-276", "403=276 sign", "正负号错误：-276 应为 276"),
    ("276", "2760000", "403=276 unit factor", "差 10^4 倍（如单位元与万元）：2760000 应为 276"),
    ("456", "4.56", "204=456 decimal point", "小数点位置错误：4.56 应为 456"),
    ("402", "0", "202=402 omitted", "漏填：写着 0，应为 402"),
    ("402", "_", "202=402 blank", "空白，应为 402"),
    ("188", "198", "104=188 digit replaced", "一位数字写错：198 应为 188"),
    ("258", "8", "304=258 total not updated", "合计未更新：8 少加了一项 250，应为 258"),
    ("422", "739", "402=422 other", "现为 739，应为 422"),
]


@pytest.mark.parametrize(("right", "wrong", "expected", "words"), ONE_SLIP)
def test_one_slip_in_a_cross_table(right: str, wrong: str, expected: str, words: str) -> None:
    answer = locate(*cross(SOUND.replace(right, wrong)))
    assert said(answer) == [expected]
    assert answer.suspicions[0].slip.zh == words
    assert len(answer.suspicions[0].clears) == 2
    assert answer.suspicions[0].breaks == ()
    assert answer.optimal
    assert not answer.unexplained


def test_a_consistent_table_has_no_suspects() -> None:
    assert locate(*cross(SOUND)) == Localization()


def test_one_identity_alone_can_not_tell_which_cell() -> None:
    answer = locate(row("3", "4", "8"), [adds("和", [1, 2], 3)])
    assert sorted(said(answer)[0].split(" | ")) == ["1=4 other", "2=5 other", "3=7 other"]
    assert answer.suspicions[0].confidence < 0.8
    assert "另有 2 种改法" in " ".join(text.zh for text in answer.suspicions[0].because)


def test_a_plausible_slip_comes_before_equal_suspects() -> None:
    # 1204 + 873 + 116 should be 2238 if 116 were 161
    answer = locate(row("1204", "873", "116", "2238"), [adds("和", [1, 2, 3], 4)])
    assert said(answer)[0].startswith("3=161 digits swapped")


def test_digits_of_one_digit_numbers_tell_nothing() -> None:
    answer = locate(row("3", "4", "9"), [adds("和", [1, 2], 3)])
    assert "digit" not in said(answer)[0]


def test_two_slips_are_told_one_by_one() -> None:
    answer = locate(*cross(SOUND.replace("161", "116").replace("250", "25")))
    assert said(answer) == ["101=161 digits swapped", "303=250 digit missing"]


def test_two_slips_in_one_column() -> None:
    answer = locate(*cross(SOUND.replace("20 ", "26 ").replace("402", "420")))
    assert said(answer) == ["102=20 digit replaced", "202=402 digits swapped"]
    assert all(one.evidence.startswith("several") for one in answer.suspicions)


def test_three_slips_with_a_shared_row_and_column() -> None:
    answer = locate(*cross(SOUND.replace("20 ", "26 ").replace("402", "420").replace("250", "205")))
    assert said(answer) == ["303=250 digits swapped", "102=20 digit replaced", "202=402 digits swapped"]


def test_two_cells_of_a_column_swapped() -> None:
    answer = locate(*cross(SOUND.replace("161", "x").replace(" 35", "161").replace("x", "35")))
    assert said(answer)[0].startswith("101=161 201=35 swapped cells")
    assert answer.suspicions[0].kind in TOGETHER
    assert answer.suspicions[0].slip.zh == "两格的数互换：35 与 161"


def test_two_cells_of_different_rows_and_columns_swapped() -> None:
    answer = locate(*cross(SOUND.replace("161", "x").replace("402", "161").replace("x", "402")))
    assert said(answer) == ["101=161 202=402 swapped cells"]
    assert len(answer.suspicions[0].clears) == 4


def test_an_amount_booked_in_the_wrong_row() -> None:
    # 15 of column 1 went to row 3 instead of row 2
    answer = locate(*cross(SOUND.replace(" 35", " 20").replace("  8   0", " 23   0")))
    assert "201=35 301=8 misplaced amount" in said(answer)[0]


LONG = """
    12   30  5  47
   400   25  8 433
    31   90 11 132
    77   16 40 133
   520  161 64 745
"""


def test_a_column_in_another_unit_is_one_suspect() -> None:
    answer = locate(
        *cross("120000 30 5 47\n 4000000 25 8 433\n 310000 90 11 132\n 770000 16 40 133\n 5200000 161 64 745")
    )
    assert said(answer) == ["101=12 201=400 301=31 401=77 501=520 line factor"]
    assert answer.suspicions[0].slip.zh == "列1：整行（列）差 10000 倍（如单位元与万元）"


def test_a_shifted_column_is_one_suspect() -> None:
    answer = locate(*cross("0 30 5 47\n 12 25 8 433\n 400 90 11 132\n 31 16 40 133\n 77 161 64 745"))
    assert said(answer) == ["101=12 201=400 301=31 401=77 501=520 line shifted"]
    assert answer.suspicions[0].slip.en == "列1: the figures stand one cell too late"


def test_a_column_of_last_year() -> None:
    last = {f"r{r}c1": {"last": Decimal(v)} for r, v in enumerate((10, 380, 50, 61, 501), 1)}
    answer = locate(*cross("10 30 5 47\n 380 25 8 433\n 50 90 11 132\n 61 16 40 133\n 501 161 64 745", **last))
    assert said(answer) == ["101=12 201=400 301=31 401=77 501=520 line of last year"]


def test_totals_that_were_never_worked_out() -> None:
    answer = locate(*cross("12 30 5 0\n 400 25 8 0\n 31 90 11 0\n 443 145 24 612"))
    assert said(answer) == ["104=47 204=433 304=132 line of totals"]
    assert answer.suspicions[0].slip.zh == "列4：整行（列）合计没有计算"


def test_totals_that_all_leave_out_one_column() -> None:
    answer = locate(*cross("12 30 5 35\n 400 25 8 33\n 31 90 11 101\n 443 145 24 169"))
    assert said(answer) == ["104=47 204=433 304=132 404=612 line of totals"]
    assert answer.suspicions[0].slip.zh == "列4：整行（列）合计漏加了 列1"


def test_last_years_number_left_standing() -> None:
    answer = locate(*cross(SOUND.replace("402", "377"), r2c2={"last": Decimal(377)}))
    assert said(answer) == ["202=402 copied last year"]


def test_a_number_copied_from_the_cell_beside() -> None:
    answer = locate(*cross(SOUND.replace("402", "161"), r2c2={"neighbours": (Decimal(161), Decimal(35))}))
    assert said(answer) == ["202=402 copied neighbour"]


def test_a_ratio_for_a_percentage() -> None:
    shares = row("0.8667", "13.33", "100.00", step=Decimal("0.01"), whole=False, percent=True)
    answer = locate(shares, [adds("合计", [1, 2], 3, "0.01")])
    assert said(answer)[0].startswith("1=86.67 ratio for percent")


def test_the_formula_that_misses_a_line_is_named() -> None:
    gap = Text("公式 SUM(A1:A2) 漏了第3行", "SUM(A1:A2) misses row 3")
    cells = [*row("3", "4", "6"), Quantity(4, Decimal(7), "7", formula=True, formula_gap=gap)]
    answer = locate(cells, [adds("和", [1, 2, 3], 4)])
    assert said(answer)[0].startswith("4=13 formula range")
    assert answer.suspicions[0].slip.zh == "公式 SUM(A1:A2) 漏了第3行：7 应为 13"


def test_rounding_alone_raises_no_suspicion() -> None:
    cells = row("33.3", "33.3", "33.3", "100.0", step=Decimal("0.1"), whole=False)
    assert locate(cells, [adds("和", [1, 2, 3], 4, "0.2")]) == Localization()


def test_within_a_rounding_interval_the_plausible_value_is_proposed() -> None:
    # anything from 541.1 to 541.5 would do for the first; 541.3 is 514.3 with two digits swapped
    cells = row("514.3", "120.4", "77.0", "738.7", step=Decimal("0.1"), whole=False)
    answer = locate(cells, [adds("和", [1, 2, 3], 4, "0.2")])
    assert said(answer)[0].startswith("1=541.3 digits swapped")


def test_part_of_a_whole_that_is_larger_than_the_whole() -> None:
    whole = Edit("其中", ((1, 1), (2, -1)), relation="≤")
    answer = locate(row("560", "98"), [whole])
    assert said(answer)[0].startswith("1=56 unit factor | 2=")
    assert locate(row("56", "98"), [whole]) == Localization()


def test_at_least() -> None:
    least = Edit("不少于", ((1, 1), (2, -1)), relation="≥", constant=Decimal(-2))
    answer = locate([*row("12"), Quantity(2, Decimal(11), "11", movable=False)], [least])
    assert [c.quantity for one in answer.suspicions[0].alternatives for c in one.changes] == [1]
    assert answer.suspicions[0].alternatives[0].changes[0].value >= 13


def test_what_can_not_be_the_culprit_is_not_named() -> None:
    cells = [*row("3", "4"), Quantity(3, Decimal(8), "8", movable=False)]
    assert {q for s in locate(cells, [adds("和", [1, 2], 3)]).suspicions for q in s.quantities} == {1, 2}


def test_priors_turn_a_tie_and_are_said() -> None:
    cells = [*row("31", "44"), Quantity(3, Decimal(88), "88", signs=("typed among formulas",))]
    plain = [Quantity(3, Decimal(88), "88")]
    edits = [adds("和", [1, 2], 3)]
    assert said(locate([*cells[:2], *plain], edits))[0].startswith("1=44")
    answer = locate(cells, edits)
    assert said(answer)[0].startswith("3=75")
    assert "相邻格都是公式，这一格是手工录入（-8）" in [text.zh for text in answer.suspicions[0].because]
    settled = locate(cells, edits, priors={"typed among formulas": 20})
    assert not said(settled)[0].startswith("3=75")


def test_a_soft_edit_tips_the_scale() -> None:
    stated = Quantity(4, Decimal(12), "12")
    same = Edit("文字", ((2, 1), (4, -1)), level="soft")
    answer = locate([*row("3", "4", "15"), stated], [adds("和", [1, 2], 3), same])
    assert said(answer)[0].startswith("2=12")
    assert answer.suspicions[0].clears == ("和", "文字")


def test_a_soft_edit_alone_is_explained_too() -> None:
    cells, edits = cross(SOUND)
    answer = locate(
        [*cells, Quantity(1, Decimal(116), "116")], [*edits, Edit("文字", ((101, 1), (1, -1)), level="soft")]
    )
    assert said(answer)[0].startswith("1=161 digits swapped")
    assert answer.suspicions[0].clears == ("文字",)


def test_last_years_accepted_number_is_the_last_to_be_doubted() -> None:
    cells = [Quantity(1, Decimal(43), "43"), Quantity(2, Decimal(34), "34", signs=("accepted",))]
    answer = locate(cells, [Edit("结转", ((1, 1), (2, -1)))])
    assert said(answer) == ["1=34 digits swapped"]


def test_unknown_cells_the_edits_determine_are_told() -> None:
    answer = locate(*cross(SOUND.replace("402", "?").replace("250", "?")))
    assert said(answer) == ["202=402 blank", "303=250 blank"]
    assert [one.evidence for one in answer.suspicions] == ["blank ≥0.999"] * 2


def test_unknown_cells_that_only_several_equations_determine() -> None:
    # x + y = 30 and x - y = 4: neither equation alone says anything
    cells = [Quantity(1, None), Quantity(2, None), *[Quantity(i, Decimal(v), str(v)) for i, v in ((3, 30), (4, 4))]]
    edits = [Edit("和", ((1, 1), (2, 1), (3, -1))), Edit("差", ((1, 1), (2, -1), (4, -1)))]
    assert said(locate(cells, edits)) == ["1=17 blank", "2=13 blank"]


def test_unknown_parts_of_a_total_already_reached_are_nothing() -> None:
    cells = [Quantity(1, Decimal(8), "8"), Quantity(2, None), Quantity(3, None), Quantity(4, Decimal(8), "8")]
    assert locate(cells, [adds("和", [1, 2, 3], 4)]) == Localization()


def test_unknown_cells_nothing_determines_blame_nobody() -> None:
    cells = [Quantity(1, Decimal(5), "5"), Quantity(2, None), Quantity(3, None), Quantity(4, Decimal(8), "8")]
    assert locate(cells, [adds("和", [1, 2, 3], 4)]) == Localization()


def test_a_slip_beside_an_unknown_cell() -> None:
    answer = locate(*cross(SOUND.replace("402", "?").replace("258", "285")))
    assert said(answer) == ["304=258 digits swapped", "202=402 blank"]


def test_twenty_slips_are_too_many_and_that_is_said() -> None:
    figures = [[str(10 * r + 7 * c) for c in range(1, 7)] for r in range(1, 25)]
    answer = locate(*cross("\n".join(" ".join(line) for line in figures)))
    assert answer.too_many
    assert not answer.optimal
    assert answer.unexplained


def test_a_sum_too_long_to_point_at_anything() -> None:
    answer = locate(row(*["13"] * 30, "412"), [adds("和", list(range(1, 31)), 31)])
    assert answer.suspicions == ()
    assert answer.unexplained == ("和",)
    assert not answer.too_many


def test_coefficients_may_be_fractions() -> None:
    # an average: (a + b) / 2 = c
    half = Fraction(1, 2)
    answer = locate(row("10", "20", "51"), [Edit("平均", ((1, half), (2, half), (3, -1)))])
    assert "3=15 digits swapped" in said(answer)[0]


def test_money_keeps_its_cents() -> None:
    cells = row("1234.50", "99.95", "1343.45", step=Decimal("0.01"), whole=False)
    answer = locate(cells, [adds("和", [1, 2], 3)])
    assert "3=1334.45 digits swapped" in said(answer)[0]
    assert "1=1243.50 digits swapped" in said(answer)[0]


def test_very_large_numbers_stay_exact() -> None:
    big = "123456789012345678901234567890"
    answer = locate(row(big, "1", big), [adds("和", [1, 2], 3)])
    assert f"3={int(big) + 1} " in said(answer)[0]


def test_an_unknown_quantity_or_sign_is_refused() -> None:
    with pytest.raises(KeyError):
        locate(row("1"), [Edit("和", ((1, 1), (9, -1)))])
    with pytest.raises(KeyError, match="lucky"):
        locate(row("1", "2", signs=("lucky",)), [Edit("同", ((1, 1), (2, -1)))])


def test_suspects_for_the_result() -> None:
    answer = locate(*cross(SOUND.replace("161", "116")))
    (suspect,) = told(
        answer,
        place=lambda i: Place("a.xlsx", "表", i // 100, i % 100),
        name=lambda i: Text(f"格{i}", f"cell {i}"),
        text=lambda _: "116",
    )
    assert suspect.places == (Place("a.xlsx", "表", 1, 1),)
    assert (suspect.current, suspect.proposed, suspect.clears) == (("116",), ("161",), ("列1", "行1"))
    assert suspect.slip_kind == "digits swapped"
    assert not suspect.together


def test_swapped_cells_are_one_suspect_and_other_ways_a_reason() -> None:
    answer = locate(*cross(SOUND.replace("161", "x").replace(" 35", "161").replace("x", "35")))
    (suspect,) = told(answer, lambda i: Place("a", "", i // 100, i % 100), lambda i: Text(str(i), str(i)), str)
    assert suspect.current == ("101", "201")
    assert suspect.proposed == ("161", "35")
    assert suspect.together
    others = len(answer.suspicions[0].alternatives) - 1
    assert sum(text.zh.startswith("也可能是") for text in suspect.because) == others


@pytest.mark.parametrize("digits", [120, 309, 400])
def test_an_amount_of_nothing_on_earth_has_no_suspect(digits: int) -> None:
    quantities, edits = cross(SOUND.replace("161", "9" * digits).replace("402", "19.5").replace(" 8 ", "7" * digits))
    assert said(locate(quantities, edits)) == []


def test_what_must_be_put_right_together_is_said_so() -> None:
    """A part and its total are off by the same: each alone would break the row that holds now."""
    cells = row("31", "44", "75")
    cells += [Quantity(i, Decimal(value), movable=False) for i, value in ((4, 80), (5, 36), (6, 160))]
    edits = [adds("行", [1, 2], 3), adds("和", [3, 4], 6), adds("文字", [1], 5)]
    answer = locate(cells, edits)
    best = {(c.quantity, c.value) for one in answer.suspicions for c in one.alternatives[0].changes}
    assert best == {(1, Decimal(36)), (3, Decimal(80))}
    assert {one.leans for one in answer.suspicions} == {("行",)}
    assert "要与所列的其他格一起改，单改会使 1 处不再成立" in answer.suspicions[0].because[0].zh


def test_the_table_of_signs_in_the_documentation_is_the_programs() -> None:
    text = (Path(__file__).parents[1] / "docs" / "rules.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `([a-z ]+)` \| ([+-]\d+) \|", text, re.MULTILINE))
    assert told == {sign: f"{points:+d}" for sign, (points, _) in PRIORS.items()}


def test_a_soft_edit_whose_only_cell_was_put_right_already_is_left_unexplained():
    """The opening balance that this year's figures ask for is not last year's."""
    quantities = [Quantity(n, Decimal(value), value) for n, value in enumerate(["61", "20", "7", "43", "43", "86"], 1)]
    hard = [adds("row 1", [1, 2], 4), adds("row 2", [3, 2, 1], 5), adds("both", [4, 5], 6)]
    soft = Edit("last year", ((1, 1),), constant=Fraction(-900), level="soft")

    answer = locate(quantities, [*hard, soft])

    assert answer.unexplained == ("last year",)
