"""A batch killed at random moments and gone on with: its outputs are those of a run that nothing disturbed.

    python bench/kills.py [--kills 100] [--files 500] [--each 1] [--seed 1]

The command line as an office runs it, with a roster, a store, returned workbooks, a summary and JSON lines. Each batch
begins with nothing, is ended ``--each`` times by ``kill -9`` at a random moment between its start and the time the
undisturbed run took, then run to its end; every file it wrote is compared byte by byte. Exit status 1 if any differs.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from speed import write

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def make(folder: Path, files: int) -> None:
    """So many submissions and a roster; every ninth is wrong, every fiftieth is damaged, some units sent nothing."""
    inbox = folder / "inbox"
    inbox.mkdir()
    chance = random.Random(1)
    wrong = (SAMPLES / "broken" / "石桥镇_2024.xlsx").read_bytes()
    for n in range(files):
        path = inbox / f"第{n:04}镇_2024.xlsx"
        write(path, f"第{n:04}镇", chance)
        if n % 9 == 0:
            path.write_bytes(wrong)
        elif n % 50 == 0:
            path.write_bytes(path.read_bytes()[:2000])
    lines = ["编号,名称", *(f"{n:04},第{n:04}镇" for n in range(files + 5))]
    (folder / "roster.csv").write_text("\n".join(lines), "utf-8")


def start(folder: Path, base: str) -> subprocess.Popen[bytes]:
    """The command, with everything it writes below ``base``."""
    at = folder / base
    at.mkdir(exist_ok=True)
    words = (
        "check", folder / "inbox", "--units", folder / "roster.csv", "--store", at / "store.sqlite", "--lang", "zh",
        "--out-dir", at / "back", "--summary", at / "summary.xlsx", "--out", at / "findings.jsonl", "-j", "2",
        "--format", "none",
    )  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "auditkit", *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def written(at: Path) -> dict[str, bytes]:
    """Every file below, but the store."""
    files = (path for path in at.rglob("*") if path.is_file() and not path.name.startswith("store.sqlite"))
    return {str(path.relative_to(at)): path.read_bytes() for path in files}


def main() -> int:
    """Kill, go on, compare."""
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--files", type=int, default=500)
    options.add_argument("--each", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    chance, done, same, batches, landed = random.Random(given.seed), 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, given.files)
        day = None
        while done < given.kills:
            if day != datetime.now(UTC).astimezone().date():  # runs are called after their day
                shutil.rmtree(folder / "undisturbed", ignore_errors=True)
                day, began = datetime.now(UTC).astimezone().date(), time.monotonic()
                status = start(folder, "undisturbed").wait()
                took = time.monotonic() - began
                expected = written(folder / "undisturbed")
                print(f"undisturbed: exit status {status}, {took:.1f} s, {len(expected)} files written", flush=True)
            for _ in range(given.each):
                process = start(folder, "killed")
                try:
                    process.wait(chance.uniform(0, took))
                except subprocess.TimeoutExpired:
                    process.kill()
                    landed += 1
                process.wait()
                done += 1
            again = start(folder, "killed").wait()
            if day != datetime.now(UTC).astimezone().date():
                shutil.rmtree(folder / "killed")
                continue
            batches += 1
            equal = again == status and written(folder / "killed") == expected
            same += equal
            if not equal:
                differs = {k for k, v in written(folder / "killed").items() if expected.get(k) != v}
                print(f"batch {batches}: exit status {again}, differs: {sorted(differs)[:5]}", flush=True)
            if batches % 10 == 0:
                print(f"{done} kills, {same} of {batches} batches the same", flush=True)
            shutil.rmtree(folder / "killed")
    print(f"{done} kills, {landed} before the run was over, of a batch of {given.files}")
    print(f"{same} of {batches} batches ended with the same bytes")
    return 0 if same == batches else 1


if __name__ == "__main__":
    sys.exit(main())
