"""The mail account: server, security, and a password from environment, keyring or prompt, never from a file."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from auditkit.model.words import Fault, Text

Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
PASSWORD = "AUDITKIT_MAIL_PASSWORD"  # noqa: S105 - the name of a variable
KEYRING = "auditkit"
"""The service under which a keyring keeps the password of ``user@host``."""


@dataclass(frozen=True)
class Account:
    """How to reach a server. ``password`` is empty where there is no login."""

    host: str
    port: int = 0
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    authority: Path | None = None
    """Certificates to trust besides the system's, for servers with a certificate of their own office."""
    timeout: float = 60

    def __repr__(self) -> str:
        """Without the password."""
        return f"Account({self.user}@{self.host}:{self.door}, {self.security})"

    @property
    def door(self) -> int:
        """The port."""
        return self.port or PORTS[self.security]

    def context(self) -> ssl.SSLContext:
        """Certificates and host names are always checked."""
        made = ssl.create_default_context()
        if self.authority is not None:
            try:
                made.load_verify_locations(self.authority)
            except (OSError, ssl.SSLError) as error:
                raise Fault(
                    "bad-certificate",
                    Text(f"读不了证书 {self.authority}（{error}）。", f"Cannot read {self.authority} ({error})."),
                    exit=2,
                ) from error
        return made


def checked(account: Account) -> Account:
    """The account, if its password would not cross a network in the clear.

    Raises:
        Fault: ``clear-password`` (exit 2).
    """
    if account.security == "none" and account.user and not _here(account.host):
        raise Fault(
            "clear-password",
            Text("不加密的连接上不能发送密码。", "A password is not sent over a connection in the clear."),
            hint=Text("请用 --security starttls 或 tls。", "Use --security starttls or tls."),
            exit=2,
        )
    return account


def _here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def password(
    user: str,
    host: str,
    environment: Mapping[str, str] | None = None,
    prompt: Callable[[], str] | None = None,
) -> str:
    """The password: from ``AUDITKIT_MAIL_PASSWORD``, else the system's keyring where there is one, else the prompt.

    Raises:
        Fault: ``no-password`` (exit 2) when nobody can be asked.
    """
    found = (os.environ if environment is None else environment).get(PASSWORD, "") or _kept(f"{user}@{host}")
    if not found and prompt is not None:
        found = prompt()
    if not found:
        raise Fault(
            "no-password",
            Text("没有邮箱密码。", "There is no password for the mail account."),
            hint=Text(f"请设环境变量 {PASSWORD}，或在终端里运行。", f"Set {PASSWORD}, or run it in a terminal."),
            exit=2,
        )
    return found


def _kept(name: str) -> str:
    if find_spec("keyring") is None:
        return ""
    keyring = import_module("keyring")
    try:
        return str(keyring.get_password(KEYRING, name) or "")
    except keyring.errors.KeyringError:  # no keyring is open on this machine: the prompt is asked
        return ""
