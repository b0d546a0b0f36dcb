"""Letters → .eml files and a list of them. Nothing is sent here."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditkit.deliver import deliver
from auditkit.mail.ledger import Draft, Ledger
from auditkit.mail.letters import NAMES, Letter, Sender, body, slug, subject, unit_id
from auditkit.mail.message import (
    UNSENT,
    Attachment,
    Envelope,
    NameStyle,
    addresses,
    build,
    file_name,
    host_of,
)
from auditkit.model.words import Fault, Language, Text
from auditkit.reports.escaping import defused

LIST = "outbox.csv"
_COLUMNS = (
    Text("单位代码", "unit code"),
    Text("单位", "unit"),
    Text("邮箱", "address"),
    Text("结论", "verdict"),
    Text("主题", "subject"),
    Text("附件", "attachments"),
    Text("草稿", "draft"),
    Text("不能发的原因", "why it cannot be sent"),
)
LONGEST_NAME = 24
"""Characters of an attachment's name without its suffix; longer ones are cut by some mail programs."""


@dataclass(frozen=True)
class Drafted:
    """What was written."""

    folder: Path
    drafts: tuple[Draft, ...]
    unaddressed: tuple[tuple[Draft, Text], ...]
    """Those that cannot be sent as they are: no address, or a wrong one."""


def draft(
    letters: Iterable[tuple[Letter, Sequence[Attachment]]],
    ledger: Ledger,
    outbox: Path,
    sender: Sender,
    *,
    run: str,
    turn: int,
    language: Language,
    notify_only: bool = False,
    style: NameStyle = "both",
) -> Drafted:
    """Write one .eml a unit into ``outbox/run`` and the list beside them; the ledger keeps what is to be sent.

    Args:
        letters: with what goes along; with ``notify_only`` nothing does.
        ledger: open; tells the earlier messages of the same unit, form and period.
        outbox: folder of all runs.
        sender: its address must be one.
        run: number of the run.
        turn: 1 for the first round.
        language: where the roster does not say.
        notify_only: the message carries the verdict and a link, and nothing else.
        style: how names of attachments are written.

    Raises:
        Fault: a sender without an address, or two units of the same code (exit 2).
    """
    addresses(sender.address)
    folder = outbox / slug(run)
    made: list[tuple[Draft, str, Text | None]] = []
    for said, attached in letters:
        spoken: Language = "zh" if said.unit.language == "zh" else "en" if said.unit.language == "en" else language
        going = () if notify_only else tuple(attached)
        text = body(said, sender, run, turn, spoken, notify_only=notify_only)
        made.append(_write(said, text, going, ledger, folder, sender, run, turn, spoken, style))
    _distinct([one for one, _, _ in made])
    ledger.keep([one for one, _, _ in made])
    deliver(folder / LIST, _listed(made, language).encode("utf-8-sig"))
    return Drafted(
        folder, tuple(one for one, _, _ in made), tuple((one, why) for one, _, why in made if why is not None)
    )


def _write(
    said: Letter,
    text: str,
    going: Sequence[Attachment],
    ledger: Ledger,
    folder: Path,
    sender: Sender,
    run: str,
    turn: int,
    language: Language,
    style: NameStyle,
) -> tuple[Draft, str, Text | None]:
    """One message. Returns the draft, the names of what goes along, and why it cannot be sent, if so."""
    unit, why = said.unit, None
    try:
        to = addresses(unit.email)
    except Fault as fault:
        to, why = (), fault.message
    who = unit_id(unit)
    envelope = Envelope(run, who, turn, host_of(sender.address))
    line = subject(said, run, turn, language)
    earlier = ledger.earlier(who, said.campaign, (run, turn))
    shown = to or ("undisclosed-recipients:;",)
    data = UNSENT + build(envelope, sender, shown, unit.name, line, text, going, earlier=earlier, style=style)
    file = f"{slug(who)}.{turn}.eml"
    deliver(folder / file, data)
    digest = hashlib.sha256(data).hexdigest()
    one = Draft(
        run, who, turn, unit.name, ", ".join(to), file, digest, said.outcome, line, envelope.message_id, said.campaign
    )
    return one, " ".join(attachment.name for attachment in going), why


def _distinct(drafts: Sequence[Draft]) -> None:
    seen: set[str] = set()
    for one in drafts:
        if one.unit in seen:
            raise Fault(
                "unit-twice",
                Text(f"名单里“{one.unit}”出现两次。", f'"{one.unit}" is on the roster twice.'),
                hint=Text("每个单位要有自己的代码。", "Give each unit a code of its own."),
                exit=2,
            )
        seen.add(one.unit)


def _listed(made: Iterable[tuple[Draft, str, Text | None]], language: Language) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([name.to(language) for name in _COLUMNS])
    for one, attached, why in made:
        outcome = next(text.to(language) for name, text in NAMES.items() if name == one.outcome)
        said = "" if why is None else why.to(language)
        cells = (one.unit, one.name, one.address, outcome, one.subject, attached, one.file, said)
        writer.writerow([defused(cell) for cell in cells])
    return out.getvalue()


def attachment_name(unit: str, period: str, turn: int, language: Language) -> str:
    """``青山镇_2021年_审核结果_第1次.xlsx``, the unit's name cut so that the whole stays short."""
    year = period[:12]
    if language == "zh":
        tail = f"_{year}{'年' if year.isdecimal() else ''}_审核结果_第{turn}次" if year else f"_审核结果_第{turn}次"
    else:
        tail = f"_{year}_checked_{turn}" if year else f"_checked_{turn}"
    return file_name(f"{unit[: max(4, LONGEST_NAME - len(tail))]}{tail}.xlsx")
