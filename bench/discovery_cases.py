"""The cases at hand as annotated tables: 表三, final accounts, FOIA workbooks, with the sums their forms define."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine

from auditkit.discover.figures import figures
from auditkit.model.document import Grid

Rows = list[list[Any]]
Line = tuple[str, str, int, list[int]]
"""Operator, axis of the lines (``row 3,4``: in these columns only), total line, part lines."""
ALLOWED = 0.025
"""Printed sums of the final accounts are off by up to 0.02."""


def tables_of(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Named corpora of a folder of cases."""
    disclosures = [json.loads(line) for line in (folder / "tables-zh.jsonl").read_text(encoding="utf-8").splitlines()]
    yield "matrices", [_matrix(d) for d in disclosures if "t3" in d["numbers"]]
    yield "final accounts", [t for d in disclosures if "tables" in d["numbers"] for t in _accounts(d)]
    yield "FOIA workbooks", [t for path in sorted((folder / "foia").glob("*.xlsx")) for t in _workbook(path)]


def annotated(name: str, rows: Rows, lines: list[Line]) -> dict[str, Any]:
    """Cell by cell, where the numbers agree; a sum that is zero everywhere is left out."""
    sheet = figures(Grid(name, rows))
    found = []
    for op, axis, total, parts in lines:
        by_row, _, only = axis.partition(" ")
        others = (
            list(map(int, only.split(","))) if only else range(sheet.shape[1] if by_row == "row" else sheet.shape[0])
        )
        cells = [[(p, w) if by_row == "row" else (w, p) for p in (total, *parts)] for w in others]
        kept = [
            c for c in cells if sheet.number[c[0]] and any(sheet.number[p] for p in c[1:]) and _agrees(sheet, op, c)
        ]
        if any(sheet.value[c[0]] for c in kept):
            found += [{"op": op, "total": list(c[0]), "parts": [list(p) for p in c[1:]]} for c in kept]
    return {"id": name, "rows": rows, "aggregations": found}


def _agrees(sheet: Any, op: str, cells: list[tuple[int, int]]) -> bool:
    first, *rest = (sheet.value[c] for c in cells)
    expected = rest[0] + rest[1] - rest[2] if op == "difference" else sum(rest)
    return bool(abs(first - expected) <= ALLOWED)


def _matrix(d: dict[str, Any]) -> dict[str, Any]:
    n = d["numbers"]
    rows = [["", *n["t3_cols"]], *([label, *map(str, row)] for label, row in zip(n["t3_labels"], n["t3"], strict=True))]
    lines: list[Line] = [
        ("sum", "column", 7, list(range(1, 7))),
        ("sum", "row", 24, list(range(3, 24))),
        ("difference", "row", 25, [1, 2, 24]),
    ]
    return annotated(d["id"], rows, lines)


# ---------------------------------------------------------------- final accounts


