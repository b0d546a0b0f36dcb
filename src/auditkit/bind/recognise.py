"""Which form a document is: the one with most labels found; then titles, then the year; never the year alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditkit.bind.fit import Fit
from auditkit.bind.lexicon import Kind, kind_of
from auditkit.labels import label, nearest
from auditkit.model.document import Document
from auditkit.model.form import Form
from auditkit.model.words import Fault, Text

HEADING = 5
"""Rows of a sheet, and paragraphs of a text, in which a title is looked for."""
PROSE = 100
"""Characters; a longer text is no title."""

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_HAN = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_YEAR = re.compile(r"[二一][〇○零一二三四五六七八九]{3}(?=年)")


def best(fits: Sequence[Fit]) -> tuple[Fit, ...]:
    """Forms with the most declared labels bound; none where no table was found."""
    found = [fit for fit in fits if fit.readings]
    score = max((fit.score for fit in found), default=None)
    return tuple(fit for fit in found if fit.score == score)


def decide(forms: Sequence[Form], document: Document) -> int:
    """The number of the one form among equals: named by the title, else meant for the year.

    Raises:
        Fault: "two-forms" (exit 2) if neither tells.
    """
    if len(forms) == 1:
        return 0
    headings = tuple(_headings(document))
    named = [form for form in forms if titled(form, headings)] or list(forms)
    if len(named) == 1:
        return forms.index(named[0])
    year = _year(named, headings, document)
    meant = [form for form in named if year is not None and _covers(form, year)]
    if len(meant) == 1:
        return forms.index(meant[0])
    raise _two_forms(meant or named, document)


def without_tables(fits: Sequence[Fit], document: Document) -> tuple[Fit, ...]:
    """No table was found: a text may still be of a form that has none. ``Fault`` "unknown-form" otherwise."""
    wordy = tuple(fit for fit in fits if not fit.form.tables)
    if wordy and document.paragraphs:
        return wordy
    raise _unknown(fits, document)


def titled(form: Form, texts: Sequence[str]) -> bool:
    titles = [label(title).letters for title in form.titles]
    return any(title in label(text).letters for text in texts for title in titles)


def _covers(form: Form, year: int) -> bool:
    first, last = form.periods
    return (first is None or first <= year) and (last is None or year <= last)


def _year(forms: Sequence[Form], headings: Sequence[str], document: Document) -> int | None:
    """The year in a title, else the first in any heading, else in the file's name."""
    titles = [text for text in headings if any(titled(form, (text,)) for form in forms)]
    for text in (*titles, document.name):
        plain = label(text).full
        plain = _HAN_YEAR.sub(lambda match: match[0].translate(_HAN), plain)
        if match := _YEAR.search(plain):
            return int(match[1])
    return None


def _headings(document: Document) -> Iterator[str]:
    """Texts that may be the title: the first rows, the first paragraphs, the sheets' names, the file's name."""
    for grid in document.grids:
        if not grid.hidden:
            for row in grid.rows[:HEADING]:
                yield from (v for v in row if type(v) is str and len(v) <= PROSE and kind_of(v) == Kind.WORDS)
    yield from (paragraph.text for paragraph in document.paragraphs[:HEADING] if len(paragraph.text) <= PROSE)
    yield from (grid.name for grid in document.grids if grid.name)
    yield document.name


def _two_forms(forms: Sequence[Form], document: Document) -> Fault:
    names = [f"{form.id}（{form.title.zh}）" for form in forms]
    english = [f"{form.id} ({form.title.en})" for form in forms]
    return Fault(
        "two-forms",
        Text(
            f"{document.name}：两种表样对得一样好：{'、'.join(names)}。",
            f"{document.name}: these forms fit equally well: {', '.join(english)}.",
        ),
        hint=Text("请用 --rules 指定是哪一种。", "Say which one with --rules."),
        exit=2,
    )


_ALONE = Text("请确认交的是表样规定的表。", "Check that the right file was sent, and that it follows this form.")
_AMONG = Text(
    "请确认交的是表样规定的表；可用 --rules 指定表样，没有的可用 auditkit rules new 起草。",
    "Check that the right file was sent, or name its form with --rules; auditkit rules new drafts one.",
)


def _unknown(fits: Sequence[Fit], document: Document) -> Fault:
    forms = [fit.form for fit in fits]
    wanted = list(dict.fromkeys(title for form in forms for title in (*form.titles[:1], *_captions(form)[:3])))
    found = [nearest(title, dict.fromkeys(_headings(document))) for title in wanted]
    near = next(filter(None, found), None)
    if copied := next((text for fit in fits for text in fit.copies), None):
        return _several(copied, document)
    alone = fits[0].missing.values() if len(fits) == 1 else ()
    reason = next(iter((*(text for fit in fits for text in fit.doubts), *alone)), None)
    zh = f"{document.name}：认不出这是什么表，找过：{'、'.join(wanted[:8])}。" + (reason.zh if reason else "")
    en = f"{document.name}: no known form; looked for: {', '.join(wanted[:8])}. " + (reason.en if reason else "")
    if near and not reason:
        zh, en = f"{zh}最接近的是“{near}”。", f"{en}Nearest: “{near}”."
    if document.pictures:
        zh, en = (
            f"{zh}文件里有{document.pictures}张图片，图片里的表无法检查。",
            f"{en} A table in a picture cannot be checked.",
        )
    return Fault(
        "unknown-form",
        Text(zh, en.strip()),
        hint=_ALONE if len(fits) == 1 else _AMONG,
        exit=3,
    )


def _several(doubt: Text, document: Document) -> Fault:
    return Fault(
        "several-places",
        Text(f"{document.name}：{doubt.zh}", f"{document.name}: {doubt.en}"),
        hint=Text(
            "一个文件只报一个单位、一个年度；有几份的请分开保存。",
            "One file is one office's report for one year; save several as files of their own.",
        ),
        exit=3,
    )


def _captions(form: Form) -> list[str]:
    return [table.titles[0] for table in form if table.titles and table.titles[0]]
