"""Suspicions as the result shows them: with places and names instead of ids."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from auditkit.model.document import Place
from auditkit.model.finding import Suspect
from auditkit.model.words import Text
from auditkit.suspects.slips import TOGETHER
from auditkit.suspects.system import Alternative, Localization, Suspicion

MOST_APART = 3
"""Explanations of another sort that are put into words; ``because`` says how many there are."""


def told(
    localization: Localization,
    place: Callable[[int], Place],
    name: Callable[[int], Text],
    text: Callable[[int], str],
) -> tuple[Suspect, ...]:
    """One ``Suspect`` for every suspicion, in the same order.

    ``place``, ``name`` and ``text`` give what a quantity's id stands for. The places are changed ``together`` when the
    best explanation has several changes; otherwise each is an alternative. Explanations of the other sort are put into
    ``because``.
    """
    return tuple(_suspect(one, place, name, text) for one in localization.suspicions)


def _suspect(
    one: Suspicion, place: Callable[[int], Place], name: Callable[[int], Text], text: Callable[[int], str]
) -> Suspect:
    first = one.alternatives[0]
    joint = first.kind in TOGETHER
    alike = [first] if joint else [other for other in one.alternatives if other.kind not in TOGETHER]
    changes = [change for alternative in alike for change in alternative.changes]
    apart = [other for other in one.alternatives if other not in alike]
    return Suspect(
        places=tuple(place(change.quantity) for change in changes),
        names=tuple(name(change.quantity) for change in changes),
        current=tuple(text(change.quantity) for change in changes),
        proposed=tuple(_number(change.value) for change in changes),
        clears=one.clears,
        slip=first.slip,
        slip_kind=first.kind,
        confidence=one.confidence,
        because=(*one.because, *(_or(other, place) for other in apart[:MOST_APART])),
        together=joint,
    )


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _or(other: Alternative, place: Callable[[int], Place]) -> Text:
    cells = [place(change.quantity) for change in other.changes]
    return Text(
        f"也可能是 {'、'.join(cell.to('zh') for cell in cells)}：{other.slip.zh}",
        f"or {', '.join(cell.to('en') for cell in cells)}: {other.slip.en}",
    )
