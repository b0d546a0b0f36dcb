"""The annex as a Word document and as a workbook: what is attached to a notice."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from auditkit.authoring.annex import Block, Heading, Lines, Points, Said
from auditkit.model.words import Language, Text
from auditkit.reports.escaping import legal
from auditkit.reports.pen import CREATED, THIN, Pen, Worksheet, print_on

if TYPE_CHECKING:
    from docx.document import Document

_EPOCH = (1980, 1, 1, 0, 0, 0)
_WIDE, _NARROW = 90, 18


def word(blocks: Iterable[Block], language: Language) -> bytes:
    """A ``.docx`` with headings, so that Word makes a table of contents of it. Same input, same bytes."""
    from docx import Document as new  # noqa: PLC0415 - only for who asks for a Word file

    document = new()
    _fonts(document)
    for block in blocks:
        _add(document, block, language)
    properties = document.core_properties
    properties.author, properties.created, properties.modified = "auditkit", CREATED, CREATED
    out = BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _fonts(document: Document) -> None:
    """Chinese text has a font of its own in Word."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    for name, font in (("Normal", "宋体"), ("Heading 1", "黑体"), ("Heading 2", "黑体"), ("Heading 3", "黑体")):
        style = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        style.set(qn("w:eastAsia"), font)


def _add(document: Document, block: Block, language: Language) -> None:
    match block:
        case Heading(depth, text):
            document.add_heading(legal(text.to(language)), depth)
        case Said(text):
            document.add_paragraph(legal(text.to(language)))
        case Points(items):
            for name, text in items:
                paragraph = document.add_paragraph()
                paragraph.add_run(f"{legal(name.to(language))}  ").bold = True
                paragraph.add_run(legal(text.to(language)))
                paragraph.paragraph_format.space_after = 0
        case Lines(head, rows):
            table = document.add_table(rows=0, cols=len(head), style="Table Grid")
            for row in (head, *rows):
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = legal(text.to(language))
            document.add_paragraph()


def _undated(data: bytes) -> bytes:
    """The same package without the time at which it was zipped."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return out.getvalue()


def workbook(blocks: Iterable[Block], language: Language) -> bytes:
    """A sheet for the tables and one for the rules, to be printed as they are."""
    pen = Pen(language)
    sheet: Worksheet | None = None
    row = 0
    for block in blocks:
        if isinstance(block, Heading) and block.depth <= 2:
            if block.depth == 1:
                pen.properties(block.text.to(language))
            sheet, row = _sheet(pen, block.text, language), 0
        assert sheet is not None
        row = _write(pen, sheet, row, block, language)
    return pen.close()


def _sheet(pen: Pen, name: Text, language: Language) -> Worksheet:
    sheet = pen.sheet(name.to(language))
    sheet.set_column(0, 0, _NARROW)
    sheet.set_column(1, 1, _WIDE)
    sheet.set_column(2, 2, 30)
    print_on(sheet, landscape=True)
    return sheet


def _write(pen: Pen, sheet: Worksheet, row: int, block: Block, language: Language) -> int:
    """Write one block from this row on; returns the first free row."""
    match block:
        case Heading(depth, text):
            pen.text(sheet, row, 0, text.to(language), bold=True, font_size=16 - 2 * depth)
            return row + 1
        case Said(text):
            pen.text(sheet, row, 0, text.to(language))
            return row + 1
        case Points(items):
            return _rows(pen, sheet, row, items, language) + 1
        case Lines(head, rows):
            for column, text in enumerate(head):
                pen.text(sheet, row, column, text.to(language), bold=True, border=THIN)
            return _rows(pen, sheet, row + 1, rows, language) + 1


def _rows(pen: Pen, sheet: Worksheet, row: int, rows: Iterable[tuple[Text, ...]], language: Language) -> int:
    for cells in rows:
        shown = [text.to(language) for text in cells]
        for column, text in enumerate(shown):
            pen.text(sheet, row, column, text, text_wrap=True, border=THIN)
        pen.fit(sheet, row, list(zip(shown, (_NARROW, _WIDE, 30), strict=False)))
        row += 1
    return row
