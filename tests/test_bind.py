"""Binding, case by case: sheets as offices write them."""

from __future__ import annotations

import math
import pickle
import textwrap
from decimal import Decimal

import pytest

from auditkit.bind import Binder
from auditkit.model.document import Document, Grid, Paragraph, SheetFacts, State
from auditkit.model.words import Fault
from test_bind_forms import (
    GK2019,
    GK2021,
    T3,
    T4,
    T21,
    T28,
    Printed,
    axis,
    document,
    form,
    numbers,
    print_table,
    table,
    whole_form,
)


def sheet(text: str, name: str = "Sheet1", merges=(), **more) -> Grid:
    """``|`` between cells, one row a line; plain numbers are floats, ``.`` is an empty cell."""
    rows = [[_value(cell.strip()) for cell in line.split("|")] for line in textwrap.dedent(text).strip().splitlines()]
    width = max(map(len, rows))
    return Grid(name, [row + [None] * (width - len(row)) for row in rows], merges, **more)


def _value(cell: str):
    if cell in {"", "."}:
        return None
    try:
        return float(cell)
    except ValueError:
        return cell.replace("\\n", "\n")


def bind(one, *grids, name="甲.xlsx", kind="workbook"):
    forms = one if isinstance(one, tuple) else (one,)
    return Binder(forms).bind(Document(name, kind, grids))


def table_values(filled, id_: str):
    one = filled.form.tables[id_]
    width = len(one.columns.lines)
    cells = filled.values[one.offset : one.offset + one.size]
    return [[_shown(v) for v in cells[i : i + width]] for i in range(0, one.size, width)]


def _shown(value: float):
    return None if math.isnan(value) else value


def notes(filled) -> list[str]:
    return [note.zh for note in filled.notes]


LEAVES = "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计"
RULES = form("f", T21)
FEES = form("f", T28)
SMALL = table("S", ("小表",), axis({"甲": "甲类", "乙": "乙类", "丙": "丙类"}), axis({"数": "件数", "额": "金额"}))
SMALL_FORM = form("f", SMALL)


# The whole form


@pytest.mark.parametrize("how", ["merged", "blank", "repeated"])
@pytest.mark.parametrize("form_", [GK2021, GK2019], ids=lambda f: f.id)
def test_every_slot_of_the_printed_form(how, form_):
    filled = Binder((GK2019, GK2021)).bind(document(whole_form(form_).grid(how=how)))
    assert filled.form is form_
    assert list(filled.values) == [float(i + 1) for i in range(form_.size)]
    assert filled.states == bytes(form_.size)
    assert not filled.missing
    assert not filled.notes


def test_one_sheet_a_table_in_any_order():
    grids = []
    for one in reversed([*GK2021]):
        printed = Printed()
        print_table(printed, one, numbers(one, one.offset + 1))
        grids.append(printed.grid(f"表{one.id}"))
    filled = Binder((GK2021,)).bind(document(*grids))
    assert list(filled.values) == [float(i + 1) for i in range(GK2021.size)]
    assert filled.spots["T3"].grid == 1


def test_tables_side_by_side():
    printed = Printed()
    print_table(printed, T3, numbers(T3))
    right = Printed()
    print_table(right, T21, numbers(T21, 1000))
    for r, row in enumerate(right.rows):
        for c, value in enumerate(row):
            printed.put(r, 11 + c, value)
    filled = bind(form("f", T21, T3), printed.grid(how="blank"))
    assert table_values(filled, "T21") == numbers(T21, 1000)
    assert table_values(filled, "T3") == numbers(T3)
    assert not filled.notes


def test_groups_as_headings_in_a_single_column_of_labels():
    printed = Printed()
    print_table(printed, T3, numbers(T3), stub=1)
    filled = bind(form("f", T3), printed.grid(how="blank"))
    assert table_values(filled, "T3") == numbers(T3)
    assert not filled.notes


# Labels


def test_columns_go_by_name():
    filled = bind(
        RULES,
        sheet("""
            信息内容       | 现行有效件数 | 本年废止\\n件数 | 本年 制发件数
            行政规范性文件 | 66           | 26             | 8
            规章           | 11           | 0              | 1
        """),
    )
    assert table_values(filled, "T21") == [[1, 0, 11], [8, 26, 66]]
    assert not filled.notes


