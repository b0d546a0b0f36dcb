"""Made-up statistical tables whose aggregations are known: the generator behind ``discovery_score.py --generate``.

What real tables do, they do: totals first or last, subtotals with and without indentation, of-which rows, groups with
one member, blank rows, years as headings, percentages beside counts, rounding, marks for missing numbers, zeros, text
columns, differences, averages, and tables in which nothing adds up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Cell = tuple[int, int]

REGIONS = [
    "North",
    "South",
    "East",
    "West",
    "Central",
    "Upper Valley",
    "Lake District",
    "Coast",
    "Highlands",
    "Islands",
    "Capital",
    "Border",
    "Delta",
    "Plains",
    "Foothills",
    "Marches",
]
TOWNS = [
    f"{a}{b}"
    for a in ("Ash", "Bram", "Cold", "Dun", "Elm", "Fox", "Glen", "Hart", "Ing", "Kel", "Lang", "Mar")
    for b in ("ford", "ton", "wick", "by", "dale", "ham", "stead")
]
THINGS = [
    "Wheat",
    "Barley",
    "Oats",
    "Rye",
    "Maize",
    "Potatoes",
    "Sugar beet",
    "Rapeseed",
    "Hay",
    "Peas",
    "Beans",
    "Apples",
    "Pears",
    "Plums",
    "Cherries",
    "Grapes",
    "Hops",
    "Flax",
    "Hemp",
    "Tobacco",
]
ZH_GROUPS = [
    "农业",
    "工业",
    "建筑业",
    "交通运输",
    "批发零售",
    "住宿餐饮",
    "金融",
    "房地产",
    "教育",
    "卫生",
    "文化",
    "公共管理",
]
ZH_ITEMS = [
    f"{a}{b}"
    for a in ("种植", "养殖", "林", "渔", "采矿", "纺织", "食品", "化工", "机械", "电力", "水利", "邮政")
    for b in ("生产", "服务", "加工", "管理")
]
ZH_NUMBERS = "一二三四五六七八九十"


@dataclass
class Node:
    """A row or column: its words, its parts, and the lines that only describe it."""

    words: str
    parts: list[Node] = field(default_factory=list)
    of_which: list[Node] = field(default_factory=list)
    values: list[Decimal] = field(default_factory=list)
    level: int = 0
    at: int = -1


@dataclass
class Style:
    """How one table is written."""

    rng: random.Random
    chinese: bool
    decimals: int
    commas: bool
    total_first: bool
    indent: int
    numbered: bool
    zero: str
    base: int
    whole: bool
    """Totals are computed from rounded figures, so that every sum is exact."""


def style(rng: random.Random) -> Style:
    """One way of writing tables, drawn at random."""
    return Style(
        rng=rng,
        chinese=rng.random() < 0.25,
        decimals=rng.choice([0, 0, 0, 0, 1, 1, 2]),
        commas=rng.random() < 0.6,
        total_first=rng.random() < 0.5,
        indent=rng.choice([0, 0, 0, 1, 2, 3]),
        numbered=rng.random() < 0.2,
        zero=rng.choice(["0", "0", "-", "", "—", "0.0"]),
        base=rng.choice([1] * 17 + [5, 3, 10]),
        whole=rng.random() < 0.75,
    )


def tree(rng: random.Random, words: list[str], depth: int, total: str) -> Node:
    """A hierarchy of one to three levels; groups may have a single member, and of-which lines."""
    names = iter(words)

    def grow(name: str, level: int) -> Node:
        node = Node(name, level=level)
        if level < depth:
            wide = rng.choice([2, 2, 3, 3, 4, 5, 6, 8]) if level else rng.choice([2, 3, 3, 4, 5, 6, 7, 9, 12])
            if level and rng.random() < 0.2:
                wide = rng.choice([0, 1])
            node.parts = [grow(next(names, f"Item {rng.randrange(10**6)}"), level + 1) for _ in range(wide)]
        elif rng.random() < 0.04:
            node.of_which = [Node("of which: " + rng.choice(THINGS).lower(), level=level + 1)]
        return node

    return grow(total, 0)


def lines(node: Node, s: Style) -> list[Node]:
    """The nodes in the order they are printed."""
    below = [line for part in node.parts for line in lines(part, s)] + node.of_which
    return [node, *below] if s.total_first or not node.parts else [*below, node]


def fill(node: Node, columns: int, s: Style, scale: list[float], mean: float, empty: float) -> list[Decimal]:
    """Leaf values at random, totals from them; rounded before adding, or after."""
    if node.parts:
        rows = [fill(part, columns, s, scale, mean, empty) for part in node.parts]
        exact = [sum((row[c] for row in rows), Decimal(0)) for c in range(columns)]
    else:
        size = s.rng.lognormvariate(mean, 1.0)
        exact = [
            Decimal(0) if s.rng.random() < empty else Decimal(repr(round(size * f * s.rng.uniform(0.7, 1.3), 6)))
            for f in scale
        ]
        for extra in node.of_which:
            extra.values = [rounded(v * Decimal(repr(round(s.rng.uniform(0.1, 0.8), 3))), s) for v in exact]
        if s.whole:
            exact = [rounded(v, s) for v in exact]
    node.values = [rounded(v, s) for v in exact]
    return node.values if s.whole else exact


def rounded(value: Decimal, s: Style) -> Decimal:
    """To the decimals of the table, or to its base."""
    step = Decimal(s.base) if s.base > 1 and not s.decimals else Decimal(1).scaleb(-s.decimals)
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def written(value: Decimal, s: Style) -> str:
    """As text: separators, brackets never, the table's own zero."""
    if not value:
        return s.zero
    return f"{value:,.{s.decimals}f}" if s.commas else f"{value:.{s.decimals}f}"


