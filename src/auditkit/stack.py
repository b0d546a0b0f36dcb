"""N bound submissions of one form as arrays: a rule is evaluated once for the whole stack, not once per file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from auditkit.model.document import State
from auditkit.model.filled import Filled
from auditkit.model.form import EXACT, Form

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Layer:
    """One year of the stack: ``values`` and ``states`` are N × slots; NaN where there is no number."""

    values: Floats
    states: Bytes
    """One ``State`` per cell."""
    counted: Floats
    """``values`` with 0 in the blanks that count as zero by the form's custom."""


@dataclass(frozen=True)
class Stack:
    """Submissions, what they say this year, and what their reports of the year before said."""

    form: Form
    filled: tuple[Filled, ...]
    last: tuple[Filled | None, ...]
    now: Layer
    before: Layer
    children: tuple[tuple[tuple[str, Filled], ...], ...] = ()
    """For each submission the subordinate units and theirs; empty where nobody rolls up."""

    @property
    def height(self) -> int:
        """How many submissions, or records of a register, are piled up."""
        return len(self.now.values)

    @cached_property
    def exact(self) -> Bools:
        """For each slot: is its number exact? Asked by every rule, worked out once."""
        return exact_slots(self.form)


def stack(form: Form, filled: Sequence[Filled], last: Sequence[Filled | None]) -> Stack:
    """Pile up bound submissions of ``form``; ``last[i]`` belongs to ``filled[i]``."""
    zero = zero_slots(form)
    return Stack(form, tuple(filled), tuple(last), _layer(form, filled, zero), _layer(form, last, zero))


def layered(form: Form, values: Floats, states: Bytes) -> Stack:
    """Records of a register, each as if it were a submission: N × slots, for screening alone."""
    nobody: Floats = np.broadcast_to(np.float64(np.nan), values.shape)
    before = Layer(nobody, np.broadcast_to(np.uint8(State.ABSENT), values.shape), nobody)
    return Stack(form, (), (), _counted(values, states, zero_slots(form)), before)


def zero_slots(form: Form) -> Bools:
    """For each slot: does a blank there count as zero?"""
    return np.array([blank == "zero" for blank in form.blanks], dtype=bool)


def exact_slots(form: Form) -> Bools:
    """For each slot: is its number exact, whatever digits it shows?"""
    return np.array([kind in EXACT for kind in form.kinds], dtype=bool)


def _layer(form: Form, submissions: Sequence[Filled | None], zero: Bools) -> Layer:
    size = form.size
    if not any(s is not None for s in submissions):
        values = np.full((len(submissions), size), np.nan)
        return Layer(values, np.full(values.shape, State.ABSENT, dtype=np.uint8), values)
    nothing = (float("nan"),) * size
    absent = bytes([State.ABSENT]) * size
    values = np.array([s.values if s is not None else nothing for s in submissions], dtype=np.float64)
    states = np.frombuffer(b"".join(s.states if s is not None else absent for s in submissions), dtype=np.uint8)
    return _counted(values, states.reshape(values.shape), zero)


def _counted(values: Floats, states: Bytes, zero: Bools) -> Layer:
    if not zero.any():
        return Layer(values, states, values)
    blank = ((states == State.BLANK) | (states == State.NIL)) & zero
    return Layer(values, states, np.where(blank, 0.0, values) if blank.any() else values)
