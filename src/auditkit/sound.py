"""Cells that no check of cells can fault, told without pandera: of a stack, or of a block of a register."""

from __future__ import annotations

import numpy as np

from auditkit.model.document import State
from auditkit.model.form import Blank, Form, Kind
from auditkit.stack import Bools, Bytes, Floats


def clear(form: Form, values: Floats, states: Bytes) -> Bools:
    """Rows that no check can fault: what is cleared here need not be shown to pandera; nothing is condemned."""
    fine: Bools = np.ones(len(values), dtype=bool)
    together: dict[tuple[Kind, Blank], list[int]] = {}
    for slot, asked in enumerate(zip(form.kinds, form.blanks, strict=True)):
        together.setdefault(asked, []).append(slot)
    for (kind, blank), slots in together.items():
        first, end = slots[0], slots[-1] + 1
        own = slice(first, end) if len(slots) == end - first else slots  # a view where that will do
        numbers, state = values[:, own], states[:, own]
        good = state == (State.TEXT if kind == "text" else State.NUMBER)
        if kind == "count":
            good &= numbers >= 0
        if kind in {"count", "integer"}:
            good &= np.floor(numbers) == numbers
        if good.all():
            continue
        if blank != "report":
            good |= (state == State.BLANK) | (state == State.NIL)
        fine &= (good | (state == State.ABSENT)).all(axis=1)
    return fine
