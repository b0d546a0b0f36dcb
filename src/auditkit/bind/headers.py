"""Headers: rows of a sheet in which every column of a table has its label, wherever they stand and in any order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditkit.bind.lexicon import Degree, Kind
from auditkit.bind.matching import Candidate
from auditkit.bind.place import Place, unlabelled
from auditkit.bind.sheet import Sheet, Spot, doubled

DEEPEST = 6
"""Rows a header may take from its first leaf label to its last."""
BENEATH = 1
"""Rows below a header in which labels of columns that need not be there may begin."""


@dataclass(frozen=True)
class Header:
    """All columns of a table found: the labels, the rows they take, and where the row labels may stand."""

    labels: tuple[Spot, ...]
    """One per column."""
    top: int
    bottom: int
    above: int
    """First row of the group labels over it."""
    left: int = 0
    """First column in which row labels may stand."""
    rivals: tuple[Spot, ...] = ()
    """Labels beside it that say the same; they must turn out to be another table's."""

    @property
    def columns(self) -> tuple[int, ...]:
        return tuple(column for _, column in self.labels)

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom + 1)


@dataclass(frozen=True)
class Headed:
    """A table's evidence in a sheet, with every complete header there."""

    place: Place
    headers: tuple[Header, ...]


def headed(place: Place) -> Iterator[Headed]:
    """The table with all its columns; and without those that need not be there, where such a header stands apart."""
    whole = [] if unlabelled(place.table.columns) else _headers(place)
    yield Headed(place, tuple(whole))
    optional = frozenset(i for i, line in enumerate(place.table.columns.lines) if line.name in place.table.optional)
    if optional and not place.turned:
        yield from _without(place, optional, {row for header in whole for row in header.rows})


def _without(place: Place, optional: frozenset[int], taken: set[int]) -> Iterator[Headed]:
    """Headers of the columns that must be there, each with those of the others that stand over the same table."""
    needed = frozenset(range(len(place.table.columns.lines))) - optional
    bare = Place(place.table, place.form, place.sheet, needed)
    kinds: dict[frozenset[int], list[Header]] = {}
    for header in _headers(bare):
        rows, left = _wordy(place.sheet, header), min(header.columns)
        labels = (c for c in place.candidates["columns"] if c.degree < Degree.BEGINNING)
        near = (c for c in labels if c.spot[0] in rows and c.spot[1] > left)
        if taken.isdisjoint(header.rows):
            kinds.setdefault(optional.intersection(c.line for c in near), []).append(header)
    for more, headers in kinds.items():
        narrow = Place(place.table, place.form, place.sheet, needed | more)
        own = {row for header in headers for row in header.rows}
        wider = [header for header in _headers(narrow) if not own.isdisjoint(header.rows)]
        found = {row for header in wider for row in header.rows}
        yield Headed(narrow, tuple(wider))
        yield Headed(bare, tuple(header for header in headers if found.isdisjoint(header.rows)))


def _wordy(sheet: Sheet, header: Header) -> range:
    """The rows of a header, with those right above it that hold words and no figures, and those right below."""
    top = header.top
    while top > 0 and header.bottom - top + 1 < DEEPEST:
        kinds = {sheet.kind(top - 1, column) for column in range(sheet.width)}
        if kinds - {Kind.BLANK} != {Kind.WORDS}:
            break
        top -= 1
    return range(top, header.bottom + 1 + BENEATH)


def _headers(place: Place) -> list[Header]:
    """Every complete header, top to bottom; of those that hold one another, the lowest."""
    place.candidates["columns"] = _whole(place.candidates["columns"])
    if len({c.line for c in place.candidates["columns"]}) < len(place.table.columns.lines):
        return []
    rows = sorted({spot[0] for _, spot, _ in place.candidates["columns"]})
    found: list[Header] = []
    for end, bottom in enumerate(rows):
        for top in reversed(rows[: end + 1]):
            if bottom - top >= DEEPEST or (found and top <= found[-1].top < bottom):
                break
            if headers := _complete(place, top, bottom):
                found += headers
                break
    return found


def _whole(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without beginnings of a label that stands whole in the same column: "Agency" below "Agency / Component"."""
    whole = {(c.line, c.spot[1]) for c in candidates if c.degree < Degree.BEGINNING}
    return [c for c in candidates if c.degree < Degree.BEGINNING or (c.line, c.spot[1]) not in whole]


def _complete(place: Place, top: int, bottom: int) -> list[Header]:
    """Headers between two rows: one, or several side by side, or none."""
    here = [c for c in place.candidates["columns"] if top <= c.spot[0] <= bottom]
    size = len(place.table.columns.lines)
    if len({c.line for c in here}) < size or len({c.spot[1] for c in here}) < size:
        return []
    whole = _header(place, here, 0)
    if not whole and len(once := _once(place, here)) < len(here):
        whole = _header(place, once, 0)
    return [whole] if whole else _side_by_side(place, here)


def _header(place: Place, candidates: Sequence[Candidate], left: int) -> Header | None:
    matching = place.match_columns(candidates)
    if len(matching.found) < len(place.table.columns.lines):
        return None
    labels = tuple(matching.found[line] for line in range(len(matching.found)))
    rows = [row for row, _ in labels]
    above = min((*rows, *(row for label in labels for row, _ in place.over(label))))
    return Header(labels, min(rows), max(map(place.sheet.bottom, labels)), above, left)


def _once(place: Place, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without labels that only repeat a merged area's words: the column to the left says and holds the same."""
    known = {(c.line, c.spot) for c in candidates}
    return [c for c in candidates if (c.line, (c.spot[0], c.spot[1] - 1)) not in known or not _repeats(place, *c.spot)]


def _repeats(place: Place, row: int, column: int) -> bool:
    sheet, left = place.sheet, column - 1
    below = range(row, min(row + DEEPEST, sheet.height))
    blank = (r for r in below if sheet.kind(r, left) == sheet.kind(r, column) == Kind.BLANK)
    rows = range(row, next(blank, below.stop))
    spots = [(r, c) for c in (left, column) for r in rows]
    return not sheet.grid.merges and sheet.ask(doubled, spots)


def _side_by_side(place: Place, candidates: Sequence[Candidate]) -> list[Header]:
    """The narrowest complete headers from left to right, when one label stands in several blocks."""
    columns = sorted({c.spot[1] for c in candidates})
    records, found = place.table.records, list[Header]()
    key = None if records is None else place.table.columns.index[records.key]
    for start, first in enumerate(columns):
        ended = [max(header.columns) for header in found if max(header.columns) < first]
        for last in columns[start:]:
            within = [c for c in candidates if first <= c.spot[1] <= last]
            if header := _header(place, within, max(ended, default=-1) + 1):
                if key is not None and header.columns[key] == first:
                    found.append(header)  # the rows tell which of them is this list's
                elif key is None and first in header.columns:
                    found.append(replace(header, rivals=_rivals(place, header, candidates)))
                break
    return found


def _rivals(place: Place, header: Header, candidates: Sequence[Candidate]) -> tuple[Spot, ...]:
    """Labels that say the same as the header's, unless the column before them is headed as the row labels are."""
    own = _stub(place, header.bottom, min(header.columns) - 1)
    return tuple(
        c.spot
        for c in candidates
        if c.spot[1] not in header.columns and (own is None or _stub(place, c.spot[0], c.spot[1] - 1) != own)
    )


def _stub(place: Place, row: int, column: int) -> str | None:
    """What stands over the row labels: 项目, 信息内容."""
    spot = place.sheet.down(row, column) if column >= 0 else None
    return place.sheet.printed(spot) if spot else None
