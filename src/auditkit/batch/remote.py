"""Files that are no files of this machine: whatever URL fsspec knows, such as ``s3://``, ``sftp://`` or ``memory://``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, Literal, TypeVar, cast

from auditkit.model.words import Fault, Text
from auditkit.readers import LARGEST, too_long

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
"""A scheme is longer than a drive's letter."""
_TIMES = ("mtime", "LastModified", "last_modified", "modified", "updated", "created")
"""What file systems call the time of the last change."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed:
    """What is at a URL."""

    url: str
    name: str
    """The last part of the URL."""
    kind: Literal["file", "folder", "link", "special"]
    size: int
    modified: float
    """Seconds since 1970; 0 where it is not known."""


def is_url(path: str) -> bool:
    return _URL.match(path) is not None


def look(url: str) -> Listed:
    """What is there. Raises ``Fault``."""
    return _asked(url, lambda system, inner: _listed(system, system.info(inner)))


def inside(url: str) -> list[Listed]:
    """What is in a folder, in order of names. Raises ``Fault``."""

    def entries(system: AbstractFileSystem, inner: str) -> list[Listed]:
        found = (_listed(system, info) for info in system.ls(inner, detail=True))
        return sorted((one for one in found if one.name), key=lambda one: one.name)

    own = url.rstrip("/")
    return [one for one in _asked(url, entries) if one.url.rstrip("/") != own]


def load(url: str) -> bytes:
    """The bytes of one file. Raises ``Fault``."""

    def read(system: AbstractFileSystem, inner: str) -> bytes:
        size = int(system.info(inner).get("size") or 0)
        if size > LARGEST:
            raise too_long(size)
        return cast("bytes", system.cat_file(inner))

    return _asked(url, read)


def opened(path: str) -> IO[bytes]:
    """A file or a URL for reading here and there. Raises ``OSError`` or ``Fault``."""
    if not is_url(path):
        return open(path, "rb")  # noqa: PTH123 - names that are no UTF-8; closed by who asked
    return _asked(path, lambda system, inner: cast("IO[bytes]", system.open(inner, "rb")))


def _asked(url: str, question: Callable[[AbstractFileSystem, str], T]) -> T:
    """The answer of the file system behind a URL; whatever it raises comes out as one ``Fault``."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra

        return question(*url_to_fs(url))
    except Fault:
        raise
    except FileNotFoundError as error:
        raise Fault(
            "missing",
            Text(f"没有这个文件：{url}。", f"There is no such file: {url}."),
            hint=Text("请核对地址。", "Check the address."),
            exit=2,
        ) from error
    except ImportError as error:
        raise Fault(
            "no-extra",
            Text(f"缺少读取{url}所需的库（{error}）。", f"A library to read {url} is missing ({error})."),
            hint=Text("请安装 auditkit[cluster] 及该存储的库。", "Install auditkit[cluster] and its own library."),
            exit=2,
        ) from error
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:200]
        raise Fault(
            "unreadable",
            Text(f"无法读取{url}（{said}）。", f"{url} cannot be read ({said})."),
            hint=Text("请核对地址和权限。", "Check the address and the permissions."),
            exit=2,
        ) from error


def _listed(system: AbstractFileSystem, info: Mapping[str, Any]) -> Listed:
    url = cast("str", system.unstrip_protocol(info["name"]))
    kind: Literal["file", "folder", "link", "special"] = "special"
    if info.get("islink"):
        kind = "link"
    elif info["type"] == "directory":
        kind = "folder"
    elif info["type"] == "file":
        kind = "file"
    when = next((info[name] for name in _TIMES if info.get(name)), 0.0)
    modified = when.timestamp() if isinstance(when, datetime) else when if isinstance(when, (int, float)) else 0.0
    return Listed(url, url.rstrip("/").rpartition("/")[2], kind, int(info.get("size") or 0), modified)
