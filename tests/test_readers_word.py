"""Word documents: reading order, true grids, counted numbers, text boxes and pictures."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from auditkit.model.document import Document, Source
from auditkit.model.words import Fault
from auditkit.readers import read

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT = "<w:txbxContent><w:p><w:r><w:t>联系电话：1234</w:t></w:r></w:p></w:txbxContent>"
BOX = (
    f'<w:r xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:s="urn:shape" xmlns:v="urn:schemas-microsoft-com:vml">'
    f'<mc:AlternateContent><mc:Choice Requires="s"><w:drawing><s:txbx>{CONTENT}</s:txbx></w:drawing></mc:Choice>'
    f"<mc:Fallback><w:pict><v:textbox>{CONTENT}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
"""A text box as Word writes it: once for itself, once for older programs."""


def saved(fill: Callable[[WordDocument], None]) -> bytes:
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word(fill: Callable[[WordDocument], None]) -> Document:
    return read(Source("a.docx", saved(fill)))


def raw(*elements: str) -> Callable[[WordDocument], None]:
    """A body of elements written by hand."""

    def fill(document: WordDocument) -> None:
        for element in elements:
            document.element.body.insert(-1, parse_xml(element.replace(">", f" {nsdecls('w')}>", 1)))

    return fill


def png() -> io.BytesIO:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">2L5B", 1, 1, 8, 0, 0, 0, 0))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


def test_paragraphs_and_tables_in_reading_order() -> None:
    def fill(document: WordDocument) -> None:
        document.add_heading("某镇2021年年度报告", 0)
        document.add_heading("一、总体情况", 1)
        document.add_paragraph("　　全年新收12件。")
        document.add_table(1, 2).cell(0, 0).text = "新收"
        document.add_paragraph("")
        document.add_paragraph("表一", style="Caption")
        document.add_table(1, 1).cell(0, 0).text = "办结"

    document = word(fill)
    assert [(p.number, p.style, p.text) for p in document.paragraphs] == [
        (1, "title", "某镇2021年年度报告"),
        (2, "heading", "一、总体情况"),
        (3, "body", "全年新收12件。"),
        (4, "caption", "表一"),
    ]
    assert [(g.name, g.after, g.rows) for g in document.grids] == [
        ("表1", 3, [["新收", ""]]),
        ("表2", 4, [["办结"]]),
    ]


def test_merged_cells_are_one_cell_that_covers_an_area() -> None:
    def fill(document: WordDocument) -> None:
        table = document.add_table(3, 4)
        table.cell(0, 0).merge(table.cell(1, 0)).text = "项目"
        table.cell(0, 1).merge(table.cell(0, 3)).text = "申请人"
        for column, label in enumerate(["自然人", "组织", "总计"], 1):
            table.cell(1, column).text = label
        for column in range(4):
            table.cell(2, column).text = str(column)

    (grid,) = word(fill).grids
    assert grid.rows == [["项目", "申请人", "", ""], ["", "自然人", "组织", "总计"], ["0", "1", "2", "3"]]
    assert grid.merges == ((0, 0, 1, 0), (0, 1, 0, 3))


def test_lines_of_a_cell_and_a_table_inside_it() -> None:
    def fill(document: WordDocument) -> None:
        cell = document.add_table(1, 2).cell(0, 0)
        cell.text = "商业"
        cell.add_paragraph("企业")
        cell.add_table(1, 1).cell(0, 0).text = "内"

    outer, inner = word(fill).grids
    assert (outer.rows, inner.rows) == ([["商业\n企业", ""]], [["内"]])


def test_rows_that_begin_further_right_keep_their_columns() -> None:
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    table = (
        "<w:tbl>" + row.format("", "甲") + row.format('<w:trPr><w:gridBefore w:val="2"/></w:trPr>', "乙") + "</w:tbl>"
    )
    (grid,) = word(raw(table)).grids
    assert grid.rows == [["甲", "", ""], ["", "", "乙"]]


def test_numbers_that_word_counts_are_read_as_shown() -> None:
    def fill(document: WordDocument) -> None:
        numbering = document.part.numbering_part.element
        level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
        levels = level.format(0, "chineseCountingThousand", "%1、") + level.format(1, "decimal", "%2.")
        numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        for depth, words in [(0, "总体情况"), (1, "主动公开"), (1, "依申请公开"), (0, "存在问题"), (1, "不足")]:
            listed = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'
            document.add_paragraph(words).paragraph_format._element.get_or_add_pPr().append(parse_xml(listed))

    assert [p.text for p in word(fill).paragraphs] == [
        "一、总体情况",
        "1.主动公开",
        "2.依申请公开",
        "二、存在问题",
        "1.不足",
    ]


def test_bullets_are_not_text() -> None:
    def fill(document: WordDocument) -> None:
        document.add_paragraph("甲", style="List Bullet")
        document.add_paragraph("乙", style="List Number")
        document.add_paragraph("丙", style="List Number")

    assert [(p.style, p.text) for p in word(fill).paragraphs] == [("list", "甲"), ("list", "1.乙"), ("list", "2.丙")]


def test_deleted_and_hidden_text_is_gone_and_inserted_text_is_there() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    paragraph = (
        "<w:p>" + run.format("新收") + f'<w:ins w:id="1" w:author="a">{run.format("9")}</w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>8</w:delText></w:r></w:del>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>" + run.format("件") + "</w:p>"
    )
    assert [p.text for p in word(raw(paragraph)).paragraphs] == ["新收9件"]


def test_content_controls_are_looked_into() -> None:
    inner = "<w:sdt><w:sdtContent><w:p><w:r><w:t>一、总体情况</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    assert [p.text for p in word(raw(inner)).paragraphs] == ["一、总体情况"]


def test_text_boxes_are_read_once() -> None:
    def fill(document: WordDocument) -> None:
        document.add_paragraph("正文")._p.append(parse_xml(BOX))

    assert [(p.style, p.text) for p in word(fill).paragraphs] == [("body", "正文"), ("textbox", "联系电话：1234")]


def test_pictures_are_counted_also_in_cells() -> None:
    def fill(document: WordDocument) -> None:
        document.add_picture(png())
        document.add_table(1, 1).cell(0, 0).paragraphs[0].add_run().add_picture(png())

    assert word(fill).pictures == 2


def test_a_document_of_another_content_type_or_in_strict_spelling_is_read_alike() -> None:
    plain = saved(lambda document: document.add_paragraph("新收12件。"))
    usual, strict = (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    for old, new in [("document.main+xml", "document.macroEnabled.main+xml"), (usual, strict)]:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(buffer, "w") as target:
            for name in source.namelist():
                part = source.read(name)
                target.writestr(name, part.replace(old.encode(), new.encode()) if name.endswith(".xml") else part)
        assert [p.text for p in read(Source("a.docm", buffer.getvalue())).paragraphs] == ["新收12件。"]


def test_a_span_without_end_is_refused() -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="9999999"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>'
    with pytest.raises(Fault) as caught:
        word(raw("<w:tbl>" + f"<w:tr>{cell * 10}</w:tr>" * 1000 + "</w:tbl>"))
    assert caught.value.code == "too-large"


def test_entities_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(Fault) as caught:
        read(Source("a.docx", buffer.getvalue()))
    assert caught.value.code == "damaged"


def test_a_long_document_takes_time_in_proportion() -> None:
    """Two hundred pages: 4,000 paragraphs and a table of 500 rows."""

    def fill(document: WordDocument) -> None:
        body = document.element.body
        paragraph = f"<w:p {nsdecls('w')}><w:r><w:t>{'全年新收申请十二件。' * 8}</w:t></w:r></w:p>"
        for _ in range(4000):
            body.insert(0, parse_xml(paragraph))
        row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc>" * 8 + "</w:tr>"
        body.insert(0, parse_xml(f"<w:tbl {nsdecls('w')}>{row * 500}</w:tbl>"))

    document = word(fill)
    assert (len(document.paragraphs), len(document.grids[0].rows)) == (4000, 500)
