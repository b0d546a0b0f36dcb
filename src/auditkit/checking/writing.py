"""The files a run was asked for, from its results in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from auditkit.batch import Found, Setup, reread
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
    files: Mapping[str, Found] | None = None,
) -> Iterator[Text]:
    """Write the files; what to tell of each.

    Args:
        told: the results, gone through once for each file.
        language: of every word that is ours.
        run: name of the run.
        out: files whose suffixes say what they are.
        summary: the workbook over all submissions.
        files: where the submissions are, for reports that show one of them.
    """
    for path in out:
        yield write_out(path, _with_document(told, files or {}), language)
    if summary is not None:
        entries = told.store.entries(told.run)
        parents = {unit[0] or unit[1]: unit[5] for unit in told.store.units()}
        due = told.store.due(told.run)
        units = [Unit(one.code, one.name, one.contact, parents.get(one.code or one.name, "")) for one in due]
        waits = () if told.follow is None else waiting(told.follow.known.values())
        yield write_summary(summary, told, language, units=units, run=run, inputs=[*inputs(entries)], waiting=waits)


def _with_document(told: Told, files: Mapping[str, Found]) -> Iterable[Result]:
    """A single result with what was read, since its report shows the tables."""
    alone = [*islice(told, 2)]
    if len(alone) != 1 or alone[0].faults or alone[0].file not in files:
        return told
    try:
        return [reread(Setup().auditor(), files[alone[0].file], alone[0])]
    except Fault:
        return alone  # it is gone or changed since: the report is made without its tables
