"""Where a table may stand in a sheet: complete headers, then rows below them; all readings, none preferred."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from auditkit.bind.lexicon import AxisName, Kind
from auditkit.bind.matching import Candidate, Groups, Matching, match
from auditkit.bind.sheet import LEVELS, Sheet, Spot, doubled, filled, numbered, wordy
from auditkit.model.form import Axis, Table

DEEPEST = 6
"""Rows a header may take from its first leaf label to its last."""


@dataclass(frozen=True)
class Header:
    """All columns of a table found: the labels, the rows they take, and where the row labels may stand."""

    labels: tuple[Spot, ...]
    """One per column; empty for a single column that needs no label."""
    top: int
    bottom: int
    above: int
    """First row of the group labels over it."""
    left: int = 0
    rivals: tuple[Spot, ...] = ()
    """Labels beside it that say the same; they must turn out to be another table's."""

    @property
    def columns(self) -> tuple[int, ...]:
        return tuple(column for _, column in self.labels)


@dataclass(frozen=True)
class Reading:
    """One way to read a table out of a sheet: a place in it for every column and at least one row."""

    table: Table
    sheet: Sheet = field(compare=False, repr=False)
    headers: tuple[Header, ...]
    rows: tuple[int | None, ...]
    columns: tuple[int, ...]
    labels: tuple[Spot, ...]
    """Labels of bound lines, and of groups over and beside them."""
    tied: tuple[tuple[int, tuple[Spot, ...]], ...] = ()
    """Row line → labels between which nothing decides."""

    @property
    def found(self) -> int:
        return len(self.rows) - self.rows.count(None)

    @property
    def enough(self) -> bool:
        return self.found * 2 >= len(self.rows) and self.found > 0

    @property
    def cells(self) -> Iterator[Spot]:
        return ((row, column) for row in self.rows if row is not None for column in self.columns)

    @cached_property
    def top(self) -> int:
        """First row that belongs to the table."""
        return min(row for row, _ in (*self.labels, *self.cells))


def unlabelled(axis: Axis) -> bool:
    """A single line that needs no label."""
    return len(axis.lines) == 1 and not any(axis.lines[0].labels)


