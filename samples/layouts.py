"""The same figures in the layouts offices really send: each is a list of sheets with values, merges and names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from forms import (
    COLUMNS,
    T2,
    T2_CAPTION,
    T3,
    T3_CAPTION,
    T3_CORNER,
    T3_HEADERS,
    T4_CAPTION,
    T4_HEADERS,
    Report,
    Slot,
)

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column; from 0, both ends included."""


@dataclass
class Part:
    """One table: rows of values (``Slot`` where there is data), and the merged areas."""

    rows: list[list[Any]] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        if (first_row, first_column) != (last_row, last_column):
            self.merges.append((first_row, first_column, last_row, last_column))


@dataclass
class Sheet:
    """A named rectangle; ``formulas`` holds totals written as Excel formulas, by cell."""

    name: str
    rows: list[list[Any]]
    merges: list[Area] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)

    def value(self, row: int, column: int) -> Any:
        cell = self.rows[row][column]
        return cell.value if isinstance(cell, Slot) else cell

    def values(self) -> list[list[Any]]:
        return [[self.value(r, c) for c in range(len(row))] for r, row in enumerate(self.rows)]


def _same(text: str) -> str:
    return text


def _plain(slot: Slot) -> Any:
    return slot.value


@dataclass(frozen=True)
class Style:
    """What varies besides the arrangement on sheets."""

    words: Callable[[str], str] = _same
    value: Callable[[Slot], Any] = _plain
    flat: bool = False
    """One label column and one header line in table 三, 总计 first."""
    subtotals: bool = False
    filled: bool = False
    """Merged cells taken apart; in 三 and 四 the words are repeated in each."""
    years: bool = False
    """Captions name the year."""


def parts(report: Report, style: Style) -> dict[str, Part]:
    """Table 二, 三 and 四 of a report."""
    made = {
        "二": table_2(report),
        "三": table_3_flat(report) if style.flat else table_3(report, subtotals=style.subtotals),
        "四": table_4(report),
    }
    for number, part in made.items():
        if style.filled:
            _take_apart(part, repeat=number != "二")
        part.rows = [[_styled(cell, style) for cell in row] for row in part.rows]
    return made


def _styled(cell: Any, style: Style) -> Any:
    if isinstance(cell, Slot):
        return replace(cell, value=style.value(cell))
    return style.words(cell) if isinstance(cell, str) and cell else cell


def _take_apart(part: Part, *, repeat: bool) -> None:
    for top, left, bottom, right in part.merges if repeat else ():
        word = part.rows[top][left]
        if isinstance(word, str):
            for row in range(top, bottom + 1):
                part.rows[row][left : right + 1] = [word] * (right - left + 1)
    part.merges.clear()


def table_2(report: Report) -> Part:
    """The blocks of table 二 below each other, four (2019: four) columns wide."""
    part = Part()
    for block in T2[report.form]:
        top = len(part.rows)
        part.rows.append([block.title, None, None, None])
        part.merge(top, 0, top, 3)
        part.rows.append(["信息内容", *block.headers, *[None] * (3 - len(block.headers))])
        for row, label in block.rows:
            slots = report.slots(block.table, row)
            part.rows.append([label, *slots, *[None] * (3 - len(slots))])
        if len(block.headers) == 1:
            for row in range(top + 1, len(part.rows)):
                part.merge(row, 1, row, 3)
    return part


def table_3(report: Report, *, subtotals: bool = False) -> Part:
    """Three label columns, seven data columns, three header rows, merged as the form prints it."""
    part = Part(
        [
            [T3_CORNER, None, None, "申请人情况", *[None] * 6],
            [None, None, None, "自然人", "法人或其他组织", *[None] * 4, "总计"],
            [None, None, None, None, *T3_HEADERS[1:-1], None],
        ],
        [(0, 0, 2, 2), (0, 3, 0, 9), (1, 3, 2, 3), (1, 4, 1, 8), (1, 9, 2, 9)],
    )
    starts: dict[tuple[str, ...], int] = {}
    for row, path in T3[report.form]:
        labels: list[str | None] = [None, None, None]
        for depth, label in enumerate(path):
            group = tuple(path[: depth + 1])
            if group not in starts:
                starts[group] = len(part.rows)
                labels[depth] = label
        part.merge(len(part.rows), len(path) - 1, len(part.rows), 2)
        part.rows.append([*labels, *report.slots("T3", row)])
        if subtotals and _last_of_group(report, row):
            part.rows.append([None, None, "小计", *_subtotal(report, path[1])])
    _merge_groups(part, starts)
    return part


