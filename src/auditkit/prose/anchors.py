"""Years in their role: title, introduction, statistical period, caption, opening of a statement. Others are free."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from auditkit.prose.dates import YEAR, number
from auditkit.prose.headings import section_of
from auditkit.prose.periods import PARTIAL, periods
from auditkit.prose.quantities import in_sentence
from auditkit.prose.reading import Line, Reading, Sentence

Role = Literal["title", "introduction", "period", "caption", "opening"]
_WEIGHT = {"title": 30, "introduction": 20, "period": 20, "caption": 10, "opening": 4}
GIVEN = 40

_REPORT = re.compile(
    rf"(?P<year>{YEAR})\s*年(?:度)?(?P<words>[^。，,;:、\d《》]{{0,30}}?)(?:年度报告|年报|工作报告|工作总结|年度总结|情况的?报告)"
)
_REPORTS = re.compile("报告|年报|总结")
_YEAR_SAID = re.compile(r"年(?<=[\d〇○零一二三四五六七八九\s]年)")
_MADE = re.compile(r"(?:编制|编写|撰写|形成|制作|现将|现公布|特向|公布|发布|公开|报告)[^。;]{0,45}$")
_INTRODUCES = re.compile(
    r"(?:^|[。;])[^。;]{0,12}(?:根据|依据|按照)[^。;]*(?:特编制|现编制|(?:现|特)?向社会公布|现公布)[^。;，,]{0,45}$"
)
"""A report may begin below its first heading: 一、总体情况 / 根据…要求，现公布…"""
_FIRST = re.compile(r"总体|概述|概况|基本情况")
_PAST = re.compile(
    r"(?:及时|按时|已|均|在[^，。]{2,14})(?:公布|发布|公开)了?[^，。]{0,20}$|(?:公布|发布|公开)了[^，。]{0,20}$"
)
_ABOUT_OTHER = re.compile(
    r"《[^》]*$|^\s*附(?:件|表)?\s*\d*\s*:|[上下]一[篇条]|链接|相关(?:阅读|报告)|关于[^，。]{0,20}$|上一?年[^，。]{0,12}$|往年|(?:做好|编报|印发|参照|对照)[^，。]{0,12}$"
)
_MADE_IN_MARKS = re.compile(r"(编制|现公布|公布|发布)《(?=[^》]*$)")
_ASKED_FOR = re.compile(r"[^，。;]{0,4}(?:的?(?:要求|通知|有关事项|精神|规定)|相比)")
_CAPTION = re.compile(r"(?:统计表|情况表|附表|附件)[^。\d]{0,12}[(]\s*(?P<year>\d{4})\s*年(?:度)?\s*[)]")
_OPENING = re.compile(
    r"\s*(?:[(]?[一二三四五六七八九十\d]{1,2}[)、.][^。，]{0,14}[。:\s])?(?:截至|截止)?"
    rf"(?P<year>{YEAR})年(?:度|全年)?[，, ]*"
    r"(?![\d底末前初后以来起])(?=[^。]{0,30}(?:我|本|全[市县区镇乡局街]|共|累计|主动公开|公开政府信息|收到|受理))"
)
_NOT_NOW = re.compile(
    r"将|计划|拟|预算|决算|同比|环比|相比|比|较|上年(?!度?结转)|去年|[年月日]起|目标|规划|继续(?!办理)|下一步|以前|\d{4}年[^，,。;]{0,6}分别"
)
_NONE = re.compile(r"未(?:收到|受理|接到|发生|接收)|没有(?:收到|发生)")
_PLANS = re.compile(r"下一步|打算|计划|改进|展望|安排|思路|重点工作")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A year that must be the reporting year; offsets are those of its line."""

    role: Role
    year: int
    line: int
    start: int
    end: int


def anchors(reading: Reading) -> tuple[Anchor, ...]:
    """Every anchored year, in reading order within each role. For ``Reading.once``."""
    found: list[Anchor] = [*_broken_title(reading)]
    for line in reading.lines_with(_YEAR_SAID):
        found += _of_reports(reading, line)
        if "(" in line.text:
            found += (
                Anchor("caption", int(m["year"]), line.index, *m.span("year")) for m in _CAPTION.finditer(line.text)
            )
        found += (a for s in line.sentences for a in _openings(reading, line, s))
    for period in reading.once(periods):
        if not period.damaged:
            found.append(Anchor("period", period.year, period.line, period.start, period.end))
    return tuple(found)