def test_flat_header_with_the_total_first():
    columns = ["总计", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    rows = [
        f"{line.labels[0]} | {' | '.join(str(r * 10 + c) for c in range(7))}" for r, line in enumerate(T3.rows.lines)
    ]
    filled = bind(form("f", T3), sheet("\n".join([" | ".join(["项目", *columns]), *rows])))
    assert table_values(filled, "T3")[1] == [11, 12, 13, 14, 15, 16, 10]


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("规章(设区的市、自治州人民政府应提供相关数据)", True),
        ("一、规章", True),
        ("规 章", True),
        ("规章制度建设", False),
        ("规章、规范性文件", False),
        ("章", False),
    ],
)
def test_the_head_of_a_label(label, found):
    filled = bind(
        RULES,
        sheet(f"""
            信息内容 | 本年制发件数(2023) | 本年废止件数（2023） | 现行有效件数
            {label}  | 1 | 0 | 11
            规范性文件 | 8 | 26 | 66
        """),
    )
    assert filled.states[0] == (State.NUMBER if found else State.ABSENT)


def test_short_and_long_forms_of_one_label():
    printed = Printed()
    short = {
        T3.rows.lines[0].labels[0]: "一、本年新收",
        T3.rows.lines[3].labels[0]: "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1、申请人无正当理由逾期不补正",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2、逾期不缴费",
    }
    print_table(printed, T3, numbers(T3), say=lambda text: short.get(text, text))
    filled = bind(form("f", T3), printed.grid())
    assert table_values(filled, "T3") == numbers(T3)


def test_a_cut_header_that_fits_two_columns_is_not_guessed():
    filled = bind(
        (GK2019,),
        sheet(f"""
            信息内容   | 本年新 | 本年新 | 对外公开总数量
            规章       | 0 | 0 | 0
            规范性文件 | 1 | 1 | 1
            行政复议 | . | . | . | . | 行政诉讼 | . | . | . | . | . | . | . | . | .
            {LEAVES} | 未经复议直接起诉 | . | . | . | . | 复议后起诉 | . | . | . | .
            . | . | . | . | . | {LEAVES} | {LEAVES}
            1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15
        """),
    )
    assert "本年新制作数量" in filled.missing["T21"].zh
    assert "本年新”（Sheet1!B1）" in filled.missing["T21"].zh
    assert "本年新" in filled.missing["T21"].en
    assert table_values(filled, "T4") == [[float(n) for n in range(1, 16)]]


def test_similar_words_never_bind():
    filled = bind(
        SMALL_FORM,
        sheet("""
            类别 | 件数 | 金额
            甲类 | 1 | 2
            乙类 | 3 | 4
            丙等 | 5 | 6
        """),
    )
    assert table_values(filled, "S") == [[1, 2], [3, 4], [None, None]]
    assert set(filled.states[4:]) == {State.ABSENT}
    assert notes(filled) == [
        "S：没有找到行“丙类”，最接近的是“丙等”（Sheet1!A4），没有检查。",
        "S：表样里没有“丙等”（Sheet1!A4），没有检查。",
    ]


def test_what_stands_where_a_column_should_is_named():
    with pytest.raises(Fault) as fault:
        bind(RULES, sheet("信息内容 | 本年制发件数 | 取消 | 现行有效件数\n规章 | 1 | 0 | 11\n规范性文件 | 8 | 26 | 66"))
    assert "没有列“本年废止件数”，最接近的是“取消”（Sheet1!C1）" in fault.value.to("zh")


def test_rows_with_each_other_s_numbers_are_told():
    printed = Printed()
    print_table(printed, T3, numbers(T3), stub=1)
    grid = printed.grid(how="blank")
    at = {row[0]: row for row in grid.rows}
    at["（一）予以公开"][0], at["（二）部分公开"][0] = "（一）部分公开", "（二）予以公开"
    (told,) = notes(bind(form("f", T3), grid))
    assert "“（一）部分公开”（Sheet1!A" in told
    assert "的序号与表样正好相反" in told


def test_two_matches_for_one_line_are_said():
    filled = bind(
        SMALL_FORM,
        sheet("""
            类别 | 件数 | 金额
            甲类 | 1 | 2
            乙类 | 3 | 4
            丙类 | 5 | 6
            丙类 | 7 | 8
        """),
    )
    assert table_values(filled, "S") == [[1, 2], [3, 4], [None, None]]
    assert notes(filled)[0] == "S：行“丙类”有几处都对得上（Sheet1!A4、Sheet1!A5），没有检查。"


def test_two_columns_with_one_label_are_not_chosen_between():
    filled_text = """
        类别 | 件数 | 金额 | 金额
        甲类 | 1 | 2 | 3
        乙类 | 3 | 4 | 5
        丙类 | 5 | 6 | 7
    """
    with pytest.raises(Fault) as fault:
        bind(SMALL_FORM, sheet(filled_text))
    assert fault.value.code == "unknown-form"
    assert "列名重复" in fault.value.to("zh")


