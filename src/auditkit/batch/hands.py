"""Who does the work of a run: this process, a crew of worker processes, or a cluster; the answers are the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol

from auditkit.batch import ends
from auditkit.batch.cluster import Cluster
from auditkit.batch.crew import Crew
from auditkit.batch.ends import Limits
from auditkit.batch.judging import T, Work
from auditkit.batch.orders import Done
from auditkit.batch.setup import Setup
from auditkit.batch.worker import Peril, endangered

if TYPE_CHECKING:
    from auditkit.audit import Auditor

Jobs = int | str
"""So many worker processes, 0 for none but this one, or the address of a cluster's scheduler."""


class Hands(Protocol[T]):
    """Takes lots as they are needed, and gives the number of each with its answers as they are done."""

    def run(self, lots: Iterator[Work[T]]) -> Iterator[Done[T]]: ...


def at_work(
    setup: Setup, lots: Iterator[Work[T]], jobs: Jobs, limits: Limits, peril: Peril | None = None
) -> Iterator[Done[T]]:
    """The number of each lot with its answers, as they are done."""
    hands: Hands[T]
    if isinstance(jobs, str):
        hands = Cluster(jobs, setup, limits, peril)
    elif jobs:
        hands = Crew(setup, jobs, limits, peril)
    else:
        hands = Alone(setup, limits, peril)
    return hands.run(lots)


class Alone(Generic[T]):
    """This process, without limits."""

    def __init__(self, setup: Setup, limits: Limits, peril: Peril | None = None) -> None:
        self._given = setup, peril
        self._limits = limits

    def run(self, lots: Iterator[Work[T]]) -> Iterator[Done[T]]:
        """As ``Hands``."""
        for number, lot in enumerate(lots):
            yield number, self._tried(self._auditor, lot) if lot.files else []

    @cached_property
    def _auditor(self) -> Auditor:
        setup, peril = self._given
        return endangered(setup.auditor(), peril)

    def _tried(self, auditor: Auditor, lot: Work[T]) -> list[T]:
        """The answers to a lot; what breaks it is looked for file by file."""
        try:
            return lot.done(auditor)
        except BaseException as error:  # noqa: BLE001 - raised again unless it is about these files
            broke = ends.broken(error)
        if len(lot.files) == 1:
            return [lot.ended(broke, self._limits)]
        return [answer for piece in lot.smaller() for answer in self._tried(auditor, piece)]
