"""The screen after a run over a folder: who sent what, verdicts, the most common problems, and every path accounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
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

    names: dict[str, Text] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    faults: set[str] = field(default_factory=set)
    """Files that could not be checked."""

    def take(self, result: Result) -> None:
        if result.faults:
            self.faults.add(result.file)
        found = [finding for finding in result.findings if finding.status == "fail"]
        if any(finding.rule not in self.names for finding in found):
            known = {rule.id: rule.name for rule in result.rules}
            for finding in found:
                self.names.setdefault(finding.rule, known.get(finding.rule, Text(finding.name, finding.name)))
        self.places.update(finding.rule for finding in found)
        self.files.update(list(dict.fromkeys(finding.rule for finding in found)))


@dataclass
class Names:
    """How many there are, and the first of them with what belongs to each."""

    title: Text
    all: set[str] = field(default_factory=set)
    first: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, *details: str) -> None:
        self.all.add(name)
        if name in self.first or len(self.first) < SHOWN:
            self.first.setdefault(name, []).extend(details)

    def told(self) -> Iterator[Text]:
        """One line, if there are any."""
        if not self.all:
            return
        shown = [*self.first]
        zh = "、".join(f"{name}（{'、'.join(own)}）" if own else name for name, own in self.first.items())
        en = ", ".join(f"{name} ({', '.join(own)})" if own else name for name, own in self.first.items())
        n, more = len(self.all), len(self.all) - len(shown)
        zh, en = (f"{zh} 等", f"{en}, and {more} more") if more else (zh, en)
        yield Text(f"{self.title.zh} {n}：{zh}", f"{self.title.en} {n}: {en}")


@dataclass
class Counts:
    """What the screen says of all paths of a run."""

    paths: int = 0
    checked: int = 0
    """Results that count."""
    verdicts: Counter[str] = field(default_factory=Counter)
    """Of those that count and could be read."""
    faults: Counter[str] = field(default_factory=Counter)
    """Reason → those that count and could not."""
    lost: Counter[str] = field(default_factory=Counter)
    """Reason → all that could not be checked."""
    skipped: Counter[str] = field(default_factory=Counter)
    late: Names = field(default_factory=lambda: Names(Text("迟报", "Late")))
    nobody: Names = field(default_factory=lambda: Names(Text("不在名单上", "Not on the roster")))
    several: Names = field(
        default_factory=lambda: Names(Text("旧版或重复，不计", "Older versions and copies, not counted"))
    )
    beside: Names = field(
        default_factory=lambda: Names(Text("报表以外的材料，未检查", "Sent beside a report, not checked"))
    )
    differ: Names = field(default_factory=lambda: Names(Text("文件名与内容不一致", "Named otherwise than they say")))

    years: Names = field(default_factory=lambda: Names(Text("年度与多数不同", "Of another year than most")))

    def take(self, entry: Entry, *, faulty: bool) -> None:
        """``faulty``: it could not be read."""
        self.paths += 1
        if entry.outcome == "skipped":
            self.skipped[entry.reason] += 1
            return
        if entry.reason:
            self.lost[entry.reason] += 1
        if entry.part in COUNTING:
            self.checked += 1
            if faulty:
                self.faults[entry.reason] += 1
            else:
                self.verdicts[entry.outcome] += 1
        if entry.late:
            self.late.add(entry.unit)
        if entry.part == "nobody":
            self.nobody.add(entry.name)
        elif entry.part in {"older", "same"}:
            self.several.add(entry.unit, entry.name)
        elif entry.part == "beside":
            self.beside.add(entry.unit, entry.name)
        if entry.said != EMPTY:
            self.differ.add(entry.name)


def counted(entries: Iterable[Entry], faults: Collection[str] = (), quiet: int = 0) -> Counts:
    """All paths of a run; ``faults``: the names of those that could not be read; ``quiet``: more that passed."""
    counts = Counts(paths=quiet, checked=quiet, verdicts=Counter({"pass": quiet}))
    for entry in entries:
        counts.take(entry, faulty=entry.name in faults)
    return counts


def screen(counts: Counts, due: Sequence[Due], problems: Problems, language: Language) -> Iterator[str]:
    """All lines, in one language."""
    if due:
        yield _attendance(counts, due).to(language)
    yield from _verdicts(counts, language)
    yield from _common(problems, language)
    yield ""
    missing = Names(Text("未报", "Missing"))
    for one in due:
        if not one.came:
            missing.add(one.name)
    for names in (missing, counts.late, counts.nobody, counts.several, counts.beside, counts.differ, counts.years):
        yield from (line.to(language) for line in names.told())
    yield from (line.to(language) for line in accounts(counts))


def _attendance(counts: Counts, due: Sequence[Due]) -> Text:
    came, late = sum(one.came for one in due), len(counts.late.all)
    return Text(
        f"单位 {len(due):,}   收到 {came:,}   未报 {len(due) - came:,}   迟报 {late:,}",
        f"{len(due):,} units   {came:,} received   {len(due) - came:,} missing   {late:,} late",
    )


def _verdicts(counts: Counts, language: Language) -> Iterator[str]:
    names = {verdict: f"  {wording.MARKS[verdict]} {wording.VERDICTS[verdict].to(language)}" for verdict in VERDICTS}
    lost = f"  ○ {wording.UNREADABLE.to(language)}"
    width = max(map(cell_len, (*names.values(), lost)))
    for verdict in VERDICTS:
        if verdict != "not checked" or counts.verdicts[verdict]:
            yield _column(names[verdict], width, counts.verdicts[verdict])
    if counts.faults:
        yield _column(lost, width, counts.faults.total()) + _why(_shorter(counts.faults), language)


def _common(problems: Problems, language: Language) -> Iterator[str]:
    top = sorted(problems.places.items(), key=lambda item: (-item[1], item[0]))[:COMMON]
    if not top:
        return
    names = {rule: f"  {rule} {problems.names[rule].to(language)}" for rule, _ in top}
    head = Text("最常见的问题", "Most common").to(language)
    width = max(cell_len(name) for name in (*names.values(), head)) + 2
    yield ""
    places, files = Text("处", "places").to(language), Text("份", "files").to(language)
    yield f"{_pad(head, width)}{_right(places)}{_right(files)}"
    for rule, n in top:
        yield f"{_column(names[rule], width, n)}{problems.files[rule]:>8,}"


def accounts(counts: Counts) -> Iterator[Text]:
    """Every path that went in, as checked, not checked or skipped; the numbers add up."""
    skipped = Counter({junk.REASONS[reason]: n for reason, n in counts.skipped.items()})
    total, kept, left = counts.paths, counts.lost.total(), skipped.total()
    done, why = total - kept - left, _shorter(counts.lost)
    yield Text(
        f"路径 {total:,} 个：检查 {done:,}，未检查 {kept:,}{_why(why, 'zh')}，跳过 {left:,}{_why(skipped, 'zh')}",
        f"{total:,} paths: {done:,} checked, {kept:,} not checked{_why(why, 'en')}, "
        f"{left:,} skipped{_why(skipped, 'en')}",
    )


def _shorter(reasons: Counter[str]) -> Counter[Text]:
    """By their words: two codes may have the same."""
    told: Counter[Text] = Counter()
    for reason, n in reasons.items():
        told[short(reason)] += n
    return told


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