def test_less_than_half_of_the_rows_is_not_that_table():
    with pytest.raises(Fault) as fault:
        bind(SMALL_FORM, sheet("类别 | 件数 | 金额\n甲类 | 1 | 2\n丁类 | 3 | 4"))
    assert "乙类" in fault.value.to("zh")
    assert "丁类" in fault.value.to("zh")


def test_subtotals_and_added_rows_are_no_leaves():
    printed = Printed()
    print_table(printed, T3, numbers(T3), stub=1)
    grid = printed.grid(how="blank")
    at = next(i for i, row in enumerate(grid.rows) if row[0] == "（三）不予公开")
    grid.rows[at][1:8] = [900.0] * 7
    grid.rows.insert(at, ["其他主动公开文件", *[7.0] * 7])
    filled = bind(form("f", T3), grid)
    assert table_values(filled, "T3") == numbers(T3)
    assert notes(filled) == [
        f"T3：表样里没有“其他主动公开文件”（Sheet1!A{at + 1}），没有检查。",
        f"T3：表样里没有“（三）不予公开”（Sheet1!A{at + 2}），没有检查。",
    ]


def test_added_columns_are_noted():
    filled = bind(
        RULES,
        sheet("""
            信息内容 | 本年制发件数 | 单位 | 上年件数 | 本年废止件数 | 现行有效件数 | 备注件数
            规章 | 1 | 件 | 9 | 0 | 11 | 3
            规范性文件 | 8 | 件 | 9 | 26 | 66 | 4
        """),
    )
    assert table_values(filled, "T21") == [[1, 0, 11], [8, 26, 66]]
    assert notes(filled) == [
        "T21：表样里没有“上年件数”（Sheet1!D1），没有检查。",
        "T21：表样里没有“备注件数”（Sheet1!G1），没有检查。",
    ]


def test_header_repeated_after_a_page_break():
    filled = bind(
        SMALL_FORM,
        sheet("""
            类别 | 件数 | 金额
            甲类 | 1 | 2
            （续表） | . | .
            类别 | 件数 | 金额
            乙类 | 3 | 4
            丙类 | 5 | 6
        """),
    )
    assert table_values(filled, "S") == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("form_", [form("f", T3, T4), form("f", T3)], ids=["both", "one"])
@pytest.mark.parametrize("how", ["merged", "blank", "repeated"])
def test_the_header_of_the_next_table_holds_no_rows(form_, how):
    printed = Printed()
    print_table(printed, T3, numbers(T3), say=lambda text: text.replace("（七）", ""))
    print_table(printed, T4, numbers(T4))
    filled = bind(form_, printed.grid(how=how))
    assert table_values(filled, "T3") == numbers(T3)


# Groups


def test_one_label_under_three_groups_goes_by_the_groups():
    text = f"""
        行政诉讼 | . | . | . | . | . | . | . | . | . | 行政复议 | . | . | . | .
        复议后起诉 | . | . | . | . | 未经复议直接起诉 | . | . | . | . | {LEAVES}
        {LEAVES} | {LEAVES} | . | . | . | . | .
        11 | 12 | 13 | 14 | 15 | 6 | 7 | 8 | 9 | 10 | 1 | 2 | 3 | 4 | 5
    """
    assert table_values(bind(form("f", T4), sheet(text)), "T4") == [[float(n) for n in range(1, 16)]]


