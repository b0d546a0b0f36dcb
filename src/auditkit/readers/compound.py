"""OLE compound files, as .xls and .doc are: the names of their streams, and a stream's bytes."""

from __future__ import annotations

import struct

from auditkit.readers.archive import damaged

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_STREAM, _ROOT = 2, 5


class Compound:
    """Streams by lower-case name. Every walk along sectors is bounded by their number.

    Raises:
        Fault: the header, a chain or the directory is broken.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < 512:
            raise damaged("文件头不完整", "its header is incomplete")
        self._data = data
        self._size = 1 << (struct.unpack_from("<H", data, 30)[0] & 31)
        if self._size not in {512, 4096}:
            raise damaged("文件头有误", "its header is wrong")
        directory, self._cutoff, small = struct.unpack_from("<L4xLL", data, 48)
        self._fat = self._table(self._fat_sectors())
        self._small = self._table(self._chain(small, self._fat))
        self._container = b""
        self.streams: dict[str, tuple[int, int]] = {}
        """Name → first sector and size."""
        self._list(self._join(self._chain(directory, self._fat)))

    def stream(self, name: str) -> bytes:
        """The bytes of one stream. Raises ``KeyError``."""
        first, size = self.streams[name]
        if size >= self._cutoff:
            return self._join(self._chain(first, self._fat))[:size]
        pieces = self._chain(first, self._small)
        return b"".join(self._container[64 * piece : 64 * (piece + 1)] for piece in pieces)[:size]

    def _list(self, raw: bytes) -> None:
        for at in range(0, len(raw) - 127, 128):
            length, kind, first, size = struct.unpack_from("<HB49xLL", raw, at + 64)
            if kind == _STREAM:
                name = raw[at : at + min(max(length - 2, 0), 64)].decode("utf-16-le", "replace")
                self.streams.setdefault(name.lower(), (first, size))
            elif kind == _ROOT and not self._container:
                self._container = self._join(self._chain(first, self._fat))[:size]

    def _fat_sectors(self) -> list[int]:
        listed = list(struct.unpack_from("<109L", self._data, 76))
        following: int = struct.unpack_from("<L", self._data, 68)[0]
        for _ in range(len(self._data) // self._size):
            if following in {_FREE, _END}:
                break
            *more, following = struct.unpack(f"<{self._size // 4}L", self._sector(following))
            listed += more
        return [sector for sector in listed if sector not in {_FREE, _END}]

    def _table(self, sectors: list[int]) -> list[int]:
        raw = self._join(sectors)
        return list(struct.unpack(f"<{len(raw) // 4}L", raw))

    def _join(self, sectors: list[int]) -> bytes:
        if len(sectors) * self._size > len(self._data) + self._size:
            raise damaged("内部链表有误", "its chain of sectors is longer than the file")
        return b"".join(map(self._sector, sectors))

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size
        piece = self._data[begin : begin + self._size]
        if not piece:
            raise damaged("内容不完整", "it ends too early")
        return piece.ljust(self._size, b"\x00")

    @staticmethod
    def _chain(sector: int, table: list[int]) -> list[int]:
        found: list[int] = []
        while sector < len(table):
            found.append(sector)
            if len(found) > len(table):
                raise damaged("内部链表有误", "its chain of sectors is circular")
            sector = table[sector]
        return found
