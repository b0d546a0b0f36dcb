"""CSV: one row a finding, every field quoted, nothing that a spreadsheet would run. Write files as ``ENCODING``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from auditkit.model.finding import Result
from auditkit.model.words import LEVEL_NAMES, Language, Text
from auditkit.reports import progress, wording
from auditkit.reports.escaping import defused, legal
from auditkit.reports.grouping import Entry, listed

ENCODING = "utf-8-sig"
"""Excel takes UTF-8 for the local code page unless the file begins with a byte order mark."""

COLUMNS = {
    "unit": Text("单位", "unit"),
    "unit_code": Text("单位代码", "unit code"),
    "period": Text("期间", "period"),
    "file": Text("文件", "file"),
    "number": Text("序号", "no."),
    "level": Text("级别", "level"),
    "status": Text("状态", "status"),
    "rule": Text("规则", "rule"),
    "where": Text("位置", "where"),
    "table": Text("表", "table"),
    "row": Text("行", "row"),
    "column": Text("列", "column"),
    "message": Text("问题", "problem"),
    "arithmetic": Text("计算", "arithmetic"),
    "cells": Text("所涉单元格", "cells"),
    "hint": Text("线索", "hint"),
    "likely": Text("可能", "likely"),
    "quote": Text("原文", "sentence"),
    "key": Text("编号", "key"),
}


def render(results: Iterable[Result], language: Language) -> Iterator[str]:
    """A header and a line for each finding; a submission that could not be checked is a line too, without rule."""
    yield line(name.to(language) for name in COLUMNS.values())
    for result in results:
        for fault in result.faults:
            whose = {"unit": result.unit, "unit_code": result.unit_code, "period": result.period, "file": result.file}
            said = {**whose, "status": progress.STATUSES["not checked"].to(language)}
            yield line({**dict.fromkeys(COLUMNS, ""), **said, "message": fault.to(language)}.values())
        for entry in listed(result):
            yield line(fields(entry, result, language).values())


def fields(entry: Entry, result: Result, language: Language) -> dict[str, str]:
    """One finding, column by column."""
    finding = entry.finding
    suspected = entry.suspect is not None and finding.status == "fail"
    return {
        "unit": result.unit,
        "unit_code": result.unit_code,
        "period": result.period,
        "file": result.file,
        "number": str(entry.number),
        "level": LEVEL_NAMES[finding.level].to(language),
        "status": progress.state(finding, result).to(language),
        "rule": finding.rule,
        "where": wording.location(finding.place, result).to(language),
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        "message": finding.message.to(language),
        "arithmetic": finding.arithmetic.to(language),
        "cells": wording.cells(finding, result).to(language),
        "hint": "" if finding.hint is None else finding.hint.to(language),
        "likely": wording.likely(entry.suspect).to(language) if suspected and entry.suspect is not None else "",
        "quote": finding.quote,
        "key": finding.key,
    }


def line(values: Iterable[str]) -> str:
    """One CSV record without its line end; a field may hold line breaks of its own."""
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="").writerow(defused(legal(value)) for value in values)
    return out.getvalue()
