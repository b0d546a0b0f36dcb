"""A rulebook as a circular's annex: its tables with their words, each rule read aloud, why, right and wrong, repair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.authoring.right import right_examples
from auditkit.catalogue import AnyRule, every_rule, spoken
from auditkit.model.form import Axis, Records, Table
from auditkit.model.rule import ProseRule, Rule, Rulebook
from auditkit.model.words import LEVEL_NAMES, Text
from auditkit.proof import wrong_examples
from auditkit.schema import CellRule


@dataclass(frozen=True, slots=True)
class Heading:
    """Depth 1 is the annex's own title."""

    depth: int
    text: Text


@dataclass(frozen=True, slots=True)
class Said:
    """One paragraph."""

    text: Text


@dataclass(frozen=True, slots=True)
class Points:
    """Names with what is said under them, in order."""

    items: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A table: names of its columns, and its rows."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


Block = Heading | Said | Points | Lines

_BLANKS = {
    "zero": Text("空白按 0 计，记一次提示", "a blank counts as 0 and is noted once"),
    "report": Text("空白须说明", "a blank wants an explanation"),
    "allow": Text("可以空白", "may be blank"),
}
_KINDS = {
    "count": Text("非负整数", "whole, not negative"),
    "integer": Text("整数", "whole"),
    "number": Text("数", "number"),
    "percent": Text("百分数", "percentage"),
    "text": Text("文字", "text"),
}


def annex(book: Rulebook) -> Iterator[Block]:
    """The whole rulebook, block by block.

    Raises:
        Fault: the good sample cannot be read.
    """
    yield Heading(1, book.title)
    yield from _head(book)
    if book.form.tables:
        yield Heading(2, Text("一、表", "Tables"))
        for table in book.form:
            yield from _table(table, book)
    yield Heading(2, Text("二、审核关系" if book.form.tables else "审核关系", "Rules"))
    rules = [*every_rule(book)]
    right, wrong = right_examples(book), wrong_examples(book, [rule.id for rule in rules])
    for rule in rules:
        yield from _rule(rule, book, right.get(rule.id), wrong.get(rule.id))
    if book.retired:
        yield Heading(2, Text("停用的编号", "Retired codes"))
        yield Points(tuple((same(old), same(new)) for old, new in book.retired.items()))


def same(text: str) -> Text:
    """Words that are the same in both languages, such as the form's own."""
    return Text(text, text)


def _head(book: Rulebook) -> Iterator[Block]:
    first, last = book.form.periods
    years = Text(f"{first or ''}—{last or ''}", f"{first or ''}–{last or ''}")
    counts = [sum(1 for rule in every_rule(book) if rule.level == level) for level in LEVEL_NAMES]
    levels = list(zip(LEVEL_NAMES.values(), counts, strict=True))
    yield Points(
        (
            (Text("规则簿", "Rulebook"), same(f"{book.id} {book.version}")),
            *(((Text("适用年度", "Reporting years"), years),) if first or last else ()),
            *(((Text("依据", "Basis"), same(book.basis)),) if book.basis else ()),
            (
                Text("规则", "Rules"),
                Text("，".join(f"{t.zh} {n}" for t, n in levels), ", ".join(f"{t.en} {n}" for t, n in levels)),
            ),
        )
    )


def _table(table: Table, book: Rulebook) -> Iterator[Block]:
    yield Heading(3, same(f"{table.id} {table.titles[0]}".strip()))
    unit = Text(f"；单位：{table.unit}", f"; unit: {table.unit}") if table.unit else Text("", "")
    kind, blank = _KINDS[table.cells], _BLANKS[table.blank]
    yield Said(Text(f"{kind.zh}；{blank.zh}{unit.zh}。", f"{kind.en}; {blank.en}{unit.en}.".capitalize()))
    if table.records is not None:
        yield Said(_records(table.records, book))
    for axis, head in ((table.columns, Text("列", "Column")), (table.rows, Text("行", "Row"))):
        yield Lines(
            (head, Text("表上的字", "Words in the form"), Text("与本表不同的", "Other than the table")),
            tuple(_axis(axis, table, book)),
        )