def label(node: Node, position: int, s: Style) -> str:
    """The words with indentation or numbering."""
    text = node.words
    if s.numbered and node.level == 1:
        text = f"{ZH_NUMBERS[position % 10]}、{text}" if s.chinese else f"{position + 1}. {text}"
    return " " * (s.indent * node.level) + text


class Draft:
    """A table being written: rows of text, and the aggregations that are true in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[str]] = []
        self.found: list[dict[str, Any]] = []

    def add(self, op: str, total: Cell, parts: list[Cell]) -> None:
        """One true aggregation."""
        if len(parts) > 1:
            self.found.append({"op": op, "total": list(total), "parts": [list(p) for p in parts]})

    def done(self) -> dict[str, Any]:
        """In the format of the corpus."""
        width = max(len(row) for row in self.rows)
        return {
            "id": self.name,
            "rows": [row + [""] * (width - len(row)) for row in self.rows],
            "aggregations": self.found,
        }


def matrix(rng: random.Random, name: str) -> dict[str, Any]:
    """Rows in a hierarchy × columns that are years, categories with a total, or groups of them."""
    s = style(rng)
    words = rng.sample(ZH_GROUPS + ZH_ITEMS, 58) if s.chinese else rng.sample(REGIONS + TOWNS + THINGS, 110)
    top = rng.choice(
        ["合计", "总计"]
        if s.chinese
        else ["Total", "All regions", "Total", "TOTAL", "United Provinces", "Country total"]
    )
    root = tree(rng, words, rng.choice([1, 1, 2, 2, 2, 3]), top)
    heads, sums, width = columns(rng, s)
    leaves = sorted(set(range(width)) - {t for t, _ in sums})
    mean, empty = rng.choice([2.5, 4, 6, 8]), rng.choice([0, 0, 0, 0.1, 0.5])
    fill(root, len(leaves), s, [rng.lognormvariate(0, 0.5) for _ in leaves], mean, empty)
    flat = lines(root, s)
    draft = Draft(name)
    extras = rng.choice(["", "", "", "percent", "change", "percent rows"]) if width < 8 else ""
    if extras == "percent":
        mark = rng.choice(["%", "Percent", "比重" if s.chinese else "Percent distribution"])
        heads = [
            [w for word in row for w in (word, mark if k == len(heads) - 1 else "")] for k, row in enumerate(heads)
        ]
    if extras == "change":
        heads[-1].append("增长率" if s.chinese else "Change (%)")
    head(draft, rng, s, heads)
    body(draft, rng, s, root, flat, (leaves, sums, width), extras)
    if rng.random() < 0.4:
        draft.rows += [
            [],
            [
                "Note: figures may not add due to rounding."
                if not s.chinese
                else "注：由于四舍五入，合计可能不等于分项之和。"
            ],
        ]
    return draft.done()


def columns(rng: random.Random, s: Style) -> tuple[list[list[str]], list[tuple[int, list[int]]], int]:
    """Header rows, sums among the columns, and their number."""
    kind = rng.choice(["years", "years", "total", "total", "groups", "single", "plain"])
    total, parts = (
        ("合计", ["男", "女"])
        if s.chinese
        else (
            "Total",
            rng.choice(
                [
                    ["Male", "Female"],
                    ["Urban", "Rural"],
                    ["Public", "Private", "Other"],
                    ["Under 18", "18-64", "65 and over"],
                ]
            ),
        )
    )
    if kind == "years":
        first, n = rng.randrange(1960, 2015), rng.choice([2, 3, 4, 5, 6, 8, 10])
        return [[str(first + k) + ("年" if s.chinese else "") for k in range(n)]], [], n
    if kind == "single":
        return [["数量" if s.chinese else "Number"]], [], 1
    if kind == "plain":
        n = rng.choice([2, 3, 4])
        return [rng.sample(["Area", "Persons", "Farms", "Vehicles", "Cattle", "Schools"], n)], [], n
    if kind == "total":
        parts = parts if rng.random() < 0.5 else (ZH_GROUPS if s.chinese else THINGS)[: rng.choice([3, 4, 6, 8])]
        n = len(parts)
        if rng.random() < 0.5:
            return [[total, *parts]], [(0, list(range(1, n + 1)))], n + 1
        return [[*parts, total]], [(n, list(range(n)))], n + 1
    groups, n = rng.choice([2, 3]), len(parts) + 1
    names = [str(2000 + 5 * k) for k in range(groups)] if rng.random() < 0.5 else ["Farm", "Trade", "Craft"][:groups]
    if rng.random() < 0.3 and not names[0].isdecimal():
        names = ["All sectors", *names]
        across = [(k, [g * n + k for g in range(1, groups + 1)]) for k in range(n)]
        groups += 1
    else:
        across = []
    sums = [(g * n, [g * n + k for k in range(1, n)]) for g in range(groups)]
    return (
        [[w for g in names for w in (g, *[""] * (n - 1))], [w for _ in names for w in (total, *parts)]],
        sums + across,
        groups * n,
    )


def head(draft: Draft, rng: random.Random, s: Style, heads: list[list[str]]) -> None:
    """Title and header rows."""
    if rng.random() < 0.7:
        draft.rows.append(
            [
                (
                    "表1 主要指标"
                    if s.chinese
                    else f"Table {rng.randrange(1, 90)}. Selected figures by region, {rng.randrange(1990, 2020)}"
                )
            ]
        )
    if rng.random() < 0.3:
        draft.rows.append(["单位：万元" if s.chinese else "(in thousands)"])
    if rng.random() < 0.4:
        draft.rows.append([])
    stub = rng.choice(["", "地区" if s.chinese else "Region", "指标" if s.chinese else "Item"])
    for k, row in enumerate(heads):
        draft.rows.append([stub if k == len(heads) - 1 else "", *row])


def body(
    draft: Draft,
    rng: random.Random,
    s: Style,
    root: Node,
    flat: list[Node],
    shape: tuple[list[int], list[tuple[int, list[int]]], int],
    extras: str,
) -> None:
    """The rows, their sums on both axes, and percentages or changes beside or between them."""
    leaves, sums, width = shape
    spread = rng.random() < 0.25
    positions = {id(n): sum(1 for m in flat[:i] if m.level == 1) for i, n in enumerate(flat)}
    between = 2 if extras == "percent rows" and not sums else 1
    for node in flat:
        if spread and node.level <= 1 and node.parts and s.total_first and draft.rows and len(draft.rows) > 4:
            draft.rows.append([])
        node.at = len(draft.rows)
        whole = [Decimal(0)] * width
        for k, c in enumerate(leaves):
            whole[c] = node.values[k]
        done = set(leaves)
        while len(done) < width:
            for t, parts in sums:
                if t not in done and all(p in done for p in parts):
                    whole[t] = sum((whole[p] for p in parts), Decimal(0))
                    done.add(t)
        cells = [written(v, s) for v in whole]
        cells = beside(draft, node.at, whole, cells, root, extras, sums)
        draft.rows.append([label(node, positions[id(node)], s), *cells])
        step = 2 if extras == "percent" else 1
        for t, parts in sums:
            draft.add("sum", (node.at, 1 + step * t), [(node.at, 1 + step * p) for p in parts])
        if between == 2:
            draft.rows.append(
                [
                    "  percent" if rng.random() < 0.5 else "%",
                    *[f"{100 * v / max(root.values[k], 1):.1f}" for k, v in enumerate(node.values)],
                ]
            )
    columns_of = {c: 1 + (2 * c if extras == "percent" else c) for c in range(width)}
    for node in flat:
        if len(node.parts) > 1:
            for c in range(width):
                draft.add("sum", (node.at, columns_of[c]), [(p.at, columns_of[c]) for p in node.parts])
                if between == 2:
                    draft.add("sum", (node.at + 1, columns_of[c]), [(p.at + 1, columns_of[c]) for p in node.parts])
                if extras == "percent" and not sums:
                    draft.add("sum", (node.at, 2 + 2 * c), [(p.at, 2 + 2 * c) for p in node.parts])
    if between == 2:
        for node in flat:
            for c in range(width):
                if node is not root and root.values[c]:
                    draft.add("division", (node.at + 1, 1 + c), [(node.at, 1 + c), (root.at, 1 + c)])
    if extras == "percent" and not sums:
        for node in flat:
            for c in range(width):
                if node is not root and root.values[c]:
                    draft.add("share", (node.at, 2 + 2 * c), [(node.at, 1 + 2 * c), (root.at, 1 + 2 * c)])


def beside(
    draft: Draft, row: int, whole: list[Decimal], cells: list[str], root: Node, extras: str, sums: list[Any]
) -> list[str]:
    """Percent columns between the counts, or a column of relative change at the end."""
    if extras == "percent" and not sums:
        shares = [f"{100 * v / root.values[k]:.1f}" if root.values[k] else "" for k, v in enumerate(whole)]
        return [text for pair in zip(cells, shares, strict=True) for text in pair]
    if extras == "percent":
        return [text for cell in cells for text in (cell, "")]
    if extras == "change" and not sums and len(whole) > 1 and whole[-2]:
        draft.add("change", (row, 1 + len(whole)), [(row, len(whole)), (row, len(whole) - 1)])
        return [*cells, f"{100 * (whole[-1] - whole[-2]) / whole[-2]:.1f}%"]
    return cells


def statement(rng: random.Random, name: str) -> dict[str, Any]:
    """A financial statement: groups with totals, and differences of totals."""
    s = style(rng)
    s.decimals, s.base, s.zero = rng.choice([0, 0, 2]), 1, "-"
    n = rng.choice([1, 1, 2, 3, 5])
    draft = Draft(name)
    draft.rows.append(["Statement of income"])
    draft.rows.append(["", *[str(2001 + k) for k in range(n)]])

    def block(title: str, items: list[str], total: str) -> tuple[list[int], int]:
        if rng.random() < 0.7:
            draft.rows.append([title])
        rows = []
        for item in items:
            rows.append(len(draft.rows))
            draft.rows.append(["  " * (s.indent > 0) + item, *[str(rng.randrange(100, 900000)) for _ in range(n)]])
        at = len(draft.rows)
        draft.rows.append([total, *[str(sum(int(draft.rows[r][1 + c]) for r in rows)) for c in range(n)]])
        for c in range(n):
            draft.add("sum", (at, 1 + c), [(r, 1 + c) for r in rows])
        if rng.random() < 0.5:
            draft.rows.append([])
        return rows, at

    _, income = block(
        "Revenue",
        rng.sample(["Sales", "Services", "Rent", "Interest", "Royalties", "Other income"], rng.choice([2, 3, 4])),
        "Total revenue",
    )
    _, cost = block(
        "Expenses",
        rng.sample(
            ["Wages", "Materials", "Energy", "Depreciation", "Insurance", "Travel", "Taxes"], rng.choice([2, 3, 5])
        ),
        "Total expenses",
    )
    at = len(draft.rows)
    draft.rows.append(
        [
            rng.choice(["Net income", "Surplus", "Operating profit"]),
            *[str(int(draft.rows[income][1 + c]) - int(draft.rows[cost][1 + c])) for c in range(n)],
        ]
    )
    for c in range(n):
        draft.add("difference", (at, 1 + c), [(income, 1 + c), (cost, 1 + c)])
    return formatted(draft, s)


def formatted(draft: Draft, s: Style) -> dict[str, Any]:
    """Gives whole numbers the separators and decimals of the style."""
    for row in draft.rows:
        for c in range(1, len(row)):
            if row[c].lstrip("-").isdecimal() and not 1900 < int(row[c]) < 2100:
                row[c] = f"{Decimal(row[c]):,.{s.decimals}f}" if s.commas else f"{Decimal(row[c]):.{s.decimals}f}"
    return draft.done()


def flow(rng: random.Random, name: str) -> dict[str, Any]:
    """Stock at the start, in, out, stock at the end, by office, with an overall row."""
    draft = Draft(name)
    draft.rows.append(["Office", "Pending at start", "Received", "Processed", "Pending at end"])
    table = []
    for _ in range(rng.choice([3, 5, 8, 12])):
        start, received = rng.randrange(0, 300), rng.randrange(20, 900)
        processed = rng.randrange(10, start + received)
        table.append([start, received, processed, start + received - processed])
    rows = list(range(1, len(table) + 1))
    for office, values in zip(rng.sample(TOWNS, len(table)), table, strict=True):
        draft.rows.append([office, *map(str, values)])
    at = len(draft.rows)
    draft.rows.append(["Overall", *[str(sum(row[c] for row in table)) for c in range(4)]])
    for c in range(4):
        draft.add("sum", (at, 1 + c), [(r, 1 + c) for r in rows])
    for r in (*rows, at):
        draft.add("difference", (r, 4), [(r, 1), (r, 2), (r, 3)])
    return draft.done()


def averages(rng: random.Random, name: str) -> dict[str, Any]:
    """Figures by month with a mean at the end."""
    draft = Draft(name)
    n = rng.choice([2, 3, 5])
    draft.rows.append(["Month", *rng.sample(["Rainfall", "Sunshine", "Wind", "Pressure", "Humidity", "Snow"], n)])
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][: rng.choice([6, 12])]
    values = [[rng.randrange(100, 9999) for _ in range(n)] for _ in months]
    for month, row in zip(months, values, strict=True):
        draft.rows.append([month, *[f"{v / 10:.1f}" for v in row]])
    at = len(draft.rows)
    draft.rows.append(
        [
            rng.choice(["Average", "Mean"]),
            *[f"{sum(row[c] for row in values) / 10 / len(months):.1f}" for c in range(n)],
        ]
    )
    for c in range(n):
        draft.add("average", (at, 1 + c), [(r, 1 + c) for r in range(1, at)])
    return draft.done()


def nothing(rng: random.Random, name: str) -> dict[str, Any]:
    """A list in which nothing adds up: ranks, years, rates, prices, small counts."""
    draft = Draft(name)
    n = rng.choice([6, 10, 20, 40])
    makers = rng.sample(
        [
            lambda i: str(i + 1),
            lambda _: str(rng.randrange(1950, 2020)),
            lambda _: f"{rng.uniform(0, 100):.1f}",
            lambda _: f"{rng.lognormvariate(8, 1):,.0f}",
            lambda _: f"${rng.lognormvariate(3, 0.5):.2f}",
            lambda _: str(rng.randrange(0, 12)),
            lambda _: f"{rng.uniform(0, 30):.0f}%",
            lambda _: str(rng.choice([0, 0, 0, 1, 2])),
        ],
        rng.choice([2, 3, 4, 6]),
    )
    draft.rows.append(["Name", *[f"Measure {k + 1}" for k in range(len(makers))]])
    for i, town in enumerate(rng.sample(TOWNS, n)):
        draft.rows.append([town, *[make(i) for make in makers]])
    return draft.done()


def budget(rng: random.Random, name: str) -> dict[str, Any]:
    """A home-made spreadsheet: sections with headings, spacer columns, totals without a word, a grand total."""
    s = style(rng)
    s.decimals, s.zero = rng.choice([0, 2, 2]), ""
    draft = Draft(name)
    gap = rng.random() < 0.3
    n = rng.choice([2, 3, 4, 6])
    wide = [1 + k * (2 if gap else 1) for k in range(n)]
    across = rng.random() < 0.5
    width = wide[-1] + 2
    if rng.random() < 0.7:
        draft.rows.append([rng.choice(["Budget 2005", "Expense report", "Project costs", "Inventory"])])
    if rng.random() < 0.5:
        draft.rows.append([])
    heads = rng.choice(
        [
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun"],
            ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6"],
            ["Lab", "Field", "Office", "Travel", "Print", "Rent"],
        ]
    )
    totals, named = [], rng.random() < 0.7
    sections = rng.choice([1, 2, 2, 3])
    repeat = rng.random() < 0.4
    for section in range(sections):
        if section == 0 or repeat:
            row = [""] * width
            row[0] = rng.choice(["", "Item", f"Section {section + 1}"])
            for k, c in enumerate(wide):
                row[c] = heads[k]
            row[-1] = "Total" if across and named else ""
            draft.rows.append(row)
        elif rng.random() < 0.8:
            draft.rows.append([f"Section {section + 1}"])
        rows = []
        for item in rng.sample(THINGS, rng.choice([2, 3, 4, 6, 8])):
            values = [0 if rng.random() < 0.15 else rng.randrange(5, 9000) for _ in wide]
            rows.append(len(draft.rows))
            draft.rows.append(spread([item], wide, width, values, s, across))
        at = len(draft.rows)
        values = [sum(number(draft.rows[r][c]) for r in rows) for c in wide]
        draft.rows.append(spread([rng.choice(["Total", "Subtotal"]) if named else ""], wide, width, values, s, across))
        totals.append(at)
        for c in [*wide, *([width - 1] if across else [])]:
            draft.add("sum", (at, c), [(r, c) for r in rows])
        if rng.random() < 0.6:
            draft.rows.append([])
    if sections > 1:
        at = len(draft.rows)
        values = [sum(number(draft.rows[r][c]) for r in totals) for c in wide]
        draft.rows.append(spread([rng.choice(["Grand total", "TOTAL", "Sum"])], wide, width, values, s, across))
        for c in [*wide, *([width - 1] if across else [])]:
            draft.add("sum", (at, c), [(r, c) for r in totals])
    if across:
        for r, row in enumerate(draft.rows):
            if len(row) == width and row[-1] and row[-1] != "Total":
                draft.add("sum", (r, width - 1), [(r, c) for c in wide])
    return draft.done()


def spread(head: list[str], wide: list[int], width: int, values: list[int], s: Style, across: bool) -> list[str]:
    """A row with its numbers in the given columns, and their sum at the end."""
    row = [*head, *[""] * (width - len(head))]
    for c, value in zip(wide, values, strict=True):
        row[c] = written(Decimal(value), s)
    row[-1] = written(Decimal(sum(values)), s) if across else ""
    return row


def number(text: str) -> int:
    """A whole number back from its text."""
    return int(Decimal(text.replace(",", "") or 0))


def series(rng: random.Random, name: str) -> dict[str, Any]:
    """Years down the side; columns with a total, and sometimes a balance of two of them."""
    draft = Draft(name)
    parts = rng.choice([2, 3, 4])
    balance = parts == 2 and rng.random() < 0.5
    words = ["Exports", "Imports"] if balance else rng.sample(THINGS, parts)
    draft.rows.append(["Year", *words, "Balance" if balance else "Total"])
    first = rng.randrange(1950, 2000)
    for k in range(rng.choice([5, 10, 20, 30])):
        values = [round(rng.lognormvariate(7, 0.4)) for _ in range(parts)]
        r = len(draft.rows)
        last = values[0] - values[1] if balance else sum(values)
        draft.rows.append([str(first + k), *[f"{v:,}" for v in values], f"{last:,}"])
        draft.add("difference" if balance else "sum", (r, parts + 1), [(r, 1 + c) for c in range(parts)])
    return draft.done()


KINDS = (matrix, matrix, matrix, matrix, matrix, statement, flow, averages, nothing, series, budget, budget)


def generate(count: int, seed: int) -> list[dict[str, Any]]:
    """``count`` tables; the same seed gives the same tables."""
    tables = []
    for k in range(count):
        rng = random.Random(f"{seed}/{k}")
        make = rng.choice(KINDS)
        tables.append(make(rng, f"{make.__name__}-{k}"))
    return tables
