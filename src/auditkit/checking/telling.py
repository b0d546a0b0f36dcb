"""A run told on the terminal: the report in a format, or the screen of an inbox, and the exit status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from auditkit.checking.counts import Problems, accounts, screen
from auditkit.checking.progress import MANY
from auditkit.checking.standing import Standing
from auditkit.checking.told import Told
from auditkit.model.finding import Result
from auditkit.model.words import Language
from auditkit.reports import text_report


def tell(told: Told, language: Language, levels: tuple[str, ...], form: str | None) -> int:
    """Print a run in the format asked for, or the screen of an inbox; the exit status.

    A unit that sent nothing is something open, unless nothing is to fail.
    """
    standing, problems = Standing(levels), Problems()
    entries, due = told.store.entries(told.run), told.store.due(told.run)
    watched = _watched(told, standing, problems)
    if form is not None or (len(entries) < MANY and not due):
        for line in text_report(form or "full").render(watched, language):
            click.echo(line)
    for _ in watched:
        pass  # a report may stop early; the exit status is about all of them
    if form is None:
        for line in screen(entries, due, problems, language):
            click.echo(line)
    else:
        for text in accounts(entries):
            click.echo(text.to(language), err=True)
    standing.is_open |= bool(levels) and any(not one.came for one in due)
    return standing.status


def _watched(results: Iterable[Result], standing: Standing, problems: Problems) -> Iterator[Result]:
    for result in results:
        standing.take(result)
        problems.take(result)
        yield result
