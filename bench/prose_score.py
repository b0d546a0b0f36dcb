"""How well the prose rules judge real lines: python bench/prose_score.py FILE.jsonl... [--show] [--blind].

Each line has ``text``, ``kind``, ``inconsistency`` (null, or what is wrong) and ``tags``; ``year`` and ``unit`` are
used when they are there, unless ``--blind``. A line is right when its inconsistency is found and nothing else is
reported at level hard or soft; a line without one is right when nothing is reported at all. By machine, a finding on a
clean line is false; on another line it is false when its family of rules goes with none of the line's tags
(``--show`` lists them). Lines of a kind other than ``narrative`` are copied tables: a clean one is right when nothing
hard or soft is reported.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditkit import prose, rulebook
from auditkit.audit import Auditor, auditor
from auditkit.model.document import Paragraph, Source
from auditkit.model.finding import Finding
from auditkit.model.rule import ProseRule

FAMILIES: dict[str, tuple[str, ...]] = {
    "percent": ("PR101", "PR102", "PR103", "PR108", "PR109", "PR110", "PR111", "PR118", "PR119", "PR120"),
    "share": ("PR101", "PR102", "PR103"),
    "rate": ("PR101", "PR102"),
    "part": ("PR104", "PR105", "PR106", "PR107", "PR116"),
    "blank": ("GK211", "GK311", "GK411"),
    "identity": ("GK302", "GK303", "GK304", "GK402", "GK403", "GK404"),
    "sum": (
        "GK302",
        "GK303",
        "GK304",
        "GK402",
        "GK403",
        "GK404",
        "PR104",
        "PR105",
        "PR106",
        "PR107",
        "PR114",
        "PR116",
        "PR117",
        "PR118",
        "PR121",
    ),
    "text-vs-table-soft": ("PR104", "PR105", "PR106", "PR107"),
    "wording": ("PR404", "PR407", "PR408", "PR410", "PR113"),
    "contradiction": ("PR112", "PR113", "PR114"),
    "text-vs-text": ("PR112", "PR113"),
    "unit": ("PR115",),
    "year": ("GK101", "GK102", "GK103", "PR201", "PR202", "PR203", "PR204", "PR207"),
    "period": ("PR203",),
    "date": ("PR203", "PR204", "PR205", "PR206", "PR208"),
    "lost-date-chars": ("PR203",),
    "late": ("PR206",),
    "declared-sections": ("PR301", "PR302", "PR303"),
    "heading": ("PR301", "PR302", "PR303", "PR305", "PR306", "PR307", "PR308", "PR309"),
    "section": ("PR301", "PR302", "PR303", "PR305", "PR308", "PR309"),
    "annex": ("PR304",),
    "missing": ("PR303", "PR304", "PR308", "PR309"),
    "structure": ("PR303", "PR305", "PR308", "PR309"),
    "numbering": ("PR305", "PR306", "PR307"),
    "citation": ("PR401",),
    "basis": ("PR402",),
    "template": ("GK101", "PR303", "PR402", "PR403", "PR409"),
    "copy-paste": ("PR405", "PR406", "PR301"),
    "unit-name": ("PR405", "PR406"),
    "doubled": ("PR404", "PR305", "PR306"),
    "typo": ("PR404", "PR407", "PR408"),
}
"""Beginning of a tag → the rules that can find it in words alone; the longest beginning counts."""
NOT_WORDS = ("clean", "layout", "gold", "cross-year", "text-pattern", "false-positive-trap", "note")


@dataclass(frozen=True)
class Scored:
    entry: dict[str, object]
    findings: tuple[Finding, ...]
    bound: bool = False
    """A copied table was found and bound to its form."""

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(str(t) for t in self.entry.get("tags") or ())

    @property
    def clean(self) -> bool:
        return self.entry.get("inconsistency") is None

    @property
    def checkable(self) -> tuple[str, ...]:
        """Tags that words, or the cells of a copied table, can show."""
        return () if self.clean else tuple(t for t in self.tags if _rules_for(t))

    @property
    def is_table(self) -> bool:
        return self.entry.get("kind") != "narrative"

    def found(self, tag: str) -> bool:
        return any(f.rule in _rules_for(tag) for f in self.findings)

    @property
    def false(self) -> tuple[Finding, ...]:
        rules = {r for t in self.tags for r in _rules_for(t)}
        return self.findings if self.clean else tuple(f for f in self.findings if f.rule not in rules)

    @property
    def right(self) -> bool:
        if self.clean:
            return not [f for f in self.findings if f.level != "info" or not self.is_table]
        caught = any(self.found(t) for t in self.checkable) or not self.checkable
        return caught and not any(f.level != "info" for f in self.false)


def _rules_for(tag: str) -> tuple[str, ...]:
    if tag in NOT_WORDS:
        return ()
    return max(((len(begin), rules) for begin, rules in FAMILIES.items() if tag.startswith(begin)), default=(0, ()))[1]


def rules_of(name: str) -> tuple[ProseRule, ...]:
    return rulebook.find(name).prose


def score_table(entry: dict[str, object], auditor: Auditor, *, blind: bool) -> Scored:
    """A copied table: the whole program reads it as a text file."""
    if not blind and entry.get("year"):
        auditor = replace(auditor, period=int(str(entry["year"])))
    name = f"{entry.get('unit') or '某单位'}_{'' if blind else entry.get('year') or ''}.txt"
    (result,) = auditor.audit([Source(name, str(entry["text"]).encode())])
    return Scored(entry, tuple(result.findings), bound=not result.rulebook.startswith("report-prose"))


def score(entry: dict[str, object], rules: Sequence[ProseRule], *, blind: bool) -> Scored:
    texts = str(entry["text"]).split("\n")
    paragraphs = [Paragraph(i, t) for i, t in enumerate(texts, 1)]
    year = None if blind or not entry.get("year") else int(str(entry["year"]))
    unit = "" if blind else str(entry.get("unit") or "")
    findings, _ = prose.check(paragraphs, file="line", rules=rules, year=year, unit=unit)
    return Scored(entry, findings)


def report(name: str, lines: Sequence[Scored], *, show: bool) -> None:
    clean = [s for s in lines if s.clean]
    faulty = [s for s in lines if s.checkable]
    hard = [f for s in lines for f in s.findings if f.level == "hard"]
    false_hard = [f for s in lines for f in s.false if f.level == "hard"]
    caught = [s for s in faulty if any(s.found(t) for t in s.checkable)]
    pairs = [(s, t) for s in faulty for t in s.checkable]
    print(f"{name}: {len(lines)} lines")
    print(f"  right lines            {sum(s.right for s in lines)} / {len(lines)}")
    print(f"  hard precision         {_share(len(hard) - len(false_hard), len(hard))}")
    print(f"  lines caught           {_share(len(caught), len(faulty))}   (with a tag that a program can show)")
    print(f"  tags caught            {_share(sum(s.found(t) for s, t in pairs), len(pairs))}")
    print(f"  clean lines with a finding  {sum(not s.right for s in clean)} / {len(clean)}")
    tables = [s for s in lines if s.is_table]
    print(f"  copied tables bound    {_share(sum(s.bound for s in tables), len(tables))}")
    _per_tag(lines)
    if show:
        _show(lines)


def _per_tag(lines: Sequence[Scored]) -> None:
    tags = dict.fromkeys(t for s in lines for t in s.tags)
    print(f"  {'tag':30} lines  right  caught")
    for tag in tags:
        having = [s for s in lines if tag in s.tags]
        can = [s for s in having if tag in s.checkable]
        caught = f"{sum(s.found(tag) for s in can)}/{len(can)}" if can else "-"
        print(f"  {tag:30} {len(having):5}  {sum(s.right for s in having):5}  {caught:>6}")


def _show(lines: Sequence[Scored]) -> None:
    for s in lines:
        missed = [t for t in s.checkable if not s.found(t)]
        if missed or s.false:
            print(f"\n{s.entry.get('id')} missed: {missed or '-'}  ({s.entry.get('inconsistency')})")
            if missed:
                print(f"    {str(s.entry['text'])[:300]}")
            for f in s.false:
                print(f"    not asked for: {f.rule} {f.level} {f.message.zh} {f.arithmetic.zh}")


def _share(part: int, whole: int) -> str:
    return f"{part} / {whole} = {part / whole:.1%}" if whole else "0 / 0"


def main(arguments: Iterable[str]) -> None:
    given = list(arguments)
    rules, whole = rules_of("report-prose-zh"), auditor()
    for name in (a for a in given if not a.startswith("--")):
        entries = [json.loads(line) for line in Path(name).read_text("utf-8").splitlines() if line.strip()]
        blind = "--blind" in given
        lines = [
            score(e, rules, blind=blind) if e.get("kind") == "narrative" else score_table(e, whole, blind=blind)
            for e in entries
        ]
        report(name, lines, show="--show" in given)


if __name__ == "__main__":
    main(sys.argv[1:])
