"""Every sample against its golden report: clean ones pass, broken ones say exactly what is wrong."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from auditkit.audit import Auditor, auditor, sources
from auditkit.reports import text_report

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
CLEAN = sorted(p for p in (SAMPLES / "clean").rglob("*") if p.is_file())
BROKEN = {entry["file"]: entry for entry in json.loads((SAMPLES / "broken" / "index.json").read_text("utf-8"))}


@cache
def against(last: str) -> Auditor:
    """An auditor with every shipped rulebook and, where there is one, last year's report."""
    return auditor(last=SAMPLES / last if last else None)


@pytest.fixture(scope="module")
def clean() -> dict[Path, object]:
    """One run over all clean samples, as an office would make it."""
    results = against("clean/official").audit(sources(CLEAN))
    return dict(zip(CLEAN, results, strict=True))


@pytest.mark.parametrize("path", CLEAN, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_nothing_is_found_in_a_clean_sample(clean, path: Path) -> None:
    result = clean[path]
    assert [fault.to("en") for fault in result.faults] == []
    assert [(f.rule, f.level, f.arithmetic.zh) for f in result.findings if f.level != "info"] == []
    assert result.verdict == "pass"


def test_what_last_year_carried_out_is_what_this_year_carried_in(clean) -> None:
    """宿迁 2023 → 2024: checked against the file of the year before, in every layout and file type."""
    checked = [r for p, r in clean.items() if p.name.startswith("宿迁市_2024")]
    assert len(checked) >= 8
    for result in checked:
        assert result.last.startswith("宿迁市_2023"), result.file
        assert result.tallies["GK305"].passed == 1
        assert result.tallies["GK310"].passed == 6


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_broken_sample_gives_its_golden_report(name: str, language: str, golden) -> None:
    results = against(BROKEN[name]["last"]).audit(sources([SAMPLES / "broken" / name]))
    text = "\n".join(text_report("full").render(results, language)) + "\n"
    golden(SAMPLES / "broken" / "expected" / f"{name}.{language}.txt", text)


@pytest.mark.parametrize("name", BROKEN)
def test_what_was_planted_is_what_is_found(name: str) -> None:
    entry = BROKEN[name]
    (result,) = against(entry["last"]).audit(sources([SAMPLES / "broken" / name]))
    found = {
        f"{f.rule} {'/'.join(part for part in (f.row, f.column) if part and '@' not in part)}".strip()
        for f in result.findings
    }
    assert set(entry["expect"]) <= found
