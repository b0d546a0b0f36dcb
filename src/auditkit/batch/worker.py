"""The body of a worker process: one auditor, one lot after the other, under limits that hold whatever it runs into."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.batch.ends import ASLEEP, Limits, broken
from auditkit.batch.judging import T, Work
from auditkit.batch.setup import Setup
from auditkit.collector import seldom
from auditkit.model.document import Document, Source
from auditkit.model.words import Fault, Text
from auditkit.readers import read

if TYPE_CHECKING:
    from auditkit.audit import Auditor

GRACE = 10
"""Seconds after which a worker whose supervisor is gone ends by itself, beyond the deadline of its lot."""

READY = b"ready"

Peril = Callable[[Source], None]
"""Done to each source before it is read; for tests that need a worker to hang or die."""


@dataclass(frozen=True)
class Site:
    """Where a run was started, for workers in other places: they must find the same things there."""

    folder: str
    """What relative paths are relative to."""
    fingerprint: str
    """Of the setup: rulebooks, last year's files and version."""


def work(
    pipe: Connection, errors: str, setup: Setup, limits: Limits, site: Site | None = None, peril: Peril | None = None
) -> None:
    """Judge lots until the other end of ``pipe`` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _complain_to(errors)
    try:
        if site is not None:
            _move(setup, site)
        auditor = endangered(setup.auditor(), peril)
    except Fault as fault:
        pipe.send_bytes(pickle.dumps(fault))
        return
    settle_in()
    _limit(limits.memory)
    pipe.send_bytes(READY)
    while True:
        try:
            lot = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        _alarm(limits.seconds * ASLEEP + GRACE)
        answer = _answer(auditor, lot)
        _alarm(0)
        pipe.send_bytes(answer)


def _move(setup: Setup, site: Site) -> None:
    """To the folder the run was started in. Raises ``Fault`` where results would not be what they are there."""
    try:
        os.chdir(site.folder)
    except OSError as error:
        raise Fault(
            "other-place",
            Text(f"工作节点上没有文件夹{site.folder}。", f"A worker does not see the folder {site.folder}."),
            hint=Text("各节点须能以同一路径读到文件。", "Every worker must find the files under the same paths."),
        ) from error
    if setup.past is not None and not setup.past.within_reach:
        raise Fault(
            "other-place",
            Text(f"工作节点打不开结果库{setup.past.store}。", f"A worker does not see the store {setup.past.store}."),
            hint=Text("请用 --last 指定上年文件。", "Name last year's reports with --last."),
        )
    if setup.fingerprint != site.fingerprint:
        raise Fault(
            "other-rules",
            Text("工作节点上的版本、规则或上年文件与这里不同。", "A worker has another version, rules or last year."),
            hint=Text("请在各节点安装同一版本和规则。", "Install the same version and rulebooks everywhere."),
        )


def settle_in() -> None:
    """Rulebooks and libraries stay until the end: they are old now, and the collector seldom looks at what is old."""
    gc.collect()
    seldom()


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
