"""A rulebook as a workbook that can be edited and read back: texts as text, drop-downs, field names in a hidden row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from auditkit import readers
from auditkit.authoring.cells import LEVEL, YES
from auditkit.authoring.columns import (
    CASES,
    COLUMNS,
    COVER,
    FACTS,
    FIRST,
    FORMS,
    GOOD,
    LAST,
    LISTS,
    PROSE,
    RULES,
    WORDS,
    Column,
    written,
)
from auditkit.authoring.forms import table_rows
from auditkit.authoring.source import Data, flat
from auditkit.model.words import LEVEL_NAMES, LEVELS, Fault, Language, Text
from auditkit.reports.pen import LONGEST, MEDIUM, THIN, Pen, Worksheet

SUFFIX = ".rules.xlsx"
SPARE = 200
"""Empty rows below the last entry that are text and have drop-downs too."""
_GREY = "#F2F2F2"
_CELL_KINDS = ["count", "integer", "number", "percent", "text"]
_BLANKS = ["zero", "report", "allow"]


def to_excel(name: str, language: Language) -> bytes:
    """The rulebook as ``X.rules.xlsx``; ``from_excel`` makes the same model of it.

    What a rulebook includes is put in: the workbook stands alone, and so does the folder made of it.

    Raises:
        Fault: as ``rulebook.find``; ``too-long`` (exit 2) where a text does not fit a cell.
    """
    source = flat(name)
    pen = Pen(language)
    title = source.data["title"]
    pen.properties(str(title["zh" if language == "zh" else "en"]), rules=source.data["rulebook"])
    _cover(pen, source.data, language)
    for sheet, entries in _entries(source.data):
        _listed(pen, sheet, entries, source.data, language)
    for sheet, sample in ((GOOD, source.good), (LAST, source.last)):
        if sample is not None and sample.suffix.lower() == ".csv":
            _sample(pen, sheet, sample)
    _lists(pen, source.data)
    return pen.close()


def _entries(data: Data) -> Iterator[tuple[str, list[Data]]]:
    tables = data.get("tables") or {}
    yield FORMS, [row for name, table in tables.items() for row in table_rows(name, table)]
    yield RULES, data.get("rules") or []
    yield PROSE, data.get("prose") or []
    yield FACTS, [{"name": name, **fact} for name, fact in (data.get("facts") or {}).items()]
    yield CASES, (data.get("tests") or {}).get("cases") or []
    labels: dict[str, Data] = data.get("labels") or {}
    yield (
        WORDS,
        [{"language": lang, "name": name, "words": words} for lang in labels for name, words in labels[lang].items()],
    )


def _cover(pen: Pen, data: Data, language: Language) -> None:
    """One field a row: its hidden name, what people read, the value."""
    sections = {"tables", "rules", "prose", "facts", "labels"}
    head = {key: value for key, value in data.items() if key not in sections}
    if head.get("tests"):
        head["tests"] = {key: value for key, value in head["tests"].items() if key != "cases"}
    sheet = pen.sheet(COVER)
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 90, pen.format(num_format="@", text_wrap=True))
    for row, (column, value) in enumerate(zip(COLUMNS[COVER], written(head, COVER, language), strict=True)):
        pen.text(sheet, row, 0, column.field)
        pen.text(sheet, row, 1, column.head.to(language), bold=True, bg_color=_GREY, border=THIN)
        _cell(pen, sheet, row, 2, value)
        pen.fit(sheet, row, [(value, 90)])


def _listed(pen: Pen, name: str, entries: Sequence[Data], data: Data, language: Language) -> None:
    columns = COLUMNS[name]
    sheet = pen.sheet(name)
    pen.header(sheet, 0, [c.head.to(language) for c in columns], [c.width for c in columns])
    for at, column in enumerate(columns):
        pen.text(sheet, 1, at, column.field)
        sheet.set_column(at, at, column.width, pen.format(num_format="@", text_wrap=True))
    sheet.set_row(1, None, None, {"hidden": True})
    for row, entry in enumerate(entries, FIRST):
        values = list(written(entry, name, language))
        for at, value in enumerate(values):
            _cell(pen, sheet, row, at, value)
        pen.fit(sheet, row, [(value, c.width) for value, c in zip(values, columns, strict=True)])
    sheet.freeze_panes(FIRST, 1)
    for at, column in enumerate(columns):
        _drop_down(sheet, at, len(entries), _choices(name, column, data, language))


def _cell(pen: Pen, sheet: Worksheet, row: int, column: int, value: str) -> None:
    if len(value) > LONGEST:
        raise Fault(
            "too-long",
            Text(
                f"{sheet.get_name()} 第 {row + 1} 行的内容超过 Excel 一格能放的 {LONGEST} 个字符",
                f"{sheet.get_name()} row {row + 1} holds more than the {LONGEST} characters of a cell",
            ),
            exit=2,
        )
    pen.text(sheet, row, column, value, num_format="@", text_wrap=True, border=THIN)


def _choices(name: str, column: Column, data: Data, language: Language) -> list[str] | str:
    """What a drop-down offers: a short list, or a range of the hidden sheet."""
    if column.kind is LEVEL:
        return [LEVEL_NAMES[level].to(language) for level in LEVELS]
    if column.kind is YES:
        return ["是", "否"] if language == "zh" else ["yes", "no"]
    if name == FORMS:
        offered = {"cells": _CELL_KINDS, "blank": _BLANKS, "part": ["表", "列", "列组", "行", "行组"]}
        return offered.get(column.field, [])
    if name == RULES and column.field == "for" and (scopes := _scopes(data)):
        return f"={LISTS}!$A$1:$A${len(scopes)}"
    return []


def _scopes(data: Data) -> list[str]:
    return [f"each {what} in {name}" for name in data.get("tables") or {} for what in ("row", "column", "cell")]


def _drop_down(sheet: Worksheet, column: int, entries: int, source: list[str] | str) -> None:
    """Offered, not forced: ``each row in T3 except 总计`` is right too, and reading back judges everything."""
    if source:
        options: dict[str, Any] = {"validate": "list", "source": source, "error_type": "information"}
        sheet.data_validation(FIRST, column, FIRST + entries + SPARE, column, options)


def _sample(pen: Pen, name: str, path: Path) -> None:
    """The cells of a sample as text, from A1; nothing else may stand on this sheet."""
    (grid,) = readers.read(readers.load(path)).grids
    sheet = pen.sheet(name)
    width = max((len(row) for row in grid.rows), default=1)
    sheet.set_column(0, max(width - 1, 0), 16, pen.format(num_format="@"))
    for r, row in enumerate(grid.rows):
        for c, value in enumerate(row):
            pen.text(sheet, r, c, "" if value is None else str(value), num_format="@", border=MEDIUM if r < 0 else THIN)


def _lists(pen: Pen, data: Data) -> None:
    scopes: Iterable[str] = _scopes(data)
    sheet = pen.sheet(LISTS)
    for row, scope in enumerate(scopes):
        pen.text(sheet, row, 0, scope)
    sheet.hide()
