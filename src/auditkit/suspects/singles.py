"""One wrong cell leaves a fingerprint: one value heals every failing edit it is in and breaks none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from auditkit.suspects.scaled import Changes, Scaled
from auditkit.suspects.trial import Trial, changed, proposals


def complete(system: Scaled, trial: Trial) -> Iterator[Changes]:
    """Single changes after which nothing fails: the cell must stand in every failing edit."""
    for cell in suspects_of_all(system, trial):
        for value in proposals(system, trial, cell):
            if changed(system, trial, ((cell, value),)).healed:
                yield ((cell, value),)


def suspects_of_all(system: Scaled, trial: Trial) -> list[int]:
    """Cells in every failing edit; an impossible cell must be among what changes."""
    if not trial.failing:
        return []
    common = frozenset.intersection(*(system.members[edit] for edit in trial.failing)) - trial.moved.keys()
    if trial.offenders:
        common = common & trial.offenders if len(trial.offenders) == 1 else frozenset()
    return sorted(common)


def swaps(system: Scaled, trial: Trial) -> Iterator[Changes]:
    """Two cells of one failing edit, with different coefficients, that exchange their values and heal everything."""
    for edit in sorted(trial.failing):
        cells = [(cell, a, trial.value(system, cell)) for cell, a in system.cells[edit] if cell in system.members[edit]]
        for a, b in combinations(sorted({a for _, a, _ in cells}), 2):
            for one, _, here in (c for c in cells if c[1] == a):
                for other, _, there in (c for c in cells if c[1] == b):
                    after = trial.residuals[edit] + (a - b) * (there - here)
                    changes = tuple(sorted(((one, there), (other, here))))
                    if here != there and system.holds(edit, after) and changed(system, trial, changes).healed:
                        yield changes


def fingerprints(system: Scaled, trial: Trial) -> list[tuple[Changes, frozenset[int]]]:
    """Changes that heal every failing edit of their cell, two at least, and break none; with the edits they heal.

    Only those no other one competes with: none of their edits is healed by another fingerprint.
    """
    count = Counter(cell for edit in trial.failing for cell in system.members[edit])
    marks = [
        (((cell, value),), healed)
        for cell in sorted(cell for cell, n in count.items() if n > 1 and cell not in trial.moved)
        for value in proposals(system, trial, cell)
        if len(healed := _healed(system, trial, cell, value)) > 1
    ]
    return [
        (changes, healed)
        for changes, healed in marks
        if not any(healed & rival for other, rival in marks if other != changes)
    ]


def _healed(system: Scaled, trial: Trial, cell: int, value: int) -> frozenset[int]:
    """The failing edits the change heals, or none when it leaves or breaks one of the cell's edits."""
    after = changed(system, trial, ((cell, value),))
    left = any(edit in after.failing for edit, _ in system.watch[cell])
    return frozenset() if left or after.failing - trial.failing else trial.failing - after.failing
