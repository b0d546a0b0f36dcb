"""Slips of a whole row or column: another unit, moved by a cell, last year's line left standing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from auditkit.model.words import Text
from auditkit.suspects.scaled import Changes, Scaled
from auditkit.suspects.slips import KINDS, POWERS, Slip, points_of, size
from auditkit.suspects.trial import Trial, changed, possible, proposals

LEAST = 3
"""A line slip must be seen in so many failing edits; fewer are single cells."""

MOST_LEFT = 0.2
"""Share of the failing edits it touches that a line slip may leave; one may always be left."""

LATE = Text("整行（列）数字错后一格，应前移", "the figures stand one cell too late")
EARLY = Text("整行（列）数字错前一格，应后移", "the figures stand one cell too early")

NOT_SUMMED = Text("整行（列）合计没有计算", "the totals of the whole line were not worked out")
LEFT_OUT = Text("整行（列）合计漏加了 {}", "the totals of the whole line leave out {}")
ADDED_TWICE = Text("整行（列）合计多加了一遍 {}", "the totals of the whole line hold {} twice")

Found = tuple[Changes, Slip]


def line_slips(system: Scaled, trial: Trial) -> Iterator[Found]:
    """Line slips that break nothing and leave little of what they touch."""
    factors = _factors(system, trial)
    wanted = set(factors)
    if len(trial.failing) >= LEAST:
        wanted |= _crossed(system, trial)
    for name, cells in _cells(system, wanted):
        found = [_factor(system, trial, cells, power) for power in factors.get(name, ())]
        if len(trial.failing) >= LEAST:
            found += [*_shift(system, trial, cells), *_stale(system, trial, cells), *_untotalled(system, trial, cells)]
        for changes, slip in found:
            if _heals(system, trial, changes, 1 if slip.kind == "line factor" else LEAST):
                yield changes, _named(name, slip)


def _crossed(system: Scaled, trial: Trial) -> set[str]:
    """Lines with cells in at least three failing edits."""
    seen = Counter(
        name
        for edit in trial.failing
        for name in {name for cell in system.members[edit] for name in system.quantities[cell].lines}
    )
    return {name for name, edits in seen.items() if edits >= LEAST}


def _cells(system: Scaled, wanted: set[str]) -> list[tuple[str, list[int]]]:
    """The wanted lines with their movable cells, in the order of their first cell."""
    lines = {name: list[int]() for name in wanted}
    for cell, quantity in enumerate(system.quantities if wanted else ()):
        for name in quantity.lines:
            if name in lines and quantity.movable:
                lines[name].append(cell)
    return sorted(lines.items(), key=lambda item: (item[1], item[0]))


def _heals(system: Scaled, trial: Trial, changes: Changes, least: int) -> bool:
    if len(changes) < LEAST or not all(possible(system, cell, value) for cell, value in changes):
        return False
    after = changed(system, trial, changes)
    touched = {edit for cell, _ in changes for edit, _ in system.watch[cell]} & trial.failing
    healed = trial.failing - after.failing
    left = len(touched) - len(healed)
    allowed = max(1, int(MOST_LEFT * len(touched))) if len(healed) >= LEAST else 0
    return not after.failing - trial.failing and len(healed) >= least and left <= allowed


def _factors(system: Scaled, trial: Trial) -> dict[str, list[int]]:
    """Line → powers of ten that heal a failing edit if the line's cells in it are multiplied."""
    found: dict[str, list[int]] = {}
    for edit in sorted(trial.failing):
        part: dict[str, int] = {}
        for cell, a in system.cells[edit]:
            if value := trial.value(system, cell):
                for name in system.quantities[cell].lines:
                    part[name] = part.get(name, 0) + a * value
        low, high = system.bounds[edit]
        for name, amount in part.items():
            rest = trial.residuals[edit] - amount
            for power in POWERS:
                for up, down in ((10**power, 1), (1, 10**power)):
                    after = rest * down + amount * up
                    signed = power if down == 1 else -power
                    inside = (low is None or after >= low * down) and (high is None or after <= high * down)
                    if amount and inside and signed not in found.setdefault(name, []):
                        found[name].append(signed)
    return {name: powers for name, powers in found.items() if powers}


