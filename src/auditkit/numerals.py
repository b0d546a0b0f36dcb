"""Numerals: what people type as a number, and how many digits of it they show."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from auditkit.chinese import chinese_numeral
from auditkit.model.document import State, Value
from auditkit.widths import FOLD

ONE = Decimal(1)
NOISE = Decimal("1E-9")
"""Step of a computed float: its digits are nobody's choice."""
LONGEST = 64
"""Characters; no number a person types is longer, and ``Decimal`` is not asked to prove it."""
LARGEST = 1e30


@dataclass(frozen=True, slots=True)
class Written:
    """A cell's content as a person reads it. ``step`` is one unit of the last digit shown."""

    text: str
    number: Decimal | None
    state: State
    step: Decimal = ONE
    unit: str = ""


BLANK = Written("", None, State.BLANK)

_NIL = frozenset(
    "- -- --- / // \\ 无 N/A N/a n/a n/A NA N.A. n.a. 不适用 不涉及 暂无 nil Nil NIL — —— ——— – –– ― ―― ─ ──".split()  # noqa: SIM905 - a row of marks reads better than forty quotes
)
_ERROR = re.compile(
    r"#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|CONNECT!|BLOCKED!|UNKNOWN!|BUSY!|GETTING_DATA"
    r"|##+)|Err:5\d\d",
    re.ASCII,
)

_GROUPED = re.compile(r"(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")

_SIGNS = r"US\$|HK\$|[$¥€£]|RMB|CNY|USD|人民币"
_COINS = r"元|美元|欧元|港元|港币|日元|英镑|人民币|圆|角|RMB|CNY|USD"
_WHOLE_UNITS = r"千米|千克|千瓦时|千瓦|百分点|个百分点"
_MEASURES = (
    r"[%‰]|(?:人|件|户|条|场|批|台|个|车|架|艘|班|例|项)次|公文|张床|床位|个?工作日|个月|小时|分钟|平方米|平方公里|立方米|公里|公顷|公斤"
    r"|[件条次人个份项篇户家册本张台套辆名位起宗例期场批处所座栋间艘架头只羽株棵亩米吨克斤升度天秒周岁页字部门组支队笔单款类种层村]"
    r"|㎡|km|kg|kWh|days?|hours?|months?|years?|persons?|people|items?|pages?|cases?|requests?|FTEs?"
)
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_SCALES = r"[十百千]?[万亿]|万亿|[百千]|thousand|million|billion"
_UNIT = rf"(?P<whole>{_WHOLE_UNITS})|(?P<scale>{_SCALES})? ?(?:(?P<coin>{_COINS})|(?P<unit>{_MEASURES}))?"
_NUMBER = re.compile(
    rf"(?P<sign>[+–-]|负)? ?(?P<money>{_SIGNS})? ?(?P<inner>[+-])?"
    rf"(?:(?P<digits>{_DIGITS})?(?P<decimals>\.[0-9]+)?(?:[eE](?P<power>[+-]?[0-9]{{1,2}}))?|(?P<han>[〇○零一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟萬億]+))"
    rf" ?(?:{_UNIT})"
)
_BRACKETED = re.compile(rf"(?P<money>{_SIGNS})? ?\( ?(?P<body>[^()+-]+?) ?\)")
_TENS = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "亿": 10**8,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
}


def parse(text: str) -> Written:
    """The whole text of one cell. Text that is not wholly a number is never a number.

    Counts with a bare 千, 万 or 亿 are scaled (``1.2万`` is 12000, step 1000); money keeps the unit as written
    (``240万元`` is 240, unit 万元), and so do percentages (``12.5%`` is 12.5, unit %).
    """
    if text.isdecimal() and text.isascii() and len(text) <= LONGEST:
        return Written(text, Decimal(text), State.NUMBER)
    shown = text.strip(" \t\r\n\u00a0\u3000\ufeff\u200b")
    if not shown:
        return BLANK
    if len(shown) > LONGEST:
        return Written(shown, None, State.TEXT)
    folded = _GROUPED.sub(",", shown).translate(FOLD).strip()
    if not folded:
        return BLANK
    if folded in _NIL:
        return Written(shown, None, State.NIL)
    if folded[0] in "#E" and _ERROR.fullmatch(folded):
        return Written(shown, None, State.ERROR)
    return _number(shown, folded)


