"""Rules folder → form and rules, or every fault in them at once, with line numbers and the nearest name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditkit import __version__
from auditkit.model.words import Fault, Text
from auditkit.rulebook.stored import Identity, identity, stored

if TYPE_CHECKING:
    from auditkit.model.rule import Rulebook

ENTRY = "rulebook.yaml"


def shelf() -> Path:
    """The folder of shipped rulebooks: beside the package in a wheel, at the top of the repository in a checkout."""
    package = Path(__file__).resolve().parents[1]
    beside = package / "rules"
    return beside if beside.is_dir() else package.parents[1] / "rules"


def shipped() -> tuple[str, ...]:
    """Ids of the shipped rulebooks, in order of name."""
    return tuple(sorted(folder.name for folder in shelf().iterdir() if (folder / ENTRY).is_file()))


def chosen(name: str | None) -> tuple[Rulebook, ...]:
    """The rulebook of that name, else all shipped ones. Raises as ``find``."""
    return (find(name),) if name else tuple(find(one) for one in shipped())


def identities(name: str | None) -> tuple[Identity, ...]:
    """Id and hash of the rulebook of that name, else of all shipped ones. Raises as ``find``."""
    return tuple(identity(entry_of(one), __version__, _parsed) for one in ((name,) if name else shipped()))


def load(path: Path) -> Rulebook:
    """A rulebook from its folder or its ``rulebook.yaml``.

    Raises:
        Malformed: with all mistakes of all its files.
        Fault: ``missing`` (exit 2) when there is no such file.
    """
    return stored(path / ENTRY if path.is_dir() else path, __version__, _parsed)


def _parsed(entry: Path) -> tuple[Rulebook, tuple[Path, ...]]:
    from auditkit.rulebook.assemble import parsed  # noqa: PLC0415 - YAML and pydantic, only for a rulebook that changed

    return parsed(entry)


def find(name: str) -> Rulebook:
    """A rulebook by id, folder or file.

    Raises:
        Fault: ``unknown-rulebook`` (exit 2), naming the shipped ones; or as ``load``.
    """
    return load(entry_of(name))


def entry_of(name: str) -> Path:
    """The ``rulebook.yaml`` of a rulebook by id, folder or file; raises as ``find``."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        return path
    if path.is_dir():
        return path / ENTRY
    if name in shipped():
        return shelf() / name / ENTRY
    known = shipped()
    raise Fault(
        "unknown-rulebook",
        Text(
            f"没有规则簿“{name}”。现有：{'、'.join(known)}。", f'No rulebook "{name}". There are: {", ".join(known)}.'
        ),
        hint=Text("也可以给出规则文件夹的路径。", "A path to a rulebook folder works too."),
        exit=2,
    )
