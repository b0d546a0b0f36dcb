"""The annex as Markdown and as one HTML page that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from auditkit.authoring.annex import Block, Heading, Lines, Points, Said
from auditkit.model.words import Language, Text

_MARKED = re.compile(r"([\\`*_\[\]<>|#])")
_STYLE = """
body { font: 15px/1.6 "Microsoft YaHei", "PingFang SC", system-ui, sans-serif; max-width: 60em; margin: 2em auto; }
table { border-collapse: collapse; margin: .5em 0 1em; } td, th { border: 1px solid #999; padding: .2em .6em; }
th { background: #f2f2f2; text-align: left; } td { vertical-align: top; white-space: pre-wrap; }
dt { font-weight: bold; } dd { margin: 0 0 .3em 2em; white-space: pre-wrap; }
h3 { border-top: 1px solid #ccc; padding-top: .6em; break-after: avoid; }
@media print { body { margin: 0; max-width: none; } dl { break-inside: avoid; } }
"""


def markdown(blocks: Iterable[Block], language: Language) -> str:
    """GitHub's Markdown; nothing in a text is taken for markup."""
    return "\n".join(line for block in blocks for line in _marked(block, language)) + "\n"


def _marked(block: Block, language: Language) -> Iterator[str]:
    match block:
        case Heading(depth, text):
            yield f"{'#' * depth} {_kept(text, language)}"
        case Said(text):
            yield _kept(text, language)
        case Points(items):
            for name, text in items:
                yield f"- **{_kept(name, language)}** {_kept(text, language)}"
        case Lines(head, rows):
            yield _row(head, language)
            yield "|" + " --- |" * len(head)
            yield from (_row(row, language) for row in rows)
    yield ""


def _row(cells: Iterable[Text], language: Language) -> str:
    return "| " + " | ".join(_kept(cell, language) for cell in cells) + " |"


def _kept(text: Text, language: Language) -> str:
    return _MARKED.sub(r"\\\1", text.to(language)).replace("\n", "<br>")


def webpage(blocks: Iterable[Block], language: Language) -> str:
    """One file, no script, nothing fetched."""
    made = list(blocks)
    title = next((b.text.to(language) for b in made if isinstance(b, Heading)), "")
    body = "\n".join(line for block in made for line in _tagged(block, language))
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _tagged(block: Block, language: Language) -> Iterator[str]:
    match block:
        case Heading(depth, text):
            yield f"<h{depth}>{escape(text.to(language))}</h{depth}>"
        case Said(text):
            yield f"<p>{escape(text.to(language))}</p>"
        case Points(items):
            yield "<dl>"
            for name, text in items:
                yield f"<dt>{escape(name.to(language))}</dt><dd>{escape(text.to(language))}</dd>"
            yield "</dl>"
        case Lines(head, rows):
            yield f"<table><tr>{_cells('th', head, language)}</tr>"
            yield from (f"<tr>{_cells('td', row, language)}</tr>" for row in rows)
            yield "</table>"


def _cells(tag: str, cells: Iterable[Text], language: Language) -> str:
    return "".join(f"<{tag}>{escape(cell.to(language))}</{tag}>" for cell in cells)
