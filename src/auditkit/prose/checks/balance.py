"""The running account of requests: received and carried in are handled or carried on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.headings import section_of
from auditkit.prose.quantities import Quantity, stating, term
from auditkit.prose.reading import Line, Reading
from auditkit.prose.remarks import Remark, shown

_CARRIED_IN = re.compile(r"(?:上年度?|上一年度?|去年|\d{4}年度?)[^，,;。\d]{0,4}(?:结转|转入)|结转上年")
_CARRIED_ON = re.compile(r"结转(?:至|到)?(?:下|次|\d{4})年?|顺延|转下年|下年度(?:继续)?办理|延期(?:至|到)下")
_RECEIVED = re.compile(r"(?:新收|收到|受理|接收|接到|收办)[^，,;。\d]*$")
_HANDLED = re.compile(r"(?:办结|答复|办理完?毕?|处理)[^，,;。\d]*$")

RECEIVED, CARRIED_IN, HANDLED, CARRIED_ON = range(4)


def carried(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """Received + carried in = handled + carried on, where a paragraph states each of the four once."""
    for line, own in stating(reading, "结转", "顺延"):
        if len(own) > 3:
            roles = [role_of(line, own, i) for i in range(len(own))]
            if all(roles.count(role) == 1 for role in range(4)):
                received, came, handled, on = (own[roles.index(role)] for role in range(4))
                off = received.value + came.value - handled.value - on.value
                holds = off in {0, came.value}  # received may already hold what was carried in
                yield None if holds else _remark(reading, received, came, handled, on)


def role_of(line: Line, own: Sequence[Quantity], i: int) -> int | None:
    """Received, carried in, handled or carried on; None for any other number."""
    q = own[i]
    if q.kind != "count" or q.approximate:
        return None
    before = line.text[max(own[i - 1].end if i else 0, q.start - 30) : q.start]
    after = re.split(r"[，,;。)]", line.text[q.end : q.end + 20])[0]
    if _CARRIED_ON.search(before) or _CARRIED_ON.search(after):
        return CARRIED_ON
    if _CARRIED_IN.search(before):
        return CARRIED_IN
    if _RECEIVED.search(before):
        return RECEIVED
    return HANDLED if _HANDLED.search(before) else None


def _remark(reading: Reading, received: Quantity, came: Quantity, handled: Quantity, on: Quantity) -> Remark:
    left, right = received.value + came.value, handled.value + on.value
    came_in = f"{shown(received.value)} + {shown(came.value)} = {shown(left)}"
    went_out = f"{shown(handled.value)} + {shown(on.value)} = {shown(right)}"
    said = Text(f"{came_in} ≠ {went_out}", f"{came_in} ≠ {went_out}")
    terms = tuple(term(reading, q) for q in (received, came, handled, on))
    start, end = min(q.start for q in (received, on)), max(q.end for q in (handled, on))
    row = "/".join(x for x in (section_of(reading, received.line), received.label) if x)
    return Remark(received.line, start, end, row, said, terms, left=left, right=right)
