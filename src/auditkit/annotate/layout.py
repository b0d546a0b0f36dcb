"""How wide columns and how high rows of a sheet are, so that a note's box gets the size it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from auditkit.annotate.addresses import COLUMNS, ROWS

Corner = tuple[int, int]
"""A column or row, and pixels into it."""


@dataclass(slots=True)
class Layout:
    """Sizes in pixels at 96 to the inch; hidden lines have none."""

    width: int = 64
    height: int = 20
    columns: list[tuple[int, int, int]] = field(default_factory=list)
    """First column, last column, width."""
    rows: dict[int, int] = field(default_factory=dict)
    styles: list[tuple[int, int, int]] = field(default_factory=list)
    """First column, last column, style of its blank cells."""

    def defaults(self, attributes: Mapping[str, str]) -> None:
        """``sheetFormatPr``."""
        self.width = _pixels(attributes.get("defaultColWidth"), 7, self.width) or 64
        self.height = _pixels(attributes.get("defaultRowHeight"), 4 / 3, self.height) or 20

    def column(self, attributes: Mapping[str, str]) -> None:
        """``col``: columns count from 1 in the part."""
        first, last = int(attributes.get("min", 1)) - 1, int(attributes.get("max", 1)) - 1
        hidden = attributes.get("hidden") in {"1", "true"}
        self.columns.append((first, last, 0 if hidden else _pixels(attributes.get("width"), 7, self.width)))
        if style := int(attributes.get("style", 0)):
            self.styles.append((first, last, style))

    def row(self, number: int, attributes: Mapping[str, str]) -> None:
        """``row``."""
        if attributes.get("hidden") in {"1", "true"}:
            self.rows[number] = 0
        elif "ht" in attributes:
            self.rows[number] = _pixels(attributes["ht"], 4 / 3, self.height)

    def width_of(self, column: int) -> int:
        return next((width for first, last, width in self.columns if first <= column <= last), self.width)

    def height_of(self, row: int) -> int:
        return self.rows.get(row, self.height)

    def style_of(self, column: int) -> int:
        return next((style for first, last, style in self.styles if first <= column <= last), 0)

    def right(self, column: int, pixels: int) -> Corner:
        """The corner so many pixels right of the start of a column."""
        return _walk(column, pixels, self.width_of, COLUMNS)

    def below(self, row: int, pixels: int) -> Corner:
        return _walk(row, pixels, self.height_of, ROWS)


def _walk(line: int, pixels: int, size: Callable[[int], int], lines: int) -> Corner:
    while line < lines - 1 and pixels >= size(line):
        pixels -= size(line)
        line += 1
    return line, min(pixels, size(line))


def _pixels(written: str | None, factor: float, default: int) -> int:
    return default if written is None else round(float(written) * factor)
