"""What goes back: a workbook for each submission with something open, made by the workers from the file read again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditkit.batch import ends
from auditkit.batch.ends import Broke, Limits
from auditkit.batch.gather import Found
from auditkit.model.finding import Result
from auditkit.model.words import Fault, Language, Text
from auditkit.roster.rules import noted

if TYPE_CHECKING:
    from auditkit.audit import Auditor


@dataclass(frozen=True)
class Letter:
    """One submission to be answered; fields after ``language`` are those of ``reports.workbook.render``."""

    found: Found
    result: Result
    """As it should be told: its unit, and explanations that were accepted, included, and its round."""
    language: Language
    annotated: bool = False
    """Its own file goes back too, marked."""
    paged: bool = False
    """A web page is made of it too."""
    deadline: str = ""
    contact: str = ""
    run: str = ""


@dataclass(frozen=True)
class Returned:
    """The files that answer one submission."""

    workbook: bytes = b""
    marked: bytes = b""
    page: bytes = b""
    fault: Fault | None = None
    """Why one of them could not be made."""


@dataclass(frozen=True)
class Answers:
    """Letters to be written at one go."""

    letters: tuple[Letter, ...]

    @property
    def files(self) -> list[Found]:
        return [letter.found for letter in self.letters]

    def smaller(self) -> list[Answers]:
        return [Answers((letter,)) for letter in self.letters]

    def done(self, auditor: Auditor) -> list[Returned]:
        return [_written(auditor, letter) for letter in self.letters]

    def ended(self, broke: Broke, limits: Limits) -> Returned:
        return Returned(fault=ends.fault(broke, limits))


def _written(auditor: Auditor, letter: Letter) -> Returned:
    from auditkit.annotate import annotate  # noqa: PLC0415 - only workers write, and only where something is owed
    from auditkit.annotate.marking import marks  # noqa: PLC0415
    from auditkit.reports import webpage, workbook  # noqa: PLC0415

    try:
        result = reread(auditor, letter.found, letter.result)
    except Fault as fault:
        return Returned(fault=fault)
    spoken, facts = letter.language, {"deadline": letter.deadline, "contact": letter.contact, "run": letter.run}
    answer = workbook.render(result, spoken, **facts)
    page = webpage.render(result, spoken, run=letter.run).encode() if letter.paged else b""
    if not letter.annotated or result.source is None:
        return Returned(answer, page=page)
    try:
        return Returned(answer, annotate(result.source, marks(result, spoken)), page)
    except Fault as fault:
        return Returned(answer, page=page, fault=fault)


def reread(auditor: Auditor, found: Found, result: Result) -> Result:
    """The result with what was read, for reports that show it. Raises ``Fault`` if the file has changed."""
    source = found.load()
    if source.sha256 != result.sha256:
        raise Fault(
            "changed",
            Text(f"{result.file} 在检查期间被改动。", f"{result.file} was changed while it was checked."),
            hint=Text("请再运行一次。", "Run it again."),
        )
    document = replace(auditor.read(source), name=result.file)
    rules = noted(result.findings, auditor.notes.get(result.rulebook, ()))
    return replace(result, document=document, source=replace(source, name=result.file), rules=rules)
