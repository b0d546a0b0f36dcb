"""A register judged: rows that are not clear beyond doubt, and whole columns, exactly, by the ordinary engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from auditkit.edits import check
from auditkit.model.document import Cell, Document, Place, State
from auditkit.model.expression import Call, Cells, IsUnique
from auditkit.model.filled import Filled, Spot
from auditkit.model.finding import Checked, Context, Tally
from auditkit.model.form import EXACT, Form
from auditkit.model.rule import Rule
from auditkit.records import fitted
from auditkit.register.blocks import Ragged
from auditkit.register.columns import written
from auditkit.register.gathering import Gathered, gather
from auditkit.register.opening import Register
from auditkit.register.totals import Total
from auditkit.schema import counted_as_zero, judge_cells, note_blanks
from auditkit.stack import stack

BATCH = 2048
"""Rows that are judged at once."""


def check_register(register: Register, context: Context) -> Checked | None:
    """Every rule that a register can be asked, over all its rows, in memory for some blocks and the doubtful rows.

    None where it is no register after all, and the ordinary way says what it is.
    """
    try:
        judging = _Judging(register, context, gather(register))
        judging.rows()
        judging.keys()
        judging.columns()
        judging.blanks()
    except Ragged:
        return None
    return judging.done


class _Judging:
    """What was gathered, judged part by part."""

    def __init__(self, register: Register, context: Context, seen: Gathered) -> None:
        self.register = register
        self.context = context
        self.seen = seen
        self.done = Checked()
        self.declared = seen.rows.declared

    def rows(self) -> None:
        """The doubtful rows, and those the form names."""
        seen, table = self.seen, self.register.table
        doubtful = sorted(seen.doubtful)
        looked = seen.faulty or bool(self.declared)
        for code, n in seen.passed.items():
            self.done.count(code, Tally(n))
        for code, n in seen.no_last.items():
            self.done.count(code, Tally(unchecked={"no last year": n} if n else {}))
        shown = doubtful or [seen.one][: seen.records]  # one record at least, asked nothing, shows that there are some
        names = seen.names(seen.with_above(shown)) if shown else {}
        for at in range(0, max(len(shown), 1), BATCH):
            batch = shown[at : at + BATCH]
            around = {row: names[row] for row in seen.with_above(batch)}
            self._add(self._judged(self.register.asked.by_row, around, doubtful and batch, declared=not at))
            if looked:
                self._add(self._judged((), {row: names[row] for row in batch}, declared=not at, cells=True))
        if (cells := table.codes.get("cells")) is not None:
            self.done.count(cells, Tally((seen.records - (len(shown) if looked else 0)) * len(self.register.columns)))

    def keys(self) -> None:
        """Rows whose key is given more than once, and those of which nothing is known."""
        seen, start = self.seen, self.register.top
        for rule in self.register.asked.by_key:
            columns = {c for n in rule.nodes if isinstance(n, IsUnique) for c in _columns(n)}
            again = np.zeros(seen.height - start, dtype=bool)
            for column in columns:
                again |= seen.given_twice(column)
            cleared = np.concatenate(seen.cleared.get(rule.id, [~again]))
            self.done.count(rule.id, Tally(int((cleared & ~again).sum())))
            rows = sorted({*(np.flatnonzero(again) + start).tolist(), *seen.undecided.get(rule.id, ())} - seen.apart)
            self._add(self._judged((rule,), seen.names(seen.with_above(rows)) if rows else {}, rows))

    def columns(self) -> None:
        """Rows the form names against whole columns: one record stands for all, in which each column is put together.

        Raises:
            Ragged: a column cannot be added up exactly.
        """
        for rule in self.register.asked.by_column:
            function = next(node.function for node in rule.nodes if isinstance(node, Call))
            totals = self.seen.totals
            if function == "sum" and any(total.inexact for total in totals):
                raise Ragged(rule.id)
            judged = self._judged((rule,), {}, whole=(function, totals))
            if judged.findings and function == "sum":
                # Supposed to be shown to the last digit of the finest figure; their texts say how many each shows.
                kinds = self.seen.eyes.kinds
                rounded = [at for at, one in enumerate(totals) if kinds[at] not in EXACT and one.decimals]
                for at, step in self.seen.steps(rounded).items():
                    totals[at].step = step
                judged = self._judged((rule,), {}, whole=(function, totals)) if rounded else judged
            self._add(judged)

    def blanks(self) -> None:
        """The note on cells that count as zero."""
        seen, table = self.seen, self.register.table
        if "blank" not in table.codes:
            return
        filled = self._filled({}, declared=True)
        custom = counted_as_zero(table, filled.form.blanks)
        states = np.frombuffer(filled.states, np.uint8)
        blank, dash = (states == State.BLANK) & custom, (states == State.NIL) & custom
        place = None if seen.first is None else self._place(*seen.first)
        if (blank | dash).any():
            place = filled.cell(int(np.argmax(blank | dash))).place
        counts = seen.blanks + int(blank.sum()), seen.dashes + int(dash.sum())
        note_blanks(filled.form.id, table, counts, place, self.context, self.done)

    def _place(self, row: int, column: int) -> Place:
        return Place(self.register.source.name, "", row, self.register.columns[column])

    def _add(self, judged: Checked) -> None:
        self.done.findings += judged.findings
        self.done.count_all(judged.tallies)

    def _judged(
        self,
        rules: tuple[Rule, ...],
        names: Mapping[int, str],
        asked: Collection[int] = (),
        *,
        declared: bool = True,
        cells: bool = False,
        whole: tuple[str, Sequence[Total]] | None = None,
    ) -> Checked:
        """Ask the rules of some of these records, and of the rows the form names; or judge the cells of them all."""
        filled = self._filled(names, declared=declared, whole=whole)
        book = self.register.book
        only = replace(
            book, rules=rules, form=replace(book.form, tables={t.id: book.form.tables[t.id] for t in filled.form})
        )
        own, now, _ = fitted(only, filled, None)
        wanted = {names[row] for row in asked}
        own = replace(own, rules=tuple(self._of_some(rule, own.form, wanted, declared=declared) for rule in own.rules))
        pile = stack(own.form, [now], [None])
        (judged,) = check(own, pile, [self.context])
        if cells:
            judge_cells(own, pile, [self.context], [judged])
        return judged

    def _of_some(self, rule: Rule, form: Form, records: Collection[str], *, declared: bool) -> Rule:
        """The rule, asked of these records and of the rows that the form names, or of the records alone."""
        if rule.scope is None or rule.scope.each != "row":
            return rule
        lines, named = form.tables[rule.scope.table].rows.lines, len(self.register.table.rows.lines)
        asked = (line for line in rule.scope.lines if (declared if line < named else lines[line].name in records))
        return replace(rule, scope=replace(rule.scope, lines=tuple(asked)))

    def _filled(
        self, names: Mapping[int, str], *, declared: bool, whole: tuple[str, Sequence[Total]] | None = None
    ) -> Filled:
        """Some records, and the rows the form names, as a submission of their own, at their own addresses."""
        register, named = self.register, self.declared if declared else {}
        texts = self.seen.texts([*names, *named.values()])
        form = register.form([*names.values(), *(["1"] if whole else [])])
        table = form.tables[register.table.id]
        at: list[int | None] = [named.get(line.name) for line in register.table.rows.lines]
        at += [*names, *([-1] if whole else [])]
        cells: list[Cell] = []
        for line, row in enumerate(at):
            for column in range(len(register.columns)):
                kind = table.kind_at(line, column)
                if row is None:
                    cells.append(Cell(Place(register.source.name), "", None, State.ABSENT))
                elif row < 0 and whole is not None:
                    cells.append(self._together(whole[0], whole[1][column], exact=kind in EXACT))
                else:
                    said = written(texts[row][column], kind)
                    step = table.finest(said.step)
                    cells.append(Cell(self._place(row, column), said.text, said.number, said.state, step, said.unit))
        return Filled(
            document=Document(register.source.name, "delimited"),
            form=form,
            spots={table.id: Spot(0, tuple(at), register.columns)},
            missing={},
            values=tuple(float("nan") if cell.number is None else float(cell.number) for cell in cells),
            states=bytes(cell.state for cell in cells),
            words=(),
            cell=cells.__getitem__,
        )

    def _together(self, function: str, column: Total, *, exact: bool) -> Cell:
        """A whole column as one cell; of rounded figures a sum is as unsure as all of them together."""
        place = Place(self.register.source.name)
        if column.gap is not None:
            return Cell(place, "", None, column.gap)
        number = column.put(function)
        if number is None:
            return Cell(place, "", None, State.BLANK)
        step = Decimal(1).scaleb(-column.decimals)
        if function == "sum" and not exact:
            step = step * column.cells if column.step is None else column.step
        return Cell(place, f"{number:f}", number, State.NUMBER, step)


def _columns(node: IsUnique) -> tuple[int, ...]:
    return (node.operand.columns or ()) if isinstance(node.operand, Cells) else ()
