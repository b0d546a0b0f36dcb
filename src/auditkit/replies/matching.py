"""Replies and findings brought together by key, with the row's own words as a witness."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditkit.known.sent import Sent
from auditkit.model.words import Text
from auditkit.replies.reading import Reply, Unreadable


@dataclass(frozen=True)
class Answered:
    """A finding as it was sent, and what was answered."""

    reply: Reply
    sent: Sent


@dataclass(frozen=True)
class Matched:
    """Replies at their findings, and everything that was not read."""

    answered: tuple[Answered, ...]
    unreadable: tuple[Unreadable, ...]


def match(read: Iterable[Reply | Unreadable], sent: Iterable[Sent]) -> Matched:
    """Each reply to the finding with its key.

    A reply is not taken where its key was never sent, where the row names another rule than the finding (somebody
    sorted one column and not the others), where the key was sent to several units and the file does not say which,
    or where two files answer differently.
    """
    by_key: dict[str, list[Sent]] = {}
    for one in sent:
        by_key.setdefault(one.finding.key, []).append(one)
    answered: dict[tuple[str, str], Answered] = {}
    unreadable: list[Unreadable] = []
    spoiled: set[tuple[str, str]] = set()
    for reply in read:
        found = reply if isinstance(reply, Unreadable) else _find(reply, by_key.get(reply.key, []))
        if isinstance(found, Unreadable):
            unreadable.append(found)
            continue
        at = (found.reply.key, found.sent.unit)
        before = answered.setdefault(at, found)
        if (before.reply.decision, before.reply.text) != (found.reply.decision, found.reply.text):
            spoiled.add(at)
            unreadable.append(_twice(found.reply, before.reply))
    return Matched(tuple(a for at, a in answered.items() if at not in spoiled), tuple(unreadable))


def _find(reply: Reply, candidates: list[Sent]) -> Answered | Unreadable:
    own = [one for one in candidates if one.unit == reply.unit] if len(candidates) > 1 else candidates
    distinct = list({(one.unit, one.finding.values): one for one in own}.values())
    if not candidates:
        return _not_taken(
            reply,
            "unknown key",
            Text(f"编号 {reply.key} 不在这一批结果里。", f"key {reply.key} is not among the findings of this run."),
        )
    if len(distinct) != 1:
        return _not_taken(
            reply,
            "whose key",
            Text(
                f"编号 {reply.key} 属于多个单位或文件，不知是哪一个。",
                f"key {reply.key} belongs to several units or files.",
            ),
        )
    finding = distinct[0].finding
    if reply.rule and reply.rule.casefold() != finding.rule.casefold():
        return _not_taken(
            reply,
            "rows shifted",
            Text(
                f"本行规则是 {reply.rule}，编号却是 {finding.rule} 的，可能只排序了部分列，没有读。",
                f"the row says {reply.rule}, its key belongs to {finding.rule}: perhaps only some columns were sorted.",
            ),
        )
    return Answered(reply, distinct[0])


def _not_taken(reply: Reply, code: str, why: Text) -> Unreadable:
    return Unreadable(reply.file, code, why, reply.row)


def _twice(reply: Reply, before: Reply) -> Unreadable:
    said = Text(
        f"与 {before.file} 第 {before.row} 行对同一编号的回答不同，两处都没有读。",
        f"answers the same key otherwise than {before.file} row {before.row}; neither was read.",
    )
    return _not_taken(reply, "two files", said)
