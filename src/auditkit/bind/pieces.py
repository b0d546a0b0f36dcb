"""The cells of tables pasted into a text, in reading order: a value a line, a row a line, marks or spaces between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from auditkit.bind.lexicon import Kind, kind_of
from auditkit.model.document import Document, Grid, Value

FEWEST = 2
"""Lines that are nothing but a number, or a label and numbers, before a table is looked for."""
LONGEST = 120
"""Characters; a longer line without marks is a sentence."""

MANY = 6
"""Numbers between spaces that make a line a table that lost its lines."""

_MARKS = re.compile(r"[|｜\t]")
_EDGES = " \t|｜"
_ROWS = re.compile(r"\s*[;；]\s*")
_VALUES = r"[+-]?[\d,.]+%?(?:\s+[+-]?[\d,.]+%?)"
_SPACED = re.compile(rf"(?P<label>\S.*?[^\d\s.,%+:：-])(?:\s*[:：]\s*|\s+)(?P<values>{_VALUES}*)\s*")
_TOKEN = re.compile(r"(?<!\S)[+-]?\d[\d,.]*%?(?!\S)")
_NUMBERS = re.compile(rf"{_VALUES}+")


class Piece(NamedTuple):
    """A cell's text, where it stands among all pieces, and the paragraph or grid it is of."""

    text: str
    at: int
    source: int
    """Index of the paragraph; of a grid, counted backwards from -1."""
    ends: bool
    """Its row ends here."""
    whole: bool
    """Its paragraph holds nothing but cells."""


@dataclass
class Run:
    """Words, and the values that follow them."""

    words: list[Piece] = field(default_factory=list)
    values: list[Piece] = field(default_factory=list)


def may_hold_tables(document: Document) -> bool:
    """A cheap look: a text with marks, or lines that are nothing but numbers."""
    if document.kind == "text" and document.grids:
        return True
    texts = [p.text.strip(_EDGES) for p in document.paragraphs]
    if any(len(_MARKS.findall(text)) >= FEWEST or _is_crowded(text) for text in texts):
        return True
    short = [text for text in texts if len(text) < LONGEST]
    return sum(kind_of(text) == Kind.NUMBER or _SPACED.fullmatch(text) is not None for text in short) >= FEWEST


def pieces(document: Document) -> Iterator[Piece]:
    """Every cell in reading order: paragraphs, and the grids of a text, which are rows of marks as they stand."""
    at = 0
    for source, rows, whole in _sources(document):
        for row in rows:
            for i, text in enumerate(row):
                yield Piece(text, at, source, len(rows) > 1 or len(row) > 1 if i == len(row) - 1 else False, whole)
                at += 1


def runs(found: Iterable[Piece]) -> Iterator[Run]:
    """Words and the numbers and blanks behind them, up to the next words or the end of the row."""
    run = Run()
    for piece in found:
        if kind_of(piece.text) == Kind.WORDS:
            if run.values:
                yield run
                run = Run()
            run.words.append(piece)
        elif run.words or piece.text:
            run.values.append(piece)
        if piece.ends and any(kind_of(value.text) == Kind.NUMBER for value in run.values):
            yield run
            run = Run()
        elif piece.ends:
            run.values.clear()
    if run.values:
        yield run


def _sources(document: Document) -> Iterator[tuple[int, list[list[str]], bool]]:
    """Paragraphs and grids in order, each as rows of cells."""
    grids = list(enumerate(document.grids)) if document.kind == "text" else []
    for index, paragraph in enumerate(document.paragraphs):
        while grids and grids[0][1].after <= index:
            yield _of_grid(*grids.pop(0))
        yield index, _rows(paragraph.text), not _MARKS.search(paragraph.text.strip(_EDGES))
    yield from (_of_grid(number, grid) for number, grid in grids)


def _of_grid(number: int, grid: Grid) -> tuple[int, list[list[str]], bool]:
    rows = [[_text(value) for value in row] for row in grid.rows]
    return -1 - number, [[*_spread(row[0]), *row[1:]] for row in rows if row], False


def _rows(text: str) -> list[list[str]]:
    """Rows of cells; a line that holds one cell between its marks is a cell of a row that goes on."""
    inner = text.strip(_EDGES)
    if not _MARKS.search(inner):
        if _is_crowded(inner):
            return [inner.split()]
        return [_spread(inner) if len(inner) < LONGEST else [inner]] if inner else []
    rows = [_MARKS.split(row) for row in _ROWS.split(text)]
    return [[*_spread(first), *(cell.strip() for cell in rest)] for first, *rest in rows]


def _is_crowded(text: str) -> bool:
    """Words and numbers set apart by spaces, a third of them numbers: more a table than a sentence."""
    numbers = len(_TOKEN.findall(text))
    return numbers >= MANY and numbers * 3 >= len(text.split())


def _spread(text: str) -> list[str]:
    """A label and the numbers that spaces set apart; the text alone where there are none."""
    text = text.strip()
    if _NUMBERS.fullmatch(text):
        return text.split()
    spaced = _SPACED.fullmatch(text)
    return [spaced["label"], *spaced["values"].split()] if spaced else [text]


def _text(value: Value) -> str:
    return "" if value is None else str(value).strip()
