"""Which of several readings of a table stands: the fullest, then the one its caption names; a cell has one owner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from auditkit.bind import said
from auditkit.bind.lexicon import Lexicon
from auditkit.bind.reading import Reading
from auditkit.bind.sheet import Spot, filled
from auditkit.labels import label
from auditkit.model.document import Document
from auditkit.model.words import Text

ABOVE = 6
"""Rows above a table in which its caption is looked for."""
BEFORE = 5
"""Paragraphs before a table in which its caption is looked for."""


class Choice:
    """Which reading of each table stands."""

    def __init__(self, number: int, lexicon: Lexicon, document: Document) -> None:
        self._number = number
        self._lexicon = lexicon
        self._document = document
        self.options: dict[str, list[Reading]] = {}
        self.chosen: dict[str, Reading] = {}
        self.reasons: dict[str, Text] = {}
        self.copied: list[str] = []
        """Tables that stand equally on several sheets."""
        self.older: dict[str, list[Reading]] = {}
        """Table → equal readings on sheets of earlier years, which were passed over."""

    def fullest(self, readings: Sequence[Reading]) -> list[Reading]:
        """Without those that lack columns and stand under another table's caption, or under none beside whole ones."""
        lacking = {id(one): self._caption(one) for one in readings if None in one.kept}
        least = 1 if len(lacking) < len(readings) else 0
        return [one for one in readings if lacking.get(id(one), least) >= least]

    def settle(self) -> None:
        """The fullest reading of each table; a cell belongs to one table only, a label to one column."""
        self._leave_to_wider()
        for table in self.options:
            self._choose(table)
        while losers := self._losers():
            for table, winner in losers.items():
                lost = self.chosen.pop(table)
                self.reasons[table] = said.shared(lost.table, winner.table)
                self.options[table] = [reading for reading in self.options[table] if reading is not lost]
            for table in losers:
                self._choose(table)
        for table, reading in [*self.chosen.items()]:
            own = {table, reading.table.instead or table}
            others = (one.table for id_, one in self.chosen.items() if id_ != table and None not in one.kept)
            if None in reading.kept and any(own & {one.id, one.instead} for one in others):
                del self.chosen[table]  # another layout of it is there with all its columns
        used = {(reading.sheet.number, spot) for reading in self.chosen.values() for spot in reading.labels}
        for table, reading in list(self.chosen.items()):
            spots = [spot for header in reading.headers for spot in header.rivals]
            rivals = [spot for spot in spots if (reading.sheet.number, spot) not in used]
            if rivals:
                self.reasons[table] = said.rivals(reading, rivals)
                del self.chosen[table]

    def _leave_to_wider(self) -> None:
        """A list that another one holds whole, columns and all, is a part of that one, unless a caption names it."""
        every = [reading for options in self.options.values() for reading in options if reading.declared is not None]
        for table, options in self.options.items():
            held = {id(one) for one in options if any(_within(one, other) for other in every)}
            self.options[table] = [one for one in options if id(one) not in held or self._caption(one) > 0]

    def _choose(self, table: str) -> None:
        self.older.pop(table, None)
        best = _best(self.options[table], self._fullness)
        if len(best) > 1:
            best = _best(best, _filled)
        if len(best) > 1:
            best = _best(best, lambda reading: min(reading.columns) - max(reading.columns))
        if len(best) > 1 and (newest := self._newest(best)):
            self.older[table] = [reading for reading in best if reading is not newest]
            best = [newest]
        if len(best) == 1:
            self.chosen[table] = best[0]
        elif best:
            self.reasons[table] = said.tied(best[0].table, best)
            if len({reading.sheet.number for reading in best}) == len(best):
                self.copied.append(table)

    def _fullness(self, reading: Reading) -> tuple[int, int]:
        """Rows found, then the caption; of a list, which may have few of the rows it knows, the caption first."""
        both = reading.found, self._caption(reading)
        return both if reading.declared is None else both[::-1]

    def _newest(self, readings: Sequence[Reading]) -> Reading | None:
        """This year's sheet beside those of earlier years, if each sheet names its own year."""
        years = {reading.sheet.number: _year_of(reading) for reading in readings}
        if None in years.values() or len(set(years.values())) < len(readings):
            return None
        return max(readings, key=lambda reading: years[reading.sheet.number] or 0)

    def _losers(self) -> dict[str, Reading]:
        """Tables that claim a cell of another one with no better right (both, where neither is better) → that one."""
        losers = {}
        for table, reading in self.chosen.items():
            for other in self.chosen.values():
                if other is not reading and _overlap(reading, other) and not self._before(reading, other):
                    losers[table] = other
        return losers

    def _before(self, reading: Reading, other: Reading) -> bool:
        """The better right; of lists with the same columns and no caption, the form's order decides."""
        right, rights = self._right(reading), self._right(other)
        if right == rights and reading.declared is not None and other.declared is not None and not right[0]:
            order = [*self.options]
            return order.index(reading.table.id) < order.index(other.table.id)
        return right > rights

    def _right(self, reading: Reading) -> tuple[int, float, int]:
        """A list need not have the rows it knows: there the columns count, then how many of them it has."""
        if reading.declared is not None:
            return self._caption(reading), len(reading.columns), reading.found
        whole = 0 if None in reading.kept else 1
        return self._caption(reading), reading.found / max(reading.named, 1), whole

    def _caption(self, reading: Reading) -> int:
        """1 if the nearest caption names the table, -1 if it names others of the form, 0 without one.

        Headers that are read together as one repeated after a page break must not stand under another table's caption.
        """
        words, id_ = reading.sheet.words, reading.table.id
        for header in reading.headers[1:]:
            above = self._above(reading, header.above)
            named = next(filter(None, (self._own(self._lexicon.captions(words[spot])) for spot in above)), [id_])
            if id_ not in named:
                return -1
        own = next(filter(None, map(self._own, self._captions(reading))), None)
        return 0 if own is None else 1 if id_ in own else -1

    def _own(self, named: tuple[tuple[int, str], ...]) -> list[str]:
        """Tables of this form among those a text names."""
        return [table for number, table in named if number == self._number]

    def _captions(self, reading: Reading) -> Iterator[tuple[tuple[int, str], ...]]:
        """Tables named above, nearest first; then by the sheet's name and by the paragraphs before."""
        grid = reading.sheet.grid
        for spot in self._above(reading, reading.top):
            yield self._lexicon.captions(reading.sheet.words[spot])
        yield self._lexicon.captions(grid.name)
        for paragraph in reversed(self._document.paragraphs[max(grid.after - BEFORE, 0) : grid.after]):
            yield self._lexicon.captions(paragraph.text)

    def _above(self, reading: Reading, row: int) -> list[Spot]:
        """Texts in the rows above one, the nearest first."""
        return sorted(reading.sheet.in_rows(row - ABOVE, row - 1), key=lambda spot: -spot[0])


