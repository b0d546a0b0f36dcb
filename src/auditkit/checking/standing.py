"""The exit status that follows from results. 3 beats 1, and wrong use beats both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.frontdesk import MISUSE, OPEN, PASS, UNCHECKED

if TYPE_CHECKING:
    from auditkit.model.finding import Result

FAIL_ON = {"hard": ("hard",), "soft": ("hard", "soft"), "info": ("hard", "soft", "info"), "never": ()}


@dataclass
class Standing:
    """What the exit status needs to know of the results that went by."""

    levels: tuple[str, ...]
    seen: int = 0
    is_open: bool = False
    incomplete: bool = False
    misused: bool = False

    def take(self, result: Result) -> None:
        self.seen += 1
        self.misused |= any(fault.exit == MISUSE for fault in result.faults)
        self.incomplete |= result.incomplete
        self.is_open |= any(f.status == "fail" and f.level in self.levels for f in result.findings)

    @property
    def status(self) -> int:
        if self.misused:
            return MISUSE
        if self.incomplete or not self.seen:
            return UNCHECKED
        return OPEN if self.is_open else PASS


def levels(fail_on: str, *, strict: bool) -> tuple[str, ...]:
    """Levels that make a run fail."""
    return FAIL_ON["soft" if strict and fail_on == "hard" else fail_on]
