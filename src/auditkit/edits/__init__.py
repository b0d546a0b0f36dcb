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
from auditkit.stack import Stack

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
    spoken = []
    for rule in asked:
        if needs_words(rule):
            spoken.append(rule)
        else:
            _ask_cells(rule, stack, submissions, contexts, done)
    if spoken:
        ask_words(spoken, rulebook, stack, submissions, contexts, done)
    return done


def _ask_cells(
    rule: Rule, stack: Stack, submissions: Sequence[Submission], contexts: Sequence[Context], done: Sequence[Checked]
) -> None:
    """Screen the whole stack; judge what is left, one line of one submission at a time."""
    lines = (0,) if rule.scope is None else rule.scope.lines
    screened = screen(rule, stack)
    undecided = ~(screened.cleared | screened.skipped)
    settled = [Tally(passed=n) for n in range(len(lines) + 1)]  # most submissions share them
    for checked, passed in zip(done, screened.cleared.sum(axis=1).tolist(), strict=True):
        checked.count(rule.id, settled[passed])
    last_asked = wants_last(rule)
    for n, i in zip(*(a.tolist() for a in np.nonzero(undecided)), strict=True):
        if last_asked and stack.last[n] is None:
            done[n].count(rule.id, NO_LAST_YEAR)
        else:
            judged = judge(rule, lines[i], submissions[n], {})
            record(rule, lines[i], judged, submissions[n], contexts[n], done[n], "")


NO_LAST_YEAR = Tally(unchecked={"no last year": 1})


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
