"""Single cells and columns, judged by pandera over the whole stack at once: type, sign, wholeness, presence.

pandera lives in this room only. It runs under an explicit enabled context (an environment variable can switch it
off), never coerces, lazily; a check that raises is our bug and a fault. Its failure cases are turned back into
addresses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from auditkit.model.document import Cell, State
from auditkit.model.finding import Checked, Context, Finding, Tally, Term, key_of
from auditkit.model.form import Form, Kind, Table
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault, Level, Text
from auditkit.schema.blanks import count_blanks, counted_as_zero, note_blanks
from auditkit.schema.counting import count_cells
from auditkit.sound import clear
from auditkit.stack import Bools, Bytes, Floats, Stack

if TYPE_CHECKING:
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors


__all__ = ["CellRule", "cell_rules", "check_cells", "counted_as_zero", "judge_cells", "note_blanks"]


@dataclass(frozen=True, slots=True)
class CellRule:
    """A check that comes with the form: what every cell of a table must be."""

    id: str
    table: str
    name: Text
    level: Level
    message: Text
    why: Text


_KINDS: dict[Kind, Text] = {
    "count": Text("每一格应是非负整数", "every cell must be a whole number, not negative"),
    "integer": Text("每一格应是整数", "every cell must be a whole number"),
    "number": Text("每一格应是数", "every cell must be a number"),
    "percent": Text("每一格应是百分数", "every cell must be a percentage"),
    "text": Text("每一格应是文字", "every cell must be text"),
}
_WHY_CELLS = Text(
    "写成文字、带错误值或不合口径的格子，谁也没法汇总。",
    "A cell that holds text, an error value or an impossible number cannot be added up.",
)
_WHY_BLANK = Text(
    "空白、0、“—”是不同的回答；没填的格子可能是漏了。",
    "A blank, a 0 and a dash are different answers; a blank may be an omission.",
)


def cell_rules(form: Form) -> tuple[CellRule, ...]:
    """The built-in rules of a form, in table order."""
    rules: list[CellRule] = []
    for table in form:
        title = table.titles[0]
        if code := table.codes.get("cells"):
            kind = _KINDS[table.cells]
            message = Text(f"“{title}”{kind.zh}。", f'"{title}": {kind.en}.')
            level = form.levels.get(code, "hard")
            rules.append(CellRule(code, table.id, Text("单元格", "cells"), level, message, _WHY_CELLS))
        if code := table.codes.get("blank"):
            message = Text(f"“{title}”有空白格。", f'"{title}" has blank cells.')
            level = form.levels.get(code, "info" if table.blank == "zero" else "soft")
            rules.append(CellRule(code, table.id, Text("空白格", "blanks"), level, message, _WHY_BLANK))
    return tuple(rules)


@cache
def _schema(kind: Kind) -> pa.DataFrameSchema:
    """What a frame of cells of one kind must be; one row a cell, ``number`` NaN where there is none."""
    import pandera.pandas as pa  # noqa: PLC0415 - half a second, only where cells are judged

    checks: list[pa.Check] = []
    if kind == "count":
        checks.append(pa.Check.ge(0, error="negative"))
    if kind in {"count", "integer"}:
        checks.append(pa.Check(lambda numbers: numbers % 1 == 0, error="fraction"))
    allowed = [State.NUMBER, State.BLANK, State.NIL, State.UNCALCULATED, State.ABSENT]
    if kind == "text":
        allowed.append(State.TEXT)
    return pa.DataFrameSchema(
        {
            "number": pa.Column(float, checks, nullable=True),
            "state": pa.Column("uint8", pa.Check.isin([*allowed, State.ERROR], error="text")),
            "whole": pa.Column("uint8", pa.Check.ne(State.ERROR, error="error value")),
            "filled": pa.Column(bool, pa.Check.eq(True, error="blank")),
        }
    )


def check_cells(rulebook: Rulebook, stack: Stack, contexts: Sequence[Context], done: Sequence[Checked]) -> None:
    """Judge every cell of every table; findings and tallies are added to ``done``, one entry per submission.

    Raises:
        Fault: ``check-error`` when a check itself breaks, which is a bug of ours and never the data's.
    """
    judge_cells(rulebook, stack, contexts, done)
    count_blanks(stack, contexts, done)


def judge_cells(rulebook: Rulebook, stack: Stack, contexts: Sequence[Context], done: Sequence[Checked]) -> None:
    """What each cell must be, without the note on those that count as zero.

    Raises:
        Fault: ``check-error``, as above.
    """
    failures = _failures(stack)
    count_cells(stack, done)
    for table in stack.form:
        for n, slot, problem in failures.get(table.id, ()):
            _report(rulebook, table, stack, n, slot, problem, contexts[n], done[n])


def _failures(stack: Stack) -> dict[str, list[tuple[int, int, str]]]:
    """Table → (submission, slot, problem), in that order; all cells of one kind are validated at once.

    Submissions in which nothing can be wrong are left out: most runs of one file do without pandas and pandera.
    """
    form = stack.form
    doubtful = np.flatnonzero(~clear(form, stack.now.values, stack.now.states))
    if not len(doubtful):
        return {}
    reported = np.array([blank == "report" for blank in form.blanks], dtype=bool)
    found: set[tuple[int, int, str]] = set()
    for kind in dict.fromkeys(form.kinds):
        slots = np.flatnonzero([k == kind for k in form.kinds])
        states = stack.now.states[np.ix_(doubtful, slots)]
        unanswered = ((states == State.BLANK) | (states == State.NIL)) & reported[slots]
        numbers = stack.now.values[np.ix_(doubtful, slots)]
        for i, problem in _cases(kind, numbers.ravel(), states.ravel(), ~unanswered.ravel()):
            n, cell = divmod(i, len(slots))
            found.add((int(doubtful[n]), int(slots[cell]), problem))
    failures: dict[str, list[tuple[int, int, str]]] = {}
    for failure in sorted(found):
        failures.setdefault(form.slots[failure[1]][0], []).append(failure)
    return failures


def _cases(kind: Kind, numbers: Floats, states: Bytes, filled: Bools) -> list[tuple[int, str]]:
    """Pandera's failure cases for a run of cells: (index, problem)."""
    import pandas as pd  # noqa: PLC0415
    from pandera.config import config_context  # noqa: PLC0415
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    frame = pd.DataFrame({"number": numbers, "state": states, "whole": states, "filled": filled}, copy=False)
    try:
        with config_context(validation_enabled=True):
            _schema(kind).validate(frame, lazy=True)
    except SchemaErrors as errors:
        _refuse_own_errors(errors)
        cases = errors.failure_cases
        return [(int(i), str(check)) for i, check in zip(cases["index"], cases["check"], strict=True)]
    return []


