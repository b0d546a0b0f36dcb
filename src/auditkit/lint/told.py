"""``rules lint`` and ``rules test``'s last word: every mistake in a rulebook, from its spelling to its logic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditkit import rulebook
from auditkit.audit import Auditor, sources
from auditkit.lint.fixing import fix
from auditkit.lint.logic import judge_logic
from auditkit.lint.sets import judge_sums
from auditkit.lint.solver import available
from auditkit.model.finding import Tally
from auditkit.model.rule import Origin, Rulebook
from auditkit.model.words import Language, Text
from auditkit.records import sketched
from auditkit.rulebook.assemble import Malformed
from auditkit.rulebook.tree import Mistake

OFTEN = 0.3
"""A rule that fails in more of the files than this is probably wrong itself."""


def lint(
    names: tuple[str, ...], samples: tuple[Path, ...], language: Language, *, mend: bool = False
) -> Iterator[tuple[bool, str]]:
    """Lines to print, each with whether it is good news: all mistakes of all named rulebooks.

    ``samples`` are files that are known to be right: rules that never run on them or often fail are named too.
    ``mend``: mistakes of spelling are mended first, and only what is left is a mistake.
    """
    total = fixable = 0
    for name in names or rulebook.shipped():
        if mend:
            yield from fix(name, language)
        try:
            book = rulebook.find(name)
        except Malformed as malformed:
            mistakes = list(malformed.mistakes)
        else:
            drawn = sketched(book)
            mistakes = [*unproven(book), *judge_sums(drawn)]
            if available():
                mistakes += judge_logic(drawn)
            if samples:
                mistakes += against(book, samples)
        total += len(mistakes)
        fixable += sum(mistake.fixable for mistake in mistakes)
        for mistake in mistakes:
            yield False, mistake.to(language)
    if not available():
        hint = Text(
            "没有查规则之间的矛盾：pip install 'auditkit[lint]'", "logic not judged: pip install 'auditkit[lint]'"
        )
        yield True, f"○ {hint.to(language)}"
    if total:
        yield False, _counted(total, fixable).to(language)
    else:
        yield True, Text("√ 没有问题", "√ no problems").to(language)


def _counted(total: int, fixable: int) -> Text:
    zh, en = f"× {total} 个问题", f"× {total} problem{'' if total == 1 else 's'}"
    if fixable:
        zh += f"，{fixable} 个可用 --fix 改（只改规则文件的写法，不改数据）"
        en += f", {fixable} fixable with --fix (rewrites rule syntax only, never data)"
    return Text(zh, en)


def unproven(book: Rulebook) -> Iterator[Mistake]:
    """RB021: a rule that no example makes fail."""
    shown = {expected.split(" ")[0] for case in book.cases for expected in case.expect}
    rules = [*dict.fromkeys((rule.id, rule.origin) for rule in book.rules if rule.id not in shown)]
    rules += [(rule.id, rule.origin) for rule in book.prose if not rule.breaks]
    for code, origin in rules:
        yield Mistake(
            "RB021",
            origin,
            Text(
                f"{code} 没有一个会让它失败的例子（tests.cases）",
                f"{code} has no example that makes it fail (tests.cases)",
            ),
        )


def against(book: Rulebook, samples: tuple[Path, ...]) -> Iterator[Mistake]:
    """RB041 for rules that none of the files let run, RB042 for rules that fail in many of them."""
    files = 0
    total: dict[str, Tally] = {}
    failing: dict[str, int] = {}
    for result in Auditor((book,), forced=True).audit(sources(samples)):
        files += not result.faults
        for code, tally in result.tallies.items():
            total[code] = total.get(code, Tally()) + tally
            failing[code] = failing.get(code, 0) + (tally.failed > 0)
    origins: dict[str, Origin] = {rule.id: rule.origin for rule in book.rules}
    origins |= {rule.id: rule.origin for rule in book.prose}
    for code, origin in origins.items():
        seen = total.get(code, Tally())
        if files and not seen.passed and not seen.failed:
            zh, en = f"{code} 在 {files} 个样本中一次也没有执行", f"{code} never ran on {files} samples"
            yield Mistake("RB041", origin, Text(zh, en))
        elif files and failing.get(code, 0) > OFTEN * files:
            n = failing[code]
            zh, en = f"{code} 在 {files} 个样本中的 {n} 个失败，规则可能有误", f"{code} fails in {n} of {files} samples"
            yield Mistake("RB042", origin, Text(zh, en))
