"""Sheet parts of xlsx in one spelling, so that regular expressions may be trusted with them."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.parsers import expat

from auditkit.model.document import column_letters
from auditkit.readers.archive import damaged

_SPELLINGS = bytes.maketrans(b"\t\r\n/>:", b"     <")
"""Whatever may follow an element's name becomes a space, and a prefix's colon the start of the name."""
_KEPT = {
    "c": ("r", "s", "t"),
    "row": ("r", "hidden"),
    "col": ("min", "max", "hidden"),
    "f": ("t", "ref", "si"),
    "v": (),
    "sheetData": (),
    "mergeCell": ("ref",),
}


def is_regular(xml: bytes) -> bool:
    """Every cell is spelled ``<c r="A1" …``, as Excel, WPS, LibreOffice and the common libraries write it."""
    return xml.translate(_SPELLINGS).count(b"<c ") == xml.count(b'<c r="')


def regular(xml: bytes) -> bytes:
    """The same cells spelled regularly: no prefixes, attributes in order, every cell with its address.

    Raises:
        Fault: the part is not well-formed, or holds impossible addresses or entities.
    """
    writer = _Writer()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as broken:
        raise damaged(f"工作表内容有误（{broken}）", f"a sheet in it is broken ({broken})") from broken
    return "".join(writer.out).encode()


def _no_doctype(*_: object) -> None:
    raise ValueError("DOCTYPE")


class _Writer:
    """Handlers of one parse; counts rows and columns where the part leaves them out, as readers do."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.row = self.column = -1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        kept = _KEPT.get(name)
        if kept is None:
            return
        if name == "row":
            self.row = int(attributes.setdefault("r", str(self.row + 2))) - 1
            self.column = -1
        elif name == "c":
            self.column += 1
            attributes.setdefault("r", f"{column_letters(self.column)}{self.row + 1}")
            self.row, self.column = spot(attributes["r"])
        spelled = " ".join([name, *(f'{key}="{html.escape(attributes[key])}"' for key in kept if key in attributes)])
        self.out.append(f"<{spelled}>")

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in _KEPT:
            self.out.append(f"</{name}>")

    def text(self, text: str) -> None:
        self.out.append(html.escape(text, quote=False))


_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def spot(reference: str) -> tuple[int, int]:
    """``"D5"`` → (4, 3).

    Raises:
        ValueError: not an address of any program.
    """
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError(reference)
    return position(match[1].encode(), match[2].encode())


def position(letters: bytes, digits: bytes) -> tuple[int, int]:
    """``b"D", b"5"`` → (4, 3).

    Raises:
        ValueError: not an address of any program.
    """
    if len(digits) > 7:
        raise ValueError(digits)
    return int(digits) - 1, column_number(letters)


@lru_cache(maxsize=1024)
def column_number(letters: bytes) -> int:
    """A → 0, AA → 26."""
    if not 1 <= len(letters) <= 3:
        raise ValueError(letters)
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


_RUN = r"((?:\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)"
_ATTRIBUTE = re.compile(r"([\w]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ELEMENTS = {name: re.compile(rf"<(?:\w+:)?{name}\b{_RUN}".encode()) for name in ("sheet", "Relationship", "numFmt")}


def attributes_of(xml: bytes, element: str) -> list[dict[str, str]]:
    """Attributes of every such element of a small part, by local name, however they are quoted and prefixed."""
    runs = _ELEMENTS[element].findall(xml)
    return [{name: html.unescape(a or b) for name, a, b in _ATTRIBUTE.findall(run.decode())} for run in runs]
