"""Whose each file of a run is, said while it is checked; at the end which version counts, and who is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from auditkit.batch import Found
from auditkit.model.words import EMPTY
from auditkit.store import Store
from auditkit.store.records import Due, Entry
from auditkit.store.rows import Brief

if TYPE_CHECKING:
    from auditkit.roster import Roster


@dataclass
class Attending:
    """Keeps of a run only which units sent something; what is said of each file goes into the store."""

    people: Roster | None
    deadline: float | None = None
    """Seconds since 1970 after which a file is late."""
    came: set[tuple[str, str]] = field(default_factory=set)
    """Code and name of units that sent something."""

    def file(self, entry: Entry, brief: Brief, found: Found) -> Entry:
        """The entry of a file with whose it is; as if it were the only one of its unit."""
        if self.people is None:
            return entry
        from auditkit.roster import Arrival  # noqa: PLC0415 - only with a roster

        told = brief.sha256, brief.rulebook, brief.period, brief.unit, brief.unit_code
        own, said = self.people.own(Arrival(found.name, found.modified, *told))
        if own is None:
            return entry._replace(unit_code="", unit="", part="nobody")
        self.came.add((own.code, own.name))
        outcome = "explain" if said is not None and entry.outcome == "pass" else entry.outcome
        late = self.deadline is not None and found.modified > self.deadline
        kept = entry.number, entry.name, outcome, entry.reason, own.code, entry.result, own.name
        return Entry(*kept, part="counts", late=late, said=said or EMPTY)

    def finish(self, store: Store, run: int) -> None:
        """Of several files of a unit the newest counts; who owed a report, and whether it came."""
        if self.people is None:
            return
        from auditkit.roster import Arrival  # noqa: PLC0415 - as above

        units = {(unit.code, unit.name): unit for unit in self.people.units}
        parts: list[tuple[str, bool, str]] = []
        for whose, files in groupby(store.versions(run), key=lambda one: (one.unit_code, one.unit)):
            arrivals = [
                Arrival(*one[2:7], unit="", unit_code="", reason=one.reason, doubtful=bool(one.said)) for one in files
            ]
            for received in self.people.versions(units[whose], arrivals, self.deadline):
                parts.append(("counts", received.late, received.arrival.name))
                parts += [("older", False, one.name) for one in received.superseded]
                parts += [("same", False, one.name) for one in received.same]
                parts += [("beside", False, one.name) for one in received.beside]
        store.divide(run, parts)
        people = self.people.units
        store.owe(
            run,
            (
                Due(u.code, u.name, " ".join((u.contact, u.phone)).strip(), (u.code, u.name) in self.came)
                for u in people
            ),
        )
