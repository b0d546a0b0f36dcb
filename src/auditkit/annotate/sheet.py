"""A worksheet part read in one pass: where the rows and cells to be marked stand, and where new ones would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from auditkit.annotate.addresses import spot
from auditkit.annotate.layout import Layout
from auditkit.annotate.mark import damaged
from auditkit.annotate.markup import Element, closing, parse, parser_of, tag_end

AFTER_LEGACY = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
"""Children of a worksheet that stand after ``legacyDrawing``."""


@dataclass(slots=True)
class Row:
    """A row with something to mark: where it stands, the style of its blank cells, its cells by column."""

    element: Element
    style: int | None
    cells: dict[int, Element] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """What one pass found; rows that nobody asked for are not kept."""

    xml: bytes
    space: str
    """Namespace of its elements."""
    root: Element
    data: Element
    layout: Layout
    rows: dict[int, Row]
    gaps: dict[int, int]
    """Missing row → where it would stand."""
    legacy: Element | None
    tail: int
    """Where ``legacyDrawing`` would stand."""


def scanned(xml: bytes, wanted: Iterable[int]) -> Sheet:
    """One pass over the part. ``wanted`` are row numbers from 0.

    Raises a ``Fault`` for what is not a worksheet, is no XML or declares a document type.
    """
    found = _Pass(xml, sorted(set(wanted)))
    try:
        parse(found.parser, xml)
    except ValueError as broken:
        raise damaged(f"工作表内容有误（{broken}）", f"a sheet in it is broken ({broken})") from broken
    root, data = found.root, found.data
    if root is None or data is None or root.name != "worksheet":
        raise damaged("工作表没有内容", "a sheet has no content")
    gaps = {row: found.gaps.get(row, data.close) for row in sorted(found.wanted) if row not in found.rows}
    tail = root.close if found.tail is None else found.tail
    return Sheet(xml, root.space, root, data, found.layout, found.rows, gaps, found.legacy, tail)


class _Pass:
    """The handlers of one pass. Most of a sheet is rows that nobody asked for, so in these they do next to nothing."""

    def __init__(self, xml: bytes, wanted: list[int]) -> None:
        self.xml = xml
        self.wanted = frozenset(wanted)
        self.pending = [*wanted]
        self.depth = 0
        self.open: dict[int, Element] = {}
        """Depth → the element there whose end somebody wants to know."""
        self.root: Element | None = None
        self.data: Element | None = None
        self.legacy: Element | None = None
        self.tail: int | None = None
        self.wrapper = 0
        self.layout = Layout()
        self.rows: dict[int, Row] = {}
        self.gaps: dict[int, int] = {}
        self.row: Row | None = None
        self.number = self.column = -1
        self.space = self.cell_name = self.row_name = ""
        self.parser = parser_of()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if name == self.cell_name and self.depth == 4 and self.row is not None:
            self.see_cell(self.row, attributes)
        elif name == self.row_name and self.depth == 3:
            self.see_row(attributes)
        elif self.depth <= 4:
            self.see_other(name, attributes)

    def end(self, _: str) -> None:
        element = self.open.pop(self.depth, None)
        if element is not None:
            element.close, element.end = closing(self.xml, element.inner, self.parser.CurrentByteIndex)
            if self.depth == 3:
                self.row = None
        self.depth -= 1

    def see_cell(self, row: Row, attributes: dict[str, str]) -> None:
        at = spot(attributes["r"]) if "r" in attributes else (self.number, self.column + 1)
        if at is None:
            raise ValueError(attributes["r"])
        self.column = at[1]
        row.cells[self.column] = self.element("c", attributes)

    def see_row(self, attributes: dict[str, str]) -> None:
        self.number = int(attributes["r"]) - 1 if "r" in attributes else self.number + 1
        self.column = -1
        self.layout.row(self.number, attributes)
        while self.pending and self.pending[0] < self.number:
            self.gaps[self.pending.pop(0)] = self.parser.CurrentByteIndex
        if self.number in self.wanted:
            element = self.open[3] = self.element("row", attributes)
            style = int(attributes.get("s", 0)) if attributes.get("customFormat") in {"1", "true"} else None
            self.row = self.rows[self.number] = Row(element, style)
        else:
            self.parser.StartElementHandler, self.parser.EndElementHandler = None, self.skip

    def skip(self, name: str) -> None:
        """The end of anything in a row that nobody asked for."""
        if name == self.row_name:
            self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
            self.end(name)

    def see_other(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self.depth == 1:
            self.space = space
            self.root = self.open[1] = self.element(local, attributes)
            self.cell_name, self.row_name = f"{space} c".lstrip(), f"{space} row".lstrip()
        elif self.depth == 2:
            self.see_child(local, attributes)
        elif local == "col":
            self.layout.column(attributes)
        elif self.depth == 4 and self.wrapper and local in AFTER_LEGACY and self.tail is None:
            self.tail = self.wrapper

    def see_child(self, local: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        self.wrapper = at if local == "AlternateContent" else 0
        if local == "sheetData":
            self.data = self.open[2] = self.element(local, attributes)
        elif local == "sheetFormatPr":
            self.layout.defaults(attributes)
        elif local == "legacyDrawing":
            self.legacy = self.element(local, attributes)
        elif local in AFTER_LEGACY and self.tail is None:
            self.tail = at

    def element(self, local: str, attributes: dict[str, str]) -> Element:
        start = self.parser.CurrentByteIndex
        known = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        return Element(local, self.space, known, None, start, tag_end(self.xml, start))
