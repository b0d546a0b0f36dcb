"""Delimited text: CSV and its relatives, and tables exported under another program's suffix."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from auditkit.model.document import Document, Grid, Source
from auditkit.model.words import Fault, Text
from auditkit.readers import guard
from auditkit.readers.decoding import decode

DELIMITERS = (",", "\t", ";", "|")
_SAMPLE = 200
"""Lines on which the delimiter is decided."""
_DECLARED = re.compile(r'"?sep=(.)"?\r?\n')
_AS_TEXT = re.compile(r'="([^"]*)"')
"""Excel's way to keep a number from being read: ``="007"``."""


def read(source: Source) -> Document:
    """One grid of texts, every row as wide as the widest."""
    text = decode(source.data)
    declared = _DECLARED.match(text)
    text = text[declared.end() :] if declared else text
    rows = _rows(text, declared[1] if declared else delimiter_of(text))
    return Document(source.name, "delimited", (Grid("", rectangle(rows)),))


def delimiter_of(text: str) -> str:
    """The delimiter under which most lines have the same number of cells, more than one; a comma if none has."""
    return max(DELIMITERS, key=lambda mark: _agreement(text, mark))


def _agreement(text: str, mark: str) -> tuple[bool, bool, int, int]:
    """Whether it divides, whether no quotes are left over, lines that agree on a number of cells, that number."""
    reader = csv.reader(io.StringIO(text[: 1 << 17], newline=""), delimiter=mark)
    rows = list(islice(reader, _SAMPLE))
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, lines = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return lines > 0, not any('"' in cell for row in rows for cell in row), lines, width


def _rows(text: str, mark: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise _unbalanced(reader.line_num) from error
    if rows and any("\n" in cell for cell in rows[-1]) and text.count('"') % 2:
        raise _unbalanced(text.count("\n") - "".join(rows[-1]).count("\n") + 1)
    if '="' in text:
        rows = [[_AS_TEXT.sub(r"\1", cell) for cell in row] for row in rows]
    return rows


def rectangle(rows: Iterable[list[str]]) -> list[list[str]]:
    """Rows padded with blanks to one width; blank rows at the end are nobody's."""
    rows = list(rows)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    if sum(map(len, rows)) * 4 < len(rows) * width:
        guard.area(len(rows), width)
    return [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]


def _unbalanced(line: int) -> Fault:
    return Fault(
        "damaged",
        Text(
            f"第{line}行起引号不成对，后面的行无法分开。",
            f"From line {line} the quotes do not match, so lines cannot be told apart.",
        ),
        hint=Text("请补上引号，或另存为.xlsx。", "Close the quote, or save it as .xlsx."),
    )
