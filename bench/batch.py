"""A batch of many small workbooks, as ratios in one run: the machines are noisy, absolute times mean little.

    python bench/batch.py [--files 2000] [--rounds 2] [--quick] [--memory [FILES...]]

Every line is a process and all that it starts, measured in CPU, which is what "per core" means on a machine that does
other things too. Starting (interpreter, pandas, rulebooks) is told apart by the same work over few files. Beside it:
a bare calamine read of every sheet, the script a user would write with pandas and openpyxl, pandera for each file;
then the share of each room. ``--memory``: peak memory against the number of files.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditkit.batch import Found, Setup, enlist, gather, record, run
from auditkit.batch.worker import settle_in
from auditkit.checking.listing import inputs
from auditkit.model.finding import Result
from auditkit.reports import summary_workbook, wording
from auditkit.reports.summary_workbook import Input
from auditkit.store import Store
from batch_rivals import bare, bare_in_two, pandera, script
from rooms import Clock
from speed import write

SETUP = Setup(rules="cn-disclosure-2021")
SAMPLE = 200
"""Files for the slow rivals."""
FEW = 300
"""Files in the run that tells what starting takes."""
MODELS = 500
"""Different workbooks; further files are links to them."""


def make(folder: Path, files: int) -> None:
    """Submissions of as many units, all right."""
    chance = random.Random(1)
    folder.mkdir()
    models: list[Path] = []
    for n in range(files):
        path = folder / f"第{n:06}镇_2024.xlsx"
        if n < MODELS:
            write(path, f"第{n:06}镇", chance)
            models.append(path)
        else:
            path.hardlink_to(models[n % MODELS])


def checked(folder: Path, jobs: int) -> Iterator[Result]:
    """All results of a run, each right."""
    found = (one for one in gather([folder]) if isinstance(one, Found))
    for result in run(found, SETUP, jobs=jobs):
        assert result.verdict == "pass", result.file
        yield result


def verdicts(folder: Path, jobs: int) -> None:
    for _ in checked(folder, jobs):
        pass


def summary(folder: Path, jobs: int) -> None:
    """With every path accounted for, as the command has it."""
    listed: list[Input] = []

    def listing() -> Iterator[Result]:
        for result in checked(folder, jobs):
            became = wording.VERDICTS[result.verdict]
            listed.append(Input(result.file, became, unit=result.unit, code=result.unit_code))
            yield result

    summary_workbook.render(listing(), "zh", inputs=listed)


def stored(folder: Path, jobs: int) -> None:
    """With the store; over again where it was run before."""
    with Store(folder.parent / f"{folder.name}.db") as store:
        record_all(folder, jobs, store)


def record_all(folder: Path, jobs: int, store: Store) -> None:
    number, _ = store.new("R", "", "")
    enlist(store, number, SETUP, gather([folder]))
    for entries in record(store, number, SETUP, jobs=jobs):
        assert all(entry.outcome == "pass" for entry in entries)
    store.finish(number, "now")


def command(folder: Path) -> list[str]:
    """``auditkit check FOLDER --summary``, as an office runs it; over again where it was run before."""
    beside = folder.parent / folder.name
    words = ("check", folder, "--store", f"{beside}.sqlite", "--summary", f"{beside}.xlsx", "-j", 2, "--no-progress")
    return ["-m", "auditkit", *map(str, words)]


WORKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "bare read": (lambda folder: bare(sorted(folder.iterdir())), "bare read"),
    "bare read, 2 processes": (lambda folder: bare_in_two(sorted(folder.iterdir())), "bare read"),
    "verdicts, in this process": (lambda folder: verdicts(folder, 0), "bare read"),
    "verdicts, 1 worker": (lambda folder: verdicts(folder, 1), "bare read"),
    "verdicts, 2 workers": (lambda folder: verdicts(folder, 2), "bare read"),
    "verdicts and summary, 1 worker": (lambda folder: summary(folder, 1), "bare read"),
    "verdicts and summary, 2 workers": (lambda folder: summary(folder, 2), "bare read"),
    "verdicts and store, 2 workers": (lambda folder: stored(folder, 2), "bare read"),
    "second run": (lambda folder: stored(folder, 2), "verdicts and store, 2 workers"),
}
COMMANDS = {"the command, with summary": "bare read", "the command again": "the command, with summary"}
"""Processes of their own, with what each is set against."""
AGAINST = {name: against for name, (_, against) in WORKS.items()} | COMMANDS
QUICK = ("bare read", "verdicts and store, 2 workers", "second run", "the command, with summary", "the command again")
SLOW: dict[str, Callable[[Path], None]] = {
    "pandas + openpyxl script": lambda folder: script(sorted(folder.iterdir())),
    "pandera for each file": lambda folder: pandera(sorted(folder.iterdir())),
}


@dataclass(frozen=True)
class Took:
    """Seconds of CPU and by the clock, and the largest process in MB."""

    cpu: float
    wall: float
    peak: float


def measured(work: str, folder: Path) -> Took:
    """One work in a process of its own; orphans it leaves (a fork server) come to us and are counted."""
    start = time.perf_counter()
    words = command(folder) if work in COMMANDS else [__file__, "--work", work, "--folder", str(folder)]
    subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cpu = peak = 0.0
    while True:
        try:
            _, status, used = os.wait3(0)
        except ChildProcessError:
            return Took(cpu, time.perf_counter() - start, peak)
        assert status == 0, work
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss / 1024)


def adopt_orphans() -> None:
    """What our children leave behind becomes ours (Linux)."""
    adopts = 36
    ctypes.CDLL(None, use_errno=True).prctl(adopts, 1, 0, 0, 0)


def compare(folder: Path, few: Path, rounds: int, quick: bool) -> dict[str, float]:
    """Take turns, print CPU a file; seconds a file without starting, by work."""
    works = {name: against for name, against in AGAINST.items() if name in QUICK or not quick}
    times: dict[str, list[tuple[Took, Took]]] = {name: [] for name in works}
    n = len(list(folder.iterdir()))
    for _ in range(rounds):
        for path in (*folder.parent.glob("*.db*"), *folder.parent.glob("*.sqlite*")):
            path.unlink()
        for name in works:
            times[name].append((measured(name, folder), measured(name, few)))
    each = {name: statistics.median((a.cpu - b.cpu) / (n - FEW) for a, b in took) for name, took in times.items()}
    whole = {name: statistics.median(a.cpu for a, _ in took) / n for name, took in times.items()}
    print(f"{n} workbooks, {rounds} rounds, medians; ms of CPU a file, without starting and with it; files a second")
    for name, against in works.items():
        wall = statistics.median(a.wall for a, _ in times[name])
        ratios = f"{each[name] / each[against]:6.3f} x  {whole[name] / whole[against]:6.3f} x  {against}"
        print(f"  {name:32} {each[name] * 1000:7.3f} {whole[name] * 1000:7.3f} {n / wall:7.0f}/s  {ratios}")
    return each


def main() -> None:
    """Write the files, take turns, print ratios."""
    options = argparse.ArgumentParser()
    options.add_argument("--files", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--quick", action="store_true", help="five lines only")
    options.add_argument("--memory", type=int, nargs="*", metavar="FILES")
    options.add_argument("--work", choices=[*WORKS, *SLOW])
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    if given.work:
        (WORKS[given.work][0] if given.work in WORKS else SLOW[given.work])(given.folder)
        return
    adopt_orphans()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        if given.memory is not None:
            memory(root, given.memory or [1_000, 10_000, 100_000])
            return
        for folder, files in (("few", FEW), ("sample", SAMPLE + FEW), ("post", given.files)):
            make(root / folder, files)
        each = compare(root / "post", root / "few", given.rounds, given.quick)
        ours = each["the command, with summary"]
        for work in SLOW:
            slow = (measured(work, root / "sample").cpu - measured(work, root / "few").cpu) / SAMPLE
            print(f"  {work:32} {slow * 1000:7.3f}  {slow / ours:6.1f} x the command, with summary")
        rooms(root / "sample")


def rooms(folder: Path) -> None:
    """Where the time of one process goes, store and summary included; the collector is told what a worker tells it."""
    verdicts(folder, 0)
    settle_in()
    spent = Clock().run(lambda: _all_at_once(folder))
    total = sum(spent.values())
    print("share of CPU by room, in one process, with store and summary")
    for room, seconds in spent.items():
        print(f"  {room:32} {seconds / total:6.1%}")


def _all_at_once(folder: Path) -> None:
    with Store(":memory:") as store:
        record_all(folder, 0, store)
        summary_workbook.render((result for _, result in store.results(1)), "zh", inputs=inputs(store, 1))


def memory(root: Path, numbers: list[int]) -> None:
    """Peak of the largest process over growing numbers of files."""
    print("peak MB of the largest process: into the store, then the command with a summary")
    for files in numbers:
        make(root / str(files), files)
        works = ("verdicts and store, 2 workers", "the command, with summary")
        peaks = [measured(work, root / str(files)).peak for work in works]
        print(f"  {files:7} files: {peaks[0]:5.0f} {peaks[1]:5.0f}")


if __name__ == "__main__":
    main()
