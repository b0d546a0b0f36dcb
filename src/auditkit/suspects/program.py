"""The last resort: Fellegi and Holt's smallest weighted set of changes as a mixed-integer program (HiGHS).

Only cells of failing edits may move; everything else is constant. Each cell has its own tight bound M. The answer is
rounded to possible values and checked again in whole numbers; ties are found by forbidding each optimum in turn.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from auditkit.suspects.reading import points_for
from auditkit.suspects.scaled import Changes, Scaled
from auditkit.suspects.trial import Trial, changed, nearest

BASE = 100
"""Cost of a change before the points of its cell."""

MOST_OPTIMA = 5
MOST_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Solved:
    """Every optimum found, exact; ``proven`` when no smaller one and no further one exists within the limits."""

    optima: tuple[Changes, ...]
    proven: bool


def solve(
    system: Scaled, trial: Trial, *, most: int, seconds: float, settings: Mapping[str, int], everywhere: bool = False
) -> Solved:
    """The smallest weighted sets of at most ``most`` changes that heal the trial.

    ``everywhere`` lets cells of satisfied edits move too (for comparison only; slow and never better).
    """
    end = time.monotonic() + seconds
    program = _Program.of(system, trial, most, settings, everywhere)
    if not program.cells:
        return Solved((), proven=True)  # every cell of what fails was changed before
    optima: list[Changes] = []
    cuts: list[list[int]] = []
    best: float | None = None
    while len(cuts) < MOST_OPTIMA:
        left = end - time.monotonic()
        result = program.run(cuts, left) if left > 0 else None
        if result is None or result.status == 1 or (result.status not in {0, 2}):
            return Solved(tuple(optima), proven=False)
        if result.status == 2 or result.x is None or (best is not None and result.fun > best + 0.5):
            return Solved(tuple(optima), proven=True)
        chosen = program.chosen(result.x)
        changes = program.changes(result.x, chosen)
        cuts.append(chosen)
        if changes is not None and changed(system, trial, changes).healed:
            best = result.fun if best is None else best
            optima.append(changes)
    return Solved(tuple(optima), proven=False)


@dataclass(frozen=True, slots=True)
class _Program:
    """Variables: a step for every cell (in units), then a switch for every cell."""

    system: Scaled
    trial: Trial
    cells: list[int]
    edits: list[int]
    reach: list[int]
    costs: list[int]
    most: int

    @classmethod
    def of(cls, system: Scaled, trial: Trial, most: int, settings: Mapping[str, int], everywhere: bool) -> _Program:
        within = range(len(system.edits)) if everywhere else sorted(trial.failing)
        cells = sorted({c for edit in within for c in system.members[edit]} - trial.moved.keys())
        edits = sorted({e for c in cells for e, _ in system.watch[c]} - trial.parked)
        widest = 2 * sum(abs(trial.residuals[edit]) for edit in trial.failing) + 1
        reach = [
            widest
            if everywhere
            else max(2 * sum(abs(trial.residuals[e]) for e, _ in system.watch[c] if e in trial.failing), 1)
            for c in cells
        ]
        costs = [max(1, BASE + points_for(system, c, settings)) for c in cells]
        return cls(system, trial, cells, edits, reach, costs, most)

    def run(self, cuts: Sequence[Sequence[int]], seconds: float) -> Any:
        """One solve; status as ``scipy.optimize.milp`` gives it."""
        import numpy as np  # noqa: PLC0415 - heavy, and rarely needed
        from scipy.optimize import (  # type: ignore[import-untyped] # scipy has no types  # noqa: PLC0415 - heavy
            Bounds,
            LinearConstraint,
            milp,
        )

        n = len(self.cells)
        integrality = np.array([0] * n + [1] * n)
        floor = [max(-m, self._least(c, m)) for c, m in zip(self.cells, self.reach, strict=True)]
        switch = [1 if c in self.trial.offenders else 0 for c in self.cells]
        with _quiet():
            return milp(
                c=np.array([0] * n + self.costs),
                integrality=integrality,
                bounds=Bounds(np.array(floor + switch), np.array(self.reach + [1] * n)),
                constraints=[
                    LinearConstraint(*self._edits()),
                    LinearConstraint(*self._links()),
                    LinearConstraint(*self._limits(cuts)),
                ],
                options={"time_limit": max(seconds, 0.05), "node_limit": MOST_NODES, "mip_rel_gap": 0.0},
            )

    def _least(self, cell: int, reach: int) -> int:
        low = self.system.lows[cell]
        return -reach if low is None else low - self.trial.value(self.system, cell)

    def _edits(self) -> tuple[Any, list[float], list[float]]:
        position = {c: i for i, c in enumerate(self.cells)}
        rows = [[(position[c], a) for c, a in self.system.cells[edit] if c in position] for edit in self.edits]
        low, high = [], []
        for edit in self.edits:
            least, greatest = self.system.bounds[edit]
            residual = self.trial.residuals[edit]
            low.append(-float("inf") if least is None else float(least - residual))
            high.append(float("inf") if greatest is None else float(greatest - residual))
        return _sparse(rows, 2 * len(self.cells)), low, high

    def _links(self) -> tuple[Any, list[float], list[float]]:
        """-M b <= d <= M b, as two rows for each cell."""
        n = len(self.cells)
        rows = [[(i, 1), (n + i, -m)] for i, m in enumerate(self.reach)]
        rows += [[(i, 1), (n + i, m)] for i, m in enumerate(self.reach)]
        return _sparse(rows, 2 * n), [-float("inf")] * n + [0.0] * n, [0.0] * n + [float("inf")] * n

    def _limits(self, cuts: Sequence[Sequence[int]]) -> tuple[Any, list[float], list[float]]:
        n = len(self.cells)
        rows = [[(n + i, 1) for i in range(n)], *([(n + i, 1) for i in cut] for cut in cuts)]
        high = [float(self.most), *(float(len(cut) - 1) for cut in cuts)]
        return _sparse(rows, 2 * n), [0.0] * len(rows), high

    def chosen(self, x: Any) -> list[int]:
        n = len(self.cells)
        return [i for i in range(n) if x[n + i] > 0.5]

    def changes(self, x: Any, chosen: Sequence[int]) -> Changes | None:
        """The solver's floats as possible values; None where there is none near."""
        made = []
        for i in chosen:
            cell = self.cells[i]
            value = self.trial.value(self.system, cell) + round(float(x[i]))
            exact = nearest(self.system, cell, value - self.system.grid[cell] // 2, value + self.system.grid[cell] // 2)
            if exact is None:
                return None
            made.append((cell, exact))
        return tuple(made)


def _sparse(rows: Sequence[Sequence[tuple[int, int]]], width: int) -> Any:
    from scipy.sparse import csr_array  # type: ignore[import-untyped] # no types  # noqa: PLC0415 - heavy

    data = [float(a) for row in rows for _, a in row]
    index = [i for row in rows for i, _ in row]
    start = [0]
    for row in rows:
        start.append(start[-1] + len(row))
    return csr_array((data, index, start), shape=(len(rows), width))


@contextmanager
def _quiet() -> Iterator[None]:
    """HiGHS prints from C to file descriptor 1, where the report may go; it is sent to stderr meanwhile."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # no standard output at all, as under pythonw: nothing to protect
        yield
        return
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
