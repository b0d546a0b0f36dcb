"""Annotations for GitHub Actions: one workflow command a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditkit.model.finding import Finding, Result
from auditkit.model.words import LEVEL_NAMES, Language, Level
from auditkit.reports import progress
from auditkit.reports.escaping import legal

COMMANDS: dict[Level, str] = {"hard": "error", "soft": "warning", "info": "notice"}


def render(results: Iterable[Result], language: Language) -> Iterator[str]:
    """Must fix is an error, explain a warning; a note, or what was accepted or corrected, a notice."""
    for result in results:
        for fault in result.faults:
            yield _command("error", {"file": result.file, "title": fault.code}, fault.to(language))
        for finding in (*result.findings, *result.round.repaired):
            level = LEVEL_NAMES[finding.level].to(language)
            where = finding.place.to(language)
            is_open = finding.status == "fail" and finding not in result.round.repaired
            command = COMMANDS[finding.level] if is_open else "notice"
            place = {"file": result.file, **_spot(finding), "title": f"{finding.rule} {level} {where}"}
            since = progress.mark(finding, result).to(language)
            said = (since + finding.message.to(language), finding.arithmetic.to(language), f"[{finding.key}]")
            yield _command(command, place, " ".join(part for part in said if part))


def _spot(finding: Finding) -> dict[str, str]:
    place = finding.place
    if place.row >= 0:
        return {"line": str(place.row + 1), "col": str(place.column + 1)}
    return {"line": str(place.paragraph)} if place.paragraph else {}


def _command(name: str, properties: dict[str, str], message: str) -> str:
    values = {key: _escaped(value).replace(":", "%3A").replace(",", "%2C") for key, value in properties.items()}
    return f"::{name} {','.join(f'{key}={value}' for key, value in values.items())}::{_escaped(message)}"


def _escaped(text: str) -> str:
    """As the runner decodes it; a line break would begin a command of its own."""
    return legal(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
