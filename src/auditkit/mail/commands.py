"""Commands of the mail: ``draft``, ``send``, ``status``, ``settle``. They return an exit status."""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditkit.model.words import Fault, Text
from auditkit.replies.commands import lang_option, say, spoken

if TYPE_CHECKING:
    from auditkit.mail.account import Account
    from auditkit.mail.ledger import Ledger
    from auditkit.mail.sending import Pace, Plan

DONE, UNDONE = 0, 3
CHOICES = ("return", "explain", "not checked", "unreadable", "pass", "missing")
USUAL = ("return", "explain", "not checked", "unreadable")

outbox_option = click.option(
    "--outbox", type=click.Path(path_type=Path, file_okay=False), default=Path("outbox"), show_default=True
)
only_option = click.option("--only", type=click.Choice(CHOICES), multiple=True, help="Only this verdict; may repeat.")
unit_option = click.option("--unit", "units", multiple=True, metavar="CODE", help="Only this unit; may repeat.")


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@click.group()
def mail() -> None:
    """Send results by mail: draft, look, send / 邮件."""


@mail.command("draft")
@click.argument("results", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="FOLDER")
@click.option("--store", metavar="FILE", help="Where check kept its runs; default: where it keeps them.")
@click.option("--store-run", type=int, help="Number of the run in the store; default: the last one.")
@click.option("--roster", "people", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True)
@click.option("--run", required=True, metavar="NAME", help="Name of the round of letters, such as R20220118-01.")
@click.option("--round", "turn", type=click.IntRange(1), help="Default: that of the workbooks.")
@click.option("--known", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="As with check.")
@click.option("--no-known", is_flag=True, help="As with check.")
@click.option("--from", "address", required=True, metavar="ADDRESS")
@click.option("--from-name", default="")
@click.option("--reply-to", default="", help="A box that somebody reads.")
@click.option("--deadline", default="", help="As it should be read: 1月28日.")
@click.option("--contact", default="", help="Whom to ask, with a telephone number.")
@click.option("--title", default="", help="What is reported, for units that sent nothing.")
@click.option("--notify-only", is_flag=True, help="Only say that the result is ready: nothing is attached.")
@click.option("--link", default="", help="With --notify-only: where the result waits.")
@click.option("--names", type=click.Choice(["both", "rfc2231", "ascii"]), default="both", help="Attachment names.")
@outbox_option
@only_option
@unit_option
@lang_option
def mail_draft(results: Path, store: str | None, people: Path, lang: str | None, **options: Any) -> int:
    """Write one .eml a unit, with the workbooks of FOLDER; sends nothing / 写草稿."""
    from auditkit.checking.rounds import Earlier  # noqa: PLC0415
    from auditkit.mail import drafting, gathering, ledger  # noqa: PLC0415 - only here
    from auditkit.mail.letters import Sender, letter, unit_id  # noqa: PLC0415

    title = Text(options["title"], options["title"])
    made = []
    going = gathering.workbooks(results)
    turn = options["turn"] or gathering.round_of(going)
    earlier = Earlier(options["known"], options["no_known"])
    for unit, came in gathering.came(store, options["store_run"], people, earlier, spoken(lang)):
        said = letter(unit, came, title if not came else Text("", ""))
        if said.outcome not in (options["only"] or USUAL):
            continue
        if options["units"] and unit_id(unit) not in options["units"]:
            continue
        found = came
        made.append((said, gathering.attached(unit, found, going, turn, spoken(lang))))
    sender = Sender(
        options["address"],
        options["from_name"],
        options["reply_to"],
        options["deadline"],
        options["contact"],
        options["link"],
    )
    with ledger.opened(options["outbox"]) as book:
        done = drafting.draft(
            made,
            book,
            options["outbox"],
            sender,
            run=options["run"],
            turn=turn,
            language=spoken(lang),
            notify_only=options["notify_only"],
            style=options["names"],
        )
    n = len(done.drafts)
    say(
        Text(
            f"写出 {n} 个草稿到 {done.folder}，清单 {drafting.LIST}。可双击查看；没有发出任何邮件",
            f"Wrote {n} drafts to {done.folder}, list in {drafting.LIST}. Open one to look; nothing was sent",
        ),
        lang,
    )
    for one, why in done.unaddressed:
        say(Text(f"▲ {one.name}：{why.zh}", f"▲ {one.name}: {why.en}"), lang)
    return DONE


