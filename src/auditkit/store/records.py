"""What the store says of a run: the run itself, what became of each of its inputs, and who owed it a report."""

from __future__ import annotations

from typing import NamedTuple

from auditkit.model.words import EMPTY, Text


class Run(NamedTuple):
    """One run as the store knows it; times are the caller's words."""

    id: int
    name: str
    started: str
    finished: str
    setup: str


class Entry(NamedTuple):
    """What became of one input of a run."""

    number: int
    """Its place among the inputs; -1 for what was skipped."""
    name: str
    outcome: str
    """A verdict, or ``skipped``."""
    reason: str = ""
    """Code of the fault, or why it was skipped."""
    unit_code: str = ""
    result: str = ""
    """Key of its result; empty for what was skipped."""
    unit: str = ""
    """Whose it is by the roster."""
    part: str = ""
    """``counts``, ``older``, ``same`` (as the one that counts), ``beside`` it or ``nobody`` (of the roster); empty
    without one."""
    late: bool = False
    said: Text = EMPTY
    """What its name and its content say differently."""


class Origin(NamedTuple):
    """Where an input was found, as ``batch.gather.Found`` has it; empty for what is no file of its own."""

    path: str = ""
    member: int = -1
    size: int = 0
    modified: float = 0.0
    state: str = ""
    fault: str = ""
    """JSON; why it cannot even be read."""


class Version(NamedTuple):
    """One of several files that a unit sent: what tells which of them counts."""

    unit_code: str
    unit: str
    name: str
    modified: float
    sha256: str
    rulebook: str
    period: str
    reason: str
    said: str


class Written(NamedTuple):
    """A file that was written, so that it is not made again for nothing, and is taken away when it is out of date."""

    path: str
    made_from: str
    """All that its words depend on, hashed."""
    sha256: str
    """Of the file as it was written."""
    setup: str = ""
    """Of the run; empty for what is not taken away."""
    input: str = ""
    """What it answers."""


class Due(NamedTuple):
    """A unit of the roster, as it was when the run was made."""

    code: str
    name: str
    contact: str
    came: bool


class Earlier(NamedTuple):
    """A report that was checked before, as next year's checks need it."""

    file: str
    sha256: str
    figures: str
