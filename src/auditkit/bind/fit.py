"""One form laid over the sheets: for every table the one reading that stands, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from auditkit.bind import said
from auditkit.bind.choice import Choice
from auditkit.bind.extra import extra_lines
from auditkit.bind.headers import Headed, headed
from auditkit.bind.lexicon import Lexicon
from auditkit.bind.place import Place, unlabelled
from auditkit.bind.reading import Reading
from auditkit.bind.readings import End, readings
from auditkit.bind.sheet import Sheet, Spot
from auditkit.model.document import Document
from auditkit.model.form import Form, Table
from auditkit.model.words import Text


@dataclass(frozen=True)
class Fit:
    """A form as far as it was found. What there is to say is put into words only for the form that is chosen."""

    form: Form
    number: int
    """The form's number in the lexicon."""
    readings: Mapping[str, Reading]
    older: Mapping[str, Sequence[Reading]]
    """Table → readings on sheets of earlier years, passed over for this one."""
    copied: Sequence[str]
    """Tables that stand equally on several sheets."""
    _reasons: Mapping[str, Text] = field(repr=False)
    _places: Mapping[str, Sequence[Headed]] = field(repr=False)
    _sheets: Sequence[Sheet] = field(repr=False)
    document: Document = field(repr=False)

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
        """Nothing is missing or passed over; otherwise messages quote whatever texts stand nearby."""
        found = all(r.found == len(r.rows) and None not in r.kept for r in self.readings.values())
        return found and not self.older and not self.form.lists and len(self.readings) == len(self.form.tables)

    @cached_property
    def fitted(self) -> Form:
        """The form with the records that its lists have here."""
        if not self.form.lists:
            return self.form
        tables: dict[str, Table] = {}
        for table in self.form:
            reading = self.readings.get(table.id)
            rows = table.rows if reading is None or reading.turned else reading.table.rows
            tables[table.id] = replace(table, rows=rows, offset=sum(one.size for one in tables.values()))
        return replace(self.form, tables=tables)

    @property
    def doubts(self) -> tuple[Text, ...]:
        """Why tables that were seen do not stand: several places, or several tables, fit equally."""
        return tuple(text for id_, text in self._reasons.items() if id_ not in self.readings)

    @property
    def copies(self) -> tuple[Text, ...]:
        """Doubts about tables that stand equally on several sheets."""
        return tuple(self._reasons[id_] for id_ in self.copied if id_ not in self.readings)

    @cached_property
    def missing(self) -> dict[str, Text]:
        """Table → why it was not found."""
        return {
            table.id: self._reasons.get(table.id)
            or said.missing(table, self._places[table.id], self._sheets, self.document)
            for table in self.form
            if table.id not in self.readings
        }

    @cached_property
    def extra(self) -> dict[str, list[Spot]]:
        """Table → labels of lines the form does not have."""
        return {id_: extra_lines(reading, self.readings.values()) for id_, reading in self.readings.items()}

    @cached_property
    def notes(self) -> tuple[Text, ...]:
        notes = (note for id_, reading in self.readings.items() for note in said.notes(reading, self.extra[id_]))
        years = (said.newest(self.readings[id_], older) for id_, older in self.older.items() if id_ in self.readings)
        return tuple(dict.fromkeys((*years, *notes)))

    @property
    def aside(self) -> frozenset[int]:
        """Sheets of earlier years: what they say is not this report's."""
        used = {reading.sheet.number for reading in self.readings.values()}
        return frozenset(r.sheet.number for older in self.older.values() for r in older if r.sheet.number not in used)

    def quoted(self, sheet: int) -> set[Spot]:
        """Texts of a sheet that a note quotes."""
        return {spot for id_, spots in self.extra.items() if self.readings[id_].sheet.number == sheet for spot in spots}


def fit(form: Form, number: int, sheets: Sequence[Sheet], lexicon: Lexicon, document: Document) -> Fit:
    """Finds all tables of one form. Hidden sheets count only for what no visible sheet holds."""
    places = {table.id: _places(table, number, sheets) for table in form}
    choice = Choice(number, lexicon, document)
    headers: dict[int, list[Headed]] = {}
    for one in (place for own in places.values() for place in own if place.headers):
        headers.setdefault(one.place.sheet.number, []).append(one)
    for table in form:
        options = [r for place in places[table.id] for r in _read(place, headers) if _enough(r)]
        options = options or _on_its_side(table, number, sheets, headers)
        choice.options[table.id] = choice.fullest([r for r in options if not r.sheet.grid.hidden] or options)
    choice.settle()
    chosen = {table.id: choice.chosen[table.id] for table in form if table.id in choice.chosen}
    return Fit(form, number, chosen, choice.older, choice.copied, choice.reasons, places, sheets, document)


def _read(place: Headed, headers: Mapping[int, Sequence[Headed]]) -> list[Reading]:
    beside = headers.get(place.place.sheet.number, ()) if place.headers else ()
    return readings(place, _ends(place, beside))


def _on_its_side(
    table: Table, number: int, sheets: Sequence[Sheet], headers: Mapping[int, Sequence[Headed]]
) -> list[Reading]:
    """Readings of a table that stands nowhere upright: its rows as columns, and all of both."""
    if table.records is not None:
        return []
    turned = [one for place in _possible(table, number, sheets, turned=True) for one in headed(place)]
    return [reading for place in turned for reading in _read(place, headers) if None not in reading.rows]


def _enough(reading: Reading) -> bool:
    """Half of the rows; a row of a pasted table was taken for its label and its width, so few are as sure as many."""
    return reading.enough or (reading.sheet.grid.pasted and reading.found > 0)


def _places(table: Table, number: int, sheets: Sequence[Sheet]) -> list[Headed]:
    return [one for place in _possible(table, number, sheets) for one in headed(place)]


def _possible(table: Table, number: int, sheets: Sequence[Sheet], *, turned: bool = False) -> list[Place]:
    places = (Place(table, number, sheet, turned=turned) for sheet in sheets if (number, table.id) in sheet.hits)
    return [place for place in places if place.possible]


def _ends(one: Headed, beside: Sequence[Headed]) -> list[End]:
    """Headers of other tables among those of the same sheet, unless a single word that may be a row of this one."""
    labels = {candidate.spot for candidate in one.place.candidates["rows"]}
    return [
        (header.above, min(header.columns), max(header.columns))
        for other in beside
        if other.place.table.id != one.place.table.id
        for header in other.headers
        if len(header.labels) > 1 or header.labels[0] not in labels
    ]
