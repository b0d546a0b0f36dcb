"""Chinese sentences: the traps stay silent, the slips are named, and every finding points at its words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from auditkit import prose
from auditkit.model.document import Paragraph
from test_prose_rules import found, rules_of

RULES = rules_of("report-prose-zh")


def codes(text, **context):
    return [f.rule for f in found(text, RULES, **context)]


@pytest.mark.parametrize(
    "text",
    [
        # approximate numbers are never compared
        "全年公开信息100余条，其中文件30条、动态80条、其他20条。",
        "全年公开信息约100条，其中文件60条，占50%。",
        "全年公开信息100条，其中文件60条，占比超过50%。",
        # a list with 等 goes on, a cut may hide anything
        "全年公开信息100条，其中文件30条、动态20条、其他10条等。",
        "全年公开信息100条，其中文件30条……其他10条。",
        "全年公开信息100条。……其中文件80条、动态70条。",
        # a piece goes several ways
        "全年公开信息380条，其中政府网站285条、政务微信116条、微博201条。",
        # clicks, fans and readers are no parts
        "全年公开信息100条，其中文件60条，其他40条，阅读量2000人次，粉丝300人。",
        # several lists run on
        "收到申请12件，其中自然人10件、法人2件，网络申请11件、信函1件。",
        "完成答复1453件，包括上年结转30件。其中，予以公开1000件，不予公开453件。",
        # shares of something else
        "公开信息50条，占全市总数的3%，占年度任务的125%。",
        "公开信息50条，同比增长25%，满意率98%。",
        # any total told before may be the base
        "受理申请267件，答复263件，其中同意公开81件，公开率为30.80%。",
        # document numbers, articles, phones, dates, addresses are no counts
        "根据《条例》（国务院令第711号）第20条公开30条，电话0432-67151326，邮编132513，振兴街1号。",
        "国办公开办函〔2021〕30号印发后公开信息5条，12345热线受理5件。",
        # years that belong elsewhere
        "2025年政府信息公开工作年度报告\n公开了2024年度部门决算和2026年部门预算。",
        "2018年政府信息公开工作年度报告\n按照2008年条例和《2017年工作要点》，截至2017年底，我镇累计公开信息100条。",
        "2018年政府信息公开工作年度报告\n2019年，我镇将继续推进，计划公开信息50条。",
        # damage of the web copy
        "数据统计期限自2018年11日至2018年1231日，落款2017210日。",
        # review and suit are one part, 与附表 may join or separate
        "报告由概述、主动公开情况、行政复议、行政诉讼情况、需要说明的事项与附表共四部分组成。",
        "报告由概述、主动公开情况、行政复议、行政诉讼情况、需要说明的事项与附表共五部分组成。",
        # 等 that stands for the rest
        "全文包括总体情况、主动公开情况等六个部分。",
        # markers of clauses are no headings
        "对照第二十条第（一）项、第（五）项、第（八）项公开。",
    ],
)
def test_a_trap_stays_silent(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("共收到申请31件，其中网络申请20件，占64.5%；信函申请11件，占35.4%。", "PR102"),
        ("发布信息五十条，其中文件三十条、其他十条。", "PR105"),
        ("收入100万元，其中财政拨款80.5万元、其他20.5万元。", "PR104"),
        ("公开信息12条（其中文件5条、动态9条）。", "PR104"),
        ("共公开信息30条，文件、动态分别为20条、10条，分别占66.7%、23.3%。", "PR101"),
        ("全年收到申请80件，与上年相比减少20件，下降25%。", "PR108"),
        ("办结率由90%上升到95%，上升了15个百分点。", "PR109"),
        ("数据统计期限自20210101日起至20211130日止。", "PR203"),
        ("本报告共分三部分：概述、主动公开情况、依申请公开情况、存在问题。", "PR301"),
        ("目录：一、总体情况；二、主动公开情况；二、依申请公开情况；四、存在问题", "PR305"),
    ],
)
def test_a_slip_is_named(text, code):
    assert codes(text) == [code]


def test_a_share_says_what_the_writer_may_have_done():
    text = "公开信息30条，规范性文件26条，占86%；其他4条，占14%。"
    cut, forced = found(text, RULES)
    assert cut.arithmetic.zh == "86% ≠ 26 ÷ 30 = 86.67%"
    assert cut.hint.zh == "按四舍五入应为87%；86%是截断"
    assert forced.hint.zh == "按四舍五入应为13%；14%似为凑足100%"
    swapped = found("公开信息50条，其中文件40条，占125%。", RULES)[0]
    assert "颠倒" in swapped.hint.zh
    thrice = found("公开量由上年的60条增加到180条，增长3倍。", RULES)[0]
    assert thrice.arithmetic.zh == "3倍 ≠ (180 - 60) ÷ 60 = 2倍"
    assert thrice.hint.zh == "应为2倍；3倍是本期与基期之比"
    rest = found("公开信息50条，其中文件40条，占20%。", RULES)[0]
    assert "其余部分" in rest.hint.zh


def test_a_finding_carries_every_number_that_took_part():
    text = "公开信息50条，其中文件40条，动态15条。"
    finding = found(text, RULES)[0]
    assert [text[t.place.start : t.place.end] for t in finding.terms] == ["50条", "40条", "15条"]
    assert (finding.left, finding.right, finding.off) == (55, 50, 5)
    assert finding.quote == text
    assert finding.place.paragraph == 1
    assert finding.place.sentence == 1


def test_a_span_counts_from_the_paragraph_of_the_file():
    text = "前一句。全年公开信息５０条，其中文件４０条，占７０％。"
    finding = found(text, RULES)[0]
    assert finding.place.sentence == 2
    assert text[finding.place.start : finding.place.end] == "４０条，占７０％"


def test_the_key_survives_a_move_and_other_values():
    def key(text):
        return found(text, RULES, form="f", unit="u", period="2018")[0].key

    first = key("一、主动公开情况\n公开信息50条，其中文件40条，占70%。")
    assert first == key("引言。\n\n一、主动公开情况\n公开信息60条，其中文件30条，占70%。")
    assert first != key("二、依申请公开情况\n公开信息50条，其中文件40条，占70%。")


def test_two_findings_never_share_a_key():
    text = "一、公开\n公开信息50条，其中文件40条，占70%。\n公开信息50条，其中文件40条，占70%。"
    keys = [f.key for f in found(text, RULES)]
    assert len(keys) == len(set(keys)) == 2


def test_what_the_text_never_mentions_is_not_stated():
    tallies = prose.check([Paragraph(1, "公开信息30条，其中文件27条，占90%。")], file="a", rules=RULES)[1]
    assert tallies["PR101"].passed == 1
    assert tallies["PR203"].unchecked == {"not stated": 1}
    assert tallies["PR203"].asked == 1


def test_the_year_known_from_outside_counts_most():
    text = "统计期限为2019年1月1日至2019年12月31日。"
    assert codes(text) == []
    assert codes(text, year=2018) == ["PR201"]


def test_a_table_or_a_picture_may_be_the_annex():
    text = "报告由概述、主动公开情况、存在问题、附表四部分组成。\n一、概述\n二、主动公开情况\n三、存在问题"
    assert codes(text) == ["PR304"]
    assert codes(text, grids=1) == []
    assert codes(text, pictures=1) == []


def test_a_title_in_two_lines_is_a_title():
    text = "漂河镇2018年政府信息公开工作\n年度报告\n我镇编制了漂河镇2017年政府信息公开工作年度报告。"
    finding = found(text, RULES)[0]
    assert finding.rule == "PR201"
    assert finding.arithmetic.zh == "引言写2017年，标题为2018年"


def test_unnumbered_titles_may_hold_the_missing_number():
    text = "一、概述\n正文。\n主动公开情况\n正文。\n三、存在问题\n正文。\n四、打算"
    assert codes(text) == []


def test_a_table_of_contents_does_not_double_the_numbers():
    text = "第一部分 概况\n一、职责\n二、机构\n第二部分 情况\n一、收入\n二、支出\n第一部分 概况\n一、职责\n二、机构"
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("公开1.2万条", [(12000, "条", False)]),
        (
            "近300条，80余条，约5件，1200多人次",
            [(300, "条", True), (80, "条", True), (5, "件", True), (1200, "人次", True)],
        ),
        ("１，２３４条和1,234件", [(1234, "条", True), (1234, "件", False)]),
        ("收到申请三件、十二件，第三次、一次", [(3, "件", False), (12, "件", False)]),
        ("2018年1月1日至3月5日，20个工作日内，第12条，〔2019〕60号，3-5件", []),
        (
            "2017.515万元，5个百分点，30.80%",
            [("2017.515", "万元", False), (5, "个百分点", False), ("30.80", "%", False)],
        ),
        ("1、认真梳理。（2）公开5条", [(5, "条", False)]),
    ],
)
def test_quantities(text, shown):
    read = [(q.value, q.unit, q.approximate) for q in prose.quantities(text)]
    assert read == [(Decimal(v), u, a) for v, u, a in shown]


def test_a_quantity_knows_its_words():
    first, second = prose.quantities("我镇公开规范性文件26条，占86%")
    assert first.label == "我镇公开规范性文件"
    assert (first.half, second.half) == (0, second.step / 2)


def test_a_page_without_paragraphs_is_still_read():
    text = "公开信息50条，其中文件40条，占70%。" + "各项工作有序推进。" * 2000 + "公开信息60条，其中文件40条，占70%。"
    first, last = found(text, RULES[:1])
    assert text[last.place.start : last.place.end] == "40条，占70%"
    assert last.place.sentence == 2002
    assert first.key != last.key
