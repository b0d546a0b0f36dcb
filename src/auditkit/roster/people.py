"""Units and the files that came: whose each is, which version counts, who sent nothing."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from auditkit.model.finding import Result
from auditkit.model.words import Text
from auditkit.offices import bare
from auditkit.roster.disagreement import differing, not_listed
from auditkit.roster.words import folded, pieces, whole

SHORT = 4
"""Digits of a number that may as well count copies or annexes."""
_PARTS = re.compile(r"[/\\!]")
_DIGITS = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True)
class Unit:
    """One line of the roster; what is not said is empty."""

    code: str
    name: str
    email: str = ""
    contact: str = ""
    phone: str = ""
    parent: str = ""
    """Code or name of the unit it reports to."""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file of the run, as the roster needs to know it."""

    name: str
    """The name it has in the run, with folders."""
    modified: float
    """Seconds since 1970; 0 where nobody knows."""
    sha256: str
    rulebook: str
    """Empty where no form was recognised."""
    period: str
    unit: str
    """Whose it says it is."""
    unit_code: str
    reason: str = ""
    """Code of the fault, for what could not be checked."""
    doubtful: bool = False
    """Its name and its content disagree."""

    @classmethod
    def of(cls, name: str, modified: float, result: Result) -> Arrival:
        """What is kept of a result, which is little: there may be a hundred thousand."""
        form, period = sys.intern(result.rulebook), sys.intern(result.period)
        return cls(name, modified, result.sha256, form, period, result.unit, result.unit_code)

    @property
    def file(self) -> str:
        return self.name[max(map(self.name.rfind, "/\\!")) + 1 :]


@dataclass(frozen=True)
class Received:
    """What came of one unit: the file that counts, those it replaces, and what is wrong with the names."""

    unit: Unit
    arrival: Arrival
    superseded: tuple[Arrival, ...] = ()
    same: tuple[Arrival, ...] = ()
    """Files with the very same content."""
    late: bool = False
    beside: tuple[Arrival, ...] = ()
    """Scans, mails and other things that were sent with it and are no versions of it."""


@dataclass(frozen=True)
class Attendance:
    """Who sent what. Every arrival is in exactly one place."""

    received: tuple[Received, ...] = ()
    """In the roster's order."""
    missing: tuple[Unit, ...] = ()
    unknown: tuple[Arrival, ...] = ()
    """Files of nobody on the roster."""
    disagreements: Mapping[str, Text] = field(default_factory=dict)
    """Name of a file → what its name says and what it says inside."""

    @property
    def unit_of(self) -> dict[str, Unit]:
        """Name of a file → whose it is."""
        return {
            one.name: entry.unit
            for entry in self.received
            for one in (entry.arrival, *entry.superseded, *entry.same, *entry.beside)
        }


@dataclass(frozen=True)
class Roster:
    """Units in the order of their list."""

    units: tuple[Unit, ...]
    notes: tuple[Text, ...] = ()
    """What the list leaves open."""

    @cached_property
    def _words(self) -> Mapping[str, Unit]:
        """Codes and names, folded; a word that two units share is nobody's."""
        found: dict[str, Unit | None] = {}
        for unit in self.units:
            name = folded(unit.name)
            for word in dict.fromkeys((folded(unit.code), name, bare(name))):
                if word:
                    found[word] = None if word in found else unit
        return {word: unit for word, unit in found.items() if unit is not None}

    @cached_property
    def _numbers(self) -> Mapping[str, Unit]:
        """Codes of digits without their leading zeros, which spreadsheets lose."""
        told = [(word.lstrip("0"), unit) for word, unit in self._words.items() if word.isdecimal()]
        often = Counter(number for number, _ in told)
        return {number: unit for number, unit in told if number and often[number] == 1}

    @cached_property
    def _lengths(self) -> Mapping[str, tuple[int, ...]]:
        """First character → lengths of the words that begin with it, the longest first."""
        found: dict[str, set[int]] = {}
        for word in self._words:
            found.setdefault(word[0], set()).add(len(word))
        return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}

    def _named(self, text: str, breaks: Collection[int]) -> Iterator[str]:
        """Names and codes in a text, the longest first: 青山镇财政所 is not 青山镇. A long roster costs no more."""
        at = 0
        while at < len(text):
            for length in self._lengths.get(text[at], ()):
                word = text[at : at + length]
                if len(word) == length and word in self._words and whole(text, at, at + length, breaks):
                    yield word
                    at += length
                    break
            else:
                at += 1

    def within(self, text: str) -> Unit | None:
        """The unit that a text names; None where it names none, or several. A number beside a name says nothing."""
        whole_text, breaks = pieces(text)
        found = list(self._named(whole_text, breaks))
        telling = [word for word in found if len(word) > SHORT or not word.isdecimal()] or found
        if not telling and self._numbers:
            numbers = [found for found in _DIGITS.finditer(whole_text) if whole(whole_text, *found.span(), breaks)]
            own = [unit for one in numbers if (unit := self._numbers.get(one[0].lstrip("0")))]
        else:
            own = [self._words[word] for word in telling]
        named = {id(unit): unit for unit in own}  # by themselves: to hash seven words takes longer than to look
        return next(iter(named.values())) if len(named) == 1 else None

    def exactly(self, word: str) -> Unit | None:
        """The unit of this very code or name."""
        told = folded(word)
        if not told:
            return None
        return self._words.get(told) or (self._numbers.get(told.lstrip("0")) if told.isdecimal() else None)

    def _by_folder(self, path: str) -> Unit | None:
        """The unit of the innermost folder that names one: 某县/青山镇/ is 青山镇's, whoever 某县 is."""
        found = (self.within(folder) for folder in reversed(_PARTS.split(path)) if folder)
        return next((unit for unit in found if unit is not None), None)

    def own(self, arrival: Arrival) -> tuple[Unit | None, Text | None]:
        """Whose file it is, and what is said where its name and its content disagree. The content is believed."""
        told = self.exactly(arrival.unit_code) or self.exactly(arrival.unit) or self.within(arrival.unit)
        file = arrival.file
        by_file = self.within(file.rpartition(".")[0] or file)
        by_folder = self._by_folder(arrival.name[: -len(file)]) if by_file is None else None
        by_name, is_folder = by_file or by_folder, by_file is None
        if by_name is None:
            return told, None
        if told is None:
            stranger = arrival.unit and not folded(file).startswith(folded(arrival.unit))
            return by_name, not_listed(by_name.name, arrival.unit, is_folder=is_folder) if stranger else None
        if told == by_name or (is_folder and told.parent and self.exactly(told.parent) == by_folder):
            return told, None
        return told, differing(by_name.name, told.name, is_folder=is_folder)

    def attendance(self, arrivals: Iterable[Arrival], *, due: float | None = None) -> Attendance:
        """Who sent what; of several files of one unit and kind the newest counts.

        Args:
            arrivals: every file that was checked, readable or not.
            due: seconds since 1970 after which a file is late.
        """
        came: dict[Unit, list[Arrival]] = {}
        unknown: list[Arrival] = []
        disagreements: dict[str, Text] = {}
        for arrival in arrivals:
            unit, said = self.own(arrival)
            if said is not None:
                disagreements[arrival.name] = said
            mine = arrival if said is None else replace(arrival, doubtful=True)
            if unit is None:
                unknown.append(mine)
            else:
                came.setdefault(unit, []).append(mine)
        received = tuple(entry for unit in self.units if unit in came for entry in self.versions(unit, came[unit], due))
        return Attendance(received, tuple(u for u in self.units if u not in came), tuple(unknown), disagreements)

    @staticmethod
    def versions(unit: Unit, arrivals: Sequence[Arrival], due: float | None) -> Iterator[Received]:
        """One entry for each form and period a unit reported; what could not be read is a version of its like."""
        beside = [one for one in arrivals if _is_beside(one)]
        if len(beside) == len(arrivals):
            beside.remove(max(beside, key=age))
        kinds: dict[Kind, list[Arrival]] = {}
        for one in arrivals:
            if one.rulebook:
                kinds.setdefault((one.rulebook, one.period, _medium(one.file)), []).append(one)
        read = tuple(kinds)
        for one in arrivals:
            if not one.rulebook and one not in beside:
                kinds.setdefault(_like(one, read), []).append(one)
        for versions in kinds.values():
            newest = max(versions, key=age)
            older = [one for one in sorted(versions, key=age, reverse=True) if one is not newest]
            same = tuple(one for one in older if newest.sha256 and one.sha256 == newest.sha256)
            superseded = tuple(one for one in older if one not in same)
            yield Received(unit, newest, superseded, same, due is not None and newest.modified > due, tuple(beside))
            beside = []


