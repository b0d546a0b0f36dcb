"""The numbers Word shows in front of list paragraphs: they are counted, not written, and offices number headings so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditkit.readers.xmltree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographDigital",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int
    kind: str
    pattern: str
    """``%1、`` with the level's own number at its place."""
    gap: str


@dataclass
class Numbers:
    """Lists of one document and how far each has counted."""

    lists: Mapping[str, str]
    """Number id → abstract list, which several ids may share and count on."""
    levels: Mapping[str, Mapping[int, Level]]
    restarts: Mapping[tuple[str, int], int]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    def next(self, number: str, level: int) -> str:
        """The label of the next paragraph of this list and level; empty for bullets and unknown lists."""
        abstract = self.lists.get(number, "")
        levels = self.levels.get(abstract, {})
        own = levels.get(level)
        if own is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        restart = self.restarts.get((number, level))
        if restart is not None and (number, level) not in self._started:
            self._started.add((number, level))
            counts[level] = restart
        else:
            counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [deep for deep in counts if deep > level]:
            del counts[deeper]
        return "" if own.kind == "bullet" else _label(own, levels, counts)


def _label(own: Level, levels: Mapping[int, Level], counts: Mapping[int, int]) -> str:
    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        level = levels.get(at, own)
        return written(counts.get(at, level.start), level.kind)

    label = _PLACE.sub(number, own.pattern)
    return label + own.gap if label else ""


def numbers_of(root: Element | None) -> Numbers:
    """The lists that ``numbering.xml`` declares."""
    if root is None:
        return Numbers({}, {}, {})
    levels = {
        abstract.get(f"{W}abstractNumId", ""): {
            int(level.get(f"{W}ilvl", "0")): _level(level) for level in abstract.iterchildren(f"{W}lvl")
        }
        for abstract in root.iterchildren(f"{W}abstractNum")
    }
    lists: dict[str, str] = {}
    restarts: dict[tuple[str, int], int] = {}
    for number in root.iterchildren(f"{W}num"):
        name = number.get(f"{W}numId", "")
        lists[name] = _value(number, "abstractNumId")
        for override in number.iterchildren(f"{W}lvlOverride"):
            if start := _value(override, "startOverride"):
                restarts[name, int(override.get(f"{W}ilvl", "0"))] = int(start)
    return Numbers(lists, levels, restarts)


def _level(level: Element) -> Level:
    gap = {"nothing": "", "space": " "}.get(_value(level, "suff"), "")
    return Level(int(_value(level, "start") or "0"), _value(level, "numFmt"), _value(level, "lvlText"), gap)


def _value(element: Element, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else found.get(f"{W}val", "")


def written(number: int, kind: str) -> str:
    """A count in one of Word's number formats; decimal where the format is rare."""
    if kind in _CHINESE:
        return _chinese(number)
    if kind in {"upperLetter", "lowerLetter"} and number > 0:
        letters = chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if kind == "upperLetter" else letters.lower()
    if kind in {"upperRoman", "lowerRoman"} and 0 < number < 400:
        return _roman(number).upper() if kind == "upperRoman" else _roman(number)
    if kind.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x245F + number)
    return "" if kind == "none" else f"{number:02}" if kind == "decimalZero" else str(number)


def _chinese(number: int) -> str:
    """一 … 九十九; beyond, no office numbers."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return ("" if not tens else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
