"""Rules of a first draft: identities found in one or many submissions, with their support and their exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from auditkit.authoring.draft_tables import DraftTable, indexes, panels
from auditkit.discover import Breach, Identity, identities
from auditkit.discover.breaches import breach, exactness
from auditkit.discover.figures import Figures, figures
from auditkit.discover.identity import Operator
from auditkit.model.document import Document, Place

MOSTLY = 0.8
"""Share of exact sums from which whole numbers are taken for counts; rounded ones agree in three of four at most."""
AXES = {"row": ("rows", "columns"), "column": ("columns", "rows")}
"""What adds up → the axis of its lines and the axis of its witnesses."""


@dataclass(frozen=True)
class Sheet:
    """One table in one submission."""

    document: Document
    grid: int
    at: Mapping[str, Mapping[str, int]]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Key:
    """An identity in short names, the same in every submission."""

    table: str
    op: Operator
    axis: str
    total: str
    parts: tuple[str, ...]
    base: str
    factor: int


@dataclass
class Proposal:
    """A rule to propose: where it was asked, and where it failed."""

    key: Key
    exact: bool = True
    """Whole numbers are counts here, not rounded figures: rounding excuses nothing."""
    asked: dict[str, None] = field(default_factory=dict)
    """Witness lines in which some submission says it holds or fails."""
    held: int = 0
    of: int = 0
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    """Number of the submission, witness line, and the place with its arithmetic."""

    @property
    def check(self) -> str:
        """In the rule language."""
        key = self.key
        if key.op == "sum":
            return f"{key.total} = {' + '.join(key.parts)}"
        if key.op == "difference":
            return f"{key.total} = {key.parts[0]} + {key.parts[1]} - {key.parts[2]}"
        if key.op == "average":
            return f"{key.total} ≈ ({' + '.join(key.parts)}) / {len(key.parts)}"
        times = f"{key.factor} * " if key.factor != 1 else ""
        if key.op == "change":
            return f"{key.total} ≈ {times}({key.parts[0]} - {key.parts[1]}) / {key.parts[1]}"
        below = key.parts[1] if key.op == "division" else self._whole
        return f"{key.total} ≈ {times}{key.parts[0]} / {below}"

    @property
    def _whole(self) -> str:
        key = self.key
        row, column = (key.parts[0], key.base) if key.axis == "row" else (key.base, key.parts[0])
        return f"{key.table}.{row}[{column}]"

    def scope(self, table: DraftTable, good: int) -> str:
        """Every line of the other axis but those in which it was never asked, or does not hold in the good sample."""
        witnesses = [line.name for line in table.lines(AXES[self.key.axis][1])]
        bad = {witness for number, witness, _ in self.broken if number == good}
        left = [name for name in witnesses if name not in self.asked or name in bad]
        word = "column" if self.key.axis == "row" else "row"
        return f"each {word} in {table.id}" + (f" except {', '.join(left)}" if left else "")

    def witness(self, good: int) -> str | None:
        """A line in which it holds in the good sample."""
        bad = {witness for number, witness, _ in self.broken if number == good}
        return next((name for name in self.asked if name not in bad), None)


def proposals(tables: Sequence[DraftTable], documents: Sequence[Document]) -> list[Proposal]:
    """Identities found in any submission, judged in all of them that have the table, in reading order."""
    made: list[Proposal] = []
    for table in tables:
        sheets = [_sheet(table, document) for document in documents]
        exact = _counts([sheet for sheet in sheets if sheet is not None])
        found: dict[Key, Proposal] = {}
        for sheet in sheets:
            if sheet is not None:
                for key, asked in _keys(table, sheet):
                    found.setdefault(key, Proposal(key, exact)).asked.update(dict.fromkeys(asked))
        for proposal in found.values():
            for number, sheet in enumerate(sheets):
                if sheet is not None:
                    _judge(proposal, number, sheet)
        made += found.values()
    return made


def _sheet(table: DraftTable, document: Document) -> Sheet | None:
    for number, panel in panels(document):
        at = indexes(table, panel)
        if at is not None:
            return Sheet(document, number, at, figures(document.grids[number]))
    return None


def _counts(sheets: Sequence[Sheet]) -> bool:
    """Whether the table's whole numbers are counts: most sums are exact, or far more than chance allows."""
    exact = asked = 0
    for sheet in sheets:
        own = [one for one in _own(sheet) if one.op in {"sum", "difference"}]
        if exactness(sheet.figures, own).counted:
            return True
        near = [breach(sheet.figures, one, witness, 0.0) for one in own for witness in one.witnesses]
        exact += sum(one is not None and one.expected == one.found for one in near)
        asked += len(near)
    return exact >= MOSTLY * asked


def _own(sheet: Sheet) -> Iterator[Identity]:
    """The identities whose lines are all lines of the table."""
    known = {axis: set(at.values()) for axis, at in sheet.at.items()}
    for one in identities(sheet.document.grids[sheet.grid]):
        lines, across = (known[axis] for axis in AXES[one.axis])
        if {one.total, *one.parts} <= lines and (one.base < 0 or one.base in across):
            yield one


def _keys(table: DraftTable, sheet: Sheet) -> Iterator[tuple[Key, list[str]]]:
    """The identities of one submission in short names, each with the lines it was asked in."""
    names = {axis: {index: name for name, index in at.items()} for axis, at in sheet.at.items()}
    for one in _own(sheet):
        lines, across = (names[axis] for axis in AXES[one.axis])
        missed = [b.total[1 if one.axis == "row" else 0] for b in one.exceptions]
        asked = [across[w] for w in sorted((*one.witnesses, *missed)) if w in across]
        if asked:
            parts = tuple(lines[p] for p in one.parts)
            base = across[one.base] if one.base >= 0 else ""
            yield Key(table.id, one.op, one.axis, lines[one.total], parts, base, one.factor), asked


def _judge(proposal: Proposal, number: int, sheet: Sheet) -> None:
    """Ask the identity of every line of one submission in which it was asked anywhere."""
    key = proposal.key
    lines, across = (sheet.at[axis] for axis in AXES[key.axis])
    identity = Identity(
        op=key.op,
        axis="row" if key.axis == "row" else "column",
        total=lines[key.total],
        parts=tuple(lines[part] for part in key.parts),
        witnesses=(),
        base=across[key.base] if key.base else -1,
        factor=key.factor,
    )
    for witness in proposal.asked:
        total, parts = identity.at(across[witness])
        if not sheet.figures.number[total] or not any(sheet.figures.number[p] for p in parts):
            continue
        whole = all(sheet.figures.half[cell] in {0.0, 0.5} for cell in (total, *parts))
        strict = proposal.exact and whole and key.op in {"sum", "difference"}
        one = breach(sheet.figures, identity, across[witness], 0.0 if strict else None)
        if one is None:
            continue
        proposal.of += 1
        if abs(one.expected - one.found) <= one.allowed:
            proposal.held += 1
        else:
            proposal.broken.append((number, witness, _said(sheet, one)))


def _said(sheet: Sheet, one: Breach) -> str:
    place = Place(sheet.document.name, sheet.document.grids[sheet.grid].name, *one.total)
    return f"{sheet.document.name} {place.to('zh')} {one.found} ≠ {round(one.expected, 6).normalize():f}"


def fewest_broken(made: Sequence[Proposal], documents: int) -> int:
    """Number of the submission in which the fewest identities fail; the first of equals."""
    failed = [sum(1 for p in made for number, *_ in p.broken if number == n) for n in range(documents)]
    return failed.index(min(failed))
