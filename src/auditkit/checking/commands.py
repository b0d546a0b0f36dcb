"""The command ``check``: its options, and the exit status that follows from the results."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditkit.frontdesk import MISUSE, OPEN, PASS, UNCHECKED, lang_option, language, told
from auditkit.model.words import Fault, Text

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


@click.command()
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
