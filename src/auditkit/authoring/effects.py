"""What a change of rules does to a folder of submissions: whose verdict changes, and which rules find more or less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditkit.audit import Auditor, sources
from auditkit.model.finding import Result, Verdict
from auditkit.model.rule import Rulebook

Moved = tuple[Verdict, Verdict]


@dataclass
class Effects:
    """Two rulebooks on the same files."""

    files: int = 0
    moved: dict[Moved, list[str]] = field(default_factory=dict)
    """(verdict before, verdict after) → files, where they differ."""
    findings: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    """Code → findings, before and after."""
    units: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    """Code → files in which it found something, before and after."""

    @property
    def unmoved(self) -> int:
        return self.files - sum(map(len, self.moved.values()))

    def take(self, before: Result, after: Result) -> None:
        self.files += 1
        for side, result in enumerate((before, after)):
            codes = Counter(finding.rule for finding in result.findings)
            self.findings[side].update(codes)
            self.units[side].update(codes.keys())
        if before.verdict != after.verdict:
            self.moved.setdefault((before.verdict, after.verdict), []).append(before.file)


def effects(old: Rulebook, new: Rulebook, paths: Iterable[Path], last: Path | None = None) -> Effects:
    """Check every file with both rulebooks; a file that cannot be checked counts as ``not checked`` in both."""
    listed: Sequence[Path] = tuple(paths)
    auditors = [Auditor((book,), last=last, forced=True) for book in (old, new)]
    found = Effects()
    for before, after in zip(*(auditor.audit(sources(listed)) for auditor in auditors), strict=True):
        found.take(before, after)
    return found
