"""Findings in the order people repair them: under the cell that would clear them, the others after; numbered once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.model.document import Grid, Place
from auditkit.model.finding import Finding, Result, Suspect, Term


@dataclass(frozen=True)
class Entry:
    """A finding with its number in every output that numbers, and the suspicion it stands under."""

    number: int
    finding: Finding
    suspect: Suspect | None


@dataclass(frozen=True)
class Group:
    """What one suspicion would clear; the last group has no suspicion."""

    suspect: Suspect | None
    entries: tuple[Entry, ...]


def groups(result: Result) -> tuple[Group, ...]:
    """Every finding once, under the first suspicion that would clear it."""
    left = list(result.findings)
    number = 0
    made: list[Group] = []
    for suspect in (*result.suspects, None):
        here = [f for f in left if suspect is None or f.key in suspect.clears]
        left = [f for f in left if f not in here]
        entries = tuple(Entry(number + n, finding, suspect) for n, finding in enumerate(here, 1))
        number += len(entries)
        if entries or suspect is not None:
            made.append(Group(suspect, entries))
    return tuple(made)


def entries(result: Result) -> Iterator[Entry]:
    for group in groups(result):
        yield from group.entries


def listed(result: Result) -> tuple[Entry, ...]:
    """Every finding as numbered, then what was open in the round before and is gone or could not be asked again."""
    now = tuple(entries(result))
    gone = (*result.round.repaired, *result.round.unsure)
    return (*now, *(Entry(n, finding, None) for n, finding in enumerate(gone, len(now) + 1)))


def repairs(result: Result) -> int:
    """Cells or sentences to put right: suspicions, and places of open must-fix findings that no suspicion clears.

    One wrong cell can break three rules and is one repair.
    """
    cleared = {key for suspect in result.suspects for key in suspect.clears}
    rest = (f for f in result.findings if f.level == "hard" and f.status == "fail" and f.key not in cleared)
    return len(result.suspects) + len({finding.place for finding in rest})


def weighty(finding: Finding, most: int = 8) -> tuple[Term, ...]:
    """The terms that stand somewhere; of a long sum only those that are not 0."""
    placed = tuple(term for term in finding.terms if term.place is not None)
    return tuple(term for term in placed if term.value != "0") if len(placed) > most else placed


def own_grid(result: Result, place: Place) -> Grid | None:
    """The grid of this submission that a cell stands in; None for prose, for other files, and without a document."""
    if place.row < 0 or result.document is None or place.file not in {result.file, result.document.name}:
        return None
    return next((grid for grid in result.document.grids if grid.name == place.sheet), None)
