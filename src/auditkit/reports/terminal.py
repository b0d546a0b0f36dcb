"""The report for a person at a terminal: findings with their arithmetic, under the suspected cell, verdict last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.cells import cell_len

from auditkit.model.document import Document, Place
from auditkit.model.finding import Finding, Reason, Result, Suspect, Tally
from auditkit.model.words import LEVEL_NAMES, Language, Level, Text
from auditkit.reports import progress, wording
from auditkit.reports.grouping import groups, repairs

GLYPHS: dict[Level, str] = {"hard": "×", "soft": "▲", "info": "○"}

WIDTH = 14
"""Columns kept for a cell's address."""


def render(results: Iterable[Result], language: Language) -> Iterator[str]:
    """Each submission in turn; after more than one, the counts."""
    counts: dict[str, int] = {}
    short = True
    for n, result in enumerate(results):
        lines = list(one(result, language))
        if n and not (short and len(lines) == 1):
            yield ""
        short = len(lines) == 1
        yield from lines
        counts[result.verdict] = counts.get(result.verdict, 0) + 1
    if sum(counts.values()) > 1:
        yield ""
        yield _totals(counts, language)


def one(result: Result, language: Language) -> Iterator[str]:
    """One submission, from its heading to its verdict."""
    if result.faults:
        for fault in result.faults:
            yield f"○ {result.file}  {Text('未检查：', 'NOT CHECKED: ').to(language)}{fault.to(language)}"
        return
    if not result.findings and not result.missing and not result.round.repaired and result.verdict == "pass":
        yield f"√ {result.file}  {_verdict(result, language)}"
        return
    yield _heading(result, language)
    for group in groups(result):
        yield ""
        if group.suspect is not None:
            yield from _suspect(group.suspect, language)
        elif result.suspects:
            yield f"● {Text('其他', 'Other').to(language)}"
        yield from _findings([entry.finding for entry in group.entries], result, language)
    if result.round.repaired:
        yield ""
        yield f"● {progress.REPAIRED.to(language)}"
        yield from _findings(result.round.repaired, result, language)
    if result.missing or result.notes:
        yield ""
        for table, reason in result.missing.items():
            yield f"  ○ {table}  {reason.to(language)}"
        for note in result.notes:
            yield f"  ○ {note.to(language)}"
    yield ""
    if since := progress.progress(result).to(language):
        yield since
    yield f"{Text('结论', 'Verdict').to(language)} {_mark(result)} {_verdict(result, language)}"
    if result.findings and result.rulebook:
        first = result.findings[0].rule
        yield Text(f"看规则：auditkit explain {first}", f"About a rule: auditkit explain {first}").to(language)


def _heading(result: Result, language: Language) -> str:
    if not result.rulebook:
        return f"{result.file}\n{result.recognised.to(language)}"
    zh = f"{result.file}\n规则 {result.rulebook} {result.version} 版（{result.recognised.zh}）"
    en = f"{result.file}\nRulebook {result.rulebook} {result.version} ({result.recognised.en})"
    if result.last:
        zh += f"· 上年 {result.last}"
        en += f" · last year: {result.last}"
    return Text(zh, en).to(language)


def _findings(findings: Iterable[Finding], result: Result, language: Language) -> Iterator[str]:
    """Findings of one rule with the same sentence and arithmetic are one entry with several cells."""
    for _, same in groupby(findings, key=lambda f: _sort(f, result)):
        listed = list(same)
        yield from _finding(listed, result, language)


def _sort(finding: Finding, result: Result) -> tuple[object, ...]:
    said = finding.rule, finding.message.zh, finding.arithmetic.zh, finding.hint
    return *said, finding.status, result.round.state(finding.key)


def _finding(same: list[Finding], result: Result, language: Language) -> Iterator[str]:
    finding = same[0]
    places = list(dict.fromkeys(f.place.to(language) for f in same))
    where = places[0] + "".join(f"{'、' if language == 'zh' else ', '}{_short(p, places[0])}" for p in places[1:])
    many = "" if len(same) == 1 else Text(f"（{len(same)}处）", f" ({len(same)} cells)").to(language)
    since = progress.mark(finding, result).to(language)
    glyph = "√" if finding in result.round.repaired else GLYPHS[finding.level]
    yield f"  {glyph} {finding.rule}  {_pad(where, WIDTH)} {since}{finding.message.to(language)}{many}"
    indent = " " * 11
    if finding.quote:
        yield f"{indent}“{_marked(finding, result)}”"
    if arithmetic := finding.arithmetic.to(language):
        yield f"{indent}{arithmetic}"
    if finding.hint is not None:
        yield f"{indent}{finding.hint.to(language)}"


def _short(place: str, first: str) -> str:
    """Further cells of the same sheet without its name."""
    return place.rpartition("!")[2] if place.rpartition("!")[0] == first.rpartition("!")[0] else place


