"""Which columns of a table hold names, codes and years, and which hold the numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from auditkit.discover.figures import Figures
from auditkit.discover.segments import is_year

_CODE = re.compile(
    r"(?:[\w.]+ ){0,2}(?:codes?|no\.|nos?|id|fips|rank(?:ing)?|line|years?|naics|sic)|#"
    r"|\S{0,6}(?:编码|代码|序号|编号|栏次|行次|年度|年份)|类|款|项",
    re.IGNORECASE,
)
"""Headings of columns whose numbers are names."""
EARLIEST, LATEST = 1500, 2100
_YEAR = re.compile(
    r"(?:\b|_)(?:year|jahr|année|año|ano|anno|år|rok|год|jaar|vuosi)(?:\b|_)|年份|年度|^年$", re.IGNORECASE
)


def split_columns(sheet: Figures, data: Sequence[int], top: int, first: int) -> tuple[list[int], list[int]]:
    """Label columns (names, codes, years that name rows) and number columns of a table."""
    rows = list(data)
    numbers = sheet.number[rows].sum(axis=0)
    text = sheet.text[rows].sum(axis=0)
    words = sheet.words[rows].sum(axis=0)
    numeric = [int(c) for c in np.flatnonzero(numbers) if numbers[c] >= text[c] or numbers[c] >= 0.4 * len(rows)]
    named = [int(c) for c in np.flatnonzero(words) if c not in numeric and _names(sheet, rows, int(c))]
    codes = {c for name in named for c in _codes_before(sheet, rows, name, numeric)}
    numeric = [c for c in numeric if c not in codes]
    codes |= {
        c
        for c in numeric[: len(numeric) > 1]
        if _names_lines(sheet, rows, c, numeric, words)
        or _headed_code(sheet, rows, c, (top, first))
        or _years(sheet, rows, c)
    }
    codes |= {c for c in numeric if c not in codes and _headed_years(sheet, rows, c, (top, first))}
    numeric = [c for c in numeric if c not in codes]
    before = [int(c) for c in np.flatnonzero(words) if numeric and c < numeric[0]]
    return sorted({*before, *named, *codes}), numeric


def _names(sheet: Figures, rows: list[int], column: int) -> bool:
    """A column of words for half of the rows or more, hardly ever the same twice."""
    words = [sheet.word((r, column)) for r in rows if sheet.words[r, column]]
    return len(words) >= 2 and 2 * len(words) >= len(rows) and len(set(words)) >= 0.6 * len(words)


def _codes_before(sheet: Figures, rows: list[int], name: int, numeric: list[int]) -> list[int]:
    """The columns of codes directly left of a column of names."""
    codes = []
    column = name - 1
    while column in numeric:
        own = [r for r in rows if sheet.number[r, column]]
        texts = [sheet.written[r][column].text for r in own]
        rising = bool(np.all(np.diff(sheet.value[own, column]) >= 0)) or texts == sorted(texts)
        zeros = any(len(t) > 1 and t[0] == "0" for t in texts)
        if not all(map(str.isdecimal, texts)) or not (zeros or (rising and (column == 0 or len(texts) > 2))):
            break
        codes.append(column)
        column -= 1
    return codes


def _names_lines(
    sheet: Figures, rows: list[int], column: int, numeric: list[int], words: np.ndarray[tuple[int], np.dtype[np.int_]]
) -> bool:
    """A first column of years or running numbers beside other numbers names the rows."""
    if column != numeric[0] or len(numeric) < 2 or words[:column].any():
        return False
    own = [r for r in rows if sheet.number[r, column]]
    if len(own) < 2:
        return False
    if all(is_year(sheet, (r, column)) for r in own):
        return True
    steps = np.diff(sheet.value[own, column])
    return len(own) >= 3 and bool(np.all(np.abs(steps) == 1))


def _years(sheet: Figures, rows: list[int], column: int) -> bool:
    """Nothing but years, beside words or blanks: 2007, 2008, per cent change."""
    own = [r for r in rows if sheet.number[r, column]]
    return len(own) >= 3 and all(is_year(sheet, (r, column)) for r in own)


def _headed_years(sheet: Figures, rows: list[int], column: int, above: tuple[int, int]) -> bool:
    """Bare whole numbers of four digits under a heading that speaks of years."""
    own = [sheet.written[r][column].text for r in rows if sheet.number[r, column]]
    heading = " ".join(sheet.word((r, column)) for r in range(*above) if sheet.words[r, column])
    return (
        len(own) >= 3
        and all(t.isdecimal() and EARLIEST <= int(t) <= LATEST for t in own)
        and bool(_YEAR.search(heading))
    )


def _headed_code(sheet: Figures, rows: list[int], column: int, above: tuple[int, int]) -> bool:
    """Whole numbers under a short heading that says code, number, rank or year."""
    heading = " ".join(sheet.word((r, column)) for r in range(*above) if sheet.words[r, column])
    whole = all(sheet.written[r][column].text.isdecimal() for r in rows if sheet.number[r, column])
    return whole and len(heading) < 24 and bool(_CODE.fullmatch(heading))


def panels_of(stubs: list[int], numeric: list[int]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Runs of label columns, each with the number columns up to the next run."""
    panels: list[tuple[list[int], list[int]]] = [([], [])]
    for column in sorted({*stubs, *numeric}):
        if column in stubs:
            if panels[-1][1]:
                panels.append(([], []))
            panels[-1][0].append(column)
        else:
            panels[-1][1].append(column)
    if len(panels) > 1 and not panels[-1][1]:
        panels.pop()
    return [(tuple(stub), tuple(columns)) for stub, columns in panels if columns]
