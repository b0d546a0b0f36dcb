"""What a text in a sheet may mean: every declared label of every form, in all the ways labels are the same."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

from auditkit.labels import Label, label
from auditkit.model.document import State, Value
from auditkit.model.form import Axis, Form
from auditkit.numerals import parse

SHORTEST = 4
"""Letters a label must share with a longer one before being its beginning says anything (其他 begins too much)."""
LONGEST = 3
"""How many times longer than the label a text that begins with it may be; beyond that it is a sentence."""
REMEMBERED = 1 << 15
"""Texts whose meaning is remembered; the same labels come thousands of times."""

PROSE = 300
"""Characters; a longer text is no label."""

_NUMERIC = re.compile(r"[\d.,+\-%/()—–－][\s\d.,+\-%/()—–－]*")

AxisName = Literal["rows", "columns"]


class Kind(IntEnum):
    """What stands in a cell, as far as finding tables goes."""

    BLANK = 0
    WORDS = 1
    NUMBER = 2
    """A number, a number as text, a dash, a date."""


def kind_of(value: Value) -> Kind:
    if type(value) is str:
        return _kind_of_text(value)
    return Kind.BLANK if value is None else Kind.NUMBER


@lru_cache(REMEMBERED)
def _kind_of_text(text: str) -> Kind:
    state = State.NUMBER if _NUMERIC.fullmatch(text) else parse(text).state
    return {State.BLANK: Kind.BLANK, State.TEXT: Kind.WORDS}.get(state, Kind.NUMBER)


class Degree(IntEnum):
    """How a text and a declared label agree, best first. Only the best of a text counts on one axis."""

    EXACT = 0
    NUMBERING = 1
    """Numbered otherwise, or not at all."""
    PUNCTUATION = 2
    """Other quotes, points, bracketed years and units."""
    BRACKETS = 3
    """One of them explains itself in brackets."""
    JOINED = 4
    """Group and line in one label: 未经复议直接起诉-结果维持."""
    BEGINNING = 5
    """One is the beginning of the other."""
    INSIDE = 6
    """One stands in the other, and both have the same number."""


class Target(NamedTuple):
    """A line (by index) or a group (by name) of one axis of one table."""

    form: int
    table: str
    axis: AxisName
    line: int
    """-1 for a group."""
    group: str


class Hit(NamedTuple):
    target: Target
    degree: Degree


class Lexicon:
    """Labels, captions and titles of some forms. ``hits`` and ``captions`` are remembered per text."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._keys: tuple[dict[str, list[Target]], ...] = tuple({} for _ in range(Degree.BEGINNING))
        self._heads: dict[str, list[tuple[Label, Target]]] = {}
        self._numbered: dict[str, list[tuple[Label, Target]]] = {}
        self._titles: list[tuple[str, tuple[int, str]]] = []
        for number, form in enumerate(forms):
            for table in form:
                self._titles += [(label(title).letters, (number, table.id)) for title in table.titles if title]
                self._declare(table.rows, Target(number, table.id, "rows", -1, ""))
                self._declare(table.columns, Target(number, table.id, "columns", -1, ""))
        self._sorted = sorted(self._heads)
        self._firsts = frozenset(head[:SHORTEST] for head in self._sorted if len(head) >= SHORTEST)
        self.hits = lru_cache(REMEMBERED)(self._hits)
        self.captions = lru_cache(REMEMBERED)(self._captions)

    def _declare(self, axis: Axis, base: Target) -> None:
        for name, words in axis.group_labels.items():
            for text in filter(None, words):
                self._enter(label(text), base._replace(group=name))
        for index, line in enumerate(axis.lines):
            target = base._replace(line=index)
            before = axis.lines[index - 1].path[:1] if index else ()
            for text in filter(None, line.labels):
                self._enter(label(text), target)
                # A numbered total below its group may be printed as one of it: 三、本年度办理结果/（七）总计.
                path = line.path or (before if label(text).number else ())
                for joined in _joined(axis, path, text):
                    self._key(Degree.JOINED, joined, target)

    def _enter(self, said: Label, target: Target) -> None:
        self._key(Degree.EXACT, said.full, target)
        self._key(Degree.NUMBERING, said.words, target)
        self._key(Degree.PUNCTUATION, said.letters, target)
        self._key(Degree.PUNCTUATION, said.spelled, target)
        self._key(Degree.BRACKETS, said.head, target)
        self._heads.setdefault(said.head, []).append((said, target))
        if said.number:
            self._numbered.setdefault(said.number[-1], []).append((said, target))

    def _key(self, degree: Degree, key: str, target: Target) -> None:
        known = self._keys[degree].setdefault(key, [])
        if target not in known:
            known.append(target)

    def _captions(self, text: str) -> tuple[tuple[int, str], ...]:
        """(form number, table id) of every table whose caption stands in the text."""
        if len(text) > PROSE:
            return ()
        letters = label(text).letters
        named = [(title, table) for title, table in self._titles if title in letters]
        longest = {title for title, _ in named if not any(title != other and title in other for other, _ in named)}
        return tuple(dict.fromkeys(table for title, table in named if title in longest))

    def _hits(self, text: str) -> tuple[Hit, ...]:
        """All lines and groups the text may name; per axis only those it names best."""
        if len(text) > PROSE or kind_of(text) != Kind.WORDS:
            return ()
        said = label(text)
        part_of = () if self.captions(text) else (*self._beginning(said), *self._inside(said))
        best: dict[tuple[int, str, AxisName], list[Hit]] = {}
        for hit in (*self._equal(said), *part_of):
            known = best.setdefault(hit.target[:3], [])
            if known and known[0].degree > hit.degree:
                known.clear()
            if not known or (known[0].degree == hit.degree and hit not in known):
                known.append(hit)
        return tuple(hit for hits in best.values() for hit in hits)

    def _equal(self, said: Label) -> Iterator[Hit]:
        keys = self._keys
        for degree, key in (
            (Degree.EXACT, said.full),
            (Degree.NUMBERING, said.words),
            (Degree.PUNCTUATION, said.letters),
            (Degree.JOINED, said.letters),
        ):
            for target in keys[degree].get(key, ()):
                yield Hit(target, degree)
        # Explanations in brackets may be on one side only: 车（购置） is not 车（运行）.
        explained = keys[Degree.PUNCTUATION].get(said.head, ()) if said.head != said.letters else ()
        for target in (*explained, *keys[Degree.BRACKETS].get(said.letters, ())):
            yield Hit(target, Degree.BRACKETS)

    def _beginning(self, said: Label) -> Iterator[Hit]:
        """The longest declared label the text begins with, or the only one that begins with the text."""
        head = said.head
        if head[:SHORTEST] not in self._firsts:
            return
        found: dict[tuple[int, str, AxisName], dict[str, list[Target]]] = {}
        for size in range(len(head) - 1, max(SHORTEST, -(-len(head) // LONGEST)) - 1, -1):
            for target in self._agreeing(said, head[:size]):
                if target[:3] not in found:
                    found[target[:3]] = {head[:size]: [target]}
                elif head[:size] in found[target[:3]]:
                    found[target[:3]][head[:size]].append(target)
        for longer in self._longer(head):
            for target in self._agreeing(said, longer):
                found.setdefault(target[:3], {}).setdefault(longer, []).append(target)
        for named in found.values():
            every = dict.fromkeys(target for targets in named.values() for target in targets)
            if len(named) == 1 or len(every) == 1:  # aliases of one line are one answer
                yield from (Hit(target, Degree.BEGINNING) for target in every)

    def _longer(self, head: str) -> Iterator[str]:
        at = bisect_left(self._sorted, head)
        while at < len(self._sorted) and self._sorted[at].startswith(head):
            if len(self._sorted[at]) > len(head):
                yield self._sorted[at]
            at += 1

    def _agreeing(self, said: Label, head: str) -> Iterator[Target]:
        """Targets under a declared head whose number does not contradict the text's."""
        for declared, target in self._heads.get(head, ()):
            if not (said.number and declared.number) or said.number[-1] == declared.number[-1]:
                yield target

    def _inside(self, said: Label) -> Iterator[Hit]:
        if not said.number or len(said.head) < SHORTEST:
            return
        found: dict[tuple[int, str, AxisName], list[Target]] = {}
        for declared, target in self._numbered.get(said.number[-1], ()):
            short, long = sorted((said.head, declared.head), key=len)
            if len(short) >= SHORTEST and short in long and len(long) <= LONGEST * len(short):
                found.setdefault(target[:3], []).append(target)
        for targets in found.values():
            if len(set(targets)) == 1:
                yield Hit(targets[0], Degree.INSIDE)


def _joined(axis: Axis, path: tuple[str, ...], text: str) -> Iterator[str]:
    """The line's label with its groups' labels in front, as flat tables print it."""
    groups = [words for name in path if any(words := axis.group_labels.get(name, ()))]
    leaf = label(text)
    for start in range(len(groups)):
        for words in product(*groups[start:]):
            first, *others = [label(word) for word in words if word]
            plain = first.letters + "".join(other.letters for other in others)
            yield plain + leaf.letters
            yield plain + leaf.spelled
            if others:  # the numbering of all but the first stands within the label
                yield first.letters + "".join(other.spelled for other in others) + leaf.spelled
