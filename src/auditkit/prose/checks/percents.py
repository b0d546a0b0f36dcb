"""Percentages on their own: shares of one whole make 100, and a share of few things has few values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.breakdowns import CHANNEL
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, stating, term
from auditkit.prose.ratios import HUNDRED
from auditkit.prose.reading import Line, Reading
from auditkit.prose.remarks import Remark, shown

_SHARE = re.compile(r"占(?:比|总数|总量|全部)?[^，,;。\d]{0,14}$|占比(?:分别)?(?:为|是|达)?$|^[、，,和及]$")
_BASE = re.compile(r"占(?:比|了|到)?([^，,;。\d]*?)(?:的|为|达|约)*$")
_GOAL = re.compile(r"任务|计划|目标|预算|上年|去年|同期")
_BARE = re.compile(r"[\u4e00-\u9fff](?:占|占比|占比为)$")
_NO_SHARE = re.compile(r"同比|环比|增(?!加值)|减|升|降|提高|率|完成|较|比上")
_REST = re.compile(r"其他|其它|其余")
_WITHIN = re.compile(r"[中里][，,]")
_ANOTHER = re.compile(r"[中里][，,]|[按从][^，,;。\d]{1,12}(?:看|分|计)[，,:]")
"""What opens a division of something else, or by something else."""
_OF_FEW = re.compile(
    r"(?P<n>\d{1,4})\s*(?P<unit>[条件份篇项])[^，,;。\d]{0,12}(?:中|里)[，,][^，,;。\d]{2,20}占(?:比|总数|总量|其中)?(?:的)?(?:比例)?(?:为|的)?$"
)


_BOUNDS = ("以上", "以下", "以内")
"""60岁及以上, 65岁及以上: the one is part of the other."""
FAR = 150
"""Per cent; what makes so much was not meant to be one whole: 网上申请占比92%，零跑动事项占比88%."""


def total(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Shares without counts beside each other: not above 100, and 100 when the last one is 其他."""
    for line, own in stating(reading, "占"):
        if sum(q.kind == "percent" for q in own) > 1:
            for row in _rows(line, own):
                yield _verdict(reading, line, row)


def impossible(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """No number of things out of n rounds to the percentage (Brown and Heathers' GRIM)."""
    for line, own in stating(reading, "占"):
        for percent in own if _WITHIN.search(line.text) else ():
            if percent.kind != "percent" or percent.approximate:
                continue
            start = max(line.sentence_at(percent.start).start, percent.start - 80)
            if found := _OF_FEW.search(line.text[start : percent.start]):
                n = int(found["n"])
                yield None if n == 0 or _possible(n, percent) else _impossible_remark(reading, line, percent, n)


def above(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """A share of a whole, or a rate of what there is, above 100 %. ``words``: any key → what such rates are called."""
    rates = "|".join(re.escape(word) for group in rule.words.values() for word in group)
    pattern = re.compile(rf"(?:{rates}|占[^，,;。\d]{{2,20}}?的)(?:均?(?:为|达|达到|是))?$")
    for line, own in stating(reading, "%", "百分之"):
        for q in own:
            if q.unit != "%" or q.approximate:
                continue
            found = pattern.search(line.text[max(0, q.start - 30) : q.start])
            if found and not _GOAL.search(found[0]):
                said = Text(f"{q.text} > 100%", f"{q.text} > 100%")
                name = _row_name(reading, (q,))
                wrong = Remark(line.index, q.start, q.end, name, said, (term(reading, q),), left=q.value, right=HUNDRED)
                yield wrong if q.value > HUNDRED else None


def _rows(line: Line, own: Sequence[Quantity]) -> Iterator[list[Quantity]]:
    """Percentages of one sentence that follow each other without a count in between."""
    for number, group in groupby(own, key=lambda q: q.sentence):
        sentence = line.sentences[number - line.first]
        row: list[Quantity] = []
        for q in group:
            if row and _ANOTHER.search(line.text[row[-1].end : q.start]):
                yield row
                row = []
            if q.kind == "percent" and not q.approximate and _is_share(line, row, q, sentence.start):
                row.append(q)
            elif row:
                yield row
                row = []
        if not (sentence.before_cut or sentence.after_cut):
            yield row


def _is_share(line: Line, row: Sequence[Quantity], q: Quantity, start: int) -> bool:
    gap = line.text[row[-1].end if row else start : q.start]
    if _NO_SHARE.search(gap):
        return False
    return bool(_SHARE.search(gap)) or (bool(row) and len(gap) <= 14 and "占" in line.text[start : row[0].start])


def _verdict(reading: Reading, line: Line, row: Sequence[Quantity]) -> Remark | None:
    if (len(row) < 3 and not _are_two(line, row)) or "等" in line.text[row[-1].end : row[-1].end + 2]:
        return None
    if not _of_one_whole(line, row) or any(sum(b in q.label for q in row) > 1 for b in _BOUNDS):
        return None
    added = sum((q.value for q in row), Decimal(0))
    allowed = Decimal(len(row) // 2) * max(q.step for q in row)
    closed = bool(_REST.search(line.text[row[-2].end : row[-1].start]))
    if added >= FAR:
        return None
    if added <= HUNDRED + allowed and (not closed or added >= HUNDRED - allowed):
        return None
    sum_of = " + ".join(shown(q.value) for q in row)
    said = Text(f"{sum_of} = {shown(added)}% ≠ 100%", f"{sum_of} = {shown(added)}% ≠ 100%")
    terms = tuple(term(reading, q) for q in row)
    return Remark(
        line.index,
        row[0].start,
        row[-1].end,
        _row_name(reading, row),
        said,
        terms,
        left=added,
        right=HUNDRED,
        allowed=allowed,
    )


def _of_one_whole(line: Line, row: Sequence[Quantity]) -> bool:
    """占 stands bare, or before the same words, and never before a plan or another year."""
    aheads = (line.text[max(0, q.start - 24) : q.start] for q in row)
    bases = {found[1] for ahead in aheads if (found := _BASE.search(ahead))}
    return len(bases - {""}) <= 1 and not any(_GOAL.search(base) for base in bases)


def _are_two(line: Line, row: Sequence[Quantity]) -> bool:
    """Two shares of one whole: 占 stands bare before both, and neither is a way of publishing, which may overlap."""
    if len(row) != 2:
        return False
    labels = [line.text[max(0, q.start - 12) : q.start] for q in row]
    return all(_BARE.search(label) and not CHANNEL.search(label) for label in labels)


def _row_name(reading: Reading, row: Sequence[Quantity]) -> str:
    return "/".join(x for x in (section_of(reading, row[0].line), row[0].label) if x)


def _possible(n: int, percent: Quantity) -> bool:
    """Some whole number of n rounds, up or down at ties, to the percentage."""
    low, high = percent.value - percent.step / 2, percent.value + percent.step / 2
    nearest = int(percent.value * n / HUNDRED)
    return any(low * n <= HUNDRED * k <= high * n for k in (nearest, nearest + 1))


def _impossible_remark(reading: Reading, line: Line, percent: Quantity, n: int) -> Remark:
    near = int(percent.value * n / HUNDRED)
    values = "、".join(shown((HUNDRED * k / n).quantize(percent.step)) + "%" for k in (near, near + 1))
    said = Text(
        f"{n}项的占比不会是 {percent.text}；邻近的可能值为 {values}",
        f"no share of {n} rounds to {percent.text}; the nearest are {values}",
    )
    row = _row_name(reading, (percent,))
    return Remark(line.index, percent.start, percent.end, row, said, (term(reading, percent),), left=percent.value)
