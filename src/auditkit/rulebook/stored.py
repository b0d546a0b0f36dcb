"""Rulebooks already read, kept in the user's cache folder: a rulebook that did not change is not parsed again.

An entry names every file it was made from with its hash; it is used only while all of them are as they were. What
cannot be read or written is passed over: the cache saves time and nothing else. ``AUDITKIT_CACHE`` names another
folder, and ``AUDITKIT_CACHE=none`` does without.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path

import platformdirs

from auditkit.model import expression, form, rule
from auditkit.model.rule import Rulebook

_NOUNS = [noun for room in (expression, form, rule) for noun in vars(room).values() if is_dataclass(noun)]
_SHAPE = [field.name for noun in _NOUNS for field in fields(noun)]
"""What an entry holds: an entry of another shape is another entry."""

Loader = Callable[[Path], tuple[Rulebook, tuple[Path, ...]]]


def stored(entry: Path, version: str, load: Loader) -> Rulebook:
    """The rulebook at ``entry``: from the cache, else by ``load``, which also says which files it read."""
    folder = _folder()
    if folder is None:
        return load(entry)[0]
    name = f"{version}\0{sys.version}\0{_SHAPE}\0{entry.resolve()}"
    place = folder / f"rulebook-{hashlib.sha256(name.encode()).hexdigest()[:24]}.pickle"
    if (book := _read(place)) is not None:
        return book
    book, files = load(entry)
    _write(place, book, {str(path.resolve()): _hash(path) for path in files})
    return book


def _folder() -> Path | None:
    given = os.environ.get("AUDITKIT_CACHE")
    if given == "none":
        return None
    return Path(given) if given else platformdirs.user_cache_path("auditkit", appauthor=False)


def _read(place: Path) -> Rulebook | None:
    try:
        files, book = pickle.loads(place.read_bytes())  # noqa: S301 - written by us into the user's own folder
        if isinstance(book, Rulebook) and all(_hash(Path(name)) == sha256 for name, sha256 in files.items()):
            return book
    except (OSError, EOFError, ValueError, TypeError, AttributeError, ImportError, pickle.UnpicklingError):
        return None
    return None


def _write(place: Path, book: Rulebook, files: dict[str, str]) -> None:
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            pickle.dump((files, book), file)
        Path(name).replace(place)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