def test_group_and_line_in_one_label():
    heads = [
        *(f"行政复议-{leaf}" for leaf in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")),
        *(f"复议后起诉/{leaf}" for leaf in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")),
        *(f"行政诉讼·未经复议直接起诉·{leaf}" for leaf in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")),
    ]
    text = " | ".join(heads) + "\n" + " | ".join(map(str, range(1, 16)))
    expected = [*range(1, 6), *range(11, 16), *range(6, 11)]
    assert table_values(bind(form("f", T4), sheet(text)), "T4") == [[float(n) for n in expected]]


def test_unknown_group_words_that_divide_as_the_groups_do():
    text = f"""
        行政复议 | . | . | . | . | 行政诉讼 | . | . | . | . | . | . | . | . | .
        {LEAVES} | 第一类案件 | . | . | . | . | 第二类案件 | . | . | . | .
        . | . | . | . | . | {LEAVES} | {LEAVES}
        1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15
    """
    assert table_values(bind(form("f", T4), sheet(text)), "T4") == [[float(n) for n in range(1, 16)]]


def test_without_group_words_order_is_not_enough():
    text = f"{LEAVES} | {LEAVES} | {LEAVES}\n" + " | ".join(map(str, range(1, 16)))
    with pytest.raises(Fault):
        bind(form("f", T4), sheet(text))


def test_groups_that_print_no_words_go_by_order():
    two = axis({"本年": {"本年收入": "收入", "本年支出": "支出"}, "上年": {"上年收入": "收入", "上年支出": "支出"}})
    one = table("Y", ("收支",), axis({"甲": "甲类"}), two)
    filled = bind(form("f", one), sheet("项目 | 收入 | 支出 | 收入 | 支出\n甲类 | 1 | 2 | 3 | 4"))
    assert table_values(filled, "Y") == [[1, 2, 3, 4]]


def test_rows_of_one_label_under_headings():
    rows = axis(
        {
            "复议": {"复议维持": "维持", "复议纠正": "纠正"},
            "诉讼": {"诉讼维持": "维持", "诉讼纠正": "纠正"},
            "合计": "合计",
        },
        {"复议": "一、行政复议", "诉讼": "二、行政诉讼"},
    )
    one = table("V", ("案件",), rows, axis({"数": "件数"}))
    text = "指标 | 件数\n二、行政诉讼 | .\n维持 | 3\n纠正 | 4\n一、行政复议 | .\n维持 | 1\n纠正 | 2\n合计 | 10"
    assert table_values(bind(form("f", one), sheet(text)), "V") == [[1], [2], [3], [4], [10]]


# The row without a label


def test_the_row_below_the_header():
    text = f"""
        行政复议 | . | . | . | . | 未经复议直接起诉 | . | . | . | . | 复议后起诉 | . | . | . | .
        {LEAVES} | {LEAVES} | {LEAVES}
        1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15
        . | 72 | 64 | 178 | 37 | 351 | 13 | 4 | 8 | 1 | 26 | 12 | 1 | 1 | 6
    """
    filled = bind(form("f", T4), sheet(text))
    assert filled.spots["T4"].rows == (3,), "a row that numbers the columns is no data"
    blank = sheet(text)
    blank.rows[2:] = [[None] * 15, [None] * 15]
    filled = bind(form("f", T4), blank)
    assert filled.spots["T4"].rows == (2,)
    assert set(filled.states) == {State.BLANK}


def test_the_row_below_the_header_may_be_blank_and_remarks_follow():
    text = f"""
        行政复议 | . | . | . | . | 未经复议直接起诉 | . | . | . | . | 复议后起诉 | . | . | . | .
        {LEAVES} | {LEAVES} | {LEAVES}
        .
        填表人：某某 | . | . | 审核人：某某 | . | . | . | . | . | . | . | . | . | . | 第 1 页
    """
    filled = bind(form("f", T4), sheet(text))
    assert set(filled.states) == {State.BLANK}
    spaced = sheet(text)
    spaced.rows[3] = [float(n) for n in range(2, 17)]
    assert bind(form("f", T4), spaced).values == tuple(range(2, 17))


def test_a_column_without_a_label():
    one = table("U", ("指标",), axis({"甲": "甲类", "乙": "乙类"}), axis({"数": ""}))
    filled = bind(form("f", one), sheet("年度统计\n甲类 | 件 | 5\n乙类 | 件 | 6"))
    assert table_values(filled, "U") == [[5], [6]]


# Other forms


def test_receipts_beside_payments():
    receipts = axis({"一般": "一、一般公共预算财政拨款收入", "年初": "年初结转和结余", "总计": "总计"})
    payments = axis({"服务": "一、一般公共服务支出", "年末": "年末结转和结余", "总计": "总计"})
    amount = axis({"数": "决算数"})
    accounts = form(
        "f",
        table("IN", ("收入",), receipts, amount, "number", unit="万元"),
        table("OUT", ("支出",), payments, amount, "number", unit="万元"),
    )
    grid = sheet("""
        收入支出决算总表 | . | . | .
        . | . | . | 单位：元
        收入 | . | 支出 | .
        项目 | 决算数 | 项目 | 决算数
        一、一般公共预算财政拨款收入 | 20000 | 一、一般公共服务支出 | 30000
        年初结转和结余 | 10000 | 年末结转和结余 | 0
        总计 | 30000 | 总计 | 30000
    """)
    filled = bind(accounts, grid)
    assert filled.values == (2, 1, 3, 3, 0, 3)
    assert not filled.notes


def test_a_line_that_is_also_a_heading():
    rows = axis(
        {
            "复议数": "四、行政复议数量",
            "复议": {"复议维持": "（一）维持具体行政行为数", "复议纠错": "（二）被依法纠错数"},
            "诉讼数": "五、行政诉讼数量",
            "诉讼": {"诉讼维持": "（一）维持具体行政行为或者驳回原告诉讼请求数", "诉讼纠错": "（二）被依法纠错数"},
        },
        {"复议": "四、行政复议数量", "诉讼": "五、行政诉讼数量"},
    )
    old = form("f", table("O", ("政府信息公开情况统计表",), rows, axis({"数": "统计数"})))
    grid = sheet("""
        政府信息公开情况统计表 | . | .
        （2018年度） | . | .
        统计指标 | 单位 | 统计数
        四、行政复议数量 | 件 | 3
        （一）维持具体行政行为数 | 件 | 1
        （二）被依法纠错数 | 件 | 2
        五、行政诉讼数量 | 件 | 7
        （一）维持具体行政行为或者驳回原告诉讼请求数 | 件 | 3
        （二）被依法纠错数 | 件 | 4
        单位负责人： | . | 填报日期：2019年1月
    """)
    filled = bind(old, grid)
    assert filled.values == (3, 1, 2, 7, 3, 4)
    assert not filled.notes


# Captions, copies, hidden sheets


BLOCK = table("A", ("甲表",), axis({"合": "合计"}), axis({"数": "数量"}))
OTHER = table("B", ("乙表",), axis({"合": "合计"}), axis({"数": "数量"}))


def test_captions_tell_tables_with_the_same_labels_apart():
    text = "乙表\n项目 | 数量\n合计 | 2\n.\n甲表\n项目 | 数量\n合计 | 1"
    filled = bind(form("f", BLOCK, OTHER), sheet(text))
    assert filled.values == (1, 2)
    only = bind(form("f", BLOCK, OTHER), sheet("乙表\n项目 | 数量\n合计 | 2"))
    assert only.values[1] == 2
    assert list(only.missing) == ["A"]


def test_sheet_names_and_paragraphs_caption_too():
    one, two = sheet("项目 | 数量\n合计 | 1", "甲表"), sheet("项目 | 数量\n合计 | 2", "乙表")
    assert bind(form("f", BLOCK, OTHER), two, one).values == (1, 2)
    said = (Paragraph(1, "一、乙表如下"), Paragraph(2, "二、甲表如下"))
    grids = (Grid("表1", two.rows, after=1), Grid("表2", one.rows, after=2))
    assert Binder((form("f", BLOCK, OTHER),)).bind(Document("a.docx", "word", grids, said)).values == (1, 2)


def test_the_same_block_is_never_two_tables():
    with pytest.raises(Fault):
        bind(form("f", BLOCK, OTHER), sheet("项目 | 数量\n合计 | 2"))


def test_two_full_copies_are_not_chosen_between():
    text = "类别 | 件数 | 金额\n甲类 | 1 | 2\n乙类 | 3 | 4\n丙类 | 5 | 6"
    other = form("f", SMALL, T21)
    rules = sheet(
        "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数\n规章 | 1 | 2 | 3\n规范性文件 | 4 | 5 | 6", "规章"
    )
    filled = bind(other, sheet(text, "一"), sheet(text, "二"), rules)
    assert "一!B1、二!B1" in filled.missing["S"].zh
    empty = sheet(text, "二")
    for row in empty.rows[1:]:
        row[1:] = [None, None]
    filled = bind(other, empty, sheet(text, "一"), rules)
    assert table_values(filled, "S") == [[1, 2], [3, 4], [5, 6]], "an empty copy of the form is no report"


def test_hidden_sheets_only_where_nothing_else_fits():
    text = "类别 | 件数 | 金额\n甲类 | {} | 2\n乙类 | 3 | 4\n丙类 | 5 | 6"
    hidden, shown = sheet(text.format(9), "旧", hidden=True), sheet(text.format(1), "新")
    assert table_values(bind(SMALL_FORM, hidden, shown), "S")[0] == [1, 2]
    filled = bind(SMALL_FORM, hidden)
    assert table_values(filled, "S")[0] == [9, 2]
    assert notes(filled) == ["S：取自隐藏的工作表“旧”。"]


# Which form


def test_the_form_with_most_labels_wins_whatever_the_title_says():
    printed = whole_form(GK2019, title="2024年政府信息公开工作年度报告")
    assert Binder((GK2021, GK2019)).bind(document(printed.grid())).form is GK2019


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        ("2020年政府信息公开工作年度报告", "a.xlsx", "gk-2019"),
        ("二〇二四年政府信息公开工作年度报告", "2020.xlsx", "gk-2021"),
        ("政府信息公开工作年度报告", "街道2019年.xlsx", "gk-2019"),
        ("２０２２年度政府信息公开工作年度报告", "a.xlsx", "gk-2021"),
    ],
)
def test_equal_forms_go_by_the_year_they_are_meant_for(title, name, expected):
    printed = Printed([[title]])
    print_table(printed, T4, numbers(T4))
    binder = Binder((GK2021, GK2019))
    for _ in range(2):
        assert binder.bind(document(printed.grid(), name=name)).form.id == expected


def test_equal_forms_and_no_year():
    printed = Printed()
    print_table(printed, T4, numbers(T4))
    with pytest.raises(Fault) as fault:
        Binder((GK2021, GK2019)).bind(document(printed.grid(), name="a.xlsx"))
    assert (fault.value.code, fault.value.exit) == ("two-forms", 2)
    assert "gk-2021" in fault.value.to("zh")
    assert "gk-2019" in fault.value.to("en")
    assert "--rules" in fault.value.to("zh")
    assert Binder((GK2021,)).bind(document(printed.grid())).form is GK2021


def test_an_unknown_form_says_what_was_looked_for():
    with pytest.raises(Fault) as fault:
        bind((GK2021, GK2019), sheet("2024年政府信息年度报告\n商品 | 价格\n苹果 | 3"), name="b.xlsx")
    assert (fault.value.code, fault.value.exit) == ("unknown-form", 3)
    assert "政府信息公开工作年度报告" in fault.value.to("zh")
    assert "最接近的是“2024年政府信息年度报告”" in fault.value.to("zh")
    assert "2024年政府信息年度报告" in fault.value.to("en")


def test_a_report_that_stands_twice_is_not_unknown_without_a_reason():
    copies = [Printed(), Printed()]
    for printed in copies:
        print_table(printed, T3, numbers(T3))
    with pytest.raises(Fault) as fault:
        bind((GK2021, GK2019), copies[0].grid("今年"), copies[1].grid("去年"))
    assert (fault.value.code, fault.value.exit) == ("several-places", 3)
    assert "今年!D1、去年!D1" in fault.value.to("zh")


@pytest.mark.parametrize(("names", "titled"), [(("2023", "2024"), False), (("上年", "本年"), True)])
def test_beside_sheets_of_earlier_years_this_years_is_read(names, titled):
    grids = []
    for name, year in zip(names, (2023, 2024), strict=True):
        printed = Printed()
        printed.rows.append([f"甲镇{year}年政府信息公开工作年度报告" if titled else "甲镇政府信息公开工作年度报告"])
        print_table(printed, T3, numbers(T3, year))
        grids.append(printed.grid(name))
    filled = bind(GK2021, *grids)
    assert filled.spots["T3"].grid == 1
    assert f"查的是“{names[1]}”；没有查“{names[0]}”" in notes(filled)[0]
    assert names[0] not in [w.text for w in filled.words], "what an earlier year's sheet says is not this report's"
    assert not any("2023" in w.text for w in filled.words)


@pytest.mark.parametrize("grids", [(), (Grid("空", []),), (Grid("空", [[None]]),)])
def test_nothing_to_bind(grids):
    with pytest.raises(Fault) as fault:
        bind(GK2021, *grids)
    assert fault.value.code == "unknown-form"


REPORT = (Paragraph(1, "淮安市2024年政府信息公开工作年度报告", "title"), Paragraph(2, "全年受理申请3119件。"))


@pytest.mark.parametrize("forms", [(GK2021,), (GK2019, GK2021)], ids=len)
def test_a_text_without_its_tables_is_no_submission(forms):
    with pytest.raises(Fault) as fault:
        Binder(forms).bind(Document("a.docx", "word", (), REPORT, pictures=2))
    assert fault.value.code == "unknown-form"
    assert "2张图片" in fault.value.to("zh")


def test_a_form_of_words_only():
    filled = Binder((GK2021, form("words", titles=()))).bind(Document("a.docx", "word", (), REPORT))
    assert filled.form.id == "words"
    assert (filled.values, filled.states, dict(filled.missing)) == ((), b"", {})
    assert [(w.text, w.place.paragraph) for w in filled.words if w.role == "prose"] == [
        ("淮安市2024年政府信息公开工作年度报告", 1),
        ("全年受理申请3119件。", 2),
    ]


def test_one_table_of_several():
    printed = Printed()
    print_table(printed, T3, numbers(T3))
    grid = printed.grid("表1")
    filled = Binder((GK2021,)).bind(Document("a.docx", "word", (grid,), REPORT, pictures=1))
    assert list(filled.missing) == ["T21", "T25", "T26", "T28", "T4"]
    assert "图片" in filled.missing["T4"].zh
    assert filled.cell(0).state == State.ABSENT
    assert math.isnan(filled.values[0])


# Values

NO_FACTS = SheetFacts()


def values_of(*cells, facts=NO_FACTS, merges=(), one=RULES, asked=None):
    def gather():
        if asked is not None:
            asked.append(1)
        return facts

    grid = Grid(
        "表",
        [
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", *cells[:3]],
            ["规范性文件", *cells[3:]],
        ],
        merges,
        facts=gather,
    )
    return bind(one, grid)


def test_what_people_type():
    filled = values_of("1,234", "１２", "十二", "—", "不详", "3件")
    assert [_shown(v) for v in filled.values] == [1234, 12, 12, None, None, 3]
    assert [State(s).name for s in filled.states] == ["NUMBER", "NUMBER", "NUMBER", "NIL", "TEXT", "NUMBER"]
    cell = filled.cell(0)
    assert (cell.text, cell.number, cell.place.to("zh")) == ("1,234", Decimal(1234), "表!B2")


def test_facts_are_asked_for_once_and_only_for_blanks():
    asked = []
    values_of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, asked=asked)
    values_of("1", 2.0, "—", 4.0, 5.0, 6.0, asked=asked)
    assert asked == []
    filled = values_of("", 2.0, None, " ", 5.0, 6.0, asked=asked)
    assert asked == [1]
    assert [State(s).name for s in filled.states] == ["BLANK", "NUMBER", "BLANK", "BLANK", "NUMBER", "NUMBER"]


