"""From failed rules to suspected cells: the submission as quantities and linear edits, the answer as addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal

from auditkit.edits import Submission, where
from auditkit.edits.facts import Stated
from auditkit.edits.linear import LinearEdit, Variable, half_step, linear_edits
from auditkit.model.document import Cell, Place, State
from auditkit.model.filled import Filled
from auditkit.model.finding import Checked, Context, Suspect, key_of
from auditkit.model.form import EXACT, Table
from auditkit.model.rule import Rulebook
from auditkit.model.words import Text
from auditkit.numerals import Written
from auditkit.signs import signs
from auditkit.suspects import Edit, Quantity, Suspicion, locate
from auditkit.suspects.told import told

LIMIT_SECONDS = 5.0
SEVERAL = 2
"""Soft relations that one cell must put right together before it is suspected."""


@dataclass(frozen=True, slots=True)
class Located:
    """Suspected cells, likeliest first, and what is to be said of the rest."""

    suspects: tuple[Suspect, ...] = ()
    notes: tuple[Text, ...] = ()


_IN_TEXT = Text("文中的数", "the number in the text")
_TOO_MANY = Text(
    "错误太多，无法逐一指向单元格；未归到某一格的，只列出不成立的关系。",
    "Too many errors to point at single cells: where no cell is named, only the relations that fail are listed.",
)


def suspects_of(
    book: Rulebook, submission: Submission, context: Context, stated: Mapping[str, Stated], checked: Checked
) -> Located:
    """The cells that would explain the failed rules of one submission; a blank the others determine is told too."""
    failed = {f.key: f for f in checked.findings if f.status == "fail" and f.terms and f.level != "info"}
    # A soft relation that fails alone may be another measure or a change of scope: it points at no cell. Several that
    # one cell would put right do.
    sure = {key for key, finding in failed.items() if finding.level == "hard" or finding.name == "blanks"}
    if not sure and len(failed) < SEVERAL:
        return Located()
    linear = list(linear_edits(book.rules, submission, stated))
    numbers = Numbers(submission, stated, linear)
    edits = [_edit(submission, context, one, numbers) for one in linear]
    cells: dict[Place, list[str]] = {}
    for key, finding in failed.items():
        if finding.name in {"blanks", "cells"}:
            cells.setdefault(finding.place, []).append(key)
    asked = {edit.key for edit in edits}
    if not cells and asked.isdisjoint(sure) and len(asked & failed.keys()) < SEVERAL:
        return Located()
    found = locate(numbers.quantities(), edits, limit_seconds=LIMIT_SECONDS, priors=book.priors)
    suspects = told(found, numbers.place, lambda number: numbers.name(book, number), numbers.text)
    cleared = [_clearing(suspect, failed.keys(), cells) for suspect in suspects]
    pointed = {n for n, one in enumerate(cleared) if len(one.clears) >= SEVERAL or sure.intersection(one.clears)}
    wanted = _leaning(found.suspicions, pointed, edits)
    kept = tuple(suspect for n, suspect in enumerate(cleared) if n in wanted)
    return Located(kept, (_TOO_MANY,) if found.too_many and sure else ())


def _leaning(suspicions: Sequence[Suspicion], wanted: set[int], edits: Sequence[Edit]) -> set[int]:
    """The wanted suspicions, and those without which putting them right would break what holds now."""
    cells = {edit.key: {cell for cell, _ in edit.terms} for edit in edits}
    edge = [*wanted]
    while edge:
        leant = set[int]().union(*(cells[key] for key in suspicions[edge.pop()].leans))
        more = {n for n, one in enumerate(suspicions) if n not in wanted and not leant.isdisjoint(one.quantities)}
        wanted = wanted | more
        edge.extend(more)
    return wanted


def _clearing(suspect: Suspect, failed: AbstractSet[str], cells: Mapping[Place, Sequence[str]]) -> Suspect:
    """With the findings it clears: failed rules, and what is said of the cells themselves that would change."""
    changing = suspect.places if suspect.together or len(suspect.places) == 1 else ()
    own = [key for place in changing for key in cells.get(place, ())]
    return replace(suspect, clears=tuple(dict.fromkeys([*own, *(key for key in suspect.clears if key in failed)])))


def _edit(submission: Submission, context: Context, one: LinearEdit, numbers: Numbers) -> Edit:
    rule = one.rule
    table, row, column = where(rule, one.line, submission)
    fact = next((str(name).partition(".")[0] for kind, name in one.form.terms if kind == "fact"), "")
    if fact:
        row = f"{fact}@{numbers.stated[fact].role}"
    slack = Decimal(0)
    for (kind, name), coefficient in one.form.terms.items():
        if kind != "fact":
            slack += half_step(submission, kind, int(name)) * abs(
                Decimal(coefficient.numerator) / coefficient.denominator
            )
    return Edit(
        key=key_of(submission.form.id, one.rule.id, context.unit, context.period, table, row, column),
        terms=tuple((numbers.id(variable), coefficient) for variable, coefficient in one.form.terms.items()),
        constant=one.form.constant,
        relation=one.relation,
        slack=slack,
        level=rule.level,
    )


def _lines(table: Table, row: int, column: int, *, last: bool) -> tuple[str, str]:
    """The row and the column a cell stands in, as they are told."""
    where = f"上年 {table.id}" if last else table.id
    return f"{where} {table.rows.lines[row].name}", f"{where} [{table.columns.lines[column].name}]"


_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


def cells_of(formula: str) -> set[tuple[int, int]]:
    """The cells a formula without sheet names refers to, ranges filled in; at most some thousands."""
    found: set[tuple[int, int]] = set()
    for match in _RANGE.finditer(formula):
        first, top, last, bottom = match.groups()
        left, right = (_column(letters) for letters in (first, last or first))
        for row in range(int(top) - 1, min(int(bottom or top), int(top) + 5000)):
            found.update((row, column) for column in range(left, min(right, left + 500) + 1))
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


class Numbers:
    """Ids for the quantities the edits name: slots of this year, then of last year, then facts."""

    def __init__(self, submission: Submission, stated: Mapping[str, Stated], edits: Sequence[LinearEdit]) -> None:
        self.submission = submission
        self.stated = stated
        self.size = submission.form.size
        self.facts: list[str] = []
        self.used: dict[int, Variable] = {}
        self.edits = edits
        self._cells: dict[tuple[str, int], Cell] = {}

    def id(self, variable: Variable) -> int:
        kind, name = variable
        if kind == "fact":
            if name not in self.facts:
                self.facts.append(str(name))
            number = 2 * self.size + self.facts.index(str(name))
        else:
            number = int(name) + (self.size if kind == "last" else 0)
        self.used[number] = variable
        return number

    def quantities(self) -> list[Quantity]:
        return [self._quantity(number, variable) for number, variable in sorted(self.used.items())]

    def _quantity(self, number: int, variable: Variable) -> Quantity:
        kind, name = variable
        if kind == "fact":
            written = self._written(str(name))
            return Quantity(number, written.number, written.text, written.step, whole=written.step == 1)
        source = self._source(kind)
        slot = int(name)
        table_id, row, column = self.submission.form.slots[slot]
        table = self.submission.form.tables[table_id]
        cell = self._cell(kind, slot)
        value, text = cell.number, cell.text
        if value is None and cell.state in {State.BLANK, State.NIL} and table.blank_at(row, column) == "zero":
            value, text = Decimal(0), ""
        cell_kind = table.kind_at(row, column)
        return Quantity(
            id=number,
            value=value,
            text=text,
            step=cell.step,
            whole=cell_kind in EXACT,
            low=Decimal(0) if cell_kind == "count" else None,
            signs=("accepted",) if kind == "last" else signs(source, slot, cell),
            neighbours=self._neighbours(kind, table_id, row, column),
            last=self._last(slot) if kind == "now" else None,
            formula=bool(cell.formula),
            percent=cell_kind == "percent",
            formula_gap=self._gap(slot, cell) if kind == "now" and cell.formula else None,
            movable=kind == "now",
            lines=_lines(table, row, column, last=kind == "last"),
        )

    def _cell(self, kind: str, slot: int) -> Cell:
        """Made once: it is its neighbours' neighbour too."""
        if (kind, slot) not in self._cells:
            self._cells[kind, slot] = self._source(kind).cell(slot)
        return self._cells[kind, slot]

    def _neighbours(self, kind: str, table_id: str, row: int, column: int) -> tuple[Decimal, ...]:
        table = self.submission.form.tables[table_id]
        beside = [(row, column - 1), (row - 1, column), (row, column + 1), (row + 1, column)]
        inside = [(r, c) for r, c in beside if 0 <= r < len(table.rows.lines) and 0 <= c < len(table.columns.lines)]
        numbers = [self._cell(kind, table.slot(r, c)).number for r, c in inside]
        return tuple(n for n in numbers if n is not None)

    def _gap(self, slot: int, cell: Cell) -> Text | None:
        """A SUM that leaves out cells which a rule adds up to this one."""
        summed = cells_of(cell.formula)
        for edit in self.edits:
            parts = [
                int(name) for (kind, name), c in edit.form.terms.items() if kind == "now" and name != slot and c < 0
            ]
            if edit.form.terms.get(("now", slot)) != 1 or len(parts) < len(edit.form.terms) - 1:
                continue
            places = [self.submission.now.cell(part).place for part in parts]
            missed = [p.address for p in places if p.sheet == cell.place.sheet and (p.row, p.column) not in summed]
            if missed and len(missed) < len(parts):
                cells = ", ".join(missed)
                return Text(f"公式 {cell.formula} 漏了 {cells}", f"the formula {cell.formula} leaves out {cells}")
        return None

    def _last(self, slot: int) -> Decimal | None:
        return self.submission.before.cell(slot).number if self.submission.before is not None else None

    def _source(self, kind: str) -> Filled:
        source = self.submission.now if kind == "now" else self.submission.before
        assert source is not None
        return source

    def _written(self, name: str) -> Written:
        fact, _, hole = name.partition(".")
        return self.stated[fact].values[hole]

    def place(self, number: int) -> Place:
        kind, name = self.used[number]
        if kind != "fact":
            return self._source(kind).cell(int(name)).place
        fact, _, hole = str(name).partition(".")
        stated = self.stated[fact]
        start, end = stated.spans[hole]
        return stated.place._replace(start=start, end=end) if stated.place.paragraph else stated.place

    def text(self, number: int) -> str:
        kind, name = self.used[number]
        return self._written(str(name)).text if kind == "fact" else self._source(kind).cell(int(name)).text

    def name(self, book: Rulebook, number: int) -> Text:
        kind, name = self.used[number]
        if kind == "fact":
            said = book.label(str(name))
            return _IN_TEXT if said.en == name else said
        table_id, row, column = self.submission.form.slots[int(name)]
        table = self.submission.form.tables[table_id]
        spoken = [book.label(table.rows.lines[row].name), book.label(table.columns.lines[column].name)]
        return Text(f"{spoken[0].zh}·{spoken[1].zh}", f"{spoken[0].en} · {spoken[1].en}")