Kind = tuple[str, str, str]
"""Rulebook, period, and whether it is a text or a table; what is of one kind is versions of one report."""
_TEXTS = {".docx", ".docm", ".doc", ".wps", ".rtf", ".odt", ".html", ".htm", ".txt", ".md"}
_ARCHIVES = {".rar", ".7z", ".zip", ".gz", ".tar", ".tgz", ".bz2", ".xz"}
_BESIDE = {
    ".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp", ".eml", ".msg", ".ppt",
    ".pptx", ".dps", ".txt", ".md",
}  # fmt: skip


def _is_beside(arrival: Arrival) -> bool:
    """A scan or a mail, or another list: what is sent with a report and takes no report's place."""
    return not arrival.rulebook and (
        Path(arrival.file).suffix.lower() in _BESIDE or arrival.reason in {"unknown-form", "traversal"}
    )


def _like(arrival: Arrival, read: Sequence[Kind]) -> Kind:
    """The kind that a file is, of which nothing could be read: that of its unit's only form, of the year it names."""
    medium = _medium(arrival.file)
    kinds = [kind for kind in read if kind[2] == medium]
    if len({form for form, _, _ in kinds}) != 1:
        return "", "", medium
    named = [kind for kind in kinds if kind[1] and kind[1] in arrival.file]
    return max(named or kinds)


def _medium(file: str) -> str:
    """A text and a workbook of one report are no versions of each other, nor is an archive nobody opened."""
    suffix = Path(file).suffix.lower()
    return "text" if suffix in _TEXTS else "archive" if suffix in _ARCHIVES else "table"


_ROUND = (
    re.compile(r"第\s*([0-9]+|[一二三四五六七八九十])\s*[次稿版]"),
    re.compile(r"(?<![a-z])(?:v|ver|version|rev)\s*\.?\s*([0-9]+)", re.IGNORECASE),
    re.compile(r"[(（]([0-9]{1,2})[)）]\s*$"),
)
_AMENDED = re.compile(r"修改|修订|更正|订正|改后|补报|重报|最新|最终|终稿|定稿|final|revised|corrected", re.IGNORECASE)
_CHINESE = "一二三四五六七八九十"


def age(arrival: Arrival) -> tuple[bool, int, int, float, str]:
    """What a later version has more of: the round its name counts, a word such as 修改, then time, then its name.

    A file that may be another unit's takes no undoubted one's place.
    """
    stem = folded(Path(arrival.file).stem)
    rounds = [found[1] for pattern in _ROUND if (found := pattern.search(stem))]
    count = 0
    if rounds:
        count = _CHINESE.index(rounds[0]) + 1 if rounds[0] in _CHINESE else int(rounds[0])
    return not arrival.doubtful, count, bool(_AMENDED.search(stem)), arrival.modified, arrival.name
