"""Final accounts of invented offices: figures that add up, their nine tables in two house styles, and the text.

Amounts are whole hundredths of 万元, so every printed sum is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from layouts import Part, Sheet

NAMES = {
    "201": "一般公共服务支出",
    "20103": "政府办公厅（室）及相关机构事务",
    "2010301": "行政运行",
    "2010302": "一般行政管理事务",
    "208": "社会保障和就业支出",
    "20802": "民政管理事务",
    "2080208": "基层政权建设和社区治理",
    "20805": "行政事业单位养老支出",
    "2080501": "行政单位离退休",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
    "210": "卫生健康支出",
    "21011": "行政事业单位医疗",
    "2101101": "行政单位医疗",
    "212": "城乡社区支出",
    "21205": "城乡社区环境卫生",
    "2120501": "城乡社区环境卫生",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120804": "农村基础设施建设支出",
    "213": "农林水支出",
    "21307": "农村综合改革",
    "2130705": "对村民委员会和村党支部的补助",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
    "223": "国有资本经营预算支出",
    "22301": "解决历史遗留问题及改革成本支出",
    "2230105": "国有企业退休人员社会化管理补助支出",
    "224": "灾害防治及应急管理支出",
    "22406": "自然灾害防治",
    "2240601": "地质灾害防治",
    "301": "工资福利支出",
    "30101": "基本工资",
    "30102": "津贴补贴",
    "30103": "奖金",
    "30108": "机关事业单位基本养老保险缴费",
    "30109": "职业年金缴费",
    "30110": "职工基本医疗保险缴费",
    "30112": "其他社会保障缴费",
    "30113": "住房公积金",
    "30199": "其他工资福利支出",
    "302": "商品和服务支出",
    "30201": "办公费",
    "30207": "邮电费",
    "30211": "差旅费",
    "30212": "因公出国（境）费用",
    "30213": "维修（护）费",
    "30216": "培训费",
    "30217": "公务接待费",
    "30228": "工会经费",
    "30231": "公务用车运行维护费",
    "30239": "其他交通费用",
    "30299": "其他商品和服务支出",
    "303": "对个人和家庭的补助",
    "30302": "退休费",
    "30305": "生活补助",
    "310": "资本性支出",
    "31002": "办公设备购置",
    "31013": "公务用车购置",
}
FUNCTIONS = [
    "201 一般公共服务支出",
    "202 外交支出",
    "203 国防支出",
    "204 公共安全支出",
    "205 教育支出",
    "206 科学技术支出",
    "207 文化旅游体育与传媒支出",
    "208 社会保障和就业支出",
    "210 卫生健康支出",
    "211 节能环保支出",
    "212 城乡社区支出",
    "213 农林水支出",
    "214 交通运输支出",
    "215 资源勘探工业信息等支出",
    "216 商业服务业等支出",
    "217 金融支出",
    "219 援助其他地区支出",
    "220 自然资源海洋气象等支出",
    "221 住房保障支出",
    "222 粮油物资储备支出",
    "223 国有资本经营预算支出",
    "224 灾害防治及应急管理支出",
    "229 其他支出",
    "231 债务还本支出",
    "232 债务付息支出",
    "234 抗疫特别国债安排的支出",
]
NUMBERS = "一二三四五六七八九十"

Amounts = dict[str, int]


def numeral(n: int) -> str:
    """12 → 十二."""
    tens, ones = divmod(n, 10)
    return ("" if tens < 2 else NUMBERS[tens - 1]) + ("十" if tens else "") + (NUMBERS[ones - 1] if ones else "")


@dataclass(frozen=True)
class Office:
    """One office's year: amounts by code in hundredths of 万元."""

    name: str
    short: str
    year: int
    basic: Amounts
    """General budget, basic expenditure by function."""
    projects: Amounts
    """General budget, project expenditure by function."""
    funds: Amounts
    capital: Amounts
    own: Amounts
    """Paid from other income."""
    economic: Amounts
    """Basic expenditure by kind."""
    carried: dict[str, tuple[int, int]]
    """general, funds, own → carried in, carried out."""
    expenses: dict[str, tuple[int, int]]
    """出国, 购置, 运行, 接待 → budget, final amount."""
    said: dict[str, Any] = field(default_factory=dict)
    """What only the text says: last year's figures, budgets, purchases, cars, performance."""

    @property
    def general(self) -> Amounts:
        return _plus(self.basic, self.projects)

    @property
    def spent(self) -> Amounts:
        return _plus(self.general, self.funds, self.capital, self.own)

    def income(self, kind: str) -> int:
        """What came in for general, funds or own: spent, and what is carried out more than in."""
        before, after = self.carried[kind]
        spent = {"general": self.general, "funds": self.funds, "own": self.own}[kind]
        return sum(spent.values()) + after - before


