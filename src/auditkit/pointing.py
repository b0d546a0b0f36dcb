"""Which cell is probably wrong in a table of no form: the one that would put several of its broken sums right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from auditkit.discover import Block, Identity, identities, structure
from auditkit.discover.figures import Address, Figures, figures
from auditkit.model.document import Document, Grid, Place
from auditkit.model.finding import Finding, Suspect
from auditkit.model.words import Text
from auditkit.suspects import Edit, Quantity, locate
from auditkit.suspects.told import told

SUMS = frozenset({"SH101", "SH102", "SH103"})
SEVERAL = 2
"""Broken sums that point at a cell; one that fails alone may be another kind of line."""
SECONDS = 2.0

Sum = tuple[Address, ...]
"""The total and its parts."""


def suspects(document: Document, findings: Sequence[Finding]) -> tuple[Suspect, ...]:
    """Suspected cells of every sheet in which several sums are broken."""
    found: list[Suspect] = []
    for grid in document.grids:
        own = [f for f in findings if f.rule in SUMS and f.place.sheet == grid.name]
        broken = {tuple((t.place.row, t.place.column) for t in f.terms if t.place): f.key for f in own}
        if len(broken) >= SEVERAL:
            found += _in_grid(document.name, grid, broken)
    return tuple(found)


def _in_grid(file: str, grid: Grid, broken: dict[Sum, str]) -> Iterator[Suspect]:
    sheet, blocks = figures(grid), structure(grid)
    edits = [edit for identity in identities(grid) for edit in _edits(sheet, identity, broken)]
    cells = sorted({_cell(sheet, number) for edit in edits for number, _ in edit.terms})
    located = locate([_quantity(sheet, cell) for cell in cells], edits, limit_seconds=SECONDS)
    every = told(
        located,
        lambda number: Place(file, grid.name, *_cell(sheet, number)),
        lambda number: _name(blocks, _cell(sheet, number)),
        lambda number: sheet.word(_cell(sheet, number)),
    )
    keys = set(broken.values())
    yield from (one for one in every if len(keys.intersection(one.clears)) >= SEVERAL)


def _edits(sheet: Figures, identity: Identity, broken: dict[Sum, str]) -> Iterator[Edit]:
    """What a sum asks where it holds, and where it is told to be broken."""
    if identity.op not in {"sum", "difference"}:
        return
    signs = [-1, *([1, 1, -1] if identity.op == "difference" else [1] * len(identity.parts))]
    every = [*identity.cells(), *((b.total, b.parts) for b in identity.exceptions)]
    holding = len(identity.witnesses)
    for n, (total, parts) in enumerate(every):
        key = broken.get((total, *parts))
        if key is None and n >= holding:
            continue
        halves = sum((sheet.written[r][c].step / 2 for r, c in (total, *parts) if sheet.number[r, c]), Decimal(0))
        whole = all(sheet.half[cell] in (0, 0.5) for cell in (total, *parts))
        terms = tuple((_number(sheet, cell), sign) for cell, sign in zip((total, *parts), signs, strict=True))
        name = key or f"{identity.axis} {total} {identity.op} {parts}"
        yield Edit(name, terms, slack=Decimal(0) if key and whole else halves)


def _quantity(sheet: Figures, cell: Address) -> Quantity:
    written = sheet.written[cell[0]][cell[1]]
    value = sheet.exact(cell)
    known = bool(sheet.number[cell])
    return Quantity(
        _number(sheet, cell),
        value,
        sheet.word(cell) if known else "",
        written.step if known else Decimal(1),
        whole=not known or written.step == 1,
        low=None,
    )


def _number(sheet: Figures, cell: Address) -> int:
    return cell[0] * sheet.shape[1] + cell[1]


def _cell(sheet: Figures, number: int) -> Address:
    return divmod(number, sheet.shape[1])


def _name(blocks: Sequence[Block], cell: Address) -> Text:
    """``三年级 · 男``."""
    paths = [path for block in blocks for path in block.path(cell)]
    words = [next((word for word in reversed(path) if word), "") for path in paths]
    said = " · ".join(word for word in words if word)
    return Text(said, said)
