"""Web pages: the paragraphs and tables of the report, without scripts, menus and what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from auditkit.model.document import Document, Grid, Paragraph, Source
from auditkit.readers.archive import damaged
from auditkit.readers.decoding import decode_page
from auditkit.readers.spans import laid_out
from auditkit.readers.webtables import BLOCKS, DataTable, clean, data_table, is_picture, is_unseen, length
from auditkit.readers.xmltree import Element

Style = Literal["title", "heading", "body", "list", "caption", "note", "textbox"]

_STYLES: dict[str, Style] = {
    "h1": "title",
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "list",
    "caption": "caption",
    "figcaption": "caption",
}
_LISTS = frozenset({"ul", "ol"})
_MENU = re.compile(
    r"(?:^|[\s_-])(?:sub|top|main|left|right|bottom)?[_-]?(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|footer|sidebar"
    r"|toolbar|share|copyright|friend-?links?|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASKED = 20
"""How many elements named like a menu are weighed against the page; a menu page has fewer."""
_LINKS = 5
"""A list of so many links and little else leads elsewhere."""


def read(source: Source) -> Document:
    """Non-blank lines of text numbered through, data tables as true grids named 表1, 表2 … where they stand.

    Tables that only lay out the page are read as text.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    root = etree.fromstring(decode_page(source.data).encode("utf-8", "replace") or b"<p>", parser)
    if root is None:
        return Document(source.name, "web")
    if any("depth" in entry.message for entry in parser.error_log):
        raise damaged("嵌套过深", "its elements are nested too deeply")
    page = _Page(length(root))
    page.walk(root)
    page.put_title(root)
    return Document(source.name, "web", tuple(page.grids), tuple(page.paragraphs), page.pictures)


@dataclass
class _Page:
    """One walk through a page, without recursion however deep it is."""

    length: int
    paragraphs: list[Paragraph] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    pictures: int = 0
    _line: list[str] = field(default_factory=list)
    _style: Style = "body"
    _asked: int = 0
    _lists: int = 0

    def walk(self, root: Element) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if self._is_spare(element) or self._starts(element):
                    walker.skip_subtree()
                self._lists += element.tag in _LISTS
            else:
                self._lists -= element.tag in _LISTS
                self._ends(element, None if element is root else element.getparent())
        self._break()

    def put_title(self, root: Element) -> None:
        """The page's own title in front, where no heading of the first order says it."""
        title = clean(root.findtext(".//title") or "")
        if title and not any(paragraph.style == "title" for paragraph in self.paragraphs):
            moved = (Paragraph(p.number + 1, p.text, p.style) for p in self.paragraphs)
            self.paragraphs = [Paragraph(1, title, "title"), *moved]
            self.grids = [replace(grid, after=grid.after + 1) for grid in self.grids]

    def _is_spare(self, element: Element) -> bool:
        """Not seen, not prose, or a way to other pages."""
        if is_unseen(element):
            return True
        if element.tag in _LISTS and not self._lists:
            links = [length(link) for link in element.iter("a")]
            return len(links) >= _LINKS and sum(links) * 5 > length(element) * 4
        name = f"{element.get('class', '')} {element.get('id', '')}"
        if len(name) > 1 and self._asked < _ASKED and _MENU.search(name):
            self._asked += 1
            return length(element) * 2 < self.length
        return False

    def _starts(self, element: Element) -> bool:
        """Takes in what stands before the first child; true where the subtree is done with."""
        tag = element.tag
        if tag in BLOCKS or tag == "br":
            self._break()
            self._style = _STYLES.get(tag, self._style)
        if tag == "table" and (table := data_table(element)):
            self._table(table)
            return True
        self.pictures += is_picture(element)
        self._add(element, element.text)
        return False

    def _table(self, table: DataTable) -> None:
        if table.caption:
            self.paragraphs.append(Paragraph(len(self.paragraphs) + 1, table.caption, "caption"))
        lines, merges = laid_out(table.rows)
        self.grids.append(Grid(f"表{len(self.grids) + 1}", lines, merges, after=len(self.paragraphs)))
        self.pictures += table.pictures
        for nested in table.nested:
            self.walk(nested)

    def _ends(self, element: Element, parent: Element | None) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._break()
            self._style = "body" if tag in _STYLES else self._style
        if parent is not None:
            self._add(parent, element.tail)

    def _add(self, element: Element, text: str | None) -> None:
        if not text:
            return
        if element.tag != "pre":
            self._line.append(text)
            return
        for line in text.split("\n"):
            self._line.append(line)
            self._break()

    def _break(self) -> None:
        """Ends the paragraph: every line a reader sees is one."""
        text = clean("".join(self._line))
        self._line.clear()
        if text:
            self.paragraphs.append(Paragraph(len(self.paragraphs) + 1, text, self._style))
