"""A lot on its way into the store: the worker reads each file once, and makes of its result the rows that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from auditkit.batch import ends, judging
from auditkit.batch.ends import Broke, Limits
from auditkit.batch.gather import Found
from auditkit.batch.judging import Loaded, Lot, readable
from auditkit.batch.past import Past, fitting
from auditkit.batch.setup import Content, key_of
from auditkit.model.document import Source
from auditkit.model.finding import Result
from auditkit.store.rows import Brief, Kept, Writer

if TYPE_CHECKING:
    from auditkit.audit import Auditor


class Answer(NamedTuple):
    """What came of one file: what it holds, and its result, as the store knows it or as it is to be kept."""

    sha256: str
    """Empty where it could not be read."""
    brief: Brief
    kept: Kept | None = None


@dataclass(frozen=True)
class Post:
    """Companies of files to be checked at one go for a run. Crosses process borders."""

    companies: tuple[tuple[Found, ...], ...]
    run: int
    fingerprint: str
    """Of the setup."""

    @property
    def files(self) -> list[Found]:
        return [found for company in self.companies for found in company]

    def smaller(self) -> list[Post]:
        """As ``Lot.smaller``."""
        return [replace(self, companies=lot.companies) for lot in Lot(self.companies).smaller()]

    def done(self, auditor: Auditor) -> list[Answer]:
        """What the store has of the same contents is not checked again, wherever the files lie now."""
        loaded = Lot(self.companies).loaded()
        bases = [self._bases(company) for company in loaded]
        known = _known(auditor, [base for company in bases for base in company])
        new = [n for n, own in enumerate(bases) if not all(base in known for base in own)]
        ready = [[readable(one) for one in loaded[n]] for n in new]
        lot = Lot(tuple(self.companies[n] for n in new))
        results = iter(judging.judge(auditor, lot, ready)) if new else iter(())
        writer, checked = Writer(), set(new)
        answers: list[Answer] = []
        for n, company in enumerate(self.companies):
            for found, one, base in zip(company, loaded[n], bases[n], strict=True):
                sha256 = one.sha256 if isinstance(one, Source) else ""
                if n in checked:
                    answers.append(self._answer(writer, found, next(results), base, sha256))
                else:
                    answers.append(Answer(sha256, known[base]))
        return answers

    def ended(self, broke: Broke, limits: Limits) -> Answer:
        (found,) = self.files
        return self._answer(Writer(), found, ends.result(found, broke, limits))

    def _bases(self, company: Sequence[Loaded]) -> list[str]:
        """A key for each file, made from all files of the company; none where one of them cannot be read."""
        contents = [Content(one.sha256, one.name) for one in company if isinstance(one, Source)]
        if len(contents) < len(company):
            return [""] * len(company)
        return [key_of(self.fingerprint, (content, *contents)) for content in contents]

    def _answer(self, writer: Writer, found: Found, result: Result, base: str = "", sha256: str = "") -> Answer:
        """Kept under what it depends on; for this run alone where it would not hold tomorrow or elsewhere."""
        if not base or any(fault.code in ends.RETRIED for fault in result.faults):
            kept = writer.kept(f"{self.run}:{found.name}", result)
        else:
            last = result.last_sha256
            kept = writer.kept(f"{base}-{last[:16]}" if last else base, result, base)
        return Answer(sha256, kept.brief, kept)


def _known(auditor: Auditor, bases: Sequence[str]) -> dict[str, Brief]:
    """Results the store has, made with what is known of last year now, by base."""
    past = auditor.past
    if not isinstance(past, Past) or not past.within_reach:
        return {}
    found = past.opened.have([base for base in bases if base])
    return {one.base: one for one in fitting(past, found, given=auditor.last is not None)}
