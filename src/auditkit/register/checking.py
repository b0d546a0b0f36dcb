"""A register judged: every row screened in blocks; rows that are not clear beyond doubt, and whole columns, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np

from auditkit.alignment import unique_names
from auditkit.edits import check
from auditkit.edits.screen import screen
from auditkit.model.document import Cell, Document, Place, State
from auditkit.model.expression import Call
from auditkit.model.filled import Filled, Spot
from auditkit.model.finding import Checked, Context, Tally
from auditkit.model.form import EXACT, Form
from auditkit.model.rule import Rule, Rulebook, Scope
from auditkit.records import fitted
from auditkit.register.blocks import Block, blocks, words_of, written
from auditkit.register.opening import Register
from auditkit.schema import check_cells, clear
from auditkit.stack import Bools, Bytes, Floats, layered, stack

PRECISE = 6
"""Decimals up to which a column is added up in whole units, without rounding."""


@dataclass
class _Column:
    """One column put together: the sum in units of its last digit, the extremes, how many cells."""

    total: int = 0
    decimals: int = 0
    least: float = np.inf
    most: float = -np.inf
    cells: int = 0
    inexact: bool = False
    gap: State | None = None
    """What the first cell holds that is no number and may not be left out."""

    def add(self, values: Floats, states: Bytes, *, blanks: bool) -> None:
        """A block's cells of this column; ``blanks``: one may be blank."""
        if self.gap is None:
            odd = states != State.NUMBER
            if blanks:
                odd &= (states != State.BLANK) & (states != State.NIL)
            first = np.flatnonzero(odd)[:1].tolist()
            self.gap = State(int(states[first[0]])) if first else None
        there = values[~np.isnan(values)]
        if not len(there):
            return
        self.cells += len(there)
        self.least, self.most = min(self.least, float(there.min())), max(self.most, float(there.max()))
        for decimals in range(self.decimals, PRECISE + 1):
            units = np.rint(there * 10.0**decimals)
            if np.array_equal(units / 10.0**decimals, there):
                self.total = self.total * 10 ** (decimals - self.decimals) + int(units.astype(np.int64).sum())
                self.decimals = decimals
                return
        self.inexact = True

    def put(self, function: str) -> Decimal | None:
        if not self.cells or (function == "sum" and self.inexact):
            return None
        if function == "sum":
            return Decimal(self.total).scaleb(-self.decimals)
        return Decimal(repr(self.least if function == "min" else self.most))


@dataclass
class _Seen:
    """What a pass over the blocks leaves: rows to judge, columns put together, keys by their hashes."""

    rows: int = 0
    doubtful: list[int] = field(default_factory=list)
    faulty: bool = False
    """Some cell may not be what its kind asks for."""
    declared: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    blank_keys: list[int] = field(default_factory=list)
    cells: int = 0
    columns: list[_Column] = field(default_factory=list)
    hashes: dict[int, list[np.ndarray[Any, Any]]] = field(default_factory=dict)


def check_register(register: Register, context: Context) -> Checked:
    """Every rule that a register can be asked, over all its rows, in memory for one block and the doubtful rows.

    Raises:
        Ragged: the lines do not all have the same cells.
    """
    seen = _screened(register)
    done = Checked()
    _judge_rows(register, context, seen, done)
    _judge_keys(register, context, seen, done)
    _judge_columns(register, context, seen, done)
    return done


