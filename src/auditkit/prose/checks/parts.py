"""Parts of a whole: they never exceed it, and a complete list adds up to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from typing import Literal

from rapidfuzz.distance import OSA

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.breakdowns import ONE_WAY, Breakdown, breakdowns
from auditkit.prose.headings import section_of
from auditkit.prose.items import REST
from auditkit.prose.quantities import Quantity, term
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark, shown
from auditkit.prose.tallied import tallied

Verdict = Literal["holds", "exceeds", "short", "near", "extra", "channel", "open"]
HAIR = 100
"""One part in a hundred: nobody lists that much by chance."""
HEAD = 2
"""Signs by which labels begin alike."""
NEARLY = Decimal("0.9")
"""A list that names this much of its whole was meant to name all of it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A breakdown with the whole it was compared to."""

    breakdown: Breakdown
    verdict: Verdict
    whole: Quantity
    parts: tuple[Quantity, ...]


def exceed(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """The parts are more than the whole."""
    yield from _remarks(reading, "exceeds")


def short(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """A list that divides the whole, or ends with 其他, leaves something out. ``words``: all the kinds there are."""
    yield from _remarks(reading, "short")
    for found in reading.once(sums):
        if found.verdict in {"open", "near"} and found.breakdown.closed and _is_partition(found, rule):
            yield _remark(reading, replace(found, verdict="short"))


def _is_partition(found: Sum, rule: ProseRule) -> bool:
    """The list names every kind of one division, once each, and stays below the only total there is."""
    labels = [part.label for part in found.parts]
    wholes = {whole.value for whole in found.breakdown.wholes}
    below = len(wholes) == 1 and _total(found.parts) < found.whole.value
    return below and any(sorted(_kinds(labels, kinds)) == sorted(kinds) for kinds in rule.words.values())


def _kinds(labels: Sequence[str], kinds: Sequence[str]) -> Iterator[str]:
    """The longest kind each label names: 不同意公开 is not 同意公开."""
    return (max((kind for kind in kinds if kind in label), key=len, default="") for label in labels)


def near(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """A list that nearly adds up, or divides requests by one criterion and is short. ``words``: criterion → kinds."""
    yield from _remarks(reading, "near")
    for found in reading.once(sums):
        if found.verdict == "open" and found.breakdown.closed and _is_divided(found, rule):
            yield _remark(reading, replace(found, verdict="near"))


def _is_divided(found: Sum, rule: ProseRule) -> bool:
    """Two or more parts, every one another kind of one division, below the only total of requests there is."""
    labels = [part.label for part in found.parts]
    named = [[kind for kind in _kinds(labels, kinds) if kind] for kinds in rule.words.values()]
    distinct = any(len(set(kinds)) == len(kinds) == len(labels) > 1 for kinds in named)
    one = len({whole.value for whole in found.breakdown.wholes}) == 1
    return distinct and one and bool(ONE_WAY.search(found.whole.label)) and _total(found.parts) < found.whole.value


def extra(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """A list that adds up before its end."""
    yield from _remarks(reading, "extra")


def channel(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """A way of publishing that carried more than there was, within a list of kinds."""
    yield from _remarks(reading, "channel")


def sums(reading: Reading) -> tuple[Sum, ...]:
    """Every list of parts with its verdict. For ``Reading.once``."""
    return tuple(_judge(b) for b in (*reading.once(breakdowns), *reading.once(tallied)))


def _remarks(reading: Reading, *verdicts: Verdict) -> Iterator[Remark | None]:
    for found in reading.once(sums):
        if found.verdict in verdicts:
            yield _remark(reading, found)
        elif found.verdict == "holds":
            yield None


def _judge(breakdown: Breakdown) -> Sum:
    parts, channels = breakdown.parts, breakdown.channels
    wholes = tuple(w for w in breakdown.wholes if not w.approximate)
    if breakdown.wholes[0].approximate:
        return Sum(breakdown, "open", breakdown.wholes[0], parts)
    kinds = tuple(p for p in parts if p not in channels) if channels else parts
    for whole in wholes:
        if _adds_up(whole, parts) or (kinds and len(kinds) < len(parts) and _adds_up(whole, kinds)):
            above = tuple(c for c in channels if c.value > whole.value)
            return Sum(breakdown, "channel" if above else "holds", whole, above or parts)
    if _makes_several(wholes, parts) or _alternate(parts) or _one_each(wholes, parts) or _no_sum(parts):
        return Sum(breakdown, "open", breakdown.wholes[0], parts)
    for whole in breakdown.farther:
        if whole.unit == parts[0].unit and not whole.approximate and _adds_up(whole, parts):
            return Sum(breakdown, "holds", whole, parts)
    reached = set(accumulate(p.value for p in kinds))
    whole = min(wholes, key=lambda w: (w.value not in reached, abs(w.value - _total(parts))))
    verdict = _mismatch(breakdown, wholes, whole, kinds)
    above = tuple(c for c in channels if c.value > whole.value)
    return Sum(
        breakdown, verdict, whole, parts if verdict == "near" else above if verdict == "channel" else kinds or parts
    )


def _makes_several(wholes: Sequence[Quantity], parts: Sequence[Quantity]) -> bool:
    """12个乡镇、4个街道，其中一类6个、二类7个、三类3个: the list divides what several numbers before it make."""
    beside = [w.value for w in wholes if w.sentence == wholes[0].sentence]
    return _total(parts) in set(accumulate(beside))


def _alternate(parts: Sequence[Quantity]) -> bool:
    """受理刑事326件、审结319件，受理民事3105件、审结3022件: two lists, told in turn."""
    turns = [{part.label[:HEAD] for part in parts[n::2]} for n in (0, 1)]
    return len(parts) > 3 and all(len(heads) == 1 for heads in turns) and turns[0] != turns[1]


def _one_each(wholes: Sequence[Quantity], parts: Sequence[Quantity]) -> bool:
    """退回36件，重报35件。其中一次退回30件，一次重报28件: to each total a part of its own."""
    pairs = zip(wholes[::-1], parts, strict=False)
    return len(wholes) == len(parts) > 1 and all(whole.label[-HEAD:] in part.label for whole, part in pairs)


def _no_sum(parts: Sequence[Quantity]) -> bool:
    """Changes up and down, or classes of which one is part of the other: 60岁及以上, 65岁及以上."""
    labels = [part.label for part in parts]
    both = any(label.endswith(("增加", "增长")) for label in labels) and any(
        label.endswith(("减少", "下降")) for label in labels
    )
    return (
        both
        or any("重复" in label for label in labels)
        or any(sum(bound in label for label in labels) > 1 for bound in ("以上", "以下", "以内"))
    )


def _mismatch(breakdown: Breakdown, wholes: Sequence[Quantity], whole: Quantity, kinds: Sequence[Quantity]) -> Verdict:
    parts = breakdown.parts
    if len(parts) == len(breakdown.channels) and any(p.value > max(w.value for w in wholes) for p in parts):
        return "channel"
    hair = breakdown.closed and len({w.value for w in wholes}) == 1 and _by_a_hair(whole, parts, kinds)
    if len(kinds) < len(parts) and _total(kinds) < whole.value:
        # Ways of publishing: a piece counts once in the whole and once for every way, so they may only be more.
        too_few = breakdown.complete and len(parts) > 1 and _total(parts) < whole.value
        return "near" if too_few or hair else "open"
    largest = max(w.value for w in wholes)
    if _total(kinds) > largest + _allowed(whole, kinds):
        return _too_much(whole, kinds)
    if _total(kinds) >= whole.value or not breakdown.closed:
        return "open"
    if breakdown.complete and len(parts) > 1 and len({w.value for w in wholes}) == 1:
        return "short"
    many = len(parts) > (1 if ONE_WAY.search(whole.label) else 2) and breakdown.last_word
    return (
        "near" if hair or (many and (_total(kinds) >= NEARLY * whole.value or _one_digit_off(whole, kinds))) else "open"
    )


def _by_a_hair(whole: Quantity, parts: Sequence[Quantity], kinds: Sequence[Quantity]) -> bool:
    """All parts, or those that are no ways of publishing, miss the whole by so little that they were to make it."""
    lists = (parts, kinds) if 1 < len(kinds) < len(parts) else (parts,) if len(parts) > 1 else ()
    return any(0 < HAIR * abs(_total(some) - whole.value) <= whole.value for some in lists)


def _one_digit_off(whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """The whole is the sum with one digit typed twice, left out, swapped or mistaken."""
    one, other = shown(whole.value), shown(_total(parts))
    return len(one) > 2 and len(other) > 1 and OSA.distance(one, other) == 1


def _too_much(whole: Quantity, kinds: Sequence[Quantity]) -> Verdict:
    """Lists by several criteria run on without a word: each may add up, and what follows one may be no list."""
    running = list(accumulate(p.value for p in kinds))
    if whole.value not in running:
        return "exceeds"
    rest = kinds[running.index(whole.value) + 1 :]
    if len(rest) == 1 and REST.search(rest[0].label):
        return "exceeds"
    if len(rest) < 2 or _whole_again(whole, rest) or rest[0].value == _total(rest[1:]):
        return "open"  # 复议37件，其中…；诉讼18件，维持12件，尚未审结6件: another whole with its parts
    return "extra"


def _whole_again(whole: Quantity, rest: Sequence[Quantity]) -> bool:
    running = list(accumulate(p.value for p in rest))
    if whole.value not in running:
        return False
    after = rest[running.index(whole.value) + 1 :]
    return not after or len(after) < 2 or _whole_again(whole, after)


def _total(parts: Sequence[Quantity]) -> Decimal:
    return sum((p.value for p in parts), Decimal(0))


def _allowed(whole: Quantity, parts: Sequence[Quantity]) -> Decimal:
    return whole.half + sum((p.half for p in parts), Decimal(0))


def _adds_up(whole: Quantity, parts: Sequence[Quantity]) -> bool:
    return abs(_total(parts) - whole.value) <= _allowed(whole, parts)


def _remark(reading: Reading, found: Sum) -> Remark:
    whole, parts = found.whole, found.parts
    total, allowed = _total(parts), _allowed(whole, parts)
    sign = ">" if total > whole.value else "<"
    added = " + ".join(shown(p.value) for p in parts)
    added = added if len(parts) == 1 else f"{added} = {shown(total)}"
    off = shown(abs(total - whole.value))
    said = Text(
        f"各项 {added} {sign} {whole.label or '总数'} {shown(whole.value)}，相差 {off}",
        f"parts {added} {sign} {whole.label or 'total'} {shown(whole.value)}, off by {off}",
    )
    row = "/".join(x for x in (section_of(reading, whole.line), whole.label) if x)
    start = min(whole.start, parts[0].start) if whole.line == parts[0].line else parts[0].start
    return Remark(
        parts[0].line,
        start,
        parts[-1].end,
        row,
        said,
        tuple(term(reading, q) for q in (whole, *parts)),
        left=total,
        right=whole.value,
        allowed=allowed or None,
        hint=_hint(found),
    )


def _hint(found: Sum) -> Text | None:
    if found.verdict == "extra":
        running = list(accumulate(p.value for p in found.parts))
        n = running.index(found.whole.value) + 1
        return Text(
            f"前{n}项之和恰为总数，其后各项不在其内", f"the first {n} already make the whole; what follows is not in it"
        )
    if found.verdict == "near":
        return Text(
            "如未全部列出，请加“等”字；如已列全，请核对", "if the list is not complete, say so; if it is, check it"
        )
    if found.verdict == "channel":
        return Text(
            "发布渠道与内容类别口径不同，不宜列在同一“其中”里",
            "a way of publishing is not a kind of content: not one list",
        )
    return None
