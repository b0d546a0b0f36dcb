"""The way from failing edits to suspects: cheap and certain steps first, the solver last, honesty at the end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditkit.suspects.answer import Answer, merged, split, suspicion
from auditkit.suspects.blanks import determined, grouped, unknown
from auditkit.suspects.calibration import Evidence
from auditkit.suspects.choice import Choice, choose
from auditkit.suspects.lines import line_slips
from auditkit.suspects.reading import Event, Reading, line_of_blanks, line_reading, reading
from auditkit.suspects.scaled import Changes, Scaled, scale
from auditkit.suspects.search import Budget, needed, smallest
from auditkit.suspects.singles import complete, fingerprints, swaps
from auditkit.suspects.system import Edit, Localization, Quantity
from auditkit.suspects.trial import Trial, begin, changed, offenders

BEYOND = 10**100
"""No amount of anything, and no number that a solver can hold: what it breaks is told without a suspect."""
STEPS = 20_000
"""Branches the exact search may take for one submission."""

SOFT = 10
"""Points a soft edit is worth: an explanation that heals one is ten times likelier, one that breaks one, rarer."""

MOST_READ = 1_000
"""Explanations read at most; with so many, none is told."""

MOST_REFINED = 50
"""Up to so many, every value within the rounding is tried."""

NEARLY = 10
"""Points by which an explanation with one change more may be worse and still be told."""


@dataclass(slots=True)
class _Run:
    """What one call carries along."""

    system: Scaled
    settings: Mapping[str, int]
    most: int
    end: float
    budget: Budget
    answers: list[Answer] = field(default_factory=list)
    unexplained: set[int] = field(default_factory=set)
    filled: bool = False
    """Unknown cells were filled in: what they hide is not known."""
    proven: bool = True
    too_many: bool = False


def locate(
    quantities: Iterable[Quantity],
    edits: Iterable[Edit],
    *,
    limit_seconds: float = 5.0,
    most_changes: int = 4,
    priors: Mapping[str, int] | None = None,
) -> Localization:
    """Which quantities are probably wrong, and what they should be.

    Steps, each for every connected part of the failing edits: line slips; single cells and swaps that explain the part;
    cells whose fingerprint nobody disputes, one by one; all smallest sets of changes up to ``most_changes``; the
    mixed-integer program; else the edits are left unexplained. Hard edits decide, soft ones tip the scale and are
    explained last. Data are never changed.

    Args:
        quantities: every number the edits name.
        edits: satisfied ones too.
        limit_seconds: for the mixed-integer program; everything before it is bounded by counting steps.
        most_changes: of one connected part, beyond undisputed cells.
        priors: sign → points, before ``priors.PRIORS``.

    Raises:
        KeyError: an edit names an unknown quantity, or a quantity an unknown sign.
    """
    system = scale(quantities, edits)
    if any(abs(value) > BEYOND for value in system.values):
        return Localization()
    run = _Run(system, priors or {}, most_changes, time.monotonic() + limit_seconds, Budget(STEPS))
    everything = range(len(system.edits))
    start = begin(system, everything, frozenset())
    blank = unknown(system)
    if not start.failing and not blank:
        return Localization()
    trial, aside = _fill(run, start, blank)
    hard = frozenset(edit for edit in everything if system.edits[edit].level == "hard")
    trial = _explain(run, trial, hard, aside | (frozenset(everything) - hard))
    trial = _explain(run, trial, frozenset(everything) - hard, aside | run.unexplained)
    return _localization(run, start, trial)


def _fill(run: _Run, start: Trial, blank: frozenset[int]) -> tuple[Trial, frozenset[int]]:
    """Determined blanks filled and told; edits with two or more cells still unknown are set aside."""
    system = run.system
    if not blank:
        return start, frozenset()
    values, rest = determined(system, start, blank)
    run.filled = True
    for cells in grouped(system, values):
        if not any(values[cell] or system.quantities[cell].text for cell in cells):
            continue  # nothing was to be filled in
        told = [reading(system, start, ((cell, values[cell]),), run.settings).events[0] for cell in cells]
        event = told[0] if len(told) == 1 else line_of_blanks(told)
        run.answers.append(Answer(Choice((Reading((event,)),), (1.0,)), "blank"))
    aside = frozenset(e for e, terms in enumerate(system.cells) if sum(cell in rest for cell, _ in terms) > 1)
    return changed(system, start, tuple(sorted(values.items()))), aside


def _explain(run: _Run, trial: Trial, asked: frozenset[int], parked: frozenset[int]) -> Trial:
    """Explains the failing edits among ``asked``, part by part; returns the trial with the best explanations made."""
    system = run.system
    failing = frozenset(e for e in asked - parked if not system.holds(e, trial.residuals[e]))
    trial = replace(trial, failing=failing, offenders=offenders(system, failing) - trial.moved.keys(), parked=parked)
    trial = _long_lines(run, trial)
    while trial.failing:
        part = _part(system, trial, min(trial.failing))
        inside = replace(
            trial,
            failing=part,
            offenders=frozenset(c for c in trial.offenders if any(e in part for e, _ in system.watch[c])),
            parked=trial.parked | (trial.failing - part),
        )
        answer = _answer(run, inside)
        if answer is None or answer.vague:
            run.unexplained |= part
            trial = replace(trial, failing=trial.failing - part, parked=trial.parked | part)
            trial = replace(trial, offenders=trial.offenders - inside.offenders)
        else:
            run.answers.extend(split(answer))
            trial = changed(system, trial, answer.choice.readings[0].changes)
    return trial


def _long_lines(run: _Run, trial: Trial) -> Trial:
    """Slips of a line that runs through several parts, each of which would blame cells of its own."""
    if not trial.failing or _part(run.system, trial, min(trial.failing)) == trial.failing:
        return trial
    for changes, slip in line_slips(run.system, trial):
        after = changed(run.system, trial, changes)
        healed = trial.failing - after.failing
        touched = {edit for cell, _ in changes for edit, _ in run.system.watch[cell]}
        if healed - _part(run.system, trial, min(healed)) and after.failing.isdisjoint(touched - trial.parked):
            told = line_reading(run.system, trial, changes, slip, run.settings)
            run.answers.append(_chosen(run, trial, [told], "line"))
            return after
    return trial


def _part(system: Scaled, trial: Trial, edit: int) -> frozenset[int]:
    """The failing edits connected with this one."""
    return trial.failing & _connected(system, [edit], trial.parked)


def _connected(system: Scaled, edits: Iterable[int], parked: frozenset[int]) -> set[int]:
    """These edits and all others reached from them through movable cells, satisfied edits between them included."""
    edge = list(edits)
    seen, cells = set(edge), set[int]()
    while edge:
        new = system.members[edge.pop()] - cells
        cells |= new
        near = {edit for cell in new for edit, _ in system.watch[cell]} - seen - parked
        seen |= near
        edge.extend(near)
    return seen


def _answer(run: _Run, trial: Trial) -> Answer | None:
    """The first step that explains the part, or a piece of it."""
    system = run.system
    lines = [
        (changes, line_reading(system, trial, changes, slip, run.settings))
        for changes, slip in line_slips(system, trial)
    ]
    whole = [told for changes, told in lines if changed(system, trial, changes).healed]
    single = [reading(system, trial, changes, run.settings) for changes in complete(system, trial)]
    if trial.failing:
        single += [reading(system, trial, changes, run.settings) for changes in swaps(system, trial)]
    if whole or single:
        evidence: Evidence = "one edit" if len(trial.failing) == 1 else "crossed"
        return _chosen(run, trial, [*whole, *single], evidence)
    if lines:
        return _chosen(run, trial, [min((told for _, told in lines), key=lambda r: (r.points, r.changes))], "line")
    return _fingerprint(run, trial) or _opposed(run, trial) or _searched(run, trial) or _programmed(run, trial)


def _chosen(run: _Run, trial: Trial, readings: list[Reading], evidence: Evidence) -> Answer:
    """The explanations worth telling, soft edits weighed in."""
    choice = choose([_weighed(run.system, trial, told) for told in readings])
    kind = choice.readings[0].events[0].slip.kind
    return Answer(choice, "beside blanks" if run.filled else "line" if kind.startswith("line") else evidence)


def _weighed(system: Scaled, trial: Trial, told: Reading) -> Reading:
    """Points for the soft edits it heals and breaks, put on its first event."""
    soft = {e for cell, _ in told.changes for e, _ in system.watch[cell] if system.edits[e].level != "hard"}
    if soft.isdisjoint(trial.parked):
        return told
    after = changed(system, trial, told.changes)
    gain = sum(
        system.holds(edit, trial.residuals[edit]) - system.holds(edit, after.residuals[edit]) for edit in sorted(soft)
    )
    first = told.events[0]
    return Reading((Event(first.changes, first.slip, first.points + SOFT * gain), *told.events[1:]))


def _fingerprint(run: _Run, trial: Trial) -> Answer | None:
    """The undisputed cell that heals most."""
    found = fingerprints(run.system, trial)
    if not found:
        return None
    changes, healed = max(found, key=lambda one: (len(one[1]), [-cell for cell, _ in one[0]]))
    run.proven = run.proven and len(trial.failing - healed) == 0
    return _chosen(run, trial, [reading(run.system, trial, changes, run.settings)], "crossed")


def _opposed(run: _Run, trial: Trial) -> Answer | None:
    """Two failing edits off by the same amount that have nothing to do with the others: a swap, a misplaced amount."""
    system = run.system
    for pair in _same_amount(system, trial):
        rest = trial.failing - pair
        apart = replace(trial, failing=pair, parked=trial.parked | rest)
        found, _, _ = smallest(system, apart, 2, run.budget)
        alone = [c for c in found if all(edit not in rest for cell, _ in c for edit, _ in system.watch[cell])]
        if alone:
            return _chosen(run, apart, _read(run, apart, alone), "loose")
    return None


def _same_amount(system: Scaled, trial: Trial) -> list[frozenset[int]]:
    """Pairs of failing edits without a common cell, off by an amount that no third one is off by."""
    amounts: dict[int, list[int]] = {}
    for edit in sorted(trial.failing):
        amounts.setdefault(abs(trial.residuals[edit]), []).append(edit)
    pairs = [edits for edits in amounts.values() if len(edits) == 2 < len(trial.failing)]
    return [frozenset(edits) for edits in pairs if system.members[edits[0]].isdisjoint(system.members[edits[1]])]


def _searched(run: _Run, trial: Trial) -> Answer | None:
    if needed(run.system, trial, run.most) > run.most:
        return None
    found, wider, proven = smallest(run.system, trial, run.most, run.budget)
    run.proven = run.proven and proven
    if not found:
        return None
    size = len(found[0])
    told = _read(run, trial, found)
    limit = min(one.points for one in told) + NEARLY
    told += [one for one in _read(run, trial, wider) if len(one.events) <= size and one.points <= limit]
    return _chosen(run, trial, told, "several" if len(trial.failing) > size else "loose")


def _programmed(run: _Run, trial: Trial) -> Answer | None:
    from auditkit.suspects.program import solve  # noqa: PLC0415 - scipy, heavy and rarely needed

    if needed(run.system, trial, run.most) > run.most:
        run.too_many, run.proven = True, False
        return None
    seconds = max(0.0, run.end - time.monotonic())
    solved = solve(run.system, trial, most=run.most, seconds=seconds, settings=run.settings)
    run.proven = run.proven and solved.proven
    run.too_many = run.too_many or (not solved.optima and len(trial.failing) > 1)
    return _chosen(run, trial, _read(run, trial, solved.optima), "program") if solved.optima else None


def _read(run: _Run, trial: Trial, found: Sequence[Changes]) -> list[Reading]:
    refine = len(found) <= MOST_REFINED
    return [reading(run.system, trial, changes, run.settings, refine=refine) for changes in found[:MOST_READ]]


def _unsettled(run: _Run, answers: list[Answer]) -> list[Answer]:
    """Marks what was found in a table of which another part is left unexplained: it may be part of that."""
    if not run.unexplained:
        return answers
    soft = frozenset(e for e, edit in enumerate(run.system.edits) if edit.level != "hard")
    near = _connected(run.system, sorted(run.unexplained), soft)
    return [
        replace(answer, evidence="unsettled")
        if any(edit in near for cell, _ in answer.choice.readings[0].changes for edit, _ in run.system.watch[cell])
        else answer
        for answer in answers
    ]


def _localization(run: _Run, start: Trial, end: Trial) -> Localization:
    system = run.system
    answers = merged(system, start, run.answers, run.settings)
    answers = _unsettled(run, answers)
    made = [suspicion(system, start, end, answer, run.settings) for answer in answers]
    made.sort(key=lambda s: (-len(s.clears), -s.confidence, s.quantities))
    changes = sum(len(answer.choice.readings[0].changes) for answer in run.answers)
    smallest_possible = changes <= needed(system, start, changes)
    return Localization(
        suspicions=tuple(made),
        unexplained=tuple(system.edits[edit].key for edit in sorted(run.unexplained)),
        optimal=not run.unexplained and (run.proven or smallest_possible),
        too_many=run.too_many,
    )
