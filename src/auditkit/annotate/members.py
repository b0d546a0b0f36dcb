"""Zip members: the directory read by hand, changed members written anew, all others copied as the bytes they are."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from auditkit.annotate.mark import damaged, uncarried

PART = 128 << 20
"""Bytes a part may inflate to; the largest sheet that is still checked stays below."""
STORED, DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1, 0x800
_ALL = 0xFFFFFFFF

_END = struct.Struct("<4s4H2LH")
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")


class Member(NamedTuple):
    """One line of the directory: its bytes, and what they say."""

    name: str
    entry: bytes
    field: slice
    """Where in ``entry`` the offset stands: four bytes, or eight in a 64-bit field."""
    offset: int
    size: int
    crc: int
    method: int


class Archive(NamedTuple):
    """A zip file and its directory in the order of the directory."""

    data: bytes
    members: tuple[Member, ...]
    start: int
    """First byte of the directory."""
    comment: bytes


def opened(data: bytes) -> Archive:
    """The directory of a zip file. Raises a ``Fault`` for a file that is encrypted, damaged or built to harm."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65557))
    if end < 0 or end + _END.size > len(data):
        raise damaged("目录缺失，文件可能没有传完", "its directory is missing, perhaps it was not copied completely")
    count, size, first, comment = _END.unpack_from(data, end)[4:]
    if count == 0xFFFF or _ALL in {size, first}:
        end, count, size, first = _large(data, end)
    start = end - size
    if start < first:
        raise damaged("目录不完整", "its directory is incomplete")
    members = tuple(_entries(data, start, end, count, start - first))
    _apart(data, members, start)
    return Archive(data, members, start, data[len(data) - comment :] if comment else b"")


def _large(data: bytes, end: int) -> tuple[int, int, int, int]:
    """The 64-bit record before the end record: where it stands, entries, bytes and offset of the directory."""
    at = data.rfind(b"PK\x06\x06", 0, end)
    if at < 0 or at + _LARGE_END.size > end:
        raise damaged("目录不完整", "its directory is incomplete")
    count, size, first = _LARGE_END.unpack_from(data, at)[7:]
    return at, count, size, first


def _entries(data: bytes, at: int, end: int, count: int, shift: int) -> Iterator[Member]:
    seen: set[str] = set()
    for _ in range(count):
        if at + _ENTRY.size > end or data[at : at + 4] != b"PK\x01\x02":
            raise damaged("目录不完整", "its directory is incomplete")
        name, extra, note = struct.unpack_from("<3H", data, at + 28)
        entry = data[at : at + _ENTRY.size + name + extra + note]
        member = _member(entry, name, extra, shift)
        if member.name in seen:
            raise damaged(f"有两个部分同名（{member.name}）", f"two parts have the same name ({member.name})")
        seen.add(member.name)
        yield member
        at += len(entry)


def _member(entry: bytes, name: int, extra: int, shift: int) -> Member:
    _, _, _, flags, method, _, _, crc, size, full, *_, offset = _ENTRY.unpack_from(entry)
    if flags & _ENCRYPTED:
        raise uncarried("文件设有密码", "The file is protected by a password")
    if method not in {STORED, DEFLATED}:
        raise damaged(f"压缩方式{method}不常见", f"compression method {method} is not used by office programs")
    begin = _ENTRY.size + name
    field = slice(42, 46)
    if _ALL in {size, full, offset}:
        wide = _wide(entry, begin, begin + extra)
        if full == _ALL:
            next(wide)
        if size == _ALL:
            size = int.from_bytes(entry[next(wide)], "little")
        if offset == _ALL:
            field = next(wide)
            offset = int.from_bytes(entry[field], "little")
    called = entry[_ENTRY.size : begin].decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    return Member(called, entry, field, offset + shift, size, crc, method)


def _wide(entry: bytes, at: int, end: int) -> Iterator[slice]:
    """Where the 64-bit numbers of an entry stand, in their order."""
    while at + 4 <= end:
        tag, length = struct.unpack_from("<2H", entry, at)
        if tag == 1:
            yield from (slice(i, i + 8) for i in range(at + 4, min(at + 4 + length, end) - 7, 8))
        at += 4 + length
    raise damaged("目录不完整", "its directory is incomplete")


