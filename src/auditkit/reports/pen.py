"""Writing spreadsheets: text is text whatever it begins with, names of sheets that Excel accepts, widths by eye."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from rich.cells import cell_len
from xlsxwriter import Workbook  # type: ignore[import-untyped] # the library has no stubs
from xlsxwriter.format import Format  # type: ignore[import-untyped] # the library has no stubs
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped] # the library has no stubs

from auditkit.model.words import Language
from auditkit.reports.escaping import is_live, legal

__all__ = ["Format", "Pen", "Worksheet"]

LONGEST = 32_767
"""Characters Excel keeps in a cell."""
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in the properties of every workbook: same input, same bytes."""

WRONG, EXPLAIN, REPLY, PASS, NEUTRAL = "#F4B183", "#FFF2CC", "#DDEBF7", "#E2EFDA", "#D9D9D9"
"""Fills; black on the darkest has contrast 11.5, and each is told apart by a frame or a word too."""
INKS = {"hard": "#A33B00", "soft": "#7A5B00", "info": "#005A8C"}
LINE = "#BFBFBF"

THIN, MEDIUM, THICK, MEDIUM_DASHED, MEDIUM_DASH_DOT = 1, 2, 5, 8, 10
"""Excel's numbers for border styles."""

CHINESE = 16
"""Points of a line of Chinese."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class Pen:
    """A workbook being written, with one format for each set of properties.

    ``large``: its parts rest on the disk until all are put together, so that they need no memory; some milliseconds.
    """

    def __init__(self, language: Language, *, large: bool = False) -> None:
        self.bytes = BytesIO()
        font = {"font_name": "Microsoft YaHei", "font_size": 10, "font_scheme": "none"}
        if language == "en":
            font = {"font_name": "Calibri", "font_size": 10, "font_scheme": "minor"}
        self.book = Workbook(self.bytes, {"in_memory": not large, "default_format_properties": font})
        self._font = font
        self._line: float = CHINESE if language == "zh" else 13.5
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: dict[str, None] = {}

    def close(self) -> bytes:
        self.book.close()
        return self.bytes.getvalue()

    def properties(self, title: str, **custom: str | int) -> None:
        """Title and author, and ``auditkit.*`` by which our own results are recognised."""
        self.book.set_properties({"title": legal(title)[:255], "author": "auditkit", "created": CREATED})
        for name, value in custom.items():
            self.book.set_custom_property(f"auditkit.{name}", legal(value)[:255] if isinstance(value, str) else value)

    def sheet(self, name: str, *, streamed: bool = False) -> Worksheet:
        """A new sheet, its name made acceptable and unique.

        ``streamed``: its cells are written row by row and rest on the disk; no chart may show them.
        """
        self.book.constant_memory = streamed  # each sheet takes it over as it is added
        try:
            return self.book.add_worksheet(self._free(sheet_name(name)))
        finally:
            self.book.constant_memory = False

    def _free(self, name: str) -> str:
        tried, n = name, 1
        while tried.lower() in self._names:
            n += 1
            tried = f"{_cut(name, 31 - len(f' ({n})'))} ({n})"
        self._names[tried.lower()] = None
        return tried

    def format(self, **properties: Any) -> Format:
        """In another order the same properties are another object, which the library writes once all the same."""
        key = tuple(properties.items())
        known = self._formats.get(key)
        if known is None:
            known = self._formats[key] = self.book.add_format({**self._font, "valign": "top", **properties})
        return known

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **properties: Any) -> None:
        """Write text as text; what could be a formula also gets Excel's own mark for "this is text"; "" is a blank."""
        if not text:
            sheet.write_blank(row, column, None, self.format(**properties))
            return
        sheet.write_string(row, column, legal(text)[:LONGEST], self._textual(text, properties))

    def rows(
        self,
        sheet: Worksheet,
        first: int,
        rows: Iterable[Sequence[str | int]],
        *,
        widths: Sequence[float] = (),
        blanks: bool = True,
        **properties: Any,
    ) -> int:
        """Write many rows in one look, none of them kept; the number of the last, ``first - 1`` if there is none.

        Args:
            sheet: streamed or not.
            first: number of the first.
            rows: texts and whole numbers, from the first column on.
            widths: of the columns, for rows that are made high enough for their texts.
            blanks: "" is a blank with the look of the others, not no cell at all.
            properties: the look.
        """
        plain = self.format(**properties)
        row = first - 1
        for row, values in enumerate(rows, first):
            for column, value in enumerate(values):
                if not isinstance(value, str):
                    sheet.write_number(row, column, value, plain)
                elif value:
                    look = self._textual(value, properties) if is_live(value) else plain
                    sheet.write_string(row, column, legal(value)[:LONGEST], look)
                elif blanks:
                    sheet.write_blank(row, column, None, plain)
            if widths:
                texts = ((value, wide) for value, wide in zip(values, widths, strict=True) if isinstance(value, str))
                self.fit(sheet, row, texts)
        return row

    def link(self, sheet: Worksheet, row: int, column: int, target: str, text: str, **properties: Any) -> None:
        """Text that leads to a cell of this workbook, ``target`` as made by ``target``."""
        shown = self._textual(text, properties)
        sheet.write_url(row, column, f"internal:{target}", shown, legal(text)[:LONGEST])

    def number(self, sheet: Worksheet, row: int, column: int, number: float, **properties: Any) -> None:
        sheet.write_number(row, column, number, self.format(**properties))

    def fit(self, sheet: Worksheet, row: int, cells: Iterable[tuple[str, float]], least: int = 1) -> None:
        """Make a row high enough for wrapped texts in columns of these widths.

        Excel would do so by itself on opening; LibreOffice and previewers do not.
        """
        needed = max((lines(text, wide) * self._high(text) for text, wide in cells), default=0)
        sheet.set_row(row, min(max(needed, least * self._line) + 2, 400))

    def _high(self, text: str) -> float:
        """Points of a line; Chinese among English needs as much as among Chinese."""
        return self._line if text.isascii() else max(self._line, CHINESE)

    def header(self, sheet: Worksheet, row: int, names: Iterable[str], widths: Iterable[float]) -> None:
        """Names of columns, with their widths."""
        columns = list(zip(names, widths, strict=True))
        for column, (name, wide) in enumerate(columns):
            sheet.set_column(column, column, wide)
            self.text(sheet, row, column, name, bold=True, text_wrap=True, valign="vcenter", border=THIN, bottom=MEDIUM)
        self.fit(sheet, row, columns)

    def _textual(self, text: str, properties: dict[str, Any]) -> Format:
        return self.format(**properties, quote_prefix=True) if is_live(text) else self.format(**properties)


