"""Offices whose final accounts are made up, what is wrong in the broken ones, and the files made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import accounts
import accounts_text
import prose
from accounts import Office, Style, amount
from layouts import Part, Sheet
from writers import WRITERS

TOWN = Office(
    name="青山镇人民政府",
    short="本部门",
    year=2024,
    basic={
        "2010301": 33700,
        "2080501": 1250,
        "2080505": 3680,
        "2080506": 1840,
        "2101101": 2070,
        "2210201": 3260,
    },
    projects={"2010302": 8650, "2080208": 2400, "2120501": 15830, "2130705": 9640, "2240601": 1280},
    funds={"2120804": 6000},
    capital={"2230105": 400},
    own={"2010302": 500},
    economic={
        "30101": 9620,
        "30102": 11850,
        "30103": 4230,
        "30108": 3680,
        "30109": 1840,
        "30110": 2070,
        "30112": 210,
        "30113": 3260,
        "30199": 840,
        "30302": 1250,
        "30305": 630,
        "30201": 1420,
        "30207": 310,
        "30211": 460,
        "30213": 290,
        "30216": 180,
        "30217": 120,
        "30228": 640,
        "30231": 360,
        "30239": 1570,
        "30299": 450,
        "31002": 520,
    },
    carried={"general": (300, 200), "funds": (600, 1000), "own": (150, 470)},
    expenses={"出国": (0, 0), "购置": (0, 0), "运行": (400, 360), "接待": (250, 190)},
    said={
        "last": {"总计": 90000, "财政拨款": 90200, "一般公共预算": 82000, "三公": 600, "运行": 6000},
        "budget": {
            "2010301": 34000,
            "2010302": 9000,
            "2080208": 2400,
            "2080501": 1200,
            "2080505": 3700,
            "2080506": 1850,
            "2101101": 2100,
            "2120501": 16000,
            "2130705": 10000,
            "2210201": 3300,
        },
        "performance": (6, 2, 1, 0),
        "purchases": (1520, 8300, 4260),
        "cars": (0, 1, 1, 1, 0, 0, 0),
    },
)
VILLAGE = replace(
    TOWN,
    name="云岭镇人民政府",
    funds={},
    capital={},
    own={},
    carried={"general": (0, 0), "funds": (0, 0), "own": (0, 0)},
)

Spoiling = dict[tuple[str, int, int], str]
"""Table, row and column of its grid → what stands there instead."""


@dataclass(frozen=True)
class Slip:
    """One broken disclosure."""

    office: Office
    writer: str
    style: Style
    zh: str
    en: str
    words: tuple[tuple[str, str], ...]
    """Words of the text → what the office wrote."""
    cells: tuple[tuple[str, str, str, str], ...]
    """Table, what begins the row, right amount, wrong amount."""
    expect: tuple[str, ...]


SLIPS = (
    Slip(
        replace(TOWN, name="柳河镇人民政府"),
        "docx",
        Style(split=True, last=True),
        "正文的财政拨款总计小了一千倍；一项占比与表不符；公用经费改了表没有改正文",
        "the text has appropriations a thousand times too small, one wrong share, and office expenditure of a draft",
        (
            ("财政拨款收入支出总计912.00万元", "财政拨款收入支出总计0.91万元"),
            ("农林水支出（类）96.40万元，占11.53%", "农林水支出（类）96.40万元，占11.61%"),
            ("公用经费63.20万元", "公用经费68.20万元"),
        ),
        (),
        ("JS450", "JS552", "JS651"),
    ),
    Slip(
        replace(TOWN, name="石桥镇人民政府"),
        "xlsx",
        Style(every=False),
        "支出决算表一项改了没有改合计；“三公”合计没有算进用车",
        "an item of the table of expenditure was changed and its totals were not; cars are missing in the total",
        (),
        (
            ("支出决算表", "2120501", "158.30", "158.80"),
            ("财政拨款“三公”经费支出决算表", "6.50", "5.50", "1.90"),
        ),
        ("JS310 2120501", "JS311 21205/支出合计", "JS711 三公"),
    ),
)


def stacked(office: Office) -> list[Sheet]:
    """All tables below one another, the three public expenses in all three layouts: the rulebook's good sample."""
    rows: list[list[Any]] = [[f"{office.name}{office.year}年度部门决算"], []]
    for title, part in accounts.tables(office, Style()).items():
        rows += [[title], ["单位：万元"], *part.rows, []]
    whole = [sum(pair[i] for pair in office.expenses.values()) for i in (0, 1)]
    cars = [sum(office.expenses[k][i] for k in ("购置", "运行")) for i in (0, 1)]
    listed = [("合计", whole), ("因公出国（境）费", office.expenses["出国"]), ("小计", cars)]
    listed += [("公务用车购置费", office.expenses["购置"]), ("公务用车运行维护费", office.expenses["运行"])]
    listed += [("公务接待费", office.expenses["接待"])]
    title = "财政拨款“三公”经费支出决算表"
    heads = [name for name, _ in listed]
    rows += [
        [title],
        ["预算数", *[None] * 5, "决算数", *[None] * 5],
        ["合计", "因公出国（境）费", "公务用车购置及运行维护费", None, None, "公务接待费"] * 2,
        [None, None, *heads[2:5], None] * 2,
        [amount(pair[i]) for i in (0, 1) for _, pair in listed],
        [],
        [title],
        ["项目", "预算数", "决算数"],
        *([name if name != "小计" else "公务用车购置及运行维护费", *map(amount, pair)] for name, pair in listed),
    ]
    said = [[content] for kind, content in accounts_text.sections(office) if kind != "table"]
    return [Sheet("部门决算", [*rows, [], *said])]


