"""What every command shares: the language of the person, exit statuses, and how a fault is told."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

import click

from auditkit.model.words import Fault, Language, Text

PASS, OPEN, MISUSE, UNCHECKED, INTERRUPTED = 0, 1, 2, 3, 130

_OUR_BUG = Text(
    "× 程序自身出错（{}）。数据没有因此被判错；请设 AUDITKIT_DEBUG=1 再运行一次，把输出发给我们。",
    "× auditkit itself failed ({}). The data is not blamed; run again with AUDITKIT_DEBUG=1 and send us the output.",
)


def told(command: Callable[..., int | None]) -> Callable[..., None]:
    """Run a command; a fault becomes a sentence on standard error and its exit status, Ctrl-C becomes 130."""

    @wraps(command)
    @click.pass_context
    def run(ctx: click.Context, *args: Any, **kwargs: Any) -> None:
        try:
            status = command(*args, **kwargs)
        except Fault as fault:
            click.echo(f"× {fault.to(language())}", err=True)
            status = fault.exit
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = PASS
        except KeyboardInterrupt:
            click.echo(Text("已中断", "interrupted").to(language()), err=True)
            status = INTERRUPTED
        except Exception as bug:
            if os.environ.get("AUDITKIT_DEBUG"):
                raise
            click.echo(_OUR_BUG.to(language()).format(f"{type(bug).__name__}: {bug}"), err=True)
            status = UNCHECKED
        ctx.exit(status or PASS)

    return run


def say(line: str, *, err: bool = False) -> None:
    """Print a line; where nobody reads any more, as behind ``| head``, the work goes on in silence."""
    try:
        click.echo(line, err=err)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())


def language() -> Language:
    """The language asked for by ``--lang`` on either side of the command, else the system's."""
    ctx = click.get_current_context(silent=True)
    while ctx is not None:
        if ctx.params.get("lang"):
            return cast("Language", ctx.params["lang"])
        ctx = ctx.parent
    return _system_language()


def _system_language() -> Language:
    for name in ("AUDITKIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    spoken = locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"


lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="Language of messages / 语言; default: the system's."
)


def told_lines(lines: Iterable[tuple[bool, str]]) -> int:
    """Print lines; any that is not right makes the status 2, because a broken rulebook is wrong use."""
    status = PASS
    for right, line in lines:
        click.echo(line)
        if not right:
            status = MISUSE
    return status
