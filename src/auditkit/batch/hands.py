"""Who does the work of a run: this process, a crew of worker processes, or a cluster; the answers are the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Generic, Protocol

from auditkit.batch import ends
from auditkit.batch.ends import Limits
from auditkit.batch.judging import T, Work
from auditkit.batch.orders import Done
from auditkit.batch.setup import Setup

if TYPE_CHECKING:
    from auditkit.audit import Auditor
    from auditkit.batch.worker import Peril

Jobs = int | str
"""So many worker processes, 0 for none but this one, or the address of a cluster's scheduler."""


class Hands(Protocol[T]):
    """Takes lots as they are needed, and gives the number of each with its answers as they are done."""

    def run(self, lots: Iterator[Work[T]]) -> Iterator[Done[T]]: ...


def at_work(
    setup: Setup, lots: Iterator[Work[T]], jobs: Jobs, limits: Limits, peril: Peril | None = None
) -> Iterator[Done[T]]:
    """The number of each lot with its answers, as they are done; nobody is called before there is work."""
    for number, lot in enumerate(lots):
        if lot.files:
            hands: Hands[T] = _hands(setup, jobs, limits, peril)
            yield from ((number + n, answers) for n, answers in hands.run(chain((lot,), lots)))
        else:
            yield number, []


def _hands(setup: Setup, jobs: Jobs, limits: Limits, peril: Peril | None) -> Hands[T]:
    from auditkit.batch.cluster import Cluster  # noqa: PLC0415 - processes and what checks, only where there is work
    from auditkit.batch.crew import Crew  # noqa: PLC0415

    if isinstance(jobs, str):
        return Cluster(jobs, setup, limits, peril)
    return Crew(setup, jobs, limits, peril) if jobs else Alone(setup, limits, peril)


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
        from auditkit.batch.worker import endangered  # noqa: PLC0415 - as above

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
