"""The screen after a run over a folder: who sent what, verdicts, the most common problems, and every path accounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from auditkit.batch import junk
from auditkit.checking.reasons import short
from auditkit.checking.told import COUNTING
from auditkit.model.finding import Result, Verdict
from auditkit.model.words import EMPTY, Language, Text
from auditkit.reports import wording
from auditkit.store.records import Due, Entry

SHOWN = 10
"""Names listed of each kind; the summary has all."""
COMMON = 5
VERDICTS: tuple[Verdict, ...] = ("pass", "explain", "return", "not checked")


@dataclass
class Problems:
    """Rules by how often they found something, counted while the results go by."""

    names: dict[str, str] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    faults: dict[str, Text] = field(default_factory=dict)
    """File → why it could not be checked."""

    def take(self, result: Result) -> None:
        if result.faults:
            self.faults[result.file] = Text(result.faults[0].to("zh"), result.faults[0].to("en"))
        found = [finding for finding in result.findings if finding.status == "fail"]
        known = {rule.id: rule.name for rule in result.rules}
        for finding in found:
            name = known.get(finding.rule, Text(finding.name, finding.name))
            self.names.setdefault(finding.rule, f"{name.zh}\x1f{name.en}")
        self.places.update(finding.rule for finding in found)
        self.files.update(list(dict.fromkeys(finding.rule for finding in found)))

    def name(self, rule: str) -> Text:
        return Text(*self.names[rule].split("\x1f"))


def screen(entries: Sequence[Entry], due: Sequence[Due], problems: Problems, language: Language) -> Iterator[str]:
    """All lines, in one language."""
    counting = [entry for entry in entries if entry.outcome != "skipped" and entry.part in COUNTING]
    if due:
        yield _attendance(entries, due).to(language)
    yield from _verdicts(counting, problems, language)
    yield from _common(problems, language)
    yield ""
    yield from (line.to(language) for line in _names(entries, due))
    yield from (line.to(language) for line in accounts(entries))


def _attendance(entries: Sequence[Entry], due: Sequence[Due]) -> Text:
    came = sum(one.came for one in due)
    late = len({entry.unit for entry in entries if entry.late})
    return Text(
        f"单位 {len(due):,}   收到 {came:,}   未报 {len(due) - came:,}   迟报 {late:,}",
        f"{len(due):,} units   {came:,} received   {len(due) - came:,} missing   {late:,} late",
    )


def _verdicts(counting: Sequence[Entry], problems: Problems, language: Language) -> Iterator[str]:
    read = [entry for entry in counting if entry.name not in problems.faults]
    counts = Counter(entry.outcome for entry in read)
    names = {verdict: f"  {wording.MARKS[verdict]} {wording.VERDICTS[verdict].to(language)}" for verdict in VERDICTS}
    lost = f"  ○ {wording.UNREADABLE.to(language)}"
    width = max(map(cell_len, (*names.values(), lost)))
    for verdict in VERDICTS:
        if verdict != "not checked" or counts[verdict]:
            yield _column(names[verdict], width, counts[verdict])
    if problems.faults:
        reasons = Counter(short(entry.reason) for entry in counting if entry.name in problems.faults)
        yield _column(lost, width, len(problems.faults)) + _why(reasons, language)


def _common(problems: Problems, language: Language) -> Iterator[str]:
    top = sorted(problems.places.items(), key=lambda item: (-item[1], item[0]))[:COMMON]
    if not top:
        return
    names = {rule: f"  {rule} {problems.name(rule).to(language)}" for rule, _ in top}
    head = Text("最常见的问题", "Most common").to(language)
    width = max(cell_len(name) for name in (*names.values(), head)) + 2
    yield ""
    places, files = Text("处", "places").to(language), Text("份", "files").to(language)
    yield f"{_pad(head, width)}{_right(places)}{_right(files)}"
    for rule, n in top:
        yield f"{_column(names[rule], width, n)}{problems.files[rule]:>8,}"


def _names(entries: Sequence[Entry], due: Sequence[Due]) -> Iterator[Text]:
    """Who is missing, late or unknown, and what has several versions."""
    yield from _listed(Text("未报", "Missing"), [one.name for one in due if not one.came])
    yield from _listed(Text("迟报", "Late"), dict.fromkeys(entry.unit for entry in entries if entry.late))
    yield from _listed(Text("不在名单上", "Not on the roster"), [e.name for e in entries if e.part == "nobody"])
    several: dict[str, list[str]] = {}
    for entry in entries:
        if entry.part in {"older", "same"}:
            several.setdefault(entry.unit, []).append(entry.name)
    told = [f"{unit}（{'、'.join(files)}）" for unit, files in several.items()]
    yield from _listed(Text("旧版或重复，不计", "Older versions and copies, not counted"), told)
    differ = [entry.name for entry in entries if entry.said != EMPTY]
    yield from _listed(Text("文件名与内容不一致", "Named otherwise than they say"), differ)


def _listed(title: Text, names: Iterable[str]) -> Iterator[Text]:
    listed = list(names)
    if listed:
        shown = listed[:SHOWN]
        zh, en = "、".join(shown), ", ".join(shown)
        more = len(listed) - len(shown)
        zh, en = (f"{zh} 等", f"{en}, and {more} more") if more else (zh, en)
        yield Text(f"{title.zh} {len(listed)}：{zh}", f"{title.en} {len(listed)}: {en}")


def accounts(entries: Sequence[Entry]) -> Iterator[Text]:
    """Every path that went in, as checked, not checked or skipped; the numbers add up."""
    skipped = Counter(junk.REASONS[entry.reason] for entry in entries if entry.outcome == "skipped")
    lost = [entry for entry in entries if entry.outcome != "skipped" and entry.reason]
    done = len(entries) - skipped.total() - len(lost)
    why = Counter(short(entry.reason) for entry in lost)
    total, kept, left = len(entries), len(lost), skipped.total()
    yield Text(
        f"路径 {total:,} 个：检查 {done:,}，未检查 {kept:,}{_why(why, 'zh')}，跳过 {left:,}{_why(skipped, 'zh')}",
        f"{total:,} paths: {done:,} checked, {kept:,} not checked{_why(why, 'en')}, "
        f"{left:,} skipped{_why(skipped, 'en')}",
    )


def _why(reasons: Counter[Text], language: Language) -> str:
    listed = [f"{reason.to(language)} {n}" for reason, n in reasons.most_common()]
    if not listed:
        return ""
    return f"（{'、'.join(listed)}）" if language == "zh" else f" ({', '.join(listed)})"


def _column(text: str, width: int, number: int) -> str:
    return f"{_pad(text, width)}{number:>8,}"


def _right(text: str, width: int = 8) -> str:
    return " " * max(1, width - cell_len(text)) + text


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))
