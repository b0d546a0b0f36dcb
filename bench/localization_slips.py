"""Slips people make, planted: the independent other side of ``auditkit.suspects.slips``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from localization_tables import Layout, Submission

Found = dict[int, tuple[Decimal | None, str]]
"""Cell → the number and the text that stand there; no number where nothing is known."""


@dataclass(frozen=True)
class Planted:
    """One slip: its kind, and what stands in each cell it touched instead of the truth."""

    kind: str
    found: Found


def plant(rng: Random, submission: Submission, count: int, kinds: tuple[str, ...]) -> list[Planted]:
    """``count`` slips in different cells; the kind is drawn first, each alike, then a cell it can happen to."""
    planted: list[Planted] = []
    taken: set[int] = set()
    while len(planted) < count:
        kind = rng.choice(kinds)
        found = MAKERS[kind](rng, submission)
        if found and taken.isdisjoint(found):
            planted.append(Planted(kind, found))
            taken |= found.keys()
    return planted


def _numbers(rng: Random, submission: Submission, least: int) -> Iterator[tuple[int, int]]:
    """Cells in random order that hold at least so much."""
    cells = [i for i in range(submission.layout.typed) if submission.values[i] >= least]
    for i in rng.sample(cells, len(cells)):
        yield i, submission.values[i]


def _whole(cell: int, value: int) -> Found:
    return {cell: (Decimal(value), str(value))}


def _digits(change: Callable[[Random, str], str], least: int) -> Callable[[Random, Submission], Found | None]:
    def make(rng: Random, submission: Submission) -> Found | None:
        for cell, value in _numbers(rng, submission, least):
            new = int(change(rng, str(value)) or value)
            if new not in {value, 0} and max(new, value) > 9:
                return _whole(cell, new)
        return None

    return make


def _swap_digits(rng: Random, digits: str) -> str:
    at = rng.randrange(len(digits) - 1)
    return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]


def _replace_digit(rng: Random, digits: str) -> str:
    at = rng.randrange(len(digits))
    return digits[:at] + rng.choice("0123456789") + digits[at + 1 :]


def _drop_digit(rng: Random, digits: str) -> str:
    at = rng.randrange(len(digits))
    return digits[:at] + digits[at + 1 :]


def _add_digit(rng: Random, digits: str) -> str:
    at = rng.randrange(len(digits) + 1)
    return digits[:at] + rng.choice("0123456789") + digits[at:]


def _sign(rng: Random, submission: Submission) -> Found | None:
    for cell, value in _numbers(rng, submission, 1):
        return _whole(cell, -value)
    return None


def _point(rng: Random, submission: Submission) -> Found | None:
    for cell, value in _numbers(rng, submission, 10):
        shown = Decimal(value).scaleb(-rng.randint(1, len(str(value)) - 1))
        return {cell: (shown, f"{shown:f}")}
    return None


def _factor(rng: Random, submission: Submission) -> Found | None:
    for cell, value in _numbers(rng, submission, 1):
        return _whole(cell, value * 10 ** rng.choice((1, 2, 3, 4)))
    return None


def _neighbour(rng: Random, submission: Submission) -> Found | None:
    for cell, value in _numbers(rng, submission, 0):
        copied = [
            submission.values[b] for b in submission.layout.beside[cell] if submission.values[b] not in {value, 0}
        ]
        if copied:
            return _whole(cell, rng.choice(copied))
    return None


def _last_year(rng: Random, submission: Submission) -> Found | None:
    for cell, value in _numbers(rng, submission, 0):
        last = submission.last[cell]
        if last is not None and last not in {value, 0}:
            return _whole(cell, last)
    return None


def _blank(rng: Random, submission: Submission) -> Found | None:
    for cell, _ in _numbers(rng, submission, 1):
        return {cell: (Decimal(0), rng.choice(("", "0")))}
    return None


def _stale_total(rng: Random, submission: Submission) -> Found | None:
    totals = submission.layout.totals
    for cell in rng.sample(sorted(totals), len(totals)):
        parts = [submission.values[p] for p in totals[cell] if submission.values[p]]
        if len(parts) > 1:
            return _whole(cell, submission.values[cell] - rng.choice(parts))
    return None


def _swap_cells(rng: Random, submission: Submission) -> Found | None:
    for cell, value in _numbers(rng, submission, 0):
        others = [b for b in submission.layout.beside[cell] if submission.values[b] != value]
        if others and rng.random() < 0.5 + value:
            other = rng.choice(others)
            return _whole(cell, submission.values[other]) | _whole(other, value)
    return None


def _misplaced(rng: Random, submission: Submission) -> Found | None:
    for cell, value in _numbers(rng, submission, 1):
        for other in submission.layout.beside[cell]:
            amount = rng.choice((value, rng.randint(1, value)))
            return _whole(cell, value - amount) | _whole(other, submission.values[other] + amount)
    return None


def _other(rng: Random, submission: Submission) -> Found | None:
    for cell, value in _numbers(rng, submission, 1):
        digits = len(str(value))
        new = rng.randint(10 ** (digits - 1), 10**digits - 1)
        if new != value:
            return _whole(cell, new)
    return None


def _lines(rng: Random, layout: Layout) -> Iterator[list[int]]:
    lines: dict[str, list[int]] = {}
    for cell in range(layout.typed):
        for name in layout.lines[cell]:
            lines.setdefault(name, []).append(cell)
    names = sorted(lines)
    for name in rng.sample(names, len(names)):
        yield lines[name]


def _line_factor(rng: Random, submission: Submission) -> Found | None:
    times = 10 ** rng.choice((1, 2, 3, 4))
    for cells in _lines(rng, submission.layout):
        figures = [cell for cell in cells if submission.values[cell]]
        if len(figures) > 2:
            return {k: v for cell in figures for k, v in _whole(cell, submission.values[cell] * times).items()}
    return None


def _line_shift(rng: Random, submission: Submission) -> Found | None:
    """From some cell on every figure stands one cell later; the first is 0, the last is lost."""
    for cells in _lines(rng, submission.layout):
        at = rng.randrange(len(cells))
        shifted = [0, *(submission.values[cell] for cell in cells[at:-1])]
        found: Found = {}
        for cell, value in zip(cells[at:], shifted, strict=True):
            if value != submission.values[cell]:
                found |= _whole(cell, value)
        if len(found) > 3:
            return found
    return None


MAKERS: dict[str, Callable[[Random, Submission], Found | None]] = {
    "digits swapped": _digits(_swap_digits, 10),
    "digit replaced": _digits(_replace_digit, 10),
    "digit missing": _digits(_drop_digit, 10),
    "digit extra": _digits(_add_digit, 1),
    "decimal point": _point,
    "sign": _sign,
    "unit factor": _factor,
    "copied neighbour": _neighbour,
    "copied last year": _last_year,
    "blank": _blank,
    "total not updated": _stale_total,
    "swapped cells": _swap_cells,
    "misplaced amount": _misplaced,
    "other": _other,
    "line factor": _line_factor,
    "line shifted": _line_shift,
}

KINDS = tuple(MAKERS)

TRUE_TOO = {
    "unit factor": {"digit extra"},
    "digit extra": {"unit factor"},
    "digit missing": {"unit factor"},
    "blank": {"omitted"},
    "misplaced amount": {"swapped cells"},
    "swapped cells": {"misplaced amount"},
    "line factor": {"unit factor"},
}
"""Other names that say the same of a slip: a zero too many is a factor of ten."""
