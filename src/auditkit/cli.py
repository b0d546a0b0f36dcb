"""The front door: arguments, language, streams and exit status. Heavy rooms are entered only by the commands."""

from __future__ import annotations

import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditkit import __version__
from auditkit.authoring.commands import COMMANDS
from auditkit.frontdesk import MISUSE, OPEN, PASS, UNCHECKED, lang_option, language, told, told_lines
from auditkit.mail.commands import mail
from auditkit.model.words import Fault, Text
from auditkit.replies.commands import known, replies

if TYPE_CHECKING:
    from auditkit.model.document import Source
    from auditkit.model.finding import Result

FAIL_ON = {"hard": ("hard",), "soft": ("hard", "soft"), "info": ("hard", "soft", "info"), "never": ()}
FORMATS = ("full", "concise", "json", "jsonl", "csv", "junit", "sarif", "github", "markdown", "none")
MANY = 20
"""Files from which on a run says how far it is."""


@dataclass
class Standing:
    """What the exit status needs to know of the results that went by. 3 beats 1, and wrong use beats both."""

    levels: tuple[str, ...]
    seen: int = 0
    is_open: bool = False
    incomplete: bool = False
    misused: bool = False

    def take(self, result: Result) -> None:
        self.seen += 1
        self.misused |= any(fault.exit == MISUSE for fault in result.faults)
        self.incomplete |= result.incomplete
        self.is_open |= any(f.status == "fail" and f.level in self.levels for f in result.findings)

    @property
    def status(self) -> int:
        if self.misused:
            return MISUSE
        if self.incomplete or not self.seen:
            return UNCHECKED
        return OPEN if self.is_open else PASS


class Door(click.Group):
    """``auditkit report.xlsx`` means ``auditkit check report.xlsx`` when the path exists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert ``check`` before a first argument that is a file."""
        first = next((i for i, a in enumerate(args) if not a.startswith("-")), None)
        if first is not None and args[first] not in self.commands and Path(args[first]).exists():
            args = [*args[:first], "check", *args[first:]]
        return super().parse_args(ctx, args)


rules_option = click.option("--rules", metavar="ID|PATH", help="A rulebook by id or path; default: all shipped ones.")


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="auditkit")
@lang_option
def main(lang: str | None) -> None:
    """Check statistical reports before they are published / 统计报表发布前检查.

    Exit status: 0 all checked, nothing open; 1 something open; 2 wrong use or a broken rulebook; 3 not (fully) checked.
    """
    del lang  # read by ``language``
    click.get_current_context().obj = language()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--rules", metavar="ID|PATH", help="Force a rulebook instead of recognising it.")
@click.option("--period", type=int, metavar="YEAR", help="Reporting year, if it cannot be read from the file.")
@click.option("--last", metavar="PATH|none", help="Last year's report, or a folder of them (matched by unit).")
@click.option("--fail-on", type=click.Choice(list(FAIL_ON)), default="hard", show_default=True)
@click.option("--strict", is_flag=True, help="Findings that want an explanation fail too: --fail-on soft.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is open, for a first round.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="full", show_default=True)
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Also write a file, may repeat; the suffix decides: .xlsx .html .json .jsonl .csv .md .junit.xml .sarif",
)
@click.option(
    "--out-dir",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a workbook to send back for every submission with something open.",
)
@click.option(
    "--summary", type=click.Path(path_type=Path), metavar="FILE.xlsx", help="One workbook over all submissions."
)
@click.option("--annotate", is_flag=True, help="With --out-dir: also each office's own file with the cells marked.")
@click.option("-j", "--jobs", type=int, metavar="N", help="Worker processes for folders and archives; default: all.")
@click.option("--stdin-name", metavar="NAME", default="stdin", help="File name of what comes on standard input (-).")
@click.option("--no-progress", is_flag=True, help="Do not say how far a long run is.")
@lang_option
@told
def check(paths: tuple[str, ...], form: str, **options: Any) -> int:
    """Check files, folders and zip archives: every inconsistency, with the cell / 检查报表。- reads standard input."""
    from auditkit.audit import auditor  # noqa: PLC0415 - pandas and pandera, only for who checks
    from auditkit.outputs import Outputs  # noqa: PLC0415
    from auditkit.reports import text_report  # noqa: PLC0415

    strict = "soft" if options["strict"] and options["fail_on"] == "hard" else options["fail_on"]
    standing = Standing(FAIL_ON[strict])
    if options["jobs"] or any(Path(path).is_dir() or path.lower().endswith(".zip") for path in paths):
        results, total = _batch(paths, options)
    else:
        audit = auditor(rules=options["rules"], period=options["period"], last=options["last"])
        results, total = audit.audit(_sources(paths, options["stdin_name"])), len(paths)
    wanted = Outputs(options["out"], options["out_dir"], options["summary"], options["annotate"], language())
    watched = _watched(results, standing, 0 if options["no_progress"] else total)
    for line in text_report(form).render(wanted.kept(watched), language()):
        click.echo(line)
    for line in wanted.write():
        click.echo(line, err=True)
    return PASS if options["exit_zero"] and standing.status == OPEN else standing.status


