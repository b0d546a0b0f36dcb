"""Tables pasted into a text, a value a line or a row a line: rebuilt as grids by the labels of their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from auditkit.bind.lexicon import Degree, Lexicon
from auditkit.bind.pieces import LONGEST, Piece, Run, may_hold_tables, pieces, runs
from auditkit.bind.recognise import decide
from auditkit.model.document import Area, Document, Grid
from auditkit.model.form import Axis, Form, Table
from auditkit.model.words import Fault
from auditkit.numerals import parse

JOINED = 4
"""Pieces a label may be broken into by the lines of the page it was copied from."""
FEWEST = 3
"""Cells that make a table."""
ENOUGH = 3
"""Rows that must add up before a total is moved."""
WIDE = 10
"""Columns from which on a row of numbers without a label of its own is known by its length alone."""


@dataclass
class _Found:
    """A table as far as it was found: line → values; pieces that belong to it."""

    rows: dict[int, list[str]] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)


def rebuilt(document: Document, forms: Sequence[Form], lexicon: Lexicon) -> Document | None:
    """The document with the pasted tables of one form as grids: of the form with most of its cells and labels here.

    A row is taken only with as many values as the table has columns, in the order of the form, so that a row that was
    cut is not there. The paragraphs that became cells are left out; the others keep their numbers. None where nothing
    was pasted, or two forms fit equally and neither title nor year tells.
    """
    if not may_hold_tables(document):
        return None
    read = tuple(pieces(document))
    told = tuple(runs(read))
    found = [_tables(form, number, told, lexicon) for number, form in enumerate(forms)]
    scores = [_score(number, tables, told, lexicon) for number, tables in enumerate(found)]
    enough = [score[:3] if score[0] - score[2] >= FEWEST else None for score in scores]
    best = [number for number, score in enumerate(enough) if score and score == max(filter(None, enough))]
    chosen = _chosen(best, forms, [score[3] for score in scores], document)
    return None if chosen is None else _with_grids(document, read, forms[chosen], found[chosen])


def _chosen(best: Sequence[int], forms: Sequence[Form], exact: Sequence[int], document: Document) -> int | None:
    """Of equals the one that title or year tells; where they do not, the one whose very words stand here."""
    try:
        return best[decide([forms[number] for number in best], document)] if best else None
    except Fault:
        closest = [number for number in best if exact[number] == max(exact[n] for n in best)]
        return closest[0] if len(closest) == 1 else None


def _tables(form: Form, number: int, told: Sequence[Run], lexicon: Lexicon) -> dict[str, _Found]:
    """Table → its rows, each claimed by the first run that has its label and its width, in the form's order."""
    found: dict[str, _Found] = {}
    tables = [table for table in form if table.records is None]
    for run in told:
        for table in tables:
            values = _fitted([piece.text for piece in run.values], len(table.columns.lines))
            row = None if values is None else _row(table, number, run.words, values, lexicon)
            known = found.setdefault(table.id, _Found())
            if values is not None and row is not None and row[0] > max(known.rows, default=-1):
                known.rows[row[0]] = values
                known.pieces += [*run.words[len(run.words) - row[1] :], *run.values]
                break
    return {id_: one for id_, one in found.items() if one.rows}


def _fitted(values: Sequence[str], width: int) -> list[str] | None:
    """Exactly as many as the table is wide; blanks before and after them are those of merged labels and of marks."""
    fitted = list(values)
    while len(fitted) > width and not fitted[0]:
        del fitted[0]
    while len(fitted) > width and not fitted[-1]:
        fitted.pop()
    if len(fitted) == width - 1 and fitted and not fitted[-1]:
        fitted.append("")  # the mark that closes a row was its last cell
    return fitted if len(fitted) == width else None


def _row(
    table: Table, form: int, words: Sequence[Piece], values: Sequence[str], lexicon: Lexicon
) -> tuple[int, int] | None:
    """The row that the last words name, and how many of them do; a wide row without a label needs none."""
    lines = table.rows.lines
    if len(lines) == 1 and not any(lines[0].labels):
        return (0, 0) if len(table.columns.lines) >= WIDE and all(values) else None
    texts = [text for piece in words[-JOINED:] for text in piece.text.split()]
    for size in range(1, min(JOINED, len(texts)) + 1):
        hits = lexicon.hits("".join(texts[-size:]))
        named = [h for h in hits if h.target[:3] == (form, table.id, "rows") and h.target.line >= 0]
        if named:
            best = min(h.degree for h in named)
            alike = {h.target.line for h in named if h.degree == best}
            return (alike.pop(), min(size, len(words))) if len(alike) == 1 else None
    return None


