"""What can be checked on any table without a rulebook: its structure, what adds up in it, and where it does not."""

from __future__ import annotations

from dataclasses import replace

from auditkit.discover.doubts import error_values, mistyped_numbers, title_year
from auditkit.discover.figures import figures
from auditkit.discover.findings import broken, ordered
from auditkit.discover.formulas import audit
from auditkit.discover.identity import Breach, Identity
from auditkit.discover.search import identities, of_block, too_large
from auditkit.discover.structure import Block, Panel, blocks, structure
from auditkit.discover.subject import Subject
from auditkit.model.document import Document, Grid
from auditkit.model.finding import Finding

__all__ = ["Block", "Breach", "Identity", "Panel", "check", "identities", "structure", "too_large"]


def check(document: Document, *, form: str = "", unit: str = "", period: str = "") -> list[Finding]:
    """Every grid of a document: broken identities, error values, mistyped numbers, years, formulas.

    Nothing is searched in a sheet that is ``too_large``. All findings are soft; the most consequential come first.
    ``form``, ``unit`` and ``period`` go into their keys.
    """
    found: list[tuple[float, Finding]] = []
    for grid in document.grids:
        found += _of_grid(grid, Subject(document.name, grid.name, grid.name, form, unit, period))
    return ordered(found)


def _of_grid(grid: Grid, subject: Subject) -> list[tuple[float, Finding]]:
    if too_large(grid):
        return []
    sheet = figures(grid)
    found = [(1.0, f) for f in error_values(grid, sheet, subject)]
    formulas = grid.facts().formulas
    tables = blocks(grid, sheet)
    for block in tables:
        title = " ".join(sheet.word(cell) for cell in block.titles[:1])
        own = replace(subject, table=f"{grid.name} {title}".strip()) if len(tables) > 1 else subject
        found += broken(sheet, block, of_block(sheet, block), own)
        found += [(0.5, f) for f in mistyped_numbers(sheet, block, own)]
        found += [(0.5, f) for f in title_year(sheet, block, own)]
        found += [(0.5, f) for f in audit(formulas, sheet, block, own)]
    return found
