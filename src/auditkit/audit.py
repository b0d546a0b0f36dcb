"""The corridor: the only room that knows the order of the others. Paths in, results out, in the same order.

    path → Source → Document → Filled → stack → cells, rules → Result

Submissions of one form are checked together, a chunk at a time; what went wrong with one of them is its own fault.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from auditkit import readers, rulebook
from auditkit.bind import Binder
from auditkit.check import Submission, find_facts, submission_of, years_in
from auditkit.check import check as check_rules
from auditkit.localize import suspects_of
from auditkit.model.document import Document, Place, Source
from auditkit.model.filled import Filled, Words
from auditkit.model.finding import Checked, Context, Result, Suspect
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault, Text
from auditkit.schema import check_cells
from auditkit.stack import stack

CHUNK = 250
"""Submissions in one stack: enough to make a rule's cost vanish, few enough to keep memory flat."""

ROLES = ("title", "caption", "prose", "sheet", "file")
"""Where the reporting year is looked for, most trusted first."""


@dataclass(frozen=True)
class Auditor:
    """What to check against. ``rules`` empty means: recognise the form among the shipped rulebooks."""

    rules: tuple[Rulebook, ...]
    period: int | None = None
    last: Path | None = None
    """Last year's report, or a folder of them (matched by unit)."""
    forced: bool = False
    read: Callable[[Source], Document] = field(default=readers.read, repr=False)

    @cached_property
    def binder(self) -> Binder:
        return Binder(tuple(book.form for book in self.rules))

    @cached_property
    def books(self) -> Mapping[str, Rulebook]:
        return {book.id: book for book in self.rules}

    @cached_property
    def before(self) -> Mapping[tuple[str, int | None], Filled]:
        """Last year's reports by unit and year. A single file stands for whoever asks, under the empty name."""
        if self.last is None:
            return {}
        if self.last.is_file():
            return {("", None): self.binder.bind(self.read(readers.load(self.last)))}
        found: dict[tuple[str, int | None], Filled] = {}
        for path in sorted(self.last.rglob("*")):
            if path.is_file() and not path.name.startswith(("~$", ".")):
                try:
                    filled = self.binder.bind(self.read(readers.load(path)))
                except Fault:
                    continue  # a file of another kind in last year's folder is nobody's last year
                context = describe(filled, None)
                found[context.unit, context.year[0] if context.year else None] = filled
        return found

    def audit(self, sources: Iterable[Source | tuple[str, Fault]]) -> Iterator[Result]:
        """Check submissions, each with its own result; faults become results that say so."""
        waiting = iter(sources)
        while chunk := list(islice(waiting, CHUNK)):
            yield from self._chunk(chunk)

    def _chunk(self, chunk: Sequence[Source | tuple[str, Fault]]) -> list[Result]:
        results: list[Result | None] = [None] * len(chunk)
        bound: dict[str, list[tuple[int, Source, Filled]]] = {}
        for n, one in enumerate(chunk):
            if isinstance(one, tuple):
                results[n] = Result(one[0], "", faults=(one[1],))
                continue
            try:
                filled = self.binder.bind(self.read(one))
            except Fault as fault:
                results[n] = Result(one.name, one.sha256, faults=(fault,))
                continue
            bound.setdefault(filled.form.id, []).append((n, one, filled))
        for form, members in bound.items():
            for n, result in self._check(self.books[form], members):
                results[n] = result
        return [result for result in results if result is not None]

    def _check(self, book: Rulebook, members: list[tuple[int, Source, Filled]]) -> Iterator[tuple[int, Result]]:
        submissions = [filled for _, _, filled in members]
        contexts = [describe(filled, self.period) for filled in submissions]
        last = [self._last_year(context, filled) for context, filled in zip(contexts, submissions, strict=True)]
        pile = stack(book.form, submissions, last)
        done = check_rules(book, pile, contexts)
        check_cells(book, pile, contexts, done)
        for i, ((n, source, _), context, checked) in enumerate(zip(members, contexts, done, strict=True)):
            submission = submission_of(book, pile, i, context)
            stated = find_facts(book.finders, submission.now.words) if checked.findings and book.finders else {}
            first = {name: found[0] for name, found in stated.items() if found}
            suspects = suspects_of(book, submission, context, first, checked)
            yield n, _result(book, source, submission, context, checked, suspects, forced=self.forced)

    def _last_year(self, context: Context, filled: Filled) -> Filled | None:
        year = context.year[0] - 1 if context.year else None
        found = self.before.get((context.unit, year)) or self.before.get(("", None))
        return found if found is not None and found.form is filled.form else None


