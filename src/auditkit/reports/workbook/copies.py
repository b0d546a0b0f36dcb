"""Marked copies: the checked sheets as values at the same addresses, with frames, fills and notes."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len

from auditkit.model.document import Area, Grid, SheetFacts, Value
from auditkit.model.finding import Result
from auditkit.model.words import Language, Text
from auditkit.reports import wording
from auditkit.reports.escaping import legal
from auditkit.reports.marks import Mark, marks
from auditkit.reports.pen import Pen, Worksheet, heading, print_on, width
from auditkit.reports.workbook.frames import frame

MOST_CELLS = 200_000
"""Beyond it only the first rows and the marked ones are copied."""
FIRST_ROWS = 20
MOST_NOTE = 8_000
SMALLEST = 0.6
"""Scale below which a page is turned rather than shrunk further."""
_NUMBER = re.compile(r"\s*[-+]?[0-9][0-9,.]*%?\s*")
ROWS, COLUMNS = 1_048_576, 16_384
UNCALCULATED = Text("（未计算）", "(not calculated)")


@dataclass(frozen=True)
class Copy:
    """A sheet being copied."""

    grid: Grid
    facts: SheetFacts
    marked: Mapping[tuple[int, int], Mark]
    rows: Sequence[int]
    """Rows that are copied."""
    merged: Mapping[tuple[int, int], Area]
    """Top left cell → merged area."""
    covered: Mapping[tuple[int, int], tuple[int, int]]
    """Any cell of a merged area → its top left cell."""

    def mark(self, row: int, column: int) -> Mark | None:
        """The mark of a cell, or of any cell under the merged area it heads."""
        at = self.marked.get((row, column))
        if at is None and (row, column) in self.merged:
            at = next((m for cell, m in self.marked.items() if self.covered.get(cell) == (row, column)), None)
        return at


def write(pen: Pen, result: Result, language: Language) -> tuple[dict[str, Worksheet], tuple[str, ...]]:
    """One sheet for each grid with a mark. Returns name → sheet, and the names that were not copied whole."""
    made: dict[str, Worksheet] = {}
    cut: list[str] = []
    for name, marked in marks(result).items():
        assert result.document is not None
        grid = next(grid for grid in result.document.grids if grid.name == name)
        prefix, unnamed = Text("标注_", "Marked_").to(language), Text("数据", "data").to(language)
        sheet = made[name] = pen.sheet(prefix + (name or unnamed))
        copy = _copy(grid, marked)
        if len(copy.rows) < len(grid.rows):
            cut.append(name or unnamed)
        _fill(pen, sheet, copy, language)
        _notes(sheet, copy, result, language)
        print_on(sheet, landscape=_is_wide(copy))
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        legend = Text(
            "粗框加底色：可能填错；粗框：参与不成立的关系；虚框：须说明。原因见批注和“问题清单”。",
            "Thick frame and fill: probably wrong; thick frame: takes part; dashed: explain. See “Findings”.",
        )
        sheet.set_header(f"&L{heading(legend.to(language))}&R{heading(wording.file_name(result))}")
    return made, tuple(cut)


def _copy(grid: Grid, marked: Mapping[tuple[int, int], Mark]) -> Copy:
    merged, covered = _merges(grid)
    columns = max((len(row) for row in grid.rows), default=0)
    rows: Sequence[int] = range(min(len(grid.rows), ROWS))
    if len(rows) * columns > MOST_CELLS:
        rows = sorted({*rows[:FIRST_ROWS], *(row for row, _ in marked if row < len(rows))})
    return Copy(grid, grid.facts(), marked, rows, merged, covered)


def _merges(grid: Grid) -> tuple[dict[tuple[int, int], Area], dict[tuple[int, int], tuple[int, int]]]:
    """Merged areas inside the grid; of two that overlap, as a damaged file may have, the first."""
    merged: dict[tuple[int, int], Area] = {}
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in grid.merges:
        last_row = min(bottom, len(grid.rows) - 1)
        last_column = min(right, len(grid.rows[0]) - 1) if grid.rows else -1
        cells = [(r, c) for r in range(top, last_row + 1) for c in range(left, last_column + 1)]
        if len(cells) > 1 and not any(cell in covered for cell in cells):
            merged[top, left] = (top, left, last_row, last_column)
            covered.update(dict.fromkeys(cells, (top, left)))
    return merged, covered


def _fill(pen: Pen, sheet: Worksheet, copy: Copy, language: Language) -> None:
    widths = list(_widths(copy))
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, wide)
    for row in copy.rows:
        texts: list[tuple[str, float]] = []
        for column, value in enumerate(copy.grid.rows[row][:COLUMNS]):
            at = (row, column)
            if copy.covered.get(at, at) == at:
                _cell(pen, sheet, copy, at, value, language)
                if isinstance(value, str) and (space := _space(copy, at, widths)):
                    texts.append((value, space))
        pen.fit(sheet, row, texts)


def _cell(pen: Pen, sheet: Worksheet, copy: Copy, at: tuple[int, int], value: Value, language: Language) -> None:
    mark = copy.mark(*at)
    look = {"valign": "vcenter", **frame(mark.kind if mark is not None else None)}
    if (area := copy.merged.get(at)) is not None and area[2] in copy.rows:
        look["align"] = "center"
        sheet.merge_range(*area, "", pen.format(**look, text_wrap=True))
    if (shown := _special(copy.facts, at, language)) is not None:
        pen.text(sheet, *at, shown, text_wrap=True, **look)
    else:
        _value(pen, sheet, at, value, copy.facts.formats.get(at, ""), look, marked=mark is not None)


def _space(copy: Copy, at: tuple[int, int], widths: Sequence[float]) -> float:
    """Width a text has; 0 for one merged over several rows, which have room together."""
    area = copy.merged.get(at)
    if area is None:
        return widths[at[1]]
    return sum(widths[area[1] : area[3] + 1]) if area[0] == area[2] else 0


def _special(facts: SheetFacts, at: tuple[int, int], language: Language) -> str | None:
    if at in facts.uncalculated:
        return UNCALCULATED.to(language)
    return facts.errors.get(at)


def _value(
    pen: Pen, sheet: Worksheet, at: tuple[int, int], value: Value, code: str, look: dict[str, Any], *, marked: bool
) -> None:
    """One value in its own type; never through a writer that guesses."""
    coded = {**look, "num_format": code} if code else look
    match value:
        case None | "":
            if marked:
                sheet.write_blank(*at, None, pen.format(**look))
        case bool():
            sheet.write_boolean(*at, value, pen.format(**look))
        case int() | float() if math.isfinite(value):
            pen.number(sheet, *at, value, **coded)
        case dt.datetime() | dt.date() if value.year >= 1900:
            day = value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value
            sheet.write_datetime(*at, day, pen.format(**{**look, "num_format": code or "yyyy-mm-dd"}))
        case _:
            aligned = {"align": "right", **look} if _NUMBER.fullmatch(str(value)) else look
            pen.text(sheet, *at, str(value), text_wrap=True, **aligned)


def _widths(copy: Copy) -> Iterator[float]:
    """By the longest line of what stands in one column alone, within reason."""
    columns = max((len(row) for row in copy.grid.rows), default=0)
    rows = copy.rows[:500]
    for column in range(min(columns, COLUMNS)):
        texts = [
            _told(copy.grid.rows[row][column])
            for row in rows
            if column < len(copy.grid.rows[row]) and (row, column) not in copy.covered
        ]
        yield width(texts, 7, 26)


def _told(value: Value) -> str:
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def _is_wide(copy: Copy) -> bool:
    """Whether fewer pages are needed across: about six points a character, eighteen a row, on A4."""
    wide, high = max(1, sum(_widths(copy)) * 6), len(copy.rows) * 18
    upright, across = min(1, 555 / wide), min(1, 800 / wide)
    if upright < SMALLEST:
        return True
    return math.ceil(high * across / 520) < math.ceil(high * upright / 770)


def _notes(sheet: Worksheet, copy: Copy, result: Result, language: Language) -> None:
    """A note on each marked cell: code, sentence, arithmetic, hint of every finding it takes part in."""
    said: dict[tuple[int, int], dict[str, None]] = {}
    for (row, column), mark in copy.marked.items():
        at = copy.covered.get((row, column), (row, column))
        if at[0] < ROWS and at[1] < COLUMNS:
            said.setdefault(at, {}).update(dict.fromkeys(_said(mark, result, language)))
    for at, parts in said.items():
        text = legal("\n\n".join(parts))[:MOST_NOTE]
        lines = sum(1 + cell_len(line) // 44 for line in text.splitlines())
        size = {"width": 330, "height": min(22 + 17 * lines, 640)}
        sheet.write_comment(*at, text, {"author": "auditkit", "font_size": 9, "color": "#FFFFE1", **size})


def _said(mark: Mark, result: Result, language: Language) -> list[str]:
    said: list[str] = []
    suspects = [s for s in result.suspects if any(entry.suspect is s for entry in mark.entries)]
    if mark.kind in {"wrong", "perhaps"}:
        said += [wording.suspicion(s, listed=False).to(language) for s in suspects]
    for entry in mark.entries:
        finding = entry.finding
        parts = [f"{finding.rule} {finding.message.to(language)}", finding.arithmetic.to(language)]
        parts += [finding.hint.to(language)] if finding.hint is not None else []
        said.append("\n".join(part for part in parts if part))
    return said
