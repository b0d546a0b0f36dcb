"""Facts stated in words: finders look through titles, captions, file names and prose.

A pattern is literal text with named holes, ``其中自然人{n:count}件，占{p:percent}``; white space in the text is of no
account, full-width forms are folded. What is not found is *not stated*, never zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from auditkit.model.document import Place, State
from auditkit.model.filled import Words
from auditkit.model.rule import Finder
from auditkit.numerals import Written, chinese_numeral, parse

_HOLE = re.compile(r"\{([a-z_]+):(count|number|percent|year|text)\}")
_NUMBER = r"[-−－+＋]?[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?"
_HOLES = {
    "count": rf"{_NUMBER}\s*[万亿千]?|[零一二两三四五六七八九十百千万]+",
    "number": rf"{_NUMBER}\s*[万亿千]?",
    "percent": rf"{_NUMBER}\s*[%％]",
    "year": r"(?:19|20|１９|２０)[0-9０-９]{2}|二[〇○零][〇○零一二三四五六七八九]{2}",
    "text": r"[^，。；、\s]+?",
}
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(rf"(?<![0-9０-９])(?:{_HOLES['year']})(?![0-9０-９])")


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
    found: dict[str, list[Stated]] = {finder.name: [] for finder in finders}
    for finder in finders:
        for one in words:
            if finder.where and one.role not in finder.where:
                continue
            found[finder.name].extend(_stated(finder, one))
            if found[finder.name] and not finder.every:
                del found[finder.name][1:]
                break
    return found


def _stated(finder: Finder, words: Words) -> list[Stated]:
    statements = []
    for match in _compiled(finder.patterns).finditer(words.text):
        groups = {name.partition("__")[0]: name for name, text in match.groupdict().items() if text is not None}
        values = {hole: _written(finder.holes[hole], match[name]) for hole, name in groups.items()}
        spans = {hole: match.span(name) for hole, name in groups.items()}
        statements.append(Stated(finder.name, values, words.place, words.role, words.text, spans))
    return statements


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """All patterns of a finder as one expression; the first that fits at a place is taken."""
    return re.compile("|".join(_expression(pattern, n) for n, pattern in enumerate(patterns)))


def _expression(pattern: str, n: int) -> str:
    pieces: list[str] = []
    at = 0
    for hole in _HOLE.finditer(pattern):
        pieces.extend((_literal(pattern[at : hole.start()]), rf"\s*(?P<{hole[1]}__{n}>{_HOLES[hole[2]]})\s*"))
        at = hole.end()
    pieces.append(_literal(pattern[at:]))
    return "".join(pieces)


def _literal(text: str) -> str:
    return r"\s*".join(re.escape(character) for character in text if not character.isspace())


def _written(kind: str, text: str) -> Written:
    if kind == "year":
        year = year_of(text)
        assert year is not None
        return Written(text, Decimal(year), State.NUMBER, Decimal(1), "")
    if kind == "text":
        return Written(text, None, State.TEXT, Decimal(1), "")
    number = chinese_numeral(text)
    return parse(text) if number is None else Written(text, Decimal(number), State.NUMBER, Decimal(1), "")


def years_in(text: str) -> list[int]:
    """Years named in a text, in order: four digits that stand alone, or 二〇二四."""
    return [year for match in _YEAR.finditer(text) if (year := year_of(match[0])) is not None]


def year_of(text: str) -> int | None:
    """The year a token names: ``2024``, ``２０２４`` or ``二〇二四``."""
    digits = text.translate(_DIGITS)
    return int(digits) if digits.isdigit() and len(digits) == 4 else None
