"""The smallest sets of changes that heal everything, all of them, by exact branching.

Of the cells to change at least one stands in the failing edit with the fewest cells, and its value is fixed by one of
its failing edits, unless the errors form a ring; rings are left to ``program``. What makes it quick is the bound:
failing edits without a common cell need a change each.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from auditkit.suspects.scaled import Changes, Scaled
from auditkit.suspects.singles import complete
from auditkit.suspects.trial import Trial, changed, proposals

WIDER = 4_000
"""Steps for sets with one change more than needed."""


@dataclass(slots=True)
class Budget:
    """Steps the search may take; counted, not timed, so that the answer is the same on every machine."""

    steps: int

    def spend(self) -> bool:
        self.steps -= 1
        return self.steps >= 0


@dataclass(slots=True)
class _Search:
    system: Scaled
    budget: Budget
    found: set[Changes] = field(default_factory=set)
    seen: set[Changes] = field(default_factory=set)

    def extend(self, trial: Trial, made: Changes, left: int) -> None:
        if left == 1:
            self.found.update(tuple(sorted((*made, *last))) for last in complete(self.system, trial))
            return
        for cell in self._branches(trial):
            for value in proposals(self.system, trial, cell):
                so_far = tuple(sorted((*made, (cell, value))))
                if so_far in self.seen or not self.budget.spend():
                    continue
                self.seen.add(so_far)
                after = changed(self.system, trial, ((cell, value),))
                if after.failing and needed(self.system, after, left - 1) < left:
                    self.extend(after, so_far, left - 1)

    def _branches(self, trial: Trial) -> list[int]:
        if trial.offenders:
            return [min(trial.offenders)]
        edit = min(trial.failing, key=lambda e: (len(self.system.members[e]), e))
        return sorted(self.system.members[edit] - trial.moved.keys())


def smallest(system: Scaled, trial: Trial, most: int, budget: Budget) -> tuple[list[Changes], list[Changes], bool]:
    """All smallest sets of two to ``most`` changes that heal the trial, those with one more, and whether it is proven.

    One more, because two swapped cells are two changes and one slip. Something must fail in ``trial``.
    """
    for size in range(max(2, needed(system, trial, most)), most + 1):
        run = _Search(system, budget)
        run.extend(trial, (), size)
        if run.found:
            wider = _Search(system, Budget(min(budget.steps, WIDER)))
            if size < most:
                wider.extend(trial, (), size + 1)
            return sorted(run.found), sorted(wider.found), budget.steps >= 0
        if budget.steps < 0:
            break
    return [], [], budget.steps >= 0


def needed(system: Scaled, trial: Trial, most: int) -> int:
    """At least so many changes; counts no further than above ``most``.

    One for every impossible cell, one for each of several failing edits that share no cell (taken greedily), and no
    cell heals more edits than it is in.
    """
    least = -(-len(trial.failing) // system.widest)
    if least > most:
        return least
    used: set[int] = set(trial.offenders)
    count = len(trial.offenders)
    for edit in sorted(trial.failing, key=lambda e: (len(system.members[e]), e)):
        if count > most:
            break
        if used.isdisjoint(system.members[edit]):
            used |= system.members[edit]
            count += 1
    return max(count, least)
