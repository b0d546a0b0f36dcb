"""Zip packages: the directory read by hand, parts inflated within limits that do not trust it, and packed anew."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from auditkit.model.words import Fault, Text

MEMBERS = 5_000
PIECE = 4 << 20
"""Bytes inflated at a time; nearly every part of a form is one piece. Below this size no ratio is suspicious."""
PART = 256 << 20
RATIO = 200
ENCRYPTED = 0x1
STORED, DEFLATED = 0, 8

_SHORT = 1 << 10
"""Packed bytes up to which a part is remembered; however it was packed, it cannot be longer than a megabyte."""
_MOST = 1032
"""Deflate cannot inflate a byte to more bytes than this."""
_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s4x2H4x3L3H8xL")
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_NAMES = struct.Struct("<2H")
_NEW_YEAR = 0x21
"""1 January 1980, the first day a zip knows."""


class Member(NamedTuple):
    """One part as the directory has it: where its local header starts, its packed size, method and checksum."""

    offset: int
    size: int
    method: int
    crc: int


def directory(data: bytes) -> tuple[int, int, int]:
    """Start and end of the central directory, and the number of its entries; start is -1 in 64-bit packages."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65557))
    if end < 0 or end + _END.size > len(data):
        raise damaged("目录缺失，文件可能没有传完", "its directory is missing, perhaps it was not copied completely")
    _, _, _, _, count, size, _, _ = _END.unpack_from(data, end)
    if count == 0xFFFF or size == 0xFFFFFFFF:
        return -1, end, count
    return end - size, end, count


def members(data: bytes) -> dict[str, Member]:
    """Every part by name. Raises a ``Fault`` for packages that are encrypted, damaged or built to harm."""
    start, end, count = directory(data)
    found = _large(data) if start < 0 else _entries(data, start, end, count)
    reach = 0
    for offset, size, _, _ in sorted(found.values()):
        if offset < reach or data[offset : offset + 4] != b"PK\x03\x04":
            raise damaged("各部分相互重叠或位置不对", "its parts overlap or are not where the directory says")
        reach = offset + 30 + size
    if reach > len(data):
        raise damaged("内容不完整", "it ends too early")
    return found


def _entries(data: bytes, start: int, end: int, count: int) -> dict[str, Member]:
    found: dict[str, Member] = {}
    before = max(start - int.from_bytes(data[end + 16 : end + 20], "little"), 0)
    for _ in range(_bounded(count)):
        if start < 0 or start + 46 > end:
            raise damaged("目录不完整", "its directory is incomplete")
        signature, flags, method, crc, size, full, name, extra, note, offset = _ENTRY.unpack_from(data, start)
        if signature != b"PK\x01\x02":
            raise damaged("目录不完整", "its directory is incomplete")
        if size == 0xFFFFFFFF or full == 0xFFFFFFFF or offset == 0xFFFFFFFF:
            return _large(data)
        path = data[start + 46 : start + 46 + name].decode("utf-8", "replace")
        _add(found, path, Member(offset + before, size, method, crc), flags)
        start += 46 + name + extra + note
    return found


def _large(data: bytes) -> dict[str, Member]:
    """Packages with 64-bit fields, which some programs write for small files too."""
    found: dict[str, Member] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _bounded(len(package.filelist))
        for entry in package.filelist:
            member = Member(entry.header_offset, entry.compress_size, entry.compress_type, entry.CRC)
            _add(found, entry.filename, member, entry.flag_bits)
    return found


def _bounded(count: int) -> int:
    if count > MEMBERS:
        raise too_large(f"有{count}个部分，上限{MEMBERS}", f"it has {count} parts, the limit is {MEMBERS}")
    return count


def _add(found: dict[str, Member], name: str, member: Member, flags: int) -> None:
    if flags & ENCRYPTED:
        raise encrypted()
    if member.method not in {STORED, DEFLATED}:
        raise damaged(f"压缩方式{member.method}不常见", f"no office program packs by method {member.method}")
    if name in found:
        raise damaged(f"有两个部分同名（{name}）", f"two parts have the same name ({name})")
    found[name] = member


def inflate(data: bytes, member: Member) -> bytes:
    """A whole part, its checksum verified: a flipped bit may leave a digit that is merely wrong.

    Raises:
        Fault: it is damaged, or inflates beyond the limits.
        zlib.error: it is not deflated at all.
    """
    offset, size, method, crc = member
    name, extra = _NAMES.unpack_from(data, offset + 26)
    raw = data[offset + 30 + name + extra : offset + 30 + name + extra + size]
    return (_known if size <= _SHORT else _inflated)(raw, method, crc)


def _inflated(raw: bytes, method: int, crc: int) -> bytes:
    size = len(raw)
    if method == STORED:
        part = raw
    elif size * _MOST <= PIECE:
        part = zlib.decompress(raw, -15)
    else:
        part = b"".join(_stepwise(raw, size))
    if zlib.crc32(part) != crc:
        raise damaged("校验和不符", "a checksum does not match")
    return part


_known = lru_cache(64)(_inflated)
"""Files of one template share their styles, relations and list of sheets to the byte."""


def _stepwise(raw: bytes, size: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-15)
    total = 0
    while piece := inflater.decompress(raw, PIECE):
        yield piece
        total += len(piece)
        raw = inflater.unconsumed_tail
        if raw and (total > PART or total > max(RATIO * size, PIECE)):
            mega = total >> 20
            raise too_large(f"一个部分解压后超过{mega}MB", f"one of its parts inflates to more than {mega} MB")
    if not inflater.eof:
        raise damaged("内容不完整", "it ends too early")


def packed(parts: Mapping[str, tuple[bytes, int]]) -> bytes:
    """A new package of these parts, stored: name → bytes and checksum, which whoever reads it verifies."""
    body: list[bytes] = []
    index: list[bytes] = []
    at = 0
    for name, (data, crc) in parts.items():
        path, size = name.encode(), len(data)
        local = _LOCAL.pack(b"PK\x03\x04", 20, 0x800, STORED, 0, _NEW_YEAR, crc, size, size, len(path), 0)
        body += (local, path, data)
        entry = (b"PK\x01\x02", 20, 20, 0x800, STORED, 0, _NEW_YEAR, crc, size, size, len(path), 0, 0, 0, 0, 0, at)
        index += (_CENTRAL.pack(*entry), path)
        at += 30 + len(path) + size
    central = b"".join(index)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(central), at, 0)
    return b"".join((*body, central, end))


def damaged(zh: str, en: str) -> Fault:
    return Fault(
        "damaged",
        Text(f"文件已损坏，无法读取：{zh}。", f"The file is damaged: {en}."),
        hint=Text(
            "请重新取得文件，或在Excel、WPS中打开后另存。", "Get it again, or open it in Excel or WPS and save it anew."
        ),
    )


def encrypted() -> Fault:
    return Fault(
        "encrypted",
        Text("文件设有密码，无法读取。", "The file is protected by a password."),
        hint=Text("请取消打开密码后重新保存。", "Remove the password to open it and save it again."),
    )


def too_large(zh: str, en: str) -> Fault:
    return Fault(
        "too-large",
        Text(f"文件过大，未读取：{zh}。", f"The file is too large: {en}."),
        hint=Text("请删去多余的行、列和工作表后另存。", "Delete spare rows, columns and sheets, and save it anew."),
    )
