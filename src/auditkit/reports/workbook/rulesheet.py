"""The last sheet: every rule that was asked, those that found something first, and why anything was not checked."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.model.finding import Result, RuleNote, Tally
from auditkit.model.words import EMPTY, LEVEL_NAMES, Language, Text
from auditkit.reports.asked import is_known, telling_first, why_not
from auditkit.reports.pen import INKS, THIN, Pen, print_on, target
from auditkit.reports.terminal import GLYPHS

COLUMNS = (
    (Text("规则", "Rule"), 10),
    (Text("级别", "Level"), 10),
    (Text("名称", "Name"), 16),
    (Text("检查什么", "What is checked"), 42),
    (Text("共查", "Checks"), 7),
    (Text("通过", "Passed"), 7),
    (Text("未通过", "Failed"), 7),
    (Text("已同意", "Accepted"), 8),
    (Text("未查", "Not checked"), 8),
    (Text("未查原因", "Why not"), 26),
    (Text("为什么、怎么改", "Why, and what to repair"), 46),
    (Text("依据", "Basis"), 18),
)


def write(pen: Pen, result: Result, language: Language) -> Mapping[str, str]:
    """The sheet. Returns rule code → its cell as a link target."""
    rules, telling = telling_first(result)
    if not rules:
        return {}
    sheet = pen.sheet(Text("规则说明", "Rules").to(language))
    pen.header(sheet, 0, (name.to(language) for name, _ in COLUMNS), (wide for _, wide in COLUMNS))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rules), len(COLUMNS) - 1)
    print_on(sheet, landscape=True, repeat=0)
    look = {"text_wrap": True, "border": THIN}
    for row, rule in enumerate(rules, 1):
        tally = result.tallies.get(rule.id, Tally())
        level = f"{GLYPHS[rule.level]} {LEVEL_NAMES[rule.level].to(language)}" if is_known(rule) else ""
        pen.text(sheet, row, 0, rule.id, bold=True, **look)
        pen.text(sheet, row, 1, level, font_color=INKS[rule.level], **look)
        pen.text(sheet, row, 2, rule.name.to(language), **look)
        what, why = _what(rule, language), _why(rule, language)
        pen.text(sheet, row, 3, what, **look)
        gaps = sum(tally.unchecked.values())
        for column, n in enumerate((tally.asked, tally.passed, tally.failed, tally.explained, gaps), 4):
            pen.number(sheet, row, column, n, **look)
        broken = Text(f"规则出错 {tally.errors}；", f"rule broke: {tally.errors}; ") if tally.errors else EMPTY
        pen.text(sheet, row, 9, broken.to(language) + why_not(tally).to(language), **look)
        pen.text(sheet, row, 10, why, **look)
        pen.text(sheet, row, 11, rule.basis, **look)
        texts = {2: rule.name.to(language), 3: what, 9: why_not(tally).to(language), 10: why, 11: rule.basis}
        pen.fit(sheet, row, [(text, COLUMNS[column][1]) for column, text in texts.items()])
    if telling:  # on paper only what somebody has to read
        sheet.print_area(0, 0, telling, len(COLUMNS) - 1)
    return {rule.id: target(sheet, f"A{row}") for row, rule in enumerate(rules, 2)}


def _what(rule: RuleNote, language: Language) -> str:
    """The author's sentence, the check read aloud, and its source."""
    lines = (rule.message.to(language), rule.spoken.to(language), rule.source)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _why(rule: RuleNote, language: Language) -> str:
    return "\n".join(text.to(language) for text in (rule.why, rule.repair) if text is not None)