def _number(shown: str, folded: str) -> Written:
    negative = False
    if folded[-1] == ")" and (bracket := _BRACKETED.fullmatch(folded)):
        negative, folded = True, (bracket["money"] or "") + bracket["body"]
    match = _NUMBER.fullmatch(folded)
    reading = match and _read(match)
    if not match or not reading or (negative and (match["han"] or match["scale"] or match["unit"] not in {None, "%"})):
        return Written(shown, None, State.TEXT)
    number, step, unit = reading
    if negative and number:
        number = -number
    return Written(shown, number, State.NUMBER, step, unit)


def _read(match: re.Match[str]) -> tuple[Decimal, Decimal, str] | None:
    """Number, step and unit of a full match; ``None`` where the parts do not make one number."""
    sign, money, inner, digits, decimals, power, han, whole, scale, coin, unit = match.groups()
    if (sign and inner) or (money and coin):
        return None
    if han:
        named = _han(han)
        if named is None or scale:
            return None
        number, step = named
    elif digits or decimals:
        number = Decimal((digits or "").replace(",", "") + (decimals or "") + (f"E{power}" if power else ""))
        exponent = int(power or 0) - len(decimals or ".") + 1
        step = Decimal(1).scaleb(exponent) if exponent else ONE
        number = number.quantize(ONE) if power and exponent >= 0 and number.adjusted() < 25 else number
    else:
        return None
    if (sign or inner) in {"-", "–", "负"} and number:
        number = -number
    if money or coin:
        return number, step, (money or "") + (scale or "") + (coin or unit or "")
    if scale:
        factor = math.prod(map(_TENS.__getitem__, (scale,) if scale in _TENS else scale))
        return number * factor, step * factor, unit or ""
    return number, step, whole or unit or ""


def _han(token: str) -> tuple[Decimal, Decimal] | None:
    number = chinese_numeral(token)
    if number is None:
        return None
    step = {"万": Decimal(10**4), "萬": Decimal(10**4), "亿": Decimal(10**8), "億": Decimal(10**8)}.get(token[-1], ONE)
    return Decimal(number), step


def of_value(value: Value, format: str = "") -> Written:  # noqa: A002 - what Excel calls it
    """A raw value from a reader, shown as its number format shows it.

    ``number`` is what is stored (to 15 significant digits, as Excel does), ``text`` and ``step`` are what is shown:
    0.8667 under ``0%`` is "87%", 86.67, step 1. Without a format, digits as stored; computed noise has step 1e-9.
    """
    if type(value) is str:
        return parse(value)
    if value is None:
        return BLANK
    if type(value) is float or type(value) is int:
        return _of_number(value, format)
    return Written(_spelled(value), None, State.TEXT)


