"""Readers: bytes become a Document of grids and paragraphs. They know no form.

A reader is a module of this package with ``read``; ``kinds`` names it, and picks it by what the bytes are.
"""

from __future__ import annotations

import os
import stat
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from auditkit.model.document import Document, Source
from auditkit.model.words import Fault, Text
from auditkit.readers.door import opened
from auditkit.readers.kinds import READERS, kind_of

LARGEST = 256 << 20
"""Bytes of one input."""
LONGEST = 2 << 30
"""Bytes of delimited text, which may be read in blocks."""


class Reader(Protocol):
    """What every module named in ``READERS`` has."""

    def read(self, source: Source) -> Document: ...


def reader(name: str) -> Reader:
    """The module of one kind, imported when first needed."""
    return cast("Reader", import_module(f"auditkit.readers.{name}"))


def suffixes() -> tuple[str, ...]:
    """Every suffix that some reader expects, for those who look for files in folders."""
    return tuple(suffix for own in READERS.values() for suffix in own)


def load(path: str | Path) -> Source:
    """The bytes of one regular file, read once through one descriptor. Raises ``Fault`` with exit 2."""
    name = os.fspath(path)
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        # A descriptor, so that nothing changes under us; unbuffered, or room for the largest file is made for each.
        with open(os.open(name, flags), "rb", buffering=0) as file:  # noqa: PTH123
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise _not_a_file(name, stat.S_ISDIR(facts.st_mode))
            limit = LONGEST if name.lower().endswith(READERS["delimited"]) else LARGEST
            if facts.st_size > limit:
                raise too_long(facts.st_size, limit)
            return Source(os.path.basename(name), file.read())  # noqa: PTH119 - the same on both separators
    except FileNotFoundError as error:
        raise _missing(name) from error
    except OSError as error:
        if Path(name).is_dir():
            raise _not_a_file(name, True) from error
        raise _unreadable(name, error) from error


def read(source: Source) -> Document:
    """Grids and paragraphs of one input. Whatever goes wrong inside a library comes out as one ``Fault``, exit 3."""
    if len(source.data) > LARGEST:
        raise too_long(len(source.data))
    return opened(lambda: reader(kind_of(source)).read(source))


_KINDS: dict[str, Text] = {
    "web": Text("网页（HTML）", "a web page (HTML)"),
    "text": Text("纯文本", "plain text"),
    "delimited": Text("用逗号或制表符分隔的文本", "text separated by commas or tabs"),
    "word": Text("Word文档", "a Word document"),
}
_WORKBOOKS = (".xls", ".xlsx", ".xlsm", ".xlsb", ".xlt", ".et", ".ods")


def disguised(document: Document) -> tuple[Text, ...]:
    """What to say of a file that calls itself a workbook and is something else; it was read as what it is."""
    what = _KINDS.get(document.kind)
    suffix = Path(document.name).suffix.lower() if what else ""
    if what is None or suffix not in _WORKBOOKS:
        return ()
    return (
        Text(
            f"文件名是{suffix}，内容却是{what.zh}，已按内容读取；请在Excel或WPS中另存为.xlsx。",
            f"The name says {suffix}, but it is {what.en} and was read as such; save it as .xlsx in Excel or WPS.",
        ),
    )


def _missing(name: str) -> Fault:
    return Fault(
        "missing",
        Text(f"没有这个文件：{name}。", f"There is no such file: {name}."),
        hint=Text("请核对路径和扩展名。", "Check the path and the extension."),
        exit=2,
    )


def _not_a_file(name: str, folder: bool) -> Fault:
    what = Text("是文件夹", "is a folder") if folder else Text("不是普通文件", "is not a regular file")
    return Fault(
        "directory" if folder else "not-a-file",
        Text(f"{name}{what.zh}，这里需要一个文件。", f"{name} {what.en}; a file was expected."),
        exit=2,
    )


def _unreadable(name: str, error: OSError) -> Fault:
    zh = "没有权限，或正被别的程序占用" if isinstance(error, PermissionError) else error.strerror
    return Fault(
        "unreadable",
        Text(f"无法打开{name}：{zh}。", f"{name} cannot be opened: {error.strerror}."),
        hint=Text("请核对权限，并关闭正在使用它的程序。", "Check the permissions, and close programs that use it."),
        exit=2,
    )


def too_long(size: int, limit: int = LARGEST) -> Fault:
    return Fault(
        "too-large",
        Text(
            f"文件有{size >> 20}MB，上限{limit >> 20}MB。",
            f"The file has {size >> 20} MB, the limit is {limit >> 20} MB.",
        ),
        hint=Text("请拆成几个文件。", "Split it into several files."),
    )