def test_error_values_and_formulas_that_were_never_calculated():
    facts = SheetFacts(
        errors={(1, 1): "#REF!"}, uncalculated=frozenset({(1, 2)}), formulas={(1, 2): "B2+1", (2, 1): "1+1"}
    )
    filled = values_of("", "", "", 2.0, 5.0, 6.0, facts=facts)
    assert [State(s).name for s in filled.states[:4]] == ["ERROR", "UNCALCULATED", "BLANK", "NUMBER"]
    assert (filled.cell(0).text, filled.cell(1).formula, filled.cell(3).formula) == ("#REF!", "B2+1", "1+1")


def test_a_merged_value_counts_once():
    filled = values_of(7.0, 7.0, 7.0, 4.0, 5.0, 6.0, merges=((1, 1, 1, 3),))
    assert [_shown(v) for v in filled.values[:3]] == [7, None, None]
    assert filled.states[:3] == bytes([State.NUMBER, State.BLANK, State.BLANK])
    assert filled.cell(1).state == State.BLANK


@pytest.mark.parametrize("wild", [float("nan"), float("inf"), 1e300, True])
def test_wild_values_are_no_numbers(wild):
    filled = values_of(wild, 2.0, 3.0, 4.0, 5.0, 6.0)
    assert filled.states[0] == State.TEXT
    assert math.isnan(filled.values[0])


