"""Web pages: what a reader sees, and not what surrounds it."""

import pytest

from auditkit.model.document import Document, Source
from auditkit.model.words import Fault
from auditkit.readers import read


def page(body: str, *, head: str = "", encoding: str = "utf-8") -> Document:
    return read(Source("a.html", f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding)))


def lines(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


REPORT = "<p>一、总体情况：全年新收申请十二件，办结十一件。</p>"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "GBK", "iso-8859-1", "no-such"])
def test_the_encoding_is_proved_whatever_the_page_declares(encoding: str, declared: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    assert lines(page(REPORT, head=head, encoding=encoding)) == ["一、总体情况：全年新收申请十二件，办结十一件。"]


def test_what_a_page_declares_counts_where_its_bytes_fit_another_encoding_too() -> None:
    words = "<p>臺北市政府資訊公開年度報告</p>"
    assert lines(page(words, head='<meta charset="big5">', encoding="big5")) == ["臺北市政府資訊公開年度報告"]


def test_a_few_broken_bytes_do_not_cost_the_page() -> None:
    data = ('<meta charset="utf-8">' + REPORT * 20).encode() + "新收".encode()[:-1] + b"</p><p>8</p>"
    assert lines(read(Source("a.html", data)))[-1] == "8"


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Fault) as caught:
        read(Source("a.html", b"<html>" + b"\xff\xfe\xfd" * 50))
    assert caught.value.code == "encoding"


def test_every_line_a_reader_sees_is_a_paragraph() -> None:
    document = page(
        "<h1>年度报告</h1><div>　　一、总体情况<br>　　全年<b>新收</b>\n12 件。<p>办结&nbsp;11件。</p>尾</div>"
        "<ul><li>甲</li></ul><pre>一\n二</pre>"
    )
    assert [(p.style, p.text) for p in document.paragraphs] == [
        ("title", "年度报告"),
        ("body", "一、总体情况"),
        ("body", "全年新收 12 件。"),
        ("body", "办结\u00a011件。"),
        ("body", "尾"),
        ("list", "甲"),
        ("body", "一"),
        ("body", "二"),
    ]


def test_the_page_title_stands_in_front_where_no_heading_says_it() -> None:
    head = "<title>2021年年度报告_某镇</title>"
    document = page("<p>正文</p><table><tr><td>a<td>1</table>", head=head)
    assert [(p.number, p.style, p.text) for p in document.paragraphs] == [
        (1, "title", "2021年年度报告_某镇"),
        (2, "body", "正文"),
    ]
    assert document.grids[0].after == 2
    assert lines(page("<h1>年报</h1>", head=head)) == ["年报"]


def test_scripts_menus_and_hidden_things_are_not_the_report() -> None:
    links = "".join(f"<li><a href=#>栏目{n}</a></li>" for n in range(6))
    document = page(
        "<script>var x=1</script><style>p{}</style><nav>导航</nav><div class='top-nav'><a>首页</a>></div>"
        f"<ul>{links}</ul>" + REPORT * 3 + "<p style='display: NONE'>隐</p><p hidden>隐</p><select><option>选</select>"
        "<div id=footer>版权所有</div><footer>联系</footer><!-- 注 -->"
    )
    assert set(lines(document)) == {"一、总体情况：全年新收申请十二件，办结十一件。"}


def test_a_report_is_kept_even_in_a_block_named_like_a_menu() -> None:
    assert len(lines(page(f"<div class='nav'>{REPORT * 3}</div><p>尾</p>"))) == 4


def test_spans_make_a_true_grid() -> None:
    (grid,) = page(
        "<table><tr><td rowspan=2>项目<td colspan=3>申请人<tr><td>自然<br>人<td>组织<td>总计"
        "<tr><th>一、本年新收<td>8<td>3<td>12</table>"
    ).grids
    assert grid.rows == [
        ["项目", "申请人", "", ""],
        ["", "自然\n人", "组织", "总计"],
        ["一、本年新收", "8", "3", "12"],
    ]
    assert grid.merges == ((0, 0, 1, 0), (0, 1, 0, 3))


