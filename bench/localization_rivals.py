"""Other ways to find the wrong cell, on the same work: ties are broken by lot, so hits are expected values."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from auditkit.suspects import locate
from auditkit.suspects.program import solve
from auditkit.suspects.scaled import scale
from auditkit.suspects.trial import begin, changed, proposals
from localization_tasks import Group, Task, single_explanations


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:5.1f} %" if whole else "    –  "


def plain_single(job: Task) -> tuple[list[Group], bool]:
    """Best cells by healed - left - broken edits, all values alike."""
    system = scale(job.quantities, job.edits)
    trial = begin(system, range(len(job.edits)), frozenset())
    best: dict[Group, int] = {}
    for cell in {c for edit in trial.failing for c in system.members[edit]}:
        for value in proposals(system, trial, cell):
            after = changed(system, trial, ((cell, value),))
            left = sum(edit in after.failing for edit, _ in system.watch[cell])
            best[frozenset({(cell, value)})] = len(trial.failing - after.failing) - left
    top = max(best.values(), default=0)
    return [group for group, value in best.items() if value == top], True


def plain_program(job: Task, *, everywhere: bool = False, seconds: float = 5.0) -> tuple[list[Group], bool]:
    """Fellegi and Holt: the smallest sets of changes, no plausibility; parts apart unless ``everywhere``."""
    system = scale(job.quantities, job.edits)
    trial = begin(system, range(len(job.edits)), frozenset())
    solved = solve(system, trial, most=6, seconds=seconds, settings={}, everywhere=everywhere)
    return [frozenset(changes) for changes in solved.optima], solved.proven


def rival(
    name: str, tasks: Iterable[Task], method: Callable[[Task], tuple[list[Group], bool]], *, ranked: bool = False
) -> None:
    """Expected hits when a tie is broken by lot; a ``ranked`` method's first explanation counts."""
    hits, unique, unique_right, seen, seconds = 0.0, 0, 0, 0, []
    for job in tasks:
        if single_explanations(job) is None:
            continue
        start = time.process_time()
        groups, _ = method(job)
        seconds.append(time.process_time() - start)
        seen += 1
        right = [{cell for cell, _ in group} == job.cells for group in groups]
        hits += (right[0] if ranked else sum(right) / len(right)) if right else 0.0
        unique += len(right) == 1
        unique_right += len(right) == 1 and right[0]
    seconds.sort()
    median = 1000 * seconds[len(seconds) // 2]
    print(f"  {name:34} first {percent(hits, seen)}  only one {percent(unique, seen)}", end="")
    print(f" right {percent(unique_right, unique)}  median {median:7.1f} ms  longest {seconds[-1]:.2f} s")


def side_by_side(tasks: Sequence[Task], slow: int) -> None:
    rival("auditkit, first of its ranking", tasks, _ours, ranked=True)
    rival("plain single-cell search", tasks, plain_single)
    rival("Fellegi-Holt, failing edits only", tasks[: 5 * slow], plain_program)
    rival("direct MILP, all cells", tasks[:slow], lambda job: plain_program(job, everywhere=True, seconds=20.0))


def _ours(job: Task) -> tuple[list[Group], bool]:
    """The first explanations together, then each other alternative in its place."""
    answer = locate(job.quantities, job.edits)
    groups = [
        [alternative if other is one else other.alternatives[0] for other in answer.suspicions]
        for one in answer.suspicions
        for alternative in one.alternatives
    ]
    made = [frozenset((c.quantity, int(c.value)) for a in group for c in a.changes) for group in groups]
    return list(dict.fromkeys(made)), answer.optimal
