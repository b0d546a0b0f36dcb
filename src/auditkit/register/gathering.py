"""What all blocks of a register leave, put together in order: rows to judge, whole columns, hashes of keys."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

import numpy as np

from auditkit.alignment import NAMELESS
from auditkit.model.document import State
from auditkit.register.blocks import Cut, Ragged, each_block, words_of
from auditkit.register.columns import written
from auditkit.register.keys import FACTORS, Hashes, Indexes, among, twice
from auditkit.register.looking import Eyes, Seen
from auditkit.register.marks import Rows, key_of
from auditkit.register.opening import Register
from auditkit.register.totals import Total
from auditkit.stack import Bools


@dataclass
class Gathered:
    """A register that was gone through; rows by their numbers in the file."""

    eyes: Eyes
    rows: Rows
    height: int
    """Where the next block begins."""
    cuts: list[tuple[int, Cut]] = field(default_factory=list)
    """Blocks with the row each begins at."""
    records: int = 0
    one: int = -1
    """A record."""
    doubtful: list[int] = field(default_factory=list)
    faulty: bool = False
    passed: Counter[str] = field(default_factory=Counter)
    no_last: Counter[str] = field(default_factory=Counter)
    keys: list[Hashes] = field(default_factory=list)
    unique: dict[int, list[Hashes]] = field(default_factory=dict)
    cleared: dict[str, list[Bools]] = field(default_factory=dict)
    undecided: dict[str, list[int]] = field(default_factory=dict)
    totals: list[Total] = field(default_factory=list)
    blanks: int = 0
    dashes: int = 0
    first: tuple[int, int] | None = None
    again: dict[int, Bools] = field(default_factory=dict)
    apart: set[int] = field(default_factory=set)
    """Rows that are no records."""

    def add(self, cut: Cut, seen: Seen) -> None:
        """One more block.

        Raises:
            Ragged: what was taken for records is none.
        """
        top = self.height
        self.cuts.append((top, cut))
        self.height += seen.height
        more = self._asides(top, seen)
        there = np.flatnonzero(seen.records)
        if len(there):
            self.rows.see(top + int(there[-1]))
        self.records += len(there) + len(more)
        self.one = next(iter((*more, *(there[:1] + top).tolist())), self.one)
        self.doubtful += [*(seen.doubtful + top).tolist(), *more]
        self.faulty |= seen.faulty or bool(more)
        self.passed.update(seen.passed)
        self.no_last.update(seen.no_last)
        for id_, (cleared, undecided) in seen.by_key.items():
            self.cleared.setdefault(id_, []).append(cleared)
            self.undecided.setdefault(id_, []).extend([*(undecided + top).tolist(), *more])
        for column, (hashes, says) in seen.unique.items():
            says[[aside.row for aside, _, _ in seen.asides if self._is_nothing(top + aside.row)]] = False
            silent = np.flatnonzero(~says)
            alone = hashes.copy() if len(silent) else hashes
            alone[silent] = _unlike(silent + top)
            self.unique.setdefault(column, []).append(alone)
        self.keys.append(seen.keys)
        for own, total in zip(self.totals, seen.totals, strict=False):
            own.join(total)
        self.blanks += seen.blanks
        self.dashes += seen.dashes
        if seen.first is not None:
            first = seen.first[0] + top, seen.first[1]
            self.first = first if self.first is None else min(self.first, first)

    def _asides(self, top: int, seen: Seen) -> list[int]:
        """Rows looked at by themselves that turn out to be records."""
        records: list[int] = []
        self._end_without_key(top, top, seen)
        for aside, values, states in seen.asides:
            row = top + aside.row
            is_record = self.rows.is_record(aside, row)
            self._end_without_key(row + 1, top, seen)
            if not is_record:
                self.apart.add(row)
                continue
            records.append(row)
            for column, total in enumerate(seen.totals):
                self.eyes.add(total, column, values[column : column + 1], states[column : column + 1])
            blank, dash = states[self.eyes.custom] == State.BLANK, states[self.eyes.custom] == State.NIL
            seen.blanks, seen.dashes = seen.blanks + int(blank.sum()), seen.dashes + int(dash.sum())
            if (blank | dash).any():
                first = aside.row, self.eyes.custom[int(np.argmax(blank | dash))]
                seen.first = first if seen.first is None else min(seen.first, first)
        return records

    def _end_without_key(self, row: int, top: int, seen: Seen) -> None:
        """A row without a key, right below nothing, is no record."""
        if self.rows.gap and self.rows.at == row - 1 and row - top in seen.keyless:
            raise Ragged(row)

    def _is_nothing(self, row: int) -> bool:
        return row in self.apart and row not in self.rows.declared.values()

    def texts(self, rows: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """What the cells of single rows say."""
        found: dict[int, tuple[str, ...]] = {}
        tops = [top for top, _ in self.cuts]
        for at, own in groupby(sorted(rows), lambda row: bisect_right(tops, row) - 1):
            top, cut = self.cuts[at]
            here = list(own)
            found.update(zip(here, words_of(self.eyes.register, cut, [row - top for row in here]), strict=True))
        return found

    def steps(self, columns: Sequence[int]) -> dict[int, Decimal]:
        """What the last digits of all records' figures come to, column by column."""
        steps = dict.fromkeys(columns, Decimal(0))
        ends = [*(top for top, _ in self.cuts[1:]), self.height]
        for (top, cut), end in zip(self.cuts, ends, strict=True) if columns else ():
            rows = [row - top for row in range(top, end) if row not in self.apart]
            for texts in words_of(self.eyes.register, cut, rows):
                for at in columns:
                    said = written(texts[at], self.eyes.kinds[at])
                    steps[at] += 0 if said.number is None else self.eyes.table.finest(said.step)
        return steps

    def with_above(self, rows: Sequence[int]) -> list[int]:
        """Some records, and those above them that rules look at."""
        found = set(rows)
        for row in rows:
            above = row - 1
            for _ in range(self.eyes.back):
                while above in self.apart:
                    above -= 1
                if above >= self.eyes.register.top:
                    found.add(above)
                above -= 1
        return sorted(found)

    def given_twice(self, column: int) -> Bools:
        """Which rows, from the first record on, say what another one says."""
        if column not in self.again:
            self.again[column] = twice(np.concatenate(self.unique.pop(column, [np.empty(0, np.uint64)])))
        return self.again[column]

    def names(self, rows: Sequence[int]) -> dict[int, str]:
        """What records are called: by their keys; one that is given before has a number, by its turn in the file."""
        start = self.cuts[0][0] if self.cuts else 0
        if len(self.keys) > 1:
            self.keys = [np.concatenate(self.keys)]
        (keys,) = self.keys
        own = keys[np.array(rows, dtype=np.int64) - start]
        texts = self.texts((np.flatnonzero(among(keys, own)) + start).tolist())
        taken = Counter(line.name for line in self.eyes.register.table.rows.lines)
        found: dict[int, str] = {}
        for row in sorted(texts.keys() - self.apart):
            key = key_of(texts[row][self.eyes.key]) or NAMELESS
            taken[key] += 1
            found[row] = key if taken[key] == 1 else f"{key}#{taken[key]}"
        return {row: found[row] for row in rows}


def _unlike(rows: Indexes) -> Hashes:
    """A hash for each row that is nobody else's."""
    return (rows.astype(np.uint64) + np.uint64(1)) * np.uint64(FACTORS[0])


def gather(register: Register) -> Gathered:
    """All blocks of a register.

    Raises:
        Ragged: it is none.
    """
    eyes = Eyes(register)
    found = Gathered(eyes, Rows(eyes.marks, register.top - 1), register.top)
    found.totals = [Total() for _ in eyes.kinds] if register.asked.by_column else []
    for cut, seen in each_block(register, eyes.look):
        found.add(cut, seen)
    return found
