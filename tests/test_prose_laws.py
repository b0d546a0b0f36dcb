"""Laws of the prose room: what is computed right is never reported, what is off always is, and nothing crashes."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit import prose
from auditkit.model.document import Paragraph
from auditkit.prose.reading import fold, read
from test_prose_rules import found, rules_of

RULES = rules_of("report-prose-zh")
SHARES = [r for r in RULES if r.check.startswith("shares.")]
PARTS = [r for r in RULES if r.check in {"parts.exceed", "parts.short"}]
KINDS = ("文件类", "动态类", "公告类", "人事类", "应急类")
WORDS = (
    *"其中占包括分别等共条件%，。；：（）、一二三十年月日第号增长由到0123456789.…",
    *("由概述、", "部分组成", "百分点", "同比", "统计期限", "2018年", "年度报告", "未收到", "申请", "of which", "\n"),
)

counts = st.integers(1, 2000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
digits = st.integers(0, 2)


def sentence(part, whole, share):
    return f"全年主动公开政府信息{whole}条，其中规范性文件{part}条，占{share}%。"


def rounded(part, whole, places):
    return (Decimal(100) * part / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@given(counts, digits)
def test_a_share_that_is_rounded_right_is_never_reported(pair, places):
    part, whole = pair
    assert not found(sentence(part, whole, rounded(part, whole, places)), SHARES)


@given(counts, digits, st.sampled_from([-3, -2, 2, 3, 17]))
def test_a_share_that_is_off_is_always_reported(pair, places, units):
    part, whole = pair
    share = rounded(part, whole, places) + units * Decimal(1).scaleb(-places)
    if share >= 0:
        assert [f.rule for f in found(sentence(part, whole, share), SHARES)] == ["PR101"]


@given(st.lists(st.integers(1, 500), min_size=2, max_size=5), st.integers(1, 300))
def test_parts_hold_when_they_add_up_and_not_when_they_exceed(parts, excess):
    listed = "，".join(f"{kind}信息{n}条" for kind, n in zip(KINDS, parts, strict=False))
    whole = sum(parts)
    assert not found(f"全年公开信息{whole}条，其中{listed}。", PARTS)
    if whole > excess and whole - excess not in {sum(parts[:n]) for n in range(len(parts))}:
        assert [f.rule for f in found(f"全年公开信息{whole - excess}条，其中{listed}。", PARTS)] == ["PR104"]


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_change_holds_when_it_is_computed(old, new):
    value = rounded(new - old, old, 1)
    word = "增长" if new >= old else "下降"
    rules = [r for r in RULES if r.check == "change.wrong"]
    text = f"收到申请由{old}件{'增加' if new >= old else '减少'}到{new}件，{word}{abs(value)}%。"
    assert not found(text, rules)
    wrong = f"收到申请由{old}件{'增加' if new >= old else '减少'}到{new}件，{word}{abs(value) + 2}%。"
    assert len(found(wrong, rules)) == 1


@given(st.text())
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(WORDS), max_size=80).map("".join))
def test_no_text_breaks_a_check_and_the_answer_is_always_the_same(text):
    paragraphs = [Paragraph(1, text), Paragraph(2, text[::-1])]
    first = prose.check(paragraphs, file="a.txt", rules=RULES, language="zh")
    assert first == prose.check(paragraphs, file="a.txt", rules=RULES, language="zh")
    for finding in first[0]:
        inside = paragraphs[finding.place.paragraph - 1].text
        assert 0 <= finding.place.start <= finding.place.end <= len(inside)


@settings(max_examples=80)
@given(st.text(alphabet="ab1 ,.%()of whichfromtoup\n30", max_size=120))
def test_no_english_text_breaks_a_check(text):
    prose.check([Paragraph(1, text)], file="a.txt", rules=rules_of("report-prose-en"), language="en")


@given(st.lists(st.sampled_from(["公开信息", "。", "……", "，", "\n", "“是。”", " ", "！"]), max_size=30).map("".join))
def test_sentences_are_spans_of_their_line_in_order(text):
    for line in read([Paragraph(1, text)], file="a", language="zh").lines:
        ends = [0]
        for number, s in enumerate(line.sentences, 1):
            assert s.text == line.text[s.start : s.end]
            assert s.start >= ends[-1]
            assert s.number == number
            ends.append(s.end)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map("".join), max_size=8), st.sampled_from(WORDS[:-1]))
def test_a_line_that_has_what_is_wanted_is_never_skipped(texts, word):
    reading = read([Paragraph(i, text) for i, text in enumerate(texts, 1)], file="f", language="zh")
    wanted = fold(word)
    pattern = re.compile(rf"{re.escape(wanted)}|\d+[条件]")
    assert [x.index for x in reading.lines_with(wanted)] == [x.index for x in reading.lines if wanted in x.text]
    could = {x.index for x in reading.lines_with(pattern)}
    assert could >= {x.index for x in reading.lines if pattern.search(x.text)}


@given(st.text("政务公开", min_size=4, max_size=10), st.text("政务公开，", max_size=6))
def test_whatever_stands_twice_in_a_row_is_seen(said, before):
    doubled = [r for r in RULES if r.check == "wording.doubled"]
    assert found(f"一句话。\n甲{before}{said}{said}", doubled)
