"""What is said about the data: findings, tallies, and the result every report renders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from auditkit.model.document import Document, Place, Source
from auditkit.model.tally import EXPECTED_GAPS, Alike, Reason, Tallies, Tally
from auditkit.model.words import EMPTY, Fault, Level, Text

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "EXPECTED_GAPS",
    "Alike",
    "Checked",
    "Context",
    "Finding",
    "Reason",
    "Result",
    "Round",
    "RuleNote",
    "Said",
    "State",
    "Status",
    "Suspect",
    "Tallies",
    "Tally",
    "Term",
    "Verdict",
    "key_of",
]

Status = Literal["fail", "explained", "not checked", "error"]
Verdict = Literal["pass", "explain", "return", "not checked"]


@dataclass(frozen=True, slots=True)
class Term:
    """A cell or a statement that took part in a finding."""

    name: Text
    value: str
    place: Place | None
    ref: str = ""
    """``T3.新收[总计]``, with ``last_year(…)`` around it where it stands in last year's report."""


@dataclass(frozen=True)
class Finding:
    """One statement about the data: the author's sentence, the engine's arithmetic, and every cell that took part."""

    rule: str
    name: str
    level: Level
    status: Status
    key: str
    values: str
    """Hash of the values that took part; an accepted explanation holds while it holds."""
    message: Text
    arithmetic: Text
    place: Place
    table: str = ""
    row: str = ""
    column: str = ""
    terms: tuple[Term, ...] = ()
    left: Decimal | None = None
    right: Decimal | None = None
    allowed: Decimal | None = None
    """Tolerance that was granted, from the digits shown; None when the check is exact."""
    hint: Text | None = None
    """What else would explain it: truncation, another denominator, a unit factor."""
    footnote: bool = False
    """Explained by the office's own footnote, which ``hint`` tells; nobody has accepted it."""
    quote: str = ""
    """The sentence a prose finding is about; ``place.start`` and ``place.end`` point into its paragraph."""

    @property
    def off(self) -> Decimal | None:
        """Left minus right."""
        return None if self.left is None or self.right is None else self.left - self.right


def key_of(form: str, rule: str, unit: str, period: str, table: str, row: str, column: str) -> str:
    """The finding's name for life: never a row number, a message or a value."""
    return hashlib.sha256("\x1f".join((form, rule, unit, period, table, row, column)).encode()).hexdigest()[:10]


def in_reading_order(findings: Iterable[Finding], document: Document) -> tuple[Finding, ...]:
    """Cells by rule, sheet and address first, then the words from top to bottom."""
    sheets = {grid.name: n for n, grid in enumerate(document.grids)}

    def order(finding: Finding) -> tuple[object, ...]:
        place = finding.place
        if place.paragraph:
            return (1, place.file, place.paragraph, place.start, finding.rule)
        return (0, finding.rule, place.file, sheets.get(place.sheet, -1), place.row, place.column)

    return tuple(sorted(findings, key=order))


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about one submission besides its cells."""

    unit: str
    period: str
    year: tuple[int, Place | None] | None
    """The reporting year and where it was read."""
    file_year: tuple[int, Place | None] | None


@dataclass
class Checked:
    """What the rules say of one submission."""

    findings: list[Finding] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)

    def count(self, rule: str, more: Tally) -> None:
        """Add to what is known of a rule."""
        known = self.tallies.get(rule)
        self.tallies[rule] = more if known is None else known + more

    def count_all(self, more: Mapping[str, Tally]) -> None:
        """Add what many submissions share."""
        if self.tallies.keys().isdisjoint(more):
            self.tallies.update(more)
        else:
            for rule, tally in more.items():
                self.count(rule, tally)


@dataclass(frozen=True)
class Suspect:
    """A cell (or a tie of cells) that would explain several findings at once."""

    places: tuple[Place, ...]
    """More than one: "one of these cells"."""
    names: tuple[Text, ...]
    current: tuple[str, ...]
    proposed: tuple[str, ...]
    """The value each alternative would need; empty string where unknown."""
    clears: tuple[str, ...]
    """Keys of the findings that would go away."""
    slip: Text | None
    slip_kind: str
    confidence: float
    """Calibrated share of simulated slips with this evidence in which the named cell was the true one."""
    because: tuple[Text, ...] = ()
    together: bool = False
    """The cells are wrong together, such as two that were swapped; otherwise one of them is."""


@dataclass(frozen=True, slots=True)
class RuleNote:
    """A rule as a report prints it."""

    id: str
    name: Text
    level: Level
    message: Text
    spoken: Text
    """The check read aloud."""
    source: str
    why: Text | None = None
    repair: Text | None = None
    basis: str = ""
    explainable: bool = False
    """An accepted explanation may excuse its findings."""


State = Literal["new", "still open", "to judge", "refused", "accepted", "lapsed"]
"""What earlier rounds make of a finding of now: its explanation waits, was refused or accepted, or is void."""


@dataclass(frozen=True, slots=True)
class Said:
    """What earlier rounds left behind about one finding."""

    state: State
    reason: str = ""
    """The office's explanation of these very values."""
    decision: Text = EMPTY
    """What was decided about it, by whom."""


