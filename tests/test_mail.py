"""Mail against a real server: each unit once a round, through throttling, refusals, broken lines and kills."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from auditkit.mail import account, drafting, ledger, letters, sending
from auditkit.mail.account import Account
from auditkit.mail.ledger import Draft
from auditkit.mail.letters import Letter, Sender
from auditkit.mail.message import Attachment
from auditkit.mail.post import Lost, Server
from auditkit.mail.sending import Pace, Sending
from auditkit.model.words import Fault, Text

SENDER = Sender("shenhe@example.org")
RUN = "R1"


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    email: str
    language: str = "zh"


def unit(n: int) -> Unit:
    return Unit(f"u{n:03}", f"单位{n}", f"u{n:03}@example.org")


@dataclass
class Clock:
    """Waits without waiting, and remembers how long."""

    at: datetime = datetime(2022, 1, 20, 9, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@dataclass
class Box:
    """What the server does: an answer for each RCPT and DATA, and what it took."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    at_recipient: Callable[[str], str] = lambda _: "250 OK"
    at_data: Callable[[str], str] = lambda _: "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        answer = self.at_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.at_data(envelope.rcpt_tos[0])
        if answer.startswith("250"):
            self.taken += [(to, envelope.content) for to in envelope.rcpt_tos]
        return answer

    @property
    def times(self) -> Counter[str]:
        return Counter(to for to, _ in self.taken)


