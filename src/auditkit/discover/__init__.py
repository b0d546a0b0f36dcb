"""What can be checked on any table without a rulebook: its structure, what adds up in it, and where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from auditkit.discover.breaches import Exactness, exactness
from auditkit.discover.doubts import error_values, mistyped_numbers, title_year
from auditkit.discover.figures import Figures, figures
from auditkit.discover.findings import broken, ordered
from auditkit.discover.formulas import audit
from auditkit.discover.identity import Breach, Identity
from auditkit.discover.movements import movements
from auditkit.discover.search import identities, of_block, too_large
from auditkit.discover.structure import Block, Panel, blocks, structure
from auditkit.discover.subject import Subject
from auditkit.model.document import Document, Grid
from auditkit.model.finding import Finding

__all__ = ["Block", "Breach", "Identity", "Panel", "check", "identities", "structure", "too_large"]


def check(
    document: Document, *, form: str = "", unit: str = "", period: str = "", last: Document | None = None
) -> list[Finding]:
    """Broken identities, error values, mistyped numbers, years, formulas; with ``last``, changes unlike the others.

    Nothing is searched in a sheet that is ``too_large``. All findings are soft, or notes; the most consequential come
    first. ``form``, ``unit`` and ``period`` go into their keys.
    """
    found: list[tuple[float, Finding]] = []
    tables: list[Table] = []
    for grid in _searched(document):
        subject = Subject(document.name, grid.name, grid.name, form, unit, period)
        sheet = figures(grid)
        found += [(1.0, f) for f in error_values(grid, sheet, subject)]
        tables += _tables(grid, sheet, subject)
    others = [table.exactness for table in tables]
    for t in tables:
        found += broken(t.sheet, t.block, t.identities, t.subject, exact=t.exactness.among(others))
        found += [(0.5, f) for f in mistyped_numbers(t.sheet, t.block, t.subject)]
        found += [(0.5, f) for f in title_year(t.sheet, t.block, t.subject)]
        found += [(0.5, f) for f in audit(t.grid.facts().formulas, t.sheet, t.block, t.subject)]
    if last is not None:
        earlier = [t for g in _searched(last) for t in _tables(g, figures(g), Subject(last.name, g.name))]
        found += movements([t.compared for t in tables], [t.compared for t in earlier])
    return ordered(found)


def _searched(document: Document) -> Iterator[Grid]:
    return (grid for grid in document.grids if not too_large(grid))


class Table(NamedTuple):
    """One table of a document, and what was discovered in it."""

    grid: Grid
    sheet: Figures
    block: Block
    subject: Subject
    identities: tuple[Identity, ...]
    exactness: Exactness

    @property
    def compared(self) -> tuple[Figures, Block, tuple[Identity, ...], Subject]:
        """What a comparison with another year needs."""
        return self.sheet, self.block, self.identities, self.subject


def _tables(grid: Grid, sheet: Figures, subject: Subject) -> Iterator[Table]:
    own = blocks(grid, sheet)
    for block in own:
        title = " ".join(sheet.word(cell) for cell in block.titles[:1])
        named = replace(subject, table=f"{grid.name} {title}".strip()) if len(own) > 1 else subject
        identities = of_block(sheet, block)
        yield Table(grid, sheet, block, named, identities, exactness(sheet, identities))
