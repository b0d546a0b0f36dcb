"""The files a run was asked for, from its results in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from auditkit.batch import Setup, found_in
from auditkit.checking.current import hash_of, is_current
from auditkit.checking.told import Told
from auditkit.model.finding import Result
from auditkit.model.words import Fault, Language, Text
from auditkit.store import Store
from auditkit.store.records import Written


def write_files(
    told: Told,
    language: Language,
    *,
    run: str,
    out: Sequence[Path] = (),
    summary: Path | None = None,
    reread: bool = False,
    made_from: str = "",
) -> Iterator[Text]:
    """Write the files; what to tell of each.

    Args:
        told: the results, gone through once for each file.
        language: of every word that is ours.
        run: name of the run.
        out: files whose suffixes say what they are.
        summary: the workbook over all submissions.
        made_from: all that they depend on, hashed: those that were made from it before are not made again.
        reread: the submissions are where they were, for reports that show one of them.
    """
    store = told.store
    for path in out:
        if is_current(store, path, made_from):
            yield _unchanged(path)
        else:
            yield _out(path, told, language, reread=reread)
            _remember(store, made_from, path)
    if summary is None:
        return
    beside = summary.with_suffix(".csv")
    if is_current(store, summary, made_from) and store.made_from(str(beside.absolute()))[0] != made_from:
        yield _unchanged(summary)
    else:
        yield _summary(summary, told, language, run)
        _remember(store, made_from, summary)


def _out(path: Path, told: Told, language: Language, *, reread: bool) -> Text:
    from auditkit.outputs import write_out  # noqa: PLC0415 - every report format, only where one is written

    return write_out(path, _with_document(told) if reread else told, language)


def _summary(path: Path, told: Told, language: Language, run: str) -> Text:
    from auditkit.checking.listing import inputs  # noqa: PLC0415 - as above
    from auditkit.known import waiting  # noqa: PLC0415
    from auditkit.outputs import write_summary  # noqa: PLC0415
    from auditkit.reports.summary_workbook import Unit  # noqa: PLC0415

    store = told.store
    parents = {unit[0] or unit[1]: unit[5] for unit in store.units()}
    due = store.due(told.run)
    units = [Unit(one.code, one.name, one.contact, parents.get(one.code or one.name, "")) for one in due]
    waits = () if told.follow is None else waiting(told.follow.known.values())
    listed = inputs(store, told.run)
    return write_summary(path, told, language, units=units, run=run, inputs=listed, waiting=waits)


def _unchanged(path: Path) -> Text:
    return Text(f"{path} 没有变", f"{path} is unchanged")


def _remember(store: Store, made_from: str, path: Path) -> None:
    if made_from:
        store.wrote(Written(str(path.absolute()), made_from, hash_of(path)))


def _with_document(told: Told) -> Iterable[Result]:
    """A single result with what was read, since its report shows the tables."""
    alone = [*islice(told.entered(), 2)]
    if len(alone) != 1 or alone[0][1].faults:
        return told
    from auditkit.batch.returning import reread  # noqa: PLC0415 - only here

    ((entry, result),) = alone
    try:
        return [reread(Setup().auditor(), found_in(entry, told.store.origin(told.run, entry.name)), result)]
    except Fault:
        return [result]  # it is gone or changed since: the report is made without its tables
