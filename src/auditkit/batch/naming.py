"""A result under the name its file has in this run: two offices may have sent files of the same name."""

from __future__ import annotations

from dataclasses import replace

from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, Suspect


def named(result: Result, name: str) -> Result:
    """The same result, its own places included; places in last year's report keep their file."""
    old = result.file
    if name == old:
        return result

    def there(place: Place) -> Place:
        return place._replace(file=name) if place.file == old else place

    def finding(one: Finding) -> Finding:
        terms = tuple(replace(t, place=there(t.place)) if t.place is not None else t for t in one.terms)
        return replace(one, place=there(one.place), terms=terms)

    def suspect(one: Suspect) -> Suspect:
        return replace(one, places=tuple(there(place) for place in one.places))

    return replace(
        result,
        file=name,
        findings=tuple(finding(one) for one in result.findings),
        suspects=tuple(suspect(one) for one in result.suspects),
        document=result.document and replace(result.document, name=name),
        source=result.source and replace(result.source, name=name),
    )
