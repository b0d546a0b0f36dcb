"""Every path of a run as an entry: whose it is, whether it counts, or why it does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from auditkit.batch import Skipped
from auditkit.model.words import EMPTY
from auditkit.roster import Arrival, Attendance, Roster
from auditkit.store.records import Due, Entry


@dataclass(frozen=True)
class Attended:
    """What is entered in the store when all files have been checked."""

    entries: tuple[Entry, ...]
    due: tuple[Due, ...] = ()


def attended(
    arrivals: Sequence[Arrival],
    entered: Iterable[Entry],
    skipped: Iterable[Skipped],
    roster: Roster | None,
    deadline: float | None,
) -> Attended:
    """Entries in order: what was skipped, then every file that was found.

    Args:
        arrivals: the files that were found, in order.
        entered: what the run has noted of them so far, and perhaps of others that are gone.
        skipped: the paths that are nobody's report.
        roster: who owes a report.
        deadline: seconds since 1970 after which a file is late.
    """
    noted = {entry.name: entry for entry in entered}
    files = [replace(noted[one.name], number=n) for n, one in enumerate(arrivals)]
    left_out = [Entry(-1, one.name, "skipped", one.reason) for one in skipped]
    if roster is None:
        return Attended((*left_out, *files))
    attendance = roster.attendance(arrivals, due=deadline)
    own = _own(attendance)
    came = {entry.unit for entry in attendance.received}
    due = tuple(Due(u.code, u.name, " ".join((u.contact, u.phone)).strip(), u in came) for u in roster.units)
    return Attended((*left_out, *(_filed(entry, own[entry.name], attendance) for entry in files)), due)


@dataclass(frozen=True)
class _Own:
    part: str
    code: str = ""
    unit: str = ""
    late: bool = False


def _own(attendance: Attendance) -> dict[str, _Own]:
    """Name of a file → whose it is and what part it has."""
    found = {one.name: _Own("nobody") for one in attendance.unknown}
    for entry in attendance.received:
        whose = entry.unit.code, entry.unit.name
        found[entry.arrival.name] = _Own("counts", *whose, entry.late)
        found |= {one.name: _Own("older", *whose) for one in entry.superseded}
        found |= {one.name: _Own("same", *whose) for one in entry.same}
    return found


def _filed(entry: Entry, own: _Own, attendance: Attendance) -> Entry:
    said = attendance.disagreements.get(entry.name, EMPTY)
    outcome = "explain" if said != EMPTY and entry.outcome == "pass" else entry.outcome
    return replace(entry, unit_code=own.code, unit=own.unit, part=own.part, late=own.late, said=said, outcome=outcome)
