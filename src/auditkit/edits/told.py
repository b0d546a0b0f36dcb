"""What a submission says in words, as values: stated numbers, and what is known of the report itself."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.edits.facts import Stated
from auditkit.edits.figures import ZERO, exactly, shown
from auditkit.edits.submission import Gap, Submission, Value
from auditkit.model.document import Place
from auditkit.model.finding import Term
from auditkit.model.words import Text
from auditkit.units import POWERS

_PROPERTY_NAMES = {
    "report.year": Text("报告年度", "reporting year"),
    "file.year": Text("文件名写", "the file name says"),
}


def told(fact: str, hole: str, submission: Submission, stated: Mapping[str, Stated]) -> Value:
    """A number stated in words, or a property of the submission.

    Raises:
        Gap: ``not stated``.
    """
    name = f"{fact}.{hole}"
    if name in submission.properties:
        found = submission.properties[name]
        if found is None:
            raise Gap("not stated")
        spoken = _PROPERTY_NAMES[name]
        term = Term(spoken, str(found[0]), found[1], name)
        return Value(exactly(found[0]), Text(f"{spoken.zh} {found[0]}", f"{spoken.en} {found[0]}"), (term,))
    one = stated.get(fact)
    if one is None:
        raise Gap("not stated")
    written = one.values[hole]
    start, end = one.spans[hole]
    place = one.place if not one.place.paragraph else _spanned(one.place, start, end)
    spoken = submission.label(name)
    if spoken.en == name:
        spoken = Text("文中", "text says")
    term = Term(spoken, written.text, place, name)
    says = Text(f"{spoken.zh} {written.text}", f"{spoken.en} {written.text}")
    if written.number is None:
        return Value(ZERO, says, (term,), text=written.text)
    rounded = written.unit in {"%", *POWERS} or written.step != 1
    figure = shown(written.number, written.step) if rounded else exactly(written.number)
    return Value(figure, says, (term,), step=written.step if rounded else None, unit=written.unit)


def _spanned(place: Place, start: int, end: int) -> Place:
    return Place(place.file, place.sheet, paragraph=place.paragraph, sentence=place.sentence, start=start, end=end)
