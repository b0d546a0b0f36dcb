"""Cell addresses as a package writes them, and the areas that are merged."""

from __future__ import annotations

import re

from auditkit.model.document import Area, column_letters

Spot = tuple[int, int]
"""Row and column from 0."""

ROWS, COLUMNS = 1_048_576, 16_384
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_MERGE = re.compile(rb"""<(?:[^\s<>/:]+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Za-z0-9:$]+)["']""")


def spot(ref: str) -> Spot | None:
    """``D5`` → (4, 3); None for what is no address."""
    found = _REF.fullmatch(ref)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def address(at: Spot) -> str:
    return f"{column_letters(at[1])}{at[0] + 1}"


def merged_areas(xml: bytes) -> list[Area]:
    """The merged areas of a sheet part; they stand after its cells."""
    areas = []
    for found in _MERGE.finditer(xml, max(xml.rfind(b"sheetData"), 0)):
        first, _, last = found[1].decode().partition(":")
        top, bottom = spot(first), spot(last or first)
        if top and bottom:
            areas.append((*top, *bottom))
    return areas


def area_of(at: Spot, areas: list[Area]) -> Area:
    """The merged area a cell belongs to, else the cell itself."""
    row, column = at
    for area in areas:
        if area[0] <= row <= area[2] and area[1] <= column <= area[3]:
            return area
    return row, column, row, column
