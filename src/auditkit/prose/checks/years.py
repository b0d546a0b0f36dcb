"""Years: the reporting year is the same wherever the report names itself, and in what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.anchors import Anchor, Role, anchors, report_year
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import in_sentence
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark

ROLES: dict[Role, Text] = {
    "title": Text("标题", "title"),
    "introduction": Text("引言", "introduction"),
    "period": Text("统计期限", "statistical period"),
    "caption": Text("表题", "caption"),
    "opening": Text("正文", "text"),
}
_ACCOUNTS = re.compile(r"(?P<year>\d{4})年(?:度)?(?P<words>[^，,。、;\d预]{0,12}?)决算")
TITLE = 40
"""Characters; a report with such a line about 决算 at its head is the accounts themselves."""
_OPENED = re.compile(r"年度?[，,]?[\u4e00-\u9fff]{4}")
_BY_THE_END = re.compile(r"截[至止](?P<year>\d{4})年(?:12月)?底")
"""What had been reached by the end of a year that is still to come when the report is written."""
_TITLE_MARKS = re.compile(r"《[^》]*》|〔\d+〕")
_NOT_YET = re.compile(r"将|拟|计划|下一步|及时|要求")


def anchored(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Title, introduction, statistical period and captions name one year."""
    yield from _remarks(reading, ("title", "introduction", "period", "caption"))


def opening(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """What is counted is counted for the reporting year."""
    yield from _remarks(reading, ("opening",))
    year = reading.once(report_year)
    for line in reading.lines_with("截至", "截止") if year else ():
        for match in _BY_THE_END.finditer(line.text):
            if int(match["year"]) > (year or 0):
                yield _remark(
                    reading, Anchor("opening", int(match["year"]), line.index, *match.span("year")), year or 0
                )


def accounts(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Final accounts of the reporting year are approved only in the next."""
    year = reading.once(report_year)
    is_accounts = any(
        "决算" in line.text and len(line.text) <= TITLE and "。" not in line.text for line in reading.lines[:4]
    )
    for line in reading.lines_with("决算") if year and not is_accounts else ():
        for match in _ACCOUNTS.finditer(line.text):
            sentence = line.sentence_at(match.start())
            if not re.search(r"公开|公布|发布", sentence.text) or _NOT_YET.search(sentence.text):
                continue
            if int(match["year"]) != year:
                yield None
                continue
            said = Text(f"{year}年度的决算要到{year + 1}年才批复", f"the {year} accounts are approved in {year + 1}")
            yield Remark(line.index, match.start(), match.end(), "决算", said)


def _remarks(reading: Reading, roles: tuple[Role, ...]) -> Iterator[Remark | None]:
    found = reading.once(anchors)
    year = reading.once(report_year)
    if year is None or (reading.year is None and len(found) < 2):
        return
    for anchor in found:
        if anchor.role in roles:
            yield None if anchor.year == year or _compared(reading, anchor, year) else _remark(reading, anchor, year)


def _compared(reading: Reading, anchor: Anchor, year: int) -> bool:
    """A statement next to one of the reporting year compares the two."""
    if anchor.role != "opening":
        return False
    if anchor.year < year and (_told_of_both(reading, anchor, year) or _known_as_last(reading, anchor)):
        return True
    line = reading.lines[anchor.line]
    at = line.sentence_at(anchor.start)
    near = [s for s in line.sentences if abs(s.number - at.number) <= 1]
    beside = [s for s in near if s is at or not (s.before_cut if s.number < at.number else s.after_cut)]
    return any(f"{year}年" in _TITLE_MARKS.sub("", s.text) for s in beside)


def _told_of_both(reading: Reading, anchor: Anchor, year: int) -> bool:
    """The same words open a statement of an earlier year and one of the reporting year in one paragraph."""
    text = reading.lines[anchor.line].text
    said = _OPENED.match(text, anchor.end)
    same = (a for a in reading.once(anchors) if a.role == "opening" and a.line == anchor.line and a.year == year)
    return said is not None and any(text.startswith(said[0], a.end) for a in same)


def _of_last_year(reading: Reading) -> tuple[str, ...]:
    return tuple(line.text for line in reading.lines_with("上年", "去年", "上一年"))


def _known_as_last(reading: Reading, anchor: Anchor) -> bool:
    """What it counts is told elsewhere as last year's: 较上年的116条增加12条……2020年全镇公开116条."""
    line = reading.lines[anchor.line]
    own = in_sentence(reading, anchor.line, line.sentence_at(anchor.start).number)
    numbers = "|".join(re.escape(q.text) for q in own)
    told = re.compile(rf"(?:上年|去年|上一年)(?:度|同期)?[^，,。;\d结转]{{0,8}}(?:{numbers})")
    return bool(own) and any(told.search(text) for text in reading.once(_of_last_year))


def _remark(reading: Reading, anchor: Anchor, year: int) -> Remark:
    role = ROLES[anchor.role]
    others = (a for a in reading.once(anchors) if a.year == year)
    witness = next(others, None)
    against = ROLES[witness.role] if witness else Text("报告年度", "reporting year")
    said = Text(
        f"{role.zh}写{anchor.year}年，{against.zh}为{year}年",
        f"{role.en} says {anchor.year}, {against.en} says {year}",
    )
    terms = [_term(reading, anchor)] + ([_term(reading, witness)] if witness else [])
    row = "/".join(x for x in (section_of(reading, anchor.line), role.zh) if x)
    return Remark(anchor.line, anchor.start, anchor.end, row, said, tuple(terms))


def _term(reading: Reading, anchor: Anchor) -> Term:
    return Term(ROLES[anchor.role], f"{anchor.year}年", reading.place(anchor.line, anchor.start, anchor.end))
