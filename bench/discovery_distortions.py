"""The same tables in worse shape: few columns, few rows, rows left out, turned on their side, without words."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

Table = dict[str, Any]


def kept(table: Table, rows: Sequence[int], columns: Sequence[int]) -> Table:
    """These rows and columns only, and the aggregations that lie in them whole."""
    down, across = ({old: new for new, old in enumerate(lines)} for lines in (rows, columns))
    found = []
    for a in table["aggregations"]:
        cells = [a["total"], *a["parts"]]
        if all(r in down and c in across for r, c in cells):
            total, *parts = ([down[r], across[c]] for r, c in cells)
            found.append({"op": a["op"], "total": total, "parts": parts})
    return {
        "id": table["id"],
        "rows": [[table["rows"][r][c] for c in columns] for r in rows],
        "aggregations": found,
    }


def numbered(table: Table) -> list[int]:
    """Rows with a digit behind their first cell."""
    return [r for r, row in enumerate(table["rows"]) if any(c.isdecimal() for cell in row[1:] for c in cell)]


def narrow(table: Table, rng: random.Random) -> Table:
    """The labels and one or two columns."""
    width = len(table["rows"][0])
    first = 2 if width > 4 else 1
    chosen = rng.sample(range(first, width), min(rng.choice([1, 2]), width - first))
    return kept(table, range(len(table["rows"])), [*range(first), *sorted(chosen)])


def gappy(table: Table, rng: random.Random) -> Table:
    """A fifth of the rows left out."""
    own = frozenset(numbered(table))
    rows = [r for r in range(len(table["rows"])) if r not in own or rng.random() > 0.2]
    return kept(table, rows, range(len(table["rows"][0])))


def short(table: Table, rng: random.Random) -> Table:
    """Half of the rows, side by side."""
    own = numbered(table)
    half = max(2, len(own) // 2)
    first = rng.randrange(len(own) - half + 1)
    chosen = frozenset(own[first : first + half])
    rows = [r for r in range(len(table["rows"])) if r in chosen or r not in own]
    return kept(table, rows, range(len(table["rows"][0])))


def turned(table: Table, rng: random.Random) -> Table:
    """Rows for columns."""
    del rng
    found = [
        {"op": a["op"], "total": a["total"][::-1], "parts": [p[::-1] for p in a["parts"]]}
        for a in table["aggregations"]
    ]
    return {"id": table["id"], "rows": [list(row) for row in zip(*table["rows"], strict=True)], "aggregations": found}


def wordless(table: Table, rng: random.Random) -> Table:
    """No words before the numbers, no groups."""
    del rng
    own = frozenset(numbered(table))
    rows = [[f"Item {r}" if r in own else "", *row[1:]] for r, row in enumerate(table["rows"])]
    return {"id": table["id"], "rows": rows, "aggregations": table["aggregations"]}


KINDS: dict[str, Callable[[Table, random.Random], Table]] = {
    "narrow": narrow,
    "gappy": gappy,
    "short": short,
    "turned": turned,
    "wordless": wordless,
}
