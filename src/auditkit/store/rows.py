"""A result as rows of the store, and the same result from its rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, NamedTuple

from auditkit.model.finding import Finding, Result, Suspect, Tallies, Tally
from auditkit.store.plain import dump, load, load_fields

RESULT = (
    "key", "base", "sha256", "file", "rulebook", "version", "unit", "unit_code", "period", "last", "last_sha256",
    "verdict", "reason", "found", "hard", "soft", "info", "asked", "passed", "tallies", "told", "suspects",
)  # fmt: skip
FINDING = (
    "result", "number", "rule", "level", "status", "key", "sheet", "cell", "message", "arithmetic", "whole",
)  # fmt: skip
PLAIN = ("sha256", "file", "rulebook", "version", "unit", "unit_code", "period", "last", "last_sha256")
"""Fields of a result that have a column of their own, under the same name."""

Row = tuple[str | int, ...]
Wholes = Mapping[str, str]
"""Hash → the text that many results share, kept once."""


class Brief(NamedTuple):
    """What a run needs to know of a result to enter it, without reading it whole."""

    key: str
    base: str
    """What it is kept under whatever was known of last year; empty where it holds in one run only."""
    sha256: str
    file: str
    rulebook: str
    unit: str
    unit_code: str
    period: str
    last_sha256: str
    verdict: str
    reason: str
    """Code of the fault, ``unknown-form``, or empty."""


BRIEF = Brief._fields
_OF_ROW = tuple(RESULT.index(name) for name in BRIEF)


class Kept(NamedTuple):
    """A result as it is written: made where it was checked, so that whoever writes only passes it on."""

    row: Row
    """Values of ``RESULT``."""
    findings: tuple[Row, ...]
    """Values of ``FINDING``, one row a finding in the result's order."""
    figures: str
    wholes: tuple[tuple[str, str], ...]

    @property
    def brief(self) -> Brief:
        return Brief._make(self.row[at] for at in _OF_ROW)


class Writer:
    """Makes rows of results; what several of them share is written once."""

    def __init__(self) -> None:
        self._shared: dict[int, tuple[Mapping[str, Tally], tuple[str, str], int, int]] = {}

    def kept(self, key: str, result: Result, base: str = "") -> Kept:
        """Plain columns for whoever asks by SQL, JSON for the rest."""
        tallies, asked, passed = self._tallies(result)
        told = _whole(_told(result))
        row = (
            key, base, *(getattr(result, name) for name in PLAIN), result.verdict, _reason(result),
            len(result.findings), result.count("hard"), result.count("soft"), result.count("info"), asked, passed,
            tallies[0], told[0], dump(result.suspects) if result.suspects else "[]",
        )  # fmt: skip
        return Kept(row, tuple(_findings(key, result)), result.figures, (tallies, told))

    def _tallies(self, result: Result) -> tuple[tuple[str, str], int, int]:
        if (known := self._shared.get(id(result.tallies))) is None:
            told = _whole(dump(result.tallies)), result.asked, result.passed
            known = self._shared[id(result.tallies)] = result.tallies, *told  # alive: no other has its identity
        return known[1:]


def _whole(text: str) -> tuple[str, str]:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32], text


def _reason(result: Result) -> str:
    return result.faults[0].code if result.faults else "" if result.rulebook else "unknown-form"


def _findings(key: str, result: Result) -> Iterable[Row]:
    return (
        (
            key, n, one.rule, one.level, one.status, one.key, one.place.sheet, one.place.address,
            one.message.zh, one.arithmetic.zh, dump(one),
        )
        for n, one in enumerate(result.findings)
    )  # fmt: skip


_OWN = {*PLAIN, "findings", "tallies", "suspects", "rules"}
_REST = tuple(field.name for field in fields(Result) if field.compare and field.name not in _OWN)
"""Fields that have no column of their own."""
_EMPTY = Result("", "")


def _told(result: Result) -> str:
    """JSON of the rest; most results say the very same."""
    rest = {name: held for name in _REST if (held := getattr(result, name)) != getattr(_EMPTY, name)}
    return f"{{{','.join(f'{json.dumps(name)}:{dump(held)}' for name, held in rest.items())}}}"


def results_of(
    rows: Sequence[Sequence[Any]], findings: Mapping[str, Sequence[str]], whole: Callable[[str], str]
) -> dict[str, Result]:
    """Results by key, of rows of ``RESULT`` and the ``whole`` of their findings, without document and source."""
    return {row[0]: _result(row, findings.get(row[0], ()), whole) for row in rows}


_AT = {name: RESULT.index(name) for name in RESULT}
_PLAIN_AT = tuple((name, _AT[name]) for name in PLAIN)


def _result(row: Sequence[Any], findings: Sequence[str], whole: Callable[[str], str]) -> Result:
    made: dict[str, Any] = {**_rest(_text(row[_AT["told"]], whole))}
    made |= {name: row[at] for name, at in _PLAIN_AT if row[at]}
    made["tallies"] = _read_tallies(_text(row[_AT["tallies"]], whole))
    if findings:
        made["findings"] = tuple(load(Finding, one) for one in findings)
    if (suspects := row[_AT["suspects"]]) != "[]":
        made["suspects"] = load(tuple[Suspect, ...], suspects)
    return Result(**{"file": "", "sha256": "", **made})


def _text(kept: str, whole: Callable[[str], str]) -> str:
    """Older rows hold the text itself."""
    return kept if kept.startswith("{") else whole(kept)


@lru_cache(maxsize=4096)
def _rest(text: str) -> dict[str, Any]:
    return load_fields(Result, text)


@lru_cache(maxsize=4096)
def _read_tallies(text: str) -> Tallies:
    """Submissions without findings have the same tallies by the thousand; they are read once and shared."""
    return Tallies(load(Mapping[str, Tally], text))
