"""One line a finding, stable, for grep and editors: ``file:cell: code level arithmetic``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditkit.model.finding import Result
from auditkit.model.words import LEVEL_NAMES, Language
from auditkit.reports import progress


def render(results: Iterable[Result], language: Language) -> Iterator[str]:
    """Findings in the order of the result; a submission that could not be checked is one line too."""
    for result in results:
        for fault in result.faults:
            yield f"{result.file}: {'未检查' if language == 'zh' else 'not-checked'} {fault.to(language)}"
        for finding in result.findings:
            level = LEVEL_NAMES[finding.level].to(language).replace(" ", "-")
            said = finding.arithmetic.to(language) or finding.message.to(language)
            since = progress.mark(finding, result).to(language)
            yield f"{result.file}:{finding.place.to(language)}: {finding.rule} {level} {since}{said}"
        for finding in result.round.repaired:
            since, said = progress.mark(finding, result).to(language), finding.message.to(language)
            yield f"{result.file}:{finding.place.to(language)}: {finding.rule} {since}{said}"
