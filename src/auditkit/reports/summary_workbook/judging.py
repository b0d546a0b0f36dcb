"""The sheet of explanations to be judged: one a row, a drop-down for the decision, the key by which it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from auditkit.model.words import EMPTY, Language, Text
from auditkit.reports.pen import REPLY, THIN, Pen, print_on

SHEET = Text("说明审定", "To judge")
DECISION, REASON, UNTIL, KEY = (
    Text("决定（选）", "Decision (choose)"),
    Text("理由（退回必填）", "Reason (needed to refuse)"),
    Text("有效至", "Until"),
    Text("编号", "Key"),
)
DECISIONS = {"accept": Text("同意", "accept"), "refuse": Text("退回", "refuse")}
COLUMNS = (
    (Text("单位", "Unit"), 20),
    (Text("期间", "Period"), 8),
    (Text("规则", "Rule"), 9),
    (Text("位置", "Where"), 24),
    (Text("数值", "Values"), 26),
    (Text("单位的说明", "Explanation"), 44),
    (Text("谁、何时", "Who, when"), 18),
    (Text("提醒", "Look"), 16),
    (DECISION, 11),
    (REASON, 26),
    (UNTIL, 12),
    (KEY, 11),
)


@dataclass(frozen=True)
class Waiting:
    """An explanation that nobody has judged."""

    unit: str
    period: str
    rule: str
    where: str
    values: str
    reason: str
    by: str
    key: str
    look: Text = EMPTY
    """It gives no reason, or many wrote the same."""


def write(pen: Pen, waiting: Sequence[Waiting], language: Language) -> None:
    """The sheet; none where nothing waits."""
    if not waiting:
        return
    sheet = pen.sheet(SHEET.to(language))
    pen.header(sheet, 0, (name.to(language) for name, _ in COLUMNS), (wide for _, wide in COLUMNS))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(waiting), len(COLUMNS) - 1)
    print_on(sheet, landscape=True, repeat=0)
    look: dict[str, Any] = {"border": THIN, "text_wrap": True}
    answer, last = len(COLUMNS) - 4, len(COLUMNS) - 1
    for row, one in enumerate(waiting, 1):
        texts = (one.unit, one.period, one.rule, one.where, one.values, one.reason, one.by, one.look.to(language))
        for column, text in enumerate(texts):
            pen.text(sheet, row, column, text, **look)
        for column in range(answer, last):
            pen.text(sheet, row, column, "", bg_color=REPLY, **look)
        pen.text(sheet, row, last, one.key, font_color="#767676", font_size=8, border=THIN)
        pen.fit(sheet, row, [(text, wide) for text, (_, wide) in zip(texts, COLUMNS, strict=False)])
    choices = [text.to(language) for text in DECISIONS.values()]
    sheet.data_validation(
        1, answer, len(waiting), answer, {"validate": "list", "source": choices, "ignore_blank": True}
    )


def alone(waiting: Sequence[Waiting], language: Language) -> bytes:
    """The sheet as a workbook of its own."""
    pen = Pen(language)
    pen.properties(SHEET.to(language), kind="judging")
    write(pen, waiting, language)
    return pen.close()
