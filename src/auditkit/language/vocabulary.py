"""The names a rule may use, what they stand for, and what is said of a name that is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from auditkit.model.form import Axis, Form
from auditkit.model.words import Text

PROPERTIES: Mapping[str, tuple[str, ...]] = {"report": ("year",), "file": ("year",)}
"""What every submission has, besides the facts of the rulebook."""


@dataclass(frozen=True)
class Vocabulary:
    """The names a rule may use."""

    form: Form
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fact → its holes."""

    def holes(self, name: str) -> tuple[str, ...] | None:
        return self.facts.get(name) or PROPERTIES.get(name)


def lines_of(axis: Axis, word: str) -> tuple[int, ...] | None:
    """Indexes of a line or of all lines of a group; None where the axis has no such name."""
    if word in axis.index:
        return (axis.index[word],)
    return axis.groups.get(word)


def unknown(word: str, kind_zh: str, kind_en: str, names: tuple[str, ...]) -> Text:
    """``"总记" is not a column of T, nearest is "总计"``."""
    near = process.extractOne(word, names, scorer=fuzz.ratio, score_cutoff=40)
    zh, en = f"“{word}”不是{kind_zh}", f'"{word}" is not a {kind_en}'
    if near is None:
        return Text(zh, en)
    return Text(f"{zh}，最接近“{near[0]}”", f'{en}, nearest is "{near[0]}"')