RATES = form("f", table("P", ("比例",), axis({"甲": "甲类", "乙": "乙类"}), axis({"率": "办结率"}), "percent"))
RATIOS = form("f", table("P", ("比例",), axis({"甲": "甲类", "乙": "乙类"}), axis({"率": "办结率"}), "number"))


@pytest.mark.parametrize("one", [RATES, RATIOS], ids=["percent", "number"])
def test_a_fraction_shown_as_percent(one):
    facts = SheetFacts(formats={(1, 1): "0.0%"})
    filled = bind(one, sheet("项目 | 办结率\n甲类 | 0.125\n乙类 | 12.5%", facts=lambda: facts))
    assert filled.values == (12.5, 12.5)
    cell = filled.cell(0)
    assert (cell.text, cell.number, cell.step, cell.unit) == ("12.5%", Decimal("12.5"), Decimal("0.1"), "%")


@pytest.mark.parametrize(
    ("head", "cell", "number", "step", "unit"),
    [
        ("本年收费金额（单位：万元）", "251000元", "25.1", "0.0001", "元"),
        ("本年收费金额（单位：万元）", "1646.5万元", "1646.5", "0.1", "万元"),
        ("本年收费金额", "1.5亿元", "15000", "1000", "亿元"),
        ("本年收费金额（元）", "251000", "25.1", "0.0001", ""),
        ("本年收费金额（元）", "25.1万元", "25.1", "0.1", "万元"),
        ("本年收费金额（单位：万元）", "8040", "8040", "1", ""),
    ],
)
def test_money_in_another_unit(head, cell, number, step, unit):
    text = f"信息内容 | {head}\n行政事业性收费 | x"
    grid = sheet(text)
    grid.rows[1][1] = cell
    filled = bind(FEES, grid)
    made = filled.cell(0)
    assert (filled.values[0], made.number, made.step, made.unit) == (
        float(number),
        Decimal(number),
        Decimal(step),
        unit,
    )
    if not cell[-1].isdigit():
        return
    grid.rows[1][1] = float(cell)
    assert bind(FEES, grid).values[0] == float(number)