def _records(records: Records, book: Rulebook) -> Text:
    """What makes the table a list, in a sentence."""
    name, key = book.label(records.name), book.label(records.key)
    zh, en = (
        f"清单：每个{name.zh}一条记录，以“{key.zh}”为名",
        f"A list: one record for each of {name.en}, named by {key.en}",
    )
    if records.nested:
        zh, en = f"{zh}；编码逐级包含", f"{en}; a name that begins with another is a part of it"
    if records.several:
        columns = [book.label(column) for column in records.several]
        zh = f"{zh}；{'、'.join(c.zh for c in columns)}可占几行"
        en = f"{en}; {', '.join(c.en for c in columns)} may take several lines"
    if records.lines:
        lines = [words[0] for words in records.lines.values()]
        zh, en = f"{zh}；每条记录依次有{'、'.join(lines)}各一行", f"{en}; each has the lines {', '.join(lines)}"
    return Text(f"{zh}。", f"{en}.")


def _axis(axis: Axis, table: Table, book: Rulebook) -> Iterator[tuple[Text, ...]]:
    """Lines in order, each group before its own."""
    above: tuple[str, ...] = ()
    for line in axis.lines:
        for depth, group in enumerate(line.path):
            if line.path[: depth + 1] != above[: depth + 1]:
                yield _named(group, depth, book), same(" / ".join(filter(None, axis.group_labels[group]))), same("")
        above = line.path
        own = [_KINDS[table.kinds[line.name]]] if line.name in table.kinds else []
        own += [_BLANKS[table.blanks[line.name]]] if line.name in table.blanks else []
        differs = Text("；".join(t.zh for t in own), "; ".join(t.en for t in own))
        yield _named(line.name, len(line.path), book), same(" / ".join(filter(None, line.labels))), differs


def _named(name: str, depth: int, book: Rulebook) -> Text:
    label = book.label(name)
    return Text("　" * depth + label.zh, "\u3000" * depth + label.en)


def _rule(rule: AnyRule, book: Rulebook, right: Text | None, wrong: Text | None) -> Iterator[Block]:
    level = LEVEL_NAMES[rule.level]
    yield Heading(3, Text(f"{rule.id} {rule.name.zh}（{level.zh}）", f"{rule.id} {rule.name.en} ({level.en})"))
    yield Points(tuple(_points(rule, book, right, wrong)))


def _points(rule: AnyRule, book: Rulebook, right: Text | None, wrong: Text | None) -> Iterator[tuple[Text, Text]]:
    if isinstance(rule, Rule):
        yield Text("读作", "Reads"), spoken(rule, book)
        condition = f"when {rule.condition}: " if rule.condition else ""
        yield Text("原文", "Source"), same(f"{condition}{rule.source}")
    yield Text("要求", "Says"), rule.message
    if rule.why is not None:
        yield Text("为什么", "Why"), rule.why
    if not isinstance(rule, CellRule) and rule.often is not None:
        yield Text("常见错", "Often"), rule.often
    yield from _shown(rule, right, wrong)
    if not isinstance(rule, CellRule):
        if rule.repair is not None:
            yield Text("怎么改", "Repair"), rule.repair
        if rule.basis:
            yield Text("依据", "Basis"), same(rule.basis)


def _shown(rule: AnyRule, right: Text | None, wrong: Text | None) -> Iterator[tuple[Text, Text]]:
    """A right and a wrong example: arithmetic from the proofs, or the sentences of a prose rule."""
    if isinstance(rule, ProseRule):
        yield from ((Text("对的", "Right"), same(text)) for text in rule.holds[:1])
        yield from ((Text("错的", "Wrong"), same(text)) for text in rule.breaks[:1])
    elif isinstance(rule, Rule):
        if right is not None:
            yield Text("对的", "Right"), right
        if wrong is not None:
            yield Text("错的", "Wrong"), wrong
