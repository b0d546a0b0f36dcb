"""Sections: as many as announced, listed and present; the same titles; the annex that was promised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.announced import ANNEX, Announced, announced, counted, recounted
from auditkit.prose.headings import Heading, heading_term, outline, sections
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark

_FILLER = re.compile(
    r"政府信息|政务信息|信息公开|政务公开|政府|信息|公开|工作|情况|年度|有关|相关|主要|方面|本[镇乡局市县区]|需要|的|和|及其?|与|以及|其它|、|，|\W"
)
_FIRST = re.compile(r"概述|概况|总体|基本|引言|前言")
_PROBLEMS = re.compile(r"问题|不足|改进|打算|措施|下一步|计划|安排")
ALIKE = 0.5
MISCOUNTED = 2
"""With 等, more parts than this that are not listed were left out on purpose."""
WHOLE_REPORT = 3
"""Headings that must be there before one speaks of a report's sections."""


def listed(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """由A、B、C等N部分组成: N is how many are listed."""
    for found in reading.once(announced):
        if found.number is not None and found.items:
            fits = found.fewest <= found.number <= found.most
            fits = fits or (found.goes_on and found.number - found.most > MISCOUNTED)
            yield None if fits else _listed_remark(reading, found)
    for told in reading.once(recounted):
        said = Text(f"称{told.number}部分，列出{told.listed}项", f"says {told.number} parts, lists {told.listed}")
        wrong = Remark(told.line, told.start, told.end, "组成部分", said)
        yield None if told.number == told.listed else wrong


def present(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The text has as many sections as it announces; an announced annex may count as one."""
    for found in reading.once(announced):
        if found.number is None:
            continue
        for said in reading.once(counted):
            yield (
                None
                if said.number == found.number
                else _counted_remark(reading, found, said.number, said.line, said.start, said.end)
            )
        tops = _whole(reading)
        if tops:
            annexed = any(ANNEX.search(item) for item in found.items)
            fits = found.number - len(tops) in ({0, 1} if annexed else {0})
            yield None if fits else _counted_remark(reading, found, len(tops), found.line, found.start, found.end, tops)


def titles(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Every title announced is a heading of the text, and every heading was announced."""
    tops = _whole(reading)
    for found in reading.once(announced):
        if not tops or not found.items or not found.complete:
            continue
        items = [i for i in _single(found.items) if not ANNEX.search(i)]
        absent = [i for i in items if not any(alike(i, h.title) for h in tops)]
        extra = [h for h in tops if not any(alike(i, h.title) for i in items)]
        yield _titles_remark(reading, found, absent, extra) if absent or extra else None


def annex(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """An announced annex is in the document: a caption, a table, or a picture of one."""
    for found in reading.once(announced):
        promised = next((i for i in found.items if ANNEX.search(i)), "")
        if not promised or reading.condensed or not _whole(reading):
            continue
        here = (
            reading.grids > 0
            or reading.pictures > 0
            or any(_is_annex(line.text) for line in reading.lines[found.line + 1 :])
        )
        yield None if here else _annex_remark(reading, found, promised)


def alike(one: str, other: str) -> bool:
    """Two titles for one section: what distinguishes them shares half its pairs of characters."""
    if one in other or other in one:
        return True
    (a, pairs, kind), (b, others, other_kind) = _gist(one), _gist(other)
    if kind & other_kind or (a and b and (a in b or b in a)):
        return True
    return bool(a and b) and len(pairs & others) >= ALIKE * min(len(pairs), len(others))


@lru_cache(maxsize=2048)
def _gist(title: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """What distinguishes a title, in pairs of characters, and whether it opens the report or tells its problems."""
    text = _FILLER.sub("", title)
    kinds = frozenset(name for name, words in (("first", _FIRST), ("problems", _PROBLEMS)) if words.search(title))
    return text, frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset({text}), kinds


def _single(items: Sequence[str]) -> tuple[str, ...]:
    """The last item may be two titles joined by 和; either half may be the heading."""
    return tuple(part for item in items[:-1] for part in (item,)) + tuple(items[-1:])


def _whole(reading: Reading) -> tuple[Heading, ...]:
    """First-level headings of a text that is there from beginning to end; empty when it is not."""
    tops = reading.once(sections)
    numbers = [h.number for h in tops]
    if reading.condensed or len(tops) < WHOLE_REPORT or numbers != list(range(1, len(tops) + 1)):
        return ()
    return tops if len({h.line for h in tops}) > 1 or not reading.once(outline) else ()


def _is_annex(text: str) -> bool:
    return bool(
        re.match(
            r"\s*[(]?(?:附表|附件|附录|附图|附)\s*[\d一二三四五:、)(]|\s*附(?:表|件|图|录)?\s*[:]?$|.{0,30}统计表\s*(?:[(].{0,12}[)])?$",
            text,
        )
    )


def _listed_remark(reading: Reading, found: Announced) -> Remark:
    names = "、".join(found.items)
    said = Text(
        f"称{found.number}部分，列出{len(found.items)}项：{names}",
        f"says {found.number} parts, lists {len(found.items)}: {names}",
    )
    return Remark(found.line, found.start, found.end, "组成部分", said, (_term(reading, found),))


def _counted_remark(
    reading: Reading, found: Announced, number: int, line: int, start: int, end: int, tops: Sequence[Heading] = ()
) -> Remark:
    said = Text(
        f"称{found.number}部分，正文有{number}个一级标题",
        f"announces {found.number} parts, the text has {number} sections",
    )
    terms = (_term(reading, found), *(heading_term(reading, h) for h in tops))
    return Remark(line, start, end, "一级标题", said, terms)


def _titles_remark(reading: Reading, found: Announced, absent: Sequence[str], extra: Sequence[Heading]) -> Remark:
    unannounced = [h.title for h in extra]
    zh = [f"列出而正文没有：{'、'.join(absent)}"] * bool(absent) + [f"正文有而未列出：{'、'.join(unannounced)}"] * bool(
        extra
    )
    en = [f"announced, absent: {'; '.join(absent)}"] * bool(absent)
    en += [f"present, unannounced: {'; '.join(unannounced)}"] * bool(extra)
    said = Text("；".join(zh), "; ".join(en))
    terms = (_term(reading, found), *(heading_term(reading, h) for h in extra))
    return Remark(found.line, found.start, found.end, "标题", said, terms)


def _annex_remark(reading: Reading, found: Announced, promised: str) -> Remark:
    line = reading.lines[found.line]
    at = line.text.find(promised, found.start)
    start = at if at >= 0 else found.start
    said = Text(f"列出“{promised}”，正文之后没有", f"announces “{promised}”; nothing follows the text")
    term = Term(Text("附表", "annex"), promised, reading.place(found.line, start, start + len(promised)))
    hint = Text("如另有附件文件，请一并提交", "if it is a separate file, submit it too")
    return Remark(found.line, start, start + len(promised), promised, said, (term,), hint=hint)


def _term(reading: Reading, found: Announced) -> Term:
    quote = reading.lines[found.line].raw[found.start : found.end]
    return Term(Text("组成部分", "parts announced"), quote, reading.place(found.line, found.start, found.end))
