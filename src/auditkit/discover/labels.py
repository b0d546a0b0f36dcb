"""What the words beside a line say about it: how deep it stands, and whether it is a total, a share or a part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a label claims about its line."""

    PLAIN = "plain"
    TOTAL = "total"
    OF_WHICH = "of which"
    PERCENT = "percent"
    AVERAGE = "average"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Line:
    """One row or column of a block's body: where it stands, its words, outermost group first."""

    index: int
    text: str
    path: tuple[str, ...] = ()
    depth: tuple[int, int, int] = (0, 0, 0)
    """Column of the stub it starts in, spaces before it, depth of its numbering: equal means the same level."""
    role: Role = Role.PLAIN
    percent: bool = False
    """A line of percentages or rates, by its words or its cells."""
    start: bool = False
    """A group row, a spanner or a blank row stands before it."""

    @property
    def name(self) -> str:
        """Its words, with the groups it stands in where it has any."""
        return " / ".join((*self.path, self.text)) if self.text else " / ".join(self.path)


_OF_WHICH = re.compile(
    r"\W*(?:of wh(?:ich|om)\b|thereof|therein|including|incl\.|davon|darunter|dont\b|de los cuales|de las cuales"
    r"|di cui\b|dos quais|das quais|waarvan|varav|herav|heraf|z toho\b|w tym\b|joista|ebből|в том числе|из них"
    r"|其中|内：|うち)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:grand |sub-?|sous-)?(?:totals?|totales?|totaux|totais|totaal|totalt|totalen)\b"
    r"|^all(?! others?\b)(?: \w+){0,2}$|\boverall\b|^sum(?:a|me|ma)?\b|\bsum(?:a|me|ma)?$|\w+summe\b"
    r"|\baltogether\b|^both(?: \w+)?$|\baggregate\b"
    r"|\b(?:insgesamt|zusammen|gesamt|i alt|ialt|sammanlagt|yhteensä|celkem|razem|ogółem|łącznie|összesen|toplam)\b"
    r"|\b(?:ukupno|skupaj|spolu|kokku|kopā|iš viso|jumlah|tổng|σύνολο|всего|итого|разом|усього|общо|ensemble)\b"
    r"|总计|合计|小计|共计|总数|总和|总额|总量|^计$|^总$|^全[国省市县区部]|合計|総計|小計|總計|^計$|총계|합계|소계",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"%|‰|\bper ?cent(?:age)?s?\b|\bpct\b|\b(?:rates?|ratios?|shares?|proportion|index)\b\W*(?:\([^)]*\))?\W*$"
    r"|^\W*(?:rates?|ratios?|shares?|proportion|index)\b|\bper (?!cent)\w+"
    r"|\b(?:prozent|anteil|pourcentage|porcentaje|porcentagem|percentuale|procent|prosent|taux|tasa|taxa|tasso)\b"
    r"|^(?:je|pro|par|por) \w+|比重|占比|比率|比例|率(?:$|[（(])|增长|增幅|指数",
    re.IGNORECASE,
)
_EACH = re.compile(r"\bper (?!cent)\w+|^(?:je|pro|par|por) \w+", re.IGNORECASE)
_AVERAGE = re.compile(
    r"\b(?:average|averages|avg|mean|median|lowest|highest|minimum|maximum|min|max|oldest)\b"
    r"|\b(?:moyenne|durchschnitt|mittelwert|promedio|media|médias?|gemiddelde|genomsnitt|keskiarvo|среднее|średnia)\b"
    r"|平均|均值|中位|人均|最[高低大小早晚]",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:balance|net(?! (?:sales|revenues?|turnover))|difference|change|changes|surplus|deficit|profit|loss|gain)\b"
    r"|\b(?:increase|decrease|variance|remaining|gross margin|income (?:from|before)|earnings before|ebit|ebitda)\b"
    r"|\b(?:operating|pre-?tax) (?:income|result|earnings)\b"
    r"|\b(?:saldo|solde|differenz|veränderung|zunahme|abnahme|überschuss|ergebnis|variación|variation|écart|bénéfice)\b"
    r"|\b(?:résultat|resultado|risultato|resultaat|\w*resultat|finansnetto|överskott|прирост|изменение|прибыль|zmiana)\b"
    r"|结余|差额|增减|净|盈余|节余|差$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\b(?:start|beginning|opening|brought forward|previous)\b|期初|年初|上年|上期", re.IGNORECASE)
