"""Kinds: what a file is by its first bytes; its suffix is asked only where bytes leave it open."""

from __future__ import annotations

import re

from auditkit.model.document import Source
from auditkit.model.words import Fault, Text
from auditkit.readers.archive import directory, encrypted
from auditkit.readers.compound import Compound
from auditkit.readers.decoding import UTF16

READERS: dict[str, tuple[str, ...]] = {
    "workbook": (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".et", ".ods"),
    "delimited": (".csv", ".tsv", ".tab"),
    "word": (".docx", ".docm", ".dotx", ".dotm"),
    "web": (".html", ".htm", ".xhtml"),
    "plain": (".txt", ".text", ".md", ".markdown"),
}
"""Modules with ``read``, in the order they are offered to people, and the suffixes of their files: said here, so that
looking through a folder imports none of them."""

SAVE_AS_XLSX = Text("请用Excel或WPS打开后另存为.xlsx。", "Open it in Excel or WPS and save it as .xlsx.")
SAVE_AS_DOCX = Text("请用Word或WPS打开后另存为.docx。", "Open it in Word or WPS and save it as .docx.")
SEND_TABLE = Text("请提供Excel、Word或CSV文件。", "Provide an Excel, Word or CSV file.")
_SAVE_ATTACHED = Text("请另存其中的附件，再检查附件。", "Save what is attached to it, and check that.")

