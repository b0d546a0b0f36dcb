"""Which cells of the submission a report marks, how, and for which findings; the same in workbook and web page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from auditkit.model.document import Place
from auditkit.model.finding import Result
from auditkit.reports.grouping import Entry, entries, own_grid, weighty

Kind = Literal["wrong", "perhaps", "part", "explain", "note"]
"""``wrong``: the one cell that would clear its findings; ``perhaps``: one of several such cells; ``part``: took part
in a rule that failed; ``explain``: wants a word; ``note``: worth knowing.
"""
KINDS: tuple[Kind, ...] = ("wrong", "perhaps", "part", "explain", "note")


@dataclass(frozen=True)
class Mark:
    """One marked cell."""

    kind: Kind
    entries: tuple[Entry, ...]


Marks = Mapping[str, Mapping[tuple[int, int], Mark]]
"""Sheet name → (row, column) → mark; sheets in the order of the file, cells in reading order."""


def marks(result: Result) -> Marks:
    """Every cell of the submission that a finding or a suspicion names. Prose and other files have no cells.

    Zeros of a long sum are not marked: their frames would hide the rest.
    """
    found: dict[tuple[str, int, int], tuple[list[Kind], list[Entry]]] = {}
    for entry in entries(result):
        for place, kind in _named(entry):
            if own_grid(result, place) is not None:
                kinds, said = found.setdefault((place.sheet, place.row, place.column), ([], []))
                kinds.append(kind)
                if entry not in said:
                    said.append(entry)
    sheets = [grid.name for grid in result.document.grids] if result.document is not None else []
    return {
        sheet: {
            (row, column): Mark(min(kinds, key=KINDS.index), tuple(said))
            for (name, row, column), (kinds, said) in sorted(found.items())
            if name == sheet
        }
        for sheet in sheets
        if any(name == sheet for name, _, _ in found)
    }


def _named(entry: Entry) -> Iterator[tuple[Place, Kind]]:
    """The cells of one finding, each with how it is marked for this finding alone."""
    finding, suspect = entry.finding, entry.suspect
    places = dict.fromkeys((finding.place, *(t.place for t in weighty(finding) if t.place is not None)))
    plain = _plain(entry, alone=len(places) == 1)
    for place in places:
        yield place, plain
    if suspect is not None and finding.status == "fail":
        for place in suspect.places:
            yield place, "wrong" if len(suspect.places) == 1 else "perhaps"


def _plain(entry: Entry, *, alone: bool) -> Kind:
    if entry.finding.status != "fail" or entry.finding.level == "info":
        return "note"
    if entry.finding.level == "soft":
        return "explain"
    return "wrong" if alone and entry.suspect is None else "part"
