"""Binding tables whose arrangement is odd but honest: every figure under its own name, and nothing said."""

from __future__ import annotations

import pytest

from auditkit.model.document import Grid
from auditkit.model.form import Form
from test_bind import LEAVES, bind, notes, sheet, table_values
from test_bind_forms import T3, T4, T21, T28, Printed, form, numbers, print_table

HEADS = ("本年制发件数", "本年废止件数", "现行有效件数")
RULES = f"信息内容|{'|'.join(HEADS)}\n规章|1|2|3\n行政规范性文件|4|5|6"


def printed(how="merged", **more) -> Grid:
    """Table 三 as the form prints it."""
    one = Printed()
    print_table(one, T3, numbers(T3), **more)
    return one.grid(how=how)


def on_its_side(grid: Grid) -> Grid:
    return Grid(
        grid.name, [list(row) for row in zip(*grid.rows, strict=True)], [(b, a, d, c) for a, b, c, d in grid.merges]
    )


@pytest.mark.parametrize(
    "grid", [printed(), printed("blank"), printed("repeated")], ids=["merged", "blank", "repeated"]
)
def test_a_table_on_its_side(grid):
    filled = bind(form("f", T3), on_its_side(grid))
    assert table_values(filled, "T3") == numbers(T3)
    assert not filled.notes
    upright = bind(form("f", T3), grid)
    cells = [(filled.cell(slot).place, upright.cell(slot).place) for slot in range(T3.size)]
    assert all((one.row, one.column) == (other.column, other.row) for one, other in cells)
    assert filled.spots["T3"].down == upright.spots["T3"].across


def test_a_table_of_one_row_on_its_side():
    groups = {"行政复议": "", "行政诉讼-未经复议直接起诉": "行政诉讼-", "行政诉讼-复议后起诉": ""}
    rows = [f"{group}-{leaf.strip()}" for group in groups for leaf in LEAVES.split("|")]
    text = "\n".join(["项目 | 件数", *(f"{row} | {n}" for n, row in enumerate(rows, 1))])
    assert table_values(bind(form("f", T4), sheet(text)), "T4") == [[float(n) for n in range(1, 16)]]


def test_a_table_with_a_row_missing_is_not_taken_on_its_side():
    grid = on_its_side(printed())
    shorter = Grid("三", [row for row in grid.rows if "商业企业" not in row])
    filled = bind(form("f", T21, T3), sheet(RULES), shorter)
    assert "T3" in filled.missing


@pytest.mark.parametrize("between", ["/", "-", " → ", "\n", ""])
def test_all_groups_of_a_row_in_its_label(between):
    """As a register of many sheets prints it; the total of a group, too, under the group's name."""
    numbered = {"办理总计": ("办理结果",)}
    rows = [["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]]
    for line, values in zip(T3.rows.lines, numbers(T3), strict=True):
        path = [T3.rows.group_labels[name][0] for name in line.path or numbered.get(line.name, ())]
        rows.append([between.join([*path, line.labels[0]]), *values])
    filled = bind(form("f", T3), Grid("三", rows))
    assert table_values(filled, "T3") == numbers(T3)
    assert not filled.notes


def test_what_stands_at_the_left_without_a_caption_does_not_end_a_table():
    left = sheet(
        f"信息内容|{'|'.join(HEADS)}\n规章|1|2|3\n行政规范性文件|4|5|6\n.\n信息内容|本年收费金额\n行政事业性收费|7"
    )
    right = printed("blank")
    rows = [[*(left.rows[r] if r < len(left.rows) else [None] * 4), *row] for r, row in enumerate(right.rows)]
    filled = bind(form("f", T21, T28, T3), Grid("表", rows))
    assert table_values(filled, "T3") == numbers(T3)
    assert table_values(filled, "T28") == [[7]]
    assert not filled.missing


def test_a_row_that_numbers_the_columns_is_no_line():
    grid = printed("blank")
    grid.rows.insert(2, ["甲", "乙", "丙", *map(float, range(1, 8))])
    filled = bind(form("f", T3), grid)
    assert table_values(filled, "T3") == numbers(T3)
    assert notes(filled) == []


def test_the_words_of_a_merged_header_repeated_over_one_figure():
    text = """
        行政事业性收费 | 本年收费金额 | 本年收费金额 | 本年收费金额
        行政事业性收费 | 7            | .            | .
        .              | .            | .            | .
        备注           | 无           | 见附件       | 略
    """
    assert table_values(bind(form("f", T28), sheet(text)), "T28") == [[7]]


def test_two_figures_under_one_label_are_still_not_chosen_between():
    text = "信息内容 | 本年收费金额 | 本年收费金额\n行政事业性收费 | 7 | 8"
    one: Form = form("f", T21, T28)
    filled = bind(one, sheet(text), sheet(RULES, "二"))
    assert "T28" in filled.missing


@pytest.mark.parametrize(
    "say",
    [
        lambda text: text.translate(str.maketrans("发废现规结复议总计维", "發廢現規結復議總計維")),
        lambda text: f"{text}（1）" if text != "总计" else "总计 Total",
        lambda text: f"A.{text}" if text in HEADS else f"{text}①",
    ],
    ids=["traditional", "column numbers, English", "letters, footnotes"],
)
def test_what_is_added_to_a_label_or_how_it_is_written(say):
    text = f"信息内容 | {' | '.join(map(say, HEADS))}\n{say('规章')} | 1 | 2 | 3\n{say('行政规范性文件')} | 4 | 5 | 6"
    assert table_values(bind(form("f", T21), sheet(text)), "T21") == [[1, 2, 3], [4, 5, 6]]


def test_aliases_of_one_line_begin_alike():
    """本年制发 begins 本年制发件数 and 本年制发数量, which say the same line."""
    columns = T21.columns.lines
    aliased = [("本年制发件数", "本年制发数量"), ("本年废止件数", "本年废止数量"), ("现行有效件数", "现行有效数量")]
    lines = tuple(type(c)(c.name, labels, c.path) for c, labels in zip(columns, aliased, strict=True))
    axis = type(T21.columns)(lines, T21.columns.group_labels)
    one = type(T21)(**{k: getattr(T21, k) for k in T21.__dataclass_fields__} | {"columns": axis})
    text = "信息内容 | 本年制发 | 本年废止 | 现行有效\n规章 | 1 | 2 | 3\n行政规范性文件 | 4 | 5 | 6"
    assert table_values(bind(form("f", one), sheet(text)), "T21") == [[1, 2, 3], [4, 5, 6]]
