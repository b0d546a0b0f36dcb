"""The guard: lets through only what cannot exhaust a reader, and hands on exactly what it has looked at."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from auditkit.readers.archive import Member, inflate, packed, too_large

CELLS = 3_000_000
AREA = 6_000_000
MERGES = 50_000
ALL_PARTS = 512 << 20
HANDED_ON = 32 << 20
"""Inflated bytes up to which a package is packed anew; beyond, the original is read after the same look."""

Look = Callable[[str, bytes], tuple[bytes, int]]
"""Name and bytes of one part → the part to read in its place, and the number of its cells. Refuses what would harm."""


def package(data: bytes, kept: Mapping[str, Member], look: Look) -> bytes:
    """The kept parts, each inflated once and looked at, as a package that may be read without fear."""
    parts: dict[str, tuple[bytes, int]] = {}
    total = cells = 0
    for name, member in kept.items():
        part = inflate(data, member)
        seen, counted = look(name, part)
        total, cells = total + len(part), cells + counted
        within(total, ALL_PARTS, "字节的内容", "bytes")
        within(cells, CELLS, "个单元格", "cells")
        if total <= HANDED_ON:
            parts[name] = seen, member.crc if seen is part else zlib.crc32(seen)
    return packed(parts) if total <= HANDED_ON else data


def within(count: int, limit: int, zh: str, en: str) -> None:
    """Refuses what is more than its limit."""
    if count > limit:
        raise too_large(f"有{count}{zh}，上限{limit}", f"it has {count} {en}, the limit is {limit}")


def area(height: int, width: int) -> None:
    """Refuses a used range that readers would lay out cell by cell."""
    within(
        height * width,
        AREA,
        f"个单元格的已用区域（{height}行×{width}列）",
        f"cells in its used range ({height} x {width})",
    )
