"""Final accounts: what the form taught facts, figures and tables that need not be there."""

from __future__ import annotations

import pytest

from auditkit import rulebook
from auditkit.audit import Auditor
from auditkit.model.document import Paragraph, Source
from auditkit.model.finding import Finding, Result
from auditkit.prose import check

BOOK = rulebook.find("cn-final-accounts")


def audited(html: str) -> Result:
    page = f"<html><body>{html}</body></html>"
    return next(iter(Auditor((BOOK,), forced=True).audit([Source("甲.html", page.encode())])))


def rows(text: str) -> str:
    """``|`` between cells, one row a line."""
    lines = [line.strip().split("|") for line in text.strip().splitlines()]
    return (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{c.strip()}</td>' for c in line)}</tr>" for line in lines) + "</table>"
    )


def found(result: Result, code: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.rule == code]


GENERAL = "<p>一般公共预算财政拨款支出决算表</p>" + rows(
    """
    科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
    205 | 教育支出 | 26.02 | | 26.02
    20599 | 其他教育支出 | 26.02 | | 26.02
    208 | 社会保障和就业支出 | 80 | 80.00 |
    合计 | | 106.02 | 80.00 | 26.02
    """
)


def test_the_text_is_held_against_each_class_by_name() -> None:
    right = "<p>主要用于以下方面：教育支出（类）26.02万元，占24.54%；“社会保障和就业支出”80万元，占75.46%。</p>"
    assert not found(audited(GENERAL + right), "JS552")
    wrong = right.replace("26.02万元", "26.20万元").replace("75.46%", "75.64%")
    assert [(f.row, f.arithmetic.zh.split("，差")[0]) for f in found(audited(GENERAL + wrong), "JS552")] == [
        ("class@教育@prose", "文中 26.20 ≠ 支出合计 26.02"),
        ("class@社会保障@prose", "文中 75.64% ≠ 100 × 支出合计 80 ÷ 合计·支出合计 106.02 = 75.457461"),
    ]


def test_figures_are_kept_to_two_digits_even_where_fewer_are_shown() -> None:
    """80 in the table is 80.00: without that, 80.3 + 26.02 would pass as 106.02."""
    page = GENERAL.replace("<td>80.00</td><td></td>", "<td>80.30</td><td></td>")
    assert [f.row for f in found(audited(page), "JS510")] == ["社会保障"]


ACROSS = rows(
    """
    预算数 | | | | | | 决算数 | | | | |
    合计 | 因公出国境费 | 公务用车购置及运行 | | | 公务接待 | 合计 | 因公出国境费 | 公务用车购置及运行 | | | 公务接待
    | | 小计 | 公务用车购置费 | 公务用车运行费 | | | | 小计 | 公务用车购置费 | 公务用车运行费 |
    6.50 | | 4.00 | | 4.00 | 2.50 | 5.50 | | 3.60 | | 3.60 | 1.90
    """
)
DOWN = rows(
    """
    项目 | 预算数 | 决算数
    合计 | 6.50 | 5.50
    因公出国（境）费 | |
    公务用车购置及运行维护费 | 4.00 | 3.60
    其中：公务用车购置费 | |
    公务用车运行维护费 | 4.00 | 3.60
    公务接待费 | 2.50 | 1.90
    """
)


@pytest.mark.parametrize(("table", "codes"), [(ACROSS, "JS721"), (DOWN, "JS730")])
def test_the_three_public_expenses_in_any_layout(table: str, codes: str) -> None:
    caption = "<p>财政拨款“三公”经费支出决算表</p>"
    text = "<p>“三公”经费财政拨款支出预算为6.50万元，支出决算为5.50万元。</p>"
    right = audited(caption + table + text)
    assert not right.findings
    assert right.tallies["JS750"].passed == 1
    assert not {"T7", "T7横", "T7列"} & right.missing.keys()
    wrong = audited(caption + table.replace("5.50", "5.10") + text)
    assert {f.rule for f in wrong.findings} == {codes, "JS750"}


def test_a_percentage_without_its_sign_is_seen() -> None:
    """普陀区 2025, as published: one of nine shares lost its sign."""
    rule = tuple(r for r in BOOK.prose if r.id == "JS960")
    line = "节能环保支出125.00 万元，占 0.62%;城乡社区支出15411.43 万元，占 76.23;住房保障支出1076.78 万元，占 5.33%。"
    findings, _ = check([Paragraph(1, line)], file="甲.docx", rules=rule)
    assert [f.quote[f.place.start : f.place.end] for f in findings] == ["占 76.23"]


