"""Numbers in running text: value, unit, digits shown, what kind of number, and the words in front of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, groupby
from typing import Literal, NamedTuple

from auditkit.chinese import chinese_numeral
from auditkit.model.finding import Term
from auditkit.model.words import Language, Text
from auditkit.prose.reading import Reading, Sentence, fold

Kind = Literal["count", "money", "percent", "points", "times"]


class Quantity(NamedTuple):
    """One number that measures something. Years, dates, articles, document and phone numbers never become one.

    ``start`` and ``end`` span number and unit; ``value`` is scaled for 千/万/亿 before a count (``1.2万条`` is 12000,
    step 1000) and not for money, whose unit keeps its scale (万元), nor for %.
    """

    start: int
    end: int
    text: str
    value: Decimal
    step: Decimal
    """One unit of the last digit written."""
    unit: str
    kind: Kind
    approximate: bool
    """余, 多, 近, 约, 左右, 以上 …: never compared."""
    label: str
    """Words it counts, from in front of it; from behind it where nothing stands in front."""
    depth: int = 0
    """Number of brackets open around it."""
    sentence: int = 0
    line: int = 0
    half: Decimal = Decimal(0)
    """How far the true value may lie from the one written: half a unit of the last digit, 0 for whole counts."""


_ZERO = Decimal(0)
_UNITS = (
    r"个百分点|百分点|%|‰|倍|[万亿]?元|人次|条次|件次|条|件|份|次|项|篇|起|宗|例|部|家|处|场|册|名|人|期|户|块|批|则|套|台|组"
    r"|封|页|幅|本|辆|种|段|卷|道|笔|款|集|栏|单|张|类|个"
)
_BEFORE = r"(?P<before>大约|约为|约|将近|接近|近|超过|超|逾|多达|高达|至少|不少于|不低于|不足|不到)?\s*"
_ARABIC = (
    _BEFORE + r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?P<comma>，)\d{3}(?![\d.，])|\d+(?:\.\d+)?)"
    r"\s*(?P<more>余|多|来)?(?P<scale>[千百十]?[万亿]|千)?"
    rf"(?P<more2>余|多)?\s*(?P<unit>{_UNITS})?(?P<after>\s*(?:左右|以上|以下|上下|有余|余|多|之多))?"
)
_HAN = (
    _BEFORE.replace("before", "before2")
    + r"(?<![第每逐任某同数几百千万亿一二三四五六七八九十])(?P<han>[一二两三四五六七八九十百千]{1,7})(?P<more3>余|多)?"
    r"(?P<unit2>件|宗|起|条|次|人次|份|篇|例|期|名)(?![次性龙式流心体产])(?P<after2>\s*(?:左右|以上|以下|余|多))?"
)
_HUNDREDTH = (
    _BEFORE.replace("before", "before3")
    + r"(?P<percent>百分之(?P<hundredth>[零〇一二三四五六七八九十百两]{1,5}(?:点[零〇一二三四五六七八九]{1,3})?"
    r"|\d+(?:\.\d+)?))(?P<after3>\s*(?:左右|以上|以下|多))?"
)
_DURATION = (
    r"(?:个)?(?:工作日|小时|分钟|秒钟?|天|周年|周|个?月|年|岁|日|季度"
    r"|号|楼|室|级|℃|公里|平方|亩|公顷|米|吨|度|届|版|G|线)"
)
_NOISE = "|".join(
    (
        r"https?://[\w./?&=%#:-]+|www\.[\w./-]+|[\w.+-]+@[\w.-]+",
        r"(?:电话|传真|邮编|邮政编码|热线|QQ|手机|微信号|账号|编号|索引号|统一社会信用代码)\D{0,8}?\d[\d-]{4,}",
        r"\d{3,4}-\d{7,8}(?:-\d+)?|(?<!\d)1[3-9]\d{9}(?!\d)|\d{5}(?=(?:政务|政府|市长|市民|便民|服务)?(?:服务)?热线)",
        r"第\s*[\d一二三四五六七八九十百]+(?:\s*[-至、]\s*[\d一二三四五六七八九十百]+)?",
        r"[〔\[【(]\s*\d{4}\s*[〕\]】)年]?\s*(?:第)?\s*\d*\s*号?",
        r"\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}|\d{4}\s*-\s*\d{4}\s*年?|\d{5,8}(?=\s*[日月])",
        rf"\d+(?:\.\d+)?\s*{_DURATION}(?!均)",
        rf"\d+(?:\.\d+)?(?:\s*[:∶]\s*\d+(?:\.\d+)?)+(?!\s*(?:[.\d]|{_UNITS}))",
        r"\d{1,2}\s*-\s*\d{1,2}\s*月|\d+\s*[-×xX*/]\s*\d+(?:\s*[-×xX*/]\s*\d+)*",
        r"(?:^|(?<=[。;:\s(、，中]))\d{1,2}[、.．](?!\d)|[(]\d{1,2}[)]|[①-⑳]",
        r"[A-Za-z][A-Za-z-]*\d[\w.-]*",
    )
)
_CAN_BEGIN = r"(?=[0-9A-Za-z第〔\[【(①-⑳电传邮热手微账编索统大约将接近超逾多高至不一二两三四五六七八九十百千])"
"""One look at a character spares most positions the whole pattern."""
_SCAN_ZH = re.compile(rf"{_CAN_BEGIN}(?:(?P<noise>{_NOISE})|{_HUNDREDTH}|{_ARABIC}|{_HAN})")
_NUMERAL = re.compile(r"\d|百分之|[一二两三四五六七八九十百千](?:余|多)?[件宗起条次人份篇例期名]")
"""Most sentences state no number; one search tells."""
_SCALE = {"千": 3, "万": 4, "亿": 8, "十万": 5, "百万": 6, "千万": 7, "十亿": 9, "百亿": 10, "千亿": 11}
_SEPARATOR_ZH = re.compile(r"[，,;。、\s:]")
_HAN_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_LEAD = re.compile(r"^(?:其中|包括|分别|以及|和|及|与|并|还|另|是|为|有|共|共计|即)+")
_TAIL = re.compile(r"(?:共计|总计|共|计|为|是|有|达到|达|了|约|:|\"|“|”|=)+$")

_MONTH_EN = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_NOISE_EN = "|".join(
    (
        r"https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+",
        rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH_EN}(?:,?\s+\d{{4}})?|{_MONTH_EN}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?",
        r"(?:Table|Figure|Fig|Section|Chapter|Annex|Appendix|Article|No|Note|Part|FY|Q|page|p|Title|Exemption|§)\.?\s*\d[\w.()-]*",
        r"\d{4}\s*[-/]\s*\d{2,4}|\d{1,2}/\d{1,2}/\d{2,4}|\d+-\d[\d-]+|\d+(?:st|nd|rd|th)\b|\d+\s*(?:-\s*)?(?:days?|years?|months?|weeks?|hours?|minutes?)\b",
        r"[A-Za-z][A-Za-z-]*\d[\w.-]*|[(]\d{1,2}[)]|(?:^|(?<=\s))\d{1,2}[.)](?=\s+[A-Z])",
    )
)
_BEFORE_EN = (
    r"(?:\b(?P<before>about|around|approximately|nearly|almost|roughly|some|over|more than|less than|fewer than"
    r"|at least|up to|under)\s+)?"
)
_SCAN_EN = re.compile(
    rf"(?P<noise>{_NOISE_EN})|{_BEFORE_EN}[$€£]?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<more>\+)?\s?"
    r"(?P<unit>percentage points?|pp\b|%|per ?cent\b|times\b)?(?P<scale>\s?(?:thousand|million|billion|bn|m)\b)?",
    re.IGNORECASE,
)
_SEPARATOR_EN = re.compile(r"[,;:()]|\b(?:and|of which|of|from|to)\b")


def quantities(text: str, language: Language = "zh") -> tuple[Quantity, ...]:
    """Every measuring number of a text, in order; spans count characters of ``text``."""
    return tuple(_scan(fold(text), language))


def in_sentence(sentence: Sentence, language: Language) -> tuple[Quantity, ...]:
    """The numbers of one sentence; spans count characters of its line."""
    return tuple(_scan(sentence.text, language, sentence.start, sentence.number, sentence.line))


def by_line(reading: Reading) -> tuple[tuple[Quantity, ...], ...]:
    """Line → its quantities, sentence after sentence. For ``Reading.once``."""
    return tuple(
        tuple(q for sentence in line.sentences for q in in_sentence(sentence, reading.language))
        for line in reading.lines
    )


def by_sentence(reading: Reading) -> dict[tuple[int, int], tuple[Quantity, ...]]:
    """Line and sentence → its quantities; sentences without any are left out. For ``Reading.once``."""
    grouped = groupby(chain.from_iterable(reading.once(by_line)), key=lambda q: (q.line, q.sentence))
    return {at: tuple(found) for at, found in grouped}


def term(reading: Reading, quantity: Quantity) -> Term:
    """A quantity as it took part in a finding."""
    name = quantity.label or quantity.text
    return Term(Text(name, name), quantity.text, reading.place(quantity.line, quantity.start, quantity.end))


def _scan(text: str, language: Language, offset: int = 0, sentence: int = 0, line: int = 0) -> Iterator[Quantity]:
    if not _NUMERAL.search(text):
        return
    zh = language == "zh"
    previous = counted = depth = 0
    label = ""
    for match in (_SCAN_ZH if zh else _SCAN_EN).finditer(text):
        if match["noise"] is not None:
            continue
        read = _read_zh(match) if zh else _read_en(match)
        if read is None:
            continue
        value, step, unit, kind, approximate = read
        if not unit and text[max(0, match.start() - 2) : match.start()].rstrip().endswith("|"):
            continue  # a cell of a table that was copied into one line
        first = next(i for i in map(match.start, ("number", "han", "percent") if zh else ("number",)) if i >= 0)
        end = match.start() + len(match[0].rstrip())
        if label == "" or text[previous : match.start()].strip():
            label = _label(text, previous, match.start(), end, zh)  # 推送890期2310条: both count what was sent
        depth += text.count("(", counted, first) - text.count(")", counted, first)
        counted = first
        written = text[match.start() : end].strip()
        whole = kind == "count" and step == 1
        yield Quantity(
            offset + first,
            offset + end,
            written,
            value,
            step,
            unit,
            kind,
            approximate,
            label,
            depth,
            sentence,
            line,
            _ZERO if whole else step / 2,
        )
        previous = end


def _read_zh(match: re.Match[str]) -> tuple[Decimal, Decimal, str, Kind, bool] | None:
    if match["han"]:
        return _read_han(match)
    if match["hundredth"]:
        return _read_hundredth(match)
    digits = match["number"].replace(",", "").replace("，", "")
    scale, unit = match["scale"] or "", match["unit"] or ""
    value, step = _decimal(digits)
    if not unit and not scale and "." not in digits and 1900 <= value <= 2100:
        return None  # a year that lost its 年
    approximate = any(match[g] for g in ("before", "more", "more2", "after", "comma"))
    if unit.endswith("元"):
        return value, step, scale + unit, "money", approximate
    factor = Decimal(1).scaleb(_SCALE.get(scale, 0))
    return value * factor, step * factor, unit, _kind(unit), approximate


def _read_han(match: re.Match[str]) -> tuple[Decimal, Decimal, str, Kind, bool] | None:
    value = chinese_numeral(match["han"])
    if value is None or (value == 1 and match["unit2"] not in {"件", "宗", "例"}):
        return None  # 一次、一起、一条: words, not counts
    approximate = any(match[g] for g in ("before2", "more3", "after2"))
    return Decimal(value), Decimal(1), match["unit2"], "count", approximate


def _read_hundredth(match: re.Match[str]) -> tuple[Decimal, Decimal, str, Kind, bool] | None:
    """百分之十二点五."""
    whole, _, decimals = match["hundredth"].partition("点")
    number = whole if whole.isascii() else chinese_numeral(whole)
    if number is None:
        return None
    value, step = _decimal(f"{number}.{decimals.translate(_HAN_DIGITS)}" if decimals else str(number))
    return value, step, "%", "percent", bool(match["before3"] or match["after3"])


def _read_en(match: re.Match[str]) -> tuple[Decimal, Decimal, str, Kind, bool] | None:
    digits, unit = match["number"].replace(",", ""), (match["unit"] or "").lower()
    value, step = _decimal(digits)
    if not unit and not match["scale"] and "," not in match["number"] and "." not in digits and 1900 <= value <= 2100:
        return None
    power = {"t": 3, "m": 6, "b": 9}.get((match["scale"] or " ").strip()[:1].lower(), 0)
    factor = Decimal(1).scaleb(power)
    unit = "%" if unit.startswith(("%", "per c", "percent")) and "point" not in unit else unit
    kind: Kind = "points" if "point" in unit or unit == "pp" else "times" if unit == "times" else _kind(unit)
    return value * factor, step * factor, unit, kind, bool(match["before"] or match["more"])


def _decimal(digits: str) -> tuple[Decimal, Decimal]:
    value = Decimal(digits)
    exponent = value.as_tuple().exponent
    return value, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _kind(unit: str) -> Kind:
    if unit in {"%", "‰"}:
        return "percent"
    if unit.endswith("百分点"):
        return "points"
    return "times" if unit == "倍" else "count"


def _label(text: str, previous: int, start: int, end: int, zh: bool) -> str:
    """The words right in front of the number, else right behind it."""
    separator = _SEPARATOR_ZH if zh else _SEPARATOR_EN
    before = text[previous:start].rstrip(" :“\"'(")
    before = _TAIL.sub("", before) if zh else before
    label = separator.split(before)[-1].strip()
    label = _LEAD.sub("", label) if zh else label
    return label.strip("()“”\"'·|- ") or separator.split(text[end : end + 24].lstrip(" )"))[0].strip("()“”\"' ")
