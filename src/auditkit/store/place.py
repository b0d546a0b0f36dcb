"""Where the store is when nobody says so: the same for whoever checks, reports or writes letters."""

from __future__ import annotations

import os

from platformdirs import user_data_path

NONE = "none"


def place(told: str | None) -> str:
    """Path of the store, or ``none``: what was told, else ``AUDITKIT_STORE``, else a file among the user's data."""
    return told or os.environ.get("AUDITKIT_STORE") or str(user_data_path("auditkit", appauthor=False) / "store.sqlite")