_BY_BYTES: tuple[tuple[bytes, Text, Text], ...] = (
    (b"%PDF", Text("PDF文件", "a PDF file"), SEND_TABLE),
    (b"{\\rtf", Text("RTF文档", "an RTF document"), SAVE_AS_DOCX),
    (b"\x89PNG", Text("PNG图片", "a PNG picture"), SEND_TABLE),
    (b"\xff\xd8\xff", Text("JPEG图片", "a JPEG picture"), SEND_TABLE),
    (b"GIF8", Text("GIF图片", "a GIF picture"), SEND_TABLE),
    (b"BM", Text("BMP图片", "a BMP picture"), SEND_TABLE),
    (b"II*\x00", Text("TIFF图片", "a TIFF picture"), SEND_TABLE),
    (b"MM\x00*", Text("TIFF图片", "a TIFF picture"), SEND_TABLE),
    (b"Rar!", Text("RAR压缩包", "a RAR archive"), Text("请解压后再检查。", "Unpack it first.")),
    (b"7z\xbc\xaf", Text("7z压缩包", "a 7z archive"), Text("请解压后再检查。", "Unpack it first.")),
    (b"\x1f\x8b", Text("gzip压缩包", "a gzip archive"), Text("请解压后再检查。", "Unpack it first.")),
    (b"MZ", Text("Windows程序", "a Windows program"), SEND_TABLE),
    (b"MIME-Version:", Text("单文件网页（MHTML）", "a web archive (MHTML)"), SAVE_AS_XLSX),
    (b"\x09\x00\x04\x00", Text("Excel 2.0文件", "an Excel 2.0 file"), SAVE_AS_XLSX),
    (b"\x09\x02\x06\x00", Text("Excel 3.0文件", "an Excel 3.0 file"), SAVE_AS_XLSX),
    (b"\x09\x04\x06\x00", Text("Excel 4.0文件", "an Excel 4.0 file"), SAVE_AS_XLSX),
)
_BY_PART: tuple[tuple[bytes, Text, Text], ...] = (
    (b"ppt/presentation", Text("PowerPoint演示文稿", "a PowerPoint presentation"), SEND_TABLE),
    (b"OFD.xml", Text("OFD版式文件", "an OFD file"), SEND_TABLE),
    (b"Index/Document.iwa", Text("Apple Numbers或Pages文件", "an Apple Numbers or Pages file"), SAVE_AS_XLSX),
)
_BY_STREAM: tuple[tuple[str, Text, Text], ...] = (
    ("worddocument", Text("旧版Word文档（.doc）", "an old Word document (.doc)"), SAVE_AS_DOCX),
    ("__properties_version1.0", Text("Outlook邮件", "an Outlook message"), _SAVE_ATTACHED),
    ("powerpoint document", Text("旧版PowerPoint演示文稿", "an old PowerPoint presentation"), SEND_TABLE),
)
_BY_WORD: tuple[tuple[str, Text, Text], ...] = (
    ("Excel.Sheet", Text("Excel 2003 XML表格", "an Excel 2003 XML spreadsheet"), SAVE_AS_XLSX),
    ("Word.Document", Text("Word 2003 XML文档", "a Word 2003 XML document"), SAVE_AS_DOCX),
)
_TEXTUAL = {suffix: name for name in ("delimited", "plain", "web") for suffix in READERS[name]}
_NO_WORDS = frozenset((".zip", ".rar", ".7z", ".gz", ".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".json", ".xml", ".dbf"))
"""What is of such a name and none of these kinds is no report's text either."""
_UNPACK = Text("请解压后再检查其中的文件。", "Unpack it and check the files in it.")
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|div|p|h[1-6]|title)\b", re.IGNORECASE)


def kind_of(source: Source) -> str:
    """The name of the reader. Raises a ``Fault`` that names what the file is, where none reads it."""
    data = source.data
    if data[:4] == b"PK\x03\x04":
        return _zip(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _compound(data)
    if not data or data.isspace() or not data.strip(b"\x00"):
        raise Fault("empty", Text("文件是空的。", "The file is empty."), hint=Text("请重新取得文件。", "Get it again."))
    for magic, what, hint in _BY_BYTES:
        if data.startswith(magic):
            raise unsupported(what, hint)
    if data[:5] in {b"PK\x05\x06\x00", b"PK\x07\x08\x00"}:
        raise unsupported(Text("空的压缩包", "an empty zip archive"), SEND_TABLE)
    return _text(source)


def _zip(data: bytes) -> str:
    start, end, _ = directory(data)
    names = data[max(start, 0) : end]
    if b"xl/workbook" in names or (b"xl/_rels/workbook" in names):
        return "workbook"
    if b"word/document" in names:
        return "word"
    head = data[30:120]
    if b"opendocument.spreadsheet" in head:
        return "workbook"
    if b"opendocument.text" in head:
        raise unsupported(Text("OpenDocument文本（.odt）", "an OpenDocument text (.odt)"), SAVE_AS_DOCX)
    if b"content.xml" in names and b"META-INF/manifest.xml" in names:
        return "workbook"
    for part, what, hint in _BY_PART:
        if part in names:
            raise unsupported(what, hint)
    raise unsupported(Text("压缩包", "a zip archive"), _UNPACK)


def _compound(data: bytes) -> str:
    names = Compound(data).streams
    if "encryptedpackage" in names:
        raise encrypted()
    if "workbook" in names or "book" in names:
        return "workbook"
    for stream, what, hint in _BY_STREAM:
        if stream in names:
            raise unsupported(what, hint)
    raise unsupported(Text("OLE复合文档", "an OLE compound file"), SAVE_AS_XLSX)


def _text(source: Source) -> str:
    data, suffix = source.data, _suffix(source.name)
    head = data[:4096].decode("utf-16" if data[:2] in UTF16 else "latin-1", "ignore").lstrip("\ufeffï»¿ \t\r\n")
    for magic, what, hint in _BY_WORD:
        if head.startswith("<?xml") and magic in head:
            raise unsupported(what, hint)
    if "\x00" in head and suffix not in _TEXTUAL:
        raise _unknown(source.name)
    if suffix in _NO_WORDS:
        raise _unknown(suffix)
    if suffix == ".eml":
        raise unsupported(Text("电子邮件", "an e-mail"), _SAVE_ATTACHED)
    if head.startswith("<") and _MARKUP.search(head):
        return "web"
    if suffix in _TEXTUAL:
        return _TEXTUAL[suffix]
    return "delimited" if _is_delimited(head) else "plain"


def _unknown(what: str) -> Fault:
    return Fault(
        "unknown-type",
        Text(f"认不出这是什么文件（{what}）。", f"It is not known what kind of file this is ({what})."),
        hint=SEND_TABLE,
    )


def _is_delimited(head: str) -> bool:
    """Two or more full lines with the same number of tabs, commas or semicolons: a table under another name."""
    lines = [line for line in head.split("\n")[:-1] if line.strip()]
    return any(len({line.count(mark) for line in lines} - {0}) == 1 and lines[0].count(mark) for mark in "\t,;") and (
        len(lines) > 1
    )


def unsupported(what: Text, hint: Text) -> Fault:
    return Fault(
        "unsupported", Text(f"这是{what.zh}，不能检查。", f"This is {what.en}, which cannot be checked."), hint=hint
    )


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower() if "." in name else ""
