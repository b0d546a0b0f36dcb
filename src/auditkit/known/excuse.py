"""Findings excused by accepted explanations, and what is to be said of those that lapsed, ended or excuse nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from auditkit.known.entries import Entry
from auditkit.known.sent import values_of
from auditkit.model.finding import Finding, Result, Tally
from auditkit.model.words import Text

Kind = Literal["lapsed", "expired", "must fix", "unused"]


@dataclass(frozen=True)
class Remark:
    """An explanation that does not, or no longer, excuse anything, and why."""

    kind: Kind
    entry: Entry
    text: Text


@dataclass(frozen=True)
class Applied:
    """Results with accepted explanations at work."""

    results: tuple[Result, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def lapsed(self) -> frozenset[str]:
        """Keys whose explanation is void because the values changed or the end has come."""
        return frozenset(r.entry.key for r in self.remarks if r.kind in {"lapsed", "expired"})


def never(rule: str) -> bool:  # noqa: ARG001 - the answer for every rule
    """No finding that must be fixed may be explained away."""
    return False


def apply(
    results: Iterable[Result],
    known: Sequence[Entry],
    today: dt.date,
    explainable: Callable[[str], bool] = never,
) -> Applied:
    """Turn ``fail`` into ``explained`` where an accepted explanation holds: same key, same values, not past its end.

    Args:
        results: as checked; they are not changed.
        known: explanations; pending and refused ones excuse nothing.
        today: the day the explanations are held against.
        explainable: rule code → may a finding of it that must be fixed be explained; asked for ``hard`` ones only.

    An explanation is called unused only where its unit, period and rule were checked without a gap.
    """
    accepted = {entry.key: entry for entry in known if entry.accepted is not None}
    remarks: list[Remark] = []
    done = tuple(_one(result, accepted, today, explainable, remarks) for result in results)
    found = {finding.key for result in done for finding in result.findings}
    remarks += [_unused(e) for e in accepted.values() if e.key not in found and _was_asked(e, done)]
    return Applied(done, tuple(remarks))


def _one(
    result: Result,
    accepted: dict[str, Entry],
    today: dt.date,
    explainable: Callable[[str], bool],
    remarks: list[Remark],
) -> Result:
    findings: list[Finding] = []
    for finding in result.findings:
        entry = accepted.get(finding.key) if finding.status == "fail" else None
        remark = _why_not(finding, entry, today, explainable) if entry is not None else None
        remarks += [remark] if remark is not None else []
        excused = entry is not None and remark is None
        findings.append(replace(finding, status="explained") if excused else finding)
    if findings == list(result.findings):
        return result
    open_keys = {f.key for f in findings if f.status == "fail"}
    return replace(
        result,
        findings=tuple(findings),
        tallies=_tallies(result, findings),
        suspects=tuple(s for s in result.suspects if not s.clears or open_keys & set(s.clears)),
    )


def _why_not(finding: Finding, entry: Entry, today: dt.date, explainable: Callable[[str], bool]) -> Remark | None:
    at = f"{entry.rule} {entry.unit} {finding.place.to('zh')}"
    at_en = f"{entry.rule} {entry.unit} {finding.place.to('en')}"
    if not holds(entry, finding):
        changed = _changed(entry, finding)
        said = Text(f"已失效：{at}，{changed.zh}", f"lapsed: {at_en}, {changed.en}")
        return Remark("lapsed", entry, said)
    if entry.until is None or entry.until < today:
        said = Text(f"已过期：{at}，有效至 {entry.until}", f"ended: {at_en}, it held until {entry.until}")
        return Remark("expired", entry, said)
    if finding.level == "hard" and not explainable(finding.rule):
        said = Text(
            f"不能说明：{at} 必须改，规则没有允许用说明代替",
            f"not excused: {at_en} must be fixed; its rule allows no explanation",
        )
        return Remark("must fix", entry, said)
    return None


def holds(entry: Entry, finding: Finding) -> bool:
    """Whether the values are still those that were explained: by hash, or cell by cell where there is none."""
    if entry.hash:
        return entry.hash == finding.values
    now = values_of(finding)
    return all(now.get(name) == value for name, value in entry.values.items())


def _changed(entry: Entry, finding: Finding) -> Text:
    now = values_of(finding)
    changed = [(name, old, now[name]) for name, old in entry.values.items() if name in now and now[name] != old]
    if not changed:
        return Text("数值已变", "the values changed")
    name, old, new = changed[0]
    return Text(f"{name} 已由 {old} 变为 {new}", f"{name} changed from {old} to {new}")


def _tallies(result: Result, findings: Sequence[Finding]) -> dict[str, Tally]:
    moved: dict[str, int] = {}
    for old, new in zip(result.findings, findings, strict=True):
        if old.status != new.status:
            moved[new.rule] = moved.get(new.rule, 0) + 1
    made: dict[str, Tally] = {}
    for rule, tally in result.tallies.items():
        n = min(moved.get(rule, 0), tally.failed)
        made[rule] = replace(tally, failed=tally.failed - n, explained=tally.explained + n) if n else tally
    return made


def _was_asked(entry: Entry, results: Sequence[Result]) -> bool:
    """The rule was asked of this unit and period, and nothing of it was left out."""
    own = [r for r in results if entry.unit in {r.unit_code, r.unit} and entry.period == r.period]
    tallies = [r.tallies[entry.rule] for r in own if entry.rule in r.tallies and not r.faults]
    return bool(tallies) and not any(t.unchecked or t.errors for t in tallies)


def _unused(entry: Entry) -> Remark:
    at = f"{entry.rule} {entry.unit} {entry.where}".strip()
    said = Text(
        f"不再需要：{at}，这条关系现在成立，说明可以删去",
        f"no longer excuses anything: {at}, the rule holds now; prune it",
    )
    return Remark("unused", entry, said)
