"""One block of a register looked at: every rule screened over its rows, and what is left for the exact engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from auditkit.edits import wants_last
from auditkit.edits.screen import Screener
from auditkit.model.document import State
from auditkit.model.form import Form, Kind, Table
from auditkit.model.rule import Rule, Scope
from auditkit.register.blocks import Cut
from auditkit.register.columns import Block, Reading
from auditkit.register.keys import Hashes, Indexes, folded
from auditkit.register.marks import Aside, Marks, key_of
from auditkit.register.opening import Register
from auditkit.register.totals import Total
from auditkit.register.words import Words
from auditkit.sound import clear
from auditkit.stack import Bools, Bytes, Floats, layered


@dataclass
class Seen:
    """What one block leaves; rows by their numbers in it."""

    height: int
    records: Bools
    """Rows that surely are records; the others are ``asides``."""
    asides: Sequence[tuple[Aside, Floats, Bytes]]
    """Rows that are looked at by themselves, with their cells."""
    keyless: frozenset[int]
    """Records without a key right below rows that may be none, or first in the block."""
    keys: Hashes
    doubtful: Indexes
    """Records that are judged from their texts."""
    faulty: bool
    """Some cell may not be what its kind asks for."""
    passed: dict[str, int] = field(default_factory=dict)
    no_last: dict[str, int] = field(default_factory=dict)
    """Rule → records of which last year's report would have to be asked."""
    by_key: dict[str, tuple[Bools, Indexes]] = field(default_factory=dict)
    """Rule → records it clears if they say nothing twice, and records it cannot tell of."""
    unique: dict[int, tuple[Hashes, Bools]] = field(default_factory=dict)
    """Column that says nothing twice → a hash of each text, and which rows say something."""
    totals: list[Total] = field(default_factory=list)
    blanks: int = 0
    """Cells that count as zero by custom: blank, and with a mark for nothing."""
    dashes: int = 0
    first: tuple[int, int] | None = None
    """Row and column of the first of them."""