class Anywhere(Controller):
    """A server at a port that is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(box: Box, **options: object) -> Iterator[Controller]:
    controller = Anywhere(box, hostname="127.0.0.1", port=0, **options)  # type: ignore[arg-type] # as given
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


def outbox(folder: Path, many: int = 3, turn: int = 1, run: str = RUN) -> None:
    said = [
        (Letter(unit(n), "return", Text("年报", "report"), campaign="cn:2021"), [Attachment("结果.xlsx", b"x")])
        for n in range(many)
    ]
    with ledger.opened(folder) as book:
        drafting.draft(said, book, folder, SENDER, run=run, turn=turn, language="zh")


def post(folder: Path, port: int, clock: Clock | None = None, pace: Pace | None = None, **chosen: object) -> Sending:
    test_to = str(chosen.get("test_to", ""))
    with ledger.opened(folder) as book, ledger.alone(folder):
        planned = sending.plan(book, folder / RUN, RUN, **chosen)  # type: ignore[arg-type] # as given
        server = Server(Account("127.0.0.1", port, "none"))
        steps = sending.send(
            planned, book, folder / RUN, SENDER.address, server, clock or Clock(), pace or Pace(), test_to=test_to
        )
        try:
            *_, last = steps
        finally:
            server.close()
    return last


def planned(folder: Path, **chosen: object) -> sending.Plan:
    with ledger.opened(folder) as book:
        return sending.plan(book, folder / RUN, RUN, **chosen)  # type: ignore[arg-type] # as given


def test_each_unit_gets_its_own_once(tmp_path: Path) -> None:
    outbox(tmp_path)
    box = Box()
    with serving(box) as server:
        assert post(tmp_path, server.port) == Sending(sent=3)
        assert post(tmp_path, server.port) == Sending(sent=0)
    assert box.times == {f"u{n:03}@example.org": 1 for n in range(3)}
    draft = (tmp_path / RUN / "u000.1.eml").read_bytes()
    assert draft.startswith(b"X-Unsent: 1\r\nContent-Type")
    assert box.taken[0][1] == draft.replace(b"X-Unsent: 1", b"Date: Thu, 20 Jan 2022 09:00:00 +0000", 1)
    assert [draft.unit for draft in planned(tmp_path).because("sent before")] == ["u000", "u001", "u002"]


def test_drafts_can_be_looked_at_before(tmp_path: Path) -> None:
    people = [unit(1), replace(unit(2), email=""), replace(unit(3), email="青山"), replace(unit(4), name="=1+1")]
    said = [(Letter(one, "explain", Text("年报", "report")), [Attachment("a.xlsx", b"x")]) for one in people]
    with ledger.opened(tmp_path) as book:
        done = drafting.draft(said, book, tmp_path, SENDER, run=RUN, turn=1, language="zh")
    assert [(one.unit, why.zh) for one, why in done.unaddressed] == [
        ("u002", "没有邮箱。"),
        ("u003", "“青山”不是邮箱地址。"),
    ]
    listed = (tmp_path / RUN / drafting.LIST).read_text("utf-8-sig").splitlines()
    assert listed[0] == "单位代码,单位,邮箱,结论,主题,附件,草稿,不能发的原因"
    assert listed[1].startswith("u001,单位1,u001@example.org,待说明,【待说明】年报审核结果—单位1[AK-R1-u001-1],a.xlsx")
    assert listed[4].startswith("u004,'=1+1,")
    assert len(planned(tmp_path).due) == 2
    assert [draft.unit for draft in planned(tmp_path).because("no address")] == ["u002", "u003"]


def test_two_units_of_one_code_and_a_sender_without_address(tmp_path: Path) -> None:
    said = [(Letter(unit(1), "return", Text("", "")), [])] * 2
    with ledger.opened(tmp_path) as book:
        with pytest.raises(Fault, match="on the roster twice"):
            drafting.draft(said, book, tmp_path, SENDER, run=RUN, turn=1, language="zh")
        with pytest.raises(Fault, match="no mail address"):
            drafting.draft([], book, tmp_path, Sender("me"), run=RUN, turn=1, language="zh")


def test_a_notice_carries_no_attachment(tmp_path: Path) -> None:
    said = [(Letter(unit(1), "return", Text("年报", "report")), [Attachment("a.xlsx", b"x")])]
    with ledger.opened(tmp_path) as book:
        drafting.draft(said, book, tmp_path, SENDER, run=RUN, turn=1, language="zh", notify_only=True)
    assert b"Content-Disposition" not in (tmp_path / RUN / "u001.1.eml").read_bytes()


def test_throttling_is_waited_out(tmp_path: Path) -> None:
    outbox(tmp_path)
    says = iter(["451 too fast", "451 4.7.1 later", "250 OK", "450 busy", *["250 OK"] * 9])
    box, clock = Box(at_recipient=lambda _: next(says)), Clock()
    with serving(box) as server:
        assert post(tmp_path, server.port, clock) == Sending(sent=3)
    assert sorted(box.times.values()) == [1, 1, 1]
    assert clock.slept == [30, 60, 3, 30, 3]


def test_a_server_that_only_puts_off_is_left_until_later(tmp_path: Path) -> None:
    outbox(tmp_path)
    box, clock = Box(at_data=lambda _: "451 later"), Clock()
    with serving(box) as server:
        done = post(tmp_path, server.port, clock)
        assert (done.sent, len(done.put_off)) == (0, 3)
        assert done.stopped is not None
        assert "put off 8 in a row (451 later)" in done.stopped.en
        assert clock.slept == [30, 60, 120, 240, 480, 900, 900]
        box.at_data = lambda _: "250 OK"
        assert post(tmp_path, server.port) == Sending(sent=3)
    assert sorted(box.times.values()) == [1, 1, 1]


def test_three_refusals_in_a_row_stop(tmp_path: Path) -> None:
    outbox(tmp_path, 6)
    refused = {f"u{n:03}@example.org" for n in (0, 2, 3, 4)}
    box = Box(at_data=lambda to: "554 DT:SPM" if to in refused else "250 OK")
    with serving(box) as server:
        done = post(tmp_path, server.port)
    assert done.stopped is not None
    assert "连续 3 封被拒收（554 DT:SPM）" in done.stopped.zh
    assert [draft.unit for draft, _ in done.refused] == ["u000", "u002", "u003", "u004"]
    assert [draft.unit for draft in done.put_off] == ["u005"]
    assert box.times == {"u001@example.org": 1}
    assert not done.complete


def test_one_unknown_recipient_of_two_does_not_keep_the_other_from_it(tmp_path: Path) -> None:
    both = replace(unit(1), email="a@example.org; b@example.org")
    with ledger.opened(tmp_path) as book:
        drafting.draft(
            [(Letter(both, "return", Text("", "")), [])], book, tmp_path, SENDER, run=RUN, turn=1, language="zh"
        )
    box = Box(at_recipient=lambda to: "550 no such user" if to.startswith("b") else "250 OK")
    with serving(box) as server:
        assert post(tmp_path, server.port).sent == 1
    with ledger.opened(tmp_path) as book:
        assert book.postings(RUN)[0].answer == "250 OK (b@example.org: 550 no such user)"


def test_a_daily_cap_holds_over_runs_of_the_program(tmp_path: Path) -> None:
    outbox(tmp_path, 5)
    box, clock = Box(), Clock()
    with serving(box) as server:
        for expected in (2, 0):
            done = post(tmp_path, server.port, clock, Pace(per_day=2))
            assert done.stopped is not None
            assert (done.sent, "到上限" in done.stopped.zh) == (expected, True)
        clock.at += timedelta(days=1, seconds=5)
        assert post(tmp_path, server.port, clock, Pace(per_day=4)) == Sending(sent=3)
    assert len(box.times) == 5


def test_the_pace_is_kept(tmp_path: Path) -> None:
    outbox(tmp_path, 4)
    clock = Clock()
    with serving(Box()) as server:
        post(tmp_path, server.port, clock, Pace(per_minute=20, wobble=lambda: 1.5))
    assert clock.slept == [4.5] * 3


def test_only_some_and_again_on_purpose(tmp_path: Path) -> None:
    outbox(tmp_path)
    box = Box()
    with serving(box) as server:
        assert post(tmp_path, server.port, units={"u001"}).sent == 1
        assert post(tmp_path, server.port, only={"pass"}).sent == 0
        assert post(tmp_path, server.port, units={"u001"}, resend={"u001"}).sent == 1
        assert post(tmp_path, server.port).sent == 2
    assert box.times == {"u000@example.org": 1, "u001@example.org": 2, "u002@example.org": 1}
    assert (
        len({re for to, data in box.taken if to[:4] == "u001" for re in data.splitlines() if b"Message-ID" in re}) == 1
    )


def test_a_look_at_the_messages_does_not_count(tmp_path: Path) -> None:
    outbox(tmp_path)
    box = Box()
    with serving(box) as server:
        assert post(tmp_path, server.port, test_to="me@example.org").sent == 3
        assert post(tmp_path, server.port, test_to="me@example.org").sent == 3
        assert box.times == {"me@example.org": 6}
        assert post(tmp_path, server.port).sent == 3


def test_an_altered_or_deleted_draft_is_not_sent(tmp_path: Path) -> None:
    outbox(tmp_path)
    (tmp_path / RUN / "u000.1.eml").write_bytes(b"other")
    (tmp_path / RUN / "u001.1.eml").unlink()
    plan = planned(tmp_path)
    assert [why for _, why in plan.kept] == ["draft changed", "draft removed"]
    assert [draft.unit for draft in plan.due] == ["u002"]


def test_the_second_round_answers_the_first(tmp_path: Path) -> None:
    outbox(tmp_path)
    with serving(Box()) as server:
        post(tmp_path, server.port, units={"u001"})
    outbox(tmp_path, turn=2)
    outbox(tmp_path, run="R2", turn=3)
    second = (tmp_path / RUN / "u001.2.eml").read_bytes()
    assert b"Message-ID: <R1.u001.2@example.org>\r\nIn-Reply-To: <R1.u001.1@example.org>\r\n" in second
    assert b"References: <R1.u001.1@example.org>\r\n" in (tmp_path / "R2" / "u001.3.eml").read_bytes()
    assert b"In-Reply-To" not in (tmp_path / RUN / "u000.2.eml").read_bytes()


def test_nobody_else_sends_meanwhile(tmp_path: Path) -> None:
    with ledger.alone(tmp_path), pytest.raises(Fault, match="Another window"), ledger.alone(tmp_path):
        pass
    with ledger.alone(tmp_path):
        pass


def test_a_line_that_breaks_before_the_last_dot_is_tried_again(tmp_path: Path) -> None:
    outbox(tmp_path)
    says = iter(["421 closing", *["250 OK"] * 9])
    box = Box(at_recipient=lambda _: next(says))
    with serving(box) as server:
        assert post(tmp_path, server.port).sent == 3
    assert sorted(box.times.values()) == [1, 1, 1]


class Breaking:
    """A post whose line breaks after messages were handed over."""

    def send(self, sender, to, data, handed):
        handed()
        raise Lost("gone")

    def close(self) -> None:
        pass


def test_what_was_handed_over_without_an_answer_is_for_a_person(tmp_path: Path) -> None:
    outbox(tmp_path, 4)
    with ledger.opened(tmp_path) as book:
        plan = sending.plan(book, tmp_path / RUN, RUN)
        *_, done = sending.send(plan, book, tmp_path / RUN, "a@example.org", Breaking(), Clock())
    assert ([d.unit for d in done.doubtful], [d.unit for d in done.put_off]) == (["u000", "u001"], ["u002", "u003"])
    assert [d.unit for d in planned(tmp_path).because("in doubt")] == ["u000", "u001"]
    now = datetime(2022, 1, 21, tzinfo=UTC)
    with ledger.opened(tmp_path) as book:
        assert sending.settle(book, RUN, "u000", arrived=True, now=now) == 1
        assert sending.settle(book, RUN, "u001", arrived=False, now=now) == 1
        assert sending.settle(book, RUN, "u002", arrived=False, now=now) == 0
    assert [d.unit for d in planned(tmp_path).due] == ["u001", "u002", "u003"]
    assert [d.unit for d in planned(tmp_path, resend={"u000"}).due] == ["u000", "u001", "u002", "u003"]


def test_no_server_is_a_fault_and_nothing_is_lost(tmp_path: Path) -> None:
    outbox(tmp_path)
    with serving(Box()) as server:
        port = server.port
    with pytest.raises(Fault, match="Cannot reach the mail server"):
        post(tmp_path, port)
    assert len(planned(tmp_path).due) == 3


CHILD = """
import os, sys
from pathlib import Path
from auditkit.mail import ledger, sending
from auditkit.mail.account import Account
from auditkit.mail.post import Server
from datetime import UTC, datetime
class Clock:
    def now(self): return datetime.now(UTC)
    def sleep(self, seconds): pass
