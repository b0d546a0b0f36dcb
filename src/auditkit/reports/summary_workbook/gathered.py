"""Many results boiled down to what a summary needs, one result at a time: units, rules, matrix, details."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import PurePath
from typing import NamedTuple

from auditkit.model.finding import Result, RuleNote, Tallies, Verdict
from auditkit.model.words import EMPTY, Language, Level, Text
from auditkit.reports import progress, table_csv
from auditkit.reports.asked import every_rule
from auditkit.reports.grouping import listed, repairs

WAITING = 64
"""Different tallies that may wait for more of their kind, and lists of rules that are known by sight."""


DOUBTED = 3
"""Accepted explanations from which on a rule is doubted."""


class Unit(NamedTuple):
    """A unit on the roster."""

    code: str
    name: str
    contact: str = ""
    parent: str = ""
    """Name of the unit it reports to."""


class UnitLine(NamedTuple):
    """One submission in the league table."""

    unit: str
    code: str
    contact: str
    parent: str
    file: str
    verdict: Verdict
    fault: Text | None
    repairs: int
    hard: int
    soft: int
    info: int
    accepted: int
    unchecked: int
    listed: bool
    """On the roster, or there is none."""
    places: Mapping[str, int]
    """Rule → places that are open."""
    gaps: frozenset[str]
    """Rules that could not be asked at all."""


@dataclass
class RuleLine:
    """What one rule did over all submissions."""

    name: Text = EMPTY
    level: Level = "hard"
    asked: int = 0
    places: int = 0
    units: int = 0
    accepted: int = 0
    repaired: int = 0
    """Places that were open in the round before and are gone."""
    unchecked: int = 0
    errors: int = 0

    @property
    def weight(self) -> tuple[int, ...]:
        """What did most stands first."""
        return -self.places, -self.accepted, -self.repaired, -self.errors

    @property
    def doubtful(self) -> bool:
        """Explained away in more than half of its cases, and not only once: whoever wrote it should look."""
        return self.accepted >= DOUBTED and self.accepted * 2 > self.places + self.accepted


@dataclass
class Gathered:
    """Everything the sheets show."""

    units: list[UnitLine] = field(default_factory=list)
    quiet: Counter[str] = field(default_factory=Counter)
    """Superior unit → submissions that passed and have nothing to say, and no line of their own."""
    rules: dict[str, RuleLine] = field(default_factory=dict)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    """Details, at most as many as a sheet should hold."""
    details: int = 0
    csv: StringIO | None = None
    """All details, once there are too many for a sheet."""
    roster: Sequence[Unit] = ()
    absent: list[Unit] = field(default_factory=list)
    since: dict[Text, int] = field(default_factory=dict)
    """State against the round before → findings; empty in a first round."""

    @property
    def received(self) -> int:
        """Submissions that came in."""
        return len(self.units) + self.quiet.total()

    @property
    def checked(self) -> list[UnitLine]:
        return [unit for unit in self.units if unit.fault is None]

    @property
    def unreadable(self) -> list[UnitLine]:
        return [unit for unit in self.units if unit.fault is not None]

    def busiest(self) -> list[tuple[str, RuleLine]]:
        """Rules by places that are open, most first."""
        return sorted(self.rules.items(), key=lambda item: (*item[1].weight, item[0]))

    def ranked(self) -> list[UnitLine]:
        """Checked submissions by repairs needed, most first."""
        return sorted(self.checked, key=lambda u: (-u.repairs, -u.hard, -u.soft, u.unit, u.file))


def gather(
    results: Iterable[Result], language: Language, roster: Sequence[Unit], most: int, *, quiet: bool = False
) -> Gathered:
    """Consume the results; none is kept. ``quiet``: of those with nothing to say only their number."""
    units = [Unit(*unit) for unit in roster]
    gathered = Gathered(roster=units)
    known = _Roster(units)
    tallied = _Tallied(gathered.rules)
    for result in results:
        found = known.find(result)
        tallied.take(result)
        silent = not (result.findings or result.round.repaired or result.round.unsure)
        if quiet and silent and result.verdict == "pass":
            gathered.quiet[found.parent if found else ""] += 1
            continue
        gathered.units.append(_unit(result, found, known))
        if result.round.number > 1:
            _compare(gathered, result)
        if silent:
            continue
        _count(gathered, result)
        for entry in listed(result):
            _detail(gathered, tuple(table_csv.fields(entry, result, language).values()), language, most)
    tallied.settle()
    gathered.absent = [unit for unit in units if unit not in known.seen]
    return gathered


class _Roster:
    """Finds a submission's unit by code, by name, or by a whole word of the file's name; never by likeness."""

    def __init__(self, roster: Sequence[Unit]) -> None:
        self.names = {_folded(word): unit for unit in roster for word in unit[:2] if word}
        self.seen: dict[Unit, None] = {}

    def find(self, result: Result) -> Unit | None:
        if not self.names:
            return None
        found = next((self.names[w] for word in _words(result) if (w := _folded(word)) in self.names), None)
        if found is not None:
            self.seen[found] = None
        return found


def _words(result: Result) -> Iterator[str]:
    yield result.unit_code
    yield result.unit
    yield from re.split(r"[_\-—\s（(]+", PurePath(result.file).stem)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip()


def _unit(result: Result, found: Unit | None, known: _Roster) -> UnitLine:
    code, name, contact, parent = found or Unit(result.unit_code, result.unit)
    places: dict[str, int] = {}
    for finding in result.findings:
        if finding.status == "fail":
            places[finding.rule] = places.get(finding.rule, 0) + 1
    return UnitLine(
        unit=name,
        code=code,
        contact=contact,
        parent=parent,
        file=result.file,
        verdict=result.verdict,
        fault=Text(result.faults[0].to("zh"), result.faults[0].to("en")) if result.faults else None,
        repairs=repairs(result),
        hard=result.count("hard"),
        soft=result.count("soft"),
        info=result.count("info"),
        accepted=sum(f.status == "explained" for f in result.findings),
        unchecked=sum(result.unchecked.values()),
        listed=found is not None or not known.names,
        places=places,
        gaps=result.sums.unasked,
    )


class _Tallied:
    """Counts by rule; tallies that many submissions share are added up once for all of them."""

    def __init__(self, rules: dict[str, RuleLine]) -> None:
        self.rules = rules
        self.waiting: dict[int, tuple[Tallies, int]] = {}
        """By identity, and alive, so that no other has it."""
        self.told: dict[int, tuple[RuleNote, ...]] = {}
        """Rules whose words are known; likewise."""

    def take(self, result: Result) -> None:
        tallies, n = self.waiting.get(id(result.sums), (result.sums, 0))
        if self._is_news(result, seen=n > 0):
            self._introduce(result)
        self.waiting[id(tallies)] = tallies, n + 1
        if len(self.waiting) == WAITING:
            self.settle()

    def settle(self) -> None:
        for tallies, n in self.waiting.values():
            for code, tally in tallies.items():
                line = self.rules[code]
                line.asked += n * tally.asked
                if tally.unchecked:
                    line.unchecked += n * sum(tally.unchecked.values())
                if tally.errors:
                    line.errors += n * tally.errors
        self.waiting.clear()

    def _is_news(self, result: Result, *, seen: bool) -> bool:
        if id(result.rules) not in self.told or not (seen or result.sums.keys() <= self.rules.keys()):
            return True
        return not all(f.rule in self.rules and self.rules[f.rule].name.zh for f in result.findings)

    def _introduce(self, result: Result) -> None:
        for rule in every_rule(result):
            line = self.rules.setdefault(rule.id, RuleLine())
            if not line.name.zh:
                line.name, line.level = rule.name, rule.level
        if len(self.told) == WAITING:
            self.told.clear()
        self.told[id(result.rules)] = result.rules


def _count(gathered: Gathered, result: Result) -> None:
    opened = [f.rule for f in result.findings if f.status == "fail"]
    for code in opened:
        gathered.rules[code].places += 1
    for code in dict.fromkeys(opened):
        gathered.rules[code].units += 1
    for finding in result.findings:
        gathered.rules[finding.rule].accepted += finding.status == "explained"
    for finding in result.round.repaired:
        gathered.rules.setdefault(finding.rule, RuleLine(Text(finding.name, finding.name), finding.level)).repaired += 1


def _compare(gathered: Gathered, result: Result) -> None:
    for state, n in progress.tally(result):
        gathered.since[state] = gathered.since.get(state, 0) + n


def _detail(gathered: Gathered, row: tuple[str, ...], language: Language, most: int) -> None:
    gathered.details += 1
    if gathered.csv is None and len(gathered.rows) == most:
        gathered.csv = StringIO()
        head = tuple(name.to(language) for name in table_csv.COLUMNS.values())
        gathered.csv.writelines(f"{table_csv.line(r)}\r\n" for r in (head, *gathered.rows))
    if gathered.csv is None:
        gathered.rows.append(row)
    else:
        gathered.csv.write(f"{table_csv.line(row)}\r\n")
