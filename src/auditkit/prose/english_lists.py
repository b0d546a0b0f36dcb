"""Lists of parts as English sentences tell them, each with its whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditkit.prose.english_percents import OF_TOTAL, only_count
from auditkit.prose.quantities import Quantity, in_sentence, stating
from auditkit.prose.reading import Reading, Sentence

_LIST = re.compile(
    r"\b[Oo]f (?:which|whom|these|those)\b|(?<=\d)(?<![(]20\d\d)(?<![(]19\d\d):(?=\s\d)"
    r"|\bincluding\b|\bcomprising\b|\bconsisting of\b"
    r"|\b(?:broken down|divided) into\b|\bcomprises?\b|\bconsists? of\b"
    r"|(?<=handled):|(?<=received):|(?<=closed):|(?<=processed):|(?<=[a-z]):(?=\s\d)"
)
_DIVIDES = re.compile(r"compris|consist|broken|divided")
_LAST_OTHER = re.compile(r"\b(?:others?|the rest|remaining|the remainder)\b", re.IGNORECASE)
_OPEN = re.compile(r"\betc\b|and (?:so on|more|others)\b|among others|such as", re.IGNORECASE)
_STOP = re.compile(
    r"\b(?:total|total?ling|altogether|up|down|compared|while|whereas|average|took|increase|decrease|previous"
    r"|attend\w*|involv\w*|cover\w*|reach\w*|worth|costing|serving|attract\w*)\b",
    re.IGNORECASE,
)
_BARE_COLON = re.compile(r"(?<!handled)(?<!received)(?<!closed)(?<!processed)(?<=[a-z]):$")
FEW = 2
_AGAIN = re.compile(r";|\bof (?:which|whom)\b")
_SPAN = r"(?:days?|weeks?|months?|years?)\b"
_NO_PART = re.compile(rf"\s*(?:%|(?:out\s+)?of\b|within\b|per ?cent|(?:(?:and|to|or|-)\s*\d+\s*)?{_SPAN})")
_MONEY = re.compile(r"(?:[$€£]|\b[A-Z]{3})\s?$")


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of parts with its whole."""

    sentence: Sentence
    whole: Quantity
    parts: tuple[Quantity, ...]
    complete: bool
    """The words divide the whole, or the last part is the rest."""


def listed(reading: Reading) -> tuple[Listed, ...]:
    """Every list of parts. For ``Reading.once``."""
    sentences = (s for line, _ in stating(reading, re.compile(r"\d")) for s in line.sentences)
    return tuple(found for sentence in sentences if (found := _list(reading, sentence)) is not None)


def _list(reading: Reading, sentence: Sentence) -> Listed | None:
    opening = _LIST.search(sentence.text) or OF_TOTAL.match(sentence.text)
    if opening is None or _OPEN.search(sentence.text, opening.end()):
        return None
    own = in_sentence(reading, sentence.line, sentence.number)
    at, end = sentence.start + opening.start(), sentence.start + opening.end()
    before = [q for q in own if q.start < end and (q.end <= at or q.start >= at) and q.kind == "count"]
    coined = bool(before) and _is_money(reading, before[-1])
    items = [q for q in own if q.start >= end and _is_money(reading, q) is coined]
    parts = tuple(_items(reading, items, end))
    if not before and opening.start() == sentence.text.find("Of"):
        one = only_count(reading, sentence.line, sentence.number - 1)
        before = [] if one is None else [one]
    if not before or not parts or any(q.approximate for q in (before[-1], *parts)):
        return None
    if _BARE_COLON.search(sentence.text, 0, opening.end()) and not _many(before[-1], parts):
        return None
    tail = sentence.text[parts[-1].start - sentence.start - 24 :]
    complete = len(parts) > 1 and bool(_DIVIDES.search(opening[0]) or _LAST_OTHER.search(tail))
    return Listed(sentence, before[-1], parts, complete)


def _is_money(reading: Reading, q: Quantity) -> bool:
    return _MONEY.search(reading.lines[q.line].text[max(0, q.start - 5) : q.start]) is not None


def _many(whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """86 notices: 34 upheld, 41 did not, and 11 were split. A colon alone may also lead to other things."""
    return len(parts) > FEW and all(part.value <= whole.value for part in parts)


def _items(reading: Reading, found: Sequence[Quantity], start: int) -> Iterator[Quantity]:
    """Counts up to the words that end the list; what stands in brackets or is measured in days is no part."""
    for q in found:
        text = reading.lines[q.line].text
        ahead = text[max(start, q.start - 30) : q.start]
        if _AGAIN.search(ahead) or _STOP.search(ahead.rsplit(",")[-1]):
            return
        if ahead.endswith(" of "):
            continue
        if q.kind == "count" and not q.depth and not _NO_PART.match(text[q.end : q.end + 14]):
            yield q
