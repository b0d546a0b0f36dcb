"""Plain data → checked entries, one by one: a bad rule does not hide the mistakes in the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError
from rapidfuzz import fuzz, process

from auditkit.model.words import Text
from auditkit.rulebook.shape import ENTRIES, Part, Shape, TableShape
from auditkit.rulebook.tree import Change, Mistake, Path, Tree
from auditkit.rulebook.wording import wrong

ALIKE, APART = 70, 15
"""How like a key a word must be to be nothing else (of 100), and how much less like the next."""

S = TypeVar("S", bound=Shape)
P = TypeVar("P", bound=Part)


@dataclass
class Entries:
    """The sections of one file that were right, each entry with the path it was written at."""

    tree: Tree
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    sections: dict[str, list[tuple[Path, Any]]] = field(default_factory=dict)
    halves: list[tuple[Path, dict[str, str]]] = field(default_factory=list)
    """Rules with something wrong: what they say of ``for``, ``when`` and ``check``, which may hold more mistakes."""
    mistakes: list[Mistake] = field(default_factory=list)
    broken_words: bool = False
    """A table or fact could not be understood, so rules cannot be judged: their echoes are not reported."""


def read_entries(kind: type[P], tree: Tree) -> tuple[P | None, Entries]:
    """Validate one file. Returns its head (everything but the entries) if that is right, and the entries that are."""
    entries = Entries(tree, mistakes=list(tree.mistakes))
    data = tree.data
    if not isinstance(data, dict):
        entries.sections = {section: [] for section in ENTRIES}
        entries.broken_words = True
        if not tree.mistakes:
            entries.mistakes.append(Mistake("RB006", tree.origin(()), Text("文件是空的", "the file is empty")))
        return None, entries
    rest = {key: value for key, value in data.items() if key not in ENTRIES}
    head = _validate(kind, rest, (), tree, entries.mistakes)
    if head is not None:
        entries.labels = head.labels
    for section, shape in ENTRIES.items():
        entries.sections[section] = []
        for path, value in _items(section, data.get(section), tree, entries.mistakes):
            entry = _validate(shape, value, path, tree, entries.mistakes)
            if entry is not None:
                entries.sections[section].append((path, entry))
            elif section == "tables" and (named := _named(value)) is not None:
                entries.sections[section].append((path, named))
            elif section in {"tables", "facts"}:
                entries.broken_words = True
            elif section == "rules" and isinstance(value, dict):
                texts = {key: text for key in ("for", "when", "check") if isinstance(text := value.get(key), str)}
                entries.halves.append((path, texts))
    return head, entries


def _named(value: Any) -> TableShape | None:
    """A table with something wrong, by its names alone: what rules say of them can still be judged."""
    names = {key: value[key] for key in ("title", "records", "columns", "rows") if key in value}
    try:
        return TableShape.model_validate(names)
    except ValidationError:
        return None


def _items(section: str, data: Any, tree: Tree, mistakes: list[Mistake]) -> list[tuple[Path, Any]]:
    if data is None:
        return []
    wanted = dict if section in {"tables", "facts"} else list
    if not isinstance(data, wanted):
        form = (
            Text("名称: 内容", "name: content")
            if wanted is dict
            else Text("以“- ”开头的列表", "a list of entries with -")
        )
        mistakes.append(
            Mistake("RB007", tree.origin((section,)), Text(f"{section}: 应是{form.zh}", f"{section}: wants {form.en}"))
        )
        return []
    keys = list(data) if isinstance(data, dict) else range(len(data))
    return [((section, key), data[key]) for key in keys]


def _validate(kind: type[S], data: Any, path: Path, tree: Tree, mistakes: list[Mistake]) -> S | None:
    """Validate one mapping; unknown keys are reported and left out, so that the rest is still looked at."""
    known = data
    for _ in range(2):
        try:
            return kind.model_validate(known)
        except ValidationError as refused:
            errors = refused.errors()
            mistakes.extend(_mistake(dict(e), path, tree, kind) for e in errors)
            unknown = {e["loc"][0] for e in errors if e["type"] == "extra_forbidden" and len(e["loc"]) == 1}
            if len(unknown) < len(errors) or not isinstance(known, dict):
                return None
            known = {key: value for key, value in known.items() if key not in unknown}
    return None


def _mistake(error: dict[str, Any], path: Path, tree: Tree, kind: type[Shape]) -> Mistake:
    inner = tuple(step for step in error["loc"] if step != "[key]")
    place: Path = (*path, *inner)
    last = str(inner[-1]) if inner else str(path[-1])
    if error["type"] == "extra_forbidden":
        return _unknown(last, place, tree, _keys(kind, inner))
    if error["type"] == "missing":
        return Mistake("RB006", tree.origin(place[:-1]), Text(f"缺少“{last}:”", f'"{last}:" is missing'))
    shown = "" if isinstance(error.get("input"), dict | list) else f" {error.get('input')}"
    is_key = error["loc"][-1:] == ("[key]",)
    said, why = f"{last}:" if is_key else f"{last}:{shown}", wrong(error)
    origin = tree.key_origin(place) if is_key else tree.origin(place)
    return Mistake("RB007", origin, Text(f"“{said}”不对：{why.zh}", f'"{said}" is not right: {why.en}'))


def _unknown(word: str, place: Path, tree: Tree, keys: list[str]) -> Mistake:
    near = process.extractOne(word, keys, score_cutoff=50)
    zh, en = f"不认识“{word}”", f'unknown word "{word}"'
    if near is not None:
        zh, en = f"{zh}，是不是“{near[0]}”？", f'{en}, did you mean "{near[0]}"?'
    return Mistake("RB004", tree.key_origin(place), Text(zh, en), _renamed(word, place, tree, keys))


def _renamed(word: str, place: Path, tree: Tree, keys: list[str]) -> Change | None:
    """The key it can only have been meant to be: much like one that is not there yet, and like no other."""
    best = process.extract(word, keys, scorer=fuzz.ratio, limit=2)
    if not best or best[0][1] < ALIKE or (len(best) > 1 and best[0][1] - best[1][1] < APART):
        return None
    if (*place[:-1], best[0][0]) in tree.keys:
        return None
    at = tree.key_origin(place)
    return Change(at.line, at.column, word, best[0][0], place)


def _keys(kind: type[Shape], inner: tuple[Any, ...]) -> list[str]:
    """The keys allowed where an unknown one stood, for the message."""
    for step in inner[:-1]:
        names = {f.alias or name: f.annotation for name, f in kind.model_fields.items()}
        nested = [t for t in _types(names.get(str(step))) if isinstance(t, type) and issubclass(t, Shape)]
        if nested:
            kind = nested[0]
    return [f.alias or name for name, f in kind.model_fields.items()]


def _types(annotation: Any) -> list[Any]:
    inner = [t for a in getattr(annotation, "__args__", ()) for t in _types(a)]
    return [annotation, *inner]
