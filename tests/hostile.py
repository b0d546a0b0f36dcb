"""Hostile files, generated: what lies in an inbox of ten thousand files, and what somebody may put there on purpose.

    python tests/hostile.py FOLDER

writes the corpus into a folder. Every case says what must become of it: ``pass`` for clean files, ``skip REASON``,
or the code of the one fault that names its trouble.
"""

from __future__ import annotations

import io
import os
import random
import re
import signal
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

from auditkit.batch import Past, Setup, enlist, gather, named, record
from auditkit.deliver import deliver
from auditkit.model.document import Source
from auditkit.model.finding import Result
from auditkit.reports import text_report
from auditkit.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
from speed import write as write_form

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


@dataclass(frozen=True)
class Case:
    """A file of the corpus and what must become of it."""

    name: str
    data: bytes
    becomes: str


def corpus() -> Iterator[Case]:
    """All cases, in a fixed order; about a megabyte, but for the bombs that unpack to more."""
    good = _good()
    for make in (_clean, _bombs, _broken_packages, _sheets, _other_kinds, _texts, _archives, _junk, _names):
        yield from make(good)


def write(folder: Path) -> dict[str, str]:
    """Write the corpus; name → what must become of it. Files of an archive are named ``archive!file``."""
    expected: dict[str, str] = {}
    for case in corpus():
        path = folder / case.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.data)
        if not case.becomes.startswith("{"):
            expected[case.name] = case.becomes
        else:
            expected |= {f"{case.name}!{k}": v for k, v in re.findall(r"\{(.+?): (.+?)\}", case.becomes)}
    return expected | _special(folder)


def _good() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "甲镇_2024.xlsx"
        write_form(path, "甲镇", random.Random(1))
        return path.read_bytes()


def _special(folder: Path) -> dict[str, str]:
    """What is no regular file: loops of links and, where the system has them, pipes."""
    with (folder / "一行.csv").open("wb") as stream:
        stream.truncate(1 << 30)  # a gigabyte without a line end, which takes no room on the disk
    expected = {"一行.csv": "too-large"}
    if os.name == "posix" and os.geteuid():
        (folder / "不许读.xlsx").write_bytes(b"x")
        (folder / "不许读.xlsx").chmod(0)
        expected["不许读.xlsx"] = "unreadable"
    try:
        (folder / "圈").symlink_to(folder, target_is_directory=True)
        (folder / "自己.xlsx").symlink_to(folder / "自己.xlsx")
        expected |= {"圈": "skip link", "自己.xlsx": "skip link"}
        os.mkfifo(folder / "管道.xlsx")
        expected["管道.xlsx"] = "skip special"
    except (OSError, AttributeError):
        pass
    return expected


