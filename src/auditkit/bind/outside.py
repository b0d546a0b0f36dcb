"""What is written outside the bound cells: file and sheet names, titles, captions, remarks, paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from auditkit.bind.plan import Plan
from auditkit.model.document import Document, Place
from auditkit.model.filled import Words


def words(plan: Plan, document: Document, flat: Sequence[Any], titled: Callable[[str], bool]) -> tuple[Words, ...]:
    """In the order of the file: its name, each sheet's name and texts, then the paragraphs."""
    return tuple(_words(plan, document, flat, titled))


def _words(plan: Plan, document: Document, flat: Sequence[Any], titled: Callable[[str], bool]) -> Iterator[Words]:
    file = document.name
    yield Words(file, Place(file), "file")
    if document.kind == "workbook":
        for grid in document.grids:
            if grid.name and not grid.hidden:
                yield Words(grid.name, Place(file, grid.name), "sheet")
    for at, grid_number, row, column, role, above in plan.free:
        text = flat[at]
        place = Place(file, document.grids[grid_number].name, row, column)
        yield Words(text, place, "title" if above and titled(text) else role)
    for paragraph in document.paragraphs:
        yield Words(paragraph.text, Place(file, paragraph=paragraph.number), "prose")
