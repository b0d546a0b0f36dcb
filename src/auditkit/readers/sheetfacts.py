"""What calamine hides of an xlsx sheet: number formats, error values, formulas, hidden lines. Read when asked for."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cached_property

from auditkit.model.document import SheetFacts
from auditkit.readers.archive import Member, inflate
from auditkit.readers.sheetxml import is_regular, position, regular
from auditkit.readers.styles import formats_of
from auditkit.readers.xlsx import sheet_parts

_ERROR = re.compile(
    rb'<c r="([A-Za-z]+)([0-9]+)"[^>]*? t="e"[^>]*>(?:<f(?: [^>]*)?/>|<f(?: [^>]*)?>[^<]*</f>)?<v[^>]*>([^<]*)'
)
_FORMULA = re.compile(rb'<c r="([A-Za-z]+)([0-9]+)"([^>]*)><f( [^>]*?)?(?:/>|>([^<]*)</f>)(<v[^>]*>[^<])?')
_SHARED = re.compile(rb' si="([0-9]+)"')
_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*? hidden="(?:1|true)"')
_COLUMNS = re.compile(rb'<col (?=[^>]*hidden="(?:1|true)")(?=[^>]*min="([0-9]+)")(?=[^>]*max="([0-9]+)")')

_FORMULAS = (b"<f", b":f")
_OTHERS = (b'"e"', b"'e'", b"hidden")
"""Errors and hidden lines, as formulas, however they are spelled."""

Spot = tuple[int, int]


class Package:
    """A workbook's parts, and what all its sheets share, gathered at the first question."""

    def __init__(self, data: bytes, parts: Mapping[str, Member]) -> None:
        self.data, self.parts = data, parts

    @cached_property
    def sheets(self) -> list[str]:
        """The part of every sheet, in the workbook's order."""
        return sheet_parts(self.data, self.parts)

    @cached_property
    def formats(self) -> Mapping[int, str]:
        """Style index → format code."""
        styles = self.parts.get("xl/styles.xml")
        return formats_of(inflate(self.data, styles)) if styles else {}

    def formatted(self) -> bool:
        return bool(self.formats)


def facts(package: Package, sheet: int, width: int) -> SheetFacts:
    """The facts of the n-th sheet; hidden columns up to its width."""
    xml = inflate(package.data, package.parts[package.sheets[sheet]])
    if not package.formats and not _telling(xml):
        return SheetFacts()
    xml = xml if is_regular(xml) else regular(xml)
    errors = {position(a, n): value.decode() for a, n, value in _ERROR.findall(xml)} if b't="e"' in xml else {}
    formulas, uncalculated = _formulas(xml) if b"<f>" in xml or b"<f " in xml else ({}, frozenset[Spot]())
    rows, columns = _hidden(xml, width) if b"hidden=" in xml else (frozenset[int](), frozenset[int]())
    return SheetFacts(_formats(xml, package.formats), errors, formulas, uncalculated, rows, columns)


def _telling(xml: bytes) -> bool:
    """Whether there is a formula, an error value or a hidden line; an f or an e among the cells is soon seen."""
    start = xml.find(b"sheetData") + len(b"sheetData")
    end = xml.rfind(b"sheetData")
    formulas = xml.find(b"f", start, end) >= 0 and any(mark in xml for mark in _FORMULAS)
    others = xml.find(b"e", start, end) >= 0 and any(mark in xml for mark in _OTHERS)
    return formulas or others or xml.find(b"hidden", 0, start) >= 0


def _formats(xml: bytes, codes: Mapping[int, str]) -> dict[Spot, str]:
    if not codes:
        return {}
    styles = "|".join(map(str, codes))
    styled = re.compile(rf'<c r="([A-Za-z]+)([0-9]+)"(?: (?:t|cm|vm|ph)="[^"]*")* s="({styles})"'.encode())
    return {position(a, n): codes[int(style)] for a, n, style in styled.findall(xml)}


def _formulas(xml: bytes) -> tuple[dict[Spot, str], frozenset[Spot]]:
    """Formula texts, and the cells among them without a stored result (an empty text is a result)."""
    formulas: dict[Spot, str] = {}
    shared: dict[bytes, str] = {}
    uncalculated = []
    for letters, digits, cell, kind, text, stored in _FORMULA.findall(xml):
        spot = position(letters, digits)
        index = _SHARED.search(kind)
        written = html.unescape(text.decode())
        formulas[spot] = shared.setdefault(index[1], written) if index else written
        if not stored and b't="str"' not in cell:
            uncalculated.append(spot)
    return formulas, frozenset(uncalculated)


def _hidden(xml: bytes, width: int) -> tuple[frozenset[int], frozenset[int]]:
    rows = frozenset(int(row) - 1 for row in _ROW.findall(xml))
    spans = [range(int(first) - 1, min(int(last), width)) for first, last in _COLUMNS.findall(xml)]
    return rows, frozenset(column for span in spans for column in span)
