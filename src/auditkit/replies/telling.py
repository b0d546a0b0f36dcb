"""What is said of replies that were read: counts by unit, rows to look at again, what is held against rules."""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.model.words import Language, Text
from auditkit.replies.answers import DECISIONS
from auditkit.replies.matching import Answered, Matched
from auditkit.reports import table_csv

COLUMNS = (
    Text("规则", "rule"), Text("单位", "unit"), Text("期间", "period"), Text("位置", "where"),
    Text("计算", "arithmetic"), Text("单位的话", "words"), Text("编号", "key"),
)  # fmt: skip


def told(matched: Matched) -> Iterator[Text]:
    """One line a unit with what was decided in its rows; then what somebody should look at."""
    units: dict[str, list[str]] = {}
    for one in matched.answered:
        units.setdefault(one.sent.unit, []).append(one.reply.decision)
    for unit, made in units.items():
        zh = "，".join(f"{text.zh} {made.count(name)}" for name, text in DECISIONS.items())
        en = ", ".join(f"{text.en} {made.count(name)}" for name, text in DECISIONS.items())
        yield Text(f"{unit}  {len(made)} 行：{zh}", f"{unit}  {len(made)} rows: {en}")
    yield from _wordless(matched)
    if must := sum(one.reply.decision == "true" and one.sent.finding.level == "hard" for one in matched.answered):
        yield Text(
            f"▲ {must} 条说明针对必须改的问题，规则另有规定的才能用说明代替",
            f"▲ {must} explain what must be fixed; only a rule that says so lets an explanation stand for it",
        )
    for rule, held in disputed(matched).items():
        n, first = len(held), held[0]
        yield Text(
            f"▲ {rule} 规则有误 {n}：{first.sent.unit}“{first.reply.text}”{'等' if n > 1 else ''}",
            f"▲ {rule} is wrong, say {n}: {first.sent.unit} “{first.reply.text}”{' and others' if n > 1 else ''}",
        )


def _wordless(matched: Matched) -> Iterator[Text]:
    """Rows that call a finding true and do not explain it: there is nothing to judge."""
    for one in matched.answered:
        if one.reply.decision == "true" and not one.reply.text:
            at = f"{one.reply.file} {one.reply.row}"
            yield Text(f"▲ {at} 行选了“属实有说明”，没有写说明", f"▲ {at}: true, explained, without an explanation")


def disputed(matched: Matched) -> dict[str, list[Answered]]:
    """Rule → answers that hold it to be wrong, most first: for its author, and on nobody's account."""
    held: dict[str, list[Answered]] = {}
    for one in matched.answered:
        if one.reply.decision == "rule-wrong":
            held.setdefault(one.sent.finding.rule, []).append(one)
    return dict(sorted(held.items(), key=lambda item: (-len(item[1]), item[0])))


def disputed_csv(matched: Matched, language: Language) -> bytes:
    """The same as a CSV file, one answer a line."""
    rows = [tuple(name.to(language) for name in COLUMNS)]
    for rule, held in disputed(matched).items():
        for one in held:
            sent, said = one.sent, one.sent.finding.arithmetic.to(language)
            rows.append((rule, sent.unit, sent.period, sent.where, said, one.reply.text, sent.finding.key))
    return "".join(f"{table_csv.line(row)}\r\n" for row in rows).encode(table_csv.ENCODING)
