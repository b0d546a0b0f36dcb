"""Rules of the prose room: what a rulebook says about one check, and the reading of such a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditkit.model.words import LEVELS, Fault, Level, Text

_REQUIRED = ("id", "name", "check", "level", "message", "why", "holds", "breaks")
_KNOWN = frozenset({*_REQUIRED, "often", "repair", "words"})
_CHECK = re.compile(r"[a-z]+\.[a-z][a-z_]*")


@dataclass(frozen=True)
class ProseRule:
    """One check of words. ``check`` names a module of this room and a function in it: ``shares.wrong``."""

    id: str
    name: str
    check: str
    level: Level
    message: Text
    why: Text
    holds: tuple[str, ...]
    """Texts in which this rule finds nothing."""
    breaks: tuple[str, ...]
    """Texts in which it must find something."""
    often: Text | None = None
    repair: Text | None = None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words of the field the check needs: known document numbers, replaced titles."""


def load_prose_rules(entries: Sequence[Mapping[str, Any]]) -> tuple[ProseRule, ...]:
    """A rulebook's ``prose:`` list, already parsed. Raises one ``Fault`` naming every mistake in it."""
    mistakes = [mistake for i, entry in enumerate(entries, 1) for mistake in _mistakes(i, entry)]
    ids = [str(entry.get("id")) for entry in entries]
    mistakes += [f"{name} is there twice" for name in dict.fromkeys(ids) if ids.count(name) > 1]
    if mistakes:
        listed = "; ".join(mistakes)
        raise Fault("prose-rule", Text(f"正文规则有误：{listed}", f"prose rules: {listed}"), exit=2)
    return tuple(_rule(entry) for entry in entries)


def _mistakes(position: int, entry: Mapping[str, Any]) -> Iterator[str]:
    named = entry.get("id") or f"rule {position}"
    yield from (f"{named}: no {key}" for key in _REQUIRED if key not in entry)
    yield from (f"{named}: unknown key {key}" for key in entry if key not in _KNOWN)
    if entry.get("level", "hard") not in LEVELS:
        yield f"{named}: level is {entry['level']}, not one of {', '.join(LEVELS)}"
    if not _CHECK.fullmatch(str(entry.get("check", "a.b"))):
        yield f"{named}: check is {entry['check']}, not module.function"
    for key in ("message", "why", "often", "repair"):
        if key in entry and not (isinstance(entry[key], Mapping) and {"zh", "en"} <= entry[key].keys()):
            yield f"{named}: {key} wants zh and en"
    for key in ("holds", "breaks"):
        if key in entry and not entry[key]:
            yield f"{named}: {key} has no example"


def _rule(entry: Mapping[str, Any]) -> ProseRule:
    def words(key: str) -> Text | None:
        return Text(str(entry[key]["zh"]), str(entry[key]["en"])) if key in entry else None

    return ProseRule(
        id=str(entry["id"]),
        name=str(entry["name"]),
        check=str(entry["check"]),
        level=entry["level"],
        message=Text(str(entry["message"]["zh"]), str(entry["message"]["en"])),
        why=Text(str(entry["why"]["zh"]), str(entry["why"]["en"])),
        holds=tuple(map(str, entry["holds"])),
        breaks=tuple(map(str, entry["breaks"])),
        often=words("often"),
        repair=words("repair"),
        words={str(k): tuple(map(str, v)) for k, v in entry.get("words", {}).items()},
    )
