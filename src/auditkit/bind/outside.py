"""What is written outside the bound cells: file and sheet names, titles, captions, remarks, paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from auditkit.bind.pages import real
from auditkit.bind.plan import Plan
from auditkit.model.document import Document, Place
from auditkit.model.filled import Words


def words(plan: Plan, document: Document, flat: Sequence[Any], titled: Callable[[str], bool]) -> tuple[Words, ...]:
    """In the order of the file: its name, each sheet's name and texts, then the paragraphs."""
    file = document.name
    found = [Words(file, Place(file), "file")]
    if document.kind == "workbook":
        own = [grid for n, grid in enumerate(document.grids) if grid.name and not grid.hidden and n not in plan.aside]
        found += [Words(grid.name, Place(file, grid.name), "sheet") for grid in own]
    found += [
        Words(text := flat[at], _place(document, grid, row, column), "title" if above and titled(text) else role)
        for at, grid, row, column, role, above in plan.free
    ]
    found += [Words(p.text, Place(file, paragraph=p.number), "prose") for p in document.paragraphs]
    return tuple(found)


def _place(document: Document, grid: int, row: int, column: int) -> Place:
    grid, row = real(document, grid, row)
    return Place(document.name, document.grids[grid].name, row, column)
