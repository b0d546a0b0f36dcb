"""Reports that are words: read beside a form's tables, or alone when there is no form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from auditkit.identity import HEAD
from auditkit.model.document import Document, Source
from auditkit.model.filled import Words
from auditkit.model.finding import Checked, Context, Reason, Result, RuleNote, Suspect, Tally
from auditkit.model.form import Form
from auditkit.model.rule import Rulebook
from auditkit.model.words import Text
from auditkit.prose import check as check_prose
from auditkit.readers import disguised

_WORDS = Text("按文字检查", "words only")


@dataclass(frozen=True)
class Narrative:
    """One input that is all words."""

    number: int
    source: Source
    document: Document
    words: tuple[Words, ...]
    book: Rulebook
    context: Context


def check_narrative(text: Narrative, forms: Iterable[Form], notes: Sequence[RuleNote]) -> Result:
    """The words alone; where the text names a form of its year, that form's tables are missing."""
    checked = Checked()
    check_words(text.book, text.document, text.context, checked)
    missing = _absent_tables(text, forms, checked)
    return Result(
        file=text.source.name,
        sha256=text.source.sha256,
        rulebook=text.book.id,
        version=text.book.version,
        title=text.book.title,
        recognised=_WORDS,
        unit=text.context.unit,
        period=text.context.period,
        findings=tuple(checked.findings),
        tallies=checked.tallies,
        missing=missing,
        notes=(*disguised(text.document), *_unread(text.document), *_unasked(checked)),
        rules=tuple(notes),
        document=text.document,
        source=text.source,
    )


def check_words(book: Rulebook, document: Document, context: Context, checked: Checked) -> None:
    """Ask the rulebook's prose rules about a document; findings and tallies are added to ``checked``."""
    findings, tallies = check_prose(
        document.paragraphs,
        file=document.name,
        rules=book.prose,
        year=context.year[0] if context.year and context.year[1] is None else None,
        grids=len(document.grids),
        pictures=document.pictures,
        form=book.id,
        unit=context.unit,
        period=context.period,
    )
    checked.findings.extend(findings)
    checked.tallies.update(tallies)


def cleared_too(
    book: Rulebook, document: Document, context: Context, checked: Checked, suspects: Sequence[Suspect]
) -> tuple[Suspect, ...]:
    """Suspects, those in the text with the prose findings that would go away with them: the words are judged anew."""
    return tuple(
        _with_prose(book, document, context, checked, one)
        if len(one.places) == 1 and one.places[0].paragraph and one.places[0].file == document.name and one.proposed[0]
        else one
        for one in suspects
    )


def _with_prose(book: Rulebook, document: Document, context: Context, checked: Checked, one: Suspect) -> Suspect:
    place, right = one.places[0], one.proposed[0]
    paragraphs = tuple(
        replace(p, text=p.text[: place.start] + right + p.text[place.end :]) if p.number == place.paragraph else p
        for p in document.paragraphs
    )
    after = Checked()
    check_words(book, replace(document, paragraphs=paragraphs), context, after)
    said = {rule.id for rule in book.prose}
    before, left = [f.key for f in checked.findings if f.rule in said], {f.key for f in after.findings}
    if left - set(before):
        return one
    return replace(one, clears=(*one.clears, *(key for key in dict.fromkeys(before) if key not in left)))


def _absent_tables(text: Narrative, forms: Iterable[Form], checked: Checked) -> dict[str, Text]:
    """A report that names a form of its year should show that form's tables; pictures of them are not checked."""
    form = next((form for form in forms if _names(form, text)), None)
    if form is None:
        return {}
    reason: Reason = "picture" if text.document.pictures else "table missing"
    why = Text("只有图片，没有可以读的表", "only pictures, no table that can be read")
    none = Text("文中没有这张表", "the text has no such table")
    for table in form:
        if not table.required:
            continue
        code = table.codes.get("cells", "")
        checked.count(code, Tally(unchecked={reason: table.size}))
    return {table.id: why if reason == "picture" else none for table in form if table.required}


def _names(form: Form, text: Narrative) -> bool:
    """The text calls itself by the form's title, for a year in which the form is in force."""
    first, last = form.periods
    year = text.context.year[0] if text.context.year else None
    if year is None or (first is not None and year < first) or (last is not None and year > last):
        return False
    heads = [w.text for w in text.words if w.role == "prose" and w.place.paragraph <= HEAD]
    return any(title in head for title in form.titles for head in heads)


def _unasked(checked: Checked) -> tuple[Text, ...]:
    """A text in which there was nothing to check is no report that passed."""
    if any(tally.passed or tally.failed for tally in checked.tallies.values()):
        return ()
    return (Text("文中没有可以检查的年度、数量或结构", "the text has no years, figures or structure to check"),)


def _unread(document: Document) -> tuple[Text, ...]:
    """What stands in a text and was not read as part of a form."""
    notes = []
    if document.pictures:
        n = document.pictures
        notes.append(
            Text(f"文中有 {n} 幅图片；图片里的表没有检查", f"{n} pictures; tables in pictures were not checked")
        )
    return tuple(notes)
