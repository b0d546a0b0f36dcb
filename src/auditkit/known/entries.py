"""The file of explanations: read strictly with every mistake at once, written back with its comments."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from auditkit.deliver import deliver
from auditkit.labels import nearest
from auditkit.model.words import Fault, Text
from auditkit.rulebook.tree import Mistake, Tree, read_tree

FIELDS = (
    "key",
    "unit",
    "period",
    "rule",
    "where",
    "values",
    "hash",
    "reason",
    "by",
    "accepted",
    "until",
    "refused",
    "because",
)
NEEDED = ("key", "unit", "period", "rule", "reason", "by")
KEY = re.compile(r"[0-9a-f]{6,64}")
_SIGNED = re.compile(r"(?s)(\S.*?)\s+(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Signed:
    """Who, and when; written ``王某 2022-01-20``."""

    who: str
    on: dt.date

    def __str__(self) -> str:
        return f"{self.who} {self.on.isoformat()}"


@dataclass(frozen=True)
class Entry:
    """One explanation of one finding."""

    key: str
    unit: str
    period: str
    rule: str
    reason: str
    by: Signed
    where: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """Reference → value it explains; for people, and for the comparison where there is no hash."""
    hash: str = ""
    """The finding's own hash of the values that took part."""
    accepted: Signed | None = None
    until: dt.date | None = None
    """Last day it holds; every accepted one has it."""
    refused: Signed | None = None
    because: str = ""
    """Why it was refused."""

    @property
    def pending(self) -> bool:
        """Nobody has decided yet."""
        return self.accepted is None and self.refused is None


