"""Packages that other programs write, or that something went wrong with: annotated alike, or refused in words."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from lxml import etree

from auditkit.annotate import Mark, annotate
from auditkit.model.document import Source
from auditkit.model.words import Fault
from test_annotate import MARKS, SAID, comments_of, opened, parts, raw_parts, repacked, survives, table_three, values

SHEET, TYPES = "xl/worksheets/sheet1.xml", "[Content_Types].xml"
Parts = dict[str, bytes]
Change = Callable[[Parts], Parts]


def renamed(change: Callable[[str], str]) -> Change:
    return lambda p: {change(name): content for name, content in p.items()}


def replaced(part: str, *pairs: tuple[str, str]) -> Change:
    """Plain replacements in one part; each must be found."""

    def change(p: Parts) -> Parts:
        text = p[part].decode()
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return p | {part: text.encode()}

    return change


STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def strict(p: Parts) -> Parts:
    """ISO strict: other names for the same things, but VML has only its old one."""
    made = {}
    for name, content in p.items():
        text = content.decode("utf-8", "surrogateescape")
        for old, new in STRICT:
            text = text.replace(old, new)
        made[name] = text.replace(
            "purl.oclc.org/ooxml/officeDocument/relationships/vmlDrawing", STRICT[1][0][7:] + "/vmlDrawing"
        ).encode("utf-8", "surrogateescape")
    return made


def prefixed(p: Parts) -> Parts:
    """Every element with a prefix, as some libraries write them."""
    made = dict(p)
    for name in (SHEET, "xl/styles.xml", "xl/workbook.xml"):
        text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", p[name].decode())
        made[name] = text.replace("xmlns=", "xmlns:x=").encode()
    return made


def absolute(p: Parts) -> Parts:
    """Targets from the root of the package."""
    made = dict(p)
    for name in p:
        if name == "xl/_rels/workbook.xml.rels":
            made[name] = re.sub(rb'Target="(?=[a-z])', b'Target="/xl/', p[name])
        if name == "xl/worksheets/_rels/sheet1.xml.rels":
            made[name] = p[name].replace(b'Target="../', b'Target="/xl/')
    return made


def unstyled(p: Parts) -> Parts:
    made = {name: content for name, content in p.items() if name != "xl/styles.xml"}
    made["[Content_Types].xml"] = re.sub(rb"<Override[^>]*styles[^>]*>", b"", p["[Content_Types].xml"])
    made["xl/_rels/workbook.xml.rels"] = re.sub(
        rb"<Relationship [^>]*styles[^>]*>", b"", p["xl/_rels/workbook.xml.rels"]
    )
    return made | {SHEET: re.sub(rb' s="\d+"', b"", p[SHEET])}


def unaddressed(p: Parts) -> Parts:
    """Rows and cells without ``r``, which is legal; blank cells stand between."""
    rows = b"".join(
        b"<row>" + b"".join(b"<c><v>%d</v></c>" % (r * c) for c in range(6)) + b"</row>" for r in range(1, 13)
    )
    return p | {
        SHEET: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + rows + b"</sheetData>", p[SHEET], flags=re.DOTALL)
    }


def single_quoted(p: Parts) -> Parts:
    text = re.sub(r'="([^"\']*)"', r" = '\1'", p[SHEET].decode().replace("/>", " />"))
    return p | {SHEET: text.encode()}


def commented(p: Parts) -> Parts:
    """XML comments with bait in them, a processing instruction, CDATA in a text."""
    text = p[SHEET].decode()
    text = text.replace("<sheetData>", '<!-- <row r="3"><c r="B3"/> --><sheetData><?bait <c r="B3"?>')
    return p | {SHEET: text.replace("</worksheet>", "<!-- </worksheet> --></worksheet>").encode()}


def utf16(p: Parts) -> Parts:
    text = p["xl/comments1.xml"].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return p | {"xl/comments1.xml": text.encode("utf-16")}


def bare_styles(p: Parts) -> Parts:
    """Lists that are missing or too short to append to."""
    fill = '<fills count="1"><fill><patternFill/></fill></fills>'
    sheet = f'<styleSheet xmlns="{STRICT[0][0]}"><fonts/>{fill}<cellStyles/></styleSheet>'
    return p | {"xl/styles.xml": sheet.encode()}


def content_type(extension: str, type_: str) -> Change:
    line = f'<Default Extension="{extension}" ContentType="{type_}"/><Default'
    return lambda p: p | {TYPES: p[TYPES].replace(b"<Default", line.encode(), 1)}


PIVOT_SOURCE = (
    '<pivotCacheDefinition xmlns="{0}" xmlns:r="{1}" r:id="rId1" refreshOnLoad="1" recordCount="1"><cacheSource '
    'type="worksheet"><worksheetSource ref="A2:B3" sheet="表三"/></cacheSource><cacheFields count="2"><cacheField '
    'name="项"><sharedItems count="1"><s v="新收"/></sharedItems></cacheField><cacheField name="数"><sharedItems '
    'containsSemiMixedTypes="0" containsString="0" containsNumber="1" minValue="1" maxValue="1"/></cacheField>'
    "</cacheFields></pivotCacheDefinition>"
)
PIVOT_TABLE = (
    '<pivotTableDefinition xmlns="{0}" name="透视表1" cacheId="1" dataCaption="值"><location ref="J1:K3" '
    'firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow"><items '
    'count="2"><item x="0"/><item t="default"/></items></pivotField><pivotField dataField="1"/></pivotFields>'
    '<rowFields count="1"><field x="0"/></rowFields><dataFields count="1"><dataField name="数值" fld="1"/></dataFields>'
    "</pivotTableDefinition>"
)


def pivot(p: Parts) -> Parts:
    """A pivot table on the sheet, with its cache and records."""
    office, main = STRICT[1][0], STRICT[0][0]
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivot"
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    to = f'<Relationship Id="{{}}" Type="{office}/pivot{{}}" Target="{{}}"/>'
    cache, table = "xl/pivotCache/pivotCacheDefinition1.xml", "xl/pivotTables/pivotTable1.xml"
    new = {
        cache: PIVOT_SOURCE.format(main, office),
        "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{main}"><r><x v="0"/><n v="1"/></r>'
        "</pivotCacheRecords>",
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": rels.format(
            to.format("rId1", "CacheRecords", "pivotCacheRecords1.xml")
        ),
        table: PIVOT_TABLE.format(main),
        "xl/pivotTables/_rels/pivotTable1.xml.rels": rels.format(
            to.format("rId1", "CacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
        ),
        "xl/worksheets/_rels/sheet1.xml.rels": rels.format(
            to.format("rId9", "Table", "../pivotTables/pivotTable1.xml")
        ),
    }
    kinds = {cache: "CacheDefinition", "xl/pivotCache/pivotCacheRecords1.xml": "CacheRecords", table: "Table"}
    lines = "".join(f'<Override PartName="/{n}" ContentType="{kind}{k}+xml"/>' for n, k in kinds.items())
    made = p | {name: text.encode() for name, text in new.items()}
    made[TYPES] = p[TYPES].replace(b"</Types>", f"{lines}</Types>".encode())
    book = to.format("rId99", "CacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    name = "xl/_rels/workbook.xml.rels"
    made[name] = p[name].replace(b"</Relationships>", f"{book}</Relationships>".encode())
    caches = b'<pivotCaches><pivotCache cacheId="1" r:id="rId99"/></pivotCaches></workbook>'
    return made | {"xl/workbook.xml": p["xl/workbook.xml"].replace(b"</workbook>", caches)}


VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
WRAPPED = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent><tableParts count="0"/></worksheet>'
)
LAST_ROW = '<row r="41" ht="9" /></sheetData>'

ODD: dict[str, tuple[list[str], Change]] = {
    "upper case names": (["comments"], renamed(lambda n: n.replace("xl/worksheets/sheet1", "XL/Worksheets/Sheet1"))),
    "backslashes": (["chart"], renamed(lambda n: n.replace("/", "\\") if n.startswith("xl/") else n)),
    "absolute targets": (["comments", "chart"], absolute),
    "no styles": ([], unstyled),
    "bare styles": ([], bare_styles),
    "no addresses": ([], unaddressed),
    "single quotes": (["table", "protection"], single_quoted),
    "xml comments": (["table"], commented),
    "comments in utf-16": (["comments"], utf16),
    "empty row": ([], replaced(SHEET, ("</sheetData>", LAST_ROW))),
    "byte order mark": ([], lambda p: p | {SHEET: b"\xef\xbb\xbf" + p[SHEET]}),
    "folder entries": ([], lambda p: {"xl/": b"", **p}),
    "declared vml": ([], content_type("VML", VML)),
    "other vml": ([], content_type("vml", "text/xml")),
    "pivot": ([], pivot),
    "wrapped controls": (["text box"], replaced(SHEET, ("</worksheet>", WRAPPED))),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_package_survives(name: str) -> None:
    features, change = ODD[name]
    before = repacked(table_three(features), change)
    values(before)
    after = survives(before)
    said = comments_of(after, "表三") if name not in {"upper case names", "backslashes", "other vml"} else {}
    if said:
        assert SAID in said["B3"]
        assert {"F4", "D5", "C6", "E10", "Z6", "C41"} <= said.keys()


def test_a_reference_to_the_boxes_stands_before_wrapped_controls() -> None:
    features, change = ODD["wrapped controls"]
    after = survives(repacked(table_three(features), change))
    names = [etree.QName(e).localname for e in etree.fromstring(parts(after)[SHEET])]
    assert names[-4:] == ["drawing", "legacyDrawing", "AlternateContent", "tableParts"]


@pytest.mark.parametrize("features", [[], ["comments"]])
def test_a_strict_package_stays_strict(features: list[str]) -> None:
    before = repacked(table_three(features), strict)
    after = parts(survives(before))
    assert b"schemas.openxmlformats.org/spreadsheetml" not in b"".join(after.values())
    relations = {e.get("Type"): e.get("Target") for e in etree.fromstring(after["xl/worksheets/_rels/sheet1.xml.rels"])}
    assert {t.rpartition("/")[2]: t.startswith("http://purl") for t in relations} == {
        "comments": True,
        "vmlDrawing": False,
    }
    legacy = etree.fromstring(after[SHEET]).find("{*}legacyDrawing")
    assert [name for name in legacy.attrib if name.startswith("{http://purl.oclc.org/ooxml/officeDocument/")] != []


def test_a_package_with_prefixes_survives() -> None:
    before = repacked(table_three([]), prefixed)
    after = annotate(Source("", before), MARKS)
    assert values(before) == values(after)
    page = etree.fromstring(parts(after)[SHEET])
    assert {e.prefix for e in page.iter("{*}c", "{*}row", "{*}legacyDrawing")} == {"x"}
    assert {e.prefix for e in etree.fromstring(parts(after)["xl/styles.xml"]).iter("{*}*")} == {"x"}
    assert opened(after)["表三"]["B3"].font.b
    assert SAID in comments_of(after, "表三")["B3"]


# notes that were there before, in every shape


THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
KIND = "http://schemas.microsoft.com/office/2017/10/relationships/"


def threaded(p: Parts) -> Parts:
    """The note on B3 becomes a thread with one reply, as newer Excel writes it."""
    root = "{00000000-0000-0000-0000-000000000001}"
    line = (
        '<threadedComment ref="B3" dT="2024-01-0{}T03:04:05.00" personId="{{P}}" {}><text>{}</text></threadedComment>'
    )
    said = line.format(2, f'id="{root}"', "请核实") + line.format(3, f'id="{{2}}" parentId="{root}"', "已核实")
    thread = f'<ThreadedComments xmlns="{THREADS}">{said}</ThreadedComments>'
    types = '<Override PartName="/xl/{}" ContentType="application/vnd.ms-excel.{}+xml"/></Types>'
    made = replaced("xl/comments1.xml", ("<author>李</author>", f"<author>tc={root}</author>"))(p)
    for name, kind in (("threadedComments/threadedComment1.xml", "threadedcomments"), ("persons/person.xml", "person")):
        made = replaced("[Content_Types].xml", ("</Types>", types.format(name, kind)))(made)
    for owner, kind, target in (
        ("xl/worksheets/_rels/sheet1.xml.rels", "threadedComment", "../threadedComments/threadedComment1.xml"),
        ("xl/_rels/workbook.xml.rels", "person", "persons/person.xml"),
    ):
        line = f'<Relationship Id="rIdT" Type="{KIND}{kind}" Target="{target}"/></Relationships>'
        made = replaced(owner, ("</Relationships>", line))(made)
    persons = (
        f'<personList xmlns="{THREADS}"><person displayName="李" id="{{P}}" userId="l" providerId="None"/></personList>'
    )
    return made | {
        "xl/threadedComments/threadedComment1.xml": thread.encode(),
        "xl/persons/person.xml": persons.encode(),
    }


def test_a_thread_gets_a_reply_and_other_cells_get_notes() -> None:
    before = repacked(table_three(["comments"]), threaded)
    after = survives(before)
    thread = etree.fromstring(parts(after)["xl/threadedComments/threadedComment1.xml"])
    reply = thread[-1]
    assert (reply.get("ref"), reply.get("parentId"), reply.get("dT")) == (
        "B3", thread[0].get("id"), "2024-01-03T03:04:05.00",
    )  # fmt: skip
    assert reply[0].text == SAID
    persons = {e.get("id"): e.get("displayName") for e in etree.fromstring(parts(after)["xl/persons/person.xml"])}
    assert persons[reply.get("personId")] == "auditkit"
    assert len(thread) == 3
    assert comments_of(after, "表三")["B3"].endswith(f"\nReply:\n    {SAID}")
    assert comments_of(after, "表三")["F4"] == SAID
    assert (
        len(etree.fromstring(parts(annotate(Source("", after), MARKS))["xl/threadedComments/threadedComment1.xml"]))
        == 3
    )


def test_a_thread_without_a_list_of_persons_gets_one() -> None:
    def without(p: Parts) -> Parts:
        made = {name: c for name, c in threaded(p).items() if "person.xml" not in name}
        for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            made[name] = re.sub(rb"<(Override|Relationship) [^>]*person[^>]*/>", b"", made[name])
        return made

    after = parts(survives(repacked(table_three(["comments"]), without)))
    assert b'displayName="auditkit"' in after["xl/persons/person.xml"]


def test_notes_without_boxes_get_theirs_with_ours() -> None:
    """Some programs write comments but no drawing; then Excel shows none of them."""

    def without(p: Parts) -> Parts:
        made = {name: c for name, c in p.items() if not name.endswith(".vml")}
        made[SHEET] = re.sub(rb"<legacyDrawing [^>]*/>", b"", p[SHEET])
        rels = "xl/worksheets/_rels/sheet1.xml.rels"
        return made | {rels: re.sub(rb"<Relationship [^>]*vmlDrawing[^>]*/>", b"", p[rels])}

    after = survives(repacked(table_three(["comments"]), without))
    drawing = parts(after)["xl/drawings/vmlDrawing1.vml"]
    cells = {(int(r), int(c)) for r, c in re.findall(rb"<x:Row>(\d+)</x:Row><x:Column>(\d+)<", drawing)}
    assert (1, 7) in cells
    assert (2, 1) in cells
    assert len(cells) == 8


NOTES = """<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>李</author></authors>
<commentList><comment ref="B3" authorId="0"><text><t>一</t></text></comment>
<comment ref="H2" authorId="0"><text/></comment></commentList></comments>"""


def test_plain_and_empty_notes_are_added_to() -> None:
    before = repacked(table_three(["comments"]), lambda p: p | {"xl/comments1.xml": NOTES.encode()})
    after = annotate(Source("", before), [Mark("表三", 2, 1, "note", "甲"), Mark("表三", 1, 7, "note", "乙")])
    assert comments_of(after, "表三") == {"B3": "一\n\nauditkit:\n甲", "H2": "乙"}
    texts = etree.fromstring(parts(after)["xl/comments1.xml"]).iter("{*}text")
    assert [[etree.QName(e).localname for e in text] for text in texts] == [["r", "r"], ["r"]]


def test_boxes_of_different_sheets_have_different_numbers() -> None:
    marks = [*MARKS, Mark("表四", 0, 0, "wrong", "x")]
    after = parts(annotate(Source("", table_three([])), marks))
    one, two = (re.findall(rb"_x0000_s(\d+)", after[f"xl/drawings/vmlDrawing{n}.vml"]) for n in (1, 2))
    assert len({*one, *two}) == len(one) + len(two)
    assert {int(n) // 1024 for n in one} == {1}
    assert {int(n) // 1024 for n in two} == {2}


def test_thousands_of_notes_get_all_the_numbers_they_need() -> None:
    marks = [Mark("表四", n // 50, n % 50, "part", "x") for n in range(2_500)]
    drawing = parts(annotate(Source("", table_three([])), marks))["xl/drawings/vmlDrawing1.vml"]
    assert b'data="1,2,3"' in drawing
    assert len(set(re.findall(rb"_x0000_s(\d+)", drawing))) == 2_500


# archives


def streamed(data: bytes) -> bytes:
    """Written to a pipe: sizes stand behind the content, not before it."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.got = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, more: object) -> int:
            self.got += bytes(more)  # type: ignore[call-overload]
            return len(bytes(more))  # type: ignore[call-overload]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as package:  # type: ignore[arg-type]
        for name, content in parts(data).items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return bytes(pipe.got)


