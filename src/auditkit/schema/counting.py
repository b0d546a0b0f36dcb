"""How many cells were looked at: submissions in which every cell is filled are counted at one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from auditkit.model.document import State
from auditkit.model.finding import Checked, Reason, Tally
from auditkit.model.form import Table
from auditkit.stack import Bools, Stack


def count_cells(stack: Stack, done: Sequence[Checked]) -> None:
    """Checks of cells that could be made, as if all of them held, and those that could not."""
    others = count_complete(stack, done, "cells", lambda table: table.size)
    for table in stack.form:
        if others and (code := table.codes.get("cells")):
            _count(table, code, stack, done, others)


def count_complete(stack: Stack, done: Sequence[Checked], kind: str, checks: Callable[[Table], int]) -> list[int]:
    """Count a kind of check, so many a table, where all cells hold figures or texts; the numbers of the others."""
    told: dict[str, Tally] = {}
    for table in stack.form:
        if code := table.codes.get(kind):
            told[code] = told.get(code, Tally()) + Tally(passed=checks(table))
    states = stack.now.states
    complete = ((states == State.NUMBER) | (states == State.TEXT)).all(axis=1).tolist()
    others = [n for n, filled in enumerate(stack.filled) if filled.missing or not complete[n]]
    for n in set(range(len(done))).difference(others):
        done[n].count_all(told)
    return others


def _count(table: Table, code: str, stack: Stack, done: Sequence[Checked], asked: Sequence[int]) -> None:
    states = stack.now.states[:, table.offset : table.offset + table.size]
    gone = states == State.ABSENT
    absent = gone.sum(axis=1).tolist()
    uncalculated = (states == State.UNCALCULATED).sum(axis=1).tolist()
    whole = Tally(passed=table.size)  # most submissions share it
    for n in asked:
        if not absent[n] and not uncalculated[n]:
            done[n].count(code, whole)
            continue
        found = table.id not in stack.filled[n].missing
        missing: Reason = "line missing" if found else "table missing"
        wanted = not table.records if found else stack.filled[n].needs(table.id)  # records are those the sheet has
        needed = int((gone[n] & ~_optional(table)).sum()) if found and table.optional else absent[n]
        unchecked: dict[Reason, int] = {missing: needed if wanted else 0, "uncalculated": uncalculated[n]}
        told = {reason: count for reason, count in unchecked.items() if count}
        done[n].count(code, Tally(table.size - absent[n] - uncalculated[n], unchecked=told))


def _optional(table: Table) -> Bools:
    """For each cell: is it in a line that need not be there?"""
    rows, columns = range(len(table.rows.lines)), range(len(table.columns.lines))
    return np.array([table.may_lack(row, column) for row in rows for column in columns], dtype=bool)
