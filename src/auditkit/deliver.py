"""Bytes → files, whole or not at all. The only room that writes what somebody asked for."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from auditkit.model.words import Fault, Text


def deliver(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` by way of a temporary file beside it: a killed run leaves the old file or the new.

    Raises:
        Fault: ``unwritable`` (exit 2) when the folder is missing and cannot be made, or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".auditkit-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
