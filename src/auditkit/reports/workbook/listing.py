"""The list of findings: one a row with everything said in full, links, reply columns, and the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditkit.model.finding import Finding, Result
from auditkit.model.words import LEVEL_NAMES, Language, Text
from auditkit.reports import wording
from auditkit.reports.grouping import Entry, own_grid
from auditkit.reports.pen import INKS, MEDIUM, REPLY, THIN, Pen, Worksheet, heading, print_on, target
from auditkit.reports.progress import state
from auditkit.reports.terminal import GLYPHS

COLUMNS = (
    (Text("序号", "No."), 5),
    (Text("级别", "Level"), 9.5),
    (Text("位置", "Where"), 12),
    (Text("问题", "Problem"), 30),
    (Text("计算", "Arithmetic"), 30),
    (Text("可能", "Likely"), 14),
    (Text("规则", "Rule"), 8),
    (Text("状态", "State"), 8),
    (Text("处理（选）", "Answer (choose)"), 11),
    (Text("说明（请填写）", "Explanation (please fill in)"), 24),
    (Text("上级意见", "Decision"), 10),
    (Text("编号", "Key"), 10.5),
)
ANSWER, EXPLANATION, KEY = 8, 9, 11
"""Columns that come back."""
ANSWERS = (
    Text("已改", "corrected"),
    Text("属实有说明", "true, explained"),
    Text("规则有误", "the rule is wrong"),
)
MOST_LINKS = 30_000
"""Rows with links; Excel refuses a sheet with more than 65,530 of them."""


@dataclass(frozen=True)
class Links:
    """Where a row can lead: marked copies by sheet name, sentences by finding number, rules by code."""

    copies: Mapping[str, Worksheet]
    passages: Mapping[int, str]
    rules: Mapping[str, str]


def write(
    pen: Pen,
    sheet: Worksheet,
    result: Result,
    rows: Sequence[Entry],
    language: Language,
    links: Links,
) -> None:
    """Fill the sheet: findings as numbered, then what is gone since the last round."""
    pen.header(sheet, 0, (name.to(language) for name, _ in COLUMNS), (wide for _, wide in COLUMNS))
    for row, entry in enumerate(rows, 1):
        new_group = row == 1 or rows[row - 2].suspect is not entry.suspect
        gone = entry.finding in result.round.repaired
        extra: dict[str, Any] = {"font_strikeout": True} if gone else {"top": MEDIUM} if new_group else {}
        _row(pen, sheet, row, entry, result, language, links, extra)
    last = len(rows)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    sheet.freeze_panes(1, 3)
    sheet.data_validation(
        1, ANSWER, last, ANSWER, {"validate": "list", "source": [a.to(language) for a in ANSWERS], "ignore_blank": True}
    )
    print_on(sheet, landscape=True, repeat=0)
    sheet.set_header(f"&L{heading(wording.subject(result).to(language))}&R{heading(wording.file_name(result))}")


def _row(
    pen: Pen,
    sheet: Worksheet,
    row: int,
    entry: Entry,
    result: Result,
    language: Language,
    links: Links,
    extra: Mapping[str, Any],
) -> None:
    finding, look = entry.finding, {"text_wrap": True, "border": THIN, **extra}
    texts = _texts(entry, result, language)
    asks = finding in result.findings and finding.status == "fail" and finding.level != "info"
    special: dict[int, dict[str, Any]] = {
        1: {"font_color": INKS[finding.level], "bold": finding.level == "hard"},
        KEY: {"font_color": "#767676", "font_size": 8},
        **({ANSWER: {"bg_color": REPLY}, EXPLANATION: {"bg_color": REPLY}} if asks else {}),
    }
    targets = {2: _cell_target(entry, result, links), 6: links.rules.get(finding.rule, "")}
    pen.number(sheet, row, 0, entry.number, align="center", **look)
    for column, text in enumerate(texts, 1):
        if row <= MOST_LINKS and targets.get(column):
            pen.link(sheet, row, column, targets[column], text, font_color="#005A8C", underline=1, **look)
        else:
            pen.text(sheet, row, column, text, **look, **special.get(column, {}))
    pen.fit(sheet, row, zip(texts, (wide for _, wide in COLUMNS[1:]), strict=True), least=2 if asks else 1)


def _texts(entry: Entry, result: Result, language: Language) -> list[str]:
    """What stands in the columns after the number, in their order; replies as they were given last time."""
    finding = entry.finding
    before = result.round.said.get(finding.key)
    answered = ANSWERS[1].to(language) if before is not None and before.reason else ""
    told = (finding.arithmetic, wording.cells(finding, result), *([] if finding.hint is None else [finding.hint]))
    return [
        f"{GLYPHS[finding.level]} {LEVEL_NAMES[finding.level].to(language)}",
        _where(finding, result).to(language),
        finding.message.to(language),
        "\n".join(text.to(language) for text in told if text.zh),
        _likely(entry).to(language),
        finding.rule,
        state(finding, result).to(language),
        answered,
        "" if before is None else before.reason,
        "" if before is None else before.decision.to(language),
        finding.key,
    ]


def _cell_target(entry: Entry, result: Result, links: Links) -> str:
    place = entry.finding.place
    if place.paragraph:
        return links.passages.get(entry.number, "")
    if own_grid(result, place) is None or place.sheet not in links.copies:
        return ""
    return target(links.copies[place.sheet], place.address)


def _where(finding: Finding, result: Result) -> Text:
    """The address; in Word and web tables, where nobody sees addresses, also the row and column."""
    place = wording.location(finding.place, result)
    names = "×".join(name for name in (finding.row, finding.column) if name)
    spoken = result.document is not None and result.document.kind in {"word", "web"} and finding.place.row >= 0
    return Text(f"{place.zh}\n{names}", f"{place.en}\n{names}") if spoken and names else place


def _likely(entry: Entry) -> Text:
    if entry.suspect is None or entry.finding.status != "fail":
        return Text("", "")
    return wording.likely(entry.suspect)
