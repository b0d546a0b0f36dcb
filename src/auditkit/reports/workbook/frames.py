"""How a mark looks: a frame that survives black-and-white print and any eye, then a fill, then weight."""

from __future__ import annotations

from typing import Any

from auditkit.model.words import Text
from auditkit.reports.marks import Kind
from auditkit.reports.pen import EXPLAIN, LINE, MEDIUM_DASH_DOT, MEDIUM_DASHED, THICK, THIN, WRONG

_FRAMES: dict[Kind, dict[str, Any]] = {
    "wrong": {"border": THICK, "bg_color": WRONG, "bold": True},
    "perhaps": {"border": MEDIUM_DASHED, "bg_color": WRONG, "bold": True},
    "part": {"border": THICK},
    "explain": {"border": MEDIUM_DASHED, "bg_color": EXPLAIN},
    "note": {"border": MEDIUM_DASH_DOT, "border_color": "#005A8C"},
}
PLAIN: dict[str, Any] = {"border": THIN, "border_color": LINE}

LEGEND: tuple[tuple[Kind, Text], ...] = (
    ("wrong", Text("可能填错的格：粗框、底色、加粗", "probably wrong: thick frame, fill, bold")),
    (
        "perhaps",
        Text("几格之一可能填错：虚框、底色、加粗", "one of several, one is wrong: dashed frame, fill, bold"),
    ),
    ("part", Text("参与了不成立的关系：粗框", "takes part in a relation that does not hold: thick frame")),
    ("explain", Text("须核实或说明：虚框、浅底色", "check or explain: dashed frame, light fill")),
    ("note", Text("提示或已同意：点划线框", "note, or accepted: dash-dot frame")),
)


def frame(kind: Kind | None) -> dict[str, Any]:
    """Format properties of a cell with this mark; a hairline without one."""
    return PLAIN if kind is None else _FRAMES[kind]
