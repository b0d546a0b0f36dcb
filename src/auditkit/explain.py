"""A rule explained: read aloud, its source, why it is there, a right and a wrong example, what to repair."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from auditkit import rulebook
from auditkit.catalogue import AnyRule, every_rule, spoken
from auditkit.model.finding import RuleNote
from auditkit.model.rule import ProseRule, Rule, Rulebook
from auditkit.model.words import LEVEL_NAMES, Fault, Language, Level, Text
from auditkit.proof import wrong_examples
from auditkit.roster.rules import NOTES
from auditkit.schema import CellRule


def _shelf(name: str | None) -> Iterator[Rulebook]:
    """The named rulebook, or all shipped ones, the newest form first."""
    if name:
        yield rulebook.find(name)
    else:
        books = [rulebook.find(one) for one in rulebook.shipped()]
        yield from sorted(books, key=lambda book: -(book.form.periods[0] or 0))


def explanation(code: str, rules: str | None, language: Language) -> Iterator[str]:
    """Lines that explain ``code``.

    Raises:
        Fault: ``unknown-rule`` (exit 2), naming the nearest codes.
    """
    known: list[str] = []
    for book in _shelf(rules):
        if code in book.retired:
            new = book.retired[code]
            yield Text(
                f"{code} 在 {book.id} {book.version} 版停用，现为 {new}",
                f"{code} was retired in {book.id} {book.version}, now {new}",
            ).to(language)
            code = new
        for rule in every_rule(book):
            known.append(rule.id)
            if rule.id == code:
                yield from _explained(rule, book, language)
                return
    if code in NOTES:
        yield from _without_rulebook(NOTES[code], language)
        return
    near = get_close_matches(code, dict.fromkeys(known), 3, 0.5)
    raise Fault(
        "unknown-rule",
        Text(f"没有规则 {code}。", f"no rule {code}."),
        hint=Text(f"最接近：{'、'.join(near)}", f"Nearest: {', '.join(near)}") if near else None,
        exit=2,
    )


def _without_rulebook(rule: RuleNote, language: Language) -> Iterator[str]:
    """What is checked of every form."""
    other: Language = "en" if language == "zh" else "zh"
    yield f"{rule.id} {rule.name.to(language)} ({rule.name.to(other)})   {LEVEL_NAMES[rule.level].to(language)}"
    words = _Words(language)
    yield words.line("读作", "Reads", rule.spoken.to(language))
    yield words.line("要求", "Says", rule.message.to(language))
    for zh, en, text in (("为什么", "Why", rule.why), ("怎么改", "Repair", rule.repair)):
        if text is not None:
            yield words.line(zh, en, text.to(language))


def _explained(rule: AnyRule, book: Rulebook, language: Language) -> Iterator[str]:
    level = LEVEL_NAMES[rule.level].to(language)
    other: Language = "en" if language == "zh" else "zh"
    yield f"{rule.id} {rule.name.to(language)} ({rule.name.to(other)})   {level}   {book.id} {book.version}"
    words = _Words(language)
    if isinstance(rule, Rule):
        yield words.line("读作", "Reads", spoken(rule, book).to(language))
        yield words.line("原文", "Source", rule.source)
        if rule.condition:
            yield words.line("条件", "When", rule.condition)
    yield words.line("要求", "Says", rule.message.to(language))
    for zh, en, text in (
        ("为什么", "Why", rule.why),
        ("常见错", "Often", None if isinstance(rule, CellRule) else rule.often),
    ):
        if text is not None:
            yield words.line(zh, en, text.to(language))
    if isinstance(rule, Rule):
        for arithmetic in wrong_examples(book, (rule.id,)).values():
            yield words.line("错的", "Wrong", arithmetic.to(language))
    elif isinstance(rule, ProseRule):
        for sentence in rule.holds[:1]:
            yield words.line("对的", "Right", sentence)
        for sentence in rule.breaks[:1]:
            yield words.line("错的", "Wrong", sentence)
    if not isinstance(rule, CellRule):
        if rule.repair is not None:
            yield words.line("怎么改", "Repair", rule.repair.to(language))
        if rule.basis:
            yield words.line("依据", "Basis", rule.basis)


class _Words:
    """Lines with a head of fixed width: Chinese characters are two columns wide."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def line(self, zh: str, en: str, text: str) -> str:
        if self.language == "zh":
            return f"{zh}{'  ' * (3 - len(zh))} {text}"
        return f"{en:<7} {text}"


def catalogue(rules: str | None, language: Language) -> Iterator[str]:
    """One line a rule: code, level, number of checks, name."""
    for book in _shelf(rules):
        yield f"{book.id} {book.version}  {book.title.to(language)}"
        for rule in every_rule(book):
            yield f"  {rule.id}  {_level(rule.level, language)}  {_checks(rule, book):>4}  {rule.name.to(language)}"


def _level(level: Level, language: Language) -> str:
    name = LEVEL_NAMES[level].to(language)
    return name + " " * ((6 - 2 * len(name)) if language == "zh" else 8 - len(name))


def _checks(rule: AnyRule, book: Rulebook) -> str:
    """How often a rule is asked of one submission; ``3+`` where its records are asked too, however many there are."""
    if isinstance(rule, Rule):
        asked = 1 if rule.scope is None else len(rule.scope.lines)
        return f"{asked}+" if rule.scope is not None and rule.scope.open else str(asked)
    if isinstance(rule, CellRule):
        tables = [table for table in book.form if rule.id in table.codes.values()]
        more = "+" if any(table.records for table in tables) else ""
        return f"{sum(table.size for table in tables)}{more}"
    return "1"
