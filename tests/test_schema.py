"""Cells judged at once: what is left out because nothing can be wrong with it is what pandera would pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit import schema
from auditkit.model.document import State
from auditkit.model.form import Blank, Kind
from test_bind_forms import axis, form, table

TABLE = table("T", ("表",), axis({"一": "一"}), axis({"甲": "甲", "乙": "乙"}))
KINDS: tuple[Kind, ...] = ("count", "integer", "number", "percent", "text", "date")
BLANKS: tuple[Blank, ...] = ("zero", "report", "allow")


class _Now:
    def __init__(self, values, states):
        self.values, self.states = values, states


class _Stack:
    def __init__(self, form, values, states):
        self.form, self.now = form, _Now(values, states)


def stacks():
    number = st.sampled_from([0.0, 1.0, -1.0, 0.5, -0.5, 1e9, float("nan")])
    cell = st.tuples(number, st.sampled_from(list(State)))
    return st.lists(st.tuples(cell, cell), min_size=1, max_size=4)


@settings(max_examples=200)
@given(kind=st.sampled_from(KINDS), rows=stacks(), blank=st.sampled_from(BLANKS))
def test_what_is_cleared_has_no_failure_and_the_others_keep_theirs(kind, rows, blank):
    one = form("f", replace(TABLE, cells=kind, blank=blank))
    values = np.array([[number if state == State.NUMBER else np.nan for number, state in row] for row in rows])
    states = np.array([[state for _, state in row] for row in rows], dtype=np.uint8)
    stack = _Stack(one, values, states)
    few = schema._failures(stack)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(schema, "clear", lambda form, values, states: np.zeros(len(values), dtype=bool))
        assert schema._failures(stack) == few
