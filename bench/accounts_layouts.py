"""The figures of published final accounts, printed as other provinces and years print them.

    python bench/accounts_layouts.py FILE.jsonl

A disclosure of ``accounts_score.py`` is taken apart into its nine tables, and ``LAYOUTS`` put them together again:
codes in one column or three, columns that a province leaves out or adds, line numbers, 元 for 万元, the three public
expenses in four shapes, other titles, other orders, further tables beside them. ``WRITERS`` make files of them.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from auditkit import rulebook
from auditkit.audit import Auditor
from auditkit.model.document import Area, Source
from auditkit.numerals import parse

Row = list[str]
TOTALS = ("总计", "本年收入合计", "本年支出合计")
FUNDS = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
SOURCES = ("财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
KINDS = ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
EXPENSES = (
    "合计",
    "因公出国（境）费",
    "小计",
    "公务用车购置费",
    "公务用车运行维护费",
    "公务接待费",
)


@dataclass
class Listing:
    """Records by code, the total first: code → name and amounts."""

    total: Row
    records: dict[str, tuple[str, Row]] = field(default_factory=dict)


@dataclass
class Figures:
    """Nine tables, whatever their layout. Amounts as printed, in 万元; empty where nothing is."""

    unit: str
    income: list[tuple[str, str]]
    spent: list[tuple[str, str]]
    sources: Listing
    kinds: Listing
    granted: list[tuple[str, str]]
    granted_spent: list[tuple[str, Row]]
    general: Listing
    basic: dict[str, tuple[str, str]]
    """Economic code → name and amount."""
    staff: str
    office: str
    expenses: Row
    """Budget and final amount by turns, in the order of ``EXPENSES``."""


def taken_apart(record: dict[str, Any]) -> Figures:
    """The figures of one disclosure of the eastern layout."""
    tables: list[list[Row]] = []
    for page in record["numbers"]["tables"]:
        head = page["rows"][0][0]
        if head in {"项目", "收入", "经济分类", "经济分类科目编码", "财政拨款“三公”经费"} or not tables:
            tables.append([])
        tables[-1] += [[cell.replace(",", "").strip() for cell in row] for row in page["rows"]]
    one, two, three, four, five, six, seven = tables[:7]
    kinds = _listing(three, 6)
    basic, staff, office = _basic(six)
    return Figures(
        unit=record["unit"],
        income=[(_words(row[0]), row[1]) for row in one[2:] if row[0]],
        spent=[(_words(row[2]), row[3]) for row in one[2:] if row[2]],
        sources=_listing(two, 7),
        kinds=kinds,
        granted=[(_words(row[0]), row[1]) for row in four[2:] if row[0]],
        granted_spent=[(_words(row[2]), row[3:7]) for row in four[2:] if row[2]],
        general=_listing(five, 3),
        basic=basic,
        staff=staff,
        office=office,
        expenses=seven[-1][:12],
    )


def _words(label: str) -> str:
    return label.partition("、")[2] or label


def _listing(rows: list[Row], width: int) -> Listing:
    found = Listing([""] * width)
    for row in rows:
        codes, code = [cell for cell in row[:3] if cell.isdigit()], ""
        for part in codes:
            code = part if len(part) > 2 else code + part
        if code:
            found.records[code] = row[-width - 1], row[-width:]
        elif "合计" in row and row[-width]:
            found.total = row[-width:]
    return found


def _basic(rows: list[Row]) -> tuple[dict[str, tuple[str, str]], str, str]:
    found: dict[str, tuple[str, str]] = {}
    staff = office = ""
    for row in rows:
        half = len(row) // 2
        for part in (row[:half], row[half:]):
            code = "".join(cell for cell in part[:-2] if cell.isdigit())
            code = code if len(code) != 2 else ""
            if not code and part[:-2] and part[-3].isdigit():
                code = part[-3]
            if code:
                found[code] = part[-2], part[-1]
            if part[0] == "人员经费合计":
                staff = part[-1]
            if part[0] == "公用经费合计":
                office = part[-1]
    return found, staff, office


@dataclass
class Block:
    """One table as it is printed: what stands above it, its rows, merged areas."""

    title: str
    above: list[str]
    rows: list[Row]
    merges: list[Area] = field(default_factory=list)


@dataclass(frozen=True)
class Style:
    """How a province prints the tables."""

    codes: str = "one"
    """``one`` column, ``three`` under one label, ``split`` under 类, 款, 项."""
    lines: bool = False
    """Numbers of lines (行次) and of columns (栏次)."""
    drop: tuple[str, ...] = ()
    """Columns and rows that are not printed."""
    unit: str = "万元"
    number: Callable[[str], str] = lambda text: text
    amount: str = "决算数"
    split: bool = False
    """基本支出 into 人员经费 and 公用经费 in the tables by function."""
    carried: bool = False
    """The table of the general budget has what was carried over too."""
    expenses: str = "pairs"
    """``pairs``, ``halves``, ``down``, ``final``."""
    basic: str = "two"
    """``two`` or ``three`` blocks, ``one`` list, ``columns`` for staff and office."""
    titles: tuple[tuple[str, str], ...] = ()
    """Words replaced in titles."""
    order: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 8, 9, 7)
    mark: str = "公开{:02d}表"
    further: bool = False
    """Tables of other forms stand among them."""
    old: bool = False
    """As until 2018: one line for appropriations, with 其中; no state capital."""
    indent: bool = False


def blocks(figures: Figures, style: Style) -> list[Block]:
    """All nine tables in one style, in its order."""
    printed = _Printed(figures, style)
    made = {n: getattr(printed, f"table_{n}")() for n in range(1, 10)}
    found = []
    for place, n in enumerate(style.order, 1):
        title, rows, merges = made[n]
        title = dict(style.titles).get(title, title)
        above = [style.mark.format(place), f"部门：{figures.unit}", f"单位：{style.unit}"]
        found.append(Block(title, above, rows, merges))
    if style.further:
        found[3:3] = printed.further()
    return found


Made = tuple[str, list[Row], list[Area]]


class _Printed:
    def __init__(self, figures: Figures, style: Style) -> None:
        self.f = figures
        self.s = style

    def n(self, text: str) -> str:
        if not text or parse(text).number is None:
            return text
        return self.s.number(_in_yuan(text) if self.s.unit == "元" else text)

    def table_1(self) -> Made:
        left, right = list(self.f.income), list(self.f.spent)
        if self.s.old:
            granted = sum((Decimal(amount) for _, amount in left[:3] if amount), Decimal(0))
            left = [("财政拨款收入", f"{granted:.2f}"), ("其中：政府性基金预算财政拨款", left[1][1]), *left[3:]]
        return "收入支出决算总表", *self._sides(left, [(name, [amount]) for name, amount in right], [self.s.amount])

    def table_4(self) -> Made:
        kept = [n for n in range(4) if n == 0 or FUNDS[n - 1] not in self.s.drop]
        left = [(name, amount) for name, amount in self.f.granted if name not in self.s.drop]
        right = [(name, [row[n] for n in kept]) for name, row in self.f.granted_spent]
        return "财政拨款收入支出决算总表", *self._sides(left, right, [("合计", *FUNDS)[n] for n in kept])

    def _sides(self, left: list[tuple[str, str]], right: list[tuple[str, Row]], heads: list[str]) -> tuple[Any, ...]:
        """Income beside expenditure; the totals of both on one row."""
        over = next(i for i, (name, _) in enumerate(left) if name in TOTALS)
        under = next(i for i, (name, _) in enumerate(right) if name in TOTALS)
        gap = max(over, under)
        left = [*left[:over], *[("", "")] * (gap - over), *left[over:]]
        right = [*right[:under], *[("", [""] * len(heads))] * (gap - under), *right[under:]]
        tail = max(len(left), len(right)) - gap
        left = [*left[:-1], *[("", "")] * (gap + tail - len(left)), left[-1]]
        right = [*right[:-1], *[("", [""] * len(heads))] * (gap + tail - len(right)), right[-1]]
        line = ["行次"] if self.s.lines else []
        rows = [["收入", *[""] * (1 + len(line)), "支出", *[""] * (len(heads) + len(line))]]
        rows.append(["项目", *line, self.s.amount, "项目", *line, *heads])
        if self.s.lines:
            rows.append(["栏次", "", "1", "栏次", "", *(str(n) for n in range(2, 2 + len(heads)))])
        for n, ((name, amount), (other, amounts)) in enumerate(zip(left, right, strict=True), 1):
            one, two = ([str(n)], [str(n + len(left))]) if self.s.lines else ([], [])
            plain = n <= gap and name and not name.startswith("其中")
            label = f"{_numeral(n)}、{name}" if plain else ("　　" if self.s.indent and name else "") + name
            label2 = f"{_numeral(n)}、{other}" if n <= gap and other else other
            rows.append([label, *one, self.n(amount), label2, *two, *map(self.n, amounts)])
        wide = 2 + len(line)
        return rows, [(0, 0, 0, wide - 1), (0, wide, 0, wide + len(heads) + len(line))]

    def table_2(self) -> Made:
        return "收入决算表", *self._by_code(self.f.sources, ["本年收入合计", *SOURCES])

    def table_3(self) -> Made:
        return "支出决算表", *self._by_code(self.f.kinds, ["本年支出合计", *KINDS], split=self.s.split)

    def table_5(self) -> Made:
        if self.s.carried:
            return "一般公共预算财政拨款收入支出决算表", *self._carried()
        heads = ["本年支出", "合计", "基本支出", "项目支出"]
        return "一般公共预算财政拨款支出决算表", *self._by_code(self.f.general, heads, split=self.s.split, group=True)

    def table_8(self) -> Made:
        return "政府性基金预算财政拨款收入支出决算表", *self._funds(carried=True)

    def table_9(self) -> Made:
        return "国有资本经营预算财政拨款支出决算表", *self._funds(carried=False)

    def _funds(self, *, carried: bool) -> tuple[list[Row], list[Area]]:
        stub = self._stub()
        first, last = (["年初结转和结余", "本年收入"], ["年末结转和结余"]) if carried else ([], [])
        rows = [[*stub, *first, "本年支出", "", "", *last], ["", *[""] * (len(stub) - 1), *[""] * len(first)]]
        rows[1] += ["合计", "基本支出", "项目支出", *[""] * len(last)]
        width, at = len(rows[0]), len(stub) + len(first)
        rows += [["合计", *[""] * (width - 1)], [""] * width, [""] * width]
        return rows, [(0, at, 0, at + 2), *((0, c, 1, c) for c in range(width) if not at <= c <= at + 2)]

    def _stub(self) -> Row:
        return ["科目编码", "科目名称"] if self.s.codes == "one" else ["支出功能分类科目编码", "", "", "科目名称"]

    def _code(self, code: str) -> Row:
        if self.s.codes == "one":
            return [code]
        if self.s.codes == "three":
            return [code, "", ""]
        return [code[:3], code[3:5], code[5:7]]

    def _by_code(
        self, listing: Listing, heads: list[str], *, split: bool = False, group: bool = False
    ) -> tuple[list[Row], list[Area]]:
        over, heads = (heads[0], heads[1:]) if group else ("", heads)
        kept = [n for n, head in enumerate(heads) if head not in self.s.drop]
        names = [heads[n] for n in kept]
        stub = self._stub()
        at, merges = len(stub), list[Area]()
        rows = [[*stub, *names]]
        if split:
            two = names.index("基本支出")
            rows = [[*stub, *names[: two + 1], "", "", *names[two + 1 :]]]
            rows.append([*[""] * (at + two), "小计", "人员经费", "公用经费", *[""] * (len(names) - two - 1)])
            merges.append((0, at + two, 0, at + two + 2))
        if over:
            rows.insert(0, [*stub, over, *[""] * (len(rows[0]) - at - 1)])
            rows[1][:at] = [""] * at
            merges = [(top + 1, left, bottom + 1, right) for top, left, bottom, right in merges]
            merges.append((0, at, 0, len(rows[0]) - 1))
        if self.s.codes == "split":
            rows.append(["类", "款", "项", *[""] * (len(rows[0]) - 3)])
        if self.s.codes != "one":
            merges.append((0, 0, len(rows) - 1 - (self.s.codes == "split"), 2))
        if self.s.lines:
            rows.append(["栏次", *[""] * (at - 1), *(str(n) for n in range(1, len(rows[0]) - at + 1))])
        rows.append(["合计", *[""] * (at - 1), *self._amounts(listing.total, kept, split=split)])
        for code, (name, amounts) in listing.records.items():
            label = "　" * (len(code) // 2 - 1) * self.s.indent + name
            rows.append([*self._code(code), label, *self._amounts(amounts, kept, split=split)])
        return rows, merges

    def _amounts(self, amounts: Row, kept: Sequence[int], *, split: bool) -> Row:
        row = [self.n(amounts[n]) for n in kept]
        if split:
            row[2:2] = [row[1], ""]  # all of it is staff
        return row

    def _carried(self) -> tuple[list[Row], list[Area]]:
        """年初, 本年收入, 本年支出, 年末, each in total, basic and project."""
        stub, three = self._stub(), ["合计", "基本支出", "项目支出"]
        groups = ["年初结转和结余", "本年收入", "本年支出", "年末结转和结余"]
        at = len(stub)
        rows = [[*stub, *(cell for group in groups for cell in (group, "", ""))], [*[""] * at, *three * 4]]
        merges: list[Area] = [(0, at + 3 * n, 0, at + 3 * n + 2) for n in range(4)]
        merges += [(0, c, 1, c) for c in ([at - 1] if self.s.codes != "one" else range(at))]
        everything = {"": ("合计", self.f.general.total), **self.f.general.records}
        for code, (name, amounts) in everything.items():
            row = [self.n(amount) for amount in amounts]
            stub_cells = [*self._code(code), name] if code else ["合计", *[""] * (at - 1)]
            rows.append([*stub_cells, *[""] * 3, *row, *row, *[""] * 3])
        return rows, merges

    def table_6(self) -> Made:
        title = "一般公共预算财政拨款基本支出决算表"
        staff = [(c, *v) for c, v in self.f.basic.items() if c[:3] in {"301", "303"}]
        office = [(c, *v) for c, v in self.f.basic.items() if c[:3] not in {"301", "303"}]
        if self.s.basic in {"one", "columns"}:
            return title, *self._basic_list(staff, office)
        right = [office[: len(office) // 2], office[len(office) // 2 :]] if self.s.basic == "three" else [office]
        sides = [staff, *right]
        head = ["科目编码", "科目名称", self.s.amount]
        rows = [["人员经费", "", "", "公用经费", *[""] * (3 * len(right) - 1)], head * len(sides)]
        for n in range(max(map(len, sides))):
            cells = [side[n] if n < len(side) else ("", "", "") for side in sides]
            rows.append([cell for code, name, amount in cells for cell in (code, name, self.n(amount))])
        rows.append(["人员经费合计", "", self.n(self.f.staff), "公用经费合计", *[""] * (3 * len(right) - 2)])
        rows[-1].append(self.n(self.f.office))
        last, width = len(rows) - 1, len(rows[0])
        return title, rows, [(0, 0, 0, 2), (0, 3, 0, width - 1), (last, 0, last, 1), (last, 3, last, width - 2)]

    def _basic_list(self, staff: list[Any], office: list[Any]) -> tuple[list[Row], list[Area]]:
        wide = self.s.basic == "columns"
        rows = [
            ["经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费"]
            if wide
            else ["科目编码", "科目名称", self.s.amount]
        ]
        whole = self.n(f"{Decimal(self.f.staff or 0) + Decimal(self.f.office or 0):.2f}")
        if wide:
            rows.append(["合计", "", whole, self.n(self.f.staff), self.n(self.f.office)])
        for n, items in enumerate((staff, office)):
            for code, name, amount in items:
                more = [self.n(amount) if n == side else "" for side in (0, 1)] if wide else []
                rows.append([code, name, self.n(amount), *more])
            if not wide:
                rows.append([("人员经费合计", "公用经费合计")[n], "", self.n((self.f.staff, self.f.office)[n])])
        return rows, []

    def table_7(self) -> Made:
        title, cells = "财政拨款“三公”经费支出决算表", [self.n(cell) for cell in self.f.expenses]
        budget, final = cells[0::2], cells[1::2]
        cars = "公务用车购置及运行维护费"
        if self.s.expenses == "down":
            order = (0, 1, 2, 3, 4, 5)
            names = [
                "合计",
                "1.因公出国（境）费",
                "2.公务用车购置及运行维护费",
                "（1）公务用车购置费",
                "（2）公务用车运行维护费",
                "3.公务接待费",
            ]
            rows = [["项目", "预算数", "决算数"], *([names[n], budget[n], final[n]] for n in order)]
            return title, rows, []
        top = ["合计", "因公出国（境）费", cars, "", "", "公务接待费"]
        under = ["", "", *EXPENSES[2:5], ""]
        if self.s.expenses == "halves":
            rows = [["预算数", *[""] * 5, "决算数", *[""] * 5], top * 2, under * 2, [*budget, *final]]
            down: list[Area] = [(1, c, 2, c) for c in (0, 1, 5, 6, 7, 11)]
            return title, rows, [(0, 0, 0, 5), (0, 6, 0, 11), (1, 2, 1, 4), (1, 8, 1, 10), *down]
        if self.s.expenses == "final":
            return title, [top, under, final], [(0, 2, 0, 4), (0, 0, 1, 0), (0, 1, 1, 1), (0, 5, 1, 5)]
        rows = [[c for name in top for c in (name, "")], [c for name in under for c in (name, "")]]
        rows += [["预算数", "决算数"] * 6, cells]
        over: list[Area] = [(1, c, 1, c + 1) for c in (4, 6, 8)]
        return title, rows, [*((0, c, 1, c + 1) for c in (0, 2, 10)), (0, 4, 0, 9), *over]

    def further(self) -> list[Block]:
        """Tables that some provinces add: appropriations in full detail, project expenditure."""
        stub = ["科目编码", "科目名称"]
        detail = [
            [*stub, "合计", "工资福利支出", "商品和服务支出"],
            ["合计", "", self.n(self.f.general.total[0]), "", ""],
        ]
        project = [[*stub, "合计", "项目支出"]]
        for code, (name, amounts) in self.f.general.records.items():
            detail.append([code, name, self.n(amounts[0]), "", ""])
            if amounts[2]:
                project.append([code, name, self.n(amounts[2]), self.n(amounts[2])])
        titles = ("财政拨款支出决算明细表", "一般公共预算财政拨款项目支出决算表")
        return [
            Block(title, [f"单位：{self.s.unit}"], rows) for title, rows in zip(titles, (detail, project), strict=True)
        ]


def _in_yuan(text: str) -> str:
    return f"{Decimal(text) * 10000:.2f}"


def commas(text: str) -> str:
    return f"{Decimal(text):,.2f}"


def _numeral(n: int) -> str:
    tens, ones = divmod(n, 10)
    return ("" if not tens else "十" if tens == 1 else "一二三四五六七八九"[tens - 1] + "十") + (
        "一二三四五六七八九"[ones - 1] if ones else ""
    )


CENTRAL = (("支出决算表", "支出决算表"),)
LAYOUTS: dict[str, Style] = {
    "eastern": Style(order=(1, 2, 3, 4, 5, 6, 7, 8, 9)),
    "central": Style(codes="split", lines=True, number=commas, basic="three", expenses="halves", amount="金额"),
    "dropped": Style(
        codes="three",
        drop=("上级补助收入", "经营收入", "附属单位上缴收入", "上缴上级支出", "经营支出", "对附属单位补助支出"),
        mark="附表{}",
    ),
    "no-other": Style(drop=("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", FUNDS[2]), basic="one"),
    "yuan": Style(unit="元", codes="split", lines=True, number=commas, expenses="down", indent=True),
    "split": Style(split=True, basic="columns", expenses="down", mark="决算{:02d}表", indent=True),
    "south-west": Style(
        carried=True,
        codes="split",
        expenses="down",
        titles=(
            ("收入支出决算总表", "收入支出决算表"),
            ("财政拨款“三公”经费支出决算表", "财政拨款“三公”经费、行政参公单位机关运行经费情况表"),
        ),
    ),
    "old": Style(old=True, lines=True, drop=(FUNDS[2],), amount="决算数", expenses="halves", mark="公开{:02d}表"),
    "further": Style(further=True, basic="columns", expenses="final", number=commas),
}


def heading(figures: Figures) -> str:
    return f"{figures.unit}2023年度部门决算"


def as_html(figures: Figures, made: Sequence[Block], said: Sequence[str] = ()) -> bytes:
    """A web page: title and remarks in paragraphs, merged cells by spans."""
    out = [f"<h1>{escape(heading(figures))}</h1>"]
    for block in made:
        out += [f"<p>{escape(line)}</p>" for line in (block.title, *block.above)]
        out.append(f"<table>{''.join(map(_html_row, _spans(block)))}</table>")
    out += [f"<p>{escape(line)}</p>" for line in said]
    return f"<html><body>{''.join(out)}</body></html>".encode()


def _html_row(cells: Iterator[tuple[str, int, int]]) -> str:
    made = (f"<td rowspan={down} colspan={across}>{escape(text)}</td>" for text, down, across in cells)
    return f"<tr>{''.join(made)}</tr>"


def _spans(block: Block) -> Iterator[Iterator[tuple[str, int, int]]]:
    first = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in block.merges}
    gone = {
        (r, c)
        for top, left, bottom, right in block.merges
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
        if (r, c) != (top, left)
    }
    for r, row in enumerate(block.rows):
        yield ((text, *first.get((r, c), (1, 1))) for c, text in enumerate(row) if (r, c) not in gone)


def as_docx(figures: Figures, made: Sequence[Block], said: Sequence[str] = ()) -> bytes:
    from docx import Document  # noqa: PLC0415

    document = Document()
    document.add_heading(heading(figures), 0)
    for block in made:
        for line in (block.title, *block.above):
            document.add_paragraph(line)
        table = document.add_table(len(block.rows), len(block.rows[0]))
        for cells, row in zip(table.rows, block.rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = text
        for top, left, bottom, right in block.merges:
            kept = block.rows[top][left]
            table.cell(top, left).merge(table.cell(bottom, right)).text = kept
    for line in said:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_xlsx(_: Figures, made: Sequence[Block], said: Sequence[str] = ()) -> bytes:
    """One sheet a table; numbers as numbers."""
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    book.remove(book.active)
    for n, block in enumerate(made, 1):
        sheet = book.create_sheet(f"{n}{block.title}"[:31])
        for line in (block.title, "    ".join(block.above)):
            sheet.append([line])
        for row in block.rows:
            sheet.append([_value(text) for text in row])
        for top, left, bottom, right in block.merges:
            sheet.merge_cells(None, top + 3, left + 1, bottom + 3, right + 1)
    if said:
        sheet = book.create_sheet("说明")
        for line in said:
            sheet.append([line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _value(text: str) -> Any:
    return float(text.replace(",", "")) if "." in text and parse(text).number is not None else text or None


def as_text(figures: Figures, made: Sequence[Block], said: Sequence[str] = ()) -> bytes:
    """Tables as rows of marks."""
    lines = [heading(figures), ""]
    for block in made:
        lines += [block.title, *block.above, ""]
        lines += [f"| {' | '.join(row)} |" for row in block.rows]
        lines.append("")
    return "\n".join([*lines, *said]).encode()


WRITERS: dict[str, Callable[..., bytes]] = {"docx": as_docx, "xlsx": as_xlsx, "html": as_html, "md": as_text}


def main(path: str) -> None:
    """One line for every layout and file type: checks that hold, findings, tables not found, of all disclosures."""
    auditor = Auditor((rulebook.find("cn-final-accounts"),), forced=True)
    records = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    every = [taken_apart(record) for record in records if record["kind"] == "table-final-accounts"]
    for name, style in LAYOUTS.items():
        for suffix, write in WRITERS.items():
            made = [Source(f"甲.{suffix}", write(one, blocks(one, style))) for one in every]
            results = list(auditor.audit(made))
            passed = sum(t.passed for r in results for code, t in r.tallies.items() if code.startswith("JS"))
            missing = sorted({table for result in results for table in result.missing})
            found = [f"{f.rule} {f.place.to('zh')}" for result in results for f in result.findings]
            print(f"{name:10} {suffix:5} {passed} hold, {len(found)} findings {found[:3]}, not found {missing}")


if __name__ == "__main__":
    main(sys.argv[1])
