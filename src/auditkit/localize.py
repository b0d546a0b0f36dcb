"""From failed rules to suspected cells: the submission as quantities and linear edits, the answer as addresses."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from auditkit.check import Submission, where
from auditkit.check.facts import Stated
from auditkit.check.linear import LinearEdit, Variable, half_step, linear_edits
from auditkit.model.document import Cell, Place, State
from auditkit.model.filled import Filled
from auditkit.model.finding import Checked, Context, Suspect, key_of
from auditkit.model.rule import Rulebook
from auditkit.model.words import Text
from auditkit.numerals import Written
from auditkit.suspects import Edit, Quantity, locate

LIMIT_SECONDS = 5.0


def suspects_of(
    book: Rulebook, submission: Submission, context: Context, stated: Mapping[str, Stated], checked: Checked
) -> tuple[Suspect, ...]:
    """The cells that would explain the failed rules of one submission, likeliest first; empty when nothing failed."""
    failed = {f.key: f for f in checked.findings if f.status == "fail" and f.terms and f.level != "info"}
    if not failed:
        return ()
    linear = list(linear_edits(book.rules, submission, stated))
    numbers = _Numbers(submission, stated)
    edits = [_edit(book, submission, context, one, numbers) for one in linear]
    if not any(edit.key in failed for edit in edits):
        return ()
    found = locate(numbers.quantities(), edits, limit_seconds=LIMIT_SECONDS)
    suspects = []
    for suspicion in found.suspicions:
        clears = tuple(key for key in suspicion.clears if key in failed)
        if not clears:
            continue
        singles = [one.changes[0] for one in suspicion.alternatives if len(one.changes) == 1]
        changes = singles or list(suspicion.alternatives[0].changes)
        places = [numbers.place(change.quantity) for change in changes]
        suspects.append(
            Suspect(
                places=tuple(places),
                names=tuple(numbers.name(book, change.quantity) for change in changes),
                current=tuple(numbers.text(change.quantity) for change in changes),
                proposed=tuple(_printed(change.value) for change in changes),
                clears=clears,
                slip=suspicion.slip,
                slip_kind=suspicion.kind,
                confidence=suspicion.confidence,
                because=suspicion.because,
                together=not singles,
            )
        )
    return tuple(suspects)


def _printed(value: Decimal) -> str:
    whole = value.to_integral_value()
    return f"{whole if value == whole else value.normalize():f}"


def _edit(book: Rulebook, submission: Submission, context: Context, one: LinearEdit, numbers: _Numbers) -> Edit:
    rule = next(r for r in book.rules if r.id == one.rule)
    table, row, column = where(rule, one.line, submission)
    slack = Decimal(0)
    for (kind, name), coefficient in one.form.terms.items():
        if kind != "fact":
            slack += half_step(submission, kind, int(name)) * abs(
                Decimal(coefficient.numerator) / coefficient.denominator
            )
    return Edit(
        key=key_of(submission.form.id, rule.id, context.unit, context.period, table, row, column),
        terms=tuple((numbers.id(variable), coefficient) for variable, coefficient in one.form.terms.items()),
        constant=one.form.constant,
        relation=one.relation,
        slack=slack,
        level=one.level,
    )


class _Numbers:
    """Ids for the quantities the edits name: slots of this year, then of last year, then facts."""

    def __init__(self, submission: Submission, stated: Mapping[str, Stated]) -> None:
        self.submission = submission
        self.stated = stated
        self.size = submission.form.size
        self.facts: list[str] = []
        self.used: dict[int, Variable] = {}

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
        cell = source.cell(slot)
        value, text = cell.number, cell.text
        if value is None and cell.state in {State.BLANK, State.NIL} and table.blank_at(row, column) == "zero":
            value, text = Decimal(0), ""
        cell_kind = table.kind_at(row, column)
        return Quantity(
            id=number,
            value=value,
            text=text,
            step=cell.step,
            whole=cell_kind in {"count", "integer"},
            low=Decimal(0) if cell_kind == "count" else None,
            signs=("accepted",) if kind == "last" else self._signs(source, slot, cell),
            neighbours=self._neighbours(source, table_id, row, column),
            last=self._last(slot) if kind == "now" else None,
            formula=bool(cell.formula),
            percent=cell_kind == "percent",
            lines=(
                f"{kind} {table_id} {table.rows.lines[row].name}",
                f"{kind} {table_id} [{table.columns.lines[column].name}]",
            ),
        )

    def _signs(self, source: Filled, slot: int, cell: Cell) -> tuple[str, ...]:
        table = self.submission.form.slots[slot][0]
        signs = ["formula"] if cell.formula else []
        spot = source.spots.get(table)
        if spot is not None and source.document.kind == "workbook" and cell.number is not None and cell.place.row >= 0:
            grid = source.document.grids[spot.grid]
            if isinstance(grid.rows[cell.place.row][cell.place.column], str):
                signs.append("stored as text")
        return tuple(signs)

    def _neighbours(self, source: Filled, table_id: str, row: int, column: int) -> tuple[Decimal, ...]:
        table = self.submission.form.tables[table_id]
        beside = [(row, column - 1), (row - 1, column), (row, column + 1), (row + 1, column)]
        inside = [(r, c) for r, c in beside if 0 <= r < len(table.rows.lines) and 0 <= c < len(table.columns.lines)]
        numbers = [source.cell(table.slot(r, c)).number for r, c in inside]
        return tuple(n for n in numbers if n is not None)

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
        return (
            self.stated[str(name).partition(".")[0]].place
            if kind == "fact"
            else self._source(kind).cell(int(name)).place
        )

    def text(self, number: int) -> str:
        kind, name = self.used[number]
        return self._written(str(name)).text if kind == "fact" else self._source(kind).cell(int(name)).text

    def name(self, book: Rulebook, number: int) -> Text:
        kind, name = self.used[number]
        if kind == "fact":
            return book.label(str(name))
        table_id, row, column = self.submission.form.slots[int(name)]
        table = self.submission.form.tables[table_id]
        spoken = [book.label(table.rows.lines[row].name), book.label(table.columns.lines[column].name)]
        return Text(f"{spoken[0].zh}·{spoken[1].zh}", f"{spoken[0].en} · {spoken[1].en}")
