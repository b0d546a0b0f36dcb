"""What is written outside the bound cells: file and sheet names, titles, captions, remarks, paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from auditkit.bind.pages import real
from auditkit.bind.plan import Plan
from auditkit.headyears import NAMED
from auditkit.model.document import Document, Place
from auditkit.model.filled import Filled, Words


def words(plan: Plan, document: Document, flat: Sequence[Any], titled: Callable[[str], bool]) -> tuple[Words, ...]:
    """In the order of the file: its name, each sheet's name and texts, then the paragraphs."""
    file = document.name
    found = [Words(file, Place(file), "file")]
    if document.kind == "workbook":
        own = [grid for n, grid in enumerate(document.grids) if grid.name and not grid.hidden and n not in plan.aside]
        found += [Words(grid.name, Place(file, grid.name), "sheet") for grid in own]
    for at, grid, row, column, role, above in plan.free:
        text, stands = flat[at], document.grids[grid]
        here = row < len(stands.rows)
        place = Place(file, stands.name, row, column) if here else _joined(document, grid, row, column)
        found.append(Words(text, place, "title" if above and titled(text) else role))
    found += [Words(p.text, Place(file, paragraph=p.number), "prose") for p in document.paragraphs]
    return tuple(found)


def _joined(document: Document, grid: int, row: int, column: int) -> Place:
    """In the grid of its own in which a row of several joined ones stands."""
    grid, row = real(document, grid, row)
    return Place(document.name, document.grids[grid].name, row, column)


def as_printed(filled: Filled, document: Document) -> Filled:
    """A submission found by the names of years in its headings, with the document as it is."""
    grids = {grid.name: grid for grid in document.grids}
    said = tuple(
        w._replace(text=str(grids[w.place.sheet].rows[w.place.row][w.place.column]))
        if w.place.row >= 0 and NAMED.search(w.text)
        else w
        for w in filled.words
    )
    return replace(filled, document=document, words=said)
