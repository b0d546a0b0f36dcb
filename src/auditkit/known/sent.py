"""What was sent out: findings with the unit and period they belong to, from results or from a run's JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, Term
from auditkit.model.words import Fault, Text

SCHEMA = "auditkit.finding/1"
_MOST = 12
"""Of a longer sum only the cells that are not 0 are written down; the hash covers all of them."""


@dataclass(frozen=True)
class Sent:
    """One finding as an office got it."""

    unit: str
    """Code, or the name where there is no code."""
    period: str
    file: str
    finding: Finding
    name: str = ""
    """Of the unit, where it has a code too."""
    rulebook: str = ""
    round: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """What the unit goes by; the file where it has no name."""
        return tuple(dict.fromkeys(name for name in (self.unit, self.name) if name)) or (self.file,)

    @property
    def where(self) -> str:
        """``T3.新收[总计]``, or the address where the finding names no line, as in the text."""
        f = self.finding
        if not f.table or f.place.paragraph:
            return f.place.to("zh")
        return f"{f.table}{f'.{f.row}' if f.row else ''}{f'[{f.column}]' if f.column else ''}"

    @property
    def values(self) -> dict[str, str]:
        """Reference → value of the cells that took part; equal references are kept together."""
        return values_of(self.finding)


def values_of(finding: Finding) -> dict[str, str]:
    """Reference → value of the cells that took part; equal references are kept together."""
    terms = finding.terms
    if len(terms) > _MOST:
        terms = tuple(term for term in terms if term.value != "0")
    values: dict[str, str] = {}
    for term in terms:
        name = term.ref or term.name.zh
        values[name] = f"{values[name]} / {term.value}" if name in values else term.value
    return values


def sent(results: Iterable[Result]) -> Iterator[Sent]:
    """Every finding of these results."""
    for result in results:
        for finding in result.findings:
            unit = result.unit_code or result.unit
            yield Sent(unit, result.period, result.file, finding, result.unit, result.rulebook, result.round.number)


def read_lines(lines: Iterable[str], name: str = "") -> Iterator[Sent]:
    """Findings from JSON lines as ``auditkit check --out run.jsonl`` writes them.

    Raises:
        Fault: ``not-a-run`` (exit 2) with the number of the first line that is no finding.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            made = json.loads(line)
            if made["schema"] != SCHEMA:
                raise _not_a_run(name, number)
            yield _sent(made)
        except (ValueError, KeyError, TypeError, ArithmeticError) as error:
            raise _not_a_run(name, number) from error


def _not_a_run(name: str, number: int) -> Fault:
    return Fault(
        "not-a-run",
        Text(f"{name} 第 {number} 行不是一条审核结果（{SCHEMA}）。", f"{name} line {number} is no finding ({SCHEMA})."),
        hint=Text(
            "请用 auditkit check --out 结果.jsonl 写出的文件。", "Use what auditkit check --out run.jsonl wrote."
        ),
        exit=2,
    )


def _sent(made: Mapping[str, Any]) -> Sent:
    unit, where = made["unit"], made["where"]
    finding = Finding(
        rule=made["rule"],
        name=made["name"],
        level=made["level"],
        status=made["status"],
        key=made["key"],
        values=made["values"],
        message=_text(made["message"]),
        arithmetic=_text(made["arithmetic"]),
        place=_place(where, where["file"]),
        table=where["table"] or "",
        row=where["row"] or "",
        column=where["column"] or "",
        terms=tuple(_term(cell, where["file"]) for cell in made["cells"]),
        left=_number(made["left"]),
        right=_number(made["right"]),
        allowed=_number(made["allowed"]),
        hint=None if made["hint"] is None else _text(made["hint"]),
        quote=made["quote"] or "",
    )
    book = made["rulebook"].partition("@")[0]
    who, turn = unit["code"] or unit["name"], made.get("round", 1)
    return Sent(who, made["period"], where["file"], finding, unit["name"], book, turn)


def _text(made: Mapping[str, str]) -> Text:
    return Text(made["zh"], made["en"])


def _number(made: str | None) -> Decimal | None:
    return None if made is None else Decimal(made)


def _term(made: Mapping[str, Any], file: str) -> Term:
    stands = bool(made.get("cell") or made.get("paragraph") or made.get("sheet"))
    place = _place(made, made.get("file", file)) if stands else None
    return Term(Text(made["name"], made["name"]), made["value"], place, made["ref"])


def _place(made: Mapping[str, Any], file: str) -> Place:
    row, column = _cell(made.get("cell") or "")
    start, end = made.get("span", (0, 0))
    return Place(
        file, made.get("sheet") or "", row, column, made.get("paragraph", 0), made.get("sentence", 0), start, end
    )


def _cell(address: str) -> tuple[int, int]:
    """``D5`` → 4, 3; empty → -1, -1."""
    letters = address.rstrip("0123456789")
    if not letters:
        return -1, -1
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]) - 1, column - 1