def wide(data: bytes) -> bytes:
    """With 64-bit sizes and offsets, as programs write that do not know them beforehand."""
    out, lines = bytearray(), []
    for name, content in parts(data).items():
        raw, offset = name.encode(), len(out)
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        sizes = struct.pack("<HHQQ", 1, 16, len(content), len(packed))
        full = 0xFFFFFFFF
        head = (45, 0x800, 8, 0, 0x21, zlib.crc32(content), full, full, len(raw))
        out += struct.pack("<4s5H3L2H", b"PK\x03\x04", *head, len(sizes)) + raw + sizes + packed
        extra = struct.pack("<HHQQQ", 1, 24, len(content), len(packed), offset)
        lines.append(struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 45, *head, len(extra), 0, 0, 0, 0, full) + raw + extra)
    start, directory = len(out), b"".join(lines)
    out += directory
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, len(lines), len(lines), len(directory), start)
    out += large + struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(directory), 1)
    return bytes(out) + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def noted(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.comment = "归档说明".encode()
    return out.getvalue()


ARCHIVES: dict[str, Callable[[bytes], bytes]] = {
    "streamed": streamed,
    "64-bit": wide,
    "with a comment": noted,
    "with bytes before": lambda data: b"PK, and more" + data,
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_archives_of_every_make_survive(kind: str) -> None:
    before = ARCHIVES[kind](table_three(["chart", "picture"]))
    with zipfile.ZipFile(io.BytesIO(before)) as package:
        comment = package.comment
    after = annotate(Source("", before), MARKS) if kind == "with bytes before" else survives(before)
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        assert package.comment == comment
        assert package.testzip() is None


def test_untouched_members_keep_their_extras_times_and_places() -> None:
    before = table_three(["chart", "picture", "macros"])
    after = annotate(Source("", before), MARKS)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        for was, now in zip(old.infolist(), new.infolist(), strict=False):
            assert was.filename == now.filename
            assert was.date_time == now.date_time
            assert was.external_attr == now.external_attr
    assert raw_parts(after)["xl/vbaProject.bin"] == raw_parts(before)["xl/vbaProject.bin"]


# refused in words


def ole() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def binary(p: Parts) -> Parts:
    usual = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return replaced(TYPES, (usual, "ms-excel.sheet.binary.macroEnabled.main"))(p)


@pytest.mark.parametrize(
    ("data", "zh"),
    [
        (ole(), ".xls"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), ".ods"),
        (repacked(table_three([]), binary), ".xlsb"),
        ("甲,1\n乙,2\n".encode(), ".csv"),
        (b"<html><table></table></html>", ".html"),
        (b"", ".csv"),
        (zipped(a="b"), "Excel或Word"),
    ],
    ids=["xls", "ods", "xlsb", "csv", "html", "empty", "zip"],
)
def test_a_kind_that_cannot_carry_comments_says_so_and_what_to_do(data: bytes, zh: str) -> None:
    with pytest.raises(Fault) as fault:
        annotate(Source("a", data), MARKS)
    assert fault.value.code == "cannot-annotate"
    assert zh in fault.value.message.zh
    assert "审核结果工作簿" in fault.value.to("zh")
    assert "returned workbook" in fault.value.to("en")


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p | {SHEET: ENTITY.encode() + p[SHEET].partition(b"?>")[2]},
        lambda p: p | {"xl/styles.xml": ENTITY.encode() + p["xl/styles.xml"].partition(b"?>")[2]},
        lambda p: p | {"xl/workbook.xml": ENTITY.encode() + p["xl/workbook.xml"].partition(b"?>")[2]},
        lambda p: p | {SHEET: p[SHEET][:-30]},
        lambda p: p | {SHEET: p[SHEET].replace(b'r="B3"', b'r="3B"')},
        lambda p: p | {SHEET: p[SHEET].replace(b'<row r="3"', b'<row r="x"')},
        lambda p: p | {SHEET: b"<chartsheet/>"},
        lambda p: p | {"xl/styles.xml": b"<styleSheet>" + b"<a>" * 300 + b"</a>" * 300 + b"</styleSheet>"},
        lambda p: {name: c for name, c in p.items() if name != "[Content_Types].xml"},
    ],
    ids=["entity in sheet", "in styles", "in workbook", "cut", "address", "row", "no sheet", "deep", "no types"],
)
def test_a_package_that_cannot_be_edited_safely_is_refused(change: Change) -> None:
    with pytest.raises(Fault) as fault:
        annotate(Source("a", repacked(table_three([]), change)), MARKS)
    assert fault.value.code == "damaged"
    assert fault.value.exit == 3


