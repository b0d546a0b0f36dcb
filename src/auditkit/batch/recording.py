"""A run over the store: what is listed there is checked lot by lot, and kept there at once; what is known is not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditkit.batch.companies import Company, Numbered, chunks, joined, together
from auditkit.batch.ends import Limits
from auditkit.batch.gather import Found
from auditkit.batch.hands import Jobs, at_work
from auditkit.batch.listing import Filed, entered, found_in, nobody
from auditkit.batch.past import fitting
from auditkit.batch.posting import Answer, Post
from auditkit.batch.setup import Content, Setup, key_of
from auditkit.store import Store
from auditkit.store.records import Entry
from auditkit.store.rows import Brief

if TYPE_CHECKING:
    from auditkit.batch.worker import Peril


def record(
    store: Store,
    run: int,
    setup: Setup,
    *,
    filed: Filed = nobody,
    jobs: Jobs = 1,
    limits: Limits | None = None,
    peril: Peril | None = None,
) -> Iterator[list[Entry]]:
    """Check the files of a run of which nothing is said yet, and enter what became of them; yields entries lot by lot.

    Nothing that is in a file can end the run. What is known is not checked again.

    Args:
        store: has the files of the run (``Store.list_inputs``, numbered from 0), and gets results and entries.
        run: its number.
        setup: what to check against.
        filed: adds whose an input is.
        jobs: as for ``run``.
        limits: time and memory of one lot.
        peril: done to each source before it is read, for tests.

    Raises:
        Fault: as ``run``.
    """
    beside = together(lambda: store.names(run))
    store.reopen(run, beside)  # what was found in one of them alone says nothing of it beside the others
    return _Recording(store, run, setup, filed, beside).done(jobs, limits or Limits(), peril)


@dataclass
class _Recording:
    """Knows which files each lot has."""

    store: Store
    run: int
    setup: Setup
    filed: Filed
    beside: Mapping[int, int]
    """Files that are checked beside others, as ``together`` says."""
    under_way: dict[int, list[Numbered]] = field(default_factory=dict)
    entered: list[Entry] = field(default_factory=list)
    """What nobody was told yet."""

    def done(self, jobs: Jobs, limits: Limits, peril: Peril | None) -> Iterator[list[Entry]]:
        """The entries of each lot."""
        for number, answers in at_work(self.setup, self.lots(), jobs, limits, peril):
            self.settle(number, answers)
            entered, self.entered = self.entered, []
            yield entered

    def lots(self) -> Iterator[Post]:
        """What must be checked; a lot may be empty when all its results are known."""
        found = ((entry.number, found_in(entry, origin)) for entry, origin in self.store.origins(self.run))
        for number, chunk in enumerate(chunks(joined(found, self.beside))):
            known = self._known(chunk)
            at_hand = [one for company in chunk for one in company if one[0] in known]
            self._settle(at_hand, [Answer("", known[n]) for n, _ in at_hand])
            needed = [company for company in chunk if company[0][0] not in known]
            self.under_way[number] = [one for company in needed for one in company]
            work = tuple(tuple(one for _, one in company) for company in needed)
            yield Post(work, self.run, self.setup.fingerprint)

    def _known(self, chunk: Sequence[Company]) -> dict[int, Brief]:
        """Number of a file → its result, for companies of which everything is known without opening a file."""
        places = {n: _place(one) for company in chunk for n, one in company if one.state}
        seen = self.store.seen(list(places.values()))
        bases: dict[int, str] = {}
        for company in chunk:
            read = [(one, *seen.get(places.get(n, ""), ("", ""))) for n, one in company]
            contents = [Content(sha256, one.file) for one, state, sha256 in read if state and state == one.state]
            if len(contents) == len(company):
                for (n, _), own in zip(company, contents, strict=True):
                    bases[n] = key_of(self.setup.fingerprint, (own, *contents))
        have = self.store.have(list(bases.values()))
        fits = {one.base: one for one in fitting(self.setup.past, have, given=self.setup.given)}
        whole = (company for company in chunk if all(bases.get(n) in fits for n, _ in company))
        return {n: fits[bases[n]] for company in whole for n, _ in company}

    def settle(self, number: int, answers: Sequence[Answer]) -> None:
        """Take in a lot, and have the store keep it at once."""
        self._settle(self.under_way.pop(number), answers)

    def _settle(self, files: Sequence[Numbered], answers: Sequence[Answer]) -> None:
        if not files:
            return
        done = list(zip(files, answers, strict=True))
        kept = [answer.kept for _, answer in done if answer.kept is not None]
        read = [(_place(one), one.state, answer.sha256) for (_, one), answer in done if one.state and answer.sha256]
        entries = [entered(n, one, answer.brief, self.filed) for (n, one), answer in done]
        self.store.settle(self.run, kept, entries, read)
        self.entered += entries


def _place(one: Found) -> str:
    """What a file is remembered by, wherever the run was started."""
    where = os.path.abspath(one.path)  # noqa: PTH100 - links stay
    return where if one.member < 0 else f"{where}!{one.member}"
