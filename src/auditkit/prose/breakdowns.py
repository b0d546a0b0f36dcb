"""Parts of a whole as they are told: which numbers are said to be parts of which."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, pairwise
from operator import attrgetter

from auditkit.prose.before import LOOK_BACK, told_before, told_farther
from auditkit.prose.items import REST, items_of
from auditkit.prose.quantities import Quantity, stating
from auditkit.prose.reading import Line, Reading, Sentence

CHANNEL = re.compile(
    r"网站|网页|门户|微信|微博|公众号|公众平台|抖音|快手|客户端|APP|头条|(?:公示|公告|公开|宣传)栏(?!目)|电子屏|显示屏|报纸|报刊|日报|晚报"
    r"|[区县市]报|电视|电台|广播|短信|媒体|平台|渠道|政务微|公报|发布会|QQ群|微信群|网上|线上|系统|方式|档案馆|图书馆|查阅点|政务服务网"
)
_SEEN = r"[^，。;、:\d]{1,12}?(?:分类|区分|划分|来看|看|分|统计)(?=[，,:为])"
_TRIGGER = re.compile(
    r"其中|在[^，,。;:\d]{0,24}(?:信息|申请|文件|公文|内容|件)[^，,。;:\d]{0,4}中(?=[，,])|在[^，,。;:\d]{1,12}中(?=有)|包括|分别(?:为|是)?|分为"
    rf"|按{_SEEN}|从{_SEEN}|包含|含(?=[^，,;。\d]{{1,20}}\d)"
)
_COULD_OPEN = re.compile(r"其中|包括|含|中[，,有]|类[，,:为]|看[，,:为]|计[，,:为]|分[，,:为别]|\(|:")
"""Wherever parts are told one of these stands: quickly looked for in a whole text."""
ONE_WAY = re.compile(r"申请|复议|诉讼|信访|来信|来访|建议|提案|投诉|举报")
_OPEN_END = re.compile(r"^\s*(?:[(][^)]*[)])?\s*等")
_SHARE = re.compile(r"[，,、]?\s*占[^，,;。]*%|[(][^)]*[)]")
_COMPARES = re.compile(r"\s*(?:上一?年|去年|前年|往年|\d{4}年|同期|同比|环比|预算|原|比|较)")
"""A bracket behind a number that opens with these sets another number against it: 648件（2021年为701件）."""
_HOLDS = frozenset({"含", "包含"})
_ADD = frozenset({"count", "money"})
_AVERAGE = re.compile(r"[人户日月年亩平]均|单价|每[人户亩月]")
"""Averages are no totals: neither part is below them."""
SEVERAL = 2
"""More items than this without any unit are still a list: 其中：1.机构概况5；2.动态60；3.其他2."""
_MARKER = re.compile(r"^\s*(?:[(]?[一二三四五六七八九十\d]{1,2}[)、.．])")
_SORTED_BY = re.compile(r"[按从]")
"""A second division by another criterion divides what the first did: the parts in between are no totals."""
_SORTED = re.compile(r"分为|区分|划分|按|从|共|计")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One list of parts. ``wholes`` are the totals it may be a list of, the nearest first."""

    line: int
    start: int
    trigger: str
    wholes: tuple[Quantity, ...]
    parts: tuple[Quantity, ...]
    closed: bool
    """Nothing says that the list goes on: no 等, no cut, no other list inside it."""
    last_word: bool
    """The sentence ends with the list."""
    shares: tuple[Quantity, ...] = ()
    """Percentages told right behind the parts."""
    farther: tuple[Quantity, ...] = ()
    """Counts earlier in the text, for a list that opens a sentence: its total may stand there too."""
    ahead: str = ""
    """Words of its sentence before the total: 网站、微博共发布2483条 counts once for each way."""

    @property
    def channels(self) -> tuple[Quantity, ...]:
        """Parts that are ways of publishing: one piece may go several ways. A request comes one way, money goes one."""
        if self.wholes[0].kind == "money" or ONE_WAY.search(self.wholes[0].label):
            return ()
        found = tuple(p for p in self.parts if CHANNEL.search(p.label))
        ways = {way[0] for p in found if (way := CHANNEL.search(p.label))}
        return () if len(ways) > 1 and all(way in self.ahead for way in ways) else found

    @property
    def complete(self) -> bool:
        """Nothing else belongs to the whole: a last part 其他, a division into, or shares that make 100 %."""
        said = bool(REST.search(self.parts[-1].label)) or bool(_SORTED.search(self.trigger))
        return self.closed and (said or self._make_a_hundred)

    @property
    def _make_a_hundred(self) -> bool:
        off = abs(sum((p.value for p in self.shares), Decimal(-100)))
        return len(self.shares) == len(self.parts) > 1 and off <= sum((p.half for p in self.shares), Decimal(0))


