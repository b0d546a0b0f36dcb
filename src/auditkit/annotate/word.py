"""Comments in a Word document: pure insertions into the body, and the part that holds what they say."""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.annotate.mark import AUTHOR, Mark
from auditkit.annotate.markup import Edit, Element, escape, grown
from auditkit.annotate.package import HEAD, OFFICE, STRICT, Package
from auditkit.annotate.passages import Body, Passage

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def mark_word(package: Package, document: str, marks: Sequence[Mark]) -> None:
    """One comment for each mark, in the order given; what is said twice of one place, once.

    Raises a ``Fault`` for a place that does not exist.
    """
    xml, root = package.read(document), package.tree(document)
    body = Body(root)
    said = list(dict.fromkeys((body.find(mark), mark.comment) for mark in marks))
    first = _write(package, document, root.space, [comment for _, comment in said])
    declared = _declared(xml, root)
    inserts = [insert for id_, (p, _) in enumerate(said, first) for insert in _inserts(p, id_, declared)]
    package.edit(document, _edits(xml, inserts))


def _write(package: Package, document: str, space: str, comments: Sequence[str]) -> int:
    """Adds comments to their part; returns the id of the first."""
    listed = package.related(document, "comments")
    part = listed.target if listed else package.free("word/comments{}.xml", single=True)
    if listed is None:
        dialect = STRICT if any(r.type.startswith(STRICT) for r in package.relations()) else OFFICE
        package.write(part, f'{HEAD}<w:comments xmlns:w="{space}"/>'.encode())
        package.declare(part, _TYPE)
        package.relate(document, f"{dialect}/comments", part)
    xml, root = package.read(part), package.tree(part)
    ids = [int(id_) for c in root.all("comment") if (id_ := c.attributes.get("id", "")).isdecimal()]
    first = max(ids, default=-1) + 1
    declared = _declared(xml, root)
    new = "".join(_comment(id_, text, declared) for id_, text in enumerate(comments, first))
    package.edit(part, grown(xml, root, new))
    return first


def _comment(id_: int, text: str, declared: str) -> str:
    """No date: the same input gives the same bytes."""
    reference = "<w:r><w:annotationRef/></w:r>"
    lines = [f'<w:r><w:t xml:space="preserve">{line}</w:t></w:r>' for line in escape(text).split("\n")]
    paragraphs = "</w:p><w:p>".join(lines)
    start = f'<w:comment{declared} w:id="{id_}" w:author="{AUTHOR}" w:initials="A">'
    return f"{start}<w:p>{reference}{paragraphs}</w:p></w:comment>"


def _declared(xml: bytes, root: Element) -> str:
    """What an inserted element must say so that ``w:`` means what it does."""
    tag = xml[root.start : root.inner].decode()
    return "" if f'xmlns:w="{root.space}"' in tag else f' xmlns:w="{root.space}"'


Insert = tuple[Element, Element | None, bool, str]
"""Paragraph, one of its children or None for all of it, before or after that, what."""


def _inserts(passage: Passage, id_: int, declared: str) -> list[Insert]:
    start = f'<w:commentRangeStart{declared} w:id="{id_}"/>'
    end = f'<w:commentRangeEnd{declared} w:id="{id_}"/><w:r{declared}><w:commentReference w:id="{id_}"/></w:r>'
    return [(passage.first, passage.start, True, start), (passage.last, passage.stop, False, end)]


def _edits(xml: bytes, inserts: Sequence[Insert]) -> list[Edit]:
    edits: list[Edit] = []
    empty: dict[int, tuple[Element, str]] = {}
    for paragraph, child, before, new in inserts:
        if paragraph.close == paragraph.end:
            empty[paragraph.start] = (paragraph, empty.get(paragraph.start, (paragraph, ""))[1] + new)
        else:
            at = _point(paragraph, child, before=before)
            edits.append(Edit(at, at, new.encode()))
    return [*edits, *(edit for paragraph, new in empty.values() for edit in grown(xml, paragraph, new))]


def _point(paragraph: Element, child: Element | None, *, before: bool) -> int:
    if child is not None:
        return child.start if before else child.end
    properties = paragraph.first("pPr")
    if before:
        return properties.end if properties else paragraph.inner
    return paragraph.close
