"""Lists keyed by nested codes, as accounts print them: codes in columns, blocks abreast, pages, empty tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from auditkit.audit import Auditor
from auditkit.model.document import Source
from auditkit.model.finding import Finding, Result
from auditkit.model.rule import Rulebook

CODES = """\
tables:
  A:
    title: 支出决算表
    cells: number
    kinds: {编码: text, 名称: text}
    blank: zero
    records: {name: 科目, key: 编码, nested: true}
    columns: {编码: 科目编码, 名称: 科目名称, 合计: 本年支出合计, 基本: 基本支出, 项目: 项目支出}
    rows: {总计: 合计, 科目: {大类: {公共: "201", 社保: "208"}}}
  B:
    title: 总表
    cells: number
    kinds: {项目: text}
    blank: zero
    required: false
    records: {name: 科目, key: 项目, until: 本年}
    columns: {项目: 项目, 决算: 决算数}
    rows: {科目: {公共: ["201", 一般公共服务支出], 社保: ["208", 社会保障支出]}, 本年: 本年支出合计, 总计: 总计}
rules:
  - {id: AB110, name: &n {zh: 行, en: row}, for: each row in A, check: 合计 = 基本 + 项目, message: *n}
  - {id: AB111, name: *n, for: "each cell in A except 编码, 名称", check: cell = sum(under(cell)), message: *n}
  - {id: AB112, name: *n, for: each row in B.科目, when: 决算 ≠ 0, check: 决算 = A.合计, message: *n}
  - {id: AB113, name: *n, for: each column in B except 项目, check: 本年 = sum(科目), message: *n}
  - {id: AB114, name: *n, check: "B.本年[决算] = sum(A.大类[合计])", message: *n}
"""


def check(book: Callable[[str], Rulebook], text: str, html: str) -> Result:
    rules = book(text)
    page = f"<html><body>{html}</body></html>"
    return next(iter(Auditor((rules,), forced=True).audit([Source("甲.html", page.encode())])))


def rows(text: str) -> str:
    """``|`` between cells, one row a line; ``2*`` before a cell is its colspan."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return "<table>" + "".join(f"<tr>{''.join(map(_cell, line.split('|')))}</tr>" for line in lines) + "</table>"


def _cell(cell: str) -> str:
    span, _, words = cell.rpartition("*")
    return f"<td colspan={span.strip()}>{words.strip()}</td>" if span else f"<td>{cell.strip()}</td>"


HEAD = "科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出\n"
BODY = """\
合计 | | 10.00 | 6.00 | 4.00
201 | 公共 | 7.00 | 6.00 | 1.00
20103 | 事务 | 7.00 | 6.00 | 1.00
2010301 | 运行 | 6.50 | 6.00 | 0.50
2010399 | 其他 | 0.50 | | 0.50
208 | 社保 | 3.00 | | 3.00
"""


def said(findings: Sequence[Finding]) -> list[str]:
    return [f"{f.rule} {f.row}/{f.column}".rstrip("/ ") for f in findings]


def unchecked(result: Result) -> dict[str, dict[str, int]]:
    return {code: dict(tally.unchecked) for code, tally in result.tallies.items() if tally.unchecked}


def test_codes_add_up_level_by_level_in_every_column(book) -> None:
    good = check(book, CODES, "<p>支出决算表</p>" + rows(HEAD + BODY))
    assert not good.findings
    assert not unchecked(good)
    assert good.tallies["AB111"].passed == 9  # three rows have something under them, in three columns
    wrong = check(book, CODES, "<p>支出决算表</p>" + rows(HEAD + BODY.replace("运行 | 6.50", "运行 | 6.60")))
    assert said(wrong.findings) == ["AB110 2010301", "AB111 20103/合计"]


THREE = """\
3* 科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出
类 | 款 | 项 | | | |
"""
SPLIT = """\
4* 项目 | 本年支出合计 | 基本支出 | 项目支出
3* 科目编码 | 科目名称 | | |
类 | 款 | 项 | 合计 | 10.00 | 6.00 | 4.00
"""
NUMBERED = """\
4* 项目 | 本年支出合计 | 基本支出 | 项目支出
科目编码 | | | 科目名称 | | |
4* 栏次 | 1 | 2 | 3
4* 合计 | 10.00 | 6.00 | 4.00
"""


@pytest.mark.parametrize(
    "head",
    [THREE, SPLIT, NUMBERED],
)
def test_a_code_in_three_columns_is_one_code(book, head: str) -> None:
    body = """
    201 | | | 公共 | 7.00 | 6.00 | 1.00
    201 | 03 | | 事务 | 7.00 | 6.00 | 1.00
    201 | 03 | 01 | 运行 | 6.50 | 6.00 | 0.50
    201 | 3 | 99 | 其他 | 0.50 | | 0.50
    208 | | | 社保 | 3.00 | | 3.00
    """
    good = check(book, CODES, "<p>支出决算表</p>" + rows(head + body))
    assert not good.findings
    wrong = check(book, CODES, "<p>支出决算表</p>" + rows(head + body.replace("其他 | 0.50", "其他 | 0.80")))
    assert said(wrong.findings) == ["AB110 2010399", "AB111 20103/合计"]


