"""Tables written as offices publish them and filled with figures; their aggregations are known from the formulas.

``bench/tables/*.txt`` holds the tables. One begins with ``=== name``; then settings (``title:``, ``note:``, ``foot:``,
``stub:``; ``decimals:``, ``zero:``, ``missing: MARK SHARE``, ``empty: SHARE``, ``mode: whole`` or ``rounded``,
``plain:``, ``group:``, ``point:``, ``negative:``, ``mark: SIGN SHARE``), then ``columns:`` and ``rows:``, one line
each: ``id | label | formula``.

A label of a column has its groups before it, ``Male/Under 15``. A row ``# | words`` is a heading, ``.`` is blank, ``^``
prints the headings again. Formulas: ``~ 300`` a figure of about that size (columns: its proportion), ``! 35 1`` one
that adds up with nothing, with 1 decimal, ``= a + b - c`` (``@2``: with 2 decimals), ``% a b`` (a of b in per cent),
``share a @r`` (of what stands in row or column r), ``chg a b``, ``rate a b 1000``, ``mean a b c``, ``year 1990`` (and
the next), ``text WORD``. ``sums:`` lists more sums that are meant, such as those of percentages; ``cells:`` has single
cells, ``row | column | words``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "tables"


@dataclass
class Line:
    """A row or a column as it was written."""

    id: str
    label: str
    formula: str

    @property
    def kind(self) -> str:
        return self.formula.split()[0] if self.formula else ""

    @property
    def words(self) -> list[str]:
        return self.formula.split()[1:]


@dataclass
class Spec:
    """One table as it was written."""

    name: str
    settings: dict[str, list[str]] = field(default_factory=dict)
    columns: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)
    sums: list[Line] = field(default_factory=list)
    cells: list[Line] = field(default_factory=list)

    def setting(self, name: str, default: str = "") -> str:
        return self.settings.get(name, [default])[0]


def specs(path: Path) -> Iterator[Spec]:
    """The tables of one file."""
    spec, into = Spec(""), None
    for raw in path.read_text(encoding="utf-8").splitlines():
        if raw.startswith("=== "):
            if spec.name:
                yield spec
            spec, into = Spec(raw[4:].strip()), None
        elif raw in {"columns:", "rows:", "sums:", "cells:"}:
            into = getattr(spec, raw[:-1])
        elif into is None or re.match(r"[a-z]+:", raw):
            key, _, value = raw.partition(":")
            spec.settings.setdefault(key.strip(), []).append(value.removeprefix(" "))
        elif raw.strip():
            name, label, formula = ([*raw.split("|"), "", ""])[:3]
            into.append(Line(name.strip(), label.removeprefix(" ").rstrip(), formula.strip()))
    yield spec


def plus_minus(formula: str) -> tuple[list[str], list[str]]:
    """Names with a plus and names with a minus of ``= a + b - c``."""
    signs = re.findall(r"([+-])\s*(\w+)", "+ " + formula.partition("@")[0].removeprefix("=").strip())
    return [n for s, n in signs if s == "+"], [n for s, n in signs if s == "-"]


class Filled:
    """A table with its figures, before they are written."""

    def __init__(self, spec: Spec, rng: random.Random) -> None:
        self.spec, self.rng = spec, rng
        self.rows = {line.id: line for line in spec.rows if line.formula}
        self.columns = {line.id: line for line in spec.columns}
        self.decimals = int(spec.setting("decimals", "0"))
        self.whole = spec.setting("mode", "whole") == "whole"
        self.base = int(spec.setting("base", "1"))
        self.empty = float(spec.setting("empty", "0"))
        self.known: dict[tuple[str, str], Decimal | str] = {(c.id, c.label): c.formula for c in spec.cells}
        self.scales = {c.id: float(c.words[0]) for c in spec.columns if c.kind == "~"}

    def at(self, row: str, column: str) -> Decimal | str:
        """The exact figure of a cell, or its words."""
        if (row, column) not in self.known:
            self.known[row, column] = self._made(self.rows[row], self.columns[column])
        return self.known[row, column]

    def number(self, row: str, column: str) -> Decimal:
        told = self.at(row, column)
        return told if isinstance(told, Decimal) else Decimal(0)

    def _made(self, row: Line, column: Line) -> Decimal | str:
        for line in (column, row):
            if line.kind == "text":
                return self.rng.choice(line.words)
            if line.kind == "year":
                return str(int(line.words[0]) + [r for r, x in self.rows.items() if x.kind].index(row.id))
            if line.kind == "!":
                if row.kind == "" or self.rng.random() < 0.02:
                    return ""
                return self._rounded(Decimal(repr(float(line.words[0]) * self.rng.uniform(0.6, 1.5))), line)
        if row.kind not in {"~", "="}:
            return self._by(row, lambda r: self.number(r, column.id))
        if column.kind not in {"~", "="}:
            return self._by(column, lambda c: self.number(row.id, c))
        if row.kind == "=":
            return self._total(row, lambda r: self.number(r, column.id))
        if column.kind == "=":
            return self._total(column, lambda c: self.number(row.id, c))
        if self.rng.random() < self.empty:
            return Decimal(0)
        size = float(row.words[0]) * self.scales[column.id] * self.rng.uniform(0.75, 1.3)
        return self._rounded(Decimal(repr(size)), row) if self.whole else Decimal(repr(size))

    @staticmethod
    def _total(line: Line, value: Callable[[str], Decimal]) -> Decimal:
        plus, minus = plus_minus(line.formula)
        return sum(map(value, plus), Decimal(0)) - sum(map(value, minus), Decimal(0))

    def _by(self, line: Line, value: Callable[[str], Decimal]) -> Decimal | str:
        """A quotient or a mean of lines."""
        w = line.words
        if line.kind == "share":
            there = w[1].removeprefix("@")
            whole = self.number(there, w[0]) if line.id in self.columns else self.number(w[0], there)
            return 100 * value(w[0]) / whole if whole else ""
        if line.kind == "mean":
            return sum(map(value, w), Decimal(0)) / len(w)
        if not value(w[1]):
            return ""
        ratio = value(w[0]) / value(w[1])
        factor = Decimal(w[2]) if line.kind == "rate" else Decimal(100)
        return factor * (ratio - 1 if line.kind == "chg" else ratio)

    def places(self, row: Line, column: Line) -> int:
        """Decimals a cell is written with."""
        for line in (column, row):
            if line.kind == "!":
                return int(line.words[1]) if len(line.words) > 1 else 0
        for line in (row, column):
            if line.kind in {"%", "share", "chg", "rate", "mean"}:
                return int(self.spec.setting("percent", "1"))
            if line.kind == "~" and len(line.words) > 1:
                return int(line.words[1])
            if line.kind == "=" and "@" in line.formula:
                return int(line.formula.partition("@")[2])
        return self.decimals

    def _rounded(self, value: Decimal, line: Line) -> Decimal:
        places = int(line.words[1]) if len(line.words) > 1 else self.decimals
        step = Decimal(self.base) if self.base > 1 else Decimal(1).scaleb(-places)
        return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def table(spec: Spec, seed: int) -> dict[str, Any]:
    """One filling of a table, in the format of the corpus."""
    rng = random.Random(f"{spec.name}/{seed}")
    filled = Filled(spec, rng)
    rows: list[list[str]] = [[w, *[""] * len(spec.columns)] for w in spec.settings.get("title", [])]
    rows += [[w, *[""] * len(spec.columns)] for w in spec.settings.get("note", [])]
    head = _headings(spec)
    if spec.setting("headless") != "yes":
        rows += head
    at: dict[str, int] = {}
    for line in spec.rows:
        if line.id == ".":
            rows.append([""] * (1 + len(spec.columns)))
        elif line.id == "^":
            rows += [list(r) for r in head]
        elif line.id == "#":
            rows.append([line.label, *[""] * len(spec.columns)])
        else:
            at[line.id] = len(rows)
            rows.append([line.label, *[_written(filled, rng, line, c) for c in spec.columns]])
    found = [a for a in _aggregations(filled, at) if not _said(filled, at, a)]
    rows += [[w, *[""] * len(spec.columns)] for w in spec.settings.get("foot", [])]
    _forget(spec, rng, rows, at, found)
    if seed % 3:
        rows = [[w.strip() for w in row] for row in rows]
    return {"id": f"{spec.name}-{seed}", "rows": _stubs(spec, rows), "aggregations": _placed(spec, found)}


def _said(filled: Filled, at: dict[str, int], a: dict[str, Any]) -> bool:
    """Whether one of its cells holds words of its own."""
    rows = {r: i for i, r in at.items()}
    cells = [(rows[r], filled.spec.columns[c - 1].id) for r, c in (a["total"], *a["parts"])]
    said = {(c.id, c.label) for c in filled.spec.cells}
    return any(cell in said for cell in cells)


def _headings(spec: Spec) -> list[list[str]]:
    """Header rows; of equal group words side by side only the first is printed."""
    paths = [c.label.split("/") for c in spec.columns]
    depth = max(len(p) for p in paths)
    levels = []
    for k in range(depth):
        row = [spec.setting("stub") if k == (depth - 1) else ""]
        for i, path in enumerate(paths):
            own = (
                [""] * (depth - len(path)) + path
                if spec.setting("low", "yes") == "yes"
                else path + [""] * (depth - len(path))
            )
            left = paths[i - 1] if i else []
            same = k < depth - 1 and left[: k + 1] == path[: k + 1] and len(path) == depth
            row.append("" if same else own[k])
        levels.append(row)
    return levels


def _written(filled: Filled, rng: random.Random, row: Line, column: Line) -> str:
    value = filled.at(row.id, column.id)
    spec = filled.spec
    if isinstance(value, str):
        return value
    places = filled.places(row, column)
    step = Decimal(filled.base) if filled.base > 1 and places == filled.decimals else Decimal(1).scaleb(-places)
    shown = (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    if not shown and not (row.kind in {"%", "chg", "rate"} or column.kind in {"%", "chg", "rate"}):
        return spec.setting("zero", "0")
    plain = spec.setting("plain") == "yes"
    body = f"{abs(shown):.{places}f}" if plain else f"{abs(shown):,.{places}f}"
    if spec.setting("dollars") and column.id in spec.setting("dollars").split():
        body = "$" + body
    if spec.setting("group"):
        body = body.translate(str.maketrans({",": spec.setting("group").strip("'"), ".": spec.setting("point", ".")}))
    if shown < 0 and spec.setting("negative") == "behind":
        return f"{body}-"
    if shown < 0:
        return f"({body})" if spec.setting("negative") == "brackets" else f"-{body}"
    mark = spec.setting("mark").rpartition(" ")
    return body + (mark[0] if mark[0] and rng.random() < float(mark[2]) else "")


def _aggregations(filled: Filled, at: dict[str, int]) -> Iterator[dict[str, Any]]:
    columns = {c.id: 1 + k for k, c in enumerate(filled.spec.columns)}
    additive = {"~", "="}
    for line in filled.spec.sums:
        lines = at if line.id in at else columns
        plus, _ = plus_minus("= " + line.label.removeprefix("=").strip())
        for other in filled.columns if lines is at else at:
            cells = [filled.number(*((p, other) if lines is at else (other, p))) for p in (line.id, *plus)]
            if abs(cells[0] - sum(cells[1:])) < Decimal("1E-9") * abs(cells[0]):
                where = columns[other] if lines is at else at[other]
                yield _one("sum", [lines[line.id], *[lines[p] for p in plus]], where, by_row=lines is at)
    for r in filled.spec.rows:
        if r.id in at:
            for c in filled.spec.columns:
                ratio = r.kind in {"%", "chg", "rate"} and c.kind not in {"!", "text", "year"}
                if c.kind in additive or ratio or (c.kind == "share" and r.kind == "="):
                    yield from _of(r, at, columns[c.id], columns, by_row=True)
    for c in filled.spec.columns:
        for r in filled.spec.rows:
            if r.id in at and (r.kind in additive or (r.kind == "share" and c.kind == "=")):
                yield from _of(c, columns, at[r.id], at, by_row=False)


def _of(
    line: Line, lines: dict[str, int], other: int, crossing: dict[str, int], *, by_row: bool
) -> Iterator[dict[str, Any]]:
    if line.kind == "=":
        plus, minus = plus_minus(line.formula)
        if not minus or (len(plus), len(minus)) in {(1, 1), (2, 1)}:
            op = "difference" if minus else "sum"
            yield _one(op, [lines[line.id], *[lines[p] for p in plus + minus]], other, by_row=by_row)
    elif line.kind in {"%", "rate", "chg"}:
        op = "change" if line.kind == "chg" else "division"
        yield _one(op, [lines[line.id], *[lines[p] for p in line.words[:2]]], other, by_row=by_row)
    elif line.kind == "mean":
        yield _one("average", [lines[line.id], *[lines[p] for p in line.words]], other, by_row=by_row)
    elif line.kind == "share" and (whole := crossing[line.words[1].removeprefix("@")]) != other:
        cells = [[lines[line.id], other], [lines[line.words[0]], other], [lines[line.words[0]], whole]]
        total, *parts = cells if by_row else [cell[::-1] for cell in cells]
        yield {"op": "share", "total": total, "parts": parts}


def _one(op: str, lines: list[int], other: int, *, by_row: bool) -> dict[str, Any]:
    cells = [[line, other] if by_row else [other, line] for line in lines]
    return {"op": op, "total": cells[0], "parts": cells[1:]}


def _forget(
    spec: Spec, rng: random.Random, rows: list[list[str]], at: dict[str, int], found: list[dict[str, Any]]
) -> None:
    """Replaces some figures by a mark; what they were part of is no longer to be found."""
    mark, _, share = spec.setting("missing").rpartition(" ")
    if not mark:
        return
    gone = set()
    for r in at.values():
        for c, column in enumerate(spec.columns, 1):
            if column.kind in {"~", "="} and rng.random() < float(share):
                rows[r][c] = mark
                gone.add((r, c))
    found[:] = [a for a in found if not any(tuple(cell) in gone for cell in (a["total"], *a["parts"]))]


def _stubs(spec: Spec, rows: list[list[str]]) -> list[list[str]]:
    """Labels spread over several columns where they are written ``a ; b``."""
    width = int(spec.setting("stubs", "1"))
    if width == 1:
        return rows
    split = [[p.strip() for p in row[0].split(";")] for row in rows]
    return [[*s, *[""] * (width - len(s)), *row[1:]] for s, row in zip(split, rows, strict=True)]


def _placed(spec: Spec, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shift = int(spec.setting("stubs", "1")) - 1
    kept = []
    for a in found:
        cells = [[r, c + shift] for r, c in (a["total"], *a["parts"])]
        kept.append({"op": a["op"], "total": cells[0], "parts": cells[1:]})
    return kept


def publications(seeds: int, names: str = "*") -> Iterator[dict[str, Any]]:
    """Every table of the folder, filled ``seeds`` times."""
    for path in sorted(TABLES.glob(f"{names}.txt")):
        for spec in specs(path):
            for seed in range(seeds):
                yield table(spec, seed)