def test_a_span_that_reaches_too_far_down_pushes_no_row_out_of_the_table() -> None:
    (grid,) = page(
        "<table><tr><th>项目<th>类别<th>件数<tr><td rowspan=3>结果<td>公开<td>1<tr><td>其他<td>2"
        "<tr><td>结转<td>无<td>3<tr><td>合计<td>无<td>6</table>"
    ).grids
    assert grid.rows[3:] == [["结转", "无", "3"], ["合计", "无", "6"]]
    assert grid.merges == ((1, 0, 2, 0),)


def test_sections_captions_hidden_rows_and_white_in_cells() -> None:
    document = page(
        "<p>前</p><table><caption>表三</caption><thead><tr><th> 项 目 \n<th>数</thead><tbody>"
        "<tr style='display:none'><td>x<td>9<tr><td><p>新收</p><p>申请</p><td>　8&nbsp;</tbody></table><p>后</p>"
    )
    assert [(p.style, p.text) for p in document.paragraphs] == [("body", "前"), ("caption", "表三"), ("body", "后")]
    assert [(g.name, g.after, g.rows) for g in document.grids] == [("表1", 2, [["项 目", "数"], ["新收\n申请", "8"]])]


def test_tables_that_lay_out_the_page_are_read_as_text() -> None:
    document = page(
        f"<table><tr><td>左栏</td><td>{REPORT}<table><tr><td>新收</td><td>8</td></tr></table>尾</td></tr></table>"
        "<table><tr><td>只有一格</td></tr></table>"
    )
    assert lines(document) == ["左栏", "一、总体情况：全年新收申请十二件，办结十一件。", "尾", "只有一格"]
    assert [grid.rows for grid in document.grids] == [[["新收", "8"]]]


def test_a_table_inside_a_cell_of_a_table_is_a_table_of_its_own() -> None:
    row = "<tr><td>{}<td>{}"
    inner = f"<table>{row.format('内', 1)}</table>"
    document = page("<table>" + row.format("新收", 8) + row.format("办结", "7" + inner + "件") + "</table>")
    assert [grid.rows for grid in document.grids] == [[["新收", "8"], ["办结", "7\n件"]], [["内", "1"]]]
    assert lines(document) == []


def test_pictures_are_counted_without_icons() -> None:
    document = page("<img src=a.png><img src=b.gif width=16 height='16px'><table><tr><td>a<td><img width=600></table>")
    assert document.pictures == 2


def test_a_web_page_under_an_excel_name_is_read_as_what_it_is() -> None:
    data = "<html><table><tr><td>新收<td>8<tr><td>办结<td>7</table></html>".encode()
    document = read(Source("导出.xls", data))
    assert (document.kind, document.grids[0].rows) == ("web", [["新收", "8"], ["办结", "7"]])


@pytest.mark.parametrize("nested", ["<div>", "<table><tr><td>a<td>", "<ul><li>x", "<b>"])
def test_nesting_without_end_is_refused_and_not_cut_off_in_silence(nested: str) -> None:
    with pytest.raises(Fault) as caught:
        page(nested * 20_000 + REPORT)
    assert caught.value.code == "damaged"


def test_spans_without_end_are_refused() -> None:
    with pytest.raises(Fault) as caught:
        page("<table>" + "<tr><td rowspan=60000 colspan=1000>1<td>2" * 200 + "</table>")
    assert caught.value.code == "too-large"


def test_a_long_page_takes_time_in_proportion() -> None:
    """A megabyte: 20,000 cells and 5,000 paragraphs."""
    document = page("<table>" + ("<tr>" + "<td>12</td>" * 20 + "</tr>") * 1000 + "</table>" + REPORT * 5000)
    assert (len(document.grids[0].rows), len(document.paragraphs)) == (1000, 5000)