class Place:
    """One table in one sheet: its candidates, and the readings they allow."""

    def __init__(self, table: Table, form: int, sheet: Sheet) -> None:
        self.table = table
        self.sheet = sheet
        self.candidates: dict[AxisName, list[Candidate]] = {"rows": [], "columns": []}
        self.groups: dict[AxisName, dict[Spot, frozenset[str]]] = {"rows": {}, "columns": {}}
        for spot, (target, degree) in sheet.hits.get((form, table.id), ()):
            if target.group:
                known = self.groups[target.axis].get(spot, frozenset())
                self.groups[target.axis][spot] = known | {target.group}
            else:
                self.candidates[target.axis].append(Candidate(target.line, spot, degree))

    # Headers

    @cached_property
    def headers(self) -> tuple[Header, ...]:
        """Every complete header, top to bottom, the lowest of those that hold one another."""
        if unlabelled(self.table.columns):
            return ()
        rows = sorted({spot[0] for _, spot, _ in self.candidates["columns"]})
        found: list[Header] = []
        for end, bottom in enumerate(rows):
            for top in reversed(rows[: end + 1]):
                if bottom - top >= DEEPEST or (found and top <= found[-1].top < bottom):
                    break
                if headers := self._complete(top, bottom):
                    found += headers
                    break
        return tuple(found)

    def _complete(self, top: int, bottom: int) -> list[Header]:
        """Headers between two rows: one, or several side by side, or none."""
        here = [c for c in self.candidates["columns"] if top <= c.spot[0] <= bottom]
        size = len(self.table.columns.lines)
        if len({c.line for c in here}) < size or len({c.spot[1] for c in here}) < size:
            return []
        whole = self._header(here, 0)
        if not whole and len(once := self._once(here)) < len(here):
            whole = self._header(once, 0)
        return [whole] if whole else self._side_by_side(here)

    def _header(self, candidates: list[Candidate], left: int) -> Header | None:
        matching = self._match("columns", candidates, self._groups_over, self._cover_over)
        if len(matching.found) < len(self.table.columns.lines):
            return None
        labels = tuple(matching.found[line] for line in range(len(matching.found)))
        rows = [row for row, _ in labels]
        above = min((*rows, *(row for label in labels for row, _ in self._over(label))))
        return Header(labels, min(rows), max(map(self.sheet.bottom, labels)), above, left)

    def _once(self, candidates: list[Candidate]) -> list[Candidate]:
        """Without labels that only repeat a merged area's words: same words, and same values below, as to the left."""
        known = {(c.line, c.spot) for c in candidates}
        return [
            c for c in candidates if (c.line, (c.spot[0], c.spot[1] - 1)) not in known or not self._repeats(*c.spot)
        ]

    def _repeats(self, row: int, column: int) -> bool:
        rows = range(row, min(row + DEEPEST, self.sheet.height))
        spots = [(r, c) for c in (column - 1, column) for r in rows]
        return not self.sheet.grid.merges and self.sheet.ask(doubled, spots)

    def _side_by_side(self, candidates: list[Candidate]) -> list[Header]:
        """The narrowest complete headers from left to right, when one label stands in several blocks."""
        columns = sorted({c.spot[1] for c in candidates})
        found: list[Header] = []
        for start, first in enumerate(columns):
            ended = [max(header.columns) for header in found if max(header.columns) < first]
            for last in columns[start:]:
                within = [c for c in candidates if first <= c.spot[1] <= last]
                if header := self._header(within, max(ended, default=-1) + 1):
                    if first in header.columns:
                        found.append(replace(header, rivals=self._rivals(header, candidates)))
                    break
        return found

    def _rivals(self, header: Header, candidates: list[Candidate]) -> tuple[Spot, ...]:
        """Labels that say the same as the header's, unless the column before them is headed as the row labels are."""
        own = self._stub(header.bottom, min(header.columns) - 1)
        return tuple(
            c.spot
            for c in candidates
            if c.spot[1] not in header.columns and (own is None or self._stub(c.spot[0], c.spot[1] - 1) != own)
        )

    def _stub(self, row: int, column: int) -> str | None:
        """What stands over the row labels: 项目, 信息内容."""
        spot = self.sheet.down(row, column) if column >= 0 else None
        return self.sheet.printed(spot) if spot else None

    def _cover_over(self, spot: Spot) -> Spot | None:
        return self.sheet.across(spot[0] - 1, spot[1]) if spot[0] else None

    def _groups_over(self, spot: Spot) -> Groups:
        """Groups whose labels stand over a column label."""
        sure: frozenset[str] = frozenset()
        likely: frozenset[str] = frozenset()
        for over in self._over(spot):
            if over in self.sheet.areas or over[1] == spot[1]:
                sure |= self.groups["columns"][over]
            else:
                likely |= self.groups["columns"][over]
        return Groups(sure, likely)

    def _over(self, spot: Spot) -> Iterator[Spot]:
        """Group labels over a column label, innermost first."""
        if not self._group_rows:
            return
        for row in range(spot[0] - 1, spot[0] - 1 - LEVELS, -1):
            over = self.sheet.across(row, spot[1]) if row in self._group_rows else None
            if over in self.groups["columns"]:
                yield over

    @cached_property
    def _group_rows(self) -> frozenset[int]:
        return frozenset(row for row, _ in self.groups["columns"])

    # Rows

    def readings(self, ends: Iterable[tuple[int, int, int]]) -> list[Reading]:
        """All readings; ``ends`` are other tables' headers (top row, first and last column) at which this one ends."""
        ends = sorted(ends)
        found: dict[tuple[tuple[int | None, ...], tuple[int, ...]], Reading] = {}
        for headers, bottoms in self._blocks(ends):
            reading = self._reading(headers, bottoms)
            if reading and reading.found:
                found.setdefault((reading.rows, reading.columns), reading)
        return list(found.values())

    def _blocks(self, ends: list[tuple[int, int, int]]) -> Iterator[tuple[tuple[Header, ...], tuple[int, ...]]]:
        """Each header with the rows down to the next; then headers over the same columns together (page breaks)."""
        if unlabelled(self.table.columns):
            yield (), ()
            return
        alike: dict[tuple[int, ...], list[tuple[Header, int]]] = {}
        for header in self.headers:
            first, last = header.left, max(header.columns)
            own = [
                h.above for h in self.headers if h.above > header.bottom and h.left <= last and max(h.columns) >= first
            ]
            others = [top for top, left, right in ends if top > header.bottom and left <= last and right >= first]
            bottom = min((*own, *others, self.sheet.height)) - 1
            yield (header,), (bottom,)
            alike.setdefault(header.columns, []).append((header, bottom))
        for several in alike.values():
            if len(several) > 1:
                yield tuple(header for header, _ in several), tuple(bottom for _, bottom in several)

    def _reading(self, headers: tuple[Header, ...], bottoms: tuple[int, ...]) -> Reading | None:
        if not headers:
            return self._without_header()
        columns = headers[0].columns
        if unlabelled(self.table.rows):
            row = self._first_data_row(headers[0], bottoms[0]) if len(headers) == 1 else None
            rows: tuple[int | None, ...] = (row,)
            matching = Matching()
        else:
            matching = self._rows(
                [
                    candidate
                    for candidate in self.candidates["rows"]
                    if any(
                        header.bottom < candidate.spot[0] <= bottom and header.left <= candidate.spot[1] < min(columns)
                        for header, bottom in zip(headers, bottoms, strict=True)
                    )
                ],
                columns,
            )
            rows = self._positions(matching)
        heads = [spot for header in headers for spot in header.labels]
        labels = [*heads, *(over for spot in heads for over in self._over(spot)), *matching.found.values()]
        return Reading(
            self.table, self.sheet, headers, rows, columns, self._labels(labels, matching), self._tied(matching)
        )

    def _without_header(self) -> Reading | None:
        """A single column without a label: the first with data to the right of the row labels."""
        matching = self._rows(self.candidates["rows"], ())
        if not matching.found:
            return None
        rows = self._positions(matching)
        first = max(column for _, column in matching.found.values()) + 1
        filled = (
            column
            for column in range(first, self.sheet.width)
            if any(row is not None and self.sheet.kind(row, column) == Kind.NUMBER for row in rows)
        )
        column = next(filled, first)
        if column >= self.sheet.width:
            return None
        labels = self._labels([*matching.found.values()], matching)
        return Reading(self.table, self.sheet, (), rows, (column,), labels, self._tied(matching))

    def _positions(self, matching: Matching) -> tuple[int | None, ...]:
        lines = range(len(self.table.rows.lines))
        return tuple(matching.found[line][0] if line in matching.found else None for line in lines)

    def _labels(self, labels: list[Spot], matching: Matching) -> tuple[Spot, ...]:
        groups = (group for spot in matching.found.values() for group in self._beside_or_above(spot))
        return tuple(sorted({*labels, *groups}))

    def _tied(self, matching: Matching) -> tuple[tuple[int, tuple[Spot, ...]], ...]:
        return tuple(matching.tied.items())

    def _rows(self, candidates: list[Candidate], columns: tuple[int, ...]) -> Matching:
        rows: dict[int, set[int]] = {}
        for candidate in candidates:
            rows.setdefault(candidate.line, set()).add(candidate.spot[0])
        contested = {row for of_line in rows.values() if len(of_line) > 1 for row in of_line}
        headings = {row for row in contested if columns and self.sheet.ask(wordy, [(row, c) for c in columns])}
        rows_only = [candidate for candidate in candidates if candidate.spot[0] not in headings]
        return self._match("rows", rows_only, self._groups_beside, self._cover_beside)

    def _first_data_row(self, header: Header, bottom: int) -> int | None:
        """The first row below the header with anything in its columns, past a row that only numbers the columns."""
        below = range(header.bottom + 1, min(bottom, self.sheet.height - 1) + 1)
        in_row = {row: [(row, column) for column in sorted(header.columns)] for row in below}
        some = (row for row in below if self.sheet.ask(filled, in_row[row]))
        first = next(some, None)
        if first is not None and self.sheet.ask(numbered, in_row[first]):
            return next(some, first)
        return next(iter(below), None) if first is None else first

    def _cover_beside(self, spot: Spot) -> Spot | None:
        return self.sheet.down(spot[0], spot[1] - 1) if spot[1] else None

    def _groups_beside(self, spot: Spot) -> Groups:
        """Groups whose labels stand beside a row label; in a single column of labels, the last group heading above."""
        sure: frozenset[str] = frozenset()
        likely: frozenset[str] = frozenset()
        for beside in self._beside(spot):
            if beside in self.sheet.areas or beside[0] == spot[0]:
                sure |= self.groups["rows"][beside]
            else:
                likely |= self.groups["rows"][beside]
        return Groups(sure, likely) if sure or likely else Groups(sure, self._heading(spot))

    def _beside(self, spot: Spot) -> Iterator[Spot]:
        """Group labels beside a row label, innermost first."""
        for column in range(spot[1] - 1, spot[1] - 1 - LEVELS, -1):
            beside = self.sheet.down(spot[0], column) if column in self._headings else None
            if beside in self.groups["rows"]:
                yield beside

    def _heading(self, spot: Spot) -> frozenset[str]:
        row, column = spot
        above = self._headings.get(column, [])
        at = bisect_left(above, row)
        return self._with_ancestors(self.groups["rows"][above[at - 1], column]) if at else frozenset()

    @cached_property
    def _headings(self) -> dict[int, list[int]]:
        headings: dict[int, list[int]] = {}
        for row, column in sorted(self.groups["rows"]):
            headings.setdefault(column, []).append(row)
        return headings

    def _with_ancestors(self, groups: frozenset[str]) -> frozenset[str]:
        paths = (line.path for line in self.table.rows.lines)
        return groups.union(*(path[: path.index(g)] for path in paths for g in sorted(groups) if g in path))

    def _beside_or_above(self, spot: Spot) -> Iterator[Spot]:
        yield from self._beside(spot)
        row, column = spot
        if at := bisect_left(self._headings.get(column, []), row):
            yield self._headings[column][at - 1], column

    def _match(
        self,
        name: AxisName,
        candidates: list[Candidate],
        groups_of: Callable[[Spot], Groups],
        cover_of: Callable[[Spot], Spot | None],
    ) -> Matching:
        axis = self.table.rows if name == "rows" else self.table.columns
        return match(axis, name, candidates, groups_of, cover_of)
