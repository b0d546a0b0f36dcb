"""Where one table of a sheet ends and the next begins, row by row."""

from __future__ import annotations

import numpy as np

from auditkit.discover.figures import Address, Bools, Figures

YEARS = range(1900, 2101)


def is_year(sheet: Figures, cell: Address) -> bool:
    """A bare 1900 … 2100."""
    written = sheet.written[cell[0]][cell[1]]
    return (
        written.number is not None
        and written.text.isdecimal()
        and len(written.text) == 4
        and int(written.number) in YEARS
    )


def heading_numbers(sheet: Figures, row: int) -> bool:
    """A row of years, or of column numbers 1 2 3 …: numbers that are words."""
    columns = np.flatnonzero(sheet.number[row])
    if len(columns) < 2:
        return False
    if all(is_year(sheet, (row, int(c))) for c in columns):
        steps = np.diff(sheet.value[row, columns])
        varied = steps[steps != 0]
        return bool(len(steps) == 0 or len(varied) == 0 or len(set(varied.tolist())) <= 2)
    return counts_columns(sheet, row)


def counts_columns(sheet: Figures, row: int) -> bool:
    """A row of column numbers 1 2 3 …, or (1) (2) (3)."""
    columns = np.flatnonzero(sheet.number[row])
    values = np.abs(sheet.value[row, columns])  # (1) (2) (3) are no negative numbers here
    return bool(
        len(columns) >= 3
        and np.all(np.diff(values) == 1)
        and values[0] in {0, 1}
        and not sheet.text[row, columns[0] :].any()
    )


def segments(sheet: Figures) -> list[tuple[int, int]]:
    """First and last row of each table: a new one begins at headings that follow numbers and are not the same again."""
    rows, _ = sheet.shape
    heading = np.array([heading_numbers(sheet, r) for r in range(rows)], dtype=bool)
    data = sheet.number.any(axis=1) & ~heading
    filled = sheet.number | sheet.text | sheet.unknown
    cuts = [0]
    seen = np.zeros(sheet.shape[1], dtype=bool)
    used = np.zeros_like(seen)
    headers: list[int] = []
    for r in range(rows):
        if data[r]:
            seen |= sheet.number[r]
            used |= filled[r]
        elif not seen.any():
            headers.append(r)
        elif _is_wider(sheet, r, used) or (
            _is_header(sheet, r, seen, heading[r]) and not any(_same_words(sheet, h, r, seen) for h in headers)
        ):
            cuts.append(_title_above(filled, data, r, cuts[-1]))
            seen, used, headers = np.zeros_like(seen), np.zeros_like(seen), [r]
    return [(a, b - 1) for a, b in zip(cuts, [*cuts[1:], rows], strict=True) if data[a:b].any()]


def _same_words(sheet: Figures, first: int, again: int, seen: Bools) -> bool:
    """The same words, or years, over the same columns."""
    return all(sheet.word((first, c)) == sheet.word((again, c)) for c in np.flatnonzero(seen).tolist())


def _is_header(sheet: Figures, row: int, seen: Bools, years: np.bool_) -> bool:
    """Words over at least half of the columns that had numbers, two at least."""
    columns = np.flatnonzero(sheet.text[row] & seen).tolist()
    over = len(columns)
    labelled = bool((sheet.text[row] & ~seen).any())
    if labelled and over > 1 and len({sheet.word((row, c)) for c in columns}) == 1:
        return False  # not available, not available, …
    return (bool(years) and bool((sheet.number[row] & seen).any())) or (over >= 2 and 2 * over >= int(seen.sum()))


def _is_wider(sheet: Figures, row: int, used: Bools) -> bool:
    """Different words over two or more columns in which the rows above had nothing: a wider table begins."""
    beyond = np.flatnonzero(sheet.text[row] & ~used).tolist()
    return len({sheet.word((row, c)) for c in beyond}) > 1 and not sheet.number[row].any()


def _title_above(filled: Bools, data: Bools, row: int, first: int) -> int:
    """The first of the rows of words directly above a header; a blank row inside them ends them where it must."""
    top = row
    while top - 1 > first and not data[top - 1] and (filled[top - 1].any() or top - 1 == row - 1):
        top -= 1
    return top if filled[top].any() else top + 1