@mail.command("send")
@click.option("--run", required=True, metavar="NAME")
@click.option("--really", is_flag=True, help="Send. Without it, only say what would be sent.")
@click.option("--dry-run", is_flag=True, help="The default.")
@click.option("--host", envvar="AUDITKIT_MAIL_HOST", help="The mail server.")
@click.option("--port", type=int, default=0, help="Default: 587, 465 or 25 by --security.")
@click.option("--security", type=click.Choice(["starttls", "tls", "none"]), default="starttls", show_default=True)
@click.option("--user", default="", envvar="AUDITKIT_MAIL_USER", help="Login; the password is never an option.")
@click.option("--ca", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Certificate to trust.")
@click.option("--from", "address", metavar="ADDRESS", help="Envelope sender; default: --user.")
@click.option(
    "--per-minute", type=click.FloatRange(0.1), default=20.0, show_default=True, envvar="AUDITKIT_MAIL_PER_MINUTE"
)
@click.option("--per-day", type=click.IntRange(0), default=500, show_default=True, help="Within 24 hours; 0: no limit.")
@click.option("--test-to", default="", metavar="ADDRESS", help="Send everything to me; it does not count as sent.")
@click.option("--resend", multiple=True, metavar="CODE", help="Send to this unit again; may repeat.")
@outbox_option
@only_option
@unit_option
@lang_option
def mail_send(outbox: Path, run: str, lang: str | None, **options: Any) -> int:
    """Say what would be sent; with --really, send it, each unit once / 发送."""
    from auditkit.mail import ledger, sending, telling  # noqa: PLC0415 - only here
    from auditkit.mail.letters import slug  # noqa: PLC0415

    if options["really"] and options["dry_run"]:
        raise Fault("usage", Text("--really 和 --dry-run 只能选一个。", "--really or --dry-run, not both."), exit=2)
    folder = outbox / slug(run)
    chosen = {name: options[name] for name in ("only", "units", "resend", "test_to")}
    with ledger.opened(outbox) as book:
        if not options["really"]:
            for line in telling.plan_lines(sending.plan(book, folder, run, **chosen), options["per_minute"]):
                say(line, lang)
            say(Text("没有发出任何邮件。确认后加 --really", "Nothing was sent. To send, add --really"), lang)
            return DONE
        account, address = _account(options)
        pace = sending.Pace(options["per_minute"], options["per_day"], _wobble)
        with ledger.alone(outbox):  # planned inside, or another window could send between plan and lock
            planned = sending.plan(book, folder, run, **chosen)
            for line in telling.plan_lines(planned, pace.per_minute):
                say(line, lang)
            return _post(planned, book, folder, account, address, pace, options["test_to"], lang)


def _wobble() -> float:
    return random.uniform(0.75, 1.25)  # noqa: S311 - a pause, no secret


def _post(
    planned: Plan,
    book: Ledger,
    folder: Path,
    account: Account,
    address: str,
    pace: Pace,
    test_to: str,
    lang: str | None,
) -> int:
    from auditkit.mail import sending, telling  # noqa: PLC0415 - only here
    from auditkit.mail.post import Server  # noqa: PLC0415

    server = Server(account)
    last = sending.Sending()
    try:
        for last in sending.send(planned, book, folder, address, server, WallClock(), pace, test_to):
            if last.sent and last.sent % 20 == 0:
                click.echo(f"{last.sent}/{len(planned.due)}", err=True)
    finally:
        server.close()
    for line in telling.end_lines(last):
        say(line, lang)
    kept = [why for _, why in planned.kept if why != "sent before"]
    return DONE if last.complete and not kept else UNDONE


def _account(options: dict[str, Any]) -> tuple[Account, str]:
    """The account, its password asked for last, and the envelope sender."""
    from auditkit.mail.account import Account, password  # noqa: PLC0415 - only here
    from auditkit.mail.message import addresses  # noqa: PLC0415

    host, user = options["host"], options["user"]
    if not host:
        raise Fault("usage", Text("要写 --host（邮件服务器）。", "--host (the mail server) is needed."), exit=2)
    (address, *_) = addresses(options["address"] or user)
    asked = (lambda: str(click.prompt("password", hide_input=True, err=True))) if sys.stdin.isatty() else None
    secret = password(user, host, prompt=asked) if user else ""
    return Account(host, options["port"], options["security"], user, secret, options["ca"]), address


@mail.command("status")
@click.option("--run", metavar="NAME", help="Default: every run.")
@outbox_option
@lang_option
def mail_status(outbox: Path, run: str | None, lang: str | None) -> int:
    """What was sent, refused, put off, or is in doubt / 发送情况."""
    from auditkit.mail import ledger, sending, telling  # noqa: PLC0415 - only here
    from auditkit.mail.letters import slug  # noqa: PLC0415

    undone = False
    with ledger.opened(outbox) as book:
        for one in [run] if run else book.runs():
            planned = sending.plan(book, outbox / slug(one), one)
            sent, doubtful = planned.because("sent before"), planned.because("in doubt")
            left = len(planned.due) + len(planned.kept) - len(sent) - len(doubtful)
            n, d = len(sent), len(doubtful)
            say(
                Text(f"{one}  已发 {n}，未发 {left}，不明 {d}", f"{one}  sent {n}, not sent {left}, in doubt {d}"), lang
            )
            tries = {p.unit: p for p in book.postings(one) if p.status in {"refused", "deferred"} and not p.test}
            for draft in planned.due:
                if draft.unit in tries:
                    answer = tries[draft.unit].answer
                    say(
                        Text(f"× {draft.name} {draft.address}：{answer}", f"× {draft.name} {draft.address}: {answer}"),
                        lang,
                    )
            for line in telling.doubt_lines(doubtful):
                say(line, lang)
            undone |= bool(left or d)
    return UNDONE if undone else DONE


@mail.command("settle")
@click.option("--run", required=True, metavar="NAME")
@click.option("--unit", required=True, metavar="CODE")
@click.option("--arrived/--lost", required=True, help="What the sent folder or the unit says.")
@outbox_option
@lang_option
def mail_settle(outbox: Path, run: str, unit: str, arrived: bool, lang: str | None) -> int:
    """Say whether a message in doubt arrived; one that was lost is sent at the next send / 说明是否送达."""
    from auditkit.mail import ledger, sending  # noqa: PLC0415 - only here

    with ledger.opened(outbox) as book, ledger.alone(outbox):
        n = sending.settle(book, run, unit, arrived=arrived, now=datetime.now(UTC))
    if not n:
        raise Fault("no-doubt", Text(f"{unit} 没有不明的邮件。", f"Nothing of {unit} is in doubt."), exit=2)
    say(Text(f"已记下 {n} 封", f"{n} noted"), lang)
    return DONE