@pytest.mark.parametrize("cut", [50, 400, 5_000])
def test_half_a_file_is_refused(cut: int) -> None:
    with pytest.raises(Fault) as fault:
        annotate(Source("a", table_three([])[:-cut]), MARKS)
    assert fault.value.code == "damaged"


def test_a_flipped_bit_in_a_part_that_is_edited_is_noticed() -> None:
    data = bytearray(table_three([]))
    at = data.index(raw_parts(bytes(data))[SHEET]) + 60
    data[at] ^= 0x10
    with pytest.raises(Fault) as fault:
        annotate(Source("a", bytes(data)), MARKS)
    assert fault.value.code == "damaged"


def test_a_password_is_said() -> None:
    data = bytearray(table_three([]))
    for signature, field in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + field] |= 1
    with pytest.raises(Fault) as fault:
        annotate(Source("a", bytes(data)), MARKS)
    assert "密码" in fault.value.message.zh


def test_members_that_overlap_are_refused() -> None:
    data = table_three([])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        one, two = package.infolist()[:2]
    entry = data.rfind(two.filename.encode()) - 4
    broken = data[:entry] + struct.pack("<L", one.header_offset) + data[entry + 4 :]
    with pytest.raises(Fault) as fault:
        annotate(Source("a", broken), MARKS)
    assert fault.value.code == "damaged"
