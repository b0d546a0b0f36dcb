"""Commands of the reply loop: ``replies read`` and ``known list|review|add|prune``. They return an exit status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from auditkit.model.words import Fault, Language, Text

if TYPE_CHECKING:
    from auditkit.known import Entry, Sent, Signed
    from auditkit.replies import Matched

DONE, OPEN, UNREAD = 0, 1, 3
KNOWN = Path("known.yaml")

lang_option = click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages / 语言.")
file_option = click.option(
    "--file", "file", type=click.Path(path_type=Path, dir_okay=False), default=KNOWN, show_default=True
)
run_option = click.option(
    "--run",
    "run",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    metavar="RUN.jsonl",
    help="What was sent out: the file that check --out RUN.jsonl wrote.",
)
by_option = click.option("--by", required=True, metavar="NAME", help="Who decides.")


def spoken(lang: str | None) -> Language:
    """The language asked for here, else the one the main command found (its context's object)."""
    found = lang or click.get_current_context().find_object(str) or "en"
    return cast("Language", found)


def say(text: Text, lang: str | None) -> None:
    click.echo(text.to(spoken(lang)))


@click.group()
def replies() -> None:
    """Take returned workbooks back / 读回复."""


@replies.command("read")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="PATH...")
@run_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=KNOWN, show_default=True)
@click.option(
    "--disputed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="Also write what offices say against rules, for their author.",
)
@click.option("--dry-run", is_flag=True, help="Say what was read and write nothing.")
@lang_option
def replies_read(
    paths: tuple[Path, ...], run: Path, out: Path, disputed: Path | None, dry_run: bool, lang: str | None
) -> int:
    """Read replies by key; explanations wait in the file of known ones for a decision / 读回传表."""
    from auditkit.known import load, save  # noqa: PLC0415 - YAML, only here
    from auditkit.replies import match, read  # noqa: PLC0415 - readers, only here
    from auditkit.replies.telling import disputed_csv, told  # noqa: PLC0415

    matched = match(read(_files(paths)), _sent(run))
    for line in told(matched):
        say(line, lang)
    for one in matched.unreadable:
        click.echo(f"× {one.to(spoken(lang))}", err=True)
    if disputed is not None and not dry_run:
        from auditkit.deliver import deliver  # noqa: PLC0415 - only here

        deliver(disputed, disputed_csv(matched, spoken(lang)))
    if not dry_run:
        entries = _taken_down(load(out) if out.exists() else (), matched)
        save(out, entries)
        waiting = sum(entry.pending for entry in entries)
        say(Text(f"待审定 {waiting} 条 → auditkit known review", f"{waiting} to judge → auditkit known review"), lang)
    return UNREAD if matched.unreadable else DONE


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Files as given; of folders every workbook, in order of name."""
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix.lower() in {".xlsx", ".xls", ".ods", ".et"})
            yield from (p for p in found if not p.name.startswith(("~$", ".")))
        else:
            yield path


def _sent(run: Path) -> list[Sent]:
    from auditkit.known import read_lines  # noqa: PLC0415 - only here

    return list(read_lines(run.read_text("utf-8-sig", "replace").splitlines(), run.name))


def _taken_down(entries: tuple[Entry, ...], matched: Matched) -> tuple[Entry, ...]:
    """Explanations added, not yet accepted; who wrote them is known by unit only."""
    from auditkit.known import add  # noqa: PLC0415 - only here

    for one in matched.answered:
        if one.reply.decision == "true" and one.reply.text:
            entries = add(entries, one.sent, one.reply.text, _signed(one.sent.unit))
    return entries


def _signed(who: str) -> Signed:
    from auditkit.known import Signed  # noqa: PLC0415 - only here

    return Signed(" ".join(who.split()) or "?", _today())


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


@click.group()
def known() -> None:
    """Explanations: what was accepted, until when, and why / 已知说明."""


@known.command("list")
@file_option
@click.option("--unit", help="Of one unit only.")
@click.option("--rule", help="Of one rule only.")
@lang_option
def known_list(file: Path, unit: str | None, rule: str | None, lang: str | None) -> int:
    """Explanations with author, decision and end / 列出说明."""
    from auditkit.known import load  # noqa: PLC0415 - only here

    for entry in load(file):
        if (unit is None or entry.unit == unit) and (rule is None or entry.rule == rule):
            say(_line(entry), lang)
    return DONE


def _line(entry: Entry) -> Text:
    head = f"{entry.key}  {entry.rule}  {entry.unit}  {entry.where}  “{entry.reason}”  {entry.by}"
    if entry.accepted is not None and entry.until is not None:
        over = entry.until < _today()
        zh, en = ("已过期" if over else "同意"), ("ended" if over else "accepted")
        return Text(
            f"{head}  {entry.accepted} {zh}  有效至 {entry.until}",
            f"{head}  {en} {entry.accepted}  until {entry.until}",
        )
    if entry.refused is not None:
        return Text(
            f"{head}  {entry.refused} 退回：{entry.because}", f"{head}  refused {entry.refused}: {entry.because}"
        )
    return Text(f"{head}  待审定", f"{head}  to judge")


@known.command("review")
@file_option
@click.option("--accept", "accepted", multiple=True, metavar="KEY", help="May repeat.")
@click.option("--refuse", "refused", multiple=True, metavar="KEY", help="May repeat.")
@click.option("--by", metavar="NAME", help="Who decides.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day an accepted one holds.")
@click.option("--because", default="", help="Why one is refused.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.xlsx",
    help="What waits, as a sheet to fill in.",
)
@click.option(
    "--from",
    "sheet",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE.xlsx",
    help="Decisions from that sheet, or from the summary.",
)
@lang_option
def known_review(
    file: Path,
    accepted: tuple[str, ...],
    refused: tuple[str, ...],
    by: str | None,
    until: dt.datetime | None,
    because: str,
    out: Path | None,
    sheet: Path | None,
    lang: str | None,
) -> int:
    """List what waits for a decision, or decide / 审定说明."""
    from auditkit import known as rooms  # noqa: PLC0415 - only here

    entries = rooms.load(file)
    unread = 0
    if sheet is not None:
        from auditkit.replies.judged import decided  # noqa: PLC0415 - readers, only here

        if not by:
            raise Fault("usage", Text("审定要写 --by。", "A decision needs --by."), exit=2)
        entries, wrong = decided(sheet, entries, _signed(by), None if until is None else until.date())
        unread = len(wrong)
        for one in wrong:
            click.echo(f"× {one.to(spoken(lang))}", err=True)
        rooms.save(file, entries)
    if accepted or refused:
        if not by or (accepted and until is None) or (refused and not because):
            said = Text(
                "审定要写 --by；同意要写 --until；退回要写 --because。",
                "A decision needs --by; an acceptance --until; a refusal --because.",
            )
            raise Fault("usage", said, exit=2)
        signed = _signed(by)
        if accepted and until is not None:
            entries = rooms.accept(entries, accepted, signed, until.date())
        entries = rooms.refuse(entries, refused, signed, because)
        rooms.save(file, entries)
    waiting = [entry for entry in entries if entry.pending]
    for entry in waiting:
        say(_line(entry), lang)
    for found in rooms.boilerplate((entry.unit, entry.key, entry.reason) for entry in waiting):
        n = len(found.units)
        what = Text("没有写原因", "gives no reason") if found.empty else Text("照抄", "copied")
        say(Text(f"▲ {n} 家写的是“{found.text}”（{what.zh}）", f"▲ {n} units wrote “{found.text}” ({what.en})"), lang)
    if out is not None:
        from auditkit.deliver import deliver  # noqa: PLC0415 - only here
        from auditkit.reports.summary_workbook import judging  # noqa: PLC0415

        deliver(out, judging.alone(rooms.waiting(entries), spoken(lang)))
        say(
            Text(f"写出 {out}，填好后：known review --from {out}", f"wrote {out}; then: known review --from {out}"),
            lang,
        )
    return UNREAD if unread else OPEN if waiting else DONE


@known.command("add")
@file_option
@run_option
@click.option("--key", required=True, help="The finding's key, as in the column 编号 / Key.")
@click.option("--reason", required=True)
@by_option
@lang_option
def known_add(file: Path, run: Path, key: str, reason: str, by: str, lang: str | None) -> int:
    """Take down an explanation that came by telephone; it still needs a decision / 添加说明."""
    from auditkit import known as rooms  # noqa: PLC0415 - only here

    found = [one for one in _sent(run) if one.finding.key == key]
    if len(found) != 1:
        said = Text(
            f"{run.name} 里编号 {key} 有 {len(found)} 条。", f"{run.name} has {len(found)} findings with key {key}."
        )
        raise Fault("unknown-key", said, exit=2)
    entries = rooms.add(rooms.load(file) if file.exists() else (), found[0], reason, _signed(by))
    rooms.save(file, entries)
    say(_line(next(entry for entry in entries if entry.key == key)), lang)
    return DONE


@known.command("prune")
@file_option
@click.option("--key", "keys", multiple=True, help="May repeat.")
@click.option("--ended", is_flag=True, help="All whose last day has passed.")
@lang_option
def known_prune(file: Path, keys: tuple[str, ...], ended: bool, lang: str | None) -> int:
    """Delete explanations that excuse nothing any more / 删去不再需要的说明."""
    from auditkit import known as rooms  # noqa: PLC0415 - only here

    entries = rooms.load(file)
    over = [e.key for e in entries if ended and e.until is not None and e.until < _today()]
    kept = rooms.prune(entries, {*keys, *over})
    rooms.save(file, kept)
    n = len(entries) - len(kept)
    say(Text(f"删去 {n} 条，留下 {len(kept)} 条", f"{n} deleted, {len(kept)} kept"), lang)
    return DONE
