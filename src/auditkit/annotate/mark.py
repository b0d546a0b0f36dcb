"""A mark: where in a submission, how strongly, and what is said there; and what happens when it cannot be set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditkit.model.document import Place
from auditkit.model.words import Fault, Text

Role = Literal["wrong", "perhaps", "part", "explain", "note"]
"""Fill, thick frame and bold; the same with a dashed frame; thick frame; pale fill and dashed frame; comment only."""

ROLES: tuple[Role, ...] = ("wrong", "perhaps", "part", "explain", "note")
"""Strongest first: where several marks meet in one cell, the strongest is drawn."""

AUTHOR = "auditkit"


@dataclass(frozen=True, slots=True)
class Mark:
    """One comment, addressed as readers address: rows and columns from 0, paragraphs from 1.

    In a workbook ``sheet`` is the sheet's name; in Word ``表1``, ``表2`` … in reading order, or empty with a
    ``paragraph``. ``quote`` is the sentence meant: it finds the place in the paragraph, and the paragraph itself
    when its number is off. Word carries comments only; ``role`` is not drawn there.
    """

    sheet: str
    row: int
    column: int
    role: Role
    comment: str
    paragraph: int = 0
    quote: str = ""


def unplaced(mark: Mark) -> Fault:
    """The place of a mark does not exist in the file."""
    place = Place("", mark.sheet, mark.row, mark.column, mark.paragraph)
    return Fault(
        "no-such-place",
        Text(f"文件中没有{place.to('zh')}，无法批注。", f"The file has no {place.to('en')} to comment on."),
        hint=Text("请确认批注的就是被审核的文件。", "Make sure that the file to annotate is the one that was checked."),
    )


def uncarried(zh: str, en: str) -> Fault:
    """A kind of file that cannot carry comments."""
    return Fault(
        "cannot-annotate",
        Text(f"{zh}，无法在原文件上批注。", f"{en}, so the original cannot be annotated."),
        hint=Text(
            "请看退回的审核结果工作簿，标注在相同地址；或另存为.xlsx或.docx后再审核。",
            "Use the returned workbook, which marks the same addresses, or save the file as .xlsx or .docx.",
        ),
    )


def damaged(zh: str, en: str) -> Fault:
    """A package that is not what it says it is."""
    return Fault(
        "damaged",
        Text(f"文件已损坏，无法批注：{zh}。", f"The file is damaged and cannot be annotated: {en}."),
        hint=Text("请在Excel、WPS或Word中打开后另存。", "Open it in Excel, WPS or Word and save it anew."),
    )
