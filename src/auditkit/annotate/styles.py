"""The styles part: formats of marked cells, cloned from those they had, with one fill and one frame for each role."""

from __future__ import annotations

from auditkit.annotate.mark import Role, damaged
from auditkit.annotate.markup import Edit, Element, grown, prefix, raw, refilled, spliced, tree, with_attribute

SIDES = "lrtb"
"""Left, right, top, bottom: a cell within a merged area is framed only where the area ends."""

FILLS: dict[Role, str] = {"wrong": "FFF4B183", "perhaps": "FFF4B183", "explain": "FFFFF2CC"}
LINES: dict[Role, str] = {"wrong": "thick", "perhaps": "mediumDashed", "part": "thick", "explain": "mediumDashed"}
BOLD: frozenset[Role] = frozenset({"wrong", "perhaps"})

FORMATS = 64_000
"""Excel refuses more cell formats."""

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs",
    "cellStyles", "dxfs", "tableStyles", "colors", "extLst",
)  # fmt: skip
_FIRST = {
    "fonts": ('<{p}font><{p}sz val="11"/></{p}font>',),
    "fills": (
        '<{p}fill><{p}patternFill patternType="none"/></{p}fill>',
        '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>',
    ),
    "borders": ("<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/></{p}border>",),
    "cellXfs": ('<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
}
"""What must stand first in each list: programs take these numbers for granted."""


class Styles:
    """A styles part that only grows: numbers given out before stay what they were."""

    def __init__(self, xml: bytes) -> None:
        self._xml, self._root = _completed(xml)
        self._old = {element.name: element for element in self._root.children if element.name in _FIRST}
        self._new: dict[str, list[bytes]] = {name: [] for name in _FIRST}
        self._given: dict[tuple[int, Role, str], int] = {}

    def marked(self, base: int, role: Role, sides: str = SIDES) -> int:
        """The number of a format like ``base``, marked; the frame on the given sides."""
        key = base, role, sides
        if key not in self._given:
            self._given[key] = self._add("cellXfs", self._format(self._entry("cellXfs", base), role, sides))
        return self._given[key]

    @property
    def grew(self) -> bool:
        return bool(self._given)

    def written(self) -> bytes:
        """The part with everything added."""
        edits: list[Edit] = []
        for name, new in self._new.items():
            if new:
                old = self._old[name]
                edits += grown(self._xml, old, b"".join(new), count=str(len(old.children) + len(new)))
        return spliced(self._xml, edits)

    def _add(self, name: str, content: bytes) -> int:
        new = self._new[name]
        if content not in new:
            new.append(content)
        number = len(self._old[name].children) + new.index(content)
        if number >= FORMATS:
            raise damaged(f"单元格格式超过{FORMATS}种", f"it has more than {FORMATS} cell formats")
        return number

    def _entry(self, name: str, number: int) -> Element:
        """The first entry where a number leads nowhere."""
        children = self._old[name].children
        return children[number] if 0 <= number < len(children) else children[0]

    def _format(self, xf: Element, role: Role, sides: str) -> bytes:
        old = {name: int(xf.attributes.get(name, 0)) for name in ("borderId", "fontId")}
        changes = {"borderId": self._border(self._entry("borders", old["borderId"]), role, sides), "applyBorder": 1}
        if role in FILLS:
            changes |= {"fillId": self._fill(role), "applyFill": 1}
        if role in BOLD:
            changes |= {"fontId": self._bold(old["fontId"]), "applyFont": 1}
        tag = self._xml[xf.start : xf.inner]
        for name, value in changes.items():
            tag = with_attribute(tag, name, str(value))
        return tag + self._xml[xf.inner : xf.end]

    def _fill(self, role: Role) -> int:
        p = prefix(self._xml, self._root)
        colour = f'<{p}fgColor rgb="{FILLS[role]}"/><{p}bgColor indexed="64"/>'
        return self._add(
            "fills", f'<{p}fill><{p}patternFill patternType="solid">{colour}</{p}patternFill></{p}fill>'.encode()
        )

    def _bold(self, number: int) -> int:
        font = self._entry("fonts", number)
        bold = f"<{prefix(self._xml, font)}b/>".encode()
        stated = font.first("b")
        if stated is not None and stated.attributes.get("val", "1") in {"1", "true", "on"}:
            return number
        others = [raw(self._xml, child) for child in font.children if child is not stated]
        return self._add("fonts", refilled(self._xml, font, b"".join([bold, *others])))

    def _border(self, border: Element, role: Role, sides: str) -> int:
        """New lines on the given sides; diagonals and the other sides stay."""
        p = prefix(self._xml, border)
        names = ("start", "end") if border.first("start") or border.first("end") else ("left", "right")
        order = dict(zip((*names, "top", "bottom"), SIDES, strict=True))
        lines: list[bytes] = []
        for name, side in order.items():
            if side in sides:
                line = f'<{p}{name} style="{LINES[role]}"><{p}color indexed="64"/></{p}{name}>'
                lines.append(line.encode())
            else:
                lines += [raw(self._xml, child) for child in border.all(name)]
        rest = [raw(self._xml, child) for child in border.children if child.name not in order]
        return self._add("borders", refilled(self._xml, border, b"".join([*lines, *rest])))


def _completed(xml: bytes) -> tuple[bytes, Element]:
    """The part and its root, with every list there and in each what must stand first; nearly always the same part."""
    root = tree(xml)
    for name, first in _FIRST.items():
        p, element = prefix(xml, root), root.first(name)
        count = len(element.children) if element else 0
        if count >= len(first):
            continue
        content = "".join(first[count:]).format(p=p)
        if element is not None:
            xml = spliced(xml, grown(xml, element, content, count=str(len(first))))
        else:
            xml = spliced(xml, _placed(xml, root, name, f'<{p}{name} count="{len(first)}">{content}</{p}{name}>'))
        root = tree(xml)
    return xml, root


def _placed(xml: bytes, root: Element, name: str, full: str) -> list[Edit]:
    """A list that was missing, in its place."""
    later = _ORDER[_ORDER.index(name) + 1 :]
    follower = next((child for child in root.children if child.name in later), None)
    return grown(xml, root, full) if follower is None else [Edit(follower.start, follower.start, full.encode())]
