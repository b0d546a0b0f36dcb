"""The binder: documents in, submissions with the form's names out; layouts seen before are not worked out again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

from auditkit.bind import pages
from auditkit.bind.fill import cells, fill
from auditkit.bind.fit import Fit, fit
from auditkit.bind.layout import Flat, Layout, Shape, flatten, layout, shape
from auditkit.bind.lexicon import Lexicon, Target
from auditkit.bind.outside import as_printed, words
from auditkit.bind.pasted import rebuilt
from auditkit.bind.plan import Plan, plan
from auditkit.bind.recognise import best, decide, titled, without_tables
from auditkit.bind.sheet import Sheet
from auditkit.headyears import names_years, with_years_named
from auditkit.model.document import Document, State
from auditkit.model.filled import Filled
from auditkit.model.form import Form
from auditkit.model.words import Fault
from auditkit.units import unit_said

LAYOUTS = 8
"""Layouts remembered for one shape of document, the newest first."""
SHAPES = 256
SHEETS = frozenset({"workbook", "delimited"})
"""Kinds of document whose layouts repeat from file to file, and whose sheets begin with their title."""


class Binder:
    """Recognises the form of a document among ``forms`` and gives every cell its name.

    One form is taken as given: it is bound if any of its tables is found. Not thread-safe: it remembers layouts.
    """

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = tuple(forms)
        self._lexicon = Lexicon(self._forms)
        self._yearly = names_years(self._forms)
        self._layouts: dict[Shape, list[Layout]] = {}
        self._inert = lru_cache(1 << 15)(self._is_inert)
        self._titled = lru_cache(1 << 15)(self._is_titled)

    def __reduce__(self) -> tuple[type[Binder], tuple[tuple[Form, ...]]]:
        """A worker starts with the forms, and remembers layouts of its own."""
        return Binder, (self._forms,)

    def bind(self, document: Document) -> Filled:
        """A submission in the form's names.

        The result is the same whether or not the layout was seen before; only the time differs.

        Raises:
            Fault: "unknown-form" (exit 3) if no table of any form is found; "two-forms" (exit 2) if two fit equally.
        """
        if document.kind in SHEETS:
            return self._bound(document)
        again = rebuilt(document, self._forms, self._lexicon)
        tried = [self._attempt(one) for one in (document, again) if one is not None]
        found = [filled for filled in tried if isinstance(filled, Filled)]
        if not found:
            raise next(fault for fault in tried if isinstance(fault, Fault))
        return max(found, key=lambda filled: filled.form.size - filled.states.count(State.ABSENT))

    def _attempt(self, document: Document) -> Filled | Fault:
        try:
            return self._bound(document)
        except Fault as fault:
            return fault

    def _bound(self, document: Document) -> Filled:
        named = with_years_named(document) if self._yearly else document
        filled = self._found(named)
        return filled if named is document else as_printed(filled, document)

    def _found(self, document: Document) -> Filled:
        flat = flatten(document)
        for one in self._layouts.get(shape(document), ()):
            data = [plan.data(flat) for plan in one.plans]
            if one.holds(document, flat, data):
                chosen = decide([plan.form for plan in one.plans], document)
                return self._filled(one.plans[chosen], document, flat, data[chosen])
        sheets = pages.sheets(document, self._forms, self._lexicon)
        tried = self._try(sheets, document)
        fits = best(tried) or without_tables(tried, document)
        plans = tuple(plan(one, sheets, self._lexicon, titled=document.kind in SHEETS) for one in fits)
        self._remember(document, flat, sheets, fits, plans)
        own = plans[decide([plan.form for plan in plans], document)]
        return self._filled(own, document, flat, own.data(flat))

    def _try(self, sheets: Sequence[Sheet], document: Document) -> list[Fit]:
        """Forms that may have the most labels here, the most promising first laid over the sheets."""
        lines: list[set[Target]] = [set() for _ in self._forms]
        for sheet in sheets:
            for (form, _), hits in sheet.hits.items():
                lines[form].update(hit.target for _, hit in hits if not hit.target.group)
        tried: list[Fit] = []
        for number in sorted(range(len(lines)), key=lambda number: -len(lines[number])):
            if tried and len(lines[number]) < max(one.score[0] for one in tried):
                break
            tried.append(fit(self._forms[number], number, sheets, self._lexicon, document))
        return sorted(tried, key=lambda one: one.number)

    def _remember(
        self, document: Document, flat: Flat, sheets: Sequence[Sheet], fits: tuple[Fit, ...], plans: tuple[Plan, ...]
    ) -> None:
        if document.kind not in SHEETS or document.paragraphs:
            return
        if new := layout(document, flat, sheets, fits, plans, self._inert):
            if len(self._layouts) >= SHAPES:
                self._layouts.pop(next(iter(self._layouts)))
            self._layouts.setdefault(shape(document), []).insert(0, new)
            del self._layouts[shape(document)][LAYOUTS:]

    def _filled(self, plan: Plan, document: Document, flat: Flat, data: tuple[Any, ...]) -> Filled:
        values, states, typed = fill(plan, document, data)
        return Filled(
            document=document,
            form=plan.form,
            spots=plan.spots,
            missing=plan.missing,
            values=values,
            states=states,
            words=words(plan, document, flat, partial(self._titled, plan.number)),
            cell=cells(plan, document),
            typed=typed,
            unread=plan.unread,
            notes=plan.notes,
        )

    def _is_inert(self, text: str) -> bool:
        """No label, no caption, no unit: what it says cannot change where anything is found."""
        return not (self._lexicon.hits(text) or self._lexicon.captions(text) or unit_said(text))

    def _is_titled(self, number: int, text: str) -> bool:
        return titled(self._forms[number], (text,))