def _screened(register: Register) -> _Seen:
    form = register.form(["1"])
    table = form.tables[register.table.id]
    last = len(table.rows.lines) - 1
    assert table.records is not None
    key = table.columns.index[table.records.key]
    rules = [_on_row(rule, last) for rule in register.by_row]
    width = len(register.columns)
    seen = _Seen(columns=[_Column() for _ in range(width)])
    slots = slice(table.slot(last, 0), table.slot(last, 0) + width)
    for block in blocks(register):
        mine = _records(register, block, seen)
        values, states = _over(form, slots, block)
        pile = layered(form, values, states)
        doubtful = ~clear(form, values, states)
        seen.faulty |= bool((mine & doubtful).any())
        cleared: list[tuple[str, Bools]] = []
        for rule in rules:
            screened = screen(rule, pile)
            doubtful |= ~(screened.cleared | screened.skipped)[:, 0]
            cleared.append((rule.id, screened.cleared[:, 0]))
        if not seen.doubtful and mine.any():
            doubtful[np.argmax(mine)] = True  # one at least is judged, which shows what there is
        settled = mine & ~doubtful
        for code, yes in cleared:
            seen.passed[code] = seen.passed.get(code, 0) + int((yes & settled).sum())
        seen.cells += int(settled.sum()) * width
        seen.doubtful += (np.flatnonzero(mine & doubtful) + block.top).tolist()
        seen.blank_keys += (np.flatnonzero(mine & (block.states[:, key] == State.BLANK)) + block.top).tolist()
        for at, column in enumerate(seen.columns if register.by_column else ()):
            blanks = table.blank_at(last, at) != "report"
            column.add(block.values[mine, at], block.states[mine, at], blanks=blanks)
        _hash(register, block, seen)
        seen.rows += len(block.values)
    return seen


def _over(form: Form, slots: slice, block: Block) -> tuple[Floats, Bytes]:
    """A block's cells in the slots of a form in which the rows that the form itself names are absent."""
    if form.size == block.values.shape[1]:
        return block.values, block.states
    values = np.full((len(block.values), form.size), np.nan, order="F")
    states = np.full(values.shape, State.ABSENT, dtype=np.uint8, order="F")
    values[:, slots], states[:, slots] = block.values, block.states
    return values, states


def _on_row(rule: Rule, row: int) -> Rule:
    assert rule.scope is not None
    return replace(rule, scope=Scope("row", rule.scope.table, (row,)))


def _records(register: Register, block: Block, seen: _Seen) -> Bools:
    """Which rows are records, and not rows the form itself names."""
    assert register.table.records is not None
    key = register.table.columns.index[register.table.records.key]
    labels = {label: line.name for line in register.table.rows.lines for label in line.labels}
    mine = np.ones(len(block.values), dtype=bool)
    if labels and key in block.words:
        for i, said in enumerate(block.words[key].to_pylist()):
            if said in labels:
                seen.declared.setdefault(labels[said], block.top + i)
                mine[i] = False
    return mine


def _hash(register: Register, block: Block, seen: _Seen) -> None:
    for _, column in register.unique:
        if column in block.words:
            hashed = map(hash, block.words[column].to_pylist())
            seen.hashes.setdefault(column, []).append(np.fromiter(hashed, np.int64, len(block.values)))


def _judge_rows(register: Register, context: Context, seen: _Seen, done: Checked) -> None:
    """The doubtful rows, and those the form names, by the ordinary engine, from their texts."""
    rows = sorted({*seen.doubtful, *seen.declared.values()})
    filled = _filled(register, rows, seen.declared)
    scoped = replace(register.book, rules=register.by_row)
    looked = seen.faulty or bool(seen.declared)
    judged = _engine(scoped, filled, context, cells=looked)
    for code, n in seen.passed.items():
        _count(judged, code, Tally(n))
    if (cells := register.table.codes.get("cells")) is not None:
        among = 0 if looked else len(rows) * len(register.columns)
        _count(judged, cells, Tally(seen.cells + among))
    if not looked and (blank := register.table.codes.get("blank")) is not None:
        judged.tallies[blank] = Tally(passed=1)
    _add(done, judged)


