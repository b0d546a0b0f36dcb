"""Spans: cells that reach over several rows and columns, laid out as the rectangle a person sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """The rectangle, text at the top left of each merged area and blanks elsewhere, and the merged areas."""
    rows = list(rows)
    lines: list[dict[int, str]] = [{} for _ in rows]
    merges: list[Area] = []
    cells = 0
    for top, row in enumerate(rows):
        left = 0
        for text, down, right in row:
            while left in lines[top]:
                left += 1
            if down > 1 or right > 1:
                area = _area(top, left, min(down, len(rows) - top), min(right, WIDEST))
                cells += (area[2] - top + 1) * (area[3] - left + 1)
                guard.within(cells, MOST, "个合并单元格", "merged cells in a table")
                _cover(lines, area)
                merges += [area] if area[:2] != area[2:] else []
            lines[top][left] = text
            left += max(min(right, WIDEST), 1)
    width = max((max(line) + 1 for line in lines if line), default=0)
    guard.area(len(lines), width)
    return [[line.get(column, "") for column in range(width)] for line in lines], tuple(merges)


def _area(top: int, left: int, down: int, right: int) -> Area:
    return top, left, top + max(down, 1) - 1, left + max(right, 1) - 1


def _cover(lines: list[dict[int, str]], area: Area) -> None:
    """Blanks where nothing stands yet."""
    top, left, bottom, right = area
    for line in lines[top : bottom + 1]:
        line.update((column, "") for column in range(left, right + 1) if column not in line)
