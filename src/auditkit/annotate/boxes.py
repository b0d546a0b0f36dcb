"""The boxes of notes: VML shapes as large as their text, added to a drawing as bytes because few of them are XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import east_asian_width

from auditkit.annotate.addresses import COLUMNS, Spot
from auditkit.annotate.layout import Layout
from auditkit.annotate.mark import damaged

_NAMESPACES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"%s>'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_ID = re.compile(rb"_x0000_s([0-9]+)")
_END = re.compile(rb"</xml\s*>")
_SHAPE = re.compile(rb"<v:shape\s.*?</v:shape\s*>", re.DOTALL)
_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_CLUSTER = 1024
_WIDEST, _NARROWEST, _MARGIN, _LINE = 320, 120, 16, 16
"""Pixels of a box, and of a line of Tahoma 9."""
_WIDE, _NARROW = 12, 6.6
"""Pixels of a Chinese character, and of any other."""


def empty(cluster: int, shapes: int) -> bytes:
    """A drawing for so many shapes; ``cluster`` is the first thousand of shape numbers that is free in the workbook."""
    declared = b" ".join(b'xmlns:%s="%s"' % pair for pair in _NAMESPACES.items())
    data = b",".join(b"%d" % n for n in range(cluster, cluster + shapes // _CLUSTER + 1))
    return b'<xml %s><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/></o:shapelayout></xml>' % (
        declared,
        data,
    )


def boxed(drawing: bytes, texts: Mapping[Spot, str], layout: Layout) -> bytes:
    """Adds a hidden box for each cell, sized to its text."""
    ends = list(_END.finditer(drawing))
    if not ends:
        raise damaged("批注的图形有误", "the drawing that holds its notes is broken")
    at = ends[-1].start()
    top = drawing[: drawing.find(b">")]
    lacking = b"".join(b' xmlns:%s="%s"' % pair for pair in _NAMESPACES.items() if b"xmlns:%s=" % pair[0] not in top)
    new = b"" if b'"_x0000_t202"' in drawing else _TYPE % lacking
    own = re.search(rb"""<o:idmap[^>]*?data\s*=\s*["']\s*([0-9]+)""", drawing)
    first = max([int(n) for n in _ID.findall(drawing)] + [int(own[1] if own else 1) * _CLUSTER]) + 1
    for n, (cell, text) in enumerate(texts.items(), first):
        new += _shape(n, cell, text, layout, lacking)
    return drawing[:at] + new + drawing[at:]


def _shape(n: int, cell: Spot, text: str, layout: Layout, declared: bytes) -> bytes:
    width, height = size(text)
    row, column = cell
    left, top = min(column + 1, COLUMNS - 6), max(row - 1, 0)
    right, bottom = layout.right(left, width + 15), layout.below(top, height + 4)
    across, down = width * 0.75, height * 0.75
    style = (
        f"position:absolute;margin-left:60pt;margin-top:1.5pt;width:{across}pt;height:{down}pt;z-index:{n % _CLUSTER}"
    )
    anchor = f"{left}, 15, {top}, 4, {right[0]}, {right[1]}, {bottom[0]}, {bottom[1]}"
    return (
        f'<v:shape id="_x0000_s{n}" type="#_x0000_t202" style="{style};visibility:hidden" '
        f'fillcolor="#ffffe1" o:insetmode="auto"{declared.decode()}><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    ).encode()


def size(text: str, width: int = 0) -> tuple[int, int]:
    """Width and height of a box in pixels; of one as wide as the text wants, if no width is given."""
    lines = [sum(_WIDE if east_asian_width(c) in "WFA" else _NARROW for c in line) for line in text.split("\n")]
    width = width or max(_NARROWEST, min(_WIDEST, int(max(lines)) + _MARGIN))
    room = max(width - _MARGIN, _WIDE)
    return width, sum(1 + int(line // room) for line in lines) * _LINE + _MARGIN


def stretched(drawing: bytes, added: Mapping[Spot, str], layout: Layout) -> bytes:
    """Makes the boxes of existing notes higher by what was added to them; their place and width stay."""

    def stretch(shape: re.Match[bytes]) -> bytes:
        row, column = (_inner(shape[0], name) for name in (b"Row", b"Column"))
        text = added.get((row, column))
        return shape[0] if text is None else _ANCHOR.sub(lambda a: a[1] + _higher(a[2], text, layout) + a[3], shape[0])

    return _SHAPE.sub(stretch, drawing)


def _inner(shape: bytes, name: bytes) -> int:
    found = re.search(rb"<x:%s>\s*([0-9]+)" % name, shape)
    return int(found[1]) if found else -1


def _higher(anchor: bytes, text: str, layout: Layout) -> bytes:
    """Columns, rows and pixels into them: left, top, right, bottom."""
    numbers = [int(n) for n in anchor.split(b",") if n.strip().isdigit()]
    if len(numbers) != 8:
        return anchor
    left, into_left, _, _, right, into_right, bottom, into_bottom = numbers
    width = sum(layout.width_of(column) for column in range(left, min(right, COLUMNS))) + into_right - into_left
    corner = layout.below(bottom, into_bottom + size(text, max(width, 1))[1])
    return b", ".join(b"%d" % n for n in (*numbers[:6], *corner))
