"""How numbers are written in running text, and what each says: the patterns of both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from auditkit.chinese import chinese_numeral

Kind = Literal["count", "money", "percent", "points", "times"]
Read = tuple[int, Decimal, Decimal, str, Kind, bool]
"""Where the number begins, its value, step and unit, its kind, and whether it is approximate."""

_ONE = Decimal(1)
_UNITS = (
    r"个百分点|百分点|[万亿]?元|[人条件]次"
    r"|[%‰倍条件份次项篇起宗例部家处场册名人期户块批则套台组封页幅本辆种段卷道笔款集栏单张类个所座支头只间架艘吨亩]|公顷|千瓦时|(?:km|kg|kWh|m|t)(?![A-Za-z\d])"
)
_KINDS: dict[str | None, Kind] = {"%": "percent", "‰": "percent", "倍": "times", "times": "times"}
_KINDS |= dict.fromkeys(("个百分点", "百分点"), "points")
_BEFORE = r"(?P<before>大约|约为|约|将近|接近|近|超过|超|逾|多达|高达|至少|不少于|不低于|不足|不到)?\s*"
_ARABIC = (
    _BEFORE + r"(?P<number>\d{1,3}+(?:,\d{3})+(?:\.\d+)?|"
    rf"\d{{1,3}}+(?: \d{{3}})+(?:\.\d+)?(?=\s?[万亿]?(?:{_UNITS}))|"
    r"\d{1,3}+(?P<comma>，)\d{3}(?![\d.，])|\d++(?:\.\d+)?)"
    r"\s*(?P<more>余|多|来)?(?P<scale>万亿|[千百十]?[万亿]|千|兆(?=\d[\d,]*亿))?"
    r"(?:(?<=[兆亿万])(?P<rest>\d[\d,]*(?:\.\d+)?(?=[亿万千]?[元件人条次个户册吨亩份家]))(?P<lower>[亿万千])?)?"
    rf"(?P<more2>余|多)?\s*(?P<unit>{_UNITS})?(?P<after>\s*(?:左右|以上|以下|上下|有余|余|多(?!\d)|之多))?"
)
_HAN = (
    _BEFORE.replace("before", "before2")
    + r"(?<![第每逐任某同数几百千万亿一二三四五六七八九十])(?P<han>[一二两三四五六七八九十百千]{1,7})(?P<more3>余|多)?"
    r"(?P<unit2>件|宗|起|条|次|人次|份|篇|例|期|名)(?![次性龙式流心体产])(?P<after2>\s*(?:左右|以上|以下|余|多))?"
)
_APART = re.compile(r"(?![表图附])[\u4e00-\u9fff(]\d")
"""What stands before a number in groups; behind anything else, as in 政策 5 120条, it may be two cells of a table."""
_HUNDREDTH = (
    _BEFORE.replace("before", "before3")
    + r"(?P<percent>百分之(?P<hundredth>[零〇一二三四五六七八九十百两]{1,5}(?:点[零〇一二三四五六七八九]{1,3})?"
    r"|\d+(?:\.\d+)?))(?P<after3>\s*(?:左右|以上|以下|多))?"
)
_DURATION = (
    r"(?:个)?(?:工作日|小时|分钟|秒钟?|天|周年|周|个?月|年|岁|日|季度"
    r"|号|楼|室|级|℃|公里|平方|米|度|届|版|G|线)"
)
_NOISE = "|".join(
    (
        r"https?://[\w./?&=%#:-]+|www\.[\w./-]+|[\w.+-]+@[\w.-]+",
        r"(?:电话|传真|邮编|邮政编码|热线|QQ|手机|微信号|账号|编号|索引号|统一社会信用代码)\D{0,8}?\d[\d-]{4,}",
        r"\d{3,4}-\d{7,8}(?:-\d+)?|(?<!\d)1[3-9]\d{9}(?!\d)|\d{5}(?=(?:政务|政府|市长|市民|便民|服务)?(?:服务)?热线)",
        r"第\s*[\d一二三四五六七八九十百]+(?:\s*[-至、]\s*[\d一二三四五六七八九十百]+)?",
        r"[〔\[【(]\s*(?:19|20)\d{2}\s*[〕\]】)年]?\s*(?:第)?\s*\d*\s*号?",
        r"\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}|\d{4}\s*-\s*\d{4}\s*年?|\d{5,8}+(?=\s*[日月])",
        rf"\d++(?:\.\d++)?\s*{_DURATION}(?!均)",
        rf"\d++(?:\.\d++)?(?:\s*[:∶]\s*\d+(?:\.\d+)?)+(?!\s*(?:[.\d]|{_UNITS}))",
        r"\d{1,2}\s*-\s*\d{1,2}\s*月|\d++\s*[-×xX*/]\s*\d+(?:\s*[-×xX*/]\s*\d+)*",
        r"(?:^|(?<=[。;:\s(、，中]))\d{1,2}[、.．](?!\d)|[(]\d{1,2}[)]|[①-⑳]",
        r"[A-Za-z][A-Za-z-]*\d[\w.-]*",
    )
)
_CAN_BEGIN = r"(?=[0-9A-Za-z第〔\[【(①-⑳电传邮热手微账编索统大约将接近超逾多高至不一二两三四五六七八九十百千])"
"""One look at a character spares most positions the whole pattern."""
SCAN_ZH = re.compile(rf"{_CAN_BEGIN}(?:(?P<noise>{_NOISE})|{_HUNDREDTH}|{_ARABIC}|{_HAN})")
NUMERAL = re.compile(r"\d|百分之|[一二两三四五六七八九十百千](?:余|多)?[件宗起条次人份篇例期名]")
"""Most sentences state no number; one search tells."""
_SCALE = {
    "千": 3,
    "万": 4,
    "亿": 8,
    "兆": 12,
    "万亿": 12,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
}
_ARABIC_GROUPS = tuple(
    SCAN_ZH.groupindex[name]
    for name in "noise number before comma more scale rest lower more2 unit after".split()  # noqa: SIM905
)
"""Asked for by number: names are looked up anew for every match."""
_NUMBER = SCAN_ZH.groupindex["number"]
_HAN_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")

_MONTH_EN = (
    r"(?-i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_NUMBERED_EN = "Table|Figure|Fig|Section|Chapter|Annex|Appendix|Article|No|Note|Part|FY|Q|page|p|Title|Exemption"
_NOISE_EN = "|".join(
    (
        r"https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+",
        rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH_EN}(?:,?\s+\d{{4}})?|{_MONTH_EN}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?",
        rf"(?:\b(?:{_NUMBERED_EN})|§)\.?\s*\d[\w.()-]*",
        r"\d{4}\s*[-/]\s*\d{2,4}|\d{1,2}/\d{1,2}/\d{2,4}|\d+-\d[\d-]+|\d+(?:st|nd|rd|th)\b|\d+\s*(?:-\s*)?(?:days?|years?|months?|weeks?|hours?|minutes?)\b",
        r"[A-Za-z][A-Za-z-]*\d[\w.-]*|[(]\d{1,2}[)]|(?:^|(?<=\s))\d{1,2}[.)](?=\s+[A-Z])",
    )
)
_BEFORE_EN = (
    r"(?:\b(?P<before>about|around|approximately|nearly|almost|roughly|some|over|more than|less than|fewer than"
    r"|at least|up to|under)\s+)?"
)
SCAN_EN = re.compile(
    rf"(?P<noise>{_NOISE_EN})|{_BEFORE_EN}[$€£]?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<more>\+)?\s?"
    r"(?P<unit>percentage points?|pp\b|%|per ?cent\b|times\b)?(?P<scale>\s?(?:thousand|million|billion|bn|m)\b)?",
    re.IGNORECASE,
)


def read_zh(match: re.Match[str]) -> Read | None:
    noise, digits, before, comma, more, scale, rest, lower, more2, unit, after = match.group(*_ARABIC_GROUPS)
    if digits is None:
        return None if noise is not None else _read_han(match) if match["han"] else _read_hundredth(match)
    valued = _valued(digits, scale, rest, lower, unit)
    if valued is None:
        return None
    spaced = " " in digits and not _APART.match(match.string, max(0, match.start(_NUMBER) - 1))
    return match.start(_NUMBER), *valued, bool(before or spaced or comma or more or more2 or after)


@lru_cache(maxsize=4096)
def _valued(
    digits: str, scale: str | None, rest: str | None, lower: str | None, unit: str | None
) -> tuple[Decimal, Decimal, str, Kind] | None:
    """Value, step, unit and kind; None for a year that lost its 年."""
    value, step = _decimal(digits)
    if rest is not None:  # 3亿5000万元 is 35000万元
        power, (less, step) = _SCALE.get(lower or "", 0), _decimal(rest)
        value, scale = value.scaleb(_SCALE[scale or ""] - power) + less, lower
    if unit is None and scale is None:
        return None if step == 1 and 1900 <= value <= 2100 else (value, step, "", "count")
    if unit is not None and unit[-1] == "元":
        return value, step, (scale or "") + unit, "money"
    if scale is not None:
        factor = Decimal(1).scaleb(_SCALE[scale])
        value, step = value * factor, step * factor
    return value, step, unit or "", _KINDS.get(unit, "count")


def _read_han(match: re.Match[str]) -> Read | None:
    value = chinese_numeral(match["han"])
    if value is None or (value == 1 and match["unit2"] not in {"件", "宗", "例"}):
        return None  # 一次、一起、一条: words, not counts
    approximate = any(match[g] for g in ("before2", "more3", "after2"))
    return match.start("han"), Decimal(value), _ONE, match["unit2"], "count", approximate


def _read_hundredth(match: re.Match[str]) -> Read | None:
    """百分之十二点五."""
    whole, _, decimals = match["hundredth"].partition("点")
    number = whole if whole.isascii() else chinese_numeral(whole)
    if number is None:
        return None
    value, step = _decimal(f"{number}.{decimals.translate(_HAN_DIGITS)}" if decimals else str(number))
    return match.start("percent"), value, step, "%", "percent", bool(match["before3"] or match["after3"])


def read_en(match: re.Match[str]) -> Read | None:
    digits, scale, unit = match["number"], match["scale"], (match["unit"] or "").lower()
    if match["noise"] is not None:
        return None
    value, step = _decimal(digits)
    if not unit and not scale and "," not in digits and step == 1 and 1900 <= value <= 2100:
        return None
    if scale:
        factor = Decimal(1).scaleb({"t": 3, "m": 6, "b": 9}[scale.strip()[0].lower()])
        value, step = value * factor, step * factor
    if "point" in unit or unit == "pp":
        kind: Kind = "points"
    else:
        unit = "%" if unit.startswith(("%", "per")) else unit
        kind = _KINDS.get(unit, "count")
    return match.start("number"), value, step, unit, kind, bool(match["before"] or match["more"])


@lru_cache(maxsize=4096)
def _decimal(digits: str) -> tuple[Decimal, Decimal]:
    """A number as it is written, and one unit of its last digit."""
    value = Decimal(digits.replace(",", "").replace("，", "").replace(" ", ""))
    return value, Decimal(1).scaleb(digits.index(".") + 1 - len(digits)) if "." in digits else _ONE
