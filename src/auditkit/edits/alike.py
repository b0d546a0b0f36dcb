"""One record's change against the changes of the other records of its list."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import numpy as np

from auditkit.edits.figures import plain
from auditkit.edits.screen import kinds
from auditkit.edits.submission import Gap, Value
from auditkit.edits.values import Line
from auditkit.model.expression import Expression
from auditkit.model.rule import Rule
from auditkit.model.words import EMPTY, Text
from auditkit.movement import moved


def unlike(rule: Rule, line: Line, now: Expression, before: Expression) -> tuple[Value, Value, Text] | None:
    """Both values and how they read, where they are out of line; None where they are in line.

    Raises ``Gap`` where the line itself lacks one; what other records do not say is left out.
    """
    left, right = line.value(now), line.value(before)
    told = _beside(rule, line, (now, before))
    found = moved(*(np.array([float(v) for v in side]) for side in zip(*told.values(), strict=True)))
    own = 0 if line.scope is None else line.scope.lines[0]
    if not found.beyond[list(told).index(own)] > 1:
        return None
    a, b = left.figure.value, right.figure.value
    change = f" × {plain(a / b, 2):f}" if b else ""
    others, usual = found.compared - 1, found.usual
    said = EMPTY
    if b and not np.isnan(usual):
        said = Text(f"；其余 {others} 条通常 × {usual:.2f}", f"; usual for the other {others}: × {usual:.2f}")
    return (
        left,
        right,
        Text(f"{left.says.zh}，{right.says.zh}{change}{said.zh}", f"{left.says.en}, {right.says.en}{change}{said.en}"),
    )


def _beside(rule: Rule, line: Line, nodes: tuple[Expression, ...]) -> dict[int, tuple[Fraction, ...]]:
    """Values by line, for the lines of the same kind that have them all; its own line included."""
    form = line.submission.form
    lines = np.array((0,) if rule.scope is None else rule.scope.lines)
    alike = lines[kinds(rule.scope, form) == kinds(line.scope, form)[0]]
    found: dict[int, tuple[Fraction, ...]] = {}
    for number in alike.tolist():
        other = Line(rule, number, line.submission, line.stated)
        with contextlib.suppress(Gap):
            found[number] = tuple(other.value(node).figure.value for node in nodes)
    return found
