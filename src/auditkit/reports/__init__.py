"""Results → text or bytes; one module per form of output, all from the same ``Result``, found by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Protocol, cast

from auditkit.model.finding import Result
from auditkit.model.words import Language

TEXTS = ("full", "concise", "json", "jsonl", "csv", "junit", "sarif", "github", "markdown", "none")
"""Formats for the standard output, each a module of this package."""


class TextReport(Protocol):
    """Renders results as they come, line by line."""

    def render(self, results: Iterable[Result], language: Language) -> Iterator[str]: ...


def text_report(name: str) -> TextReport:
    """The report called ``name``; one of ``TEXTS``."""
    return cast("TextReport", import_module(f"auditkit.reports.{_MODULES.get(name, name)}"))


_MODULES = {"json": "summaries", "jsonl": "lines", "full": "terminal", "none": "silent", "csv": "table_csv"}
"""Names that would shadow a standard module, or say too little."""
