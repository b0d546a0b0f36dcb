"""What lies in every inbox and is nobody's report: lock files, system files, and what we wrote ourselves."""

from __future__ import annotations

import zipfile
from functools import cache
from io import BytesIO
from zlib import error as DeflateError

from auditkit.model.document import Source
from auditkit.model.words import Fault, Language, Text
from auditkit.readers import suffixes

REASONS: dict[str, Text] = {
    "lock": Text("Office打开文件时的临时文件", "a lock file of Office"),
    "hidden": Text("隐藏文件", "a hidden file"),
    "ours": Text("本程序写出的结果", "a result of auditkit"),
    "roster": Text("单位名单", "the roster"),
    "system": Text("系统文件", "a file of the system"),
    "link": Text("链接（不跟随）", "a link (not followed)"),
    "special": Text("不是普通文件", "not a regular file"),
    "suffix": Text("这种扩展名的文件不会是报表", "no report has this suffix"),
    "unfinished": Text("还在写入", "still being written"),
    "twice": Text("重复给出", "given twice"),
    "empty": Text("空的压缩包", "an empty archive"),
}
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
_SENT = frozenset({
    ".pdf", ".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".ofd", ".xml", ".mht", ".mhtml", ".numbers",
    ".pages", ".ppt", ".pptx", ".dps", ".xlw", ".ett", ".eml", ".msg", ".jpg", ".jpeg", ".png", ".gif",
    ".bmp", ".tif", ".tiff", ".heic", ".webp", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz",
    ".zip", ".dbf", ".wk1", ".json",
})  # fmt: skip
"""Suffixes of what offices send although it cannot be checked: they are told why, not skipped."""
_MARK = b'name="auditkit.'


def file(name: str, *, asked: bool) -> str:
    """Why a file of this name is skipped, or an empty string. ``asked``: it was named itself, whatever its suffix."""
    if name.startswith(("~$", ".~lock.")):
        return "lock"
    if name.lower() in _SYSTEM:
        return "system"
    if name.startswith("."):
        return "hidden"
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return "" if asked or not suffix or suffix in _SENT or suffix in _readable() else "suffix"


def folder(name: str) -> str:
    """Why everything in a folder of this name is skipped, or an empty string."""
    if name in {"__MACOSX", "$RECYCLE.BIN", "System Volume Information"}:
        return "system"
    return "hidden" if name.startswith(".") else ""


def is_ours(source: Source) -> bool:
    """Whether auditkit wrote it: workbooks say so in their properties, pages and JSON at the head, others by a line."""
    name, data = source.name.lower(), source.data
    if name.endswith((".xlsx", ".xlsm")):
        return b"docProps/custom.xml" in data[-65_536:] and _says_so(data)
    if name.endswith(".csv"):
        return data.startswith(_headers())
    return _PAGE in data[:8192] or data.startswith(_JSON) or (name.endswith((".txt", ".md")) and _HINT in data)


_SPOKEN: tuple[Language, Language] = ("zh", "en")
_PAGE = b'<meta name="generator" content="auditkit">'
_JSON = b'{"schema": "auditkit.'
_HINT = b"auditkit explain "


def _says_so(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package, package.open("docProps/custom.xml") as part:
            return _MARK in part.read(65_536)
    except (OSError, KeyError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, DeflateError):
        return False  # whoever reads it will say what is wrong with it


@cache
def _headers() -> tuple[bytes, ...]:
    """The first line of a CSV file of findings, in both languages."""
    from auditkit.reports import table_csv  # noqa: PLC0415 - only where there are CSV files

    zh, en = (next(table_csv.render((), language)).encode(table_csv.ENCODING) for language in _SPOKEN)
    return zh, en


OURS = Fault("ours", REASONS["ours"])


@cache
def _readable() -> frozenset[str]:
    return frozenset(suffixes())
