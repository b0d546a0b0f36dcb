"""Zip archives of submissions: opened under limits, members one by one, names as their writers meant them."""

from __future__ import annotations

import os
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

from auditkit.batch import remote
from auditkit.model.words import Fault, Text

MEMBERS = 20_000
DIRECTORY = 16 << 20
MEMBER = 256 << 20
TOTAL = 8 << 30
RATIO = 200
GRACE = 4 << 20
"""Inflated bytes below which no ratio is suspicious."""

_UTF8, _ENCRYPTED = 0x800, 0x1
_END = b"PK\x05\x06"


@dataclass(frozen=True)
class Member:
    """One file of an archive; ``fault`` says why it is not opened."""

    number: int
    name: str
    size: int
    modified: float
    fault: Fault | None


def is_archive(path: str) -> bool:
    """A zip by suffix and first bytes that is no office document under a wrong name."""
    if not path.lower().endswith(".zip"):
        return False
    try:
        with remote.opened(path) as stream:
            if stream.read(2) != b"PK":
                return False
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - 65_557))
            tail = stream.read()
    except (Fault, OSError):
        return False
    end = tail.rfind(_END)
    names = tail[max(0, end - int.from_bytes(tail[end + 12 : end + 16], "little")) : end]  # not those of its members
    return b"[Content_Types].xml" not in names and b"META-INF/manifest.xml" not in names


def members(path: str) -> tuple[Member, ...]:
    """All files of the archive. Raises ``Fault`` when it cannot be listed or would exhaust whoever unpacks it."""
    with _opened(path) as archive:
        entries = archive.infolist()
        if len(entries) > MEMBERS:
            raise _refused(f"有{len(entries)}个文件，上限{MEMBERS}", f"it has {len(entries)} files, limit {MEMBERS}")
        total = sum(entry.file_size for entry in entries)
        if total > TOTAL:
            raise _refused(f"解压后有{total >> 20}MB", f"it unpacks to {total >> 20} MB")
        return tuple(_member(n, entry) for n, entry in enumerate(entries) if entry.filename[-1:] != "/")


def member(path: str, number: int) -> bytes:
    """The bytes of one member, its checksum verified. Raises ``Fault``."""
    with _opened(path) as archive:
        return archive.read(archive.infolist()[number])


def _member(number: int, entry: zipfile.ZipInfo) -> Member:
    name = _name(entry)
    return Member(number, _safe(name), entry.file_size, _modified(entry), _fault(name, entry))


def _name(entry: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are in the writer's own encoding, and here that is GBK unless it is UTF-8 anyway."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _safe(name: str) -> str:
    """A name to print and to tell apart, never a path to write to."""
    parts = [part for part in name.replace("\0", "\ufffd").split("/") if part not in {"", "."}]
    return "/".join(parts).replace("!", "！") or "?"


def _fault(name: str, entry: zipfile.ZipInfo) -> Fault | None:
    if ".." in name.split("/") or name.startswith("/") or name[1:2] == ":" or "\0" in name:
        return Fault(
            "traversal",
            Text("压缩包内的文件名指向包外，没有打开。", "Its name in the archive points outside, it was not opened."),
            hint=Text("请重新打包。", "Pack it again."),
        )
    if entry.flag_bits & _ENCRYPTED:
        return Fault(
            "encrypted",
            Text("压缩包设有密码，无法读取。", "The archive is protected by a password."),
            hint=Text("请去掉密码后重新打包。", "Pack it again without a password."),
        )
    if entry.file_size > GRACE and entry.file_size > RATIO * entry.compress_size:
        times = entry.file_size // max(entry.compress_size, 1)
        return Fault(
            "too-large",
            Text(
                f"解压后是原来的{times}倍（{entry.file_size >> 20}MB），报表不会这样，没有打开。",
                f"It unpacks to {times} times its size ({entry.file_size >> 20} MB), as no report does; not opened.",
            ),
            hint=Text("请核对来源，重新取得文件。", "See where it comes from, and get it again."),
        )
    if entry.file_size > MEMBER:
        return _refused(f"解压后有{entry.file_size >> 20}MB", f"it unpacks to {entry.file_size >> 20} MB")
    if name.lower().endswith(".zip"):
        return Fault(
            "nested",
            Text("压缩包里的压缩包没有打开。", "An archive within an archive is not opened."),
            hint=Text("请解压后再检查。", "Unpack it first."),
        )
    return None


def _modified(entry: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


@contextmanager
def _opened(path: str) -> Iterator[zipfile.ZipFile]:
    try:
        yield _archive(path, *_version(path))
    except (OSError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, NotImplementedError, zlib.error) as error:
        raise Fault(
            "damaged",
            Text(
                "压缩包已损坏或没有传完，无法读取。", f"The archive is damaged or was not copied completely ({error})."
            ),
            hint=Text("请重新取得文件。", "Get it again."),
        ) from error


def _version(path: str) -> tuple[float, int]:
    if remote.is_url(path):
        one = remote.look(path)
        return one.modified, one.size
    facts = os.stat(path)  # noqa: PTH116
    return facts.st_mtime_ns, facts.st_size


@lru_cache(maxsize=2)
def _archive(path: str, modified: float, size: int) -> zipfile.ZipFile:
    """A directory is read once for all members; the arguments after the first tell versions of the file apart."""
    del modified
    with remote.opened(path) as stream:
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    end = tail.rfind(_END)
    if end >= 0 and DIRECTORY < int.from_bytes(tail[end + 12 : end + 16], "little") < 0xFFFFFFFF:
        raise _refused("目录过大", "its directory is too large")
    return _Archive(remote.opened(path))


class _Archive(zipfile.ZipFile):
    """Closes its stream with itself, also where it is none of an archive."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        super().__init__(stream)

    def close(self) -> None:
        super().close()
        self._stream.close()


def _refused(zh: str, en: str) -> Fault:
    return Fault(
        "too-large",
        Text(f"压缩包过大，没有打开：{zh}。", f"The archive is too large: {en}."),
        hint=Text("请解压后再检查。", "Unpack it first."),
    )
