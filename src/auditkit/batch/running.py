"""A run: files in, one result each in the same order, from the store, from this process or from a crew of workers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from auditkit.batch import ends
from auditkit.batch.companies import Company, chunks, companies
from auditkit.batch.ends import Limits
from auditkit.batch.gather import Found
from auditkit.batch.hands import Jobs, at_work
from auditkit.batch.judging import Keep, Lot
from auditkit.batch.naming import named
from auditkit.batch.setup import Content, Setup
from auditkit.batch.worker import Peril
from auditkit.model.finding import Result
from auditkit.model.words import Fault
from auditkit.store import Store
from auditkit.store.records import Entry

Key = tuple[str, str]
"""The name a result is kept under, and the hash of the file that was seen when the name was made."""

Input = tuple[int, Found, Key | None]


SETTLED = 2
"""Seconds after which a change of a file is sure to show in its times."""


@dataclass
class Plan:
    """The files of a run, in lots; knows which input each result belongs to and what need not be checked again."""

    setup: Setup
    keep: Keep
    store: Store | None
    run: int | None
    """Number of this run in the store."""
    done: dict[int, Result] = field(default_factory=dict)
    """Results that wait for their turn."""
    under_way: dict[int, list[Input]] = field(default_factory=dict)
    read: list[tuple[str, str, str]] = field(default_factory=list)
    """Path, state and hash of files that were read to be known."""

    def lots(self, found: Iterable[Found]) -> Iterator[Lot]:
        """What must be checked; a lot may be empty when all its results are known."""
        for number, chunk in enumerate(chunks(companies(found))):
            keys = [self._keys(company) for company in chunk]
            self._seen()
            known = self.store.known([key[0] for own in keys for key in own if key]) if self.store else {}
            needed: list[Company] = []
            at_hand: list[tuple[Input, Result]] = []
            waiting = self.under_way[number] = []
            for company, own in zip(chunk, keys, strict=True):
                inputs = [(n, one, key) for (n, one), key in zip(company, own, strict=True)]
                results = [known[key[0]] for key in own if key and key[0] in known]
                if len(results) == len(company) and all(map(self._enough, results)):
                    at_hand += zip(inputs, results, strict=True)
                else:
                    needed.append(company)
                    waiting += inputs
            if at_hand:
                self._take(*zip(*at_hand, strict=True))
            yield Lot(tuple(tuple(one for _, one in company) for company in needed), self.keep)

    def _keys(self, company: Company) -> list[Key | None]:
        """A key for each file, made from all files of the company; none where one of them cannot be read."""
        if self.store is None:
            return [None] * len(company)
        try:
            contents = [self._content(one) for _, one in company]
        except Fault:
            return [None] * len(company)
        return [(self.setup.key((content, *contents)), content.sha256) for content in contents]

    def _content(self, one: Found) -> Content:
        """Raises ``Fault`` where it cannot be read, which it is only where it is not known."""
        if one.sha256:
            return Content(one.sha256, one.file)
        source = one.load()
        if one.state and time.time() - one.modified > SETTLED:
            self.read.append((os.path.abspath(one.path), one.state, source.sha256))  # noqa: PTH100 - links stay
        return Content(source.sha256, source.name)

    def _seen(self) -> None:
        if self.store is not None:
            self.store.see(self.read)
            self.read.clear()

    def settle(self, number: int, results: list[Result]) -> None:
        """Take in the results of a lot, and have the store keep them at once."""
        inputs = [
            (n, one, key if key and _holds(key, result) else None)
            for (n, one, key), result in zip(self.under_way.pop(number), results, strict=True)
        ]
        if self.store:
            pairs = zip(inputs, results, strict=True)
            self.store.keep([(name, result) for (_, one, key), result in pairs if (name := self._name(one, key))])
        self._take(inputs, results)

    def _take(self, inputs: Sequence[Input], results: Sequence[Result]) -> None:
        pairs = list(zip(inputs, results, strict=True))
        if self.store and self.run is not None:
            self.store.enter(
                self.run, [_entry(n, one, result, self._name(one, key)) for (n, one, key), result in pairs]
            )
        self.done.update((n, named(result, one.name)) for (n, one, _), result in pairs)

    def _name(self, one: Found, key: Key | None) -> str:
        """What the result is kept under: a name of this run alone where it would not hold in another."""
        if key:
            return key[0]
        return "" if self.run is None else f"{self.run}:{one.name}"

    def _enough(self, result: Result) -> bool:
        past = self.setup.past
        if past is not None and not past.still(result):
            return False
        return self.keep == "nothing" or (self.keep == "open" and not result.findings)


def run(
    found: Iterable[Found],
    setup: Setup,
    *,
    jobs: Jobs = 1,
    keep: Keep = "nothing",
    store: Store | None = None,
    record: int | None = None,
    limits: Limits | None = None,
    peril: Peril | None = None,
) -> Iterator[Result]:
    """Check files and yield one result for each, in order; nothing that is in a file can end the run.

    Args:
        found: as ``gather`` gives them; taken as they are needed, a folder at a time.
        setup: what to check against.
        jobs: worker processes; 0 checks in this process, without limits, where few files are trusted; or the
            address of a Dask scheduler, whose workers must see the same files under the same names.
        keep: which results bring back ``document`` and ``source``.
        store: results it has are not made again, unless their documents are asked for; new ones are kept at once.
        record: number of the run in ``store`` to enter every input under.
        limits: time and memory of one lot.
        peril: done to each source before it is read, for tests.

    Raises:
        Fault: the rulebook or last year's path is wrong (exit 2); no worker starts (exit 3); no such cluster (exit 2).
    """
    bounds = limits or Limits()
    notes = setup.notes
    plan = Plan(setup, keep, store, record)
    lots = plan.lots(found)
    work = at_work(setup, lots, jobs, bounds, peril)
    turn = 0
    for number, results in work:
        plan.settle(number, results)
        while turn in plan.done:
            result = plan.done.pop(turn)
            yield replace(result, rules=notes.get(result.rulebook, ()))
            turn += 1


def _holds(key: Key, result: Result) -> bool:
    """The file is what it was when the key was made, and what is said of it holds tomorrow and elsewhere."""
    return key[1] == result.sha256 and not any(fault.code in ends.RETRIED for fault in result.faults)


def _entry(number: int, one: Found, result: Result, name: str) -> Entry:
    reason = result.faults[0].code if result.faults else "" if result.rulebook else "unknown-form"
    return Entry(number, one.name, result.verdict, reason, result.unit_code, name, result.unit)
