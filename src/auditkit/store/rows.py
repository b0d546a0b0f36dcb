"""A result as rows of the store, and the same result from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from auditkit.model.finding import Finding, Result, Suspect, Tallies, Tally
from auditkit.store.plain import dump, load, load_fields

RESULT = (
    "key", "sha256", "file", "rulebook", "version", "unit", "unit_code", "period", "verdict",
    "hard", "soft", "info", "asked", "passed", "tallies", "told", "suspects",
)  # fmt: skip
FINDING = (
    "result", "number", "rule", "level", "status", "key", "sheet", "cell", "message", "arithmetic", "whole",
)  # fmt: skip

Row = tuple[str | int, ...]


def result_rows(results: Iterable[tuple[str, Result]]) -> list[Row]:
    """Values of ``RESULT`` and the figures: plain columns for whoever asks by SQL, JSON for the rest."""
    written: dict[int, tuple[str, int, int]] = {}
    return [_row(key, result, written) for key, result in results]


def _row(key: str, result: Result, written: dict[int, tuple[str, int, int]]) -> Row:
    """``written``: by identity, tallies that several results share."""
    if (shared := written.get(id(result.tallies))) is None:
        shared = written[id(result.tallies)] = dump(result.tallies), result.asked, result.passed
    tallies, asked, passed = shared
    return (
        key, result.sha256, result.file, result.rulebook, result.version, result.unit, result.unit_code, result.period,
        result.verdict, result.count("hard"), result.count("soft"), result.count("info"), asked, passed,
        tallies, dump(_told(result)), dump(result.suspects), result.figures,
    )  # fmt: skip


def finding_rows(key: str, result: Result) -> list[Row]:
    """Values of ``FINDING``, one row a finding in the result's order."""
    return [
        (
            key, n, one.rule, one.level, one.status, one.key, one.place.sheet, one.place.address,
            one.message.zh, one.arithmetic.zh, dump(one),
        )
        for n, one in enumerate(result.findings)
    ]  # fmt: skip


def result_of(row: Sequence[str | int], findings: Sequence[str]) -> Result:
    """The result of one row and the ``whole`` of its findings, without rules, document and source."""
    kept: dict[str, Any] = dict(zip(RESULT, row, strict=True))
    fields = load_fields(Result, kept["told"])
    fields |= {name: kept[name] for name in ("sha256", "file", "unit", "unit_code", "period")}
    fields["tallies"] = _tallies(kept["tallies"])
    fields["findings"] = tuple(load(Finding, one) for one in findings)
    if kept["suspects"] != "[]":
        fields["suspects"] = load(tuple[Suspect, ...], kept["suspects"])
    return Result(**fields)


def _told(result: Result) -> Result:
    """What has no column of its own."""
    return replace(
        result,
        sha256="", file="", unit="", unit_code="", period="", findings=(), tallies={}, suspects=(), rules=(),
        document=None, source=None,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _tallies(text: str) -> Tallies:
    """Submissions without findings have the same tallies by the thousand; they are read once and shared."""
    return Tallies(load(Mapping[str, Tally], text))
