"""The results of a run as they are told: each under its unit, with what its name and its content say differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from auditkit.batch import Setup, named
from auditkit.model.finding import Result, RuleNote
from auditkit.model.words import EMPTY
from auditkit.store import Store
from auditkit.store.inputs import PAGE
from auditkit.store.records import Entry

if TYPE_CHECKING:
    from auditkit.known import Following

COUNTING = ("", "counts", "nobody")
"""Parts of a run that are told; older versions and second copies are only listed."""


@dataclass(frozen=True)
class Told:
    """Read from the store, so that a run of any size takes little memory; gone through as often as one likes."""

    store: Store
    run: int
    setup: Setup
    """Has the rules as reports print them."""
    follow: Following | None = None
    """What earlier rounds say of them."""

    def __iter__(self) -> Iterator[Result]:
        return (result for _, result in self.entered())

    def entered(self, *, open_only: bool = False) -> Iterator[tuple[Entry, Result]]:
        """What counts, in order of the paths, each with its entry.

        ``open_only``: without those that passed and have nothing to say.
        """
        for entry, result in self.store.results(self.run, open_only=open_only):
            if entry.part in COUNTING:
                whole = told(entry, result, self.setup.notes.get(result.rulebook, ()))
                yield entry, whole if self.follow is None else self.follow.take(whole)


def told(entry: Entry, result: Result, rules: tuple[RuleNote, ...]) -> Result:
    """The result under the name its file has in the run, and under its unit on the roster."""
    own = entry if entry.unit else result
    whose = replace(named(result, entry.name), rules=rules, unit=own.unit, unit_code=own.unit_code)
    if entry.said == EMPTY and not any(finding.rule.startswith("RS") for finding in whose.findings):
        return whose
    from auditkit.roster.disagreement import disagreement  # noqa: PLC0415 - only with a roster
    from auditkit.roster.rules import noted  # noqa: PLC0415

    findings = whose.findings if entry.said == EMPTY else (disagreement(entry.said, whose), *whose.findings)
    return replace(whose, findings=findings, rules=noted(findings, rules))


def excuse(told: Told) -> None:
    """Enter what explanations that were accepted make of the verdicts."""
    if told.follow is None:
        return
    changed = (
        entry._replace(outcome=result.verdict)
        for entry, result in told.entered()
        if any(finding.status == "explained" for finding in result.findings)
    )
    while page := list(islice(changed, PAGE)):
        told.store.enter(told.run, page)
