"""XML parts as trees, parsed without entities, networks or surprises."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from auditkit.readers import guard
from auditkit.readers.archive import damaged

Element: TypeAlias = Any
"""An ``lxml`` element."""

LARGEST = 64 << 20
"""Bytes of one part; a tree takes several times as much."""


def tree(part: bytes) -> Element:
    """The root of one part.

    Raises:
        Fault: it is too large, not well-formed, or defines entities.
    """
    guard.within(len(part), LARGEST, "字节的一个部分", "bytes in one part")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as broken:
        raise damaged(f"内容有误（{broken}）", f"its content is broken ({broken})") from broken
    if root.getroottree().docinfo.doctype:
        raise damaged("含有实体定义", "it defines entities, which no office program writes")
    return root
