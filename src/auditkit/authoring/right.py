"""Right examples: what a rule finds in order in the good sample, with its arithmetic."""

from __future__ import annotations

from dataclasses import replace

from auditkit.edits import check
from auditkit.identity import describe
from auditkit.model.expression import Compare, Condition, Relation
from auditkit.model.finding import Finding
from auditkit.model.rule import Rulebook
from auditkit.model.words import Text
from auditkit.proof import samples
from auditkit.stack import stack

_OPPOSITE: dict[Relation, Relation] = {"=": "≠", "≈": "≠", "≠": "=", "<": "≥", "≤": ">", ">": "≤", "≥": "<"}


def right_examples(book: Rulebook) -> dict[str, Text]:
    """Code → the arithmetic of one line of the good sample; only comparisons have one.

    The opposite is claimed of the good sample, and what refutes it is the example.

    Raises:
        Fault: the good sample cannot be read or bound.
    """
    if not book.good:
        return {}
    book, good, last = samples(book)
    opposites = tuple(
        replace(rule, check=opposite) for rule in book.rules if (opposite := _opposite(rule.check)) is not None
    )
    context = describe(good.words, good.document.name, None)
    (done,) = check(replace(book, rules=opposites), stack(book.form, [good], [last]), [context])
    found: dict[str, list[Finding]] = {}
    for finding in done.findings:
        found.setdefault(finding.rule, []).append(finding)
    return {code: _plain(max(of_rule, key=_tells)) for code, of_rule in found.items()}


def _opposite(node: Condition) -> Condition | None:
    return replace(node, relation=_OPPOSITE[node.relation]) if isinstance(node, Compare) else None


def _tells(finding: Finding) -> int:
    """How many numbers that are not nothing an example shows."""
    return sum(term.value not in {"", "0"} for term in finding.terms)


def _plain(finding: Finding) -> Text:
    """The arithmetic without how far the sides are apart, which is nobody's mistake here."""
    said = finding.arithmetic
    return Text(said.zh.partition("，差 ")[0], said.en.partition(", off by ")[0])
