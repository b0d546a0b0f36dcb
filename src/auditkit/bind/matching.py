"""Lines of one axis ↔ labels printed in a sheet: a pair is made only where each is the other's one best answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from auditkit.bind.lexicon import AxisName, Degree
from auditkit.bind.sheet import Spot
from auditkit.model.form import Axis


class Candidate(NamedTuple):
    line: int
    spot: Spot
    degree: Degree


class Groups(NamedTuple):
    """Names of the groups whose labels cover a label: surely (merged, or straight above), or by blanks and order."""

    sure: frozenset[str]
    likely: frozenset[str]


NO_GROUPS = Groups(frozenset(), frozenset())


class Key(NamedTuple):
    """How well a label answers to a line; smaller is better."""

    strangers: int
    """Groups that cover the label and do not hold the line."""
    shared: int
    """Groups they have in common, negative."""
    degree: Degree


@dataclass
class Matching:
    """``found``: line → label. ``tied``: line → labels between which nothing decides."""

    found: dict[int, Spot] = field(default_factory=dict)
    tied: dict[int, tuple[Spot, ...]] = field(default_factory=dict)


Answers = dict[int, dict[int, tuple[Key, Spot]]]
"""Line → position (row or column) → how well it answers, and the label."""


def match(
    axis: Axis,
    name: AxisName,
    candidates: Iterable[Candidate],
    groups_of: Callable[[Spot], Groups],
    cover_of: Callable[[Spot], Spot | None],
) -> Matching:
    """Pairs lines with positions; a label surely under other groups than the line's own is never taken.

    Where labels alone do not decide, order does in two cases only: the labels stand under as many covering labels
    (``cover_of``) as there are groups, of the same sizes; or the form prints no words for the groups.
    """
    at = 1 if name == "columns" else 0
    answers = _answers(axis, candidates, groups_of, at)
    result = Matching()
    if simple := _one_each(answers):
        result.found = simple
        return result
    while pairs := _mutual(answers) or (_forced(answers) if name == "columns" else {}):
        for line, position in pairs.items():
            result.found[line] = answers.pop(line)[position][1]
        taken = set(pairs.values())
        for options in answers.values():
            for position in taken & options.keys():
                del options[position]
    for line, position in _spanned(axis, answers, cover_of) or _unworded(axis, answers):
        result.found[line] = answers.pop(line)[position][1]
    result.tied = {
        line: tuple(spot for _, spot in sorted(options.values(), key=lambda option: option[1]))
        for line, options in sorted(answers.items())
        if options
    }
    return result


def _answers(axis: Axis, candidates: Iterable[Candidate], groups_of: Callable[[Spot], Groups], at: int) -> Answers:
    worded = {name for name, words in axis.group_labels.items() if any(words)}
    groups_of = cache(groups_of) if worded else (lambda _: NO_GROUPS)
    answers: Answers = {}
    for line, spot, degree in candidates:
        path = worded.intersection(axis.lines[line].path)
        groups = groups_of(spot)
        over = groups.sure | groups.likely
        # A line of no group may stand anywhere, as a total does within the printed area of the group it sums up.
        strangers = over - path if path else frozenset()
        if strangers & groups.sure and not path & over and degree != Degree.JOINED:
            continue
        key = Key(len(strangers), -len(path & over), degree)
        if degree == Degree.JOINED:
            key = Key(0, -len(path), degree)
        known = answers.setdefault(line, {}).get(spot[at])
        if known is None or (key, spot) < known:
            answers[line][spot[at]] = key, spot
    return answers


def _one_each(answers: Answers) -> dict[int, Spot]:
    """Line → label, if nothing is in doubt: one answer a line, and none of them twice."""
    if any(len(options) != 1 for options in answers.values()):
        return {}
    found = {line: spot for line, options in answers.items() for _, spot in options.values()}
    return found if len({position for options in answers.values() for position in options}) == len(found) else {}


def _mutual(answers: Answers) -> dict[int, int]:
    """Line → position where each is the other's one best."""
    lines: dict[int, dict[int, Key]] = {}
    for line, options in answers.items():
        for position, (key, _) in options.items():
            lines.setdefault(position, {})[line] = key
    best_line = {position: _only_best(keys) for position, keys in lines.items()}
    pairs = {}
    for line, options in answers.items():
        best = _only_best({position: key for position, (key, _) in options.items()})
        if best is not None and best_line[best] == line:
            pairs[line] = best
    return pairs


def _forced(answers: Answers) -> dict[int, int]:
    """Line → the only position it may have, where no other line depends on it: a header has all its columns."""
    only = {line: next(iter(options)) for line, options in answers.items() if len(options) == 1}
    return {line: position for line, position in only.items() if [*only.values()].count(position) == 1}


def _only_best(keys: Mapping[int, Key]) -> int | None:
    if not keys:
        return None
    best = min(keys.values())
    first, *others = (at for at, key in keys.items() if key == best)
    return None if others else first


def _spanned(axis: Axis, answers: Answers, cover_of: Callable[[Spot], Spot | None]) -> list[tuple[int, int]]:
    """Lines left over, when the covering labels (in words we do not know) divide them exactly as the groups do."""
    groups: dict[str, list[int]] = {}
    spans: dict[Spot | None, list[int]] = {}
    spots = {position: spot for options in answers.values() for position, (_, spot) in options.items()}
    for line in sorted(line for line, options in answers.items() if options):
        groups.setdefault(_innermost(axis, line), []).append(line)
    for position in sorted(spots):
        spans.setdefault(cover_of(spots[position]), []).append(position)
    if len(groups) < 2 or None in spans or [*map(len, groups.values())] != [*map(len, spans.values())]:
        return []
    pairs = []
    for lines, span in zip(groups.values(), spans.values(), strict=True):
        for line in lines:
            own = [position for position in span if position in answers[line]]
            pairs += [(line, position) for position in own]
            if len(own) != 1:
                return []
    return pairs if len({position for _, position in pairs}) == len(pairs) else []


def _innermost(axis: Axis, line: int) -> str:
    """The innermost group that prints words, else the innermost."""
    path = axis.lines[line].path
    return next((name for name in reversed(path) if any(axis.group_labels.get(name, ()))), (*path, "")[-1])


def _unworded(axis: Axis, answers: Answers) -> list[tuple[int, int]]:
    """Lines with one label under groups the form prints no words for: their order is all that tells them apart."""
    alike: dict[tuple[tuple[str, ...], tuple[int, ...]], list[int]] = {}
    for line, options in sorted(answers.items()):
        path = axis.lines[line].path
        if options and path and not any(any(axis.group_labels.get(name, ())) for name in path):
            alike.setdefault((axis.lines[line].labels, tuple(sorted(options))), []).append(line)
    return [
        pair
        for (_, positions), lines in alike.items()
        if len(lines) == len(positions) > 1
        for pair in zip(lines, positions, strict=True)
    ]
