"""Numbers as people type them, each with what must be read."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.chinese import chinese_numeral
from auditkit.model.document import State
from auditkit.numerals import of_value, parse

# written | number | step | unit
NUMBERS = """
3            | 3       | 1      |
1,234        | 1234    | 1      |
１２３       | 123     | 1      |
１，２３４   | 1234    | 1      |
12.5%        | 12.5    | 0.1    | %
５．６％     | 5.6     | 0.1    | %
12.50        | 12.50   | 0.01   |
.5           | 0.5     | 0.1    |
十二         | 12      | 1      |
二〇二三     | 2023    | 1      |
一百二十件   | 120     | 1      | 件
十二万       | 120000  | 10000  |
1.2万        | 12000   | 1000   |
1.2万件      | 12000   | 1000   | 件
240万元      | 240     | 1      | 万元
251000元     | 251000  | 1      | 元
1646.5万元   | 1646.5  | 0.1    | 万元
1.2亿元      | 1.2     | 0.1    | 亿元
$5,500.00    | 5500.00 | 0.01   | $
¥ 12         | 12      | 1      | ¥
（3）        | -3      | 1      |
(3)          | -3      | 1      |
($5.00)      | -5.00   | 0.01   | $
+21          | 21      | 1      |
＋21         | 21      | 1      |
－1942       | -1942   | 1      |
−5           | -5      | 1      |
-0           | 0       | 1      |
3件          | 3       | 1      | 件
12 人次      | 12      | 1      | 人次
3千米        | 3       | 1      | 千米
1.2个百分点  | 1.2     | 0.1    | 个百分点
1.23E+05     | 123000  | 1000   |
1.2 million  | 1200000 | 100000 |
"""

TEXTS = """<1|12 (of 15)|12 3|1 234|1,23,4|1,2345|①|½|²|1e400|NaN|inf|若干|…|*|约12|12余件|2018年|12月|5.|12,|1.2.3
3-5|(-3)|（三）|三四|○|十几|1_000|٣|12人（含兼职）|￥|件|万|表三|3%%|--3|+-3|=1+1|三安全一稳定|一、总体情况"""

NILS = "— – - -- —— / ／ \\ 无 N/A n/a NA 不适用 －"
ERRORS = "#REF! #DIV/0! #N/A #VALUE! #NAME? #NULL! #NUM! #SPILL! ###### Err:502"


@pytest.mark.parametrize("line", NUMBERS.strip().splitlines())
def test_a_number_keeps_its_text_its_digits_and_its_unit(line: str) -> None:
    text, number, step, unit = (part.strip() for part in line.split("|"))
    read = parse(text)
    assert (read.state, read.number, read.step, read.unit) == (State.NUMBER, Decimal(number), Decimal(step), unit)
    assert read.text == text


@pytest.mark.parametrize("text", [t for line in TEXTS.splitlines() for t in line.split("|")])
def test_what_is_not_wholly_a_number_is_text(text: str) -> None:
    assert (parse(text).state, parse(text).number) == (State.TEXT, None)


@pytest.mark.parametrize(("texts", "state"), [(NILS, State.NIL), (ERRORS, State.ERROR)])
def test_a_dash_and_a_broken_formula_are_answers_of_their_own(texts: str, state: State) -> None:
    assert {text: parse(text).state for text in texts.split()} == dict.fromkeys(texts.split(), state)


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u00a0\n", "\ufeff", "\u200b "])
def test_only_white_is_blank(text: str) -> None:
    assert parse(text).state is State.BLANK


@pytest.mark.parametrize("text", [" 3", "3\u00a0", "\u30003\u3000", "\t3\r\n", "\ufeff3"])
def test_white_around_a_number_does_not_count(text: str) -> None:
    assert (parse(text).number, parse(text).text) == (3, "3")


def test_hard_spaces_group_digits_and_plain_spaces_do_not() -> None:
    assert parse("1\u00a0234\u00a0567").number == 1234567
    assert parse("1\u00a023").state is State.TEXT


@pytest.mark.parametrize(
    ("token", "number"),
    [
        *{"十": 10, "十二": 12, "一百二十": 120, "一百零五": 105, "一百二": 120, "两千": 2000, "廿三": 23}.items(),
        *{
            "卅": 30,
            "二〇二三": 2023,
            "二○一八": 2018,
            "三千五百六十二": 3562,
            "一万二": 12000,
            "三万亿": 3 * 10**12,
        }.items(),
        *{"一亿零三十": 100000030, "壹佰贰拾叁": 123, "零": 0, "⼀": 1}.items(),
        *dict.fromkeys(
            ["", "百", "万", "三四", "五六十", "十几", "三成", "一二三", "一百零", "12", "第三", "万三", "○"]
        ).items(),
    ],
)
def test_chinese_numerals(token: str, number: int | None) -> None:
    assert chinese_numeral(token) == number


# stored | format | text | number | step | unit
SHOWN = """
3.0      | General        | 3         | 3      | 1     |
0.125    | 0.0%           | 12.5%     | 12.5   | 0.1   | %
0.8667   | 0%             | 87%       | 86.67  | 1     | %
0.07     | 0.00%          | 7.00%     | 7      | 0.01  | %
1234.5   | #,##0.00       | 1,234.50  | 1234.5 | 0.01  |
2.5      | 0              | 3         | 2.5    | 1     |
-5.5     | 0.0_);(0.0)    | -5.5      | -5.5   | 0.1   |
-0.0589  | 0.0%           | -5.9%     | -5.89  | 0.1   | %
-1234.5  | #,##0.00       | -1,234.50 | -1234.5 | 0.01 |
0.0      | 0;-0;"-"       | 0         | 0      | 1     |
12.0     | 0"件"          | 12件      | 12     | 1     | 件
240.0    | 0"万元"        | 240万元   | 240    | 1     | 万元
1.2      | 0.0"万"        | 1.2万     | 12000  | 1000  |
5500.0   | [$¥-804]#,##0  | ¥5,500    | 5500   | 1     | ¥
5500.0   | [Red]"$"0.0    | $5500.0   | 5500   | 0.1   | $
1234000  | #,##0,         | 1,234,000 | 1234000 | 1000 |
12345.0  | 0.00E+00       | 1.23E+4   | 12345  | 100   |
3.14     | @              | 3.14      | 3.14   | 0.01  |
0.5      | # ?/?          | 0.5       | 0.5    | 0.1   |
"""


@pytest.mark.parametrize("line", SHOWN.strip().splitlines())
def test_a_stored_number_is_shown_as_its_format_says(line: str) -> None:
    stored, code, text, number, step, unit = (part.strip() for part in line.split("|"))
    read = of_value(float(stored), code)
    assert (read.text, read.number, read.step, read.unit) == (text, Decimal(number), Decimal(step), unit)
    assert read.state is State.NUMBER


@pytest.mark.parametrize(
    ("stored", "text", "step"),
    [
        (3.0, "3", "1"),
        (0.1 + 0.2, "0.3", "0.1"),
        (12.25, "12.25", "0.01"),
        (260 / 3, "86.666666667", "1E-9"),
        (7, "7", "1"),
    ],
)
def test_without_a_format_the_stored_digits_are_the_shown_ones(stored: float, text: str, step: str) -> None:
    assert (of_value(stored).text, of_value(stored).step) == (text, Decimal(step))


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (True, "TRUE"),
        (dt.date(2021, 1, 2), "2021-01-02"),
        (dt.datetime(2021, 1, 2), "2021-01-02"),  # noqa: DTZ001 - a workbook knows no time zone
        (dt.time(9, 30), "09:30:00"),
        (dt.timedelta(hours=1), "1:00:00"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (10**40, "1E+30"),
    ],
)
def test_what_no_table_counts_is_text(stored: object, text: str) -> None:
    assert (of_value(stored).state, of_value(stored).text) == (State.TEXT, text)  # type: ignore[arg-type]


def test_no_value_is_blank_and_a_text_is_read() -> None:
    assert of_value(None).state is State.BLANK
    assert of_value("").state is State.BLANK
    assert of_value("12.5%").number == Decimal("12.5")


@given(st.integers(-(10**18), 10**18))
def test_every_whole_number_survives_typing(number: int) -> None:
    assert parse(str(number)).number == number
    assert parse(f"{number:,}").number == number


@given(st.decimals(-(10**9), 10**9, places=3))
def test_every_decimal_survives_typing_with_all_its_digits(number: Decimal) -> None:
    read = parse(f"{number:f}")
    assert (read.number, read.step) == (number, Decimal("0.001"))


@given(st.text(max_size=80))
def test_no_text_breaks_reading(text: str) -> None:
    read = parse(text)
    assert (read.number is not None) == (read.state is State.NUMBER)
    assert read.number is None or read.number.is_finite()


@given(st.floats(), st.text(alphabet='0#?.,%;"$[]E+_*\\件万元G', max_size=12))
def test_no_format_breaks_showing(number: float, code: str) -> None:
    read = of_value(number, code)
    assert read.number is None or (read.number.is_finite() and read.step > 0)


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_written_out_are_read_back(number: int) -> None:
    assert chinese_numeral(_written_out(number)) == number


def _written_out(number: int) -> str:
    """The schoolbook way, independent of the reader."""
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return _written_out(high) + "万" + (("零" if low < 1000 else "") + _written_out(low) if low else "")
    text = ""
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        text += "零一二三四五六七八九"[digit] + (name if digit else "")
    while "零零" in text:
        text = text.replace("零零", "零")
    return text.strip("零")
