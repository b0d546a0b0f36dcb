"""Parts told first, and then what they make: 代表建议23件、政协提案31件，共54件."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditkit.prose.breakdowns import Breakdown
from auditkit.prose.quantities import Quantity, stating
from auditkit.prose.reading import Line, Reading

_IN_ALL = re.compile(r"[，,、]?\s*(?:以上|全年|[两二三]项)?(?P<words>总共|共计|合计|总计|一共|共)(?:有|为)?\s*")
_TOTALS = re.compile("共|合计|总计")
_NEXT = re.compile(r"[、，,;和及与以]+(?:\d{1,2}\s*-\s*\d{1,2}月|\d{1,2}月)?[^、，,;:。…()\d]{1,20}")


def tallied(reading: Reading) -> tuple[Breakdown, ...]:
    """Every total told behind its parts. For ``Reading.once``."""
    return tuple(found for line, own in stating(reading, _TOTALS) for found in _of_line(line, own))


def _of_line(line: Line, own: Sequence[Quantity]) -> Iterator[Breakdown]:
    for i, whole in enumerate(own):
        words = _IN_ALL.fullmatch(line.text[own[i - 1].end : whole.start]) if i > 1 else None
        parts = _run_up_to(line, own, i) if words and whole.kind == "count" and not whole.approximate else ()
        if words and len(parts) > 1:
            yield Breakdown(
                line.index, parts[0].start, words["words"], (whole,), parts, closed=True, last_word=True, farther=()
            )


def _run_up_to(line: Line, own: Sequence[Quantity], end: int) -> tuple[Quantity, ...]:
    """The counts before ``end`` that follow each other in its unit; the fewest that make it, else all of them."""
    start, whole = end, own[end]
    while start and own[start - 1].unit == whole.unit and own[start - 1].depth == whole.depth:
        gap = line.text[own[start - 1].end : own[start].start]
        if own[start - 1].approximate or (start < end and (not _NEXT.fullmatch(gap) or "其中" in gap)):
            break
        start -= 1
        if sum(q.value for q in own[start:end]) == whole.value:
            break
    return tuple(own[start:end])