def _plus(*all_: Amounts) -> Amounts:
    codes = sorted({code for one in all_ for code in one})
    return {code: sum(one.get(code, 0) for one in all_) for code in codes}


def amount(hundredths: int | None) -> Decimal | None:
    """123456 → 1234.56."""
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)


def written(hundredths: int) -> str:
    """123456 → 1234.56, as in the text."""
    return f"{amount(hundredths):.2f}"


def levels(amounts: Amounts) -> list[str]:
    """Codes with those above them, in order."""
    return sorted({code[:n] for code in amounts for n in (3, 5, 7) if n <= len(code)})


def under(amounts: Amounts, code: str) -> int:
    return sum(value for own, value in amounts.items() if own.startswith(code))


@dataclass(frozen=True)
class Style:
    """What varies: codes in one column or three, the total first or last, all functions or only those used."""

    split: bool = False
    last: bool = False
    every: bool = True
    unit: str = "万元"


def tables(office: Office, style: Style) -> dict[str, Part]:
    """The nine tables by title, in the order of the central form."""
    return {
        "收入支出决算总表": _totals(office, style),
        "收入决算表": _incomes(office, style),
        "支出决算表": _expenditures(office, style),
        "财政拨款收入支出决算总表": _appropriations(office, style),
        "一般公共预算财政拨款支出决算表": _general(office, style),
        "一般公共预算财政拨款基本支出决算表": _basic(office),
        "政府性基金预算财政拨款收入支出决算表": _funds(office, style),
        "国有资本经营预算财政拨款支出决算表": _capital(office, style),
        "财政拨款“三公”经费支出决算表": _expenses(office),
    }


def _side_by_side(left: list[list[Any]], right: list[list[Any]], tail: list[list[Any]], wide: int) -> list[list[Any]]:
    high = max(len(left), len(right))
    left += [["", None]] * (high - len(left))
    right += [["", *[None] * (wide - 1)]] * (high - len(right))
    return [[*one, *other] for one, other in zip(left, right, strict=True)] + tail


def _functions(amounts: Amounts, style: Style) -> list[tuple[str, str]]:
    held = [one.split(" ") for one in FUNCTIONS]
    kept = [(code, name) for code, name in held if style.every or under(amounts, code)]
    return [(code, f"{numeral(n)}、{name}") for n, (code, name) in enumerate(kept, 1)]


def _totals(office: Office, style: Style) -> Part:
    general, funds, own = (office.income(kind) for kind in ("general", "funds", "own"))
    capital = sum(office.capital.values())
    into, out = (sum(pair[i] for pair in office.carried.values()) for i in (0, 1))
    income, spent = general + funds + capital + own, sum(office.spent.values())
    names = ["一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入", "上级补助收入"]
    names += ["事业收入", "经营收入", "附属单位上缴收入", "其他收入"]
    values = [general, funds, capital, 0, 0, 0, 0, own]
    left = [[f"{numeral(n)}、{name}", _cell(v)] for n, (name, v) in enumerate(zip(names, values, strict=True), 1)]
    right = [[name, _cell(under(office.spent, code))] for code, name in _functions(office.spent, style)]
    tail = [
        ["本年收入合计", amount(income), "本年支出合计", amount(spent)],
        ["使用非财政拨款结余（含专用结余）", None, "结余分配", None],
        ["年初结转和结余", _cell(into), "年末结转和结余", _cell(out)],
        ["总计", amount(income + into), "总计", amount(spent + out)],
    ]
    rows = [["收入", None, "支出", None], ["项目", "决算数", "项目", "决算数"]]
    part = Part([*rows, *_side_by_side(left, right, tail, 2)])
    part.merge(0, 0, 0, 1)
    part.merge(0, 2, 0, 3)
    return part


def _cell(value: int) -> Decimal | None:
    return amount(value) if value else None


