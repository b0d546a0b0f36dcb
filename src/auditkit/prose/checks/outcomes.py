"""Outcomes of requests: the six kinds of the form, told together, make all that were handled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.breakdowns import lists_of
from auditkit.prose.checks.balance import CARRIED_IN, CARRIED_ON, HANDLED, RECEIVED, role_of
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, stating, term
from auditkit.prose.reading import Line, Reading
from auditkit.prose.remarks import Remark, shown


def total(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """``words``: any key → the kinds, each named once in a paragraph. A list that 其中 opens is judged as such."""
    for kinds in rule.words.values():
        for line, own in stating(reading, kinds[0]):
            told = _told(line, own, kinds) if all(kind in line.text for kind in kinds) else ()
            listed = any((q.line, q.start) in reading.once(lists_of) for q in told)
            whole = _whole(line, own, told) if told else None
            if whole is not None and not listed:
                yield None if _holds(line, own, told) else _remark(reading, whole, told)
            elif told and whole is None and (due := _due(line, own, told)) is not None:
                yield None if _holds(line, [*own, due], told) else _remark(reading, due, told)


def _told(line: Line, own: Sequence[Quantity], kinds: Sequence[str]) -> tuple[Quantity, ...]:
    """The counts of the kinds, if each kind is named once and nothing is cut out between them."""
    found: list[Quantity] = []
    names: list[str] = []
    previous = 0
    for q in own:
        here = [kind for kind in kinds if kind in line.text[previous : q.start]]
        if here and q.kind == "count" and not q.approximate:
            found.append(q)
            names += here
        previous = q.end
    whole = sorted(names) == sorted(kinds) and "…" not in line.text[found[0].start : found[-1].end]
    return tuple(found) if whole else ()


def _whole(line: Line, own: Sequence[Quantity], told: Sequence[Quantity]) -> Quantity | None:
    """How many were handled, if the paragraph says it once."""
    found = [q for i, q in enumerate(own) if q not in told and role_of(line, own, i) == HANDLED]
    return found[0] if len({q.value for q in found}) == 1 else None


def _due(line: Line, own: Sequence[Quantity], told: Sequence[Quantity]) -> Quantity | None:
    """How many must have been handled, where the paragraph says once what came, what was left over, and what stays."""
    roles = [(role_of(line, own, i), q) for i, q in enumerate(own) if q not in told]
    received, came, on = ([q for role, q in roles if role == one] for one in (RECEIVED, CARRIED_IN, CARRIED_ON))
    if not len(received) == len(came) == len(on) == 1:
        return None
    due = received[0].value + came[0].value - on[0].value
    return received[0]._replace(value=due, label="收到与上年结转减去结转下年")


def _holds(line: Line, own: Sequence[Quantity], told: Sequence[Quantity]) -> bool:
    """They make any number told beside them, with or without what was carried on: the writer knew which he meant."""
    made = _total(told)
    others = [(role_of(line, own, i), q.value) for i, q in enumerate(own) if q not in told and q.kind == "count"]
    carried = [value for role, value in others if role == CARRIED_ON]
    return any(value in {made, *(made + c for c in carried)} for _, value in others)


def _total(told: Sequence[Quantity]) -> Decimal:
    return sum((q.value for q in told), Decimal(0))


def _remark(reading: Reading, whole: Quantity, told: Sequence[Quantity]) -> Remark:
    made = _total(told)
    added = f"{' + '.join(shown(q.value) for q in told)} = {shown(made)}"
    said = Text(f"各类结果 {added} ≠ {whole.label} {shown(whole.value)}", f"outcomes {added} ≠ {shown(whole.value)}")
    row = "/".join(x for x in (section_of(reading, whole.line), whole.label) if x)
    start, end = told[0].start, told[-1].end
    terms = tuple(term(reading, q) for q in (whole, *told))
    return Remark(whole.line, start, end, row, said, terms, left=made, right=whole.value)
