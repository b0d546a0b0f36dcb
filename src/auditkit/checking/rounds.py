"""What earlier rounds bring in: accepted explanations, and what was sent out last time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.frontdesk import say
from auditkit.model.words import Fault, Language, Text

if TYPE_CHECKING:
    from auditkit.known import Following, Sent
    from auditkit.model.finding import Result
    from auditkit.store import Store

KNOWN = Path("known.yaml")
NAMED = 10
"""Units that are named when nothing came of them."""
EARLIER = ("known", "no_known", "before", "turn")
"""Options that ``Earlier`` has under their own names."""


@dataclass(frozen=True)
class Earlier:
    """What was asked for."""

    known: Path | None = None
    no_known: bool = False
    before: str | None = None
    """A file of JSON lines, or the name of a run in the store."""
    turn: int | None = None

    @property
    def explanations(self) -> Path | None:
        if self.no_known:
            return None
        return self.known or (KNOWN if KNOWN.is_file() else None)

    @property
    def fingerprint(self) -> str | None:
        """What explanations and today's date come to; None where a round before has its say."""
        if self.before is not None:
            return None
        if (known := self.explanations) is None:
            return f"{self.turn}"
        return f"{self.turn} {_today()} {hashlib.sha256(known.read_bytes()).hexdigest()}"


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def following(earlier: Earlier, spoken: Language, store: Store | None = None) -> Following | None:
    """What earlier rounds say; None without any. Raises ``Fault`` (exit 2) for files or runs that are not right."""
    known = earlier.explanations
    if earlier.before is None and earlier.turn is None and known is None:
        return None
    from auditkit.known import Following, load  # noqa: PLC0415 - YAML, only with earlier rounds

    sent = () if earlier.before is None else _sent(earlier.before, store)
    entries = () if known is None else load(known)
    if known is not None:
        n = sum(entry.accepted is not None for entry in entries)
        said = Text(f"{known}：{n} 条已同意的说明", f"{known}: {n} accepted explanations")
        say(said.to(spoken), err=True)
    return Following(entries, sent, today=_today(), number=earlier.turn)


def _sent(before: str, store: Store | None) -> Iterable[Sent]:
    from auditkit.known import read_lines, sent  # noqa: PLC0415

    path = Path(before)
    if path.is_file():
        return read_lines(path.read_text("utf-8-sig", "replace").splitlines(), path.name)
    if store is not None and path.suffix != ".jsonl":
        from auditkit.checking.recall import chosen, told_of  # noqa: PLC0415 - it needs this room

        return sent(told_of(store, chosen(store, before)))
    raise Fault("missing", Text(f"没有上一次的结果 {before}。", f"There is no earlier result {before}."), exit=2)


def followed(results: Iterable[Result], follow: Following | None) -> Iterator[Result]:
    """Results with what is known of them."""
    return iter(results) if follow is None else map(follow.take, results)


def told_at_end(follow: Following | None, spoken: Language) -> Iterator[str]:
    """What only the end of a run can say: explanations that excuse nothing any more, units that did not answer."""
    if follow is None:
        return
    for remark in follow.unused():
        yield f"○ {remark.text.to(spoken)}"
    if silent := follow.silent():
        n, zh, en = len(silent), "、".join(silent[:NAMED]), ", ".join(silent[:NAMED])
        more = Text("等", " and others") if n > NAMED else Text("", "")
        said = Text(
            f"▲ 上一次有问题、这一次没有报来的 {n} 家：{zh}{more.zh}",
            f"▲ {n} with something open in the last round sent nothing in this one: {en}{more.en}",
        )
        yield said.to(spoken)
