"""Who gets what: units of the roster, the results that count for them, and the workbooks to go along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditkit import readers
from auditkit.batch import Setup
from auditkit.checking import shelf
from auditkit.checking.rounds import Earlier, following
from auditkit.checking.told import Told
from auditkit.mail.drafting import attachment_name
from auditkit.mail.message import Attachment
from auditkit.model.finding import Result
from auditkit.model.words import LEVELS, Fault, Language, Text
from auditkit.replies import Stamp, stamp
from auditkit.roster import Arrival, Unit, roster


def came(
    store: str | None, number: int | None, people: Path, earlier: Earlier, spoken: Language
) -> Iterator[tuple[Unit, list[Result]]]:
    """Every unit of the roster with the results that count for it, as ``check`` told them; none for what is missing."""
    listed = roster(people)
    with shelf.known(store) as kept:
        runs = [run.id for run in kept.runs()]
        chosen = number if number is not None else runs[-1] if runs else None
        if chosen not in runs:
            raise Fault("no-run", Text("结果库里没有这次运行。", "The store has no such run."), exit=2)
        told = Told(kept, chosen, Setup(), following(earlier, spoken, kept))
        results = {entry.name: result for entry, result in told.entered() if entry.part != "nobody"}
    attendance = listed.attendance(Arrival.of(name, 0, result) for name, result in results.items())
    own: dict[Unit, list[Result]] = {}
    for one in attendance.received:
        own.setdefault(one.unit, []).append(results[one.arrival.name])
    for unit in listed.units:
        yield unit, own.get(unit, [])


@dataclass(frozen=True)
class Workbook:
    """A returned workbook and what its properties say."""

    data: bytes
    stamp: Stamp


Workbooks = Mapping[str, Mapping[str, Workbook]]
"""Hash of a submission → unit → its returned workbook."""


def workbooks(folder: Path) -> Workbooks:
    """The returned workbooks of a folder, known by the properties we wrote, whatever their names."""
    found: dict[str, dict[str, Workbook]] = {}
    for path in sorted(folder.rglob("*.xlsx")):
        source = readers.load(path)
        of = stamp(source)
        if of is not None and of.source:
            found.setdefault(of.source, {}).setdefault(of.unit, Workbook(source.data, of))
    return found


def round_of(going: Workbooks) -> int:
    """The round that the workbooks are of."""
    return max((book.stamp.round for same in going.values() for book in same.values()), default=1) or 1


def attached(
    unit: Unit, results: Sequence[Result], going: Workbooks, turn: int, language: Language
) -> list[Attachment]:
    """The workbooks of these results.

    Raises:
        Fault: (exit 2) one with something open has none, or has one that says something else.
    """
    made: list[Attachment] = []
    for result in results:
        book = _workbook(result, going.get(result.sha256, {}))
        if book is None and result.findings:
            raise Fault(
                "no-workbook",
                Text(f"没有 {result.file} 的结果表。", f"There is no returned workbook for {result.file}."),
                hint=Text("请先用 check --out-dir 写出。", "Write them first with check --out-dir."),
                exit=2,
            )
        if book is not None:
            _same(book, result)
            spoken_to: Language = (
                "zh" if unit.language == "zh" or (unit.language != "en" and language == "zh") else "en"
            )
            name = attachment_name(unit.name, result.period, turn, spoken_to)
            stem = name.removesuffix(".xlsx")
            made.append(Attachment(name if not made else f"{stem}_{len(made) + 1}.xlsx", book.data))
    return made


def _workbook(result: Result, same: Mapping[str, Workbook]) -> Workbook | None:
    """The one of this unit, where two units sent the very same file."""
    return next(iter(same.values())) if len(same) == 1 else same.get(result.unit_code or result.unit)


def _same(book: Workbook, result: Result) -> None:
    """The letter and the workbook count the same findings, or neither goes out."""
    counts = " ".join(str(result.count(level)) for level in LEVELS)
    if book.stamp.open and book.stamp.open != counts:
        raise Fault(
            "stale-workbook",
            Text(
                f"{result.file} 的结果表与结果库（或说明）对不上，可能是较早写出的。",
                f"The returned workbook of {result.file} does not say what the store and the explanations say.",
            ),
            hint=Text("请用 check --out-dir 重新写出。", "Write it again with check --out-dir."),
            exit=2,
        )
