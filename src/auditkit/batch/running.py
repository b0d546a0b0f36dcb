"""A run without a store: files in, one result each in the same order, from this process or from a crew of workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.batch.companies import chunks, companies
from auditkit.batch.ends import Limits
from auditkit.batch.gather import Found
from auditkit.batch.hands import Jobs, at_work
from auditkit.batch.judging import Keep, Lot
from auditkit.batch.naming import named
from auditkit.batch.setup import Setup
from auditkit.model.finding import Result

if TYPE_CHECKING:
    from auditkit.batch.worker import Peril


def run(
    found: Iterable[Found],
    setup: Setup,
    *,
    jobs: Jobs = 1,
    keep: Keep = "nothing",
    limits: Limits | None = None,
    peril: Peril | None = None,
) -> Iterator[Result]:
    """Check files and yield one result for each, in order; nothing that is in a file can end the run.

    Args:
        found: as ``gather`` gives them; taken as they are needed, a folder at a time.
        setup: what to check against.
        jobs: worker processes; 0 checks in this process, without limits, where few files are trusted; or the
            address of a Dask scheduler, whose workers must see the same files under the same names.
        keep: which results bring back ``document`` and ``source``.
        limits: time and memory of one lot.
        peril: done to each source before it is read, for tests.

    Raises:
        Fault: the rulebook or last year's path is wrong (exit 2); no worker starts (exit 3); no such cluster (exit 2).
    """
    notes = setup.notes
    under_way: dict[int, list[tuple[int, Found]]] = {}
    done: dict[int, Result] = {}
    turn = 0

    def lots() -> Iterator[Lot]:
        for number, chunk in enumerate(chunks(companies(enumerate(found)))):
            under_way[number] = [one for company in chunk for one in company]
            yield Lot(tuple(tuple(one for _, one in company) for company in chunk), keep)

    for number, results in at_work(setup, lots(), jobs, limits or Limits(), peril):
        pairs = zip(under_way.pop(number), results, strict=True)
        done.update((n, named(result, one.name)) for (n, one), result in pairs)
        while turn in done:
            result = done.pop(turn)
            yield replace(result, rules=notes.get(result.rulebook, ()))
            turn += 1
