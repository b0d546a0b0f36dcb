"""The comments part of a sheet: new notes, notes added to what somebody already wrote, replies in threads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from auditkit.annotate.addresses import Spot, address, spot
from auditkit.annotate.mark import AUTHOR
from auditkit.annotate.markup import Edit, Element, escape, grown, prefix, refilled, spliced, tree

LONGEST = 32_000
"""Characters of a note that Excel still shows."""
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FONT = '<{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="Tahoma"/><{p}family val="2"/></{p}rPr>'


@dataclass(frozen=True)
class Noted:
    """A comments part with the notes in it."""

    xml: bytes
    new: Mapping[Spot, str]
    """Notes of cells that had none and need a box."""
    longer: Mapping[Spot, str]
    """Cells that had one, with the text that was added to it."""
    before: Mapping[Spot, str]
    """All notes that were there before, with what was added."""


def blank(namespace: str) -> str:
    """A comments part without comments."""
    return f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'


def noted(xml: bytes, texts: Mapping[Spot, str]) -> Noted:
    """Writes a note for each cell; where there is one, the office's words stay and ours follow."""
    root = tree(xml)
    authors, comments = root.first("authors"), root.first("commentList")
    if authors is None or comments is None:
        return noted(spliced(xml, _lists(xml, root, authors, comments)), texts)
    names = [author.text for author in authors.all("author")]
    edits = [] if AUTHOR in names else grown(xml, authors, f"<{(p := prefix(xml, authors))}author>{AUTHOR}</{p}author>")
    ours = names.index(AUTHOR) if AUTHOR in names else len(names)
    old = {at: c for c in comments.all("comment") if (at := spot(c.attributes.get("ref", "")))}
    new = [at for at in texts if at not in old]
    for at in texts:
        if at in old:
            edits += _added(xml, old[at], names, texts[at])
    if new:
        p = prefix(xml, comments)
        edits += grown(xml, comments, "".join(_comment(p, at, ours, texts[at]) for at in new))
    longer = {at: text for at, text in texts.items() if at in old}
    before = {at: "".join(t.text for t in comment.every("t")) + longer.get(at, "") for at, comment in old.items()}
    return Noted(spliced(xml, edits), {at: texts[at] for at in new}, longer, before)


def _lists(xml: bytes, root: Element, authors: Element | None, comments: Element | None) -> list[Edit]:
    """The two lists a comments part must have, where one is missing."""
    p = prefix(xml, root)
    if authors is None:
        at = root.children[0].start if root.children else -1
        new = f"<{p}authors/>" if comments else f"<{p}authors/><{p}commentList/>"
        return grown(xml, root, new) if at < 0 else [Edit(at, at, new.encode())]
    return [Edit(authors.end, authors.end, f"<{p}commentList/>".encode())]


def _comment(p: str, at: Spot, author: int, text: str) -> str:
    return f'<{p}comment ref="{address(at)}" authorId="{author}"><{p}text>{_run(p, text)}</{p}text></{p}comment>'


def _run(p: str, text: str) -> str:
    return f'<{p}r>{_FONT.format(p=p)}<{p}t xml:space="preserve">{written(text)}</{p}t></{p}r>'


def _added(xml: bytes, comment: Element, names: list[str], text: str) -> list[Edit]:
    """Our words in a note that exists: instead of our own from last time, else after all others."""
    author = int(comment.attributes.get("authorId", -1))
    name = names[author] if 0 <= author < len(names) else ""
    body = comment.first("text")
    if body is None:
        return grown(xml, comment, f"<{(p := prefix(xml, comment))}text>{_run(p, text)}</{p}text>")
    p = prefix(xml, body)
    if name == AUTHOR:
        return [Edit(body.start, body.end, refilled(xml, body, _run(p, text).encode()))]
    lead = "\nReply:\n    " if name.startswith("tc=") else f"\n\n{AUTHOR}:\n" if body.children else ""
    return _after_runs(xml, body, _run(p, lead + text))


def _after_runs(xml: bytes, body: Element, run: str) -> list[Edit]:
    """A run after the text, before phonetic hints; plain text becomes a run of its own, as it must beside another."""
    p = prefix(xml, body)
    edits: list[Edit] = []
    for plain in body.all("t"):
        edits += [Edit(plain.start, plain.start, f"<{p}r>".encode()), Edit(plain.end, plain.end, f"</{p}r>".encode())]
    last = [child.end for child in body.children if child.name in {"t", "r"}]
    if not body.children:
        return grown(xml, body, run)
    at = max(last) if last else body.inner
    return [*edits, Edit(at, at, run.encode())]


def written(text: str) -> str:
    """Text as a cell's string is written: ``_x0041_`` in it means itself, and it has an end."""
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return escape(_CODED.sub("_x005F_", cut))
