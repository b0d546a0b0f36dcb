"""What is a number only in a cell of its kind: a day where dates are asked for, ``<1`` where figures are."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

from auditkit.model.document import State, Value
from auditkit.model.form import Kind
from auditkit.numerals import Written
from auditkit.widths import FOLD

EPOCH = dt.date(1899, 12, 30).toordinal()
"""Day 0 of Excel's calendar, as far as dates after February 1900 go."""
SERIALS = (20_000, 200_000)
"""Excel day numbers that are meant as dates: 1954 to 2447."""

LESS = Decimal("0.999")
"""``<1`` is less than 1 and more than 0: neither of them is the same answer."""

_DATES = re.compile(
    r"(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?|(?P<m2>\d{2})(?P<d2>\d{2}))(?:[ T]00:00(?::00)?)?"
    r"|(?P<m3>\d{1,2})/(?P<d3>\d{1,2})/(?P<y3>\d{4})"
)
_BELOW = re.compile(r"< ?(?P<limit>\d+(?:\.\d+)?)")


def in_kind(kind: Kind, value: Value, written: Written) -> Written:
    """A cell's content read for its kind.

    A date's number is that of its day; a 0 in place of one is no date (``State.NIL``), and a day that no calendar has
    stays text. ``<1`` among figures is anything from 0 to 1.
    """
    if kind == "date":
        return _date(value, written)
    figures = written.state is State.TEXT and kind in {"number", "percent"}
    if figures and (below := _BELOW.fullmatch(written.text.translate(FOLD))):
        limit = Decimal(below["limit"])
        return Written(written.text, limit / 2, State.NUMBER, limit * LESS)
    return written


def _date(value: Value, written: Written) -> Written:
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return Written(value.isoformat(), Decimal(value.toordinal()), State.NUMBER)
    if isinstance(value, str):
        day = _day(value.strip().translate(FOLD))
        if day is not None:
            return Written(written.text, Decimal(day.toordinal()), State.NUMBER)
    elif written.number is not None and SERIALS[0] < written.number < SERIALS[1]:
        day = dt.date.fromordinal(EPOCH + int(written.number))
        return Written(day.isoformat(), Decimal(day.toordinal()), State.NUMBER)
    if written.state is State.NUMBER:
        return Written(written.text, None, State.TEXT if written.number else State.NIL)
    return written


@lru_cache(1 << 12)
def _day(text: str) -> dt.date | None:
    match = _DATES.fullmatch(text)
    if match is None:
        return None
    year, month, day = (next(p for p in parts if p) for parts in _parts(match))
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:  # the 31st of June
        return None


def _parts(match: re.Match[str]) -> tuple[tuple[str | None, ...], ...]:
    return (
        (match["y"], match["y3"]),
        (match["m"], match["m2"], match["m3"]),
        (match["d"], match["d2"], match["d3"]),
    )
