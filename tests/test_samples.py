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
    if entry["expect"] is None:  # in the words: test_the_report_it_all_began_with says what
        return
    assert set(entry["expect"]) <= found


def test_the_report_it_all_began_with() -> None:
    """漂河镇 2018: what a careful reader finds, and nothing else at level hard; 27 of 30 = 90% is right."""
    (result,) = against("").audit(sources([SAMPLES / "broken" / "漂河镇_2018.txt"]))
    found = [(f.level, f.rule, f.arithmetic.zh) for f in result.findings]
    assert found == [
        ("hard", "PR201", "引言写2017年，标题为2018年"),
        ("hard", "PR302", "称7部分，正文有8个一级标题"),
        (
            "soft",
            "PR303",
            (
                "列出而正文没有：收费和减免情况；"
                "正文有而未列出：回应解读情况、机构建设、保障经费和培训会议情况、落实上级重要文件通知情况"
            ),
        ),
        ("soft", "PR304", "列出“附表”，正文之后没有"),
        ("hard", "PR102", "86% ≠ 26 ÷ 30 = 86.67%"),
        ("hard", "PR102", "14% ≠ 4 ÷ 30 = 13.33%"),
        ("soft", "PR306", "（二）之后又从（一）编起"),
    ]


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_report_in_the_readme_is_what_is_said(readme: str, language: str) -> None:
    golden = (SAMPLES / "broken" / "expected" / f"白石镇_2024.xlsx.{language}.txt").read_text("utf-8")
    assert golden in (SAMPLES.parent / readme).read_text("utf-8")
