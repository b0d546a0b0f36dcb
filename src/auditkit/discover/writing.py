"""How a sheet writes its numbers: what stands before the decimals and between the thousands; one way for all cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from auditkit.model.document import Grid, State
from auditkit.numerals import Written, parse
from auditkit.widths import FOLD

DASHES = {ord(c): "-" for c in "–—―"}
"""What stands for a minus before a number."""
LONGEST = 28
"""Characters of a number with its currency; longer texts are words."""

_SHAPE = re.compile(
    r"(?P<sign>[+-])? ?(?P<open>\()? ?(?P<inner>[+-])? ?(?:[A-Z]{0,3}[$€£¥₹]|Rs\.?|EUR|kr|zł|Kč)? ?(?P<after>[+-])?"
    r"(?P<body>[0-9][0-9.,' ]*[0-9]|[0-9]|[.,][0-9]+)"
    r" ?(?P<rate>[%‰])?(?:[$€£¥₹]|EUR|kr|zł|Kč)? ?(?P<close>\))? ?(?P<outer>[%‰])?"
)
_POINTED = re.compile(
    r"[0-9]{1,3}(?:[ '][0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?|[0-9]*(?:\.[0-9]+)?"
)
_GROUPED_BY_POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_WITH_COMMA = re.compile(r"(?:[0-9]{1,3}(?:[ '][0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_ONE_GROUP = re.compile(r"[0-9]{1,3},[0-9]{3}")


class Way(NamedTuple):
    """``comma``: 12,5 is twelve and a half; ``dotted``: 1.234 is more than a thousand."""

    comma: bool = False
    dotted: bool = False


def way_of(grid: Grid) -> Way:
    """The one way that fits all cells; 12.5 and 1,234 where nothing speaks for another."""
    bodies = [body for row in grid.rows for value in row if isinstance(value, str) for body in _bodies(value)]
    comma = _uses_decimal_comma(bodies)
    return Way(comma, _groups_by_points(bodies, comma=comma))


def _bodies(value: str) -> Iterator[str]:
    if len(value) <= LONGEST and ", " not in value and (match := _SHAPE.fullmatch(_plain(value))):
        yield match["body"]


def _plain(value: str) -> str:
    return value.translate(FOLD).translate(DASHES).strip()


def _uses_decimal_comma(bodies: list[str]) -> bool:
    """Numbers that can only be read so are there, and none, or few, that can only be read otherwise."""
    told = [b for b in bodies if "," in b]
    single = sum(1 for b in told if _ONE_GROUP.fullmatch(b))
    commas = sum(1 for b in told if _WITH_COMMA.fullmatch(b) and not _ONE_GROUP.fullmatch(b))
    points = len(told) - single - commas
    if not commas or 3 * points >= commas:
        return False
    return commas > 3 * single or (commas >= 3 and 2 * commas >= single)


def _groups_by_points(bodies: list[str], *, comma: bool) -> bool:
    """Every point has three digits behind it, and something says that these are no decimals.

    That are two points in one number, decimals behind a comma, or whole numbers that are all below a thousand.
    """
    heads = [b.split(",")[0] if comma else b for b in bodies]
    told = [h for h in heads if h.count(".") == 1 or _GROUPED_BY_POINTS.fullmatch(h)]  # 31.12.2023 is no number
    if not told or any(not _GROUPED_BY_POINTS.fullmatch(h) or h[0] == "0" for h in told):
        return False
    if comma or any(h.count(".") > 1 for h in told):
        return True
    whole = [int(b) for b in bodies if b.isdecimal() and not (len(b) == 4 and b[:2] in {"19", "20"})]
    return len(told) >= 3 and bool(whole) and max(whole) < 1000


def read(shown: str, way: Way) -> Written | None:
    """A number as this sheet writes it, with its sign, brackets, currency and percent sign; None for anything else."""
    if len(shown) > LONGEST or not (match := _SHAPE.fullmatch(_plain(shown))):
        return None
    sign, opened, inner, after, body, rate, close, outer = match.groups()
    digits = _digits(body, way)
    if digits is None or bool(opened) != bool(close) or sum(map(bool, (sign, inner, after))) > 1 or (rate and outer):
        return None
    minus = "-" in {sign, inner, after} or bool(opened)
    number = parse(f"{'-' if minus else ''}{digits}{rate or outer or ''}")
    return replace(number, text=shown) if number.state == State.NUMBER else None


def _digits(body: str, way: Way) -> str | None:
    """The digits with a decimal point and nothing else."""
    if way.comma and _WITH_COMMA.fullmatch(body) and (way.dotted or "." not in body):
        return body.translate({ord(c): None for c in " '."}).replace(",", ".")
    if (way.dotted or body.count(".") > 1) and _GROUPED_BY_POINTS.fullmatch(body):
        return body.replace(".", "")
    if _POINTED.fullmatch(body) and body != ".":
        return body.translate({ord(c): None for c in " ',"})
    return None
