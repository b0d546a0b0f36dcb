"""Patterns: the literal text with holes an author writes, made into one expression, and the text it is read in.

``{n:count}`` is a hole, ``{收到|受理}`` a choice of words, ``…`` a few words of the same clause without figures, and a
comma at the head or the end the border of a clause. Width, white space and traditional characters are of no account.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from auditkit.traditional import SIMPLIFIED

_TOKEN = re.compile(r"\{(?P<hole>[a-z_]+):(?P<kind>[^{}:|]+)\}|\{(?P<choice>[^{}]*)\}|(?P<gap>…+)|(?P<plain>[^{…]+|\{)")
_NUMBER = r"(?<![0-9.])[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_COIN = r"(?:[十百千]?万|[百千亿])?元"
_YEAR = r"(?:19|20)[0-9]{2}"
_HOLES = {
    "count": rf"{_NUMBER}[万亿千]?|[零一二两三四五六七八九十百千万]+",
    "number": rf"{_NUMBER}[万亿千]?",
    "money": _NUMBER,
    "percent": rf"{_NUMBER}%",
    "year": rf"{_YEAR}|二[〇○零][〇○零一二三四五六七八九]{{2}}",
    "last_year": rf"(?<![0-9]){_YEAR}",
    "next_year": rf"(?<![0-9]){_YEAR}",
    "none": r"(?:尚未|并未|从未|暂未|未|暂无|没有|没|不存在|无)(?:再|曾)?"
    r"(?:收到|接到|接收到?|受理|办理|发生|产生|出现|引发|引起|涉及|制定|制发|印发|出台|废止|存在|有)?",
    "text": r"[^,。;、\s]+?",
}
MONEY = ("元", "万元", "亿元")
"""Kinds of holes that are an amount in this unit, in whatever unit it is written."""
_HEAD = r"(?<![^,;。:()!?…、.①-⑳])(?:(?<![、.])|(?<=[0-9%件宗例起份项条)]、)|(?<=[0-9]\.))"
"""First whether the character before may end a clause at all, which is no for most places."""
_END = r"(?=[,;。:()!?、…]|\.(?![0-9])|$)"
_GAP = r"[^,。;:!?()0-9]{0,20}?"

_FOLD = {c: unicodedata.normalize("NFKC", chr(c)) for c in (*range(0xFF01, 0xFF5F), *range(0x2F00, 0x2FD6))}
_FOLD |= {ord("﹐"): ",", ord("−"): "-", ord("覆"): "复", **SIMPLIFIED}
_SPACE = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is searched: half width, simplified, without white space but between digits."""

    text: str
    at: Sequence[int] | None
    """Where each character stands in the original text; None when nothing was left out."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A span of the searched text as a span of the original."""
        return (start, end) if self.at is None else (self.at[start], self.at[end - 1] + 1)


def fold(text: str) -> Folded:
    """Fold width and characters and drop white space, keeping count of where everything stood."""
    wide = text.translate(_FOLD)
    if not _SPACE.search(wide):
        return Folded(wide, None)
    kept: list[int] = []
    done = 0
    for space in _SPACE.finditer(wide):
        start, end = space.span()
        kept.extend(range(done, start))
        if start and end < len(wide) and wide[start - 1].isdecimal() and wide[end].isdecimal():
            kept.append(start)
        done = end
    kept.extend(range(done, len(wide)))
    return Folded(_SPACE.sub(" ", "".join(wide[i] for i in kept)), kept)


@dataclass(frozen=True, slots=True)
class Expression:
    """All patterns of a finder as one expression; the first that fits at a place is taken."""

    regex: re.Pattern[str]
    holes: Mapping[str, tuple[str, str]]
    """Group of the expression → hole and kind."""


@cache
def expression(patterns: tuple[str, ...]) -> Expression:
    """Compile the patterns of one finder; twins by width are one."""
    holes: dict[str, tuple[str, str]] = {}
    distinct = dict.fromkeys(fold(pattern).text for pattern in patterns)
    pieces = [_one(pattern, n, holes) for n, pattern in enumerate(distinct)]
    return Expression(re.compile("|".join(pieces)), holes)


@cache
def keys(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Words one of which stands in every text that fits: a cheap first test, and no expression is made in vain."""
    found = dict.fromkeys(key for pattern in patterns for key in _keys(fold(pattern).text))
    return tuple(key for key in found if not any(other != key and other in key for other in found))


def _keys(pattern: str) -> list[str]:
    """Of the pieces every fitting text has, the one with fewest words, none of them a single character if possible."""
    tokens = list(_TOKEN.finditer(pattern.strip(",")))
    offers = [[token["plain"]] for token in tokens if token["plain"]]
    offers += [token["choice"].split("|") for token in tokens if token["choice"]]
    return max(filter(all, offers), key=_telling, default=[""])


def _telling(words: Sequence[str]) -> tuple[bool, int, int]:
    shortest = min(map(len, words))
    return shortest > 1, -len(words), shortest


def _one(pattern: str, n: int, holes: dict[str, tuple[str, str]]) -> str:
    inner = pattern[pattern.startswith(",") : len(pattern) - pattern.endswith(",")]
    made = [_HEAD] if pattern.startswith(",") else []
    for token in _TOKEN.finditer(inner):
        if token["hole"] is not None:
            group = f"{token['hole']}__{n}"
            holes[group] = (token["hole"], token["kind"])
            made.append(f"(?P<{group}>{_HOLES['money' if token['kind'] in MONEY else token['kind']]})")
            made.append(_COIN if token["kind"] in MONEY else "")
        elif token["choice"] is not None:
            made.append(_choice(token["choice"].split("|")))
        else:
            made.append(_GAP if token["gap"] else re.escape(token["plain"]))
    return "".join(made) + (_END if pattern.endswith(",") else "")


def coin(match: re.Match[str], kind: str, end: int) -> str:
    """The unit behind an amount of money; empty behind anything else."""
    found = _UNIT.match(match.string, end) if kind in MONEY else None
    return found[0] if found else ""


_UNIT = re.compile(_COIN)


def _choice(words: Sequence[str]) -> str:
    """Any of the words, the longest that fits first, so that 下年度 is not read as 下年."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(dict.fromkeys(words), key=len, reverse=True))})"
