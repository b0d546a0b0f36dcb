"""Wording: words doubled by a slip, units that do not go with what is counted, another body's name for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.quantities import stating, term
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark

_OWN = re.compile(
    r"(?P<unit>[\u4e00-\u9fff]{2,20}?(?:镇|乡|街道))(?:人民政府|办事处)?\s*\d{4}\s*年|\d{4}年(?:度)?(?P<unit2>[\u4e00-\u9fff]{2,20}?(?:镇|乡|街道))"
)
_NOT_DOUBLED = re.compile(r"[目有]的的|的的[确士]|公开公开(?:[栏板墙目平条指专]|信息栏)|工作工作[组群站]|情况情况[表]")
_NONE_OF_NONE = re.compile(r"(?:未|没有)(?:收到|受理|接到|发生|产生)[^，,;。…\d]{0,30}(?<!\d)0\s*[件次起条宗例]")
_ASKED = r"[^，,。;]{0,16}(?:提出|提交|递交|申请)"
_BODY = re.compile(r"(?:人民政府|办事处)$")
FEWEST, MOST = 4, 10
"""Signs that are never said twice in a row, whatever they are."""
FIRST_SIGN = 0x4E00
HEAD = 4
"""Lines in which a report names its own body."""


def doubled(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """``words``: any key → words that are never said twice in a row; nothing of four signs or more ever is."""
    words = "|".join(re.escape(w) for group in rule.words.values() for w in group)
    pattern = re.compile(rf"({words}|[\u4e00-\u9fff]{{{FEWEST},{MOST}}})\1")
    could = {line.index for line in reading.lines_with(re.compile(rf"({words})\1"))} | _twice(reading)
    for line in map(reading.lines.__getitem__, sorted(could)):
        for match in pattern.finditer(line.text):
            if _NOT_DOUBLED.search(line.text[max(0, match.start() - 1) : match.end() + 2]):
                continue
            said = Text(f"“{match[0]}”重复", f"“{match[0]}” is doubled")
            found = Term(Text("重复", "doubled"), match[0], reading.place(line.index, *match.span()))
            yield Remark(line.index, *match.span(), match[1], said, (found,))


def _twice(reading: Reading) -> set[int]:
    """Lines in which some signs stand twice in a row, looked for in the whole text at once."""
    signs = np.frombuffer(reading.text.encode("utf-32-le", "surrogatepass"), "<u4")
    found: set[int] = set()
    for length in range(FEWEST, MOST + 1):
        again = np.flatnonzero((signs[length:] == signs[:-length]) & (signs[length:] >= FIRST_SIGN))
        starts = again[: max(0, len(again) - length + 1)]
        runs = starts[again[length - 1 :] - starts == length - 1]
        found.update((np.unique(np.searchsorted(reading.starts, runs, side="right")) - 1).tolist())
    return found


def none_of_none(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """未收到申请0件: none of none, which read strictly is some."""
    for line in reading.lines_with("未", "没有"):
        for match in _NONE_OF_NONE.finditer(line.text) if "0" in line.text else ():
            said = Text(f"“{match[0]}”是双重否定", f"{match[0]!r} denies a zero")
            found = Term(Text("双重否定", "denied zero"), match[0], reading.place(line.index, *match.span()))
            yield Remark(line.index, *match.span(), "双重否定", said, (found,))


def unit(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """``words``: what is counted → units that do not go with it."""
    for noun, units in rule.words.items():
        received = re.compile(rf"(?:收到|受理|接到|接收)[^，,;。\d]{{0,30}}{re.escape(noun)}[^，,;。\d]{{0,6}}$")
        for line, own in stating(reading, noun):
            for q in own:
                if q.kind == "count" and q.value > 0 and received.search(line.text[: q.start]):
                    said = Text(f"{q.text}：{noun}应以“件”计", f"{q.text}: {noun} are counted in 件")
                    yield (
                        Remark(line.index, q.start, q.end, noun, said, (term(reading, q),)) if q.unit in units else None
                    )


def self_name(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """``words``: how a body's name ends → names such a body calls itself by; a report uses those of one body."""
    bodies = {name: ending for ending, names in rule.words.items() for name in names}
    pattern = re.compile("|".join(map(re.escape, bodies)))
    found = [(line, m) for line in reading.lines_with(pattern) for m in pattern.finditer(line.text)]
    counts = {ending: sum(bodies[m[0]] == ending for _, m in found) for ending in rule.words}
    used = [ending for ending in counts if counts[ending]]
    if not used:
        return
    own = _BODY.sub("", reading.unit or _own_name(reading))
    known = next((ending for ending in rule.words if own.endswith(ending)), "")
    usual = known or max(used, key=lambda ending: counts[ending])
    others = [(line, m) for line, m in found if bodies[m[0]] != usual]
    if not others or (not known and counts[usual] < 2 * len(others)):
        yield None
        return
    line, match = others[0]
    name = rule.words[usual][0]
    said = Text(f"本单位应自称“{name}”，此处写“{match[0]}”", f"the body calls itself {name}, here {match[0]}")
    stated = Term(Text("自称", "self"), match[0], reading.place(line.index, *match.span()))
    yield Remark(line.index, *match.span(), match[0], said, (stated,))


def addressee(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """Requests addressed to another body. ``words``: how a body's name ends → whom its requests do not go to."""
    own = reading.unit or _own_name(reading)
    for ending, others in rule.words.items():
        if not re.search(rf"{re.escape(ending)}(?:人民政府|办事处)?$", own):
            continue
        pattern = re.compile(rf"(?:{'|'.join(map(re.escape, others))})(?={_ASKED})")
        for line in reading.lines_with(pattern):
            for match in pattern.finditer(line.text):
                said = Text(f"{own}的报告写“{match[0]}”", f"the report of {own} says {match[0]}")
                stated = Term(Text("受理机关", "addressee"), match[0], reading.place(line.index, *match.span()))
                yield Remark(line.index, *match.span(), match[0], said, (stated,))


def _own_name(reading: Reading) -> str:
    for line in reading.lines[:HEAD]:
        if (match := _OWN.search(line.text)) is not None:
            return match["unit"] or match["unit2"]
    return ""
