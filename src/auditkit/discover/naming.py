"""The words for rows and columns: header levels, groups, indentation, what is repeated by leaving it blank."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from auditkit.discover.figures import Address, Figures
from auditkit.discover.labels import Line, Role, indent, numbering, role_of, says_each, says_percent
from auditkit.discover.segments import counts_columns, is_year
from auditkit.model.document import Grid


def column_lines(
    grid: Grid, sheet: Figures, columns: Sequence[int], header: Sequence[int], rows: Sequence[int]
) -> tuple[Line, ...]:
    """A line for every column: header words top down, a blank beside a group's words belongs to the group."""
    named = [row for row in header if not counts_columns(sheet, row)]
    levels = _header_levels(grid, sheet, columns, named)
    lines = []
    for i, column in enumerate(columns):
        words = [level[i] for level in levels if level[i]]
        distinct = [w for k, w in enumerate(words) if k == 0 or w != words[k - 1]]
        text = distinct[-1] if distinct else ""
        path = tuple(distinct[:-1])
        own = [r for r in rows if sheet.number[r, column]]
        role = role_of(text)
        role = role if role != Role.PLAIN or not path else _of_group(path, text)
        role = Role.AVERAGE if any(role_of(w) == Role.AVERAGE for w in path) and role == Role.PLAIN else role
        start = i > 0 and (bool(levels) and levels[0][i] != levels[0][i - 1] and len(levels) > 1)
        cells = [(r, column) for r in own]
        percent = says_each(text) or _is_percent(sheet, cells, says_percent(text) or any(map(says_percent, path)))
        lines.append(Line(column, text, path, (0, 0, 0), role, percent, start))
    return tuple(lines)


def _of_group(path: tuple[str, ...], text: str) -> Role:
    """A column without words of its own speaks as its group does."""
    return role_of(path[-1]) if not text else Role.PLAIN


def _header_levels(grid: Grid, sheet: Figures, columns: Sequence[int], header: Sequence[int]) -> list[list[str]]:
    """Header row × column: the words that stand over the column, merged and left-blank cells filled."""
    merged = {
        (r, c): (a, b)
        for a, b, d, e in grid.merges
        if any(a <= h <= d for h in header)
        for r in range(a, d + 1)
        for c in range(b, min(e, sheet.shape[1] - 1) + 1)
        if r < sheet.shape[0]
    }
    levels: list[list[str]] = []
    for depth, row in enumerate(header):
        own = [sheet.word(merged.get((row, c), (row, c))) for c in columns]
        if depth < len(header) - 1 and not grid.merges:
            below = [[sheet.word((r, c)) for c in columns] for r in header[depth + 1 :]]
            own = _carried(own, levels[-1] if levels else [""] * len(own), below)
        levels.append(own)
    return levels


def _carried(own: list[str], above: list[str], below: list[list[str]]) -> list[str]:
    """A blank takes its left neighbour's words while both stand in the same group and something stands below it."""
    filled = list(own)
    for i in range(1, len(own)):
        under = any(level[i] for level in below)
        if not filled[i] and filled[i - 1] and under and above[i] == above[i - 1]:
            filled[i] = filled[i - 1]
    return filled


LARGE = 1000
"""No percentage, and hardly a rate, is a whole number as large."""
Depth = tuple[int, int, int]
"""See ``Line.depth``."""


class Head(NamedTuple):
    """What the label columns say of one row."""

    text: str
    depth: Depth
    outer: tuple[tuple[Depth, str], ...] = ()
    """Words of grouping columns left of its own label."""
    whole: str = ""


def row_lines(
    grid: Grid,
    sheet: Figures,
    stub: Sequence[int],
    columns: Sequence[int],
    rows: Sequence[int],
    groups: Sequence[int],
    counted: Sequence[int],
) -> tuple[Line, ...]:
    """A line for every row of numbers: its own words, the groups it stands in, how deep it stands.

    ``counted`` are the columns that are no percentages themselves: they say whether a row is.
    """
    own = frozenset(rows)
    grouping = frozenset(c for c in stub if _groups_rows(sheet, c, rows))
    read = {r: _head(grid, sheet, r, stub, grouping) for r in sorted({*rows, *groups})}
    heads = _below_numbers(_without_empty_lines(read, own))
    lines: list[Line] = []
    stack: list[tuple[Depth, str, bool]] = []
    previous = rows[0] - 1 if rows else 0
    opened = True
    for r, head in heads.items():
        for depth, words in head.outer:
            if (depth, words, True) not in stack:
                stack = [*(entry for entry in stack if entry[0] < depth), (depth, words, True)]
                opened = True
        stack = [
            entry for entry in stack if entry[0] < head.depth or (entry[2] and entry[0] == head.depth and r in own)
        ]
        if r not in own:
            opened = True
            stack.append((head.depth, head.text or _spanner(sheet, r), True))
        else:
            start = opened or _blank_between(sheet, previous, r, (*stub, *columns))
            line = _row_line(sheet, r, head, stack, counted, start=start)
            lines.append(line)
            if not line.percent:
                stack.append((head.depth, head.text, False))
            opened = False
        previous = r
    return tuple(lines)


