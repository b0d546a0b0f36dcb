"""What every finding of one sheet has in common, and how one is made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditkit.discover.figures import Address
from auditkit.model.document import Place
from auditkit.model.finding import Finding, Term, key_of
from auditkit.model.words import Level, Text


@dataclass(frozen=True)
class Subject:
    """What every finding of one sheet has in common."""

    file: str
    sheet: str
    table: str = ""
    """The sheet, with the title of the table where the sheet has several."""
    form: str = ""
    unit: str = ""
    period: str = ""

    def place(self, cell: Address) -> Place:
        """A cell of the sheet."""
        return Place(self.file, self.sheet, *cell)

    def finding(
        self,
        rule: str,
        name: str,
        message: Text,
        arithmetic: Text,
        terms: Sequence[Term],
        *,
        row: str = "",
        column: str = "",
        level: Level = "soft",
        sums: tuple[Decimal, Decimal, Decimal] | None = None,
        hint: Text | None = None,
        apart: str = "",
    ) -> Finding:
        """One finding; the first term is its place. ``sums`` are found, expected and allowed.

        ``apart`` sets two findings of one rule on one cell apart.
        """
        values = "\x1f".join(f"{t.place.address if t.place else ''}={t.value}" for t in terms)
        left, right, allowed = sums or (None, None, None)
        return Finding(
            rule=rule,
            name=name,
            level=level,
            status="fail",
            key=key_of(self.form, rule, self.unit, self.period, self.table, row, f"{column}\x1e{apart}"),
            values=hashlib.sha256(values.encode()).hexdigest()[:10],
            message=message,
            arithmetic=arithmetic,
            place=terms[0].place or Place(self.file, self.sheet),
            table=self.table,
            row=row,
            column=column,
            terms=tuple(terms),
            left=left,
            right=right,
            allowed=allowed,
            hint=hint,
        )
