"""A percentage against the numbers it should follow from, at the digits written, and why it does not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from auditkit.model.words import Text
from auditkit.prose.quantities import Quantity
from auditkit.prose.remarks import shown

HUNDRED = Decimal(100)


def follows(part: Quantity, whole: Quantity, percent: Quantity) -> bool:
    """Some part and whole within what their digits allow give a share that rounds to ``percent``.

    Halves may go either way (half up, half even), so both ends count. No division: exact.
    """
    scale = _scale(percent)
    low, high = percent.value - percent.step / 2, percent.value + percent.step / 2
    most, least = whole.value + whole.half, whole.value - whole.half
    return scale * (part.value + part.half) >= low * least and scale * (part.value - part.half) <= high * most


def exact(part: Decimal, whole: Decimal, percent: Quantity) -> Decimal:
    """The share, in the unit of ``percent``, to 28 digits."""
    return _scale(percent) * part / whole


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """Half away from zero, as Excel and Chinese practice do."""
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def is_slip_of_rounding(value: Decimal, percent: Quantity) -> bool:
    """Less than one unit of the last digit away: cut off or pushed, not another number."""
    return abs(value - percent.value) < percent.step


def reading_of(value: Decimal, percent: Quantity, others: Sequence[Decimal]) -> Text:
    """What the writer may have done. ``others`` are the percentages written beside this one."""
    sign = percent.unit
    right, said = shown(rounded(value, percent.step)), shown(percent.value)
    advice = Text(f"按四舍五入应为{right}{sign}", f"rounded it is {right}{sign}")
    if (value / percent.step).quantize(Decimal(1), ROUND_FLOOR) * percent.step == percent.value:
        return Text(f"{advice.zh}；{said}{sign}是截断", f"{advice.en}; {said}{sign} is cut off, not rounded")
    if others and sum(others, percent.value) == _scale(percent):
        return Text(
            f"{advice.zh}；{said}{sign}似为凑足100%",
            f"{advice.en}; {said}{sign} seems forced so that the shares make 100%",
        )
    return Text(f"{advice.zh}；{said}{sign}是进位", f"{advice.en}; {said}{sign} is rounded the wrong way")


def other_reading(part: Decimal, whole: Decimal, percent: Quantity, nearby: Sequence[Quantity]) -> Text | None:
    """Another pair of numbers that gives the percentage: complement, swapped, another base."""
    right = shown(rounded(exact(part, whole, percent), percent.step))
    p, half = percent.value, percent.step / 2
    if abs(exact(whole - part, whole, percent) - p) <= half:
        return Text(
            f"应为{right}%；{shown(p)}%是其余部分的占比", f"it is {right}%; {shown(p)}% is the share of the rest"
        )
    if part and abs(exact(whole, part, percent) - p) <= half:
        return Text(
            f"应为{right}%；{shown(p)}%是分子分母颠倒", f"it is {right}%; {shown(p)}% has part and whole swapped"
        )
    for q in nearby:
        if q.value > 0 and q.value not in {part, whole} and abs(exact(part, q.value, percent) - p) <= half:
            base = f"{q.label}{shown(q.value)}"
            return Text(
                f"应为{right}%；以{base}为基数才得{shown(p)}%", f"it is {right}%; {shown(p)}% follows from {base}"
            )
    return Text(f"应为{right}%", f"it is {right}%")


def _scale(percent: Quantity) -> Decimal:
    return Decimal(1000) if percent.unit == "‰" else HUNDRED
