"""Shares: a percentage follows from part and whole at the digits written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.breakdowns import Breakdown, lists_of
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, by_line, in_sentence, term
from auditkit.prose.ratios import HUNDRED, exact, follows, is_slip_of_rounding, other_reading, reading_of
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark, shown
from auditkit.prose.stated import Share, earlier, shares

_ANY_TOTAL = re.compile(
    r"总体|总数|总量|总的|全部|全年|比例|比重|比率|百分比|其中|所有|当年|本年度?|的|了|数|约|为|比|总"
)
_TOTAL = re.compile(r"共|总|现有|实有|在册|累计|合计|收到|受理|接收|制发|办理|答复|办结|公开|发布|制作|回应|申请")
_BUDGET = re.compile(r"预算|安排|下达")
_SPENT = re.compile(r"支出|执行|支付|使用|决算")
_AMONG = re.compile(r"[^，,;。\d]{0,12}[中里][，,]?(?:已?有|共有)?\s*")
"""12个科室中有9个."""
_COMMON = frozenset(
    {"总数", "信息", "数的", "全年", "公开", "政府", "开信", "息总", "府信", "中国", "我国", "总值", "总额"}
)

Beside = Sequence[tuple[Share, Sequence[Quantity]]]
"""Shares of the same paragraph, the nearest first, with the totals each follows from."""
FOUR = 4
NEAR = 12
"""How many shares before and after one are looked at."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A share with the total it is a share of; ``whole`` is None where the text does not say which."""

    share: Share
    whole: Quantity | None
    holds: bool
    beside: tuple[Decimal, ...] = ()
    """Percentages of the same whole written beside this one."""


