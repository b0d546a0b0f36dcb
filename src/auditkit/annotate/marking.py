"""What is marked in an office's own file: the places of a result, each with what is said of it."""

from __future__ import annotations

from auditkit.annotate.mark import ROLES, Mark, Role
from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result
from auditkit.model.words import LEVEL_NAMES, Language, Level


def marks(result: Result, language: Language) -> list[Mark]:
    """The places to mark in the office's own file, each with what is said of it."""
    wrong = {p for s in result.suspects if len(s.places) == 1 or s.together for p in s.places}
    perhaps = {p for s in result.suspects for p in s.places} - wrong
    found: dict[tuple[str, int, int, int], list[tuple[Role, str, str]]] = {}
    for finding in result.findings:
        if finding.status != "fail":
            continue
        said = _comment(finding, language)
        for place in dict.fromkeys([finding.place, *(t.place for t in finding.terms if t.place is not None)]):
            if place.file == result.file and (place.row >= 0 or place.paragraph):
                role = _role(place, finding, wrong, perhaps)
                where = (place.sheet, place.row, place.column, place.paragraph)
                found.setdefault(where, []).append((role, said, finding.quote))
    return [_mark(where, said) for where, said in found.items()]


def _role(place: Place, finding: Finding, wrong: set[Place], perhaps: set[Place]) -> Role:
    if place in wrong:
        return "wrong"
    if place in perhaps:
        return "perhaps"
    return _ROLES[finding.level]


_ROLES: dict[Level, Role] = {"hard": "part", "soft": "explain", "info": "note"}


def _mark(where: tuple[str, int, int, int], said: list[tuple[Role, str, str]]) -> Mark:
    sheet, row, column, paragraph = where
    role = min((role for role, _, _ in said), key=ROLES.index)
    comment = "\n".join(dict.fromkeys(text for _, text, _ in said))
    return Mark(sheet, row, column, role, comment, paragraph, said[0][2])


def _comment(finding: Finding, language: Language) -> str:
    level = LEVEL_NAMES[finding.level].to(language)
    parts = [f"{finding.rule} {level} {finding.message.to(language)}", finding.arithmetic.to(language)]
    return "\n".join(part for part in parts if part)
