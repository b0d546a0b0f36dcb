"""Share of time by room: where a batch spends its time, each room without the rooms it calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from auditkit import audit
from auditkit.batch import judging, posting
from auditkit.bind import Binder
from auditkit.readers import workbook
from auditkit.reports import summary_workbook
from auditkit.store import Store

ROOMS: tuple[tuple[str, Any, str], ...] = (
    ("gather: load the bytes", judging, "_loaded"),
    ("readers: guard", workbook, "_guarded"),
    ("readers: calamine", workbook, "read"),
    ("bind", Binder, "bind"),
    ("identity", audit, "describe"),
    ("stack", audit, "stack"),
    ("edits: rules", audit, "check_rules"),
    ("schema: pandera", audit, "check_cells"),
    ("suspects", audit, "suspects_of"),
    ("audit: results", audit.Auditor, "_chunk"),
    ("batch: hand over", judging, "judge"),
    ("batch: rows of the store", posting.Writer, "kept"),
    ("store", Store, "settle"),
    ("reports: summary", summary_workbook, "render"),
)


class Clock:
    """Time by room while ``work`` runs; a room's clock stands still while another room works for it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._now = "the rest"
        self._since = time.process_time()

    def _switch(self, room: str) -> str:
        now = time.process_time()
        self.spent[self._now] = self.spent.get(self._now, 0.0) + now - self._since
        before, self._now, self._since = self._now, room, now
        return before

    def _timed(self, room: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **options: Any) -> Any:
            before = self._switch(room)
            try:
                return call(*args, **options)
            finally:
                self._switch(before)

        return timed

    def run(self, work: Callable[[], None]) -> dict[str, float]:
        """Seconds of CPU by room, in the order of the flow."""
        kept = [(owner, name, getattr(owner, name)) for _, owner, name in ROOMS]
        for room, owner, name in ROOMS:
            setattr(owner, name, self._timed(room, getattr(owner, name)))
        try:
            work()
        finally:
            for owner, name, call in kept:
                setattr(owner, name, call)
        self._switch("the rest")
        order = dict.fromkeys(["gather: load the bytes", *(room for room, _, _ in ROOMS), "the rest"])
        return {room: self.spent[room] for room in order if room in self.spent}
