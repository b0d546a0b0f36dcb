"""One lot of files judged: loaded, checked in stacks or in company, and stripped of what nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol, Self, TypeVar

from auditkit.batch import ends, junk
from auditkit.batch.ends import Broke, Limits
from auditkit.batch.gather import Found
from auditkit.model.document import Source
from auditkit.model.finding import Result
from auditkit.model.words import Fault
from auditkit.readers.kinds import kind_of

if TYPE_CHECKING:
    from auditkit.audit import Auditor

Keep = Literal["nothing", "open", "all"]
"""Whose documents and bytes come back: nobody's, those of results with findings, everybody's."""

Loaded = Source | tuple[str, Fault]

T = TypeVar("T")


class Work(Protocol[T]):
    """What a worker is handed: files, and what is to be done with them. Crosses process borders."""

    @property
    def files(self) -> list[Found]:
        """One answer is owed for each; their names are unique."""
        ...

    def smaller(self) -> Sequence[Self]:
        """The same in pieces, to find out which file breaks it; not asked of work on a single file."""
        ...

    def done(self, auditor: Auditor) -> list[T]:
        """The answers, in order of the files."""
        ...

    def ended(self, broke: Broke, limits: Limits) -> T:
        """The answer for a single file that could not be worked on."""
        ...


@dataclass(frozen=True)
class Lot:
    """Companies of files to be checked at one go."""

    companies: tuple[tuple[Found, ...], ...]
    keep: Keep = "nothing"

    @property
    def files(self) -> list[Found]:
        return [found for company in self.companies for found in company]

    def smaller(self) -> list[Lot]:
        """The same files in smaller lots; a lot of one file cannot be split."""
        if len(self.companies) > 1:
            return [Lot((company,), self.keep) for company in self.companies]
        return [Lot(((found,),), self.keep) for found in self.files]

    def done(self, auditor: Auditor) -> list[Result]:
        return judge(auditor, self, [[readable(one) for one in company] for company in self.loaded()])

    def loaded(self) -> list[list[Loaded]]:
        """The bytes of all files, company by company."""
        return [[_loaded(found) for found in company] for company in self.companies]

    def ended(self, broke: Broke, limits: Limits) -> Result:
        return ends.result(self.files[0], broke, limits)


def judge(auditor: Auditor, lot: Lot, loaded: Sequence[Sequence[Loaded]]) -> list[Result]:
    """One result a file, in order. A text is checked with its own company and with nobody else's.

    ``loaded``: the lot's files, company by company.
    """
    apart = [_in_company(company) for company in loaded]
    stacked = auditor.audit([company[0] for company, own in zip(loaded, apart, strict=True) if not own])
    results: list[Result] = []
    for company, own in zip(loaded, apart, strict=True):
        results += auditor.audit(company) if own else [next(stacked)]
    return [light(result, lot.keep) for result in results]


def light(result: Result, keep: Keep) -> Result:
    """Without the rules, which the other side has, and without document and bytes where they are not needed."""
    if keep == "all" or (keep == "open" and result.findings):
        return replace(result, rules=())
    return replace(result, rules=(), document=None, source=None)


def _loaded(found: Found) -> Loaded:
    try:
        return found.load()
    except Fault as fault:
        return found.file, fault


def readable(one: Loaded) -> Loaded:
    """What is to be judged: not what auditkit itself wrote."""
    if isinstance(one, Source) and junk.is_ours(one):
        return one.name, junk.OURS
    return one


def _in_company(company: Sequence[Loaded]) -> bool:
    """Words may be joined to the workbook beside them, so what else is in the lot must not matter to them."""
    return len(company) > 1 or _is_text(company[0])


def _is_text(one: Loaded) -> bool:
    if isinstance(one, tuple):
        return False
    try:
        return kind_of(one) in {"word", "web", "plain"}
    except Exception:  # noqa: BLE001 - the reader's own door will say what is wrong with it
        return False
