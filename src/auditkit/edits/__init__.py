"""Rules × stack → findings and tallies. Screened in doubles, judged again exactly where that does not settle it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from auditkit.edits.facts import Lookout, Stated, find_facts, year_of, years_in
from auditkit.edits.judge import NOT_ASKED, PASSED, Judged, judge
from auditkit.edits.screen import needs_words, screen, slots_of
from auditkit.edits.submission import Submission
from auditkit.language import PROPERTIES
from auditkit.model.document import Place
from auditkit.model.expression import Call, Cells, Condition, Fact, Logic, walk
from auditkit.model.finding import Checked, Context, Finding, Tally, key_of
from auditkit.model.rule import Rule, Rulebook
from auditkit.model.words import Text
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
    spoken = []
    for rule in asked:
        if needs_words(rule):
            spoken.append(rule)
        else:
            _ask_cells(rule, stack, submissions, contexts, done)
    if spoken:
        _ask_words(spoken, rulebook, stack, submissions, contexts, done)
    return done


def _ask_words(
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
            _record(rule, lines[i], judged, submissions[n], contexts[n], done[n], "")


PASS, FAIL = Tally(passed=1), Tally(failed=1)
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


class _Spoken:
    """A rule about statements, asked once for each statement of the finder that wants every one.

    Most submissions say the same (the reporting year), so what was judged over words alone is remembered by the words;
    a check over cells alone is screened like any other.
    """

    def __init__(self, rule: Rule, stack: Stack) -> None:
        self.rule = rule
        self.lines = (0,) if rule.scope is None else rule.scope.lines
        self.facts = tuple(dict.fromkeys(n.fact for n in rule.nodes if isinstance(n, Fact)))
        needed = [_needed(c) for c in (rule.when, rule.check) if c is not None]
        self.needed = frozenset[str]().union(*needed) - PROPERTIES.keys()
        self.condition = None if rule.when is None else _Remembered(replace(rule, when=None, check=rule.when))
        self.check = _Remembered(replace(rule, when=None))
        alone = replace(rule, when=None)
        self.cleared = None if needs_words(alone) else screen(alone, stack).cleared
        self.by_words = self._by_words(stack.height)
        self.unstated = Tally(unchecked={"not stated": len(self.lines)})

    def _by_words(self, height: int) -> Bools:
        """For each submission: does what the rule says depend on its words alone?"""
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
                _record(self.rule, line, judged, submission, context, done, self._anchor(stated, ordinal))

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


def _record(
    rule: Rule, line: int, judged: Judged, submission: Submission, context: Context, done: Checked, anchor: str
) -> None:
    match judged.outcome:
        case "not asked":
            pass
        case "pass":
            done.count(rule.id, PASS)
        case "not checked":
            assert judged.reason is not None
            done.count(rule.id, Tally(unchecked={judged.reason: 1}))
        case "unlikely":
            done.count(rule.id, PASS)
            done.findings.append(_finding(rule, line, judged, submission, context, anchor, unlikely=True))
        case "fail":
            done.count(rule.id, FAIL)
            done.findings.append(_finding(rule, line, judged, submission, context, anchor, unlikely=False))


UNLIKELY = Text("只有舍入误差大得少见才能成立，请核对。", "Holds only if rounding was unusually large. Please check.")


def _finding(
    rule: Rule, line: int, judged: Judged, submission: Submission, context: Context, anchor: str, *, unlikely: bool
) -> Finding:
    table, row, column = where(rule, line, submission)
    if anchor:
        row = anchor
    values = "\x1f".join(f"{term.ref}={term.value}" for term in judged.terms)
    place = next((term.place for term in judged.terms if term.place is not None), Place(submission.now.document.name))
    message = Text(rule.message.zh + UNLIKELY.zh, f"{rule.message.en} {UNLIKELY.en}") if unlikely else rule.message
    if (record := _record_of(table, row, submission)) is not None:
        message = Text(f"{record.zh}：{message.zh}", f"{record.en}: {message.en}")
    return Finding(
        rule=rule.id,
        name=rule.name.en,
        level="info" if unlikely else rule.level,
        status="fail",
        key=key_of(submission.form.id, rule.id, context.unit, context.period, table, row, column),
        values=hashlib.sha256(values.encode()).hexdigest()[:10],
        message=message,
        arithmetic=judged.arithmetic,
        place=place,
        table=table,
        row=row,
        column=column,
        terms=judged.terms,
        left=judged.left,
        right=judged.right,
        allowed=judged.allowed,
        hint=judged.hint,
        quote=_quote(submission, place),
    )


def _record_of(table: str, row: str, submission: Submission) -> Text | None:
    """Whose row it is in a list, where the columns alone do not tell."""
    declared = submission.form.tables.get(table)
    at = declared.rows.index.get(row) if declared is not None and declared.records is not None else None
    if declared is None or at is None:
        return None
    line = declared.rows.lines[at]
    return submission.label(line.record) if line.labels else Text(line.record, line.record)


def _quote(submission: Submission, place: Place) -> str:
    """The paragraph a finding points into; it may stand in another file of the same report."""
    if not place.paragraph:
        return ""
    words = submission.now.words
    return next((w.text for w in words if w.place.paragraph == place.paragraph and w.place.file == place.file), "")


def where(rule: Rule, line: int, submission: Submission) -> tuple[str, str, str]:
    """Table, row and column in the form's short names; empty where the rule is about more than one."""
    if rule.scope is not None:
        table = submission.form.tables[rule.scope.table]
        if rule.scope.each == "row":
            return table.id, table.rows.lines[line].name, ""
        if rule.scope.each == "column":
            return table.id, "", table.columns.lines[line].name
        row, column = divmod(line, len(table.columns.lines))
        return table.id, table.rows.lines[row].name, table.columns.lines[column].name
    first = next((n for n in walk(rule.check) if isinstance(n, Cells)), None)
    return (first.table if first is not None else "", "", "")
