"""What a check says: a remark about a span of text, or nothing about something that holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.reading import Reading


@dataclass(frozen=True)
class Remark:
    """Something that does not hold, at a span of a line (offsets in the line)."""

    line: int
    start: int
    end: int
    row: str
    """What it is about, in the text's own labels: it names the finding for life."""
    arithmetic: Text
    terms: tuple[Term, ...] = ()
    left: Decimal | None = None
    right: Decimal | None = None
    allowed: Decimal | None = None
    hint: Text | None = None


class Check(Protocol):
    """A check of words, found by its name. Yields a remark for what does not hold, ``None`` for what does."""

    def __call__(self, reading: Reading, rule: ProseRule) -> Iterable[Remark | None]: ...


def shown(value: Decimal) -> str:
    """A number without exponent or needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
