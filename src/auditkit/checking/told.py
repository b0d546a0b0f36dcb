"""The results of a run as they are told: each under its unit, with what its name and its content say differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from auditkit.batch import named
from auditkit.known import Following
from auditkit.model.finding import Result, RuleNote
from auditkit.model.words import EMPTY
from auditkit.roster.disagreement import RULE, disagreement
from auditkit.store import Store
from auditkit.store.records import Entry

COUNTING = ("", "counts", "nobody")
"""Parts of a run that are told; older versions and second copies are only listed."""
FEW = 5_000
"""Results that are kept in memory; more are read again each time."""


@dataclass(frozen=True)
class Told:
    """Read from the store, so that a run of any size takes little memory; gone through as often as one likes."""

    store: Store
    run: int
    notes: Mapping[str, tuple[RuleNote, ...]]
    """Rulebook → its rules, as reports print them."""
    follow: Following | None = None
    """What earlier rounds say of them."""
    few: list[tuple[Entry, Result]] = field(default_factory=list, init=False, repr=False)
    """Kept from the first time, where they are few."""

    def __iter__(self) -> Iterator[Result]:
        return (result for _, result in self.entered())

    def entered(self) -> Iterator[tuple[Entry, Result]]:
        """What counts, in order of the paths, each with its entry."""
        if self.few:
            yield from self.few
            return
        kept: list[tuple[Entry, Result]] = []
        for entry, result in self.store.results(self.run):
            if entry.part in COUNTING:
                whole = told(entry, replace(result, rules=self.notes.get(result.rulebook, ())))
                one = entry, whole if self.follow is None else self.follow.take(whole)
                if len(kept) <= FEW:
                    kept.append(one)
                yield one
        if len(kept) <= FEW:
            self.few.extend(kept)


def told(entry: Entry, result: Result) -> Result:
    """The result under the name its file has in the run, and under its unit on the roster."""
    whose = named(result, entry.name)
    if entry.unit:
        whose = replace(whose, unit=entry.unit, unit_code=entry.unit_code)
    if entry.said == EMPTY:
        return whose
    return replace(whose, findings=(disagreement(entry.said, whose), *whose.findings), rules=(RULE, *whose.rules))
