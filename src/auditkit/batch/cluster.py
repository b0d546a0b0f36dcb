"""A running Dask cluster in place of local processes: the same lots, the same limits, the same answers in order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic

from auditkit.batch import stations
from auditkit.batch.ends import Broke, Limits
from auditkit.batch.judging import T, Work
from auditkit.batch.orders import AHEAD, Done, Orders, Piece
from auditkit.batch.setup import Setup
from auditkit.batch.worker import Peril, Site
from auditkit.model.words import Fault, Text

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 10
"""Seconds to wait for the scheduler, and then for its first worker."""
FLYING = 2
"""Lots under way for each thread of the cluster: the next is there when one is done."""


class Cluster(Generic[T]):
    """Lots go to whichever worker is free; the lot of a worker that is lost is done again by another."""

    def __init__(self, address: str, setup: Setup, limits: Limits, peril: Peril | None = None) -> None:
        """Raises ``Fault`` as ``Setup.fingerprint``. ``address``: of the scheduler, such as ``tcp://host:8786``."""
        self._address = address
        self._limits = limits
        self._given = (setup, limits, Site(os.getcwd(), setup.fingerprint), peril)  # noqa: PTH109

    def run(self, lots: Iterator[Work[T]]) -> Iterator[Done[T]]:
        """As ``Crew.run``. Raises ``Fault``: no such cluster (exit 2), or its workers have other rules (exit 3)."""
        with _connected(self._address) as client:
            threads = sum(client.nthreads().values())
            orders = Orders[T](lots, self._limits, threads)
            flying: dict[Future, Piece[T]] = {}
            while orders.left:
                for _ in range(AHEAD):
                    if len(flying) >= FLYING * threads or (piece := orders.next()) is None:
                        break
                    if isinstance(piece, Piece):
                        flying[client.submit(stations.answer, self._given, piece.work, pure=False)] = piece
                    else:
                        yield piece
                for future in _finished(client, list(flying)):
                    yield from orders.settle(flying.pop(future), _outcome(future, self._address))


def _finished(client: Client, futures: list[Future]) -> list[Future]:
    """Wait for the first to be done; in the order they were asked for."""
    from distributed import wait  # noqa: PLC0415

    if futures:
        with client.as_current():
            wait(futures, return_when="FIRST_COMPLETED")
    return [future for future in futures if future.done()]


def _outcome(future: Future, address: str) -> list[Any] | Broke:
    """Answers; or that the lot took several workers with it, so that it is done again file by file."""
    from distributed import CancelledError, KilledWorker  # noqa: PLC0415

    try:
        answers: list[Any] = future.result()
    except KilledWorker:
        return Broke("crashed", "cluster")
    except CancelledError as error:
        raise _unreachable(address, "the connection broke") from error
    return answers


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and only for who has a cluster
    except ImportError as error:
        raise Fault(
            "no-extra",
            Text("没有安装集群所需的库。", "The libraries for a cluster are not installed."),
            hint=Text("请运行 pip install 'auditkit[cluster]'。", "Run pip install 'auditkit[cluster]'."),
            exit=2,
        ) from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _unreachable(address, str(error)) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise _unreachable(address, "it has no workers") from error
        yield client


def _unreachable(address: str, said: str) -> Fault:
    return Fault(
        "cluster",
        Text(f"集群{address}不能使用（{said}）。", f"The cluster {address} cannot be used ({said})."),
        hint=Text("请核对地址，以及是否有工作节点在运行。", "Check the address, and that workers are running."),
        exit=2,
    )
