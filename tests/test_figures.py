"""Figures: what the cells of a submission said comes back from the store cell by cell, in the names of the form."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit import readers
from auditkit.audit import auditor
from auditkit.bind import Binder
from auditkit.model.document import Source, State
from auditkit.store.figures import figures_of, filled_of

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "clean"


@pytest.fixture(scope="module")
def binder():
    return auditor(rules="cn-disclosure-2021").binder


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/宿迁市_2024.*")), ids=lambda path: path.parent.name)
def test_every_cell_comes_back_as_it_was(binder, path: Path) -> None:
    filled = binder.bind(readers.read(readers.load(path)))
    again = filled_of(filled.form, filled.document.name, figures_of(filled))
    assert again.states == filled.states
    cells = [replace(filled.cell(slot), formula="") for slot in range(filled.form.size)]
    assert [again.cell(slot) for slot in range(filled.form.size)] == cells
    assert [str(value) for value in again.values] == [str(value) for value in filled.values]


def test_a_line_that_last_years_form_did_not_have_is_absent(binder) -> None:
    filled = binder.bind(readers.read(readers.load(next(iter(sorted(SAMPLES.glob("flat/*_2024.*")))))))
    figures = figures_of(filled).replace('"新收"', '"当年新收"')
    again = filled_of(filled.form, "x", figures)
    table = filled.form.tables["T3"]
    row = table.rows.index["新收"]
    slots = [table.slot(row, column) for column in range(len(table.columns.lines))]
    assert {again.states[slot] for slot in slots} == {State.ABSENT}
    assert again.states[table.slot(row + 1, 0)] == filled.states[table.slot(row + 1, 0)]


ACCOUNT = """\
tables:
  T1:
    title: 收支情况表
    cells: number
    kinds: {count: count}
    columns: {count: 户数, amount: 金额}
    rows: {a: 收入, b: 支出, c: 结余}
"""
numbers = st.one_of(
    st.integers(-2000, 2000).map(float),
    st.sampled_from([0.1 + 0.2, 12.5, 999.0, 1000.0, 1e14, 1e15, 3e16, 0.125, -0.0, 1234.56]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.lists(numbers, min_size=6, max_size=6), st.sampled_from(["", "0", "#,##0", "0.0", "0%"]))
def test_numbers_that_stand_as_they_are_need_no_cells(book, figures: list[float], shown: str) -> None:
    """The quick way writes what the way over cells with their formats writes."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        sheet, look = workbook.add_worksheet(), workbook.add_format({"num_format": shown} if shown else {})
        sheet.write_row(0, 0, ["收支情况表"])
        sheet.write_row(1, 0, ["项目", "户数", "金额"])
        for row, label in enumerate(["收入", "支出", "结余"]):
            sheet.write(row + 2, 0, label)
            sheet.write_row(row + 2, 1, figures[row * 2 : row * 2 + 2], look)
    form = book(ACCOUNT).form
    filled = Binder([form]).bind(readers.read(Source("a.xlsx", data.getvalue())))
    assert figures_of(filled) == figures_of(replace(filled, typed=False))
    again = filled_of(form, filled.document.name, figures_of(filled))
    assert [again.cell(slot) for slot in range(form.size)] == [filled.cell(slot) for slot in range(form.size)]
