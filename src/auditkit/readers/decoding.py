"""Decoding: strict, in the order of proof, so that a wrong guess is an error and never a wrong word."""

from __future__ import annotations

import codecs
import re

from auditkit.model.words import Fault, Text

_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
UTF16 = (b"\xff\xfe", b"\xfe\xff")
LINE = 1 << 20
"""Characters of one line; no report has a longer one, and readers of lines are slow on it."""


def decode(data: bytes, declared: str = "") -> str:
    """UTF-16 by its mark; else UTF-8, else the declared encoding, else GB18030, each strictly.

    Raises:
        Fault: none fits, or the text holds NULs or a line of more than 1 MiB.
    """
    if data[:2] in UTF16:
        return _sound(_strict(data, ("utf-16",)))
    return _sound(_strict(data, ("utf-8-sig", *((declared,) if declared else ()), "gb18030")))


def decode_page(data: bytes) -> str:
    """A web page: UTF-16 by its mark, else UTF-8, else what it declares, else GB18030, each strictly.

    If none fits, what it declares, with the few broken bytes replaced, as browsers do.

    Raises:
        Fault: more than one character in a hundred is broken.
    """
    if data[:2] in UTF16:
        return _strict(data, ("utf-16",))
    found = _DECLARED.search(data[:4096])
    declared = found[1].decode("ascii").lower() if found else ""
    declared = "gb18030" if declared in {"gb2312", "gbk", "gb_2312-80"} else declared
    single = declared.startswith(("iso-8859", "windows-125", "latin", "ascii", "us-ascii"))
    try:
        return _strict(data, ("utf-8-sig", *(() if single or not declared else (declared,)), "gb18030"))
    except Fault:
        if single:
            return _strict(data, (declared,))
        text = data.decode(declared if _is_known(declared) else "utf-8", "replace")
        if text.count("\ufffd") * 100 > len(text):
            raise
        return text


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _strict(data: bytes, encodings: tuple[str, ...]) -> str:
    furthest = (0, 0)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, (error.start, data.count(b"\n", 0, error.start) + 1))
        except LookupError:
            continue
    line = furthest[1]
    raise Fault(
        "encoding",
        Text(
            f"文字编码不是UTF-8，也不是GB18030：第{line}行有无法识别的字节。",
            f"The text is neither UTF-8 nor GB18030: line {line} holds bytes that are no characters.",
        ),
        hint=Text("请另存为UTF-8编码，或另存为.xlsx。", "Save it as UTF-8, or as .xlsx."),
    )


def _sound(text: str) -> str:
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Fault(
            "damaged",
            Text(
                f"第{line}行有空字符（NUL），这不是完好的文本文件。",
                f"Line {line} holds NUL characters; this is no sound text file.",
            ),
            hint=Text("请重新取得或重新导出文件。", "Get it again or export it anew."),
        )
    if len(text) > LINE and max(map(len, text.split("\n"))) > LINE:
        raise Fault(
            "too-large",
            Text("有一行超过1MB，不是表格。", "It has a line of more than 1 MB, which no table has."),
            hint=Text("请核对换行后重新导出。", "Check the line ends and export it anew."),
        )
    return text
