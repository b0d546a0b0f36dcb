"""How a comparison that fails reads: both sides, the sign between them, the difference."""

from __future__ import annotations

from decimal import Decimal

from auditkit.edits.figures import plain
from auditkit.edits.submission import Value
from auditkit.model.words import EMPTY, Text

FAILED = {"=": "≠", "≈": "≠", "≠": "=", "<": "≥", "≤": ">", ">": "≤", "≥": "<"}
"""What holds where the relation asked for does not."""


def contrast(relation: str, left: Value, right: Value, allowed: Decimal | None) -> Text:
    """Expected, found, difference: ``新收 8 + 上年结转 1 = 9 ≠ 办理总计 9 + 结转下年 1 = 10，差 1``."""
    sides = [_side(left), _side(right)]
    off = abs(plain(left.figure.value - right.figure.value))
    sign = FAILED[relation]
    room = Text(f"（舍入允许 ±{allowed:f}）", f" (rounding allows ±{allowed:f})") if allowed is not None else EMPTY
    if sign == "=":
        return Text(f"{sides[0].zh} = {sides[1].zh}", f"{sides[0].en} = {sides[1].en}")
    return Text(
        f"{sides[0].zh} {sign} {sides[1].zh}，差 {off:f}{room.zh}",
        f"{sides[0].en} {sign} {sides[1].en}, off by {off:f}{room.en}",
    )


def _side(value: Value) -> Text:
    if not value.compound:
        return value.says
    total = f"{plain(value.figure.value):f}"
    return Text(f"{value.says.zh} = {total}", f"{value.says.en} = {total}")
