"""Verdicts by superior unit: a table, and a stacked bar chart of it that can be told apart in black and white."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditkit.model.words import Language, Text
from auditkit.reports import wording
from auditkit.reports.pen import LINE, THIN, Pen, Worksheet, print_on
from auditkit.reports.summary_workbook.gathered import Gathered

KINDS = ("pass", "explain", "return", "not checked", "unreadable", "missing")
NAMES: dict[str, Text] = {
    **{verdict: Text(f"{wording.MARKS[verdict]} {said.zh}", f"{wording.MARKS[verdict]} {said.en}")
       for verdict, said in wording.VERDICTS.items()},
    "unreadable": Text("○ 无法检查", "○ Unreadable"),
    "missing": Text("未报", "Not received"),
}  # fmt: skip
FILLS = {
    "pass": ("percent_5", "#FFFFFF"),
    "explain": ("light_upward_diagonal", "#FFF2CC"),
    "return": ("wide_upward_diagonal", "#F4B183"),
    "not checked": ("dotted_grid", "#D9D9D9"),
    "unreadable": ("small_grid", "#BFBFBF"),
    "missing": ("dark_horizontal", "#DDEBF7"),
}
MOST_BARS = 25
"""Superior units in the chart; the table has all."""


@dataclass(frozen=True)
class Table:
    """Where the table stands."""

    sheet: Worksheet
    rows: int


def write(pen: Pen, gathered: Gathered, language: Language) -> Table | None:
    """The sheet, by units that must be returned, most first; None where the roster names no superior units."""
    counts: dict[str, dict[str, int]] = {}
    for unit in gathered.units:
        _count(counts, unit.parent, unit.verdict if unit.fault is None else "unreadable")
    for parent, n in gathered.quiet.items():
        _count(counts, parent, "pass", n)
    for absent in gathered.absent:
        _count(counts, absent.parent, "missing")
    if not counts.keys() - {""}:
        return None
    sheet = pen.sheet(Text("分上级单位", "By superior").to(language))
    names = (Text("上级", "Superior"), *(NAMES[kind] for kind in KINDS), Text("合计", "Total"))
    pen.header(sheet, 0, (name.to(language) for name in names), (28, *(14,) * len(KINDS), 9))
    sheet.freeze_panes(1, 1)
    print_on(sheet, landscape=True, repeat=0)
    look = {"border": THIN, "border_color": LINE}
    ordered = sorted(counts.items(), key=lambda item: (-item[1].get("return", 0), item[0]))
    for row, (parent, own) in enumerate(ordered, 1):
        pen.text(sheet, row, 0, parent or Text("（未写）", "(not given)").to(language), **look)
        for column, n in enumerate((*(own.get(kind, 0) for kind in KINDS), sum(own.values())), 1):
            pen.number(sheet, row, column, n, **look)
    return Table(sheet, len(ordered))


def _count(counts: dict[str, dict[str, int]], parent: str, kind: str, n: int = 1) -> None:
    own = counts.setdefault(parent, {})
    own[kind] = own.get(kind, 0) + n


def chart(pen: Pen, title: str, table: Table) -> Any:
    """Stacked bars, one a superior unit."""
    made = pen.book.add_chart({"type": "bar", "subtype": "stacked"})
    name, last = table.sheet.get_name(), min(table.rows, MOST_BARS)
    for column, kind in enumerate(KINDS, 1):
        pattern, color = FILLS[kind]
        made.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, column, last, column],
                "pattern": {"pattern": pattern, "fg_color": "#595959", "bg_color": color},
                "border": {"color": "#000000"},
                "gap": 50,
            }
        )
    made.set_title({"name": title, "name_font": {"size": 12}})
    made.set_legend({"position": "bottom"})
    made.set_y_axis({"reverse": True})
    made.set_x_axis({"major_gridlines": {"visible": False}, "min": 0, "num_format": "0"})
    made.set_size({"width": 640, "height": 160 + 26 * last})
    return made
