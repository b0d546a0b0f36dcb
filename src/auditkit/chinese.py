"""Chinese numerals: 一百二十, 两千, 廿三 and 二〇二三 as whole numbers; anything else is no numeral."""

from __future__ import annotations

import re

from auditkit.widths import FOLD

_HAN_DIGITS = {c: i % 10 for i, c in enumerate("零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖")} | {"两": 2, "○": 0}
_HAN_FOLD = str.maketrans(
    {"拾": "十", "佰": "百", "仟": "千", "萬": "万", "億": "亿", "廿": "二十", "卅": "三十", "〇": "零"}
)
_D = "[一二两三四五六七八九壹贰叁肆伍陆柒捌玖]"
_SECTION = re.compile(rf"(?:零?({_D})千)?(?:零?({_D})百)?(?:零?({_D}?)(十))?(?:(零)?({_D}))?")


def chinese_numeral(numeral: str) -> int | None:
    """十二, 一百二十, 两千, 廿三, 二〇二三, 叁佰; ``None`` for anything that is not one exact Chinese numeral.

    Two bare digits (三四件) say "three or four" and are refused; digit strings need a zero or four digits.
    """
    numeral = numeral.translate(FOLD)
    if not numeral or len(numeral) > 20:
        return None
    if all(c in _HAN_DIGITS for c in numeral):
        if len(numeral) == 1:
            return None if numeral == "○" else _HAN_DIGITS[numeral]
        exact = len(numeral) >= 4 or any(c in "零〇○" for c in numeral)
        return int("".join(str(_HAN_DIGITS[c]) for c in numeral)) if exact else None
    return _grouped(numeral.translate(_HAN_FOLD), (("亿", 10**8), ("万", 10**4)))


def _grouped(token: str, powers: tuple[tuple[str, int], ...]) -> int | None:
    """Sections of up to 9999 joined by 亿 and 万; 一万二 is 12000."""
    if not powers:
        return _section(token)
    (name, power), rest = powers[0], powers[1:]
    head, found, tail = token.rpartition(name)
    if not found:
        return _grouped(token, rest)
    high = _grouped(head, rest) if head else None
    if not high:
        return None
    if not tail:
        return high * power
    if tail in _HAN_DIGITS:
        return high * power + _HAN_DIGITS[tail] * power // 10
    low = _grouped(tail, rest)
    return None if not low else high * power + low


def _section(token: str) -> int | None:
    match = _SECTION.fullmatch(token)
    if not match or not token:
        return None
    thousands, hundreds, tens, ten, zero, ones = match.groups()
    total = 1000 * _HAN_DIGITS[thousands or "零"] + 100 * _HAN_DIGITS[hundreds or "零"]
    if ten:
        total += 10 * _HAN_DIGITS[tens or "一"]
    if not ones:
        return total
    short = not zero and not ten and (100 if hundreds else 1000 if thousands else 0)
    return total + _HAN_DIGITS[ones] * (short // 10 if short else 1)