def _marked(finding: Finding, result: Result, around: int = 40) -> str:
    """The passage with the span in brackets that every console can show; without its paragraph, the sentence."""
    place = finding.place
    text = _paragraph(result.document, place)
    start, end = place.start, place.end
    if not 0 <= start < end <= len(text):
        return finding.quote if len(finding.quote) <= 3 * around else f"{finding.quote[: 3 * around]}……"
    head = ("……" if start > around else "") + text[max(0, start - around) : start]
    tail = text[end : end + around] + ("……" if len(text) > end + around else "")
    return f"{head}【{text[start:end]}】{tail}"


def _paragraph(document: Document | None, place: Place) -> str:
    if document is None or document.name != place.file:
        return ""
    return next((p.text for p in document.paragraphs if p.number == place.paragraph), "")


def _suspect(suspect: Suspect, language: Language) -> Iterator[str]:
    """The suspected cell, what probably happened to it, and why it is this one."""
    yield f"● {wording.suspicion(suspect).to(language)}"
    if suspect.slip is not None and (len(suspect.places) == 1 or suspect.together):
        yield "    " + Text(f"可能是：{suspect.slip.zh}", f"Likely: {suspect.slip.en}").to(language)
    why, sure = wording.joined(suspect.because, "；", "; "), wording.confidence(suspect)
    yield "    " + Text(f"依据：{why.zh}。{sure.zh}", f"Why: {why.en}. {sure.en}").to(language)


def _verdict(result: Result, language: Language) -> str:
    hard, soft, info = (result.count(level) for level in ("hard", "soft", "info"))
    names = {
        "return": Text("退回修改", "RETURN"),
        "explain": Text("待说明", "TO EXPLAIN"),
        "pass": Text("通过", "PASS"),
        "not checked": Text("未能全部检查", "NOT FULLY CHECKED"),
    }
    counted = [
        (hard, _hard(result, hard)),
        (soft, Text(f"{LEVEL_NAMES['soft'].zh} {soft} 处", f"{soft} to explain")),
        (info, Text(f"{LEVEL_NAMES['info'].zh} {info} 处", f"{info} notes")),
    ]
    found = [text for n, text in counted if n]
    said = names[result.verdict]
    listed_zh, listed_en = "，".join(t.zh for t in found), ", ".join(t.en for t in found)
    head = Text(f"{said.zh}：{listed_zh}" if found else said.zh, f"{said.en}: {listed_en}" if found else said.en)
    zh = f"{head.zh}。共查 {_asked(result)} 项，通过 {result.passed}，{_gaps(result, 'zh')}"
    en = f"{head.en}. {_asked(result)} checks, {result.passed} passed, {_gaps(result, 'en')}"
    return Text(zh, en).to(language)


def _hard(result: Result, hard: int) -> Text:
    """How many must be fixed, and how many repairs that probably takes."""
    zh, en = f"{LEVEL_NAMES['hard'].zh} {hard} 处", f"{hard} must fix"
    if not result.suspects:
        return Text(zh, en)
    n = repairs(result)
    return Text(f"{zh}（估计要改 {n} 个数）", f"{en} (probably {n} repair{'s' * (n > 1)})")


def _gaps(result: Result, language: Language) -> str:
    """``未查 8（没有上年年报：GK305 7项、GK309 1项）``."""
    unchecked = _worth_saying(result)
    total = sum(unchecked.values())
    count = Text(f"未查 {total}", f"{total} not checked").to(language)
    if not total:
        return count
    colon = "：" if language == "zh" else ": "
    said = [f"{wording.REASONS[r].to(language)}{colon}{_by_rule(result.tallies, r, language)}" for r in unchecked]
    return f"{count}（{'；'.join(said)}）" if language == "zh" else f"{count} ({'; '.join(said)})"


def _worth_saying(result: Result) -> dict[Reason, int]:
    """Gaps a reader can do something about; what the text does not state is in the machine formats only."""
    return {reason: n for reason, n in result.unchecked.items() if reason != "not stated"}


def _by_rule(tallies: object, reason: Reason, language: Language) -> str:
    assert isinstance(tallies, dict)
    hit: list[tuple[str, Tally]] = [(code, tally) for code, tally in tallies.items() if tally.unchecked.get(reason)]
    listed = [f"{code} {tally.unchecked[reason]}{'项' if language == 'zh' else ''}" for code, tally in hit]
    shown = listed if len(listed) <= 6 else [*listed[:6], "……"]
    return ("、" if language == "zh" else ", ").join(shown)


def _asked(result: Result) -> int:
    return result.asked - result.unchecked.get("not stated", 0)


def _mark(result: Result) -> str:
    return {"return": "×", "explain": "▲", "pass": "√", "not checked": "○"}[result.verdict]


def _totals(counts: dict[str, int], language: Language) -> str:
    def of(verdict: str) -> int:
        return counts.get(verdict, 0)

    total = sum(counts.values())
    return Text(
        f"共 {total} 份：√ 通过 {of('pass')}  ▲ 待说明 {of('explain')}  × 退回修改 {of('return')}"
        f"  ○ 未能全部检查 {of('not checked')}",
        f"{total} files: √ pass {of('pass')}  ▲ to explain {of('explain')}  × return {of('return')}"
        f"  ○ not fully checked {of('not checked')}",
    ).to(language)


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))