def describe(filled: Filled, period: int | None) -> Context:
    """Unit and reporting year, from the given period or the words around the tables."""
    year: tuple[int, Place | None] | None = (period, None) if period is not None else None
    file_year: tuple[int, Place | None] | None = None
    for words in filled.words:
        if words.role == "file" and (found := years_in(words.text)):
            file_year = (found[0], words.place)
    if year is None:
        year = _reporting_year(filled.words)
    return Context(unit=_unit(filled), period=str(year[0]) if year else "", year=year, file_year=file_year)


def _reporting_year(words: Sequence[Words]) -> tuple[int, Place | None] | None:
    """The year most texts name; among equals the one named in the most trusted place, and there the first."""
    distinct = {(w.role, w.text): w for w in reversed(words) if w.role in ROLES}
    named = [(year, ROLES.index(w.role), w) for w in reversed(distinct.values()) for year in _years(w)[:1]]
    if not named:
        return None
    votes = Counter(year for year, _, _ in named)
    year, _, where = min(named, key=lambda one: (-votes[one[0]], one[1]))
    return year, where.place


def _years(words: Words) -> list[int]:
    """Years of a text; in prose only those that name the report itself."""
    if words.role != "prose":
        return years_in(words.text)
    named = _REPORT.search(words.text)
    return years_in(named[0]) if named else []


_REPORT = re.compile(r"(?:19|20)\d{2}\s*年[^。]{0,20}?年度报告")
_UNIT = re.compile(r"^(?P<unit>[^0-9０-９《（(]{2,40}?)\s*(?:关于)?(?:19|20|１９|２０)[0-9０-９]{2}\s*年")
_STEM = re.compile(r"^(?P<unit>[^0-9_\-— （(]{2,40})")


def _unit(filled: Filled) -> str:
    """The office's name: what stands before the year in the title, else the head of the file name."""
    for words in filled.words:
        if words.role == "title" and (found := _UNIT.match(words.text.replace(" ", ""))):
            return found["unit"]
    stem = Path(filled.document.name).stem
    found = _STEM.match(stem)
    return found["unit"] if found else stem


_RECOGNISED = Text("按标题和表头识别", "recognised from title and headers")
_FORCED = Text("按指定", "as told")


def _result(
    book: Rulebook,
    source: Source,
    submission: Submission,
    context: Context,
    checked: Checked,
    suspects: tuple[Suspect, ...],
    *,
    forced: bool,
) -> Result:
    filled, before = submission.now, submission.before
    order = {name: i for i, name in enumerate((*filled.form.tables, ""))}
    findings = sorted(checked.findings, key=lambda f: (f.rule, order.get(f.table, 0), f.place.row, f.place.column))
    return Result(
        file=source.name,
        sha256=source.sha256,
        rulebook=book.id,
        version=book.version,
        title=book.title,
        recognised=_FORCED if forced else _RECOGNISED,
        unit=context.unit,
        period=context.period,
        last=before.document.name if before is not None else "",
        findings=tuple(findings),
        tallies=dict(sorted(checked.tallies.items())),
        suspects=suspects,
        document=filled.document,
        missing=filled.missing,
        notes=filled.notes,
    )


def auditor(*, rules: str | None = None, period: int | None = None, last: str | Path | None = None) -> Auditor:
    """An auditor for one rulebook, or for all shipped ones.

    Raises:
        Fault: a rulebook that does not load, or a last-year path that does not exist (exit 2).
    """
    books = (rulebook.find(rules),) if rules else tuple(rulebook.find(name) for name in rulebook.shipped())
    books = tuple(book for book in books if book.form.tables)
    past = Path(last) if last is not None and str(last) != "none" else None
    if past is not None and not past.exists():
        raise Fault("missing", Text(f"没有上年文件 {past}", f"no such last-year file or folder: {past}"), exit=2)
    return Auditor(books, period=period, last=past, forced=rules is not None)


def sources(paths: Iterable[str | Path]) -> Iterator[Source | tuple[str, Fault]]:
    """Read each path once; what cannot be read comes out as its name and the fault."""
    for path in paths:
        try:
            yield readers.load(path)
        except Fault as fault:
            yield str(path), fault


def check(
    path: str | Path, *, rules: str | None = None, period: int | None = None, last: str | Path | None = None
) -> Result:
    """Check one file and return everything a report would show.

    Args:
        path: an xlsx, xlsm, xls, xlsb, ods, csv or tsv file.
        rules: a rulebook's id or path; recognised from the file when left out.
        period: the reporting year, if it cannot be read from the file.
        last: last year's report, or a folder of them.

    Raises:
        Fault: the file is missing, unreadable or of no known form; a rulebook is malformed.
    """
    result = next(iter(auditor(rules=rules, period=period, last=last).audit([readers.load(path)])))
    if result.faults:
        raise result.faults[0]
    return result
