"""The workbook a submitting office gets back: verdict, findings to answer, marked copies, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditkit.model.finding import Finding, Result
from auditkit.model.words import Language, Text
from auditkit.reports import wording
from auditkit.reports.grouping import entries
from auditkit.reports.pen import Pen
from auditkit.reports.workbook import copies, cover, listing, passages, rulesheet


def render(
    result: Result,
    language: Language,
    *,
    deadline: str = "",
    contact: str = "",
    run: str = "",
    turn: int = 1,
    states: Mapping[str, Text] | None = None,
    repaired: Sequence[Finding] = (),
) -> bytes:
    """One submission's result as an xlsx file; same arguments, same bytes.

    Args:
        result: what was found. Marked copies need ``result.document``; they stand at the same addresses.
        language: of every word that is ours.
        deadline: a date as it should be read, such as ``1月28日``.
        contact: name and telephone of whom to ask.
        run: number of the run, kept in the document properties.
        turn: 1 for the first result of a submission, 2 after a correction, and so on.
        states: finding key → its state against the turn before (新, 仍未改, …) where it is not simply open or accepted.
        repaired: findings of the turn before that are gone; listed struck through.
    """
    pen = Pen(language)
    pen.properties(
        f"{wording.subject(result).to(language)}",
        run=run,
        unit=result.unit_code or result.unit,
        round=turn,
        source=result.sha256,
    )
    listed = tuple(entries(result))
    first = pen.sheet(Text("结论", "Verdict").to(language))
    second = pen.sheet(Text("问题清单", "Findings").to(language)) if listed or repaired else None
    marked, cut = copies.write(pen, result, language)
    prose = passages.write(pen, result, listed, language)
    codes = rulesheet.write(pen, result, language)
    if second is not None:
        links = listing.Links(marked, prose, codes)
        listing.write(pen, second, result, listed, language, links, states or {}, repaired)
    cover.write(pen, first, result, language, cover.Letter(deadline, contact, run, turn, cut))
    return pen.close()
