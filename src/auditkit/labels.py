"""Labels: what makes two printed labels the same words, whatever their spaces, width, numbering and brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from auditkit.traditional import SIMPLIFIED

_APART = re.compile("([¹²³¼½¾⁰-₟⅐-⅟①-⑳Ⓐ-⓿㉈-㉟㊀-㊿]+)")
"""Compatibility would turn ① into 1 and ² into 2: these stay what they are."""
_INVISIBLE = (
    0xAD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0xFE00, 0xFE10),
    0xFEFF,
)
_SAME = str.maketrans(
    {
        **SIMPLIFIED,
        **dict.fromkeys(_INVISIBLE, ""),
        **dict.fromkeys("“”„‟«»「」『』‘’‚‛'`´′″〝〞", '"'),
        **dict.fromkeys("‐‑‒–—―−─━﹘", "-"),
        **dict.fromkeys("〜∼∽", "~"),
        **dict.fromkeys("•∙⋅・‧", "·"),
        **dict.fromkeys("。｡", "."),
        **dict.fromkeys("【〔〖", "("),
        **dict.fromkeys("】〕〗", ")"),
        # Radicals that PDF text holds in place of the characters; NFKC knows only the Kangxi block.
        **dict(
            zip(
                "⺠⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳⻄⻁",
                "民见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟西虎",
                strict=True,
            )
        ),
    }
)

_LATIN = re.compile(r"[a-z&]")
_ENGLISH = (
    (re.compile(r"(?:^nos?|nos?\.|num\.|#)of(?=.)"), "numberof"),
    (re.compile(r"fiscalyear"), "fy"),
    (re.compile(r"(?<=\d)to(?=<?\d)"), "-"),
    (re.compile(r"&"), "and"),
)
"""What an English header may write shorter: No. of, FY, 1 to 20, &. Letters are folded and stand without spaces."""

_HAN = "一二三四五六七八九十"
_MEASURES = "万亿千百十元倍年月日天时个件条人户家份次项吨公平立亩米升克度"
"""What follows a figure and makes it a quantity: 1.5万元以下 is not the fifth of the first."""
_NUMBERING = re.compile(
    rf"第(?P<item>[{_HAN}]{{1,3}}|\d{{1,2}})项[、,:.]"
    rf"|\((?P<bracketed>[{_HAN}]{{1,3}}|\d{{1,2}})\)[、,.:]?"
    rf"|(?P<han>[{_HAN}]{{1,3}})[、,.:]"
    r"|(?P<digits>\d{1,2}(?:\.\d{1,2})*)(?:\.(?![\d])|[、):](?!\d))"
    rf"|(?P<levels>\d{{1,2}}(?:\.\d{{1,2}})+)(?=[\u4e00-\u9fff])(?![{_MEASURES}])"
    r"|(?P<circled>[①-⑳❶-❿㊀-㊉])"
    r"|(?P<roman>[ivx]{1,5}|[a-z])[、.)](?=[\u4e00-\u9fff])"
    r"|其中[:、,]"
)
_NUMBERS = frozenset(
    f"第(其abcdefghijklmnopqrstuvwxyz0123456789{_HAN}①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
)
"""Characters a numbering begins with."""
_CLOSED = re.compile(rf"[(\[{{](?!(?:[{_HAN}]{{1,3}}|\d{{1,2}})\))[^()\[\]{{}}]*[)\]}}]")
_OPEN = re.compile(r"[(\[{][^()\[\]{}]*$")
_MARK = re.compile(
    rf"(?<=.)(?:\((?:[{_HAN}]{{1,3}}|\d{{1,2}})\)|[①-⑳*†‡¹²³]+)$|(?<=[\u4e00-\u9fff])[a-z][a-z/&.,\'-]+$"
)
"""What is added to a label: the number of its column or footnote, or the same in English."""
_PASSING = re.compile(
    r"[(\[](?:(?:单位[:]?)?(?:[百千万亿]?元|美元|件|个|条|份|次|人|人次|项|篇|户|家|%)|(?:19|20)\d\d年?度?)[)\]]"
)
"""Bracketed units and years: printed or not, the label is the same."""
_SOFT = re.compile(r"(?<!\d)[^\w%‰<>≤≥=]|[^\w%‰<>≤≥=](?!\d)|_")
"""Punctuation that distinguishes nothing; between digits it does (``1-20``, ``1.5``)."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label in the forms in which it is compared, strictest first."""

    full: str
    """Folded, with its numbering."""
    words: str
    """Without the numbering at the head."""
    letters: str
    """Words without punctuation, bracketed units and years."""
    head: str
    """Letters without anything in brackets, the mark of a footnote, or a translation."""
    spelled: str
    """Letters with the numbering's digits, for sheets that lost the point after the number."""
    number: tuple[str, ...]
    """The numbering at the head, outermost first: ``（三）1.`` is 3, 1."""


