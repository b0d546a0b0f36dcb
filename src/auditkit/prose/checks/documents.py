"""Documents cited: known numbers, and the basis that was in force for the reporting year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.anchors import report_year
from auditkit.prose.reading import Reading, fold
from auditkit.prose.remarks import Remark


def unknown(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """A document of a known name with a number it never had. ``words``: name → its numbers."""
    for name, numbers in rule.words.items():
        for line in reading.lines_with(name):
            for match in _numbered(name).finditer(line.text):
                yield None if match["n"] in numbers else _unknown(reading, line.index, match, name, numbers)


def stale(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """A document that no longer held. ``words``: reporting year from which → documents replaced."""
    year = reading.once(report_year)
    for since, documents in rule.words.items():
        for document in documents if year is not None and year >= int(since) else ():
            pattern = _document(document)
            for line in reading.lines_with(pattern):
                for match in pattern.finditer(line.text):
                    said = Text(f"{year}年度报告引用 {match[0]}", f"the {year} report cites {match[0]}")
                    term = Term(Text("文号", "document"), match[0], reading.place(line.index, *match.span()))
                    yield Remark(line.index, *match.span(), document, said, (term,))


def _unknown(reading: Reading, line: int, match: re.Match[str], name: str, numbers: tuple[str, ...]) -> Remark:
    known = "、".join(numbers)
    said = Text(
        f"《{name}》写作第{match['n']}号，应为第{known}号", f"{name} is cited as no. {match['n']}; it is no. {known}"
    )
    term = Term(Text(name, name), match["n"], reading.place(line, *match.span("n")))
    return Remark(line, *match.span(), name, said, (term,))


@lru_cache(maxsize=64)
def _numbered(name: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(name)}》?\s*[(〔]?[^。)〔\d]{{0,16}}?第\s*(?P<n>\d+)\s*号")


@lru_cache(maxsize=64)
def _document(name: str) -> re.Pattern[str]:
    """〔2019〕60号 in whatever brackets."""
    escaped = re.escape(fold(name)).replace("〔", r"[〔\[【(]\s*").replace("〕", r"\s*[〕\]】)]\s*")
    return re.compile(escaped)