@dataclass(frozen=True)
class Eyes:
    """How a register's blocks are looked at."""

    register: Register

    @cached_property
    def form(self) -> Form:
        """The form with one record, which stands for all."""
        return self.register.form(["1"])

    @cached_property
    def back(self) -> int:
        return self.register.asked.back

    @cached_property
    def stretched(self) -> Form:
        """The form with the records above it that rules look at, too."""
        return self.register.form([str(n) for n in range(1, self.back + 2)])

    @cached_property
    def table(self) -> Table:
        return self.form.tables[self.register.table.id]

    @cached_property
    def row(self) -> int:
        return len(self.table.rows.lines) - 1

    @cached_property
    def key(self) -> int:
        assert self.table.records is not None
        return self.table.columns.index[self.table.records.key]

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(self.table.kind_at(self.row, column) for column in range(len(self.register.columns)))

    @cached_property
    def custom(self) -> list[int]:
        """Columns in which a blank counts as zero, and is said to."""
        answers = [self.table.blank_at(self.row, column) for column in range(len(self.kinds))]
        said = self.table.blank == "zero" and "blank" in self.table.codes
        return [at for at, answer in enumerate(answers) if said and answer != "report"]

    @cached_property
    def rules(self) -> tuple[tuple[Screener, ...], tuple[Screener, ...]]:
        asked = self.register.asked
        return self._on_row(asked.by_row), self._on_row(asked.by_key)

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.register, self.kinds, frozenset((self.key, *self.register.asked.unique)))

    @cached_property
    def marks(self) -> Marks:
        return Marks(self.register.table)

    def _on_row(self, rules: Sequence[Rule]) -> tuple[Screener, ...]:
        """Those that are asked of records, of the one that stands for all."""
        scope = Scope("row", self.table.id, (self.row + self.back,))
        asked = (replace(rule, scope=scope) for rule in rules if rule.scope is not None and rule.scope.open)
        return tuple(Screener(rule, self.stretched) for rule in asked)

    def look(self, cut: Cut) -> Seen:
        """One block.

        Raises:
            Ragged: no rows and cells can be told apart in it.
        """
        block = self.reading.block(cut)
        keys, odd = folded(block.texts[self.key])
        aside = self._aside(block, odd)
        doubtful = ~clear(self.form, *self._over(block, self.form))
        faulty = bool((doubtful & ~aside).any())
        pile, words = layered(self.stretched, *self._over(block, self.stretched)), Words(block)
        below = self._below(aside)
        doubtful |= below
        by_row = {one: one.screen(pile, words.certain) for one in self.rules[0]}
        undecided = {one: ~(screened.cleared | screened.skipped)[:, 0] for one, screened in by_row.items()}
        for one, rows in undecided.items():
            doubtful |= False if wants_last(one.rule) else rows
        settled = ~(doubtful | aside)
        keyless = ~aside & (block.states[:, self.key] == State.BLANK)
        keyless[1:] &= aside[:-1]
        seen = Seen(
            height=block.height,
            records=~aside,
            asides=self._asides(block, aside),
            keyless=frozenset(np.flatnonzero(keyless).tolist()),
            keys=keys,
            doubtful=np.flatnonzero(doubtful & ~aside),
            faulty=faulty,
            passed={one.rule.id: int((screened.cleared[:, 0] & settled).sum()) for one, screened in by_row.items()},
            no_last={
                one.rule.id: int((rows & settled).sum()) for one, rows in undecided.items() if wants_last(one.rule)
            },
        )
        for one in self.rules[1]:
            screened = one.screen(pile, words.certain)
            open_ = ~(screened.cleared | screened.skipped)[:, 0] | below
            seen.by_key[one.rule.id] = screened.cleared[:, 0] & ~(aside | below), np.flatnonzero(open_ & ~aside)
        for column in self.register.asked.unique:
            hashes = keys if column == self.key else folded(block.texts[column])[0]
            seen.unique[column] = hashes, words.there(column)[:, 0]
        if self.register.asked.by_column:
            seen.totals = [self._total(block, column, ~aside) for column in range(len(self.kinds))]
        self._note_blanks(block, ~aside, seen)
        return seen

    def _aside(self, block: Block, odd: Bools) -> Bools:
        """Rows that may be no records: named by the form, a heading, or with nothing but a key."""
        others = [at for at in range(len(self.kinds)) if at != self.key]
        empty: Bools = (block.states[:, others] == State.BLANK).all(axis=1)
        return empty | self.marks.among(block.texts[self.key], odd)

    def _asides(self, block: Block, aside: Bools) -> list[tuple[Aside, Floats, Bytes]]:
        rows = np.flatnonzero(aside)
        keys = block.texts[self.key].take(rows).to_pylist()
        others = [at for at in range(len(self.kinds)) if at != self.key]
        return [
            (Aside(row, key_of(key), bool((states[others] != State.BLANK).any())), block.values[row], states)
            for row, key, states in zip(rows.tolist(), keys, block.states[rows], strict=True)
        ]

    def _below(self, aside: Bools) -> Bools:
        """Rows of which the records above do not stand right above them in this block, where rules look at those."""
        below = np.zeros(len(aside), dtype=bool)
        below[: self.back] = True
        for n in range(1, self.back + 1):
            below[n:] |= aside[:-n]
        return below

    def _over(self, block: Block, form: Form) -> tuple[Floats, Bytes]:
        """A block's cells in the slots of a form: its own row last, those above it before, and declared rows absent."""
        width = block.values.shape[1]
        if form.size == width:
            return block.values, block.states
        values = np.full((block.height, form.size), np.nan, order="F")
        states = np.full(values.shape, State.ABSENT, dtype=np.uint8, order="F")
        for n, first in enumerate(range(form.size - width, self.table.slot(self.row, 0) - 1, -width)):
            values[n:, first : first + width] = block.values[: block.height - n]
            states[n:, first : first + width] = block.states[: block.height - n]
        return values, states

    def _total(self, block: Block, column: int, records: Bools) -> Total:
        total = Total()
        self.add(total, column, block.values[records, column], block.states[records, column])
        return total

    def add(self, total: Total, column: int, values: Floats, states: Bytes) -> None:
        """More cells of a column that is put together."""
        total.add(values, states, blanks=self.table.blank_at(self.row, column) != "report")

    def _note_blanks(self, block: Block, records: Bools, seen: Seen) -> None:
        if not self.custom:
            return
        states = block.states[:, self.custom]
        blank, dash = states == State.BLANK, states == State.NIL
        seen.blanks, seen.dashes = int(blank[records].sum()), int(dash[records].sum())
        if seen.blanks or seen.dashes:
            row, column = np.argwhere((blank | dash) & records[:, np.newaxis])[0].tolist()
            seen.first = row, self.custom[column]
