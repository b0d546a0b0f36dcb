"""Plain text and Markdown: a line is a paragraph; lines that share tabs or pipes are a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from auditkit.model.document import Document, Grid, Paragraph, Source
from auditkit.readers.decoding import decode
from auditkit.readers.delimited import rectangle

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_ITEM = re.compile(r"[-*+•●]\s+\S")
_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
"""The line under a Markdown table's header."""


def read(source: Source) -> Document:
    """Paragraphs of non-blank lines, numbered through; tables named 表1, 表2 … where they stand."""
    paragraphs: list[Paragraph] = []
    grids: list[Grid] = []
    for mark, block in _blocks(decode(source.data)):
        if mark:
            rows = rectangle(_cells(line, mark) for line in block if not _RULE.fullmatch(line.strip()))
            grids.append(Grid(f"表{len(grids) + 1}", rows, after=len(paragraphs)))
        else:
            paragraphs += [_paragraph(n, line.strip()) for n, line in enumerate(block, len(paragraphs) + 1)]
    return Document(source.name, "text", tuple(grids), tuple(paragraphs))


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines that share a delimiter, two or more; all other lines that are not blank, without one."""
    for mark, run in groupby(text.splitlines(), key=_mark):
        lines = list(run)
        if mark and len(lines) > 1:
            yield mark, lines
        else:
            yield "", [line for line in lines if line.strip()]


def _mark(line: str) -> str:
    """The delimiter between cells of this line: indents and ends do not count."""
    inner = line.strip()
    return "\t" if "\t" in inner else "|" if "|" in inner.strip("|") or inner.count("|") > 1 else ""


def _cells(line: str, mark: str) -> list[str]:
    if mark == "\t":
        return [cell.strip() for cell in line.split("\t")]
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _paragraph(number: int, line: str) -> Paragraph:
    if heading := _HEADING.fullmatch(line):
        return Paragraph(number, heading[2], "title" if number == 1 and len(heading[1]) == 1 else "heading")
    return Paragraph(number, line, "list" if _ITEM.match(line) else "body")
