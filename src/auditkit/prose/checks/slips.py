"""Slips of the pen: signs where digits or 年 should be, marks that open and never close, words of the blank form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.reading import Line, Reading, fold
from auditkit.prose.remarks import Remark

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?P<slip>你那?|念|连|牛)(?=度|全|我|，|,|\d{1,2}月)")
_COULD_SLIP = re.compile(r"[你念连牛曰目号日](?<=\d.)")
_MONTH = re.compile(r"(?<!\d)\d{1,2}月\d{1,2}(?P<slip>曰|目|号日|日日)")
_DATE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TITLE = re.compile("[《》]")


def mistyped(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """2020你12月, 3月5曰: a sign that an input method puts for another."""
    for line in reading.lines_with(_COULD_SLIP):
        for pattern in (_YEAR, _MONTH) if "月" in line.text or "20" in line.text else ():
            for match in pattern.finditer(line.text):
                said = Text(f"“{match[0]}”有错字", f"{match[0]!r} is mistyped")
                yield _remark(reading, line, match.span(), Text("错字", "slip"), said)


def impossible(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """2月30日, 11月31日, 13月1日: days that no calendar has."""
    for line in reading.lines_with("月"):
        for match in _DATE.finditer(line.text):
            month, day = int(match["month"]), int(match["day"])
            exists = 1 <= month <= 12 and 1 <= day <= _LENGTHS[month - 1]
            said = Text(f"没有“{match[0]}”这一天", f"there is no day {match[0]}")
            yield None if exists else _remark(reading, line, match.span(), Text("日期", "date"), said)


def unclosed(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """《 without its 》, or the other way round, in a paragraph that is whole."""
    for line in reading.lines_with("《", "》"):
        broken_off = line.index == len(reading.lines) - 1 and line.text.rstrip()[-1:] not in "。.!?;”）)》"
        wrong = None if broken_off or "…" in line.text or "..." in line.text else _unpaired(line.text)
        said = Text("书名号不成对", "a title mark has no partner")
        span = None if wrong is None else (wrong, wrong + 1)
        yield None if span is None else _remark(reading, line, span, Text("书名号", "title mark"), said)


def left_over(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """``words``: any key → words that stand only in the blank form."""
    words = [re.escape(fold(word)) for group in rule.words.values() for word in group]
    pattern = re.compile("|".join(words))
    for line in reading.lines_with(pattern):
        for match in pattern.finditer(line.text):
            said = Text(f"“{match[0]}”是模板里的提示", f"{match[0]!r} belongs to the blank form")
            yield _remark(reading, line, match.span(), Text("模板", "template"), said)


def _unpaired(text: str) -> int | None:
    """Where the first title mark without a partner stands; 《…《…》…》 is a title in a title."""
    opened: list[int] = []
    for mark in _TITLE.finditer(text):
        if mark[0] == "《":
            opened.append(mark.start())
        elif not opened:
            return mark.start()
        else:
            opened.pop()
    return opened[0] if opened else None


def _remark(reading: Reading, line: Line, span: tuple[int, int], name: Text, said: Text) -> Remark:
    term = Term(name, line.raw[slice(*span)], reading.place(line.index, *span))
    return Remark(line.index, *span, name.zh, said, (term,))
