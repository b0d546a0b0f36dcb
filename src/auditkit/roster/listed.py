"""The roster read from a workbook or CSV file: its columns by their names, each unit once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from auditkit.model.document import Source, Value
from auditkit.model.words import Fault, Text
from auditkit.readers import load, read
from auditkit.roster.people import Roster, Unit
from auditkit.roster.words import folded

HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("编号", "代码", "单位代码", "单位编号", "机构代码", "区划代码", "行政区划代码", "code", "id", "unit code"),
    "name": ("单位", "名称", "单位名称", "机关名称", "机构名称", "行政机关", "填报单位", "name", "unit", "agency"),
    "email": ("邮箱", "电子邮箱", "邮件", "电子邮件", "邮箱地址", "email", "e-mail", "mail"),
    "contact": ("联系人", "经办人", "负责人", "填报人", "contact", "contact person"),
    "phone": ("电话", "联系电话", "手机", "办公电话", "手机号", "phone", "telephone", "tel"),
    "parent": ("上级", "上级单位", "主管单位", "主管部门", "上级代码", "parent", "superior"),
    "language": ("语言", "language", "lang"),
}
HEAD = 20
"""Lines in which the line of headers is looked for."""


def roster(path: str | Path) -> Roster:
    """Read a roster from a workbook or CSV file.

    Raises:
        Fault: the file cannot be read (exit 2), has no column of names (``roster``, exit 2), or the same unit twice.
    """
    source = load(path)
    try:
        document = read(source)
    except Fault as fault:
        raise Fault(fault.code, fault.message, hint=fault.hint, exit=2) from fault
    for grid in document.grids:
        if (found := _units(grid.rows)) is not None:
            return _checked(source, found)
    raise _wrong(
        source,
        "没有找到“单位”或“名称”这一列",
        "it has no column 单位 or 名称 (name)",
    )


def _units(rows: Sequence[Sequence[Value]]) -> list[Unit] | None:
    for number, row in enumerate(rows[:HEAD]):
        columns = {kind: at for kind in HEADERS if (at := _column(row, kind)) is not None}
        if "name" in columns and len(columns) > 1:
            lines = ({kind: _said(one[at]) for kind, at in columns.items()} for one in rows[number + 1 :])
            return [Unit(**{"code": "", **line}) for line in lines if line["name"]]
    return None


def _column(row: Sequence[Value], kind: str) -> int | None:
    names = {folded(name) for name in HEADERS[kind]}
    return next(
        (at for at, cell in enumerate(row) if isinstance(cell, str) and folded(cell).strip("*：:") in names), None
    )


def _said(cell: Value) -> str:
    """A code that a program made a number is the digits again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _checked(source: Source, units: list[Unit]) -> Roster:
    seen: dict[str, Unit] = {}
    for unit in units:
        key = folded(unit.code) or folded(unit.name)
        if key in seen:
            who = unit.code or unit.name
            raise _wrong(source, f"“{who}”出现了两次", f'"{who}" is there twice')
        seen[key] = unit
    if not units:
        raise _wrong(source, "没有一个单位", "it has no units")
    return Roster(tuple(units))


def _wrong(source: Source, zh: str, en: str) -> Fault:
    return Fault(
        "roster",
        Text(f"单位名单 {source.name} 不能使用：{zh}。", f"The roster {source.name} cannot be used: {en}."),
        hint=Text(
            "第一行写列名，例如：编号、单位、邮箱、联系人、电话、上级。",
            "Put column names such as 编号, 单位, 邮箱 first.",
        ),
        exit=2,
    )
