"""YAML text → plain data that remembers where everything stood. YAML lives here only.

Scalars stay text: ``1.10``, ``no`` and ``0123`` are what the author typed. Duplicate keys, full-width colons and
commas and tabs are mistakes with a line and a column, and reading goes on behind them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from auditkit.model.rule import Origin
from auditkit.model.words import Text

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong with a rulebook. ``code`` is stable; ``fixable`` means ``rules lint --fix`` can mend the text."""

    code: str
    origin: Origin
    message: Text
    fixable: bool = False

    def to(self, language: str) -> str:
        """``t3.yaml:8:7  RB004 …``, the form editors jump to."""
        place = f"{self.origin.file}:{self.origin.line}:{self.origin.column}"
        message = self.message.zh if language == "zh" else self.message.en
        mark = ("可自动改" if language == "zh" else "fixable") if self.fixable else ""
        return f"{place}  {self.code} {message}" + (f"  ({mark})" if mark else "")


@dataclass
class Tree:
    """Plain data (dicts, lists, strings) and the origin of each key and value by its path."""

    file: str
    data: Any = None
    keys: dict[Path, Origin] = field(default_factory=dict)
    values: dict[Path, Origin] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def origin(self, path: Path) -> Origin:
        """Where the value at ``path`` (or its nearest known ancestor) was written."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Origin(self.file, 1))

    def key_origin(self, path: Path) -> Origin:
        return self.keys.get(path, self.origin(path))


_WIDE_COLON = re.compile(r"^(\s*(?:- )?[\w.\-\[\]\u4e00-\u9fff]+|.*[{,]\s*\w+)：\s*")
_TAB = re.compile(r"^\s*\t")


def mend(text: str) -> tuple[str, list[tuple[int, int, Text]]]:
    """Repair what would stop a YAML parser at the wrong place; say what and where (line and column from 1)."""
    lines: list[str] = []
    said: list[tuple[int, int, Text]] = []
    for number, line in enumerate(text.splitlines(), 1):
        mended = line
        if _TAB.match(mended):
            said.append((number, 1, Text("行首用了制表符，请改成空格", "a tab at the head of the line, use spaces")))
            mended = mended.expandtabs(2)
        if (wide := _WIDE_COLON.match(mended)) and not mended.lstrip().startswith("#"):
            said.append(
                (number, wide.end(1) + 1, Text("冒号用了中文“：”，请改成英文“:”", 'full-width colon "：", use ":"'))
            )
            mended = f"{wide.group(1)}: {mended[wide.end() :]}"
        lines.append(mended)
    return "\n".join(lines) + "\n", said


def read_tree(text: str, file: str) -> Tree:
    """Parse one rulebook file. Never raises for bad text: the mistakes are in the tree."""
    tree = Tree(file)
    try:
        root = _compose(text)
    except MarkedYAMLError:
        mended, said = mend(text)
        tree.mistakes.extend(
            Mistake("RB001", Origin(file, line, at), message, fixable=True) for line, at, message in said
        )
        try:
            root = _compose(mended)
        except MarkedYAMLError as broken:
            tree.mistakes.append(_broken(broken, file))
            return tree
    if root is not None:
        tree.data = _plain(root, (), tree)
    return tree


def _compose(text: str) -> Node | None:
    root: Node | None = YAML(typ="safe").compose(text)
    return root


def _broken(error: MarkedYAMLError, file: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Mistake(
        "RB003",
        Origin(file, line, column),
        Text(
            f"这里不是合法的 YAML（{error.problem}）。句子里有冒号、星号或引号时，请把整句放进引号",
            f"not valid YAML here ({error.problem}). Put sentences with a colon, an asterisk or a quote into quotes",
        ),
    )


def _plain(node: Node, path: Path, tree: Tree) -> Any:
    tree.values[path] = _origin(node, tree.file)
    if isinstance(node, MappingNode):
        return _mapping(node, path, tree)
    if isinstance(node, SequenceNode):
        items = [_plain(child, (*path, i), tree) for i, child in enumerate(node.value)]
        if node.flow_style:
            _wide_commas(node, items, tree)
        return items
    assert isinstance(node, ScalarNode)
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _mapping(node: MappingNode, path: Path, tree: Tree) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        origin = _origin(key_node, tree.file)
        if key in plain:
            first = tree.keys[(*path, key)].line
            tree.mistakes.append(
                Mistake(
                    "RB005",
                    origin,
                    Text(f"“{key}”写了两次，前一次在第 {first} 行", f'"{key}" is given twice, first in line {first}'),
                )
            )
            continue
        tree.keys[(*path, key)] = origin
        plain[key] = _plain(value_node, (*path, key), tree)
    return plain


def _wide_commas(node: SequenceNode, items: list[Any], tree: Tree) -> None:
    for child, item in zip(node.value, items, strict=True):
        if isinstance(item, str) and "，" in item and child.style not in {"'", '"'}:
            tree.mistakes.append(
                Mistake(
                    "RB002",
                    _origin(child, tree.file),
                    Text(
                        f"列表里用了中文逗号，“{item}”会被当作一项；请改成英文逗号",
                        f'full-width comma in a list: "{item}" counts as one item, use ","',
                    ),
                    fixable=True,
                )
            )


def _origin(node: Node, file: str) -> Origin:
    mark = node.start_mark
    return Origin(file, mark.line + 1, mark.column + 1)
