"""The store: what was checked, in one SQLite file that any SQLite tool reads; results by what they depend on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Self

from auditkit.model.finding import Result
from auditkit.model.words import EMPTY, Fault, Text
from auditkit.store.database import Values, connected, unusable
from auditkit.store.plain import dump, load
from auditkit.store.records import Due, Earlier, Entry, Run
from auditkit.store.rows import FINDING, RESULT, finding_rows, result_of, result_rows
from auditkit.store.schema import KEYS, STEPS

ASKED = 500
"""Keys in one query; SQLite takes at least 999."""


ENTRY = ("number", "name", "outcome", "reason", "unit_code", "result", "unit", "part", "late", "said")


class Store:
    """A file or a server. Every method that writes is one transaction: a killed run leaves it done or undone."""

    def __init__(self, place: str | Path) -> None:
        """Open or make it: a file, or the tables on the server that a PostgreSQL URL names.

        Raises:
            Fault: ``store`` (exit 2): not a store, damaged, not writable, or written by a later version; no server.
        """
        self.place = str(place)
        self._base = connected(self.place)
        try:
            taken = self._base.upgrade(STEPS)
        except (sqlite3.Error, Fault) as error:
            self.close()
            raise error if isinstance(error, Fault) else unusable(self.place, str(error), str(error)) from error
        if taken > len(STEPS):
            self.close()
            raise unusable(self.place, "它由更新的版本写出", "it was written by a later version")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._base.close()

    def known(self, keys: Sequence[str]) -> dict[str, Result]:
        """Results by key, as far as they are kept; without rules, document and source."""
        found: dict[str, Result] = {}
        for start in range(0, len(keys), ASKED):
            found.update(self._known(keys[start : start + ASKED]))
        return found

    def _known(self, keys: Sequence[str]) -> Iterator[tuple[str, Result]]:
        marks = ",".join("?" * len(keys))
        rows = self._base.ask(f"SELECT {','.join(RESULT)} FROM results WHERE key IN ({marks})", keys)  # noqa: S608 - our own words and marks
        wholes: dict[str, list[str]] = {}
        said = f"SELECT result, whole FROM findings WHERE result IN ({marks}) ORDER BY result, number"  # noqa: S608
        for key, whole in self._base.ask(said, keys):
            wholes.setdefault(key, []).append(whole)
        return ((row[0], result_of(row, wholes.get(row[0], ()))) for row in rows)

    def keep(self, results: Iterable[tuple[str, Result]]) -> None:
        """Keep results under their keys, in place of what was kept there."""
        kept = list(results)  # all alive at once, so that no two have one identity
        rows = result_rows(kept)
        findings = [row for key, result in kept for row in finding_rows(key, result)]
        with self._base.transaction():
            self._put("results", (*RESULT, "figures"), rows)
            self._base.tell("DELETE FROM findings WHERE result = ?", [(key,) for key, _ in kept])
            self._put("findings", FINDING, findings)

    def begin(self, name: str, started: str, setup: str) -> int:
        """A new run, or the one of that name, to be gone on with. Its number."""
        with self._base.transaction():
            self._begin(name, started, setup)
        return int(self._base.ask("SELECT id FROM runs WHERE name = ?", (name,))[0][0])

    def _begin(self, name: str, started: str, setup: str) -> None:
        if not self._base.ask("SELECT 1 FROM runs WHERE name = ?", (name,)):
            self._base.tell("INSERT INTO runs (name, started, setup) VALUES (?, ?, ?)", [(name, started, setup)])

    def new(self, day: str, started: str, setup: str) -> tuple[int, str]:
        """A new run named after its day; its number and name."""
        with self._base.transaction():
            taken = {name for (name,) in self._base.ask("SELECT name FROM runs")}
            name = next(name for i in count(1) if (name := f"{day}-{i:02}") not in taken)
            self._begin(name, started, setup)
        return self.begin(name, started, setup), name

    def enter(self, run: int, entries: Iterable[Entry]) -> None:
        """What became of inputs of a run; said again, it replaces what was said."""
        with self._base.transaction():
            self._enter(run, entries)

    def _enter(self, run: int, entries: Iterable[Entry]) -> None:
        self._put("inputs", ("run", *ENTRY), [_row(run, entry) for entry in entries])

    def attend(self, run: int, entries: Iterable[Entry], due: Iterable[Due]) -> None:
        """What became of all inputs of a run and who owed it a report, in place of whatever was said before."""
        rows = [(run, n, one.code, one.name, one.contact, int(one.came)) for n, one in enumerate(due)]
        with self._base.transaction():
            self._base.tell("DELETE FROM inputs WHERE run = ?", [(run,)])
            self._base.tell("DELETE FROM due WHERE run = ?", [(run,)])
            self._enter(run, entries)
            self._put("due", ("run", "number", "code", "name", "contact", "came"), rows)

    def due(self, run: int) -> list[Due]:
        """The roster of a run, in its order; empty where there was none."""
        asked = "SELECT code, name, contact, came FROM due WHERE run = ? ORDER BY number"
        return [Due(code, name, contact, bool(came)) for code, name, contact, came in self._base.ask(asked, (run,))]

    def unfinished(self, setup: str) -> str:
        """Name of the newest run of this setup that was not finished; empty if there is none."""
        asked = "SELECT name FROM runs WHERE setup = ? AND finished = '' ORDER BY id DESC LIMIT 1"
        found = self._base.ask(asked, (setup,))
        return str(found[0][0]) if found else ""

    def has_past(self, run: int) -> bool:
        """Whether ``earlier`` can find anything for a run."""
        return bool(self._base.ask("SELECT 1 FROM runs WHERE finished != '' AND id < ? LIMIT 1", (run,)))

    def earlier(self, form: str, units: Sequence[str], period: str, run: int) -> Earlier | None:
        """A unit's report for a period: the newest that was not returned, else the newest.

        Args:
            form: id of the rulebook.
            units: names the unit may have in its report.
            period: the year.
            run: number of the run that asks; only finished runs before it are looked at.
        """
        marks = ",".join("?" * len(units))
        asked = (
            "SELECT results.file, sha256, figures FROM results JOIN inputs ON inputs.result = results.key"  # noqa: S608 - our own marks
            " JOIN runs ON runs.id = inputs.run"
            f" WHERE results.unit IN ({marks}) AND period = ? AND rulebook = ? AND figures != ''"
            " AND inputs.run < ? AND finished != '' AND part IN ('', 'counts')"
            " ORDER BY verdict = 'return', inputs.run DESC, number DESC LIMIT 1"
        )
        found = self._base.ask(asked, (*units, period, form, run))
        return Earlier(*found[0]) if found else None

    def figures(self, keys: Sequence[str]) -> dict[str, str]:
        """What the cells said, by key of the result; without those that kept none."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), ASKED):
            part = keys[start : start + ASKED]
            asked = f"SELECT key, figures FROM results WHERE key IN ({','.join('?' * len(part))}) AND figures != ''"  # noqa: S608 - our own marks
            found.update((str(key), str(said)) for key, said in self._base.ask(asked, part))
        return found

    def finish(self, run: int, finished: str) -> None:
        with self._base.transaction():
            self._base.tell("UPDATE runs SET finished = ? WHERE id = ?", [(finished, run)])

    def runs(self) -> list[Run]:
        """All runs, the first first."""
        return [Run(*row) for row in self._base.ask("SELECT id, name, started, finished, setup FROM runs ORDER BY id")]

    def entries(self, run: int) -> list[Entry]:
        """Every input of a run, in order; what was skipped comes first."""
        asked = f"SELECT {','.join(ENTRY)} FROM inputs WHERE run = ? ORDER BY number, name"  # noqa: S608 - our own words
        return [_entry(row) for row in self._base.ask(asked, (run,))]

    def results(self, run: int) -> Iterator[tuple[Entry, Result]]:
        """Inputs of a run that were checked, with their results, in order."""
        entries = [entry for entry in self.entries(run) if entry.result]
        for start in range(0, len(entries), ASKED):
            part = entries[start : start + ASKED]
            known = self.known([entry.result for entry in part])
            yield from ((entry, known[entry.result]) for entry in part)

    def history(self, unit_code: str) -> list[tuple[Run, Entry]]:
        """What a unit, by code or name, sent in, run by run."""
        runs = {run.id: run for run in self.runs()}
        asked = f"SELECT run, {','.join(ENTRY)} FROM inputs WHERE unit_code = ? OR unit = ? ORDER BY run, number"  # noqa: S608 - our own words
        return [(runs[row[0]], _entry(row[1:])) for row in self._base.ask(asked, (unit_code, unit_code))]

    def made_from(self, path: str) -> tuple[str, str]:
        """What a file was made from when it was last written, and its hash then; empty if it never was."""
        found = self._base.ask("SELECT made_from, sha256 FROM written WHERE path = ?", (path,))
        return (found[0][0], found[0][1]) if found else ("", "")

    def wrote(self, path: str, made_from: str, sha256: str) -> None:
        """Remember what a file was made from, so that it is not made again for nothing."""
        with self._base.transaction():
            self._put("written", ("path", "made_from", "sha256"), [(path, made_from, sha256)])

    def set_units(self, units: Iterable[tuple[str, str, str, str, str, str, str]]) -> None:
        """The roster as it is now: code, name, e-mail, contact, phone, parent, language."""
        columns = ("code", "name", "email", "contact", "phone", "parent", "language")
        with self._base.transaction():
            self._base.tell("DELETE FROM units")
            self._put("units", columns, list(units))

    def units(self) -> list[tuple[str, ...]]:
        asked = "SELECT code, name, email, contact, phone, parent, language FROM units ORDER BY code, name"
        return [tuple(row) for row in self._base.ask(asked)]

    def content(self, path: str, state: str) -> str:
        """Hash of a file that was read in this very state; empty if it never was."""
        found = self._base.ask("SELECT sha256 FROM seen WHERE path = ? AND state = ?", (path, state))
        return str(found[0][0]) if found else ""

    def see(self, files: Sequence[tuple[str, str, str]]) -> None:
        """Remember path, state and hash of files that were read."""
        if files:
            with self._base.transaction():
                self._put("seen", ("path", "state", "sha256"), files)

    def _put(self, table: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
        """Write rows in place of those with the same key."""
        key, marks = KEYS[table], ",".join("?" * len(columns))
        said = ",".join(f"{column} = excluded.{column}" for column in columns if column not in key)
        told = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks}) ON CONFLICT ({','.join(key)})"  # noqa: S608 - our own words and marks
        self._base.tell(f"{told} DO UPDATE SET {said}", rows)


def _row(run: int, e: Entry) -> tuple[str | int, ...]:
    said = "" if e.said == EMPTY else dump(e.said)
    return run, e.number, e.name, e.outcome, e.reason, e.unit_code, e.result, e.unit, e.part, int(e.late), said


def _entry(row: Sequence[Any]) -> Entry:
    told = dict(zip(ENTRY, row, strict=True))
    said = load(Text, told["said"]) if told["said"] else EMPTY
    return Entry(**{**told, "late": bool(told["late"]), "said": said})
