"""The text of a disclosure: eleven sections that say what the tables say, and what only the text knows."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from accounts import NAMES, SHANGHAI, Office, Style, levels, numeral, tables, under, written
from prose import Piece


def share(part: int, whole: int) -> str:
    """41800 of 83600 → 50.00%."""
    return f"{(Decimal(100 * part) / whole).quantize(Decimal('0.01'), ROUND_HALF_UP)}%" if whole else "0%"


def change(now: int, last: int) -> str:
    """增加3.00万元，增长2.10%."""
    more, grew = ("增加", "增长") if now > last else ("减少", "下降")
    return f"{more}{written(abs(now - last))}万元，{grew}{share(abs(now - last), last)}"


def sections(office: Office) -> list[Piece]:
    """第三部分."""
    made: list[Piece] = [("heading", f"第三部分 {office.name}{office.year}年度部门决算情况说明")]
    titles = (
        ("收入支出决算总体情况说明", _overall),
        ("收入决算情况说明", _income),
        ("支出决算情况说明", _spent),
        ("财政拨款收入支出决算总体情况说明", _granted),
        ("一般公共预算财政拨款支出决算情况说明", _general),
        ("一般公共预算财政拨款基本支出决算情况说明", _basic),
        ("财政拨款“三公”经费支出决算情况说明", _expenses),
        ("政府性基金预算财政拨款收入支出决算情况说明", _funds),
        ("国有资本经营预算财政拨款收入支出决算情况说明", _capital),
        ("预算绩效管理情况", _performance),
        ("其他重要事项的情况说明", _other),
    )
    for n, (title, write) in enumerate(titles, 1):
        made.append(("heading", f"{numeral(n)}、{title}"))
        made += [("body", line) for line in write(office)]
    return made


def _compared(office: Office, what: str, now: int, last: int) -> str:
    reason = "项目安排变化" if now != last else "支出稳定"
    if now == last:
        return f"与{office.year - 1}年度相比，{what}持平。主要原因：{reason}。"
    return f"与{office.year - 1}年度相比，{what}{change(now, last)}。主要原因：{reason}。"


def _overall(office: Office) -> list[str]:
    into = sum(pair[0] for pair in office.carried.values())
    whole = sum(office.income(k) for k in ("general", "funds", "own")) + sum(office.capital.values()) + into
    last = office.said["last"]["总计"]
    said = f"{office.name}{office.year}年度收入支出总计{written(whole)}万元。"
    return [said + _compared(office, "收入支出总计", whole, last)]


def _income(office: Office) -> list[str]:
    granted = office.income("general") + office.income("funds") + sum(office.capital.values())
    own = office.income("own")
    whole = granted + own
    return [
        (
            f"本年收入合计{written(whole)}万元，其中：财政拨款收入{written(granted)}万元，占{share(granted, whole)}；"
            f"事业收入0.00万元，占0.00%；其他收入{written(own)}万元，占{share(own, whole)}。"
        )
    ]


def _spent(office: Office) -> list[str]:
    whole, basic = sum(office.spent.values()), sum(office.basic.values())
    return [
        (
            f"本年支出合计{written(whole)}万元，其中：基本支出{written(basic)}万元，占{share(basic, whole)}；"
            f"项目支出{written(whole - basic)}万元，占{share(whole - basic, whole)}。"
        )
    ]


def _granted(office: Office) -> list[str]:
    into = office.carried["general"][0] + office.carried["funds"][0]
    whole = office.income("general") + office.income("funds") + sum(office.capital.values()) + into
    said = f"{office.name}{office.year}年度财政拨款收入支出总计{written(whole)}万元。"
    return [said + _compared(office, "财政拨款收入支出总计", whole, office.said["last"]["财政拨款"])]


def _general(office: Office) -> list[str]:
    whole, all_ = sum(office.general.values()), sum(office.spent.values())
    classes = [code for code in levels(office.general) if len(code) == 3]
    shares = "；".join(
        f"{NAMES[code]}（类）{written(under(office.general, code))}万元，占{share(under(office.general, code), whole)}"
        for code in classes
    )
    budget = office.said["budget"]
    first = f"一般公共预算财政拨款支出{written(whole)}万元，占本年支出合计的{share(whole, all_)}。"
    made = [
        "（一）一般公共预算财政拨款支出决算总体情况",
        first + _compared(office, "一般公共预算财政拨款支出", whole, office.said["last"]["一般公共预算"]),
        "（二）一般公共预算财政拨款支出决算结构情况",
        f"一般公共预算财政拨款支出{written(whole)}万元，主要用于以下方面：{shares}。",
        "（三）一般公共预算财政拨款支出决算具体情况",
        (
            f"一般公共预算财政拨款支出年初预算为{written(sum(budget.values()))}万元，支出决算为{written(whole)}万元，"
            f"完成年初预算的{share(whole, sum(budget.values()))}。其中："
        ),
    ]
    return [*made, *(_item(office, n, code, budget.get(code, 0)) for n, code in enumerate(office.general, 1))]


def _item(office: Office, n: int, code: str, budget: int) -> str:
    spent = office.general[code]
    named = f"{NAMES[code[:3]]}（类）{NAMES[code[:5]]}（款）{NAMES[code]}（项）"
    done = f"，完成年初预算的{share(spent, budget)}" if budget else ""
    than = (
        "与预算数持平" if spent == budget else f"{'大' if spent > budget else '小'}于预算数，主要原因是按实际进度支付"
    )
    return f"{n}.{named}。年初预算为{written(budget)}万元，支出决算为{written(spent)}万元{done}。决算数{than}。"


def _basic(office: Office) -> list[str]:
    staff, means = (sum(under(office.economic, code) for code in pair) for pair in (("301", "303"), ("302", "310")))
    return [
        (
            f"一般公共预算财政拨款基本支出{written(staff + means)}万元，其中：人员经费{written(staff)}万元，"
            f"主要包括：{_kinds(office, '301')}、{_kinds(office, '303')}；"
            f"公用经费{written(means)}万元，主要包括：{_kinds(office, '302')}、{_kinds(office, '310')}。"
        )
    ]


def _kinds(office: Office, code: str) -> str:
    return "、".join(NAMES[c] for c in office.economic if c.startswith(code))


def _expenses(office: Office) -> list[str]:
    budget, spent = (sum(pair[i] for pair in office.expenses.values()) for i in (0, 1))
    cars = [office.expenses["购置"][i] + office.expenses["运行"][i] for i in (0, 1)]
    abroad, guests = office.expenses["出国"], office.expenses["接待"]
    last = office.said["last"]["三公"]
    return [
        "（一）“三公”经费财政拨款支出决算总体情况说明",
        (
            f"“三公”经费财政拨款支出预算为{written(budget)}万元，支出决算为{written(spent)}万元，"
            f"完成预算的{share(spent, budget)}。"
            f"{office.year}年度“三公”经费财政拨款支出决算数比{office.year - 1}年度{change(spent, last)}。"
        ),
        "（二）“三公”经费财政拨款支出决算具体情况说明",
        (
            "“三公”经费财政拨款支出决算中，"
            f"因公出国（境）费支出决算{written(abroad[1])}万元，占{share(abroad[1], spent)}；"
            f"公务用车购置及运行维护费支出决算{written(cars[1])}万元，占{share(cars[1], spent)}；"
            f"公务接待费支出决算{written(guests[1])}万元，占{share(guests[1], spent)}。具体情况如下："
        ),
        f"1.因公出国（境）费支出{written(abroad[1])}万元。",
        (
            f"2.公务用车购置及运行维护费支出{written(cars[1])}万元。其中：公务用车购置支出为{written(office.expenses['购置'][1])}万元，"
            f"公务用车运行维护支出{written(office.expenses['运行'][1])}万元。"
        ),
        f"3.公务接待费支出{written(guests[1])}万元。",
    ]


def _funds(office: Office) -> list[str]:
    if not office.funds:
        return [f"{office.name}{office.year}年度没有政府性基金预算财政拨款收入和支出。"]
    return [
        f"政府性基金预算财政拨款收入{written(office.income('funds'))}万元，支出{written(sum(office.funds.values()))}万元。"
    ]


def _capital(office: Office) -> list[str]:
    if not office.capital:
        return [f"{office.name}{office.year}年度没有国有资本经营预算财政拨款收入和支出。"]
    whole = written(sum(office.capital.values()))
    return [f"国有资本经营预算财政拨款收入{whole}万元，支出{whole}万元。"]


def _performance(office: Office) -> list[str]:
    good = office.said["performance"]
    grades = "；".join(f"绩效评级为“{g}”的项目{n}个" for g, n in zip(("优", "良", "合格", "不合格"), good, strict=True))
    return [f"开展绩效自评的{office.year}年度项目{sum(good)}个（其中，{grades}）。"]


def _other(office: Office) -> list[str]:
    means = sum(under(office.economic, code) for code in ("302", "310"))
    goods, works, services = office.said["purchases"]
    cars = office.said["cars"]
    kinds = (
        "主要领导干部用车",
        "机要通信用车",
        "应急保障用车",
        "执法执勤用车",
        "特种专业技术用车",
        "离退休干部用车",
        "其他用车",
    )
    compared = change(means, office.said["last"]["运行"])
    listed = "、".join(f"{kind}{n}辆" for kind, n in zip(kinds, cars, strict=True))
    return [
        f"（一）机关运行经费支出{written(means)}万元，比{office.year - 1}年度{compared}。",
        (
            f"（二）{office.year}年度政府采购支出总额{written(goods + works + services)}万元，"
            f"其中：政府采购货物支出{written(goods)}万元、"
            f"政府采购工程支出{written(works)}万元、政府采购服务支出{written(services)}万元。"
        ),
        f"（三）截至{office.year}年12月31日，共有车辆{sum(cars)}辆，其中，{listed}。",
    ]


def pieces(office: Office, style: Style) -> list[Piece]:
    """The whole disclosure: tables in the order of the eastern form, then the text."""
    made = [*tables(office, style).items()]
    body: list[Piece] = [("title", f"{office.name}{office.year}年度部门决算")]
    body.append(("heading", f"第二部分 {office.name}{office.year}年度部门决算表"))
    for title, part in (made[i] for i in SHANGHAI):
        body += [("heading", title), ("body", "单位：万元"), ("table", part)]
        if not any(isinstance(v, Decimal) for row in part.rows for v in row):
            body.append(
                (
                    "body",
                    f"说明：{office.short}本年度没有{title.split('财政拨款')[0]}财政拨款收入和支出，故本表无数据。",
                )
            )
    return [*body, *sections(office)]
