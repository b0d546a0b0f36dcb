"""What goes back to the offices, written into a folder as it is made; what is there already is not made again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditkit import __version__
from auditkit.batch import Answers, Jobs, Letter, Limits, Returned, Setup, at_work, found_in
from auditkit.checking.told import Told
from auditkit.deliver import deliver
from auditkit.model.finding import Result
from auditkit.model.words import Fault, Language, Text
from auditkit.outputs import INDEX, owed
from auditkit.reports import webpage
from auditkit.store.plain import dump

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
            if not owed(result):
                continue
            found = found_in(entry, told.store.origin(told.run, entry.name))
            stem, dot, suffix = found.file.rpartition(".")
            name = _free(stem if dot else suffix, taken)
            marked = self.folder / f"{name}_{_MARKED.to(self.language)}{dot}{suffix}" if self.annotated else None
            facts = self.annotated, self.paged, self.deadline, self.contact, self.run
            letter = Letter(found, replace(result, rules=()), self.language, *facts)
            workbook = self.folder / f"{name}_{_ENDING.to(self.language)}.xlsx"
            page = self.folder / f"{name}.html" if self.paged else None
            yield Draft(letter, workbook, marked, page, self._made_from(result))

    def _made_from(self, result: Result) -> str:
        """Everything that is told, but for the rules, which the setup's fingerprint stands for, and the run."""
        words = (dump(replace(result, rules=())), self.language, self.deadline, self.contact, __version__)
        return hashlib.sha256("\x1f".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def answer(desk: Desk, told: Told, setup: Setup, *, jobs: Jobs, limits: Limits) -> Iterator[Text]:
    """Write all letters; yields what to tell: files that could not be written, by reason, then how many there are."""
    store, due, kept, pages = told.store, [], 0, dict[str, str]()
    for draft in desk.drafts(told):
        draft = replace(draft, made_from=f"{draft.made_from}-{setup.fingerprint}")  # noqa: PLW2901 - the same draft
        pages[draft.letter.result.file] = draft.page.name if draft.page else ""
        made = (store.made_from(str(path.absolute())) == (draft.made_from, _hash(path)) for path, _ in draft.files())
        if all(made):
            kept += 1
        else:
            due.append(draft)
    written, failed = 0, dict[str, tuple[Fault, list[str]]]()
    lots = [tuple(due[n : n + LOT]) for n in range(0, len(due), LOT)]
    work = iter([Answers(tuple(draft.letter for draft in lot)) for lot in lots])
    for number, answers in at_work(setup, work, jobs if due else 0, limits):
        for draft, returned in zip(lots[number], answers, strict=True):
            for path, data in draft.files(returned):
                if data:
                    deliver(path, data)
                    store.wrote(str(path.absolute()), draft.made_from, hashlib.sha256(data).hexdigest())
            written += bool(returned.workbook)
            if (fault := returned.fault) is not None:
                failed.setdefault(fault.to("zh"), (fault, []))[1].append(draft.letter.result.file)
    yield from (_not_made(sorted(names), fault) for _, (fault, names) in sorted(failed.items()))
    if desk.paged:
        listed = webpage.index(((result, pages.get(result.file, "")) for result in told), desk.language)
        deliver(desk.folder / INDEX, listed.encode())
    zh, en = (f"，另 {kept} 个没有变", f", {kept} unchanged") if kept else ("", "")
    yield Text(f"{desk.folder}：写出 {written} 个结果{zh}", f"{desk.folder}: wrote {written} results{en}")


def _not_made(names: Sequence[str], fault: Fault) -> Text:
    """One line for all files that could not be written for the same reason."""
    n, first = len(names), names[:NAMED]
    zh, en = "、".join(first), ", ".join(first)
    if n > len(first):
        zh, en = f"{zh} 等 {n} 个文件", f"{en} and {n - len(first)} more"
    return Text(f"○ {zh}：{fault.to('zh')}", f"○ {en}: {fault.to('en')}")


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _free(name: str, taken: dict[str, int]) -> str:
    """The name, numbered where another file has it; case does not tell files apart everywhere."""
    n = taken[name.casefold()] = taken.get(name.casefold(), 0) + 1
    return name if n == 1 else _free(f"{name}-{n}", taken)