def sheet_name(name: str) -> str:
    """At most 31 characters of those Excel allows."""
    cleaned = _cut(_FORBIDDEN.sub("_", legal(name)), 31).strip("'") or "_"
    return f"{cleaned}_" if cleaned.lower() == "history" else cleaned


def _cut(name: str, most: int) -> str:
    """Excel counts UTF-16 units."""
    while len(name.encode("utf-16-le")) // 2 > most:
        name = name[:-1]
    return name


def target(sheet: Worksheet, cell: str) -> str:
    """``'标注_表三'!J5``."""
    quoted = str(sheet.get_name()).replace("'", "''")
    return f"'{quoted}'!{cell}"


def print_on(sheet: Worksheet, *, landscape: bool, repeat: int | None = None, pages: int = 0) -> None:
    """A4, one page wide, ``pages`` high (0: as many as it takes), header row repeated, page numbers at the foot."""
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, pages)
    sheet.set_footer("&C&P / &N")
    if landscape:
        sheet.set_landscape()
    if repeat is not None:
        sheet.repeat_rows(repeat)


def heading(text: str) -> str:
    """Text for a page header: ``&`` doubled, not longer than Excel takes."""
    return legal(text)[:120].replace("&", "&&")


def lines(text: str, wide: float) -> int:
    """Lines a wrapped text takes in a column of this width; text with spaces breaks between words and wastes some."""
    room = max(1, int(wide) - 2 * (" " in text))
    if len(text) * (1 if text.isascii() else 2) <= room and text.isprintable():
        return 1  # most texts are as short
    return sum(1 + max(0, cell_len(line) - 1) // room for line in text.splitlines() or [""])


def width(texts: Collection[str], least: int, most: int) -> int:
    """Column width that shows the longest line of the texts, Chinese being two columns wide."""
    longest = max((cell_len(line) for text in texts for line in text.splitlines()), default=0)
    return min(max(longest + 2, least), most)
