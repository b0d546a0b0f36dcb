"""The tables of the summary: one a sheet, header first, frozen and filtered, nothing said by colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from auditkit.model.words import LEVEL_NAMES, Language, Text
from auditkit.reports import table_csv, wording
from auditkit.reports.pen import LINE, MEDIUM_DASHED, NEUTRAL, THIN, Pen, Worksheet, print_on
from auditkit.reports.summary_workbook.gathered import Gathered, RuleLine
from auditkit.reports.terminal import GLYPHS

LOOK: dict[str, Any] = {"border": THIN, "border_color": LINE, "text_wrap": True}
Columns = Sequence[tuple[Text, float]]
Row = Sequence[str | int]

UNITS: Columns = (
    (Text("名次", "Rank"), 6),
    (Text("单位", "Unit"), 24),
    (Text("代码", "Code"), 14),
    (Text("上级", "Superior"), 16),
    (Text("结论", "Verdict"), 16),
    (Text("需改处", "Repairs"), 9),
    (Text("必须改", "Must fix"), 9),
    (Text("须说明", "To explain"), 9),
    (Text("提示", "Notes"), 7),
    (Text("已同意", "Accepted"), 9),
    (Text("未查", "Not checked"), 9),
    (Text("名单", "Roster"), 9),
    (Text("文件", "File"), 34),
)
ABSENT: Columns = (
    (Text("代码", "Code"), 16),
    (Text("单位", "Unit"), 30),
    (Text("联系", "Contact"), 30),
    (Text("上级", "Superior"), 20),
)
UNREADABLE: Columns = (
    (Text("文件", "File"), 34),
    (Text("单位", "Unit"), 22),
    (Text("原因、怎么办", "Reason, and what to do"), 54),
    (Text("联系", "Contact"), 26),
)
RULES: Columns = (
    (Text("规则", "Rule"), 11),
    (Text("名称", "Name"), 24),
    (Text("级别", "Level"), 11),
    (Text("处", "Places"), 8),
    (Text("单位", "Units"), 8),
    (Text("已同意", "Accepted"), 9),
    (Text("已改好", "Corrected"), 9),
    (Text("共查", "Checks"), 10),
    (Text("未查", "Not checked"), 9),
    (Text("规则出错", "Broke"), 9),
    (Text("复核", "Review"), 34),
)
DETAIL_WIDTHS = (16, 14, 8, 22, 6, 9, 9, 10, 14, 8, 14, 14, 36, 36, 24, 20, 18, 30, 12)


def units(pen: Pen, gathered: Gathered, language: Language) -> None:
    """By repairs needed, which is what an office has to do; equal numbers share a rank."""
    sheet = _sheet(pen, Text("单位排名", "Units"), UNITS, len(gathered.checked), language)
    last = _rows(pen, sheet, _ranked(gathered, language), UNITS)
    if n := gathered.quiet.total():
        said = Text(f"另 {n:,} 份通过，见“全部文件”", f"{n:,} more passed: see “All files”").to(language)
        pen.text(sheet, last + 1, 1, said, italic=True)


def _ranked(gathered: Gathered, language: Language) -> Iterator[Row]:
    verdicts = {kind: f"{wording.MARKS[kind]} {said.to(language)}" for kind, said in wording.VERDICTS.items()}
    not_listed = Text("不在名单", "not listed").to(language)
    rank, before = 0, -1
    for row, unit in enumerate(gathered.ranked(), 1):
        if unit.repairs != before:
            rank, before = row, unit.repairs
        whose = (unit.unit, unit.code, unit.parent, verdicts[unit.verdict])
        counts = (unit.repairs, unit.hard, unit.soft, unit.info, unit.accepted, unit.unchecked)
        yield (rank, *whose, *counts, "" if unit.listed else not_listed, unit.file)


def matrix(pen: Pen, gathered: Gathered, language: Language) -> None:
    """Units with something open × rules that found something; the busiest corner is top left."""
    rules = [code for code, line in gathered.busiest() if line.places]
    if not rules:
        return
    rows = sorted((u for u in gathered.checked if u.places), key=lambda u: (-sum(u.places.values()), u.unit, u.file))
    total = Text("合计", "Total")
    columns = ((Text("单位", "Unit"), 24), (total, 7), *((Text(code, code), 9) for code in rules))
    sheet = _sheet(pen, Text("规则×单位", "Rules × units"), columns, len(rows), language, frozen=2)
    sheet.repeat_columns(0, 1)
    sheet.set_header("&L" + Text("格中为处数，空为 0，○ 为未查", "places; blank is 0, ○ not checked").to(language))
    blank = pen.format(**LOOK)
    for row, unit in enumerate(rows, 1):
        pen.text(sheet, row, 0, unit.unit or unit.file, **LOOK)
        pen.number(sheet, row, 1, sum(unit.places.values()), **LOOK)
        for column, code in enumerate(rules, 2):
            if n := unit.places.get(code, 0):
                pen.number(sheet, row, column, n, bold=True, **LOOK)
            elif code in unit.gaps:
                pen.text(sheet, row, column, "○", align="center", **LOOK)
            else:
                sheet.write_blank(row, column, None, blank)


def absent(pen: Pen, gathered: Gathered, language: Language) -> None:
    """Who is on the roster and sent nothing; no sheet without a roster."""
    if gathered.roster:
        sheet = _sheet(pen, Text("未报", "Not received"), ABSENT, len(gathered.absent), language)
        _rows(pen, sheet, gathered.absent, ABSENT)


def unreadable(pen: Pen, gathered: Gathered, language: Language) -> None:
    """What came in and could not be checked, with the reason and whom to call; no sheet where there is none."""
    if not gathered.unreadable:
        return
    sheet = _sheet(pen, Text("无法检查", "Unreadable"), UNREADABLE, len(gathered.unreadable), language)
    lost = ((u.file, u.unit, u.fault.to(language), u.contact) for u in gathered.unreadable if u.fault is not None)
    _rows(pen, sheet, lost, UNREADABLE)


def rules(pen: Pen, gathered: Gathered, language: Language) -> Worksheet:
    """What each rule did; one explained in more than half of its cases is marked for its author."""
    sheet = _sheet(pen, Text("规则效果", "Rules"), RULES, len(gathered.rules), language)
    _rows(pen, sheet, (_effect(code, line, language) for code, line in gathered.busiest()), RULES)
    told = sum(any(line.weight) for line in gathered.rules.values())
    if told:  # on paper only those that did something
        sheet.print_area(0, 0, told, len(RULES) - 1)
    return sheet


def _effect(code: str, line: RuleLine, language: Language) -> Row:
    level = f"{GLYPHS[line.level]} {LEVEL_NAMES[line.level].to(language)}" if line.name.zh else ""
    counts = (line.places, line.units, line.accepted, line.repaired, line.asked, line.unchecked, line.errors)
    review = Text("▲ 半数以上属实，请复核规则", "▲ more than half were true: review the rule")
    return code, line.name.to(language), level, *counts, review.to(language) if line.doubtful else ""


def details(pen: Pen, gathered: Gathered, language: Language, beside: str) -> None:
    """Every finding, or the first of them and where the rest is, said in the first row."""
    names = [name.to(language) for name in table_csv.COLUMNS.values()]
    sheet = pen.sheet(Text("明细", "Details").to(language))
    first = 0
    if gathered.csv is not None:
        shown, total = len(gathered.rows), gathered.details
        said = Text(
            f"共 {total:,} 条，本表只列前 {shown:,} 条，全部见同目录的 {beside}。",
            f"{total:,} findings; the first {shown:,} are here, all are in {beside} beside this file.",
        )
        pen.text(sheet, 0, 0, said.to(language), bold=True, border=MEDIUM_DASHED, bg_color=NEUTRAL)
        first = 1
    pen.header(sheet, first, names, DETAIL_WIDTHS)
    sheet.freeze_panes(first + 1, 1)
    sheet.autofilter(first, 0, first + len(gathered.rows), len(names) - 1)
    print_on(sheet, landscape=True, repeat=first)
    pen.rows(sheet, first + 1, gathered.rows, blanks=False)


def _sheet(pen: Pen, name: Text, columns: Columns, rows: int, language: Language, *, frozen: int = 1) -> Worksheet:
    sheet = pen.sheet(name.to(language))
    pen.header(sheet, 0, (title.to(language) for title, _ in columns), (wide for _, wide in columns))
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, rows, len(columns) - 1)
    print_on(sheet, landscape=len(columns) > 4, repeat=0)
    return sheet


def _rows(pen: Pen, sheet: Worksheet, rows: Iterable[Row], columns: Columns) -> int:
    return pen.rows(sheet, 1, rows, widths=[wide for _, wide in columns], **LOOK)
