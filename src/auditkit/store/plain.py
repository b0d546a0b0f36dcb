"""Results as JSON text and back: dataclasses and named tuples by field, decimals as text, faults and texts whole."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from auditkit.model.words import Fault, Text


def dump(value: object) -> str:
    """JSON in one line, the same for the same value; fields that hold their default are left out."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def load(kind: Any, text: str) -> Any:
    """The value of type ``kind`` that ``dump`` wrote."""
    return _maker(kind)(json.loads(text))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Fault):
        hint = None if value.hint is None else _plain(value.hint)
        return {"code": value.code, "message": _plain(value.message), "hint": hint, "exit": value.exit}
    kind: Any = type(value)
    if _has_fields(kind):
        return {name: _plain(held) for name, default in _fields(kind) if (held := getattr(value, name)) != default}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value]


@cache
def _has_fields(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind) or hasattr(kind, "_field_defaults")


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    if not dataclasses.is_dataclass(kind):
        return tuple((name, kind._field_defaults.get(name, dataclasses.MISSING)) for name in kind._fields)
    return tuple(
        (field.name, field.default_factory() if callable(field.default_factory) else field.default)
        for field in dataclasses.fields(kind)
        if field.compare
    )


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """What turns plain JSON into a value of this type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Decimal:
        return Decimal
    if kind is Fault:
        return _fault
    if _has_fields(kind):
        return _of_fields(kind)
    if origin in {Union, UnionType}:
        (one,) = (_maker(argument) for argument in arguments if argument is not NoneType)
        return lambda value: None if value is None else one(value)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            member = _maker(arguments[0])
            return lambda value: tuple(member(one) for one in value)
        members = tuple(_maker(argument) for argument in arguments)
        return lambda value: tuple(make(one) for make, one in zip(members, value, strict=True))
    if origin in {dict, Mapping}:
        held = _maker(arguments[1])
        return lambda value: {key: held(one) for key, one in value.items()}
    assert kind in {str, int, float, bool} or origin is Literal, kind
    return lambda value: value


def load_fields(kind: Any, text: str) -> dict[str, Any]:
    """The fields of the dataclass ``kind`` that ``dump`` wrote: those that do not hold their default."""
    makers = _makers(kind)
    return {name: makers[name](one) for name, one in json.loads(text).items()}


def _of_fields(kind: Any) -> Callable[[Any], Any]:
    makers = _makers(kind)
    return lambda value: kind(**{name: makers[name](one) for name, one in value.items()})


@cache
def _makers(kind: Any) -> Mapping[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {name: _maker(hints[name]) for name, _ in _fields(kind)}


def _fault(value: Any) -> Fault:
    hint = None if value["hint"] is None else load_text(value["hint"])
    return Fault(value["code"], load_text(value["message"]), hint=hint, exit=value["exit"])


def load_text(value: Mapping[str, str]) -> Text:
    """A sentence in both languages from its plain form."""
    return Text(value["zh"], value["en"])
