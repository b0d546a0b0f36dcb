"""How work on a file came to a bad end, and what is said about the one file that brought it there."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from auditkit.batch.gather import Found
from auditkit.model.finding import Result
from auditkit.model.words import Fault, Text


@dataclass(frozen=True)
class Limits:
    """What one lot may take; a lot that takes more is done again file by file, each under the same limits."""

    seconds: float = 60
    """Of work; a machine that is busy with other things is given up to ``ASLEEP`` times as long."""
    memory: int = 2 << 30
    """Bytes beyond what an idle worker has, where the system can limit it."""


ASLEEP = 5


@dataclass(frozen=True)
class Broke:
    """A lot that came to nothing, and what was said last."""

    code: str
    """``crashed``, ``timed-out``, ``out-of-memory`` or ``failed``."""
    said: str = ""


RETRIED = frozenset({"crashed", "timed-out", "out-of-memory", "failed", "missing", "unreadable"})
"""Faults that another day or another machine may not have: nobody should remember them."""

_RENEW = Text("请在Excel或WPS中打开后另存，再检查。", "Open it in Excel or WPS, save it anew and check again.")
_SMALLER = Text("请删去多余的行、列和工作表后另存。", "Delete spare rows, columns and sheets, and save it anew.")
_BUG = Text("数据没有因此被判错；请把这句话发给我们。", "The data is not blamed; send us this sentence.")


def broken(error: BaseException) -> Broke:
    """A bug of ours, or a panic of a Rust library, which is no ``Exception``. Raises interrupts and exits again."""
    if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
        raise error
    if isinstance(error, MemoryError):
        return Broke("out-of-memory")
    return Broke("failed", f"{type(error).__name__}: {error}"[:200])


def died(code: int | None, said: str, *, late: bool) -> Broke:
    """From exit status (negative: a signal), last words, and whether the deadline had passed."""
    if late or code == -getattr(signal, "SIGALRM", 0):
        return Broke("timed-out")
    if "memory allocation of" in said or code == -getattr(signal, "SIGKILL", 0):
        return Broke("out-of-memory")  # a Rust library without memory aborts; a system without memory kills
    return Broke("crashed", f"exit status {code}")


def result(found: Found, broke: Broke, limits: Limits) -> Result:
    """The result of a file that could not be checked; every fault has exit 3."""
    return Result(found.file, "", faults=(fault(broke, limits),))


def fault(broke: Broke, limits: Limits) -> Fault:
    """What is said of the file; always exit 3."""
    if broke.code == "timed-out":
        n = f"{limits.seconds:g}"
        message = Text(f"{n}秒内没有查完，已停止。", f"It was not finished within {n} seconds and was stopped.")
        return Fault("timed-out", message, hint=_SMALLER)
    if broke.code == "out-of-memory":
        message = Text("检查它需要的内存超过上限。", "Checking it takes more memory than is allowed.")
        return Fault("out-of-memory", message, hint=_SMALLER)
    if broke.code == "crashed":
        said = broke.said
        message = Text(
            f"读取它时程序崩溃（{said}），没有检查。", f"A library crashed on it ({said}), it was not checked."
        )
        return Fault("crashed", message, hint=_RENEW)
    message = Text(f"程序自身出错（{broke.said}）。", f"auditkit itself failed ({broke.said}).")
    return Fault("failed", message, hint=_BUG)
