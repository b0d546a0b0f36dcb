"""A layout seen before: if everything that decided then is the same now, the same cells hold the same slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from auditkit.bind.fit import Fit
from auditkit.bind.lexicon import Kind, kind_of
from auditkit.bind.plan import Getter, Plan, getter, offsets
from auditkit.bind.sheet import Sheet
from auditkit.model.document import Area, Document, Value

Shape = tuple[tuple[str, bool, int, int], ...]
"""Name, hidden, height and width of every grid."""

Flat = Sequence[Any]
"""All cells of a document end to end, and one 0.0 for slots without a cell."""


def shape(document: Document) -> Shape:
    return tuple((g.name, g.hidden, len(g.rows), len(g.rows[0]) if g.rows else 0) for g in document.grids)


def flatten(document: Document) -> Flat:
    rows = chain.from_iterable(grid.rows for grid in document.grids)
    return [*chain.from_iterable(rows), 0.0]


@dataclass(frozen=True)
class Layout:
    """Plans of the forms that fit equally, and the conditions under which they hold for another document."""

    fits: tuple[Fit, ...]
    plans: tuple[Plan, ...]
    merges: tuple[tuple[Area, ...], ...]
    texts: tuple[str, ...]
    """Every text that may be a label, a caption or a unit, or was quoted: these must be the same, to the letter."""
    exact: Getter
    others: tuple[Value, ...]
    """Every other cell outside the slots: of the same kind, and no label either."""
    free: Getter
    kinds: tuple[tuple[int, Kind], ...]
    """Slots that were looked at to find where something stands."""
    inert: Callable[[str], bool]

    def holds(self, document: Document, flat: Flat) -> bool:
        """Whether full binding would find the same places."""
        return (
            self.exact(flat) == self.texts
            and all(kind_of(flat[at]) == kind for at, kind in self.kinds)
            and self.merges == tuple([grid.merges for grid in document.grids])
            and self._alike(self.free(flat))
            and all(self.inert(flat[at]) for plan in self.plans[:1] for at in plan.positions if type(flat[at]) is str)
        )

    def _alike(self, others: tuple[Value, ...]) -> bool:
        if others == self.others:
            return True
        for old, new in zip(self.others, others, strict=True):
            if old != new and (kind_of(old) != kind_of(new) or (type(new) is str and not self.inert(new))):
                return False
        return True


def layout(
    document: Document,
    flat: Flat,
    sheets: Sequence[Sheet],
    fits: tuple[Fit, ...],
    plans: tuple[Plan, ...],
    inert: Callable[[str], bool],
) -> Layout | None:
    """The conditions under which this outcome holds again; ``None`` if values, or texts nearby, had a say in it."""
    if any(sheet.compared for sheet in sheets) or not all(fit.whole for fit in fits):
        return None
    begins = offsets(sheets)
    quoted = {(sheet.number, spot) for sheet in sheets for spot in sheet.quoted}.union(*(fit.quoted for fit in fits))
    touched, exact = {}, []
    for sheet in sheets:
        for spot in sheet.words:
            at = begins[sheet.number] + spot[0] * sheet.width + spot[1]
            if (sheet.number, spot) in quoted or not inert(sheet.words[spot]):
                exact.append(at)
        for (row, column), kind in sheet.touched.items():
            touched[begins[sheet.number] + row * sheet.width + column] = kind
    slots = {at for plan in plans for at in plan.positions}
    labels = set(exact)
    free = [at for at in range(begins[-1]) if at not in slots and at not in labels]
    return Layout(
        fits=fits,
        plans=plans,
        merges=tuple(grid.merges for grid in document.grids),
        texts=tuple(flat[at] for at in exact),
        exact=getter(exact),
        others=getter(free)(flat),
        free=getter(free),
        kinds=tuple((at, kind) for at, kind in touched.items() if at in slots and at not in labels),
        inert=inert,
    )
