"""Facts stated in words: finders look through titles, captions, file names and prose.

What is not found is *not stated*, never zero. A number is one quantity: it belongs to the first fact that claims it.
Figures that are only about right (约、余、左右) and figures of other years (上年、2023年) are not statements.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache

from auditkit.chinese import chinese_numeral
from auditkit.edits.patterns import MONEY, Expression, Folded, coin, expression, fold, keys
from auditkit.model.document import Place, State
from auditkit.model.filled import Words
from auditkit.model.rule import Finder
from auditkit.numerals import Written, parse
from auditkit.units import shift, shifted

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(
    r"(?<![0-9０-９])(?:(?:19|20|１９|２０)[0-9０-９]{2}|二[〇○零][〇○零一二三四五六七八九]{2})(?![0-9０-９])"
)
_NAMED = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_COUNTED = ("count", "number", "percent", *MONEY)
_BESIDE = {"last_year": -1, "next_year": 1}
"""Kinds of years that must stand next to the report's own."""

_NEARLY = ("约", "近", "逾", "超", "超过", "超出", "不足", "不到", "至少", "最多", "接近", "突破")
_SOME = (*_NEARLY, "上", "数", "几")
"""上百、数十、几十: only before Chinese numerals."""
_IF = ("如", "若", "凡", "对", "有", "是否")
"""如未收到…: nothing is said of this year."""
_ABOUT = re.compile(r"[余多几]|以上|以下|以内|左右|上下|不等")
_ITEM = re.compile(r"\.(?=[\u4e00-\u9fff])")
"""1.属于国家秘密 numbers an item, also where the line break before it was lost."""
_BORDER = re.compile(r"[,;。:()!?、.]")
_STOP = re.compile(r"[。!?]+")
_TITLED = re.compile(r"《[^》]*》")
_SAID_YEAR = re.compile(
    r"(?P<compared>比|较|与|同|和|跟)?(?:(?P<year>(?:19|20)[0-9]{2})年|上一?年|去年|前年|往年|历年)度?"
    r"(?P<carried>结转|转结|遗留|结余)?"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement a finder found."""

    finder: str
    values: dict[str, Written]
    place: Place
    role: str
    quote: str
    spans: dict[str, tuple[int, int]]


def find_facts(finders: Sequence[Finder], words: Sequence[Words]) -> dict[str, list[Stated]]:
    """All statements, by finder; only the first of each unless the finder wants every one."""
    found = Lookout(finders).find(words)
    return {finder.name: found.get(finder.name, []) for finder in finders}


class Lookout:
    """The finders of a rulebook, and what they know of the captions and labels that every submission has."""

    def __init__(self, finders: Sequence[Finder]) -> None:
        self._finders = finders
        self._keys: dict[str, dict[str, list[int]]] = {}
        self._known: dict[tuple[str, str], list[int]] = {}

    def find(self, words: Sequence[Words]) -> dict[str, list[Stated]]:
        """What was stated, by finder in their order: all of it, or the first for finders that want no more."""
        report = _Report(words)
        texts = self._in_prose([n for n, one in enumerate(words) if one.role == "prose"], words)
        for n, one in enumerate(words):
            if one.role != "prose":
                for looking in self._fitting(one):
                    texts.setdefault(looking, []).append(n)
        found: dict[str, list[Stated]] = {}
        for looking in sorted(texts):
            finder = self._finders[looking]
            stated = list(report.statements(finder, sorted(set(texts[looking]))))
            if stated:
                found[finder.name] = stated if finder.every else stated[:1]
        return found

    def _in_prose(self, numbers: Sequence[int], words: Sequence[Words]) -> dict[int, list[int]]:
        """Finder → texts that hold one of its keys, all looked through as one."""
        texts: dict[int, list[int]] = {}
        if numbers:
            page = _Page(numbers, fold(_BREAK.join(words[n].text for n in numbers)).text)
            for key, looking in self._looking("prose").items():
                if holding := page.holding(key):
                    for finder in looking:
                        texts.setdefault(finder, []).extend(holding)
        return texts

    def _fitting(self, one: Words) -> list[int]:
        """Finders that look at such a text, and whose patterns fit somewhere in it."""
        known = self._known.get((one.role, one.text))
        if known is None:
            folded = fold(one.text).text
            asked = self._looking(one.role)
            looking = {finder for key, finders in asked.items() if key in folded for finder in finders}
            known = [n for n in sorted(looking) if expression(self._finders[n].patterns).regex.search(folded)]
            self._known[one.role, one.text] = known
        return known

    def _looking(self, role: str) -> dict[str, list[int]]:
        """Key → finders that look at texts of a role."""
        if role not in self._keys:
            found = self._keys.setdefault(role, {})
            for n, finder in enumerate(self._finders):
                for key in keys(finder.patterns) if not finder.where or role in finder.where else ():
                    found.setdefault(key, []).append(n)
        return self._keys[role]


class _Report:
    """The words of one submission, and the numbers that facts have claimed so far."""

    def __init__(self, words: Sequence[Words]) -> None:
        self.words = words
        self.claimed: set[tuple[int, int]] = set()
        self.folded: dict[int, Folded] = {}

    @cached_property
    def year(self) -> int | None:
        """The year the words name most often: the report's own."""
        text = fold(_BREAK.join(one.text for one in self.words)).text
        named = Counter(int(year) for year in _NAMED.findall(text))
        return named.most_common(1)[0][0] if named else None

    def statements(self, finder: Finder, texts: Sequence[int]) -> Iterator[Stated]:
        """What a finder finds in these texts."""
        for n in texts:
            yield from self._in_one(finder, expression(finder.patterns), n)

    def _in_one(self, finder: Finder, compiled: Expression, n: int) -> Iterator[Stated]:
        one, folded = self.words[n], self.folded.get(n)
        if folded is None:
            folded = self.folded[n] = fold(one.text)
        for match in compiled.regex.finditer(folded.text):
            groups = [(*compiled.holes[g], *match.span(g)) for g, text in match.groupdict().items() if text]
            if not (_fits(finder, match) and self._this_year(match, groups) and _exact(match, groups)):
                continue
            spans = {hole: folded.original(start, end) for hole, _, start, end in groups}
            values = {
                hole: _written(kind, one.text[slice(*spans[hole])], coin(match, kind, end))
                for hole, kind, _, end in groups
            }
            counted = {(n, start) for _, kind, start, _ in groups if kind in _COUNTED}
            unread = any(kind in _COUNTED and values[hole].number is None for hole, kind, _, _ in groups)
            if unread or (counted and counted <= self.claimed):
                continue
            self.claimed |= counted
            place = one.place._replace(sentence=_number(match)) if one.place.paragraph else one.place
            yield Stated(finder.name, values, place, one.role, one.text, spans)

    def _this_year(self, match: re.Match[str], groups: Sequence[Group]) -> bool:
        """The sentence does not speak of another year, and a year said to be the next or the last one is."""
        for _, kind, start, end in groups:
            if kind in _BESIDE and (self.year is None or int(match.string[start:end]) != self.year + _BESIDE[kind]):
                return False
        if all(kind in {"year", "text"} for _, kind, _, _ in groups):
            return True
        before = _TITLED.sub("", match.string[_sentence(match, "。!?") : match.start()])
        said = [year for year in _SAID_YEAR.finditer(before) if not year["carried"]]
        while said and said[-1]["compared"] and _BORDER.search(before, said[-1].end()):
            said.pop()  # 较上年增长一成，收到…: the clause of the comparison is over
        return not said or (said[-1]["year"] is not None and self.year in {None, int(said[-1]["year"])})


class _Page:
    """All texts a finder looks at as one, so that a word is searched once and not once in each of them."""

    def __init__(self, numbers: Sequence[int], text: str) -> None:
        self.numbers = numbers
        self.text = text

    @cached_property
    def starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer(_BREAK, self.text))]

    def holding(self, word: str) -> list[int]:
        """Numbers of the texts that hold the word, in order."""
        return [self.numbers[text] for text in self._texts(word)] if word in self.text else []

    def _texts(self, word: str) -> Iterator[int]:
        at = self.text.find(word)
        while at >= 0:
            text = bisect(self.starts, at) - 1
            yield text
            at = self.text.find(word, self.starts[text + 1]) if text + 1 < len(self.starts) else -1


