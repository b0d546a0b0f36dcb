"""The rule language: what parses, what is folded, what is read aloud, and what is said about slips."""

from __future__ import annotations

import pytest

from auditkit.language import Misspelt, Vocabulary, aloud, fold, parse_condition, parse_scope, resolve, resolve_scope
from auditkit.model.expression import Call, Cells, Compare, Logic
from auditkit.model.form import Axis, Form, Line, Table
from auditkit.model.words import Text

ROWS = Axis(
    (Line("新收", ("新收",)), Line("结转", ("结转",)), Line("公开", ("公开",), ("办理",)), Line("总计", ("总计",))),
    {"办理": ()},
)
COLUMNS = Axis(
    (Line("自然人", ("自然人",)), Line("企业", ("企业",), ("组织",)), Line("机构", ("机构",), ("组织",))), {"组织": ()}
)
T3 = Table("T3", ("表三",), ROWS, COLUMNS, "count", "zero", {}, {})
WORDS = Vocabulary(Form("f", Text("表", "form"), (), {"T3": T3}), {"share": ("n", "p")})


def read(text: str, scope: str | None = None):
    raw = parse_scope(scope)[0] if scope else None
    resolved, wrong = resolve_scope(raw, WORDS) if raw else (None, [])
    done, more = resolve(parse_condition(text), resolved, WORDS)
    return done, [m.message.zh for m in [*wrong, *more]]


def spoken(text: str, scope: str | None = None) -> tuple[str, str]:
    done, wrong = read(text, scope)
    assert not wrong
    said = aloud(done, lambda name: Text(name, name))
    return said.zh, said.en


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("总计 ＝ 自然人 ＋ sum（组织）", "总计 = 自然人 + sum(组织)"),
        ("a >= 1", "a ≥  1"),
        ("a ！= 1", "a ≠  1"),
        ("a × 2 ÷ ３", "a * 2 / 3"),
    ],
)
def test_full_width_signs_are_folded_and_columns_stay(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert len(fold(text)) == len(text)


def test_in_each_column_names_are_rows() -> None:
    done, wrong = read("新收 + 结转 = sum(办理) + 总计", "each column in T3")
    assert not wrong
    assert isinstance(done, Compare)
    assert isinstance(done.right.left, Call)
    assert done.right.left.arguments[0] == Cells("T3", (2,), None, "办理", done.right.left.arguments[0].at)


def test_in_each_row_names_are_columns_and_a_group_has_all_its_lines() -> None:
    done, wrong = read("自然人 = sum(组织)", "each row in T3 except 办理")
    assert not wrong
    assert done.right.arguments[0].columns == (1, 2)


def test_except_takes_lines_and_groups() -> None:
    scope, wrong = resolve_scope(parse_scope("each row in T3 except 办理, 总计")[0], WORDS)
    assert not wrong
    assert scope is not None
    assert scope.lines == (0, 1)


@pytest.mark.parametrize(
    ("text", "scope", "zh", "en"),
    [
        ("新收 + 结转 = 总计", "each column in T3", "新收加结转等于总计", "新收 plus 结转 equals 总计"),
        ("T3.新收[自然人] within 50% of last_year(T3.新收[自然人])", None,
         "新收·自然人与上年的新收·自然人相差不超过 50%", "新收 · 自然人 is within 50% of last year's 新收 · 自然人"),
        ("cell ≥ 0", "each cell in T3", "cell不小于0", "cell is at least 0"),
        ("share.p ≈ 100 * share.n / T3.新收[自然人]", None,
         "share.p按所写位数等于100乘share.n除以新收·自然人",
         "share.p equals, to the digits written, 100 times share.n divided by 新收 · 自然人"),
        ("自然人 is blank or not 企业 is one of (1, 2)", "each row in T3",
         "自然人空白或者不是（企业是1、2之一）", "自然人 is blank or not (企业 is one of 1, 2)"),
    ],
)  # fmt: skip
def test_read_aloud(text: str, scope: str | None, zh: str, en: str) -> None:
    assert spoken(text, scope) == (zh, en)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("新收 + ", 5, "还没写完"),
        ("新收 结转", 3, "读不懂“结转”"),
        ("新收 = = 结转", 5, "读不懂“= 结转”"),
        ("", 0, "还没写完"),
        ("新收 ^ 2 = 1", 3, "读不懂“^ 2 = 1”"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, at: int, message: str) -> None:
    with pytest.raises(Misspelt) as caught:
        parse_condition(text)
    assert (caught.value.at, message in caught.value.message.zh) == (at, True)


@pytest.mark.parametrize(
    ("text", "scope", "message"),
    [
        ("新收 = 总记", "each column in T3", "“总记”不是表 T3 的行名，最接近“总计”"),
        ("自然人 = 组织", "each row in T3", "“组织”是一组，不是一格；写 sum(组织)"),
        ("新收 = 1", None, "没有 for: 的规则要写全名"),
        ("T3.新收 = 1", None, "没有说是哪一列"),
        ("T4.新收[自然人] = 1", None, "“T4”不是表或正文数据，最接近“T3”"),
        ("share.q = 1", None, "“q”不是share 的内容"),
        ("avg(组织) = 1", "each row in T3", "“avg”不是运算"),
        ("新收 = 1", "each column in T9", "“T9”不是表"),
    ],
)
def test_unknown_names_come_with_the_nearest(text: str, scope: str | None, message: str) -> None:
    try:
        _, wrong = read(text, scope)
    except Misspelt as misspelt:
        wrong = [misspelt.message.zh]
    assert any(message in one.replace("share 的", "share 的") for one in wrong), wrong


def test_all_wrong_names_are_told_at_once() -> None:
    _, wrong = read("新手 + 结专 = 总记", "each column in T3")
    assert len(wrong) == 3


def test_brackets_group_conditions_and_expressions() -> None:
    done, wrong = read("(自然人 = 1 or 企业 = 2) and (企业 + 机构) * 2 = 4", "each row in T3")
    assert not wrong
    assert isinstance(done, Logic)
    assert [type(o).__name__ for o in done.operands] == ["Logic", "Compare"]


def test_last_year_of_a_sum_is_the_sum_of_last_years() -> None:
    assert spoken("新收 = last_year(结转 + 总计)", "each column in T3")[0] == "新收等于上年的结转加上年的总计"
    assert spoken("新收 = last_year(sum(办理))", "each column in T3")[0] == "新收等于上年的办理各项之和"
