"""A register of a million rows from CSV, ten rules: auditkit side by side with what a user would otherwise write.

    python bench/register.py [--rows N] [--wrong N]

Rivals (pandas by hand, pandera alone, polars, DuckDB) do the same ten checks and count the same failures; those that
are not installed are left out. Every contender runs in a process of its own, after a part of it for its imports; times
include reading, ratios are to DuckDB in this run, memory is the peak of the process. On a busy machine the processor's
time says more than the clock.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLUMNS = (
    "code",
    "name",
    "start",
    "received",
    "handled",
    "granted",
    "partly",
    "refused",
    "other",
    "end",
    "fee",
    "days",
)
BOOK = """\
rulebook: register-bench
version: "1"
title: {zh: 申请登记册, en: register of requests}
titles: [申请登记册]
tables:
  R:
    title: 申请登记册
    records: {name: units, key: code}
    cells: count
    kinds: {name: text, fee: number, days: number}
    codes: {cells: BR100}
    columns: {code: code, name: name, start: start, received: received, handled: handled, granted: granted,
      partly: partly, refused: refused, other: other, end: end, fee: fee, days: days}
rules:
"""
RULE = """\
  - id: BR10{n}
    name: {{zh: 甲, en: rule {n}}}
    for: each row in R
    check: {check}
    message: {{zh: 甲。, en: Rule {n}.}}
