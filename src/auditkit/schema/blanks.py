"""Blanks that count as zero by the form's custom: one note for each table that has some, never one a cell."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from auditkit.model.document import Place, State
from auditkit.model.finding import Checked, Context, Finding, Tally, key_of
from auditkit.model.form import Blank, Table
from auditkit.model.words import Text
from auditkit.schema.counting import count_complete
from auditkit.stack import Bools, Stack

_NEVER, _ONCE, _NOTED = Tally(), Tally(passed=1), Tally(failed=1)
"""Tallies that most submissions share."""


def counted_as_zero(table: Table, blanks: Sequence[Blank]) -> Bools:
    """Cells, by their own answers to a blank, in which one counts as zero and is told of in the table's note."""
    return np.array([table.blank == "zero" and answer != "report" for answer in blanks], dtype=bool)


def count_blanks(stack: Stack, contexts: Sequence[Context], done: Sequence[Checked]) -> None:
    """Tell of the tables that have some, and count those that have none."""
    others = count_complete(stack, done, "blank", lambda _: 1)
    for table in stack.form:
        if others and "blank" in table.codes:
            _count(table, stack, contexts, done, others)


def _count(
    table: Table, stack: Stack, contexts: Sequence[Context], done: Sequence[Checked], asked: Sequence[int]
) -> None:
    states = stack.now.states[:, table.offset : table.offset + table.size]
    custom = counted_as_zero(table, stack.form.blanks[table.offset : table.offset + table.size])
    blank, dash = (states == State.BLANK) & custom, (states == State.NIL) & custom
    blanks, dashes = blank.sum(axis=1).tolist(), dash.sum(axis=1).tolist()
    for n in asked:
        place = None
        if blanks[n] or dashes[n]:
            place = stack.filled[n].cell(int(np.argmax(blank[n] | dash[n])) + table.offset).place
        elif table.id in stack.filled[n].missing:
            done[n].count(table.codes["blank"], _NEVER)
            continue
        note_blanks(stack.form.id, table, (blanks[n], dashes[n]), place, contexts[n], done[n])


def note_blanks(
    form: str, table: Table, counts: tuple[int, int], place: Place | None, context: Context, done: Checked
) -> None:
    """One note a table for blanks and dashes that count as zero by custom, the first at ``place``: never one a cell."""
    code = table.codes["blank"]
    if place is None:
        done.count(code, _NEVER if code in done.tallies and done.tallies[code].failed else _ONCE)
        return
    done.count(code, _NOTED)
    kinds = [
        (counts[0], Text(f"空白 {counts[0]} 格", f"{counts[0]} blank")),
        (counts[1], Text(f"“—”“/”“无”等 {counts[1]} 格", f"{counts[1]} marked with a dash or the like")),
    ]
    said = [text for count, text in kinds if count]
    title = table.titles[0]
    done.findings.append(
        Finding(
            rule=code,
            name="blanks",
            level="info",
            status="fail",
            key=key_of(form, code, context.unit, context.period, table.id, "", ""),
            values=hashlib.sha256(repr(counts).encode()).hexdigest()[:10],
            message=Text(
                f"“{title}”有空白格，按习惯当作 0。", f'"{title}" has blank cells; by custom they count as 0.'
            ),
            arithmetic=Text("，".join(t.zh for t in said), ", ".join(t.en for t in said)),
            place=place,
            table=table.id,
        )
    )
