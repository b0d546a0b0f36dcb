"""``rules docs``: the annex in the format that the file's name asks for."""

from __future__ import annotations

from auditkit import rulebook
from auditkit.authoring.annex import annex
from auditkit.authoring.annex_office import word, workbook
from auditkit.authoring.annex_text import markdown, webpage
from auditkit.model.words import Fault, Language, Text

SUFFIXES = (".md", ".html", ".docx", ".xlsx")


def docs(name: str, suffix: str, language: Language) -> bytes:
    """The named rulebook as an annex; ``suffix`` is one of ``SUFFIXES``.

    Raises:
        Fault: ``unknown-format`` (exit 2); as ``rulebook.find``.
    """
    if suffix not in SUFFIXES:
        known = " ".join(SUFFIXES)
        raise Fault(
            "unknown-format",
            Text(f"不认识后缀“{suffix}”，可以是 {known}", f'unknown suffix "{suffix}", one of {known}'),
            exit=2,
        )
    blocks = annex(rulebook.find(name))
    if suffix == ".docx":
        return word(blocks, language)
    if suffix == ".xlsx":
        return workbook(blocks, language)
    return (markdown(blocks, language) if suffix == ".md" else webpage(blocks, language)).encode()
