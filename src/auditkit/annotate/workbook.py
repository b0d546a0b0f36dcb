"""Marks in an Excel workbook: only styles, the marked sheets, their notes and what refers to them are touched."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from auditkit.annotate import boxes, threads
from auditkit.annotate.addresses import COLUMNS, ROWS, Spot, area_of, merged_areas
from auditkit.annotate.cells import drawn, referring, styled
from auditkit.annotate.mark import ROLES, Mark, Role, damaged, unplaced
from auditkit.annotate.markup import Edit
from auditkit.annotate.notes import Noted, blank, noted
from auditkit.annotate.package import HEAD, OFFICE, STRICT, Package
from auditkit.annotate.sheet import Sheet, scanned
from auditkit.annotate.styles import Styles
from auditkit.model.document import Area

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_IDMAP = re.compile(rb"""<o:idmap[^>]*?data\s*=\s*["']([0-9, ]+)["']""")


def mark_workbook(package: Package, workbook: str, marks: Sequence[Mark]) -> None:
    """Marks cells; several marks in one cell become one note. Raises a ``Fault`` for a place that does not exist."""
    root = package.tree(workbook)
    parts = _sheets(package, workbook)
    wanted: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.sheet not in parts or not (0 <= mark.row < ROWS and 0 <= mark.column < COLUMNS):
            raise unplaced(mark)
        wanted.setdefault(mark.sheet, []).append(mark)
    listed = package.related(workbook, "styles")
    xml = package.read(listed.target) if listed else f'{HEAD}<styleSheet xmlns="{root.space}"/>'.encode()
    styles = Styles(xml)
    for name, part in parts.items():
        if name in wanted:
            _mark_sheet(package, workbook, part, wanted[name], styles)
    if styles.grew:
        target = listed.target if listed else _new(package, workbook, "xl/styles{}.xml", "styles", single=True)
        package.write(target, styles.written())


def _sheets(package: Package, workbook: str) -> dict[str, str]:
    """Name of each worksheet → its part, in the order of the workbook."""
    targets = {r.id: r.target for r in package.relations(workbook) if r.kind == "worksheet"}
    sheets = package.tree(workbook).every("sheet")
    return {s.attributes["name"]: targets[id_] for s in sheets if (id_ := s.attributes.get("id", "")) in targets}


def _mark_sheet(package: Package, workbook: str, part: str, marks: Sequence[Mark], styles: Styles) -> None:
    xml = package.read(part)
    areas = _near(merged_areas(xml), sorted({mark.row for mark in marks}))
    texts, roles = _gathered(marks, areas)
    cells = drawn(roles, areas)
    sheet = scanned(xml, [row for row, _ in cells])
    edits = styled(sheet, cells, styles)
    package.edit(part, [*edits, *_note(package, workbook, part, sheet, texts)])


def _near(areas: list[Area], rows: list[int]) -> list[Area]:
    """Merged areas in marked rows; a sheet may have fifty thousand elsewhere."""
    return [area for area in areas if (at := bisect_left(rows, area[0])) < len(rows) and rows[at] <= area[2]]


def _gathered(marks: Sequence[Mark], areas: list[Area]) -> tuple[dict[Spot, str], dict[Spot, Role]]:
    """Note and strongest role of each cell, in the order of addresses; of a merged area, its first cell has them."""
    texts: dict[Spot, list[str]] = {}
    roles: dict[Spot, Role] = {}
    for mark in sorted(marks, key=lambda m: (m.row, m.column)):
        at = area_of((mark.row, mark.column), areas)[:2]
        texts.setdefault(at, [])
        if mark.comment and mark.comment not in texts[at]:
            texts[at].append(mark.comment)
        roles[at] = min(mark.role, roles.get(at, mark.role), key=ROLES.index)
    return {at: "\n\n".join(said) for at, said in sorted(texts.items()) if said}, roles


def _note(package: Package, workbook: str, part: str, sheet: Sheet, texts: Mapping[Spot, str]) -> list[Edit]:
    """Writes notes, replies and boxes; returns what this changes in the sheet itself."""
    if not texts:
        return []
    listed = package.related(part, "comments")
    target = listed.target if listed else _new(package, part, "xl/comments{}.xml", "comments")
    if listed is None:
        package.write(target, f"{HEAD}{blank(sheet.space)}".encode())
    done = noted(package.read(target), texts)
    package.write(target, done.xml)
    for relation in package.relations(part):
        if relation.kind == "threadedComment" and package.has(relation.target):
            threads.reply(package, workbook, relation.target, texts)
    return _box(package, part, sheet, done)


def _box(package: Package, part: str, sheet: Sheet, done: Noted) -> list[Edit]:
    """Boxes for new notes, in the drawing the sheet has or in a new one, which then holds those of old notes too."""
    if sheet.legacy is not None:
        id_ = sheet.legacy.attributes.get("id", "")
        target = next((r.target for r in package.relations(part) if r.id == id_), "")
        if not package.has(target):
            raise damaged("批注的图形缺失", "the drawing that holds its notes is missing")
        drawing = boxes.stretched(package.read(target), done.longer, sheet.layout)
        package.write(target, boxes.boxed(drawing, done.new, sheet.layout))
        return []
    texts = dict(sorted({**done.before, **done.new}.items()))
    drawing = boxes.empty(_cluster(package), len(texts))
    target = package.free("xl/drawings/vmlDrawing{}.vml")
    package.write(target, boxes.boxed(drawing, texts, sheet.layout))
    package.declare(target, _VML, by_extension=True)
    return [referring(sheet, package.relate(part, f"{OFFICE}/vmlDrawing", target))]


def _cluster(package: Package) -> int:
    """A thousand of shape numbers that no drawing of the workbook uses yet."""
    used = [found[1] for part in package.parts(".vml") for found in _IDMAP.finditer(package.read(part))]
    return 1 + max((int(n) for numbers in used for n in numbers.split(b",") if n.strip()), default=0)


def _new(package: Package, owner: str, pattern: str, kind: str, *, single: bool = False) -> str:
    """The name of a new part, declared and referred to in the owner's own dialect."""
    part = package.free(pattern, single=single)
    package.declare(part, _TYPE.format(kind))
    dialect = STRICT if any(r.type.startswith(STRICT) for r in package.relations()) else OFFICE
    package.relate(owner, f"{dialect}/{kind}", part)
    return part
