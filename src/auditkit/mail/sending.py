"""Drafts → the server: each unit once a round however often this is killed; patient, and stopping when refused."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Literal, Protocol

from auditkit.mail.ledger import Draft, Ledger, Posting
from auditkit.mail.message import UNSENT, addresses
from auditkit.mail.post import Answer, Lost, Post
from auditkit.model.words import Fault, Text

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 900.0
"""Seconds after a temporary refusal; doubled at each further one in a row."""
TRIES = 5
"""Of one message in one run of the program."""
REFUSED_IN_A_ROW = 3
PUT_OFF_IN_A_ROW = 8
LOST_IN_A_ROW = 2

Why = Literal["sent before", "no address", "in doubt", "draft changed", "draft removed"]
WHY: dict[Why, Text] = {
    "sent before": Text("已发过", "sent before"),
    "no address": Text("没有邮箱", "no address"),
    "in doubt": Text(
        "上次交出后没有回音，请查发件箱后用 mail settle 说明", "handed over without an answer; look and settle it"
    ),
    "draft changed": Text("草稿已被改动，请重新 mail draft", "the draft was altered; draft it again"),
    "draft removed": Text("草稿已删去", "the draft was deleted"),
}


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def now(self) -> datetime: ...
    def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True)
class Pace:
    """How fast, and how much in 24 hours."""

    per_minute: float = 20
    per_day: int = 500
    wobble: Callable[[], float] = field(default=lambda: 1.0)
    """Factor on each pause, about 1: a steady beat looks like a machine."""


@dataclass(frozen=True)
class Plan:
    """What would be sent, and what not, with the reason."""

    due: tuple[Draft, ...]
    kept: tuple[tuple[Draft, Why], ...]

    def because(self, why: Why) -> tuple[Draft, ...]:
        return tuple(draft for draft, reason in self.kept if reason == why)


@dataclass(frozen=True)
class Sending:
    """How a run of the program ended."""

    sent: int = 0
    refused: tuple[tuple[Draft, str], ...] = ()
    put_off: tuple[Draft, ...] = ()
    doubtful: tuple[Draft, ...] = ()
    stopped: Text | None = None

    @property
    def complete(self) -> bool:
        return not (self.refused or self.put_off or self.doubtful or self.stopped)


def plan(
    ledger: Ledger,
    folder: Path,
    run: str,
    *,
    only: Collection[str] = (),
    units: Collection[str] = (),
    resend: Collection[str] = (),
    test_to: str = "",
) -> Plan:
    """What is due of a run.

    Args:
        ledger: open.
        folder: of the run's drafts.
        run: its number.
        only: outcomes; empty for all that were drafted.
        units: codes (or names where there is no code); empty for all.
        resend: units that get it again although they got it; the doubtful ones, too.
        test_to: everything goes to this address instead, and does not count as sent.
    """
    last = _last(ledger.postings(run), test_to)
    due: list[Draft] = []
    kept: list[tuple[Draft, Why]] = []
    for draft in ledger.drafts(run):
        if (only and draft.outcome not in only) or (units and draft.unit not in units):
            continue
        why = _why_not(draft, last.get((draft.unit, draft.round)), folder, draft.unit in resend, test_to)
        if why is None:
            due.append(draft)
        else:
            kept.append((draft, why))
    return Plan(tuple(due), tuple(kept))


def _last(postings: Sequence[Posting], test_to: str) -> dict[tuple[str, int], Posting]:
    """Unit and round → the latest try to reach the unit itself; a look at the messages is no try."""
    ordered = sorted(postings, key=lambda p: p.attempt)
    return {} if test_to else {(p.unit, p.round): p for p in ordered if not p.test}


def _why_not(draft: Draft, last: Posting | None, folder: Path, resend: bool, test_to: str) -> Why | None:
    if last is not None and not resend:
        if last.status == "sent":
            return "sent before"
        if last.status == "handed":
            return "in doubt"
    if not (draft.address or test_to):
        return "no address"
    file = folder / draft.file
    if not file.exists():
        return "draft removed"
    return None if hashlib.sha256(file.read_bytes()).hexdigest() == draft.sha256 else "draft changed"


def send(
    planned: Plan,
    ledger: Ledger,
    folder: Path,
    sender: str,
    post: Post,
    clock: Clock,
    pace: Pace = Pace(),
    test_to: str = "",
) -> Iterator[Sending]:
    """Send what is due, one after the other; yields how it stands after each, the last one being the end.

    Before a message leaves, the ledger says ``sending``; before its last dot, ``handed``; after the answer, what it
    was. Killed before ``handed``, the server has nothing and the message is sent at the next start. Killed after it,
    nobody can know: it is not sent again by itself.
    """
    queue = deque((draft, 1) for draft in planned.due)
    state = _State()
    yield state.told(queue)
    while queue and state.stopped is None:
        if pace.per_day and not test_to and ledger.sent_since(_stamp(clock.now() - timedelta(days=1))) >= pace.per_day:
            state.stopped = Text(
                f"24 小时内已发 {pace.per_day} 封，到上限。明天再运行一次即可接着发。",
                f"{pace.per_day} were sent within 24 hours, the limit. Run it again tomorrow to go on.",
            )
            break
        draft, tries = queue.popleft()
        pause = _one(draft, tries, queue, state, ledger, folder, sender, post, clock, test_to)
        yield state.told(queue)
        if queue and state.stopped is None:
            clock.sleep(max(pause, 60 / pace.per_minute) * pace.wobble())
    yield state.told(queue)


@dataclass
class _State:
    """Counts of one run of the program."""

    sent: int = 0
    refused: list[tuple[Draft, str]] = field(default_factory=list)
    put_off: list[Draft] = field(default_factory=list)
    doubtful: list[Draft] = field(default_factory=list)
    refusals: int = 0
    delays: int = 0
    losses: int = 0
    stopped: Text | None = None

    def told(self, queue: Collection[tuple[Draft, int]]) -> Sending:
        waiting = (*self.put_off, *(draft for draft, _ in queue)) if self.stopped else tuple(self.put_off)
        return Sending(self.sent, tuple(self.refused), waiting, tuple(self.doubtful), self.stopped)


def _one(
    draft: Draft,
    tries: int,
    queue: deque[tuple[Draft, int]],
    state: _State,
    ledger: Ledger,
    folder: Path,
    sender: str,
    post: Post,
    clock: Clock,
    test_to: str,
) -> float:
    """Send one message. Returns seconds to wait because of the answer."""
    to = addresses(test_to or draft.address)
    data = dated((folder / draft.file).read_bytes(), clock.now())
    attempt = ledger.begin(draft, ", ".join(to), _stamp(clock.now()), test=bool(test_to))
    try:
        answer = post.send(sender, to, data, lambda: ledger.mark(draft, attempt, "handed", "", _stamp(clock.now())))
    except Lost as lost:
        ledger.mark(draft, attempt, "handed", str(lost), _stamp(clock.now()))
        return _lost(draft, state)
    except Fault as fault:
        ledger.mark(draft, attempt, "deferred", fault.message.en, _stamp(clock.now()))
        if fault.code != "mail-server" or not state.sent:
            raise
        answer = Answer(0, fault.message.en)
    state.losses = 0
    status: Literal["sent", "refused", "deferred"] = (
        "sent" if answer.taken else "refused" if answer.refused else "deferred"
    )
    ledger.mark(draft, attempt, status, str(answer), _stamp(clock.now()))
    if status == "deferred":
        return _put_off(draft, tries, queue, state, str(answer))
    state.delays = 0
    if status == "sent":
        state.sent += 1
        state.refusals = 0
    else:
        state.refused.append((draft, str(answer)))
        state.refusals += 1
        if state.refusals >= REFUSED_IN_A_ROW:
            state.stopped = Text(
                f"连续 {state.refusals} 封被拒收（{answer}），已停。请先查明原因。",
                f"{state.refusals} in a row were refused ({answer}); stopped. Find out why first.",
            )
    return 0


def _lost(draft: Draft, state: _State) -> float:
    """One message in doubt is an accident; two in a row, and every further one would be in doubt as well."""
    state.doubtful.append(draft)
    state.losses += 1
    if state.losses >= LOST_IN_A_ROW:
        state.stopped = Text(
            f"连续 {state.losses} 封交出后断线，不知是否送达，已停。",
            f"The line broke after {state.losses} messages in a row were handed over; stopped.",
        )
    return FIRST_PAUSE


def _put_off(draft: Draft, tries: int, queue: deque[tuple[Draft, int]], state: _State, answer: str) -> float:
    """To the end of the queue, and wait; enough delays in a row, and it is for tomorrow."""
    state.delays += 1
    if tries < TRIES:
        queue.append((draft, tries + 1))
    else:
        state.put_off.append(draft)
    if state.delays >= PUT_OFF_IN_A_ROW:
        state.stopped = Text(
            f"服务器连续 {state.delays} 次让稍后再试（{answer}），已停。过后再运行一次即可接着发。",
            f"The server put off {state.delays} in a row ({answer}); stopped. Run it again later to go on.",
        )
    return float(min(FIRST_PAUSE * 2 ** (state.delays - 1), LONGEST_PAUSE))


def dated(draft: bytes, now: datetime) -> bytes:
    """The message as it is sent: the draft, with a date, no longer marked as unsent."""
    return f"Date: {format_datetime(now)}\r\n".encode() + draft.removeprefix(UNSENT)


def settle(ledger: Ledger, run: str, unit: str, *, arrived: bool, now: datetime) -> int:
    """Somebody looked: the doubtful messages of this unit arrived, or did not. Returns how many there were."""
    by_key = {(d.unit, d.round): d for d in ledger.drafts(run)}
    doubtful = [p for p in ledger.postings(run) if p.status == "handed" and p.unit == unit]
    for p in doubtful:
        draft = by_key.get((p.unit, p.round))
        if draft is not None:
            said = "settled by hand"
            ledger.mark(draft, p.attempt, "sent" if arrived else "not sent", said, _stamp(now))
    return len(doubtful)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