def _judge_keys(register: Register, context: Context, seen: _Seen, done: Checked) -> None:
    for rule, column in register.unique:
        hashes = np.concatenate(seen.hashes.get(column, [np.array([], dtype=np.int64)]))
        order = np.sort(hashes)
        twice = np.isin(hashes, order[1:][order[1:] == order[:-1]])
        rows = sorted({*(np.flatnonzero(twice) + register.top).tolist(), *seen.blank_keys})
        filled = _filled(register, rows, {})
        judged = _engine(replace(register.book, rules=(rule,)), filled, context, cells=False)
        _count(judged, rule.id, Tally(seen.rows - len(rows) - len(seen.declared)))
        _add(done, judged)


def _judge_columns(register: Register, context: Context, seen: _Seen, done: Checked) -> None:
    """Rows the form names against whole columns: one record stands for all, in which each column is put together."""
    for rule in register.by_column:
        function = next(node.function for node in rule.nodes if isinstance(node, Call))
        filled = _filled(register, [*seen.declared.values()], seen.declared, (function, seen.columns))
        _add(done, _engine(replace(register.book, rules=(rule,)), filled, context, cells=False))


def _engine(book: Rulebook, filled: Filled, context: Context, *, cells: bool) -> Checked:
    only = replace(book, form=replace(book.form, tables={t.id: book.form.tables[t.id] for t in filled.form}))
    own, now, _ = fitted(only, filled, None)
    pile = stack(own.form, [now], [None])
    (judged,) = check(own, pile, [context])
    if cells:
        check_cells(own, pile, [context], [judged])
    return judged


def _add(done: Checked, more: Checked) -> None:
    done.findings += more.findings
    for code, tally in more.tallies.items():
        _count(done, code, tally)


def _count(done: Checked, code: str, more: Tally) -> None:
    done.tallies[code] = done.tallies.get(code, Tally()) + more


def _filled(
    register: Register,
    rows: Sequence[int],
    declared: Mapping[str, int],
    whole: tuple[str, Sequence[_Column]] | None = None,
) -> Filled:
    """Some rows of the register as a submission of their own, at their own addresses."""
    texts = words_of(register, rows)
    assert register.table.records is not None
    key = register.table.columns.index[register.table.records.key]
    records = [row for row in rows if row not in declared.values()]
    names = [*unique_names(register.table, (" ".join(texts[row][key].split()) for row in records))]
    form = register.form([*names, *(["1"] if whole else [])])
    table = form.tables[register.table.id]
    at: list[int | None] = [declared.get(line.name) for line in register.table.rows.lines]
    at += [*records, *([-1] if whole else [])]
    cells: list[Cell] = []
    name, number = register.source.name, len(register.columns)
    for line, row in enumerate(at):
        for column in range(number):
            kind = table.kind_at(line, column)
            if row is None:
                cells.append(Cell(Place(name), "", None, State.ABSENT))
            elif row < 0 and whole is not None:
                cells.append(_together(name, whole[0], whole[1][column], exact=kind in EXACT))
            else:
                said = written(texts[row][column], kind)
                place = Place(name, "", row, register.columns[column])
                cells.append(Cell(place, said.text, said.number, said.state, said.step, said.unit))
    return Filled(
        document=Document(name, "delimited"),
        form=form,
        spots={table.id: Spot(0, tuple(at), register.columns)},
        missing={},
        values=tuple(float("nan") if cell.number is None else float(cell.number) for cell in cells),
        states=bytes(cell.state for cell in cells),
        words=(),
        cell=cells.__getitem__,
    )


def _together(name: str, function: str, column: _Column, *, exact: bool) -> Cell:
    """A whole column as one cell; of rounded figures a sum is as unsure as all of them together."""
    if column.gap is not None:
        return Cell(Place(name), "", None, column.gap)
    number = column.put(function)
    if number is None:
        return Cell(Place(name), "", None, State.BLANK)
    step = Decimal(1).scaleb(-column.decimals) * (1 if exact or function != "sum" else column.cells)
    return Cell(Place(name), f"{number:f}", number, State.NUMBER, step)
