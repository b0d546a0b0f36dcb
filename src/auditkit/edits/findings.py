"""What was judged becomes tallies and findings, with the place, the arithmetic and the words of the rule."""

from __future__ import annotations

import hashlib

from auditkit.edits.judge import Judged
from auditkit.edits.submission import Submission
from auditkit.model.document import Place
from auditkit.model.expression import Cells, walk
from auditkit.model.finding import Checked, Context, Finding, Tally, key_of
from auditkit.model.rule import Rule
from auditkit.model.words import Text

PASS, FAIL = Tally(passed=1), Tally(failed=1)


def record(
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
