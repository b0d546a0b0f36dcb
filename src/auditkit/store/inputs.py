"""What went into a run: every path, where it lay and what became of it; who owed a report; files that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from auditkit.model.words import EMPTY, Text
from auditkit.store.database import Database, Row, as_given, lots, put
from auditkit.store.plain import dump, load
from auditkit.store.records import Due, Entry, Origin, Version

ENTRY = ("number", "name", "outcome", "reason", "unit_code", "result", "unit", "part", "late", "said")
OPEN = " AND outcome = ''"
QUIET = "outcome = 'pass' AND reason = '' AND part IN ('', 'counts') AND late = 0 AND said = ''"
PAGE = 1000
"""Inputs that are in memory at one time."""


class Inputs:
    """The tables ``inputs``, ``due`` and ``seen``. Every method that writes is one transaction."""

    _base: Database

    def start_list(self, run: int) -> None:
        """Forget what was listed for a run: its paths are gone through anew."""
        with self._base.transaction():
            self._base.tell("DELETE FROM inputs WHERE run = ?", [(run,)])

    def list_inputs(self, run: int, inputs: Iterable[tuple[Entry, Origin]]) -> None:
        """Paths that were found, and where; what becomes of them is entered later."""
        rows = [(*_row(run, entry), *origin) for entry, origin in inputs]
        with self._base.transaction():
            put(self._base, "inputs", ("run", *ENTRY, *Origin._fields), rows)

    def enter(self, run: int, entries: Iterable[Entry]) -> None:
        """What became of inputs of a run; said again, it replaces what was said."""
        with self._base.transaction():
            self._enter(run, entries)

    def _enter(self, run: int, entries: Iterable[Entry]) -> None:
        put(self._base, "inputs", ("run", *ENTRY), [_row(run, entry) for entry in entries])

    def entries(self, run: int, *, telling: bool = False) -> Iterator[Entry]:
        """Every input of a run, in order; what was skipped comes first.

        ``telling``: without those that ``quiet`` counts.
        """
        return (entry_of(row) for row in self._pages(ENTRY, run, f" AND NOT ({QUIET})" if telling else ""))

    def quiet(self, run: int) -> int:
        """Inputs of a run that passed, count, and of which there is nothing to say."""
        return int(self._base.ask(f"SELECT count(*) FROM inputs WHERE run = ? AND {QUIET}", (run,))[0][0])  # noqa: S608 - our own words

    def everything(self, run: int) -> Iterator[Sequence[Row]]:
        """All that is said of the inputs of a run, as it is kept, a page at a time."""
        rows = self._pages(ENTRY, run)
        return iter(lambda: list(islice(rows, PAGE)), [])

    def origins(self, run: int) -> Iterator[tuple[Entry, Origin]]:
        """Inputs of a run of which nothing is said yet, with where they lie."""
        n, columns = len(ENTRY), (*ENTRY, *Origin._fields)
        pages = self._pages(columns, run, OPEN)
        return ((entry_of(row), Origin(as_given(row[n]), *row[n + 1 :])) for row in pages)

    def _pages(self, columns: Sequence[str], run: int, only: str = "") -> Iterator[Sequence[Any]]:
        """``columns`` begin with number and name; ``only``: a condition."""
        asked = (
            f"SELECT {','.join(columns)} FROM inputs WHERE run = ? AND (number, name) > (?, ?){only}"  # noqa: S608 - our own words
            f" ORDER BY number, name LIMIT {PAGE}"
        )
        number, name = -1, ""
        while rows := self._base.ask(asked, (run, number, name)):
            yield from rows
            number, name = rows[-1][0], rows[-1][1]

    def origin(self, run: int, name: str) -> Origin:
        """Where an input lay."""
        asked = f"SELECT {','.join(Origin._fields)} FROM inputs WHERE run = ? AND name = ?"  # noqa: S608 - our own words
        path, *rest = self._base.ask(asked, (run, name))[0]
        return Origin(as_given(path), *rest)

    def count(self, run: int, *, skipped: bool = False, open_only: bool = False) -> int:
        """Inputs of a run; ``open_only``: of which nothing is said yet."""
        asked = f"SELECT count(*) FROM inputs WHERE run = ? AND number >= ?{OPEN if open_only else ''}"  # noqa: S608 - our own words
        return int(self._base.ask(asked, (run, -1 if skipped else 0))[0][0])

    def names(self, run: int) -> Iterator[tuple[int, str]]:
        """Number and name of every file of a run, in order."""
        return ((number, name) for number, name in self._pages(("number", "name"), run, " AND number >= 0"))

    def reopen(self, run: int, numbers: Iterable[int]) -> None:
        """Forget what is said of files of a run."""
        rows = [(run, number) for number in numbers]
        with self._base.transaction():
            self._base.tell("UPDATE inputs SET outcome = '' WHERE run = ? AND number = ? AND outcome != ''", rows)

    def versions(self, run: int) -> Iterator[Version]:
        """Files of units that sent more than one, unit by unit, in order."""
        asked = (
            "SELECT unit_code, unit, inputs.name, modified, sha256, rulebook, period, why, said FROM ("
            "SELECT unit_code AS code, unit AS whose FROM inputs WHERE run = ? AND part = 'counts'"
            " GROUP BY unit_code, unit HAVING count(*) > 1) AS several JOIN (SELECT inputs.unit_code, inputs.unit,"
            " name, number, modified, sha256, rulebook, period, inputs.reason AS why, said FROM inputs"
            " LEFT JOIN results ON results.key = inputs.result WHERE run = ? AND part = 'counts') AS inputs"
            " ON unit_code = code AND unit = whose ORDER BY unit_code, unit, number"
        )
        return (Version(*row) for row in self._base.ask(asked, (run, run)))

    def of_other_years(self, run: int) -> list[tuple[str, str, str, str]]:
        """Name, unit, year, and the year that most have, for what counts of a unit that sent no report of that year."""
        filed = (
            "SELECT name, number, rulebook, period,"
            " CASE inputs.unit WHEN '' THEN results.unit ELSE inputs.unit END AS whose"
            " FROM inputs JOIN results ON results.key = inputs.result"
            " WHERE run = ? AND part IN ('', 'counts') AND rulebook != '' AND period != ''"
        )
        sizes = f"SELECT rulebook, period, count(*) FROM ({filed}) AS filed GROUP BY rulebook, period"  # noqa: S608 - our own words
        years: dict[str, dict[str, int]] = {}
        for rulebook, period, n in self._base.ask(sizes, (run,)):
            years.setdefault(rulebook, {})[period] = n
        others = (
            f"SELECT number, name, whose, period FROM ({filed}) AS filed WHERE rulebook = ? AND period != ?"  # noqa: S608 - as above
            f" AND whose NOT IN (SELECT whose FROM ({filed}) AS ours WHERE rulebook = ? AND period = ?)"
        )
        found: list[tuple[int, str, str, str, str]] = []
        for rulebook, own in years.items():
            most = max(own, key=lambda year: own[year])
            if len(own) > 1 and 2 * own[most] > sum(own.values()):
                rows = self._base.ask(others, (run, rulebook, most, run, rulebook, most))
                found += [(number, name, unit, period, most) for number, name, unit, period in rows]
        return [(name, unit, period, most) for _, name, unit, period, most in sorted(found)]

    def divide(self, run: int, parts: Iterable[tuple[str, bool, str]]) -> None:
        """The part that files have, whether they are late, and their names."""
        rows = [(part, int(late), run, name) for part, late, name in parts]
        with self._base.transaction():
            self._base.tell("UPDATE inputs SET part = ?, late = ? WHERE run = ? AND name = ?", rows)

    def owe(self, run: int, due: Iterable[Due]) -> None:
        """Who owed a run a report, in place of whatever was said before."""
        rows = [(run, n, one.code, one.name, one.contact, int(one.came)) for n, one in enumerate(due)]
        with self._base.transaction():
            self._base.tell("DELETE FROM due WHERE run = ?", [(run,)])
            put(self._base, "due", ("run", "number", "code", "name", "contact", "came"), rows)

    def due(self, run: int) -> list[Due]:
        """The roster of a run, in its order; empty where there was none."""
        asked = "SELECT code, name, contact, came FROM due WHERE run = ? ORDER BY number"
        return [Due(code, name, contact, bool(came)) for code, name, contact, came in self._base.ask(asked, (run,))]

    def seen(self, paths: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """Path → the state a file was read in, and the hash of its content then."""
        found: dict[str, tuple[str, str]] = {}
        for marks, part in lots(paths):
            asked = f"SELECT path, state, sha256 FROM seen WHERE path IN {marks}"  # noqa: S608 - our own marks
            found.update((as_given(path), (state, sha256)) for path, state, sha256 in self._base.ask(asked, part))
        return found

    def _see(self, files: Sequence[tuple[str, str, str]]) -> None:
        """Remember path, state and hash of files that were read."""
        put(self._base, "seen", ("path", "state", "sha256"), files)


def _row(run: int, e: Entry) -> tuple[str | int, ...]:
    said = "" if e.said == EMPTY else dump(e.said)
    return run, e.number, e.name, e.outcome, e.reason, e.unit_code, e.result, e.unit, e.part, int(e.late), said


def entry_of(row: Sequence[Any]) -> Entry:
    """From values that begin with those of ``ENTRY``."""
    number, name, outcome, reason, unit_code, result, unit, part, late, said = row[: len(ENTRY)]
    told = load(Text, said) if said else EMPTY
    return Entry(number, name, outcome, reason, unit_code, result, unit, part, bool(late), told)
