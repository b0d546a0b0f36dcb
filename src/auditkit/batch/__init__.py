"""Batch: folders and archives of submissions, checked by worker processes that hostile files cannot stop."""

from auditkit.batch.ends import Limits
from auditkit.batch.gather import Found, Skipped, gather
from auditkit.batch.hands import Jobs, at_work
from auditkit.batch.listing import enlist, found_in
from auditkit.batch.naming import named
from auditkit.batch.past import Past
from auditkit.batch.recording import record
from auditkit.batch.running import run
from auditkit.batch.setup import Setup

__all__ = [
    "Found",
    "Jobs",
    "Limits",
    "Past",
    "Setup",
    "Skipped",
    "at_work",
    "enlist",
    "found_in",
    "gather",
    "named",
    "record",
    "run",
]
