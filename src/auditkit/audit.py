"""The corridor: the only room that knows the order of the others. Paths in, results out, in the same order.

    path → Source → Document → Filled → stack → cells, rules → Result

Submissions of one form are checked together, a chunk at a time; what went wrong with one of them is its own fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from auditkit import readers, rulebook
from auditkit.bind import Binder
from auditkit.catalogue import rule_notes
from auditkit.collector import resting
from auditkit.edits import Lookout, submission_of
from auditkit.edits import check as check_rules
from auditkit.footnotes import explain_by_footnotes
from auditkit.identity import describe, words_of
from auditkit.localize import Located, suspects_of
from auditkit.model.document import Document, Source
from auditkit.model.filled import Filled
from auditkit.model.finding import Alike, Checked, Context, Result, RuleNote, in_reading_order
from auditkit.model.form import Form
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault, Text
from auditkit.narrative import Narrative, check_narrative, check_words, cleared_too
from auditkit.offices import bare, is_nobody
from auditkit.prose import language_of
from auditkit.records import fitted
from auditkit.register import Register, check_register, open_register
from auditkit.schema import check_cells
from auditkit.stack import stack
from auditkit.store.figures import figures_of
from auditkit.unformed import Unformed

CHUNK = 512
"""Submissions in one stack: enough to make a rule's cost vanish, few enough to keep memory flat."""


Prior = tuple[Filled, str]
"""A report of the year before, and the hash of its file."""
Past = Callable[[Form, Context], Prior | None]
"""Finds the year before of a unit, where it was checked before."""


@dataclass(frozen=True)
class Member:
    """One bound submission of a chunk; ``number`` is its place among the inputs."""

    number: int
    source: Source
    filled: Filled
    context: Context


