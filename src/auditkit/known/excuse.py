"""Findings excused by accepted explanations, and what is to be said of those that lapsed, ended or excuse nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from auditkit.known.entries import Entry
from auditkit.known.sent import values_of
from auditkit.model.finding import Finding, Result, Tally
from auditkit.model.words import Text

Kind = Literal["lapsed", "expired", "not allowed", "unused"]


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


def apply(results: Iterable[Result], known: Sequence[Entry], today: dt.date) -> Applied:
    """Turn ``fail`` into ``explained`` where an accepted explanation holds: same key, same values, not past its end.

    Args:
        results: as checked; they are not changed.
        known: explanations; pending and refused ones excuse nothing.
        today: the day the explanations are held against.

    An explanation is called unused only where its unit, period and rule were checked without a gap.
    """
    accepted = {entry.key: entry for entry in known if entry.accepted is not None}
    pairs = [excused(result, accepted, today) for result in results]
    done = tuple(result for result, _ in pairs)
    remarks = [remark for _, said in pairs for remark in said]
    found = {finding.key for result in done for finding in result.findings}
    gone = [e for e in accepted.values() if e.key not in found and any(asked_in(e, result) for result in done)]
    return Applied(done, (*remarks, *map(unused, gone)))


def excused(result: Result, accepted: Mapping[str, Entry], today: dt.date) -> tuple[Result, list[Remark]]:
    """One result with accepted explanations at work, and what is to be said of those that do not hold."""
    remarks: list[Remark] = []
    findings: list[Finding] = []
    allowed = {rule.id: rule.explainable for rule in result.rules}
    for finding in result.findings:
        entry = accepted.get(finding.key) if finding.status == "fail" else None
        remark = None
        if entry is not None:
            may = allowed.get(finding.rule, finding.level != "hard")
            remark = _why_not(finding, entry, today, may)
        remarks += [remark] if remark is not None else []
        held = entry is not None and remark is None
        findings.append(replace(finding, status="explained") if held else finding)
    if findings == list(result.findings):
        return result, remarks
    open_keys = {f.key for f in findings if f.status == "fail"}
    done = replace(
        result,
        findings=tuple(findings),
        tallies=_tallies(result, findings),
        suspects=tuple(s for s in result.suspects if not s.clears or open_keys & set(s.clears)),
    )
    return done, remarks


def _why_not(finding: Finding, entry: Entry, today: dt.date, allowed: bool) -> Remark | None:
    at = f"{entry.rule} {entry.unit} {finding.place.to('zh')}"
    at_en = f"{entry.rule} {entry.unit} {finding.place.to('en')}"
    if not holds(entry, finding):
        changed = _changed(entry, finding)
        said = Text(f"已失效：{at}，{changed.zh}", f"lapsed: {at_en}, {changed.en}")
        return Remark("lapsed", entry, said)
    if entry.until is None or entry.until < today:
        said = Text(f"已过期：{at}，有效至 {entry.until}", f"ended: {at_en}, it held until {entry.until}")
        return Remark("expired", entry, said)
    if not allowed:
        said = Text(
            f"不能说明：{at}，规则不允许用说明代替修改",
            f"not excused: {at_en}; its rule allows no explanation instead of a correction",
        )
        return Remark("not allowed", entry, said)
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


def asked_in(entry: Entry, result: Result) -> bool:
    """The rule was asked of this unit and period, and nothing of it was left out."""
    own = entry.unit in {result.unit_code, result.unit} and entry.period == result.period
    tally = result.tallies.get(entry.rule) if own and not result.faults else None
    return tally is not None and not (tally.unchecked or tally.errors)


def unused(entry: Entry) -> Remark:
    """What is said of an explanation whose rule holds now."""
    at = f"{entry.rule} {entry.unit} {entry.where}".strip()
    said = Text(
        f"不再需要：{at}，这条关系现在成立，说明可以删去",
        f"no longer excuses anything: {at}, the rule holds now; prune it",
    )
    return Remark("unused", entry, said)
