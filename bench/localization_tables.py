"""Tables to plant slips in: the 2021 form, plain cross tables, and consistent figures for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from auditkit.suspects import Edit, Quantity
from published import REPORTS

ROWS, COLUMNS = 25, 7
HANDLED, CARRIED_OUT = 23, 24
LEAVES = range(2, 23)


@dataclass
class Layout:
    """Cells by number, what must hold between them, and which cells stand side by side."""

    edits: list[Edit] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    beside: list[tuple[int, ...]] = field(default_factory=list)
    """Left and above."""
    totals: dict[int, list[int]] = field(default_factory=dict)
    """Total → parts."""
    signs: dict[int, tuple[str, ...]] = field(default_factory=dict)
    typed: int = 0
    """Cells below this number may hold a slip; the rest are statements in the text and last year's report."""

    def cell(self, beside: tuple[int, ...] = (), lines: tuple[str, ...] = ()) -> int:
        self.lines.append(lines)
        self.beside.append(beside)
        return len(self.lines) - 1

    def total(self, key: str, total: int, parts: Sequence[int], *, rounded: bool = False) -> None:
        self.totals[total] = list(parts)
        slack = Decimal(len(parts) + 1) / 2 if rounded else Decimal(0)
        self.edits.append(Edit(key, (*((part, 1) for part in parts), (total, -1)), slack=slack))

    def equal(self, key: str, one: int, other: int) -> None:
        self.edits.append(Edit(key, ((one, 1), (other, -1))))

    def matrix(self, name: str, rows: int, columns: int) -> list[list[int]]:
        grid: list[list[int]] = []
        for r in range(rows):
            grid.append([])
            for c in range(columns):
                beside = ([grid[r][c - 1]] if c else []) + ([grid[r - 1][c]] if r else [])
                grid[r].append(self.cell(tuple(beside), (f"{name}行{r + 1}", f"{name}列{c + 1}")))
        return grid


@dataclass(frozen=True)
class Submission:
    """True figures, and last year's of the same cells where known."""

    layout: Layout
    values: list[int]
    last: list[int | None]

    def quantities(self, found: Mapping[int, tuple[Decimal | None, str]]) -> tuple[Quantity, ...]:
        """The cells as an office would hand them in: ``found`` is cell → what stands there instead of the truth."""
        shown = [found.get(i, (Decimal(v), str(v))) for i, v in enumerate(self.values)]
        return tuple(
            Quantity(
                i,
                value,
                text,
                neighbours=tuple(near for b in self.layout.beside[i] if (near := shown[b][0]) is not None),
                last=None if (last := self.last[i]) is None else Decimal(last),
                lines=self.layout.lines[i],
                signs=self.layout.signs.get(i, ()),
            )
            for i, (value, text) in enumerate(shown)
        )


def form(*, around: bool = False) -> Layout:
    """Tables three and four of 2021; ``around`` adds statements in the text and last year's closing balance."""
    layout = Layout()
    grid = layout.matrix("表三", ROWS, COLUMNS)
    for r, row in enumerate(grid):
        layout.total(f"表三行{r + 1:02}", row[-1], row[:-1])
    for c in range(COLUMNS):
        layout.total(f"表三列{c + 1}之和", grid[HANDLED][c], [grid[r][c] for r in LEAVES])
        balance = ((grid[0][c], 1), (grid[1][c], 1), (grid[HANDLED][c], -1), (grid[CARRIED_OUT][c], -1))
        layout.edits.append(Edit(f"表三列{c + 1}平衡", balance))
    four = layout.matrix("表四", 1, 15)[0]
    for block in range(3):
        layout.total(f"表四块{block + 1}", four[5 * block + 4], four[5 * block : 5 * block + 4])
    layout.typed = len(layout.lines)
    if around:
        for cell in (grid[0][-1], grid[HANDLED][-1], grid[CARRIED_OUT][-1], four[4], four[9]):
            stated = layout.cell()
            layout.equal(f"文字{cell:03}", cell, stated)
        for c in range(COLUMNS):
            closing = layout.cell()
            layout.signs[closing] = ("accepted",)
            layout.equal(f"上年{c + 1}", grid[1][c], closing)
    return layout