@dataclass(frozen=True)
class Auditor:
    """What to check against. ``rules`` empty means: recognise the form among the shipped rulebooks."""

    rules: tuple[Rulebook, ...]
    period: int | None = None
    last: Path | None = None
    """Last year's report, or a folder of them (matched by unit)."""
    past: Past | None = field(default=None, repr=False)
    """Asked where ``last`` has nothing; whoever gives it wants the figures of this year kept for the next."""
    forced: bool = False
    read: Callable[[Source], Document] = field(default=readers.read, repr=False)

    @property
    def forms(self) -> tuple[Form, ...]:
        return tuple(book.form for book in self.rules if book.form.tables)

    @cached_property
    def binder(self) -> Binder:
        return Binder(self.forms)

    @cached_property
    def books(self) -> Mapping[str, Rulebook]:
        return {book.id: book for book in self.rules}

    @cached_property
    def notes(self) -> Mapping[str, tuple[RuleNote, ...]]:
        """Each rulebook's rules as reports print them."""
        return {book.id: rule_notes(book) for book in self.rules}

    @cached_property
    def _unformed(self) -> Unformed:
        return Unformed(self.last, self.read, asked=not self.forced)

    @cached_property
    def before(self) -> Mapping[tuple[str, int | None], Prior]:
        """Last year's reports by unit and year. A single file stands for whoever asks, under the empty name."""
        if self.last is None:
            return {}
        if self.last.is_file():
            only = readers.load(self.last)
            return {("", None): (self.binder.bind(self.read(only)), only.sha256)}
        found: dict[tuple[str, int | None], Prior] = {}
        for path in sorted(self.last.rglob("*")):
            if path.is_file() and not path.name.startswith(("~$", ".")):
                try:
                    source = readers.load(path)
                    filled = self.binder.bind(self.read(source))
                except Fault:
                    continue  # a file of another kind in last year's folder is nobody's last year
                own = describe(filled.words, filled.document.name, None)
                if not is_nobody(own.unit):
                    found[bare(own.unit), own.year[0] if own.year else None] = filled, source.sha256
        return found

    def audit(self, sources: Iterable[Source | tuple[str, Fault]]) -> Iterator[Result]:
        """Check submissions, each with its own result; faults become results that say so."""
        waiting = iter(sources)
        while chunk := list(islice(waiting, CHUNK)):
            with resting():
                results = self._chunk(chunk)
            yield from results

    def _chunk(self, chunk: Sequence[Source | tuple[str, Fault]]) -> list[Result]:
        results: list[Result | None] = [None] * len(chunk)
        members: dict[str, list[Member]] = {}
        texts: list[Narrative] = []
        for n, one in enumerate(chunk):
            try:
                results[n] = self._sort(n, one, members, texts)
            except Fault as fault:
                name, sha256 = (one[0], "") if isinstance(one, tuple) else (one.name, one.sha256)
                results[n] = Result(name, sha256, faults=(fault,))
        beside = _join(members, texts)
        for form, bound in members.items():
            for n, result in self._checked(self.books[form], bound):
                results[n] = result
        for text in texts:
            result = check_narrative(text, () if text.number in beside else self.forms, self.notes[text.book.id])
            results[text.number] = self._unformed.with_tables(result) if text.document.grids else result
        return [result for result in results if result is not None]

    def _sort(
        self, n: int, one: Source | tuple[str, Fault], members: dict[str, list[Member]], texts: list[Narrative]
    ) -> Result | None:
        """Read and bind one input: a form's submission, or a text without; tables of no form are checked at once."""
        if isinstance(one, tuple):
            raise one[1]
        register = open_register(one, self.binder, self.books)
        if register is not None and (result := self._registered(n, register)) is not None:
            return result
        document = self.read(one)
        try:
            filled = self.binder.bind(document)
        except Fault as fault:
            book = self._words_book(document)
            if book is None and document.grids and fault.code == "unknown-form" and not self.forced:
                return self._unformed.check(one, document, fault, self.period)
            if book is None:
                raise
            words = words_of(document)
            texts.append(Narrative(n, one, document, words, book, describe(words, document.name, self.period)))
            return None
        context = describe(filled.words, document.name, self.period)
        members.setdefault(filled.form.id, []).append(Member(n, one, filled, context))
        return None

    def _words_book(self, document: Document) -> Rulebook | None:
        """The rulebook for a report that is all words, by its language."""
        if not document.paragraphs or self.forced:
            own = [book for book in self.rules if book.prose and not book.form.tables]
            return own[0] if document.paragraphs and own else None
        language = language_of(document.paragraphs)
        return self.books.get(f"report-prose-{language}")

    def _checked(self, book: Rulebook, members: list[Member]) -> list[tuple[int, Result]]:
        """Results of members; one that turns out to be unreadable when its cells are asked for has its fault."""
        try:
            return list(self._check(book, members))
        except Fault as fault:
            if len(members) > 1:
                return [result for member in members for result in self._checked(book, [member])]
            (member,) = members
            return [(member.number, Result(member.source.name, member.source.sha256, faults=(fault,)))]

    def _check(self, book: Rulebook, members: list[Member]) -> Iterator[tuple[int, Result]]:
        submissions = [member.filled for member in members]
        contexts = [member.context for member in members]
        last = [self._last_year(member) for member in members]
        if book.form.lists and len(members) > 1:  # each has records of its own
            for member in members:
                yield from self._check(book, [member])
            return
        before = [prior[0] if prior else None for prior in last]
        if book.form.lists:
            book, submissions[0], before[0] = fitted(book, submissions[0], before[0])
        pile = stack(book.form, submissions, before)
        done = check_rules(book, pile, contexts)
        check_cells(book, pile, contexts, done)
        lookout, alike = Lookout(book.finders), Alike()
        for i, (member, checked) in enumerate(zip(members, done, strict=True)):
            document = member.filled.document
            if document.paragraphs and book.prose:
                check_words(book, document, member.context, checked)
            submission = submission_of(book, pile, i, member.context)
            remarks = explain_by_footnotes(book, submission.now, checked, member.context.unit)
            stated = lookout.find(submission.now.words) if checked.findings else {}
            located = suspects_of(book, submission, member.context, {k: v[0] for k, v in stated.items()}, checked)
            told = cleared_too(book, document, member.context, checked, located.suspects)
            located = Located(told, (*remarks, *located.notes))
            checked.tallies = alike.one(checked.tallies)
            result = self._result(book, member, checked, submission.before, located)
            yield member.number, replace(result, last_sha256=prior[1]) if (prior := last[i]) else result

    def _last_year(self, member: Member) -> Prior | None:
        context, form = member.context, member.filled.form
        year = context.year[0] - 1 if context.year else None
        found = self.before.get((bare(context.unit), year)) or self.before.get(("", None))
        if found is not None and found[0].form.id == form.id:
            return found
        return self.past(form, context) if self.past is not None else None

    def _registered(self, n: int, register: Register) -> Result | None:
        """A list too long to lay out; None where it turns out to be none, and the ordinary way says why."""
        context = describe(register.head.words, register.source.name, self.period)
        member = Member(n, register.source, register.head, context)
        last = self._last_year(member) if register.asked.looks_back else None
        checked = check_register(register, context) if last is None else None
        if checked is None:
            return None
        checked.tallies = Alike().one(checked.tallies)
        return replace(self._result(register.book, member, checked, None, Located()), figures="")

    def _result(
        self, book: Rulebook, member: Member, checked: Checked, before: Filled | None, located: Located
    ) -> Result:
        filled = member.filled
        return Result(
            file=member.source.name,
            sha256=member.source.sha256,
            rulebook=book.id,
            version=book.version,
            title=book.title,
            recognised=_RECOGNISED[self.forced],
            unit=member.context.unit,
            period=member.context.period,
            last=before.document.name if before is not None else "",
            findings=in_reading_order(checked.findings, filled.document),
            tallies=checked.tallies,
            suspects=located.suspects,
            missing={id_: why for id_, why in filled.missing.items() if filled.needs(id_)},
            notes=(*readers.disguised(filled.document), *located.notes, *filled.notes),
            rules=self.notes[book.id],
            figures=figures_of(filled) if self.past is not None else "",
            document=filled.document,
            source=member.source,
        )


_RECOGNISED = Text("按标题和表头识别", "recognised from title and headers"), Text("按指定", "as told")


def _join(members: dict[str, list[Member]], texts: Sequence[Narrative]) -> set[int]:
    """A report in several files: the text of a unit is read beside its workbook of the same year.

    Returns the numbers of the texts that found their workbook.
    """
    joined: set[int] = set()
    for bound in members.values():
        for i, member in enumerate(bound):
            own = member.context.unit, member.context.period
            beside = [t for t in texts if (t.context.unit, t.context.period) == own]
            joined.update(text.number for text in beside)
            more = tuple(w for text in beside for w in text.words if w.role == "prose")
            if more:
                bound[i] = replace(member, filled=replace(member.filled, words=(*member.filled.words, *more)))
    return joined


def auditor(*, rules: str | None = None, period: int | None = None, last: str | Path | None = None) -> Auditor:
    """An auditor for one rulebook, or for all shipped ones.

    Raises:
        Fault: a rulebook that does not load, or a last-year path that does not exist (exit 2).
    """
    books = rulebook.chosen(rules)
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
