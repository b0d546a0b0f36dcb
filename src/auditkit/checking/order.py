"""What was asked for, from the options to the rooms that do it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from auditkit.checking.rounds import Earlier
from auditkit.deliver import possible
from auditkit.model.words import Fault, Language, Text


@dataclass(frozen=True)
class Order:
    """Options of ``check``, as they were given."""

    paths: tuple[str, ...]
    language: Language
    levels: tuple[str, ...]
    """Levels of findings that make it fail."""
    form: str | None = None
    """Format on standard output; None: whatever suits the number of files."""
    rules: str | None = None
    period: int | None = None
    last: str | None = None
    units: Path | None = None
    due: dt.datetime | None = None
    known: Path | None = None
    no_known: bool = False
    before: str | None = None
    turn: int | None = None
    out: tuple[Path, ...] = ()
    out_dir: Path | None = None
    summary: Path | None = None
    annotate: bool = False
    pages: bool = False
    deadline: str = ""
    contact: str = ""
    jobs: int | None = None
    cluster: str | None = None
    """Address of a scheduler."""
    store: str | None = None
    name: str | None = None
    stdin_name: str = "stdin"
    quiet: bool = False

    @property
    def earlier(self) -> Earlier:
        return Earlier(self.known, self.no_known, self.before, self.turn)

    @property
    def many(self) -> bool:
        """Work for a run that is kept: folders, archives, URLs, a roster, workers."""
        asked = self.units or self.name or self.cluster or self.jobs is not None
        return bool(asked) or any(_holds_many(path) for path in self.paths)

    @property
    def setup(self) -> str:
        """What makes two runs the same run: what is checked, and against what."""
        where = [path if "://" in path else os.path.abspath(path) for path in self.paths]  # noqa: PTH100 - links stay
        told = json.dumps([where, self.rules, self.period, self.last, self._roster or None], ensure_ascii=False)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def writes(self, path: str) -> bool:
        """Whether a file is one of those that are written, or lies where results go."""
        if self.out_dir is None and os.path.basename(path) not in self._names:  # noqa: PTH119 - thousands are asked of
            return False
        own = os.path.abspath(path)  # noqa: PTH100 - links stay
        if self.out_dir is not None and own.startswith(str(self.out_dir.absolute()) + os.sep):
            return True
        return own in self._written

    def is_roster(self, path: str) -> bool:
        """Whether it is the list of units, which often lies among the reports."""
        return os.path.basename(path) == self._roster_name and os.path.abspath(path) == self._roster  # noqa: PTH100, PTH119

    @cached_property
    def _roster(self) -> str:
        return str(self.units.absolute()) if self.units else ""

    @cached_property
    def _roster_name(self) -> str:
        return os.path.basename(self._roster)  # noqa: PTH119

    @cached_property
    def _written(self) -> frozenset[str]:
        beside = (self.summary, self.summary.with_suffix(".csv")) if self.summary else ()
        return frozenset(str(path.absolute()) for path in (*self.out, *beside))

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(map(os.path.basename, self._written))


def _holds_many(path: str) -> bool:
    return "://" in path or os.path.isdir(path) or path.lower().endswith(".zip")  # noqa: PTH112


def ready(out: Sequence[Path], summary: Path | None, folder: Path | None) -> None:
    """See that what was asked for can be written, before anybody works for it. Raises ``Fault`` (exit 2)."""
    if out:
        from auditkit.outputs import kind  # noqa: PLC0415 - only for who wants files

        for path in out:
            kind(path)
    if summary is not None and summary.suffix.lower() != ".xlsx":
        said = Text(f"汇总 {summary} 的扩展名应是 .xlsx。", f"The summary {summary} must have the suffix .xlsx.")
        raise Fault("unknown-output", said, exit=2)
    within = [] if folder is None else [folder / "…"]
    for path in (*out, *([summary] if summary else []), *within):
        possible(path)


def readable(last: str | None) -> None:
    """See that last year's report, if it is one file, can be read, or every submission would be blamed for it."""
    if last is not None and os.path.isfile(last):  # noqa: PTH113
        from auditkit import readers  # noqa: PLC0415 - only for who names one

        try:
            readers.read(readers.load(last))
        except Fault as fault:
            name = os.path.basename(last)  # noqa: PTH119
            raise fault.of(f"上年文件 {name}", f"Last year's {name}") from fault
