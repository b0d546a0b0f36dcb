"""Shares: a percentage follows from part and whole at the digits written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from auditkit.model.words import Text
from auditkit.prose.breakdowns import breakdowns
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, by_line, term
from auditkit.prose.ratios import exact, follows, is_slip_of_rounding, other_reading, reading_of
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark, shown
from auditkit.prose.rules import ProseRule
from auditkit.prose.stated import Share, shares

_ANY_TOTAL = re.compile(
    r"总体|总数|总量|总的|全部|全年|比例|比重|比率|百分比|其中|所有|当年|本年度?|的|了|数|约|为|比|总"
)
_TOTAL = re.compile(r"共|总|累计|合计|收到|受理|接收|制发|办理|答复|办结|公开|发布|制作|回应|申请")
_COMMON = frozenset({"总数", "信息", "数的", "全年", "公开", "政府", "开信", "息总", "府信"})


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
    stated = reading.once(shares)
    lines = dict.fromkeys(s.percent.line for s in stated)
    return tuple(j for line in lines for j in _judge(reading, [s for s in stated if s.percent.line == line]))


def _remarks(reading: Reading, *, rounding: bool) -> Iterator[Remark | None]:
    for found in reading.once(judged):
        if found.holds:
            yield None
        elif found.whole is not None:
            value = exact(found.share.part.value, found.whole.value, found.share.percent)
            if is_slip_of_rounding(value, found.share.percent) is rounding:
                yield _remark(reading, found, found.whole, value)


def _judge(reading: Reading, line: Sequence[Share]) -> Iterator[Judged]:
    for share in line:
        if (fitting := _fitting(share)) or _follows_from_list(reading, share, line):
            yield Judged(share, fitting[0] if fitting else None, holds=True)
            continue
        whole = _whole(reading, share, line)
        beside = tuple(s.percent.value for s in line if s is not share and whole and _same_whole(s, whole))
        yield Judged(share, whole, holds=False, beside=beside)


def _fitting(share: Share) -> list[Quantity]:
    """Totals from which the percentage follows: any of them will do, since the writer knew which he meant."""
    return [b for b in (*share.bases, *share.earlier) if follows(share.part, b, share.percent)]


def _follows_from_list(reading: Reading, share: Share, line: Sequence[Share]) -> bool:
    """The percentage follows from what the parts written beside it add up to."""
    lists = [b.parts for b in reading.once(breakdowns) if share.part in b.parts]
    for parts in (*lists, tuple(s.part for s in line)):
        total = sum((p.value for p in parts), Decimal(0))
        if len(parts) > 2 and total and follows(share.part, replace(share.part, value=total), share.percent):
            return True
    return False


def _same_whole(share: Share, whole: Quantity) -> bool:
    return any(b.value == whole.value for b in share.bases)


def _whole(reading: Reading, share: Share, line: Sequence[Share]) -> Quantity | None:
    """The total a share that fits none must have meant; None where that is a guess."""
    if any(b.approximate for b in share.bases[:1]):
        return None
    exacts = [b for b in share.bases if not b.approximate]
    for find in (_named, _listed, _agreed, _added):
        if (found := find(reading, share, line, exacts)) is not None:
            return found
    return None


def _agreed(_reading: Reading, share: Share, line: Sequence[Share], bases: Sequence[Quantity]) -> Quantity | None:
    """The total from which the shares beside it follow."""
    near = sorted((s for s in line if s is not share), key=lambda s: abs(s.percent.start - share.percent.start))
    for other in near:
        for base in _fitting(other):
            if any(b.value == base.value for b in (*bases, *share.earlier)) and other.part.value not in {0, base.value}:
                return base
    return None


def _added(_reading: Reading, share: Share, line: Sequence[Share], bases: Sequence[Quantity]) -> Quantity | None:
    """The total that the parts written beside it add up to."""
    for base in bases:
        parts = [s.part for s in line if s.part.start > base.start]
        if share.part in parts and len(parts) > 1 and sum((p.value for p in parts), Decimal(0)) == base.value:
            return base
    return None


def _listed(reading: Reading, share: Share, _line: Sequence[Share], _bases: Sequence[Quantity]) -> Quantity | None:
    """The one total of the list its part stands in."""
    if share.elsewhere:
        return None
    for breakdown in reading.once(breakdowns):
        if share.part in breakdown.parts and len({w.value for w in breakdown.wholes}) == 1:
            return None if breakdown.wholes[0].approximate or share.kind == "rate" else breakdown.wholes[0]
    return None


def _named(reading: Reading, share: Share, _line: Sequence[Share], bases: Sequence[Quantity]) -> Quantity | None:
    """The only total there is, when the words after 占 (or before 率) can mean it."""
    if share.elsewhere:
        return None
    distinct = {b.value for b in bases}
    if share.kind == "rate":
        own = [q for q in reading.once(by_line)[share.part.line] if q.sentence == share.part.sentence]
        counts = [q for q in own if q.end <= share.percent.start and q.kind == share.part.kind]
        return bases[0] if len(distinct) == 1 and len(counts) == 2 and share.base in share.part.label else None
    if len(distinct) == 1 and (_overlap(share.base, bases[0].label) if _says(share.base) else _is_total(bases[0])):
        return bases[0]
    alike = [b for b in (bases or share.earlier) if share.base and _overlap(share.base, b.label)]
    return alike[0] if len({b.value for b in alike}) == 1 and not alike[0].approximate else None


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
    start, end = min(part.start, percent.start), percent.end
    return Remark(
        percent.line, start, end, row, said, terms, left=percent.value, right=value, allowed=percent.step / 2, hint=hint
    )
