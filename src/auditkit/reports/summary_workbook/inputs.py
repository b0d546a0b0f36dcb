"""The sheet that accounts for every path that went in: checked, not checked or skipped, and for whom it counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from auditkit.model.words import EMPTY, Language, Text
from auditkit.reports.pen import Pen, print_on

COLUMNS: tuple[tuple[Text, float], ...] = (
    (Text("文件", "File"), 44),
    (Text("去向", "Became"), 16),
    (Text("原因", "Reason"), 24),
    (Text("单位", "Unit"), 24),
    (Text("代码", "Code"), 14),
    (Text("备注", "Remark"), 44),
)


class Input(NamedTuple):
    """One path that went in."""

    file: str
    became: Text
    """Its verdict, 未检查 or 跳过."""
    reason: Text = EMPTY
    unit: str = ""
    code: str = ""
    remark: Text = EMPTY
    """旧版, 重复, 迟报, not on the roster, or what its name and its content say differently."""


def write(pen: Pen, inputs: Iterable[Input], language: Language) -> None:
    """One row a path, in the order of the run, none of them kept; no sheet where nobody asks for it."""
    waiting = iter(inputs)
    if (first := next(waiting, None)) is None:
        return
    sheet = pen.sheet(Text("全部文件", "All files").to(language), streamed=True)
    pen.header(sheet, 0, (name.to(language) for name, _ in COLUMNS), (wide for _, wide in COLUMNS))
    sheet.freeze_panes(1, 1)
    print_on(sheet, landscape=True, repeat=0)
    last = pen.rows(sheet, 1, (_row(one, language) for one in chain([first], waiting)), blanks=False)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)


def _row(one: Input, language: Language) -> Sequence[str]:
    reason, remark = one.reason.to(language), one.remark.to(language)
    return one.file, one.became.to(language), reason, one.unit, one.code, remark
