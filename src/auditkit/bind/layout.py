"""A layout seen before: if everything that decided then is the same now, the same cells hold the same slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from auditkit.bind.fit import Fit
from auditkit.bind.lexicon import Kind, kind_of
from auditkit.bind.plan import Getter, Plan, getter, offsets
from auditkit.bind.sheet import Question, Sheet
from auditkit.model.document import Area, Document, Value

Shape = tuple[tuple[str, bool, int, int], ...]
"""Name, hidden, height and width of every grid."""

Flat = Sequence[Any]
"""All cells of a document end to end, and one 0.0 for slots without a cell."""


def shape(document: Document) -> Shape:
    return tuple([(g.name, g.hidden, len(g.rows), len(g.rows[0]) if g.rows else 0) for g in document.grids])


def flatten(document: Document) -> Flat:
    rows = chain.from_iterable([grid.rows for grid in document.grids])
    return [*chain.from_iterable(rows), 0.0]


@dataclass(frozen=True)
class Layout:
    """Plans of the forms that fit equally, and the conditions under which they hold for another document.

    Every cell is a slot, or has one of three conditions: a text that may be a label, a caption or a unit, or was
    quoted, must be the same to the letter; a blank must be blank; anything else must be of the same kind, and no label.
    """

    plans: tuple[Plan, ...]
    merges: tuple[tuple[Area, ...], ...]
    exact: Getter
    texts: tuple[str, ...]
    empty: Getter
    blanks: tuple[Value, ...]
    free: Getter
    others: tuple[Value, ...]
    kinds: tuple[tuple[int, Kind], ...]
    """Slots that were looked at to find where something stands."""
    asked: tuple[tuple[Question, Getter, bool], ...]
    """Questions about values, and their answers."""
    inert: Callable[[str], bool]

    def holds(self, document: Document, flat: Flat, data: Sequence[Sequence[Value]]) -> bool:
        """Whether full binding would find the same places; ``data`` is what they hold, for each plan."""
        return (
            self.exact(flat) == self.texts
            and ((blanks := self.empty(flat)) == self.blanks or all(kind_of(blank) == Kind.BLANK for blank in blanks))
            and self._alike(self.free(flat))
            and all(kind_of(flat[at]) == kind for at, kind in self.kinds)
            and all(question(cells(flat)) == answer for question, cells, answer in self.asked)
            and self.merges == tuple([grid.merges for grid in document.grids])
            and all(map(self._no_labels, data))
        )

    def _alike(self, others: tuple[Value, ...]) -> bool:
        if others == self.others:
            return True
        changed = [(old, new) for old, new in zip(self.others, others, strict=True) if old != new]
        return all(kind_of(old) == kind_of(new) and (type(new) is not str or self.inert(new)) for old, new in changed)

    def _no_labels(self, data: Sequence[Value]) -> bool:
        return str not in set(map(type, data)) or all(self.inert(v) for v in data if type(v) is str and v)


def layout(
    document: Document,
    flat: Flat,
    sheets: Sequence[Sheet],
    fits: tuple[Fit, ...],
    plans: tuple[Plan, ...],
    inert: Callable[[str], bool],
) -> Layout | None:
    """The conditions under which this outcome holds again; ``None`` if messages quote whatever texts stand nearby."""
    if not all(fit.whole for fit in fits):
        return None
    begins = offsets(sheets)
    exact: list[int] = []
    touched: dict[int, Kind] = {}
    asked: list[tuple[Question, Getter, bool]] = []
    for sheet in sheets:
        begin, width = begins[sheet.number], sheet.width
        quoted = sheet.quoted.union(*(fit.quoted(sheet.number) for fit in fits))
        for (row, column), text in sheet.words.items():
            if (row, column) in quoted or not inert(text):
                exact.append(begin + row * width + column)
        for (row, column), kind in sheet.touched.items():
            touched[begin + row * width + column] = kind
        for (question, spots), answer in sheet.asked.items():
            cells = getter([begin + row * width + column for row, column in spots])
            asked.append((question, cells, answer))
    slots = {at for plan in plans for at in plan.positions}.difference(exact)
    known = slots.union(exact)
    empty: list[int] = []
    free: list[int] = []
    for at in range(begins[-1]):
        if at not in known:
            (empty if kind_of(flat[at]) == Kind.BLANK else free).append(at)
    return Layout(
        plans=plans,
        merges=tuple(grid.merges for grid in document.grids),
        exact=getter(exact),
        texts=tuple(flat[at] for at in exact),
        empty=getter(empty),
        blanks=getter(empty)(flat),
        free=getter(free),
        others=getter(free)(flat),
        kinds=tuple((at, kind) for at, kind in touched.items() if at in slots),
        asked=tuple(asked),
        inert=inert,
    )
