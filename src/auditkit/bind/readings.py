"""Readings: every way a table may be read out of a sheet, header by header and the rows below; none is preferred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from auditkit.bind.headers import Headed, Header
from auditkit.bind.lexicon import Kind
from auditkit.bind.listing import read_list
from auditkit.bind.matching import Matching
from auditkit.bind.place import Place, unlabelled
from auditkit.bind.reading import Reading
from auditkit.bind.sheet import figured, numbered

BELOW = 4
"""Rows below a header in which the only row of a table may stand, if it needs no label."""

End = tuple[int, int, int]
"""Another table's header: its first row, first and last column."""


def readings(one: Headed, ends: Iterable[End]) -> list[Reading]:
    """All readings; a table ends where another one's header begins."""
    if unlabelled(one.place.table.columns):
        found = [_without_header(one.place)]
    else:
        found = [_below(one.place, blocks) for blocks in _blocks(one, sorted(ends))]
    kept = [r for r in found if r and (r.declared is not None or r.enough or any(row is not None for row in r.rows))]
    return [
        *{
            (r.rows, r.columns, () if any(row is not None for row in r.rows) else r.headers): r for r in reversed(kept)
        }.values()
    ][::-1]


def _blocks(one: Headed, ends: Sequence[End]) -> Iterator[tuple[tuple[Header, int], ...]]:
    """Each header with its last row; then headers over the same columns together (page breaks).

    A list that goes on to the right is all of them together.
    """
    abreast = one.place.table.records is not None and one.place.table.records.abreast
    alike: dict[tuple[int, ...], list[tuple[Header, int]]] = {}
    own = [(h.above, h.left, max(h.columns)) for h in one.headers]
    for header in one.headers:
        last = max(header.columns)
        below = [end for end in (*own, *ends) if end[0] > header.bottom and end[1] <= last]
        bottom = _last_row(one, below, header.left)
        alike.setdefault(header.columns, []).append((header, bottom))
        if not abreast:
            yield ((header, bottom),)
            # What ends it may stand at its left, beside it.
            beside = [right for _, _, right in below if header.left <= right < min(header.columns) - 1]
            if beside and (further := _last_row(one, below, max(beside) + 1)) > bottom:
                yield ((replace(header, left=max(beside) + 1), further),)
    if abreast and alike:
        yield tuple(block for several in alike.values() for block in several)
    else:
        yield from (tuple(several) for several in alike.values() if len(several) > 1)


def _last_row(one: Headed, below: Iterable[End], first: int) -> int:
    """The row before the next header that reaches the columns from ``first`` on."""
    return min((top for top, _, right in below if right >= first), default=one.place.sheet.height) - 1


def _below(place: Place, blocks: Sequence[tuple[Header, int]]) -> Reading | None:
    header, bottom = blocks[0]
    if place.table.records is not None:
        return read_list(place, blocks)
    if not unlabelled(place.table.rows):
        columns = header.columns
        candidates = [
            candidate
            for candidate in place.candidates["rows"]
            if any(h.bottom < candidate.spot[0] <= end for h, end in blocks)
            and header.left <= candidate.spot[1] < min(columns)
        ]
        return _reading(place, [h for h, _ in blocks], columns, place.match_rows(candidates, columns))
    if len(blocks) > 1:
        return None
    reading = _reading(place, [header], header.columns, Matching())
    return replace(reading, rows=(_only_row(place, header, bottom),))


def _without_header(place: Place) -> Reading | None:
    """A single column without a label: the first with data to the right of the row labels."""
    matching = place.match_rows(place.candidates["rows"], ())
    if not matching.found:
        return None
    rows = [row for row, _ in matching.found.values()]
    first = max(column for _, column in matching.found.values()) + 1
    filled = (
        column
        for column in range(first, place.sheet.width)
        if any(place.sheet.kind(row, column) == Kind.NUMBER for row in rows)
    )
    column = next(filled, first)
    return _reading(place, [], (column,), matching) if column < place.sheet.width else None


def _reading(place: Place, headers: Sequence[Header], columns: tuple[int, ...], matching: Matching) -> Reading:
    found = matching.found
    labels = {label for header in headers for label in header.labels}
    labels |= {over for label in labels for over in place.over(label)}
    labels |= {group for label in found.values() for group in (*place.beside(label), place.heading(label)) if group}
    return Reading(
        table=place.table,
        sheet=place.sheet,
        headers=tuple(headers),
        rows=tuple(found[line][0] if line in found else None for line in range(len(place.table.rows.lines))),
        columns=columns,
        labels=tuple(sorted(labels.union(found.values()))),
        tied=tuple(matching.tied.items()),
        whole=place.whole,
        turned=place.turned,
    )


def _only_row(place: Place, header: Header, bottom: int) -> int | None:
    """The first row below the header with a figure, past one that only numbers the columns; else the row below."""
    below = range(header.bottom + 1, min(bottom, header.bottom + BELOW, place.sheet.height - 1) + 1)
    in_row = {row: [(row, column) for column in sorted(header.columns)] for row in below}
    with_figures = (row for row in below if place.sheet.ask(figured, in_row[row]))
    first = next(with_figures, None)
    if first is not None and place.sheet.ask(numbered, in_row[first]):
        return next(with_figures, first)
    return next(iter(below), None) if first is None else first
