"""The files a run was asked for, from its results in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from auditkit.batch import Setup, found_in
from auditkit.batch import reread as again
from auditkit.checking.listing import inputs
from auditkit.checking.told import Told
from auditkit.known import waiting
from auditkit.model.finding import Result
from auditkit.model.words import Fault, Language, Text
from auditkit.outputs import write_out, write_summary
from auditkit.reports.summary_workbook import Unit


def write_files(
    told: Told,
    language: Language,
    *,
    run: str,
    out: Sequence[Path] = (),
    summary: Path | None = None,
    reread: bool = False,
) -> Iterator[Text]:
    """Write the files; what to tell of each.

    Args:
        told: the results, gone through once for each file.
        language: of every word that is ours.
        run: name of the run.
        out: files whose suffixes say what they are.
        summary: the workbook over all submissions.
        reread: the submissions are where they were, for reports that show one of them.
    """
    for path in out:
        yield write_out(path, _with_document(told) if reread else told, language)
    if summary is not None:
        entries = told.store.entries(told.run)
        parents = {unit[0] or unit[1]: unit[5] for unit in told.store.units()}
        due = told.store.due(told.run)
        units = [Unit(one.code, one.name, one.contact, parents.get(one.code or one.name, "")) for one in due]
        waits = () if told.follow is None else waiting(told.follow.known.values())
        yield write_summary(summary, told, language, units=units, run=run, inputs=[*inputs(entries)], waiting=waits)


def _with_document(told: Told) -> Iterable[Result]:
    """A single result with what was read, since its report shows the tables."""
    alone = [*islice(told.entered(), 2)]
    if len(alone) != 1 or alone[0][1].faults:
        return told
    ((entry, result),) = alone
    try:
        return [again(Setup().auditor(), found_in(entry, told.store.origin(told.run, entry.name)), result)]
    except Fault:
        return [result]  # it is gone or changed since: the report is made without its tables
