"""What was asked for besides the terminal: files by suffix, results to send back, a summary, marked originals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from auditkit.annotate import annotate
from auditkit.annotate.marking import marks
from auditkit.deliver import deliver
from auditkit.model.finding import Result
from auditkit.model.words import Fault, Language, Text
from auditkit.reports import summary_workbook, table_csv, text_report, webpage, workbook

SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".md": "markdown",
    ".junit.xml": "junit",
    ".sarif": "sarif",
    ".txt": "full",
}


INDEX = "index.html"


@dataclass
class Outputs:
    """Keeps the results that the wanted files need, and writes them at the end."""

    language: Language
    out: tuple[Path, ...] = ()
    folder: Path | None = None
    summary: Path | None = None
    annotated: bool = False
    paged: bool = False
    deadline: str = ""
    contact: str = ""
    waiting: Sequence[summary_workbook.Waiting] = ()
    """Explanations to be judged, for the summary."""
    results: list[Result] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path in self.out:
            kind(path)

    def kept(self, results: Iterable[Result]) -> Iterator[Result]:
        """Pass results on, keeping them where some file will need them."""
        wanted = bool(self.out or self.folder or self.summary)
        for result in results:
            if wanted:
                self.results.append(result)
            yield result

    def write(self) -> Iterator[str]:
        """Write everything that was asked for; yields what to tell the caller."""
        for path in self.out:
            yield write_out(path, self.results, self.language).to(self.language)
        if self.folder is not None:
            yield from self._returned(self.folder)
        if self.summary is not None:
            said = write_summary(self.summary, self.results, self.language, waiting=self.waiting)
            yield said.to(self.language)

    def _returned(self, folder: Path) -> Iterator[str]:
        """One workbook for each submission with something open, under a name nobody else has."""
        taken: set[str] = set()
        listed: list[tuple[Result, str]] = []
        for result in self.results:
            if not result.owed:
                listed.append((result, ""))
                continue
            name = _free(Path(result.file).stem, taken)
            ending = Text("审核结果", "checked").to(self.language)
            book = workbook.render(result, self.language, deadline=self.deadline, contact=self.contact)
            deliver(folder / f"{name}_{ending}.xlsx", book)
            listed.append((result, f"{name}.html"))
            if self.paged:
                deliver(folder / f"{name}.html", webpage.render(result, self.language).encode())
            if self.annotated:
                yield from self._marked(result, folder, name)
        if self.paged:
            deliver(folder / INDEX, webpage.index(listed, self.language).encode())
        written = sum(bool(link) for _, link in listed)
        yield Text(f"{folder}：写出 {written} 个结果", f"{folder}: wrote {written} results").to(self.language)

    def _marked(self, result: Result, folder: Path, name: str) -> Iterator[str]:
        assert result.source is not None
        try:
            data = annotate(result.source, marks(result, self.language))
        except Fault as fault:
            yield f"{result.file}: {fault.to(self.language)}"
            return
        ending = Text("标注", "marked").to(self.language)
        deliver(folder / f"{name}_{ending}{Path(result.file).suffix}", data)


def write_out(path: Path, results: Iterable[Result], language: Language) -> Text:
    """Write one file, its form by its suffix; what to tell the caller. Results may be gone through more than once.

    Raises:
        Fault: ``unknown-output`` or ``unwritable`` (exit 2).
    """
    what = kind(path)
    if what in {"xlsx", "html"}:
        first = [*islice(results, 2)]
        alone = first[0] if len(first) == 1 else None
        data = _book(alone, results, language) if what == "xlsx" else _page(alone, results, language)
    else:
        text = "".join(f"{line}\n" for line in text_report(what).render(results, language))
        data = text.encode(table_csv.ENCODING if what == "csv" else "utf-8")
    deliver(path, data)
    return Text(f"写出 {path}", f"wrote {path}")


def _book(alone: Result | None, results: Iterable[Result], language: Language) -> bytes:
    if alone is not None:
        return workbook.render(alone, language)
    return summary_workbook.render(results, language).workbook


def _page(alone: Result | None, results: Iterable[Result], language: Language) -> bytes:
    if alone is not None:
        return webpage.render(alone, language).encode()
    return webpage.index([(result, "") for result in results], language).encode()


def write_summary(
    path: Path,
    results: Iterable[Result],
    language: Language,
    *,
    units: Sequence[summary_workbook.Unit] = (),
    run: str = "",
    inputs: Iterable[summary_workbook.Input] | None = None,
    waiting: Sequence[summary_workbook.Waiting] = (),
) -> Text:
    """Write the workbook over all submissions, and a CSV file beside it if it cannot hold them; what to tell."""
    beside = path.with_suffix(".csv")
    done = summary_workbook.render(
        results, language, units=units, run=run, inputs=inputs, waiting=waiting, beside=beside.name
    )
    deliver(path, done.workbook)
    if done.details is not None:
        deliver(beside, done.details.encode(table_csv.ENCODING))
    return Text(f"写出 {path}", f"wrote {path}")


def kind(path: Path) -> str:
    """What a file is to be, by its suffix. Raises ``Fault`` ``unknown-output`` (exit 2)."""
    name = path.name.lower()
    for suffix, what in ((".xlsx", "xlsx"), (".html", "html"), *SUFFIXES.items()):
        if name.endswith(suffix):
            return what
    known = " ".join([".xlsx", ".html", *SUFFIXES])
    raise Fault(
        "unknown-output",
        Text(
            f"不知道怎么写 {path.name}；可用的扩展名：{known}",
            f"cannot tell what to write to {path.name}; suffixes: {known}",
        ),
        exit=2,
    )


def _free(name: str, taken: set[str]) -> str:
    free, n = name, 1
    while free in taken:
        n += 1
        free = f"{name}-{n}"
    taken.add(free)
    return free
