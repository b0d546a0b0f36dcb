"""Which cell is wrong: slips planted in consistent tables, and how often each method finds them.

python bench/localization.py                 everything (some minutes)
python bench/localization.py --quick         a twentieth of it
python bench/localization.py --calibrate     measures the confidences and writes them into auditkit
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import get_args

import auditkit.suspects
from auditkit.suspects import Edit, Localization, Quantity, locate
from auditkit.suspects.calibration import FLOORS, Evidence, evidence_class
from auditkit.suspects.program import solve
from auditkit.suspects.scaled import scale
from auditkit.suspects.trial import begin, changed, proposals
from localization_slips import KINDS, TRUE_TOO, Found, Planted, plant
from localization_tables import Layout, Submission, cross, crossed, form, generated, published

Group = frozenset[tuple[int, int]]
"""One explanation: (cell, value)."""


EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)


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


@dataclass
class Score:
    """Counts over many submissions."""

    seen: int = 0
    detected: int = 0
    known: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    of_known: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)
    alone: int = 0
    alone_right: int = 0
    seconds: list[float] = field(default_factory=list)
    by_kind: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, job: Task, answer: Localization, seconds: float) -> None:
        self.seen += 1
        self.seconds.append(seconds)
        why = identifiable(job) if len(job.planted) == 1 else ""
        if single_explanations(job) is None:
            self.why[why or "no identity fails"] += 1
            self.hits["false suspects"] += len(answer.suspicions)
            return
        self.detected += 1
        self.known += not why
        if why:
            self.why[why] += 1
        reached = _reached(job, answer)
        self.hits.update(reached)
        if not why:
            self.of_known.update(reached)
        for kind in {one.kind for one in job.planted}:
            self.by_kind[kind].update([*reached, "n"])
        for one in answer.suspicions:
            if len(one.alternatives) == 1 and not one.more:
                self.alone += 1
                self.alone_right += {c.quantity for c in one.alternatives[0].changes} <= job.cells


def _reached(job: Task, answer: Localization) -> list[str]:
    """Names of what this answer got right (and wrong), each once."""
    first = {c.quantity: c.value for one in answer.suspicions for c in one.alternatives[0].changes}
    named = {cell for one in answer.suspicions for cell in one.quantities}
    kinds = {one.kind for one in answer.suspicions}
    planted = [one.kind for one in job.planted]
    false = sum(job.cells.isdisjoint(one.quantities) for one in answer.suspicions)
    right = {
        "first": set(first) == job.cells,
        "named": job.cells <= named,
        "value": set(first) == job.cells and all(first[cell] == value for cell, value in job.truth.items()),
        "kind": all(kind in kinds for kind in planted),
        "description": all(kinds & {kind, *TRUE_TOO.get(kind, ())} for kind in planted),
        "unexplained": bool(answer.unexplained),
    }
    return [*(name for name, reached in right.items() if reached), *["false suspects"] * false]


def timed(job: Task, **limits: float) -> tuple[Localization, float]:
    start = time.perf_counter()
    answer = locate(job.quantities, job.edits, **limits)
    return answer, time.perf_counter() - start


def run(name: str, tasks: Iterable[Task]) -> Score:
    score = Score()
    for job in tasks:
        score.add(job, *timed(job))
    show(name, score)
    return score


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:5.1f} %" if whole else "    –  "


def show(name: str, score: Score) -> None:
    seconds = sorted(score.seconds)
    late = seconds[min(len(seconds) - 1, int(0.99 * len(seconds)))]
    print(f"\n{name}: {score.seen} submissions, {score.detected} detected")
    print(f"  true cells first     {percent(score.hits['first'], score.detected)} of the detected")
    print(f"  true cells named     {percent(score.hits['named'], score.detected)}")
    print(f"  true value first     {percent(score.hits['value'], score.detected)}")
    print(f"  slip kind as planted {percent(score.hits['kind'], score.detected)}", end="")
    print(f"   by any true description {percent(score.hits['description'], score.detected)}")
    print(f"  only one named       {score.alone} times, right {percent(score.alone_right, score.alone)}")
    print(f"  false suspects       {score.hits['false suspects']}; left unexplained {score.hits['unexplained']}")
    if score.known < score.detected:
        print(f"  identifiable by the rules alone {score.known}: ", end="")
        print(f"first {percent(score.of_known['first'], score.known)}", end=" ")
        print(f"value {percent(score.of_known['value'], score.known)}")
        for why, count in score.why.most_common():
            print(f"      not: {why} {count}")
    print(f"  median {1000 * seconds[len(seconds) // 2]:.2f} ms, p99 {1000 * late:.1f} ms, longest {seconds[-1]:.2f} s")


def show_kinds(score: Score) -> None:
    print(f"  {'kind':18} {'n':>5} {'first':>8} {'named':>8} {'value':>8} {'kind':>8}")
    for kind in KINDS:
        row = score.by_kind[kind]
        cells = " ".join(percent(row[name], row["n"]) + " " for name in ("first", "named", "value", "description"))
        print(f"  {kind:18} {row['n']:5} {cells}")


def offices(seed: str, layout: Layout, count: int, slips: int, blanks: int = 0) -> Iterable[Task]:
    for i in range(count):
        rng = Random(f"{seed}/{slips}/{i}")
        yield task(rng, generated(rng, layout), slips, blanks)


def crosses(seed: str, rows: int, columns: int, count: int, slips: int) -> Iterable[Task]:
    layout = cross(rows, columns)
    for i in range(count):
        rng = Random(f"{seed}/{rows}/{slips}/{i}")
        yield task(rng, crossed(rng, layout, rows, columns), slips)


def real(seed: str, count: int, slips: int) -> Iterable[Task]:
    matrices = published(form())
    for i in range(count):
        rng = Random(f"{seed}/real/{slips}/{i}")
        yield task(rng, matrices[i % len(matrices)], slips)


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


def rival(name: str, tasks: Iterable[Task], method: Callable[[Task], tuple[list[Group], bool]]) -> None:
    """Expected hits when a tie is broken by lot."""
    hits, unique, unique_right, seen, seconds = 0.0, 0, 0, 0, []
    for job in tasks:
        if single_explanations(job) is None:
            continue
        start = time.perf_counter()
        groups, _ = method(job)
        seconds.append(time.perf_counter() - start)
        seen += 1
        right = [{cell for cell, _ in group} == job.cells for group in groups]
        hits += sum(right) / len(right) if right else 0.0
        unique += len(right) == 1
        unique_right += len(right) == 1 and right[0]
    seconds.sort()
    median = 1000 * seconds[len(seconds) // 2]
    print(f"  {name:34} first {percent(hits, seen)}  only one {percent(unique, seen)}", end="")
    print(f" right {percent(unique_right, unique)}  median {median:7.1f} ms  longest {seconds[-1]:.2f} s")


def side_by_side(tasks: Sequence[Task], slow: int) -> None:
    rival("auditkit", tasks, _ours)
    rival("plain single-cell search", tasks, plain_single)
    rival("Fellegi-Holt, failing edits only", tasks[: 5 * slow], plain_program)
    rival("direct MILP, all cells", tasks[:slow], lambda job: plain_program(job, everywhere=True, seconds=20.0))


def _ours(job: Task) -> tuple[list[Group], bool]:
    """The first explanations together, as one group: no tie left to lot."""
    answer = locate(job.quantities, job.edits)
    return [
        frozenset((c.quantity, int(c.value)) for one in answer.suspicions for c in one.alternatives[0].changes)
    ], answer.optimal


def many_slips(count: int) -> None:
    print("\n20 slips at once in one form, time limit 5 s")
    tally: Counter[str] = Counter()
    longest = 0.0
    for job in offices("many", form(), count, 20):
        answer, seconds = timed(job)
        longest = max(longest, seconds)
        tally["told"] += len(answer.suspicions)
        tally["right"] += sum({c.quantity for c in s.alternatives[0].changes} <= job.cells for s in answer.suspicions)
        tally["named right"] += sum(not job.cells.isdisjoint(s.quantities) for s in answer.suspicions)
        tally["optimal"] += answer.optimal
        tally["too many"] += answer.too_many
        tally["complete"] += not answer.unexplained
    print(f"  {count} submissions: longest {longest:.2f} s; said to be optimal {tally['optimal']}, 'too many'", end=" ")
    print(f"{tally['too many']}, nothing left unexplained {tally['complete']}")
    print(f"  {tally['told']} suspects told, first right {percent(tally['right'], tally['told'])}", end=", ")
    print(f"a true cell named {percent(tally['named right'], tally['told'])}")


def bench(part: float) -> None:
    def n(count: int) -> int:
        return max(10, int(count * part))

    layout = form()
    for slips, count in ((1, 2000), (2, 1000), (3, 500)):
        score = run(f"2021 form, generated offices, {slips} slip(s)", offices("office", layout, n(count), slips))
        if slips == 1:
            show_kinds(score)
    for slips, count in ((1, 600), (2, 300)):
        run(f"2021 form, published figures, {slips} slip(s)", real("office", n(count), slips))
    around = form(around=True)
    for slips, count in ((1, 600), (2, 300)):
        run(f"the same with text and last year, {slips} slip(s)", offices("around", around, n(count), slips))
    for rows, columns, count in ((25, 7, 200), (60, 20, 100), (300, 40, 30)):
        for slips in (1, 2, 3):
            run(f"cross table {rows} x {columns}, {slips} slip(s)", crosses("cross", rows, columns, n(count), slips))
    many_slips(n(20))
    for slips in (1, 2):
        print(f"\nside by side, 2021 form, {slips} slip(s); ties broken by lot")
        side_by_side(list(offices("office", layout, n(1000), slips)), n(100))


def calibrate(part: float) -> None:
    """Measures right answers per class of evidence, on seeds of its own, and stores them."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    total = 0
    for around in (False, True):
        layout = form(around=around)
        for slips, blanks, count in ((1, 0, 6000), (2, 0, 3000), (3, 0, 1500), (0, 3, 500), (1, 3, 1000), (2, 3, 500)):
            for job in offices("calibrate", layout, int(count * part), slips, blanks):
                total += 1
                for one in locate(job.quantities, job.edits).suspicions:
                    cells = {c.quantity for c in one.alternatives[0].changes}
                    counts[one.evidence][0] += cells <= job.cells
                    counts[one.evidence][1] += 1
    classes = [row for kind in EVIDENCE for row in _monotone(kind, counts)]
    stored = {
        "about": "share of simulated submissions in which the first explanation named true cells only, by class of "
        "evidence; rule of succession; pooled so that it rises; bench/localization.py --calibrate",
        "submissions": total,
        "classes": classes,
    }
    path = Path(auditkit.suspects.__file__).with_name("calibration.json")
    path.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    for row in classes:
        print(f"{row['evidence']:18} right {row['right']:.4f} of {row['seen']}")


