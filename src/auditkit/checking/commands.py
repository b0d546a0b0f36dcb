"""The commands ``check`` and ``report``: their options; the work is done in the rooms beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditkit.checking.standing import FAIL_ON, levels
from auditkit.collector import seldom
from auditkit.frontdesk import OPEN, PASS, lang_option, language, told
from auditkit.model.words import Fault, Text

if TYPE_CHECKING:
    from auditkit.checking.order import Order

FORMATS = ("full", "concise", "json", "jsonl", "csv", "junit", "sarif", "github", "markdown", "none")
F = TypeVar("F", bound=Callable[..., Any])

store_option = click.option(
    "--store",
    metavar="FILE|URL|none",
    help="Where runs and results are kept; default: AUDITKIT_STORE, else among your own data.",
)
out_option = click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Also write a file, may repeat; the suffix decides: .xlsx .html .json .jsonl .csv .md .junit.xml .sarif",
)
summary_option = click.option(
    "--summary", type=click.Path(path_type=Path), metavar="FILE.xlsx", help="One workbook over all submissions."
)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in this order in the help."""

    def decorated(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


what_options = together(
    click.option("--rules", metavar="ID|PATH", help="Force a rulebook instead of recognising it."),
    click.option("--period", type=int, metavar="YEAR", help="Reporting year, if it cannot be read from the file."),
    click.option(
        "--last",
        metavar="PATH|none",
        help="Last year's report, or a folder of them (matched by unit); default: what the store has of the unit.",
    ),
    click.option(
        "--units",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        metavar="FILE",
        help="Roster (code, name, e-mail, contact): who is missing, late, unknown, or sent several versions.",
    ),
    click.option(
        "--due",
        type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
        metavar="DATE",
        help="With --units: files changed after this day (or minute) are late.",
    ),
)
round_options = together(
    click.option(
        "--known",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        metavar="FILE",
        help="Explanations; default: known.yaml, if there is one here.",
    ),
    click.option("--no-known", is_flag=True, help="Use no explanations."),
    click.option(
        "--before",
        metavar="RUN",
        help="The round before, a run of the store or its --out RUN.jsonl: says what is new, still open or corrected.",
    ),
    click.option("--round", "turn", type=click.IntRange(1), help="Default: one more than that of --before."),
)
gate_options = together(
    click.option("--fail-on", type=click.Choice(list(FAIL_ON)), default="hard", show_default=True),
    click.option("--strict", is_flag=True, help="Findings that want an explanation fail too: --fail-on soft."),
    click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is open, for a first round."),
)
output_options = together(
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        help="On standard output; default: full, and counts for a whole inbox.",
    ),
    out_option,
    click.option(
        "--out-dir",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Write a workbook to send back for every submission with something open.",
    ),
    summary_option,
    click.option("--annotate", is_flag=True, help="With --out-dir: also each office's own file with the cells marked."),
    click.option("--pages", is_flag=True, help="With --out-dir: also a web page for each, and index.html over all."),
    click.option("--deadline", default="", metavar="TEXT", help="For the workbooks, as it should be read: 1月28日."),
    click.option("--contact", default="", metavar="TEXT", help="For the workbooks: whom to ask, and how."),
)
run_options = together(
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(0),
        metavar="N",
        help="Worker processes for folders and archives; default: all.",
    ),
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help="In place of processes, the workers of a running Dask scheduler, such as tcp://host:8786.",
    ),
    store_option,
    click.option("--run", "name", metavar="NAME", help="Name of the run; default: R, the day, a number."),
    click.option("--watch", is_flag=True, help="Go on as files arrive, each once it is whole; Ctrl-C ends."),
    click.option("--stdin-name", metavar="NAME", default="stdin", help="File name of standard input (-)."),
    click.option("--no-progress", is_flag=True, help="Do not say how far a long run is."),
)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@what_options
@round_options
@gate_options
@output_options
@run_options
@lang_option
@told
def check(paths: tuple[str, ...], **options: Any) -> int:
    """Check files, folders and zip archives: every inconsistency, with the cell / 检查报表。- reads standard input."""
    seldom()
    order = _order(paths, options)
    if options["watch"]:
        from auditkit.checking.watching import watch  # noqa: PLC0415 - only here

        status = watch(order)
    elif order.many:
        from auditkit.checking.inbox import check_all  # noqa: PLC0415 - pandas and pandera, only for who checks

        status = check_all(order)
    else:
        from auditkit.checking.few import check_few  # noqa: PLC0415

        status = check_few(order)
    return PASS if options["exit_zero"] and status == OPEN else status


def _order(paths: tuple[str, ...], options: dict[str, Any]) -> Order:
    from auditkit.checking.order import Order, readable, ready  # noqa: PLC0415

    for name in ("annotate", "pages"):
        if options[name] and options["out_dir"] is None:
            said = Text(f"--{name} 要和 --out-dir 一起用。", f"--{name} goes with --out-dir.")
            raise Fault("usage", said, exit=2)
    due: dt.datetime | None = options["due"]
    if due is not None and options["units"] is None:
        said = Text("--due 要和 --units（单位名单）一起用。", "--due goes with --units, the roster.")
        raise Fault("usage", said, exit=2)
    if due is not None and due.time() == dt.time():
        due += dt.timedelta(days=1)  # the whole of the day is in time
    ready(options["out"], options["summary"], options["out_dir"])
    readable(options["last"])
    return Order(
        paths,
        language(),
        levels(options["fail_on"], strict=options["strict"]),
        options["form"],
        due=due,
        quiet=options["no_progress"],
        **{k: options[k] for k in _SAME},
    )


_SAME = (
    "rules", "period", "last", "units", "known", "no_known", "before", "turn",
    "out", "out_dir", "summary", "annotate", "pages", "deadline", "contact", "jobs", "cluster", "store", "name",
    "stdin_name",
)  # fmt: skip
"""Options that an order has under their own names."""


@click.command()
@click.argument("run", required=False, metavar="[RUN]")
@click.option("--list", "every", is_flag=True, help="All runs.")
@click.option("--since", metavar="RUN", help="What became of that run's findings: repaired, explained, open, new.")
@click.option("--unit", metavar="CODE", help="What this unit sent, run by run.")
@click.option(
    "--forget-before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Forget older runs, but for the last of each inbox, and the results that only they have.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Tell the findings of the run on standard output.")
@out_option
@summary_option
@round_options
@store_option
@lang_option
@told
def report(run: str | None, since: str | None, unit: str | None, store: str | None, **options: Any) -> int:
    """Tell a run again from the store, or what changed since another one; reads no submission / 重出报告."""
    from auditkit.checking import recall, shelf  # noqa: PLC0415 - only here
    from auditkit.checking.order import ready  # noqa: PLC0415
    from auditkit.checking.rounds import EARLIER, Earlier, following  # noqa: PLC0415

    ready(options["out"], options["summary"], None)
    with shelf.known(store) as kept:
        if options["forget_before"]:
            click.echo(recall.forgotten(kept, options["forget_before"].date()).to(language()))
            return PASS
        if options["every"] or unit:
            lines = recall.history(kept, unit) if unit else recall.listed(kept)
            for line in lines:
                click.echo(line.to(language()))
            return PASS
        chosen = recall.chosen(kept, run)
        if since:
            return recall.compare(kept, recall.chosen(kept, since), chosen, options["out"], language())
        follow = following(Earlier(**{name: options[name] for name in EARLIER}), language(), kept)
        told = replace(recall.told_of(kept, chosen), follow=follow)
        return recall.again(told, chosen, options["form"], options["out"], options["summary"], language())