"""
CHECKS = (
    "end = start + received - handled",
    "handled = granted + partly + refused + other",
    "granted ≤ handled",
    "partly ≤ handled",
    "refused ≤ handled",
    "end ≥ 0",
    "fee ≥ 0",
    "days ≤ 400",
    "code is unique",
)
"""With the type of every cell, ten."""
SQL = (
    '"end" <> "start" + received - handled',
    'handled <> granted + partly + refused + "other"',
    "granted > handled",
    "partly > handled",
    "refused > handled",
    '"end" < 0',
    "fee < 0",
    "days > 400",
)


def make(folder: Path, rows: int, wrong: int) -> Path:
    """The register, and the rulebook beside it."""
    (folder / "book").mkdir()
    rules = "".join(RULE.format(n=n, check=check) for n, check in enumerate(CHECKS, 1))
    (folder / "book" / "rulebook.yaml").write_text(BOOK + rules, "utf-8")
    chance = random.Random(1)
    slips = set(chance.sample(range(rows), wrong))
    path = folder / "register.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("申请登记册,,,,,,,,,,,\n" + ",".join(COLUMNS) + "\n")
        for n in range(rows):
            start, received = chance.randrange(50), chance.randrange(500)
            parts = [chance.randrange(1 + (start + received) // 5) for _ in range(4)]
            handled = sum(parts)
            end = start + received - handled + (n in slips)
            cells = (f"U{n:07}", f"unit {n % 997}", start, received, handled, *parts, end)
            file.write(",".join(map(str, cells)) + f",{chance.randrange(100000) / 100:.2f},{chance.randrange(400)}\n")
    return path


def auditkit(path: Path) -> int:
    from auditkit.audit import auditor, sources  # noqa: PLC0415

    (result,) = auditor(rules=str(path.parent / "book")).audit(sources([path]))
    assert not result.faults, result.faults
    return len(result.findings)


def pandas(path: Path) -> int:
    import pandas as pd  # noqa: PLC0415

    f = pd.read_csv(path, skiprows=1)
    bad = [
        f.end != f.start + f.received - f.handled, f.handled != f.granted + f.partly + f.refused + f.other,
        f.granted > f.handled, f.partly > f.handled, f.refused > f.handled, f.end < 0, f.fee < 0, f.days > 400,
    ]  # fmt: skip
    return sum(int(b.sum()) for b in bad) + int(f.code.duplicated(keep=False).sum())


def pandera(path: Path) -> int:
    import pandas as pd  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    counts = {name: pa.Column(int, pa.Check.ge(0)) for name in COLUMNS[2:10]}
    schema = pa.DataFrameSchema(
        {"code": pa.Column(str, unique=True), "name": pa.Column(str), **counts,
         "fee": pa.Column(float, pa.Check.ge(0)), "days": pa.Column(int, pa.Check.le(400))},
        checks=[
            pa.Check(lambda f: f.end == f.start + f.received - f.handled),
            pa.Check(lambda f: f.handled == f.granted + f.partly + f.refused + f.other),
            pa.Check(lambda f: f.granted <= f.handled),
            pa.Check(lambda f: f.partly <= f.handled),
            pa.Check(lambda f: f.refused <= f.handled),
        ],
    )  # fmt: skip
    try:
        schema.validate(pd.read_csv(path, skiprows=1), lazy=True)
    except SchemaErrors as errors:
        return errors.failure_cases["index"].nunique()
    return 0


def polars(path: Path) -> int:
    import polars as pl  # noqa: PLC0415

    c = pl.col
    bad = [
        c("end") != c("start") + c("received") - c("handled"),
        c("handled") != c("granted") + c("partly") + c("refused") + c("other"),
        c("granted") > c("handled"), c("partly") > c("handled"), c("refused") > c("handled"),
        c("end") < 0, c("fee") < 0, c("days") > 400, c("code").is_duplicated(),
    ]  # fmt: skip
    counted = pl.scan_csv(path, skip_rows=1).select(b.sum().alias(str(n)) for n, b in enumerate(bad)).collect()
    return sum(counted.row(0))


def duckdb(path: Path) -> int:
    import duckdb as db  # noqa: PLC0415

    counts = " + ".join(f"count(*) FILTER (WHERE {bad})" for bad in SQL)
    table = f"read_csv('{path}', skip=1, header=true)"
    asked = f"SELECT {counts} + count(*) - count(DISTINCT code) FROM {table}"
    return int(db.sql(asked).fetchall()[0][0])


CONTENDERS = {f.__name__: f for f in (duckdb, auditkit, polars, pandas, pandera)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--wrong", type=int, default=20)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--one", nargs=3, metavar=("NAME", "FILE", "SMALL"), help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        CONTENDERS[asked.one[0]](Path(asked.one[2]))  # what it imports is not timed
        began, worked = time.perf_counter(), time.process_time()
        found = CONTENDERS[asked.one[0]](Path(asked.one[1]))
        taken, worked = time.perf_counter() - began, time.process_time() - worked
        print(found, taken, worked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder), asked.rows, asked.wrong)
        small = path.with_name("small.csv")
        small.write_bytes(b"".join(path.open("rb").readlines(10 << 20)))  # long enough to be read as a register
        print(f"{asked.rows:,} rows x {len(COLUMNS)} columns, {path.stat().st_size / 2**20:.0f} MB, ten rules")
        best: dict[str, tuple[float, float, float, str]] = {}
        for _ in range(asked.rounds):
            for name in CONTENDERS:
                run = subprocess.run(
                    [sys.executable, __file__, "--one", name, str(path), str(small)],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                if run.returncode:
                    best[name] = (float("inf"), float("inf"), 0, run.stderr.strip().splitlines()[-1])
                    continue
                found, *measured = run.stdout.split()
                taken, worked, memory = map(float, measured)
                known = best.get(name, (float("inf"), float("inf"), 0.0, ""))
                best[name] = (min(taken, known[0]), min(worked, known[1]), max(memory, known[2]), found)
        clock, processor = best["duckdb"][:2]
        print(f"{'':10} {'seconds':>8} {'x DuckDB':>9} {'of CPU':>7} {'x DuckDB':>9} {'peak MB':>8}  findings")
        for name, (taken, worked, memory, found) in best.items():
            ratios = f"{taken:8.2f} {taken / clock:9.2f} {worked:7.2f} {worked / processor:9.2f}"
            print(f"{name:10} {ratios} {memory:8.0f}  {found}")


if __name__ == "__main__":
    main()
