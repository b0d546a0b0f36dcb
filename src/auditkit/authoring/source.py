"""A rulebook's YAML as one flat tree of plain data, includes put in; and such a tree as YAML text."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from auditkit import rulebook
from auditkit.authoring.cells import is_odd
from auditkit.rulebook.shape import ENTRIES
from auditkit.rulebook.tree import Tree, read_tree

SHORT = 70
"""Characters of a sentence in two languages that stand on one line."""

OTHER_BREAKS = "\x85\u2028\u2029"
"""Line breaks that YAML folds unless they are escaped."""

Data = dict[str, Any]
"""Mappings, lists, text and None, as the author typed them; numbers are text."""


@dataclass(frozen=True)
class Flat:
    """One rulebook without includes, and its samples' paths."""

    data: Data
    good: Path | None
    last: Path | None


def flat(name: str) -> Flat:
    """The named rulebook with everything it includes, in the order in which it is loaded.

    Raises:
        Fault: as ``rulebook.find``; a rulebook with mistakes has no model to keep.
    """
    entry = Path(rulebook.find(name).path)
    own: Data = read_tree(entry.read_text("utf-8"), entry.name).data
    parts = [read_tree((entry.parent / name).read_text("utf-8"), name).data for name in own.get("include") or ()]
    data = {key: value for key, value in own.items() if key not in {*ENTRIES, "include", "labels", "tests"}}
    for part in (*parts, own):
        _merge(data, part)
    if own.get("tests"):
        data["tests"] = own["tests"]
    tests = own.get("tests") or {}
    good, last = (entry.parent / tests[key] if tests.get(key) else None for key in ("good", "last"))
    return Flat(data, good, last)


def _merge(data: Data, part: Data) -> None:
    """Sections are joined; a fact said again replaces the earlier one in its place, as when loading."""
    for language, words in (part.get("labels") or {}).items():
        data.setdefault("labels", {}).setdefault(language, {}).update(words)
    for section in ENTRIES:
        more = part.get(section)
        if isinstance(more, dict):
            data.setdefault(section, {}).update(more)
        elif more:
            data.setdefault(section, []).extend(more)


def as_yaml(data: Data, head: str = "") -> str:
    """YAML text that reads back as exactly this data; ``head`` is a comment for its first lines."""
    yaml = YAML()
    yaml.width = 1 << 16
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), lambda r, _: r.represent_scalar("tag:yaml.org,2002:null", "null"))
    out = StringIO()
    yaml.dump(_styled(data), out)
    text = "".join(f"# {line}\n" for line in head.splitlines()) + out.getvalue()
    if read_yaml(text).data != data:
        raise AssertionError("the YAML that was written does not read back as what it was made from")
    return text


def read_yaml(text: str) -> Tree:
    return read_tree(text, rulebook.ENTRY)


def _styled(value: Any) -> Any:
    if isinstance(value, dict):
        styled = CommentedMap((key, _styled(one)) for key, one in value.items())
        if list(value) == ["zh", "en"] and len(f"{value['zh']}{value['en']}") < SHORT:
            styled.fa.set_flow_style()
        return styled
    if isinstance(value, list):
        return [_styled(one) for one in value]
    if not isinstance(value, str):
        return value
    if any(mark in value for mark in OTHER_BREAKS):
        return DoubleQuotedScalarString(value)
    return LiteralScalarString(value) if _several_lines(value) else value


def _several_lines(text: str) -> bool:
    """Text that stands best line by line; what YAML would change goes into quotes instead."""
    lines = text.split("\n")
    return len(lines) > 1 and not is_odd(text) and all(line and line == line.strip() for line in lines)
