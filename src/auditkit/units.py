"""元, 万元 and 亿元: the unit a table is declared in, the unit a sheet says, and the power of ten between."""

from __future__ import annotations

import re
from decimal import Decimal

from auditkit.labels import label

POWERS = {"元": 0, "百元": 2, "千元": 3, "万元": 4, "十万元": 5, "百万元": 6, "千万元": 7, "亿元": 8}

_SAID = re.compile(r"(?:单位[:]?|\()((?:[十百千]?万|[百千亿])?元)(?=\)|$|[,、;])")


def unit_said(text: str) -> str:
    """The unit in ``（单位：万元）``, ``单位：元`` or ``收费金额(元)``; empty if the text says none."""
    found = _SAID.search(label(text).full) if "元" in text else None
    return found[1] if found else ""


def shift(unit: str, wanted: str) -> int:
    """Power of ten that turns an amount in ``unit`` into one in ``wanted``; 0 where one of them is no money."""
    return POWERS[unit] - POWERS[wanted] if unit in POWERS and wanted in POWERS else 0


def shifted(number: Decimal, power: int) -> Decimal:
    """``number`` × 10**power, written without idle zeros."""
    if not power:
        return number
    plain = number.scaleb(power).normalize()
    return plain.quantize(Decimal(1)) if int(plain.as_tuple().exponent) > 0 else plain