def _by_code(columns: list[str], amounts: dict[str, list[int]], style: Style) -> Part:
    """A list by function: code, name and one column of amounts for each of ``columns``."""
    wide = 3 if style.split else 1
    rows: list[list[Any]] = [
        ["项目", *[None] * wide, *columns],
        ["功能分类科目编码", *[None] * (wide - 1), "科目名称", *[None] * len(columns)],
    ]
    if style.split:
        rows.append(["类", "款", "项", None, *[None] * len(columns)])
    part = Part(rows)
    part.merge(0, 0, 0, wide)
    if wide > 1:
        part.merge(1, 0, 1, wide - 1)
    codes = [code for code in amounts if len(code) == 7]
    whole = [sum(amounts[code][i] for code in codes) for i in range(len(columns))]
    total = ["合计", *[None] * wide, *map(_cell, whole)]
    body = [
        [
            *_code(code, style),
            NAMES[code],
            *(_cell(sum(amounts[c][i] for c in codes if c.startswith(code))) for i in range(len(columns))),
        ]
        for code in levels(dict.fromkeys(codes, 0))
    ]
    part.rows += [*body, total] if style.last else [total, *body]
    at = len(part.rows) - 1 if style.last else len(rows)
    part.merge(at, 0, at, wide)
    return part


def _code(code: str, style: Style) -> list[Any]:
    return [code[:3], code[3:5] or None, code[5:7] or None] if style.split else [code]


def _incomes(office: Office, style: Style) -> Part:
    granted = _granted(office)
    more = office.income("own") - sum(office.own.values())
    own = {code: value + (more if n == 0 else 0) for n, (code, value) in enumerate(office.own.items())}
    codes = sorted({*granted, *own})
    amounts = {c: [granted.get(c, 0) + own.get(c, 0), granted.get(c, 0), 0, 0, 0, 0, own.get(c, 0)] for c in codes}
    columns = ["本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"]
    return _by_code(columns, amounts, style)


def _granted(office: Office) -> Amounts:
    """Appropriations by function: what was spent, and the change of what is carried over on the first item of each."""
    made: Amounts = {}
    for kind, spent in (("general", office.projects), ("funds", office.funds)):
        before, after = office.carried[kind]
        for n, (code, value) in enumerate(spent.items()):
            made[code] = made.get(code, 0) + value + (after - before if n == 0 else 0)
    return _plus(made, office.basic, office.capital)


def _expenditures(office: Office, style: Style) -> Part:
    projects = _plus(office.projects, office.funds, office.capital, office.own)
    amounts = {c: [v, office.basic.get(c, 0), projects.get(c, 0), 0, 0, 0] for c, v in office.spent.items()}
    columns = ["本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"]
    return _by_code(columns, amounts, style)


