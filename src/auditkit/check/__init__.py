"""Rules × stack → findings and tallies. Screened in doubles, judged again exactly where that does not settle it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from auditkit.check.facts import Stated, find_facts, year_of, years_in
from auditkit.check.judge import Judged, judge
from auditkit.check.screen import needs_words, screen, walk
from auditkit.check.values import Submission
from auditkit.model.document import Place
from auditkit.model.finding import Checked, Context, Finding, Tally, key_of
from auditkit.model.rule import Call, Cells, Fact, Rule, Rulebook
from auditkit.model.words import Text
from auditkit.stack import Stack

__all__ = ["Submission", "check", "find_facts", "submission_of", "where", "year_of", "years_in"]


def check(rulebook: Rulebook, stack: Stack, contexts: Sequence[Context]) -> list[Checked]:
    """Ask every rule of every submission of the stack; one ``Checked`` for each, in order."""
    done = [Checked() for _ in stack.filled]
    facts: list[dict[str, list[Stated]]] | None = None
    submissions = [submission_of(rulebook, stack, n, context) for n, context in enumerate(contexts)]
    for rule in rulebook.rules:
        lines = (0,) if rule.scope is None else rule.scope.lines
        if needs_words(rule):
            facts = facts or [find_facts(rulebook.finders, filled.words) for filled in stack.filled]
            for n, submission in enumerate(submissions):
                _ask_words(rule, submission, facts[n], contexts[n], done[n])
            continue
        screened = screen(rule, stack)
        settled = screened.cleared | screened.skipped
        passed = screened.cleared.sum(axis=1)
        wants_last = _wants_last(rule)
        for n in range(len(done)):
            tally = done[n].tallies[rule.id] = Tally(passed=int(passed[n]))
            undecided = np.flatnonzero(~settled[n]).tolist()
            if wants_last and stack.last[n] is None:
                if undecided:
                    tally.unchecked["no last year"] = len(undecided)
                continue
            for i in undecided:
                judged = judge(rule, lines[i], submissions[n], {})
                _record(rule, lines[i], judged, submissions[n], contexts[n], done[n], "")
    return done


def submission_of(rulebook: Rulebook, stack: Stack, n: int, context: Context) -> Submission:
    """What rules may look at in the nth submission of a stack."""
    properties = {"report.year": context.year, "file.year": context.file_year}
    return Submission(stack.form, stack.filled[n], stack.last[n], properties, rulebook.label)


def _wants_last(rule: Rule) -> bool:
    conditions = [c for c in (rule.when, rule.check) if c is not None]
    return any(isinstance(node, Call) and node.function == "last_year" for c in conditions for node in walk(c))


def _ask_words(
    rule: Rule, submission: Submission, facts: Mapping[str, list[Stated]], context: Context, done: Checked
) -> None:
    """Judge a rule about statements: once for each statement of the finder that wants every one."""
    done.tallies.setdefault(rule.id, Tally())
    lines = (0,) if rule.scope is None else rule.scope.lines
    for ordinal, stated in enumerate(_combinations(rule, facts)):
        for line in lines:
            judged = judge(rule, line, submission, stated)
            _record(rule, line, judged, submission, context, done, _anchor(rule, stated, ordinal))


def _combinations(rule: Rule, facts: Mapping[str, list[Stated]]) -> Iterator[dict[str, Stated]]:
    names = _facts_of(rule)
    several = next((name for name in names if len(facts.get(name, ())) > 1), None)
    first = {name: facts[name][0] for name in names if facts.get(name)}
    if several is None:
        yield first
        return
    for one in facts[several]:
        yield {**first, several: one}


def _facts_of(rule: Rule) -> list[str]:
    conditions = [c for c in (rule.when, rule.check) if c is not None]
    return list(dict.fromkeys(n.fact for c in conditions for n in walk(c) if isinstance(n, Fact)))


def _anchor(rule: Rule, stated: Mapping[str, Stated], ordinal: int) -> str:
    """What names a statement for life: its finder, its role in the text and its turn, never its value."""
    names = [name for name in _facts_of(rule) if name in stated]
    if not names:
        return ""
    anchor = f"{names[0]}@{stated[names[0]].role}"
    return f"{anchor}#{ordinal + 1}" if ordinal else anchor


def _record(
    rule: Rule, line: int, judged: Judged, submission: Submission, context: Context, done: Checked, anchor: str
) -> None:
    tally = done.tallies[rule.id]
    match judged.outcome:
        case "not asked":
            pass
        case "pass":
            tally.passed += 1
        case "not checked":
            assert judged.reason is not None
            tally.unchecked[judged.reason] = tally.unchecked.get(judged.reason, 0) + 1
        case "unlikely":
            tally.passed += 1
            done.findings.append(_finding(rule, line, judged, submission, context, anchor, unlikely=True))
        case "fail":
            tally.failed += 1
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


def _quote(submission: Submission, place: Place) -> str:
    if not place.paragraph:
        return ""
    return next((p.text for p in submission.now.document.paragraphs if p.number == place.paragraph), "")


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
