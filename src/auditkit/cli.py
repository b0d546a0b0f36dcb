"""The front door: arguments, language, streams and exit status. Heavy rooms are entered only by the commands."""

from __future__ import annotations

import io
import json
import sys
from copy import copy
from pathlib import Path

import click

from auditkit import __version__
from auditkit.authoring.commands import COMMANDS
from auditkit.checking.commands import check, report
from auditkit.frontdesk import lang_option, language, told, told_lines
from auditkit.mail.commands import mail
from auditkit.replies.commands import known, replies


class Door(click.Group):
    """``auditkit report.xlsx`` means ``auditkit check report.xlsx`` when the path exists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert ``check`` before a first argument that is a file or a URL."""
        first = next((i for i, a in enumerate(args) if not a.startswith("-")), None)
        if first is not None and args[first] not in self.commands and _is_somewhere(args[first]):
            args = [*args[:first], "check", *args[first:]]
        return super().parse_args(ctx, args)


def _is_somewhere(path: str) -> bool:
    return "://" in path or Path(path).exists()


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
@click.option("--fix", "mend", is_flag=True, help="Mend mistakes of spelling in the rulebook's files; never data.")
@lang_option
@told
def rules_lint(paths: tuple[str, ...], folder: Path | None, lang: str | None, *, mend: bool) -> int:
    """Every mistake in a rulebook at once, with file, line and column, from spelling to logic / 检查规则簿."""
    from auditkit.lint import lint  # noqa: PLC0415

    del lang
    samples = tuple(sorted(path for path in folder.rglob("*") if path.is_file())) if folder else ()
    return told_lines(lint(paths, samples, language(), mend=mend))


@rules.command("schema")
@told
def rules_schema() -> None:
    """JSON Schema of a rulebook file, for editors / 规则文件的 JSON Schema."""
    from auditkit.rulebook.shape import json_schema  # noqa: PLC0415

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


main.add_command(check)
main.add_command(report)
for command in COMMANDS:
    rules.add_command(command)

for group in (replies, known, mail):
    ours = copy(group)
    ours.commands = {name: copy(command) for name, command in group.commands.items()}
    for command in ours.commands.values():
        assert command.callback is not None
        command.callback = told(command.callback)
    main.add_command(ours)
