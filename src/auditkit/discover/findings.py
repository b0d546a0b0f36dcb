"""Findings without a rulebook: identities that hold nearly everywhere in a table and fail in one place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditkit.discover.breaches import breach, counts
from auditkit.discover.figures import Address, Figures
from auditkit.discover.identity import Breach, Identity
from auditkit.discover.structure import Block
from auditkit.model.document import Place
from auditkit.model.finding import Finding, Term, key_of
from auditkit.model.words import Level, Text

MOSTLY = 0.8
"""Share of the witnesses in which an identity must hold before its exceptions are told."""
FEW = 3
"""Witnesses in which it must hold, and more than a single part must take part."""
PLAIN = 12.0
"""Nats of evidence against chance."""
SHOWN = 8
"""Parts spelled out in the arithmetic."""

CODES = {"sum": "SH101", "difference": "SH102", "average": "SH103", "division": "SH104", "change": "SH105", "share": "SH106"}
NAMES = {
    "sum": Text("合计与各项之和", "total and parts"),
    "difference": Text("期初、增减与期末", "opening, flow and closing"),
    "average": Text("平均数", "average"),
    "division": Text("比率", "ratio"),
    "change": Text("增减幅度", "change"),
    "share": Text("占比", "share"),
}


@dataclass(frozen=True)
class Subject:
    """What every finding of one sheet has in common."""

    file: str
    sheet: str
    form: str = ""
    unit: str = ""
    period: str = ""

    def place(self, cell: Address) -> Place:
        """A cell of the sheet."""
        return Place(self.file, self.sheet, *cell)

    def finding(
        self,
        rule: str,
        name: str,
        message: Text,
        arithmetic: Text,
        terms: Sequence[Term],
        *,
        row: str = "",
        column: str = "",
        level: Level = "soft",
        sums: tuple[Decimal, Decimal, Decimal] | None = None,
        hint: Text | None = None,
    ) -> Finding:
        """One finding; the first term is its place. ``sums`` are found, expected and allowed."""
        values = "\x1f".join(f"{t.place.address if t.place else ''}={t.value}" for t in terms)
        left, right, allowed = sums or (None, None, None)
        return Finding(
            rule=rule,
            name=name,
            level=level,
            status="fail",
            key=key_of(self.form, rule, self.unit, self.period, self.sheet, row, column),
            values=hashlib.sha256(values.encode()).hexdigest()[:10],
            message=message,
            arithmetic=arithmetic,
            place=terms[0].place or Place(self.file, self.sheet),
            table=self.sheet,
            row=row,
            column=column,
            terms=tuple(terms),
            left=left,
            right=right,
            allowed=allowed,
            hint=hint,
        )


def broken(sheet: Figures, block: Block, identities: Sequence[Identity], subject: Subject) -> list[tuple[float, Finding]]:
    """Relative effect and finding of every breach worth telling."""
    exact = counts(sheet, identities)
    found = []
    for identity in identities:
        told = _told(sheet, identity, exact=exact)
        held = identity.of - len(told)
        if _trusted(identity, held, len(told)):
            found += [
                (_effect(b), _finding(sheet, block, identity, b, held, subject))
                for b in told
                if _likely_wrong(sheet, identities, identity, b)
            ]
    return found


def _told(sheet: Figures, identity: Identity, *, exact: bool) -> list[Breach]:
    """The exceptions, and in a table of counts also what only rounding would excuse."""
    told = list(identity.exceptions)
    if exact and identity.op in {"sum", "difference"}:
        near = (breach(sheet, identity, w, 0.0) for w in identity.witnesses)
        told += [b for b in near if b and b.expected != b.found and b.expected == int(b.expected) and b.found == int(b.found)]
    return told


def _trusted(identity: Identity, held: int, failed: int) -> bool:
    if not failed or failed > max(1, held // 10) or held < FEW or identity.score < PLAIN:
        return False
    return held >= MOSTLY * (held + failed) or (held >= FEW and failed == 1) if identity.solid >= FEW else False


def _likely_wrong(sheet: Figures, all_of_them: Sequence[Identity], identity: Identity, b: Breach) -> bool:
    """Not another kind of line: no unknown part, no blank where there is none elsewhere, and not far from the total nor
    among its parts as a mean or a highest value would be, unless other sums say that this line adds up."""
    off = abs(b.found - b.expected)
    if off <= b.allowed * 2 and b.allowed > 0:
        return False
    blank = [p for p in b.parts if not sheet.number[p]]
    if any(sheet.unknown[p] or sheet.text[p] for p in b.parts):
        return False
    if blank and not any(not sheet.number[p] for _, parts in identity.cells() for p in parts):
        return False
    among = identity.op == "sum" and abs(b.found) <= max(abs(sheet.exact(p)) for p in b.parts)
    if 2 * off <= max(abs(b.found), abs(b.expected)) and not among:
        return True
    axis = 1 if identity.axis == "row" else 0
    witness = b.total[axis]
    return any(_bears(other, identity, witness) for other in all_of_them)


def _bears(other: Identity, identity: Identity, witness: int) -> bool:
    """Another sum says that this witness adds up: it holds there, or the witness itself is a line of that sum."""
    if other is identity or other.op not in {"sum", "difference"}:
        return False
    lines = other.witnesses if other.axis == identity.axis else (other.total, *other.parts)
    return witness in lines


def _effect(b: Breach) -> float:
    whole = max(abs(b.found), abs(b.expected))
    return float(abs(b.found - b.expected) / whole) if whole else 0.0


def _finding(sheet: Figures, block: Block, identity: Identity, b: Breach, held: int, subject: Subject) -> Finding:
    row, column = (" / ".join(w for w in words if w) for words in block.path(b.total))
    terms = [_term(sheet, block, identity, c, subject) for c in (b.total, *b.parts)]
    return subject.finding(
        CODES[identity.op],
        NAMES[identity.op].en,
        _message(identity, held, held + max(1, identity.of - held)),
        _ARITHMETIC[identity.op](sheet, terms, b),
        terms,
        row=row,
        column=column,
        sums=(b.found, b.expected, b.allowed),
        hint=_hint(identity, b, sheet),
    )


def _term(sheet: Figures, block: Block, identity: Identity, cell: Address, subject: Subject) -> Term:
    """A cell under the words of its own line: its row where rows add up, its column where columns do."""
    rows, columns = block.path(cell)
    own, other = (rows, columns) if identity.axis == "row" else (columns, rows)
    name = next((w for w in reversed(own) if w), "") or next((w for w in reversed(other) if w), "")
    place = subject.place(cell)
    return Term(Text(name or place.address, name or place.address), sheet.word(cell), place)


def _message(identity: Identity, held: int, asked: int) -> Text:
    zh_line, en_line = ("列", "columns") if identity.axis == "row" else ("行", "rows")
    zh, en = _CLAIMS[identity.op]
    return Text(
        f"{zh}：{asked} {zh_line}中 {held} {zh_line}成立，此处不成立。请核对。",
        f"{en}: it holds in {held} of {asked} {en_line}, but not here. Please check.",
    )


_CLAIMS = {
    "sum": ("应等于各项之和", "This should be the sum of its parts"),
    "difference": ("应等于前两项之和减去第三项", "This should be the first two less the third"),
    "average": ("应等于各项的平均数", "This should be the mean of its parts"),
    "division": ("应等于两项之比", "This should be the quotient of the two"),
    "change": ("应等于增减幅度", "This should be the change from the second to the first"),
    "share": ("应等于占总数的比重", "This should be the share of the whole"),
}


def _sum(sheet: Figures, terms: list[Term], b: Breach) -> Text:
    said = [f"{{}}{t.value or 0}" for t in terms[1:]]
    return _spelled(terms, said, b, " + ")


def _difference(sheet: Figures, terms: list[Term], b: Breach) -> Text:
    zh, en = (
        f"{_named(terms[1], lang)} + {_named(terms[2], lang)} - {_named(terms[3], lang)} = {plain(b.expected)}"
        for lang in ("zh", "en")
    )
    return _closed(terms[0], zh, en, b)


def _quotient(sheet: Figures, terms: list[Term], b: Breach) -> Text:
    zh, en = (f"{_named(terms[1], lang)} ÷ {_named(terms[2], lang)} = {shown(b)}" for lang in ("zh", "en"))
    return _closed(terms[0], zh, en, b)


def _change(sheet: Figures, terms: list[Term], b: Breach) -> Text:
    zh, en = (f"{_named(terms[1], lang)} ÷ {_named(terms[2], lang)} - 1 = {shown(b)}" for lang in ("zh", "en"))
    return _closed(terms[0], zh, en, b)


def _mean(sheet: Figures, terms: list[Term], b: Breach) -> Text:
    count = len(terms) - 1
    return _closed(terms[0], f"{count} 项的平均数 {shown(b)}", f"mean of {count} = {shown(b)}", b)


def _spelled(terms: list[Term], said: list[str], b: Breach, sign: str) -> Text:
    texts = []
    for lang in ("zh", "en"):
        parts = [s.format(t.name.to("zh" if lang == "zh" else "en") + " ") for s, t in zip(said, terms[1:], strict=True)]
        if len(parts) > SHOWN:
            rest = f"…等 {len(parts)} 项" if lang == "zh" else f"… {len(parts)} parts"
            parts = [*parts[: SHOWN - 1], rest]
        texts.append(f"{sign.join(parts)} = {plain(b.expected)}")
    return _closed(terms[0], texts[0], texts[1], b)


def _closed(total: Term, zh: str, en: str, b: Breach) -> Text:
    off = plain(abs(b.found - b.expected)) if abs(b.expected) == b.expected.to_integral_value() else shown_off(b)
    return Text(f"{total.name.zh} {total.value} ≠ {zh}，差 {off}", f"{total.name.en} {total.value} ≠ {en}, off by {off}")


def _named(term: Term, language: str) -> str:
    return f"{term.name.zh if language == 'zh' else term.name.en} {term.value or 0}"


def plain(number: Decimal) -> str:
    """Without exponent and without trailing zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def shown(b: Breach) -> str:
    """The expected value with one digit more than the found one shows."""
    places = max(0, -int(b.found.as_tuple().exponent)) + 1
    return plain(round(b.expected, places))


