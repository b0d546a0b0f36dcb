"""Cells that no check of cells can fault, told without pandera: of a stack, or of a block of a register."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from auditkit.model.document import State
from auditkit.model.form import Form
from auditkit.stack import Bools, Bytes, Floats


def clear(form: Form, values: Floats, states: Bytes) -> Bools:
    """Rows that no check can fault: what is cleared here need not be shown to pandera; nothing is condemned."""
    fine: Bools = np.ones(len(values), dtype=bool)
    asked = list(zip(form.kinds, form.blanks, strict=True))
    for (kind, blank), run in groupby(range(form.size), asked.__getitem__):
        first, *rest = run
        own = slice(first, first + 1 + len(rest))
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