def _score(number: int, tables: dict[str, _Found], told: Sequence[Run], lexicon: Lexicon) -> tuple[int, int, int, int]:
    """Cells with a number, labels of columns, few blanks, labels in the form's very words."""
    cells = [text for found in tables.values() for values in found.rows.values() for text in values]
    words = {piece.text for run in told for piece in run.words}
    hits = [
        hit for text in sorted(words) for hit in lexicon.hits(text) if hit.target[:2] in {(number, t) for t in tables}
    ]
    columns = {hit.target for hit in hits if hit.target.axis == "columns"}
    exact = {hit.target for hit in hits if hit.target.axis == "rows" and hit.degree <= Degree.NUMBERING}
    return sum(map(bool, cells)), len(columns), -sum(not text for text in cells), len(exact)


def _with_grids(document: Document, read: Sequence[Piece], form: Form, tables: dict[str, _Found]) -> Document:
    used = {piece.source for found in tables.values() for piece in found.pieces}
    gone = {piece.source for found in tables.values() for piece in _within(found, read) if piece.whole}
    kept = [grid for n, grid in enumerate(document.grids) if -1 - n not in used]
    grids = [*kept, *(_grid(form.tables[id_], found, document) for id_, found in tables.items())]
    paragraphs = tuple(p for index, p in enumerate(document.paragraphs) if index not in gone)
    return replace(document, grids=tuple(grids), paragraphs=paragraphs)


def _within(found: _Found, read: Sequence[Piece]) -> Iterator[Piece]:
    """The table's pieces and what stands between them: labels of groups, rows that were cut. No sentences."""
    first, last = found.pieces[0].at, found.pieces[-1].at
    return (piece for piece in read[first : last + 1] if len(piece.text) < LONGEST)


def _grid(table: Table, found: _Found, document: Document) -> Grid:
    """The table as the form prints it, with the rows that were found."""
    inside = sorted({p.source for p in found.pieces if p.source >= 0})
    head, merges = _headed(table.columns)
    stub = max((len(line.path) for line in table.rows.lines), default=0) + 1
    rows = [["" for _ in range(stub)] + line for line in head]
    for line, values in sorted(_total_last(table.columns, found.rows).items()):
        rows.append([*_stub(table.rows, line, stub), *values])
    shifted = tuple((t, left + stub, b, right + stub) for t, left, b, right in merges)
    name = f"{_where(inside, found, document)}·{table.id}"
    return Grid(name, tuple(map(tuple, rows)), shifted, after=inside[0] if inside else 0, pasted=True)


def _total_last(columns: Axis, rows: dict[int, list[str]]) -> dict[int, list[str]]:
    """A flattened page may print the total before the columns it adds up: put last where most rows add up only so."""
    numbers = [[parse(text).number for text in values] for values in rows.values()]
    told = [[n for n in row if n is not None] for row in numbers if None not in row and any(row)]
    width = len(columns.lines)
    sums = [sum(2 * row[i] == sum(row) for row in told) for i in range(width)]
    last = columns.lines[-1].labels[:1]
    if width < FEWEST or len(told) < ENOUGH or last not in {("总计",), ("合计",)}:
        return rows
    at = sums.index(max(sums))
    if 2 * sums[at] <= len(told) or 2 * sums[-1] >= sums[at]:
        return rows
    return {line: [*values[:at], *values[at + 1 :], values[at]] for line, values in rows.items()}


def _where(inside: Sequence[int], found: _Found, document: Document) -> str:
    """Which paragraphs the table was read from, or which rows of marks."""
    if not inside:
        return document.grids[-1 - found.pieces[0].source].name
    first, last = document.paragraphs[inside[0]].number, document.paragraphs[inside[-1]].number
    return f"第{first}-{last}段" if last > first else f"第{first}段"


def _stub(axis: Axis, line: int, width: int) -> list[str]:
    """Labels of the groups a row stands in, outermost first, and its own last."""
    row = axis.lines[line]
    groups = [(axis.group_labels.get(name) or ("",))[0] for name in row.path]
    return [*groups, *([""] * (width - 1 - len(groups))), row.labels[0] if row.labels else ""]


def _headed(axis: Axis) -> tuple[list[list[str]], list[Area]]:
    """Rows of a header with merged group labels, and the leaf labels below them."""
    depth = max(len(line.path) for line in axis.lines)
    rows = [["" for _ in axis.lines] for _ in range(depth + 1)]
    merges: list[Area] = []
    for level in range(depth):
        names = [line.path[level] if len(line.path) > level else "" for line in axis.lines]
        starts = [0, *(i for i, (a, b) in enumerate(pairwise(names), 1) if a != b), len(names)]
        for start, end in pairwise(starts):
            words = axis.group_labels.get(names[start]) or ("",)
            rows[level][start] = words[0]
            if words[0] and end - start > 1:
                merges.append((level, start, level, end - 1))
    rows[depth] = [line.labels[0] if line.labels else "" for line in axis.lines]
    return rows, merges