def cross(rows: int, columns: int, *, rounded: bool = False) -> Layout:
    """A plain cross table, margins included in its size; ``rounded`` grants half a unit for every cell."""
    layout = Layout()
    grid = layout.matrix("表", rows, columns)
    for r in range(rows):
        layout.total(f"行{r + 1:03}", grid[r][-1], grid[r][:-1], rounded=rounded)
    for c in range(columns):
        layout.total(f"列{c + 1:03}", grid[-1][c], [grid[r][c] for r in range(rows - 1)], rounded=rounded)
    layout.typed = len(layout.lines)
    return layout


def published(layout: Layout) -> list[Submission]:
    """The real matrices; a report has last year's figures when the year before is among them."""
    made = []
    for report in REPORTS:
        before = next((r for r in REPORTS if (r.unit, r.year) == (report.unit, report.year - 1)), None)
        last: list[int | None] = [None] * len(layout.lines)
        if before is not None:
            last = [*before.figures]
        made.append(Submission(layout, [*report.figures], last))
    return made


def generated(rng: Random, layout: Layout) -> Submission:
    """An office with the 2021 form: half of them tiny, a fifth large cities; rows and columns mostly zero."""
    scale = rng.choices(((1, 40), (40, 600), (600, 6000)), (5, 3, 2))[0]
    size = int(scale[0] * (scale[1] / scale[0]) ** rng.random())
    profile = _profile(rng)
    before = _figures(rng, max(1, int(size * rng.uniform(0.6, 1.5))), profile, None)
    now = _figures(rng, size, profile, before[CARRIED_OUT * COLUMNS : CARRIED_OUT * COLUMNS + COLUMNS - 1])
    stated = [now[COLUMNS - 1], now[HANDLED * COLUMNS + 6], now[CARRIED_OUT * COLUMNS + 6], now[179], now[184]]
    everything = [*now, *stated, *now[COLUMNS : 2 * COLUMNS]]
    known: list[int | None] = [*before] if rng.random() < 0.5 else [None] * len(before)
    return Submission(layout, everything[: len(layout.lines)], [*known, *[None] * 12][: len(layout.lines)])


def _profile(rng: Random) -> tuple[list[float], list[float]]:
    """Shares of the applicants and of the results in one office: those of the published reports, shaken."""
    matrices = [report.matrix for report in REPORTS]
    people = [sum(m[0][c] for m in matrices) + 2.0 for c in range(COLUMNS - 1)]
    results = [sum(m[r][-1] for m in matrices) + 2.0 for r in LEAVES]
    return [p * rng.gammavariate(2, 1) for p in people], [p * rng.gammavariate(0.7, 1) for p in results]


def _figures(rng: Random, size: int, profile: tuple[list[float], list[float]], opening: list[int] | None) -> list[int]:
    people, results = profile
    new = _spread(rng, size, people)
    carried_in = opening if opening is not None else _spread(rng, rng.randint(0, size // 10), people)
    rate = rng.uniform(0, 0.12)
    out = [sum(rng.random() < rate for _ in range(n + c)) for n, c in zip(new, carried_in, strict=True)]
    columns = [_spread(rng, n + c - o, results) for n, c, o in zip(new, carried_in, out, strict=True)]
    rows = [new, carried_in, *([column[r] for column in columns] for r in range(len(LEAVES)))]
    rows += [[n + c - o for n, c, o in zip(new, carried_in, out, strict=True)], out]
    three = [figure for row in rows for figure in (*row, sum(row))]
    four: list[int] = []
    for share in (0.12, 0.03, 0.03):
        parts = _spread(rng, rng.randint(0, 1 + int(size * share * 2)), [4.0, 1.0, 2.0, 1.0])
        four += [*parts, sum(parts)]
    return [*three, *four]


def _spread(rng: Random, size: int, shares: Sequence[float]) -> list[int]:
    counts = [0] * len(shares)
    for i in rng.choices(range(len(shares)), shares, k=size):
        counts[i] += 1
    return counts


def crossed(rng: Random, layout: Layout, rows: int, columns: int, *, rounded: bool = False) -> Submission:
    """A cross table, a third of it zero, sizes spread over three orders of magnitude; margins added before rounding."""
    body = [
        [0.0 if rng.random() < 1 / 3 else 10 ** rng.uniform(0, 3.5) for _ in range(columns - 1)]
        for _ in range(rows - 1)
    ]
    if not rounded:
        body = [[int(figure) for figure in row] for row in body]
    full = [[*row, sum(row)] for row in body]
    full.append([sum(column) for column in zip(*full, strict=True)])
    values = [round(figure) for row in full for figure in row]
    return Submission(layout, values, [None] * len(values))
