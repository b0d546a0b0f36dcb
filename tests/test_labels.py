"""Labels: what is the same, and what must stay different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.labels import bare, fold, label, nearest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.属于国家秘密", "１．属于国家秘密"),
        ("1、属于国家秘密", "（三）1.属于国家秘密"),
        ("一、本年新收", "（一）本年新收"),
        ("本年新收", "一、 本年\n新收"),
        ("⑴ 总计", "（七）总计"),
        ("①总计", "第二项、总计"),
        ("商业\r\n企业", "商 业　企业"),
        ("3.危及“三安全一稳定”", "3.危及＂三安全一稳定＂"),
        ("⾏政许可", "行政许可"),
        ("⺠事诉讼", "民事诉讼"),
        ("Agency Overall", "AGENCY  OVERALL"),
        ("总\u200b计", "总计"),
        ("其中：主动公开规范性文件数", "主动公开规范性文件数"),
        ("3.3.1 属于国家秘密", "1.属于国家秘密"),
        ("A.自然人", "自然人"),
        ("採購項目數量", "采购项目数量"),
    ],
)
def test_the_same_label(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("合计", "总计"),
        ("企业", "商业企业"),
        ("1-20天", "21-40天"),
        ("1.5万元以下", "5万元以下"),
        ("公务用车（购置）", "公务用车（运行）"),
        ("m²", "m2"),
        ("第二十条第（五）项", "第二十条第（六）项"),
        ("2022年", "2023年"),
        ("<1", "1"),
    ],
)
def test_different_labels(one, other):
    assert label(one).letters != label(other).letters
    assert fold(one) != fold(other)


def test_numbering_is_kept_for_who_asks():
    assert fold("（三）1．属于国家秘密", numbering=True) == "(三)1.属于国家秘密"
    assert label("（三）1．属于国家秘密").number == ("3", "1")
    assert label("⑫总计").number == ("12",) == label("十二、总计").number
    assert label("二十一、总计").number == ("21",)


@pytest.mark.parametrize("text", ["1.", "（一）", "①", "一、", "第一项"])
def test_a_label_of_nothing_but_numbering_stays(text):
    assert fold(text)


@pytest.mark.parametrize(
    "text", ["一般公共预算", "三公经费", "十里街道", "1.5倍", "2.5万元以下", "a类", "2023年", "第一季度"]
)
def test_no_numbering_where_there_is_none(text):
    assert fold(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("本年制发件数(2023)", "本年制发件数"),
        ("本年（2023）制发件数", "本年制发件数"),
        ("规章(设区的市、自治州人民政府应提供相关数据)", "规章"),
        ("（二）部分公开（区分处理的，只计这一情形", "部分公开"),
        ("部分公开【区分处理的（含部分）】", "部分公开"),
        ("自然人（1）", "自然人"),
        ("总计①", "总计"),
        ("总计 Total", "总计"),
        ("国内生产总值GDP", "国内生产总值"),
        ("①", "①"),
        ("（单位：万元）", "(单位:万元)"),
        ("第二十条第（五）项", "第二十条第(五)项"),
    ],
)
def test_bare_of_brackets(text, words):
    assert bare(text) == words


def test_bracketed_years_and_units_distinguish_nothing():
    assert label("本年收费金额（单位：万元）").letters == label("本年收费金额(万元)").letters == "本年收费金额"
    assert label("本年（2023）制发件数").letters == "本年制发件数"
    assert label("公务用车（购置）").letters == "公务用车购置"


def test_the_nearest_is_only_a_suggestion():
    assert nearest("自然入", ["总计", "自然人", "科研机构"]) == "自然人"
    assert nearest("（七） 合计", ["总计", "合计"]) == "合计"
    assert nearest("ABC", ["总计"]) is None
    assert nearest("总计", []) is None


@given(st.text(st.characters(codec="gb2312", categories=["Lo", "Nd", "No", "Ps", "Pe", "Po", "Zs", "Cc"]), max_size=40))
def test_folding_folds_once(text):
    once = fold(text, numbering=True)
    assert fold(once, numbering=True) == once
    assert not any(c.isspace() for c in once)


@given(st.text(alphabet="一二（）()1.、①其他总计自然人 第项", max_size=12))
def test_every_form_says_something(text):
    folded = label(text)
    assert all(folded.full == "" or getattr(folded, form) for form in ("words", "letters", "head", "spelled"))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("No. of Requests", "Number of Requests"),
        ("Median # of Days", "Median Number of Days"),
        ("Pending as of End of FY", "Pending as of End of Fiscal Year"),
        ("1 to 20 Days", "1-20 Days"),
        ("Affirmed & Remanded", "Affirmed and Remanded"),
    ],
)
def test_an_english_header_says_the_same_in_short(short: str, long: str) -> None:
    assert label(short).full == label(long).full