def test_the_unit_may_stand_above_the_table():
    filled = bind(FEES, sheet("收费情况 | 单位：元\n信息内容 | 本年收费金额\n行政事业性收费 | 251000"))
    assert filled.values == (25.1,)


def test_a_bound_submission_crosses_processes():
    filled = pickle.loads(pickle.dumps(bind(FEES, sheet("信息内容 | 本年收费金额\n行政事业性收费 | 251000元"))))
    assert (filled.values, filled.cell(0).text) == ((25.1,), "251000元")
    binder = pickle.loads(pickle.dumps(Binder((SMALL_FORM,))))
    assert binder.bind(document(small())).values == (1, 2, 3, 4, 5, 6)


# Words outside


def test_words_outside_cells_and_labels():
    grid = sheet(
        """
        淮安市2024年政府信息公开工作年度报告 | . | . | .
        填报单位：办公室 | . | . | .
        第二十条第（一）项 | . | . | .
        信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数
        规章 | 1 | 0 | 不详
        规范性文件 | 8 | 26 | 66
        注：数据截至12月31日 | . | . | .
        """,
        "表二",
    )
    filled = bind(RULES, grid, name="淮安2024.xlsx")
    assert [(w.role, w.text, w.place.address) for w in filled.words] == [
        ("file", "淮安2024.xlsx", ""),
        ("sheet", "表二", ""),
        ("title", "淮安市2024年政府信息公开工作年度报告", "A1"),
        ("note", "填报单位：办公室", "A2"),
        ("caption", "第二十条第（一）项", "A3"),
        ("note", "信息内容", "A4"),
        ("note", "注：数据截至12月31日", "A7"),
    ]


