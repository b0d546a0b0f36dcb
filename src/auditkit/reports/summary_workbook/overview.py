"""The first sheet of the summary: the counts, three sentences made from them, and native charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditkit.model.finding import Verdict
from auditkit.model.words import Language, Text
from auditkit.reports import wording
from auditkit.reports.pen import MEDIUM, THICK, Pen, Worksheet, print_on
from auditkit.reports.summary_workbook import superior
from auditkit.reports.summary_workbook.gathered import Gathered

ORDER: tuple[Verdict, ...] = ("pass", "explain", "return", "not checked")
TEXTS = 80
"""Width of the column with the sentences."""
BARS = 15
"""Rules in the chart."""
PATTERN = {"pattern": "wide_upward_diagonal", "fg_color": "#7A3D0C", "bg_color": "#F4B183"}
"""Told apart in black and white."""


def counts(gathered: Gathered) -> Iterator[tuple[Text, int]]:
    """Verdicts of what was checked, then what was not, then who sent nothing."""
    for verdict in ORDER:
        said = wording.VERDICTS[verdict]
        mark = wording.MARKS[verdict]
        n = sum(unit.verdict == verdict for unit in gathered.checked)
        n += gathered.quiet.total() if verdict == "pass" else 0
        yield Text(f"{mark} {said.zh}", f"{mark} {said.en}"), n
    yield Text("○ 无法检查", "○ Unreadable"), len(gathered.unreadable)
    if gathered.roster:
        yield Text("未报", "Not received"), len(gathered.absent)


def sentences(gathered: Gathered) -> Iterator[Text]:
    """What the counts say, in words."""
    received, bad = gathered.received, [u for u in gathered.checked if u.verdict == "return"]
    lost = len(gathered.unreadable)
    if gathered.roster:
        due, none = len(gathered.roster), len(gathered.absent)
        yield Text(
            f"应报 {due:,} 个单位，未报 {none:,} 个；收到 {received:,} 份，其中 {lost:,} 份无法检查。",
            f"{due:,} units are due, {none:,} sent nothing; {received:,} files came in, {lost:,} could not be checked.",
        )
    else:
        yield Text(
            f"收到 {received:,} 份，其中 {lost:,} 份无法检查。",
            f"{received:,} files came in, {lost:,} could not be checked.",
        )
    if bad:
        needed = sum(unit.repairs for unit in bad)
        yield Text(
            f"退回 {len(bad):,} 份，共需改 {needed:,} 处（一处可能引起几条问题）。",
            f"{len(bad):,} go back with {needed:,} repairs in all (one wrong cell can break several rules).",
        )
    else:
        yield Text("没有需要退回的。", "Nothing goes back.")
    yield from _busiest(gathered)
    if gathered.since:
        yield _since(gathered)
    doubtful = [code for code, line in gathered.busiest() if line.doubtful]
    if doubtful:
        yield Text(
            f"{'、'.join(doubtful)} 的结果半数以上被说明为属实，请规则编写人复核。",
            f"More than half of what {', '.join(doubtful)} found was explained as true: review the rule.",
        )


def _since(gathered: Gathered) -> Text:
    shown = [(text, n) for text, n in gathered.since.items() if n]
    zh, en = ("，".join(f"{t.zh} {n:,} 处" for t, n in shown), ", ".join(f"{n:,} {t.en}" for t, n in shown))
    return Text(f"与上一次相比：{zh or '没有变化'}。", f"Since the last round: {en or 'nothing changed'}.")


def _busiest(gathered: Gathered) -> Iterator[Text]:
    top = [(code, line) for code, line in gathered.busiest() if line.places][:3]
    if top:
        zh = "、".join(f"{code} {line.name.zh}（{line.places:,} 处，{line.units:,} 份）" for code, line in top)
        en = ", ".join(f"{code} {line.name.en} ({line.places:,} places, {line.units:,} files)" for code, line in top)
        yield Text(f"最常见的问题：{zh}。", f"Most common: {en}.")


def write(pen: Pen, sheet: Worksheet, gathered: Gathered, language: Language, title: str) -> tuple[int, int]:
    """Fill the sheet. Returns first and last row of the counts, for the chart."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, TEXTS)
    sheet.set_column(1, 1, 12)
    print_on(sheet, landscape=False, pages=1)
    pen.text(sheet, 0, 0, title or Text("审核情况汇总", "Summary of the check").to(language), font_size=14, bold=True)
    row = 2
    for said in sentences(gathered):
        pen.text(sheet, row, 0, said.to(language), text_wrap=True)
        pen.fit(sheet, row, [(said.to(language), TEXTS)])
        row += 1
    first = row + 1
    for n, (name, count) in enumerate(counts(gathered), first):
        pen.text(sheet, n, 0, name.to(language), border=MEDIUM)
        pen.number(
            sheet, n, 1, count, border=THICK if n == first + ORDER.index("return") else MEDIUM, num_format="#,##0"
        )
        row = n
    note = Text(
        "“需改处”按可能填错的格计，不按问题条数计；不打分、不排优劣。",
        "“Repairs” counts cells to put right, not findings; there is no score.",
    )
    pen.text(sheet, row + 2, 0, note.to(language), font_color="#595959", text_wrap=True)
    sheet.activate()
    return first, row


def charts(
    pen: Pen,
    gathered: Gathered,
    language: Language,
    overview: tuple[Worksheet, int, int],
    effect: Worksheet,
    superiors: superior.Table | None,
) -> None:
    """Native charts on a sheet of their own: submissions by verdict, places by rule, verdicts by superior unit."""
    sheet = pen.sheet(Text("图表", "Charts").to(language))
    sheet.hide_gridlines(2)
    print_on(sheet, landscape=False, pages=1)
    source, first, last = overview
    verdicts = _bars(pen, Text("各结论份数", "Submissions by verdict").to(language), source, (first, last), (0, 1))
    sheet.insert_chart(0, 0, verdicts, _described(Text("各结论份数", "Submissions by verdict"), language))
    row = 20
    found = min(BARS, sum(line.places > 0 for line in gathered.rules.values()))
    if found:
        title = Text("各规则问题处数", "Places by rule")
        places = _bars(pen, title.to(language), effect, (1, found), (0, 3))
        sheet.insert_chart(row, 0, places, _described(title, language))
        row += 8 + 2 * found
    if superiors is not None:
        title = Text("各上级单位的结论", "Verdicts by superior unit")
        stacked = superior.chart(pen, title.to(language), superiors)
        sheet.insert_chart(row, 0, stacked, _described(title, language))


def _bars(pen: Pen, title: str, sheet: Worksheet, rows: tuple[int, int], columns: tuple[int, int]) -> Any:
    chart = pen.book.add_chart({"type": "bar"})
    first, last = rows
    name = sheet.get_name()
    chart.add_series(
        {
            "categories": [name, first, columns[0], last, columns[0]],
            "values": [name, first, columns[1], last, columns[1]],
            "pattern": PATTERN,
            "border": {"color": "#000000"},
            "data_labels": {"value": True},
            "gap": 60,
        }
    )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_size({"width": 640, "height": 120 + 26 * (last - first + 1)})
    return chart


def _described(title: Text, language: Language) -> dict[str, str]:
    return {"description": title.to(language)}