LEAST_SEEN = 20
"""Classes seen less often are pooled with the next weaker one."""


def _monotone(kind: Evidence, counts: dict[str, list[int]]) -> list[dict[str, object]]:
    """One kind of evidence, strongest first; neighbours pooled where rare or not falling (isotonic regression)."""
    names = [evidence_class(kind, floor) for floor in FLOORS]
    pools: list[list[int]] = []
    for name in reversed(names):
        pools.append([*counts[name], 1])
        while len(pools) > 1 and (pools[-2][1] < LEAST_SEEN or _share(pools[-1]) <= _share(pools[-2])):
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    if len(pools) > 1 and pools[-1][1] < LEAST_SEEN:
        last = pools.pop()
        pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    shares = [_share(pool) for pool in pools for _ in range(pool[2])]
    return [
        {"evidence": name, "right": round(share, 4), "seen": counts[name][1]}
        for name, share in zip(names, reversed(shares), strict=True)
    ]


def _share(pool: Sequence[int]) -> float:
    return (pool[0] + 1) / (pool[1] + 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the work")
    parser.add_argument("--calibrate", action="store_true", help="measure and store the confidences")
    asked = parser.parse_args()
    (calibrate if asked.calibrate else bench)(0.05 if asked.quick else 1.0)


if __name__ == "__main__":
    main()
