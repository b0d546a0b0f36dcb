"""The year before, found in the store by unit without being asked: what earlier runs checked, and no later ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from auditkit.audit import Prior
from auditkit.model.finding import Context, Result
from auditkit.model.form import Form
from auditkit.store import Store
from auditkit.store.database import is_server
from auditkit.store.figures import filled_of
from auditkit.store.records import Earlier

_GOVERNMENT = "人民政府"


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
        return None if found is None else (filled_of(form, found.file, found.figures), found.sha256)

    def of(self, form: str, unit: str, year: int) -> Earlier | None:
        """What a unit reported for the year before ``year``."""
        bare = unit.removesuffix(_GOVERNMENT)
        names = tuple(dict.fromkeys((unit, bare, bare + _GOVERNMENT)))
        return self._opened.earlier(form, names, str(year - 1), self.run)

    def still(self, result: Result) -> bool:
        """Whether a result that was kept was checked against the year before as it is known now."""
        if not self.run:
            return True
        if not result.rulebook or not result.period.isdecimal():
            return not result.last_sha256
        found = self.of(result.rulebook, result.unit, int(result.period))
        return result.last_sha256 == (found.sha256 if found else "")

    @property
    def within_reach(self) -> bool:
        """Whether the store is where this process looks for it, or is not needed."""
        return not self.run or is_server(self.store) or Path(self.store).is_file()

    @cached_property
    def _opened(self) -> Store:
        return Store(self.store)

    def __reduce__(self) -> tuple[object, ...]:
        return Past, (self.store, self.run)
