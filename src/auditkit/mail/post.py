"""One conversation with a mail server, message by message; says when a message is out of our hands."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from auditkit.mail.account import Account, checked
from auditkit.model.words import Fault, Text

_DOT = re.compile(rb"(?m)^\.")
END = 600
"""Seconds the answer to the last dot may take, as RFC 5321 asks; giving up earlier is how messages are sent twice."""


@dataclass(frozen=True)
class Answer:
    """What the server said; ``code`` is 0 where it said nothing."""

    code: int
    text: str

    @property
    def taken(self) -> bool:
        return 200 <= self.code < 300

    @property
    def refused(self) -> bool:
        """For good."""
        return self.code >= 500

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip() if self.code else self.text


class Lost(Exception):
    """The line broke after the message was handed over: nobody here knows whether it arrived."""


class Post(Protocol):
    """What sends messages."""

    def send(self, sender: str, to: Sequence[str], data: bytes, handed: Callable[[], None]) -> Answer:
        """Send one message; ``handed`` is called just before the server can have it.

        Raises:
            Lost: it was handed over and no answer came.
        """

    def close(self) -> None: ...


class _Handover:
    """The moment a message leaves our hands, and whether it has come."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self.tell = tell
        self.past = False

    def __call__(self) -> None:
        self.tell()
        self.past = True


class Server:
    """A mail server, connected when first needed and again after a broken line."""

    def __init__(self, account: Account) -> None:
        self.account = checked(account)
        self._line: smtplib.SMTP | None = None

    def send(self, sender: str, to: Sequence[str], data: bytes, handed: Callable[[], None]) -> Answer:
        """As ``Post.send``. Raises ``Fault`` (exit 3) when there is no connection or no login at all."""
        line = self._line = self._line or self._connected()
        over = _Handover(handed)
        try:
            answer = _transaction(line, sender, to, data, over)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if over.past:
                raise Lost(f"{type(error).__name__}: {error}") from error
            return Answer(0, f"{type(error).__name__}: {error}")
        except BaseException:
            self._drop()
            raise
        if answer.code == 421:
            self._drop()
        elif not answer.taken:
            self._reset(line)
        return answer

    def close(self) -> None:
        """Say goodbye."""
        if self._line is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):  # it hung up first
                self._line.close()
            self._line = None

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _reset(self, line: smtplib.SMTP) -> None:
        try:
            line.rset()
        except (OSError, smtplib.SMTPException):  # the next message opens a new line
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        account = self.account
        context = account.context() if account.security != "none" else None
        line: smtplib.SMTP | None = None
        try:
            if account.security == "tls":
                line = smtplib.SMTP_SSL(account.host, account.door, timeout=account.timeout, context=context)
            else:
                line = smtplib.SMTP(account.host, account.door, timeout=account.timeout)
            line.ehlo_or_helo_if_needed()
            if account.security == "starttls":
                line.starttls(context=context)
                line.ehlo()
            if account.user:
                line.login(account.user, account.password)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            if line is not None:
                line.close()
            raise _unreachable(account, error) from error
        return line


def _transaction(line: smtplib.SMTP, sender: str, to: Sequence[str], data: bytes, over: _Handover) -> Answer:
    """MAIL, RCPT, DATA. A recipient refused for good is left out as long as another is taken."""
    options = [f"size={len(data)}"] if line.has_extn("size") else []
    answer = _answer(line.mail(sender, options))
    if not answer.taken:
        return answer
    refused: list[tuple[str, Answer]] = []
    for one in to:
        answer = _answer(line.rcpt(one))
        if answer.refused:
            refused.append((one, answer))
        elif not answer.taken:
            return answer
    if len(refused) == len(to):
        return refused[-1][1]
    answer = _answer(_data(line, data, over))
    missed = "; ".join(f"{one}: {why}" for one, why in refused)
    return Answer(answer.code, f"{answer.text} ({missed})") if missed else answer


def _data(line: smtplib.SMTP, data: bytes, over: _Handover) -> tuple[int, bytes]:
    """Body, notice, last dot, answer: until that dot the server has nothing. ``smtplib`` sends both in one."""
    line.putcmd("data")
    code, said = line.getreply()
    if code != 354:
        return code, said
    assert line.sock is not None
    line.send(_DOT.sub(b"..", data))
    over()
    line.sock.settimeout(max(END, line.timeout))
    line.send(b".\r\n")
    answer = line.getreply()
    line.sock.settimeout(line.timeout)
    return answer


def _answer(said: tuple[int, bytes]) -> Answer:
    return Answer(said[0], " ".join(said[1].decode("utf-8", "replace").split()))


def _unreachable(account: Account, error: Exception) -> Fault:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = _answer((error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""))
        return Fault(
            "mail-login",
            Text(f"邮箱 {account.user} 登录失败（{said}）。", f"Login of {account.user} failed ({said})."),
            hint=Text(
                "许多邮箱要用授权码，不是网页密码。", "Many providers want an authorisation code, not the web password."
            ),
        )
    if isinstance(error, UnicodeError):
        return Fault(
            "mail-login",
            Text("用户名和密码只能用英文字母、数字和符号。", "User name and password must be ASCII."),
            hint=Text("请向邮箱管理员要授权码。", "Ask for an authorisation code."),
            exit=2,
        )
    what = f"{type(error).__name__}: {error}"
    return Fault(
        "mail-server",
        Text(
            f"连不上邮件服务器 {account.host}:{account.door}（{account.security}，{what}）。",
            f"Cannot reach the mail server {account.host}:{account.door} ({account.security}, {what}).",
        ),
    )
