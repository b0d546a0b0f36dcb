"""Two rounds of one submission compared: what is new, still open, corrected, or explained and how that was judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditkit.known.entries import Entry
from auditkit.known.excuse import Remark, holds
from auditkit.model.finding import Finding, Result, Round, Said, State
from auditkit.model.words import EMPTY, Text


def rounds(
    before: Iterable[Finding],
    now: Result,
    *,
    number: int,
    known: Mapping[str, Entry] | None = None,
    remarks: Iterable[Remark] = (),
) -> Result:
    """The result with what earlier rounds made of its findings.

    Args:
        before: findings of the round before, for the same unit, form and period.
        now: this round's result, after accepted explanations were applied.
        number: 1 for the first round, in which a finding without an explanation is simply open.
        known: key → explanation, whatever was decided about it.
        remarks: explanations that do not hold any more.
    """
    was_open = {finding.key: finding for finding in before if finding.status == "fail"}
    void = {remark.entry.key: remark for remark in remarks if remark.kind in {"lapsed", "expired"}}
    said: dict[str, Said] = {}
    for finding in now.findings:
        entry = (known or {}).get(finding.key)
        about = _about(finding, entry, void.get(finding.key))
        if about is not None:
            said[finding.key] = about
        elif finding.key in was_open:
            said[finding.key] = Said("still open")
    here = {finding.key for finding in now.findings}
    gone = [finding for key, finding in was_open.items() if key not in here]
    repaired = tuple(f for f in gone if _asked_again(f, now))
    unsure = tuple(f for f in gone if not _asked_again(f, now))
    return replace(now, round=Round(number, said, repaired, unsure))


def _about(finding: Finding, entry: Entry | None, void: Remark | None) -> Said | None:
    """What there is to say of a finding that somebody explained; nothing where other values were explained."""
    if entry is None:
        return None
    if void is not None:
        why = {"lapsed": _CHANGED, "expired": _ENDED}[void.kind]
        return Said("lapsed", "", why)
    if not holds(entry, finding):
        return None
    decision = _decision(entry)
    state: State = "to judge" if entry.pending else "refused" if entry.refused is not None else "accepted"
    if state == "accepted" and finding.status == "fail":
        return Said("still open", entry.reason, _NOT_EXCUSED)
    return Said(state, entry.reason, decision)


_CHANGED = Text("数值已变，原说明失效", "the values changed: the explanation is void")
_ENDED = Text("说明已过有效期", "the explanation has ended")
_NOT_EXCUSED = Text("必须改，不能用说明代替", "must be fixed; no explanation can stand for it")


def _decision(entry: Entry) -> Text:
    if entry.accepted is not None:
        who, until = entry.accepted, entry.until
        return Text(f"同意（{who}），至 {until}", f"accepted ({who}), until {until}")
    if entry.refused is not None:
        who = entry.refused
        return Text(f"不同意：{entry.because}（{who}）", f"refused: {entry.because} ({who})")
    return EMPTY


def _asked_again(finding: Finding, now: Result) -> bool:
    """Its table was found, and its rule was asked and answered somewhere."""
    tally = now.tallies.get(finding.rule)
    answered = tally is not None and tally.passed + tally.failed + tally.explained > 0
    return not now.faults and finding.table not in now.missing and answered
