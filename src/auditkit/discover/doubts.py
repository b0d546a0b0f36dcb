"""What stands out without arithmetic: error values, words among numbers, a year that is not the content's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditkit.discover.figures import Address, Figures
from auditkit.discover.structure import Block
from auditkit.discover.subject import Subject
from auditkit.model.document import Grid, State
from auditkit.model.finding import Finding, Term
from auditkit.model.words import Text

MANY = 5
"""Numbers a line must have before words in it stand out."""
MOSTLY = 0.8
"""Share of numbers in such a line."""
_MISTYPED = re.compile(
    r"[0-9OolI,，.。．\s￥$%+-]*[0-9][0-9OolI,，.。．\s￥$%+-]*[^\w\s]{0,2}|[0-9][0-9,.]*\s*[^\W\d_]{1,2}"
)
"""Digits with a slip among them: a letter O, two points, a space, a stray sign."""
_DATE = re.compile(r"[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}日?|[0-9]{1,2}:[0-9]{2}.*|[0-9]{4}-[0-9]{2,4}")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_YEAR_HEADING = re.compile(r"(?:FY ?|fiscal year |year )?((?:19|20)[0-9]{2})(?: ?年度?(?:[^0-9]*)?)?", re.IGNORECASE)


def error_values(grid: Grid, sheet: Figures, subject: Subject) -> Iterator[Finding]:
    """One finding for each run of error values down a column, with every cell in it."""
    errors = dict(grid.facts().errors)
    for r, row in enumerate(sheet.written):
        errors |= {(r, c): w.text for c, w in enumerate(row) if w.state == State.ERROR and (r, c) not in errors}
    for run in _runs(sorted(errors, key=lambda cell: (cell[1], cell[0]))):
        first = subject.place(run[0])
        terms = [
            Term(Text(subject.place(c).address, subject.place(c).address), errors[c], subject.place(c)) for c in run
        ]
        yield subject.finding(
            "SH111",
            "error value",
            Text(
                f"{len(run)} 个单元格是公式错误值 {errors[run[0]]}，没有数。请改正公式后重新计算并保存。",
                f"Error values {errors[run[0]]} instead of numbers in {len(run)} cell(s). "
                "Mend the formula, recalculate and save.",
            ),
            Text(f"{first.address} {errors[run[0]]}", f"{first.address} {errors[run[0]]}"),
            terms,
            row=first.address,
        )


def _runs(cells: list[Address]) -> Iterator[list[Address]]:
    run: list[Address] = []
    for cell in cells:
        if run and cell != (run[-1][0] + 1, run[-1][1]):
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def mistyped_numbers(sheet: Figures, block: Block, subject: Subject) -> Iterator[Finding]:
    """Cells of a column of numbers that nearly are a number."""
    for panel in block.panels:
        rows = [line.index for line in panel.rows]
        for line in panel.columns:
            told = sum(bool(sheet.number[r, line.index]) for r in rows)
            words = [r for r in rows if sheet.written[r][line.index].state == State.TEXT]
            if told < MANY or told < MOSTLY * (told + len(words)):
                continue
            for r in words:
                text = sheet.word((r, line.index))
                if len(text) <= 16 and _MISTYPED.fullmatch(text) and not _DATE.fullmatch(text):
                    yield _mistyped(block, (r, line.index), text, told, subject)


def _mistyped(block: Block, cell: Address, text: str, told: int, subject: Subject) -> Finding:
    row, column = (" / ".join(w for w in words if w) for words in block.path(cell))
    place = subject.place(cell)
    return subject.finding(
        "SH112",
        "text among numbers",
        Text(
            f"同列有 {told} 个数，此处“{text}”不能读作数。请改为数字。",
            f"Its column has {told} numbers, but “{text}” cannot be read as one. Type a number.",
        ),
        Text(f"{place.address} “{text}”", f"{place.address} “{text}”"),
        [Term(Text(column or place.address, column or place.address), text, place)],
        row=row,
        column=column,
    )


def title_year(sheet: Figures, block: Block, subject: Subject) -> Iterator[Finding]:
    """The only year in the titles against the only year in the headings, where they are not the same."""
    titles = [(cell, year) for cell in block.titles for year in _YEAR.findall(sheet.word(cell))]
    headings = [
        (cell, found[1])
        for row in block.header
        for cell in ((row, column) for column in range(sheet.shape[1]))
        if (found := _YEAR_HEADING.fullmatch(sheet.word(cell)))
    ]
    if len({y for _, y in titles}) != 1 or len({y for _, y in headings}) != 1 or titles[0][1] == headings[0][1]:
        return
    (title, said), (heading, found_year) = titles[0], headings[0]
    yield subject.finding(
        "SH113",
        "year in the title",
        Text(
            f"标题写 {said} 年，表头是 {found_year} 年。请核对哪一个年份是对的。",
            f"The title says {said}, the headings say {found_year}. Check which year is right.",
        ),
        Text(f"{said} ≠ {found_year}", f"{said} ≠ {found_year}"),
        [
            Term(Text("标题", "title"), said, subject.place(title)),
            Term(Text("表头", "heading"), found_year, subject.place(heading)),
        ],
    )
