"""Running the rules over a reading: every remark becomes a finding, every question is counted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from auditkit.model.document import Paragraph
from auditkit.model.finding import Finding, Tally, key_of
from auditkit.model.rule import ProseRule
from auditkit.model.words import Fault, Language, Text
from auditkit.prose.reading import Reading, language_of, read
from auditkit.prose.remarks import Check, Remark

_NAME = re.compile(r"([a-z]+)\.([a-z][a-z_]*)")
_NOT_STATED = Tally(unchecked={"not stated": 1})


def check(
    paragraphs: Sequence[Paragraph],
    *,
    file: str,
    rules: Sequence[ProseRule],
    language: Language | None = None,
    year: int | None = None,
    grids: int = 0,
    pictures: int = 0,
    form: str = "",
    unit: str = "",
    period: str = "",
) -> tuple[tuple[Finding, ...], dict[str, Tally]]:
    """Ask every rule about one document's words.

    ``year`` is the reporting year if somebody knows it; ``grids`` and ``pictures`` count the document's tables and
    pictures (an announced annex may be one); ``form``, ``unit`` and ``period`` go into the findings' keys.
    Returns findings in reading order, and for each rule how often it was asked; a rule whose subject the text never
    mentions is ``not stated``. Raises ``Fault`` (exit 2) for a rule that names no check.
    """
    reading = read(
        paragraphs,
        file=file,
        language=language or language_of(paragraphs),
        year=year,
        unit=unit,
        grids=grids,
        pictures=pictures,
    )
    findings: list[Finding] = []
    tallies: dict[str, Tally] = {}
    for rule in rules:
        answers = [*find_check(rule.check)(reading, rule)]
        remarks = [remark for remark in answers if remark is not None]
        tallies[rule.id] = Tally(len(answers) - len(remarks), len(remarks)) if answers else _NOT_STATED
        findings += _named(remarks, reading, rule, (form, unit, period))
    return tuple(sorted(findings, key=lambda f: (f.place.paragraph, f.place.start, f.rule))), tallies


@cache
def find_check(name: str) -> Check:
    """The function a rule names: ``shares.wrong`` is ``wrong`` in ``checks/shares.py``. Raises ``Fault`` (exit 2)."""
    if match := _NAME.fullmatch(name):
        module = f"auditkit.prose.checks.{match[1]}"
        if find_spec(module) is not None:
            found = getattr(import_module(module), match[2], None)
            if callable(found):
                return cast("Check", found)
    raise Fault("prose-check", Text(f"没有名为“{name}”的正文检查", f"there is no prose check named {name!r}"), exit=2)


def _named(
    remarks: Sequence[Remark], reading: Reading, rule: ProseRule, context: tuple[str, str, str]
) -> Iterator[Finding]:
    """Findings with keys; equal labels are told apart by their order."""
    seen: dict[str, int] = {}
    for remark in remarks:
        seen[remark.row] = seen.get(remark.row, 0) + 1
        row = remark.row if seen[remark.row] == 1 else f"{remark.row}#{seen[remark.row]}"
        yield _finding(remark, row, reading, rule, context)


def _finding(remark: Remark, row: str, reading: Reading, rule: ProseRule, context: tuple[str, str, str]) -> Finding:
    form, unit, period = context
    line = reading.lines[remark.line]
    sentence = line.sentence_at(remark.start)
    quote = line.raw[min(sentence.start, remark.start) : max(sentence.end, remark.end)].strip()
    return Finding(
        rule=rule.id,
        name=rule.name.en,
        level=rule.level,
        status="fail",
        key=key_of(form, rule.id, unit, period, "", row, ""),
        values=_hash(remark),
        message=rule.message,
        arithmetic=remark.arithmetic,
        place=reading.place(remark.line, remark.start, remark.end),
        row=row,
        terms=remark.terms,
        left=remark.left,
        right=remark.right,
        allowed=remark.allowed,
        hint=remark.hint,
        quote=quote,
    )


def _hash(remark: Remark) -> str:
    """Of the values that took part; without any, of what was said."""
    values = "\x1f".join(term.value for term in remark.terms) or remark.arithmetic.zh
    return hashlib.sha256(values.encode()).hexdigest()[:10]
