"""A few files, checked in this process and told at once: what an office does with its own report."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.audit import auditor, sources
from auditkit.checking import shelf
from auditkit.checking.order import Order
from auditkit.checking.progress import progress
from auditkit.checking.rounds import followed, following, told_at_end
from auditkit.checking.standing import Standing
from auditkit.frontdesk import say
from auditkit.model.document import Source
from auditkit.model.finding import Result
from auditkit.model.words import Fault
from auditkit.reports import text_report
from auditkit.store import Store

if TYPE_CHECKING:
    from auditkit.known import Following
    from auditkit.outputs import Outputs

EVERY_RUN = 1 << 62
"""Before this number are all runs."""


def check_few(order: Order) -> int:
    """Check the files, print the report, write what was asked for; the exit status.

    Last year's report comes from ``--last``, else from a store that is there already; nothing is entered in it.
    """
    audit = auditor(rules=order.rules, period=order.period, last=order.last)
    kept = shelf.place(order.store)
    if order.last is None and kept != shelf.NONE and Path(kept).is_file():
        from auditkit.batch import Past  # noqa: PLC0415 - the rooms of a batch, only where one was run before

        audit = replace(audit, past=Past(kept, EVERY_RUN))
    with _looked_into(kept) as store:
        follow = following(order.earlier, order.language, store)
    standing = Standing(order.levels)
    wanted = _wanted(order, follow)
    with progress(len(order.paths), order.language, quiet=order.quiet) as step:

        def watched(results: Iterator[Result]) -> Iterator[Result]:
            for result in results:
                standing.take(result)
                step(result.verdict == "return")
                yield result

        checked = audit.audit(_sources(order.paths, order.stdin_name))
        results = watched(followed(checked, follow))
        shown = results if wanted is None else wanted.kept(results)
        for line in text_report(order.form or "full").render(shown, order.language):
            say(line)
    for line in (*told_at_end(follow, order.language), *(() if wanted is None else wanted.write())):
        say(line, err=True)
    return standing.status


def _wanted(order: Order, follow: Following | None) -> Outputs | None:
    """Files asked for; the rooms that write workbooks and pages are entered for them only."""
    if not (order.out or order.out_dir or order.summary):
        return None
    from auditkit.known import waiting  # noqa: PLC0415
    from auditkit.outputs import Outputs  # noqa: PLC0415

    return Outputs(
        order.language,
        order.out,
        order.out_dir,
        order.summary,
        order.annotate,
        order.pages,
        order.deadline,
        order.contact,
        () if follow is None else waiting(follow.known.values()),
    )


@contextmanager
def _looked_into(path: str) -> Iterator[Store | None]:
    """A store that is there already, or None."""
    if not shelf.is_there(path):
        yield None
        return
    with Store(path) as store:
        yield store


def _sources(paths: Sequence[str], stdin_name: str) -> Iterator[Source | tuple[str, Fault]]:
    for path in paths:
        if path == "-":
            yield Source(stdin_name, sys.stdin.buffer.read())
        else:
            yield from sources([path])
