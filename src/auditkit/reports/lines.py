"""JSON lines: one line a finding, ``auditkit.finding/1``. The contract for pipelines; numbers are strings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, Suspect, Term
from auditkit.model.words import Language, Text

SCHEMA = "auditkit.finding/1"


def render(results: Iterable[Result], language: Language) -> Iterator[str]:  # noqa: ARG001 - both languages are in each line
    """One JSON object a finding, in the order of the results."""
    for result in results:
        for finding in result.findings:
            yield json.dumps(finding_object(finding, result), ensure_ascii=False)


def finding_object(finding: Finding, result: Result) -> dict[str, Any]:
    """The finding as plain data, field by field as published."""
    return {
        "schema": SCHEMA,
        "run": "",
        "unit": {"code": result.unit_code, "name": result.unit},
        "period": result.period,
        "rulebook": f"{result.rulebook}@{result.version}",
        "rule": finding.rule,
        "name": finding.name,
        "level": finding.level,
        "status": finding.status,
        "round": result.round.number,
        "state": result.round.state(finding.key),
        "key": finding.key,
        "values": finding.values,
        "where": {
            "file": result.file,
            **place_object(finding.place),
            "table": finding.table or None,
            "row": finding.row or None,
            "column": finding.column or None,
        },
        "cells": [_term_object(term, result) for term in finding.terms],
        "left": _number(finding.left),
        "right": _number(finding.right),
        "off": _number(finding.off),
        "allowed": _number(finding.allowed),
        "likely": _likely(finding, result.suspects),
        "message": text_object(finding.message),
        "arithmetic": text_object(finding.arithmetic),
        "hint": None if finding.hint is None else text_object(finding.hint),
        "quote": finding.quote or None,
    }


def text_object(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def place_object(place: Place) -> dict[str, Any]:
    """Sheet and cell, or paragraph, sentence and span."""
    where: dict[str, Any] = {"sheet": place.sheet or None, "cell": place.address or None}
    if place.paragraph:
        where |= {"paragraph": place.paragraph, "sentence": place.sentence, "span": [place.start, place.end]}
    return where


def _term_object(term: Term, result: Result) -> dict[str, Any]:
    where = place_object(term.place) if term.place is not None else {"sheet": None, "cell": None}
    other = {"file": term.place.file} if term.place is not None and term.place.file != result.file else {}
    return {**other, **where, "name": term.name.zh, "value": term.value, "ref": term.ref}


def _likely(finding: Finding, suspects: tuple[Suspect, ...]) -> dict[str, Any] | None:
    """The suspected cell that would clear this finding, when there is one and only one."""
    for suspect in suspects:
        if finding.key in suspect.clears and len(suspect.places) == 1:
            place = suspect.places[0]
            return {
                **place_object(place),
                "from": suspect.current[0],
                "to": suspect.proposed[0] or None,
                "clears": len(suspect.clears),
            }
    return None


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
