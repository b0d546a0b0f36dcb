"""Files that belong together: a text and a workbook of one unit are checked at once, whatever else is in the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from auditkit.batch.gather import Found
from auditkit.readers.kinds import READERS

Numbered = tuple[int, Found]
Company = tuple[Numbered, ...]
"""Files of one unit, by name or by lying in a folder of their own, each with its number among the inputs."""

SMALL = 6
"""Files in a folder that is taken to be one unit's."""
FIRST = 64
"""Companies in the first two lots; then twice as many, and so on, so that few files too are work for several."""
CHUNK = 512
"""Companies in the largest lots: from here on what a lot costs besides its files no longer shows."""
BYTES = 32 << 20

TEXTS = READERS["word"] + READERS["web"] + READERS["plain"]


def companies(found: Iterable[Numbered]) -> Iterator[Company]:
    """Each file in one company, companies in order of their first file."""
    for _, folder in groupby(found, key=lambda one: one[1].folder):
        files = list(folder)
        if not any(_is_text(one) for _, one in files):
            yield from ((one,) for one in files)
        elif len(files) <= SMALL and files[0][1].folder:
            yield tuple(files)
        else:
            yield from _by_unit(files)


def _by_unit(files: list[Numbered]) -> Iterator[Company]:
    """Files whose names begin with the same unit, where one of them is a text."""
    from auditkit.identity import describe  # noqa: PLC0415 - the rules' room of words, only for who sent texts

    units: dict[str, list[Numbered]] = {}
    for one in files:
        units.setdefault(describe((), one[1].file, None).unit, []).append(one)
    for unit in units.values():
        if any(_is_text(one) for _, one in unit):
            yield tuple(unit)
        else:
            yield from ((one,) for one in unit)


def _is_text(found: Found) -> bool:
    return found.name.lower().endswith(TEXTS)


def chunks(parties: Iterable[Company]) -> Iterator[tuple[Company, ...]]:
    """Companies in lots that hide the cost of handing them over and fit into a worker's memory."""
    lot: list[Company] = []
    size, done = 0, 0
    for company in parties:
        weight = sum(one.size for _, one in company)
        if lot and (len(lot) >= min(FIRST << done // 2, CHUNK) or size + weight > BYTES):
            yield tuple(lot)
            lot, size, done = [], 0, done + 1
        lot.append(company)
        size += weight
    if lot:
        yield tuple(lot)