def _appropriations(office: Office, style: Style) -> Part:
    by = [office.general, office.funds, office.capital]
    granted = [office.income("general"), office.income("funds"), sum(office.capital.values())]
    into = [office.carried["general"][0], office.carried["funds"][0], 0]
    out = [office.carried["general"][1], office.carried["funds"][1], 0]
    spent = [sum(one.values()) for one in by]
    names = ["一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    listed = [[f"{numeral(n)}、{name}", v] for n, (name, v) in enumerate(zip(names, granted, strict=True), 1)]
    whole = _plus(*by)
    right = [
        [name, _cell(under(whole, code)), *(_cell(under(one, code)) for one in by)]
        for code, name in _functions(whole, style)
    ]
    tail: list[list[Any]] = [
        ["本年收入合计", amount(sum(granted)), "本年支出合计", amount(sum(spent)), *map(_cell, spent)],
        ["年初财政拨款结转和结余", _cell(sum(into)), "年末财政拨款结转和结余", _cell(sum(out)), *map(_cell, out)],
        *(
            [f"{numeral(n)}、{name}", _cell(v), "", None, None, None, None]
            for n, (name, v) in enumerate(zip(names, into, strict=True), 1)
        ),
        [
            "总计",
            amount(sum(granted) + sum(into)),
            "总计",
            amount(sum(spent) + sum(out)),
            *(_cell(a + b) for a, b in zip(spent, out, strict=True)),
        ],
    ]
    heads = [["收入", None, "支出", *[None] * 4], ["项目", "决算数", "项目", "合计", *names]]
    left = [[name, _cell(v)] for name, v in listed]
    part = Part([*heads, *_side_by_side(left, right, tail, 5)])
    part.merge(0, 0, 0, 1)
    part.merge(0, 2, 0, 6)
    return part


def _general(office: Office, style: Style) -> Part:
    amounts = {c: [v, office.basic.get(c, 0), office.projects.get(c, 0)] for c, v in office.general.items()}
    return _by_code(["合计", "基本支出", "项目支出"], amounts, style)


def _basic(office: Office) -> Part:
    blocks = [[*_kinds(office, "301"), *_kinds(office, "303")], [*_kinds(office, "302"), *_kinds(office, "310")]]
    high = max(map(len, blocks))
    for block in blocks:
        block.extend([["", "", None]] * (high - len(block)))
    staff, means = (sum(under(office.economic, code) for code in pair) for pair in (("301", "303"), ("302", "310")))
    rows: list[list[Any]] = [["经济分类科目编码", "科目名称", "决算数"] * 2]
    rows += [[*one, *other] for one, other in zip(*blocks, strict=True)]
    rows.append(["人员经费合计", None, amount(staff), "公用经费合计", None, amount(means)])
    part = Part(rows)
    part.merge(len(rows) - 1, 0, len(rows) - 1, 1)
    part.merge(len(rows) - 1, 3, len(rows) - 1, 4)
    return part


def _kinds(office: Office, code: str) -> list[list[Any]]:
    items = [c for c in NAMES if c.startswith(code) and len(c) == 5]
    return [[c, NAMES[c], _cell(under(office.economic, c))] for c in (code, *items)]


def _funds(office: Office, style: Style) -> Part:
    before, after = office.carried["funds"]
    first = next(iter(office.funds), "")
    amounts = {
        c: [before if c == first else 0, v + (after - before if c == first else 0), v, 0, v, after if c == first else 0]
        for c, v in office.funds.items()
    }
    part = _by_code(["年初结转和结余", "本年收入", "合计", "基本支出", "项目支出", "年末结转和结余"], amounts, style)
    wide = 4 if style.split else 2
    part.rows[1][wide + 2 : wide + 5] = part.rows[0][wide + 2 : wide + 5]
    part.rows[0][wide + 2 : wide + 5] = ["本年支出", None, None]
    part.merge(0, wide + 2, 0, wide + 4)
    return part


def _capital(office: Office, style: Style) -> Part:
    return _by_code(["合计", "基本支出", "项目支出"], {c: [v, 0, v] for c, v in office.capital.items()}, style)


def _expenses(office: Office) -> Part:
    cars = [sum(office.expenses[k][i] for k in ("购置", "运行")) for i in (0, 1)]
    whole = [sum(pair[i] for pair in office.expenses.values()) for i in (0, 1)]
    pairs = [
        whole,
        office.expenses["出国"],
        cars,
        office.expenses["购置"],
        office.expenses["运行"],
        office.expenses["接待"],
    ]
    part = Part(
        [
            ["合计", None, "因公出国（境）费", None, "公务用车购置及运行维护费", *[None] * 5, "公务接待费", None],
            [*[None] * 4, "小计", None, "公务用车购置费", None, "公务用车运行维护费", None, None, None],
            ["预算数", "决算数"] * 6,
            [amount(v) for pair in pairs for v in pair],
        ]
    )
    for area in ((0, 0, 1, 1), (0, 2, 1, 3), (0, 4, 0, 9), (1, 4, 1, 5), (1, 6, 1, 7), (1, 8, 1, 9), (0, 10, 1, 11)):
        part.merge(*area)
    return part


SHANGHAI = (0, 1, 2, 3, 4, 5, 8, 6, 7)
"""The three public expenses before the funds."""


def sheets(office: Office, style: Style) -> list[Sheet]:
    """One workbook sheet a table, titled as the central form is: 公开01表 beside the office and the unit."""
    made = []
    for n, (title, part) in enumerate(tables(office, style).items(), 1):
        head: list[list[Any]] = [[title], [f"公开{n:02}表"], [f"部门：{office.name}", *[None] * 2, "金额单位：万元"]]
        merges = [(t + 3, left, b + 3, r) for t, left, b, r in part.merges]
        made.append(Sheet(f"公开{n:02}表", [*head, *part.rows], merges))
    return made
