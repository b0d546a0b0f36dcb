"""Tables of web pages: which hold data, which only lay out the page, and what stands in their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from auditkit.readers.spans import WIDEST, Span
from auditkit.readers.xmltree import Element

_BLOCKS = (
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5"
    " h6 header hr html legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul"
)
_DROPPED = (
    "head script style noscript template nav aside footer button select textarea iframe object svg canvas audio video"
    " map datalist dialog"
)
BLOCKS = frozenset(_BLOCKS.split())
"""Elements that begin a line of their own."""
UNSEEN = frozenset(_DROPPED.split())
"""Elements that hold no prose of the report."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_EDGES = " \t\r\n\f\u00a0\u3000\u200b\ufeff"
_LONG = 1_000
"""Characters; a longer cell is a column of a page, not of a table."""
_ICON = 100
"""Pixels; a smaller picture is no table."""


class DataTable(NamedTuple):
    """A table of data: its caption, its cells, and what stands inside them besides text."""

    caption: str
    rows: list[list[Span]]
    nested: list[Element]
    pictures: int


def clean(text: str) -> str:
    """As a browser shows it: runs of white are one space, and none at the edges."""
    return _WHITE.sub(" ", text).strip(_EDGES)


def length(element: Element) -> int:
    return sum(len(text) for text in element.itertext())


def is_unseen(element: Element) -> bool:
    """Hidden, or no prose by its nature."""
    hidden = element.get("hidden") is not None or _HIDDEN.search(element.get("style", ""))
    return element.tag in UNSEEN or bool(hidden)


def is_picture(element: Element) -> bool:
    """A picture that might be a table, so not an icon."""
    if element.tag != "img":
        return False
    sides = (element.get(side, "").strip().removesuffix("px") for side in ("width", "height"))
    return not any(side.isdecimal() and int(side) < _ICON for side in sides)


def data_table(table: Element) -> DataTable | None:
    """The cells of a table of data; ``None`` for one that lays out the page: one column, or long cells."""
    if table.get("role") in {"presentation", "none"}:
        return None
    nested: list[Element] = []
    pictures = 0
    rows = []
    for row in _own(table, "tr"):
        cells = []
        for cell in _own(row, "td", "th"):
            text, seen = _cell(cell, nested)
            if len(text) > _LONG:
                return None
            pictures += seen
            cells.append(Span(text, _count(cell, "rowspan", 65_534) or 65_534, _count(cell, "colspan", WIDEST)))
        rows.append(cells)
    filled = sum(sum(bool(cell.text) for cell in row) > 1 for row in rows)
    if filled < (2 if nested else 1):
        return None
    caption = next((clean("".join(c.itertext())) for c in _own(table, "caption")), "")
    return DataTable(caption, rows, nested, pictures)


def _own(element: Element, *wanted: str) -> Iterator[Element]:
    """Wanted elements of this table, in order, not those of tables inside it."""
    for child in element:
        if child.tag in wanted and not is_unseen(child):
            yield child
        elif child.tag not in {"table", "tr", "td", "th"} and len(child) and not is_unseen(child):
            yield from _own(child, *wanted)


def _count(cell: Element, name: str, most: int) -> int:
    written = cell.get(name)
    if written is None:
        return 1
    digits = re.match(r"\s*(\d{1,6})", written)
    return min(int(digits[1]), most) if digits else 1


def _cell(cell: Element, nested: list[Element]) -> tuple[str, int]:
    """Text of a cell, a line for each block in it, and the number of pictures; tables inside are put aside."""
    if not len(cell):
        return clean(cell.text or ""), 0
    pieces: list[str] = []
    pictures = 0
    walker = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walker:
        if element.tag in BLOCKS or element.tag == "br":
            pieces.append("\n")
        if event == "start":
            pictures += is_picture(element)
            if element.tag == "table":
                nested.append(element)
            if element.tag == "table" or is_unseen(element):
                walker.skip_subtree()
            else:
                pieces.append(_WHITE.sub(" ", element.text or ""))
        elif element is not cell:
            pieces.append(_WHITE.sub(" ", element.tail or ""))
    lines = (line.strip(_EDGES) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line), pictures
