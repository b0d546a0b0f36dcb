"""From failed rules to the cell: told with its address, its value and the findings it clears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditkit.bind import Binder
from auditkit.edits import check, submission_of
from auditkit.localize import cells_of, suspects_of
from auditkit.model.document import Document, Grid, SheetFacts
from auditkit.model.filled import Filled
from auditkit.model.finding import Context
from auditkit.schema import check_cells
from auditkit.stack import stack
from conftest import fill, load_text
from test_check import MATRIX

GOOD = """
 80 | 25 | 105
 10 |  3 |  13
 78 | 11 |  89
 12 | 17 |  29
"""


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory):
    return load_text(MATRIX.format(kind="count", blank="report"), tmp_path_factory.mktemp("matrix"))


def told(book, now: Filled) -> list[str]:
    """``B2 80→81 clears AB110 AB111 (digit replaced)`` for each suspect."""
    pile, context = stack(book.form, [now], [None]), Context("甲", "2024", None, None)
    done = check(book, pile, [context])
    check_cells(book, pile, [context], done)
    rules = {f.key: f.rule for f in done[0].findings}
    located = suspects_of(book, submission_of(book, pile, 0, context), context, {}, done[0])
    return [
        " / ".join(f"{p.address} {now}→{then}" for p, now, then in zip(s.places, s.current, s.proposed, strict=True))
        + f" clears {' '.join(sorted(rules[key] for key in s.clears))} ({s.slip_kind})"
        for s in located.suspects
    ]


def test_nothing_is_suspected_where_everything_adds_up(matrix) -> None:
    assert told(matrix, fill(matrix, GOOD)) == []


def test_the_wrong_cell_is_named_with_its_value(matrix) -> None:
    assert told(matrix, fill(matrix, GOOD.replace("80 |", "81 |"))) == ["B2 81→80 clears AB110 AB111 (digit replaced)"]


def test_swapped_digits_are_named(matrix) -> None:
    assert told(matrix, fill(matrix, GOOD.replace("|  89", "|  98"))) == [
        "D4 98→89 clears AB110 AB111 (digits swapped)"
    ]


def test_a_blank_total_that_the_others_determine_is_told_with_its_value(matrix) -> None:
    assert told(matrix, fill(matrix, GOOD.replace("| 105", "|"))) == ["D2 →105 clears AB102 (blank)"]


def test_a_sum_that_misses_a_cell_is_said(matrix) -> None:
    wrong = fill(matrix, GOOD.replace("| 105", "|  80"))
    with_formula = replace(
        wrong, cell=lambda slot: replace(wrong.cell(slot), formula="SUM(B2:B2)") if slot == 2 else wrong.cell(slot)
    )
    pile, context = stack(matrix.form, [with_formula], [None]), Context("甲", "2024", None, None)
    done = check(matrix, pile, [context])
    located = suspects_of(matrix, submission_of(matrix, pile, 0, context), context, {}, done[0])
    (suspect,) = located.suspects
    assert suspect.places[0].address == "D2"
    assert suspect.proposed == ("105",)
    assert "C2" in suspect.slip.zh


def test_what_the_sheet_tells_of_a_cell_is_said(matrix) -> None:
    """A total typed where the others are formulas, a number stored as text, a hidden row."""
    rows = [["申请", "甲", "乙", "总计"], ["新收", 80.0, 25.0, 100.0], ["结转", 10.0, 3.0, 13.0]]
    rows += [["办理", "87", 11.0, 89.0], ["下年", 12.0, 17.0, 29.0]]
    facts = SheetFacts(formulas={(r, 3): "SUM" for r in (2, 3, 4)}, hidden_rows=frozenset({3}))
    grid = Grid("申请", rows, facts=lambda: facts)
    now = Binder((matrix.form,)).bind(Document("甲.xlsx", "workbook", (grid,)))
    pile, context = stack(matrix.form, [now], [None]), Context("甲", "2024", None, None)
    done = check(matrix, pile, [context])
    located = suspects_of(matrix, submission_of(matrix, pile, 0, context), context, {}, done[0])
    assert {s.places[0].address: [b.en for b in s.because[1:]] for s in located.suspects} == {
        "D2": ["typed by hand where its neighbours are formulas (-8)"],
        "B4": ["stands in a hidden row or column (-3)", "stored as text (-4)"],
    }


@pytest.mark.parametrize(
    ("formula", "cells"),
    [
        ("SUM(B2:C3)", {(1, 1), (1, 2), (2, 1), (2, 2)}),
        ("$D$7+D9", {(6, 3), (8, 3)}),
        ("SUM(AA1:AB1)", {(0, 26), (0, 27)}),
        ("42", set()),
    ],
)
def test_the_cells_of_a_formula(formula: str, cells: set[tuple[int, int]]) -> None:
    assert cells_of(formula) == cells


def test_soft_relations_point_at_a_cell_only_together(tmp_path) -> None:
    soft = load_text(MATRIX.format(kind="count", blank="report").replace("level: hard", "level: soft"), tmp_path)
    assert told(soft, fill(soft, GOOD.replace("80 |", "81 |"))) == ["B2 81→80 clears AB110 AB111 (digit replaced)"]
    assert told(soft, fill(soft, GOOD.replace("|  29", "|  28").replace("|  89", "|  90"))) != []
    alone = GOOD.replace("105", "106").replace("|  89", "|  90")
    assert [one for one in told(soft, fill(soft, alone)) if one.count("AB1") < 2] == []
