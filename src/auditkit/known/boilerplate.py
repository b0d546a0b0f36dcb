"""Explanations that explain nothing: a bare "属实", or one text that many units wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MANY = 3
"""Units from which on one text is boilerplate."""
_EMPTY = re.compile(
    "情况|数据|数字|数值|经|已|均|确|属实|真实|准确|无误|正确|核实|核对|核查|没有|问题|特此|说明|如实|填报|填写|上报|报送"
    "|本单位|我单位|我们|我局|以上|同上|实际|的|为|是|了|无|正常|同意|"
    r"\b(?:the|data|figures?|numbers?|is|are|it|was|true|correct|checked|confirmed|verified|ok|okay|yes|as|stated"
    r"|explained|reported|accurate|we|have|has|been|and|no|problem|see|above|n/a|none)\b"
)
_SPARE = re.compile(r"[\W_]+")
_LEAST = 4
"""Letters that must be left when the words of mere assertion are taken away."""


@dataclass(frozen=True)
class Boilerplate:
    """One text, and who wrote it."""

    text: str
    units: tuple[str, ...]
    keys: tuple[str, ...]
    empty: bool
    """It asserts and gives no reason."""


def says_nothing(text: str) -> bool:
    """Whether nothing but assertion stands there: ``属实``, ``情况属实，特此说明``, ``checked, correct``."""
    left = _SPARE.sub("", _EMPTY.sub("", unicodedata.normalize("NFKC", text).casefold()))
    return len(left) < _LEAST


def boilerplate(texts: Iterable[tuple[str, str, str]], many: int = MANY) -> tuple[Boilerplate, ...]:
    """Texts that say nothing, or that ``many`` or more units wrote alike.

    Args:
        texts: unit, key and words of each explanation. Width, spaces and punctuation make no difference.
        many: units from which on a text counts as boilerplate.

    Returns:
        Most units first, then in the order given.
    """
    alike: dict[str, list[tuple[str, str, str]]] = {}
    for one in texts:
        alike.setdefault(_SPARE.sub("", unicodedata.normalize("NFKC", one[2]).casefold()), []).append(one)
    found = [
        Boilerplate(
            same[0][2],
            tuple(dict.fromkeys(unit for unit, _, _ in same)),
            tuple(key for _, key, _ in same),
            says_nothing(same[0][2]),
        )
        for same in alike.values()
    ]
    return tuple(sorted((b for b in found if b.empty or len(b.units) >= many), key=lambda b: -len(b.units)))
