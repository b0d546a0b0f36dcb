"""The workbook a submitting office gets back: verdict, findings to answer, marked copies, rules."""

from __future__ import annotations

from auditkit.model.finding import Result
from auditkit.model.words import LEVELS, Language, Text
from auditkit.reports import wording
from auditkit.reports.grouping import entries, listed
from auditkit.reports.pen import Pen
from auditkit.reports.workbook import copies, cover, listing, passages, rulesheet


def render(
    result: Result,
    language: Language,
    *,
    deadline: str = "",
    contact: str = "",
    run: str = "",
) -> bytes:
    """One submission's result as an xlsx file; same arguments, same bytes.

    Args:
        result: what was found. Marked copies need ``result.document``; they stand at the same addresses.
        language: of every word that is ours.
        deadline: a date as it should be read, such as ``1月28日``.
        contact: name and telephone of whom to ask.
        run: number of the run, kept in the document properties.
    """
    pen = Pen(language)
    pen.properties(
        f"{wording.subject(result).to(language)}",
        run=run,
        unit=result.unit_code or result.unit,
        round=result.round.number,
        open=" ".join(str(result.count(level)) for level in LEVELS),
        source=result.sha256,
    )
    rows = listed(result)
    first = pen.sheet(Text("结论", "Verdict").to(language))
    second = pen.sheet(Text("问题清单", "Findings").to(language)) if rows else None
    marked, cut = copies.write(pen, result, language)
    prose = passages.write(pen, result, tuple(entries(result)), language)
    codes = rulesheet.write(pen, result, language)
    if second is not None:
        links = listing.Links(marked, prose, codes)
        listing.write(pen, second, result, rows, language, links)
    cover.write(pen, first, result, language, cover.Letter(deadline, contact, run, result.round.number, cut))
    return pen.close()
