"""How well identities are discovered: precision, recall and F1 by operator, and the time a table takes.

    python bench/discovery_score.py CORPUS.jsonl ...         score annotated tables
    python bench/discovery_score.py --generate 300 --seed 1  score made-up tables (--write FILE keeps them)
    python bench/discovery_score.py --cases FOLDER           score the disclosures and FOIA workbooks of a folder
    python bench/discovery_score.py --tables 2               score bench/tables/*.txt, filled twice, and distorted

A corpus has one table a line:

    {"id": "t1", "rows": [["", "2019"], ["A", "1"], ["B", "2"], ["Total", "3"]],
     "aggregations": [{"op": "sum", "total": [3, 1], "parts": [[1, 1], [2, 1]]}]}

``op`` is sum, difference (parts added and subtracted), average, division (first / second) or change (of the first
against the second); rows and columns count from 0; cells are text as shown. An aggregation is found when the total and
the set of parts agree; parts without a number (a blank adds nothing) are left out on both sides, and so are
aggregations with fewer than two numbers left. a - b = c and b + c = a are the same aggregation.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from auditkit.discover import identities
from auditkit.discover.figures import Figures, figures
from auditkit.model.document import Grid
from discovery_cases import tables_of
from discovery_distortions import KINDS
from discovery_sheets import generate
from discovery_tables import publications

OPERATORS = ("sum", "difference", "average", "division", "change", "share")
Cell = tuple[int, int]
Key = tuple[str, Cell, frozenset[Cell]]


def canonical(op: str, total: Cell, parts: tuple[Cell, ...], sheet: Figures) -> Key | None:
    """One key for equal aggregations; None where fewer than two parts have numbers.

    Of a difference, the minuend is the part with which it holds better.
    """
    told = tuple(p for p in parts if sheet.number[p])
    if not sheet.number[total] or len(told) < 2:
        return None
    if op == "difference" and len(told) == 2:
        whole, rest = sorted(told, key=lambda p: abs(2 * sheet.value[p] - sum(sheet.value[q] for q in (total, *told))))
        return "sum", whole, frozenset((total, rest))
    if op == "difference":
        return "difference", total, frozenset(told)
    return op, total, frozenset(told)


def score(table: dict[str, Any], counts: Counter[tuple[str, str]]) -> tuple[float, list[Key], list[Key]]:
    """Adds right, wrong and missed of one table to the counts; returns seconds, what was wrong and what was missed."""
    grid = Grid(str(table["id"]), table["rows"])
    sheet = figures(grid)
    start = time.perf_counter()
    found = identities(grid)
    seconds = time.perf_counter() - start
    told: dict[Key, str] = {}
    for identity in found:
        for total, parts in identity.cells():
            key = canonical(identity.op, total, parts, sheet)
            if key:
                told.setdefault(key, identity.op)
    true: dict[Key, str] = {}
    for a in table["aggregations"]:
        key = canonical(a["op"], tuple(a["total"]), tuple(tuple(p) for p in a["parts"]), sheet)
        if key:
            true.setdefault(key, a["op"])
    for key, op in told.items():
        counts[true.get(key, op), "right" if key in true else "wrong"] += 1
    for key, op in true.items():
        counts[op, "missed"] += key not in told
    return seconds, [k for k in told if k not in true], [k for k in true if k not in told]


def report(tables: Iterable[dict[str, Any]], *, verbose: bool) -> None:
    """Prints the scores of a corpus."""
    counts: Counter[tuple[str, str]] = Counter()
    seconds = []
    clean = [0, 0]
    for table in tables:
        took, wrong, missed = score(table, counts)
        seconds.append(took)
        if not table["aggregations"]:
            clean[0] += 1
            clean[1] += bool(wrong)
        if verbose and (wrong or missed):
            print(f"{table['id']}: wrong {len(wrong)} {shown(wrong)}  missed {len(missed)} {shown(missed)}")
    print(f"{'operator':12}{'true':>8}{'found':>8}{'P':>8}{'R':>8}{'F1':>8}")
    for op in OPERATORS:
        right, wrong, missed = counts[op, "right"], counts[op, "wrong"], counts[op, "missed"]
        if right + wrong + missed:
            p, r = right / max(1, right + wrong), right / max(1, right + missed)
            print(f"{op:12}{right + missed:8}{right + wrong:8}{p:8.3f}{r:8.3f}{2 * p * r / max(1e-9, p + r):8.3f}")
    print(f"tables {len(seconds)}, without aggregations {clean[0]}, of them with something found {clean[1]}")
    times = sorted(seconds)
    late = times[int(0.99 * (len(times) - 1))]
    print(f"seconds a table: median {statistics.median(times):.4f}, p99 {late:.4f}, max {times[-1]:.4f}")


def shown(keys: list[Key]) -> str:
    """The first two, short."""
    return "; ".join(
        f"{op}{total}={sorted(parts)[:5]}{'..' if len(parts) > 5 else ''}" for op, total, parts in keys[:2]
    )


def lines(paths: list[Path]) -> Iterator[dict[str, Any]]:
    """The tables of JSON-lines files."""
    for path in paths:
        with path.open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())


def main() -> int:
    """Reads the command line and prints one table of scores per corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="*", type=Path)
    parser.add_argument("--generate", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help="keep the generated tables as a corpus")
    parser.add_argument("--cases", type=Path, metavar="FOLDER")
    parser.add_argument("--tables", type=int, metavar="N")
    parser.add_argument("-v", "--verbose", action="store_true", help="what was wrong and what was missed, by table")
    options = parser.parse_args()
    if options.corpus:
        report(lines(options.corpus), verbose=options.verbose)
    if options.generate:
        tables = generate(options.generate, options.seed)
        if options.write:
            options.write.write_text(
                "".join(json.dumps(t, ensure_ascii=False) + "\n" for t in tables), encoding="utf-8"
            )
        report(tables, verbose=options.verbose)
    for name, tables in tables_of(options.cases) if options.cases else ():
        print(f"\n{name}")
        report(tables, verbose=options.verbose)
    if options.tables:
        print("\nas published")
        report(publications(options.tables), verbose=options.verbose)
        for name, distorted in KINDS.items():
            print(f"\n{name}")
            tables = (distorted(t, random.Random(t["id"])) for t in publications(options.tables))
            report(tables, verbose=options.verbose)
    return 0


if __name__ == "__main__":
    sys.exit(main())