def _best(readings: Iterable[Reading], key: Callable[[Reading], Any]) -> list[Reading]:
    ranked = [(key(reading), reading) for reading in readings]
    best = max((own for own, _ in ranked), default=None)
    return [reading for own, reading in ranked if own == best]


def _year_of(reading: Reading) -> int | None:
    """The one year that the sheet's name says, or else the words above the table."""
    sheet = reading.sheet
    above = [sheet.words[spot] for spot in sheet.in_rows(0, reading.top - 1)]
    for texts, pattern in (([sheet.grid.name], _SHEET_YEAR), (above, _TITLE_YEAR)):
        named = {int(year) for text in texts for year in pattern.findall(label(text).full)}
        if named:
            return named.pop() if len(named) == 1 else None
    return None


_SHEET_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


def _filled(reading: Reading) -> bool:
    """Not an empty copy of the form."""
    return reading.sheet.ask(filled, [*reading.cells])


def _within(one: Reading, other: Reading) -> bool:
    """Both are lists under the same labels, and the other has more of them."""
    if one.declared is None or one.sheet is not other.sheet:
        return False
    own = {spot for header in one.headers for spot in header.labels}
    return own < {spot for header in other.headers for spot in header.labels}


def _overlap(one: Reading, other: Reading) -> bool:
    return (
        one.sheet is other.sheet
        and not {*one.columns}.isdisjoint(other.columns)
        and any(row is not None and row in other.rows for row in one.rows)
    )
