"""All rules of a rulebook in one list, whatever they look at: cells, tables or words; and how each reads aloud."""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.language import aloud, scope_aloud
from auditkit.model.finding import RuleNote
from auditkit.model.rule import ProseRule, Rule, Rulebook
from auditkit.model.words import Text
from auditkit.schema import CellRule, cell_rules

AnyRule = Rule | ProseRule | CellRule


def every_rule(book: Rulebook) -> Iterator[AnyRule]:
    """Each code once: cells first, then tables, then words."""
    seen: set[str] = set()
    rules: tuple[AnyRule, ...] = (*cell_rules(book.form), *book.rules, *book.prose)
    for rule in rules:
        if rule.id not in seen:
            seen.add(rule.id)
            yield rule


def spoken(rule: Rule, book: Rulebook) -> Text:
    """The rule as a sentence made from its check, such as 表三每一列：新收加上年结转等于办理总计加结转下年."""
    where = _wherever(rule, book)
    said = aloud(rule.check, book.label)
    zh = f"{where.zh}：{said.zh}。" if where.zh else f"{said.zh}。"
    en = f"{where.en}: {said.en}." if where.en else f"{said.en}."
    if rule.when is not None:
        condition = aloud(rule.when, book.label)
        zh, en = f"当{condition.zh}：{zh}", f"When {condition.en}: {en}"
    return Text(zh, en)


def _wherever(rule: Rule, book: Rulebook) -> Text:
    """The quantifier; of a rule over several tables the first, and how many more there are."""
    where = scope_aloud(rule.scope, book.form)
    more = sum(other.id == rule.id for other in book.rules) - 1
    return Text(f"{where.zh}（另有 {more} 张表）", f"{where.en} (and in {more} more tables)") if more > 0 else where


def rule_notes(book: Rulebook) -> tuple[RuleNote, ...]:
    """The rules as reports print them, in order of code."""
    notes = [
        RuleNote(
            id=rule.id,
            name=rule.name,
            level=rule.level,
            message=rule.message,
            spoken=spoken(rule, book) if isinstance(rule, Rule) else rule.message,
            source=rule.source if isinstance(rule, Rule) else "",
            why=rule.why,
            repair=None if isinstance(rule, CellRule) else rule.repair,
            basis="" if isinstance(rule, CellRule) else rule.basis,
            explainable=rule.explainable if isinstance(rule, Rule) else rule.level != "hard",
        )
        for rule in every_rule(book)
    ]
    return tuple(sorted(notes, key=lambda note: note.id))
