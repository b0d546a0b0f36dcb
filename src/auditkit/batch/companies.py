"""Files that belong together: a text and a workbook of one unit are checked at once, whatever else is in the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby

from auditkit.batch.gather import Found, folder_of
from auditkit.offices import unit_of
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
    """Each file in one company, a folder at a time."""
    for _, folder in groupby(found, key=lambda one: one[1].folder):
        files = list(folder)
        names = [(n, one.name) for n, one in files]
        yield from joined(files, together(partial(iter, names)))


def together(names: Callable[[], Iterable[tuple[int, str]]]) -> dict[int, int]:
    """Files that are checked beside others: number → that of the first of its company.

    ``names``: all files, those of a folder one after the other; gone through once more if there are texts, not kept.
    """
    texts = dict(_texts(names()))
    found: dict[int, int] = {}
    for n, (_, files) in enumerate(groupby(names(), key=_folder) if texts else ()):
        if n in texts:
            members: dict[str, list[int]] = {}
            for number, name in files:
                unit = _unit(name) if texts[n] else ""
                if not texts[n] or unit in texts[n]:
                    members.setdefault(unit, []).append(number)
            found.update((one, own[0]) for own in members.values() if len(own) > 1 for one in own)
    return found


def _texts(names: Iterable[tuple[int, str]]) -> Iterator[tuple[int, frozenset[str]]]:
    """Which folders have texts, and of which units they are; of none where the folder itself is one unit's."""
    for n, (folder, files) in enumerate(groupby(names, key=_folder)):
        size, units = 0, set()
        for _, name in files:
            size += 1
            if name.lower().endswith(TEXTS):
                units.add(_unit(name))
        if units:
            yield n, frozenset() if folder and size <= SMALL else frozenset(units)


def _folder(one: tuple[int, str]) -> str:
    return folder_of(one[1])


def _unit(name: str) -> str:
    """With which unit the name of a file begins."""
    return unit_of(Found(name, "").file)


def joined(files: Iterable[Numbered], beside: Mapping[int, int]) -> Iterator[Company]:
    """Files in companies, as ``together`` says; each when its last file has come."""
    sizes, waiting = Counter(beside.values()), dict[int, list[Numbered]]()
    for one in files:
        first = beside.get(one[0])
        if first is None:
            yield (one,)
            continue
        waiting.setdefault(first, []).append(one)
        if len(waiting[first]) == sizes[first]:
            yield tuple(waiting.pop(first))


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
