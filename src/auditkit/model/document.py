"""What was read: bytes, grids of raw values, paragraphs, and the cell with its address."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from functools import cached_property
from typing import Literal, NamedTuple

Value = str | float | int | bool | dt.date | dt.time | dt.timedelta | None
"""A raw value as a reader found it: ``None`` or ``""`` is a blank; CSV, Word and web give text only."""

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column; from 0, both ends included."""


@dataclass(frozen=True)
class Source:
    """The bytes of one input. Read once: what was hashed is what is checked and marked."""

    name: str
    data: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Place(NamedTuple):
    """Where something stands in a file: a cell of a sheet or table, or a span of a paragraph.

    ``row`` and ``column`` count from 0. ``paragraph`` and ``sentence`` count from 1 and are 0 for cells;
    ``start`` and ``end`` are character offsets within the paragraph.
    """

    file: str
    sheet: str = ""
    row: int = -1
    column: int = -1
    paragraph: int = 0
    sentence: int = 0
    start: int = 0
    end: int = 0

    @property
    def address(self) -> str:
        """``D5`` for a cell, empty for prose or a whole file."""
        return f"{column_letters(self.column)}{self.row + 1}" if self.row >= 0 else ""

    def to(self, language: Literal["zh", "en"]) -> str:
        """``表三!D5``, ``D5`` where the file has no sheets, ``正文 第3段`` for prose, or the file itself."""
        if self.row >= 0:
            return f"{self.sheet}!{self.address}" if self.sheet else self.address
        if self.paragraph:
            return f"正文 第{self.paragraph}段" if language == "zh" else f"prose par. {self.paragraph}"
        if self.sheet:
            return self.sheet
        return "文件" if language == "zh" else "file"


def column_letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class SheetFacts:
    """What values alone do not tell; keys are (row, column) from 0. Gathered only when somebody asks."""

    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Number format codes other than General, such as ``0.0%``."""
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Excel error values, such as ``#REF!``."""
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Formula texts without the leading ``=``."""
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    """Formula cells without a stored result."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def no_facts() -> SheetFacts:
    """For grids that can have none (CSV, Word, web)."""
    return SheetFacts()


def may_be() -> bool:
    """For grids of which only their facts tell."""
    return True


@dataclass(frozen=True)
class Grid:
    """One sheet, or one table of a text document: a rectangle of raw values from its A1."""

    name: str
    """The sheet's name as the reader of the file sees it; empty for CSV; ``表1`` … in Word and web pages."""
    rows: Sequence[Sequence[Value]]
    """All rows of the same width; addresses in the file are the indexes here."""
    merges: tuple[Area, ...] = ()
    hidden: bool = False
    facts: Callable[[], SheetFacts] = no_facts
    after: int = 0
    """Number of paragraphs that stand before this table; 0 in workbooks."""
    pasted: bool = False
    """Rebuilt from lines of text: its addresses are not in the file, and rows that were cut are not there."""
    formatted: Callable[[], bool] = may_be
    """Whether a cell may have a number format, which is told sooner than all facts."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose, numbered from 1 in reading order."""

    number: int
    text: str
    style: Literal["title", "heading", "body", "list", "caption", "note", "textbox"] = "body"


@dataclass(frozen=True)
class Document:
    """A file as read: grids and paragraphs, no form, no rule."""

    name: str
    kind: Literal["workbook", "delimited", "word", "web", "text"]
    grids: tuple[Grid, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    pictures: int = 0
    """Pictures in the body, which may be tables that nobody can read."""


class State(IntEnum):
    """What a cell holds, kept apart everywhere: a blank, a dash, a text and a broken formula are different answers."""

    NUMBER = 0
    BLANK = 1
    NIL = 2  # — / 无 N/A 不适用 …
    TEXT = 3
    ERROR = 4  # #REF!
    UNCALCULATED = 5  # a formula that was never calculated
    ABSENT = 6  # its row, column or table was not found


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as a person sees it: text, exact number, the unit of its last shown digit, and where it stands."""

    place: Place
    text: str
    number: Decimal | None
    state: State
    step: Decimal = Decimal(1)
    """One unit of the last digit shown: 1 for ``12``, 0.1 for ``12.5``, 1000 for ``1.2万``."""
    unit: str = ""
    """``%``, ``万元``, ``件`` … as written in the cell; the number is already scaled for 千/万/亿, not for %."""
    formula: str = ""
