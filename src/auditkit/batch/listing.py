"""Paths listed for a run; a file that is as it was in the run before is entered at once, with what was found then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from auditkit.batch.gather import Found, Skipped
from auditkit.batch.past import fitting
from auditkit.batch.setup import Content, Setup, key_of
from auditkit.model.words import Fault
from auditkit.store import Store
from auditkit.store.plain import dump, load
from auditkit.store.records import Entry, Origin
from auditkit.store.rows import Brief

PAGE = 4000
"""Paths that are listed at one go: the store writes each part of an index that it touches anew each time."""

Filed = Callable[[Entry, Brief, Found], Entry]
"""The entry of an input, with whose it is."""


def nobody(entry: Entry, brief: Brief, found: Found) -> Entry:
    """Where it is nobody's business whose an input is."""
    del brief, found
    return entry


def enlist(store: Store, run: int, setup: Setup, items: Iterable[Found | Skipped], filed: Filed = nobody) -> None:
    """List what is to be checked and what is skipped, in place of what was listed for the run before it was ended.

    Args:
        store: where.
        run: its number.
        setup: what it checks against.
        items: as ``gather`` gives them.
        filed: as for ``record``.
    """
    store.start_list(run)
    before, rest, number = store.before(run), iter(items), 0
    while page := list(islice(rest, PAGE)):
        known = _known(store, before, setup, page) if before else {}
        store.list_inputs(run, _listed(page, number, known, filed))
        number += sum(isinstance(one, Found) for one in page)


def _known(store: Store, before: int, setup: Setup, page: Sequence[Found | Skipped]) -> Mapping[str, Brief]:
    """Name → result of the files that were read alone before, and are as they were."""
    there = {one.name: one for one in page if isinstance(one, Found) and one.state}
    same: dict[str, Brief] = {}
    for name, member, state, brief in store.entered(before, list(there)):
        one = there[name]
        if (one.member, one.state) == (member, state) and brief.base == _key(setup.fingerprint, brief.sha256, one):
            same[name] = brief
    fit = {brief.key for brief in fitting(setup.past, same.values(), given=setup.given)}
    return {name: brief for name, brief in same.items() if brief.key in fit and brief.reason != "ours"}


def _key(fingerprint: str, sha256: str, alone: Found) -> str:
    content = Content(sha256, alone.file)
    return key_of(fingerprint, (content, content))


def entered(number: int, one: Found, brief: Brief, filed: Filed) -> Entry:
    """What becomes of an input that has this result."""
    if brief.reason == "ours":
        return Entry(-1, one.name, "skipped", brief.reason)
    told = Entry(number, one.name, brief.verdict, brief.reason, brief.unit_code, brief.key, brief.unit)
    return filed(told, brief, one)


def _listed(
    items: Sequence[Found | Skipped], first: int, known: Mapping[str, Brief], filed: Filed
) -> Iterator[tuple[Entry, Origin]]:
    """Paths as the store lists them, files numbered from ``first``; entered as far as they are known."""
    number = first
    for one in items:
        if isinstance(one, Skipped):
            yield Entry(-1, one.name, "skipped", one.reason), Origin()
            continue
        brief = known.get(one.name)
        entry = Entry(number, one.name, "") if brief is None else entered(number, one, brief, filed)
        fault = dump(one.fault) if one.fault else ""
        yield entry, Origin(one.path, one.member, one.size, one.modified, one.state, fault)
        number += 1


def found_in(entry: Entry, origin: Origin) -> Found:
    """The file again, as it was listed."""
    path, member, size, modified, state, said = origin
    return Found(entry.name, path, member, size, modified, load(Fault, said) if said else None, state)
