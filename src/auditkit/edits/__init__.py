"""Rules × stack → findings and tallies. Screened in doubles, judged again exactly where that does not settle it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.edits.facts import Lookout, find_facts, year_of, years_in
from auditkit.edits.findings import record, where
from auditkit.edits.judge import judge
from auditkit.edits.screen import needs_words, screen, slots_of
from auditkit.edits.spoken import ask_words
from auditkit.edits.submission import Submission
from auditkit.model.expression import Call, walk
from auditkit.model.finding import Checked, Context, Tally
from auditkit.model.rule import Rule, Rulebook
from auditkit.stack import Bools, Stack

__all__ = [
    "Lookout",
    "Submission",
    "check",
    "find_facts",
    "rolls_up",
    "slots_of",
    "submission_of",
    "walk",
    "wants_last",
    "where",
    "year_of",
    "years_in",
]


def check(rulebook: Rulebook, stack: Stack, contexts: Sequence[Context]) -> list[Checked]:
    """Ask every rule of every submission of the stack; one ``Checked`` for each, in order.

    Rules over ``children(x)`` are asked where the stack has the subordinate units' submissions, and there alone.
    """
    done = [Checked() for _ in stack.filled]
    submissions = [submission_of(rulebook, stack, n, context) for n, context in enumerate(contexts)]
    asked = [rule for rule in rulebook.rules if rolls_up(rule) is bool(stack.children)]
    spoken = [rule for rule in asked if needs_words(rule)]
    _ask_cells([rule for rule in asked if not needs_words(rule)], stack, submissions, contexts, done)
    if spoken:
        ask_words(spoken, rulebook, stack, submissions, contexts, done)
    return done


def _ask_cells(
    rules: Sequence[Rule],
    stack: Stack,
    submissions: Sequence[Submission],
    contexts: Sequence[Context],
    done: Sequence[Checked],
) -> None:
    """Screen the whole stack; judge what is left, one line of one submission at a time."""
    no_last = np.array([last is None for last in stack.last], dtype=bool)
    passed: list[Bools] = []
    unasked: list[Bools] = []
    undecided: list[Bools] = []
    for rule in rules:
        known = screen(rule, stack)
        left = ~(known.cleared | known.skipped)
        lost = left & no_last[:, np.newaxis] if wants_last(rule) else np.zeros_like(left)
        passed.append(known.cleared)
        unasked.append(lost)
        undecided.append(left & ~lost)
    _count(rules, passed, unasked, done)
    for rule, left in zip(rules, undecided, strict=True):
        if left.any():
            lines = (0,) if rule.scope is None else rule.scope.lines
            for n, i in zip(*(a.tolist() for a in np.nonzero(left)), strict=True):
                judged = judge(rule, lines[i], submissions[n], {})
                record(rule, lines[i], judged, submissions[n], contexts[n], done[n], "")


def _count(rules: Sequence[Rule], passed: Sequence[Bools], unasked: Sequence[Bools], done: Sequence[Checked]) -> None:
    """What holds beyond doubt, and what nobody can ask without last year; most submissions are alike in it."""
    counts = np.array([lines.sum(axis=1) for lines in (*passed, *unasked)], dtype=np.intp).reshape(-1, len(done))
    shared: dict[tuple[int, ...], dict[str, Tally]] = {}
    for checked, told in zip(done, map(tuple, counts.T.tolist()), strict=True):
        if told not in shared:
            together = Checked()
            for rule, n, lost in zip(rules, told[: len(rules)], told[len(rules) :], strict=True):
                together.count(rule.id, Tally(passed=n, unchecked={"no last year": lost} if lost else {}))
            shared[told] = together.tallies
        checked.count_all(shared[told])


def submission_of(rulebook: Rulebook, stack: Stack, n: int, context: Context) -> Submission:
    """What rules may look at in the nth submission of a stack."""
    properties = {"report.year": context.year, "file.year": context.file_year}
    children = stack.children[n] if stack.children else ()
    return Submission(stack.form, stack.filled[n], stack.last[n], properties, rulebook.label, children)


def rolls_up(rule: Rule) -> bool:
    """Does the rule speak of the subordinate units?"""
    return any(isinstance(node, Call) and node.function == "children" for node in rule.nodes)


def wants_last(rule: Rule) -> bool:
    """Does the rule speak of last year's report?"""
    return any(isinstance(node, Call) and node.function == "last_year" for node in rule.nodes)