def _refuse_own_errors(errors: SchemaErrors) -> None:
    from pandera.errors import SchemaErrorReason  # noqa: PLC0415

    broken = [e for e in errors.schema_errors if e.reason_code is not SchemaErrorReason.DATAFRAME_CHECK]
    if broken:
        raise Fault(
            "check-error",
            Text(f"程序自身的单元格检查出错：{broken[0]}", f"a cell check of ours broke: {broken[0]}"),
            hint=Text("数据没有因此被判错，请报告这个问题。", "The data is not blamed; please report this."),
        )


_PROBLEMS: dict[str, tuple[Text, Text]] = {
    "negative": (
        Text("不应是负数。", "must not be negative."),
        Text("现为 {}，应不小于 0", "is {}, expected 0 or more"),
    ),
    "fraction": (Text("应是整数。", "must be a whole number."), Text("现为 {}，不是整数", "is {}, not a whole number")),
    "text": (Text("应填数字。", "must be a number."), Text("现为“{}”，不是数", 'is "{}", not a number')),
    "date": (Text("应填日期。", "must be a date."), Text("现为“{}”，不是日期", 'is "{}", not a date')),
    "error value": (
        Text("是 Excel 错误值，请改正公式或引用。", "holds an Excel error value; repair the formula or reference."),
        Text("现为 {}", "is {}"),
    ),
    "blank": (Text("没有填写。", "is not filled in."), Text("空白", "blank")),
    "dash": (Text("没有填数。", "holds no number."), Text("现为“{}”", 'is "{}"')),
}


def _report(
    rulebook: Rulebook, table: Table, stack: Stack, n: int, slot: int, problem: str, context: Context, done: Checked
) -> None:
    code = table.codes.get("blank" if problem == "blank" else "cells")
    if code is None:
        return
    cell = stack.filled[n].cell(slot)
    _, row, column = stack.form.slots[slot]
    names = (table.rows.lines[row].name, table.columns.lines[column].name)
    labels = [rulebook.label(name) for name in names]
    name = Text(f"{labels[0].zh}·{labels[1].zh}", f"{labels[0].en} · {labels[1].en}")
    day = problem == "text" and table.kind_at(row, column) == "date"
    dash = problem == "blank" and cell.text
    sentence, arithmetic = _PROBLEMS["date" if day else "dash" if dash else problem]
    done.count(code, Tally(passed=0 if problem == "blank" else -1, failed=1))
    done.findings.append(
        Finding(
            rule=code,
            name="blanks" if problem == "blank" else "cells",
            level=stack.form.levels.get(code, "soft" if problem == "blank" else "hard"),
            status="fail",
            key=key_of(stack.form.id, code, context.unit, context.period, table.id, *names),
            values=hashlib.sha256(cell.text.encode()).hexdigest()[:10],
            message=Text(f"{name.zh}{sentence.zh}", f"{name.en} {sentence.en}"),
            arithmetic=_filled_in(arithmetic, cell),
            place=cell.place,
            table=table.id,
            row=names[0],
            column=names[1],
            terms=(Term(name, cell.text, cell.place, f"{table.id}.{names[0]}[{names[1]}]"),),
            left=cell.number,
        )
    )


def _filled_in(pattern: Text, cell: Cell) -> Text:
    return Text(pattern.zh.format(cell.text), pattern.en.format(cell.text))