AROUND = 1000
"""Characters before a statement in which words are looked for: a paragraph, and no more of one that has no end."""

_BREAK = "\uffff"
"""Stands between texts: no character, so no file can hold it."""

Group = tuple[str, str, int, int]
"""Hole, kind, and where it stands in the folded text."""


def _fits(finder: Finder, match: re.Match[str]) -> bool:
    """The words around the match are those the author asks for."""
    text = match.string
    if finder.within and not _any(finder.within, text[max(0, match.start() - AROUND) : match.end()]):
        return False
    if not (finder.after or finder.not_after):
        return True
    sentence = _sentence(match, "。;!?")
    if finder.after and not _any(finder.after, text[sentence : match.end()]):
        return False
    return not _any(finder.not_after, text[sentence : match.start()])


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in _searched(words))


@cache
def _searched(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(word).text for word in words)


def _sentence(match: re.Match[str], marks: str) -> int:
    """Where the sentence of a match begins."""
    earliest = max(0, match.start() - AROUND)
    return max(earliest, *(match.string.rfind(mark, earliest, match.start()) + 1 for mark in marks))


def _number(match: re.Match[str]) -> int:
    """Number of the match's sentence in its paragraph, from 1."""
    return 1 + sum(1 for _ in _STOP.finditer(match.string, 0, match.start()))