def _spelled(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def _of_number(value: float, format: str) -> Written:  # noqa: A002
    if not -LARGEST < value < LARGEST:  # also NaN
        return Written(repr(value) if type(value) is float else "1E+30", None, State.TEXT)
    spec = _spec(format, (value < 0) + 2 * (value == 0)) if format else _GENERAL
    if spec is _GENERAL:
        return _general(value)
    number = Decimal(format_15(value)) * spec.factor
    if spec.decimals < 0:
        shown = Decimal(f"{number:.{-spec.decimals - 1}E}")
        return Written(f"{shown:E}", number, State.NUMBER, Decimal(1).scaleb(int(shown.as_tuple().exponent)))
    step = Decimal(1).scaleb(-spec.decimals)
    shown = number.quantize(step, ROUND_HALF_UP) if number.adjusted() + spec.decimals < 27 else number
    body = f"{shown.copy_abs():{',' if spec.grouped else ''}f}"
    text = f"{'-' if shown < 0 else ''}{spec.before}{body}{spec.after}"
    return Written(text, number * spec.scale, State.NUMBER, step * spec.scale * spec.thousands, spec.unit)


def format_15(value: float) -> str:
    """A float the way Excel keeps it: 15 significant digits, 0.1 + 0.2 is 0.3."""
    return str(value) if type(value) is int else format(value, ".15g")


def _general(value: float) -> Written:
    if type(value) is int or (value.is_integer() and -1e15 < value < 1e15):
        text = str(int(value))
        return Written(text, Decimal(text), State.NUMBER)
    number = Decimal(format_15(value))
    decimals = -int(number.as_tuple().exponent)
    if decimals > 9:
        return Written(f"{Decimal(format(value, '.11g')):f}"[:40], number, State.NUMBER, NOISE)
    return Written(f"{number:f}", number, State.NUMBER, Decimal(1).scaleb(-decimals) if decimals > 0 else ONE)


class _Spec(NamedTuple):
    """What one section of a number format does. ``decimals`` below 0 is scientific with ``-decimals - 1``."""

    decimals: int = 0
    grouped: bool = False
    factor: int = 1
    thousands: int = 1
    before: str = ""
    after: str = ""
    unit: str = ""
    scale: int = 1


_GENERAL = _Spec()
_TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|(E[+-])|(.)', re.DOTALL)
_AFFIX = re.compile(_UNIT)
_SIGN = re.compile(_SIGNS)


@lru_cache(maxsize=1024)
def _spec(format: str, section: int) -> _Spec:  # noqa: A002
    """The section for positive (0), negative (1) or zero (2) numbers, read once per format code."""
    sections = _sections(format)
    code = sections[section] if section < len(sections) else sections[0]
    digits, before, after = "", "", ""
    for quoted, escaped, money, power, plain in _TOKEN.findall(code):
        if power or (plain and plain in "0#?.,%/"):
            digits += power[:1] or plain
            after += "%" if plain == "%" else ""
        elif literal := quoted or escaped or money or (plain if plain in "$¥€£￥件元万亿千" else ""):
            if digits:
                after += literal
            else:
                before += literal
        elif plain and plain in "yYmMdDhHsSgG@":
            return _GENERAL
    if not any(c in "0#?" for c in digits) or "/" in digits:
        return _GENERAL
    return _shape(digits, before.strip().replace("￥", "¥"), after.strip())


def _sections(format: str) -> list[str]:  # noqa: A002
    """Split at semicolons that are not quoted or escaped."""
    return re.findall(r'(?:^|;)((?:"[^"]*"|[\\!_*].|\[[^\]]*\]|[^;])*)', format)[:3]


def _shape(digits: str, before: str, after: str) -> _Spec:
    body = digits.replace("%", "")
    places = sum(c in "0#?" for c in body.partition("E")[0].partition(".")[2])
    if "E" in body:
        return _Spec(decimals=-places - 1)
    money = before if _SIGN.fullmatch(before) else ""
    affix = _AFFIX.fullmatch(after)
    parts = affix.groupdict(default="") if affix else {"whole": "", "scale": "", "coin": "", "unit": ""}
    unit, scale = parts["whole"] or parts["coin"] or parts["unit"], 1
    if parts["coin"] or money:
        unit = money + parts["scale"] + unit
    elif parts["scale"]:
        scale = math.prod(_TENS[c] for c in parts["scale"]) if parts["scale"] not in _TENS else _TENS[parts["scale"]]
    trailing = len(body) - len(body.rstrip(","))
    return _Spec(
        decimals=places,
        grouped="," in body.rstrip(","),
        factor=100 ** digits.count("%"),
        thousands=1000**trailing,
        before=money,
        after=after if affix else "%" * digits.count("%"),
        unit="%" if "%" in digits else unit,
        scale=scale,
    )
