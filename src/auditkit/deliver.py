"""Bytes → files, whole or not at all. The only room that writes what somebody asked for."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

from auditkit.model.words import Fault, Text

if sys.platform != "win32":
    import fcntl

PREFIX = ".auditkit-"
"""What the temporary files are called that become the files asked for."""


def deliver(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` by way of a temporary file beside it: a killed run leaves the old file or the new.

    Raises:
        Fault: ``unwritable`` (exit 2) when the folder is missing and cannot be made, or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        handle, name = _begun(path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                if sys.platform == "win32":
                    file.close()  # an open file cannot be moved there; elsewhere it keeps others from sweeping it away
                Path(name).chmod(0o666 & ~_umask())
                Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Fault(
            "unwritable",
            Text(f"写不出 {path}（{error.strerror}）。", f"cannot write {path} ({error.strerror})."),
            hint=Text("如果文件正在 Excel 中打开，请先关闭。", "If it is open in Excel, close it first."),
            exit=2,
        ) from None


def _begun(folder: Path) -> tuple[int, str]:
    """A temporary file that is held while it is written."""
    while True:
        handle, name = tempfile.mkstemp(dir=folder, prefix=PREFIX)
        if _held(handle) is not False and Path(name).exists():
            return handle, name
        os.close(handle)  # another run saw it before it was held, and swept it away


@cache
def _sweep(folder: Path) -> None:
    """Take away what killed runs left half written; what a living run is writing stays. Once a process and folder."""
    for left in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if sys.platform == "win32" or _is_left(left):  # Windows keeps open files
                left.unlink()


def _is_left(path: Path) -> bool:
    with path.open("rb") as file:
        return _held(file.fileno()) is True


def _held(handle: int) -> bool | None:
    """Whether the file is ours now; the system lets go of it when its process ends. None where there are no locks."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
