"""Tables as rows of the sheet 表样 and back: the table first, then its columns and rows, each under its group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditkit.authoring.cells import Misread
from auditkit.authoring.source import Data
from auditkit.model.words import Text

TABLE = "表"
PARTS = {"columns": ("列", "列组"), "rows": ("行", "行组")}
"""Axis → what a line and a group of it are called in the column 项."""
_OWN = {"kinds": "cells", "blanks": "blank"}
"""Keys of a table that say something of single lines → the column in which a line says it."""
AXES = {word: (axis, group) for axis, words in PARTS.items() for group, word in enumerate(words)}


def table_rows(name: str, table: Data) -> Iterator[Data]:
    """The table's own row, with ``title`` under ``label``, and one row for each line and group, in order."""
    apart = {"title", "optional", *_OWN}
    head = {key: value for key, value in table.items() if key not in apart and not _is_axis(key, value)}
    own = {key: dict(table.get(key) or {}) for key in _OWN}
    optional = list(table.get("optional") or ())
    lines = [row for axis in PARTS if _is_axis(axis, table.get(axis)) for row in _lines(name, axis, table[axis], "")]
    for line in lines:
        for key, column in _OWN.items():
            if line["name"] in own[key]:
                line[column] = own[key].pop(line["name"])
        if line["name"] in optional:
            line["required"] = "false"
            optional.remove(line["name"])
    left: Data = {key: value for key, value in own.items() if value}
    if optional:  # groups stay with the table
        left["optional"] = optional
    title = {"label": table["title"]} if "title" in table else {}
    yield {"table": name, "part": TABLE, **title, **head, **left}
    yield from lines


def _is_axis(key: str, value: Any) -> bool:
    return key in PARTS and isinstance(value, dict)


def _lines(table: str, axis: str, members: Data, group: str) -> Iterator[Data]:
    line, nested = PARTS[axis]
    for name, value in members.items():
        row = {"table": table, "part": line, "name": name, **({"group": group} if group else {})}
        if isinstance(value, dict):
            label = {"label": value["label"]} if "label" in value else {}
            yield {**row, "part": nested, **label}
            yield from _lines(table, axis, {k: v for k, v in value.items() if k != "label"}, name)
        else:
            yield {**row, "label": value}


class Tables:
    """Tables being put together again, row by row; ``places`` says where in the tree each row went."""

    def __init__(self) -> None:
        self.data: Data = {}
        self._groups: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def add(self, row: Data) -> tuple[str, ...]:
        """Put one row in; returns its path in the tree.

        Raises:
            Misread: an unknown part, a line of no table, an unknown group, or a line given twice.
        """
        part, table = row.pop("part", ""), row.pop("table", "")
        if not table:
            raise Misread(Text("缺少表的名称", "the table's short name is missing"))
        if part == TABLE:
            return self._table(table, row)
        if part not in AXES:
            known = "、".join((TABLE, *AXES))
            raise Misread(Text(f"不认识“{part}”，应是{known}之一", f'unknown part "{part}", one of {known}'))
        if table not in self.data:
            raise Misread(Text(f"“{table}”还没有“表”这一行", f'"{table}" has no row "{TABLE}" above'))
        return self._line(table, part, row)

    def _table(self, table: str, row: Data) -> tuple[str, ...]:
        if table in self.data:
            raise Misread(Text(f"表“{table}”写了两次", f'table "{table}" is given twice'))
        if "label" in row:
            row["title"] = row.pop("label")
        self.data[table] = {**row, "columns": {}, "rows": {}}
        return ("tables", table)

    def _line(self, table: str, part: str, row: Data) -> tuple[str, ...]:
        axis, is_group = AXES[part]
        name, group = row.get("name", ""), row.get("group", "")
        above = self._groups.get((table, axis, group)) if group else ("tables", table, axis)
        if above is None:
            raise Misread(Text(f"“{group}”不是上面的{PARTS[axis][1]}", f'"{group}" is no group above this row'))
        place = self._at(above)
        if not name or name in place:
            raise Misread(Text(f"名称“{name}”空白或写了两次", f'the short name "{name}" is missing or given twice'))
        path = (*above, name)
        if is_group:
            place[name] = {"label": row["label"]} if "label" in row else {}
            self._groups[table, axis, name] = path
        elif "label" in row:
            place[name] = row["label"]
        else:
            raise Misread(Text("缺少表上的字", "the words in the form are missing"))
        for key, column in _OWN.items():
            if column in row:
                self.data[table].setdefault(key, {})[name] = row[column]
        if row.get("required") == "false":
            self.data[table].setdefault("optional", []).append(name)
        return path

    def _at(self, path: tuple[str, ...]) -> Data:
        place: Data = {"tables": self.data}
        for step in path:
            place = place[step]
        return place
