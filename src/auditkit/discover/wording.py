"""The sentences of a broken identity: what it claims, the arithmetic with every part, and what would explain it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from auditkit.discover.figures import Figures
from auditkit.discover.identity import Breach, Identity, Operator
from auditkit.model.finding import Term
from auditkit.model.words import Language, Text

SHOWN = 8
"""Parts spelled out in the arithmetic."""
LANGUAGES: tuple[Language, Language] = ("zh", "en")

_CLAIMS: dict[Operator, Text] = {
    "sum": Text("应等于各项之和", "This should be the sum of its parts"),
    "difference": Text("应等于前两项之和减去第三项", "This should be the first two less the third"),
    "average": Text("应等于各项的平均数", "This should be the mean of its parts"),
    "division": Text("应等于两项之比", "This should be the quotient of the two"),
    "change": Text("应等于增减幅度", "This should be the change from the second to the first"),
    "share": Text("应等于占总数的比重", "This should be the share of the whole"),
}


def claim(identity: Identity, held: int, asked: int) -> Text:
    """What should hold, with the evidence: 24 行中 23 行成立."""
    zh, en = ("列", "columns") if identity.axis == "row" else ("行", "rows")
    said = _CLAIMS[identity.op]
    return Text(
        f"{said.zh}：{asked} {zh}中 {held} {zh}成立，此处不成立。请核对。",
        f"{said.en}: it holds in {held} of {asked} {en}, but not here. Please check.",
    )


def arithmetic(identity: Identity, terms: Sequence[Term], b: Breach) -> Text:
    """``总计 12 ≠ 自然人 8 + 组织 3 = 11，差 1``; the first term is the total."""
    total, *parts = terms
    zh, en = (_right(identity, parts, b, language) for language in LANGUAGES)
    off = _rounded(abs(b.found - b.expected), b)
    return Text(
        f"{total.name.zh} {total.value} ≠ {zh}，差 {off}", f"{total.name.en} {total.value} ≠ {en}, off by {off}"
    )


def _right(identity: Identity, parts: Sequence[Term], b: Breach, language: Language) -> str:
    said = [f"{part.name.to(language)} {part.value or 0}" for part in parts]
    result = _rounded(b.expected, b)
    if identity.op == "difference":
        return f"{said[0]} + {said[1]} - {said[2]} = {result}"
    if identity.op in {"division", "share"}:
        return f"{said[0]} ÷ {said[1]} = {result}"
    if identity.op == "change":
        return f"{said[0]} ÷ {said[1]} - 1 = {result}"
    if identity.op == "average":
        return f"{len(said)} 项的平均数 {result}" if language == "zh" else f"the mean of {len(said)} = {result}"
    if len(said) > SHOWN:
        said[SHOWN - 1 :] = [f"…等 {len(said)} 项" if language == "zh" else f"… {len(said)} parts"]
    return f"{' + '.join(said)} = {result}"


def _rounded(number: Decimal, b: Breach) -> str:
    """Sums as they are; quotients with one digit more than the total shows."""
    places = max(0, -int(b.found.as_tuple().exponent)) + 1
    exact = -int(number.as_tuple().exponent) <= max(places, 9)
    return plain(number if exact else round(number, places))


def plain(number: Decimal) -> str:
    """Without exponent and without trailing zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def explanation(identity: Identity, b: Breach, sheet: Figures) -> Text | None:
    """Truncation, or a factor between the units."""
    step = sheet.written[b.total[0]][b.total[1]].step
    quotient = identity.op in {"division", "share", "change"}
    if quotient and b.expected >= 0 and (b.expected // step) * step == b.found:
        rounded = plain((b.expected / step).to_integral_value() * step)
        return Text(
            f"按四舍五入应为 {rounded}；{plain(b.found)} 是截断",
            f"rounded it is {rounded}; {plain(b.found)} is cut off",
        )
    for factor in (10, 100, 1000, 10000):
        if b.expected and b.found in {b.expected * factor, b.expected / factor}:
            return Text(
                f"相差 {factor} 倍，可能是单位或小数点", f"off by a factor of {factor}: a unit or a decimal point"
            )
    return None
