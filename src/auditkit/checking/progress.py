"""How far a long run is: a bar with the time left on a terminal, one line per 10 % in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from auditkit.frontdesk import say
from auditkit.model.words import Language, Text

MANY = 20
"""Files from which on a run says how far it is."""

Step = Callable[[bool], None]
"""Called once for each file that is done; True if it goes back."""


@dataclass
class Pace:
    """Files done, files that go back, and the time that is left if it goes on like this."""

    total: int
    language: Language
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    back: int = 0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def step(self, back: bool) -> None:
        self.done += 1
        self.back += back

    @property
    def left(self) -> str:
        """Minutes and seconds, or hours, minutes and seconds."""
        seconds = round((self.clock() - self.started) / max(self.done, 1) * (self.total - self.done))
        hours, rest = divmod(seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    def line(self) -> str:
        """``1,184/1,301  退回 109  剩约 0:08``."""
        said = Text(
            f"{self.done:,}/{self.total:,}  退回 {self.back:,}  剩约 {self.left}",
            f"{self.done:,}/{self.total:,}  returned {self.back:,}  about {self.left} left",
        )
        return said.to(self.language)


@contextmanager
def progress(total: int, language: Language, *, quiet: bool) -> Iterator[Step]:
    """Say on standard error how far it is, for as long as the context lasts; nothing for a few files."""
    pace = Pace(total, language)
    if quiet or total < MANY:
        yield pace.step
    elif sys.stderr.isatty():
        with _drawn(pace) as drawn:
            yield drawn
    else:
        yield _logged(pace)


def _logged(pace: Pace) -> Step:
    def step(back: bool) -> None:
        before = pace.done * 10 // pace.total
        pace.step(back)
        if pace.done * 10 // pace.total > before:
            say(pace.line(), err=True)

    return step


@contextmanager
def _drawn(pace: Pace) -> Iterator[Step]:
    """A bar that is gone when the run is over."""
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

    bar = Progress(
        TextColumn(Text("审核中", "checking").to(pace.language)),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=4,
    )
    with bar:
        task = bar.add_task("", total=pace.total, said="")

        def step(back: bool) -> None:
            pace.step(back)
            bar.update(task, completed=pace.done, said=pace.line())

        yield step