def test_words_of_merged_areas_are_said_once():
    printed = whole_form()
    grid = Grid("表1", printed.grid(how="repeated").rows)
    texts = [w.text for w in Binder((GK2021,)).bind(Document("a.docx", "word", (grid,))).words]
    plain = [w.text for w in Binder((GK2021,)).bind(document(printed.grid())).words]
    assert texts[1:] == plain[2:]


# Layouts seen before


def copies(binder, *grids):
    return [binder.bind(document(grid, name=f"{i}.xlsx")) for i, grid in enumerate(grids)]


def small(title="标题", note="注", extra=None, first=1.0):
    rows = [[title, None, None], ["类别", "件数", "金额"], ["甲类", first, 2.0], ["乙类", 3.0, 4.0], ["丙类", 5.0, 6.0]]
    return Grid("表", [*rows, [note, extra, None]])


def test_a_known_layout_is_not_worked_out_again(monkeypatch):
    binder = Binder((SMALL_FORM,))
    copies(binder, small())
    monkeypatch.setattr("auditkit.bind.binder.fit", None)
    one, two = copies(binder, small("又一标题", "又一注", first=9.0), small(first=""))
    assert one.values[0] == 9
    assert [w.text for w in one.words if w.role in {"title", "note"}] == ["又一标题", "类别", "又一注"]
    assert two.states[0] == State.BLANK


@pytest.mark.parametrize(
    "change",
    [
        {"title": "金额"},
        {"note": "甲类"},
        {"note": None},
        {"extra": 5.0},
        {"title": 2024.0},
        {"first": "丙类"},
        {"note": "小表"},
    ],
    ids=str,
)
def test_whatever_could_mean_something_is_worked_out_again(change):
    binder = Binder((SMALL_FORM,))
    copies(binder, small())
    seen, fresh = binder.bind(document(small(**change))), Binder((SMALL_FORM,)).bind(document(small(**change)))
    assert (seen.spots, seen.words, seen.notes, seen.states) == (fresh.spots, fresh.words, fresh.notes, fresh.states)


def test_a_binder_does_not_remember_without_end():
    binder = Binder((SMALL_FORM,))
    for height in range(300):
        grid = small()
        binder.bind(document(Grid("表", [*grid.rows, *[[None] * 3] * height])))
    for name in range(20):
        binder.bind(document(small(note="小表" + "甲" * name)))
    assert len(binder._layouts) <= 256
    assert max(map(len, binder._layouts.values())) <= 8


def test_large_sheets_do_not_hang():
    rows = [[f"编号{n}", float(n), None, f"说明{n}"] for n in range(9000)]
    filled = bind(SMALL_FORM, Grid("数据", rows), small())
    assert table_values(filled, "S")[0] == [1, 2]
    wild = Grid("表", small().rows, tuple((0, 0, 9**6, 9**6) for _ in range(1000)))
    with pytest.raises(Fault):
        bind(SMALL_FORM, wild)
