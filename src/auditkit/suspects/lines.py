"""Slips of a whole row or column: another unit, moved by a cell, last year's line left standing."""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.model.words import Text
from auditkit.suspects.scaled import Changes, Scaled
from auditkit.suspects.slips import KINDS, POWERS, Slip, points_of, size
from auditkit.suspects.trial import Trial, changed, possible, proposals

LEAST = 3
"""A line slip must be seen in so many failing edits; fewer are single cells."""

MOST_HEALED = 0.8
"""Share of the failing edits touched that a line slip must heal."""

Found = tuple[Changes, Slip]


def line_slips(system: Scaled, trial: Trial) -> Iterator[Found]:
    """Line slips that break nothing and heal at least four fifths of what they touch."""
    if len(trial.failing) < LEAST:
        return
    for name, cells in _lines(system, trial):
        for changes, slip in (*_factor(system, trial, cells), *_shift(system, trial, cells), *_stale(system, trial, cells)):
            if _heals(system, trial, changes):
                yield changes, _named(name, slip)


def _lines(system: Scaled, trial: Trial) -> list[tuple[str, list[int]]]:
    """Lines that cross at least three failing edits, in the order of their first cell."""
    crossed: dict[str, set[int]] = {}
    for edit in trial.failing:
        for cell in system.members[edit]:
            for name in system.quantities[cell].lines:
                crossed.setdefault(name, set()).add(edit)
    wanted = {name: list[int]() for name, edits in crossed.items() if len(edits) >= LEAST}
    if wanted:
        for cell, quantity in enumerate(system.quantities):
            for name in quantity.lines:
                if name in wanted and quantity.movable:
                    wanted[name].append(cell)
    return sorted(wanted.items(), key=lambda item: (item[1], item[0]))


def _heals(system: Scaled, trial: Trial, changes: Changes) -> bool:
    if not all(possible(system, cell, value) for cell, value in changes):
        return False
    after = changed(system, trial, changes)
    touched = {edit for cell, _ in changes for edit, _ in system.watch[cell]} & trial.failing
    healed = trial.failing - after.failing
    return not after.failing - trial.failing and len(healed) >= max(LEAST, MOST_HEALED * len(touched))


def _factor(system: Scaled, trial: Trial, cells: list[int]) -> Iterator[Found]:
    """One power of ten for every cell: 元 for 万元."""
    now = [(cell, value) for cell in cells if (value := trial.value(system, cell))]
    if len(now) < LEAST:
        return
    for power in POWERS:
        for up in (True, False):
            if not up and any(value % 10**power for _, value in now):
                continue
            new = tuple((cell, value * 10**power if up else value // 10**power) for cell, value in now)
            sign = "" if up else "-"
            words = Text(f"整行（列）单位差 10^{power} 倍（如元/万元）", f"the whole line is off by a factor of 10^{sign}{power}")
            yield new, Slip("line factor", KINDS["line factor"] + points_of(2 * len(POWERS)), words)


def _shift(system: Scaled, trial: Trial, cells: list[int]) -> Iterator[Found]:
    """The figures from one cell to another stand one cell too early or too late; the cell left over is computed."""
    hit = [i for i, cell in enumerate(cells) if any(e in trial.failing for e, _ in system.watch[cell])]
    crossing = [i for i in hit if sum(e in trial.failing for e, _ in system.watch[cells[i]]) > 1] or hit
    first, last = crossing[0], crossing[-1]
    if last - first < LEAST - 1:
        return
    span, values = cells[first : last + 1], [trial.value(system, cell) for cell in cells[first : last + 1]]
    for later, kept in ((True, values[1:]), (False, values[:-1])):
        filled, lost = (span[:-1], span[-1]) if later else (span[1:], span[0])
        moved = tuple((c, v) for c, v in zip(filled, kept, strict=True) if v != trial.value(system, c))
        if len(moved) < LEAST - 1 or not all(possible(system, cell, value) for cell, value in moved):
            continue
        after = changed(system, trial, moved)
        where = Text("后", "late") if later else Text("前", "early")
        words = Text(f"整行（列）数字错位一格，应往{'前' if later else '后'}移", f"figures stand one cell too {where.en}")
        for value in proposals(system, after, lost) or [after.value(system, lost)]:
            unknown = size(system.decimal(value), system.quantities[lost].step)
            changes = tuple(sorted({**dict(moved), lost: value}.items()))
            yield changes, Slip("line shifted", KINDS["line shifted"] + unknown, words)


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


def _named(name: str, slip: Slip) -> Slip:
    words = Text(f"{name}：{slip.words.zh}", f"{name}: {slip.words.en}")
    return Slip(slip.kind, slip.points, words)
