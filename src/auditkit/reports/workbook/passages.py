"""The sheet of sentences: each prose finding with its sentence, the passage in bold and in brackets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from auditkit.model.finding import Result
from auditkit.model.words import Language, Text
from auditkit.reports import wording
from auditkit.reports.escaping import legal
from auditkit.reports.grouping import Entry
from auditkit.reports.pen import INKS, THIN, Pen, Worksheet, print_on, target

LONGEST_PART = 8_000
"""Characters of each part; together they stay within what Excel keeps in a cell."""
COLUMNS = (
    (Text("序号", "No."), 6),
    (Text("位置", "Where"), 13),
    (Text("原文（【】内为所指）", "Sentence (the passage in 【】)"), 60),
    (Text("问题", "Problem"), 38),
    (Text("计算", "Arithmetic"), 30),
    (Text("规则", "Rule"), 10),
)


def write(pen: Pen, result: Result, listed: Sequence[Entry], language: Language) -> Mapping[int, str]:
    """Findings with a sentence, in reading order. Returns finding number → its cell as a link target."""
    prose = [entry for entry in listed if entry.finding.place.paragraph]
    if not prose:
        return {}
    sheet = pen.sheet(Text("标注_正文", "Marked_text").to(language))
    pen.header(sheet, 0, (name.to(language) for name, _ in COLUMNS), (wide for _, wide in COLUMNS))
    sheet.freeze_panes(1, 0)
    print_on(sheet, landscape=True, repeat=0)
    links: dict[int, str] = {}
    order = sorted(prose, key=lambda e: (e.finding.place.paragraph, e.finding.place.start, e.number))
    for row, entry in enumerate(order, 1):
        links[entry.number] = target(sheet, f"C{row + 1}")
        _row(pen, sheet, row, entry, result, language)
    return links


def _row(pen: Pen, sheet: Worksheet, row: int, entry: Entry, result: Result, language: Language) -> None:
    finding, look = entry.finding, {"text_wrap": True, "border": THIN}
    quote = wording.quoted(finding, result)
    pen.number(sheet, row, 0, entry.number, **look)
    pen.text(sheet, row, 1, wording.location(finding.place, result).to(language), **look)
    _sentence(pen, sheet, row, quote, look)
    pen.text(sheet, row, 3, finding.message.to(language), **look)
    pen.text(sheet, row, 4, finding.arithmetic.to(language), **look)
    pen.text(sheet, row, 5, finding.rule, **look)
    texts = ("".join(quote), finding.message.to(language), finding.arithmetic.to(language))
    pen.fit(sheet, row, zip(texts, (wide for _, wide in COLUMNS[2:5]), strict=True))


def _sentence(pen: Pen, sheet: Worksheet, row: int, quote: tuple[str, str, str], look: dict[str, Any]) -> None:
    head, span, tail = (legal(part)[:LONGEST_PART] for part in quote)
    if not span:
        pen.text(sheet, row, 2, head + tail, **look)
        return
    plain, marked = pen.format(), pen.format(bold=True, underline=1, font_color=INKS["hard"])
    runs = [(plain, head), (marked, f"【{span}】"), (plain, tail)]
    pieces: list[Any] = [piece for look_of, text in runs if text for piece in (look_of, text)]
    if len(pieces) > 2:
        sheet.write_rich_string(row, 2, *pieces, pen.format(**look))
    else:
        pen.text(sheet, row, 2, f"【{span}】", bold=True, **look)
