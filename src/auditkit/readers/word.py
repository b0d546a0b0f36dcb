"""Word documents: paragraphs and tables in reading order, from the parts that hold them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from auditkit.model.document import Document, Grid, Paragraph, Source
from auditkit.readers.archive import damaged, inflate, members
from auditkit.readers.listnumbers import Numbers, W, numbers_of
from auditkit.readers.sheetxml import attributes_of
from auditkit.readers.spans import Span, laid_out
from auditkit.readers.xmltree import Element, tree

Style = Literal["title", "heading", "body", "list", "caption", "note", "textbox"]

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PICTURES = {
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic",
    "{urn:schemas-microsoft-com:vml}imagedata",
}
_GONE = {f"{W}{name}" for name in ("pPr", "del", "moveFrom", "rt", "instrText", "delText")} | {f"{_COMPATIBLE}Fallback"}
"""Not seen on the page, or seen twice."""
_P, _TABLE = f"{W}p", f"{W}tbl"
_TEXTS = {f"{W}t", f"{_MATH}t"}
_TRANSPARENT = {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")} | {
    f"{_COMPATIBLE}AlternateContent",
    f"{_COMPATIBLE}Choice",
}
_PLAIN = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_BY_NAME: tuple[tuple[str, Style], ...] = (
    ("title", "title"),
    ("subtitle", "title"),
    ("标题", "heading"),
    ("heading", "heading"),
    ("toc", "note"),
    ("footnote", "note"),
    ("caption", "caption"),
    ("题注", "caption"),
    ("list", "list"),
)


def read(source: Source) -> Document:
    """Non-blank paragraphs numbered through, tables as true grids named 表1, 表2 …; headers and footers left out.

    Deleted and hidden text is not there; numbers that Word counts in front of a paragraph are.
    """
    parts = _parts(source.data)
    body = parts["document"].find(f"{W}body")
    if body is None:
        raise damaged("没有正文", "it has no body")
    reading = _Reading(_styles(parts.get("styles")), numbers_of(parts.get("numbering")))
    reading.blocks(body)
    return Document(source.name, "word", tuple(reading.grids), tuple(reading.paragraphs), reading.pictures)


def _parts(data: bytes) -> dict[str, Element]:
    """The document, its styles and its lists, wherever the relations say they are."""
    found = members(data)

    def related(base: str, name: str) -> Iterator[tuple[str, str]]:
        path = posixpath.join(base, "_rels", f"{name}.rels")
        for run in attributes_of(inflate(data, found[path]), "Relationship") if path in found else ():
            target = posixpath.normpath(posixpath.join("/", base, run.get("Target", ""))).lstrip("/")
            yield posixpath.basename(run.get("Type", "")), target

    main = dict(related("", "")).get("officeDocument", "word/document.xml")
    named = {"document": main} | {
        kind: path for kind, path in related(*posixpath.split(main)) if kind in {"styles", "numbering"}
    }
    if main not in found:
        raise damaged("没有正文", "it has no body")
    return {
        kind: tree(inflate(data, found[path]).replace(_STRICT, _USUAL)) for kind, path in named.items() if path in found
    }


@dataclass(frozen=True, slots=True)
class _Look:
    """What a style says: its kind, and the list it counts in."""

    kind: Style = "body"
    number: str = ""
    level: int = 0


def _styles(root: Element | None) -> dict[str, _Look]:
    if root is None:
        return {}
    styles = {style.get(f"{W}styleId", ""): style for style in root.iterchildren(f"{W}style")}
    return {name: _look(name, styles) for name in styles}


def _look(name: str, styles: Mapping[str, Element]) -> _Look:
    """Own name first, then what it is based on; a list is inherited too."""
    kind: Style = "body"
    number, level = "", 0
    for _ in range(20):
        style = styles.get(name)
        if style is None:
            break
        label = _value(style, "name").lower()
        kind = next((k for head, k in _BY_NAME if label.startswith(head)), "body") if kind == "body" else kind
        kind = "heading" if kind == "body" and style.find(f"{W}pPr/{W}outlineLvl") is not None else kind
        if not number and (listed := style.find(f"{W}pPr/{W}numPr")) is not None:
            number, level = _value(listed, "numId"), int(_value(listed, "ilvl") or "0")
        name = _value(style, "basedOn")
    return _Look(kind, number, level)


def _value(element: Element, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else found.get(f"{W}val", "")


class _Cell(NamedTuple):
    """A table cell as written: ``vertical`` is Word's vMerge, empty where the cell stands alone."""

    text: str
    right: int
    vertical: str


