"""Dates and years as they are written: 2018年1月1日, 二〇一九年一月, 2018-02-26."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.chinese import chinese_numeral

_HAN = "〇○零一二三四五六七八九"
YEAR = rf"(?:\d{{4}}|二[〇○零0][{_HAN}0]{{2}})"
"""A year as it is written, 2019 or 二〇一九, without 年."""
DATE = (
    rf"(?:(?:\d{{4}}|[{_HAN}0]{{4}})\s*年\s*(?:\d{{1,2}}|[{_HAN}十]{{1,3}})\s*月\s*(?:\d{{1,2}}|[{_HAN}十]{{1,3}})\s*日"
    r"|\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(?!\d))"
)
_PARTS = re.compile(
    rf"(\d{{4}}|[{_HAN}0]{{4}})\s*[年/.-]\s*(\d{{1,2}}|[{_HAN}十]{{1,3}})\s*[月/.-]\s*(\d{{1,2}}|[{_HAN}十]{{1,3}})"
)
COULD_BE = ("月", re.compile(r"[-/.]\s*\d{1,2}\s*[-/.]"))
"""Every whole date has one of these: quickly looked for in a whole text."""
_FIND = re.compile(DATE)


@dataclass(frozen=True, slots=True)
class Dated:
    """A whole date at a span."""

    date: dt.date
    start: int
    end: int


def dates(text: str, offset: int = 0) -> Iterator[Dated]:
    """Every whole date of a folded text that is a day of the calendar."""
    for match in _FIND.finditer(text):
        date = parse_date(match[0])
        if date is not None:
            yield Dated(date, offset + match.start(), offset + match.end())


def parse_date(text: str) -> dt.date | None:
    """The day a whole date names; None for 2月30日."""
    match = _PARTS.match(text)
    numbers = [number(part) for part in match.groups()] if match else []
    if len(numbers) != 3 or any(n is None for n in numbers):
        return None
    try:
        return dt.date(*(n for n in numbers if n is not None))
    except ValueError:
        return None


def number(written: str) -> int | None:
    """二〇一九 or 2019, 十一 or 11."""
    if written.isdecimal():
        return int(written)
    digits = written.replace("0", "〇").replace("○", "〇")
    return chinese_numeral(digits)
