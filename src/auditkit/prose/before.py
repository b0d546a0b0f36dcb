"""What was told before a sentence: numbers among which the total of a list that opens it may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice
from operator import attrgetter

from auditkit.prose.quantities import Quantity, by_line
from auditkit.prose.reading import Reading, Sentence

LOOK_BACK = 20
"""Numbers before a list among which its total is looked for."""


def _ahead(reading: Reading, sentence: Sentence) -> Iterator[Sequence[Quantity]]:
    """The numbers of every sentence before, the nearest first; none where something was cut out behind them."""
    found = reading.once(by_line)
    for index in range(sentence.line, -1, -1):
        of = {number: tuple(own) for number, own in groupby(found[index], key=attrgetter("sentence"))}
        for s in reversed(reading.lines[index].sentences):
            if index < sentence.line or s.number < sentence.number:
                own = of.get(s.number, ())
                yield own if not s.before_cut or (own and own[-1].end == s.end) else ()


def told_before(reading: Reading, sentence: Sentence) -> Sequence[Quantity]:
    """Numbers of the sentence before; across a cut only the last, where the list goes straight on: 420条……其中."""
    before = next(_ahead(reading, sentence), ())
    if not sentence.after_cut:
        return before
    last = before[-1:]
    straight = sentence.text.lstrip("…⋯.").startswith("其中") and any(q.line == sentence.line for q in last)
    return last if straight else ()


def told_farther(reading: Reading, sentence: Sentence) -> tuple[Quantity, ...]:
    """The numbers before those, as far as one looks back."""
    farther = chain.from_iterable(reversed(own) for own in islice(_ahead(reading, sentence), 1, None))
    return tuple(islice(farther, LOOK_BACK))[::-1]
