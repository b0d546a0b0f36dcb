"""What the checks read: folded paragraphs cut into sentences, and the way back to the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple, TypeVar, cast

from auditkit.model.document import Paragraph, Place
from auditkit.model.words import Language

T = TypeVar("T")
LONGEST_LINE = 4000
"""Characters; a longer paragraph is a page that lost its paragraphs."""

_KEEP = {0xFF0C}  # ， never becomes the comma that groups digits
_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if c not in _KEEP}
_FOLD |= dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f\t\v\f\r"), 0x20)
_FOLD |= dict.fromkeys(map(ord, "—–―‒−～〜﹣─"), ord("-"))
_FOLD |= {ord("﹝"): ord("〔"), ord("﹞"): ord("〕"), ord("︰"): ord(":"), ord("﹪"): ord("%"), ord("﹐"): ord("，")}
_FOLD[ord("~")] = ord("-")
_COMMA = re.compile(r"(?<=[\u4e00-\u9fff]),|,(?=[\u4e00-\u9fff“《])")  # a plain comma between Chinese words

_CLOSING = "[”’\"')》」』]*"
_END_ZH = re.compile(
    rf"(?=[。!?…⋯.\s])(?:(?P<stop>[。!?\n]+{_CLOSING})?\s*(?P<cut>(?:…|\.{{3,}}|⋯)+)|[。!?\n]+{_CLOSING})"
)
_END_EN = re.compile(rf"(?P<stop>)(?P<cut>(?:…|\.{{3,}}|⋯)+)|\n+|(?<=[.!?]){_CLOSING}\s+(?=[A-Z0-9“\"(])")
_SHORT_EN = re.compile(
    r"(?:\b(?:No|Nos|Fig|Vol|Dr|Mr|Ms|Mrs|St|vs|approx|e\.g|i\.e|cf|Inc|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)"
    r"|\b[A-Z])\.$"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def fold(text: str) -> str:
    """Full-width signs and digits to plain ones, one character for one: every offset stays what it was."""
    folded = text.translate(_FOLD)
    return _COMMA.sub("，", folded) if "," in folded else folded


class Sentence(NamedTuple):
    """A span of a line that ends with a full stop, or where a quotation was cut (``……``)."""

    line: int
    number: int
    start: int
    end: int
    text: str
    after_cut: bool
    before_cut: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: folded for looking, raw for showing."""

    index: int
    number: int
    style: str
    raw: str
    text: str
    sentences: tuple[Sentence, ...]
    starts: tuple[int, ...]
    """Where the sentences begin."""
    offset: int
    """Where the line begins in its paragraph; every other offset counts from here."""

    def sentence_at(self, offset: int) -> Sentence:
        return self.sentences[max(0, bisect_right(self.starts, offset) - 1)]


@dataclass(frozen=True)
class Reading:
    """The prose of one file, with what is known about the file from outside."""

    file: str
    language: Language
    lines: tuple[Line, ...]
    year: int | None = None
    """Reporting year, when somebody knows it."""
    unit: str = ""
    """Whose report it is, when somebody knows it."""
    grids: int = 0
    pictures: int = 0
    memo: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, make: Callable[[Reading], T]) -> T:
        """What ``make`` finds in this reading, found once however many checks ask."""
        if make not in self.memo:
            self.memo[make] = make(self)
        return cast("T", self.memo[make])

    @property
    def sentences(self) -> Iterator[Sentence]:
        return chain.from_iterable(line.sentences for line in self.lines)

    @property
    def condensed(self) -> bool:
        """Something was cut out of the text, so what is not there may only have been left out."""
        return self.once(_has_cut)

    def place(self, line: int, start: int, end: int) -> Place:
        """Paragraph, sentence and characters of a span."""
        at = self.lines[line]
        number = at.sentence_at(start).number if at.sentences else 0
        return Place(self.file, paragraph=at.number, sentence=number, start=at.offset + start, end=at.offset + end)


def _has_cut(reading: Reading) -> bool:
    return any(s.before_cut or s.after_cut for s in reading.sentences)


def language_of(paragraphs: Sequence[Paragraph]) -> Language:
    """Chinese as soon as a tenth of the letters are Chinese characters."""
    sample = "".join(p.text for p in paragraphs[:50])[:4000]
    letters = sum(c.isalpha() for c in sample)
    return "zh" if letters == 0 or 10 * len(_HAN.findall(sample)) >= letters else "en"


def read(
    paragraphs: Sequence[Paragraph],
    *,
    file: str,
    language: Language,
    year: int | None = None,
    unit: str = "",
    grids: int = 0,
    pictures: int = 0,
) -> Reading:
    """Fold and cut the paragraphs; empty ones are left out, numbers stay the reader's."""
    lines: list[Line] = []
    for paragraph in paragraphs:
        if paragraph.text and not paragraph.text.isspace():
            lines += _lines(len(lines), paragraph, language)
    return Reading(file, language, tuple(lines), year, unit, grids, pictures)


def _lines(index: int, paragraph: Paragraph, language: Language) -> Iterator[Line]:
    """A paragraph is one line; a page without paragraphs is cut at full stops, so that no line is ever long."""
    start, number = 0, 1
    while start < len(paragraph.text):
        end = _line_end(paragraph.text, start)
        raw = paragraph.text[start:end]
        text = fold(raw)
        sentences = tuple(_cut(index, text, language, number))
        starts = tuple(s.start for s in sentences)
        yield Line(index, paragraph.number, paragraph.style, raw, text, sentences, starts, start)
        index, start, number = index + 1, end, number + len(sentences)


def _line_end(text: str, start: int) -> int:
    if len(text) - start <= LONGEST_LINE:
        return len(text)
    stop = max(text.rfind(mark, start, start + LONGEST_LINE) for mark in ("。", "\n", ". "))
    return stop + 1 if stop > start else start + LONGEST_LINE


def _cut(line: int, text: str, language: Language, number: int) -> Iterator[Sentence]:
    start, after = 0, False
    for match in (_END_ZH if language == "zh" else _END_EN).finditer(text):
        cut = match["cut"] is not None
        if language == "en" and not cut and _SHORT_EN.search(text[start : match.start()].rstrip("\"')”’")):
            continue
        end = match.start() + len(match["stop"] or "") if cut else match.end()
        if text[start:end].strip():
            yield Sentence(line, number, start, end, text[start:end], after, cut)
            number += 1
        start, after = match.end(), cut
    if text[start:].strip():
        yield Sentence(line, number, start, len(text), text[start:], after, before_cut=False)