def _factor(system: Scaled, trial: Trial, cells: list[int], power: int) -> Found:
    """One power of ten for every cell: 元 for 万元. No changes where the figures can not be divided."""
    times = 10 ** abs(power)
    now = [(cell, value) for cell in cells if (value := trial.value(system, cell))]
    words = Text(f"整行（列）差 {times} 倍（如单位元与万元）", f"the whole line is off by a factor of {times}")
    slip = Slip("line factor", KINDS["line factor"] + points_of(2 * len(POWERS)), words)
    if power < 0 and any(value % times for _, value in now):
        return (), slip
    return tuple((cell, value * times if power > 0 else value // times) for cell, value in now), slip


def _shift(system: Scaled, trial: Trial, cells: list[int]) -> Iterator[Found]:
    """The figures from one cell to another stand one cell too early or too late; the cell left over is computed."""
    spans, crossed = _spans(system, trial, cells)
    for span in spans:
        values = [trial.value(system, cell) for cell in span]
        for late in (True, False):
            filled, kept, lost = (span[:-1], values[1:], span[-1]) if late else (span[1:], values[:-1], span[0])
            moved = tuple((c, v) for c, v in zip(filled, kept, strict=True) if v != trial.value(system, c))
            if len(moved) < LEAST - 1 or (crossed and not any(_mends(system, trial, *one) for one in moved[:2])):
                continue
            if not all(possible(system, cell, value) for cell, value in moved):
                continue
            after = changed(system, trial, moved)
            if not after.failing - trial.failing <= {edit for edit, _ in system.watch[lost]}:
                continue
            for value in proposals(system, after, lost) or [after.value(system, lost)]:
                unknown = size(system.decimal(value), system.quantities[lost].step)
                kept_back = ((lost, value),) if value != trial.value(system, lost) else ()
                changes = tuple(sorted((*moved, *kept_back)))
                yield changes, Slip("line shifted", KINDS["line shifted"] + unknown, LATE if late else EARLY)


def _mends(system: Scaled, trial: Trial, cell: int, value: int) -> bool:
    """This cell alone heals a failing edit: a quick look before the whole line is tried."""
    delta = value - trial.value(system, cell)
    return any(e in trial.failing and system.holds(e, trial.residuals[e] + a * delta) for e, a in system.watch[cell])


def _spans(system: Scaled, trial: Trial, cells: list[int]) -> tuple[list[list[int]], bool]:
    """Where a shift may lie: between the first and the last cell that a failing edit crosses, or one of them off.

    An edit crosses a line in one cell; where none does (told second), the shift may begin anywhere and goes on to the
    end.
    """
    met = Counter(edit for cell in cells for edit, _ in system.watch[cell])
    crossing = {edit for edit, times in met.items() if times == 1}
    failing = crossing & trial.failing
    hit = [i for i, cell in enumerate(cells) if any(edit in failing for edit, _ in system.watch[cell])]
    if crossing:
        ends = [(hit[i], hit[j]) for i, j in ((0, -1), (1, -1), (0, -2)) if len(hit) >= LEAST]
        return [cells[first : last + 1] for first, last in ends if last - first >= LEAST - 1], True
    touched = trial.failing.intersection(met)
    return [cells[start:] for start in range(len(cells) - LEAST + 1)] if touched else [], False


def _stale(system: Scaled, trial: Trial, cells: list[int]) -> Iterator[Found]:
    """Every figure of the line is last year's; the edits that cross it give the new ones."""
    lasts = [system.quantities[cell].last for cell in cells]
    values = [system.decimal(trial.value(system, cell)) for cell in cells]
    if sum(1 for value in values if value) < LEAST or lasts != values:
        return
    changes: list[tuple[int, int]] = []
    for cell in cells:
        new = proposals(system, trial, cell)
        if len(new) == 1:
            changes.append((cell, new[0]))
    words = Text("整行（列）仍是上年的数", "the whole line is still last year's")
    yield tuple(changes), Slip("line of last year", KINDS["line of last year"], words)


def _untotalled(system: Scaled, trial: Trial, cells: list[int]) -> Iterator[Found]:
    """Totals that were never worked out, or that all leave out the same row or column, or hold it twice."""
    inside = set(cells)
    sums = {cell: known for cell in cells if (known := _sum(system, trial, cell, inside)) is not None}
    wrong = {cell: (value, parts) for cell, (value, parts) in sums.items() if value != trial.value(system, cell)}
    if len(wrong) < LEAST or not all(possible(system, cell, value) for cell, (value, _) in wrong.items()):
        return
    changes = tuple((cell, value) for cell, (value, _) in wrong.items())
    worked_out = sum(1 for cell in sums if trial.value(system, cell))
    if not any(trial.value(system, cell) for cell in wrong) and worked_out <= 1:
        yield changes, Slip("line of totals", KINDS["line of totals"], NOT_SUMMED)
    for times, words in ((1, LEFT_OUT), (-1, ADDED_TWICE)):
        for name in sorted(_common(system, trial, wrong, times)):
            said = Text(words.zh.format(name), words.en.format(name))
            yield changes, Slip("line of totals", KINDS["line of totals"] + points_of(len(cells)), said)


def _sum(system: Scaled, trial: Trial, cell: int, inside: set[int]) -> tuple[int, tuple[int, ...]] | None:
    """What its parts make a total that stands alone in an exact equation, and the parts; none in its own line."""
    for edit, own in system.watch[cell]:
        others = [(c, a) for c, a in system.cells[edit] if c != cell]
        alone = len(others) > 1 and all(a == -own and c not in inside for c, a in others)
        if alone and system.bounds[edit] == (0, 0) and trial.residuals[edit] % own == 0:
            value = trial.value(system, cell) - trial.residuals[edit] // own
            return value, tuple(c for c, _ in others)
    return None


def _common(
    system: Scaled, trial: Trial, wrong: Mapping[int, tuple[int, tuple[int, ...]]], times: int
) -> frozenset[str]:
    """Rows or columns whose figures are what every one of the totals is short of, or has too much."""
    found: frozenset[str] | None = None
    for cell, (value, parts) in wrong.items():
        amount = times * (value - trial.value(system, cell))
        own = set(system.quantities[cell].lines)
        missed = (part for part in parts if trial.value(system, part) == amount)
        names = frozenset(name for part in missed for name in system.quantities[part].lines if name not in own)
        found = names if found is None else found & names
    return found or frozenset()


def _named(name: str, slip: Slip) -> Slip:
    words = Text(f"{name}：{slip.words.zh}", f"{name}: {slip.words.en}")
    return Slip(slip.kind, slip.points, words)
