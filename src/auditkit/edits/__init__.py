"""Rules × stack → findings and tallies. Screened in doubles, judged again exactly where that does not settle it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.edits.facts import Lookout, find_facts, year_of, years_in
from auditkit.edits.findings import record, where
from auditkit.edits.judge import judge
from auditkit.edits.screen import Screened, needs_words, screen, slots_of
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
    screened = [screen(rule, stack) for rule in rules]
    _count_cleared(rules, screened, done)
    for rule, known in zip(rules, screened, strict=True):
        undecided = ~(known.cleared | known.skipped)
        if not undecided.any():
            continue
        lines = (0,) if rule.scope is None else rule.scope.lines
        last_asked = wants_last(rule)
        for n, i in zip(*(a.tolist() for a in np.nonzero(undecided)), strict=True):
            if last_asked and stack.last[n] is None:
                done[n].count(rule.id, NO_LAST_YEAR)
            else:
                judged = judge(rule, lines[i], submissions[n], {})
                record(rule, lines[i], judged, submissions[n], contexts[n], done[n], "")


def _count_cleared(rules: Sequence[Rule], screened: Sequence[Screened], done: Sequence[Checked]) -> None:
    """What holds beyond doubt: most submissions are alike in it, and share their tallies."""
    shared: dict[tuple[int, ...], dict[str, Tally]] = {}
    counts = np.array([known.cleared.sum(axis=1) for known in screened], dtype=np.intp).reshape(-1, len(done))
    for checked, passed in zip(done, map(tuple, counts.T.tolist()), strict=True):
        if passed not in shared:
            together = Checked()
            for rule, n in zip(rules, passed, strict=True):
                together.count(rule.id, Tally(passed=n))
            shared[passed] = together.tallies
        checked.count_all(shared[passed])


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
