"""One quantity stated twice: the same words count the same number, and nothing denies what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.breakdowns import breakdowns
from auditkit.prose.quantities import Quantity, stating, term
from auditkit.prose.reading import Line, Reading, Sentence
from auditkit.prose.remarks import Remark, shown

_DROPPED = re.compile(
    r"^(?:截[至止]\d{4}年底?|\d{4}年(?:度|以来|来)?|今年|全年|本年度?|年内|一年来|我[镇乡局市县区委办校院街]道?|本[镇乡局市县区机级]关?|全[镇乡局街市县区州]道?|街道|共|共计|累计|总共|已|还)+"
    r"|共|累计|政府|各类|有关|相关|总数|数量|信息数|总计|[的了数约为计]|\s"
)
_SAYS_WHEN = re.compile(
    r"^(?:\d{4}年(?:度)?|今年|全年|本年度?|我[镇乡局市县区街]道?|本[镇乡局市县区机]关?|全[镇乡局街市县区州]道?|街道)+"
)
_PARTLY = re.compile(
    r"同比|环比|比上|较上|上年|去年|其中|分别|季度|月份?|上半年|下半年|截[至止]|新增|增加|减少|左右|平均|每|第"
)
_IN_ALL = re.compile(r"共|累计|总|全年|合计")
_WHOLE = re.compile(
    "|".join(
        (
            *(f"{verb}(?:各类)?(?:政府|政务)?信息" for verb in ("主动公开", "公开", "发布")),
            *(f"{verb}的?(?:政府)?(?:信息|依申请)公开的?(?:申请)?" for verb in ("收到", "受理", "接到")),
        )
    )
)
"""What a report states as a total also without saying so, when it begins with the year or with the body itself."""
_COULD_TOTAL = re.compile(f"{_IN_ALL.pattern}|{_WHOLE.pattern}")
_BEGINS = re.compile(
    r"(?:^|[。;…:)\s])(?:\d{4}年(?:度|全年)?|全年|本年度?|我[镇乡局市县区街]道?\S{0,8}?(?:\d{4}年度?)?)[，,]?[^，,;。:\d]{0,24}$"
)
_YEAR = re.compile(r"(\d{4})年")
_VIA = re.compile(
    r"(?:通过|在|于)(?P<way>[^，,;。:\d]{2,30}?(?:栏目|专栏|专题|版块|板块))(?:上|中|内)?(?:共|累计|主动|集中|及时)*(?:公开|发布|公布)"
    r"(?:各类|各项|相关)?(?:政府|政务)?信息(?:共|共计|数)?$"
)
_COLUMNS = re.compile("栏目|专栏|专题|版块|板块")
_COLUMN = re.compile(rf"(?:{_COLUMNS.pattern})$")
SHORTEST = 4
"""Characters a label needs to be more than 公开 or 信息."""
_APPLIED = re.compile(
    r"(?:收到|受理|接到|接收|收悉|办理)[^，,;。\d]{0,30}申请[^，,;。\d]{0,14}$|依申请公开[^，,;。\d]{0,14}$"
)
_NONE = re.compile(
    r"(?:未|没有|无)(?:曾)?(?:收到|受理|接到|接收|产生|发生|出现)(?:任何|过|到)?(?P<words>[^，,;。…\d]{0,40}?)"
    r"(?:依申请公开|(?:政府)?信息公开的?申请|公开(?:政府)?信息的?申请|公开政府信息申请|依申请(?:政府)?信息公开)(?P<rest>[^，,;。…\d]{0,12})(?=[，,;。…)]|$)"
)
_ONE_KIND = re.compile(r"本级|其中|其他|其它|除|另|上年|去年|\d月|季度")
_NARROW = re.compile(
    r"复议|诉讼|收费|费用|投诉|举报|不予|拒绝|当面|信函|传真|邮寄|电子邮件|口头|书面申请|通过|其他|其它|另|超期|本级|涉及|要求更改|方面的|重复|上年"
)
_OTHER_MATTER = re.compile(r"复议|诉讼|未|上年|去年|投诉|行政许可")


def differ(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The same words stand before two numbers of the same unit."""
    first: dict[tuple[str, str], Quantity] = {}
    for subject, quantity in reading.once(totals):
        known = first.setdefault((subject, quantity.unit), quantity)
        if known is not quantity and not _of_two_years(reading, known, quantity):
            yield None if known.value == quantity.value else _remark(reading, known, quantity)
    told: dict[tuple[str, str], Quantity] = {}
    for way, quantity in reading.once(ways):
        before = next((q for (other, unit), q in told.items() if unit == quantity.unit and _one_way(way, other)), None)
        told.setdefault((way, quantity.unit), quantity)
        if before is not None and not _of_two_years(reading, before, quantity):
            yield None if before.value == quantity.value else _remark(reading, before, quantity)


