"""The authors' commands of the group ``rules``: docs, diff, to-excel, from-excel, new, test."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from auditkit.frontdesk import MISUSE, lang_option, language, told, told_lines
from auditkit.model.words import Fault, Language, Text

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("docs")
@click.argument("rulebook", metavar="ID|PATH")
@click.option("--out", type=_FILE, metavar="FILE", help=".md .html .docx .xlsx; default: Markdown on standard output.")
@lang_option
@told
def docs(rulebook: str, out: Path | None, lang: str | None) -> None:
    """A rulebook as a circular's annex: tables, every rule with why, right and wrong / 规则说明."""
    from auditkit.authoring.docs import docs as made  # noqa: PLC0415 - heavy, only for who asks
    from auditkit.deliver import deliver  # noqa: PLC0415

    del lang
    data = made(rulebook, out.suffix.lower() if out else ".md", language())
    if out is None:
        click.echo(data.decode(), nl=False)
    else:
        deliver(out, data)
        _say([_wrote(out, language())])


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--on",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Submissions: whose verdict would change.",
)
@click.option(
    "--last",
    type=click.Path(path_type=Path, exists=True),
    metavar="PATH",
    help="Last year's report or folder, for --on.",
)
@lang_option
@told
def diff(old: str, new: str, folder: Path | None, last: Path | None, lang: str | None) -> None:
    """What changed between two rulebooks, and with --on what comes of it / 比较两个规则簿."""
    from auditkit.authoring.differences import differences  # noqa: PLC0415

    del lang
    _say(differences(old, new, folder, language(), last))


@click.command("to-excel")
@click.argument("rulebook", metavar="ID|PATH")
@click.option("--out", type=_FILE, metavar="X.rules.xlsx", help="Default: ID.rules.xlsx here.")
@lang_option
@told
def to_excel(rulebook: str, out: Path | None, lang: str | None) -> None:
    """A rulebook as a rule sheet that can be edited in Excel and read back / 规则转成 Excel."""
    from auditkit import rulebook as rulebooks  # noqa: PLC0415
    from auditkit.authoring.to_excel import SUFFIX  # noqa: PLC0415
    from auditkit.authoring.to_excel import to_excel as made  # noqa: PLC0415
    from auditkit.deliver import deliver  # noqa: PLC0415

    del lang
    path = out or Path(f"{rulebooks.find(rulebook).id}{SUFFIX}")
    if not path.name.endswith(SUFFIX):
        said = Text(
            f"文件名要以 {SUFFIX} 结尾，才能读回来", f"the file must be named *{SUFFIX}, or it cannot be read back"
        )
        raise Fault("not-a-rule-sheet", said, exit=MISUSE)
    deliver(path, made(rulebook, language()))
    _say([_wrote(path, language())])


@click.command("from-excel")
@click.argument("sheet", type=_EXISTING, metavar="X.rules.xlsx")
@click.option("--out", type=_FOLDER, required=True, metavar="FOLDER", help="A new folder for the rulebook.")
@lang_option
@told
def from_excel(sheet: Path, out: Path, lang: str | None) -> None:
    """A rule sheet as a rulebook folder; every mistake with its sheet and cell / Excel 转成规则."""
    from auditkit.authoring.from_excel import from_excel as made  # noqa: PLC0415

    del lang
    _say(_wrote(path, language()) for path in made(sheet, out))


@click.command("new")
@click.option(
    "--from",
    "paths",
    type=_EXISTING,
    multiple=True,
    required=True,
    metavar="FILE",
    help="A filled-in submission, or the blank form. Several of one template: more FILEs.",
)
@click.argument("more", type=_EXISTING, nargs=-1, metavar="[FILE]...")
@click.option("--id", "name", default="my-form", metavar="ID", help="Such as my-form, which is the default.")
@click.option("--out", type=_FOLDER, metavar="FOLDER", help="A new folder for the rulebook; default: the ID.")
@lang_option
@told
def new(paths: tuple[Path, ...], more: tuple[Path, ...], name: str, out: Path | None, lang: str | None) -> None:
    """A draft rulebook from submissions: tables, what adds up in them, a good sample / 起草规则簿."""
    from auditkit.authoring.draft import draft  # noqa: PLC0415

    del lang
    _say(draft((*paths, *more), name, out or Path(name), language()))


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[ID|PATH]...")
@click.option("--update", is_flag=True, help="Write what each case gives into the rulebook, for review.")
@lang_option
@told
def test(paths: tuple[str, ...], lang: str | None, *, update: bool) -> int:
    """Run the rulebook's own examples: each must give exactly the findings it names / 试验规则."""
    from auditkit import proof  # noqa: PLC0415
    from auditkit.authoring import observed  # noqa: PLC0415

    del lang
    lines = observed.update(paths, language()) if update else proof.test(paths, language())
    return told_lines(lines)


COMMANDS = (docs, diff, to_excel, from_excel, new, test)


def _wrote(path: Path, language: Language) -> str:
    return Text(f"写出 {path}", f"wrote {path}").to(language)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
