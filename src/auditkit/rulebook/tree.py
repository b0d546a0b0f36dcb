"""YAML text → plain data that remembers where everything stood. YAML lives here only.

Scalars stay text: ``1.10``, ``no`` and ``0123`` are what the author typed. Duplicate keys, full-width colons and
commas and tabs are mistakes with a line and a column, and reading goes on behind them.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from auditkit.model.rule import Origin
from auditkit.model.words import Text

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How a mistake of spelling is mended: other words at one place, and what the data is meant to be then."""

    line: int
    column: int
    old: str
    new: str
    path: Path = ()
    """Of a key: it gets the new name. Of an item: it is the items between its full-width commas."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong with a rulebook. ``code`` is stable; ``change`` is what ``rules lint --fix`` does about it."""

    code: str
    origin: Origin
    message: Text
    change: Change | None = None

    @property
    def fixable(self) -> bool:
        return self.change is not None

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
_INDENT = re.compile(r"^ *[\t\u3000\u00a0][\s]*")
_COLON = Text("冒号用了中文“：”，请改成英文“:”", 'full-width colon "：", use ":"')
_TAB = Text("行首用了制表符或全角空格，请改成空格", "a tab or a wide space at the head of the line, use spaces")


def mend(text: str, prose: AbstractSet[int] = frozenset()) -> tuple[str, list[tuple[Change, Text]]]:
    """Repair what would stop a YAML parser at the wrong place; say what. Lines of ``prose`` are left as they are."""
    lines: list[str] = []
    said: list[tuple[Change, Text]] = []
    for number, line in enumerate(text.splitlines(), 1):
        mended = line
        if number not in prose and (indent := _INDENT.match(line)):
            plain = indent[0].expandtabs(2).replace("\u3000", "  ").replace("\u00a0", " ")
            said.append((Change(number, 1, indent[0], plain), _TAB))
            mended = plain + line[indent.end() :]
        if number not in prose and (wide := _WIDE_COLON.match(mended)) and not mended.lstrip().startswith("#"):
            head, rest = mended[: wide.end(1)], mended[wide.end() :]
            new = ": " if rest else ":"
            column = len(line) - (len(mended) - len(head)) + 1
            said.append((Change(number, column, mended[len(head) : wide.end()], new), _COLON))
            mended = head + new + rest
        lines.append(mended)
    return "\n".join(lines) + "\n", said


def read_tree(text: str, file: str) -> Tree:
    """Parse one rulebook file. Never raises for bad text: the mistakes are in the tree."""
    tree = Tree(file)
    try:
        root = _compose(text)
    except MarkedYAMLError:
        mended, said = mend(text)
        try:
            root = _compose(mended)
            if (prose := _prose(root)) and not prose.isdisjoint(change.line for change, _ in said):
                mended, said = mend(text, prose)
                root = _compose(mended)
        except MarkedYAMLError as broken:
            tree.mistakes = [*_misspelt(said, file), _broken(broken, file)]
            return tree
        tree.mistakes += _misspelt(said, file)
    if root is not None:
        tree.data = _plain(root, (), tree)
    return tree


def _compose(text: str) -> Node | None:
    root: Node | None = YAML(typ="safe").compose(text)
    return root


def _prose(node: Node | None) -> set[int]:
    """Lines within a scalar that began above: a colon there is the author's."""
    if isinstance(node, ScalarNode):
        return set(range(node.start_mark.line + 2, node.end_mark.line + 2))
    if isinstance(node, MappingNode):
        return {line for pair in node.value for part in pair for line in _prose(part)}
    return {line for part in node.value for line in _prose(part)} if node else set()


def _misspelt(said: list[tuple[Change, Text]], file: str) -> list[Mistake]:
    return [Mistake("RB001", Origin(file, change.line, change.column), message, change) for change, message in said]


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
            _wide_commas(node, items, path, tree)
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


_BRACKETED = re.compile(r"[（(][^（()）]*，[^（()）]*[)）]")


def _wide_commas(node: SequenceNode, items: list[Any], path: Path, tree: Tree) -> None:
    for i, (child, item) in enumerate(zip(node.value, items, strict=True)):
        if isinstance(item, str) and "，" in item and child.style not in {"'", '"'}:
            # A comma in brackets is part of a label; a scalar over several lines is mended by hand.
            safe = child.start_mark.line == child.end_mark.line and not _BRACKETED.search(item)
            new = ", ".join(part for one in item.split("，") if (part := one.strip()))
            tree.mistakes.append(
                Mistake(
                    "RB002",
                    _origin(child, tree.file),
                    Text(
                        f"列表里用了中文逗号，“{item}”会被当作一项；请改成英文逗号",
                        f'full-width comma in a list: "{item}" counts as one item, use ","',
                    ),
                    Change(child.start_mark.line + 1, child.start_mark.column + 1, item, new, (*path, i))
                    if safe
                    else None,
                )
            )


def _origin(node: Node, file: str) -> Origin:
    mark = node.start_mark
    return Origin(file, mark.line + 1, mark.column + 1)
