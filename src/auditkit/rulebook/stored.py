"""Rulebooks already read, kept in the user's cache folder: a rulebook that did not change is not parsed again.

An entry names every file it was made from with its hash; it is used only while all of them are as they were. It begins
with what tells the rulebook from others, for who need not know more. What cannot be read or written is passed over: the
cache saves time and nothing else. ``AUDITKIT_CACHE`` names another folder, and ``AUDITKIT_CACHE=none`` does without.
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
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar

import platformdirs

if TYPE_CHECKING:
    from auditkit.model.rule import Rulebook

T = TypeVar("T")


class Identity(NamedTuple):
    """What tells a rulebook from all others."""

    id: str
    sha256: str


Loader = Callable[[Path], "tuple[Rulebook, tuple[Path, ...]]"]


def stored(entry: Path, version: str, load: Loader) -> Rulebook:
    """The rulebook at ``entry``: from the cache, else by ``load``, which also says which files it read."""
    place = _place(entry, version)
    if place is not None and (book := _read(place, _book)) is not None:
        return book
    book, files = load(entry)
    if place is not None:
        _write(place, book, {str(path.resolve()): _hash(path) for path in files})
    return book


def identity(entry: Path, version: str, load: Loader) -> Identity:
    """As ``stored``, for who need not know what is in it."""
    place = _place(entry, version)
    if place is not None and (known := _read(place, _known)) is not None:
        return known
    book = stored(entry, version, load)
    return Identity(book.id, book.sha256)


def _place(entry: Path, version: str) -> Path | None:
    folder = _folder()
    if folder is None:
        return None
    name = f"{version}\0{sys.version}\0{entry.resolve()}"
    return folder / f"rulebook-{hashlib.sha256(name.encode()).hexdigest()[:24]}.pickle"


def _folder() -> Path | None:
    given = os.environ.get("AUDITKIT_CACHE")
    if given == "none":
        return None
    return Path(given) if given else platformdirs.user_cache_path("auditkit", appauthor=False)


def _read(place: Path, taken: Callable[[Any, IO[bytes]], T | None]) -> T | None:
    """What is taken of an entry, if its files are as they were."""
    try:
        with place.open("rb") as file:
            files, known = pickle.load(file)  # noqa: S301 - written by us into the user's own folder
            if all(_hash(Path(name)) == sha256 for name, sha256 in files.items()):
                return taken(known, file)
    except (OSError, EOFError, ValueError, TypeError, AttributeError, ImportError, pickle.UnpicklingError):
        return None
    return None


def _known(known: Any, _: IO[bytes]) -> Identity | None:
    return known if isinstance(known, Identity) else None


def _book(_: Any, file: IO[bytes]) -> Rulebook | None:
    if pickle.load(file) != _shape():  # noqa: S301 - as above
        return None
    book: Rulebook = pickle.load(file)  # noqa: S301 - as above
    return book


def _shape() -> list[str]:
    """What a rulebook is made of: one that was made of other things is read anew."""
    from auditkit.model import expression, form, rule  # noqa: PLC0415 - only for who needs the whole

    nouns = (noun for room in (expression, form, rule) for noun in vars(room).values() if is_dataclass(noun))
    return [field.name for noun in nouns for field in fields(noun)]


def _write(place: Path, book: Rulebook, files: dict[str, str]) -> None:
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            for one in ((files, Identity(book.id, book.sha256)), _shape(), book):
                pickle.dump(one, file)
        Path(name).replace(place)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
