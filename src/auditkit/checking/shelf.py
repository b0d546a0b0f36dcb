"""Which store a run uses: the one that was named, the user's own, or one that lasts as long as the run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from auditkit.model.words import Fault, Text
from auditkit.store import Store
from auditkit.store.database import is_server, said, unusable
from auditkit.store.place import NONE, place

__all__ = ["NONE", "known", "opened", "place"]


@contextmanager
def opened(told: str | None) -> Iterator[Store]:
    """The store to keep a run in. Raises ``Fault`` (exit 2) when it cannot be used."""
    path = place(told)
    if path == NONE:
        temporary = TemporaryDirectory(prefix="auditkit-", ignore_cleanup_errors=True)
        with temporary as folder, Store(Path(folder) / "store.sqlite") as store, _honest(store.place):
            yield store
        return
    if is_server(path):
        with Store(path) as store:
            yield store
        return
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Fault(
            "store",
            Text(f"建不了文件夹 {Path(path).parent}。", f"The folder {Path(path).parent} cannot be made."),
            hint=Text("请用 --store 另指定一个文件。", "Name another file with --store."),
            exit=2,
        ) from error
    with Store(path) as store, _honest(path):
        yield store


@contextmanager
def _honest(path: str) -> Iterator[None]:
    """A disk that is full, a file that is damaged or that another program holds, is said as what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        zh, en = said(error)
        if zh == en:
            raise  # it is none of these, but a mistake of ours
        raise unusable(path, zh, en) from error


def is_there(path: str) -> bool:
    """Whether a store was kept there before, or may have been."""
    return path != NONE and (is_server(path) or Path(path).is_file())


@contextmanager
def known(told: str | None) -> Iterator[Store]:
    """A store that is there already, to be looked at. Raises ``Fault`` (exit 2) when there is none."""
    path = place(told)
    if not is_there(path):
        raise Fault(
            "no-store",
            Text(f"没有结果库 {path}。", f"There is no store {path}."),
            hint=Text("请先检查一个文件夹，或用 --store 指定。", "Check a folder first, or name it with --store."),
            exit=2,
        )
    with Store(path) as store, _honest(path):
        yield store
