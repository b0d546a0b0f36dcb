"""The year before, found in the store by unit without being asked: what earlier runs checked, and no later ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.offices import GOVERNMENT, bare, is_nobody
from auditkit.store import Store
from auditkit.store.database import is_server
from auditkit.store.records import Earlier
from auditkit.store.rows import Brief

if TYPE_CHECKING:
    from auditkit.audit import Prior
    from auditkit.model.finding import Context
    from auditkit.model.form import Form

UNITS = 150
"""Units asked for at once, each by all its names."""


@dataclass(frozen=True)
class Past:
    """Reports of other years as runs before ``run`` had them. Crosses process borders; each side opens the store."""

    store: str
    run: int
    """0: nothing is earlier, so that figures are only kept."""

    def __call__(self, form: Form, context: Context) -> Prior | None:
        if context.year is None or not self.run:
            return None
        found = self.of(form.id, context.unit, context.year[0])
        if found is None:
            return None
        from auditkit.store.figures import filled_of  # noqa: PLC0415 - only workers bind

        return filled_of(form, found.file, found.figures), found.sha256

    def of(self, form: str, unit: str, year: int) -> Earlier | None:
        """What a unit reported for the year before ``year``."""
        if is_nobody(unit) or not self._reported(form, str(year - 1)):
            return None
        return self.opened.earlier(form, _names(unit), str(year - 1), self.run)

    def hashes(self, briefs: Sequence[Brief]) -> list[str]:
        """For each result, the hash of what ``of`` finds now; empty where it finds nothing."""
        if not self.run:
            return [""] * len(briefs)
        kinds = dict.fromkeys((one.rulebook, one.period) for one in briefs)
        found: dict[tuple[str, str, str], str] = {}
        for form, period in kinds:
            if form and period.isdecimal() and self._reported(form, before := str(int(period) - 1)):
                here = (one for one in briefs if (one.rulebook, one.period) == (form, period))
                units = list(dict.fromkeys(bare(one.unit) for one in here if not is_nobody(one.unit)))
                for n in range(0, len(units), UNITS):
                    names = [name for unit in units[n : n + UNITS] for name in _names(unit)]
                    for unit, sha256 in self.opened.hashes(form, names, before, self.run):
                        found.setdefault((form, period, bare(unit)), sha256)
        if not found:
            return [""] * len(briefs)
        return [found.get((one.rulebook, one.period, bare(one.unit)), "") for one in briefs]

    def _reported(self, form: str, year: str) -> bool:
        """Whether anybody's report of that year is known, which in a first year spares a question for each file."""
        if (form, year) not in self._years:
            self._years[form, year] = self.opened.reported(form, year, self.run)
        return self._years[form, year]

    @cached_property
    def _years(self) -> dict[tuple[str, str], bool]:
        return {}

    @property
    def within_reach(self) -> bool:
        """Whether the store is where this process looks for it, or is not needed."""
        return not self.run or is_server(self.store) or Path(self.store).is_file()

    @cached_property
    def opened(self) -> Store:
        return Store(self.store)

    def __reduce__(self) -> tuple[object, ...]:
        return Past, (self.store, self.run)


def fitting(past: Past | None, found: Iterable[Brief], *, given: bool) -> list[Brief]:
    """Of what is kept of each content, the result that was made with last year's figures as they are known now.

    ``given``: last year's reports were named, so that what all results depend on names them too.
    """
    briefs = list(found)
    if past is None or given:
        return briefs
    return [one for one, now in zip(briefs, past.hashes(briefs), strict=True) if one.last_sha256 == now]


def _names(unit: str) -> tuple[str, ...]:
    """What a unit may be called in its report."""
    short = bare(unit)
    return tuple(dict.fromkeys((unit, short, short + GOVERNMENT)))
