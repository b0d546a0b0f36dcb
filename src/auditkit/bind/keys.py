"""Keys of a list's records: in one column, or a code printed in several (类, 款, 项) under one label."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from auditkit.bind.headers import Header
from auditkit.bind.lexicon import Kind, kind_of
from auditkit.bind.sheet import Sheet
from auditkit.labels import label
from auditkit.numerals import of_value

HEADINGS = frozenset({"栏次", "项目", "行次"})
"""Words in the key's column that head or number the columns."""
PART = "其中"
"""A row that begins so is a part of the one above it, and no record."""


@dataclass(frozen=True)
class Keys:
    """What names the record in each row."""

    sheet: Sheet
    columns: tuple[int, ...]
    words: tuple[int, ...]
    """Columns of text beside the key, in which a row that has no code may be named."""
    nested: bool

    def of(self, row: int, declared: Collection[str]) -> str:
        """The key in a row; of a row without a code the word beside it, if that names a declared row."""
        parts = [text for column in self.columns if (text := self._text(row, column))]
        if not self.nested:
            return " ".join(parts)
        key = parts[0] if len(set(parts)) == 1 else "".join(parts[:1] + [part.zfill(2) for part in parts[1:]])
        if key.isdigit() or label(key).letters in declared:
            return key
        beside = (text for column in self.words if (text := self._text(row, column)))
        return next((text for text in beside if label(text).letters in declared), key)

    def heading(self, row: int, key: str) -> bool:
        """Whether a row is no record at all: it heads the columns, goes into a part, or has neither code nor figure."""
        if label(key).letters in HEADINGS or label(key).full.startswith(PART):
            return True
        return self.nested and not key.isdigit() and (bool(key) or not self._figures(row))

    def _text(self, row: int, column: int) -> str:
        if (row, column) in self.sheet.covered:
            return ""
        return " ".join(of_value(self.sheet.rows[row][column]).text.split())

    def _figures(self, row: int) -> bool:
        after = self.sheet.rows[row][max(self.columns, default=-1) + 1 :]
        return any(kind_of(value) == Kind.NUMBER for value in after)


def spanned(sheet: Sheet, header: Header, key: int) -> tuple[int, ...]:
    """The columns a code's label stands over: its merged area, or blanks up to the next column of the table."""
    spot = next(spot for spot in header.labels if spot[1] == key)
    if spot in sheet.areas:
        return tuple(range(key, sheet.areas[spot][3] + 1))
    limit = min((column for column in header.columns if column > key), default=key + 1)
    last = key
    while last + 1 < limit and sheet.kind(spot[0], last + 1) == Kind.BLANK:
        last += 1
    return tuple(range(key, last + 1))
