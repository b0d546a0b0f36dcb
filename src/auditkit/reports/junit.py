"""JUnit XML: a submission is a test suite and a rule a test case; valid for Jenkins' schema and for Ant's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from auditkit.model.finding import Finding, Result, Tally
from auditkit.model.words import LEVEL_NAMES, Language, Text
from auditkit.reports import progress
from auditkit.reports.asked import why_not
from auditkit.reports.escaping import legal

NO_CLOCK = "1970-01-01T00:00:00"
"""Ant's schema asks for a time; a result has none, so that the same input gives the same bytes."""


@dataclass(frozen=True)
class Case:
    """One test case: passed when nothing else is said."""

    name: str
    kind: str = ""
    """``failure``, ``error`` or ``skipped``."""
    type: str = ""
    message: str = ""
    text: str = ""


def render(results: Iterable[Result], language: Language) -> Iterator[str]:
    """Line by line. Must-fix findings fail their rule's case; the others stand in the suite's output."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<testsuites>"
    for number, result in enumerate(results):
        yield from _suite(result, number, language)
    yield "</testsuites>"


def _suite(result: Result, number: int, language: Language) -> Iterator[str]:
    cases = list(_cases(result, language))
    counted = {kind: sum(case.kind == kind for case in cases) for kind in ("failure", "error", "skipped")}
    attributes = {
        "name": result.file or "-",
        "package": result.unit_code or result.unit or "-",
        "id": str(number),
        "timestamp": NO_CLOCK,
        "hostname": "localhost",
        "tests": str(len(cases)),
        "failures": str(counted["failure"]),
        "errors": str(counted["error"]),
        "skipped": str(counted["skipped"]),
        "time": "0",
    }
    yield f"<testsuite{_attributes(attributes)}>"
    yield "<properties>"
    facts = {"unit": result.unit, "period": result.period, "rulebook": result.rulebook, "sha256": result.sha256}
    for name, value in {**facts, "verdict": result.verdict}.items():
        yield f"<property{_attributes({'name': name, 'value': value})}/>"
    yield "</properties>"
    for case in cases:
        yield from _case(case, result)
    said = [_said(f, result, language) for f in (*result.findings, *result.round.repaired) if not _fails(f, result)]
    yield f"<system-out>{escape(legal(chr(10).join(said)))}</system-out>"
    yield "<system-err></system-err>"
    yield "</testsuite>"


def _cases(result: Result, language: Language) -> Iterator[Case]:
    for fault in result.faults:
        yield Case(fault.code, "error", "fault", fault.message.to(language), fault.to(language))
    failing: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if _fails(finding, result):
            failing.setdefault(finding.rule, []).append(finding)
    for code in dict.fromkeys((*result.tallies, *failing)):
        text = "\n".join(_said(finding, result, language) for finding in failing.get(code, []))
        yield _rule(code, result.tallies.get(code, Tally()), failing.get(code, []), text, language)


def _rule(code: str, tally: Tally, failing: list[Finding], text: str, language: Language) -> Case:
    if failing:
        return Case(code, "failure", failing[0].level, failing[0].message.to(language), text)
    if tally.errors:
        broke = Text("规则出错，未作判断", "the rule broke; nothing was judged")
        return Case(code, "error", "rule", broke.to(language), broke.to(language))
    if tally.unchecked and not tally.passed and not tally.explained and not tally.failed:
        return Case(code, "skipped", "not checked", why_not(tally).to(language))
    return Case(code)


def _case(case: Case, result: Result) -> Iterator[str]:
    attributes = {"name": case.name, "classname": result.file or "-", "time": "0"}
    if not case.kind:
        yield f"<testcase{_attributes(attributes)}/>"
        return
    why = _attributes({"type": case.type, "message": case.message})
    yield f"<testcase{_attributes(attributes)}><{case.kind}{why}>{escape(legal(case.text))}</{case.kind}></testcase>"


def _fails(finding: Finding, result: Result) -> bool:
    return finding.level == "hard" and finding.status == "fail" and finding not in result.round.repaired


def _said(finding: Finding, result: Result, language: Language) -> str:
    level = LEVEL_NAMES[finding.level].to(language)
    where, said = finding.place.to(language), finding.message.to(language)
    since = progress.mark(finding, result).to(language)
    return f"{where} {finding.rule} {level} {since}{said} {finding.arithmetic.to(language)} [{finding.key}]"


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(legal(value))}" for name, value in values.items())
