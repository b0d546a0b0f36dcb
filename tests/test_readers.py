"""The door of all readers: files from disk, kinds by content, and one Fault for whatever goes wrong."""

import io
import os
import pickle
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import docx
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from auditkit.model.document import Document, Source
from auditkit.model.words import Fault
from auditkit.readers import READERS, load, read, reader, suffixes
from auditkit.readers.kinds import kind_of


def xlsx() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表三")
        sheet.merge_range(0, 0, 0, 2, "申请情况")
        for row in range(1, 8):
            sheet.write_row(row, 0, [f"（{row}）项目", row, row / 8], book.add_format({"num_format": "0.0%"}))
        sheet.write_formula(8, 1, "=SUM(B2:B8)", None, 28)
    return buffer.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("T3")
    for row in range(20):
        sheet.write(row, 0, f"line {row}")
        sheet.write(row, 1, row * 1.5)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods() -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="T3")
    for number in range(8):
        row = TableRow()
        cell = TableCell(valuetype="float", value=number)
        cell.addElement(P(text=str(number)))
        row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_heading("一、总体情况", 1)
    document.add_paragraph("新收12件。", style="List Number")
    document.add_table(2, 2).cell(0, 0).merge(document.tables[0].cell(1, 0)).text = "项目"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "a.xlsx": xlsx,
    "a.xls": xls,
    "a.ods": ods,
    "a.docx": word,
    "a.csv": lambda: '项目,自然人\r\n"新收",8\r\n办结,7\r\n'.encode("gb18030"),
    "a.txt": "标题\n项目\t甲\n新收\t1\n".encode,
    "a.html": lambda: "<html><h1>年报</h1><table><tr><td rowspan=2>a<td>1<tr><td>2</table>".encode("utf-16"),
}


def refused(name: str, data: bytes) -> Fault:
    with pytest.raises(Fault) as caught:
        read(Source(name, data))
    fault = caught.value
    assert fault.exit == 3
    assert all(fault.to(language) for language in ("zh", "en"))
    fault.to("zh").encode("gbk")
    return fault


@pytest.mark.parametrize("name", SAMPLES)
def test_the_content_decides_whatever_the_suffix_says(name: str) -> None:
    data = SAMPLES[name]()
    document = read(Source(name, data))
    assert document.grids
    if name not in {"a.csv", "a.txt", "a.html"}:
        for other in ("a", "a.dat", "a.xls", "a.csv"):
            assert read(Source(other, data)).kind == document.kind


@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_crosses_process_borders(name: str) -> None:
    document = read(Source(name, SAMPLES[name]()))
    again: Document = pickle.loads(pickle.dumps(document))
    assert (again.paragraphs, [grid.rows for grid in again.grids]) == (
        document.paragraphs,
        [grid.rows for grid in document.grids],
    )
    assert [grid.facts() for grid in again.grids] == [grid.facts() for grid in document.grids]


