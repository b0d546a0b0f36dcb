"""The first sheet: three lines (verdict, problems, what to do), then the facts; one portrait page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len

from auditkit.model.finding import Result
from auditkit.model.words import Language, Text
from auditkit.reports import wording
from auditkit.reports.pen import EXPLAIN, MEDIUM, NEUTRAL, PASS, THICK, WRONG, Pen, Worksheet, heading, print_on
from auditkit.reports.progress import progress
from auditkit.reports.workbook.frames import LEGEND, frame

LABELS, TEXTS = 12, 78
"""Widths of the two columns."""
WIDEST_TITLE = 62
"""Columns of a title that is written large."""
FILLS = {"return": WRONG, "explain": EXPLAIN, "pass": PASS, "not checked": NEUTRAL}


@dataclass(frozen=True)
class Letter:
    """What only the sender knows."""

    deadline: str
    contact: str
    run: str
    turn: int
    cut: tuple[str, ...] = ()
    """Sheets too large to be copied whole."""


def write(pen: Pen, sheet: Worksheet, result: Result, language: Language, letter: Letter) -> None:
    """Fill the sheet."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, LABELS)
    sheet.set_column(1, 1, TEXTS)
    print_on(sheet, landscape=False, pages=1)
    sheet.set_header(f"&R{heading(wording.file_name(result))}")
    title = f"{wording.subject(result).to(language)} · {Text('审核结果', 'result of the check').to(language)}"
    pen.text(sheet, 0, 0, title, font_size=14 if cell_len(title) <= WIDEST_TITLE else 10, bold=True)
    row = _three_lines(pen, sheet, result, language, letter) + 1
    for label, text in _facts(result, letter):
        pen.text(sheet, row, 0, label.to(language), font_color="#595959")
        pen.text(sheet, row, 1, text.to(language), text_wrap=True)
        pen.fit(sheet, row, [(text.to(language), TEXTS)])
        row += 1
    _legend(pen, sheet, row + 1, result, language)
    sheet.print_area(0, 0, row + len(LEGEND) + 1, 1)
    sheet.activate()


def _three_lines(pen: Pen, sheet: Worksheet, result: Result, language: Language, letter: Letter) -> int:
    """Returns the first row after them."""
    box = {"text_wrap": True, "valign": "vcenter", "border": MEDIUM}
    fill = NEUTRAL if result.faults else FILLS[result.verdict]
    said = wording.verdict(result).to(language)
    pen.text(sheet, 2, 0, Text("结论", "Verdict").to(language), bold=True, **box)
    pen.text(sheet, 2, 1, said, **{**box, "bold": True, "font_size": 14, "border": THICK, "bg_color": fill})
    sheet.set_row(2, 30)
    steps = wording.what_to_do(result, letter.deadline, letter.contact)
    todo = "\n".join(step.to(language) for step in steps)
    told = (wording.problems(result), progress(result))
    said = "\n".join(text.to(language) for text in told if text.zh)
    lines = (Text("问题", "Problems"), said), (Text("怎么办", "What to do"), todo)
    for row, (label, text) in enumerate(lines, 3):
        pen.text(sheet, row, 0, label.to(language), bold=True, **box)
        pen.text(sheet, row, 1, text, **box)
        pen.fit(sheet, row, [(text, TEXTS - 2)], least=2)
    return 5


def _facts(result: Result, letter: Letter) -> Iterator[tuple[Text, Text]]:
    if result.tallies:
        yield Text("检查", "Checks"), wording.checks(result)
    for table, why in result.missing.items():
        yield Text("未查的表", "Not checked"), Text(f"{table}：{why.zh}", f"{table}: {why.en}")
    for note in result.notes:
        yield Text("提示", "Note"), note
    if result.rulebook:
        yield (
            Text("规则", "Rulebook"),
            Text(
                f"{result.rulebook} {result.version} 版（{result.recognised.zh}）",
                f"{result.rulebook} {result.version} ({result.recognised.en})",
            ),
        )
        yield (
            Text("上年", "Last year"),
            Text(result.last or "没有上年年报，未与上年比较", result.last or "no report for last year; not compared"),
        )
    yield Text("所查文件", "File"), Text(wording.file_name(result), wording.file_name(result))
    yield Text("文件指纹", "SHA-256"), Text(result.sha256, result.sha256)
    if letter.contact:
        yield Text("联系", "Contact"), Text(letter.contact, letter.contact)
    yield Text("次数", "Round"), Text(f"第{letter.turn}次  {letter.run}", f"{letter.turn}  {letter.run}")
    for name in letter.cut:
        yield (
            Text("说明", "Remark"),
            Text(
                f"“{name}”太大，标注表只列表头和有标注的行，地址不变。",
                f"“{name}” is too large: its copy has the first rows and the marked ones, at the same addresses.",
            ),
        )


def _legend(pen: Pen, sheet: Worksheet, row: int, result: Result, language: Language) -> None:
    """What the marks mean, drawn as they are; here and not on the copies, where a row may not be inserted."""
    if not result.findings or result.document is None or not result.document.grids:
        return
    title = Text("标注表的记号（格上批注写明原因）", "Marks on the copied sheets (each cell has a note)")
    pen.text(sheet, row, 0, title.to(language), bold=True)
    for n, (kind, said) in enumerate(LEGEND, row + 1):
        pen.text(sheet, n, 0, "12", align="center", **frame(kind))
        pen.text(sheet, n, 1, said.to(language), indent=1)
