"""A crew of long-lived workers: a worker that dies, hangs or swells costs the one file that brought it there."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic

from auditkit.batch import ends
from auditkit.batch.ends import Broke, Limits
from auditkit.batch.judging import T, Work
from auditkit.batch.setup import Setup
from auditkit.batch.worker import Peril, work, work_done
from auditkit.model.words import Fault, Text

START = 300
"""Seconds a worker may take to get ready."""
AHEAD = 16
"""Lots a worker may be ahead of the slowest: what is done waits for its turn in memory."""


@dataclass
class Order(Generic[T]):
    """One lot as it was asked for, and the answers of its pieces so far."""

    number: int
    lot: Work[T]
    answers: dict[str, T] = field(default_factory=dict)


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
    doing: tuple[Order[T], Work[T]] | None = None


class Crew(Generic[T]):
    """Started when the first lot comes, gone when the last is done or the run is given up."""

    def __init__(self, setup: Setup, jobs: int, limits: Limits, peril: Peril | None = None) -> None:
        self._given = (setup, limits, peril)
        self._jobs = jobs
        self._limits = limits
        self._workers: list[Worker[T]] = []
        self._pieces: deque[tuple[Order[T], Work[T]]] = deque()
        self._orders: dict[int, Order[T]] = {}
        self._started = 0

    def run(self, lots: Iterator[Work[T]]) -> Iterator[tuple[int, list[T]]]:
        """The number of each lot with its answers, in the order they are done; lots are taken as they are needed."""
        numbered = enumerate(lots)
        with TemporaryDirectory(prefix="auditkit-", ignore_cleanup_errors=True) as folder:
            try:
                more = True
                while more or self._orders:
                    more, empty = self._hand_out(numbered, Path(folder), more)
                    yield from ((number, []) for number in empty)
                    for order in self._gather():
                        yield order.number, [order.answers[found.name] for found in order.lot.files]
            finally:
                for worker in self._workers:
                    _end(worker)
                self._workers.clear()

    def _hand_out(self, lots: Iterator[tuple[int, Work[T]]], folder: Path, more: bool) -> tuple[bool, list[int]]:
        """Give every idle worker a piece; says whether there may be more lots, and which lots had no files."""
        empty: list[int] = []
        while sum(w.doing is not None for w in self._workers) < self._jobs and len(empty) < AHEAD:
            if not self._pieces and more and not self._too_far():
                taken = next(lots, None)
                if taken is None:
                    more = False
                elif not taken[1].files:
                    empty.append(taken[0])
                    continue
                else:
                    order = self._orders[taken[0]] = Order(*taken)
                    self._pieces.append((order, order.lot))
            if not self._pieces:
                break
            idle = next((w for w in self._workers if not w.doing), None) or self._start(folder)
            self._give(idle, self._pieces.popleft())
        return more, empty

    def _too_far(self) -> bool:
        return bool(self._orders) and max(self._orders) - min(self._orders) >= AHEAD * self._jobs

    def _start(self, folder: Path) -> Worker[T]:
        context = _context()
        ours, theirs = context.Pipe()
        self._started += 1
        errors = folder / f"{self._started}.txt"
        setup, limits, peril = self._given
        process = context.Process(target=work, args=(theirs, setup, limits, str(errors), peril), daemon=True)
        with _deaf():
            process.start()
            worker: Worker[T] = Worker(process, ours, errors, time.monotonic() + START)
            self._workers.append(worker)
        theirs.close()
        return worker

    def _give(self, worker: Worker[T], piece: tuple[Order[T], Work[T]]) -> None:
        worker.doing = piece
        if worker.ready:
            self._send(worker)

    def _send(self, worker: Worker[T]) -> None:
        assert worker.doing is not None
        now = time.monotonic()
        worker.deadline, worker.latest = now + self._limits.seconds, now + self._limits.seconds * ends.ASLEEP
        worker.worked = work_done(worker.process.pid) or 0
        try:
            worker.pipe.send_bytes(pickle.dumps(worker.doing[1], pickle.HIGHEST_PROTOCOL))
        except OSError:
            return  # it is dead, and its closed pipe says so next

    def _gather(self) -> Iterator[Order[T]]:
        """Wait until some worker answers, dies or is late; the orders that are complete by that."""
        busy = [w for w in self._workers if w.doing]
        if not busy:
            return
        left = min(w.deadline for w in busy) - time.monotonic()
        answered = wait([w.pipe for w in busy], timeout=max(left, 0))
        for worker in busy:
            if worker.pipe in answered:
                yield from self._answered(worker)
            elif time.monotonic() >= worker.deadline and not self._longer(worker):
                yield from self._lost(worker, late=True)

    def _longer(self, worker: Worker[T]) -> bool:
        """Whether a worker that is late was kept from working, and gets the time it still has."""
        now, done = time.monotonic(), work_done(worker.process.pid)
        if not worker.ready or done is None or now >= worker.latest:
            return False
        left = self._limits.seconds - (done - worker.worked)
        worker.deadline = min(now + max(left, 0), worker.latest)
        return left > 0

    def _answered(self, worker: Worker[T]) -> Iterator[Order[T]]:
        try:
            said = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            yield from self._lost(worker, late=False)
            return
        if not worker.ready:
            worker.ready = True
            self._send(worker)
            return
        assert worker.doing is not None
        (order, lot), worker.doing = worker.doing, None
        yield from self._settled(order, lot, pickle.loads(said))  # noqa: S301 - from a process of ours

    def _lost(self, worker: Worker[T], *, late: bool) -> Iterator[Order[T]]:
        """A worker that is no more, or must be ended: why, and what becomes of its lot."""
        self._workers.remove(worker)
        code = _end(worker, patience=0 if late else 5)
        said = worker.errors.read_text("utf-8", "replace") if worker.errors.exists() else ""
        if not worker.ready:
            raise _no_workers(said)
        assert worker.doing is not None
        yield from self._settled(*worker.doing, ends.died(code, said, late=late))

    def _settled(self, order: Order[T], lot: Work[T], outcome: list[T] | Broke) -> Iterator[Order[T]]:
        files = lot.files
        if not isinstance(outcome, Broke):
            order.answers.update((found.name, answer) for found, answer in zip(files, outcome, strict=True))
        elif len(files) > 1:
            self._pieces.extendleft((order, piece) for piece in reversed(lot.smaller()))
        else:
            order.answers[files[0].name] = lot.ended(outcome, self._limits)
        if len(order.answers) == len(order.lot.files):
            yield self._orders.pop(order.number)


def _context() -> SpawnContext | ForkServerContext:
    """The quickest way to start a clean process that this system has."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["auditkit.batch.worker", "pandera.pandas"])
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