def report_year(reading: Reading) -> int | None:
    """The year the report is about: the one most of its anchors name, a title counting most; at a tie the first."""
    votes: dict[int, int] = {} if reading.year is None else {reading.year: GIVEN}
    opened: set[int] = set()
    for anchor in reading.once(anchors):
        if anchor.role == "opening" and anchor.line in opened:
            continue
        opened.add(anchor.line)
        votes[anchor.year] = votes.get(anchor.year, 0) + _WEIGHT[anchor.role]
    damaged = [p.year for p in reading.once(periods) if p.damaged]
    if not votes:
        return damaged[0] if damaged else None
    best = max(votes.values())
    return next(year for year, vote in votes.items() if vote == best)


def is_annual(reading: Reading) -> bool:
    """It calls itself a report of a year, not of a half or a quarter."""
    head = "".join(line.text for line in reading.lines[:6])
    return not PARTIAL.search(head) and any(
        a.role in {"title", "introduction", "period"} for a in reading.once(anchors)
    )


def _of_reports(reading: Reading, line: Line) -> Iterator[Anchor]:
    for match in _REPORT.finditer(line.text) if _REPORTS.search(line.text) else ():
        sentence = line.sentence_at(match.start())
        role = _role(reading, line, sentence, match)
        if role is not None:
            yield Anchor(role, number(match["year"]) or 0, line.index, *match.span("year"))


def _role(reading: Reading, line: Line, sentence: Sentence, match: re.Match[str]) -> Role | None:
    before = line.text[max(sentence.start, match.start() - 80) : match.start()]
    before = _MADE_IN_MARKS.sub(r"\1", before)
    if _ABOUT_OTHER.search(before) or _ASKED_FOR.match(line.text, match.end()):
        return None
    early = line.index < 8 and not section_of(reading, line.index)
    whole = line.text.strip()
    if early and (line.style == "title" or (len(whole) <= 60 and not re.search(r"[。，,;]", whole))):
        return "title"
    if before.strip().endswith("标题:"):
        return "title"
    if early and not _MADE.search(before) and _names_report(before, line.text[match.end() : match.end() + 1]):
        return "title"
    section = section_of(reading, line.index)
    if line.index < 12 and not section and _MADE.search(before) and not _PAST.search(before):
        return "introduction"
    if line.index < 12 and _FIRST.search(section) and _INTRODUCES.search(before) and not _PAST.search(before):
        return "introduction"
    return None


def _broken_title(reading: Reading) -> Iterator[Anchor]:
    """A title set in two lines: 某镇2018年政府信息公开工作 / 年度报告."""
    for line, following in pairwise(reading.lines[:6]):
        both = line.text.rstrip() + following.text.strip()
        if len(both) > 60 or re.search(r"[。，,;:]", both) or _REPORT.search(line.text):
            continue
        match = _REPORT.search(both)
        if match and match.end("year") <= len(line.text.rstrip()) < match.end():
            yield Anchor("title", number(match["year"]) or 0, line.index, *match.span("year"))


def _names_report(before: str, after: str) -> bool:
    """某镇人民政府2017年…年度报告: a sentence that is nothing but the report's name."""
    return (
        after in {"", "。", "(", "…", "\n", " "}
        and len(before) <= 20
        and not re.search(r"[，,;、:]|[将对按做]", before)
    )


def _openings(reading: Reading, line: Line, sentence: Sentence) -> Iterator[Anchor]:
    match = _OPENING.match(sentence.text)
    if match is None or _NOT_NOW.search(sentence.text) or _PLANS.search(section_of(reading, line.index)):
        return
    counted = any(q.kind == "count" for q in in_sentence(reading, line.index, sentence.number))
    if counted or _NONE.search(sentence.text):
        start = sentence.start + match.start("year")
        yield Anchor("opening", number(match["year"]) or 0, line.index, start, start + 4)
