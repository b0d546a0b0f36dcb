"""A folder that is watched: as files arrive the run is made again, each file once it is whole."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import click

from auditkit.batch import Found, gather
from auditkit.checking.inbox import check_all
from auditkit.checking.order import Order
from auditkit.frontdesk import PASS
from auditkit.model.words import Text

PAUSE = 2.0
"""Seconds between two looks."""
SETTLED = 2
"""Looks in a row at which a file must be the same before it is taken to be whole."""
PATIENCE = 30
"""Looks after which an office file without an end is no longer waited for: it will not get one."""

Print = tuple[int, float]
"""Size and time of change: what tells two states of a file apart without reading it."""


@dataclass
class Look:
    """What was seen of one file, and for how many looks it has been so."""

    seen: Print
    times: int = 1


class Arrivals:
    """Files by name, each with how long it has been as it is."""

    def __init__(self, whole: Callable[[str], bool]) -> None:
        self._whole = whole
        self._looks: dict[str, Look] = {}

    def settled(self, now: Mapping[str, Print]) -> dict[str, Print]:
        """The files that are whole, after one more look."""
        looks = {}
        for path, seen in now.items():
            before = self._looks.get(path)
            looks[path] = replace(before, times=before.times + 1) if before and before.seen == seen else Look(seen)
        self._looks = looks
        return {path: look.seen for path, look in looks.items() if self._is_whole(path, look)}

    def _is_whole(self, path: str, look: Look) -> bool:
        return look.times >= SETTLED and (look.times >= PATIENCE or self._whole(path))


def ended(path: str) -> bool:
    """An office file or archive has its directory at the end; other files cannot be told to be whole by looking."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - names that are no UTF-8
            if stream.read(2) != b"PK":
                return True
            stream.seek(max(0, stream.seek(0, 2) - 65_557))
            return b"PK\x05\x06" in stream.read()
    except OSError:
        return False


def rounds(looks: Iterable[Mapping[str, Print]], whole: Callable[[str], bool] = ended) -> Iterator[frozenset[str]]:
    """Whenever a file came, went, changed or became whole: the files that are still being written."""
    arrivals = Arrivals(whole)
    before: dict[str, Print] = {}
    for now in looks:
        settled = arrivals.settled(now)
        if settled != before:
            before = settled
            yield frozenset(now.keys() - settled.keys())


def looks(paths: tuple[str, ...], pause: Callable[[float], None] = time.sleep) -> Iterator[dict[str, Print]]:
    """What lies there now, again and again."""
    while True:
        yield {one.path: seen for one in gather(paths) if isinstance(one, Found) and (seen := _print(one.path))}
        pause(PAUSE)


def _print(path: str) -> Print | None:
    try:
        facts = os.stat(path)  # noqa: PTH116 - names that are no UTF-8
    except OSError:
        return None
    return facts.st_size, facts.st_mtime


def watch(order: Order, pause: Callable[[float], None] = time.sleep) -> int:
    """Check whatever is whole, then again at each change, until it is interrupted."""
    click.echo(Text("等待文件，按 Ctrl-C 结束", "waiting for files, Ctrl-C ends").to(order.language), err=True)
    status = PASS
    for unfinished in rounds(looks(order.paths, pause)):
        status = check_all(replace(order, quiet=True), unfinished)
    return status
