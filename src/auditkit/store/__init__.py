"""The store: what was checked, in one SQLite file that any SQLite tool reads; results by what they depend on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any, Self

from auditkit.model.finding import Result
from auditkit.model.words import Fault
from auditkit.store.database import ASKED, as_given, connected, lots, put, said, unusable
from auditkit.store.inputs import ENTRY, PAGE, Inputs, entry_of
from auditkit.store.records import Earlier, Entry, Run, Written
from auditkit.store.rows import BRIEF, FINDING, RESULT, Brief, Kept, Writer, results_of
from auditkit.store.schema import STEPS

TEXTS = 4096
"""Texts that results share which are kept in memory."""


class Store(Inputs):
    """A file or a server. Every method that writes is one transaction: a killed run leaves it done or undone."""

    def __init__(self, place: str | Path) -> None:
        """Open or make it: a file, or the tables on the server that a PostgreSQL URL names.

        Raises:
            Fault: ``store`` (exit 2): not a store, damaged, not writable, or written by a later version; no server.
        """
        self.place = str(place)
        self._texts: dict[str, str] = {}
        self._base = connected(self.place)
        try:
            taken = self._base.upgrade(STEPS)
        except (sqlite3.Error, Fault) as error:
            self.close()
            raise error if isinstance(error, Fault) else unusable(self.place, *said(error)) from error
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
        """Results by key, as far as they are kept; without rules, document, source and figures."""
        made: dict[str, Result] = {}
        for marks, part in lots(keys):
            rows = self._base.ask(f"SELECT {','.join(RESULT)} FROM results WHERE key IN {marks}", part)  # noqa: S608 - our own words and marks
            made |= self._made(rows)
        return made

    def _made(self, rows: Sequence[Sequence[Any]]) -> dict[str, Result]:
        wholes: dict[str, list[str]] = {}
        for marks, part in lots([row[0] for row in rows if row[RESULT.index("found")]]):
            said = f"SELECT result, whole FROM findings WHERE result IN {marks} ORDER BY result, number"  # noqa: S608
            for key, whole in self._base.ask(said, part):
                wholes.setdefault(key, []).append(whole)
        self._learn({row[at] for row in rows for at in (RESULT.index("tallies"), RESULT.index("told"))})
        return results_of(rows, wholes, self._texts.__getitem__)

    def _learn(self, hashes: set[str]) -> None:
        """Have these texts at hand."""
        if len(self._texts) > TEXTS:
            self._texts.clear()
        for marks, part in lots(sorted(hashes - self._texts.keys())):
            self._texts.update(self._base.ask(f"SELECT hash, whole FROM texts WHERE hash IN {marks}", part))  # type: ignore[arg-type] # noqa: S608

    def have(self, bases: Sequence[str]) -> list[Brief]:
        """What is kept of contents under these ``base``s, with which keys begin, whatever was known of last year."""
        found: list[Brief] = []
        for n in range(0, len(bases), ASKED):
            part = bases[n : n + ASKED]
            asked = (
                f"WITH asked (start) AS (VALUES {','.join(['(?)'] * len(part))}) SELECT {','.join(BRIEF)} FROM asked"  # noqa: S608 - our own words and marks
                " CROSS JOIN results WHERE key >= start AND key < start || '.' ORDER BY key"
            )
            found += map(Brief._make, self._base.ask(asked, part))
        return found

    def before(self, run: int) -> int:
        """The newest run before a run that was asked for the same; 0 if there is none."""
        asked = "SELECT max(id) FROM runs WHERE id < ? AND setup = (SELECT setup FROM runs WHERE id = ?)"
        return self._base.ask(asked, (run, run))[0][0] or 0

    def entered(self, run: int, names: Sequence[str]) -> Iterator[tuple[str, int, str, Brief]]:
        """Inputs of a run that have a result: name, number in its archive, state, and the result."""
        whole = ",".join(f"results.{column}" for column in BRIEF)
        for marks, part in lots(names):
            asked = (
                f"SELECT name, member, state, {whole} FROM inputs JOIN results ON results.key = inputs.result"  # noqa: S608 - our own words and marks
                f" WHERE run = ? AND name IN {marks}"
            )
            yield from ((*row[:3], Brief._make(row[3:])) for row in self._base.ask(asked, (run, *part)))

    def keep(self, results: Iterable[tuple[str, Result]]) -> None:
        """Keep results under their keys, in place of what was kept there."""
        writer = Writer()
        kept = [writer.kept(key, result) for key, result in results]
        with self._base.transaction():
            self._keep(kept)

    def _keep(self, kept: Sequence[Kept]) -> None:
        wholes = dict(whole for one in kept for whole in one.wholes)
        put(self._base, "texts", ("hash", "whole"), sorted(wholes.items()))
        put(self._base, "results", RESULT, [one.row for one in kept])
        for marks, part in lots([str(one.row[0]) for one in kept]):
            self._base.tell(f"DELETE FROM findings WHERE result IN {marks}", [part])  # noqa: S608 - our own words and marks
        put(self._base, "findings", FINDING, [row for one in kept for row in one.findings])
        put(self._base, "figures", ("result", "said"), [(one.row[0], one.figures) for one in kept if one.figures])

    def settle(
        self, run: int, kept: Sequence[Kept], entries: Iterable[Entry], read: Sequence[tuple[str, str, str]]
    ) -> None:
        """A lot of a run is done: its results, what became of its inputs, and the files that were read for it."""
        with self._base.transaction():
            self._keep(kept)
            self._enter(run, entries)
            self._see(read)

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

    def unfinished(self, setup: str) -> list[tuple[int, str]]:
        """Number and name of runs of this setup that were not finished, the newest first."""
        asked = "SELECT id, name FROM runs WHERE setup = ? AND finished = '' ORDER BY id DESC"
        return [(run, name) for run, name in self._base.ask(asked, (setup,))]

    def hold(self, run: int) -> bool:
        """Have a run to oneself while this store is open; False where another process is at it."""
        return self._base.hold(run)

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
        found = self._earlier("results.file, sha256, figures.said", form, units, period, run)
        return Earlier(*found[0]) if found else None

    def hashes(self, form: str, units: Sequence[str], period: str, run: int) -> list[tuple[str, str]]:
        """Name of the unit and hash of the file for everything that ``earlier`` looks at, the best first."""
        return [(unit, sha256) for unit, sha256 in self._earlier("results.unit, sha256", form, units, period, run)]

    def _earlier(self, columns: str, form: str, units: Sequence[str], period: str, run: int) -> Sequence[Sequence[Any]]:
        """Rows of the units' reports, the best first; of no run in which several units of the roster have one name."""
        marks = ",".join("?" * len(units))
        asked = (
            "SELECT results.unit, inputs.run, inputs.unit_code, inputs.unit, "  # noqa: S608 - our own words and marks
            f"{columns} FROM results JOIN figures ON figures.result = results.key"
            " JOIN inputs ON inputs.result = results.key JOIN runs ON runs.id = inputs.run"
            f" WHERE results.unit IN ({marks}) AND period = ? AND rulebook = ?"
            " AND inputs.run < ? AND finished != '' AND part IN ('', 'counts')"
            " ORDER BY verdict = 'return', inputs.run DESC, number DESC"
        )
        rows = self._base.ask(asked, (*units, period, form, run))
        owners: dict[tuple[str, int], set[tuple[str, str]]] = {}
        for name, at, *owner in rows:
            owners.setdefault((name, at), set()).add((owner[0], owner[1]))
        return [row[4:] for row in rows if len(owners[row[0], row[1]]) == 1]

    def reported(self, form: str, period: str, run: int) -> bool:
        """Whether ``earlier`` can find anybody's report of a form and year."""
        asked = (
            "SELECT 1 FROM results JOIN inputs ON inputs.result = results.key JOIN runs ON runs.id = inputs.run"
            " WHERE rulebook = ? AND period = ? AND inputs.run < ? AND finished != '' LIMIT 1"
        )
        return bool(self._base.ask(asked, (form, period, run)))

    def figures(self, keys: Sequence[str]) -> dict[str, str]:
        """What the cells said, by key of the result; without those that kept none."""
        found: dict[str, str] = {}
        for marks, part in lots(keys):
            found.update(self._base.ask(f"SELECT result, said FROM figures WHERE result IN {marks}", part))  # type: ignore[arg-type] # noqa: S608
        return found

    def finish(self, run: int, finished: str) -> None:
        with self._base.transaction():
            self._base.tell("UPDATE runs SET finished = ? WHERE id = ?", [(finished, run)])

    def runs(self) -> list[Run]:
        """All runs, the first first."""
        return [Run(*row) for row in self._base.ask("SELECT id, name, started, finished, setup FROM runs ORDER BY id")]

    def results(self, run: int, *, open_only: bool = False) -> Iterator[tuple[Entry, Result]]:
        """Inputs of a run that were checked, with their results, in order.

        ``open_only``: without those that passed and have nothing to say.
        """
        said = " OR EXISTS (SELECT 1 FROM findings WHERE findings.result = inputs.result)"
        rows = self._pages(ENTRY, run, f" AND result != '' AND (outcome != 'pass'{said})" if open_only else "")
        while page := [entry_of(row) for row in islice(rows, PAGE)]:
            known = self.known([entry.result for entry in page if entry.result])
            yield from ((entry, known[entry.result]) for entry in page if entry.result in known)

    def history(self, unit_code: str) -> list[tuple[Run, Entry]]:
        """What a unit, by code or name, sent in, run by run."""
        runs = {run.id: run for run in self.runs()}
        asked = f"SELECT {','.join(ENTRY)}, run FROM inputs WHERE unit_code = ? OR unit = ? ORDER BY run, number"  # noqa: S608 - our own words
        return [(runs[row[-1]], entry_of(row)) for row in self._base.ask(asked, (unit_code, unit_code))]

    def made_from(self, path: str) -> tuple[str, str]:
        """What a file was made from when it was last written, and its hash then; empty if it never was."""
        found = self._base.ask("SELECT made_from, sha256 FROM written WHERE path = ?", (path,))
        return (found[0][0], found[0][1]) if found else ("", "")

    def wrote(self, *files: Written) -> None:
        """Remember what files were made from."""
        with self._base.transaction():
            put(self._base, "written", Written._fields, files)

    def written(self, setup: str, run: int) -> list[Written]:
        """Files that runs of this setup wrote as answers to what is among the inputs of this run too."""
        asked = (
            f"SELECT {','.join(f'written.{name}' for name in Written._fields)} FROM written"  # noqa: S608 - our own words
            " JOIN inputs ON inputs.run = ? AND inputs.name = written.input WHERE written.setup = ?"
            " ORDER BY written.path"
        )
        return [Written(as_given(path), *rest) for path, *rest in self._base.ask(asked, (run, setup))]

    def unlist(self, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        with self._base.transaction():
            self._base.tell("DELETE FROM written WHERE path = ?", [(path,) for path in paths])

    def forget(self, before: str) -> int:
        """Forget runs that began before a day or time, as ISO text, and all that only they have; how many.

        The last run of each setup stays, since the next one goes on from it.
        """
        gone = (
            "DELETE FROM results WHERE key NOT IN (SELECT result FROM inputs)",
            "DELETE FROM figures WHERE result NOT IN (SELECT key FROM results)",
            "DELETE FROM texts WHERE hash NOT IN (SELECT tallies FROM results UNION SELECT told FROM results)",
            "DELETE FROM seen WHERE sha256 NOT IN (SELECT sha256 FROM results)",
        )
        with self._base.transaction():
            old = self._base.ask(
                "SELECT id FROM runs WHERE started < ? AND id NOT IN (SELECT max(id) FROM runs GROUP BY setup)",
                (before,),
            )
            self._base.tell("DELETE FROM runs WHERE id = ?", old)
            for sql in gone:
                self._base.tell(sql)
        self._base.shrink()
        return len(old)

    def set_units(self, units: Iterable[tuple[str, str, str, str, str, str, str]]) -> None:
        """The roster as it is now: code, name, e-mail, contact, phone, parent, language."""
        columns = ("code", "name", "email", "contact", "phone", "parent", "language")
        with self._base.transaction():
            self._base.tell("DELETE FROM units")
            put(self._base, "units", columns, list(units))

    def units(self) -> list[tuple[str, ...]]:
        asked = "SELECT code, name, email, contact, phone, parent, language FROM units ORDER BY code, name"
        return [tuple(row) for row in self._base.ask(asked)]
