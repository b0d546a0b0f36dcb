"""CSV and plain text: encodings, delimiters, and tables pasted into prose."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditkit.model.document import Document, Source
from auditkit.model.words import Fault
from auditkit.readers import read

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


def csv(text: str | bytes, name: str = "a.csv") -> list[list[str]]:
    (grid,) = read(Source(name, text.encode() if isinstance(text, str) else text)).grids
    return [list(row) for row in grid.rows]  # type: ignore[arg-type]


def text(content: str, name: str = "a.txt") -> Document:
    return read(Source(name, content.encode()))


def refused(data: bytes, name: str = "a.csv") -> Fault:
    with pytest.raises(Fault) as caught:
        read(Source(name, data))
    assert caught.value.exit == 3
    return caught.value


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_usual_encoding_is_read_without_being_told(encoding: str) -> None:
    assert csv("项目,自然人\n新收,8\n".encode(encoding)) == [["项目", "自然人"], ["新收", "8"]]


def test_bytes_in_no_encoding_are_refused_not_guessed() -> None:
    fault = refused("新收,8\n".encode() + b"\xff\xff,1\n")
    assert fault.code == "encoding"
    assert "UTF-8" in fault.to("zh")


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_delimiter_is_the_one_on_which_lines_agree(mark: str) -> None:
    lines = [["项目", "自然人", "组织"], ["新收，含结转", "8", "3"], ["办结", "7", ""]]
    assert csv("\n".join(mark.join(line) for line in lines)) == lines


def test_commas_in_the_words_do_not_outvote_the_tabs() -> None:
    assert csv("a, b\tc\nd, e\tf\n1\t2\n") == [["a, b", "c"], ["d, e", "f"], ["1", "2"]]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('"1,234",5\n6,7\n', [["1,234", "5"], ["6", "7"]]),
        ("a,b,c\n1\n,,3\n", [["a", "b", "c"], ["1", "", ""], ["", "", "3"]]),
        ("a,b\n\n1,2\n\n\n", [["a", "b"], ["", ""], ["1", "2"]]),
        ('"两\n行",2\n3,4\n', [["两\n行", "2"], ["3", "4"]]),
        ("sep=;\na;b\n1;2\n", [["a", "b"], ["1", "2"]]),
        ('="007",1\n="08",2\n', [["007", "1"], ["08", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("一列\n没有分隔\n", [["一列"], ["没有分隔"]]),
    ],
)
def test_rows_as_excel_would_show_them(content: str, rows: list[list[str]]) -> None:
    assert csv(content) == rows


def test_a_quote_that_never_closes_does_not_swallow_the_rest_in_silence() -> None:
    fault = refused(b'a,b\n"1,2\n3,4\n5,6\n')
    assert fault.code == "damaged"
    assert "第2行" in fault.to("zh")


@pytest.mark.parametrize(
    ("data", "code"), [(b"a,b\n1,\x00\n", "damaged"), (b"a," + b"x" * (1 << 20) + b"\n", "too-large")]
)
def test_nuls_and_endless_lines_are_refused_with_the_reason(data: bytes, code: str) -> None:
    assert refused(data).code == code


def test_one_row_of_many_columns_does_not_widen_a_long_file_without_end() -> None:
    assert refused(b"," * 50_000 + b"\n" + b"1\n" * 50_000).code == "too-large"


def test_a_table_under_another_suffix_is_still_a_table() -> None:
    assert csv("项目\t甲\n新收\t1\n".encode("utf-16"), "导出.xls") == [["项目", "甲"], ["新收", "1"]]


def test_lines_are_paragraphs_numbered_from_one() -> None:
    document = text("　　标题\n\n　　第一段。\r\n第二段。\n")
    assert [(p.number, p.text) for p in document.paragraphs] == [(1, "标题"), (2, "第一段。"), (3, "第二段。")]
    assert (document.kind, document.grids) == ("text", ())


def test_pasted_tables_stand_where_they_were_pasted() -> None:
    document = text("前文\n项目\t甲\t乙\n\n新收\t1\t2\n办结\t3\n后文\n| 项目 | 甲 |\n| --- | ---: |\n| 新收 | 1 |\n")
    assert [p.text for p in document.paragraphs] == ["前文", "项目\t甲\t乙", "后文"]
    assert [(g.name, g.after, g.rows) for g in document.grids] == [
        ("表1", 2, [["新收", "1", "2"], ["办结", "3", ""]]),
        ("表2", 3, [["项目", "甲"], ["新收", "1"]]),
    ]


def test_pipes_with_ragged_counts_are_one_table() -> None:
    (grid,) = text("一、本年新收 | 1 | 0 | 1 | |\n二、上年结转 | 0 | 0\n三、办理 | （一）公开 | 0 | 0 | 0 |\n").grids
    assert grid.rows == [
        ["一、本年新收", "1", "0", "1", ""],
        ["二、上年结转", "0", "0", "", ""],
        ["三、办理", "（一）公开", "0", "0", "0"],
    ]


def test_indented_prose_is_no_table() -> None:
    document = text("\t一、总体情况\n\t本年新收12件。\n")
    assert document.grids == ()
    assert [p.text for p in document.paragraphs] == ["一、总体情况", "本年新收12件。"]


def test_one_cell_a_line_is_left_as_paragraphs() -> None:
    assert text("规章\n0\n0\n规范性文件\n5\n5\n").grids == ()


def test_markdown_headings_and_items() -> None:
    document = text("# 年报\n## 一、总体情况 ##\n- 第一项\n正文 # 不是标题\n", "a.md")
    assert [(p.style, p.text) for p in document.paragraphs] == [
        ("title", "年报"),
        ("heading", "一、总体情况"),
        ("list", "- 第一项"),
        ("body", "正文 # 不是标题"),
    ]


CELL = st.text("项目新收㐀𠀀é12 ,;|\t\n", max_size=6)


@example([["", "\n|\n", "|\n"], ["", "\n|\n", "|"]], "utf-8")
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=6), st.sampled_from(ENCODINGS))
def test_quoted_cells_come_back_as_they_were(rows: list[list[str]], encoding: str) -> None:
    """Under any encoding, whatever delimiters stand inside the quotes; blank rows at the end are nobody's."""
    content = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in [["头", "二", "三"], *rows])
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows = rows[:-1]
    assert csv(content.encode(encoding)) == [["头", "二", "三"], *rows]
