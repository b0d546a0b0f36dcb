"""Markdown: verdict, suspicions and a table of findings for each submission; for merge requests and wikis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditkit.model.finding import Result
from auditkit.model.words import LEVEL_NAMES, Language, Text
from auditkit.reports import progress, wording
from auditkit.reports.escaping import legal
from auditkit.reports.grouping import Entry, groups, listed
from auditkit.reports.terminal import GLYPHS

COLUMNS = (
    Text("级别", "Level"),
    Text("位置", "Where"),
    Text("问题", "Problem"),
    Text("计算", "Arithmetic"),
    Text("规则", "Rule"),
    Text("状态", "Status"),
    Text("编号", "Key"),
)
_MARKUP = re.compile(r"[\\`*_\[\]|~$]|:(?=//)|(?<=www)\.|\A[#+=-]|(?<=\A\d)[.)]|(?<=\A\d\d)[.)]")


def render(results: Iterable[Result], language: Language) -> Iterator[str]:
    """One section a submission."""
    for n, result in enumerate(results):
        if n:
            yield ""
        yield from _section(result, language)


def _section(result: Result, language: Language) -> Iterator[str]:
    yield f"## {plain(wording.subject(result).to(language))}"
    yield ""
    yield f"**{plain(wording.verdict(result).to(language))}**"
    yield ""
    yield plain(wording.problems(result).to(language))
    if since := progress.progress(result).to(language):
        yield plain(since)
    yield ""
    yield f"{plain(result.file)} · {plain(wording.checks(result).to(language))}"
    for table, why in result.missing.items():
        yield f"- ○ {plain(table)} {plain(why.to(language))}"
    for note in result.notes:
        yield f"- ○ {plain(note.to(language))}"
    for group in groups(result):
        yield ""
        if group.suspect is not None:
            yield f"● {plain(wording.suspicion(group.suspect).to(language))}"
            yield ""
        if group.entries:
            yield _line(name.to(language) for name in COLUMNS)
            yield _line("---" for _ in COLUMNS)
            for entry in group.entries:
                yield _line(plain(text) for text in _texts(entry, result, language))
    if gone := [entry for entry in listed(result) if entry.finding not in result.findings]:
        yield ""
        yield _line(name.to(language) for name in COLUMNS)
        yield _line("---" for _ in COLUMNS)
        for entry in gone:
            yield _line(plain(text) for text in _texts(entry, result, language))


def _texts(entry: Entry, result: Result, language: Language) -> Iterator[str]:
    finding = entry.finding
    yield f"{GLYPHS[finding.level]} {LEVEL_NAMES[finding.level].to(language)}"
    yield wording.location(finding.place, result).to(language)
    yield finding.message.to(language)
    hint = "" if finding.hint is None else f" {finding.hint.to(language)}"
    yield finding.arithmetic.to(language) + hint
    yield finding.rule
    yield progress.state(finding, result).to(language)
    yield finding.key


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def plain(text: str) -> str:
    """Text that no renderer takes for markup, a tag, a link or a mention."""
    escaped = legal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\g<0>", " ".join(escaped.split()))
