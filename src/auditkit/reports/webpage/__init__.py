"""The result as one HTML file that asks nothing of any network: the tables with wrong cells framed, both languages."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from auditkit.model.document import Place
from auditkit.model.finding import Result
from auditkit.model.words import LEVEL_NAMES, LEVELS, Language, Text
from auditkit.reports import progress, wording
from auditkit.reports.asked import is_known, telling_first, why_not
from auditkit.reports.escaping import legal
from auditkit.reports.grouping import groups, listed, own_grid, repairs
from auditkit.reports.terminal import GLYPHS
from auditkit.reports.webpage.tables import Table, tables


def render(result: Result, language: Language, *, run: str = "") -> str:
    """One submission as a page; ``language`` is the one shown first, the other is a click away."""
    shown = tables(result)
    rules, telling = telling_first(result)
    return _page(
        "report.html.j2",
        language,
        result=result,
        run=run,
        groups=groups(result),
        gone=[entry for entry in listed(result) if entry.finding not in result.findings],
        since=progress.progress(result),
        tables=shown,
        rules=rules,
        telling=telling,
        rule_ids={rule.id: f"rule-{n}" for n, rule in enumerate(rules, 1)},
        anchor=lambda place: _anchor(place, result, shown),
    )


def index(results: Iterable[tuple[Result, str]], language: Language, *, run: str = "") -> str:
    """A page for a batch. ``results`` are pairs of a result and the relative path of its page, in the order to list."""
    rows = [(result, link, repairs(result)) for result, link in results]
    verdicts: dict[str, int] = {}
    rules: dict[str, tuple[int, int]] = {}
    names: dict[str, Text] = {}
    for result, _, _ in rows:
        state = "unreadable" if result.faults else result.verdict
        verdicts[state] = verdicts.get(state, 0) + 1
        codes = [f.rule for f in result.findings if f.status == "fail"]
        names |= {rule.id: rule.name for rule in result.rules if rule.id in codes}
        for code in dict.fromkeys(codes):
            places, units = rules.get(code, (0, 0))
            rules[code] = places + codes.count(code), units + 1
    busiest = sorted(rules.items(), key=lambda item: (-item[1][0], item[0]))
    return _page("index.html.j2", language, rows=rows, verdicts=verdicts, busiest=busiest, names=names, run=run)


def _page(template: str, language: Language, **content: Any) -> str:
    return legal(_environment().get_template(template).render(language=language, **content))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("auditkit.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = (_source(made, name) for name in ("page.css", "page.js"))
    made.globals |= {
        "style": Markup(style),  # noqa: S704 - our own file; its hash stands in the page's security policy
        "script": Markup(script),  # noqa: S704 - likewise
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "T": Text,
        "w": wording,
        "LEVELS": LEVELS,
        "LEVEL_NAMES": LEVEL_NAMES,
        "GLYPHS": GLYPHS,
        "why_not": why_not,
        "state_of": progress.state,
        "mark_of": progress.mark,
        "is_known": is_known,
    }
    return made


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0].replace("\r\n", "\n")


def _hash(text: str) -> str:
    """For the content security policy: only this very text may run or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _anchor(place: Place, result: Result, shown: tuple[Table, ...]) -> str:
    """The id of the cell that shows a place; empty when no table does."""
    if own_grid(result, place) is None:
        return ""
    found = (table.anchors.get((place.row, place.column), "") for table in shown if table.name == place.sheet)
    return next(found, "")
