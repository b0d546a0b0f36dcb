"""Lines an office added: rows and columns with numbers in the midst of a table that the form does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from auditkit.bind.keys import HEADINGS
from auditkit.bind.lexicon import Kind
from auditkit.bind.reading import Reading
from auditkit.bind.sheet import Spot, numbered


def extra_lines(reading: Reading, readings: Collection[Reading]) -> list[Spot]:
    """Labels of such rows and columns, in reading order."""
    same = [other for other in readings if other.sheet is reading.sheet]
    labels = {spot for other in same for spot in other.labels}
    if not reading.headers:
        return []
    bound = {row for other in same for row in other.rows}
    found = {*_rows(reading, bound), *_columns(reading, labels)}
    return sorted(spot for spot in found if reading.sheet.printed(spot) not in HEADINGS)


def _rows(reading: Reading, bound: Collection[int | None]) -> Iterator[Spot]:
    sheet = reading.sheet
    headers = {row for header in reading.headers for row in range(header.top, header.bottom + 1)}
    last = max((row for row in reading.rows if row is not None), default=0)
    for row in range(reading.headers[0].bottom + 1, sheet.height):
        if row in bound or row in headers:
            if row > last:
                return
            continue
        stub = [(row, column) for column in range(min(reading.columns)) if (row, column) in sheet.words]
        figures = [(row, column) for column in sorted(reading.columns)]
        if stub and any(sheet.kind(*spot) == Kind.NUMBER for spot in figures):
            if not sheet.ask(numbered, figures):
                yield stub[-1]
        elif row > last:
            return


def _columns(reading: Reading, labels: Collection[Spot]) -> Iterator[Spot]:
    sheet, header = reading.sheet, reading.headers[0]
    last = max(reading.columns)
    for column in range(min(reading.columns), sheet.width):
        if column in reading.columns:
            continue
        heads = [(row, column) for row in range(header.top, header.bottom + 1) if (row, column) in sheet.words]
        numbers = any(row is not None and sheet.kind(row, column) == Kind.NUMBER for row in reading.rows)
        if heads and numbers and heads[-1] not in labels and not _repeats(reading, heads[-1]):
            yield heads[-1]
        elif column > last and not heads:
            return


def _repeats(reading: Reading, spot: Spot) -> bool:
    """The words of a merged label, printed once more in the next column."""
    left = spot[0], spot[1] - 1
    sheet = reading.sheet
    return left in sheet.words and sheet.printed(left) == sheet.printed(spot)
