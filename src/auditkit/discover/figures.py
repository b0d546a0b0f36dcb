"""The figures of one grid as arrays: value, half a unit of the last digit shown, and what kind of cell it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from auditkit.discover.writing import Way, read, way_of
from auditkit.model.document import Grid, State, Value
from auditkit.numerals import Written, of_value, parse

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Address = tuple[int, int]
"""Row and column of a cell in its grid, from 0."""

_NOTED = re.compile(
    r"(.*?[0-9%)])\s*(?:\([a-zA-Z0-9]\)|(?<=\s)[a-zA-Z]|[a-km-np-zA-HJ-NP-RT-Z]|[*†‡§#]+|[¹²³⁴⁵⁶⁷⁸⁹]+"
    r"|\s[0-9]{1,2}/|[a-z]/|\\[0-9]{1,2}|\[[0-9a-z]{1,2}\]|\^[0-9a-z])"
)
"""A number with the mark of a footnote, or of a revised or estimated value: 1,234 r, 1,234 1/, 1,234 (a)."""
_LED = re.compile(r"(?:[*†‡§#~]+|\\[0-9]{1,2}(?=\s)|[a-z]\s?(?=[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+\.[0-9]))\s*([-(0-9.].*)")
"""The same with the mark before it: *123, e12,345."""
_BEHIND = re.compile(r"([0-9][0-9,. ]*)-")
"""A minus behind the number, as ledgers write it."""
_NOTHING = re.compile(r"[$£€¥]\s*[-–—]+|-0-")
"""Nothing, as ledgers write it."""
_MIDDLE = re.compile(r"-?[0-9]+·[0-9]+%?")
_WORDED = re.compile(r"(?:days?|hours?|months?|years?|persons?|people|items?|pages?|cases?|requests?|FTEs?)")
FEW = 3
"""Cells of a column with a word for a unit before 18 years is a number, and no heading or name."""
_MARK = re.compile(r"[^\w一-鿿]{1,4}|\(?[A-Za-z]{1,2}\)?|[A-Za-z]\.?[A-Za-z]\.?|空|不详|保密")
"""What stands in place of a number: ``..``, ``x``, ``(D)``, ``NA``."""


@dataclass(frozen=True)
class Figures:
    """One entry per cell, rows × columns."""

    written: tuple[tuple[Written, ...], ...]
    value: Floats
    """0 where there is no number."""
    half: Floats
    """Half a unit of the last digit shown; 0 where there is no number."""
    number: Bools
    text: Bools
    """Words, not numbers and not marks for a missing number."""
    words: Bools
    """Words, and what would be a mark among numbers: in a label column, A is a name."""
    unknown: Bools
    """A mark such as ``x``, ``N/A`` or an error value: a number that is not known, unlike a blank or a dash."""
    percent: Bools

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.value.shape
        return rows, columns

    def exact(self, cell: Address) -> Decimal:
        """The number of a cell as written; 0 where there is none."""
        return self.written[cell[0]][cell[1]].number or Decimal(0)

    def word(self, cell: Address) -> str:
        """What the cell shows, on one line."""
        return " ".join(self.written[cell[0]][cell[1]].text.split())


def figures(grid: Grid) -> Figures:
    """Reads every cell once: numbers typed as text, footnote marks, spaces and commas as the sheet uses them."""
    facts = grid.facts()
    way = way_of(grid)
    width = max((len(row) for row in grid.rows), default=0)
    cells = [
        [_read(row[c] if c < len(row) else None, facts.formats.get((r, c), ""), way) for c in range(width)]
        for r, row in enumerate(grid.rows)
    ]
    for c in range(width):
        worded = [r for r, row in enumerate(cells) if _WORDED.fullmatch(row[c].unit)]
        for r in worded if len(worded) < FEW else ():
            cells[r][c] = Written(cells[r][c].text, None, State.TEXT)
    broken = facts.errors.keys() | facts.uncalculated
    return _arrays(tuple(map(tuple, cells)), broken, width)


def _arrays(written: tuple[tuple[Written, ...], ...], broken: frozenset[Address] | set[Address], width: int) -> Figures:
    flat = [cell for row in written for cell in row]
    shape = (len(written), width)
    number = np.array([w.number is not None for w in flat], dtype=bool).reshape(shape)
    value = np.array([0.0 if w.number is None else float(w.number) for w in flat]).reshape(shape)
    half = np.array([0.0 if w.number is None else float(w.step) / 2 for w in flat]).reshape(shape)
    mark = np.array([w.state == State.TEXT and bool(_MARK.fullmatch(w.text)) for w in flat], dtype=bool).reshape(shape)
    words = np.array([w.state == State.TEXT for w in flat], dtype=bool).reshape(shape)
    lost = np.array([w.state == State.ERROR or (w.state == State.NIL and any(map(str.isalpha, w.text))) for w in flat])
    unknown = mark | lost.astype(bool).reshape(shape)
    for cell in sorted(broken):
        if cell[0] < shape[0] and cell[1] < shape[1]:
            unknown[cell] = True
    percent = np.array([w.unit in {"%", "‰", "百分点", "个百分点"} for w in flat], dtype=bool).reshape(shape)
    return Figures(written, value, half, number, words & ~mark, words, unknown, percent)


def _read(value: Value, style: str, way: Way) -> Written:
    cell = of_value(value, style)
    if not isinstance(value, str) or (cell.state != State.TEXT and not (any(way) and cell.state == State.NUMBER)):
        return cell
    shown = value.strip()
    if _NOTHING.fullmatch(shown):
        return parse("-")
    if not any("0" <= c <= "9" for c in shown[:40]):
        return cell
    if (number := read(shown, way)) is not None or cell.state == State.NUMBER:
        return number or cell
    if behind := _BEHIND.fullmatch(shown):
        return _negative(cell, _read(behind[1], "", way))
    if _MIDDLE.fullmatch(shown):
        return parse(shown.replace("·", "."))
    noted = (_LED.fullmatch(shown) or _NOTED.fullmatch(shown)) if len(shown) < 30 else None
    again = _read(noted[1], "", way) if noted else cell
    return again if again.number is not None else cell


def _negative(cell: Written, positive: Written) -> Written:
    """The number with its sign turned; the cell as it was where there is no number."""
    return cell if positive.number is None else replace(positive, text=cell.text, number=-positive.number)
