"""A crew of long-lived workers: a worker that dies, hangs or swells costs the one file that brought it there."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic

from auditkit.batch import ends
from auditkit.batch.ends import Limits
from auditkit.batch.judging import T, Work
from auditkit.batch.orders import AHEAD, Done, Orders, Piece
from auditkit.batch.setup import Setup
from auditkit.batch.worker import READY, Peril, Site, work, work_done
from auditkit.model.words import Fault, Text

START = 300
"""Seconds a worker may take to get ready."""


@dataclass
class Worker(Generic[T]):
    """One process, what it is doing, and until when."""

    process: BaseProcess
    pipe: Connection
    errors: Path
    deadline: float
    worked: float = 0
    """Seconds of work it had done when it was handed what it is doing."""
    latest: float = 0
    ready: bool = False
    doing: Piece[T] | None = None


class Crew(Generic[T]):
    """Started when the first lot comes, gone when the last is done or the run is given up."""

    def __init__(
        self, setup: Setup, jobs: int, limits: Limits, peril: Peril | None = None, site: Site | None = None
    ) -> None:
        """``site``: where it was asked for, if that was in another process."""
        self._given = (setup, limits, site, peril)
        self._jobs = jobs
        self._limits = limits
        self._workers: list[Worker[T]] = []
        self._started = 0

    def run(self, lots: Iterator[Work[T]]) -> Iterator[Done[T]]:
        """The number of each lot with its answers, in the order they are done; lots are taken as they are needed."""
        orders = Orders[T](lots, self._limits, self._jobs)
        with TemporaryDirectory(prefix="auditkit-", ignore_cleanup_errors=True) as folder:
            try:
                while orders.left:
                    yield from self._hand_out(orders, Path(folder))
                    yield from self._gather(orders)
            finally:
                for worker in self._workers:
                    _end(worker)
                self._workers.clear()

    def _hand_out(self, orders: Orders[T], folder: Path) -> Iterator[Done[T]]:
        """Give every idle worker a piece; lots that need no work are done."""
        for _ in range(AHEAD):
            if sum(w.doing is not None for w in self._workers) >= self._jobs or (piece := orders.next()) is None:
                return
            if not isinstance(piece, Piece):
                yield piece
                continue
            worker = next((w for w in self._workers if not w.doing), None) or self._start(folder)
            worker.doing = piece
            if worker.ready:
                self._send(worker)

    def _start(self, folder: Path) -> Worker[T]:
        context = _context()
        ours, theirs = context.Pipe()
        self._started += 1
        errors = folder / f"{self._started}.txt"
        process = context.Process(target=work, args=(theirs, str(errors), *self._given), daemon=True)
        with _deaf():
            process.start()
            worker: Worker[T] = Worker(process, ours, errors, time.monotonic() + START)
            self._workers.append(worker)
        theirs.close()
        return worker

    def _send(self, worker: Worker[T]) -> None:
        assert worker.doing is not None
        now = time.monotonic()
        worker.deadline, worker.latest = now + self._limits.seconds, now + self._limits.seconds * ends.ASLEEP
        worker.worked = work_done(worker.process.pid) or 0
        try:
            worker.pipe.send_bytes(pickle.dumps(worker.doing.work, pickle.HIGHEST_PROTOCOL))
        except OSError:
            return  # it is dead, and its closed pipe says so next

    def _gather(self, orders: Orders[T]) -> Iterator[Done[T]]:
        """Wait until some worker answers, dies or is late; the lots that are complete by that."""
        busy = [w for w in self._workers if w.doing]
        if not busy:
            return
        left = min(w.deadline for w in busy) - time.monotonic()
        answered = wait([w.pipe for w in busy], timeout=max(left, 0))
        for worker in busy:
            if worker.pipe in answered:
                yield from self._answered(worker, orders)
            elif time.monotonic() >= worker.deadline and not self._longer(worker):
                yield from self._lost(worker, orders, late=True)

    def _longer(self, worker: Worker[T]) -> bool:
        """Whether a worker that is late was kept from working, and gets the time it still has."""
        now, done = time.monotonic(), work_done(worker.process.pid)
        if not worker.ready or done is None or now >= worker.latest:
            return False
        left = self._limits.seconds - (done - worker.worked)
        worker.deadline = min(now + max(left, 0), worker.latest)
        return left > 0

    def _answered(self, worker: Worker[T], orders: Orders[T]) -> Iterator[Done[T]]:
        try:
            said = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            yield from self._lost(worker, orders, late=False)
            return
        if worker.ready:
            assert worker.doing is not None
            piece, worker.doing = worker.doing, None
            yield from orders.settle(piece, pickle.loads(said))  # noqa: S301 - from a process of ours
        elif said == READY:
            worker.ready = True
            self._send(worker)
        else:
            raise pickle.loads(said)  # noqa: S301

    def _lost(self, worker: Worker[T], orders: Orders[T], *, late: bool) -> Iterator[Done[T]]:
        """A worker that is no more, or must be ended: why, and what becomes of its piece."""
        self._workers.remove(worker)
        code = _end(worker, patience=0 if late else 5)
        said = worker.errors.read_text("utf-8", "replace") if worker.errors.exists() else ""
        if not worker.ready:
            raise _no_workers(said)
        assert worker.doing is not None
        yield from orders.settle(worker.doing, ends.died(code, said, late=late))


def _context() -> SpawnContext | ForkServerContext:
    """The quickest way to start a clean process that this system has."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["auditkit.audit", "auditkit.batch.worker", "auditkit.batch.posting"])
    return context


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, which is for their supervisor; it hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # whose start would open our ears again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(worker: Worker[T], patience: float = 0) -> int | None:
    """End a worker that may be beyond listening, after so many seconds; its exit status if it ended by itself."""
    worker.pipe.close()
    worker.process.join(patience)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
        code = None
    else:
        code = worker.process.exitcode
    worker.process.close()
    return code


def _no_workers(said: str) -> Fault:
    last = said.strip().splitlines()[-1:] or [""]
    return Fault(
        "no-workers",
        Text(f"工作进程没有启动（{last[0]}）。", f"A worker process did not start ({last[0]})."),
        hint=Text("请改用 --jobs 0 在本进程内检查。", "Use --jobs 0 to check within this process."),
    )
