"""Rows of a register that may be no records: those the form names, headings, remarks, blank lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from auditkit.bind.keys import HEADINGS, PART
from auditkit.bind.listing import WORDY
from auditkit.bind.sheet import TALLEST
from auditkit.labels import label
from auditkit.model.form import Table
from auditkit.numerals import of_value
from auditkit.register.blocks import Ragged
from auditkit.register.columns import spans
from auditkit.stack import Bools

_INNER = np.zeros(256, dtype=bool)
_INNER[[*b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = True
_INNER[0x80:0xC0] = True
_INNER[0xE4:0xEA] = True
"""Bytes that folding leaves where they are, but for case."""


@dataclass(frozen=True)
class Aside:
    """A row that is looked at by itself: its number in the block, its key, and whether anything else is filled in."""

    row: int
    key: str
    filled: bool


@dataclass(frozen=True)
class Marks:
    """What a list's rows are told apart by, in its column of keys."""

    table: Table

    @cached_property
    def named(self) -> Mapping[str, list[str]]:
        """Words, without what does not tell them apart → rows the form itself names."""
        found: dict[str, list[str]] = {}
        for line in self.table.rows.lines:
            for word in dict.fromkeys(label(word).letters for word in line.labels if word):
                found.setdefault(word, []).append(line.name)
        return found

    @cached_property
    def header(self) -> frozenset[str]:
        assert self.table.records is not None
        key = self.table.columns.lines[self.table.columns.index[self.table.records.key]]
        return frozenset(label(word).letters for word in key.labels)

    @cached_property
    def _ends(self) -> tuple[Bools, Bools]:
        """First and last bytes of all words that are looked for."""
        first, last = np.zeros(256, dtype=bool), np.zeros(256, dtype=bool)
        for word in (*self.named, *self.header, *HEADINGS):
            first[[word.encode()[0], word.upper().encode()[0]]] = True
            last[[word.encode()[-1], word.upper().encode()[-1]]] = True
        return first, last

    def among(self, column: Any, odd: Bools) -> Bools:
        """Which keys are no record's; ``odd``: those that hold more than plain signs."""
        starts, ends, data = spans(column)
        if not len(data):
            return np.zeros(len(column), dtype=bool)
        lead, tail = data[np.minimum(starts, len(data) - 1)], data[np.maximum(ends - 1, 0)]
        first, last = self._ends
        maybe = odd | (first[lead] & last[tail]) | ~(_INNER[lead] & _INNER[tail])
        part = PART.encode()
        own = lead == part[0]
        if own.any():
            own &= data[np.minimum(starts + 1, len(data) - 1)] == part[1]
            maybe |= own
        found: Bools = maybe & (ends > starts)
        rows = np.flatnonzero(found)
        found[rows] = [self._is_special(text) for text in column.take(rows).to_pylist()]
        return found

    def _is_special(self, text: str) -> bool:
        words = label(text)
        return words.letters in self.named or words.letters in self.header or _is_heading(text)


def _is_heading(key: str) -> bool:
    return label(key).letters in HEADINGS or label(key).full.startswith(PART)


def key_of(text: str) -> str:
    """A record's key as the binder reads it."""
    return " ".join(of_value(text).text.split())


@dataclass
class Rows:
    """From top to bottom: which rows are records, and where the list ends."""

    marks: Marks
    at: int
    """The last row that was looked at by itself; rows in between are records."""
    found: bool = False
    """Some row was a record."""
    total: bool = False
    """The last one was a row that the form names."""
    gap: bool = False
    """Nothing stood below the last one."""
    ended: int | None = None
    declared: dict[str, int] = field(default_factory=dict)
    """Rows the form names → where they are."""

    def is_record(self, aside: Aside, row: int) -> bool:
        """Whether a row that is looked at by itself, ``row`` in the file, is a record.

        Raises:
            Ragged: the list begins anew, under another header.
        """
        if self.ended is not None:
            return False
        if row > self.at + 1:
            self._take()
        self.at = row
        words = label(aside.key).letters
        if words in self.marks.header and row < TALLEST:
            raise Ragged(row)
        awaited = [name for name in self.marks.named.get(words, ()) if name not in self.declared] if aside.key else []
        if awaited:
            self.declared[awaited[0]] = row
            self.gap, self.total = False, True
        elif aside.key and _is_heading(aside.key):
            pass
        elif aside.key or aside.filled:
            if aside.filled or not (self.gap or self._closed() or len(aside.key) > WORDY):
                self._take()
                return True
            self.ended = row
        else:
            self.gap = self.found or bool(self.declared)
        return False

    def _take(self) -> None:
        self.found, self.total, self.gap = True, False, False

    def _closed(self) -> bool:
        """Right below the last of the rows that the form names."""
        printed = {line.record for line in self.marks.table.rows.lines}
        return self.found and self.total and len(self.declared) == len(printed)

    def see(self, last: int) -> None:
        """Records up to row ``last``.

        Raises:
            Ragged: some stand where the list has ended.
        """
        if self.ended is not None and last > self.ended:
            raise Ragged(last)
