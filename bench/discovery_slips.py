"""Tables of no form: how many planted slips are told, and what is told of tables that have none.

    python bench/discovery_slips.py                     bench/tables and made-up tables
    python bench/discovery_slips.py --cases FOLDER      and the disclosures and FOIA workbooks of a folder

One digit of one figure that takes part in a true aggregation is replaced; the slip counts as told when a new finding
has that cell among its own. Tables with one witness cannot tell: nothing holds elsewhere.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditkit import discover
from auditkit.model.document import Document, Grid
from auditkit.model.finding import Finding
from discovery_cases import tables_of
from discovery_sheets import generate
from discovery_tables import publications

MOST = 200
"""Tables of one corpus."""


def told(rows: Sequence[Sequence[Any]]) -> list[Finding]:
    """The findings of one table."""
    return discover.check(Document("table.csv", "delimited", (Grid("table", [tuple(row) for row in rows]),)))


def slip(text: str, rng: random.Random) -> str | None:
    """One digit replaced; None where a slip would mean nothing."""
    digits = [k for k, c in enumerate(text) if c.isdecimal()]
    if len(digits) < 2:
        return None
    at = rng.choice(digits)
    other = rng.choice([d for d in "0123456789" if d != text[at] and (d != "0" or at != digits[0])])
    return text[:at] + other + text[at + 1 :]


def measure(name: str, tables: Sequence[dict[str, Any]]) -> None:
    """Prints one line for a corpus, and every finding of a table as it was published."""
    rng = random.Random(name)
    counts: Counter[str] = Counter()
    for table in rng.sample(tables, min(MOST, len(tables))):
        before = told(table["rows"])
        counts["published"] += len(before)
        for finding in before:
            print(f"  {table['id']} {finding.place.address} {finding.rule} {finding.arithmetic.en[:120]}")
        if not table["aggregations"]:
            continue
        chosen = rng.choice(table["aggregations"])
        row, column = rng.choice([chosen["total"], *chosen["parts"]])
        typed = slip(str(table["rows"][row][column]).removesuffix(".0"), rng)
        if typed is not None:
            rows = [list(r) for r in table["rows"]]
            rows[row][column] = typed
            known = {finding.key for finding in before}
            fresh = [finding for finding in told(rows) if finding.key not in known]
            cells = [{(t.place.row, t.place.column) for t in f.terms if t.place} for f in fresh]
            counts["planted"] += 1
            counts["told"] += any((row, column) in c for c in cells)
            counts["elsewhere"] += sum((row, column) not in c for c in cells)
    print(
        f"{name}: findings as published {counts['published']}; planted {counts['planted']}, told {counts['told']}, "
        f"findings elsewhere {counts['elsewhere']}"
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    measure("published tables", list(publications(2)))
    measure("made-up tables", generate(MOST, 5))
    for name, tables in tables_of(options.cases) if options.cases else ():
        measure(name, tables)


if __name__ == "__main__":
    main()