def _row_line(
    sheet: Figures, row: int, head: Head, stack: list[tuple[Depth, str, bool]], columns: Sequence[int], *, start: bool
) -> Line:
    words = says_percent(head.text) or any(says_percent(w) for _, w, group in stack[-1:] if group)
    percent = _is_percent(sheet, [(row, c) for c in columns if sheet.number[row, c]], words)
    path = tuple(w for _, w, _ in stack if w)
    return Line(row, head.text, path, head.depth, _role_of_row(head.text, head.whole), percent, start)


def _is_percent(sheet: Figures, cells: list[Address], words: bool) -> bool:
    """Percent signs on half of the numbers; or words that say so, unless the numbers are large and whole."""
    if not cells:
        return words
    if 2 * sum(bool(sheet.percent[c]) for c in cells) >= len(cells):
        return True
    return words and not (max(abs(sheet.value[c]) for c in cells) >= LARGE and all(sheet.half[c] >= 0.5 for c in cells))


def _groups_rows(sheet: Figures, column: int, rows: Sequence[int]) -> bool:
    """Whether a label column names groups of rows: its words change less often than the rows."""
    words = [sheet.word((r, column)) for r in rows if sheet.written[r][column].text and not sheet.number[r, column]]
    changes = sum(1 for k, w in enumerate(words) if k == 0 or w != words[k - 1])
    return 0 < changes <= 0.6 * len(rows)


def _without_empty_lines(heads: dict[int, Head], own: frozenset[int]) -> dict[int, Head]:
    """Leaves out numbered rows without numbers and without anything below them: empty lines of a form, not groups."""
    order = list(heads)
    below = dict(pairwise(order))
    return {
        r: head
        for r, head in heads.items()
        if r in own or not head.depth[2] or (r in below and heads[below[r]].depth > head.depth)
    }


def _below_numbers(heads: dict[int, Head]) -> dict[int, Head]:
    """Lines without a number after one with 一、 or 1. belong below it, up to a total."""
    found = dict(heads)
    above: Depth | None = None
    for r, head in heads.items():
        if head.depth[2] or role_of(head.text) in {Role.TOTAL, Role.DIFFERENCE}:
            above = head.depth if head.depth[2] else None
        elif above is not None and head.depth[:2] == above[:2]:
            found[r] = head._replace(depth=(*head.depth[:2], above[2] + 1))
        elif above is not None and head.depth[:2] < above[:2]:
            above = None
    return found


def _role_of_row(text: str, whole: str) -> Role:
    """By its last words; by all words of its label columns where the last say nothing (合计 | 一般公共服务)."""
    role = role_of(text)
    return role if role != Role.PLAIN else (Role.TOTAL if role_of(whole) == Role.TOTAL and whole != text else role)


def _head(grid: Grid, sheet: Figures, row: int, stub: Sequence[int], grouping: frozenset[int]) -> Head:
    """The last words are the row's own.

    Depth is the column they stand in, the space before them, and the length of the code or depth of the numbering.
    """
    filled: list[Address] = [(row, c) for c in stub if sheet.written[row][c].text]
    if not filled:
        return Head("", (0, 0, 0))
    words = [a for a in filled if not sheet.number[a] or is_year(sheet, a)] or filled
    last = words[-1]
    raw = grid.rows[last[0]][last[1]]
    spaces = indent(raw) if isinstance(raw, str) else 0
    code = sum(len(sheet.written[r][c].text) for r, c in filled if sheet.number[r, c] and (r, c) not in words)
    outer = tuple(((stub.index(a[1]), 0, 0), sheet.word(a)) for a in words[:-1] if a[1] in grouping)
    depth = (stub.index(last[1]), spaces, code or numbering(sheet.word(last)))
    return Head(sheet.word(last), depth, outer, " ".join(sheet.word(a) for a in words if not sheet.number[a]))


def _blank_between(sheet: Figures, above: int, row: int, columns: Sequence[int]) -> bool:
    """A row between two others in which these columns are empty."""
    between = np.arange(above + 1, row)
    filled = sheet.number | sheet.text | sheet.unknown
    return bool(len(between)) and not filled[np.ix_(between, np.array(columns, dtype=np.intp))].any(axis=1).all()


def _spanner(sheet: Figures, row: int) -> str:
    """One or two words across the columns name a group; more are headings that are printed again."""
    cells = np.flatnonzero(sheet.text[row]).tolist()
    return " ".join(sheet.word((row, c)) for c in cells) if len(cells) <= 2 else ""
