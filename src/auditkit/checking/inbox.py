"""A run over folders and archives: gathered, checked, attended, told; killed at any point it is gone on with."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import click

from auditkit.batch import Found, Jobs, Limits, Past, Setup, Skipped, gather, run
from auditkit.checking import shelf
from auditkit.checking.answering import Desk, answer
from auditkit.checking.attending import attended
from auditkit.checking.order import Order
from auditkit.checking.progress import progress
from auditkit.checking.rolling import roll_up_all
from auditkit.checking.rounds import followed, following, told_at_end
from auditkit.checking.telling import tell
from auditkit.checking.told import Told
from auditkit.checking.writing import write_files
from auditkit.model.finding import Result
from auditkit.model.words import Text
from auditkit.roster import Arrival, roster
from auditkit.store import Store
from auditkit.store.place import NONE, place


def check_all(order: Order, unfinished: Collection[str] = ()) -> int:
    """Check everything below the paths, write what was asked for, print it; the exit status.

    Args:
        order: what was asked for.
        unfinished: files that are still being written, to be left out this time.

    Raises:
        Fault: the rulebook, the roster or the store cannot be used (exit 2).
        KeyboardInterrupt: what is done is kept.
    """
    people = roster(order.units) if order.units else None
    with shelf.opened(order.store) as store:
        number, name = _begin(store, order)
        past = Past(store.place, number if store.has_past(number) and not order.last else 0)
        setup = Setup(order.rules, order.period, order.last, past)
        files, skipped = _gathered(order, unfinished, store)
        jobs: Jobs = order.cluster or (order.jobs if order.jobs is not None else os.cpu_count() or 1)
        follow = following(order.earlier, order.language, store)
        checked = followed(run(files, setup, jobs=jobs, store=store, record=number), follow)
        arrivals, verdicts = _checked(order, files, checked)
        entered = [replace(one, outcome=verdicts.get(one.name, one.outcome)) for one in store.entries(number)]
        done = attended(arrivals, entered, skipped, people, order.due.timestamp() if order.due else None)
        store.attend(number, done.entries, done.due)
        if people:
            roll_up_all(store, number, people, setup.books)
            store.set_units((u.code, u.name, u.email, u.contact, u.phone, u.parent, u.language) for u in people.units)
        told = Told(store, number, setup.notes, follow)
        status = tell(told, order.language, order.levels, order.form)
        for line in told_at_end(follow, order.language):
            click.echo(line, err=True)
        for line in _written(order, told, name, {one.name: one for one in files}, setup, jobs):
            click.echo(line, err=True)
        store.finish(number, _now())
        if place(order.store) != NONE:
            said = Text(
                f"已存为 {name}；再看：auditkit report {name}", f"kept as {name}; again: auditkit report {name}"
            )
            click.echo(said.to(order.language), err=True)
    return status


def _begin(store: Store, order: Order) -> tuple[int, str]:
    """The run that was not finished, or a new one."""
    name = order.name or store.unfinished(order.setup)
    if not name:
        return store.new(f"R{dt.date.today():%Y%m%d}", _now(), order.setup)  # noqa: DTZ011 - the day on the wall
    if not order.name:
        click.echo(Text(f"接着做 {name}", f"going on with {name}").to(order.language), err=True)
    return store.begin(name, _now(), order.setup), name


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def _gathered(order: Order, unfinished: Collection[str], store: Store) -> tuple[list[Found], list[Skipped]]:
    """What is to be checked, and what is skipped, as are what this command writes and what is not whole yet."""
    files: list[Found] = []
    skipped: list[Skipped] = []
    for one in gather(order.paths, store.content):
        if isinstance(one, Skipped):
            skipped.append(one)
        elif order.writes(one.path):
            skipped.append(Skipped(one.name, "ours"))
        elif one.path in unfinished:
            skipped.append(Skipped(one.name, "unfinished"))
        else:
            files.append(one)
    return files, skipped


def _checked(order: Order, files: list[Found], results: Iterator[Result]) -> tuple[list[Arrival], dict[str, str]]:
    """Go through the results, saying how far it is; what is kept is what the roster needs, and changed verdicts."""
    arrivals: list[Arrival] = []
    verdicts: dict[str, str] = {}
    try:
        with progress(len(files), order.language, quiet=order.quiet) as step:
            for one, result in zip(files, results, strict=True):
                arrivals.append(Arrival.of(one.name, one.modified, result))
                if any(finding.status == "explained" for finding in result.findings):
                    verdicts[one.name] = result.verdict
                step(result.verdict == "return")
    except KeyboardInterrupt:
        n, total = len(arrivals), len(files)
        said = Text(
            f"做完 {n:,}/{total:,}，都已存下；再运行一次会接着做。",
            f"{n:,} of {total:,} are done and kept; run it again to go on.",
        )
        click.echo(said.to(order.language), err=True)
        raise
    return arrivals, verdicts


def _written(
    order: Order, told: Told, name: str, files: Mapping[str, Found], setup: Setup, jobs: Jobs
) -> Iterator[str]:
    """Write everything that was asked for; yields what to tell the caller."""
    # What is made anew each time bears no name that is made up each time: the same again is the same bytes.
    made = write_files(told, order.language, run=order.name or "", out=order.out, summary=order.summary, files=files)
    yield from (line.to(order.language) for line in made)
    if order.out_dir is not None:
        desk = Desk(order.out_dir, order.language, name, order.annotate, order.pages, order.deadline, order.contact)
        for line in answer(desk, told, files, setup, jobs=jobs, limits=Limits()):
            yield line.to(order.language)
