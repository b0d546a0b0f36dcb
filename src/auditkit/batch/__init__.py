"""Batch: folders and archives of submissions, checked by worker processes that hostile files cannot stop."""

from auditkit.batch.ends import Limits
from auditkit.batch.gather import Found, Skipped, gather
from auditkit.batch.running import run
from auditkit.batch.setup import Setup

__all__ = ["Found", "Limits", "Setup", "Skipped", "gather", "run"]
