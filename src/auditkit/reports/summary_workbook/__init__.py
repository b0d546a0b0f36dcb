"""The workbook for the superior office: many submissions in words, tables and charts; nobody is scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditkit.model.finding import Result
from auditkit.model.words import Language, Text
from auditkit.reports.pen import Pen
from auditkit.reports.summary_workbook import inputs as accounts
from auditkit.reports.summary_workbook import judging, overview, sheets, superior
from auditkit.reports.summary_workbook.gathered import Unit, gather
from auditkit.reports.summary_workbook.inputs import Input
from auditkit.reports.summary_workbook.judging import Waiting

__all__ = ["Input", "Summary", "Unit", "Waiting", "render"]

MOST_DETAILS = 200_000
"""Findings in the sheet; with more, all of them go into a CSV file beside it."""
MANY = 10_000
"""Submissions and findings from which on the workbook is put together on the disk."""


@dataclass(frozen=True)
class Summary:
    """The files of one summary."""

    workbook: bytes
    details: str | None
    """All findings as CSV text, to be written as ``table_csv.ENCODING``; None when the workbook holds them."""


def render(
    results: Iterable[Result],
    language: Language,
    *,
    units: Sequence[Unit] = (),
    title: str = "",
    run: str = "",
    inputs: Iterable[Input] | None = None,
    waiting: Sequence[Waiting] = (),
    beside: str = "明细.csv",
    most: int = MOST_DETAILS,
) -> Summary:
    """All results of a run as one workbook. Results are consumed one by one and not kept.

    Args:
        results: in the order they should be listed where nothing else orders them.
        language: of every word that is ours.
        units: the roster; it tells who sent nothing, whom to call, and whose superior unit to ask.
        title: of the first sheet.
        run: number of the run, kept in the document properties.
        inputs: every path that went in, for the sheet that accounts for them; with it, units that passed and have
            nothing to say stand there alone.
        waiting: explanations to be judged, for a sheet that ``known review --from`` reads back.
        beside: name the caller will give the CSV file, for the sheet to name it.
        most: findings in the workbook before they move to the CSV file.
    """
    gathered = gather(results, language, units, most, quiet=inputs is not None)
    pen = Pen(language, large=gathered.received + gathered.details > MANY)
    pen.properties(title or Text("审核情况汇总", "Summary of the check").to(language), run=run, kind="summary")
    first = pen.sheet(Text("概况", "Overview").to(language))
    sheets.units(pen, gathered, language)
    sheets.matrix(pen, gathered, language)
    sheets.absent(pen, gathered, language)
    sheets.unreadable(pen, gathered, language)
    superiors = superior.write(pen, gathered, language)
    judging.write(pen, waiting, language)
    effect = sheets.rules(pen, gathered, language)
    counts = overview.write(pen, first, gathered, language, title)
    overview.charts(pen, gathered, language, (first, *counts), effect, superiors)
    accounts.write(pen, inputs or (), language)
    sheets.details(pen, gathered, language, beside)
    return Summary(pen.close(), None if gathered.csv is None else gathered.csv.getvalue())