def clean() -> Iterator[tuple[str, bytes]]:
    """Path below samples/, bytes."""
    suffix, write = WRITERS["xlsx"]
    yield (
        f"clean/final-accounts/青山镇人民政府_2024年度部门决算{suffix}",
        write(accounts.sheets(TOWN, Style(every=False))),
    )
    yield (
        "clean/final-accounts/青山镇人民政府_2024年度部门决算.docx",
        prose.word(accounts_text.pieces(TOWN, Style(split=True, last=True))),
    )
    yield (
        "clean/final-accounts/云岭镇人民政府_2024年度部门决算.html",
        prose.web(_paged(accounts_text.pieces(VILLAGE, Style()))),
    )


def _paged(pieces: list[prose.Piece]) -> list[prose.Piece]:
    """Long tables go on after a page number, without their header, as a page made of a PDF has them."""
    made: list[prose.Piece] = []
    for piece in pieces:
        if isinstance(piece[1], Part) and len(piece[1].rows) > PAGE:
            first = Part(piece[1].rows[:PAGE], [m for m in piece[1].merges if m[2] < PAGE])
            merges = [(t - PAGE, left, b - PAGE, r) for t, left, b, r in piece[1].merges if t >= PAGE]
            made += [("table", first), ("body", "— 9 —"), ("table", Part(piece[1].rows[PAGE:], merges))]
        else:
            made.append(piece)
    return made


PAGE = 16


def broken() -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Path below samples/broken/, bytes, entry of the index."""
    for slip in SLIPS:
        stem = f"{slip.office.name}_{slip.office.year}年度部门决算"
        if slip.writer == "docx":
            data = prose.word([_reworded(piece, slip) for piece in accounts_text.pieces(slip.office, slip.style)])
        else:
            data = WRITERS["xlsx"][1](_spoiled(accounts.sheets(slip.office, slip.style), slip))
        path = f"{stem}.{slip.writer}"
        entry = {"zh": slip.zh, "en": slip.en, "changed": [], "last": "", "expect": [*slip.expect]}
        yield path, data, {"file": path, **entry}


def _reworded(piece: prose.Piece, slip: Slip) -> prose.Piece:
    if isinstance(piece[1], Part):
        return piece
    said = piece[1]
    for right, wrong in slip.words:
        said = said.replace(right, wrong)
    return piece[0], said  # type: ignore[return-value]


def _spoiled(sheets: list[Sheet], slip: Slip) -> list[Sheet]:
    for title, row, right, wrong in slip.cells:
        sheet = next(sheet for sheet in sheets if sheet.rows[0][0] == title)
        line = next(line for line in sheet.rows if str(line[0]) == row)
        line[next(i for i, v in enumerate(line) if str(v) == right)] = type(amount(0))(wrong)
    return sheets
