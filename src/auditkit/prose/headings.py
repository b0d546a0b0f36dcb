"""Headings: the numbered titles of a report, standing alone or running in a line, and the section a line belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from auditkit.chinese import chinese_numeral
from auditkit.model.finding import Term
from auditkit.model.words import Text
from auditkit.prose.reading import Line, Reading

_HAN = "[一二三四五六七八九十]{1,3}"
_ALONE = re.compile(
    rf"\s*(?:(?P<l1>{_HAN})\s*[、.．，:]|第(?P<part>{_HAN})(?:部分|章)\s*[:、，]?|[(](?P<l2>{_HAN})[)]\s*[、.]?"
    r"|(?P<l3>\d{1,2})\s*[、.．](?!\d)|[(](?P<l4>\d{1,2})[)])"
)
_INLINE = re.compile(
    rf"(?<![\u4e00-\u9fff“(])(?P<l1>{_HAN})、(?!{_HAN}[、两])"
    rf"|(?<![第条款项述列之即至和及与在按“])[(](?P<l2>{_HAN})[)](?![项款条、至-])"
    r"|(?:(?<=[。;:\s…|])|^)(?P<l3>\d{1,2})[、.．](?!\d)|(?<![第\d〔])[(](?P<l4>\d{1,2})[)](?=[\u4e00-\u9fff])"
)
_MARKER = re.compile(r"[、.．)](?:(?<=[一二三四五六七八九十].)|(?<=\d.)(?!\d))")
"""How every marker ends."""
_TITLE_END = re.compile(r"[。;…(|]|\s{1,}(?=\S{8})")
_NOT_ALONE = re.compile(r"[。…]")
_ROW = re.compile(
    r"\s*(?:本年新收|上年结转|本年度办理结果|结转下年|予以公开|部分公开|不予公开|无法提供|不予处理|其他处理|总计)(?!情况)"
)
"""Rows of the form's table of requests are numbered like headings."""
_LEVELS = {"part": 0, "l1": 1, "l2": 2, "l3": 3, "l4": 4}
LONGEST_TITLE = 45
CELLS = 4
"""Marks between cells that make a line a table: its labels are no headings."""


class Heading(NamedTuple):
    """``level`` 0 is 第一部分, 1 is 一、, 2 is （一）, 3 is 1、, 4 is （1）; offsets are those of its line."""

    level: int
    number: int
    title: str
    line: int
    start: int
    end: int
    alone: bool
    """Nothing but the title stands in its line."""


def outline(reading: Reading) -> tuple[Heading, ...]:
    """Headings that begin a line, in order. For ``Reading.once``."""
    begins = (i for i, at in enumerate(reading.starts[:-1]) if _ALONE.match(reading.text, at))
    return tuple(h for i in begins if (h := _first(reading.lines[i])) is not None)


def runs(reading: Reading) -> tuple[tuple[Heading, ...], ...]:
    """Lines in which two or more markers run on, each with its headings in order. For ``Reading.once``."""
    found = (tuple(_running(line)) for line in reading.lines_with(_MARKER) if line.text.count("|") < CELLS)
    return tuple(run for run in found if len(run) > 1)


def sections(reading: Reading) -> tuple[Heading, ...]:
    """The headings of the first level: those that begin lines, or run in one line where no line begins with one."""
    main = reading.once(outline)
    top = min((h.level for h in main), default=1)
    found = tuple(h for h in main if h.level == top <= 1)
    if len(found) > 1:
        return found
    running = [tuple(h for h in run if h.level == 1) for run in reading.once(runs)]
    return max((found, *running), key=len)


def section_of(reading: Reading, line: int) -> str:
    """Title of the first-level section a line stands in; empty before the first."""
    tops = reading.once(_tops)
    return tops[bisect_right(tops, line, key=lambda h: h.line) - 1].title if tops and tops[0].line <= line else ""


def heading_term(reading: Reading, heading: Heading) -> Term:
    """A heading as it took part in a finding."""
    text = reading.lines[heading.line].raw[heading.start : heading.end].strip()
    place = reading.place(heading.line, heading.start, heading.end)
    return Term(Text("标题", "heading"), text, place)


def _tops(reading: Reading) -> tuple[Heading, ...]:
    return tuple(h for h in reading.once(outline) if h.level <= 1 and h.title)


def _first(line: Line) -> Heading | None:
    match = _ALONE.match(line.text)
    return None if match is None else _heading(line, match)


def _running(line: Line) -> Iterator[Heading]:
    several = len(_MARKER.findall(line.text)) > 1
    found = (_heading(line, match) for match in _INLINE.finditer(line.text)) if several else ()
    return (heading for heading in found if heading is not None)


def _heading(line: Line, match: re.Match[str]) -> Heading | None:
    found = match.groupdict()
    name = next(group for group in _LEVELS if found.get(group))
    level, written = _LEVELS[name], found[name]
    number = int(written) if written.isdecimal() else chinese_numeral(written)
    if number is None:
        return None
    rest = line.text[match.end() :]
    if _ROW.match(rest):
        return None
    alone = match.start() == 0 and len(rest) <= LONGEST_TITLE and not _NOT_ALONE.search(rest.rstrip("。 "))
    stop = None if alone else _TITLE_END.search(rest)
    title = rest if alone else rest[: stop.start() if stop else LONGEST_TITLE][:LONGEST_TITLE]
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    end = match.end() + len(title.rstrip())
    return Heading(level, number, title.strip(" :。;"), line.index, start, end, alone)
