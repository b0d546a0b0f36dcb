"""What goes back to the offices, written into a folder as it is made; what is there already is not made again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

from auditkit import __version__
from auditkit.batch import Jobs, Limits, Setup, at_work, found_in
from auditkit.batch.returning import Answers, Letter, Returned
from auditkit.checking.current import hash_of, is_current
from auditkit.checking.told import Told
from auditkit.deliver import deliver
from auditkit.model.finding import Result
from auditkit.model.words import EMPTY, Fault, Language, Text
from auditkit.offices import bare, is_nobody
from auditkit.store import Store
from auditkit.store.plain import dump
from auditkit.store.records import Entry, Written

NAMED = 5
"""Files that are named where many could not be written."""
LOT = 8
"""Letters handed to a worker at one go."""
_ENDING = Text("审核结果", "checked")
_MARKED = Text("标注", "marked")


@dataclass(frozen=True)
class Draft:
    """A letter that is owed, where it goes, and all that its words depend on, hashed."""

    letter: Letter
    workbook: Path
    marked: Path | None
    page: Path | None
    made_from: str

    def files(self, returned: Returned | None = None) -> list[tuple[Path, bytes]]:
        """Where each file goes, with its content."""
        made = returned or Returned()
        pairs = ((self.workbook, made.workbook), (self.marked, made.marked), (self.page, made.page))
        return [(path, data) for path, data in pairs if path is not None]


@dataclass(frozen=True)
class Desk:
    """Where letters are written and what they look like."""

    folder: Path
    language: Language
    run: str
    annotated: bool = False
    paged: bool = False
    """A web page for each too, and an index of all."""
    deadline: str = ""
    contact: str = ""

    def drafts(self, told: Told) -> Iterator[Draft]:
        """A letter for each submission that counts and has something to answer, in order, each under its own name."""
        taken: dict[str, int] = {}
        for entry, result in told.entered(open_only=True):
            if not result.owed:
                continue
            found = found_in(entry, told.store.origin(told.run, entry.name))
            stem, dot, suffix = found.file.rpartition(".")
            name = _free(_whose(stem if dot else suffix, entry), taken)
            marked = self.folder / f"{name}_{_MARKED.to(self.language)}{dot}{suffix}" if self.annotated else None
            facts = self.annotated, self.paged, self.deadline, self.contact, self.run
            letter = Letter(found, replace(result, rules=()), self.language, *facts)
            workbook = self.folder / f"{name}_{_ENDING.to(self.language)}.xlsx"
            page = self.folder / f"{name}.html" if self.paged else None
            yield Draft(letter, workbook, marked, page, self._made_from(result))

    def kept(self, files: Iterable[Written]) -> list[Written]:
        """Those of this folder: what an earlier round was given in another stays there."""
        own = f"{self.folder.absolute()}{os.sep}"
        return [one for one in files if one.path.startswith(own)]

    def _made_from(self, result: Result) -> str:
        """Everything that is told, but for the rules, which the setup's fingerprint stands for, and the run."""
        words = (dump(replace(result, rules=())), self.language, self.deadline, self.contact, __version__)
        return hashlib.sha256("\x1f".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def answer(
    desk: Desk, told: Told, setup: Setup, whose: str, made_from: str, *, jobs: Jobs, limits: Limits
) -> Iterator[Text]:
    """Write all letters, and take away those that are no longer owed.

    Yields what to tell: files that could not be written, by reason, then how many there are.

    Args:
        desk: where they go and what they look like.
        told: the results.
        setup: what they were checked against.
        whose: what makes two runs the same run: letters of other runs stay.
        made_from: as for ``write_files``, for the index of all.
        jobs: as for ``run``.
        limits: as for ``run``.
    """
    store, kept, pages, there = told.store, 0, dict[str, str](), set[str]()

    def due() -> Iterator[Draft]:
        nonlocal kept
        for draft in desk.drafts(told):
            whole = replace(draft, made_from=f"{draft.made_from}-{setup.fingerprint}")
            pages[draft.letter.result.file] = draft.page.name if draft.page else ""
            there.update(str(path.absolute()) for path, _ in draft.files())
            if all(is_current(store, path, whole.made_from) for path, _ in draft.files()):
                kept += 1
            else:
                yield whole

    under_way: dict[int, list[Draft]] = {}

    def lots() -> Iterator[Answers]:
        waiting, number = due(), count()
        while lot := list(islice(waiting, LOT)):
            under_way[next(number)] = lot
            yield Answers(tuple(draft.letter for draft in lot))

    written, failed = 0, dict[str, tuple[Fault, list[str]]]()
    for number, answers in at_work(setup, lots(), jobs, limits):
        for draft, returned in zip(under_way.pop(number), answers, strict=True):
            for path, data in draft.files(returned):
                if data:
                    deliver(path, data)
                    facts = hashlib.sha256(data).hexdigest(), whose, draft.letter.result.file
                    store.wrote(Written(str(path.absolute()), draft.made_from, *facts))
            written += bool(returned.workbook)
            if (fault := returned.fault) is not None:
                failed.setdefault(fault.to("zh"), (fault, []))[1].append(draft.letter.result.file)
    yield from (_not_made(sorted(names), fault) for _, (fault, names) in sorted(failed.items()))
    yield from _taken_away([one for one in desk.kept(store.written(whose, told.run)) if one.path not in there], store)
    index = desk.folder / "index.html"
    if desk.paged and not is_current(store, index, made_from):
        from auditkit.reports import webpage  # noqa: PLC0415 - only for who wants pages

        listed = webpage.index(((result, pages.get(result.file, "")) for result in told), desk.language)
        deliver(index, listed.encode())
        store.wrote(Written(str(index.absolute()), made_from, hash_of(index)))
    zh, en = (f"，另 {kept} 个没有变", f", {kept} unchanged") if kept else ("", "")
    yield Text(f"{desk.folder}：写出 {written} 个结果{zh}", f"{desk.folder}: wrote {written} results{en}")


def _taken_away(stale: Sequence[Written], store: Store) -> Iterator[Text]:
    """Letters whose submissions owe nothing any more are deleted, but for those that somebody has changed."""
    there = [(one, hash_of(Path(one.path))) for one in stale]
    for one, now in there:
        if now == one.sha256:
            Path(one.path).unlink(missing_ok=True)
    store.unlist(one.path for one in stale)
    gone, changed = (
        [Path(one.path).name for one, now in there if now and (now == one.sha256) == ours] for ours in (True, False)
    )
    if gone:
        zh, en = _some(gone)
        yield Text(f"删去 {len(gone)} 个不再需要的结果：{zh}", f"deleted {len(gone)} results no longer due: {en}")
    if changed:
        zh, en = _some(changed)
        yield Text(f"▲ 不再需要、但已被改动，没有删去：{zh}", f"▲ no longer due, but changed since, and kept: {en}")


def _whose(stem: str, entry: Entry) -> str:
    """What a result is called: with its unit where the file only says what it is, as 报表.xlsx does."""
    unsaid = entry.unit and is_nobody(stem) and entry.said == EMPTY and bare(entry.unit) not in stem
    return f"{entry.unit}_{stem}" if unsaid else stem


def _not_made(names: Sequence[str], fault: Fault) -> Text:
    """One line for all files that could not be written for the same reason."""
    zh, en = _some(names)
    return Text(f"○ {zh}：{fault.to('zh')}", f"○ {en}: {fault.to('en')}")


def _some(names: Sequence[str]) -> tuple[str, str]:
    """The first names, and how many more there are."""
    n, first = len(names), names[:NAMED]
    zh, en = "、".join(first), ", ".join(first)
    return (f"{zh} 等 {n} 个文件", f"{en} and {n - len(first)} more") if n > len(first) else (zh, en)


def _free(name: str, taken: dict[str, int]) -> str:
    """The name, numbered where another file has it; case does not tell files apart everywhere."""
    n = taken[name.casefold()] = taken.get(name.casefold(), 0) + 1
    return name if n == 1 else _free(f"{name}-{n}", taken)