@dataclass(frozen=True, slots=True)
class Opening:
    """Words or a bracket that open a list, and where the list ends at the latest."""

    start: int
    end: int
    depth: int
    words: str
    stop: int
    nested: bool
    """Another list begins inside this one."""


def breakdowns(reading: Reading) -> tuple[Breakdown, ...]:
    """Every list of parts in the text. For ``Reading.once``."""
    return tuple(_all(reading))


def lists_of(reading: Reading) -> dict[tuple[int, int], list[Breakdown]]:
    """Line and start of a quantity → the lists it is a part of. For ``Reading.once``."""
    found: dict[tuple[int, int], list[Breakdown]] = {}
    for breakdown in reading.once(breakdowns):
        for part in breakdown.parts:
            found.setdefault((part.line, part.start), []).append(breakdown)
    return found


def _all(reading: Reading) -> Iterator[Breakdown]:
    for line, found in stating(reading, _COULD_OPEN):
        lists: list[Breakdown] = []
        for number, group in groupby(found, key=attrgetter("sentence")):
            sentence, own = line.sentences[number - line.first], tuple(group)
            for built in _of_sentence(reading, line, sentence, own):
                opens = all(w.sentence != number or w.line != line.index for w in built.wholes)
                lists.append(replace(built, farther=told_farther(reading, sentence)) if opens else _again(built, lists))
                yield lists[-1]


def _again(built: Breakdown, lists: Sequence[Breakdown]) -> Breakdown:
    """分别 after the parts of another list divides what that one divided: its parts are no totals."""
    if not built.trigger.startswith("分别"):
        return built
    owners = [next((b for b in lists if w in b.parts), None) for w in built.wholes]
    first = owners[0]
    return built if first is None or None in owners else replace(built, wholes=(*first.wholes, *built.wholes))


def _of_sentence(reading: Reading, line: Line, sentence: Sentence, own: Sequence[Quantity]) -> Iterator[Breakdown]:
    triggers = list(_triggers(sentence, own))
    for i, (start, end, depth, words) in enumerate(triggers):
        wholes = tuple(_wholes(reading, sentence, own, start, depth))
        wholes = wholes[:1] if words in {"(", ":"} and wholes and wholes[0].end == start else wholes
        if words in _HOLDS and wholes and line.text[wholes[0].end : start].strip("，,( 其中"):
            continue  # 收入含下拨38万元，支出含上解79万元: what holds it is not told
        first = next((t[0] for t in triggers[:i] if _SORTED_BY.match(t[3])), None) if _SORTED_BY.match(words) else None
        wholes = tuple(w for w in wholes if first is None or w.line != line.index or w.end <= first)
        bracket = _closing(line.text, end, sentence.end) if depth else sentence.end
        stop = next((t[0] for t in triggers[i + 1 :] if t[2] == depth and t[0] < bracket), bracket)
        after = next((t[3] for t in triggers[i + 1 :] if t[0] == stop), "")
        again = bool(_SORTED_BY.match(words) and _SORTED_BY.match(after))  # 按季度分…；按载体分…: side by side
        opening = Opening(start, end, depth, words, stop, nested=stop < bracket and not again)
        if wholes and (built := _build(line, sentence, own, opening, wholes)):
            yield built


def _triggers(sentence: Sentence, own: Sequence[Quantity]) -> Iterator[tuple[int, int, int, str]]:
    """Words that open a list, and a bracket or colon right behind a number: start, end, depth, words."""
    text, offset = sentence.text, sentence.start
    found = [(m.start(), m.end(), m[0]) for m in _TRIGGER.finditer(text) if not _of_percents(m, own, offset)]
    for q in own if "(" in text or ":" in text else ():
        after = text[q.end - offset : q.end - offset + 1]
        if after == ":" or (after == "(" and q.kind in _ADD and not _COMPARES.match(text, q.end - offset + 1)):
            found.append((q.end - offset, q.end - offset + 1, after))
    last, counted, depth = -1, 0, 0
    for start, end, words in sorted(found):
        if start < last + 4 and start >= last >= 0:
            continue  # 其中，包括 and (其中 are one opening
        depth += text.count("(", counted, end) - text.count(")", counted, end)
        last = counted = end
        yield offset + start, offset + end, depth, words


def _of_percents(trigger: re.Match[str], own: Sequence[Quantity], offset: int) -> bool:
    """同比分别下降15.6%、12.9%: what follows are no parts."""
    at = bisect_left(own, offset + trigger.end(), key=lambda q: q.start)
    kind = next((q.kind for q in own[at:] if q.unit), "count")
    return trigger[0].startswith("分别") and kind in {"percent", "points", "times"}