def _merge_groups(part: Part, starts: dict[tuple[str, ...], int]) -> None:
    """A group's words stand over all rows until the next label in the same column or further out."""
    for path, top in starts.items():
        column = len(path) - 1
        bottom = top
        while bottom + 1 < len(part.rows) and not any(part.rows[bottom + 1][: column + 1]):
            bottom += 1
        if bottom > top:
            part.merge(top, column, bottom, column)


def _group_rows(report: Report, group: str) -> list[str]:
    return [row for row, path in T3[report.form] if len(path) == 3 and path[1] == group]


def _last_of_group(report: Report, row: str) -> bool:
    path = dict(T3[report.form])[row]
    return len(path) == 3 and _group_rows(report, path[1])[-1] == row


def _subtotal(report: Report, group: str) -> list[Any]:
    rows = [report.figures["T3"][row] for row in _group_rows(report, group)]
    return [sum(value or 0 for value in column) for column in zip(*rows, strict=True)]


def table_3_flat(report: Report) -> Part:
    """One header line with 总计 before the others, one label column: （三）1.属于国家秘密."""
    order = [6, 0, 1, 2, 3, 4, 5]
    part = Part([["项目", *[T3_HEADERS[i] for i in order]]])
    for row, path in T3[report.form]:
        label = path[-1] if len(path) < 3 else path[1][: path[1].index("）") + 1] + path[-1]
        slots = report.slots("T3", row)
        part.rows.append([label, *[slots[i] for i in order]])
    return part


def table_4(report: Report) -> Part:
    """Fifteen columns, three header rows, one row of data."""
    blank = [None] * 15
    part = Part([list(blank), list(blank), list(T4_HEADERS * 3)])
    for word, row, left, right, bottom in (
        ("行政复议", 0, 0, 4, 0),
        ("行政诉讼", 0, 5, 14, 0),
        ("未经复议直接起诉", 1, 5, 9, 1),
        ("复议后起诉", 1, 10, 14, 1),
    ):
        part.rows[row][left] = word
        part.merge(row, left, bottom, right)
    for column, word in enumerate(T4_HEADERS):
        part.rows[1][column], part.rows[2][column] = word, None
        part.merge(1, column, 2, column)
    part.rows.append(list(report.slots("T4", "件数")))
    return part


# where the tables stand


def put(sheet: Sheet, part: Part, top: int, left: int) -> None:
    """Copy a part into a sheet, its merges with it."""
    while len(sheet.rows) < top + len(part.rows):
        sheet.rows.append([])
    for r, row in enumerate(part.rows):
        target = sheet.rows[top + r]
        target.extend([None] * (left + len(row) - len(target)))
        target[left : left + len(row)] = row
    sheet.merges.extend((a + top, b + left, c + top, d + left) for a, b, c, d in part.merges)


def _line(*words: Any, merge: int = 0) -> Part:
    return Part([[*words, *[None] * (merge - len(words))]], [(0, 0, 0, merge - 1)] if merge > 1 else [])


def caption(report: Report, number: str, style: Style) -> str:
    text = {"二": T2_CAPTION, "三": T3_CAPTION, "四": T4_CAPTION}[number]
    return f"{text[:2]}{report.year}年{text[2:]}" if style.years else text


def one_sheet(report: Report, style: Style) -> list[Sheet]:
    """Title, then 二, 三, 四 below each other, each under its caption."""
    sheet = Sheet("年报", [])
    put(sheet, _line(report.title, merge=15), 0, 0)
    for number, part in parts(report, style).items():
        put(sheet, _line(caption(report, number, style), merge=part.width), len(sheet.rows) + 1, 0)
        put(sheet, part, len(sheet.rows), 0)
    return [_rectangle(sheet)]


