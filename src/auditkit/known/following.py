"""A round of results, one by one, each with what is known of it: explanations at work, and the round before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from auditkit.known.entries import Entry
from auditkit.known.excuse import Remark, asked_in, excused, unused
from auditkit.known.rounds import rounds
from auditkit.known.sent import Sent
from auditkit.model.finding import Finding, Result


class Following:
    """Takes results as they come and keeps of them only what the end of the run needs."""

    def __init__(
        self, known: Sequence[Entry], before: Iterable[Sent] = (), *, today: dt.date, number: int | None = None
    ) -> None:
        """Explanations and what was sent out in the round before.

        Args:
            known: explanations, whatever was decided about them.
            before: findings of the round before.
            today: the day the explanations are held against.
            number: of this round; without it the one after ``before``, else 1.
        """
        self.known = {entry.key: entry for entry in known}
        self.accepted = {entry.key: entry for entry in known if entry.accepted is not None}
        self.today = today
        self._before: dict[tuple[str, str, str], dict[str, Finding]] = {}
        self._silent: dict[str, tuple[str, ...]] = {}
        """Unit of the round before → the names it goes by; those that came again are taken out."""
        last = 0
        for one in before:
            last = max(last, one.round)
            if one.finding.status == "fail":
                self._silent.setdefault(one.unit or one.file, one.names)
            for name in one.names:
                self._before.setdefault((name, one.period, one.rulebook), {})[one.finding.key] = one.finding
        self.number = number or last + 1
        self._found: set[str] = set()
        self._asked: set[str] = set()

    def take(self, result: Result) -> Result:
        """The result with accepted explanations at work, remarks on those that do not hold, and its round."""
        names = [name for name in (result.unit_code, result.unit) if name] or [result.file]
        for unit in [unit for unit, known in self._silent.items() if set(known) & set(names)]:
            del self._silent[unit]
        done, remarks = excused(result, self.accepted, self.today)
        self._found.update(finding.key for finding in result.findings)
        self._asked.update(key for key, entry in self.accepted.items() if asked_in(entry, result))
        if remarks:
            done = replace(done, notes=(*done.notes, *(remark.text for remark in remarks)))
        before: dict[str, Finding] = {}
        for name in names:
            before |= self._before.get((name, result.period, result.rulebook), {})
        return rounds(before.values(), done, number=self.number, known=self.known, remarks=remarks)

    def unused(self) -> tuple[Remark, ...]:
        """Explanations that excuse nothing any more, once all results were taken."""
        return tuple(unused(self.accepted[key]) for key in self.accepted if key in self._asked - self._found)

    def silent(self) -> tuple[str, ...]:
        """Units with something open in the round before of which nothing came in this one."""
        return tuple(self._silent)