def _wholes(
    reading: Reading, sentence: Sentence, own: Sequence[Quantity], start: int, depth: int
) -> Iterator[Quantity]:
    """Counts before the opening in its sentence; for one that opens a sentence, those of the sentence before."""
    text = reading.lines[sentence.line].text
    at = bisect_right(own, start, key=lambda q: q.end)
    ahead = list(own[max(0, at - LOOK_BACK) : at])
    if not ahead and len(_MARKER.sub("", text[sentence.start : start]).strip()) <= 2:
        ahead = list(told_before(reading, sentence))
    bracketed = "(" in text[start - 1 : start + 1]
    outer = max(depth - 1 if bracketed else depth, 0)
    found = (q for q in reversed(ahead) if q.kind in _ADD and q.depth <= outer and q.unit)
    yield from (q for q in found if not _AVERAGE.search(q.label))


def _build(
    line: Line,
    sentence: Sentence,
    own: Sequence[Quantity],
    opening: Opening,
    wholes: tuple[Quantity, ...],
) -> Breakdown | None:
    depth, end, stop = opening.depth, opening.end, opening.stop
    items = own[bisect_left(own, end, key=lambda q: q.start) : bisect_left(own, stop, key=lambda q: q.start)]
    unit = next((q.unit for q in items if q.kind in _ADD and q.depth == depth and q.unit), "")
    unit = unit or (wholes[0].unit if sum(q.kind == "count" for q in items) > SEVERAL else "")
    parts, ran_on = items_of(line, items, unit, depth, end)
    same = tuple(w for w in wholes if w.unit == unit)
    if not parts or not same:
        return None
    if (shorter := _up_to_semicolon(line, sentence, opening, parts, same)) is not None:
        parts, ran_on = shorter
    last = parts[-1].end
    region = line.text[end : min(stop, last + 8)]
    cut_off = sentence.before_cut and line.text[sentence.end - 1] not in "。!?"
    listed = any(_OPEN_END.match(line.text[p.end : p.end + 12]) for p in parts)
    partial = opening.words in _HOLDS
    closed = not (ran_on or cut_off or listed or "…" in region or opening.nested or partial)
    behind = line.text[parts[-1].start - 1] in "，,、;"  # 11件已办结，8件申请人撤销: its name comes behind
    last_word = behind or not _SHARE.sub("", line.text[last:stop]).strip("，,;、) ”。\n")
    shares = tuple(_behind(items, parts))
    at = same[0]
    ahead = line.text[line.sentence_at(at.start).start : at.start] if at.line == line.index else ""
    return Breakdown(
        line.index, opening.start, opening.words, same, tuple(parts), closed, last_word, shares, ahead=ahead
    )


def _up_to_semicolon(
    line: Line, sentence: Sentence, opening: Opening, parts: list[Quantity], wholes: Sequence[Quantity]
) -> tuple[list[Quantity], bool] | None:
    """The parts before a ； behind which other things are told, and whether more may follow; None for no such."""
    if ";" not in line.text[parts[0].end : parts[-1].start]:
        return None
    largest = max(w.value for w in wholes)
    ahead = ";" in line.text[sentence.start : opening.start].rstrip("; ")
    for n in range(1, len(parts)):
        if ";" in line.text[parts[n - 1].end : parts[n].start]:
            if parts[n].value > largest or _makes(parts[:n], wholes):
                return parts[:n], False  # 其中来信121件；网上信访518件 of 386
            first = n > 1 and ";" not in line.text[parts[0].end : parts[n - 1].end]
            above = first and sum(p.value for p in parts) > largest  # 法官52人、助理38人；本科以上149人 of 156
            if (above or ahead) and not _makes(parts, wholes):
                return parts[:n], not above  # 小麦12吨；油料14吨，其中菜籽11吨；蔬菜49吨
    return None


def _makes(parts: Sequence[Quantity], wholes: Sequence[Quantity]) -> bool:
    """They add up to one of the wholes, within what the digits written allow."""
    total, slack = sum([p.value for p in parts]), sum([p.half for p in parts])
    return any(abs(total - w.value) <= slack + w.half for w in wholes)


def _behind(items: Sequence[Quantity], parts: Sequence[Quantity]) -> Iterator[Quantity]:
    """The percentage that follows each part before anything else is counted."""
    starts = {part.start for part in parts}
    for q, following in pairwise(items):
        if q.start in starts and following.kind == "percent" and not following.approximate:
            yield following


def _closing(text: str, start: int, end: int) -> int:
    """Where the bracket closes that is open at ``start``."""
    depth = 1
    for at in range(start, end):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at
    return end
