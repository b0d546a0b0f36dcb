"""Whose report it is and for which year: read from titles, captions, sheet names, file name and prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from auditkit.edits import years_in
from auditkit.model.document import Document, Place
from auditkit.model.filled import Words
from auditkit.model.finding import Context
from auditkit.offices import unit_of

ROLES = ("title", "caption", "prose", "sheet", "file")
"""Where the reporting year is looked for, most trusted first."""


HEAD = 4
"""Paragraphs in which a text names itself."""


def words_of(document: Document) -> tuple[Words, ...]:
    """The texts of a document without bound tables: its name, then its paragraphs."""
    prose = (Words(p.text, Place(document.name, paragraph=p.number), "prose") for p in document.paragraphs)
    return (Words(document.name, Place(document.name), "file"), *prose)


def describe(words: Sequence[Words], file: str, period: int | None) -> Context:
    """Unit and reporting year, from the given period or the words around the tables."""
    year: tuple[int, Place | None] | None = (period, None) if period is not None else None
    file_year: tuple[int, Place | None] | None = None
    for one in words:
        if one.role == "file" and (found := years_in(one.text)):
            file_year = (found[0], one.place)
    if year is None:
        year = _reporting_year(words)
    return Context(unit=_unit(words, file), period=str(year[0]) if year else "", year=year, file_year=file_year)


def _reporting_year(words: Sequence[Words]) -> tuple[int, Place | None] | None:
    """The year most texts name; among equals the one named in the most trusted place, and there the first."""
    distinct = {(w.role, w.text): w for w in reversed(words) if w.role in ROLES}
    named = [(year, ROLES.index(w.role), w) for w in reversed(distinct.values()) for year in _years(w)[:1]]
    if not named:
        return None
    votes = Counter(year for year, _, _ in named)
    year, _, where = min(named, key=lambda one: (-votes[one[0]], one[1]))
    return year, where.place


def _years(words: Words) -> tuple[int, ...]:
    """Years of a text; in prose only those that name the report itself."""
    if words.role != "prose":
        return years_in(words.text)
    if words.place.paragraph <= HEAD and _TITLE.search(words.text):
        return years_in(words.text)
    named = _REPORT.search(words.text)
    return years_in(named[0]) if named else ()


_TITLE = re.compile(r"^.{0,40}(?:19|20)\d{2}\s*年(?!\s*\d+\s*月)[^。，；]{0,30}$")
"""A head without a sentence in it; a signature date such as （2019年1月11日） has a month."""
_REPORT = re.compile(r"(?:19|20)\d{2}\s*年[^。]{0,20}?年度报告")
_UNIT = re.compile(r"^(?P<unit>[^0-9０-９《（(]{2,40}?)\s*(?:关于)?(?:19|20|１９|２０)[0-9０-９]{2}\s*年")
_AGENCY = re.compile(r"(?P<unit>[A-Z][^\u4e00-\u9fff]{1,150}) [-–—] [^-–—]*\b(?:19|20)\d\d\b[^-–—]{0,20}")
"""An English title: Department of Roads - Annual Report, Fiscal Year 2008."""
_FILLED = re.compile(
    r"(?:(?:填报|报送|编报|编制|上报|填表|报告|公开)单位|(?:填报|编报)部门|单位名称)(?:名称|全称)?(?:[（(][^）)]{0,8}[）)])?"
    r"[:：\s]*(?P<unit>[^\s:：（(]{2,40})?(?:[\s（(].*)?"
)
"""The line in which a form has the office enter its name; the name may stand in the next cell."""
_OFFICE = re.compile(
    r"[^\d\W]{1,30}(?:人民政府|委员会|办公室|办事处|街道|中心|公司|学校|中学|小学|[一二三四五六七八九十]中|[镇乡局院厅])"
)
"""A line of the head that is an office's name and nothing else."""


def _unit(words: Sequence[Words], file: str) -> str:
    """The office's name: before the year in the title, filled in, or alone in the head; else that of the file name."""
    for one in words:
        if one.role == "title" and (found := _AGENCY.fullmatch(" ".join(one.text.split()))):
            return found["unit"]
        heads = one.role == "title" or (one.role == "prose" and one.place.paragraph <= HEAD and "报告" in one.text)
        if heads and (found := _UNIT.match(one.text.replace(" ", ""))):
            return found["unit"]
    if told := _filled_in(words) or _alone(words):
        return told
    return unit_of(file)


def _filled_in(words: Sequence[Words]) -> str:
    for n, one in enumerate(words):
        if "单位" not in one.text and "部门" not in one.text:
            continue
        found = _FILLED.fullmatch(one.text.strip())
        if found and found["unit"]:
            return str(found["unit"])
        if found and n + 1 < len(words) and 0 <= one.place.row == words[n + 1].place.row:
            return words[n + 1].text.strip()
    return ""


def _alone(words: Sequence[Words]) -> str:
    heads = (w for w in words if w.role == "title" or (w.role == "prose" and w.place.paragraph < HEAD))
    return next((text for w in heads if _OFFICE.fullmatch(text := "".join(w.text.split()))), "")
