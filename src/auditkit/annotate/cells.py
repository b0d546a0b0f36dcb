"""The edits of a worksheet part: marked formats on cells, also on blank ones; the reference to the notes' boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditkit.annotate.addresses import Spot, address, area_of
from auditkit.annotate.mark import ROLES, Role
from auditkit.annotate.markup import Edit, Element, grown, prefix, with_attribute
from auditkit.annotate.package import OFFICE, STRICT
from auditkit.annotate.sheet import Row, Sheet
from auditkit.annotate.styles import SIDES, Styles
from auditkit.model.document import Area

Drawn = Mapping[Spot, tuple[Role, str]]
"""Cell → how it is marked, and on which sides its frame runs."""

_STRICT = "http://purl.oclc.org/"
_WHOLE = 1_000
"""Cells of a merged area that are framed one by one; a larger one gets its mark in the first cell."""


def drawn(marked: Mapping[Spot, Role], areas: list[Area]) -> Drawn:
    """What is drawn in which cell; a merged area is framed as a whole. Addresses in order."""
    cells: dict[Spot, tuple[Role, str]] = {}
    for role in reversed(ROLES[:-1]):
        for at in sorted(at for at, its in marked.items() if its == role):
            cells |= {cell: (role, sides) for cell, sides in _frame(area_of(at, areas))}
    return dict(sorted(cells.items()))


def _frame(area: Area) -> Iterator[tuple[Spot, str]]:
    top, left, bottom, right = area
    if (top, left) == (bottom, right) or (bottom - top + 1) * (right - left + 1) > _WHOLE:
        yield (top, left), SIDES
        return
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            ends = (column == left, column == right, row == top, row == bottom)
            if sides := "".join(side for side, end in zip(SIDES, ends, strict=True) if end):
                yield (row, column), sides


def styled(sheet: Sheet, cells: Drawn, styles: Styles) -> list[Edit]:
    """Gives cells their marked formats, and makes those that do not exist."""
    edits: list[Edit] = []
    missing: dict[int, list[bytes]] = {}
    rows: dict[int, list[Spot]] = {}
    for at in cells:
        rows.setdefault(at[0], []).append(at)
    for number, spots in rows.items():
        row = sheet.rows.get(number)
        if row is None:
            missing.setdefault(sheet.gaps[number], []).append(
                _new_row(sheet, number, _new_cells(sheet, None, spots, cells, styles))
            )
        else:
            edits += _in_row(sheet, row, spots, cells, styles)
    return [*edits, *_new_rows(sheet, missing)]


def _new_rows(sheet: Sheet, missing: Mapping[int, list[bytes]]) -> Iterator[Edit]:
    for at, rows in missing.items():
        if at == sheet.data.close:
            yield from grown(sheet.xml, sheet.data, b"".join(rows))
        else:
            yield Edit(at, at, b"".join(rows))


def _new_row(sheet: Sheet, number: int, cells: Mapping[int, bytes]) -> bytes:
    p = prefix(sheet.xml, sheet.data)
    return f'<{p}row r="{number + 1}">'.encode() + b"".join(cells.values()) + f"</{p}row>".encode()


def _new_cells(sheet: Sheet, row: Row | None, spots: list[Spot], cells: Drawn, styles: Styles) -> dict[int, bytes]:
    """Column → a blank cell with the mark on the format its row or column has."""
    p = prefix(sheet.xml, sheet.data)
    made: dict[int, bytes] = {}
    for at in spots:
        base = row.style if row and row.style is not None else sheet.layout.style_of(at[1])
        made[at[1]] = f'<{p}c r="{address(at)}" s="{styles.marked(base, *cells[at])}"/>'.encode()
    return made


def _in_row(sheet: Sheet, row: Row, spots: list[Spot], cells: Drawn, styles: Styles) -> Iterator[Edit]:
    absent = [at for at in spots if at[1] not in row.cells]
    for at in spots:
        if (cell := row.cells.get(at[1])) is not None:
            number = styles.marked(int(cell.attributes.get("s", 0)), *cells[at])
            yield Edit(cell.start, cell.inner, with_attribute(sheet.xml[cell.start : cell.inner], "s", str(number)))
    at_end: list[bytes] = []
    for column, new in _new_cells(sheet, row, absent, cells, styles).items():
        following = [cell.start for other, cell in row.cells.items() if other > column]
        if following:
            yield Edit(min(following), min(following), new)
        else:
            at_end.append(new)
    yield from _ended(sheet, row.element, at_end, [at[1] for at in absent])


def _ended(sheet: Sheet, row: Element, new: list[bytes], columns: list[int]) -> list[Edit]:
    """Cells after all others, and the row's ``spans`` where it would deny the new ones."""
    spans = [[int(n) for n in span.split(":")] for span in row.attributes.get("spans", "").split()]
    if spans and any(not any(first <= column + 1 <= last for first, last in spans) for column in columns):
        known = [n for span in spans for n in span] + [column + 1 for column in columns]
        return grown(sheet.xml, row, b"".join(new), spans=f"{min(known)}:{max(known)}")
    return grown(sheet.xml, row, b"".join(new)) if new else []


def referring(sheet: Sheet, id_: str) -> Edit:
    """``legacyDrawing`` in its place among the children of the sheet."""
    namespace = STRICT if sheet.space.startswith(_STRICT) else OFFICE
    new = f'<{prefix(sheet.xml, sheet.root)}legacyDrawing xmlns:r="{namespace}" r:id="{id_}"/>'
    return Edit(sheet.tail, sheet.tail, new.encode())