def _exact(match: re.Match[str], groups: Sequence[Group]) -> bool:
    """No figure is only about right, and 一 is a number: 一件 at the end of a clause is, 一件一议 is not."""
    text = match.string
    for _, kind, start, end in groups:
        if kind == "none" and text.endswith(_IF, 0, start):
            return False
        if kind not in _COUNTED:
            continue
        if _ITEM.match(text, end):
            return False
        chinese = not any(c.isascii() and c.isdigit() for c in text[start:end])
        if text.endswith(_SOME if chinese else _NEARLY, 0, start) or _ABOUT.match(text, match.end()):
            return False
        open_ = match.end() < len(text) and not _BORDER.match(text, match.end())
        if chinese and open_ and match.end() - end <= LONGEST_UNIT:
            return False
    return True


LONGEST_UNIT = 2
REMEMBERED = 1 << 12
"""Texts whose years are remembered: captions and notes that every submission has."""


def _written(kind: str, text: str, unit: str) -> Written:
    """What a hole says; an amount of money in the hole's unit."""
    if kind in MONEY:
        return _amount(parse(text), unit, kind)
    if kind in {"year", *_BESIDE}:
        year = year_of(text)
        assert year is not None
        return Written(text, Decimal(year), State.NUMBER, Decimal(1), "")
    if kind == "none":
        return Written(text, Decimal(0), State.NUMBER, Decimal(1), "")
    if kind == "text":
        return Written(text, None, State.TEXT, Decimal(1), "")
    number = chinese_numeral(text)
    return parse(text) if number is None else Written(text, Decimal(number), State.NUMBER, Decimal(1), "")


def _amount(written: Written, unit: str, wanted: str) -> Written:
    power = shift(unit, wanted)
    if written.number is None:
        return written
    text = written.text if unit == wanted else f"{written.text}{unit}"
    return Written(text, shifted(written.number, power), written.state, written.step.scaleb(power), wanted)


@lru_cache(REMEMBERED)
def years_in(text: str) -> tuple[int, ...]:
    """Years named in a text, in order: four digits that stand alone, or 二〇二四."""
    return tuple(year for match in _YEAR.finditer(text) if (year := year_of(match[0])) is not None)


def year_of(text: str) -> int | None:
    """The year a token names: ``2024``, ``２０２４`` or ``二〇二四``."""
    digits = text.translate(_DIGITS)
    return int(digits) if digits.isdigit() and len(digits) == 4 else None
