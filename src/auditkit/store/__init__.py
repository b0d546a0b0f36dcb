"""The store: what was checked, in one SQLite file that any SQLite tool reads; results by what they depend on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Self

from auditkit.model.finding import Result
from auditkit.model.words import EMPTY, Fault, Text
from auditkit.store.plain import dump, load
from auditkit.store.records import Due, Earlier, Entry, Run
from auditkit.store.rows import FINDING, RESULT, finding_rows, result_of, result_rows
from auditkit.store.schema import STEPS

PATIENCE = 120
"""Seconds to wait while another run writes."""
ASKED = 500
"""Keys in one query; SQLite takes at least 999."""


ENTRY = ("number", "name", "outcome", "reason", "unit_code", "result", "unit", "part", "late", "said")


class Store:
    """One SQLite file. Every method that writes is one transaction: a killed run leaves it done or undone."""

    def __init__(self, path: str | Path) -> None:
        """Open or make the file.

        Raises:
            Fault: ``store`` (exit 2): not a store, damaged, not writable, or written by a later version.
        """
        self.path = Path(path)
        try:
            self._base = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._base.close()
                raise
        except sqlite3.Error as error:
            raise _unusable(self.path, str(error), str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._base.close()

    def _prepare(self) -> None:
        """Bring the file to today's schema, one step after the other, whoever comes first."""
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute("PRAGMA foreign_keys = ON")
        if self._version() == len(STEPS):
            return
        with _Transaction(self._base):
            taken = self._version()
            if taken > len(STEPS):
                raise _unusable(self.path, "它由更新的版本写出", "it was written by a later version")
            for step in STEPS[taken:]:
                for statement in step.split(";"):
                    self._base.execute(statement)
            self._base.execute(f"PRAGMA user_version = {len(STEPS)}")

    def _version(self) -> int:
        return int(self._base.execute("PRAGMA user_version").fetchone()[0])

    def known(self, keys: Sequence[str]) -> dict[str, Result]:
        """Results by key, as far as they are kept; without rules, document and source."""
        found: dict[str, Result] = {}
        for start in range(0, len(keys), ASKED):
            found.update(self._known(keys[start : start + ASKED]))
        return found

    def _known(self, keys: Sequence[str]) -> Iterator[tuple[str, Result]]:
        marks = ",".join("?" * len(keys))
        rows = self._base.execute(f"SELECT {','.join(RESULT)} FROM results WHERE key IN ({marks})", keys).fetchall()  # noqa: S608 - our own words and marks
        wholes: dict[str, list[str]] = {}
        said = f"SELECT result, whole FROM findings WHERE result IN ({marks}) ORDER BY result, number"  # noqa: S608
        for key, whole in self._base.execute(said, keys):
            wholes.setdefault(key, []).append(whole)
        return ((row[0], result_of(row, wholes.get(row[0], ()))) for row in rows)

    def keep(self, results: Iterable[tuple[str, Result]]) -> None:
        """Keep results under their keys, in place of what was kept there."""
        kept = list(results)  # all alive at once, so that no two have one identity
        rows = result_rows(kept)
        findings = [row for key, result in kept for row in finding_rows(key, result)]
        with _Transaction(self._base):
            self._insert("OR REPLACE INTO results", (*RESULT, "figures"), rows)
            self._insert("OR REPLACE INTO findings", FINDING, findings)

    def begin(self, name: str, started: str, setup: str) -> int:
        """A new run, or the one of that name, to be gone on with. Its number."""
        with _Transaction(self._base):
            self._insert("OR IGNORE INTO runs", ("name", "started", "setup"), [(name, started, setup)])
        return int(self._base.execute("SELECT id FROM runs WHERE name = ?", (name,)).fetchone()[0])

    def new(self, day: str, started: str, setup: str) -> tuple[int, str]:
        """A new run named after its day; its number and name."""
        with _Transaction(self._base):
            taken = {name for (name,) in self._base.execute("SELECT name FROM runs")}
            name = next(name for i in count(1) if (name := f"{day}-{i:02}") not in taken)
            self._insert("INTO runs", ("name", "started", "setup"), [(name, started, setup)])
        return self.begin(name, started, setup), name

    def enter(self, run: int, entries: Iterable[Entry]) -> None:
        """What became of inputs of a run; said again, it replaces what was said."""
        with _Transaction(self._base):
            self._enter(run, entries)

    def _enter(self, run: int, entries: Iterable[Entry]) -> None:
        self._insert("OR REPLACE INTO inputs", ("run", *ENTRY), [_row(run, entry) for entry in entries])

    def attend(self, run: int, entries: Iterable[Entry], due: Iterable[Due]) -> None:
        """What became of all inputs of a run and who owed it a report, in place of whatever was said before."""
        rows = [(run, n, one.code, one.name, one.contact, int(one.came)) for n, one in enumerate(due)]
        with _Transaction(self._base):
            self._base.execute("DELETE FROM inputs WHERE run = ?", (run,))
            self._base.execute("DELETE FROM due WHERE run = ?", (run,))
            self._enter(run, entries)
            self._insert("INTO due", ("run", "number", "code", "name", "contact", "came"), rows)

    def due(self, run: int) -> list[Due]:
        """The roster of a run, in its order; empty where there was none."""
        asked = "SELECT code, name, contact, came FROM due WHERE run = ? ORDER BY number"
        return [Due(code, name, contact, bool(came)) for code, name, contact, came in self._base.execute(asked, (run,))]

    def unfinished(self, setup: str) -> str:
        """Name of the newest run of this setup that was not finished; empty if there is none."""
        asked = "SELECT name FROM runs WHERE setup = ? AND finished = '' ORDER BY id DESC LIMIT 1"
        found = self._base.execute(asked, (setup,)).fetchone()
        return found[0] if found else ""

    def has_past(self, run: int) -> bool:
        """Whether ``earlier`` can find anything for a run."""
        return bool(self._base.execute("SELECT 1 FROM runs WHERE finished != '' AND id < ? LIMIT 1", (run,)).fetchone())

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
        found = self._base.execute(asked, (*units, period, form, run)).fetchone()
        return Earlier(*found) if found else None

    def figures(self, keys: Sequence[str]) -> dict[str, str]:
        """What the cells said, by key of the result; without those that kept none."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), ASKED):
            part = keys[start : start + ASKED]
            asked = f"SELECT key, figures FROM results WHERE key IN ({','.join('?' * len(part))}) AND figures != ''"  # noqa: S608 - our own marks
            found.update(self._base.execute(asked, part).fetchall())
        return found

    def finish(self, run: int, finished: str) -> None:
        with _Transaction(self._base):
            self._base.execute("UPDATE runs SET finished = ? WHERE id = ?", (finished, run))

    def runs(self) -> list[Run]:
        """All runs, the first first."""
        return [
            Run(*row) for row in self._base.execute("SELECT id, name, started, finished, setup FROM runs ORDER BY id")
        ]

    def entries(self, run: int) -> list[Entry]:
        """Every input of a run, in order; what was skipped comes first."""
        asked = f"SELECT {','.join(ENTRY)} FROM inputs WHERE run = ? ORDER BY number, name"  # noqa: S608 - our own words
        return [_entry(row) for row in self._base.execute(asked, (run,))]

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
        return [(runs[row[0]], _entry(row[1:])) for row in self._base.execute(asked, (unit_code, unit_code))]

    def made_from(self, path: str) -> tuple[str, str]:
        """What a file was made from when it was last written, and its hash then; empty if it never was."""
        found = self._base.execute("SELECT made_from, sha256 FROM written WHERE path = ?", (path,)).fetchone()
        return (found[0], found[1]) if found else ("", "")

    def wrote(self, path: str, made_from: str, sha256: str) -> None:
        """Remember what a file was made from, so that it is not made again for nothing."""
        with _Transaction(self._base):
            self._insert("OR REPLACE INTO written", ("path", "made_from", "sha256"), [(path, made_from, sha256)])

    def set_units(self, units: Iterable[tuple[str, str, str, str, str, str, str]]) -> None:
        """The roster as it is now: code, name, e-mail, contact, phone, parent, language."""
        columns = ("code", "name", "email", "contact", "phone", "parent", "language")
        with _Transaction(self._base):
            self._base.execute("DELETE FROM units")
            self._insert("OR REPLACE INTO units", columns, list(units))

    def units(self) -> list[tuple[str, ...]]:
        return self._base.execute(
            "SELECT code, name, email, contact, phone, parent, language FROM units ORDER BY code, name"
        ).fetchall()

    def content(self, path: str, state: str) -> str:
        """Hash of a file that was read in this very state; empty if it never was."""
        asked = "SELECT sha256 FROM seen WHERE path = ? AND state = ?"
        found = self._base.execute(asked, (path, state)).fetchone()
        return str(found[0]) if found else ""

    def see(self, files: Sequence[tuple[str, str, str]]) -> None:
        """Remember path, state and hash of files that were read."""
        if files:
            with _Transaction(self._base):
                self._insert("OR REPLACE INTO seen", ("path", "state", "sha256"), files)

    def _insert(self, where: str, columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> None:
        marks = ",".join("?" * len(columns))
        self._base.executemany(f"INSERT {where} ({','.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - our own words and marks


class _Transaction:
    """All of it or nothing; waits until it may write."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __enter__(self) -> None:
        self._base.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self._base.execute("COMMIT" if kind is None else "ROLLBACK")


def _row(run: int, e: Entry) -> tuple[str | int, ...]:
    said = "" if e.said == EMPTY else dump(e.said)
    return run, e.number, e.name, e.outcome, e.reason, e.unit_code, e.result, e.unit, e.part, int(e.late), said


def _entry(row: Sequence[Any]) -> Entry:
    told = dict(zip(ENTRY, row, strict=True))
    said = load(Text, told["said"]) if told["said"] else EMPTY
    return Entry(**{**told, "late": bool(told["late"]), "said": said})


def _unusable(path: Path, zh: str, en: str) -> Fault:
    return Fault(
        "store",
        Text(f"结果库 {path} 不能使用：{zh}。", f"The store {path} cannot be used: {en}."),
        hint=Text("请另指定一个文件（--store），或不用结果库（--store none）。", "Name another file, or --store none."),
        exit=2,
    )