@lru_cache(maxsize=1 << 15)
def label(text: str) -> Label:
    """All forms of one label; two labels say the same if one of their forms is equal."""
    full = _folded(text)
    words, number = _numbered(full)
    kept = _PASSING.sub("", words) or words
    letters = _letters(kept) or words
    return Label(
        full=full,
        words=words,
        letters=letters,
        head=_letters(_unbracketed(kept)) or letters,
        spelled=_letters(_PASSING.sub("", full)) or full,
        number=number,
    )


def fold(text: str, *, numbering: bool = False) -> str:
    """A label for comparison: width, spaces, quotes and case unified; ``numbering`` keeps what numbers the head."""
    folded = label(text)
    return folded.full if numbering else folded.words


def spelled(name: str) -> str:
    """A name for comparison: as folded, numbering and brackets kept, without punctuation that distinguishes nothing."""
    return _letters(label(name).full)


def bare(text: str) -> str:
    """The folded label without numbering and without anything in brackets; never empty unless the label is."""
    return _unbracketed(fold(text)) or fold(text)


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The most similar name, for suggestions in messages only: 企业 is "nearer" to 商业企业 than 合计 to 总计."""
    found = process.extractOne(word, list(names), scorer=fuzz.ratio, processor=fold, score_cutoff=50)
    return found[0] if found else None


def _folded(text: str) -> str:
    parts = [text] if text.isascii() else _APART.split(text)
    plain = "".join([part if i % 2 else unicodedata.normalize("NFKC", part) for i, part in enumerate(parts)])
    folded = "".join(plain.split()).translate(_SAME).casefold()
    for long, short in _ENGLISH if _LATIN.search(folded) else ():
        folded = long.sub(short, folded)
    return folded


def _numbered(full: str) -> tuple[str, tuple[str, ...]]:
    """Words and numbers; a label that is nothing but numbering keeps it."""
    if full[:1] not in _NUMBERS:
        return full, ()
    rest, numbers = full, []
    while (match := _NUMBERING.match(rest)) and match.end() < len(rest):
        number = next((group for group in match.groups() if group), "")
        if number:
            numbers += _digits(number).split(".")
        rest = rest[match.end() :]
    return rest, tuple(numbers)


def _digits(number: str) -> str:
    """十二 and ⑫ are 12."""
    if number[0] in _HAN:
        tens, ten, ones = number.rpartition("十")
        high = _HAN.index(tens) + 1 if tens in _HAN and tens else 1
        low = _HAN.index(ones) + 1 if ones and ones in _HAN else 0
        return str(high * 10 + low if ten else low)
    return number if number.isascii() else str(int(unicodedata.numeric(number)))


def _unbracketed(words: str) -> str:
    while (shorter := _CLOSED.sub("", words)) != words:
        words = shorter
    return _OPEN.sub("", _MARK.sub("", words))


def _letters(words: str) -> str:
    return words if words.isalnum() else _SOFT.sub("", words)
