"""The roster of units that owe a report, and which file is whose: matched whole, never by likeness."""

from auditkit.roster.listed import roster
from auditkit.roster.people import Arrival, Attendance, Received, Roster, Unit

__all__ = ["Arrival", "Attendance", "Received", "Roster", "Unit", "roster"]
