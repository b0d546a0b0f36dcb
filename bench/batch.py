"""A batch of many small workbooks, as ratios in one run: the machines are noisy, absolute times mean little.

    python bench/batch.py [--files 2000] [--rounds 3] [--kills 0] [--memory]

Over the same files, wall time: a bare calamine read of every sheet in one process and in two; the batch with its
summary workbook, guards, worker processes and store; the second run over unchanged files. ``--memory``: peak memory
of the whole against the number of files. ``--kills``: so many runs ended by ``kill -9``, each gone on with until the
end, outputs compared byte by byte.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from auditkit.batch import Found, Setup, gather, run
from auditkit.model.finding import Result
from auditkit.reports import summary_workbook
from auditkit.store import Store
from speed import bare, write

SETUP = Setup(rules="cn-disclosure-2021")


def make(folder: Path, files: int) -> None:
    """Submissions of as many units, all right."""
    chance = random.Random(1)
    for n in range(files):
        write(folder / f"第{n:05}镇_2024.xlsx", f"第{n:05}镇", chance)


def bare_in_two(paths: list[Path]) -> None:
    """The floor on two processes."""
    context = multiprocessing.get_context("forkserver")
    halves = [context.Process(target=bare, args=(paths[half::2],)) for half in (0, 1)]
    for process in halves:
        process.start()
    for process in halves:
        process.join()


def batch(folder: Path, jobs: int, base: Path | None) -> None:
    """What ``auditkit check FOLDER --summary`` does."""
    found = (one for one in gather([folder]) if isinstance(one, Found))
    if base is None:
        summary_workbook.render(seen(run(found, SETUP, jobs=jobs)), "zh")
        return
    with Store(base) as store:
        number = store.begin("R1", "", "")
        summary_workbook.render(seen(run(found, SETUP, jobs=jobs, store=store, record=number)), "zh")


def again(folder: Path, base: Path) -> None:
    """A run over files that are all known: every result from the store."""
    with Store(base) as store:
        for _ in seen(run((one for one in gather([folder]) if isinstance(one, Found)), SETUP, jobs=2, store=store)):
            pass


def verdicts(folder: Path, jobs: int) -> None:
    """Verdicts only."""
    for _ in seen(run((one for one in gather([folder]) if isinstance(one, Found)), SETUP, jobs=jobs)):
        pass


def seen(results: Iterator[Result]) -> Iterator[Result]:
    for result in results:
        assert result.verdict == "pass", result.file
        yield result


def timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(folder: Path, rounds: int) -> None:
    """Take turns, print ratios to the bare read on as many processes."""
    paths = sorted(folder.glob("*.xlsx"))
    base = folder.parent / "store.db"

    def fresh(jobs: int) -> None:
        for path in folder.parent.glob("store.db*"):
            path.unlink()
        batch(folder, jobs, base)

    verdicts(folder, 1)
    works: dict[str, tuple[Callable[[], None], str]] = {
        "bare read, 1 process": (lambda: bare(paths), "bare read, 1 process"),
        "bare read, 2 processes": (lambda: bare_in_two(paths), "bare read, 2 processes"),
        "verdicts, in process": (lambda: verdicts(folder, 0), "bare read, 1 process"),
        "verdicts, 1 worker": (lambda: verdicts(folder, 1), "bare read, 1 process"),
        "verdicts, 2 workers": (lambda: verdicts(folder, 2), "bare read, 2 processes"),
        "batch and summary, 1 worker": (lambda: batch(folder, 1, None), "bare read, 1 process"),
        "batch and summary, 2 workers": (lambda: batch(folder, 2, None), "bare read, 2 processes"),
        "the same with store, 2 workers": (lambda: fresh(2), "bare read, 2 processes"),
        "second run, results": (lambda: again(folder, base), "the same with store, 2 workers"),
        "second run, with summary": (lambda: batch(folder, 2, base), "the same with store, 2 workers"),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, _) in works.items():
            times[name].append(timed(work))
    took = {name: statistics.median(all_) for name, all_ in times.items()}
    print(f"{len(paths)} workbooks, {rounds} rounds, medians of wall time a file")
    for name, (_, against) in works.items():
        ratio = took[name] / took[against]
        print(f"  {name:32} {took[name] / len(paths) * 1000:7.3f} ms   {ratio:5.2f} x {against}")


def peak(files: int) -> float:
    """Peak megabytes of the supervisor over so many files; verdicts only. A worker has one lot at a time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, min(files, 500))
        models = sorted(folder.iterdir())
        for n in range(500, files):
            (folder / f"第{n:05}镇_2024.xlsx").hardlink_to(models[n % 500])
        verdicts(folder, 2)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def kills(count: int, files: int) -> None:
    """So many kills at random moments over batches of ``files``, each batch gone on with until it ends by itself."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    from hostile import run_all  # noqa: PLC0415 - only for this

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "post"
        folder.mkdir()
        make(folder, files)
        for n, path in enumerate(sorted(folder.iterdir())):
            if n % 7 == 0:
                sample = Path(__file__).resolve().parents[1] / "samples" / "broken" / "石桥镇_2024.xlsx"
                path.write_bytes(sample.read_bytes())
        chance = random.Random(3)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["hostile"])

        def start(base: str, out: str) -> multiprocessing.process.BaseProcess:
            given = (str(folder), f"{name}/{base}", f"{name}/{out}", 2)
            process = context.Process(target=run_all, args=given)
            process.start()
            return process

        took = timed(lambda: start("a.db", "a.jsonl").join())
        expected = Path(name, "a.jsonl").read_bytes()
        same = done = 0
        while done < count:
            for path in Path(name).glob("b.*"):
                path.unlink()
            for _ in range(5):
                process = start("b.db", "b.jsonl")
                process.join(chance.uniform(0.05, took))
                process.kill()
                process.join()
                done += 1
            start("b.db", "b.jsonl").join()
            same += Path(name, "b.jsonl").read_bytes() == expected
        print(f"{done} kills over batches of {files} files: {same} of {done // 5} batches ended with the same bytes")


def main() -> None:
    """Write the files, take turns, print ratios."""
    options = argparse.ArgumentParser()
    options.add_argument("--files", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--kills", type=int, default=0)
    options.add_argument("--memory", action="store_true")
    given = options.parse_args()
    if given.kills:
        kills(given.kills, given.files)
        return
    if given.memory:
        for files in (1_000, 20_000, 50_000):
            print(f"{files:7} files: supervisor {peak(files):.0f} MB")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "post"
        folder.mkdir()
        make(folder, given.files)
        compare(folder, given.rounds)


if __name__ == "__main__":
    main()
