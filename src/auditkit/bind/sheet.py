"""A grid prepared for finding tables: its words, what they may mean, and which label covers which cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from auditkit.bind.lexicon import Hit, Kind, Lexicon, kind_of
from auditkit.labels import label
from auditkit.model.document import Area, Grid, Value

Spot = tuple[int, int]
"""Row, column."""
Question = Callable[[Sequence[Value]], bool]

LEVELS = 5
"""Levels of labels over a column or beside a row."""
TALLEST = 5000
"""Rows in which labels are looked for; a longer sheet is a register, not a form."""
NESTED = 2
"""Levels above a blank at which another label may begin and end the label it would continue."""
CROWDED = 4
"""Merged areas may together cover each cell this often before the rest is ignored (overlapping ones are damage)."""


class Sheet:
    """One grid, and in ``touched`` what was asked about its cells: a known layout must answer the same."""

    def __init__(self, number: int, grid: Grid, lexicon: Lexicon) -> None:
        self.number = number
        self.grid = grid
        self.rows = grid.rows
        self.height = len(grid.rows)
        self.width = len(grid.rows[0]) if grid.rows else 0
        self.touched: dict[Spot, Kind] = {}
        self._across: dict[Spot, Spot | None] = {}
        self._down: dict[Spot, Spot | None] = {}
        self.asked: dict[tuple[Question, tuple[Spot, ...]], bool] = {}
        """What was asked about the values of several cells together, and the answer."""
        self.quoted: set[Spot] = set()
        """Words that were compared with one another or are repeated in a message."""
        self.hits: dict[tuple[int, str], list[tuple[Spot, Hit]]] = {}
        """(form number, table id) → labels that may be its, in reading order."""
        for spot, text in self.words.items():
            for hit in lexicon.hits(text):
                self.hits.setdefault((hit.target.form, hit.target.table), []).append((spot, hit))

    @cached_property
    def areas(self) -> dict[Spot, Area]:
        """Top-left cell → merged area, clipped to the grid."""
        areas: dict[Spot, Area] = {}
        room = CROWDED * self.height * self.width
        for top, left, bottom, right in self.grid.merges:
            area = (top, left, min(bottom, self.height - 1), min(right, self.width - 1))
            room -= (area[2] - top + 1) * (area[3] - left + 1)
            if room >= 0 and top <= area[2] and left <= area[3]:
                areas[top, left] = area
        return areas

    @cached_property
    def covered(self) -> dict[Spot, Spot]:
        """Cell of a merged area, other than its top-left one → the top-left cell."""
        return {
            (row, column): first
            for first, (top, left, bottom, right) in self.areas.items()
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != first
        }

    @cached_property
    def words(self) -> dict[Spot, str]:
        """Cells with words, in reading order; of a merged area only the first cell counts."""
        covered = self.covered if self.grid.merges else ()
        return {
            (r, c): value
            for r, row in enumerate(self.rows[:TALLEST])
            for c, value in enumerate(row)
            if type(value) is str and kind_of(value) == Kind.WORDS and (r, c) not in covered
        }

    def kind(self, row: int, column: int) -> Kind:
        known = self.touched.get((row, column))
        if known is None:
            known = self.touched[row, column] = kind_of(self.rows[row][column])
        return known

    def ask(self, question: Question, spots: Sequence[Spot]) -> bool:
        """Put a question to the values of some cells; it will be put again to another document of this layout."""
        key = question, tuple(spots)
        if key not in self.asked:
            self.asked[key] = question([self.rows[row][column] for row, column in spots])
        return self.asked[key]

    def bottom(self, spot: Spot) -> int:
        """Last row of the cell, merged or not."""
        return self.areas[spot][2] if spot in self.areas else spot[0]

    def across(self, row: int, column: int) -> Spot | None:
        """The label that covers this column in this row: its own, its merged area's, or one to the left over blanks."""
        return self._covering(self._across, (row, column), 0, 1)

    def down(self, row: int, column: int) -> Spot | None:
        """The label that covers this row in this column: its own, its merged area's, or one further up over blanks."""
        return self._covering(self._down, (row, column), 1, 0)

    def _covering(self, known: dict[Spot, Spot | None], spot: Spot, down: int, right: int) -> Spot | None:
        blanks = []
        while spot not in known:
            row, column = spot
            if spot in self.covered:
                known[spot] = self.covered[spot]
            elif self.kind(row, column) != Kind.BLANK:
                known[spot] = spot if spot in self.words else None
            elif spot in self.areas or row < down or column < right:
                known[spot] = None
            else:
                blanks.append(spot)
                spot = row - down, column - right
        label_ = known[spot]
        for blank in reversed(blanks):
            # Merged areas end where they end; a blank under another label of the level above is not continued into.
            if label_ in self.areas or self._starts(blank, right, down):
                label_ = None
            known[blank] = label_
        return label_

    def _starts(self, spot: Spot, up: int, left: int) -> bool:
        """Whether a label of a higher level begins here: above a column, or left of a row."""
        row, column = spot
        for _ in range(NESTED):
            row, column = row - up, column - left
            if row < 0 or column < 0:
                return False
            first = self.covered.get((row, column))
            if first:
                if first[up] == (row, column)[up]:
                    return True
                continue
            kind = self.kind(row, column)
            if kind != Kind.BLANK or (row, column) in self.areas:
                return kind != Kind.NUMBER
        return False

    def printed(self, spot: Spot) -> str:
        """The folded label, for comparison with another label of the sheet."""
        self.quoted.add(spot)
        return label(self.words[spot]).full

    def in_rows(self, first: int, last: int) -> Iterator[Spot]:
        """Cells with words in these rows, in reading order."""
        return (spot for spot in self.words if first <= spot[0] <= last)


def filled(values: Sequence[Value]) -> bool:
    return any(value is not None and kind_of(value) != Kind.BLANK for value in values)


def figured(values: Sequence[Value]) -> bool:
    return any(kind_of(value) == Kind.NUMBER for value in values)


def wordy(values: Sequence[Value]) -> bool:
    """More words than anything else, as in the header of the next table."""
    return sum(kind_of(value) == Kind.WORDS for value in values) * 2 > len(values)


def numbered(values: Sequence[Value]) -> bool:
    """1, 2, 3 … in any kind of number, as forms number their columns (栏次)."""
    texts = (str(value).strip().removesuffix(".0") for value in values)
    return len(values) > 1 and all(text == str(n) for n, text in enumerate(texts, 1))


def doubled(values: Sequence[Value]) -> bool:
    """The first half again, or its words and no figures."""
    half = len(values) // 2
    return all(
        one == again or (kind_of(one) == Kind.NUMBER and kind_of(again) == Kind.BLANK)
        for one, again in zip(values[:half], values[half:], strict=True)
    )