def test_a_table_in_another_unit_is_held_against_the_text() -> None:
    """The unit stands in a line of the text above the table, as web pages and Word files have it."""
    page = GENERAL.replace("</p>", "</p><p>公开05表</p><p>部门：甲 金额单位：元</p>", 1)
    for amount in ("26.02", "80.00", "106.02"):
        page = page.replace(f">{amount}<", f">{float(amount) * 10000:,.2f}<")
    page = page.replace(">80<", ">800,000.00<")
    right = "<p>主要用于以下方面：教育支出（类）26.02万元，占24.54%；社会保障和就业支出（类）80.00万元，占75.46%。</p>"
    assert not audited(page + right).findings
    assert [f.rule for f in audited(page + right.replace("26.02万元", "26.20万元")).findings] == ["JS552"]


ITEMS = "<p>支出决算表</p>" + rows(
    """
    科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出
    201 | 一般公共服务支出 | 30.00 | 30.00 |
    20103 | 政府办公厅（室）及相关机构事务 | 20.00 | 20.00 |
    2010301 | 行政运行 | 20.00 | 20.00 |
    20106 | 财政事务 | 10.00 | 10.00 |
    2010601 | 行政运行 | 10.00 | 10.00 |
    合计 | | 30.00 | 30.00 |
    """
)
ITEMS += ITEMS.replace("支出决算表", "一般公共预算财政拨款支出决算表").replace("本年支出合计", "合计")


@pytest.mark.parametrize(
    "said",
    [
        "财政事务（款）行政运行（项）。年初预算为9.00万元，支出决算为10.00万元，完成年初预算的111.11%。",
        "财政事务（款）行政运行（项）：年初预算9万元，2023年支出决算100000.00元。",
        "财政事务（款）行政运行（项）10.00万元，主要用于人员。",
    ],
)
def test_an_item_of_the_text_is_that_of_its_own_section(said: str) -> None:
    """行政运行 stands under every section: the name of the section tells which is meant. 元 is 万元 ÷ 10000."""
    before = "1.一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）20.00万元。"
    right = f"<p>{before}2.一般公共服务（类）{said}</p>"
    assert not audited(ITEMS + right).findings
    wrong = (
        right.replace("，完成年初预算的111.11%", "")
        .replace("10.00万元", "11.00万元")
        .replace("100000.00元", "110000.00元")
    )
    assert [(f.rule, f.row) for f in audited(ITEMS + wrong).findings] == [("JS554", "item@2010601@prose")]


def test_an_item_that_no_table_has_is_asked_for() -> None:
    said = "<p>一般公共服务支出（类）财政事务（款）归口管理的行政运行（项）10.00万元。</p>"
    assert [f.rule for f in audited(ITEMS + said).findings] == ["JS555"]


@pytest.mark.parametrize(
    "said", ["本部门无政府性基金预算财政拨款支出。", "我单位本年度没有使用政府性基金预算拨款安排的支出。"]
)
def test_the_text_says_there_is_none_and_the_table_has_some(said: str) -> None:
    table = "<p>财政拨款收入支出决算总表</p>" + rows(
        """
        项目 | 决算数 | 项目 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款
        一、一般公共预算财政拨款 | 1.00 | 一、教育支出 | 3.00 | 1.00 | 2.00
        二、政府性基金预算财政拨款 | 2.00 | | | |
        本年收入合计 | 3.00 | 本年支出合计 | 3.00 | 1.00 | 2.00
        总计 | 3.00 | 总计 | 3.00 | 1.00 | 2.00
        """
    )
    assert [f.rule for f in audited(table + f"<p>{said}</p>").findings] == ["JS852"]
    assert not audited(table.replace("2.00", "").replace("3.00", "1.00") + f"<p>{said}</p>").findings


def test_a_longer_name_that_ends_in_another_is_not_that_one() -> None:
    """其他社会保障和就业支出（项） is not the whole class."""
    table = GENERAL.replace("20599", "2089999").replace("其他教育支出", "其他社会保障和就业支出")
    said = "<p>社会保障和就业支出（类）其他社会保障和就业支出（款）其他社会保障和就业支出（项）26.02万元。</p>"
    assert not found(audited(table + said), "JS554")


def test_what_is_a_part_of_the_line_above_is_not_added_to_it() -> None:
    """Until 2018: one line for appropriations, and 其中 government funds below it."""
    table = "<p>收入支出决算总表</p>" + rows(
        """
        收入 | | 支出 |
        项目 | 决算数 | 项目 | 决算数
        一、财政拨款收入 | 9.00 | 一、教育支出 | 10.00
        其中：政府性基金预算财政拨款 | 4.00 | |
        二、上级补助收入 | 1.00 | |
        本年收入合计 | 10.00 | 本年支出合计 | 10.00
        总计 | 10.00 | 总计 | 10.00
        """
    )
    result = audited(table)
    assert not result.findings
    assert result.tallies["JS113"].passed == 1
    assert {
        f.rule for f in audited(table.replace("上级补助收入</td><td>1.00", "上级补助收入</td><td>2.00")).findings
    } == {"JS113"}
