"""``rules lint --fix``: mistakes of spelling mended in the text itself, so that comments, order and layout stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from auditkit import rulebook
from auditkit.deliver import deliver
from auditkit.model.words import Language, Text
from auditkit.rulebook.assemble import Malformed
from auditkit.rulebook.tree import Change, Mistake, read_tree
from auditkit.rulebook.tree import Path as Place

ROUNDS = 5
"""A mended mistake may uncover another one; more rounds than this nobody needs."""


def fix(name: str, language: Language) -> Iterator[tuple[bool, str]]:
    """Mend what can be mended in a rulebook and write its files; a line for each change, and for each refused file.

    A file is written whole or not at all, and only if it then says what it was meant to say and nothing else.
    """
    refused: set[Path] = set()
    for _ in range(ROUNDS):
        found = [(path, own) for path, own in _fixable(name) if path not in refused]
        if not found:
            return
        for path, mistakes in found:
            text = path.read_bytes().decode("utf-8")
            mended = _mended(text, [mistake.change for mistake in mistakes if mistake.change])
            if mended is None:
                refused.add(path)
                yield False, _refused(path.name).to(language)
                continue
            deliver(path, mended.encode("utf-8"))
            yield from ((True, _told(mistake, language)) for mistake in mistakes)


def _fixable(name: str) -> list[tuple[Path, list[Mistake]]]:
    """Files of a rulebook with what can be mended in them; punctuation first, for it moves what stands behind it."""
    try:
        rulebook.find(name)
    except Malformed as malformed:
        mistakes = [mistake for mistake in malformed.mistakes if mistake.change]
        first = [mistake for mistake in mistakes if mistake.code == "RB001"]
        folder = rulebook.entry_of(name).parent
        by_file = groupby(first or mistakes, key=lambda mistake: mistake.origin.file)
        return [(folder / file, list(own)) for file, own in by_file]
    return []


def _mended(text: str, changes: Sequence[Change]) -> str | None:
    """The text with all changes; None where one does not fit, or the data would not be as it was meant."""
    lines = text.splitlines(keepends=True)
    for change in sorted(changes, key=lambda change: (change.line, change.column), reverse=True):
        line, at = lines[change.line - 1], change.column - 1
        if not line.startswith(change.old, at):
            return None
        lines[change.line - 1] = line[:at] + change.new + line[at + len(change.old) :]
    mended = "".join(lines)
    meant = _meant(read_tree(text, "").data, {change.path: change for change in changes if change.path})
    return mended if meant is not None and read_tree(mended, "").data == meant else None


def _meant(data: Any, changes: dict[Place, Change], path: Place = ()) -> Any:
    """The data with keys renamed and items split."""
    if isinstance(data, dict):
        made = {}
        for key, value in data.items():
            own = (*path, key)
            made[changes[own].new if own in changes else key] = _meant(value, changes, own)
        return made
    if isinstance(data, list):
        items: list[Any] = []
        for i, value in enumerate(data):
            own = (*path, i)
            items += changes[own].new.split(", ") if own in changes else [_meant(value, changes, own)]
        return items
    return data


def _told(mistake: Mistake, language: Language) -> str:
    assert mistake.change is not None
    at, change = mistake.origin, mistake.change
    old, new = (f"“{part.strip() or ' '}”" for part in (change.old, change.new))
    said = Text("已改", "mended").to(language)
    return f"{at.file}:{at.line}:{at.column}  {mistake.code} {said} {old} → {new}"


def _refused(file: str) -> Text:
    return Text(
        f"○ {file} 没有改：改后的内容会与原意不同，请手工修改",
        f"○ {file} was not mended: it would not say the same; mend it by hand",
    )
