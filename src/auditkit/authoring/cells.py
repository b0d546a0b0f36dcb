"""What stands in one cell of a rule sheet ↔ plain data, losslessly: words, sentences line by line, names with values.

What a cell cannot show as it is (nothing at all, a quote in front, spaces at the ends) is written as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from auditkit.model.words import LEVEL_NAMES, LEVELS, Language, Text

BLANK = "（空白）"
"""A blank as the value of a change: the office would have left the cell empty."""


_COLON = re.compile("[:：]")
_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|_(?=x)")
"""Characters that a cell, a line or a file would change; Excel reads ``_x000D_`` as a character of its own."""


def is_odd(text: str) -> bool:
    """Whether a text can only be kept by writing some of its characters as numbers."""
    return _ODD.search(text) is not None


class Misread(ValueError):
    """A cell that does not say what its column wants."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class Kind:
    """How one column writes and reads its values. ``fits``: whether a value can be written in it at all."""

    write: Callable[[Any, Language], str]
    read: Callable[[str], Any]
    fits: Callable[[Any], bool]


def _as_json(value: Any) -> str:
    return _ODD.sub(lambda one: f"\\u{ord(one[0]):04x}", json.dumps(value, ensure_ascii=False))


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise Misread(
            Text(f"“{text[:30]}”的引号或括号不成对", f'quotes or brackets do not match in "{text[:30]}"')
        ) from None


def _plain(text: str, *, stops: str = "") -> bool:
    """Whether a text can stand in a cell as it is."""
    odd = is_odd(text) or any(stop in text for stop in stops)
    return bool(text) and text == text.strip() and text[0] not in '"[{' and not odd and text != BLANK


def _write_text(value: str, _: Language) -> str:
    return value if _plain(value) else _as_json(value)


def _read_text(text: str) -> str:
    if not text.startswith('"'):
        return text
    value = _from_json(text)
    return value if isinstance(value, str) else text


def _write_lines(value: list[str], _: Language) -> str:
    if not value:
        return "[]"
    return "\n".join(one if _plain(one, stops="\n") else _as_json(one) for one in value)


def _read_lines(text: str) -> list[str]:
    if text.strip() == "[]":
        return []
    return [_read_text(line.strip()) for line in text.split("\n") if line.strip()]


def _write_labels(value: str | list[str], language: Language) -> str:
    if isinstance(value, str):
        return value if _plain(value, stops="\n") else _as_json(value)
    return _write_lines(value, language) if len(value) > 1 else _as_json(value)


def _read_labels(text: str) -> str | list[str]:
    if text.startswith("["):
        value = _from_json(text)
        return [str(one) for one in value]
    lines = _read_lines(text)
    return lines[0] if len(lines) == 1 else lines


def _write_pairs(value: dict[str, str | None], _: Language) -> str:
    if not value:
        return "{}"
    return "\n".join(f"{key}: {_pair_value(one)}" for key, one in value.items())


def _pair_value(value: str | None) -> str:
    if value is None:
        return BLANK
    return value if _plain(value, stops="\n") else _as_json(value)


def _read_pairs(text: str) -> dict[str, str | None]:
    if text.strip() == "{}":
        return {}
    return {key: None if value == BLANK else _read_text(value) for key, value in _pairs(text)}


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs: dict[str, str] = {}
    for line in filter(str.strip, text.split("\n")):
        key, _, value = (part.strip() for part in _COLON.sub("\0", line, count=1).partition("\0"))
        if not key or not value:
            raise Misread(Text(f"“{line}”应写成“名称: 内容”", f'"{line}" should be "name: content"'))
        if key in pairs:
            raise Misread(Text(f"“{key}”写了两次", f'"{key}" is given twice'))
        pairs[key] = value
    return list(pairs.items())


def _write_choices(value: dict[str, list[str]], _: Language) -> str:
    return "\n".join(f"{key}: {_joined(listed)}" for key, listed in value.items()) or "{}"


def _joined(listed: list[str]) -> str:
    plain = listed and all(_plain(one, stops="\n|") for one in listed)
    return " | ".join(listed) if plain else _as_json(listed)


def _read_choices(text: str) -> dict[str, list[str]]:
    if text.strip() == "{}":
        return {}
    return {key: _split(value) for key, value in _pairs(text)}


def _split(value: str) -> list[str]:
    return list(_from_json(value)) if value.startswith("[") else [one.strip() for one in value.split("|")]


_YES, _NO = ("是", "yes"), ("否", "no")


def _write_yes(value: str, language: Language) -> str:
    yes = value.lower() in {"true", "yes", "on", "1"}
    return (_YES if yes else _NO)[0 if language == "zh" else 1]


def _read_yes(text: str) -> str:
    if text.lower() in {*_YES, "true"}:
        return "true"
    if text.lower() in {*_NO, "false"}:
        return "false"
    raise Misread(Text(f"“{text}”应是“是”或“否”", f'"{text}" should be yes or no'))


def _write_level(value: str, language: Language) -> str:
    return next((LEVEL_NAMES[level].to(language) for level in LEVELS if level == value), value)


def _read_level(text: str) -> str:
    for level in LEVELS:
        if text in {level, LEVEL_NAMES[level].zh, LEVEL_NAMES[level].en}:
            return level
    raise Misread(
        Text(
            f"不认识级别“{text}”，应是“必须改”“须说明”或“提示”",
            f'unknown level "{text}": must fix, explain or note',
        )
    )


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _named(value: Any, inner: Callable[[Any], bool]) -> bool:
    """A mapping whose keys can stand before a colon."""
    keys = isinstance(value, dict) and all(":" not in k and "：" not in k and _plain(k, stops="\n") for k in value)
    return keys and all(inner(one) for one in value.values())


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


TEXT = Kind(_write_text, _read_text, _is_text)
LINES = Kind(_write_lines, _read_lines, _texts)
LABELS = Kind(_write_labels, _read_labels, lambda v: isinstance(v, str) or _texts(v))
PAIRS = Kind(_write_pairs, _read_pairs, lambda v: _named(v, lambda one: one is None or isinstance(one, str)))
CHOICES = Kind(_write_choices, _read_choices, lambda v: _named(v, _texts))
YES = Kind(_write_yes, _read_yes, _is_text)
LEVEL = Kind(_write_level, _read_level, _is_text)
MORE = Kind(lambda value, _: _as_json(value), _from_json, lambda _: True)