def wrong(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The percentage is another number."""
    yield from _remarks(reading, rounding=False)


def rounding(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The percentage is cut off, or pushed so that the shares make 100."""
    yield from _remarks(reading, rounding=True)


def judged(reading: Reading) -> tuple[Judged, ...]:
    """Every share of the text with its whole, line by line. For ``Reading.once``."""
    by_paragraph = groupby(reading.once(shares), key=lambda s: s.percent.line)
    return tuple(j for _, line in by_paragraph for j in _judge(reading, tuple(line)))


def _remarks(reading: Reading, *, rounding: bool) -> Iterator[Remark | None]:
    for found in reading.once(judged):
        if found.holds:
            yield None
        elif found.whole is not None:
            value = exact(found.share.part.value, found.whole.value, found.share.percent)
            if is_slip_of_rounding(value, found.share.percent) is rounding:
                yield _remark(reading, found, found.whole, value)


def _judge(reading: Reading, line: Sequence[Share]) -> Iterator[Judged]:
    found = [next(_fitting(reading, share), None) for share in line]
    fits = [] if all(found) else [tuple(_fitting(reading, share)) for share in line]
    for i, share in enumerate(line):
        if found[i] is not None:
            yield Judged(share, found[i], holds=True)
            continue
        near = range(max(0, i - NEAR), min(len(line), i + NEAR + 1))
        beside = [(line[n], fits[n]) for n in sorted(near, key=lambda n: abs(n - i)) if n != i]
        if _follows_from_list(reading, share, beside):
            yield Judged(share, None, holds=True)
            continue
        whole = _whole(reading, share, beside)
        others = tuple(s.percent.value for s, _ in beside if whole and any(b.value == whole.value for b in s.bases))
        yield Judged(share, whole, holds=False, beside=others)


def _fitting(reading: Reading, share: Share) -> Iterator[Quantity]:
    """Totals from which the percentage follows: any of them will do, since the writer knew which he meant."""
    if share.given is not None:
        if share.given.value > 0 and follows(share.part, share.given, share.percent):
            yield share.given
        return
    yield from (b for b in share.bases if follows(share.part, b, share.percent))
    yield from (b for b in earlier(reading, share) if follows(share.part, b, share.percent))


def _follows_from_list(reading: Reading, share: Share, beside: Beside) -> bool:
    """The percentage follows from what the parts written beside it add up to."""
    lists = [b.parts for b in _lists(reading, share)]
    for parts in (*lists, (share.part, *(s.part for s, _ in beside))):
        total = sum((p.value for p in parts), Decimal(0))
        if len(parts) > 1 and total and follows(share.part, share.part._replace(value=total), share.percent):
            return True
    return False


def _lists(reading: Reading, share: Share) -> Sequence[Breakdown]:
    return reading.once(lists_of).get((share.part.line, share.part.start), ())


def _whole(reading: Reading, share: Share, beside: Beside) -> Quantity | None:
    """The total a share that fits none must have meant; None where that is a guess."""
    if share.given is not None:
        return share.given if share.given.value > 0 and not share.given.approximate else None
    if any(b.approximate for b in share.bases[:1]) or (share.kind == "rate" and _in_two_units(reading, share.part)):
        return None
    bases = [b for b in share.bases if not b.approximate]
    return (
        _named(reading, share, bases)
        or _listed(reading, share)
        or _agreed(reading, share, beside, bases)
        or _unsaid(reading, share, beside)
    )


def _in_two_units(reading: Reading, part: Quantity) -> bool:
    """审结374件439人: a rate may be of either."""
    return any(q.end == part.start for q in reading.once(by_line)[part.line])


def _agreed(reading: Reading, share: Share, beside: Beside, bases: Sequence[Quantity]) -> Quantity | None:
    """The total from which the shares beside it follow, or to which its part and theirs add up."""
    if share.kind == "rate" and not _named_in(share.base, share.part.label):
        return None
    known = {b.value for b in (*bases, *earlier(reading, share))}
    for other, fitting in beside:
        for base in fitting:
            if base.value in known and other.part.value not in {0, base.value}:
                return base
    for base in bases:
        parts = [share.part, *(s.part for s, _ in beside if s.part.start > base.start)]
        if len(parts) > 1 and sum((p.value for p in parts), Decimal(0)) == base.value:
            return base
    return None


def _unsaid(reading: Reading, share: Share, beside: Beside) -> Quantity | None:
    """No total is told before a row whose shares make a hundred, or all follow but this one: its parts are all."""
    row = [share, *(s for s, _ in beside if s.part.sentence == share.part.sentence and s.part.unit == share.part.unit)]
    parts = {s.part for s in row}
    told = any(b not in parts for s in row for b in (*s.bases, *earlier(reading, s)))
    off = abs(sum((s.percent.value for s in row), -HUNDRED))
    if len(row) < 3 or told or any(s.elsewhere for s in row):
        return None
    whole = share.part._replace(value=sum((p.value for p in parts), Decimal(0)), label="各项之和")
    makes = off <= sum(s.percent.step for s in row) or all(follows(s.part, whole, s.percent) for s in row[1:])
    return whole if makes else None


def _listed(reading: Reading, share: Share) -> Quantity | None:
    """The one total of the list its part stands in."""
    if share.elsewhere:
        return None
    for breakdown in _lists(reading, share) if share.kind == "share" else ():
        wholes = [w for w in breakdown.wholes if w.value >= share.part.value and w.value]
        if len({w.value for w in wholes}) == 1:
            alone = len({w.value for w in breakdown.wholes}) == 1 or not _says(share.base)
            meant = alone or _overlap(share.base, wholes[0].label)
            return wholes[0] if meant and not wholes[0].approximate else None
    return None


def _named(reading: Reading, share: Share, bases: Sequence[Quantity]) -> Quantity | None:
    """The only total there is, when the words after 占 (or before 率) can mean it."""
    if share.elsewhere and not (share.kind == "rate" and share.part.label.endswith(share.base)):
        return None
    if share.afar and not _says(share.base):
        return None
    distinct = {b.value for b in bases}
    if share.kind == "rate":
        own = in_sentence(reading, share.part.line, share.part.sentence)
        clause = reading.lines[share.part.line].text.rfind(";", 0, share.part.start)
        counts = [q for q in own if clause < q.start < share.percent.start and q.unit == share.part.unit]
        return bases[0] if len(distinct) == 1 and len(counts) == 2 and _rates(share, bases[0]) else None
    if len(distinct) == 1 and bases[0].line == share.part.line and not _says(share.base):
        between = reading.lines[share.part.line].text[bases[0].end : share.part.start]
        if _AMONG.fullmatch(between):
            return bases[0]
    if len(distinct) == 1 and (_overlap(share.base, bases[0].label) if _says(share.base) else _is_total(bases[0])):
        return bases[0]
    alike = [b for b in (bases or earlier(reading, share)) if share.base and _overlap(share.base, b.label)]
    return alike[0] if len({b.value for b in alike}) == 1 and not alike[0].approximate else None


def _rates(share: Share, whole: Quantity) -> bool:
    """The rate is named after what the part counts, or sets what was spent against the budget."""
    spent = bool(_BUDGET.search(whole.label)) and bool(_SPENT.search(share.part.label))
    return _named_in(share.base, share.part.label) or (
        spent and share.base in {"执行", "预算执行", "支出", "支付", "完成"}
    )


def _named_in(base: str, label: str) -> bool:
    """整改完成率 of 完成整改45个: the same words, in whatever order."""
    size, signs = len(base), sorted(base)
    turned = (sorted(label[n : n + size]) == signs for n in range(len(label) - size + 1))
    return base in label or (size >= FOUR and any(turned))


def _says(base: str) -> bool:
    """The words between 占 and the number name a total, not just 总数."""
    return bool(_ANY_TOTAL.sub("", base))


def _is_total(whole: Quantity) -> bool:
    """It was counted as what there is in all: received, published, issued."""
    return bool(_TOTAL.search(whole.label))


def _overlap(base: str, label: str) -> bool:
    """A pair of characters in common that not every base has, or three pairs of the others."""
    pairs = [base[i : i + 2] for i in range(len(base) - 1) if base[i : i + 2] in label]
    return bool(set(pairs) - _COMMON) or len(pairs) > 2


def _remark(reading: Reading, found: Judged, whole: Quantity, value: Decimal) -> Remark:
    share = found.share
    part, percent = share.part, share.percent
    precise = shown(value.quantize(percent.step / 100))
    said = Text(
        f"{percent.text.strip()} ≠ {shown(part.value)} ÷ {shown(whole.value)} = {precise}{percent.unit}",
        f"{percent.text.strip()} ≠ {shown(part.value)} ÷ {shown(whole.value)} = {precise}{percent.unit}",
    )
    if is_slip_of_rounding(value, percent):
        hint: Text | None = reading_of(value, percent, found.beside)
    else:
        nearby = [q for q in reading.once(by_line)[percent.line] if q.kind == part.kind]
        hint = other_reading(part.value, whole.value, percent, nearby)
    row = "/".join(x for x in (section_of(reading, percent.line), part.label, share.base) if x)
    terms = tuple(term(reading, q) for q in (percent, part, whole))
    start, end = percent.start if share.afar else min(part.start, percent.start), percent.end
    return Remark(
        percent.line, start, end, row, said, terms, left=percent.value, right=value, allowed=percent.step / 2, hint=hint
    )
