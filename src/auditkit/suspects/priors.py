"""How suspect a cell is before any identity is looked at: a small table of points, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from auditkit.model.words import Text
from auditkit.suspects.system import Quantity

PRIORS: Mapping[str, tuple[int, Text]] = {
    "accepted": (
        30,
        Text("上年报告已经审核，改动的可能最小", "last year's report was accepted, it is the least likely to be wrong"),
    ),
    "formula": (10, Text("由公式算出，不是手工录入", "computed by a formula, not typed")),
    "like last year": (4, Text("与上年数值接近", "close to last year's value")),
    "hidden": (-3, Text("在隐藏的行或列里", "stands in a hidden row or column")),
    "stored as text": (-4, Text("以文本形式存储", "stored as text")),
    "typed among formulas": (
        -8,
        Text("相邻格都是公式，这一格是手工录入", "typed by hand where its neighbours are formulas"),
    ),
}
"""Sign → (points, why). Points are decibans: +10 makes a slip in the cell ten times less likely, -10 ten times more.

The order and the rough size follow ``errorlocate``'s advice on reliability weights and the deduction that a pasted
total goes stale while a formula does not; they are judgements, not measurements, and a rulebook may set its own.
"""


LEAST_COMPARED = 10
CLOSE = Decimal("0.2")
"""Counts below ten come back by chance; within a fifth of last year's is close. The very same number may be a copy."""


def signs_of(quantity: Quantity) -> tuple[str, ...]:
    """What is known of the cell; a formula and last year's value say so themselves."""
    own = ("formula",) if quantity.formula and "formula" not in quantity.signs else ()
    return (*quantity.signs, *own, *(("like last year",) if _like_last_year(quantity) else ()))


def _like_last_year(quantity: Quantity) -> bool:
    now, last = quantity.value, quantity.last
    if now is None or last is None or min(abs(now), abs(last)) < LEAST_COMPARED * quantity.step:
        return False
    return 0 < abs(now - last) <= CLOSE * abs(last)


def points(signs: tuple[str, ...], settings: Mapping[str, int]) -> int:
    """Sum of the points of ``signs``; ``settings`` (sign → points) go before the table.

    Raises:
        KeyError: a sign that neither knows.
    """
    return sum(settings[sign] if sign in settings else PRIORS[sign][0] for sign in signs)


def reasons(signs: tuple[str, ...], settings: Mapping[str, int]) -> tuple[Text, ...]:
    """The words for each sign, with its points."""
    said = []
    for sign in signs:
        why = PRIORS[sign][1] if sign in PRIORS else Text(sign, sign)
        given = points((sign,), settings)
        said.append(Text(f"{why.zh}（{given:+d}）", f"{why.en} ({given:+d})"))
    return tuple(said)
