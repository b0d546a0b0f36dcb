"""Figures: what the cells of a submission said comes back from the store cell by cell, in the names of the form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditkit import readers
from auditkit.audit import auditor
from auditkit.model.document import State
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
