"""Lots under way: handed out in order, done again in pieces where one came to nothing, complete when all are back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic

from auditkit.batch.ends import Broke, Limits
from auditkit.batch.judging import T, Work

AHEAD = 16
"""Lots a worker may be ahead of the slowest: what is done waits for its turn in memory."""

Done = tuple[int, list[T]]
"""The number of a lot and its answers, in order of its files."""


@dataclass
class Order(Generic[T]):
    """One lot as it was asked for, and the answers of its pieces so far."""

    number: int
    lot: Work[T]
    answers: dict[str, T] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece(Generic[T]):
    """What one worker is handed: a lot, or a part of one."""

    order: Order[T]
    work: Work[T]


class Orders(Generic[T]):
    """All lots of a run; they are taken as they are needed."""

    def __init__(self, lots: Iterator[Work[T]], limits: Limits, workers: int) -> None:
        self._lots = enumerate(lots)
        self._limits = limits
        self._most = AHEAD * workers
        self._pieces: deque[Piece[T]] = deque()
        self._open: dict[int, Order[T]] = {}
        self._more = True

    @property
    def left(self) -> bool:
        """Something is still to be handed out or to come back."""
        return self._more or bool(self._open)

    def next(self) -> Piece[T] | Done[T] | None:
        """A piece to hand out, or a lot that needs no work; None when there is nothing now."""
        if not self._pieces and self._more and not self._too_far():
            number, lot = next(self._lots, (-1, None))
            if lot is None:
                self._more = False
            elif not lot.files:
                return number, []
            else:
                order = self._open[number] = Order(number, lot)
                self._pieces.append(Piece(order, lot))
        return self._pieces.popleft() if self._pieces else None

    def _too_far(self) -> bool:
        return bool(self._open) and max(self._open) - min(self._open) >= self._most

    def settle(self, piece: Piece[T], outcome: list[T] | Broke) -> Iterator[Done[T]]:
        """Take in what became of a piece; its lot, if that was the last of it."""
        order, files = piece.order, piece.work.files
        if not isinstance(outcome, Broke):
            order.answers.update((found.name, answer) for found, answer in zip(files, outcome, strict=True))
        elif len(files) > 1:
            self._pieces.extendleft(Piece(order, smaller) for smaller in reversed(piece.work.smaller()))
        else:
            order.answers[files[0].name] = piece.work.ended(outcome, self._limits)
        if len(order.answers) == len(order.lot.files):
            del self._open[order.number]
            yield order.number, [order.answers[found.name] for found in order.lot.files]
