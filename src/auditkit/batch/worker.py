"""The body of a worker process: one auditor, one lot after the other, under limits that hold whatever it runs into."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from auditkit.audit import Auditor
from auditkit.batch.ends import ASLEEP, Limits, broken
from auditkit.batch.judging import T, Work
from auditkit.batch.setup import Setup
from auditkit.model.document import Document, Source
from auditkit.readers import read

GRACE = 10
"""Seconds after which a worker whose supervisor is gone ends by itself, beyond the deadline of its lot."""

YOUNG = 50_000
"""Objects made before the collector looks at them: about ten documents, of which hardly anything is cyclic."""

Peril = Callable[[Source], None]
"""Done to each source before it is read; for tests that need a worker to hang or die."""


def work(pipe: Connection, setup: Setup, limits: Limits, errors: str, peril: Peril | None = None) -> None:
    """Judge lots until the other end of ``pipe`` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _complain_to(errors)
    auditor = endangered(setup.auditor(), peril)
    _settle_in()
    _limit(limits.memory)
    pipe.send_bytes(b"ready")
    while True:
        try:
            lot = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        _alarm(limits.seconds * ASLEEP + GRACE)
        answer = _answer(auditor, lot)
        _alarm(0)
        pipe.send_bytes(answer)


def _settle_in() -> None:
    """Rulebooks and libraries stay until the end: the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


def endangered(auditor: Auditor, peril: Peril | None) -> Auditor:
    """The auditor, with something done before every reading."""
    return auditor if peril is None else replace(auditor, read=partial(_read, peril))


def _read(peril: Peril, source: Source) -> Document:
    peril(source)
    return read(source)


def _answer(auditor: Auditor, lot: Work[T]) -> bytes:
    try:
        return pickle.dumps(lot.done(auditor), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # noqa: BLE001 - it is said about this lot, and this worker goes on
        return pickle.dumps(broken(error))


def _complain_to(path: str) -> None:
    """What libraries write to standard error as they die goes to a file that the supervisor reads."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except FileNotFoundError:
        raise SystemExit from None  # the supervisor was ended before this process began, and its folder is gone
    os.dup2(handle, 2)
    os.close(handle)


def _alarm(seconds: float) -> None:
    """The system ends this process after so many seconds, even where no line of Python runs any more; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        return  # no such limit on this system: the deadline and the guard remain
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory,) * 2)


def work_done(process: int | None) -> float | None:
    """Seconds a process has been at work, however long it lives; None where the system does not say."""
    try:
        told = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
        user, system = told.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        return None