def _batch(paths: tuple[str, ...], options: dict[str, Any]) -> tuple[Iterator[Result], int]:
    """Folders and archives go to worker processes; what is nobody's report is counted by its reason."""
    from auditkit.batch import Found, Setup, Skipped, gather, run  # noqa: PLC0415

    gathered = list(gather(paths))
    found = [one for one in gathered if isinstance(one, Found)]
    skipped = Counter(one.to(language()) for one in gathered if isinstance(one, Skipped))
    if skipped:
        listed = ", ".join(f"{reason} {n}" for reason, n in skipped.items())
        n = skipped.total()
        click.echo(Text(f"跳过 {n}（{listed}）", f"skipped {n} ({listed})").to(language()), err=True)
    setup = Setup(options["rules"], options["period"], options["last"])
    jobs = options["jobs"] or os.cpu_count() or 1
    return run(found, setup, jobs=jobs, keep="open" if options["out_dir"] or options["out"] else "nothing"), len(found)


def _sources(paths: Sequence[str], stdin_name: str) -> Iterator[Source | tuple[str, Fault]]:
    from auditkit.audit import sources  # noqa: PLC0415
    from auditkit.model.document import Source  # noqa: PLC0415

    for path in paths:
        if path == "-":
            yield Source(stdin_name, sys.stdin.buffer.read())
        else:
            yield from sources([path])


def _watched(results: Iterator[Result], standing: Standing, total: int) -> Iterator[Result]:
    """Pass results on, note them for the exit status, and say on standard error how far a long run is."""
    said = 0
    for n, result in enumerate(results, 1):
        standing.take(result)
        if total >= MANY and n * 10 // total > said:
            said = n * 10 // total
            click.echo(f"{n}/{total}", err=True)
        yield result


@main.command()
@click.argument("code")
@rules_option
@lang_option
@told
def explain(code: str, rules: str | None, lang: str | None) -> None:
    """Say what a rule means, why it is there, right and wrong examples, and what to repair / 解释一条规则."""
    from auditkit.explain import explanation  # noqa: PLC0415

    del lang
    for line in explanation(code, rules, language()):
        click.echo(line)


@main.group()
def rules() -> None:
    """Look at rulebooks, lint them, prove them / 规则簿."""


@rules.command("list")
@rules_option
@lang_option
@told
def rules_list(rules: str | None, lang: str | None) -> None:
    """Codes, levels, names and numbers of checks / 列出规则."""
    from auditkit.explain import catalogue  # noqa: PLC0415

    del lang
    for line in catalogue(rules, language()):
        click.echo(line)


@rules.command("lint")
@click.argument("paths", nargs=-1, metavar="[ID|PATH]...")
@click.option(
    "--on",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Files known to be right: name rules that never run on them or often fail.",
)
@lang_option
@told
def rules_lint(paths: tuple[str, ...], folder: Path | None, lang: str | None) -> int:
    """Every mistake in a rulebook at once, with file, line and column, from spelling to logic / 检查规则簿."""
    from auditkit.lint import lint  # noqa: PLC0415

    del lang
    samples = tuple(sorted(path for path in folder.rglob("*") if path.is_file())) if folder else ()
    return told_lines(lint(paths, samples, language()))


@rules.command("schema")
@told
def rules_schema() -> None:
    """JSON Schema of a rulebook file, for editors / 规则文件的 JSON Schema."""
    from auditkit.rulebook.shape import json_schema  # noqa: PLC0415

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


for command in COMMANDS:
    rules.add_command(command)

for group in (replies, known, mail):
    ours = copy(group)
    ours.commands = {name: copy(command) for name, command in group.commands.items()}
    for command in ours.commands.values():
        assert command.callback is not None
        command.callback = told(command.callback)
    main.add_command(ours)