@dataclass
class _Reading:
    """One walk through the body."""

    styles: Mapping[str, _Look]
    numbers: Numbers
    paragraphs: list[Paragraph] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    pictures: int = 0

    def blocks(self, container: Element, forced: Style | None = None) -> None:
        """Paragraphs and tables below a container."""
        for block in _through(container, (_P, _TABLE)):
            if block.tag == _TABLE:
                self._table(block)
                continue
            boxes: list[Element] = []
            text, style = self._paragraph(block, boxes)
            if text:
                self.paragraphs.append(Paragraph(len(self.paragraphs) + 1, text, forced or style))
            for box in boxes:
                self.blocks(box, "textbox")

    def _paragraph(self, paragraph: Element, boxes: list[Element]) -> tuple[str, Style]:
        """Text with the counted number in front, and style; text boxes in it are put aside."""
        text = "".join(self._pieces(paragraph, boxes)).strip()
        own = paragraph.find(f"{W}pPr")
        look = self.styles.get(_value(own, "pStyle") if own is not None else "", _Look())
        number, level = look.number, look.level
        if own is not None and (listed := own.find(f"{W}numPr")) is not None:
            number, level = _value(listed, "numId"), int(_value(listed, "ilvl") or "0")
        if not text or number in {"", "0"}:
            return text, look.kind
        return self.numbers.next(number, level) + text, "list" if look.kind == "body" else look.kind

    def _pieces(self, element: Element, boxes: list[Element]) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag in _TEXTS:
                yield child.text or ""
            elif tag in _PLAIN:
                yield _PLAIN[tag]
            elif tag in _PICTURES:
                self.pictures += 1
            elif tag == f"{W}txbxContent":
                boxes.append(child)
            elif tag not in _GONE and not (tag == f"{W}r" and child.find(f"{W}rPr/{W}vanish") is not None):
                yield from self._pieces(child, boxes)

    def _table(self, table: Element) -> None:
        inner: list[Element] = []
        boxes: list[Element] = []
        rows = [self._row(row, inner, boxes) for row in _through(table, (f"{W}tr",)) if not _is_deleted(row)]
        lines, merges = laid_out(_spans(rows))
        self.grids.append(Grid(f"表{len(self.grids) + 1}", lines, merges, after=len(self.paragraphs)))
        for box in boxes:
            self.blocks(box, "textbox")
        for nested in inner:
            self._table(nested)

    def _row(self, row: Element, inner: list[Element], boxes: list[Element]) -> list[_Cell]:
        properties = row.find(f"{W}trPr")
        before = 0 if properties is None else int(_value(properties, "gridBefore") or "0")
        cells = [_Cell("", before, "")] if before else []
        for cell in _through(row, (f"{W}tc",)):
            lines = []
            for block in _through(cell, (_P, _TABLE)):
                if block.tag == _TABLE:
                    inner.append(block)
                elif text := self._paragraph(block, boxes)[0]:
                    lines.append(text)
            own = cell.find(f"{W}tcPr")
            right = 1 if own is None else int(_value(own, "gridSpan") or "1")
            merge = None if own is None else own.find(f"{W}vMerge")
            vertical = "" if merge is None else merge.get(f"{W}val", "continue")
            cells.append(_Cell("\n".join(lines), right, vertical))
        return cells


def _through(container: Element, wanted: tuple[str, ...]) -> Iterator[Element]:
    """Wanted children in order, also those inside content controls and tracked insertions."""
    for child in container:
        if child.tag in wanted:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _through(child, wanted)


def _is_deleted(row: Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _spans(rows: list[list[_Cell]]) -> list[list[Span]]:
    """Word repeats a vertically merged cell in every row; here it is one cell that reaches down."""
    spans: list[list[Span]] = []
    above: dict[int, tuple[int, int]] = {}
    for top, row in enumerate(rows):
        line: list[Span] = []
        here: dict[int, tuple[int, int]] = {}
        column = 0
        for text, right, vertical in row:
            start = above.get(column) if vertical == "continue" else None
            if start and spans[start[0]][start[1]].right == right:
                spans[start[0]][start[1]] = spans[start[0]][start[1]]._replace(down=top - start[0] + 1)
                here[column] = start
            else:
                if vertical:
                    here[column] = top, len(line)
                line.append(Span(text, 1, right))
            column += right
        spans.append(line)
        above = here
    return spans
