"""Writes samples/clean, samples/broken and the rulebooks' good samples from published and invented figures.

Run ``python samples/make_samples.py`` after a change here or in ``figures.json``; a second run changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import accounts_offices
import prose
from forms import Report
from layouts import LAYOUTS, addresses
from mistakes import MISTAKES, Mistake, spoiled
from writers import WRITERS

HERE = Path(__file__).resolve().parent
RULES = HERE.parent / "rules"

CLEAN: tuple[tuple[str, str, str], ...] = (
    ("official", "淮安市_2024", "xlsx"),
    ("official", "宿迁市_2023", "xlsx"),
    ("official", "宿迁市_2024", "xlsx"),
    ("official", "青山镇_2019", "xlsx"),
    ("official", "青山镇_2020", "xlsx"),
    ("official", "云岭镇_2023", "xlsx"),
    ("official", "大榆镇_2023", "xlsx"),
    ("sheet-per-table", "宿迁市_2024", "xls"),
    ("sheet-per-table", "淮安市_2024", "xlsm"),
    ("sheet-per-table", "青山镇_2020", "ods"),
    ("shifted", "宿迁市_2024", "xlsx"),
    ("shifted", "青山镇_2020", "xls"),
    ("flat", "淮安市_2024", "xlsx"),
    ("flat", "宿迁市_2024", "csv-utf8"),
    ("line-breaks", "宿迁市_2024", "xlsx"),
    ("line-breaks", "淮安市_2024", "ods"),
    ("numbering", "宿迁市_2024", "xlsb"),
    ("numbering", "青山镇_2020", "xlsx"),
    ("subtotals", "淮安市_2024", "xlsx"),
    ("subtotals", "宿迁市_2024", "xls"),
    ("text-numbers", "宿迁市_2024", "xlsx"),
    ("text-numbers", "淮安市_2024", "csv-gb18030"),
    ("blank-zeros", "宿迁市_2024", "xlsx"),
    ("blank-zeros", "青山镇_2020", "xlsx"),
    ("nil-marks", "青山镇_2020", "xlsx"),
    ("nil-marks", "淮安市_2024", "xlsb"),
    ("taken-apart", "宿迁市_2024", "xlsx"),
    ("taken-apart", "青山镇_2020", "csv-utf8"),
    ("side-by-side", "淮安市_2024", "xlsx"),
    ("side-by-side", "宿迁市_2024", "ods"),
    ("from-pdf", "宿迁市_2024", "xlsx"),
    ("formulas", "宿迁市_2024", "xlsx-calculated"),
    ("formulas", "淮安市_2024", "xlsx-calculated"),
    ("stacked", "宿迁市_2023", "csv-utf8"),
    ("stacked", "宿迁市_2024", "csv-gb18030"),
    ("stacked", "淮安市_2024", "tsv-utf16"),
    ("stacked", "青山镇_2020", "csv-utf8"),
    ("report", "宿迁市_2024", "docx"),
    ("report", "宿迁市_2024", "html"),
    ("report", "淮安市_2024", "docx"),
    ("report", "淮安市_2024", "html"),
)
"""Folder (the layout's name; ``stacked`` is the official one as text), report, file type."""

GOOD = {
    "cn-disclosure-2021/good.csv": "宿迁市_2024",
    "cn-disclosure-2021/last.csv": "宿迁市_2023",
    "cn-disclosure-2019/good.csv": "青山镇_2020",
    "cn-disclosure-2019/last.csv": "青山镇_2019",
}
"""The rulebooks' own samples: nothing may be found in them."""


def reports() -> dict[str, Report]:
    """``宿迁市_2024`` → its figures."""
    held = json.loads((HERE / "figures.json").read_text("utf-8"))
    return {name: Report(**fields) for name, fields in held.items()}


def rendered(report: Report, layout: str, writer: str) -> tuple[str, bytes]:
    """Suffix and bytes of a report in one layout and file type."""
    if writer in {"docx", "html"}:
        return f".{writer}", {"docx": prose.word, "html": prose.web}[writer](prose.pieces(report))
    suffix, write = WRITERS[writer]
    return suffix, write(LAYOUTS["official" if layout == "stacked" else layout](report))


def clean() -> Iterator[tuple[str, bytes]]:
    """Path below samples/, bytes."""
    held = reports()
    for folder, name, writer in CLEAN:
        suffix, data = rendered(held[name], folder, writer)
        yield f"clean/{folder}/{name}{suffix}", data
    yield from accounts_offices.clean()


def broken() -> Iterator[tuple[str, bytes]]:
    """Path below samples/, bytes; the index last."""
    held, index = reports(), []
    for mistake in MISTAKES:
        suffix, data, where = _broken(mistake, held[mistake.report])
        path = f"{mistake.stem or mistake.report}{suffix}"
        index.append({"file": path, **_entry(mistake, held[mistake.report], where)})
        yield f"broken/{path}", data
    for path, data, entry in accounts_offices.broken():
        index.append(entry)
        yield f"broken/{path}", data
    index.append(_SEED)
    yield "broken/index.json", (json.dumps(index, ensure_ascii=False, indent=1) + "\n").encode()


def _broken(mistake: Mistake, report: Report) -> tuple[str, bytes, dict[str, str]]:
    wrong = spoiled(report, mistake.cells)
    if mistake.layout == "report":
        return f".{mistake.writer}", _published(mistake, prose.pieces(report), prose.pieces(wrong)), {}
    sheets = LAYOUTS[mistake.layout](wrong)
    sheets = mistake.sheets(sheets) if mistake.sheets else sheets
    suffix, write = WRITERS[mistake.writer]
    return suffix, write(sheets), addresses(sheets)


def _published(mistake: Mistake, right: list[prose.Piece], wrong: list[prose.Piece]) -> bytes:
    """The text of the right report (or with its own slip), the tables with the mistake."""
    old, new = mistake.text or ("", "")
    made: list[prose.Piece] = []
    for piece, other in zip(right, wrong, strict=True):
        if piece[0] == "table":
            made.append(other)
        else:
            made.append((piece[0], piece[1].replace(old, new) if old else piece[1]))
    return {"docx": prose.word, "html": prose.web}[mistake.writer](made)


def _entry(mistake: Mistake, report: Report, where: dict[str, str]) -> dict[str, Any]:
    was = {slot.ref: slot.value for slot in report}
    changed = [
        {"cell": ref, "address": where.get(ref, ""), "was": was[ref], "now": now} for ref, now in mistake.cells.items()
    ]
    expect = None if mistake.expect is None else list(mistake.expect)
    return {"zh": mistake.zh, "en": mistake.en, "changed": changed, "last": mistake.last, "expect": expect}


_SEED: dict[str, Any] = {
    "file": "漂河镇_2018.txt",
    "zh": "已公布的 2018 年报告原文：标题 2018 而引言写 2017；“七部分”而正文有八部分；"
    "86%、14% 应为 86.67%、13.33%；所称附表没有",
    "en": "a report as published: title 2018 but 2017 in the introduction; seven parts announced, eight there; "
    "86% and 14% for 86.67% and 13.33%; the announced annex is absent",
    "changed": [],
    "last": "",
    "expect": None,
}


def good() -> Iterator[tuple[str, bytes]]:
    """Path below rules/, bytes."""
    held = reports()
    for path, name in GOOD.items():
        yield path, rendered(held[name], "stacked", "csv-utf8")[1]
    yield "cn-final-accounts/good.csv", WRITERS["csv-utf8"][1](accounts_offices.stacked(accounts_offices.TOWN))


def write(samples: Path, rules: Path) -> int:
    """Write everything below the two folders; returns the number of files."""
    made = [*((samples / p, d) for p, d in (*clean(), *broken())), *((rules / p, d) for p, d in good())]
    for path, data in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return len(made)


if __name__ == "__main__":
    print(f"{write(HERE, RULES)} files")
