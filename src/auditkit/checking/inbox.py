"""A run over folders and archives: gathered, checked, attended, told; killed at any point it is gone on with."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from auditkit.batch import Found, Jobs, Limits, Past, Setup, Skipped, enlist, gather, record
from auditkit.checking import shelf
from auditkit.checking.attending import Attending
from auditkit.checking.current import made_of
from auditkit.checking.order import Order
from auditkit.checking.progress import progress
from auditkit.checking.rounds import following, told_at_end
from auditkit.checking.telling import tell
from auditkit.checking.told import Told, excuse
from auditkit.checking.writing import write_files
from auditkit.frontdesk import say
from auditkit.model.words import Fault, Text
from auditkit.store import Store
from auditkit.store.place import NONE, place
from auditkit.store.records import Entry

if TYPE_CHECKING:
    from auditkit.roster import Roster

SETTLED = 2
"""Seconds after which a change of a file is sure to show in its times."""


def check_all(order: Order, unfinished: Collection[str] = ()) -> int:
    """Check everything below the paths, write what was asked for, print it; the exit status.

    Args:
        order: what was asked for.
        unfinished: files that are still being written, to be left out this time.

    Raises:
        Fault: the rulebook, the roster or the store cannot be used (exit 2).
        KeyboardInterrupt: what is done is kept.
    """
    people = _people(order)
    with shelf.opened(order.store) as store:
        number, name = _begin(store, order)
        past = Past(store.place, number if store.has_past(number) and not order.last else 0)
        setup = Setup(order.rules, order.period, order.last, past)
        jobs: Jobs = order.cluster or (order.jobs if order.jobs is not None else os.cpu_count() or 1)
        follow = following(order.earlier, order.language, store)
        attending = Attending(people, order.due.timestamp() if order.due else None)
        enlist(store, number, setup, _items(order, unfinished), attending.file)
        lots = record(store, number, setup, filed=attending.file, jobs=jobs)
        left = store.count(number, open_only=True)
        _check(order, store.count(number) - left, left, lots)
        attending.finish(store, number)
        if people:
            if any(unit.parent for unit in people.units):
                from auditkit.checking.rolling import roll_up_all  # noqa: PLC0415 - rules, only for who has superiors

                roll_up_all(store, number, people, setup.books)
            store.set_units((u.code, u.name, u.email, u.contact, u.phone, u.parent, u.language) for u in people.units)
        told = Told(store, number, setup, follow)
        excuse(told)
        status = tell(told, order.language, order.levels, order.form)
        for line in told_at_end(follow, order.language):
            say(line, err=True)
        for line in _written(order, told, name, setup, jobs):
            say(line, err=True)
        store.finish(number, _now())
        if place(order.store) != NONE:
            said = Text(
                f"已存为 {name}；再看：auditkit report {name}", f"kept as {name}; again: auditkit report {name}"
            )
            say(said.to(order.language), err=True)
    return status


def _people(order: Order) -> Roster | None:
    """The roster, if there is one, with what is to be said of it."""
    if order.units is None:
        return None
    from auditkit.roster import roster  # noqa: PLC0415 - only here

    people = roster(order.units)
    for note in people.notes:
        say(note.to(order.language), err=True)
    return people


_UNDER_WAY = "正在另一处进行", "is under way elsewhere"


def _begin(store: Store, order: Order) -> tuple[int, str]:
    """The run that was not finished and that nobody else is at, or a new one."""
    if order.name:
        other = [run for run in store.runs() if run.name == order.name and run.setup != order.setup]
        number = 0 if other else store.begin(order.name, _now(), order.setup)
        if not number or not store.hold(number):
            zh, en = ("查的是别的文件或名单", "is of other files or another roster") if other else _UNDER_WAY
            raise Fault(
                "run-taken",
                Text(f"运行 {order.name} {zh}。", f"The run {order.name} {en}."),
                hint=Text("请另起一个名字（--run）。", "Give another name (--run)."),
                exit=2,
            )
        return number, order.name
    for number, name in store.unfinished(order.setup):
        if store.hold(number):
            say(Text(f"接着做 {name}", f"going on with {name}").to(order.language), err=True)
            return number, name
    while True:
        number, name = store.new(f"R{dt.date.today():%Y%m%d}", _now(), order.setup)  # noqa: DTZ011 - the day on the wall
        if store.hold(number):
            return number, name


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def _items(order: Order, unfinished: Collection[str]) -> Iterator[Found | Skipped]:
    """Everything there; what this command writes and what is not whole yet are skipped."""
    for one in gather(order.paths):
        if isinstance(one, Skipped):
            yield one
        elif order.writes(one.path):
            yield Skipped(one.name, "ours")
        elif order.is_roster(one.path):
            yield Skipped(one.name, "roster")
        elif one.path in unfinished:
            yield Skipped(one.name, "unfinished")
        else:
            # A change in the same tick of the clock may not show in the times: such a file is read again next time.
            yield one if one.modified < time.time() - SETTLED else one._replace(state="")


def _check(order: Order, done: int, left: int, lots: Iterator[Sequence[Entry]]) -> None:
    """Have what is left checked, saying how far it is."""
    total = done + left
    try:
        with progress(left, order.language, quiet=order.quiet) as step:
            for entries in lots:
                done += len(entries)
                for entry in entries:
                    step(entry.outcome == "return")
    except KeyboardInterrupt:
        said = Text(
            f"做完 {done:,}/{total:,}，都已存下；再运行一次会接着做。",
            f"{done:,} of {total:,} are done and kept; run it again to go on.",
        )
        say(said.to(order.language), err=True)
        raise


def _written(order: Order, told: Told, name: str, setup: Setup, jobs: Jobs) -> Iterator[str]:
    """Write everything that was asked for; yields what to tell the caller."""
    # What is made anew each time bears no name that is made up each time: the same again is the same bytes.
    wanted = bool(order.out or order.summary or order.pages)
    made_from = made_of(told, order, setup.fingerprint) if wanted else ""
    made = write_files(
        told,
        order.language,
        run=order.name or "",
        out=order.out,
        summary=order.summary,
        reread=True,
        made_from=made_from,
    )
    yield from (line.to(order.language) for line in made)
    if order.out_dir is not None:
        from auditkit.checking.answering import Desk, answer  # noqa: PLC0415 - only where letters are due

        desk = Desk(order.out_dir, order.language, name, order.annotate, order.pages, order.deadline, order.contact)
        for line in answer(desk, told, setup, order.setup, made_from, jobs=jobs, limits=Limits()):
            yield line.to(order.language)