def load(path: Path) -> tuple[Entry, ...]:
    """The explanations of one file.

    Raises:
        Fault: ``missing`` or ``known-malformed`` (exit 2), the latter with every mistake, its line and column.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise Fault("missing", Text(f"没有这个文件：{path}。", f"There is no such file: {path}."), exit=2) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(
            "unreadable", Text(f"读不了 {path}（{error}）。", f"Cannot read {path} ({error})."), exit=2
        ) from error
    return parse(text, path.name)


def parse(text: str, name: str) -> tuple[Entry, ...]:
    """As ``load``, from the text itself."""
    tree = read_tree(text, name)
    entries = _entries(tree)
    if tree.mistakes:
        raise Fault(
            "known-malformed",
            Text("\n".join(m.to("zh") for m in tree.mistakes), "\n".join(m.to("en") for m in tree.mistakes)),
            exit=2,
        )
    return entries


def _entries(tree: Tree) -> tuple[Entry, ...]:
    if tree.data is None:
        return ()
    if not isinstance(tree.data, list):
        _wrong(
            tree, (), "KN001", Text("这里应是一列说明，每条以“- key:”开头", 'expected a list, each item from "- key:"')
        )
        return ()
    made: dict[str, Entry] = {}
    for n, item in enumerate(tree.data):
        entry = _entry(tree, n, item)
        if entry is not None and entry.key in made:
            said = Text(f"编号 {entry.key} 写了两次", f"key {entry.key} is given twice")
            _wrong(tree, (n, "key"), "KN006", said)
        elif entry is not None:
            made[entry.key] = entry
    return tuple(made.values())


def _wrong(tree: Tree, path: tuple[str | int, ...], code: str, message: Text) -> None:
    tree.mistakes.append(Mistake(code, tree.origin(path), message))


def _entry(tree: Tree, n: int, item: Any) -> Entry | None:
    """The entry, or None after saying every mistake in it."""
    before = len(tree.mistakes)
    if not isinstance(item, dict):
        _wrong(tree, (n,), "KN001", Text("这里应是一条说明", "expected an explanation"))
        return None
    for name in item:
        if name not in FIELDS:
            near = nearest(name, FIELDS)
            hint = Text(f"，是不是“{near}”？", f', did you mean "{near}"?') if near else Text("", "")
            said = Text(f"不认识“{name}”{hint.zh}", f'unknown word "{name}"{hint.en}')
            tree.mistakes.append(Mistake("KN002", tree.key_origin((n, name)), said))
    for name in NEEDED:
        if not item.get(name):
            _wrong(tree, (n,), "KN003", Text(f"缺“{name}”", f'"{name}" is missing'))
    values = item.get("values") or {}
    if not isinstance(values, dict) or any(isinstance(v, dict | list) for v in values.values()):
        _wrong(tree, (n, "values"), "KN001", Text("values 应是“单元格: 值”", 'values must be "reference: value"'))
        values = {}
    for name in FIELDS:
        if name != "values" and isinstance(item.get(name), dict | list):
            _wrong(tree, (n, name), "KN001", Text(f"“{name}”应是一段文字", f'"{name}" must be text'))
    if len(tree.mistakes) > before:
        return None
    return _sound(tree, n, {name: item.get(name) or "" for name in FIELDS if name != "values"}, values, before)


def _sound(tree: Tree, n: int, item: dict[str, str], values: dict[str, Any], before: int) -> Entry | None:
    if not KEY.fullmatch(item["key"]):
        said = Text(f"编号“{item['key']}”不对，应是 0-9 和 a-f", f'key "{item["key"]}" must consist of 0-9 and a-f')
        _wrong(tree, (n, "key"), "KN004", said)
    signed = {name: _signed(tree, n, name, item[name]) for name in ("by", "accepted", "refused")}
    until = _until(tree, n, item["until"])
    if item["accepted"] and not item["until"]:
        _wrong(tree, (n, "accepted"), "KN003", Text("已同意的说明要有截止日期 until", "an accepted one needs until"))
    if not item["hash"] and not values:
        _wrong(tree, (n,), "KN003", Text("缺“hash”或“values”，不知道说明的是哪些数", '"hash" or "values" is missing'))
    if item["accepted"] and item["refused"]:
        _wrong(tree, (n, "refused"), "KN007", Text("同意和退回只能有一个", "accepted or refused, not both"))
    by = signed["by"]
    if len(tree.mistakes) > before or by is None:
        return None
    return Entry(
        key=item["key"],
        unit=item["unit"],
        period=item["period"],
        rule=item["rule"],
        reason=item["reason"],
        by=by,
        where=item["where"],
        values={str(name): "" if value is None else str(value) for name, value in values.items()},
        hash=item["hash"],
        accepted=signed["accepted"],
        until=until,
        refused=signed["refused"],
        because=item["because"],
    )


def _signed(tree: Tree, n: int, name: str, text: str) -> Signed | None:
    if not text:
        return None
    match = _SIGNED.fullmatch(text.strip())
    on = _day(match.group(2)) if match else None
    if match is None or on is None:
        said = Text(
            f"“{name}”应写“姓名 日期”，如“王某 2022-01-20”；现为“{text}”",
            f'"{name}" is a name and a date, such as "Wang 2022-01-20"; found "{text}"',
        )
        _wrong(tree, (n, name), "KN005", said)
        return None
    return Signed(match.group(1), on)


def _until(tree: Tree, n: int, text: str) -> dt.date | None:
    day = _day(text)
    if text and day is None:
        said = Text(
            f"until 应是日期，如 2022-12-31；现为“{text}”", f'until is a date such as 2022-12-31; found "{text}"'
        )
        _wrong(tree, (n, "until"), "KN005", said)
    return day


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def save(path: Path, entries: Iterable[Entry]) -> None:
    """Write the explanations; comments and order of those that stay are kept. Whole or not at all."""
    old = path.read_text("utf-8-sig") if path.exists() else ""
    deliver(path, written(old, entries).encode())


def written(old: str, entries: Iterable[Entry]) -> str:
    """The old text with these entries instead: what changed is changed, what is gone is gone, new ones follow."""
    yaml = YAML()
    yaml.width = 4096
    yaml.preserve_quotes = True
    wanted = {entry.key: entry for entry in entries}
    listed = yaml.load(old) if old.strip() else None
    if not isinstance(listed, CommentedSeq):
        listed = CommentedSeq()
    for n in reversed(range(len(listed))):
        entry = wanted.pop(str(listed[n]["key"]), None)
        if entry is None:
            del listed[n]
        else:
            _update(listed[n], plain(entry))
    for entry in wanted.values():
        item = CommentedMap()
        _update(item, plain(entry))
        listed.append(item)
    out = StringIO()
    yaml.dump(listed, out)
    return out.getvalue()


def plain(entry: Entry) -> dict[str, Any]:
    """Field → what stands in the file; empty fields are left out."""
    made = {name: getattr(entry, name) for name in FIELDS}
    return {
        name: dict(value) if name == "values" else value if isinstance(value, dt.date) else str(value)
        for name, value in made.items()
        if value
    }


def _update(item: CommentedMap, wanted: dict[str, Any]) -> None:
    for name in [name for name in item if name not in wanted]:
        del item[name]
    for name, value in wanted.items():
        if name not in item or _same_text(item[name]) != _same_text(value):
            item[name] = _quoted(value)


def _same_text(value: Any) -> Any:
    return {k: str(v) for k, v in value.items()} if isinstance(value, dict) else str(value)


def _quoted(value: Any) -> Any:
    """Text that YAML would take for a number, a date or a word of its own is put into quotes."""
    if isinstance(value, dict):
        return CommentedMap({name: DoubleQuotedScalarString(text) for name, text in value.items()})
    if isinstance(value, str) and re.fullmatch(r"[\w.+\-:]+", value):
        try:
            said = YAML(typ="safe").load(f"- {value}")
        except YAMLError:  # a lone colon
            said = None
        return value if said == [value] else DoubleQuotedScalarString(value)
    return value
