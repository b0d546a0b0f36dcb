"""Submissions with planted slips, and whether the rules alone could tell where they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from auditkit.suspects import Edit, Quantity
from auditkit.suspects.scaled import scale
from auditkit.suspects.trial import begin, changed, proposals
from localization_slips import KINDS, Found, Planted, plant
from localization_tables import Layout, Submission, cross, crossed, form, generated, published

Group = frozenset[tuple[int, int]]
"""One explanation: (cell, value)."""


@dataclass(frozen=True)
class Task:
    """A submission with planted slips, and what was true."""

    quantities: tuple[Quantity, ...]
    edits: list[Edit]
    planted: list[Planted]
    truth: dict[int, int]

    @property
    def cells(self) -> set[int]:
        return set(self.truth)


def task(rng: Random, submission: Submission, count: int, blanks: int = 0) -> Task:
    """``count`` slips, and ``blanks`` cells of which nothing is known."""
    planted = plant(rng, submission, count, KINDS)
    found: Found = {cell: shown for one in planted for cell, shown in one.found.items()}
    cells = [i for i in range(submission.layout.typed) if submission.values[i] and i not in found]
    found |= dict.fromkeys(rng.sample(cells, min(blanks, len(cells))), (None, ""))
    truth = {cell: submission.values[cell] for cell in found}
    return Task(submission.quantities(found), submission.layout.edits, planted, truth)


def single_explanations(job: Task) -> list[Group] | None:
    """Every one change after which all edits hold, whatever its plausibility; None when no edit fails."""
    system = scale(job.quantities, job.edits)
    trial = begin(system, range(len(job.edits)), frozenset())
    if not trial.failing:
        return None
    common = frozenset.intersection(*(system.members[edit] for edit in trial.failing))
    unit = 10**system.places
    return [
        frozenset({(cell, value // unit)})
        for cell in sorted(common)
        for value in proposals(system, trial, cell)
        if not changed(system, trial, ((cell, value),)).failing
    ]


def identifiable(job: Task) -> str:
    """Empty when the rules leave only the truth; else why not."""
    alone = single_explanations(job)
    if alone is None:
        return "no identity fails"
    if len(job.truth) > 3:
        return "a whole line is wrong"
    if len(job.truth) == 1:
        return "" if len(alone) == 1 else f"{'one identity watches it' if len(alone) < 12 else 'a long sum'}: cells tie"
    if alone:
        return "two cells, and one change explains it too"
    return "" if len(_pairs(job)) == 1 else "two cells: other pairs do as well"


def _pairs(job: Task) -> set[Group]:
    """Every two changes after which all edits hold, by brute force over the failing edits."""
    system = scale(job.quantities, job.edits)
    trial = begin(system, range(len(job.edits)), frozenset())
    found: set[Group] = set()
    for one in sorted({cell for edit in trial.failing for cell in system.members[edit]}):
        for value in proposals(system, trial, one):
            after = changed(system, trial, ((one, value),))
            if not after.failing:
                continue
            for two in sorted(frozenset.intersection(*(system.members[edit] for edit in after.failing)) - {one}):
                for other in proposals(system, after, two):
                    if not changed(system, after, ((two, other),)).failing:
                        found.add(frozenset({(one, value), (two, other)}))
    return found


def offices(seed: str, layout: Layout, count: int, slips: int, blanks: int = 0) -> Iterable[Task]:
    for i in range(count):
        rng = Random(f"{seed}/{slips}/{i}")
        yield task(rng, generated(rng, layout), slips, blanks)


def crosses(seed: str, size: tuple[int, int], count: int, slips: int, *, rounded: bool = False) -> Iterable[Task]:
    rows, columns = size
    layout = cross(rows, columns, rounded=rounded)
    for i in range(count):
        rng = Random(f"{seed}/{rows}/{slips}/{i}")
        yield task(rng, crossed(rng, layout, rows, columns, rounded=rounded), slips)


def real(seed: str, count: int, slips: int) -> Iterable[Task]:
    matrices = published(form())
    for i in range(count):
        rng = Random(f"{seed}/real/{slips}/{i}")
        yield task(rng, matrices[i % len(matrices)], slips)
