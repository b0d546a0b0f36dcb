"""What else would explain a failed equality: truncation, a unit factor, a lost sign, the complement of a share.

Said with the finding, never instead of it.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from auditkit.edits.figures import plain
from auditkit.model.words import Text

FACTORS = {1: "10", 2: "100", 3: "1000", 4: "10000", 6: "1000000", 8: "100000000"}
FEW_DIGITS = 2
"""A factor between numbers of one or two digits is chance."""


def explain(stated: Fraction, follows: Fraction, step: Decimal | None, unit: str) -> Text | None:
    """Another reading under which ``stated`` (written to ``step``, if it was rounded) follows, or None."""
    if step is not None and (truncated := _truncated(stated, follows, step, unit)) is not None:
        return truncated
    if unit == "%" and step is not None and stated and abs(stated * 100 - follows) <= 50 * Fraction(step):
        right = f"{plain(_rounded(follows, step))}%"
        return Text(f"把比值当作百分数填写了，应为 {right}", f"a ratio was typed as a percentage: it should be {right}")
    if stated and stated == -follows:
        return Text("两边只差正负号", "the two differ only in sign")
    if (power := _factor(stated, follows)) is not None:
        return Text(
            f"两边正好相差 {FACTORS[power]} 倍，单位（元/万元、个/百分数）可能写错",
            f"the two differ by exactly {FACTORS[power]} times: the unit may be wrong (yuan/10,000 yuan)",
        )
    if unit == "%" and step is not None and _rounded(100 - follows, step) == stated:
        return Text("写的是其余部分所占的比例", "this is the share of the rest")
    return None


def _truncated(stated: Fraction, follows: Fraction, step: Decimal, unit: str) -> Text | None:
    half_up = _rounded(follows, step)
    if stated == half_up or stated != _rounded(follows, step, ROUND_DOWN):
        return None
    said, right = f"{plain(stated)}{unit}", f"{plain(half_up)}{unit}"
    return Text(f"{said} 是截断（舍去尾数）；四舍五入应为 {right}", f"{said} is truncated; rounded it is {right}")


def _rounded(value: Fraction, step: Decimal, mode: str = ROUND_HALF_UP) -> Fraction:
    units = value / Fraction(step)
    whole = (Decimal(units.numerator) / Decimal(units.denominator)).quantize(Decimal(1), mode)
    return Fraction(whole) * Fraction(step)


def _factor(stated: Fraction, follows: Fraction) -> int | None:
    if not stated or not follows or len(_digits(stated)) <= FEW_DIGITS or len(_digits(follows)) <= FEW_DIGITS:
        return None
    ratio = stated / follows
    return next((power for power in FACTORS if ratio in {Fraction(10) ** power, Fraction(1, 10**power)}), None)


def _digits(value: Fraction) -> str:
    """Significant digits as printed; a round figure such as 1000 has one."""
    return f"{plain(abs(value)):f}".replace(".", "").strip("0")
