"""Who gets what: units of the roster, the results that count for them, and the workbooks to go along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from auditkit import readers
from auditkit.mail.drafting import attachment_name
from auditkit.mail.message import Attachment
from auditkit.model.finding import Result
from auditkit.model.words import Fault, Language, Text
from auditkit.replies import stamp
from auditkit.roster import Arrival, Unit, roster
from auditkit.store import Store


def came(store: str, number: int | None, people: Path) -> Iterator[tuple[Unit, list[Result]]]:
    """Every unit of the roster with the results that count for it; the empty list for what is missing."""
    listed = roster(people)
    if not Path(store).is_file():
        raise Fault("no-store", Text(f"没有结果库 {store}。", f"There is no store {store}."), exit=2)
    with Store(store) as kept:
        runs = [run.id for run in kept.runs()]
        chosen = number if number is not None else runs[-1] if runs else None
        if chosen not in runs:
            raise Fault("no-run", Text(f"{store} 里没有这次运行。", f"{store} has no such run."), exit=2)
        results = {e.name: result for e, result in kept.results(chosen) if e.part in {"", "counts"}}
    attendance = listed.attendance(Arrival.of(name, 0, result) for name, result in results.items())
    for unit in listed.units:
        yield unit, [results[one.arrival.name] for one in attendance.received if one.unit == unit]


Workbooks = Mapping[str, Mapping[str, bytes]]
"""Hash of a submission → unit → its returned workbook."""


def workbooks(folder: Path) -> Workbooks:
    """The returned workbooks of a folder, known by the properties we wrote, whatever their names."""
    found: dict[str, dict[str, bytes]] = {}
    for path in sorted(folder.rglob("*.xlsx")):
        source = readers.load(path)
        of = stamp(source)
        if of is not None and of.source:
            found.setdefault(of.source, {}).setdefault(of.unit, source.data)
    return found


def attached(
    unit: Unit, results: Sequence[Result], going: Workbooks, turn: int, language: Language
) -> list[Attachment]:
    """The workbooks of these results. Raises ``Fault`` (exit 2) where one with something open has none."""
    made: list[Attachment] = []
    for result in results:
        data = _workbook(result, going.get(result.sha256, {}))
        if data is None and result.findings:
            raise Fault(
                "no-workbook",
                Text(f"没有 {result.file} 的结果表。", f"There is no returned workbook for {result.file}."),
                hint=Text("请先用 check --out-dir 写出。", "Write them first with check --out-dir."),
                exit=2,
            )
        if data is not None:
            spoken_to: Language = (
                "zh" if unit.language == "zh" or (unit.language != "en" and language == "zh") else "en"
            )
            name = attachment_name(unit.name, result.period, turn, spoken_to)
            stem = name.removesuffix(".xlsx")
            made.append(Attachment(name if not made else f"{stem}_{len(made) + 1}.xlsx", data))
    return made


def _workbook(result: Result, same: Mapping[str, bytes]) -> bytes | None:
    """The one of this unit, where two units sent the very same file."""
    return next(iter(same.values())) if len(same) == 1 else same.get(result.unit_code or result.unit)
