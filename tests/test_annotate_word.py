"""The office's own Word file with comments at the paragraph, the sentence or the cell, and nothing else changed."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from auditkit import readers
from auditkit.annotate import Mark, annotate
from auditkit.model.document import Source
from auditkit.model.words import Fault
from test_annotate import parts, picture, raw_parts, repacked, well_connected

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
INSERTED = re.compile(
    rb'<w:commentRangeStart[^>]*/>|<w:commentRangeEnd[^>]*/><w:r[^>]*><w:commentReference w:id="\d+"/></w:r>'
)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@functools.cache
def report(*features: Callable[[Any], object]) -> bytes:
    """A town's annual report: headings, prose in several runs, a table with merged cells, a picture."""
    document = docx.Document()
    document.add_heading("青山镇2021年政府信息公开工作年度报告", 0)
    document.add_paragraph("")
    prose = document.add_paragraph("本年新收政府信息公开申请")
    prose.add_run("12").bold = True
    prose.add_run("件，其中自然人8件，")
    prose.add_run("组织3件。办结11件。").italic = True
    document.add_heading("一、总体情况", 1)
    document.add_paragraph("主动公开情况良好。", style="List Bullet")
    table = document.add_table(3, 4)
    for row in range(3):
        for column in range(4):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    document.add_picture(io.BytesIO(picture()))
    document.add_paragraph("结转下年度继续办理1件。")
    document.sections[0].header.paragraphs[0].text = "页眉"
    for feature in features:
        feature(document)
    return saved(document)


def insert(xml: str) -> Callable[[Any], object]:
    """Adds a piece of WordprocessingML before the end of the body."""
    whole = xml.replace(">", f" {nsdecls('w')}>", 1)
    return lambda document: document.element.body.insert(-1, parse_xml(whole))


def bare(body: bytes) -> bytes:
    """A body without comments, and without the difference between two ways to write an empty paragraph."""
    return re.sub(rb"<w:p *></w:p>|<w:p */>", b"<w:p/>", INSERTED.sub(b"", body))


def survives(before: bytes, marks: Sequence[Mark]) -> bytes:
    """Annotates; the body is the old one with insertions, and all other members are the bytes they were."""
    after = annotate(Source("a.docx", before), marks)
    assert after == annotate(Source("a.docx", before), marks)
    old, new = raw_parts(before), raw_parts(after)
    assert list(new)[: len(old)] == list(old)
    touched = {name for name in old if old[name] != new[name]}
    assert touched <= {"[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", "word/comments.xml"}
    body = parts(before)["word/document.xml"], parts(after)["word/document.xml"]
    assert bare(body[1]) == bare(body[0])
    well_connected(parts(after))
    was, now = (readers.read(Source("a.docx", data)) for data in (before, after))
    assert was.paragraphs == now.paragraphs
    assert [grid.rows for grid in was.grids] == [grid.rows for grid in now.grids]
    return after


def commented(data: bytes) -> list[tuple[str, str, str]]:
    """Author, comment, and the words it stands at, in the order of the comments."""
    root = etree.fromstring(parts(data)["word/document.xml"])
    spans: dict[str, str] = {}
    running: list[str] = []
    for element in root.iter():
        if element.tag == f"{W}commentRangeStart":
            running.append(element.get(f"{W}id"))
            spans[running[-1]] = ""
        elif element.tag == f"{W}commentRangeEnd":
            running.remove(element.get(f"{W}id"))
        elif element.tag == f"{W}t":
            spans |= {id_: spans[id_] + element.text for id_ in running}
    assert running == []
    return [(c.author, c.text, spans[str(c.comment_id)]) for c in docx.Document(io.BytesIO(data)).comments]


def at(paragraph: int, quote: str = "", text: str = "说明") -> Mark:
    return Mark("", -1, -1, "wrong", text, paragraph, quote)


