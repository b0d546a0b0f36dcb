"""The ledger: what was drafted, what is being sent, what the server answered. Written before and after every step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Literal

from auditkit.model.words import Fault, Text

Status = Literal["sending", "handed", "sent", "refused", "deferred", "not sent"]
"""``sending``: begun, the server has nothing yet; ``handed``: the last dot is on its way and no answer is known;
``not sent``: somebody looked and found that the server had not taken it."""

FILE = "ledger.sqlite"
_SCHEMA = """
create table if not exists drafts (
  run text not null, unit text not null, round integer not null, name text not null, address text not null,
  file text not null, sha256 text not null, outcome text not null, subject text not null, message_id text not null,
  campaign text not null, primary key (run, unit, round)
) strict;
create table if not exists post (
  run text not null, unit text not null, round integer not null, address text not null, attempt integer not null,
  sha256 text not null, message_id text not null, campaign text not null, status text not null, answer text not null,
  at text not null, test integer not null, primary key (run, unit, round, address, attempt)
) strict;
create index if not exists sent_at on post (status, at);
"""


@dataclass(frozen=True)
class Draft:
    """A message ready to be sent."""

    run: str
    unit: str
    round: int
    name: str
    address: str
    """As in the envelope, separated by ``, ``; empty when the roster has none."""
    file: str
    """Name of the .eml in the run's folder."""
    sha256: str
    outcome: str
    subject: str
    message_id: str
    campaign: str


@dataclass(frozen=True)
class Posting:
    """One try to send one message to one address."""

    run: str
    unit: str
    round: int
    address: str
    attempt: int
    status: Status
    answer: str
    at: str
    """UTC, ISO 8601."""
    test: int
    """1 where it went to the sender for a look, not to the unit."""


class Ledger:
    """An open ledger; every method commits before it returns."""

    def __init__(self, book: sqlite3.Connection) -> None:
        self.book = book

    def keep(self, drafts: Sequence[Draft]) -> None:
        """Drafts, replacing those of the same run, unit and round."""
        with self.book:
            self.book.executemany("insert or replace into drafts values (?,?,?,?,?,?,?,?,?,?,?)", map(astuple, drafts))

    def drafts(self, run: str) -> list[Draft]:
        """In the order of units."""
        rows = self.book.execute("select * from drafts where run = ? order by round, unit", (run,))
        return [Draft(*row) for row in rows]

    def runs(self) -> list[str]:
        """Runs with drafts, in order of name."""
        return [row[0] for row in self.book.execute("select distinct run from drafts order by run")]

    def postings(self, run: str) -> list[Posting]:
        """Every try of a run, oldest first."""
        rows = self.book.execute(
            "select run, unit, round, address, attempt, status, answer, at, test from post where run = ?"
            " order by at, unit, attempt",
            (run,),
        )
        return [Posting(*row) for row in rows]

    def begin(self, draft: Draft, address: str, at: str, test: bool) -> int:
        """Note that a message is about to be sent. Returns the number of the try."""
        at_one = (draft.run, draft.unit, draft.round)
        with self.book:
            (attempt,) = self.book.execute(
                "select coalesce(max(attempt), 0) + 1 from post where run = ? and unit = ? and round = ?", at_one
            ).fetchone()
            self.book.execute(
                "insert into post values (?,?,?,?,?,?,?,?,'sending','',?,?)",
                (*at_one, address, attempt, draft.sha256, draft.message_id, draft.campaign, at, int(test)),
            )
        return int(attempt)

    def mark(self, draft: Draft, attempt: int, status: Status, answer: str, at: str) -> None:
        """Note how a try stands."""
        with self.book:
            self.book.execute(
                "update post set status = ?, answer = ?, at = ?"
                " where run = ? and unit = ? and round = ? and attempt = ?",
                (status, answer[:500], at, draft.run, draft.unit, draft.round, attempt),
            )

    def sent_since(self, at: str) -> int:
        """Messages taken by the server since a time, of every run; those in doubt count too."""
        (n,) = self.book.execute(
            "select count(*) from post where status in ('sent', 'handed') and at >= ?", (at,)
        ).fetchone()
        return int(n)

    def earlier(self, unit: str, campaign: str, before: tuple[str, int]) -> list[str]:
        """Message-IDs this unit got for the same form and period before this run and round, oldest first."""
        rows = self.book.execute(
            "select message_id, min(at) from post where unit = ? and campaign = ? and status = 'sent' and test = 0"
            " and not (run = ? and round >= ?) group by message_id order by 2",
            (unit, campaign, *before),
        )
        return [row[0] for row in rows]


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    """The ledger of an outbox, made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / FILE, timeout=30)) as book:
        book.execute("pragma synchronous = full")
        book.executescript(_SCHEMA)
        yield Ledger(book)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else sends from this outbox meanwhile; the lock dies with the process that holds it.

    Raises:
        Fault: ``already-sending`` (exit 2).
    """
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "sending.lock", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            raise Fault(
                "already-sending",
                Text("另一个窗口正在从这个发件夹发送。", "Another window is sending from this outbox."),
                hint=Text("等它结束，或关掉它。", "Wait for it, or close it."),
                exit=2,
            ) from error
        yield
