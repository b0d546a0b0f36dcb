"""Bytes → files, whole or not at all. The only room that writes what somebody asked for."""

from __future__ import annotations

import contextlib
import errno
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
        raise _unwritable(path, error.errno) from None


def possible(path: Path) -> None:
    """Raise what ``deliver`` would, as far as it can be told before there is anything to write."""
    if path.is_dir():
        raise _unwritable(path, errno.EISDIR)
    above = next(folder for folder in path.absolute().parents if folder.exists())
    if not above.is_dir():
        raise _unwritable(path, errno.ENOTDIR)
    if not os.access(above, os.W_OK):
        raise _unwritable(path, errno.EACCES)


_WHY: dict[int, tuple[str, str, str, str]] = {
    errno.ENOSPC: ("磁盘已满", "the disk is full", "请腾出空间后再运行一次。", "Make room and run it again."),
    errno.EACCES: (
        "没有权限，或它正被打开", "no permission, or it is open",
        "请核对权限；如果文件正在Excel或WPS中打开，请先关闭。", "Check the permissions; if it is open, close it first.",
    ),
    errno.EISDIR: ("已有同名的文件夹", "there is a folder of that name", "请换一个名字。", "Give another name."),
    errno.ENOTDIR: ("上一级不是文件夹", "what should be its folder is a file", "请核对路径。", "Check the path."),
    errno.ENAMETOOLONG: ("名字太长", "the name is too long", "请换一个短些的文件夹。", "Give a shorter folder."),
}  # fmt: skip
_WHY |= {errno.EDQUOT: _WHY[errno.ENOSPC], errno.EPERM: _WHY[errno.EACCES], errno.EROFS: _WHY[errno.EACCES]}


def _unwritable(path: Path, number: int | None) -> Fault:
    said = os.strerror(number or 0)
    zh, en, *hint = _WHY.get(number or 0, (said, said, "请核对路径和磁盘。", "Check the path and the disk."))
    told = Text(f"写不出 {path}：{zh}。", f"cannot write {path}: {en}.")
    return Fault("unwritable", told, hint=Text(*hint), exit=2)


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