def _accounts(d: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Pages of one table joined; the tables told by their columns."""
    tables: list[Rows] = []
    for page in d["numbers"]["tables"]:
        rows = page["rows"]
        known = any(w in "".join(rows[0]) for w in ("项目", "收入", "经济分类", "财政拨款“三公”"))
        if known:
            tables.append([list(r) for r in rows])
        else:
            tables[-1] += [list(r) for r in rows if any(r)]
    for k, rows in enumerate(tables, 1):
        yield annotated(f"{d['id']}-{k}", rows, _account_lines(rows))


def _account_lines(rows: Rows) -> list[Line]:
    head = "".join(map(str, rows[0] + rows[1]))
    if "经济分类" in head:
        return _economic(rows)
    if rows[0][0] == "项目":
        return _functional(rows, "年初结转" in head)
    if rows[0][0] == "收入":
        return _overview(rows)
    return []


def _functional(rows: Rows, flow: bool) -> list[Line]:
    """Code trees: a total is the sum of the next longer codes below it; the first number column adds up the others."""
    width = len(rows[0])
    codes = {}
    for r, row in enumerate(rows):
        code = "".join(
            c
            for c in row[: 1 if re.fullmatch(r"\d{3,7}", row[0]) and not re.fullmatch(r"\d\d", row[1]) else 3]
            if re.fullmatch(r"\d+", c)
        )
        if code:
            codes[r] = code
    first = next(
        (
            c
            for c in range(width)
            if any("计" in str(row[c]) for row in rows[:3]) and any(re.search(r"\d\.\d", str(row[c])) for row in rows)
        ),
        None,
    )
    lines: list[Line] = []
    if first is not None and not flow:
        lines.append(("sum", "column", first, list(range(first + 1, width))))
    lines += _code_tree(codes)
    total = next(
        (
            r
            for r, row in enumerate(rows)
            if "合计" in row and r not in codes and any(re.search(r"\d\.\d", str(c)) for c in row)
        ),
        None,
    )
    top = [r for r, code in codes.items() if len(code) == 3]
    return [*lines, ("sum", "row", total, top)] if total is not None else lines


def _code_tree(codes: dict[int, str]) -> list[Line]:
    lines: list[Line] = []
    for r, code in codes.items():
        below = [q for q, other in codes.items() if other.startswith(code) and len(other) == len(code) + 2]
        lines.append(("sum", "row", r, below))
    return [line for line in lines if len(line[3]) >= 2]


def _economic(rows: Rows) -> list[Line]:
    width = len(rows[0])
    half = width // 2
    lines: list[Line] = []
    for offset in (0, half):
        codes = {}
        for r, row in enumerate(rows):
            code = "".join(c for c in row[offset : offset + half - 1] if re.fullmatch(r"\d+", c))
            if code:
                codes[r] = code
        column = offset + half - 1
        total = [r for r, row in enumerate(rows) if any("合计" in str(c) for c in row[offset : offset + half])]
        tops = [r for r, code in codes.items() if len(code) == 3]
        for op, _, t, parts in [*_code_tree(codes), *(("sum", "row", t, tops) for t in total)]:
            lines.append((op, f"row {column}", t, parts))
    return lines


def _overview(rows: Rows) -> list[Line]:
    lines: list[Line] = []
    columns = [c for c in range(len(rows[0])) if any(re.search(r"\d\.\d", str(row[c])) for row in rows)]
    stub = 0
    for c in columns:
        stub = 0 if c < 2 else 2
        words = {str(row[stub]): r for r, row in enumerate(rows) if row[stub]}
        year = next((r for w, r in words.items() if "本年" in w and "合计" in w), None)
        grand = words.get("总计")
        items = [
            r for w, r in words.items() if re.match(r"[一二三四五六七八九十]+、", w) and year is not None and r < year
        ]
        carried = [
            r
            for w, r in words.items()
            if year is not None and grand is not None and year < r < grand and not re.match(r"[一二三]、", w)
        ]
        if year is not None:
            lines.append(("sum", f"row {c}", year, items))
        if year is not None and grand is not None:
            lines.append(("sum", f"row {c}", grand, [year, *carried]))
    if len(rows[0]) == 7:
        lines.append(("sum", "column", 3, [4, 5, 6]))
    return lines


# ---------------------------------------------------------------- FOIA workbooks

OVERALL = re.compile(
    r"(?:Sec )?(?:V\.A|V\.B\.[123]|VI\.A|VI\.B|VI\.C\.[123]|VII\.C\.[123]|VII\.D|VIII\.[AB]|IX|X|XI\.[AB]"
    r"|XII\.[ABDE](?:\.[12])?)\.?"
)
NOT_ADDED = re.compile(r"median|average|lowest|highest|percent|description", re.IGNORECASE)


def _workbook(path: Path) -> Iterator[dict[str, Any]]:
    book = python_calamine.load_workbook(str(path))
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        if rows and OVERALL.fullmatch(sheet):
            yield annotated(f"{path.stem}!{sheet}", rows, _foia_lines(sheet.removeprefix("Sec ").rstrip("."), rows))


def _foia_lines(section: str, rows: Rows) -> list[Line]:
    first = next((r for r, row in enumerate(rows) if "Agency / Component" in row), None)
    if first is None:
        return []
    stub = rows[first].index("Agency / Component")
    last = next((r for r, row in enumerate(rows) if row[stub] == "AGENCY OVERALL"), None)
    if last is None:
        return []
    top = first + 1
    while not rows[top][stub] and top < last:
        top += 1
    heads = {c: " ".join(str(rows[r][c]) for r in range(first, top)) for c in range(stub + 1, len(rows[0]))}
    added = ",".join(str(c) for c, h in heads.items() if not NOT_ADDED.search(h))
    lines: list[Line] = [("sum", f"row {added}", last, list(range(top, last)))] if added else []
    columns = list(heads)
    if section in {"V.A", "VI.A", "XII.B"}:
        a, b, c, d = columns[:4]
        lines.append(("difference", "column", d, [a, b, c]))
    elif section in {"V.B.1", "VI.B"} or section.startswith("VII.C"):
        lines.append(("sum", "column", columns[-1], columns[:-1]))
    elif section == "IX":
        lines += [("sum", "column", columns[2], columns[:2]), ("sum", "column", columns[5], columns[3:5])]
    return lines
