"""The roster read from a workbook or CSV file: its columns by their names, each unit once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from auditkit.model.document import Grid, Source, Value
from auditkit.model.words import Fault, Text
from auditkit.readers import load, read
from auditkit.roster.people import Roster, Unit
from auditkit.roster.words import folded

HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": (
        "单位代码", "单位编码", "单位编号", "单位代号", "机构代码", "机构编码", "预算单位编码", "预算代码",
        "行政区划代码", "区划代码", "区划编码", "代码", "编码", "编号", "代号", "统一社会信用代码", "组织机构代码",
        "unit code", "code", "id",
    ),
    "name": (
        "单位名称", "单位全称", "填报单位名称", "填报单位", "报送单位", "预算单位名称", "预算单位", "机关名称",
        "机构名称", "行政机关", "公开单位", "责任单位", "部门名称", "学校名称", "单位", "名称", "部门", "机构", "学校",
        "乡镇街道", "乡镇",
        "unit name", "unit", "agency", "name",
    ),
    "email": ("电子邮箱", "邮箱", "电子信箱", "邮箱地址", "电子邮件", "邮件", "email地址", "email", "e-mail", "mail"),
    "contact": ("联系人", "联系人姓名", "经办人", "填报人", "负责人", "contact person", "contact"),
    "phone": (
        "联系电话", "电话", "电话号码", "联系方式", "手机", "手机号", "手机号码", "移动电话", "办公电话",
        "telephone", "phone", "tel",
    ),
    "parent": (
        "上级代码", "上级编码", "上级编号", "上级单位代码", "上级单位编码", "上级单位", "上级单位名称", "上级名称",
        "上级", "上级部门", "上级机关", "主管单位", "主管部门", "归口单位", "汇总单位", "隶属", "superior", "parent",
    ),
    "language": ("语言", "language", "lang"),
}  # fmt: skip
"""The names a column may have; where a list has several of them, the first counts."""
Line = tuple[int, Unit]
"""A unit, with the number of its line."""
SHOWN = 5
"""Units there twice that are named."""
HEAD = 20
"""Lines in which the line of headers is looked for."""
SPREAD = frozenset({"email", "contact", "phone", "parent"})
"""What a merged cell says of every line beside it."""
_BESIDE = re.compile(r"\(.*?\)|[*:]")
_TOTAL = re.compile(r"(?:合计|总计|小计)$|(?:注|备注|说明|填表人|制表人)[:：]")
"""What stands below a list and is no unit."""
_ROUNDED = re.compile(r"\d(?:\.\d+)?e\+\d+", re.IGNORECASE)
"""What is left of a long code in a CSV file that a spreadsheet wrote."""


def roster(path: str | Path) -> Roster:
    """Read a roster from a workbook or CSV file.

    Raises:
        Fault: the file cannot be read (exit 2), has no column of names (``roster``, exit 2), or the same unit twice.
    """
    name = Path(path).name
    try:
        source = load(path)
        document = read(source)
    except Fault as fault:
        raise fault.of(f"单位名单 {name}", f"The roster {name}") from fault
    for least in (2, 1):
        found = [(grid.name, units) for grid in document.grids if (units := _units(grid, least)) is not None]
        if found:
            (sheet, units), others = found[0], [name for name, _ in found[1:]]
            return Roster(_checked(source, units), tuple(_notes(sheet, others, units)))
    raise _wrong(
        source,
        "没有找到“单位”或“名称”这一列",
        "it has no column 单位 or 名称 (name)",
    )


def _units(grid: Grid, least: int) -> list[Line] | None:
    """Units with the number of their line; ``least``: how many columns of ours the line of headers has."""
    for number, row in enumerate(grid.rows[:HEAD]):
        columns = {kind: at for kind in HEADERS if (at := _column(row, kind)) is not None}
        if "name" in columns and len(columns) >= least:
            above = _above(grid, {at for kind, at in columns.items() if kind in SPREAD})
            lines = []
            for n in range(number + 1, len(grid.rows)):
                said = {kind: _said(grid.rows[above.get((n, at), n)][at]) for kind, at in columns.items()}
                if said["name"] and not _TOTAL.match(folded(said["name"])):
                    lines.append((n + 1, Unit(**{"code": "", **said})))
            return lines
    return None


def _above(grid: Grid, columns: Collection[int]) -> dict[tuple[int, int], int]:
    """Row and column in a merged cell → the row that holds what it says."""
    areas = ((top, column, bottom) for top, column, bottom, _ in grid.merges if column in columns)
    return {(n, column): top for top, column, bottom in areas for n in range(top + 1, bottom + 1)}


def _column(row: Sequence[Value], kind: str) -> int | None:
    said = {_BESIDE.sub("", folded(cell)): at for at, cell in reversed([*enumerate(row)]) if isinstance(cell, str)}
    return next((said[name] for name in map(folded, HEADERS[kind]) if name in said), None)


def _said(cell: Value) -> str:
    """A code that a program made a number is the digits again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip().removeprefix("'")