def denied(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """未收到申请 in one place, a number of them in another."""
    for line in reading.lines_with("申请"):
        for match in _NONE.finditer(line.text):
            sentence = line.sentence_at(match.start())
            if _NARROW.search(match["words"] + match["rest"]) or _narrowed(sentence, match.start()):
                continue
            counted = reading.once(_applications)
            against = next((q for q in counted if not _other_year(reading, q, sentence)), None)
            yield None if against is None else _denied_remark(reading, against, line.index, match)


def totals(reading: Reading) -> tuple[tuple[str, Quantity], ...]:
    """What is counted as a total, with the words for it made comparable. For ``Reading.once``."""
    parts = {(p.line, p.start) for b in reading.once(breakdowns) for p in b.parts}
    return tuple(
        (subject, q)
        for line, own in stating(reading, _COULD_TOTAL)
        for i, q in enumerate(own)
        if (q.line, q.start) not in parts and (subject := _subject(line, q, own[i - 1].end if i else 0))
    )


def ways(reading: Reading) -> tuple[tuple[str, Quantity], ...]:
    """What was published in one column of a site in the whole year, with the column's name. For ``Reading.once``."""
    parts = {(p.line, p.start) for b in reading.once(breakdowns) for p in b.parts}
    found = (
        (match["way"], q)
        for line, own in stating(reading, _COLUMNS)
        for q in own
        if q.kind == "count" and not q.approximate and not q.depth and (q.line, q.start) not in parts
        if (match := _VIA.search(line.text[max(line.sentence_at(q.start).start, q.start - 60) : q.start]))
        and not _PARTLY.search(line.text[line.sentence_at(q.start).start : q.start])
    )
    return tuple((_COLUMN.sub("", way), q) for way, q in found)


def _one_way(one: str, other: str) -> bool:
    """The same column, once with the site it is on."""
    return min(len(one), len(other)) >= SHORTEST - 2 and (one.endswith(other) or other.endswith(one))


def _subject(line: Line, quantity: Quantity, previous: int) -> str:
    """What a total counts; 共 said of the number before it makes no total of this one."""
    if quantity.kind != "count" or quantity.approximate or not quantity.unit or quantity.depth:
        return ""
    before = line.text[max(line.sentence_at(quantity.start).start, quantity.start - 80) : quantity.start]
    in_all = _IN_ALL.search(line.text, max(previous, quantity.start - 40), quantity.start) or (
        _is_whole(quantity.label) and _BEGINS.search(before)
    )
    if not in_all or _PARTLY.search(before) or not before.rstrip().endswith(quantity.label[-2:]):
        return ""
    subject = _DROPPED.sub("", _DROPPED.sub("", quantity.label))
    return subject if len(subject) >= SHORTEST else ""


def _is_whole(label: str) -> bool:
    return _WHOLE.fullmatch(_SAYS_WHEN.sub("", label)) is not None


def _applications(reading: Reading) -> tuple[Quantity, ...]:
    """Numbers of applications received, above zero. For ``Reading.once``."""
    return tuple(q for line, own in stating(reading, "申请") for q in own if _is_received(line, q))


def _is_received(line: Line, q: Quantity) -> bool:
    before = line.text[max(line.sentence_at(q.start).start, q.start - 60) : q.start]
    counted = q.kind == "count" and q.value > 0 and not q.approximate
    return counted and bool(_APPLIED.search(before)) and not _OTHER_MATTER.search(before[-50:])


def _other_year(reading: Reading, counted: Quantity, sentence: Sentence) -> bool:
    """Both say when, and it was not the same year."""
    there = set(_YEAR.findall(reading.lines[counted.line].sentence_at(counted.start).text))
    here = set(_YEAR.findall(sentence.text))
    return bool(there and here) and not there & here


def _of_two_years(reading: Reading, one: Quantity, other: Quantity) -> bool:
    """Each is told of a year of its own: the last one named before it in its sentence."""
    years = []
    for q in (one, other):
        line = reading.lines[q.line]
        years.append(_YEAR.findall(line.text[line.sentence_at(q.start).start : q.start])[-1:])
    return bool(years[0] and years[1]) and years[0] != years[1]


def _narrowed(sentence: Sentence, at: int) -> bool:
    """Only one kind, one body or another time is meant."""
    before = sentence.text[max(0, at - sentence.start - 16) : at - sentence.start]
    return bool(_ONE_KIND.search(before))


def _remark(reading: Reading, known: Quantity, other: Quantity) -> Remark:
    said = Text(
        f"{other.label} {shown(other.value)}{other.unit}，另一处为 {shown(known.value)}{known.unit}",
        f"{other.label} {shown(other.value)}{other.unit}, elsewhere {shown(known.value)}{known.unit}",
    )
    terms = (term(reading, other), term(reading, known))
    return Remark(other.line, other.start, other.end, other.label, said, terms, left=other.value, right=known.value)


def _denied_remark(reading: Reading, counted: Quantity, line: int, match: re.Match[str]) -> Remark:
    said = Text(
        f"“{match[0]}”，而另一处有 {shown(counted.value)}{counted.unit}",
        f"“{match[0]}”, yet elsewhere {shown(counted.value)}{counted.unit}",
    )
    return Remark(line, match.start(), match.end(), "申请", said, (term(reading, counted),), right=counted.value)
