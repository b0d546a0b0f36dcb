"""The statistical period as it is stated: its first and last day, or the last alone, however it is written."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.prose.dates import YEAR, number
from auditkit.prose.reading import Line, Reading

_N = "[〇○零一二三四五六七八九十]"
_MD = rf"(?:\d{{1,2}}|{_N}{{1,3}})"
_TERM = r"(?:期限|时限|时段|时间|期间|周期|区间|范围|日期|期)"
_STATED = (
    rf"(?:统计(?:数据)?(?:的)?(?:截[至止])?{_TERM}|数据(?:的)?(?:起止|统计|截[至止]){_TERM}?|起止(?:时间|日期)|报告期)"
)
_FIRST = (
    rf"(?P<y1>{YEAR}|上年|去年)\s*(?:年)?\s*(?P<m1>{_MD})\s*月\s*(?:(?P<d1>{_MD})\s*日)?"
    r"|(?P<py>\d{4})[./-](?P<pm>\d{1,2})[./-](?P<pd>\d{1,2})(?!\d)"
)
_LAST = (
    rf"(?:(?P<y2>{YEAR})\s*年|同年|当年|本年|次年)?\s*(?P<m2>{_MD})\s*月\s*(?:(?P<d2>{_MD})\s*日)?"
    r"|(?P<qy>\d{4})[./-](?P<qm>\d{1,2})[./-](?P<qd>\d{1,2})(?!\d)"
)
_TO = r"(?:起|开始)?\s*[，,]?\s*(?:[至到]|截[至止](?:到)?|-+)+\s*"
_PERIOD = re.compile(rf"{_STATED}(?P<gap>[^。\d]{{0,16}}?)(?:{_FIRST}){_TO}(?:{_LAST})")
_ENDED = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])统计(?:数据)?|数据(?:统计)?)(?:的)?截[至止](?:日期|时间|到|至|于|为|:)*\s*"
    rf"(?P<y1>{YEAR})\s*年\s*(?P<m1>{_MD})\s*月\s*(?P<d1>{_MD})\s*日(?!\s*[-至到起])"
)
_DAMAGED = re.compile(
    r"统计(?:数据)?(?:的)?(?:期限|时限|时段|时间|期间)[^。\d]{0,16}(?P<y1>20\d\d)0?10?1日?(?:起|开始)?\s*(?:[至到]|-+)+\s*"
    r"(?P<y2>20\d\d)(?P<m2>0[1-9]|1[0-2])(?P<d2>[0-3]\d)日?(?!\d)"
)
PARTIAL = re.compile(r"半年|季度|月报|\d月份")


@dataclass(frozen=True, slots=True)
class Period:
    """The statistical period as stated. ``damaged``: 年 and 月 were lost, the digits are all there."""

    first: dt.date
    last: dt.date
    line: int
    start: int
    end: int
    damaged: bool = False

    @property
    def year(self) -> int:
        """The year it means to cover: the one it begins with, unless it begins late in the one before."""
        return self.first.year if (self.first.month, self.first.day) == (1, 1) else self.last.year


def periods(reading: Reading) -> tuple[Period, ...]:
    """Every statistical period stated with its last day. For ``Reading.once``."""
    return tuple(p for line in reading.lines_with("统计", "起止", "报告期", "数据截") for p in _of_line(line))


def _of_line(line: Line) -> Iterator[Period]:
    for match in _PERIOD.finditer(line.text):
        found = None if PARTIAL.search(match["gap"]) else _between(match)
        if found is not None:
            start = match.start("y1") if match["y1"] else match.start("py")
            yield Period(*found, line.index, start, match.end())
    for match in _ENDED.finditer(line.text):
        last = day(match["y1"], match["m1"], match["d1"])
        if last:
            yield Period(dt.date(last.year, 1, 1), last, line.index, match.start("y1"), match.end())
    for match in _DAMAGED.finditer(line.text):
        last = day(match["y2"], match["m2"], match["d2"])
        if last:
            yield Period(
                dt.date(int(match["y1"]), 1, 1), last, line.index, match.start("y1"), match.end(), damaged=True
            )


def _between(match: re.Match[str]) -> tuple[dt.date, dt.date] | None:
    """First and last day; a month without a day is the whole of it, 上年 the year before the last day's."""
    if match["py"]:
        first = day(match["py"], match["pm"], match["pd"])
    elif match["y1"] in {"上年", "去年"}:
        named = number(match["y2"] or match["qy"] or "")
        first = None if named is None else day(str(named - 1), match["m1"], match["d1"] or "1")
    else:
        first = day(match["y1"], match["m1"], match["d1"] or "1")
    if first is None:
        return None
    if match["qy"]:
        last = day(match["qy"], match["qm"], match["qd"])
    else:
        last = day(match["y2"] or str(first.year), match["m2"], match["d2"])
    return None if last is None else (first, last)


def day(year: str, month: str, date: str | None) -> dt.date | None:
    """The day so written, the last of the month where none is; None where the calendar has no such day."""
    y, m, d = number(year), number(month), None if date is None else number(date)
    if y is None or m is None or not 1 <= m <= 12 or (date is not None and d is None):
        return None
    try:
        return dt.date(y, m, calendar.monthrange(y, m)[1] if d is None else d)
    except ValueError:
        return None
