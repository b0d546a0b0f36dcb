"""Rules about statements: looked for in the words, asked only where their facts are stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from auditkit.edits.facts import Lookout, Stated
from auditkit.edits.findings import record
from auditkit.edits.judge import NOT_ASKED, PASSED, Judged, judge
from auditkit.edits.screen import needs_words, screen
from auditkit.edits.submission import Submission
from auditkit.language import PROPERTIES
from auditkit.model.expression import Cells, Condition, Fact, Logic, walk
from auditkit.model.finding import Checked, Context, Tally
from auditkit.model.rule import Rule, Rulebook
from auditkit.stack import Bools, Stack


def ask_words(
    rules: Sequence[Rule],
    rulebook: Rulebook,
    stack: Stack,
    submissions: Sequence[Submission],
    contexts: Sequence[Context],
    done: Sequence[Checked],
) -> None:
    """Look for statements, and ask only the rules whose facts are stated; most submissions state the same."""
    words = [_Spoken(rule, stack) for rule in rules]
    lookout = Lookout(rulebook.finders)
    sorted_out: dict[frozenset[str], tuple[list[_Spoken], dict[str, Tally], Bools]] = {}
    settled: dict[tuple[object, ...], dict[str, Tally]] = {}
    for n, (submission, context, checked) in enumerate(zip(submissions, contexts, done, strict=True)):
        facts = lookout.find(submission.now.words)
        stated = frozenset(facts)
        if stated not in sorted_out:
            asked = [one for one in words if one.needed <= stated]
            unstated = {one.rule.id: one.unstated for one in words if one not in asked}
            sorted_out[stated] = asked, unstated, np.all([one.by_words for one in asked], axis=0)
        asked, unstated, by_words = sorted_out[stated]
        said = _said(facts, submission) if asked and by_words[n] else ()
        if said in settled:
            checked.tallies.update(settled[said])
            continue
        quiet = len(checked.findings)
        told = Checked(checked.findings, {**unstated, **{one.rule.id: Tally() for one in asked}})
        for one in asked:
            one.ask(n, submission, facts, context, told)
        checked.tallies.update(told.tallies)
        if said and len(checked.findings) == quiet:
            settled[said] = told.tallies


def _said(facts: Mapping[str, list[Stated]], submission: Submission) -> tuple[object, ...]:
    """All that a rule over words alone is judged on."""
    said = [
        (name, *[tuple([w.text for w in one.values.values()]) for one in several]) for name, several in facts.items()
    ]
    return (*said, *[value and value[0] for value in submission.properties.values()])


class _Spoken:
    """A rule about statements, asked once for each statement of the finder that wants every one.

    Most submissions say the same (the reporting year), so what was judged over words alone is remembered by the words;
    a check over cells alone is screened like any other. All of it is made when first asked for: in most stacks, most
    rules find nothing stated.
    """

    def __init__(self, rule: Rule, stack: Stack) -> None:
        self.rule = rule
        self.lines = (0,) if rule.scope is None else rule.scope.lines
        self.stack = stack
        needed = [_needed(c) for c in (rule.when, rule.check) if c is not None]
        self.needed = frozenset[str]().union(*needed) - PROPERTIES.keys()
        self.unstated = Tally(unchecked={"not stated": len(self.lines)})

    @cached_property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(n.fact for n in self.rule.nodes if isinstance(n, Fact)))

    @cached_property
    def condition(self) -> _Remembered | None:
        rule = self.rule
        return None if rule.when is None else _Remembered(replace(rule, when=None, check=rule.when))

    @cached_property
    def check(self) -> _Remembered:
        return _Remembered(replace(self.rule, when=None))

    @cached_property
    def cleared(self) -> Bools | None:
        """Lines of each submission that hold beyond doubt; None where that cannot be told from the cells."""
        alone = self.check.rule
        return None if needs_words(alone) else screen(alone, self.stack).cleared

    @cached_property
    def by_words(self) -> Bools:
        """For each submission: does what the rule says depend on its words alone?"""
        height = self.stack.height
        if self.condition is not None and not self.condition.words_alone:
            return np.zeros(height, dtype=bool)
        if self.cleared is not None:
            cleared: Bools = np.all(self.cleared, axis=1)
            return cleared
        return np.full(height, self.check.words_alone, dtype=bool)

    def ask(
        self, n: int, submission: Submission, facts: Mapping[str, list[Stated]], context: Context, done: Checked
    ) -> None:
        for ordinal, stated in enumerate(self._combinations(facts)):
            for i, line in enumerate(self.lines):
                judged = self._judged(n, i, line, submission, stated)
                record(self.rule, line, judged, submission, context, done, self._anchor(stated, ordinal))

    def _judged(self, n: int, i: int, line: int, submission: Submission, stated: Mapping[str, Stated]) -> Judged:
        if self.condition is not None:
            met = self.condition.judge(line, submission, stated)
            if met.outcome == "not checked":
                return met
            if met.outcome == "fail":
                return NOT_ASKED
        if self.cleared is not None and self.cleared[n, i]:
            return PASSED
        return self.check.judge(line, submission, stated)

    def _combinations(self, facts: Mapping[str, list[Stated]]) -> Iterator[dict[str, Stated]]:
        first = {name: facts[name][0] for name in self.facts if name in facts}
        several = next((name for name in first if len(facts[name]) > 1), None)
        if several is None:
            yield first
            return
        for one in facts[several]:
            yield {**first, several: one}

    def _anchor(self, stated: Mapping[str, Stated], ordinal: int) -> str:
        """What names a statement for life: its finder, its role in the text and its turn, never its value."""
        name = next(iter(stated), None)
        if name is None:
            return ""
        anchor = f"{name}@{stated[name].role}"
        return f"{anchor}#{ordinal + 1}" if ordinal else anchor


def _needed(node: Condition) -> frozenset[str]:
    """Facts without which nothing can be said: all of a comparison, any of an ``and``, common ones of an ``or``."""
    if isinstance(node, Logic):
        parts = [_needed(operand) for operand in node.operands]
        return parts[0].intersection(*parts) if node.operator == "or" else parts[0].union(*parts)
    return frozenset(n.fact for n in walk(node) if isinstance(n, Fact))


class _Remembered:
    """A rule whose outcome is remembered by the words it was judged on, when it looks at nothing else."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.words_alone = not any(isinstance(n, Cells) for n in walk(rule.check))
        self.known: dict[tuple[object, ...], Judged] = {}

    def judge(self, line: int, submission: Submission, stated: Mapping[str, Stated]) -> Judged:
        if not self.words_alone:
            return judge(self.rule, line, submission, stated)
        said = [tuple(w.text for w in one.values.values()) for one in stated.values()]
        given = [value and value[0] for value in submission.properties.values()]
        key = (*stated, *said, *given)
        if key in self.known:
            return self.known[key]
        judged = judge(self.rule, line, submission, stated)
        if judged.outcome != "fail" or not judged.terms:
            self.known[key] = judged  # a failure has addresses, which are this submission's own
        return judged
