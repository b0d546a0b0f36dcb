"""Years that an English title and introduction name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditkit.prose.reading import Reading

_NAME = r"(?:[A-Z][\w-]*\s+){0,4}(?:Annual\s+)?Report\b"
_TITLE_YEAR = re.compile(rf"(?P<y1>(?:19|20)\d\d)\s+{_NAME}|Report\b[^.]{{0,40}}?(?:\b|FY\s?)(?P<y2>(?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_INTRODUCED = re.compile(
    r"(?:this|the|our)\s+(?:annual\s+)?report\s+(?:covers|is\s+for|presents|describes)[^.]{0,40}?\b(?P<y1>(?:19|20)\d\d)\b"
    r"|(?:this|the present)\s+(?P<y2>(?:19|20)\d\d)\s+(?:annual\s+)?report",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A year that a title or an introduction names."""

    year: str
    line: int
    start: int
    also: tuple[str, ...] = ()
    """Years named after it in its sentence: a year that does not begin in January has two."""


def title_year(reading: Reading) -> Named | None:
    """The year of the first title that names a report's year."""
    for line in reading.lines[:6]:
        if line.style == "title" or (len(line.text) <= 90 and not line.text.rstrip().endswith(".")):
            for match in _TITLE_YEAR.finditer(line.text):
                return _named(line.index, match)
    return None


def introduced_years(reading: Reading) -> Iterator[Named]:
    """Years the introduction says the report covers."""
    for line in reading.lines[:12]:
        for match in _INTRODUCED.finditer(line.text):
            sentence = line.sentence_at(match.start())
            also = tuple(_YEAR.findall(line.text[match.end() : sentence.end]))
            yield replace(_named(line.index, match), also=also)


def _named(line: int, match: re.Match[str]) -> Named:
    group = "y1" if match["y1"] else "y2"
    return Named(match[group], line, match.start(group))