folder, port = Path(sys.argv[1]), int(sys.argv[2])
with ledger.opened(folder) as book, ledger.alone(folder):
    plan = sending.plan(book, folder / "R1", "R1")
    server = Server(Account("127.0.0.1", port, "none"))
    for _ in sending.send(plan, book, folder / "R1", "a@example.org", server, Clock()):
        pass
"""


def child(folder: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD, str(folder), str(port)])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL")
def test_killed_in_the_middle_and_started_again_each_unit_gets_it_once(tmp_path: Path) -> None:
    many = 14
    outbox(tmp_path, many)
    running: list[subprocess.Popen[bytes]] = []
    box = Box()
    before, after = {"u003@example.org", "u009@example.org"}, {"u006@example.org"}

    def kill(to: str, where: set[str]) -> str:
        if to in where:
            where.discard(to)
            os.kill(running[-1].pid, signal.SIGKILL)
            running[-1].wait()
        return "250 OK"

    box.at_recipient = lambda to: kill(to, before)
    box.at_data = lambda to: kill(to, after)
    codes = []
    with serving(box) as server:
        for _ in range(5):
            running.append(child(tmp_path, server.port))
            codes.append(running[-1].wait(60))
    assert codes == [-signal.SIGKILL] * 3 + [0, 0]
    assert box.times == {f"u{n:03}@example.org": 1 for n in range(many)}
    assert [d.unit for d in planned(tmp_path).because("in doubt")] == ["u006"], "taken, but nobody told us"


def certificate(folder: Path) -> tuple[Path, Path]:
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return key, cert


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_starttls_and_login(tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)

    def login(server, session, envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        return AuthResult(success=(data.login, data.password) == (b"me", b"pass"), handled=False)

    box = Box()
    options = {"tls_context": context, "require_starttls": True, "authenticator": login, "auth_required": True}
    with serving(box, **options) as running:
        good = Account("localhost", running.port, "starttls", "me", "pass", cert)
        server = Server(good)
        assert server.send("a@example.org", ["b@example.org"], b"Subject: x\r\n\r\n.y\r\n", lambda: None).code == 250
        server.close()
        for bad, said in (
            (replace(good, password="x"), "Login of me failed"),
            (replace(good, password="密"), "must be ASCII"),
            (replace(good, authority=None), "CERTIFICATE_VERIFY_FAILED"),
            (replace(good, authority=tmp_path / "none.pem"), "Cannot read"),
        ):
            with pytest.raises(Fault, match=said):
                Server(bad).send("a@example.org", ["b@example.org"], b"x\r\n", lambda: None)
    assert [content for _, content in box.taken] == [b"Subject: x\r\n\r\n.y\r\n"]


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    box = Box()
    with serving(box) as running, pytest.raises(Fault, match="STARTTLS"):
        Server(Account("127.0.0.1", running.port)).send("a@example.org", ["b@example.org"], b"x\r\n", lambda: None)
    assert box.taken == []


def test_a_password_never_crosses_a_network_in_the_clear_nor_shows() -> None:
    with pytest.raises(Fault, match="in the clear"):
        Server(Account("mail.example.org", security="none", user="me", password="secret"))
    assert "secret" not in repr(Account("mail.example.org", user="me", password="secret"))


def test_the_password_comes_from_the_environment_or_a_prompt() -> None:
    assert account.password("me", "h", {account.PASSWORD: "one"}, lambda: "two") == "one"
    assert account.password("me", "h", {}, lambda: "two") == "two"
    with pytest.raises(Fault, match="no password"):
        account.password("me", "h", {})


def test_the_ledger_lists_every_try(tmp_path: Path) -> None:
    outbox(tmp_path, 1)
    says = iter(["451 later", "250 OK", "250 OK"])
    with serving(Box(at_recipient=lambda _: next(says))) as server:
        post(tmp_path, server.port)
    with ledger.opened(tmp_path) as book:
        assert [(p.attempt, p.status, p.answer) for p in book.postings(RUN)] == [
            (1, "deferred", "451 later"),
            (2, "sent", "250 OK"),
        ]
        assert (book.runs(), [type(d) for d in book.drafts(RUN)]) == ([RUN], [Draft])
        assert letters.OUTCOMES[0] == "return"
