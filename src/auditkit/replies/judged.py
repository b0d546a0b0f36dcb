"""Decisions about explanations, read back from the sheet they were written into, by key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditkit import readers
from auditkit.known import Entry, Signed, accept, refuse
from auditkit.model.document import Grid, Value
from auditkit.model.words import Fault, Text
from auditkit.replies.answers import head, plain
from auditkit.replies.reading import Unreadable
from auditkit.replies.sheet import KEY_SHAPE
from auditkit.reports.summary_workbook.judging import DECISION, DECISIONS, KEY, REASON, UNTIL

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True)
class Judged:
    """One decision as it stands in its row."""

    key: str
    accepted: bool
    because: str = ""
    until: dt.date | None = None


def judged(path: Path) -> Iterator[Judged | Unreadable]:
    """Every row with a decision; what cannot be understood comes back with the reason.

    Raises:
        Fault: the file cannot be read, or has no sheet of decisions (``no-decisions``, exit 2).
    """
    document = readers.read(readers.load(path))
    for grid in document.grids:
        for number, row in enumerate(grid.rows):
            names = {head(value): at for at, value in enumerate(row) if isinstance(value, str)}
            columns = [_column(names, name) for name in (KEY, DECISION, REASON, UNTIL)]
            if columns[0] is not None and columns[1] is not None:
                yield from _rows(grid, number, columns, path.name)
                return
    raise Fault(
        "no-decisions",
        Text(f"{path.name} 里没有“说明审定”表。", f"{path.name} has no sheet “To judge”."),
        hint=Text("请用 known review --out 写出的表。", "Use what known review --out wrote."),
        exit=2,
    )


def decided(
    path: Path, entries: tuple[Entry, ...], by: Signed, until: dt.date | None
) -> tuple[tuple[Entry, ...], list[Unreadable]]:
    """Explanations with the decisions of a sheet, and the rows that could not be followed.

    Raises as ``judged``, and ``past-end`` for an end before today.
    """
    wrong: list[Unreadable] = []
    there = {entry.key for entry in entries}
    for one in judged(path):
        if isinstance(one, Unreadable):
            wrong.append(one)
        elif one.key not in there or (one.accepted and (one.until or until) is None):
            wrong.append(Unreadable(path.name, "decision", Text(f"{one.key}：{_LOST.zh}", f"{one.key}: {_LOST.en}")))
        elif one.accepted:
            last = one.until or until
            assert last is not None
            entries = accept(entries, [one.key], by, last)
        else:
            entries = refuse(entries, [one.key], by, one.because)
    return entries, wrong


_LOST = Text("没有这条说明，或没有写有效期（--until）", "no such explanation, or no day it ends (--until)")


def _column(names: dict[str, int], name: Text) -> int | None:
    return next((names[head(said)] for said in (name.zh, name.en) if head(said) in names), None)


def _rows(grid: Grid, header: int, columns: list[int | None], file: str) -> Iterator[Judged | Unreadable]:
    for number in range(header + 1, len(grid.rows)):
        key, decision, because, until = (_said(grid.rows[number], at) for at in columns)
        if decision or because:
            yield _one(key, decision, because, until) or Unreadable(file, "decision", _WRONG, number + 1)


_WRONG = Text(
    "没有读：要有编号，“决定”选同意或退回，退回写明理由，“有效至”写成 2022-12-31。",
    "not read: it needs its key, accept or refuse, a reason to refuse, and a day such as 2022-12-31.",
)


def _said(row: Sequence[Value], at: int | None) -> str:
    value = row[at] if at is not None and at < len(row) else None
    if isinstance(value, dt.datetime | dt.date):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else str(value).strip()


def _one(key: str, decision: str, because: str, until: str) -> Judged | None:
    choices = {plain(said): name for name, text in DECISIONS.items() for said in (text.zh, text.en)}
    chosen = choices.get(plain(decision))
    day = _DAY.match(until)
    if chosen is None or not KEY_SHAPE.fullmatch(key.lower()) or (until and day is None):
        return None
    if chosen == "refuse":
        return Judged(key.lower(), accepted=False, because=because) if because else None
    try:
        return Judged(key.lower(), accepted=True, until=dt.date(*map(int, day.groups())) if day else None)
    except ValueError:
        return None