def _checked(source: Source, lines: Sequence[Line]) -> tuple[Unit, ...]:
    if not lines:
        raise _wrong(source, "没有一个单位", "it has no units")
    same: dict[str, list[Line]] = {}
    for line, unit in lines:
        same.setdefault(folded(unit.code) or folded(unit.name), []).append((line, unit))
        if _ROUNDED.fullmatch(unit.code):
            raise _wrong(
                source,
                f"第{line}行的编号 {unit.code} 丢失了数位",
                f"the code {unit.code} in line {line} has lost digits",
                Text(
                    "请把编号一列设为文本，重新填写后再导出。",
                    "Make the column text, enter the codes again, export anew.",
                ),
            )
    twice = [_twice(ones) for ones in same.values() if len(ones) > 1]
    if twice:
        shown, more = twice[:SHOWN], len(twice) - SHOWN
        raise _wrong(
            source,
            "；".join(one.zh for one in shown) + (f"；另有{more}处" if more > 0 else ""),
            "; ".join(one.en for one in shown) + (f"; and {more} more" if more > 0 else ""),
            Text("每个单位只留一行，编号不得相同。", "Keep one line a unit; no two have the same code."),
        )
    return tuple(unit for _, unit in lines)


def _twice(ones: Sequence[Line]) -> Text:
    names = "、".join(dict.fromkeys(unit.name for _, unit in ones))
    who = f"{ones[0][1].code} {names}".strip()
    at = [line for line, _ in ones]
    return Text(
        f"{'、'.join(f'第{n}行' for n in at)}重复（{who}）", f"lines {', '.join(map(str, at))} are the same ({who})"
    )


def _notes(sheet: str, others: Sequence[str], lines: Sequence[Line]) -> Iterator[Text]:
    """What a list leaves open, to be said before anybody relies on it."""
    if others:
        names = "、".join(others)
        yield Text(
            f"名单：只读了工作表“{sheet}”；“{names}”也像名单，没有读。",
            f'The roster: only sheet "{sheet}" was read; {names} may be rosters too.',
        )
    shared = [name for name, n in Counter(folded(unit.name) for _, unit in lines).items() if n > 1]
    if shared:
        names = "、".join(shared[:SHOWN]) + ("等" if len(shared) > SHOWN else "")
        yield Text(
            f"名单：几个单位同名（{names}），只能按编号认出是谁的文件；请把名称写全。",
            f"The roster: several units have one name ({names}); only codes tell their files. Write names in full.",
        )


_NAMES = Text(
    "请在前20行内用一行写列名，例如：编号、单位、邮箱、联系人、电话、上级。",
    "Put column names such as 编号, 单位, 邮箱 (code, name, email) into one of the first 20 lines.",
)


def _wrong(source: Source, zh: str, en: str, hint: Text = _NAMES) -> Fault:
    return Fault(
        "roster",
        Text(f"单位名单 {source.name} 不能使用：{zh}。", f"The roster {source.name} cannot be used: {en}."),
        hint=hint,
        exit=2,
    )
