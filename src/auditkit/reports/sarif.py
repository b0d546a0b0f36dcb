"""SARIF 2.1.0: sheet rows are lines and columns are columns; the cell's own name is the logical location."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from auditkit import __version__
from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, RuleNote, Status
from auditkit.model.words import Language, Level
from auditkit.reports import progress
from auditkit.reports.asked import every_rule, is_known, why_not

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: dict[Level, str] = {"hard": "error", "soft": "warning", "info": "note"}
KINDS: dict[Status, str] = {"fail": "fail", "explained": "fail", "not checked": "open", "error": "review"}


def render(results: Iterable[Result], language: Language) -> Iterator[str]:
    """One run, result by result; what is known only at the end (rules, faults) stands after them."""
    rules: dict[str, RuleNote] = {}
    said: list[dict[str, Any]] = []
    successful = True
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"columnKind": "unicodeCodePoints", "results": ['
    comma = ""
    for result in results:
        for rule in every_rule(result):
            rules.setdefault(rule.id, rule)
        places = {code: n for n, code in enumerate(rules)}
        said += _notifications(result, language)
        successful &= not result.faults and not any(t.errors for t in result.tallies.values())
        for finding in (*result.findings, *result.round.repaired):
            one = _result(finding, result, places.get(finding.rule, -1), language)
            yield comma + json.dumps(one, ensure_ascii=False)
            comma = ","
    driver = {
        "name": "auditkit",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule, language) for rule in rules.values()],
    }
    invocation = {"executionSuccessful": successful, "toolExecutionNotifications": said}
    yield f'], "tool": {json.dumps({"driver": driver}, ensure_ascii=False)},'
    yield f'"invocations": [{json.dumps(invocation, ensure_ascii=False)}]}}]}}'


def _result(finding: Finding, result: Result, index: int, language: Language) -> dict[str, Any]:
    text = " ".join(part for part in (finding.message.to(language), finding.arithmetic.to(language)) if part)
    others = [term for term in finding.terms if term.place is not None and term.place != finding.place]
    gone = finding in result.round.repaired
    kind = "pass" if gone else KINDS[finding.status]
    since = {} if result.round.number == 1 else {"baselineState": _since(finding, result)}
    accepted = {"suppressions": [{"kind": "external", "status": "accepted"}]} if finding.status == "explained" else {}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": kind,
        "level": LEVELS[finding.level] if kind == "fail" else "none",
        "message": {"text": text},
        "locations": [_location(finding.place, result, finding.quote)],
        "relatedLocations": [
            {**_location(term.place, result), "id": n, "message": {"text": f"{term.name.to(language)} {term.value}"}}
            for n, term in enumerate(others, 1)
            if term.place is not None
        ],
        "partialFingerprints": {"auditkitKey/v1": finding.key, "auditkitValues/v1": finding.values},
        "properties": {
            "unit": result.unit,
            "period": result.period,
            "status": finding.status,
            "state": progress.state(finding, result).en,
        },
        **since,
        **accepted,
    }


def _since(finding: Finding, result: Result) -> str:
    """Against the round before, in the standard's words."""
    if finding in result.round.repaired:
        return "absent"
    state = result.round.state(finding.key)
    return {"new": "new", "lapsed": "updated"}.get(state, "unchanged")


def _location(place: Place, result: Result, text: str = "") -> dict[str, Any]:
    own = result.document is not None and place.file == result.document.name
    where: dict[str, Any] = {"artifactLocation": {"uri": quote(result.file if own else place.file)}}
    if place.row >= 0:
        where["region"] = {"startLine": place.row + 1, "startColumn": place.column + 1}
    elif place.paragraph:
        span = {"startColumn": place.start + 1, "endColumn": place.end + 1} if place.end > place.start else {}
        snippet = {"snippet": {"text": text}} if text else {}
        where["region"] = {"startLine": place.paragraph, **span, **snippet}
    name = {"fullyQualifiedName": place.to("zh"), "kind": "member" if place.row >= 0 else "element"}
    return {"physicalLocation": where, "logicalLocations": [name]}


def _rule(rule: RuleNote, language: Language) -> dict[str, Any]:
    said = {
        "name": rule.name.to(language),
        "shortDescription": rule.message.to(language),
        "fullDescription": rule.spoken.to(language),
        "help": rule.repair.to(language) if rule.repair is not None else "",
    }
    texts = {key: text if key == "name" else {"text": text} for key, text in said.items() if text}
    level = {"defaultConfiguration": {"level": LEVELS[rule.level]}} if is_known(rule) else {}
    return {"id": rule.id, **texts, **level}


def _notifications(result: Result, language: Language) -> Iterator[dict[str, Any]]:
    """Faults, broken rules and what was not checked: statements about the run, never results."""
    where = {"locations": [{"physicalLocation": {"artifactLocation": {"uri": quote(result.file)}}}]}
    for fault in result.faults:
        yield {"level": "error", "descriptor": {"id": fault.code}, "message": {"text": fault.to(language)}, **where}
    for table, why in result.missing.items():
        yield {"level": "warning", "message": {"text": f"{table} {why.to(language)}"}, **where}
    for code, tally in result.tallies.items():
        if tally.errors:
            text = f"{code} {progress.STATUSES['error'].to(language)} {tally.errors}"
            yield {"level": "error", "associatedRule": {"id": code}, "message": {"text": text}, **where}
        if tally.unchecked:
            text = f"{progress.STATUSES['not checked'].to(language)}: {why_not(tally).to(language)}"
            yield {"level": "note", "associatedRule": {"id": code}, "message": {"text": text}, **where}
