"""The template: titles and indicators of the form that was in force, all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditkit.model.finding import Term
from auditkit.model.rule import ProseRule
from auditkit.model.words import Text
from auditkit.prose.anchors import report_year
from auditkit.prose.announced import announced
from auditkit.prose.checks.sections import alike
from auditkit.prose.headings import Heading, heading_term, outline, runs
from auditkit.prose.reading import Reading
from auditkit.prose.remarks import Remark

ENOUGH = 4
"""Titles of a form that must be there before its missing ones are missed."""
LITERAL = 3
"""Titles in the form's very words that tell its year where nothing else does."""


def stale(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """Words of a form that was replaced. ``words``: reporting year from which → words."""
    year = reading.once(report_year)
    for since, words in rule.words.items():
        if year is None or year < int(since):
            continue
        pattern = re.compile("|".join(map(re.escape, words)))
        found = next(((line, m) for line in reading.lines_with(pattern) if (m := pattern.search(line.text))), None)
        if found is None:
            yield None
            continue
        line, match = found
        said = Text(f"{year}年度报告仍写“{match[0]}”", f"the {year} report still says “{match[0]}”")
        term = Term(Text("旧格式用语", "words of the old form"), match[0], reading.place(line.index, *match.span()))
        yield Remark(line.index, *match.span(), match[0], said, (term,))


def parts(reading: Reading, rule: ProseRule) -> Iterator[Remark | None]:
    """Sections the form asks for. ``words``: reporting year from which → the titles, in order."""
    year = reading.once(report_year)
    for since, wanted in rule.words.items():
        if year is not None and year < int(since):
            continue
        for group in (g for g in _groups(reading) if len(g) >= ENOUGH and _is_run(reading, g)):
            if year is None and sum(any(w in h.title for h in group) for w in wanted) < LITERAL:
                continue
            matched = [(w, h) for w in wanted for h in group if _names(h.title, w)]
            missing = [w for w in wanted if all(w != m for m, _ in matched)]
            if missing and group[0].level > 1 and _ends_early(reading, group, wanted, matched):
                continue
            allowed = 1 if year is None else 2
            if matched and len(missing) <= allowed and len(wanted) - len(missing) >= ENOUGH:
                yield _missing(reading, matched[-1][1], missing) if missing else None


def _is_run(reading: Reading, group: Sequence[Heading]) -> bool:
    """Numbered from one on without a gap, which is a slip of its own, and no list in an announcement."""
    announcing = {found.line for found in reading.once(announced)}
    return [h.number for h in group] == list(range(1, len(group) + 1)) and group[0].line not in announcing


def _ends_early(
    reading: Reading, group: Sequence[Heading], wanted: Sequence[str], matched: Sequence[tuple[str, Heading]]
) -> bool:
    """Only the last ones are missing and no other section follows: the text may simply have been cut there."""
    last = max(wanted.index(w) for w, _ in matched) if matched else -1
    trailing = len(matched) == last + 1
    here = (group[-1].line, group[-1].start)
    after = any((h.line, h.start) > here for run in (reading.once(outline), *reading.once(runs)) for h in run)
    return trailing and not after


def _groups(reading: Reading) -> Iterator[Sequence[Heading]]:
    """Headings of one level below one parent, with nothing cut out between them."""
    alone = () if reading.condensed else (reading.once(outline),)
    for run in (*alone, *reading.once(runs)):
        group: list[Heading] = []
        for level in (1, 2):
            for heading in run:
                if heading.level < level and group:
                    yield group
                    group = []
                elif heading.level == level:
                    group.append(heading)
            if group and not _cut_within(reading, group):
                yield group
            group = []


def _cut_within(reading: Reading, group: Sequence[Heading]) -> bool:
    if group[0].line != group[-1].line:
        return reading.condensed
    return "…" in reading.lines[group[0].line].text[group[0].start : group[-1].end]


def _names(title: str, wanted: str) -> bool:
    return wanted in title or alike(wanted, title)


def _missing(reading: Reading, last: Heading, missing: Sequence[str]) -> Remark:
    names = "、".join(missing)
    said = Text(f"缺：{names}", f"missing: {names}")
    return Remark(last.line, last.start, last.end, names, said, (heading_term(reading, last),))
