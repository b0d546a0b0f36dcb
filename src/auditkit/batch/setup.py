"""What a run checks against, as plain options that cross process borders, and a fingerprint of all they stand for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from auditkit import __version__, rulebook
from auditkit.batch.past import Past
from auditkit.model.finding import RuleNote

if TYPE_CHECKING:
    from auditkit.audit import Auditor
    from auditkit.model.rule import Rulebook


KEY = 32
"""Digits of a key: as many as it takes for no two to be the same, since it stands in five indexes."""


class Content(NamedTuple):
    """What a file holds, and what it is called."""

    sha256: str
    name: str


def key_of(fingerprint: str, contents: Sequence[Content]) -> str:
    """The name under which the result of the first file is kept; the others were read beside it.

    Content and name of every file and the setup's fingerprint: what a result depends on, but for what is known of
    the year before.
    """
    told = "\x1f".join([fingerprint, *[f"{one.sha256} {one.name}" for one in contents]])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:KEY]


@dataclass(frozen=True)
class Setup:
    """The options of ``auditkit.audit.auditor``; workers build their own auditor from them."""

    rules: str | None = None
    period: int | None = None
    last: str | None = None
    """Last year's report or a folder of them; ``none``; or, when left out, whatever ``past`` knows."""
    past: Past | None = None

    def auditor(self) -> Auditor:
        """Raises ``Fault`` (exit 2) as ``auditkit.audit.auditor`` does."""
        from auditkit.audit import auditor  # noqa: PLC0415 - everything that reads and checks, for workers only

        built = auditor(rules=self.rules, period=self.period, last=self.last)
        return built if self.past is None else replace(built, past=self.past)

    @property
    def given(self) -> bool:
        """Whether last year's reports are named."""
        return self.last is not None and self.last != "none"

    @cached_property
    def fingerprint(self) -> str:
        """Raises ``Fault`` as ``auditor`` does."""
        if self.given:
            self.auditor()  # says what is wrong with the path
        books = (f"{book.id} {book.sha256}" for book in rulebook.identities(self.rules))
        kept = "figures" if self.past else ""
        before = "none" if self.last == "none" else "given" if self.last else "kept"
        told = (__version__, str(self.rules is not None), str(self.period), kept, before, *books, *_last(self.last))
        return hashlib.sha256("\x1f".join(told).encode("utf-8", "surrogateescape")).hexdigest()

    @cached_property
    def notes(self) -> Mapping[str, tuple[RuleNote, ...]]:
        """Rulebook → its rules as reports print them: results travel and rest without them."""
        from auditkit.catalogue import rule_notes  # noqa: PLC0415 - reads rules aloud, only where somebody listens

        return {book.id: rule_notes(book) for book in self.books.values()}

    @cached_property
    def books(self) -> Mapping[str, Rulebook]:
        """Rulebooks by id."""
        return {book.id: book for book in rulebook.chosen(self.rules)}

    def __reduce__(self) -> tuple[object, ...]:
        return Setup, (self.rules, self.period, self.last, self.past)


def _last(last: str | None) -> list[str]:
    """Name and hash of each of last year's files: whatever changes there may change any result."""
    if last is None or last == "none":
        return []
    path = Path(last)
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    return [f"{one.name} {hashlib.sha256(one.read_bytes()).hexdigest()}" for one in files]
