"""Inside a worker of a cluster: lots are checked by a process of our own, under the limits that hold everywhere."""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from typing import Any

from auditkit.batch.crew import Crew
from auditkit.batch.ends import Limits
from auditkit.batch.judging import Work
from auditkit.batch.setup import Setup
from auditkit.batch.worker import Peril, Site


class Station:
    """A crew of one that waits for the next lot, so that rulebooks are read once and not for every lot."""

    def __init__(self, setup: Setup, limits: Limits, site: Site, peril: Peril | None) -> None:
        _allow_processes()
        self._lots: deque[Work[Any]] = deque()
        self._done = Crew[Any](setup, 1, limits, peril, site).run(iter(self._lots.popleft, None))

    def answer(self, lot: Work[Any]) -> list[Any]:
        self._lots.append(lot)
        return next(self._done)[1]


_here = threading.local()
"""One station for each thread of a worker, that of the run it last worked for."""


def answer(given: tuple[Setup, Limits, Site, Peril | None], lot: Work[Any]) -> list[Any]:
    """What the cluster is asked to do. Raises ``Fault`` where this worker cannot give the answers of the other side."""
    setup, limits, site, peril = given
    if getattr(_here, "given", None) != given:
        _here.station, _here.given = Station(setup, limits, site, peril), given
    try:
        answers: list[Any] = _here.station.answer(lot)
    except BaseException:
        _here.given = None  # its generator is over
        raise
    return answers


def _allow_processes() -> None:
    """A cluster's nanny forbids its workers to have processes of their own; ours end with the pipe to them."""
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
