"""Decisions about explanations: taken down, accepted until a day, refused with a reason, let go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from auditkit.known.entries import Entry, Signed
from auditkit.known.sent import Sent
from auditkit.model.words import Fault, Text


def add(entries: Sequence[Entry], sent: Sent, reason: str, by: Signed) -> tuple[Entry, ...]:
    """Take down an explanation of one finding, bound to its values; nobody has accepted it yet.

    An accepted one of the same key, values and words stays as it is; any other of the same key is replaced.

    Raises:
        Fault: ``no-reason`` (exit 2) when there is no word of explanation.
    """
    finding = sent.finding
    said = " ".join(reason.split())
    if not said:
        raise Fault(
            "no-reason",
            Text(f"{finding.key}：没有写明原因。", f"{finding.key}: no reason is given."),
            exit=2,
        )
    new = Entry(
        key=finding.key,
        unit=sent.unit,
        period=sent.period,
        rule=finding.rule,
        reason=said,
        by=by,
        where=sent.where,
        values=sent.values,
        hash=finding.values,
    )
    old = {entry.key: entry for entry in entries}
    before = old.get(new.key)
    if before is None or (before.hash, before.reason) != (new.hash, new.reason):
        old[new.key] = new
    return tuple(old.values())


def accept(entries: Sequence[Entry], keys: Collection[str], by: Signed, until: dt.date) -> tuple[Entry, ...]:
    """Accept these explanations until a day. Raises ``Fault`` (exit 2) for a key that is not there or a past end."""
    _there(entries, keys)
    if until < by.on:
        said = Text(f"截止日期 {until} 早于 {by.on}。", f"The end, {until}, is before {by.on}.")
        raise Fault("past-end", said, exit=2)
    return tuple(
        replace(e, accepted=by, until=until, refused=None, because="") if e.key in keys else e for e in entries
    )


def refuse(entries: Sequence[Entry], keys: Collection[str], by: Signed, because: str) -> tuple[Entry, ...]:
    """Refuse these explanations with a reason; they are kept, with who and when. Raises as ``accept``."""
    _there(entries, keys)
    return tuple(
        replace(e, accepted=None, until=None, refused=by, because=because) if e.key in keys else e for e in entries
    )


def prune(entries: Sequence[Entry], keys: Collection[str]) -> tuple[Entry, ...]:
    """Without these explanations."""
    _there(entries, keys)
    return tuple(entry for entry in entries if entry.key not in keys)


def _there(entries: Sequence[Entry], keys: Collection[str]) -> None:
    have = {entry.key for entry in entries}
    if lost := sorted(key for key in keys if key not in have):
        raise Fault(
            "unknown-key",
            Text(f"没有编号为 {'、'.join(lost)} 的说明。", f"There is no explanation with key {', '.join(lost)}."),
            exit=2,
        )
