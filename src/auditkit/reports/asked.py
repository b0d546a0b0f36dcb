"""The rules that were asked, in words, and why some checks of theirs could not be made."""

from __future__ import annotations

from dataclasses import replace

from auditkit.model.finding import Finding, Result, RuleNote, Tally
from auditkit.model.words import EMPTY, Text
from auditkit.reports.wording import REASONS


def every_rule(result: Result) -> tuple[RuleNote, ...]:
    """The rules as the report knows them; a code that was only counted gets the words of its findings."""
    known = {rule.id: rule for rule in result.rules}
    first: dict[str, Finding] = {}
    for finding in result.findings:
        first.setdefault(finding.rule, finding)
    codes = dict.fromkeys((*known, *result.tallies, *first))
    return tuple(known.get(code) or _bare(code, first.get(code)) for code in codes)


def telling_first(result: Result) -> tuple[tuple[RuleNote, ...], int]:
    """Every rule, those that found something or broke first; and how many these are."""
    rules = every_rule(result)
    found = {finding.rule for finding in (*result.findings, *result.round.repaired, *result.round.unsure)}
    found |= {code for code, tally in result.tallies.items() if tally.errors}
    first = tuple(rule for rule in rules if rule.id in found)
    return (*first, *(rule for rule in rules if rule.id not in found)), len(first)


def is_known(rule: RuleNote) -> bool:
    """Whether the words and the level are the rule's own, or a finding's; a code that was only counted has neither."""
    return bool(rule.message.zh or rule.name.zh)


def _bare(code: str, finding: Finding | None) -> RuleNote:
    note = RuleNote(code, EMPTY, "hard", EMPTY, EMPTY, "")
    if finding is None:
        return note
    return replace(note, name=Text(finding.name, finding.name), level=finding.level, message=finding.message)


def why_not(tally: Tally) -> Text:
    """Reasons of what was not checked, each with its number."""
    zh = "；".join(f"{REASONS[r].zh} {n}" for r, n in tally.unchecked.items())
    return Text(zh, "; ".join(f"{REASONS[r].en}: {n}" for r, n in tally.unchecked.items()))
