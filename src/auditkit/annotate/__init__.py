"""Annotated originals: the office's own file with comments and marks in it, and nothing else changed.

Values, formulas and their stored results, charts, pictures, macros and whatever else a file holds survive, because
only the parts that must change are edited, as bytes, and every other part is copied packed as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.annotate.mark import AUTHOR, ROLES, Mark, Role, uncarried
from auditkit.annotate.package import Package
from auditkit.annotate.word import mark_word
from auditkit.annotate.workbook import mark_workbook
from auditkit.model.document import Source

__all__ = ["AUTHOR", "ROLES", "Mark", "Role", "annotate"]


def annotate(source: Source, marks: Sequence[Mark]) -> bytes:
    """The file with a comment for each mark, and in workbooks fills and frames; the same bytes for the same input.

    xlsx, xlsm and their templates; docx, docm and theirs, which carry comments only. What it is, the bytes say,
    not the name.

    Raises:
        Fault: ``cannot-annotate`` for a kind of file that cannot carry comments, ``no-such-place`` for a mark
            without a place, ``damaged`` for a package that cannot be edited safely.

    """
    if not marks:
        return source.data
    package = _opened(source.data)
    main = next((r.target for r in package.relations() if r.kind == "officeDocument" and package.has(r.target)), "")
    if not main:
        raise uncarried(*_NAMES["ods" if package.has("mimetype") else "zip"])
    kind = package.type_of(main).lower()
    if "sheet.binary" in kind:
        raise uncarried(*_NAMES["xlsb"])
    if "spreadsheetml" in kind or "ms-excel" in kind:
        mark_workbook(package, main, marks)
    elif "wordprocessingml" in kind or "ms-word" in kind:
        mark_word(package, main, marks)
    else:
        raise uncarried(*_NAMES["zip"])
    return package.written()


_NAMES = {
    "ole": (
        "这是.xls等旧格式的文件（或设有打开密码）",
        "This is a file in an old format such as .xls (or it is protected by a password)",
    ),
    "ods": ("这是.ods等OpenDocument文件", "This is an OpenDocument file such as .ods"),
    "xlsb": ("这是.xlsb二进制工作簿", "This is a binary workbook (.xlsb)"),
    "zip": ("这不是Excel或Word文件", "This is neither an Excel nor a Word file"),
    "text": ("这是文本或网页文件（如.csv、.html）", "This is a text or web file such as .csv or .html"),
}


def _opened(data: bytes) -> Package:
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise uncarried(*_NAMES["ole"])
    if not data.startswith(b"PK"):
        raise uncarried(*_NAMES["text"])
    return Package(data)
