"""Facts stated in words: what a pattern finds in a text, what it must leave alone, and where exactly it stands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit import rulebook
from auditkit.edits.facts import Stated, find_facts
from auditkit.edits.patterns import expression, fold, keys
from auditkit.model.document import Place
from auditkit.model.filled import Words
from auditkit.model.rule import Finder, Rulebook
from auditkit.rulebook.assemble import Malformed


def finder(*patterns: str, name: str = "fact", **more: object) -> Finder:
    holes = {hole: kind for pattern in patterns for hole, kind in re.findall(r"\{([a-z_]+):([a-z_]+)\}", pattern)}
    return Finder(name, patterns, holes, (), **more)  # type: ignore[arg-type] - test data


def find(text: str, *finders: Finder, title: str = "") -> dict[str, list[Stated]]:
    """What finders say of a text, a paragraph a line, below a title."""
    words = [Words(title, Place("甲"), "title")] if title else []
    words += [Words(line, Place("甲", paragraph=n), "prose") for n, line in enumerate(text.split("\n"), 1)]
    return find_facts(finders, words)


def numbers(text: str, *patterns: str, title: str = "", **more: object) -> list[str]:
    """The written values of hole ``n``, every one."""
    found = find(text, finder(*patterns, every=True, **more), title=title)
    return [stated.values["n"].text for stated in found["fact"]]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("收到{n:count}件", "共收到12件。", ["12"]),
        ("收到{n:count}件", "共收到 1,234 件", ["1,234"]),
        ("收到{n:count}件", "收到１２件", ["１２"]),
        ("收到{n:count}件", "收到十二件", ["十二"]),
        ("{答复|办结}申请{n:count}件", "答覆申請１２件，辦結申請三萬件", ["１２", "三萬"]),
        ("收到{n:count}件", "收到1.2万件", ["1.2万"]),
        ("收到{n:count}件，答复", "收到3件,答复3件", ["3"]),
        ("（收到{n:count}件）", "(收到3件)", ["3"]),
        ("占{n:percent}", "占33.3％", ["33.3％"]),
        ("占{n:number}", "占33.3％", ["33.3"]),
        ("收到{n:count}件", "收 到\t3 件", ["3"]),
        ("收到{n:count}件", "收到3份", []),
        ("共{n:count}件", "共12 35件", []),
        ("{收到|接到}申请{n:count}{件|宗}", "接到申请2宗，收到申请3件", ["2", "3"]),
        ("{共|}收到{n:count}件", "收到3件", ["3"]),
        ("{下年|下年度}{n:count}件", "下年度3件", ["3"]),
        ("其他处理（…）{n:count}件", "其他处理（含主动撤回）3件", ["3"]),
        ("其他处理（…）{n:count}件", "其他处理（含撤回2件）3件", []),
        ("答复…{n:count}件", "答复情况较好，共3件", []),
        ("，答复{n:count}件，", "答复3件。", ["3"]),
        ("，答复{n:count}件，", "收到5件，答复3件", ["3"]),
        ("，答复{n:count}件，", "收到5件、答复3件", ["3"]),
        ("，答复{n:count}件，", "复议答复3件", []),
        ("，答复{n:count}件，", "公开、答复3件", []),
        ("，答复{n:count}件，", "答复3件复议", []),
        ("，不予公开{n:count}{件|}", "不予公开 1.属于国家秘密|0|0", []),
        ("，不予公开{n:count}{件|}", "不予公开1.5件", ["1.5"]),
    ],
)
def test_a_pattern_is_literal_text_with_holes(pattern: str, text: str, expected: list[str]) -> None:
    assert numbers(text, pattern) == expected


@pytest.mark.parametrize(
    "text",
    [
        *[
            "收到约12件",
            "收到近百件",
            "收到超过12件",
            "收到12余件",
            "收到12多件",
            "收到四十余件",
            "收到几十件",
            "收到上百件",
        ],
        *["收到12件以上", "收到12件左右", "收到12件不等", "收到不足12件", "收到一件一议", "收到一份一档"],
    ],
)
def test_a_figure_that_is_only_about_right_is_no_statement(text: str) -> None:
    assert numbers(text, "收到{约|近|超过|不足|几|上|}{n:count}{件|份}") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年，收到12件", ["12"]),
        ("2023年，收到12件", []),
        ("上年收到12件", []),
        ("去年，我局收到12件", []),
        ("2023年收到9件，2024年收到12件", ["12"]),
        ("2022年、2023年收到12件", []),
        ("较2023年增长一成，收到12件", ["12"]),
        ("与2023年收到12件相比", []),
        ("比上年收到12件多", []),
        ("2023年结转3件，收到12件", ["12"]),
        ("上年度结转3件，收到12件", ["12"]),
        ("《2023年工作要点》印发后收到12件", ["12"]),
        ("2023年收到9件。收到12件", ["12"]),
        ("收到12件，上年为9件", ["12"]),
    ],
)
def test_figures_of_other_years_are_no_statements(text: str, expected: list[str]) -> None:
    assert numbers(text, "收到{n:count}件", title="甲镇2024年年报（2024年）2024年") == expected


def test_the_year_of_the_report_is_the_one_named_most() -> None:
    text = "甲镇2024年年报\n统计期限为2024年1月1日至2024年12月31日\n2023年收到9件\n2024年收到12件"
    assert numbers(text, "收到{n:count}件") == ["12"]
    assert numbers("收到12件", "收到{n:count}件") == ["12"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("结转2025年3件", ["3"]), ("结转2024年3件", []), ("结转2026年3件", []), ("2023年结转2件", [])],
)
def test_the_next_year_is_next_to_the_report(text: str, expected: list[str]) -> None:
    assert numbers(text, "结转{y:next_year}年{n:count}件", title="2024年年报，2024年") == expected


def test_the_last_year_is_the_one_before_the_report() -> None:
    assert numbers("2023年结转2件", "{y:last_year}年结转{n:count}件", title="2024年年报，2024年") == ["2"]
    assert numbers("2022年结转2件", "{y:last_year}年结转{n:count}件", title="2024年年报，2024年") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("未收到申请", ["未收到"]),
        ("没有申请", ["没有"]),
        ("无申请。", ["无"]),
        ("不存在申请", ["不存在"]),
        ("如未收到申请，填0", []),
        ("收到申请", []),
        ("未收到的申请", []),
    ],
)
def test_none_is_a_number(text: str, expected: list[str]) -> None:
    found = find(text, finder("{n:none}申请，"))["fact"]
    assert [stated.values["n"].text for stated in found] == expected
    assert all(stated.values["n"].number == 0 for stated in found)


def test_none_may_stand_for_a_count_in_one_fact() -> None:
    both = finder("结转下年{n:count}件", "{n:none}结转下年，")
    assert find("结转下年3件", both)["fact"][0].values["n"].number == 3
    assert find("无结转下年。", both)["fact"][0].values["n"].number == 0


def test_words_around_decide_what_is_meant() -> None:
    pattern = "，办结{n:count}件"
    assert numbers("热线30件，办结30件", pattern, within=("申请",)) == []
    assert numbers("收到申请30件。全年情况良好，办结30件", pattern, within=("申请",)) == ["30"]
    assert numbers("收到申请30件。全年情况良好，办结30件", pattern, after=("申请",)) == []
    assert numbers("收到申请30件，办结30件", pattern, after=("申请",)) == ["30"]
    assert numbers("收到申请30件，其中本级9件，办结9件", pattern, not_after=("本级",)) == []
    assert numbers("本级9件。收到申请30件，办结30件", pattern, not_after=("本级",)) == ["30"]
    assert numbers("本级9件；收到申请30件，办结30件", pattern, not_after=("本级",)) == ["30"]


def test_a_number_belongs_to_the_first_fact_that_claims_it() -> None:
    new, all_ = finder("新收到{n:count}件", name="new"), finder("收到{n:count}件", name="all")
    found = find("新收到3件，收到5件", new, all_)
    assert [s.values["n"].text for s in found["new"]] == ["3"]
    assert [s.values["n"].text for s in found["all"]] == ["5"]
    share = finder("收到{n:count}件，占{p:percent}", name="share")
    assert find("收到5件，占20%", all_, share)["share"][0].values["p"].number == 20


def test_a_year_may_serve_several_facts() -> None:
    found = find("2024年年报", finder("{y:year}年年报", name="a"), finder("{y:year}年", name="b"))
    assert found["a"]
    assert found["b"]


def test_only_the_first_statement_counts_unless_every_one_is_wanted() -> None:
    assert [s.values["n"].text for s in find("收到3件\n收到5件", finder("收到{n:count}件"))["fact"]] == ["3"]
    assert numbers("收到3件\n收到5件", "收到{n:count}件") == ["3", "5"]


def test_a_statement_knows_its_sentence() -> None:
    found = find("2024年工作有序。一、收到5件；收到3件！收到4件", finder("收到{n:count}件", every=True))["fact"]
    assert [(s.values["n"].text, s.place.sentence) for s in found] == [("5", 2), ("3", 2), ("4", 3)]


def test_a_finder_looks_where_it_is_told() -> None:
    words = [Words("收到3件", Place("甲"), role) for role in ("title", "prose", "note")]
    looked = Finder("fact", ("收到{n:count}件",), {"n": "count"}, ("prose", "note"), every=True)
    assert [stated.role for stated in find_facts([looked], words)["fact"]] == ["prose", "note"]
    assert find_facts([looked], []) == {"fact": []}


def test_a_pattern_without_letters_looks_everywhere() -> None:
    assert numbers("共 3", "{n:count}") == ["3"]
    assert find_facts([finder("{n:count}")], []) == {"fact": []}


SPACES = st.sampled_from(["", " ", "\u3000", "\xa0", "\n", " \t "])


@given(
    st.integers(0, 10**6), st.lists(SPACES, min_size=8, max_size=8), st.booleans(), st.text("甲乙丙，。 ", max_size=9)
)
def test_law_a_span_is_the_number_as_it_stands(n: int, spaces: list[str], wide: bool, before: str) -> None:
    written = str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else str(n)
    pieces = ["收", "到", "申", "请", written, "件"]
    text = before + "".join(piece + space for piece, space in zip(pieces, spaces, strict=False))
    (stated,) = find(text.replace("\n", "\u2028"), finder("收到申请{n:count}件"))["fact"]
    assert stated.quote[slice(*stated.spans["n"])] == written
    assert stated.values["n"].number == n


@given(st.text("件收到 12，,（\u3000。\ufeff", max_size=30))
def test_law_folding_keeps_count_of_where_everything_stood(text: str) -> None:
    folded = fold(text)
    for at, character in enumerate(folded.text):
        start, end = folded.original(at, at + 1)
        assert fold(text[start:end]).text == character.strip()


BOOKS = [rulebook.find(name) for name in ("cn-disclosure-2019", "cn-disclosure-2021")]
FINDERS = [pytest.param(one, id=f"{book.id[-4:]} {one.name}") for book in BOOKS for one in book.finders]


@pytest.mark.parametrize("one", FINDERS)
@settings(max_examples=15)
@given(data=st.data())
def test_law_no_text_that_fits_is_passed_over(one: Finder, data: st.DataObject) -> None:
    """The cheap first test never hides a text the expression would match."""
    pattern = data.draw(st.sampled_from(one.patterns))
    filled = {"count": "12", "number": "12", "percent": "12%", "none": "未", "text": "市", "year": "2024"}
    filled |= {"last_year": "2023", "next_year": "2025"}
    text = re.sub(r"\{[a-z_]+:([a-z_]+)\}", lambda hole: filled[hole[1]], pattern)
    text = re.sub(r"\{([^{}]*)\}", lambda words: data.draw(st.sampled_from(words[1].split("|"))), text)
    text = fold(text.replace("…", "含撤回")).text
    assert expression(one.patterns).regex.search(text)
    assert any(key in text for key in keys(one.patterns))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.id)
def test_the_first_pattern_of_a_fact_is_a_plain_example(book: Rulebook) -> None:
    """Proofs fill it in, so it holds no choices and meets the fact's own conditions."""
    for one in book.finders:
        text = re.sub(
            r"\{[a-z_]+:(\w+)\}", lambda hole: {"none": "未", "percent": "9%"}.get(hole[1], "2024"), one.patterns[0]
        )
        assert "{" not in text, one.name
        words = [Words(text, Place("甲"), one.where[0] if one.where else "prose")]
        assert find_facts([one], words)[one.name], one.name


