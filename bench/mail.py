"""Mail under fire: many letters to a server that throttles, the sender killed at random moments and started again.

    python bench/mail.py [LETTERS] [KILLS] [SEED]

Prints how often each unit received its letter. Exactly once, or in doubt and told to a person, is right.
"""

from __future__ import annotations

import collections
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from test_mail import Box, child, outbox, planned, serving


def main(letters: int = 500, kills: int = 20, seed: int = 1) -> None:
    """Kills come at the recipient or when the data has arrived, at letters drawn by chance, one in ten put off."""
    draw = random.Random(seed)
    box, running, killed = Box(), [], []
    at_recipient, at_data = (set(draw.sample(range(letters), kills // 2)) for _ in range(2))

    def strike(to: str, where: set[int]) -> str:
        number = int(to[1:].partition("@")[0])
        if number in where:
            where.discard(number)
            os.kill(running[-1].pid, signal.SIGKILL)
            running[-1].wait()
            killed.append(number)
        return "451 later" if draw.random() < 0.1 else "250 OK"

    box.at_recipient = lambda to: strike(to, at_recipient)
    box.at_data = lambda to: strike(to, at_data).replace("451 later", "250 OK")
    with tempfile.TemporaryDirectory() as name, serving(box) as server:
        folder = Path(name)
        outbox(folder, letters)
        started = time.perf_counter()
        code = -1
        while code != 0 and len(running) < kills * 4:
            running.append(child(folder, server.port))
            code = running[-1].wait()
        doubtful = planned(folder).because("in doubt")
        times = collections.Counter(box.times.get(f"u{n:03}@example.org", 0) for n in range(letters))
    took = time.perf_counter() - started
    print(f"{letters} letters, {len(killed)} kills, {len(running)} starts, {took:.0f} s: received {dict(times)} times")
    print(f"{len(doubtful)} in doubt, taken by the server while the sender was killed; none sent again by itself")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
