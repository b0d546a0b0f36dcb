"""From explanations to what is told: suspicions with their cells, cleared edits, confidence and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from auditkit.model.words import Text
from auditkit.suspects.calibration import Evidence, confidence, evidence_class
from auditkit.suspects.choice import Choice
from auditkit.suspects.priors import reasons, signs_of
from auditkit.suspects.reading import Event, Reading, joint
from auditkit.suspects.scaled import Scaled
from auditkit.suspects.slips import printed_step, written
from auditkit.suspects.system import Alternative, Change, Suspicion
from auditkit.suspects.trial import Trial, changed

LEAST_SHARE = 0.25
"""Share the best of very many explanations must have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One part explained: the explanations in question, and what they rest on."""

    choice: Choice
    evidence: Evidence

    @property
    def vague(self) -> bool:
        """So many explanations, none of them likely, that naming cells would tell nothing."""
        return self.choice.more > 0 and self.choice.shares[0] < LEAST_SHARE

    @property
    def lone(self) -> Event | None:
        """The only event of the only explanation."""
        only = self.choice.readings[0].events
        return only[0] if len(self.choice.readings) == 1 and len(only) == 1 else None


def split(answer: Answer) -> list[Answer]:
    """What all explanations have in common stands by itself; the rest stays one choice."""
    readings = answer.choice.readings
    common = [event for event in readings[0].events if all(event in r.events for r in readings)]
    parts = [Answer(Choice((Reading((event,)),), (1.0,)), answer.evidence) for event in common]
    rest = tuple(Reading(tuple(e for e in r.events if e not in common)) for r in readings)
    if rest[0].events:
        parts.append(replace(answer, choice=replace(answer.choice, readings=rest)))
    return parts


def merged(system: Scaled, start: Trial, answers: list[Answer], settings: Mapping[str, int]) -> list[Answer]:
    """Two single cells found one after the other that are really one swap."""
    kept = list(answers)
    for i, one in enumerate(answers):
        for other in answers[i + 1 :]:
            both = _swap(system, start, one, other, settings)
            if both is not None and one in kept and other in kept:
                kept[kept.index(one)] = Answer(Choice((Reading((both,)),), (1.0,)), one.evidence)
                kept.remove(other)
    return kept


def _swap(system: Scaled, start: Trial, one: Answer, other: Answer, settings: Mapping[str, int]) -> Event | None:
    first, second = one.lone, other.lone
    if "blank" in {one.evidence, other.evidence}:
        return None  # what a blank should hold follows from the edits; nobody put it elsewhere
    if first is None or second is None or len(first.changes) != 1 or len(second.changes) != 1:
        return None
    both = joint(system, start, first.changes + second.changes, settings)
    return both if both is not None and both.points < first.points + second.points else None


def suspicion(system: Scaled, start: Trial, end: Trial, answer: Answer, settings: Mapping[str, int]) -> Suspicion:
    """Words and numbers for one answer; ``start`` is the system as given, ``end`` after all best explanations."""
    choice = answer.choice
    first = choice.readings[0]
    cleared, broken = _effects(system, start, end, first)
    alone = _effects(system, start, changed(system, start, first.changes), first)[1]
    leans = [edit for edit in alone if edit not in broken]
    name = evidence_class(answer.evidence, choice.shares[0])
    alternatives = tuple(
        _alternative(system, reading, share) for reading, share in zip(choice.readings, choice.shares, strict=True)
    )
    return Suspicion(
        alternatives=alternatives,
        clears=tuple(system.edits[edit].key for edit in cleared),
        breaks=tuple(system.edits[edit].key for edit in broken),
        evidence=name,
        confidence=confidence(name),
        because=(*_because(len(broken), len(leans), alternatives, choice.more), *_signs(system, first, settings)),
        more=choice.more,
        leans=tuple(system.edits[edit].key for edit in leans),
    )


def _alternative(system: Scaled, reading: Reading, share: float) -> Alternative:
    changes = tuple(_change(system, cell, value) for cell, value in reading.changes)
    said = [event.slip.words for event in reading.events]
    words = Text("；".join(text.zh for text in said), "; ".join(text.en for text in said))
    kind = reading.events[0].slip.kind if len(reading.events) == 1 else "several cells"
    return Alternative(changes, kind, words, share)


def _change(system: Scaled, cell: int, value: int) -> Change:
    """With the decimals the cell shows."""
    quantity = system.quantities[cell]
    return Change(quantity.id, Decimal(written(system.decimal(value), printed_step(quantity))))


def _effects(system: Scaled, start: Trial, end: Trial, first: Reading) -> tuple[list[int], list[int]]:
    """Edits of the changed cells that failed at the start and hold in the end, and the other way round."""
    touched = sorted({edit for cell, _ in first.changes for edit, _ in system.watch[cell] if _known(system, edit)})
    held = [system.holds(edit, start.residuals[edit]) for edit in touched]
    holds = [system.holds(edit, end.residuals[edit]) for edit in touched]
    cleared = [edit for edit, was, now in zip(touched, held, holds, strict=True) if now and not was]
    return cleared, [edit for edit, was, now in zip(touched, held, holds, strict=True) if was and not now]


def _known(system: Scaled, edit: int) -> bool:
    """An edit with an unknown cell was not checked, so it can not be cleared."""
    return all(system.quantities[cell].value is not None for cell, _ in system.cells[edit])


def _because(broken: int, leans: int, alternatives: tuple[Alternative, ...], more: int) -> tuple[Text, ...]:
    if broken:
        said = [Text(f"但改后另有 {broken} 处不再成立", f"but {broken} that hold now would fail then")]
    elif leans:
        said = [
            Text(
                f"要与所列的其他格一起改，单改会使 {leans} 处不再成立",
                f"only together with the other suspected cells: alone it would break {leans}",
            )
        ]
    else:
        said = [Text("改后其余关系仍然成立", "everything else still holds then")]
    others = len(alternatives) - 1 + more
    if others:
        said.append(
            Text(f"另有 {others} 种改法同样说得通，请逐一核对", f"{others} other changes would do as well: check each")
        )
    return tuple(said)


def _signs(system: Scaled, reading: Reading, settings: Mapping[str, int]) -> tuple[Text, ...]:
    cells = [cell for cell, _ in reading.changes]
    return tuple(dict.fromkeys(why for cell in cells for why in reasons(signs_of(system.quantities[cell]), settings)))