def rewritten(good: bytes, change: Callable[[dict[str, bytes]], None], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def part(name: str, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def changed(good: bytes) -> bytes:
        return rewritten(good, lambda parts: parts.update({name: change(parts[name])}))

    return changed


def _cut_in(text: bytes, before: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(before, text + before, 1)


def _clean(good: bytes) -> Iterator[Case]:
    for n in range(12):
        yield Case(f"第{n}镇_2024.xlsx", good, "pass")
    yield Case("下级/第12镇_2024.xlsx", good, "pass")
    yield Case("改名的.dat.xls", good, "pass")
    yield Case("没有扩展名", good, "pass")
    yield Case("无压缩.xlsx", rewritten(good, lambda parts: None, method=zipfile.ZIP_STORED), "pass")


_DOCTYPE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def _bombs(good: bytes) -> Iterator[Case]:
    def entities(data: bytes) -> bytes:
        return _DOCTYPE + re.sub(rb"<(t|v)>", rb"<\1>&j;", data[data.index(b"?>") + 2 :], count=1)

    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    end = b"</sheetData>"
    yield Case("炸弹_实体.xlsx", part(SHEET, entities)(good), "pass")
    yield Case("炸弹_共享串实体.xlsx", part(STRINGS, entities)(good), "damaged")
    yield Case("炸弹_零.xlsx", part(SHEET, _cut_in(b" " * (64 << 20), end))(good), "too-large")
    yield Case("炸弹_样式.xlsx", part("xl/styles.xml", lambda d: d + b" " * (64 << 20))(good), "too-large")
    strings = b"<si><t>" + b"x" * (48 << 20) + b"</t></si></sst>"
    yield Case("炸弹_共享串.xlsx", part(STRINGS, lambda d: d.replace(b"</sst>", strings))(good), "too-large")
    yield Case("炸弹_远角.xlsx", part(SHEET, lambda d: d.replace(end, far))(good), "too-large")
    dimension = b'<dimension ref="A1:XFD1048576"/>'
    yield Case(
        "谎称_范围.xlsx", part(SHEET, lambda d: re.sub(rb"<dimension[^>]*>", dimension, d, count=1))(good), "pass"
    )
    merges = b"<mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 60_000 + b"</mergeCells>"
    yield Case("炸弹_合并.xlsx", part(SHEET, lambda d: d.replace(end, end + merges))(good), "too-large")
    cells = b"".join(b'<row r="%d">%s</row>' % (r, b"<c><v>1</v></c>" * 2000) for r in range(100, 1700))
    yield Case("炸弹_单元格.xlsx", part(SHEET, lambda d: d.replace(end, cells + end))(good), "too-large")
    lying = part(STRINGS, lambda d: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4294967295"', d))
    yield Case("谎称_串数.xlsx", lying(good), "too-large")
    names = rewritten(good, lambda parts: parts.update({f"x/{n}": b"" for n in range(6000)}))
    yield Case("炸弹_部分数.xlsx", names, "too-large")
    yield Case("重叠.xlsx", _overlapping(), "damaged")
    attributes = b"".join(b' a%d="1"' % n for n in range(100_000))
    yield Case(
        "炸弹_属性.xlsx", part(SHEET, lambda d: d.replace(b"<sheetData", b"<sheetData" + attributes))(good), "pass"
    )


def _overlapping() -> bytes:
    """Many names for the one packed member, as in the non-recursive bombs."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(b"0" * 1_000_000) + body.flush()
    crc = zlib.crc32(b"0" * 1_000_000)
    head = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(packed), 1_000_000, 1, 0) + b"a" + packed
    central = b""
    for name in (b"xl/workbook.xml", *(b"xl/%d" % n for n in range(500))):
        entry = (b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(packed), 1_000_000, len(name), 0, 0, 0, 0, 0, 0)
        central += struct.pack("<4s6H3L5H2L", *entry) + name
    return head + central + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 501, 501, len(central), len(head), 0)


def _broken_packages(good: bytes) -> Iterator[Case]:
    for share in (1, 10, 50, 90, 99):
        yield Case(f"截断_{share}.xlsx", good[: len(good) * share // 100], "damaged")
    chance = random.Random(6)
    for n in range(12):
        data = bytearray(good)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield Case(f"翻位_{n}.xlsx", bytes(data), "pass damaged")
    yield Case("空文件.xlsx", b"", "empty")
    yield Case("全零.xlsx", bytes(5000), "empty")
    yield Case("只有目录.zip.xlsx", b"PK\x05\x06" + bytes(18), "unsupported")
    yield Case("垃圾.xlsx", random.Random(1).randbytes(5000), "unknown-type")
    for name, gone, cut in (
        ("[Content_Types].xml", "pass", "pass"),
        ("xl/workbook.xml", "no-sheets", "damaged"),
        (SHEET, "damaged", "damaged"),
        (STRINGS, "damaged", "damaged"),
        ("xl/_rels/workbook.xml.rels", "damaged", "damaged"),
    ):
        without = rewritten(good, lambda parts, name=name: parts.pop(name, None))
        yield Case(f"缺少_{Path(name).name}.xlsx", without, gone)
        holed = rewritten(good, lambda parts, name=name: parts.update({name: b"<x" if name in parts else b""}))
        yield Case(f"打断_{Path(name).name}.xlsx", holed, cut)
    data = bytearray(good)
    for at in (m.start() for m in re.finditer(b"PK\x01\x02", good)):
        data[at + 8] |= 1
    yield Case("加密的部分.xlsx", bytes(data), "encrypted")
    yield Case("穿越.xlsx", rewritten(good, lambda parts: parts.update({"../../x.xml": b"<x/>"})), "pass")


def _book(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        fill(book)
    return buffer.getvalue()


def _sheets(good: bytes) -> Iterator[Case]:
    def many(book: xlsxwriter.Workbook) -> None:
        for n in range(600):
            book.add_worksheet(f"s{n}")

    def formulas(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=B1")
        sheet.write_formula("B1", "=A1")
        sheet.write_formula("C1", "='file:///etc/[passwd]x'!A1")
        sheet.write_formula("D1", "=cmd|'/c calc'!A0")
        sheet.write_formula("E1", '=WEBSERVICE("http://127.0.0.1:9/x")')

    def chart(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_column("A1", [1, 2, 3])
        drawn = book.add_chart({"type": "bar"})
        drawn.add_series({"values": "=Sheet1!$A$1:$A$3"})
        book.add_chartsheet().set_chart(drawn)

    def workbook_part(change: Callable[[bytes], bytes]) -> bytes:
        return part("xl/workbook.xml", change)(good)

    yield Case("很多工作表.xlsx", _book(many), "unknown-form")
    yield Case("循环引用和外部链接.xlsx", _book(formulas), "unknown-form")
    yield Case("图表页.xlsx", _book(chart), "unknown-form")
    yield Case("空表.xlsx", _book(lambda book: book.add_worksheet()), "unknown-form")
    yield Case(
        "很深隐藏.xlsx",
        workbook_part(lambda d: d.replace(b"<sheet ", b'<sheet state="veryHidden" ', 1)),
        "pass",
    )
    yield Case(
        "没有工作表.xlsx", workbook_part(lambda d: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", d)), "no-sheets"
    )
    double = rb"\1\1"
    yield Case("重名.xlsx", workbook_part(lambda d: re.sub(rb"(<sheet [^>]*/>)", double, d, count=1)), "several-places")
    yield Case(
        "日期从1904年起.xlsx",
        workbook_part(lambda d: d.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)),
        "explain",
    )
    for value in NUMBERS:
        put = part(SHEET, lambda d, value=value: _natural(d, value))
        yield Case(f"数_{value.decode()[:9] or '空'}.xlsx", put(good), "return")
    for where, becomes in ADDRESSES.items():
        put = part(SHEET, lambda d, where=where: d.replace(b'r="A1"', b'r="' + where + b'"', 1))
        yield Case(f"地址_{where.decode() or '空'}.xlsx", put(good), becomes)


NUMBERS = (b"1e400", b"NaN", b"-1e308", b"Infinity", b"0x1F", b"9" * 400, b"", b"1e-400", b"--1")
ADDRESSES = {
    b"AAAA1": "damaged", b"A0": "damaged", b"A99999999999": "damaged", b"1A": "damaged", b"": "damaged",
    b"XFE1": "pass", b"$A$1": "damaged",
}  # fmt: skip


def _natural(data: bytes, value: bytes) -> bytes:
    """Requests received from natural persons, as it would never be written."""
    return re.sub(rb'(<c r="C21"[^>]*><v>)\d+', rb"\g<1>" + value, data, count=1)


def _other_kinds(good: bytes) -> Iterator[Case]:
    book = xlwt.Workbook()
    book.add_sheet("x").write(0, 0, "y")
    buffer = io.BytesIO()
    book.save(buffer)
    xls = buffer.getvalue()
    yield Case("旧格式.xls", xls, "unknown-form")
    for n in range(6):
        data = bytearray(xls)
        at = random.Random(n).randrange(512, len(data) - 4)
        data[at : at + 4] = b"\xff\xff\xff\x7f"
        yield Case(f"旧格式_坏_{n}.xls", bytes(data), "unknown-form" if n in {0, 5} else "damaged")
    yield Case("旧格式_截断.xls", xls[: len(xls) // 2], "damaged")
    yield Case("旧格式_加密.xlsx", _enciphered(xls), "encrypted")
    yield Case("旧格式_只有头.xls", xls[:512], "damaged")
    yield Case("BIFF2.xls", b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(50), "unsupported")
    yield Case("BIFF5.xls", b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(50), "unknown-type")
    yield Case("网页.xls", "<html><table><tr><td>一</td></tr></table></html>".encode(), "unknown-form")
    yield Case("文本.xls", "单位\t数\n甲\t1\n".encode("gb18030"), "unknown-form")
    yield Case("富文本.xls", rb"{\rtf1 x}", "unsupported")
    yield Case("扫描件.pdf", b"%PDF-1.7 x", "unsupported")
    yield Case("照片.jpg", b"\xff\xd8\xff\xe0" + bytes(99), "unsupported")
    yield Case("压缩.rar", b"Rar!\x1a\x07\x00" + bytes(99), "unsupported")
    yield Case("宏.exe.xlsx", b"MZ" + bytes(999), "unsupported")
    yield Case(
        "XML2003.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "unsupported"
    )
    yield Case("夹带.docx", rewritten(good, lambda parts: parts.update({"word/document.xml": b"<x/>"})), "pass")


def _enciphered(xls: bytes) -> bytes:
    """A compound file with the stream that office programs put a package with a password into."""
    old, new = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = xls.index(old + bytes(2))
    return xls[:at] + new.ljust(64, b"\0") + struct.pack("<H", len(new) + 2) + xls[at + 66 :]


def _texts(good: bytes) -> Iterator[Case]:
    del good
    yield Case("空字节.csv", b"a,b\n1,\x00\x00\n" * 50, "damaged")
    yield Case("长行.csv", b"1," * (2 << 20), "too-large")
    yield Case("长格.csv", b'"' + b"x" * (3 << 20) + b'",1\n', "too-large")
    yield Case("参差.csv", b"a,b,c\n1\n1,2,3,4,5,6\n\n,,\n" * 20, "unknown-form")
    yield Case("引号不闭.csv", b'a,b\n"1,2\n3,4\n' * 5, "damaged")
    yield Case("混合编码.csv", "单位,数\n".encode("gb18030") + "单位,数\n".encode() * 3 + b"\xff\xfe,1\n", "encoding")
    yield Case("公式.csv", b"=cmd|'/c calc'!A0,1\n+1,2\n@x,3\n", "unknown-form")
    yield Case("深嵌套.html", b"<div>" * 20_000 + b"x" + b"</div>" * 20_000, "damaged")
    yield Case("大跨.html", b"<html><table><tr><td rowspan=65000 colspan=1000>x</td></tr></table>", "unknown-form")
    yield Case(
        "外部实体.html",
        b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><p>&x;</p></html>',
        "unknown-form",
    )
    yield Case("只有回车.txt", b"\r" * 1000, "empty")


def _archives(good: bytes) -> Iterator[Case]:
    def packed(*members: tuple[str, bytes], flags: int = 0) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in members:
                package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    yield Case("好的.zip", packed(("第20镇_2024.xlsx", good), ("a/第21镇_2024.xlsx", good), ("~$x.xlsx", b"x")),
               "{第20镇_2024.xlsx: pass}{a/第21镇_2024.xlsx: pass}{~$x.xlsx: skip lock}")  # fmt: skip
    yield Case("穿越.zip", packed(("../../第22镇_2024.xlsx", good), ("/第23镇.xlsx", good), ("第24镇_2024.xlsx", good)),
               "{../../第22镇_2024.xlsx: traversal}{第23镇.xlsx: traversal}{第24镇_2024.xlsx: pass}")  # fmt: skip
    yield Case("套娃.zip", packed(("里面.zip", packed(("x.xlsx", good)))), "{里面.zip: nested}")
    yield Case("炸弹.zip", packed(("零.xlsx", bytes(32 << 20))), "{零.xlsx: too-large}")
    yield Case("截断.zip", packed(("x.xlsx", good))[:-30], "damaged")
    yield Case("不是压缩包.zip", b"x" * 100, "unknown-type")
    yield Case("没有名.zip", packed(("", good)), "{?: pass}")
    yield Case("来信.eml", b"From: a@example.org\r\nSubject: x\r\n\r\nx\r\n", "unsupported")
    yield Case("空的.zip", packed(), "skip empty")
    yield Case("其实是表.zip", good, "pass")
    gbk = packed(("aaaaaaa_2024.xlsx", good)).replace(b"aaaaaaa", "第2镇".encode("gb18030").ljust(7, b"_"))
    yield Case("国标名.zip", gbk, "{第2镇___2024.xlsx: pass}")
    secret = bytearray(packed(("密.xlsx", good)))
    secret[secret.index(b"PK\x01\x02") + 8] |= 1
    yield Case("加密.zip", bytes(secret), "{密.xlsx: encrypted}")
    spoilt = bytearray(packed(("坏.xlsx", good)))
    spoilt[2000] ^= 0xFF
    yield Case("坏了一个.zip", bytes(spoilt), "{坏.xlsx: damaged}")


def _junk(good: bytes) -> Iterator[Case]:
    yield Case("~$第1镇_2024.xlsx", b"\x05user" + bytes(160), "skip lock")
    yield Case(".~lock.第1镇_2024.xlsx#", b"x", "skip lock")
    yield Case(".隐藏.xlsx", good, "skip hidden")
    yield Case(".git/config.xlsx", good, "skip hidden")
    yield Case("Thumbs.db", b"x", "skip system")
    yield Case("desktop.ini", b"x", "skip system")
    yield Case(".DS_Store", b"x", "skip hidden")
    yield Case("__MACOSX/x.xlsx", good, "skip system")
    yield Case("录像.mp4", b"x", "skip suffix")

    def result(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet()
        book.set_custom_property("auditkit.run", "R1")

    yield Case("改了名的结果.xlsx", _book(result), "ours")
    yield Case("第3镇_2024_审核结果.xlsx", good, "pass")


def _names(good: bytes) -> Iterator[Case]:
    yield Case("长" * 80 + "_2024.xlsx", good, "pass")
    yield Case("n" * 250 + ".xlsx", good, "pass")
    if os.name == "posix":
        yield Case(os.fsdecode("第30镇_2024.xlsx".encode("gb18030")), good, "pass")
        yield Case("换\n行.xlsx", good, "pass")
        yield Case("=cmd|'x'!A1.xlsx", good, "pass")
        yield Case("控制\x1b[31m.xlsx", good, "pass")


def outcome(result: Result) -> str:
    """The code of its fault, or its verdict."""
    if result.faults:
        return result.faults[0].code
    return "unknown-form" if not result.rulebook else result.verdict


def peril(source: Source) -> None:
    """What a hostile file may do to the library that reads it, by the name of the file."""
    word = source.name.partition("_")[0]
    if word == "卡死":
        while True:
            pass
    if word == "崩溃":
        os.abort()
    if word == "被杀":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "内存":
        bytearray(1 << 40)
    if word == "出错":
        raise RuntimeError("没想到")


def run_all(folder: str, base: str, out: str, jobs: int) -> None:
    """A batch as the command line runs it: a store, and one file of findings written at the end."""
    with Store(base) as store:
        number = store.begin("R1", "2024-01-01", "test")
        recorded(store, number, [folder], Setup(rules="cn-disclosure-2021", past=Past(base, 0)), jobs=jobs)
        results = [named(result, entry.name) for entry, result in store.results(number)]
    deliver(Path(out), "\n".join(text_report("jsonl").render(results, "zh")).encode())


def recorded(store: Store, run: int, paths: Iterable[str | Path], setup: Setup, **options: Any) -> list[Result]:
    """List what lies there for a run and have it checked; the results in order."""
    enlist(store, run, setup, gather(paths))
    for _ in record(store, run, setup, **options):
        pass
    return [replace(result, rules=setup.notes.get(result.rulebook, ())) for _, result in store.results(run)]


if __name__ == "__main__":
    for name, becomes in write(Path(sys.argv[1])).items():
        print(becomes, os.fsencode(name).decode("gb18030", "replace"), sep="\t")  # noqa: T201 - a program
