"""Numbers in running text: value, unit, digits shown, what kind of number, and the words in front of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from auditkit.model.finding import Term
from auditkit.model.words import Language, Text
from auditkit.prose.reading import Line, Reading, fold
from auditkit.prose.written import NUMERAL, SCAN_EN, SCAN_ZH, Kind, read_en, read_zh
from auditkit.units import POWERS, shift, shifted


class Quantity(NamedTuple):
    """One number that measures something. Years, dates, articles, document and phone numbers never become one.

    ``start`` and ``end`` span number and unit; ``value`` is scaled for 千/万/亿 before a count (``1.2万条`` is 12000,
    step 1000) and not for money, whose unit keeps its scale (万元), nor for %.
    """

    start: int
    end: int
    text: str
    value: Decimal
    step: Decimal
    """One unit of the last digit written."""
    unit: str
    kind: Kind
    approximate: bool
    """余, 多, 近, 约, 左右, 以上 …: never compared."""
    label: str
    """Words it counts, from in front of it; from behind it where nothing stands in front."""
    depth: int = 0
    """Number of brackets open around it."""
    sentence: int = 0
    line: int = 0
    half: Decimal = Decimal(0)
    """How far the true value may lie from the one written: half a unit of the last digit, 0 for whole counts."""


_ZERO = Decimal(0)
_SEPARATOR_ZH = re.compile(r"[，,;。、\s:]")
_LEAD = re.compile(r"(?:其中|包括|分别|以及|和|及|与|并|还|另|是|为|有|共|共计|即(?!办))+")
_TAIL = re.compile(r"(?:共计|总计|共|计|为|是|有|达到|达|了|约|:|\"|“|”|=)+$")
_TAIL_ENDS = tuple('共计为是有到达了约:="“”')
"""How such a tail ends: most labels have none."""
_SEPARATOR_EN = re.compile(r"[,;:()]|\b(?:and|of which|of|from|to)\b")


def quantities(text: str, language: Language = "zh") -> tuple[Quantity, ...]:
    """Every measuring number of a text, in order; spans count characters of ``text``."""
    return tuple(_scan(fold(text), language))


class Figures(dict[int, tuple[Quantity, ...]]):
    """Line → its quantities, sentence after sentence, money in one unit; scanned when it is first asked for."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading

    def __missing__(self, index: int) -> tuple[Quantity, ...]:
        found = self[index] = _in_one_unit(tuple(_of_line(self._reading.lines[index])))
        return found


def by_line(reading: Reading) -> Figures:
    """The quantities of every line that somebody asks for. For ``Reading.once``."""
    return Figures(reading)


def in_sentence(reading: Reading, line: int, number: int) -> tuple[Quantity, ...]:
    """The quantities of one sentence of a line."""
    return tuple(q for q in reading.once(by_line)[line] if q.sentence == number)


def stating(reading: Reading, *wanted: str | re.Pattern[str]) -> Iterator[tuple[Line, tuple[Quantity, ...]]]:
    """Lines that have what is wanted (``Reading.lines_with``) and a quantity, with all their quantities."""
    found = reading.once(by_line)
    for line in reading.lines_with(*wanted):
        if own := found[line.index]:
            yield line, own


def term(reading: Reading, quantity: Quantity) -> Term:
    """A quantity as it took part in a finding."""
    name = quantity.label or quantity.text
    return Term(Text(name, name), quantity.text, reading.place(quantity.line, quantity.start, quantity.end))


def _of_line(line: Line) -> Iterable[Quantity]:
    if not NUMERAL.search(line.text):
        return ()
    scanned = (_scan(s.text, line.language, s.start, s.number, line.index) for s in line.sentences)
    return chain.from_iterable(scanned)


def _in_one_unit(found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Amounts of a paragraph that says some in 亿元 and some in 万元: all of them in the smaller unit."""
    units = {q.unit for q in found if q.kind == "money" and q.unit in POWERS}
    if len(units) <= 1:
        return found
    least = min(units, key=POWERS.__getitem__)
    return tuple(_in_unit(q, least) if q.unit in units else q for q in found)


def _in_unit(q: Quantity, unit: str) -> Quantity:
    power = shift(q.unit, unit)
    return q._replace(unit=unit, value=shifted(q.value, power), step=q.step.scaleb(power), half=q.half.scaleb(power))


def _scan(text: str, language: Language, offset: int = 0, sentence: int = 0, line: int = 0) -> Iterator[Quantity]:
    if not NUMERAL.search(text):
        return
    zh = language == "zh"
    bracketed = "(" in text or ")" in text
    previous = counted = depth = 0
    label = ""
    for match in (SCAN_ZH if zh else SCAN_EN).finditer(text):
        read = read_zh(match) if zh else read_en(match)
        if read is None:
            continue
        first, value, step, unit, kind, approximate = read
        start, written = match.start(), match[0].rstrip()
        end = start + len(written)
        if not unit and text[max(0, start - 2) : start].rstrip().endswith("|"):
            continue  # a cell of a table that was copied into one line
        if label == "" or text[previous:start].strip():
            label = _label(text, previous, start, end, zh)  # 推送890期2310条: both count what was sent
        if bracketed:
            depth += text.count("(", counted, first) - text.count(")", counted, first)
            counted = first
        yield Quantity(
            offset + first,
            offset + end,
            written,
            value,
            step,
            unit,
            kind,
            approximate,
            label,
            depth,
            sentence,
            line,
            _ZERO if kind == "count" and step == 1 else step / 2,
        )
        previous = end


def _label(text: str, previous: int, start: int, end: int, zh: bool) -> str:
    """The words right in front of the number, else right behind it."""
    separator = _SEPARATOR_ZH if zh else _SEPARATOR_EN
    before = text[previous:start].rstrip(" :“\"'(")
    if zh and before.endswith(_TAIL_ENDS):
        before = _TAIL.sub("", before)
    label = separator.split(before)[-1].strip()
    if zh and (lead := _LEAD.match(label)):
        label = label[lead.end() :]
    return label.strip("()“”\"'·|- ") or separator.split(text[end : end + 24].lstrip(" )"))[0].strip("()“”\"' ")