def sheet_per_table(report: Report, style: Style) -> list[Sheet]:
    """表二, 表三 and 表四, each with the title and its caption."""
    sheets = []
    for number, part in parts(report, style).items():
        sheet = Sheet(f"表{number}", [])
        put(sheet, _line(report.title, merge=part.width), 0, 0)
        put(sheet, _line(caption(report, number, style), merge=part.width), 1, 0)
        put(sheet, part, 2, 0)
        sheets.append(_rectangle(sheet))
    return sheets


def shifted(report: Report, style: Style) -> list[Sheet]:
    """Not from A1: two blank columns at the left, lines about the office above, notes and signatures below."""
    sheets = []
    for number, part in parts(report, style).items():
        sheet = Sheet(f"表{number}", [])
        put(sheet, _line(f"附件{'一二三四'.index(number)}"), 1, 2)
        put(sheet, _line(report.title, merge=part.width), 2, 2)
        put(sheet, _line(f"填报单位：{report.unit}人民政府", None, f"填报日期：{report.year + 1}年1月20日"), 3, 2)
        put(sheet, _line(caption(report, number, style), merge=part.width), 5, 2)
        put(sheet, part, 6, 2)
        put(sheet, _line("注：1.本表统计期限为本年度1月1日至12月31日；2.没有发生的填0。"), len(sheet.rows) + 1, 2)
        put(sheet, _line("单位负责人：", None, "审核人：", None, "联系电话："), len(sheet.rows), 2)
        sheets.append(_rectangle(sheet))
    return sheets


def side_by_side(report: Report, style: Style) -> list[Sheet]:
    """Table 三 at the left, 二 and 四 at its right, in one sheet."""
    made = parts(report, style)
    sheet = Sheet("汇总", [])
    put(sheet, _line(report.title, merge=12), 0, 0)
    put(sheet, _line(caption(report, "三", style), merge=made["三"].width), 2, 0)
    put(sheet, made["三"], 3, 0)
    right = made["三"].width + 1
    put(sheet, _line(caption(report, "二", style), merge=4), 2, right)
    put(sheet, made["二"], 3, right)
    below = 3 + len(made["二"].rows) + 1
    put(sheet, _line(caption(report, "四", style), merge=15), below, right)
    put(sheet, made["四"], below + 1, right)
    return [_rectangle(sheet)]


def _rectangle(sheet: Sheet) -> Sheet:
    width = max(len(row) for row in sheet.rows)
    for row in sheet.rows:
        row.extend([None] * (width - len(row)))
    return sheet


def with_formulas(sheets: list[Sheet]) -> list[Sheet]:
    """总计 columns and （七） of table 三 as formulas; the values stay beside them as stored results."""
    for sheet in sheets:
        at = {
            cell.ref: (r, c) for r, row in enumerate(sheet.rows) for c, cell in enumerate(row) if isinstance(cell, Slot)
        }
        rows = [ref[3 : ref.index("[")] for ref in at if ref.startswith("T3.") and ref.endswith("[总计]")]
        leaves = [row for row in rows if row not in {"新收", "上年结转", "办理总计", "结转下年"}]
        for row in rows:
            top, right = at[f"T3.{row}[总计]"]
            left = at[f"T3.{row}[自然人]"][1]
            sheet.formulas[top, right] = f"SUM({_name(top, left)}:{_name(top, right - 1)})"
        for column in COLUMNS["2021"]["T3"] if leaves else ():
            bottom, here = at[f"T3.办理总计[{column}]"]
            first, last = at[f"T3.{leaves[0]}[{column}]"][0], at[f"T3.{leaves[-1]}[{column}]"][0]
            sheet.formulas[bottom, here] = f"SUM({_name(first, here)}:{_name(last, here)})"
    return sheets


def _name(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}" if column < 26 else f"A{chr(39 + column)}{row + 1}"


