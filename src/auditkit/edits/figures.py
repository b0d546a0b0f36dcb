"""Numbers that know how sure they are: exact arithmetic on intervals.

A rounded figure stands for everything within half a unit of its last shown digit (XBRL Calculations 1.1, round mode);
a count stands for itself. Sums add intervals. Rounding noise grows with the root of the number of terms while the
interval grows with the number, so a residual inside the interval but beyond ``Z_LIMIT`` standard deviations is
possible and unlikely: of 1,230 real sums that need rounding 99 % stay below 3.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

Z_LIMIT = 3.5


@dataclass(frozen=True, slots=True)
class Figure:
    """``low`` ≤ true value ≤ ``high``; ``variance`` is that of the rounding noise."""

    value: Fraction
    low: Fraction
    high: Fraction
    variance: Fraction = Fraction(0)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def __add__(self, other: Figure) -> Figure:
        return Figure(
            self.value + other.value, self.low + other.low, self.high + other.high, self.variance + other.variance
        )

    def __neg__(self) -> Figure:
        return Figure(-self.value, -self.high, -self.low, self.variance)

    def __sub__(self, other: Figure) -> Figure:
        return self + -other

    def __mul__(self, other: Figure) -> Figure:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        variance = self.value**2 * other.variance + other.value**2 * self.variance
        return Figure(self.value * other.value, min(ends), max(ends), variance)

    def __truediv__(self, other: Figure) -> Figure:
        """Raises ``ZeroDivisionError`` when the divisor may be zero."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError
        inverse = Figure(
            1 / other.value,
            1 / other.high,
            1 / other.low,
            other.variance / other.value**4 if other.variance else Fraction(0),
        )
        return self * inverse

    def __abs__(self) -> Figure:
        if self.value < 0:
            return -self
        return self


ZERO = Figure(Fraction(0), Fraction(0), Fraction(0))


def exactly(value: Decimal | int) -> Figure:
    number = Fraction(value)
    return Figure(number, number, number)


def shown(value: Decimal, step: Decimal) -> Figure:
    """A figure rounded to ``step``, one unit of its last shown digit."""
    number, unit = Fraction(value), Fraction(step)
    return Figure(number, number - unit / 2, number + unit / 2, unit**2 / 12)


def meet(left: Figure, right: Figure) -> bool:
    """Some value is possible on both sides."""
    return left.low <= right.high and right.low <= left.high


def unlikely(left: Figure, right: Figure) -> bool:
    """Possible by rounding alone, but further apart than rounding noise goes."""
    variance = left.variance + right.variance
    return variance > 0 and (left.value - right.value) ** 2 > Fraction(Z_LIMIT) ** 2 * variance


def slack(left: Figure, right: Figure) -> Fraction:
    """Largest difference that rounding alone allows between the two."""
    return (left.high - left.low + right.high - right.low) / 2


def plain(value: Fraction, digits: int = 6) -> Decimal:
    """A decimal to print: exact if it ends within ``digits`` places, else rounded half up, without trailing zeros."""
    with localcontext() as context:
        context.prec = 60
        number = Decimal(value.numerator) / Decimal(value.denominator)
        number = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        whole = number.to_integral_value()
        return whole if number == whole else number.normalize()


def thousands(value: Decimal) -> str:
    """``12345.6`` → ``12345.6``: digits as in a cell, never an exponent."""
    return format(value, "f")
