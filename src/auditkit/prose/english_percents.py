"""Percentages as English sentences tell them, each with its numbers: shares of a whole, and changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditkit.prose.quantities import Quantity, in_sentence
from auditkit.prose.reading import Reading, Sentence
from auditkit.prose.written import Kind

_N = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?![,.]?\d)"
_P = r"(?<![\d.,])\d+(?:\.\d+)?(?![,.]?\d)"
_PERCENT = r"(?:%|\s?per ?cent\b)"
_WORDS = r"(?:\s+(?!of\b|from\b|to\b)[A-Za-z-]+){0,6}?"
_DETERMINER = r"(?:the|its|all|these|those|our|their|a\s+total\s+of)?\s*"
_SHARES = (
    re.compile(
        rf"\b(?P<part>{_N}){_WORDS}\s+(?:out\s+)?of\s+{_DETERMINER}(?P<whole>{_N})\b{_WORDS},?\s*[(]?\s*(?:or\s+|i\.e\.,?\s+)?"
        rf"(?P<percent>{_P}){_PERCENT}"
    ),
    re.compile(
        rf"\b(?P<percent>{_P}){_PERCENT}(?:\s+of(?:\s+(?:the|all))?)?{_WORDS}\s*[(](?P<part>{_N}){_WORDS}"
        rf"\s+(?:out\s+)?of\s+{_DETERMINER}(?P<whole>{_N})\b"
    ),
    re.compile(
        rf"\b(?P<whole>{_N})\b{_WORDS},?\s+(?:and\s+)?(?:[a-z]+\s+){{0,2}}(?P<part>{_N})\s+of\s+(?:them|these|those|which|whom)"
        rf"\s*[,(]\s*(?:or\s+)?(?P<percent>{_P}){_PERCENT}"
    ),
    re.compile(
        rf"\b(?P<whole>{_N})\b{_WORDS},?\s+of\s+(?:which|whom|these|those)\s+(?P<part>{_N}){_WORDS}"
        rf"\s*[,(]\s*(?:or\s+)?(?P<percent>{_P}){_PERCENT}"
    ),
    re.compile(rf"\b(?P<percent>{_P}){_PERCENT}\s*[(](?P<part>{_N})[)]\s+of\s+{_DETERMINER}(?P<whole>{_N})\b"),
    re.compile(
        rf"\b(?P<whole>{_N})\b{_WORDS},\s+(?P<part>{_N})\s*[(](?P<percent>{_P}){_PERCENT}[)]\s+of\s+(?:them|which|these)\b"
    ),
    re.compile(
        rf"^(?:[^\d]|\b(?:19|20)\d\d\b)*?\b(?P<whole>{_N})\b[^\d.;]{{3,60}}?\band\s+(?P<part>{_N}){_WORDS}\s*[(](?P<percent>{_P}){_PERCENT}[)]"
        r"\s+(?:were|was|had|have|met)\b"
    ),
)
_GROUP = re.compile(rf"\b(?P<part>{_N}){_WORDS}\s*[(](?P<percent>{_P}){_PERCENT}\s*[)]")
OF_TOTAL = re.compile(
    rf"\b(?:[Oo]ut\s+of(?:\s+(?:the|its|all|these|those|our))?|(?:[Oo]f|[Aa]mong)\s+(?:the|its|all|these|those|our)|^\s*Of)\s+(?P<whole>{_N})\b"
)
_OF_THESE = re.compile(r"\s*(?:Out\s+)?[Oo]f\s+(?:these|those|them)\b")
_VAGUE = re.compile(
    r"(?:\babout|\baround|approximately|\bnearly|\balmost|\broughly|\bover|\bunder|\bsome|more than|less than"
    r"|fewer than|at least|\bup to|an estimated|~|>|<"
    r"|\b(?:chapters?|sections?|tables?|pages?|parts?|volumes?|figures?|phases?|steps?|items?|goals?|article|no\.?))\s*$",
    re.IGNORECASE,
)
_UP = r"up|increas\w*|r[io]se\w*|rising|gr[eo]w\w*|growth|higher|gain\w*|climb\w*|jump\w*"
_DOWN = r"down|decreas\w*|declin\w*|fall\w*|fell|drop\w*|lower|reduc\w*|shr[aiu]nk\w*"
_MORE, _LESS = "more|higher", "fewer|less|lower"
_MOVE = rf"(?P<move>{_UP}|{_DOWN})"
_SIGN = rf"(?P<sign>{_PERCENT}|\s+percentage\s+points?)"
_TO = r"(?:from|on|over|compared\s+(?:with|to))\s+(?:the\s+)?"
_YEAR = r"(?:FY\s?)?(?:19|20)\d\d(?:[-/]\d{2,4})?"
_IN_YEAR = rf"(?:\s+[A-Za-z]+){{0,7}}?(?:\s+{_YEAR})?"
_SCALE = r"(?:\s(?:thousand|million|billion)|(?:bn|m|k)\b)"
_FROM_TO = (
    rf"from\s+[$€£]?(?P<old>{_N}|{_P})(?P<oldsign>%?)(?P<oldscale>{_SCALE}?){_IN_YEAR}"
    rf"\s+to\s+[$€£]?(?P<new>{_N}|{_P})(?P<newsign>%?)(?P<newscale>{_SCALE}?)"
)
_WHICH_IS = r"\s*[,(;-]+\s*(?:(?:an?|or|which is|representing|that is|i\.e\.|overall|total)\s+)*"
_NEW, _OLD = (rf"\b(?P<{name}>{_N}|{_P})\b(?P<{name}sign>)(?P<{name}scale>{_SCALE}?)" for name in ("new", "old"))
_UP_FROM = rf"{_NEW}{_IN_YEAR}\s*[,-]\s+{_MOVE}\s+(?:by\s+)?(?P<percent>{_P}){_SIGN}\s+{_TO}{_OLD}(?!\s*%)"
_STEP_FROM = rf"{_NEW}{_IN_YEAR}\s*[,-]\s+an?\s+(?P<percent>{_P}){_SIGN}\s+{_MOVE}\s+{_TO}{_OLD}(?!\s*%)"
_NEW_P, _OLD_P = (rf"[$€£]?(?P<{name}>{_P})(?P<{name}sign>%?)(?P<{name}scale>{_SCALE}?)" for name in ("new", "old"))
_STEP_OF = rf"(?P<percent>{_N})(?!\s*%)(?P<sign>)"
_COMPARED = (
    rf"\b{_MOVE}\s+by\s+{_STEP_OF},?\s+{_FROM_TO}",
    rf"{_NEW}{_WORDS},\s+an?\s+{_MOVE}\s+of\s+{_STEP_OF}\s+{_TO}{_OLD}(?!\s*%)",
    rf"{_NEW}{_WORDS},?\s+compared\s+(?:to|with)\s+(?:the\s+)?{_OLD}{_IN_YEAR},\s+an?\s+{_MOVE}\s+of\s+(?P<percent>{_P}){_SIGN}",
    rf"\bto\s+{_NEW_P}\s+from\s+{_OLD_P}{_IN_YEAR}{_WHICH_IS}{_MOVE}\s+of\s+(?P<percent>{_P}){_SIGN}",
    rf"\b{_MOVE}\s+by\s+(?P<percent>{_P}){_SIGN}\s+to\s+[$€£]?{_NEW}{_WORDS}\s+from\s+[$€£]?{_OLD}(?!\s*%)",
    rf"{_NEW_P}\s+[(]{_YEAR}:\s*{_OLD_P}[)]{_WHICH_IS}{_MOVE}\s+of\s+(?P<percent>{_P}){_SIGN}",
    rf"{_NEW}{_IN_YEAR}\s+[(]{_OLD}\s+in\s+{_YEAR}[)]{_WHICH_IS}{_MOVE}\s+of\s+(?P<percent>{_P}){_SIGN}",
    rf"{_NEW}{_IN_YEAR},\s+(?P<percent>{_P}){_SIGN}\s+(?P<move>{_MORE}|{_LESS})\s+than\s+(?:in\s+)?{_YEAR}\s+[(]{_OLD}[)]",
)
"""Steps as counts, and the old number told behind the new one."""
_CHANGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_FROM_TO}{_IN_YEAR}{_WHICH_IS}{_MOVE}\s+(?:of\s+|by\s+)?(?P<percent>{_P}){_SIGN}",
        rf"\b{_MOVE}\s+(?:by\s+|of\s+)?(?P<percent>{_P}){_SIGN},?\s+{_FROM_TO}",
        rf"{_FROM_TO}{_IN_YEAR}{_WHICH_IS}(?P<percent>{_P}){_SIGN}\s+{_MOVE}",
        _UP_FROM,
        _STEP_FROM,
        *_COMPARED,
    )
)
_STEP = re.compile(rf"(?:{_UP}|{_DOWN})\s+(?:by|of)\s+\d", re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class Stated:
    """One share that a sentence states: the percentage and the two numbers it must follow from."""

    sentence: Sentence
    start: int
    end: int
    part: Quantity
    whole: Quantity
    percent: Quantity
    beside: tuple[Decimal, ...] = ()
    """Percentages of the same whole beside it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One change that a sentence states, with both its numbers."""

    sentence: Sentence
    start: int
    end: int
    old: Quantity
    new: Quantity
    said: Quantity
    up: bool

    @property
    def of_percentages(self) -> bool:
        return self.old.kind == "percent" or self.new.kind == "percent"


def stated(reading: Reading) -> tuple[Stated, ...]:
    """Every share with its whole. For ``Reading.once``."""
    return tuple(s for sentence in _with_percent(reading) for s in _shares(reading, sentence))


def moved(reading: Reading) -> tuple[Moved, ...]:
    """Every change told with both numbers, once, whichever way it is told. For ``Reading.once``."""
    return tuple(m for sentence in _with_percent(reading) for m in _moves(sentence))


def _with_percent(reading: Reading) -> Iterator[Sentence]:
    sentences = (s for line in reading.lines_with("%", "cent", _STEP) for s in line.sentences)
    return (s for s in sentences if "%" in s.text or "cent" in s.text or _STEP.search(s.text))


def _shares(reading: Reading, sentence: Sentence) -> Iterator[Stated]:
    taken: set[int] = set()
    text = sentence.text
    for pattern in _SHARES:
        for match in pattern.finditer(text):
            if match.start("percent") not in taken and not _vague(text, match, ("part", "whole", "percent")):
                taken.add(match.start("percent"))
                yield from _pair(sentence, match, _quantity(sentence, match, "whole"))
    total = OF_TOTAL.search(text)
    if total is not None:
        whole = None if _vague(text, total, ("whole",)) else _quantity(sentence, total, "whole")
    else:
        total = _OF_THESE.match(text)
        whole = only_count(reading, sentence.line, sentence.number - 1) if total else None
    if total is None or whole is None:
        return
    group = [m for m in _GROUP.finditer(text, total.end()) if m.start("percent") not in taken]
    group = [m for m in group if not _vague(text, m, ("part", "percent"))]
    for match in group:
        beside = tuple(Decimal(m["percent"]) for m in group if m is not match)
        yield from _pair(sentence, match, whole, beside)


def only_count(reading: Reading, line: int, number: int) -> Quantity | None:
    """What a sentence counts, if it states one number and no other."""
    found = in_sentence(reading, line, number)
    one = found[0] if len(found) == 1 else None
    return one if one is not None and one.kind == "count" and not (one.depth or one.approximate) else None


def _pair(
    sentence: Sentence, match: re.Match[str], whole: Quantity, beside: tuple[Decimal, ...] = ()
) -> Iterator[Stated]:
    part = _quantity(sentence, match, "part")
    if whole.value >= part.value and whole.value > 0:
        percent = _quantity(sentence, match, "percent", "%")
        start, end = (sentence.start + at for at in match.span())
        yield Stated(sentence, start, end, part, whole, percent, beside)


def _moves(sentence: Sentence) -> Iterator[Moved]:
    taken: set[int] = set()
    for pattern in _CHANGES:
        for match in pattern.finditer(sentence.text):
            if match.start("percent") not in taken and not _vague(sentence.text, match, ("old", "new", "percent")):
                taken.add(match.start("percent"))
                start, end = (sentence.start + at for at in match.span())
                old = _quantity(sentence, match, "old", match["oldsign"])
                new = _quantity(sentence, match, "new", match["newsign"])
                scales = {match.groupdict().get(g) or "" for g in ("oldscale", "newscale")}
                if _is_year(old) or len(scales) > 1:
                    continue  # up 20% from 2022; from 900 thousand to 1.2 million
                sign = match["sign"] and ("points" if "point" in match["sign"] else "%")
                said = _quantity(sentence, match, "percent", sign)
                up = re.fullmatch(f"{_UP}|{_MORE}", match["move"], re.IGNORECASE) is not None
                yield Moved(sentence, start, end, old, new, said, up)


def _is_year(quantity: Quantity) -> bool:
    return quantity.kind == "count" and quantity.text.isdecimal() and FIRST_YEAR <= quantity.value <= LAST_YEAR


def _vague(text: str, match: re.Match[str], groups: Sequence[str]) -> bool:
    return any(_VAGUE.search(text[max(0, match.start(g) - 16) : match.start(g)]) for g in groups)


def _quantity(sentence: Sentence, match: re.Match[str], group: str, sign: str = "") -> Quantity:
    """A number that a pattern has found, with the sign that was read behind it."""
    value = Decimal(match[group].replace(",", ""))
    exponent = value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    kind: Kind = "percent" if sign == "%" else "points" if sign else "count"
    start, end = (sentence.start + at for at in match.span(group))
    unit = "%" if sign == "%" else ""
    return Quantity(
        start,
        end,
        match[group] + unit,
        value,
        step,
        unit,
        kind,
        approximate=False,
        label="",
        sentence=sentence.number,
        line=sentence.line,
        half=step / 2 if sign or "." in match[group] else Decimal(0),
    )