def test_a_comment_stands_at_the_sentence_whole_runs_at_a_time() -> None:
    after = survives(report(), [at(2, "组织3件。", "GK401 必须改\n8 + 3 ≠ 12"), at(2, "其中自然人 8 件"), at(2)])
    assert commented(after) == [
        ("auditkit", "GK401 必须改\n8 + 3 ≠ 12", "组织3件。办结11件。"),
        ("auditkit", "说明", "件，其中自然人8件，"),
        ("auditkit", "说明", "本年新收政府信息公开申请12件，其中自然人8件，组织3件。办结11件。"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [(0, 0, "00\n01"), (0, 1, "00\n01"), (0, 2, "02"), (1, 2, "12\n22"), (2, 2, "12\n22"), (2, 3, "23")],
)
def test_a_comment_stands_at_the_cell_that_shows(row: int, column: int, words: str) -> None:
    (said,) = commented(survives(report(), [Mark("表1", row, column, "part", "差1")]))
    assert said == ("auditkit", "差1", words.replace("\n", ""))


def test_every_paragraph_and_cell_that_readers_number_is_found() -> None:
    before = report()
    document = readers.read(Source("a.docx", before))
    marks = [at(p.number, p.text) for p in document.paragraphs]
    found = commented(survives(before, marks))
    assert [said for _, _, said in found] == [p.text for p in document.paragraphs]
    cells = [
        (Mark("表1", r, c, "part", "x"), value)
        for r, row in enumerate(document.grids[0].rows)
        for c, value in enumerate(row)
        if value
    ]
    found = commented(survives(before, [mark for mark, _ in cells]))
    assert [said for _, _, said in found] == [str(value).replace("\n", "") for _, value in cells]


INSIDE = {
    "content control": "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件内的话</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    "insertion": '<w:p><w:ins w:id="900" w:author="李"><w:r><w:t>修订插入的话</w:t></w:r></w:ins></w:p>',
    "deletion": (
        '<w:p><w:del w:id="901" w:author="李"><w:r><w:delText>删</w:delText></w:r></w:del>'
        "<w:r><w:t>留下的话</w:t></w:r></w:p>"
    ),
    "link": '<w:p><w:hyperlink w:anchor="x"><w:r><w:t>链接里的话</w:t></w:r></w:hyperlink></w:p>',
    "nested": (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>外</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>"
    ),
    "before": (
        '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
        "<w:p><w:r><w:t>右</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    ),
    "hidden": "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r><w:r><w:t>看得见</w:t></w:r></w:p>",
    "text box": (
        "<w:p><w:r><w:t>锚</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框中的话</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>"
    ),
}


@pytest.mark.parametrize(
    ("kind", "mark", "words"),
    [
        ("content control", at(0, "控件内的话"), "控件内的话"),
        ("insertion", at(0, "修订插入的话"), "修订插入的话"),
        ("deletion", at(0, "留下的话"), "留下的话"),
        ("link", at(0, "链接里"), "链接里的话"),
        ("nested", Mark("表2", 0, 0, "part", "说明"), "外内"),
        ("nested", Mark("表3", 0, 0, "part", "说明"), "内"),
        ("before", Mark("表2", 0, 3, "part", "说明"), "右"),
        ("hidden", at(0, "看得见"), "看得见"),
        ("text box", at(0, "框中的话"), "锚框中的话"),
    ],
)
def test_places_inside_other_things_are_found(kind: str, mark: Mark, words: str) -> None:
    (said,) = commented(survives(report(insert(INSIDE[kind])), [mark]))
    assert said[2] == words


def test_the_nearest_of_several_equal_sentences_is_meant() -> None:
    document = docx.Document()
    for _ in range(5):
        document.add_paragraph("同样的话。")
    after = survives(saved(document), [at(4, "同样的话")])
    paragraphs = etree.fromstring(parts(after)["word/document.xml"]).iter(f"{W}p")
    assert [p.find(f"{W}commentRangeStart") is not None for p in paragraphs] == [False, False, False, True, False]


def test_a_sentence_that_readers_changed_falls_back_to_its_paragraph() -> None:
    (said,) = commented(survives(report(), [at(2, "1. 本年新收（转写走样）")]))
    assert said[2].startswith("本年新收")


def test_comments_of_others_stay_and_ours_get_new_numbers() -> None:
    document = docx.Document(io.BytesIO(report()))
    document.add_comment(document.paragraphs[2].runs, text="本办批注", author="李", initials="L")
    before = saved(document)
    found = commented(survives(before, [at(2), Mark("表1", 0, 2, "part", "差1")]))
    assert [(author, text) for author, text, _ in found] == [
        ("李", "本办批注"),
        ("auditkit", "说明"),
        ("auditkit", "差1"),
    ]


def test_empty_cells_and_paragraphs_take_any_number_of_comments() -> None:
    document = docx.Document()
    document.add_table(1, 2)
    after = survives(saved(document), [Mark("表1", 0, 1, "wrong", word) for word in "甲乙丙"])
    assert commented(after) == [("auditkit", word, "") for word in "甲乙丙"]


def test_what_is_said_twice_of_one_place_is_said_once() -> None:
    marks = [at(2, "组织3件"), at(2, "组织3件"), at(2, "办结11件"), at(2, "组织3件", "另一句")]
    assert [text for _, text, _ in commented(survives(report(), marks))] == ["说明", "另一句"]


def test_self_closing_paragraphs_take_comments_too() -> None:
    def emptied(p: dict[str, bytes]) -> dict[str, bytes]:
        body = re.sub(rb"<w:tc>.*?</w:tc>", b"<w:tc><w:p /></w:tc>", p["word/document.xml"], flags=re.DOTALL)
        return p | {"word/document.xml": body}

    after = survives(repacked(report(), emptied), [Mark("表1", 0, 0, "wrong", word) for word in "甲乙"])
    assert commented(after) == [("auditkit", "甲", ""), ("auditkit", "乙", "")]


def test_a_document_with_another_prefix_keeps_it() -> None:
    def prefixed(p: dict[str, bytes]) -> dict[str, bytes]:
        text = re.sub(r"(</?| |xmlns:)w([:=])", r"\1ns0\2", p["word/document.xml"].decode())
        return p | {"word/document.xml": text.encode()}

    after = annotate(Source("", repacked(report(), prefixed)), [at(2, "组织3件")])
    assert commented(after) == [("auditkit", "说明", "组织3件。办结11件。")]


def test_a_macro_document_is_a_document() -> None:
    def change(p: dict[str, bytes]) -> dict[str, bytes]:
        usual = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        types = p["[Content_Types].xml"].replace(usual, b"vnd.ms-word.document.macroEnabled.main+xml")
        return p | {"[Content_Types].xml": types, "word/vbaProject.bin": b"x" * 99}

    before = repacked(report(), change)
    after = annotate(Source("", before), [at(2)])
    assert raw_parts(after)["word/vbaProject.bin"] == raw_parts(before)["word/vbaProject.bin"]


STRICT = (
    (b"schemas.openxmlformats.org/wordprocessingml/2006/main", b"purl.oclc.org/ooxml/wordprocessingml/main"),
    (b"schemas.openxmlformats.org/officeDocument/2006/relat", b"purl.oclc.org/ooxml/officeDocument/relat"),
)


def test_strict_documents_stay_strict() -> None:
    def strict(p: dict[str, bytes]) -> dict[str, bytes]:
        for old, new in STRICT:
            p = {name: content.replace(old, new) for name, content in p.items()}
        return p

    after = parts(annotate(Source("", repacked(report(), strict)), [at(2)]))
    assert b"schemas.openxmlformats.org/wordprocessingml" not in after["word/comments.xml"]
    assert b"http://purl.oclc.org/ooxml/officeDocument/relationships/comments" in after["word/_rels/document.xml.rels"]


@pytest.mark.parametrize("text", ["<w:t>&", "=1+1", "a\r\nb", "\x00", "  前后空格  ", "😀"])
def test_the_text_of_a_comment_is_text(text: str) -> None:
    ((_, said, _),) = commented(survives(report(), [at(2, text=text)]))
    assert said == text.replace("\r\n", "\n").replace("\x00", "�")


ASTRAY = (
    *(at(0), at(99), at(0, "没有的话")),
    *(
        Mark(sheet, row, column, "wrong", "x")
        for sheet, row, column in (("表2", 0, 0), ("表1", 9, 0), ("Sheet1", 0, 0), ("表1", 0, 7))
    ),
)


@pytest.mark.parametrize("mark", ASTRAY)
def test_a_mark_without_a_place_is_a_fault(mark: Mark) -> None:
    with pytest.raises(Fault) as fault:
        annotate(Source("", report()), [mark])
    assert fault.value.code == "no-such-place"


def test_an_old_word_file_cannot_carry_comments() -> None:
    with pytest.raises(Fault) as fault:
        annotate(Source("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), [at(1)])
    assert fault.value.code == "cannot-annotate"


words = st.text(st.sampled_from("本年新收件数、12。 "), min_size=1, max_size=9)


def minimal(paragraphs: Sequence[Sequence[str]]) -> bytes:
    """The smallest document there is: paragraphs of runs, and no comments part, relations or styles."""
    runs = ["".join(f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in texts) for texts in paragraphs]
    body = "".join(f"<w:p>{run}</w:p>" for run in runs)
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    kinds = (
        f'<Default Extension="rels" ContentType="x/y"/><Override PartName="/word/document.xml" ContentType="{main}"/>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", f"<Types>{kinds}</Types>")
        relation = f'<Relationship Id="a" Type="{office}/officeDocument" Target="word/document.xml"/>'
        package.writestr("_rels/.rels", f"<Relationships>{relation}</Relationships>")
        package.writestr("word/document.xml", f'<w:document xmlns:w="{W[1:-1]}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=5), st.data())
def test_a_comment_covers_the_words_it_is_about(runs: list[list[str]], data: st.DataObject) -> None:
    before = minimal(runs)
    said = readers.read(Source("a.docx", before)).paragraphs
    if not said:
        return
    chosen = data.draw(st.sampled_from(said))
    start = data.draw(st.integers(0, len(chosen.text) - 1))
    quote = chosen.text[start : data.draw(st.integers(start + 1, len(chosen.text)))]
    after = survives(before, [at(chosen.number, quote)])
    body = parts(after)["word/document.xml"].partition(b"<w:commentRangeStart")[2].partition(b"<w:commentRangeEnd")[0]
    covered = "".join(re.findall("<w:t [^>]*>([^<]*)", body.decode()))
    assert "".join(quote.split()) in "".join(covered.split())


def test_the_package_opens_where_it_did() -> None:
    after = survives(report(), [at(2)])
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        assert package.namelist()[0] == "[Content_Types].xml"
    assert [s.header.paragraphs[0].text for s in docx.Document(io.BytesIO(after)).sections] == ["页眉"]
