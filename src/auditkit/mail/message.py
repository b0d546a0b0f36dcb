"""A message as bytes that QQ, Outlook and Gmail all read: ASCII on the wire, attachment names written both ways.

Built under ``compat32``: the newer policy splits a Chinese name into ``filename*0*`` and ``filename*1*``, which Outlook
does not join, and rewrites the encoded ``name=`` that older programs need.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import formataddr
from io import BytesIO
from typing import Literal

from auditkit.mail.letters import Sender, slug
from auditkit.model.words import Fault, Text

NameStyle = Literal["both", "rfc2231", "ascii"]
_SHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_BETWEEN = re.compile(r"[\s;,；，、]+")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_POLICY = compat32.clone(linesep="\r\n", max_line_length=998)
"""No line is folded inside a name; nothing of ours comes near the limit of SMTP."""
UNSENT = b"X-Unsent: 1\r\n"
"""The first line of a draft: some mail programs open such a file as a message still to be sent."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes along."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Envelope:
    """The identity of a message: known before it is sent, the same however often it is made."""

    run: str
    unit: str
    turn: int
    host: str

    @property
    def message_id(self) -> str:
        return f"<{slug(self.run)}.{slug(self.unit)}.{self.turn}@{self.host}>"


def addresses(text: str) -> tuple[str, ...]:
    """The addresses of a roster cell, separated by any of ``; , ；，、`` or spaces.

    Raises:
        Fault: ``bad-address`` (exit 2) for anything that is not one, and where there is none.
    """
    found = tuple(dict.fromkeys(part for part in _BETWEEN.split(text) if part))
    wrong = [part for part in found if not _ADDRESS.fullmatch(part) or ".." in part]
    if wrong or not found:
        said = wrong[0] if wrong else text
        raise Fault(
            "bad-address",
            Text(f"“{said}”不是邮箱地址。", f'"{said}" is no mail address.')
            if said
            else Text("没有邮箱。", "No address."),
            exit=2,
        )
    return found


def host_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def build(
    envelope: Envelope,
    sender: Sender,
    to: Sequence[str],
    name: str,
    subject: str,
    body: str,
    attachments: Sequence[Attachment] = (),
    *,
    earlier: Sequence[str] = (),
    style: NameStyle = "both",
) -> bytes:
    """One message, CRLF, ASCII only, without a date; the same arguments give the same bytes.

    Args:
        envelope: gives the Message-ID and the boundary.
        sender: From and Reply-To.
        to: addresses.
        name: of the unit, shown beside the first address.
        subject: one line.
        body: plain text.
        attachments: in their order; workbooks only, gateways hold back anything livelier.
        earlier: Message-IDs of the rounds before, oldest first.
        style: how names of attachments are written.
    """
    message = MIMEMultipart(
        "mixed", boundary=f"=_auditkit_{hashlib.sha256(envelope.message_id.encode()).hexdigest()[:24]}"
    )
    message.policy = _POLICY
    message["From"] = _mailbox(sender.name, sender.address)
    message["To"] = ", ".join([_mailbox(name, to[0]), *to[1:]])
    message["Subject"] = _encoded(subject)
    message["Message-ID"] = envelope.message_id
    if earlier:
        message["In-Reply-To"] = earlier[-1]
        message["References"] = " ".join(earlier)
    if sender.reply_to:
        message["Reply-To"] = sender.reply_to
    message["Auto-Submitted"] = "auto-generated"
    message.attach(MIMEText(body, "plain", "utf-8"))
    for attachment in attachments:
        message.attach(_part(attachment, style))
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(message)
    return out.getvalue()


def _mailbox(name: str, address: str) -> str:
    plain = " ".join(name.split())
    return f"{_encoded(plain)} <{address}>" if plain and not plain.isascii() else formataddr((plain, address))


def _encoded(text: str) -> str:
    """One line of text, in encoded words of at most 75 characters where it is not ASCII."""
    line = " ".join(text.split())
    return (
        line
        if line.isascii() and line.isprintable()
        else Header(line, "utf-8", header_name="Subject").encode(maxlinelen=75)
    )


def _part(attachment: Attachment, style: NameStyle) -> MIMEApplication:
    name = file_name(attachment.name)
    plain = _ascii(name)
    if style == "both" and not name.isascii():
        word = f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?="
        part = MIMEApplication(attachment.data, _SHEET, name=word, policy=_POLICY)
    else:
        part = MIMEApplication(attachment.data, _SHEET, name=plain, policy=_POLICY)
    if style == "ascii" or name.isascii():
        part.add_header("Content-Disposition", "attachment", filename=plain)
    else:
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    return part


def file_name(name: str) -> str:
    """The name without characters that Windows forbids."""
    return _FORBIDDEN.sub("_", " ".join(name.split())).strip(" .") or "_"


def _ascii(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    stem = stem if dot else name
    folded = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.")
    return f"{folded or 'result'}{dot}{suffix}" if suffix.isascii() and dot else folded or "result"
