"""Two rounds of one submission compared: what is new, still open, corrected or explained."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from auditkit.model.finding import Finding, Result
from auditkit.model.words import Text

NEW = Text("新", "new")
STILL = Text("仍未改", "still open")
EXPLAINED = Text("已说明待审", "explained, to be judged")
ACCEPTED = Text("已同意", "accepted")
LAPSED = Text("已失效", "explanation lapsed")


@dataclass(frozen=True)
class Turn:
    """What a second result says beside each finding."""

    states: Mapping[str, Text]
    """Key → state, for every finding of now that is open or explained."""
    repaired: tuple[Finding, ...]
    """Open before, checked again, gone."""
    unsure: tuple[Finding, ...] = ()
    """Open before and not found now, where the check could not be made again: not a repair."""


def rounds(
    before: Iterable[Finding],
    now: Result,
    *,
    explained: Collection[str] = (),
    lapsed: Collection[str] = (),
) -> Turn:
    """States of this round's findings against the round before.

    Args:
        before: findings of the round before, for the same unit and period.
        now: this round's result, after accepted explanations were applied.
        explained: keys that the unit explained and nobody has judged.
        lapsed: keys whose accepted explanation lapsed or ended.
    """
    was_open = {finding.key: finding for finding in before if finding.status == "fail"}
    states: dict[str, Text] = {}
    for finding in now.findings:
        if finding.status == "explained":
            states[finding.key] = ACCEPTED
        elif finding.status == "fail":
            states[finding.key] = _state(finding.key, was_open, explained, lapsed)
    here = {finding.key for finding in now.findings}
    gone = [finding for key, finding in was_open.items() if key not in here]
    return Turn(
        states,
        tuple(f for f in gone if _asked_again(f, now)),
        tuple(f for f in gone if not _asked_again(f, now)),
    )


def _state(key: str, was_open: Collection[str], explained: Collection[str], lapsed: Collection[str]) -> Text:
    if key in explained:
        return EXPLAINED
    if key in lapsed:
        return LAPSED
    return STILL if key in was_open else NEW


def _asked_again(finding: Finding, now: Result) -> bool:
    """Its table was found, and its rule was asked and answered somewhere."""
    tally = now.tallies.get(finding.rule)
    answered = tally is not None and tally.passed + tally.failed + tally.explained > 0
    return not now.faults and finding.table not in now.missing and answered