def _apart(data: bytes, members: tuple[Member, ...], end: int) -> None:
    reach = 0
    for member in sorted(members, key=lambda m: m.offset):
        if member.offset < reach or data[member.offset : member.offset + 4] != b"PK\x03\x04":
            raise damaged("各部分相互重叠或位置不对", "its parts overlap or are not where the directory says")
        reach = _begin(data, member) + member.size
    if reach > end:
        raise damaged("内容不完整", "it ends too early")


def _begin(data: bytes, member: Member) -> int:
    """First byte of the packed content."""
    name, extra = struct.unpack_from("<2H", data, member.offset + 26)
    return member.offset + _LOCAL.size + int(name) + int(extra)


def inflated(archive: Archive, member: Member) -> bytes:
    """A part as it was before it was packed, within ``PART``."""
    begin = _begin(archive.data, member)
    raw = archive.data[begin : begin + member.size]
    try:
        content = raw if member.method == STORED else zlib.decompressobj(-15).decompress(raw, PART)
    except zlib.error as broken:
        raise damaged(f"{member.name}解压失败", f"{member.name} cannot be unpacked") from broken
    if zlib.crc32(content) != member.crc:
        raise damaged(f"{member.name}解压失败或过大", f"{member.name} cannot be unpacked or is too large")
    return content


def rewritten(archive: Archive, changed: Mapping[str, bytes]) -> bytes:
    """The zip file with the content of some members changed and, after all others, new ones added.

    Every other member keeps its bytes from local header to the next member, so also its packing, time and extras.
    """
    out = bytearray(archive.data[: min((m.offset for m in archive.members), default=0)])
    moved: dict[str, bytes] = {}
    ends = _spans(archive)
    for member in sorted(archive.members, key=lambda m: m.offset):
        if member.name in changed:
            moved[member.name] = _written(out, member.entry, changed[member.name])
        else:
            moved[member.name] = _at(member, len(out))
            out += archive.data[member.offset : ends[member.name]]
    for name in [n for n in changed if n not in moved]:
        moved[name] = _written(out, _new(name), changed[name])
    order = [*(m.name for m in archive.members), *(n for n in changed if all(n != m.name for m in archive.members))]
    directory = b"".join(moved[name] for name in order)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(order), len(order), len(directory), len(out), len(archive.comment))
    return bytes(out) + directory + end + archive.comment


def _spans(archive: Archive) -> dict[str, int]:
    """Where each member ends: where the next one starts."""
    ordered = sorted(archive.members, key=lambda m: m.offset)
    return {m.name: n for m, n in zip(ordered, [*(m.offset for m in ordered[1:]), archive.start], strict=True)}


def _at(member: Member, offset: int) -> bytes:
    """The directory entry of an unchanged member at its new offset."""
    entry, field = member.entry, member.field
    return entry[: field.start] + offset.to_bytes(field.stop - field.start, "little") + entry[field.stop :]


def _new(name: str) -> bytes:
    """A directory entry for a member that did not exist; 1980-01-01, so that the same input gives the same bytes."""
    raw = name.encode()
    flags = 0 if raw.isascii() else _UTF8
    return _ENTRY.pack(b"PK\x01\x02", 20, 20, flags, DEFLATED, 0, 0x21, 0, 0, 0, len(raw), 0, 0, 0, 0, 0, 0) + raw


def _written(out: bytearray, entry: bytes, content: bytes) -> bytes:
    """Appends a member with new content to the file; returns its directory entry."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    made, flags, time, date = (int.from_bytes(entry[i : i + 2], "little") for i in (4, 8, 12, 14))
    length = int.from_bytes(entry[28:30], "little")
    raw = entry[_ENTRY.size : _ENTRY.size + length]
    what = (20, flags & _UTF8, DEFLATED, time, date, zlib.crc32(content), len(packed), len(content), length)
    offset = len(out)
    out += _LOCAL.pack(b"PK\x03\x04", *what, 0) + raw + packed
    return _ENTRY.pack(b"PK\x01\x02", made, *what, 0, 0, 0, *struct.unpack_from("<HL", entry, 36), offset) + raw
