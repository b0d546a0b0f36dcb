"""Tables that go on: a grid without a header of its own, right after one of the same width, is its next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditkit.bind.headers import headed
from auditkit.bind.lexicon import Lexicon
from auditkit.bind.place import Place, unlabelled
from auditkit.bind.sheet import Sheet
from auditkit.model.document import Area, Document, Grid
from auditkit.model.form import Form

PAGED = frozenset({"word", "web"})
"""Kinds of document made of pages; sheets of a workbook are never pages of one table."""


def sheets(document: Document, forms: Sequence[Form], lexicon: Lexicon) -> list[Sheet]:
    """A sheet for each grid; what goes on is joined to where it began, and leaves an empty sheet behind."""
    alone = [Sheet(number, grid, lexicon) for number, grid in enumerate(document.grids)]
    if document.kind not in PAGED or len(alone) < 2:
        return alone
    made: list[Sheet] = []
    first = 0
    for sheet in alone:
        start = made[first] if made else sheet
        if made and _goes_on(document, start, sheet, forms, lexicon):
            made[start.number] = Sheet(start.number, _joined(start.grid, sheet.grid), lexicon)
            made.append(Sheet(sheet.number, replace(sheet.grid, rows=(), merges=()), lexicon))
        else:
            first = sheet.number
            made.append(sheet)
    return made


def real(document: Document, grid: int, row: int) -> tuple[int, int]:
    """The grid and row of the document in which a row of a joined grid stands."""
    while row >= len(document.grids[grid].rows):
        row -= len(document.grids[grid].rows)
        grid += 1
    return grid, row


def _goes_on(document: Document, start: Sheet, sheet: Sheet, forms: Sequence[Form], lexicon: Lexicon) -> bool:
    if sheet.width != start.width or sheet.width < 2 or not sheet.height:
        return False
    between = document.paragraphs[document.grids[sheet.number - 1].after : sheet.grid.after]
    if any(lexicon.captions(paragraph.text) for paragraph in between):
        return False
    return _begins(start, forms) and not _begins(sheet, forms)


def _begins(sheet: Sheet, forms: Sequence[Form]) -> bool:
    """Whether a table of some form begins here: a whole header, or rows that need none."""
    places = [Place(form.tables[table], number, sheet) for number, form, table in _hit(sheet, forms)]
    possible = [place for place in places if place.possible]
    return any(unlabelled(p.table.columns) or any(one.headers for one in headed(p)) for p in possible)


def _hit(sheet: Sheet, forms: Sequence[Form]) -> list[tuple[int, Form, str]]:
    return [(number, forms[number], table) for number, table in sheet.hits]


def _joined(one: Grid, other: Grid) -> Grid:
    down = len(one.rows)
    merges: tuple[Area, ...] = tuple(
        (top + down, left, bottom + down, right) for top, left, bottom, right in other.merges
    )
    return replace(one, rows=(*one.rows, *other.rows), merges=(*one.merges, *merges))
