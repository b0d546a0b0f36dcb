"""The sheet of replies within a workbook, however it was sorted, filtered, moved or renamed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from auditkit.model.document import Document, Grid, Value
from auditkit.replies.answers import HEADS, NEEDED, RULE, WHERE, head
from auditkit.reports.workbook.listing import ANSWER, EXPLANATION, KEY

KEY_SHAPE = re.compile(r"[0-9a-f]{10}")
_DEEP = 30
"""Rows in which a header may stand: somebody may have put lines above it."""
_OURS = 5
"""Names of ours in one row by which it is the header, when the key column is gone."""

Trouble = Literal["no list", "no key column", "no reply columns", "two columns"]


@dataclass(frozen=True)
class List:
    """A sheet of ours: where its header stands, and column as written → where that stands now."""

    grid: Grid
    header: int
    columns: Mapping[int, int]
    doubled: tuple[int, ...] = ()
    """Needed columns that stand there twice."""


@dataclass(frozen=True)
class Line:
    """One row as text; ``row`` counts from 1 as people see it."""

    row: int
    key: str
    answer: str
    explanation: str
    rule: str
    where: str


def find(document: Document) -> List | Trouble:
    """The sheet with the key and a reply column in one row; of several the one with most columns of ours."""
    lists = sorted(_headers(document), key=lambda found: -len(found.columns))
    whole = [found for found in lists if KEY in found.columns and {ANSWER, EXPLANATION} & found.columns.keys()]
    keyed = [found for found in whole if _has_key(found)]
    likely = keyed or [found for found in whole if len(found.columns) >= _OURS]
    if likely:
        best = likely[0]
        return "two columns" if best.doubled else best
    if not lists or len(lists[0].columns) < _OURS:
        return "no list"  # an office's own table may have columns of these names
    return "no reply columns" if KEY in lists[0].columns else "no key column"


def _headers(document: Document) -> Iterator[List]:
    for grid in document.grids:
        for number, row in enumerate(grid.rows[:_DEEP]):
            columns: dict[int, int] = {}
            doubled: list[int] = []
            for at, value in enumerate(row):
                column = HEADS.get(head(value)) if isinstance(value, str) else None
                if column is None:
                    continue
                if column in columns and column in NEEDED:
                    doubled.append(column)
                columns.setdefault(column, at)
            if len(columns) > 1:
                yield List(grid, number, columns, tuple(doubled))


def _has_key(found: List) -> bool:
    at = found.columns[KEY]
    return any(KEY_SHAPE.fullmatch(_text(row[at])) for row in found.grid.rows[found.header + 1 :])


def lines(found: List) -> Iterator[Line]:
    """Every row below the header; a reply merged over several rows is the reply of each."""
    spread = _spread(found)
    for number in range(found.header + 1, len(found.grid.rows)):
        texts = {
            column: _text(found.grid.rows[spread.get((number, at), number)][at]) for column, at in found.columns.items()
        }
        key, answer, explanation, rule, where = (texts.get(c, "") for c in (KEY, ANSWER, EXPLANATION, RULE, WHERE))
        yield Line(number + 1, key.lower(), answer, explanation, rule, where)


def _spread(found: List) -> dict[tuple[int, int], int]:
    """Cell of a merged reply → the row that holds its text. Never for the key: a key belongs to one row."""
    replies = {found.columns[c] for c in (ANSWER, EXPLANATION) if c in found.columns}
    return {
        (row, left): top
        for top, left, bottom, _ in found.grid.merges
        if left in replies
        for row in range(top, min(bottom + 1, len(found.grid.rows)))
    }


def _text(value: Value) -> str:
    """A cell as its author typed it; a whole number without the point a spreadsheet adds."""
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.date().isoformat()
        case _:
            return str(value).strip()
