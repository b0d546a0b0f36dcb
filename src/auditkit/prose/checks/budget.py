"""Budget and outturn: how much of a budget was carried out, which a budget of nothing does not let one say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, stating, term
from auditkit.prose.ratios import exact, follows, is_slip_of_rounding, reading_of, rounded
from auditkit.prose.reading import Line, Reading
from auditkit.prose.remarks import Remark, shown

_DONE = re.compile(r"完成(?:了)?(?P<which>年初|全年|当年|调整)?(?:支出|收入)?预算数?的(?:比例)?(?:为|约)?\s*$")
_BUDGET = re.compile(r"(?P<which>年初|全年|当年|调整)?[^，。;\d]{0,6}预算")
_SPENT = re.compile(r"决算|实际|执行数|支出(?!.*预算)")
NUMBERS_BACK = 6
"""Numbers before the percentage among which budget and outturn are looked for."""


def balanced(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """收入总计3,046.25万元，支出总计3,046.25万元: one account, two sides, one sum."""
    for line, own in stating(reading, "总计"):
        for one, other in pairwise(own):
            if one.sentence == other.sentence and _are_sides(line.text, one, other):
                said = Text(f"收支总计不等：{shown(one.value)} ≠ {shown(other.value)}", f"{one.text} ≠ {other.text}")
                wrong = _remark(reading, (one, other, one), said, None)
                yield None if one.value == other.value else replace(wrong, terms=wrong.terms[:2], right=other.value)


def _are_sides(text: str, one: Quantity, other: Quantity) -> bool:
    exact = one.kind == other.kind == "money" and one.unit == other.unit and not (one.approximate or other.approximate)
    return exact and text[: one.start].endswith("收入总计") and text[one.end : other.start].endswith("支出总计")


def completion(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """年初预算为100万元，支出决算为95万元，完成年初预算的95%."""
    for line, own in stating(reading, "完成"):
        for i, percent in enumerate(own):
            if percent.kind == "percent" and not percent.approximate:
                found = _both(line, own[max(0, i - NUMBERS_BACK) : i], percent)
                if found is not None:
                    yield _verdict(reading, percent, *found)


def _both(line: Line, before: Sequence[Quantity], percent: Quantity) -> tuple[Quantity, Quantity] | None:
    """The budget meant and what was spent, each said once since the sentence or the one before began."""
    ahead = line.text[max(0, percent.start - 30) : percent.start]
    done = _DONE.search(ahead)
    if done is None or "…" in line.text[before[0].start if before else 0 : percent.start]:
        return None
    near = [q for q in before if q.kind == "money" and not q.approximate and percent.sentence - q.sentence <= 1]
    budgets = [q for q in near if "决算" not in q.label and (m := _BUDGET.search(q.label)) and _same(m, done)]
    spent = [q for q in near if _SPENT.search(q.label) and q not in budgets]
    if not budgets or not spent or spent[-1].start < budgets[-1].start or spent[-1].unit != budgets[-1].unit:
        return None
    return budgets[-1], spent[-1]


def _same(named: re.Match[str], done: re.Match[str]) -> bool:
    """完成年初预算 is measured against 年初预算, 完成预算 against whichever was named."""
    return done["which"] is None or named["which"] is None or done["which"] == named["which"]


def _verdict(reading: Reading, percent: Quantity, budget: Quantity, spent: Quantity) -> Remark | None:
    if budget.value == 0:
        said = Text(f"{budget.label}为0，不能得出{percent.text}", f"{percent.text} of a budget of 0")
        hint = Text("没有年初预算的，写决算数和增加的原因，不写完成率", "give the amount and the reason, no percentage")
        return _remark(reading, (percent, spent, budget), said, hint)
    if budget.value < 0 or follows(spent, budget, percent):
        return None
    value = exact(spent.value, budget.value, percent)
    precise = shown(value.quantize(percent.step / 100))
    written = f"{percent.text} ≠ {shown(spent.value)} ÷ {shown(budget.value)} = {precise}%"
    right = shown(rounded(value, percent.step))
    slip = is_slip_of_rounding(value, percent)
    hint = reading_of(value, percent, ()) if slip else Text(f"应为{right}%", f"it is {right}%")
    found = _remark(reading, (percent, spent, budget), Text(written, written), hint)
    return replace(found, right=value, allowed=percent.step / 2)


def _remark(reading: Reading, numbers: tuple[Quantity, Quantity, Quantity], said: Text, hint: Text | None) -> Remark:
    percent, spent, budget = numbers
    row = "/".join(x for x in (section_of(reading, percent.line), budget.label) if x)
    terms = tuple(term(reading, q) for q in numbers)
    start = min(budget.start, spent.start)
    return Remark(percent.line, start, percent.end, row, said, terms, left=percent.value, hint=hint)
