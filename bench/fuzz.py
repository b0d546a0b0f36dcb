"""Samples with bytes changed at random: no crash, no hang, no bug of ours, a reason for each that cannot be read.

    python bench/fuzz.py [--samples 5000] [--seed 1] [--jobs 2]

Every kind of file among the samples is damaged in every way: bits flipped in the file, bytes of a part changed and the
package packed anew with right checksums, cut off, a piece written twice, a piece zeroed. They are checked as an inbox
is, by worker processes under limits. Prints what became of them; exit status 1 if any crashed, hung or swelled its
worker, or met a bug of ours.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from auditkit.batch import Found, Limits, Setup, gather, run

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
KINDS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".docx", ".csv", ".tsv", ".html", ".txt", ".md"}
BAD = ("crashed", "timed-out", "out-of-memory", "failed")
"""What must not become of a file that is merely damaged."""


def models() -> list[Path]:
    """Samples that are damaged, in order."""
    files = [*SAMPLES.glob("clean/*/*_2024.*"), *SAMPLES.glob("broken/*_*.*")]
    return sorted(path for path in files if path.suffix in KINDS)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """One sample, changed in one way."""
    if data.startswith(b"PK") and chance.random() < 0.6:
        return repacked(data, chance)
    return scrambled(data, chance)


def scrambled(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, cut off, doubled or zeroed."""
    made, way = bytearray(data), chance.randrange(6)
    at = chance.randrange(len(made))
    length = chance.randrange(1, 1 + min(400, len(made)))
    if way == 0:
        return bytes(made[:at])
    if way == 1:
        made[at:at] = made[at : at + length]
    elif way == 2:
        made[at : at + length] = bytes(len(made[at : at + length]))
    elif way == 3:
        del made[at : at + length]
    else:
        for _ in range(chance.randrange(1, 20)):
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def repacked(data: bytes, chance: random.Random) -> bytes:
    """A package with right directory and checksums and one part changed: damage that only a reader can notice."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice([name for name, part in parts.items() if part])
    parts[name] = scrambled(parts[name], chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def samples(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes, the same for the same seed."""
    chance, originals = random.Random(seed), [(path.suffix, path.read_bytes()) for path in models()]
    for n in range(count):
        suffix, data = originals[n % len(originals)]
        yield f"{n:05}{suffix}", damaged(data, chance)


def main() -> int:
    """Damage, check, count."""
    options = argparse.ArgumentParser()
    options.add_argument("--samples", type=int, default=5000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for file, data in samples(given.samples, given.seed):
            Path(name, file).write_bytes(data)
        found = [one for one in gather([name]) if isinstance(one, Found)]
        started = time.perf_counter()
        results = list(run(found, Setup(), jobs=given.jobs, limits=Limits(seconds=30)))
        took = time.perf_counter() - started
    outcomes = Counter(one.faults[0].code if one.faults else one.verdict for one in results)
    print(f"{len(models())} originals, {len(results)} damaged samples, {took:.0f} s")
    for outcome, n in outcomes.most_common():
        print(f"  {outcome:16} {n:6}")
    bad = [(one.file, one.faults[0].message.en) for one in results if one.faults and one.faults[0].code in BAD]
    for file, said in bad[:20]:
        print(f"  {file}: {said}")
    print(f"{len(bad)} crashed, hung, swelled or met a bug")
    return 1 if bad or len(results) != given.samples else 0


if __name__ == "__main__":
    sys.exit(main())
