"""Spans: cells that reach over several rows and columns, laid out as the rectangle a person sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from auditkit.model.document import Area
from auditkit.readers import guard

MOST = 1_000_000
"""Cells that merged areas of one table may cover."""
WIDEST = 1_000
"""Columns one cell may span; what web browsers allow."""


class Span(NamedTuple):
    """A cell's text, and how many rows and columns it covers."""

    text: str
    down: int = 1
    right: int = 1


def laid_out(rows: Iterable[Sequence[Span]]) -> tuple[list[list[str]], tuple[Area, ...]]:
    """The rectangle, text at the top left of each merged area and blanks elsewhere, and the merged areas.

    A row pushed out of the table by an area that reaches too far down stands where it was meant to.
    """
    rows = list(rows)
    lines, merges = _laid(rows, frozenset())
    if pushed := _pushed(rows, lines):
        lines, merges = _laid(rows, pushed)
    width = max((max(line) + 1 for line in lines if line), default=0)
    guard.area(len(lines), width)
    return [[line.get(column, "") for column in range(width)] for line in lines], tuple(merges)


def _laid(rows: Sequence[Sequence[Span]], whole: AbstractSet[int]) -> tuple[list[dict[int, str]], list[Area]]:
    """Column → text of each row, and the merged areas, none of which reaches into a row that is ``whole``."""
    lines: list[dict[int, str]] = [{} for _ in rows]
    merges: list[Area] = []
    cells = 0
    for top, row in enumerate(rows):
        left = 0
        limit = min((n for n in whole if n > top), default=len(rows))
        for text, down, right in row:
            while left in lines[top]:
                left += 1
            if down > 1 or right > 1:
                area = _area(top, left, min(down, limit - top), min(right, WIDEST))
                cells += (area[2] - top + 1) * (area[3] - left + 1)
                guard.within(cells, MOST, "个合并单元格", "merged cells in a table")
                _cover(lines, area)
                merges += [area] if area[:2] != area[2:] else []
            lines[top][left] = text
            left += max(min(right, WIDEST), 1)
    return lines, merges


def _pushed(rows: Sequence[Sequence[Span]], lines: Sequence[dict[int, str]]) -> frozenset[int]:
    """Rows wider than most, which are as wide as most by themselves."""
    (usual, often), *others = Counter(map(len, lines)).most_common() or [(0, 0)]
    if not others or often * 2 <= len(lines):
        return frozenset()
    wider = (top for top, line in enumerate(lines) if len(line) > usual)
    return frozenset(top for top in wider if sum(max(min(span.right, WIDEST), 1) for span in rows[top]) == usual)


def _area(top: int, left: int, down: int, right: int) -> Area:
    return top, left, top + max(down, 1) - 1, left + max(right, 1) - 1


def _cover(lines: list[dict[int, str]], area: Area) -> None:
    """Blanks where nothing stands yet."""
    top, left, bottom, right = area
    for line in lines[top : bottom + 1]:
        line.update((column, "") for column in range(left, right + 1) if column not in line)
