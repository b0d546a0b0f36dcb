"""One form laid over the sheets: for every table the one reading that stands, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditkit.bind import said
from auditkit.bind.extra import extra_lines
from auditkit.bind.lexicon import Lexicon
from auditkit.bind.locate import Place, Reading, unlabelled
from auditkit.bind.sheet import Sheet, Spot, filled
from auditkit.model.document import Document
from auditkit.model.form import Form, Table
from auditkit.model.words import Text

ABOVE = 6
"""Rows above a table in which its caption is looked for."""
BEFORE = 3
"""Paragraphs before a table in which its caption is looked for."""


@dataclass(frozen=True)
class Fit:
    """A form as far as it was found."""

    form: Form
    number: int
    """The form's number in the lexicon."""
    readings: Mapping[str, Reading]
    missing: Mapping[str, Text]
    notes: tuple[Text, ...]
    quoted: Mapping[int, frozenset[Spot]]
    """Sheet number → texts that a note quotes."""

    @property
    def score(self) -> tuple[int, int]:
        """Declared labels bound on visible sheets, and on hidden ones."""
        bound = [0, 0]
        for reading in self.readings.values():
            labels = 0 if unlabelled(reading.table.rows) else reading.found
            bound[reading.sheet.grid.hidden] += labels + (len(reading.columns) if reading.headers else 0)
        return bound[0], bound[1]

    @property
    def whole(self) -> bool:
        """Nothing is missing; otherwise messages quote whatever texts stand nearby."""
        return not self.missing and all(reading.found == len(reading.rows) for reading in self.readings.values())


def fit(form: Form, number: int, sheets: Sequence[Sheet], lexicon: Lexicon, document: Document) -> Fit:
    """Finds all tables of one form. Hidden sheets count only for what no visible sheet holds."""
    places = {table.id: _places(table, number, sheets) for table in form}
    choice = _Choice(number, lexicon, document)
    for table in form:
        options = [r for place in places[table.id] for r in place.readings(_ends(place, places)) if r.enough]
        choice.options[table.id] = [r for r in options if not r.sheet.grid.hidden] or options
    choice.settle()
    readings = {table.id: choice.chosen[table.id] for table in form if table.id in choice.chosen}
    missing = {
        table.id: choice.reasons.get(table.id) or said.missing(table, places[table.id], sheets, document)
        for table in form
        if table.id not in readings
    }
    notes: list[Text] = []
    quoted: dict[int, frozenset[Spot]] = {}
    for reading in readings.values():
        extra = extra_lines(reading, readings.values())
        notes += said.notes(reading, extra)
        quoted[reading.sheet.number] = quoted.get(reading.sheet.number, frozenset()).union(extra)
    return Fit(form, number, readings, missing, tuple(dict.fromkeys(notes)), quoted)


def _places(table: Table, number: int, sheets: Sequence[Sheet]) -> list[Place]:
    places = [Place(table, number, sheet) for sheet in sheets if (number, table.id) in sheet.hits]
    return [
        place
        for place in places
        if (place.candidates["rows"] or unlabelled(table.rows))
        and (place.candidates["columns"] or unlabelled(table.columns))
    ]


def _ends(place: Place, places: Mapping[str, Sequence[Place]]) -> list[tuple[int, int, int]]:
    """Headers of other tables in the same sheet: where they begin, a table above them ends."""
    labels = {candidate.spot for candidate in place.candidates["rows"]}
    return [
        (header.above, min(header.columns), max(header.columns))
        for table, others in places.items()
        for other in others
        if table != place.table.id and other.sheet is place.sheet
        for header in other.headers
        if len(header.labels) > 1 or header.labels[0] not in labels
    ]


class _Choice:
    """Which reading of each table stands."""

    def __init__(self, number: int, lexicon: Lexicon, document: Document) -> None:
        self._number = number
        self._lexicon = lexicon
        self._document = document
        self.options: dict[str, list[Reading]] = {}
        self.chosen: dict[str, Reading] = {}
        self.reasons: dict[str, Text] = {}

    def settle(self) -> None:
        """The fullest reading of each table; a cell belongs to one table only, a label to one column."""
        for table in self.options:
            self._choose(table)
        while losers := self._losers():
            for table, winner in losers.items():
                lost = self.chosen.pop(table)
                self.reasons[table] = said.shared(lost.table, winner.table)
                self.options[table] = [reading for reading in self.options[table] if reading is not lost]
            for table in losers:
                self._choose(table)
        used = {(reading.sheet.number, spot) for reading in self.chosen.values() for spot in reading.labels}
        for table, reading in list(self.chosen.items()):
            spots = [spot for header in reading.headers for spot in header.rivals]
            rivals = [spot for spot in spots if (reading.sheet.number, spot) not in used]
            if rivals:
                self.reasons[table] = said.rivals(reading, rivals)
                del self.chosen[table]

    def _choose(self, table: str) -> None:
        best = _best(self.options[table], lambda reading: (reading.found, self._captioned(reading)))
        if len(best) > 1:
            best = _best(best, _filled)
        if len(best) > 1:
            best = _best(best, lambda reading: min(reading.columns) - max(reading.columns))
        if len(best) == 1:
            self.chosen[table] = best[0]
        elif best:
            self.reasons[table] = said.tied(best[0].table, best)

    def _losers(self) -> dict[str, Reading]:
        """Tables that claim a cell of another one with no better right (both, where neither is better) → that one."""
        losers = {}
        for table, reading in self.chosen.items():
            right = self._right(reading)
            for other in self.chosen.values():
                if other is not reading and _overlap(reading, other) and self._right(other) >= right:
                    losers[table] = other
        return losers

    def _right(self, reading: Reading) -> tuple[int, float]:
        return self._captioned(reading), reading.found / len(reading.rows)

    def _captioned(self, reading: Reading) -> int:
        """1 if the nearest caption names the table, -1 if it names others of the form, 0 without one."""
        for named in self._captions(reading):
            own = [table for number, table in named if number == self._number]
            if own:
                return 1 if reading.table.id in own else -1
        return 0

    def _captions(self, reading: Reading) -> Iterator[tuple[tuple[int, str], ...]]:
        """Tables named above, nearest first; then by the sheet's name and by the paragraphs before."""
        grid = reading.sheet.grid
        for spot in sorted(reading.sheet.in_rows(reading.top - ABOVE, reading.top - 1), key=lambda spot: -spot[0]):
            yield self._lexicon.captions(reading.sheet.words[spot])
        yield self._lexicon.captions(grid.name)
        for paragraph in reversed(self._document.paragraphs[max(grid.after - BEFORE, 0) : grid.after]):
            yield self._lexicon.captions(paragraph.text)


def _best(readings: Iterable[Reading], key: Callable[[Reading], Any]) -> list[Reading]:
    ranked = [(key(reading), reading) for reading in readings]
    best = max((own for own, _ in ranked), default=None)
    return [reading for own, reading in ranked if own == best]


def _filled(reading: Reading) -> bool:
    """Not an empty copy of the form."""
    return reading.sheet.ask(filled, [*reading.cells])


def _overlap(one: Reading, other: Reading) -> bool:
    return (
        one.sheet is other.sheet
        and not {*one.columns}.isdisjoint(other.columns)
        and any(row is not None and row in other.rows for row in one.rows)
    )
