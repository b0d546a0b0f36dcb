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
    for part in _parts(store, run):
        made.update(repr(part).encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _parts(store: Store, run: int) -> Iterator[object]:
    yield from store.everything(run)  # a result's key stands for all of it
    yield [(one.code, one.name, one.contact) for one in store.due(run)]
    yield store.units()


def is_current(store: Store, path: Path, made_from: str) -> bool:
    """Whether a file was made from the same, and nobody has changed it or taken it away since."""
    return bool(made_from) and store.made_from(str(path.absolute())) == (made_from, hash_of(path))


def hash_of(path: Path) -> str:
    """Of the file as it is now; empty where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
