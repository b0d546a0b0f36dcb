"""A run told on the terminal: the report in a format, or the screen of an inbox, and the exit status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditkit.checking.counts import Problems, accounts, counted, screen
from auditkit.checking.progress import MANY
from auditkit.checking.standing import Standing
from auditkit.checking.told import Told
from auditkit.frontdesk import say
from auditkit.model.finding import Result
from auditkit.model.words import Language
from auditkit.reports import text_report
from auditkit.store.records import Entry


def tell(told: Told, language: Language, levels: tuple[str, ...], form: str | None) -> int:
    """Print a run in the format asked for, or the screen of an inbox; the exit status.

    A unit that sent nothing is something open, unless nothing is to fail.
    """
    standing, problems = Standing(levels), Problems()
    due, few = told.store.due(told.run), told.store.count(told.run, skipped=True) < MANY
    whole = form is not None or (few and not due)
    watched = _watched(told.entered(open_only=not whole), standing, problems)
    if whole:
        for line in text_report(form or "full").render(watched, language):
            say(line)
    for _ in watched:
        pass  # a report may stop early; the exit status is about all of them
    store, run = told.store, told.run
    counts = counted(store.entries(run, telling=True), problems.faults, store.quiet(run))
    standing.seen = counts.checked
    standing.incomplete |= bool(counts.beside.all)
    if form is None:
        for name, unit, year, _ in told.store.of_other_years(told.run):
            counts.years.add(unit, f"{name} {year}")
        for line in screen(counts, due, problems, language):
            say(line)
    else:
        for text in accounts(counts):
            say(text.to(language), err=True)
    standing.is_open |= bool(levels) and any(not one.came for one in due)
    return standing.status


def _watched(results: Iterable[tuple[Entry, Result]], standing: Standing, problems: Problems) -> Iterator[Result]:
    for _, result in results:
        standing.take(result)
        problems.take(result)
        yield result