def addresses(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Name in the rulebook → ``表三!D5``."""
    return {
        cell.ref: f"{sheet.name}!{_name(r, c)}"
        for sheet in sheets
        for r, row in enumerate(sheet.rows)
        for c, cell in enumerate(row)
        if isinstance(cell, Slot)
    }


# what offices do to words and numbers

_TOTALS = ("总计]", "T3.办理总计[")


def _is_total(slot: Slot) -> bool:
    return slot.ref.endswith(_TOTALS[0]) or slot.ref.startswith(_TOTALS[1])


def broken_lines(text: str) -> str:
    """Line breaks and spaces inside labels, as narrow columns and justified cells have them."""
    if len(text) == 4:
        return f"{text[:2]}\n{text[2:]}" if text[0] in "商科法行" else f"{text[0]} {text[1:]}"
    if text[:1] in "1234567（":
        return f"\u3000{text[:9]}\n{text[9:]}" if len(text) > 12 else f" {text} "
    return f"{text[:8]}\n{text[8:]}" if len(text) > 10 else text


_SHORT = {
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1.逾期不补正",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2.逾期不缴费",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "（二）部分公开",
    "行政规范性文件": "规范性文件",
    "本年收费金额（单位：万元）": "本年收费金额(万元)",
}


def other_numbering(text: str) -> str:
    """1、 for 1., half-width brackets, straight quotes, short labels."""
    text = _SHORT.get(text, text)
    if text[1:2] == ".":
        text = f"{text[0]}{'、' if text[0] in '135' else '．'}{text[2:]}"
    return text.replace("（", "(").replace("）", ")").replace("“", '"').replace("”", '"')


_PDF = str.maketrans("行一二用自人生見工无文水立高", "⾏⼀⼆⽤⾃⼈⽣⾒⼯⽆⽂⽔⽴⾼")


def copied_from_pdf(text: str) -> str:
    """Kangxi radicals in place of characters, a heading cell cut by a page break."""
    return text.translate(_PDF)


def as_text(slot: Slot) -> Any:
    """Numbers typed as text: full-width digits, thousands separators, blanks at the ends."""
    if slot.value is None:
        return None
    text = f"{slot.value:,}"
    if slot.ref.startswith("T3.") and isinstance(slot.value, int) and slot.value < 100:
        return text.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    return f" {text}" if slot.ref.startswith("T4.") else text


def blank_for_zero(slot: Slot) -> Any:
    return None if slot.value == 0 and not _is_total(slot) else slot.value


def nil_for_zero(slot: Slot) -> Any:
    if slot.value != 0 or _is_total(slot):
        return slot.value
    return {"T3": "—", "T4": "/"}.get(slot.ref[:2], "无")


def signed(slot: Slot) -> Any:
    """本年增/减 with its sign, as the form of 2019 asks."""
    change = "[增减]" in slot.ref and isinstance(slot.value, int) and slot.value > 0
    return f"+{slot.value}" if change else slot.value


Layout = Callable[[Report], list[Sheet]]


def _of(arrange: Callable[[Report, Style], list[Sheet]], style: Style) -> Layout:
    return lambda report: arrange(report, style)


LAYOUTS: dict[str, Layout] = {
    "official": _of(one_sheet, Style()),
    "sheet-per-table": _of(sheet_per_table, Style(years=True)),
    "shifted": _of(shifted, Style()),
    "flat": _of(one_sheet, Style(flat=True)),
    "line-breaks": _of(one_sheet, Style(words=broken_lines)),
    "numbering": _of(sheet_per_table, Style(words=other_numbering)),
    "subtotals": _of(one_sheet, Style(subtotals=True)),
    "text-numbers": _of(one_sheet, Style(value=as_text)),
    "blank-zeros": _of(one_sheet, Style(value=blank_for_zero)),
    "nil-marks": _of(sheet_per_table, Style(value=nil_for_zero)),
    "taken-apart": _of(one_sheet, Style(filled=True, value=signed)),
    "side-by-side": _of(side_by_side, Style()),
    "from-pdf": _of(one_sheet, Style(words=copied_from_pdf, flat=True)),
    "formulas": lambda report: with_formulas(sheet_per_table(report, Style())),
}
"""Name of the layout → report → sheets."""
