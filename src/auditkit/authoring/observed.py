"""``rules test --update``: what each case really gives, written into the rulebook's own text for review.

Only the lists after ``expect:`` change; comments, order and everything else stay as the author wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from auditkit import rulebook
from auditkit.deliver import deliver
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault, Language, Text
from auditkit.proof import Proven, prove
from auditkit.rulebook.tree import read_tree


def update(names: tuple[str, ...], language: Language) -> Iterator[tuple[bool, str]]:
    """Lines to print, each with whether it is good news: every case whose findings were written anew.

    A finding in the good sample is never written down: it is told, and wants a repair of the rules or the sample.

    Raises:
        Fault: as ``rulebook.find``; ``aliased`` (exit 2) for an ``expect:`` that is written elsewhere.
    """
    for name in names or rulebook.shipped():
        book = rulebook.find(name)
        wrong = [one for one in prove(book) if not one.right]
        for one in wrong:
            if one.case is None:
                said = "、".join(one.found)
                yield (
                    False,
                    Text(f"× 样表中发现 {said}，没有改动", f"× findings in the good sample: {said}").to(language),
                )
        cases = [one for one in wrong if one.case is not None]
        if cases:
            yield from _written(book, cases, language)
        else:
            yield True, Text(f"√ {book.id} 没有要改的例子", f"√ {book.id}: no case to update").to(language)


def _written(book: Rulebook, cases: Sequence[Proven], language: Language) -> Iterator[tuple[bool, str]]:
    path = Path(book.path)
    text = path.read_bytes().decode()
    edits: list[tuple[int, int, str]] = []
    for one in cases:
        assert one.case is not None
        start, end = _expected_at(text, book.cases.index(one.case))
        kept = [found for found in one.case.expect if found in one.found]
        listed = [*kept, *(found for found in one.found if found not in kept)]
        edits.append((start, end, f"[{', '.join(listed)}]"))
        place = f"{path.name}:{one.case.origin.line}"
        nothing = Text("无", "none").to(language)
        was, now = (", ".join(side) or nothing for side in (one.case.expect, listed))
        yield True, f"{place}  {was} → {now}"
    old = text
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    _only_expected(old, text, {book.cases.index(one.case) for one in cases if one.case is not None}, path.name)
    deliver(path, text.encode())
    yield (
        True,
        Text(
            f"{len(edits)} 个例子改成了实际发现；请逐个看过再提交",
            f"{len(edits)} cases now say what was found; review them",
        ).to(language),
    )


def _expected_at(text: str, case: int) -> tuple[int, int]:
    """Where the list after ``expect:`` of a case begins and ends in the text."""
    root = YAML(typ="safe", pure=True).compose(text)
    node = _under(_under(_under(root, "tests"), "cases"), case)
    expect = _under(node, "expect")
    assert isinstance(expect, SequenceNode)
    last = expect if expect.flow_style or not expect.value else expect.value[-1]
    return expect.start_mark.index, last.end_mark.index


def _only_expected(old: str, new: str, cases: set[int], name: str) -> None:
    """Refuse an edit that says anything else otherwise: a list that is written elsewhere (``*``) was changed there."""
    before, after = (read_tree(text, name) for text in (old, new))
    if not after.mistakes:
        for case in cases:
            before.data["tests"]["cases"][case]["expect"] = after.data["tests"]["cases"][case]["expect"]
    if after.mistakes or before.data != after.data:
        raise Fault(
            "aliased",
            Text(
                f"{name} 里有的 expect 用了引用（& *），请先写成列表；没有改动",
                f"{name} has an anchor or alias (& *) for expect; write lists first; nothing was changed",
            ),
            exit=2,
        )


def _under(node: Node | None, key: str | int) -> Node:
    if isinstance(node, SequenceNode) and isinstance(key, int):
        found: Node = node.value[key]
        return found
    assert isinstance(node, MappingNode)
    of_key: Node = next(value for name, value in node.value if name.value == key)
    return of_key
