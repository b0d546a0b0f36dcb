"""Rules folder → form and rules, or every fault in them at once, with line numbers and the nearest name."""

from __future__ import annotations

from pathlib import Path

from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault, Text
from auditkit.rulebook.load import ENTRY, Malformed, load
from auditkit.rulebook.shape import json_schema
from auditkit.rulebook.tree import Mistake

__all__ = ["Malformed", "Mistake", "find", "json_schema", "load", "shelf", "shipped"]


def shelf() -> Path:
    """The folder of shipped rulebooks: beside the package in a wheel, at the top of the repository in a checkout."""
    package = Path(__file__).resolve().parents[1]
    beside = package / "rules"
    return beside if beside.is_dir() else package.parents[1] / "rules"


def shipped() -> tuple[str, ...]:
    """Ids of the shipped rulebooks, in order of name."""
    return tuple(sorted(folder.name for folder in shelf().iterdir() if (folder / ENTRY).is_file()))


def find(name: str) -> Rulebook:
    """A rulebook by id, folder or file.

    Raises:
        Fault: ``unknown-rulebook`` (exit 2), naming the shipped ones; or as ``load``.
    """
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} or path.is_dir():
        return load(path)
    if name in shipped():
        return load(shelf() / name)
    known = "、".join(shipped())
    raise Fault(
        "unknown-rulebook",
        Text(f"没有规则簿“{name}”。现有：{known}", f'no rulebook "{name}". There are: {known}'),
        hint=Text("也可以给出规则文件夹的路径。", "A path to a rulebook folder works too."),
        exit=2,
    )