def shown_off(b: Breach) -> str:
    """The difference with one digit more than the found value shows."""
    places = max(0, -int(b.found.as_tuple().exponent)) + 1
    return plain(round(abs(b.found - b.expected), places))


_ARITHMETIC: dict[str, Callable[[Figures, list[Term], Breach], Text]] = {
    "sum": _sum,
    "difference": _difference,
    "average": _mean,
    "division": _quotient,
    "change": _change,
    "share": _quotient,
}


def _hint(identity: Identity, b: Breach, sheet: Figures) -> Text | None:
    """Truncation, or a factor between the units."""
    step = sheet.written[b.total[0]][b.total[1]].step
    if identity.op in {"division", "share", "change"} and b.expected >= 0 and (b.expected // step) * step == b.found:
        rounded = plain((b.expected / step).to_integral_value() * step)
        return Text(f"按四舍五入应为 {rounded}；{plain(b.found)} 是截断", f"rounded it is {rounded}; {plain(b.found)} is cut off")
    for factor in (10, 100, 1000, 10000):
        if b.expected and b.found in {b.expected * factor, b.expected / factor}:
            return Text(f"相差 {factor} 倍，可能是单位或小数点", f"off by a factor of {factor}: a unit or a decimal point")
    return None


def ordered(found: Iterator[tuple[float, Finding]] | list[tuple[float, Finding]]) -> list[Finding]:
    """Most consequential first, then in the order of the sheet."""
    ranked = sorted(found, key=lambda f: (-f[0], f[1].place.sheet, f[1].place.row, f[1].place.column, f[1].rule))
    return [finding for _, finding in ranked]
