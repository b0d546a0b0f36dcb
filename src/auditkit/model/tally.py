"""How often each rule was asked, what came of it, and why something was not checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Reason = Literal[
    "blank",
    "text",
    "error value",
    "uncalculated",
    "table missing",
    "unknown form",
    "line missing",
    "no such row",
    "no last year",
    "not stated",
    "no children",
    "zero base",
    "picture",
]
"""Why something was not checked."""

EXPECTED_GAPS: frozenset[Reason] = frozenset(
    {"no last year", "not stated", "blank", "text", "error value", "no children", "zero base", "no such row"}
)
"""Reasons that do not make a run incomplete: nothing was lost, or the gap has a finding of its own."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one rule was asked, and what came of it. Counting makes another: most submissions share theirs."""

    passed: int = 0
    failed: int = 0
    explained: int = 0
    errors: int = 0
    unchecked: Mapping[Reason, int] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        return self.passed + self.failed + self.explained + self.errors + sum(self.unchecked.values())

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        reasons = {**self.unchecked, **other.unchecked}
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.explained + other.explained,
            self.errors + other.errors,
            {reason: self.unchecked.get(reason, 0) + other.unchecked.get(reason, 0) for reason in reasons},
        )


class Tallies(dict[str, Tally]):
    """Rule → its tally. Submissions without findings share one, so what it adds up to is worked out once."""

    @cached_property
    def asked(self) -> int:
        return sum(tally.asked for tally in self.values())

    @cached_property
    def passed(self) -> int:
        return sum(tally.passed for tally in self.values())

    @cached_property
    def errors(self) -> int:
        return sum(tally.errors for tally in self.values())

    @cached_property
    def unchecked(self) -> dict[Reason, int]:
        """Reason → how many checks it kept from being made."""
        total: dict[Reason, int] = {}
        for tally in self.values():
            for reason, n in tally.unchecked.items():
                total[reason] = total.get(reason, 0) + n
        return total

    @cached_property
    def unasked(self) -> frozenset[str]:
        """Rules of which not one check could be made."""
        return frozenset(rule for rule, t in self.items() if t.unchecked and t.asked == sum(t.unchecked.values()))


class Alike:
    """Tallies met so far: equal ones are one, so that what they add up to is worked out, kept and sent once."""

    MOST = 8
    """Different tallies that are remembered; what has findings differs from everything else anyway."""

    def __init__(self) -> None:
        self._met: list[Tallies] = []

    def one(self, tallies: Mapping[str, Tally]) -> Tallies:
        """These tallies in the order of the rules' codes, or their equal from before."""
        for met in self._met:
            if met == tallies:
                return met
        own = Tallies(sorted(tallies.items()))
        if len(self._met) < self.MOST:
            self._met.append(own)
        return own