def package(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


def ole(*streams: str) -> bytes:
    """The least of an OLE file: a header, one sector of allocation, one of directory."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[24:34] = b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
    for at, value in ((44, 1), (48, 1), (56, 4096), (60, 0xFFFFFFFE), (68, 0xFFFFFFFE), (76, 0)):
        header[at : at + 4] = value.to_bytes(4, "little")
    header[80:512] = b"\xff" * 432
    table = b"\xfd\xff\xff\xff\xfe\xff\xff\xff".ljust(512, b"\xff")
    entries = b""
    for name in ("Root Entry", *streams):
        encoded = name.encode("utf-16-le") + b"\0\0"
        kind = 5 if name == "Root Entry" else 2
        entries += encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + bytes([kind, 1])
        entries += b"\xff" * 12 + b"\0" * 36 + b"\xfe\xff\xff\xff" + b"\0" * 8
    return bytes(header) + table + entries.ljust(512, b"\0")


REFUSED: list[tuple[str, bytes, str, str]] = [
    ("a.xlsx", b"", "empty", "空"),
    ("a.csv", b" \r\n\t\n", "empty", "空"),
    ("a.xlsx", b"\0" * 4096, "empty", "空"),
    ("a.xlsx", b"%PDF-1.7 ...", "unsupported", "PDF"),
    ("a.doc", b"{\\rtf1 x}", "unsupported", "RTF"),
    ("a.xlsx", b"\x89PNG\r\n\x1a\n", "unsupported", "图片"),
    ("a.xlsx", b"\xff\xd8\xff\xe0", "unsupported", "图片"),
    ("a.zip", package("a.xlsx", "b.xlsx"), "unsupported", "压缩包"),
    ("a.zip", b"PK\x05\x06" + b"\0" * 18, "unsupported", "压缩包"),
    ("a.rar", b"Rar!\x1a\x07", "unsupported", "RAR"),
    ("a.pptx", package("ppt/presentation.xml"), "unsupported", "PowerPoint"),
    ("a.ofd", package("OFD.xml"), "unsupported", "OFD"),
    ("a.doc", ole("WordDocument"), "unsupported", ".doc"),
    ("a.wps", ole("WordDocument"), "unsupported", ".docx"),
    ("a.xlsx", ole("EncryptedPackage", "EncryptionInfo"), "encrypted", "密码"),
    ("a.xls", ole("Nothing"), "unsupported", "OLE"),
    ("a.xls", b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook/>", "unsupported", "2003"),
    ("a.mht", b"MIME-Version: 1.0\r\n", "unsupported", "MHTML"),
    ("a.dat", b"\x01\x02\x00\x03" * 50, "unknown-type", "a.dat"),
    ("a.csv", b"a,\xff\xff\n", "encoding", "GB18030"),
    ("a.xlsx", b"PK\x03\x04 and no more", "damaged", "损坏"),
    ("a.xls", ole()[:600], "damaged", "损坏"),
]


@pytest.mark.parametrize(("name", "data", "code", "word"), REFUSED)
def test_what_cannot_be_read_is_refused_by_name_with_what_to_do(name: str, data: bytes, code: str, word: str) -> None:
    fault = refused(name, data)
    assert (fault.code, word in fault.to("zh")) == (code, True)
    assert fault.hint is not None


def test_a_library_that_breaks_is_a_fault_of_the_file_and_an_interrupt_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A panic of a Rust library derives from BaseException; so do an interrupt and an exit."""
    panic = type("PanicException", (BaseException,), {})
    for error, expected in [
        (panic("index out of range"), "damaged"),
        (ValueError("deep inside"), "damaged"),
        (RecursionError(), "damaged"),
        (MemoryError(), "too-large"),
    ]:
        monkeypatch.setattr("auditkit.readers.delimited.decode", _raising(error))
        assert refused("a.csv", b"a,b\n1,2\n").code == expected
    for error in (KeyboardInterrupt(), SystemExit()):
        monkeypatch.setattr("auditkit.readers.delimited.decode", _raising(error))
        with pytest.raises(type(error)):
            read(Source("a.csv", b"a,b\n1,2\n"))


def _raising(error: BaseException) -> Callable[[bytes], str]:
    def decode(_: bytes) -> str:
        raise error

    return decode


def test_a_file_is_read_once_and_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "青山镇.csv").write_bytes(b"a,b\n")
    assert load(tmp_path / "青山镇.csv") == Source("青山镇.csv", b"a,b\n")


def test_what_is_no_file_is_wrong_use(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe") if hasattr(os, "mkfifo") else None
    cases = {"nowhere.xlsx": "missing", ".": "directory", **({"pipe": "not-a-file"} if hasattr(os, "mkfifo") else {})}
    for name, code in cases.items():
        with pytest.raises(Fault) as caught:
            load(tmp_path / name)
        assert (caught.value.code, caught.value.exit) == (code, 2)
        assert str(tmp_path) in caught.value.to("en")


def test_a_file_that_may_not_be_opened_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.csv").write_bytes(b"a")
    monkeypatch.setattr(os, "open", closed)
    with pytest.raises(Fault) as caught:
        load(tmp_path / "a.csv")
    assert (caught.value.code, caught.value.exit) == ("unreadable", 2)


def test_every_reader_has_suffixes_and_read() -> None:
    for name in READERS:
        assert callable(reader(name).read)
        assert READERS[name]
    assert len(set(suffixes())) == len(suffixes())
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes())


@pytest.mark.parametrize("name", ["delimited", "plain", "web"])
def test_text_goes_to_the_reader_that_expects_its_suffix(name: str) -> None:
    for suffix in READERS[name]:
        assert kind_of(Source(f"青山镇{suffix}", "新收12件。".encode())) == name


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, cut off, doubled, or numbers blown up."""
    damaged = bytearray(data)
    kind = chance.randrange(4)
    if kind == 0:
        return bytes(damaged[: chance.randrange(len(damaged))])
    for _ in range(chance.choice((1, 1, 3, 20))):
        at = chance.randrange(len(damaged))
        if kind == 1:
            damaged[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            damaged[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"))
        else:
            piece = damaged[at : at + chance.randrange(64)]
            damaged[at:at] = piece
    return bytes(damaged)


def inflated(data: bytes, chance: random.Random) -> bytes:
    """A package with one part damaged under an intact zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, mutated(part, chance) if name == chosen and part else part)
    return buffer.getvalue()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(name: str) -> None:
    data = SAMPLES[name]()
    for seed in range(500 // len(SAMPLES)):
        chance = random.Random(seed)
        broken = inflated(data, chance) if data[:2] == b"PK" and seed % 2 else mutated(data, chance)
        with suppress(Fault):
            for grid in read(Source(name, broken)).grids:
                assert len({len(row) for row in grid.rows}) <= 1
                grid.facts()