def test_a_table_goes_on_in_the_next_grid_and_keeps_its_addresses(book) -> None:
    lines = BODY.splitlines(keepends=True)
    first, second = HEAD + "".join(lines[:3]), "".join(lines[3:])
    good = check(book, CODES, f"<p>支出决算表</p>{rows(first)}<p>— 9 —</p>{rows(second)}")
    assert not good.findings
    wrong = check(
        book, CODES, f"<p>支出决算表</p>{rows(first)}<p>— 9 —</p>{rows(second.replace('运行 | 6.50', '运行 | 6.70'))}"
    )
    assert [(f.rule, f.place.to("zh")) for f in wrong.findings] == [("AB110", "表2!C1"), ("AB111", "表1!C4")]


def test_a_grid_under_the_title_of_another_table_does_not_go_on(book) -> None:
    lines = BODY.splitlines(keepends=True)
    html = f"<p>支出决算表</p>{rows(HEAD + ''.join(lines[:3]))}<p>总表</p>{rows(''.join(lines[3:]))}"
    result = check(book, CODES, html)
    assert result.tallies["AB110"].passed == 3
    assert said(result.findings) == ["AB111 总计/合计", "AB111 总计/项目"]  # what was cut off is missed


def test_an_empty_list_is_found_and_has_nothing_to_ask(book) -> None:
    result = check(book, CODES, "<p>支出决算表</p>" + rows(HEAD + " | | | |"))
    assert not result.findings
    assert not result.missing.get("A")
    assert not unchecked(result)


TOTALS = """\
项目 | 决算数
一、一般公共服务支出 | 7.00
其中：公用 | 2.00
二、社会保障支出 | 3.00
三、债务支出 |
本年支出合计 | 10.00
年末结转和结余 | 1.00
总计 | 11.00
"""


def test_words_stand_for_codes_and_records_end_at_their_total(book) -> None:
    tables = "<p>支出决算表</p>" + rows(HEAD + BODY) + "<p>总表</p>"
    good = check(book, CODES, tables + rows(TOTALS))
    assert not good.findings
    assert not unchecked(good)
    wrong = check(book, CODES, tables + rows(TOTALS.replace("支出 | 3.00", "支出 | 2.00")))
    assert said(wrong.findings) == ["AB112 社保", "AB113 /决算"]


def test_a_sum_over_a_list_without_such_records_is_nothing(book) -> None:
    html = "<p>支出决算表</p>" + rows(HEAD + " | | | |") + "<p>总表</p>" + rows("项目 | 决算数\n本年支出合计 | 2.00")
    assert said(check(book, CODES, html).findings) == ["AB113 /决算", "AB114"]


ABREAST = """\
tables:
  C:
    title: 基本支出表
    cells: number
    kinds: {编码: text, 名称: text}
    blank: zero
    records: {name: 经济, key: 编码, nested: true, abreast: true}
    columns: {编码: 科目编码, 名称: 科目名称, 决算: 决算数}
    rows:
      经济: {人员类: {工资: "301", 家庭: "303"}, 公用类: {商品: "302", 资本: "310"}}
      人员: 人员经费合计
      公用: 公用经费合计
rules:
  - {id: AB120, name: &n {zh: 类, en: class}, for: each row in C.经济, check: 决算 = sum(under(决算)), message: *n}
  - {id: AB121, name: *n, check: "C.人员[决算] = sum(C.人员类[决算])", message: *n}
  - {id: AB122, name: *n, check: "C.公用[决算] = sum(C.公用类[决算])", message: *n}
  - {id: AB123, name: *n, check: "C.家庭[决算] = 1", message: *n}
"""


@pytest.mark.parametrize(
    "blocks",
    [
        """
        科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
        301 | 工资 | 5.00 | 302 | 商品 | 3.00
        30101 | 基本 | 4.00 | 30201 | 办公 | 2.00
        30102 | 津贴 | 1.00 | 30202 | 印刷 | 1.00
        | | | 310 | 资本 | 2.00
        人员经费合计 | | 5.00 | 公用经费合计 | | 5.00
        """,
        """
        科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
        301 | 工资 | 5.00 | 302 | 商品 | 3.00 | 310 | 资本 | 2.00
        30101 | 基本 | 4.00 | 30201 | 办公 | 2.00 | | |
        30102 | 津贴 | 1.00 | 30202 | 印刷 | 1.00 | | |
        2* 人员经费合计 | 5.00 | 5* 公用经费合计 | 5.00
        """,
    ],
)
def test_a_list_goes_on_to_the_right(book, blocks: str) -> None:
    good = check(book, ABREAST, "<p>基本支出表</p>" + rows(blocks))
    assert not good.findings
    assert not unchecked(good)  # 303 is not there, and nobody asks for it
    wrong = check(book, ABREAST, "<p>基本支出表</p>" + rows(blocks.replace("印刷 | 1.00", "印刷 | 1.20")))
    assert said(wrong.findings) == ["AB120 商品"]
    more = check(book, ABREAST, "<p>基本支出表</p>" + rows(blocks.replace("资本 | 2.00", "资本 | 1.00")))
    assert said(more.findings) == ["AB122"]
