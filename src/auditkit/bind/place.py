"""One table in one sheet: labels that may be its lines and groups, and which groups stand over or beside a label."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from auditkit.bind.lexicon import AxisName
from auditkit.bind.matching import Candidate, Groups, Matching, match
from auditkit.bind.sheet import LEVELS, Sheet, Spot, wordy
from auditkit.model.form import Axis, Table

_OTHER: dict[AxisName, AxisName] = {"rows": "columns", "columns": "rows"}


def unlabelled(axis: Axis) -> bool:
    """A single line that needs no label."""
    return len(axis.lines) == 1 and not any(axis.lines[0].labels) and not axis.open


class Place:
    """The evidence for one table in one sheet; ``turned`` where it may lie on its side, rows as columns."""

    def __init__(
        self, table: Table, form: int, sheet: Sheet, kept: frozenset[int] | None = None, *, turned: bool = False
    ) -> None:
        """``kept``: the columns that are looked for, where not all of them are."""
        self.whole = replace(table, rows=table.columns, columns=table.rows) if turned else table
        self.table = self.whole if kept is None else table.with_columns(kept)
        self.form = form
        self.sheet = sheet
        self.turned = turned
        columns = {line: at for at, line in enumerate(sorted(kept))} if kept is not None else None
        self.candidates: dict[AxisName, list[Candidate]] = {"rows": [], "columns": []}
        self._groups: dict[AxisName, dict[Spot, frozenset[str]]] = {"rows": {}, "columns": {}}
        for spot, (target, degree) in sheet.hits.get((form, table.id), ()):
            axis = _OTHER[target.axis] if turned else target.axis
            if target.group:
                known = self._groups[axis].get(spot, frozenset())
                self._groups[axis][spot] = known | {target.group}
            elif columns is None or axis == "rows":
                self.candidates[axis].append(Candidate(target.line, spot, degree))
            elif target.line in columns:
                self.candidates["columns"].append(Candidate(columns[target.line], spot, degree))

    @property
    def possible(self) -> bool:
        """Both axes have a label, or need none."""
        return bool(
            (self.candidates["rows"] or self.table.records or unlabelled(self.table.rows))
            and (self.candidates["columns"] or unlabelled(self.table.columns))
        )

    def match_columns(self, candidates: Sequence[Candidate]) -> Matching:
        return match(self.table.columns, "columns", candidates, self._groups_over, self._cover_over)

    def match_rows(self, candidates: Sequence[Candidate], columns: Sequence[int]) -> Matching:
        """Row labels for data in ``columns``; where a line has several, those in a row of words are a header's."""
        rows: dict[int, set[int]] = {}
        for candidate in candidates:
            rows.setdefault(candidate.line, set()).add(candidate.spot[0])
        contested = sorted({row for of_line in rows.values() if len(of_line) > 1 for row in of_line})
        headings = {row for row in contested if columns and self.sheet.ask(wordy, [(row, c) for c in columns])}
        in_rows = [candidate for candidate in candidates if candidate.spot[0] not in headings]
        return match(self.table.rows, "rows", in_rows, self._groups_beside, self._cover_beside)

    def over(self, spot: Spot) -> Iterator[Spot]:
        """Group labels over a column label, innermost first."""
        if not self._group_rows:
            return
        for row in range(spot[0] - 1, spot[0] - 1 - LEVELS, -1):
            over = self.sheet.across(row, spot[1]) if row in self._group_rows else None
            if over in self._groups["columns"]:
                yield over

    def beside(self, spot: Spot) -> Iterator[Spot]:
        """Group labels beside a row label, innermost first."""
        for column in range(spot[1] - 1, spot[1] - 1 - LEVELS, -1):
            beside = self.sheet.down(spot[0], column) if column in self._headings else None
            if beside in self._groups["rows"]:
                yield beside

    def heading(self, spot: Spot) -> Spot | None:
        """The last group label above a row label, in the same column."""
        row, column = spot
        above = self._headings.get(column, [])
        at = bisect_left(above, row)
        return (above[at - 1], column) if at else None

    def _groups_over(self, spot: Spot) -> Groups:
        return self._sorted("columns", self.over(spot), spot, 1)

    def _groups_beside(self, spot: Spot) -> Groups:
        """Groups whose labels stand beside a row label; in a single column of labels, the last heading above."""
        found = self._sorted("rows", self.beside(spot), spot, 0)
        if found.sure or found.likely or not (heading := self.heading(spot)):
            return found
        return Groups(found.sure, self._with_ancestors(self._groups["rows"][heading]))

    def _sorted(self, name: AxisName, labels: Iterator[Spot], spot: Spot, at: int) -> Groups:
        """Surely its groups: those of merged labels, and of labels that stand straight above or beside."""
        sure: frozenset[str] = frozenset()
        likely: frozenset[str] = frozenset()
        for label in labels:
            if label in self.sheet.areas or label[at] == spot[at]:
                sure |= self._groups[name][label]
            else:
                likely |= self._groups[name][label]
        return Groups(sure, likely)

    def _cover_over(self, spot: Spot) -> Spot | None:
        return self.sheet.across(spot[0] - 1, spot[1]) if spot[0] else None

    def _cover_beside(self, spot: Spot) -> Spot | None:
        return self.sheet.down(spot[0], spot[1] - 1) if spot[1] else None

    def _with_ancestors(self, groups: frozenset[str]) -> frozenset[str]:
        paths = [line.path for line in self.table.rows.lines]
        return groups.union(*(path[: path.index(group)] for path in paths for group in groups if group in path))

    @cached_property
    def _group_rows(self) -> frozenset[int]:
        return frozenset(row for row, _ in self._groups["columns"])

    @cached_property
    def _headings(self) -> dict[int, list[int]]:
        """Column → rows in which it holds a label of a group of rows."""
        headings: dict[int, list[int]] = {}
        for row, column in sorted(self._groups["rows"]):
            headings.setdefault(column, []).append(row)
        return headings
