"""What the checks read: folded paragraphs cut into sentences, and the way back to the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar, cast, overload

from auditkit.model.document import Paragraph, Place
from auditkit.model.words import Language
from auditkit.traditional import simplified

T = TypeVar("T")
LONGEST_LINE = 4000
"""Characters; a longer paragraph is a page that lost its paragraphs."""

_KEEP = {0xFF0C}  # ， never becomes the comma that groups digits
_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if c not in _KEEP}
_FOLD |= dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f\t\v\f\r"), 0x20)
_FOLD |= dict.fromkeys(map(ord, "—–―‒−～〜﹣─"), ord("-"))
_FOLD |= {ord("﹝"): ord("〔"), ord("﹞"): ord("〕"), ord("︰"): ord(":"), ord("﹪"): ord("%"), ord("﹐"): ord("，")}
_FOLD[ord("~")] = ord("-")
_FOLDED = re.compile("[{0}][{0}]*".format(re.escape("".join(map(chr, _FOLD)))))  # one then more: quickly looked for
_COMMA = re.compile(r",(?:(?<=[\u4e00-\u9fff],)|(?=[\u4e00-\u9fff“《]))")  # a plain comma between Chinese words

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
    """Full-width signs and digits to plain ones, traditional characters to simplified ones: offsets stay."""
    text = simplified(text)
    for sign in set[str]().union(*_FOLDED.findall(text)):
        text = text.replace(sign, chr(_FOLD[ord(sign)]))
    return _COMMA.sub("，", text) if "," in text else text


class Sentence(NamedTuple):
    """A span of a line that ends with a full stop, or where a quotation was cut (``……``)."""

    line: int
    number: int
    start: int
    end: int
    text: str
    after_cut: bool
    before_cut: bool


@dataclass(slots=True)
class Line:
    """One paragraph: folded for looking, raw for showing; cut into sentences when somebody asks for them."""

    index: int
    number: int
    style: str
    raw: str
    text: str
    offset: int
    """Where the line begins in its paragraph; every other offset counts from here."""
    language: Language
    first: int = 1
    """Number of its first sentence."""
    _sentences: tuple[Sentence, ...] | None = None
    _starts: tuple[int, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        if self._sentences is None:
            self._sentences = tuple(_cut(self))
            self._starts = tuple(s.start for s in self._sentences)
        return self._sentences

    def sentence_at(self, offset: int) -> Sentence:
        sentences = self.sentences
        return sentences[max(0, bisect_right(self._starts, offset) - 1)]


class Lines(Sequence[Line]):
    """The lines of a text. Each is made when it is first asked for: most are only looked through."""

    def __init__(
        self,
        owners: Sequence[Paragraph],
        offsets: Mapping[int, int],
        text: str,
        starts: Sequence[int],
        language: Language,
    ) -> None:
        self._owners, self._offsets, self._text, self._starts = owners, offsets, text, starts
        self._language: Language = language
        self._made: dict[int, Line] = {}

    def __len__(self) -> int:
        return len(self._owners)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, index: int | slice) -> Line | tuple[Line, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        found = self._made.get(index)
        return self._make(index) if found is None else found

    def _make(self, index: int) -> Line:
        """Sentences are numbered through a paragraph, so the pieces before are made first."""
        begin = index
        while self._offsets.get(begin) and begin - 1 not in self._made:
            begin -= 1
        for i in range(begin, index + 1):
            owner, offset = self._owners[i], self._offsets.get(i, 0)
            text = self._text[self._starts[i] : self._starts[i + 1] - 1]
            raw = owner.text[offset : offset + len(text)] if i in self._offsets else owner.text
            first = self._made[i - 1].first + len(self._made[i - 1].sentences) if offset else 1
            self._made[i] = Line(i, owner.number, owner.style, raw, text, offset, self._language, first)
        return self._made[index]


@dataclass(frozen=True)
class Reading:
    """The prose of one file, with what is known about the file from outside."""

    file: str
    language: Language
    lines: Sequence[Line]
    text: str
    """All lines, one below the other: what most lines do not have is looked for here, once."""
    starts: Sequence[int]
    """Where the lines begin in it, and where the next one would."""
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

    def lines_with(self, *wanted: str | re.Pattern[str]) -> Iterator[Line]:
        """Lines in which one of these words stands, or one of these patterns begins, in order.

        A pattern may look past the end of its line, so it says where something could be, not that it is.
        """
        return map(self.lines.__getitem__, sorted({index for one in wanted for index in self._where(one)}))

    def _where(self, wanted: str | re.Pattern[str]) -> Iterator[int]:
        at = _find(wanted, self.text, 0)
        while at >= 0:
            index = bisect_right(self.starts, at) - 1
            yield index
            at = _find(wanted, self.text, self.starts[index + 1])

    @property
    def condensed(self) -> bool:
        """Something was cut out of the text, so what is not there may only have been left out."""
        return self.once(_has_cut)

    def place(self, line: int, start: int, end: int) -> Place:
        """Paragraph, sentence and characters of a span."""
        at = self.lines[line]
        number = at.sentence_at(start).number if at.sentences else 0
        return Place(self.file, paragraph=at.number, sentence=number, start=at.offset + start, end=at.offset + end)


def _find(wanted: str | re.Pattern[str], text: str, start: int) -> int:
    if isinstance(wanted, str):
        return text.find(wanted, start)
    match = wanted.search(text, start)
    return -1 if match is None else match.start()


def _has_cut(reading: Reading) -> bool:
    return any(s.before_cut or s.after_cut for line in reading.lines_with("…", "⋯", "...") for s in line.sentences)


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
    """Fold the paragraphs; empty ones are left out, numbers stay the reader's."""
    told = (p for p in paragraphs if p.text and not p.text.isspace())
    owners: list[Paragraph] = []
    offsets: dict[int, int] = {}
    raws: list[str] = []
    for paragraph in told:
        if len(paragraph.text) <= LONGEST_LINE:
            owners.append(paragraph)
            raws.append(paragraph.text)
            continue
        for offset, raw in _pieces(paragraph.text):
            offsets[len(owners)] = offset
            owners.append(paragraph)
            raws.append(raw)
    text = fold("\n".join(raws))
    starts = list(accumulate([len(raw) + 1 for raw in raws], initial=0))
    lines = Lines(owners, offsets, text, starts, language)
    return Reading(file, language, lines, text, starts, year, fold(unit), grids, pictures)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """A paragraph is one line; a page without paragraphs is cut at full stops, so that no line is ever long."""
    start = 0
    while start < len(text):
        end = _line_end(text, start)
        yield start, text[start:end]
        start = end


def _line_end(text: str, start: int) -> int:
    if len(text) - start <= LONGEST_LINE:
        return len(text)
    stop = max(text.rfind(mark, start, start + LONGEST_LINE) for mark in ("。", "\n", ". "))
    return stop + 1 if stop > start else start + LONGEST_LINE


def _cut(line: Line) -> Iterator[Sentence]:
    text, number = line.text, line.first
    english = line.language == "en"
    start, after = 0, False
    for match in (_END_EN if english else _END_ZH).finditer(text):
        cut = match["cut"] is not None
        if english and not cut and _SHORT_EN.search(text[start : match.start()].rstrip("\"')”’")):
            continue
        end = match.start() + len(match["stop"] or "") if cut else match.end()
        if text[start:end].strip():
            yield Sentence(line.index, number, start, end, text[start:end], after, cut)
            number += 1
        start, after = match.end(), cut
    if text[start:].strip():
        yield Sentence(line.index, number, start, len(text), text[start:], after, before_cut=False)
