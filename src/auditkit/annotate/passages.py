"""Places in a Word document's body, counted as readers count: paragraphs, sentences, table cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditkit.annotate.mark import Mark, unplaced
from auditkit.annotate.markup import Element

_TABLE = re.compile("表([0-9]+)")
_TRANSPARENT = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"})
"""Blocks below these stand in the text as if they were not there."""
_GONE = frozenset({"pPr", "del", "moveFrom", "rt", "instrText", "delText", "Fallback"})
"""Not seen on the page, or seen twice."""


@dataclass(frozen=True)
class Passage:
    """From the start of one child of a paragraph to the end of another (the same one, for most)."""

    first: Element
    last: Element
    start: Element | None = None
    """Child of ``first`` in which the words begin; None for the whole paragraph."""
    stop: Element | None = None
    """Child of ``last`` in which they end."""


@dataclass(frozen=True)
class _Text:
    """A paragraph's words without blanks, each character with the child of the paragraph that holds it."""

    paragraph: Element
    number: int
    """0 in tables, where paragraphs are not counted."""
    words: str
    holders: tuple[Element | None, ...]


@dataclass
class Body:
    """One walk through a document: its tables and its words.

    Word takes no comments in text boxes, so what stands in one is placed at the paragraph the box hangs on.
    """

    root: Element
    _tables: list[tuple[Element, Element | None]] = field(default_factory=list)
    _texts: list[_Text] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self._blocks(self.root.first("body") or self.root, None)

    def find(self, mark: Mark) -> Passage:
        """The place of a mark. Raises a ``Fault`` if there is none."""
        found = self._cell(mark) if mark.row >= 0 else self._sentence(mark)
        if found is None:
            raise unplaced(mark)
        return found

    def _sentence(self, mark: Mark) -> Passage | None:
        """The quoted words nearest to the paragraph's number; else the paragraph of that number as a whole."""
        quote = _squeezed(mark.quote)
        said = [text for text in self._texts if quote and quote in text.words]
        if said:
            text = min(said, key=lambda t: (t.number == 0, abs(t.number - mark.paragraph)))
            at = text.words.index(quote)
            return Passage(text.paragraph, text.paragraph, text.holders[at], text.holders[at + len(quote) - 1])
        numbered = (text.paragraph for text in self._texts if text.number == mark.paragraph > 0)
        return next((Passage(paragraph, paragraph) for paragraph in numbered), None)

    def _cell(self, mark: Mark) -> Passage | None:
        """The whole of a cell; of merged cells, the one that shows."""
        named = _TABLE.fullmatch(mark.sheet)
        if named is None or not 0 < int(named[1]) <= len(self._tables):
            return None
        table, outer = self._tables[int(named[1]) - 1]
        rows = [_cells(row) for row in _rows(table)]
        for row in range(mark.row, -1, -1):
            cell = rows[row].get(mark.column) if row < len(rows) else None
            if cell is None:
                return None
            if row == 0 or not _continues(cell):
                paragraphs = [outer] if outer else list(_through(cell, {"p"}))
                return Passage(paragraphs[0], paragraphs[-1]) if paragraphs else None
        return None

    def _blocks(self, container: Element, outer: Element | None) -> None:
        for block in _through(container, {"p", "tbl"}):
            if block.name == "tbl":
                self._table(block, outer)
            else:
                self._boxes(self._text(block, outer, counted=True), outer or block)

    def _boxes(self, boxes: list[Element], outer: Element) -> None:
        for box in boxes:
            self._blocks(box, outer)

    def _table(self, table: Element, outer: Element | None) -> None:
        self._tables.append((table, outer))
        inner: list[Element] = []
        boxes: list[tuple[list[Element], Element]] = []
        for cell in (cell for row in _rows(table) for cell in _through(row, {"tc"})):
            for block in _through(cell, {"p", "tbl"}):
                if block.name == "tbl":
                    inner.append(block)
                else:
                    boxes.append((self._text(block, outer, counted=False), outer or block))
        for found, holder in boxes:
            self._boxes(found, holder)
        for nested in inner:
            self._table(nested, outer)

    def _text(self, paragraph: Element, outer: Element | None, *, counted: bool) -> list[Element]:
        """Takes in the words of a paragraph; returns the text boxes in it."""
        boxes: list[Element] = []
        words, holders = "", []
        for child in paragraph.children:
            new = _squeezed("".join(_said(child, boxes)))
            words += new
            holders += [None if outer else child] * len(new)
        if words:
            self._count += counted
            self._texts.append(_Text(outer or paragraph, self._count * counted, words, tuple(holders)))
        return boxes


def _through(container: Element, wanted: set[str]) -> Iterator[Element]:
    """Wanted children in order, also those inside content controls and tracked insertions."""
    for child in container.children:
        if child.name in wanted:
            yield child
        elif child.name in _TRANSPARENT:
            yield from _through(child, wanted)


def _rows(table: Element) -> list[Element]:
    """Rows that were not deleted."""
    rows = list(_through(table, {"tr"}))
    return [row for row in rows if not ((own := row.first("trPr")) and own.first("del"))]


def _cells(row: Element) -> dict[int, Element]:
    """Column → cell; a wide cell stands in all its columns."""
    column = _stated(row.first("trPr"), "gridBefore", 0)
    cells: dict[int, Element] = {}
    for cell in _through(row, {"tc"}):
        for _ in range(_stated(cell.first("tcPr"), "gridSpan", 1)):
            cells[column] = cell
            column += 1
    return cells


def _stated(properties: Element | None, name: str, default: int) -> int:
    element = properties.first(name) if properties else None
    value = element.attributes.get("val", "") if element else ""
    return min(int(value), 16_384) if value.isdecimal() else default


def _continues(cell: Element) -> bool:
    """The cell belongs to the one above."""
    properties = cell.first("tcPr")
    merge = properties.first("vMerge") if properties else None
    return merge is not None and merge.attributes.get("val", "continue") == "continue"


def _said(element: Element, boxes: list[Element]) -> Iterator[str]:
    if element.name == "t":
        yield element.text
    elif element.name == "noBreakHyphen":
        yield "-"
    elif element.name == "txbxContent":
        boxes.append(element)
    elif element.name not in _GONE and not _is_hidden(element):
        for child in element.children:
            yield from _said(child, boxes)


def _is_hidden(element: Element) -> bool:
    properties = element.first("rPr") if element.name == "r" else None
    return properties is not None and properties.first("vanish") is not None


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
