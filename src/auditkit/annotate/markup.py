"""XML edited as bytes: where each element stands, and edits that leave everything else as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from auditkit.annotate.mark import damaged

ELEMENTS, DEPTH = 3_000_000, 256
"""More than any real part that is read as a whole; sheets are not."""
TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""(\s+)([^\s=]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_NAME = re.compile(rb"<(?:([^\s/>:]+):)?([^\s/>:]+)")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Edit(NamedTuple):
    """Bytes from ``start`` to ``end`` become ``new``; an insertion where both are equal."""

    start: int
    end: int
    new: bytes


@dataclass(slots=True, eq=False)
class Element:
    """An element and where it stands: ``start`` ‹tag› ``inner`` … ``close`` ‹/tag› ``end``.

    An empty one (``<a/>``) closes and ends at ``inner``.
    """

    name: str
    """Local name, without namespace or prefix."""
    space: str
    attributes: dict[str, str]
    """By local name."""
    parent: Element | None
    start: int
    inner: int
    close: int = -1
    end: int = -1
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        """Children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Element | None:
        return next((child for child in self.children if child.name == name), None)

    def below(self) -> Iterator[Element]:
        """All descendants in document order."""
        waiting = self.children[::-1]
        while waiting:
            yield (element := waiting.pop())
            waiting += element.children[::-1]

    def every(self, name: str) -> Iterator[Element]:
        """Descendants of that name in document order."""
        return (element for element in self.below() if element.name == name)


def parser_of() -> expat.XMLParserType:
    """A namespace-aware parser that refuses document types, and with them every entity."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise damaged("内部含有文档类型声明", "one of its parts declares a document type")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def utf8(xml: bytes) -> bytes:
    """The same part in UTF-8, which nearly every part is already."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(xml.removeprefix(b"\xef\xbb\xbf"))
        encoding = declared[1].decode().lower() if declared else "utf-8"
    if encoding in {"utf-8", "utf8", "us-ascii", "ascii"}:
        return xml
    try:
        text = xml.decode(encoding)
    except (LookupError, UnicodeDecodeError) as broken:
        raise damaged(
            f"内部编码有误（{encoding}）", f"a part is not in the encoding it declares ({encoding})"
        ) from broken
    return re.sub(r"^<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', text).encode()


def tree(xml: bytes) -> Element:
    """The root element of a part, with all below it."""
    parser = parser_of()
    root = node = Element("", "", {}, None, 0, 0)
    room, depth = ELEMENTS, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal node, room, depth
        room, depth = room - 1, depth + 1
        if room < 0 or depth > DEPTH:
            raise damaged("一个部分的元素过多或嵌套过深", "one of its parts has too many elements or nests too deep")
        space, _, local = name.rpartition(" ")
        at = parser.CurrentByteIndex
        child = Element(
            local, space, {k.rpartition(" ")[2]: v for k, v in attributes.items()}, node, at, tag_end(xml, at)
        )
        node.children.append(child)
        node = child

    def end(_: str) -> None:
        nonlocal node, depth
        depth -= 1
        node.close, node.end = closing(xml, node.inner, parser.CurrentByteIndex)
        assert node.parent is not None
        node = node.parent

    def said(text: str) -> None:
        node.text += text

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, said
    parser.buffer_text = True
    parse(parser, xml)
    return root.children[0]


def parse(parser: expat.XMLParserType, xml: bytes) -> None:
    """Runs a parser over a whole part."""
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as broken:
        raise damaged(f"内部的XML有误（{broken}）", f"one of its parts is not XML ({broken})") from broken


def tag_end(xml: bytes, start: int) -> int:
    """First byte after the start tag at ``start``."""
    tag = TAG.match(xml, start)
    assert tag is not None
    return tag.end()


def closing(xml: bytes, inner: int, seen: int) -> tuple[int, int]:
    """Start and end of the end tag that expat reported at ``seen``; of an empty element, its own end twice."""
    if xml[inner - 2 : inner] == b"/>":
        return inner, inner
    return seen, xml.index(b">", seen) + 1


def prefix(xml: bytes, element: Element) -> str:
    """``x:`` where elements are written with a prefix, else nothing; new children are written like their parent."""
    name = _NAME.match(xml, element.start)
    return f"{name[1].decode()}:" if name and name[1] else ""


def raw(xml: bytes, element: Element) -> bytes:
    return xml[element.start : element.end]


def grown(xml: bytes, element: Element, content: str | bytes, **attributes: str) -> list[Edit]:
    """New content before the end of an element, which may so far be empty, and new values of its attributes."""
    new = content.encode() if isinstance(content, str) else content
    was = tag = xml[element.start : element.inner]
    for name, value in attributes.items():
        tag = with_attribute(tag, name, value)
    if element.close == element.end:
        opening = _NAME.match(tag)
        assert opening is not None
        return [
            Edit(element.start, element.inner, tag[: tag.rindex(b"/")] + b">" + new + b"</" + opening[0][1:] + b">")
        ]
    edits = [Edit(element.start, element.inner, tag)] if tag != was else []
    return [*edits, Edit(element.close, element.close, new)]


def refilled(xml: bytes, element: Element, content: bytes) -> bytes:
    """An element with other content."""
    if element.close == element.end:
        return grown(xml, element, content)[0].new
    return xml[element.start : element.inner] + content + xml[element.close : element.end]


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """A start tag in which one attribute has this value, added first if it was not there."""
    new = escape(value).encode()
    for found in _ATTRIBUTE.finditer(tag):
        if found[2] == name.encode():
            return tag[: found.start(4)] + b'"' + new + b'"' + tag[found.end(4) :]
    end = _NAME.match(tag)
    assert end is not None
    return tag[: end.end()] + b" " + name.encode() + b'="' + new + b'"' + tag[end.end() :]


def spliced(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with the edits made; insertions at one point stand in the order given."""
    out, reach = bytearray(), 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        assert edit.start >= reach
        out += xml[reach : edit.start] + edit.new
        reach = edit.end
    return bytes(out + xml[reach:])


def escape(text: str) -> str:
    """Text as content or attribute of XML; what XML cannot hold becomes U+FFFD."""
    text = _FORBIDDEN.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
