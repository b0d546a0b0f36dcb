"""The statistical period is the calendar year, and nothing is signed or published before it ends."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.anchors import is_annual, report_year
from auditkit.prose.dates import COULD_BE, DATE, dates, parse_date
from auditkit.prose.periods import Period, periods
from auditkit.prose.reading import Line, Reading
from auditkit.prose.remarks import Remark

HEAD = 8
"""Lines up to a period in which a report says that it is not about a calendar year."""
FIRST_YEAR = 2008
"""The regulation came into force on 1 May 2008: that year's reports begin there."""
_SIGNED = re.compile(
    rf"落款[^\d。]{{0,8}}(?P<signed>{DATE})|年度?报告?\s*[(](?P<titled>{DATE})\s*[)]|(?P<marked>{DATE})\s*[(]落款"
)
_PUBLISHED = re.compile(
    rf"(?:发布|公开|发文|成文|生成|印发|公布)(?:日期|时间|于)\s*:?\s*(?P<date>{DATE})|(?P<before>{DATE})\s*(?:发布|公布)(?=[，,。;)\s]|$)"
)
_OF_YEAR = re.compile(r"(?P<year>\d{4})年度?[^，,。;\d]{0,12}报告?[^，,。;\d]{0,6}$")
"""2021年报告于…: the day is of that report."""
_BEHIND_NAME = re.compile(
    rf"(?:[。…]\s*|(?:[。…;)\s]|^)[^\d，,。:;…\s]{{2,24}}(?:政府|局|委|委员会|办公室|办事处|街道办?|中心|[镇乡厅院])\s*)[(]?(?P<date>{DATE})[)]?\s*$"
)
"""某县水利局 2016年1月18日: who signs and when, at the very end of a text that was condensed into one line."""
_SAYS_WHEN = re.compile(r"落款|报告|年报|日期|时间|发布|公布")
_ALONE = re.compile(rf"[^\d，。;:]{{0,25}}?[(]?(?P<date>{DATE})[)]?\s*")


@dataclass(frozen=True, slots=True)
class Signed:
    """A day on which the report was signed or published."""

    role: Literal["signed", "published"]
    date: dt.date
    line: int
    start: int
    end: int


def calendar(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """From 1 January to 31 December of one year."""
    for period in reading.once(periods):
        if _other_term(reading, period):
            continue
        yield None if _is_year(period) else _period_remark(reading, period)


def early(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Signed or published before the year it reports was over."""
    for signed, end in _against_end(reading):
        off = Text(f"早于统计期末 {end}", f"before the end of the period, {end}")
        yield _remark(reading, signed, off) if signed.date < end else None


def last_day(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Signed on the last day of the period, before that day was counted."""
    for signed, end in _against_end(reading):
        off = Text("正是统计期最后一天", "the last day of the period itself")
        yield _remark(reading, signed, off) if signed.date == end else None


def late(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """After 31 March, when the last of the deadlines has passed. Republished old reports are left alone."""
    for signed, end in _against_end(reading):
        if signed.date.year == end.year + 1:
            due = dt.date(end.year + 1, 3, 31)
            off = Text(f"晚于 {due}", f"after {due}")
            yield _remark(reading, signed, off) if signed.date > due else None


def signatures(reading: Reading) -> tuple[Signed, ...]:
    """Days of signature and publication. For ``Reading.once``."""
    return tuple(s for line in reading.lines_with(*COULD_BE) for s in _of_line(reading, line))


def _against_end(reading: Reading) -> Iterator[tuple[Signed, dt.date]]:
    year = reading.once(report_year)
    if year is None or not is_annual(reading) or any(_other_term(reading, p) for p in reading.once(periods)):
        return
    for signed in reading.once(signatures):
        other = _OF_YEAR.search(reading.lines[signed.line].text[max(0, signed.start - 30) : signed.start])
        if other is None or int(other["year"]) == year:
            yield signed, dt.date(year, 12, 31)


def _is_year(period: Period) -> bool:
    starts = (period.first.month, period.first.day) in (
        {(1, 1), (5, 1)} if period.first.year == FIRST_YEAR else {(1, 1)}
    )
    return starts and (period.last.month, period.last.day) == (12, 31) and period.first.year == period.last.year


def _other_term(reading: Reading, period: Period) -> bool:
    """A school year, or a half or a quarter that says so."""
    text = "".join(line.text for line in reading.lines[max(0, period.line + 1 - HEAD) : period.line + 1])
    quarter = (period.last.month, period.last.day) in {(3, 31), (6, 30), (9, 30)}
    return "学年" in text or (quarter and bool(re.search(r"半年|季度", text)))


def _of_line(reading: Reading, line: Line) -> Iterator[Signed]:
    for pattern, role in ((_SIGNED, "signed"), (_PUBLISHED, "published")):
        for match in pattern.finditer(line.text) if _SAYS_WHEN.search(line.text) else ():
            group = next(g for g, text in match.groupdict().items() if text)
            date = parse_date(match[group])
            if date:
                yield Signed("signed" if role == "signed" else "published", date, line.index, *match.span(group))
    named = _BEHIND_NAME.search(line.text) if line.index == len(reading.lines) - 1 and reading.condensed else None
    if named and (date := parse_date(named["date"])):
        yield Signed("signed", date, line.index, *named.span("date"))
    at_edge = line.index < 6 or line.index >= len(reading.lines) - 4
    alone = _ALONE.fullmatch(line.text) if at_edge and len(reading.lines) > 2 else None
    if alone and not _SIGNED.search(line.text) and not _PUBLISHED.search(line.text):
        for dated in dates(line.text):
            yield Signed("signed", dated.date, line.index, dated.start, dated.end)


def _remark(reading: Reading, signed: Signed, off: Text) -> Remark:
    role = Text("落款日期", "signed") if signed.role == "signed" else Text("发布日期", "published")
    said = Text(f"{role.zh} {signed.date}，{off.zh}", f"{role.en} {signed.date}, {off.en}")
    place = reading.place(signed.line, signed.start, signed.end)
    return Remark(signed.line, signed.start, signed.end, role.zh, said, (Term(role, str(signed.date), place),))


def _period_remark(reading: Reading, period: Period) -> Remark:
    year = period.first.year
    said = Text(
        f"{period.first} 至 {period.last}，应为 {year}-01-01 至 {year}-12-31",
        f"{period.first} to {period.last}; should be {year}-01-01 to {year}-12-31",
    )
    place = reading.place(period.line, period.start, period.end)
    term = Term(Text("统计期限", "statistical period"), f"{period.first}/{period.last}", place)
    hint = (
        Text("原文缺“年”“月”字，按数字读出", "年 and 月 are missing in the text; read from the digits")
        if period.damaged
        else None
    )
    return Remark(period.line, period.start, period.end, "统计期限", said, (term,), hint=hint)
