"""Headings that are years: 2023 and 2022 are ``{year}`` and ``{last_year}``, whatever year a report is of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from auditkit.model.document import Document, Grid, Value
from auditkit.model.form import Axis, Form

NAMED = re.compile(r"\{(?:year(?:-\d{1,2})?|last_year)\}")
"""What a label of a form says in the place of a year."""
DEEP = 5
"""Rows below a heading in which its columns must hold something else than years."""
_HEADING = re.compile(r"(\s*(?:FY|fiscal year|year)?\s*)((?:19|20)\d\d)(\s*年?[^\d.,/:：年月-]{0,12})", re.IGNORECASE)


def names_years(forms: Iterable[Form]) -> bool:
    """Whether a label of one of these forms stands for a year."""
    return any(NAMED.search(text) for form in forms for table in form for text in _labels(table.columns))


def _labels(axis: Axis) -> Iterable[str]:
    yield from (text for line in axis.lines for text in line.labels)
    yield from (text for words in axis.group_labels.values() for text in words)


def with_years_named(document: Document) -> Document:
    """The document with years in its headings as forms name them: the newest of a sheet is ``{year}``."""
    grids = tuple(_named(grid) for grid in document.grids)
    same = all(one is other for one, other in zip(grids, document.grids, strict=True))
    return document if same else replace(document, grids=grids)


def spoken(text: str) -> str:
    """A heading as words for a name: 本年预算, this_year."""
    ago = {"{year}": ("本年", "this year"), "{last_year}": ("上年", "year before")}
    han = any("一" <= c <= "鿿" for c in text)
    return re.sub(
        f"({NAMED.pattern})年?", lambda m: ago.get(m[1], ("前" + m[1][6:-1] + "年", m[1]))[0 if han else 1], text
    )


def _named(grid: Grid) -> Grid:
    heads = {r: years for r, row in enumerate(grid.rows) if len(years := _years(row)) > 1 and _over(grid, r, years)}
    if not heads:
        return grid
    first = next(iter(heads.values()))
    newest = max(first.values())
    rows = list(grid.rows)
    for r, years in heads.items():
        if set(years.values()) == set(first.values()):
            rows[r] = [_told(value, newest - years[c]) if c in years else value for c, value in enumerate(rows[r])]
    return replace(grid, rows=rows)


def _years(row: Sequence[Value]) -> dict[int, int]:
    """Column → year, of a row in which every number is one, and several are not the same."""
    years = {c: year for c, value in enumerate(row) if (year := _year(value))}
    plain = all(c in years or not isinstance(value, (int, float)) for c, value in enumerate(row))
    return years if plain and len(set(years.values())) > 1 else {}


def _year(value: Value) -> int | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if value == int(value) and 1900 <= value < 2100 else None
    match = _HEADING.fullmatch(value) if isinstance(value, str) and len(value) < 30 else None
    return int(match[2]) if match else None


def _over(grid: Grid, row: int, columns: Iterable[int]) -> bool:
    """Something else than years stands below: it is no list of beginnings and ends."""
    below = grid.rows[row + 1 : row + 1 + DEEP]
    told = [line[c] for line in below for c in columns if c < len(line) and line[c] not in (None, "")]
    return any(_year(value) is None and any(map(str.isdigit, str(value))) for value in told)


def _told(value: Value, ago: int) -> str:
    name = {0: "{year}", 1: "{last_year}"}.get(ago, f"{{year-{ago}}}")
    match = _HEADING.fullmatch(value) if isinstance(value, str) else None
    return f"{match[1]}{name}{match[3]}" if match else name
