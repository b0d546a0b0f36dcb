"""Cells that no check of cells can fault, told without pandera: of a stack, or of a block of a register."""

from __future__ import annotations

import numpy as np

from auditkit.model.document import State
from auditkit.model.form import Form
from auditkit.stack import Bools, Bytes, Floats


def clear(form: Form, values: Floats, states: Bytes) -> Bools:
    """Rows that no check can fault: what is cleared here need not be shown to pandera; nothing is condemned."""
    fine: Bools = np.ones(len(values), dtype=bool)
    for slot, (kind, blank) in enumerate(zip(form.kinds, form.blanks, strict=True)):
        number, state = values[:, slot], states[:, slot]
        good = state == (State.TEXT if kind == "text" else State.NUMBER)
        if kind == "count":
            good &= number >= 0
        if kind in {"count", "integer"}:
            good &= np.floor(number) == number
        if good.all():
            continue
        if blank != "report":
            good |= (state == State.BLANK) | (state == State.NIL)
        fine &= good | (state == State.ABSENT)
    return fine