_CLOSING = re.compile(r"\b(?:end|closing|carried forward|ending)\b|期末|年末|下年|下期|结转", re.IGNORECASE)
_NUMBERING: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"[一二三四五六七八九十]+、|[IVX]+\.\s|[A-Z]\.\s")),
    (2, re.compile(r"[（(][一二三四五六七八九十]+[）)]")),
    (3, re.compile(r"[0-9]+(?:\.(?![0-9])|、|．)")),
    (4, re.compile(r"[（(][0-9a-z]+[）)]|[a-z]\.\s")),
    (5, re.compile(r"[①-⑳]")),
)
_DOTTED = re.compile(r"[0-9]+(?:\.[0-9]+)+(?=\D|$)")


_NOTE = re.compile(
    r"(?:\s*\\[0-9]+|(?<=[a-z)])[0-9]{1,2}|\s+[0-9]{1,2}/|\s*\[[0-9a-z]\]|\s*\([0-9]\)|[*†‡§¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"(?:, ?\\?[0-9]{1,2})*[\s.:]*$",
    re.IGNORECASE,
)
"""The mark of a footnote behind a label: Total1, Total \\1, Rate 2/, Total*."""


def unmarked(text: str) -> str:
    """A label without the mark of a footnote."""
    return _NOTE.sub("", text)


def role_of(text: str) -> Role:
    """The claim of a label; the first that fits of: of which, average, share, total, difference."""
    text = unmarked(text)
    if _OF_WHICH.match(text):
        return Role.OF_WHICH
    if _AVERAGE.search(text):
        return Role.AVERAGE
    total = bool(_TOTAL.search(text))
    if _PERCENT.search(text) and not total:
        return Role.PERCENT
    if total:
        return Role.TOTAL
    return Role.DIFFERENCE if _DIFFERENCE.search(text) else Role.PLAIN


def says_percent(text: str) -> bool:
    """Whether the words speak of percentages or rates, totals of them included."""
    return bool(_PERCENT.search(unmarked(text)))


def says_each(text: str) -> bool:
    """Whether the words speak of so much for each of something: per head, je km²."""
    return bool(_EACH.search(unmarked(text)))


def says_flow(first: str, last: str) -> bool:
    """Whether one line names an opening and the other a closing balance."""
    return bool(_OPENING.search(first) and _CLOSING.search(last))


def numbering(text: str) -> int:
    """Depth of the numbering a label begins with: 一、 1, （一） 2, 1. 3, (1) 4, ① 5, 1.1.2 by its points, or 0."""
    head = text.lstrip(" \u3000\u00a0\t")
    if dotted := _DOTTED.match(head):
        return 2 + dotted[0].count(".")
    return next((depth for depth, pattern in _NUMBERING if pattern.match(head)), 0)


def indent(raw: str) -> int:
    """Width of the space a label begins with; a full-width space counts twice, leader dots count as space."""
    head = raw[: len(raw) - len(raw.lstrip(" \u3000\u00a0\t.·-–—"))]
    return sum(2 if c in "\u3000\t" else 1 for c in head)


_ASIDE = re.compile(
    r"[（(]?(?:[^:：]{0,6}(?:单位|机关|部门|表号|文号|日期|时间)|Units?|Date|Prepared by|Form)\s*[:：]", re.IGNORECASE
)


def is_aside(text: str) -> bool:
    """Who filled it in, when, in what unit: it stands over the numbers, heads no column and is no title."""
    return bool(_ASIDE.match(text.strip()))
