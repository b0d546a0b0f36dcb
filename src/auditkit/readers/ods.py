"""What is inside an OpenDocument spreadsheet: a look at its repeats, and the facts calamine hides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditkit.model.document import Area, SheetFacts
from auditkit.readers import guard
from auditkit.readers.archive import Member, encrypted
from auditkit.readers.xmltree import Element, tree

_KEPT = frozenset({"mimetype", "META-INF/manifest.xml", "content.xml"})
_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT = _NS % "table", _NS % "office", _NS % "text"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_SHOWN = re.compile(r"([^\d\s.,()-]{0,4})\s*-?\s*([\d,]*\d)(?:\.(\d+))?\s*([^\d\s.,()]{0,4})")


def kept(found: Mapping[str, Member]) -> dict[str, Member]:
    """The parts that tell values."""
    return {name: member for name, member in found.items() if name in _KEPT}


class Look:
    """Looks at the parts of one file for the guard, and keeps the facts of its sheets in order."""

    def __init__(self) -> None:
        self._facts: list[SheetFacts] = []
        self.merges: list[tuple[Area, ...]] = []

    def __call__(self, name: str, part: bytes) -> tuple[bytes, int]:
        if name == "META-INF/manifest.xml" and b"encryption-data" in part:
            raise encrypted()
        if name != "content.xml":
            return part, 0
        cells = 0
        for table in tree(part).iter(f"{_TABLE}table"):
            facts, counted = _sheet(table)
            self._facts.append(facts)
            self.merges.append(tuple(_merges(table)))
            cells += counted
        return part, cells

    def facts(self, sheet: int, _: int) -> SheetFacts:
        """The facts of the n-th sheet."""
        return self._facts[sheet]


def _sheet(table: Element) -> tuple[SheetFacts, int]:
    """Facts and cells of one sheet. Repeats of what holds nothing cost nothing."""
    formats: dict[tuple[int, int], str] = {}
    errors: dict[tuple[int, int], str] = {}
    formulas: dict[tuple[int, int], str] = {}
    hidden: list[int] = []
    at = width = height = cells = 0
    for row in table.iter(f"{_TABLE}table-row"):
        times = _repeated(row, "rows")
        filled = list(_filled(row))
        if filled:
            height, width = at + times, max(width, filled[-1][0] + filled[-1][1])
            cells += times * sum(repeated for _, repeated, _ in filled)
            guard.area(height, width)
        if row.get(f"{_TABLE}visibility") in {"collapse", "filter"}:
            hidden += range(at, at + min(times, height))
        for line in range(at, at + times) if filled else ():
            for first, repeated, cell in filled:
                shown, kind = _shown(cell), cell.get(f"{_OFFICE}value-type", "")
                for column in range(first, first + repeated):
                    if shown.startswith("#") and kind in {"float", "string"} and cell.get(f"{_TABLE}formula"):
                        errors[line, column] = shown
                    elif kind in {"float", "percentage", "currency"} and (code := _code(shown)):
                        formats[line, column] = code
                    if formula := cell.get(f"{_TABLE}formula"):
                        formulas[line, column] = formula.partition("=")[2]
        at += times
    return SheetFacts(formats, errors, formulas, hidden_rows=frozenset(hidden)), cells


def _merges(table: Element) -> Iterator[Area]:
    at = 0
    for row in table.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in (cell for cell in row if cell.tag in _CELLS):
            down, right = (int(cell.get(f"{_TABLE}number-{what}-spanned", "1")) for what in ("rows", "columns"))
            if down > 1 or right > 1:
                yield at, column, at + down - 1, column + right - 1
            column += _repeated(cell, "columns")
        at += _repeated(row, "rows")


def _filled(row: Element) -> Iterator[tuple[int, int, Element]]:
    """First column, number of columns and element of the cells that hold something."""
    column = 0
    for cell in row:
        if cell.tag in _CELLS:
            times = _repeated(cell, "columns")
            if len(cell) or cell.get(f"{_OFFICE}value-type"):
                yield column, times, cell
            column += times


def _repeated(element: Element, what: str) -> int:
    return max(int(element.get(f"{_TABLE}number-{what}-repeated", "1")), 1)


def _shown(cell: Element) -> str:
    return "\n".join("".join(str(text) for text in p.itertext()) for p in cell.iterchildren(f"{_TEXT}p"))


def _code(shown: str) -> str:
    """The number format that shows a number like this text, so that its digits are known."""
    match = _SHOWN.fullmatch(shown.strip())
    if not match:
        return ""
    before, whole, decimals, after = match.groups()
    digits = ("#,##0" if "," in whole else "0") + ("." + "0" * len(decimals) if decimals else "")
    return (f'"{before}"' if before else "") + digits + ("%" if after == "%" else f'"{after}"' if after else "")
