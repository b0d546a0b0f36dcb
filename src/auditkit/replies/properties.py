"""The document properties by which our own workbooks are known, after Excel, WPS or LibreOffice saved them anew."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.model.document import Source
from auditkit.model.words import Fault
from auditkit.readers.archive import inflate, members
from auditkit.readers.xmltree import tree

_OURS = "auditkit."
_PARTS = ("docProps/custom.xml", "meta.xml")
"""Where xlsx and ods keep what a user may add to the properties."""
_LARGEST = 1 << 20


@dataclass(frozen=True)
class Stamp:
    """What we wrote into the properties; ``round`` is 0 where it was lost."""

    run: str = ""
    unit: str = ""
    round: int = 0
    source: str = ""
    """Hash of the submission that was checked."""
    open: str = ""
    """Open findings by level: must fix, to explain, to note."""


def stamp(source: Source) -> Stamp | None:
    """The stamp of a workbook of ours; None for any other file, also for a damaged one. Old .xls carries none."""
    if source.data[:4] != b"PK\x03\x04":
        return None
    try:
        found = members(source.data)
        parts = [inflate(source.data, found[n]) for n in _PARTS if n in found and found[n].size <= _LARGEST]
        properties = {name: text for part in parts for name, text in _properties(part).items()}
    except Fault:
        return None
    if not any(name.startswith(_OURS) for name in properties):
        return None
    turn = properties.get(f"{_OURS}round", "").partition(".")[0]
    return Stamp(
        properties.get(f"{_OURS}run", ""),
        properties.get(f"{_OURS}unit", ""),
        int(turn) if turn.isascii() and turn.isdecimal() else 0,
        properties.get(f"{_OURS}source", ""),
        properties.get(f"{_OURS}open", ""),
    )


def _properties(part: bytes) -> dict[str, str]:
    """Name → text of every element that has a name attribute, whatever the vocabulary."""
    found: dict[str, str] = {}
    for element in tree(part).iter():
        for attribute, name in element.attrib.items():
            if str(attribute).rpartition("}")[2] == "name":
                found[str(name)] = "".join(element.itertext()).strip()
    return found
