"""One JSON document: a summary for each submission with its findings, ``auditkit.report/1``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from auditkit.model.finding import Result, Suspect
from auditkit.model.words import Language
from auditkit.reports.grouping import repairs
from auditkit.reports.lines import finding_object, place_object, text_object

SCHEMA = "auditkit.report/1"


def render(results: Iterable[Result], language: Language) -> Iterator[str]:  # noqa: ARG001 - both languages are in it
    """An array, one submission a line."""
    yield f'{{"schema": "{SCHEMA}", "submissions": ['
    comma = ""
    for result in results:
        yield comma + json.dumps(summary_object(result), ensure_ascii=False)
        comma = ","
    yield "]}"


def summary_object(result: Result) -> dict[str, Any]:
    """A submission's verdict, counts, suspects, gaps and findings as plain data."""
    return {
        "file": result.file,
        "sha256": result.sha256,
        "unit": {"code": result.unit_code, "name": result.unit},
        "period": result.period,
        "rulebook": f"{result.rulebook}@{result.version}" if result.rulebook else None,
        "last": result.last or None,
        "round": result.round.number,
        "verdict": result.verdict,
        "checks": result.asked,
        "passed": result.passed,
        "hard": result.count("hard"),
        "soft": result.count("soft"),
        "info": result.count("info"),
        "explained": sum(1 for f in result.findings if f.status == "explained"),
        "repairs": repairs(result),
        "unchecked": result.unchecked,
        "rules": {
            code: {
                "passed": t.passed,
                "failed": t.failed,
                "explained": t.explained,
                "errors": t.errors,
                "unchecked": t.unchecked,
            }
            for code, t in result.tallies.items()
        },
        "missing": {table: text_object(reason) for table, reason in result.missing.items()},
        "notes": [text_object(note) for note in result.notes],
        "faults": [
            {"code": fault.code, "message": {"zh": fault.to("zh"), "en": fault.to("en")}} for fault in result.faults
        ],
        "suspects": [_suspect_object(suspect) for suspect in result.suspects],
        "findings": [finding_object(finding, result) for finding in result.findings],
        "repaired": [finding_object(finding, result) for finding in result.round.repaired],
        "unsure": [finding_object(finding, result) for finding in result.round.unsure],
    }


def _suspect_object(suspect: Suspect) -> dict[str, Any]:
    alternatives = zip(suspect.places, suspect.names, suspect.current, suspect.proposed, strict=True)
    return {
        "cells": [
            {**place_object(place), "name": text_object(name), "from": current, "to": proposed or None}
            for place, name, current, proposed in alternatives
        ],
        "clears": list(suspect.clears),
        "slip": suspect.slip_kind or None,
        "words": None if suspect.slip is None else text_object(suspect.slip),
        "confidence": f"{suspect.confidence:.2f}",
        "because": [text_object(reason) for reason in suspect.because],
    }
