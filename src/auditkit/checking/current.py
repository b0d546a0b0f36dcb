"""Files that were written before and are what they would be again: they are known by what they were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from auditkit.checking.order import Order
from auditkit.checking.told import Told
from auditkit.store import Store


def made_of(told: Told, order: Order, fingerprint: str) -> str:
    """All that the files over a whole run depend on, hashed; empty where that cannot be told beforehand.

    ``fingerprint``: of the setup: rulebooks and version.
    """
    earlier = order.earlier.fingerprint
    if earlier is None:
        return ""
    store, run = told.store, told.run
    made = hashlib.sha256("\x1f".join((fingerprint, earlier, order.language, order.name or "")).encode())
    for line in _lines(store, run):
        made.update(f"{line}\x1e".encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _lines(store: Store, run: int) -> Iterator[str]:
    for one in store.entries(run):
        # A result's key stands for all of it.
        words = one.number, one.name, one.outcome, one.reason, one.unit_code, one.result, one.unit, one.part
        yield f"{words}{one.late}{one.said.zh}"
    yield from (f"{one.code}\x1f{one.name}\x1f{one.contact}" for one in store.due(run))
    yield from map("\x1f".join, store.units())


def is_current(store: Store, path: Path, made_from: str) -> bool:
    """Whether a file was made from the same, and nobody has changed it or taken it away since."""
    return bool(made_from) and store.made_from(str(path.absolute())) == (made_from, hash_of(path))


def hash_of(path: Path) -> str:
    """Of the file as it is now; empty where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
