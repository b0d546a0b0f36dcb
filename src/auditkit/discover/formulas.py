"""Formula audit: a SUM that misses the line beside its range, a constant or an odd formula among those of a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from auditkit.discover.figures import Address, Figures
from auditkit.discover.labels import Line, Role
from auditkit.discover.structure import Block
from auditkit.discover.subject import Subject
from auditkit.model.document import column_letters
from auditkit.model.finding import Finding, Term
from auditkit.model.words import Text

ALIKE = 4
"""Formulas of one pattern in a line before one that differs stands out."""
_SUM = re.compile(r"SUM\(\$?([A-Z]{1,3})\$?([0-9]+):\$?([A-Z]{1,3})\$?([0-9]+)\)", re.IGNORECASE)
_REFERENCE = re.compile(r"(?<![\w!.'])(\$?)([A-Z]{1,3})(\$?)([0-9]+)(?![\w(])", re.IGNORECASE)


def audit(formulas: Mapping[Address, str], sheet: Figures, block: Block, subject: Subject) -> Iterator[Finding]:
    """What stands out among the formulas of one table. Formulas shared by several cells are judged where they begin."""
    inside = {c: f for c, f in sorted(formulas.items()) if block.area[0] <= c[0] <= block.area[2]}
    if not inside:
        return
    for panel in block.panels:
        yield from _short_sums(inside, sheet, panel.rows, panel.columns, subject)
        rows, columns = [line.index for line in panel.rows], [line.index for line in panel.columns]
        across = [[(r, c) for c in columns] for r in rows]
        down = [[(r, c) for r in rows] for c in columns]
        for line, cells in zip(panel.rows, across, strict=True):
            yield from _odd_one_out(inside, sheet, cells, down, line, subject)
        for line, cells in zip(panel.columns, down, strict=True):
            yield from _odd_one_out(inside, sheet, cells, across, line, subject)


# ---------------------------------------------------------------- SUM


def _short_sums(
    formulas: Mapping[Address, str], sheet: Figures, rows: Sequence[Line], columns: Sequence[Line], subject: Subject
) -> Iterator[Finding]:
    first = {text: cell for cell, text in reversed(list(formulas.items()))}
    for cell, text in formulas.items():
        span = _span(text)
        if span is None or first[text] != cell:
            continue
        top, left, bottom, right = span
        if left == right == cell[1]:
            gap = [(line.index, left) for line in rows if bottom < line.index < cell[0] or cell[0] < line.index < top]
            named = {line.index: line for line in rows}
        elif top == bottom == cell[0]:
            gap = [(top, line.index) for line in columns if right < line.index < cell[1] or cell[1] < line.index < left]
            named = {line.index: line for line in columns}
        else:
            continue
        down = left == right
        missed = [c for c in gap if sheet.value[c] and c not in formulas]
        if len(gap) == 1 and missed and _is_part(named[gap[0][0] if down else gap[0][1]]):
            yield _short(sheet, cell, text, missed[0], subject)


def _is_part(line: Line) -> bool:
    return line.role in {Role.PLAIN, Role.DIFFERENCE} and not line.percent


def _short(sheet: Figures, cell: Address, text: str, missed: Address, subject: Subject) -> Finding:
    place, other = subject.place(cell), subject.place(missed)
    return subject.finding(
        "SH121",
        "sum misses a line",
        Text(
            f"公式 {text} 没有包括紧邻的 {other.address}（{sheet.word(missed)}）。如应计入，请改正求和范围。",
            f"{text} leaves out {other.address} ({sheet.word(missed)}) right beside its range. "
            "If it belongs, extend the range.",
        ),
        Text(f"{place.address} ={text}，缺 {other.address}", f"{place.address} ={text} without {other.address}"),
        [
            Term(Text(place.address, place.address), sheet.word(cell), place),
            Term(Text(other.address, other.address), sheet.word(missed), other),
        ],
        row=place.address,
    )


def _span(text: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row, last column of a formula that is one SUM of one range."""
    match = _SUM.fullmatch(text.strip())
    if not match:
        return None
    left, top, right, bottom = match.groups()
    return int(top) - 1, _column(left), int(bottom) - 1, _column(right)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number - 1


# ---------------------------------------------------------------- the odd one


def _odd_one_out(
    formulas: Mapping[Address, str],
    sheet: Figures,
    cells: list[Address],
    crossing: Sequence[list[Address]],
    line: Line,
    subject: Subject,
) -> Iterator[Finding]:
    """The one cell of a line that has not the formula of all others, unless it has the formula of its other line."""
    told = [c for c in cells if sheet.number[c] or c in formulas]
    patterns = {c: relative(formulas[c], c) for c in told if c in formulas}
    texts = Counter(formulas[c] for c in patterns)
    shared = {c: f"shared {formulas[c]}" for c in patterns if texts[formulas[c]] > 1}
    common = Counter((patterns | shared).values()).most_common(1)
    odd = [c for c in told if not common or (patterns | shared).get(c) != common[0][0]]
    if not common or common[0][1] < max(ALIKE, len(told) - 1) or len(odd) != 1 or odd[0] in {told[0], told[-1]}:
        return
    own = formulas.get(odd[0])
    others = [c for c in crossing[cells.index(odd[0])] if c in formulas and c != odd[0]]
    if own is not None and sum(relative(formulas[c], c) == relative(own, odd[0]) for c in others) >= 2:
        return
    like = next(c for c in told if c != odd[0])
    yield _odd(sheet, formulas, odd[0], like, common[0][1], line, subject)


def _odd(
    sheet: Figures,
    formulas: Mapping[Address, str],
    odd: Address,
    like: Address,
    count: int,
    line: Line,
    subject: Subject,
) -> Finding:
    place, model = subject.place(odd), subject.place(like)
    constant = odd not in formulas
    what = Text("是手工填的数", "is a typed number") if constant else Text("的公式与同行列不同", "has another formula")
    return subject.finding(
        "SH122" if constant else "SH123",
        "constant among formulas" if constant else "odd formula",
        Text(
            f"同一行（列）有 {count} 个同样的公式（如 {model.address} ={formulas[like]}），此处{what.zh}。请核对。",
            f"{count} cells of this line share one formula (such as {model.address} ={formulas[like]}), "
            f"this one {what.en}. Please check.",
        ),
        Text(f"{place.address} {sheet.word(odd)}", f"{place.address} {sheet.word(odd)}"),
        [Term(Text(line.text or place.address, line.text or place.address), sheet.word(odd), place)],
        row=place.address,
    )


def relative(text: str, cell: Address) -> str:
    """A formula as seen from its cell: references by their distance, so that copies are equal."""

    def moved(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = match.groups()
        column, row = _column(letters), int(digits) - 1
        across = column_letters(column) if fixed_column else f"[{column - cell[1]}]"
        down = str(row + 1) if fixed_row else f"[{row - cell[0]}]"
        return f"C{across}R{down}"

    return _REFERENCE.sub(moved, text.upper())