@dataclass(frozen=True)
class Round:
    """How often a submission went back and forth, and what became of what was said before."""

    number: int = 1
    said: Mapping[str, Said] = field(default_factory=dict)
    """Key → what is known of a finding of now; one that is not there is new."""
    repaired: tuple[Finding, ...] = ()
    """Open in the round before, asked again, gone."""
    unsure: tuple[Finding, ...] = ()
    """Open in the round before and not found, where the check could not be made again: no repair."""

    def state(self, key: str) -> State:
        said = self.said.get(key)
        return "new" if said is None else said.state


@dataclass(frozen=True)
class Result:
    """Everything a report shows about one submission. No clock inside: same input, same bytes."""

    file: str
    sha256: str
    rulebook: str = ""
    version: str = ""
    title: Text = EMPTY
    recognised: Text = EMPTY
    """How the form was recognised."""
    unit: str = ""
    unit_code: str = ""
    period: str = ""
    last: str = ""
    """Name of last year's file, empty when there is none."""
    last_sha256: str = ""
    findings: tuple[Finding, ...] = ()
    tallies: Mapping[str, Tally] = field(default_factory=Tallies)
    suspects: tuple[Suspect, ...] = ()
    missing: Mapping[str, Text] = field(default_factory=dict)
    """Table → why it was not checked."""
    notes: tuple[Text, ...] = ()
    faults: tuple[Fault, ...] = ()
    round: Round = Round()
    rules: tuple[RuleNote, ...] = ()
    """Every rule that was asked, in the author's words, for reports that explain themselves."""
    figures: str = field(default="", repr=False, compare=False)
    """What its cells said, as ``store.figures`` writes it, where somebody will ask for it next year."""
    document: Document | None = field(default=None, repr=False, compare=False)
    """What was read, for reports that show the tables; never read again."""
    source: Source | None = field(default=None, repr=False, compare=False)
    """The bytes that were checked, for a report that marks them up."""

    def count(self, level: Level) -> int:
        """Open findings of one level."""
        return sum(1 for f in self.findings if f.level == level and f.status == "fail")

    @cached_property
    def sums(self) -> Tallies:
        """The tallies with what they add up to."""
        return self.tallies if isinstance(self.tallies, Tallies) else Tallies(self.tallies)

    @property
    def asked(self) -> int:
        return self.sums.asked

    @property
    def passed(self) -> int:
        return self.sums.passed

    @property
    def unchecked(self) -> Mapping[Reason, int]:
        """Reason → how many checks it kept from being made."""
        return self.sums.unchecked

    @property
    def incomplete(self) -> bool:
        """Something that should have been checked was not."""
        return bool(self.faults or self.passed == 0 or self.sums.errors or self.unchecked.keys() - EXPECTED_GAPS)

    @property
    def verdict(self) -> Verdict:
        """``return``: something must be fixed; ``explain``: something wants a word; ``pass``: checked, nothing open."""
        if self.count("hard"):
            return "return"
        if self.incomplete:
            return "not checked"
        return "explain" if self.count("soft") else "pass"

    @property
    def owed(self) -> bool:
        """Whether a workbook goes back: there are findings, or not all was checked; the unreadable has no tables."""
        return not self.faults and bool(self.findings or self.verdict != "pass")

    @property
    def ok(self) -> bool:
        return self.verdict == "pass"

    def frame(self) -> DataFrame:
        """Findings as a pandas DataFrame, one row a finding; numbers as ``Decimal``, sentences in English."""
        from pandas import DataFrame  # noqa: PLC0415 - half a second, only for those who ask

        rows = [
            {
                "rule": f.rule,
                "level": f.level,
                "status": f.status,
                "sheet": f.place.sheet,
                "cell": f.place.address,
                "table": f.table,
                "row": f.row,
                "column": f.column,
                "left": f.left,
                "right": f.right,
                "off": f.off,
                "message": f.message.en,
                "key": f.key,
            }
            for f in self.findings
        ]
        return DataFrame(rows)
