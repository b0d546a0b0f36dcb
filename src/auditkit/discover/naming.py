"""The words for rows and columns of a table: header levels, groups, indentation, what is repeated by leaving it blank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.discover.figures import Address, Figures
from auditkit.discover.labels import Line, Role, indent, numbering, role_of, says_percent
from auditkit.model.document import Grid


def column_lines(
    grid: Grid, sheet: Figures, columns: Sequence[int], header: Sequence[int], rows: Sequence[int]
) -> tuple[Line, ...]:
    """A line for every column: header words top down, a blank beside a group's words belongs to the group."""
    levels = _header_levels(grid, sheet, columns, header)
    lines = []
    for i, column in enumerate(columns):
        words = [level[i] for level in levels if level[i]]
        distinct = [w for k, w in enumerate(words) if k == 0 or w != words[k - 1]]
        text = distinct[-1] if distinct else ""
        path = tuple(distinct[:-1])
        own = [r for r in rows if sheet.number[r, column]]
        share = bool(own) and sheet.percent[own, column].mean() >= 0.5
        role = role_of(text)
        role = role if role != Role.PLAIN or not path else _of_group(path, text)
        role = Role.AVERAGE if any(role_of(w) == Role.AVERAGE for w in path) and role == Role.PLAIN else role
        start = i > 0 and (bool(levels) and levels[0][i] != levels[0][i - 1] and len(levels) > 1)
        percent = bool(share) or (says_percent(" ".join((*path, text))))
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


def row_lines(
    grid: Grid, sheet: Figures, stub: Sequence[int], columns: Sequence[int], rows: Sequence[int], groups: Sequence[int]
) -> tuple[Line, ...]:
    """A line for every row of numbers: its own words, the groups it stands in, how deep it stands."""
    own = frozenset(rows)
    heads = {r: _head(grid, sheet, r, stub) for r in sorted({*rows, *groups})}
    heads = _without_empty_lines(heads, own)
    lines: list[Line] = []
    stack: list[tuple[tuple[int, int, int], str, bool]] = []
    previous = rows[0] - 1 if rows else 0
    opened = True
    for r in sorted(heads):
        text, depth, whole = heads[r]
        stack = [(d, w, group) for d, w, group in stack if d < depth or (group and d == depth and r in own)]
        if r not in own:
            opened = True
            stack.append((depth, text or _spanner(sheet, r), True))
            previous = r
            continue
        path = tuple(w for _, w, _ in stack if w)
        cells = [c for c in columns if sheet.number[r, c]]
        share = bool(cells) and sheet.percent[r, cells].mean() >= 0.5
        start = opened or _blank_between(sheet, previous, r, (*stub, *columns))
        role = _role_of_row(text, whole)
        percent = bool(share) or says_percent(text) or any(says_percent(w) for _, w, group in stack[-1:] if group)
        lines.append(Line(r, text, path, depth, role, percent, start))
        if not percent:
            stack.append((depth, text, False))
        opened, previous = False, r
    return tuple(lines)


def _without_empty_lines(
    heads: dict[int, tuple[str, tuple[int, int, int], str]], own: frozenset[int]
) -> dict[int, tuple[str, tuple[int, int, int], str]]:
    """Leaves out numbered rows without numbers and without anything below them: empty lines of a form, not groups."""
    order = list(heads)
    below = dict(zip(order, order[1:], strict=False))
    return {
        r: head
        for r, head in heads.items()
        if r in own or not head[1][2] or (r in below and heads[below[r]][1] > head[1])
    }


def _role_of_row(text: str, whole: str) -> Role:
    """By its last words; by all words of its label columns where the last say nothing (合计 | 一般公共服务)."""
    role = role_of(text)
    return role if role != Role.PLAIN else (Role.TOTAL if role_of(whole) == Role.TOTAL and whole != text else role)


def _head(grid: Grid, sheet: Figures, row: int, stub: Sequence[int]) -> tuple[str, tuple[int, int, int], str]:
    """The label, its depth, and everything its label columns say."""
    filled: list[Address] = [(row, c) for c in stub if sheet.written[row][c].text]
    if not filled:
        return "", (0, 0, 0), ""
    texts = [a for a in filled if not sheet.number[a]] or filled
    last = texts[-1]
    raw = grid.rows[last[0]][last[1]]
    first = last if sheet.number[filled[0]] else filled[0]
    spaces = indent(raw) if isinstance(raw, str) else 0
    code = sum(len(sheet.written[r][c].text) for r, c in filled if sheet.number[r, c])
    column = stub.index(first[1]) if not code else 0
    depth = (column, spaces, code or numbering(sheet.word(last)))
    return sheet.word(last), depth, " ".join(sheet.word(a) for a in filled if not sheet.number[a])


def _blank_between(sheet: Figures, above: int, row: int, columns: Sequence[int]) -> bool:
    """A row between two others in which these columns are empty."""
    between = np.arange(above + 1, row)
    filled = sheet.number | sheet.text | sheet.unknown
    return bool(len(between)) and not filled[np.ix_(between, list(columns))].any(axis=1).all()


def _spanner(sheet: Figures, row: int) -> str:
    """One or two words across the columns name a group; more are headings that are printed again."""
    cells = np.flatnonzero(sheet.text[row]).tolist()
    return " ".join(sheet.word((row, c)) for c in cells) if len(cells) <= 2 else ""