FACTS = """\
tables:
  T: {{title: 表, cells: count, columns: {{甲: 甲}}, rows: {{乙: 乙}}}}
facts:
  received: {{find: "{find}", words: {{收到: [收到, 接到], 共: ["", 共]}}}}
"""


def test_lists_of_words_are_named_in_the_rulebook(book: Callable[[str], Rulebook]) -> None:
    (made,) = book(FACTS.format(find="{收到}申请{共}{n:count}件")).finders
    assert made.patterns == ("{收到|接到}申请{|共}{n:count}件",)
    assert [s.values["n"].text for s in find("接到申请共3件", made)["received"]] == ["3"]


def test_a_list_that_is_not_there_is_a_mistake(book: Callable[[str], Rulebook]) -> None:
    with pytest.raises(Malformed) as caught:
        book(FACTS.format(find="{受理}申请{n:count}件"))
    assert [mistake.code for mistake in caught.value.mistakes] == ["RB008"]


def test_an_amount_is_told_in_the_unit_of_its_hole() -> None:
    """元, 万元 and 亿元 are one amount; the digits shown keep their weight."""
    finders = [Finder("whole", ("收入{n:万元}",), {"n": "万元"}, ("prose",), every=True)]
    text = "收入12.50万元；收入125000元；收入0.00125亿元；收入12.5 万 元；收入12.50。"
    stated = find_facts(finders, [Words(text, Place("甲.docx", paragraph=1), "prose")])["whole"]
    assert [(str(one.values["n"].number), str(one.values["n"].step)) for one in stated] == [
        ("12.50", "0.01"),
        ("12.5", "0.0001"),
        ("12.5", "0.1"),
        ("12.5", "0.1"),
    ]
    assert [one.values["n"].text for one in stated] == ["12.50", "125000元", "0.00125亿元", "12.5"]
