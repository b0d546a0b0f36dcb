"""Tables pasted into a text: rebuilt by their labels; a row that has not its values is not checked."""

from __future__ import annotations

from functools import cache

import pytest

from auditkit.audit import auditor
from auditkit.model.document import Source

TITLE = "青山镇2024年政府信息公开工作年度报告"
HEAD = ("自然人", "法人或其他组织", "总计", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
"""As a page flattens it: 总计, which reaches over two rows, before what stands below 法人或其他组织."""
GROUPS = {
    "（三）不予公开": (
        "1.属于国家秘密",
        "2.其他法律行政法规禁止公开",
        "3.危及“三安全一稳定”",
        "4.保护第三方合法权益",
        "5.属于三类内部事务信息",
        "6.属于四类过程性信息",
        "7.属于行政执法案卷",
        "8.属于行政查询事项",
    ),
    "（四）无法提供": ("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"),
    "（五）不予处理": (
        "1.信访举报投诉类申请",
        "2.重复申请",
        "3.要求提供公开出版物",
        "4.无正当理由大量反复申请",
        "5.要求行政机关确认或重新出具已获取信息",
    ),
    "（六）其他处理": ("1.逾期不补正", "2.逾期不缴费", "3.其他"),
}


def rows(received=12, handled=13):
    """Table 三: 12 received and 2 carried in, 13 granted, 1 carried on; two organisations among them."""
    yield "一、本年新收政府信息公开申请数量", [received - 2, 2, 0, 0, 0, 0, received]
    yield "二、上年结转政府信息公开申请数量", [2, 0, 0, 0, 0, 0, 2]
    yield "三、本年度办理结果", []
    yield "（一）予以公开", [11, 2, 0, 0, 0, 0, 13]
    yield "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", [0] * 7
    for group, lines in GROUPS.items():
        yield group, []
        yield from ((line, [0] * 7) for line in lines)
    yield "（七）总计", [handled - 2, 2, 0, 0, 0, 0, handled]
    yield "四、结转下年度继续办理", [1, 0, 0, 0, 0, 0, 1]


def written(way, table):
    """The table as it comes out of a page, in several ways."""
    lines = [[label, *map(str, values)] for label, values in table]
    if way == "a value a line":
        return "\n".join([*HEAD, *(cell for line in lines for cell in line)])
    if way == "one paragraph":
        return " ; ".join("|".join(line) for line in lines)
    if way == "spaces alone":
        return " ".join(cell for line in [HEAD, *lines] for cell in line)
    if way == "a cell and a mark a line":
        return "\n".join(" |\n".join(line) + (" | ||" if len(line) > 1 else " |") for line in [HEAD, *lines])
    mark = {"marks": " | ", "tabs": "\t", "spaces": " "}[way]
    return "\n".join([mark.join(HEAD), *(mark.join(line) for line in lines)])


WAYS = ("a value a line", "marks", "tabs", "spaces", "one paragraph", "a cell and a mark a line", "spaces alone")


@cache
def shipped():
    return auditor()


def checked(text, name="青山镇_2024.txt"):
    return next(iter(shipped().audit([Source(name, f"{TITLE}\n{text}\n五、存在的主要问题及改进情况".encode())])))


def open_findings(result):
    return [(f.rule, f.row, f.column) for f in result.findings if f.level != "info"]


@pytest.mark.parametrize("way", WAYS)
def test_a_table_that_adds_up_is_bound_whole_and_clean(way):
    result = checked(written(way, rows()))
    assert result.rulebook == "cn-disclosure-2021"
    assert "T3" not in result.missing
    assert result.tallies["GK304"].passed == 7
    assert open_findings(result) == []


@pytest.mark.parametrize("way", WAYS)
def test_a_wrong_sum_is_found_at_its_cell(way):
    result = checked(written(way, rows(handled=15)))
    assert ("GK304", "", "总计") in open_findings(result)
    assert ("GK304", "", "自然人") in open_findings(result)
    assert all(cell.place.sheet.endswith("·T3") for f in result.findings for cell in f.terms)


def test_labels_broken_by_the_page_are_put_together():
    text = written("a value a line", rows())
    text = text.replace("一、本年新收政府信息公开", "一、本年新收政府信息\n公开").replace("（四）无法", "（四）无\n法")
    result = checked(text.replace("只计这一情形", "只计这一\n情形"))
    assert result.tallies["GK304"].passed == 7
    assert open_findings(result) == []


def test_a_row_that_was_cut_is_not_checked_and_the_others_are():
    kept = [row for row in rows() if not row[0].startswith("（二）")]
    result = checked(written("a value a line", kept))
    assert result.tallies["GK304"].passed == 7
    assert result.tallies["GK303"].unchecked == {"line missing": 7}
    assert any("1行没有认出" in note.zh for note in result.notes)


def test_a_row_with_a_value_too_few_is_not_read_askew():
    text = written("a value a line", rows()).replace(
        "二、上年结转政府信息公开申请数量\n2\n", "二、上年结转政府信息公开申请数量\n"
    )
    result = checked(text)
    assert result.tallies["GK304"].passed == 0
    assert open_findings(result) == []


def test_a_total_printed_before_its_columns_is_put_last():
    moved = [(label, [*values[:1], *values[6:], *values[1:6]]) for label, values in rows()]
    result = checked(written("a value a line", moved))
    assert result.tallies["GK302"].passed == 25
    assert open_findings(result) == []


def test_a_total_printed_before_its_columns_is_put_last_though_one_of_them_is_wrong():
    moved = [(label, [*values[6:], *values[:6]]) for label, values in rows(handled=15)]
    moved[0][1][0] += 7
    assert {f[2] for f in open_findings(checked(written("spaces", moved)))} <= {"总计", "自然人", ""}


def test_one_value_in_merged_cells_leaves_the_others_blank():
    result = checked("一、本年新收政府信息公开申请数量|0|||||| ; 二、上年结转政府信息公开申请数量|0||||||")
    assert [f.rule for f in result.findings if f.level == "soft"] == ["GK311", "GK311"]


def test_the_labels_of_a_pasted_table_number_no_sections():
    before = "一、总体情况\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况"
    text = f"{before}\n{written('marks', rows())}\n四、复议"
    assert not [rule for rule, _, _ in open_findings(checked(text)) if rule.startswith("PR30") and rule != "PR308"]


def test_the_form_is_told_by_rows_and_widths():
    text = "规章\n0\n0\n0\n规范性文件\n5\n5\n5\n行政许可\n13\n0\n847\n行政处罚\n72\n-3\n322\n政府集中采购\n1\n8040"
    result = next(iter(shipped().audit([Source("中村乡_2020.txt", text.encode())])))
    assert result.rulebook == "cn-disclosure-2019"
    assert open_findings(result) == []


@pytest.mark.parametrize("text", ["行政许可 12件\n行政处罚 5件", "行政处罚\n3", "一\n2\n3\n4\n5\n6\n7\n8"])
def test_lines_with_numbers_are_no_table(text):
    result = checked(f"全年公开政府信息120条。\n{text}")
    assert result.rulebook == "report-prose-zh"
