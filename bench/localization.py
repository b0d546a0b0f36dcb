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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import auditkit.suspects
from auditkit.suspects import Localization, locate
from auditkit.suspects.calibration import FLOORS, Evidence, evidence_class
from localization_rivals import percent, side_by_side
from localization_slips import KINDS, TRUE_TOO
from localization_tables import form
from localization_tasks import Task, crosses, identifiable, offices, real, single_explanations

EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)


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
    told: int = 0
    told_right: int = 0
    promised: float = 0.0
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
            right = {c.quantity for c in one.alternatives[0].changes} <= job.cells
            self.told += 1
            self.told_right += right
            self.promised += one.confidence
            if len(one.alternatives) == 1 and not one.more:
                self.alone += 1
                self.alone_right += right


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
    """The answer, and the processor time it took: other work on the machine does not count."""
    start = time.process_time()
    answer = locate(job.quantities, job.edits, **limits)
    return answer, time.process_time() - start


def run(name: str, tasks: Iterable[Task]) -> Score:
    score = Score()
    for job in tasks:
        score.add(job, *timed(job))
    show(name, score)
    return score


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
    print(
        f"  confidence promised  {percent(score.promised, score.told)}, reached {percent(score.told_right, score.told)}"
    )
    if score.known < score.detected:
        print(f"  identifiable by the rules alone {score.known}: ", end="")
        print(f"first {percent(score.of_known['first'], score.known)}", end=" ")
        print(f"value {percent(score.of_known['value'], score.known)}")
        rest = score.detected - score.known
        print(
            f"  the other {rest}, by plausibility: first {percent(score.hits['first'] - score.of_known['first'], rest)}"
        )
        for why, count in score.why.most_common():
            print(f"      not: {why} {count}")
    print(f"  median {1000 * seconds[len(seconds) // 2]:.2f} ms, p99 {1000 * late:.1f} ms, longest {seconds[-1]:.2f} s")


def show_kinds(score: Score) -> None:
    print(f"  {'kind':18} {'n':>5} {'first':>8} {'named':>8} {'value':>8} {'kind':>8}")
    for kind in KINDS:
        row = score.by_kind[kind]
        cells = " ".join(percent(row[name], row["n"]) + " " for name in ("first", "named", "value", "description"))
        print(f"  {kind:18} {row['n']:5} {cells}")


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
    for size, count, rounded in (
        ((25, 7), 200, False),
        ((60, 20), 100, False),
        ((300, 40), 30, False),
        ((25, 7), 200, True),
    ):
        for slips in (1, 2, 3):
            name = f"cross table {size[0]} x {size[1]}{', rounded figures' * rounded}, {slips} slip(s)"
            run(name, crosses("cross", size, n(count), slips, rounded=rounded))
    many_slips(n(20))
    for slips in (1, 2):
        print(f"\nside by side, 2021 form, {slips} slip(s); ties broken by lot")
        side_by_side(list(offices("office", layout, n(1000), slips)), n(100))


WORK = ((1, 0, 6000), (2, 0, 3000), (3, 0, 1500), (6, 0, 300), (12, 0, 100), (0, 3, 500), (1, 3, 1000), (2, 3, 500))
"""Slips, unknown cells and submissions the confidences are measured on."""


def calibrate(part: float) -> None:
    """Measures right answers per class of evidence, on seeds of its own, and stores them."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    total = 0
    for around in (False, True):
        layout = form(around=around)
        for slips, blanks, count in WORK:
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
"""Classes seen less often are pooled with a neighbour, and never promise more than the share of the evidence."""


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
    rows: list[dict[str, object]] = []
    least = 1.0
    for name, upper, share in zip(names, (1.0, *FLOORS), reversed(shares), strict=False):
        seen = counts[name][1]
        least = min(least, share if seen >= LEAST_SEEN else min(share, upper))
        rows.append({"evidence": name, "right": round(least, 4), "seen": seen})
    return rows


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
