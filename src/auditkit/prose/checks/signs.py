"""Signs left out: a change or a share whose per cent sign is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark

_BARE = re.compile(r"(?:占比?|(?:增长|下降|上升|降低)(?:了)?)\s*(?P<number>\d{1,3}\.\d{1,2})(?=\s*(?:[，,;；。)）]|$))")
"""A figure with decimals and nothing behind it: 占76.23；增长13.95。 Amounts and counts have a unit."""


def percent(reading: Reading, _rule: ProseRule) -> Iterator[Remark | None]:
    """增长13.95，占76.23: a number that can only be a percentage, without its sign."""
    for line in reading.lines_with("%", "占"):
        for match in _BARE.finditer(line.text):
            number = match["number"]
            said = Text(f"“{match[0]}”缺百分号", f"{match[0]!r} lacks its per cent sign")
            term = Term(Text("百分数", "percentage"), number, reading.place(line.index, *match.span("number")))
            hint = Text(f"应写{number}%", f"write {number}%")
            yield Remark(line.index, *match.span(), match[0], said, (term,), hint=hint)
