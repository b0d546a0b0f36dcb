"""Confidence, looked up: how often simulated slips with the same evidence were where the first explanation said.

``calibration.json`` is written by ``bench/localization.py --calibrate`` and never by hand.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Literal

Evidence = Literal["crossed", "one edit", "several", "loose", "program", "line", "blank", "beside blanks", "unsettled"]
"""What an explanation rests on.

crossed: one cell heals two or more failing edits · one edit: a single failing edit watches it · several: changes that
only together heal more failing edits than they are · loose: as many changes as failing edits · program: found by the
mixed-integer program · line: a whole row or column · blank: an unknown cell that the edits determine · beside blanks:
anything found where cells are unknown · unsettled: anything found in a table of which a part is left unexplained.
"""

FLOORS = (0.999, 0.95, 0.75, 0.5, 0.25, 0.0)
"""Shares of the evidence at which a class of its own begins."""


def evidence_class(evidence: Evidence, share: float) -> str:
    """``crossed ≥0.99``: the key of the calibration table."""
    floor = next(f for f in FLOORS if share >= f)
    return f"{evidence} ≥{floor}"


def confidence(name: str) -> float:
    """Measured share of right answers of a class.

    Raises:
        KeyError: a class the table does not know.
    """
    return table()[name]


@cache
def table() -> dict[str, float]:
    """Class → share right, from the stored file."""
    stored = json.loads(files("auditkit.suspects").joinpath("calibration.json").read_text("utf-8"))
    return {str(row["evidence"]): float(row["right"]) for row in stored["classes"]}
