"""The disclosure form as Python objects, and its tables printed as offices print them."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditkit.model.document import Area, Document, Grid, Value
from auditkit.model.form import Axis, Form, Kind, Line, Table
from auditkit.model.words import Text


def axis(tree: dict, groups: dict[str, str | tuple[str, ...]] | None = None) -> Axis:
    """Nested names → lines; ``groups`` gives the groups' printed words, others print none."""
    lines: list[Line] = []
    names: list[str] = []

    def walk(tree, path):
        for name, said in tree.items():
            if isinstance(said, dict):
                names.append(name)
                walk(said, (*path, name))
            else:
                lines.append(Line(name, said if isinstance(said, tuple) else (said,), path))

    walk(tree, ())
    words = {name: (groups or {}).get(name, ()) for name in names}
    return Axis(tuple(lines), {name: said if isinstance(said, tuple) else (said,) for name, said in words.items()})


def table(id_: str, titles, rows: Axis, columns: Axis, cells: Kind = "count", offset: int = 0, unit: str = "") -> Table:
    return Table(id_, titles, rows, columns, cells, "report", {}, {}, offset, unit=unit)


def form(id_: str, *tables: Table, titles=("政府信息公开工作年度报告",), periods=(None, None)) -> Form:
    placed, offset = {}, 0
    for one in tables:
        placed[one.id] = Table(**{k: getattr(one, k) for k in one.__dataclass_fields__} | {"offset": offset})
        offset += one.size
    return Form(id_, Text(id_, id_), titles, placed, periods)


COLUMNS = axis(
    {
        "自然人": "自然人",
        "组织": {
            "商业企业": "商业企业",
            "科研机构": "科研机构",
            "社会公益": "社会公益组织",
            "法律服务": "法律服务机构",
            "其他组织": "其他",
        },
        "总计": "总计",
    },
    {"组织": "法人或其他组织"},
)
REFUSED = {
    "国家秘密": "1.属于国家秘密",
    "法律禁止": "2.其他法律行政法规禁止公开",
    "三安全一稳定": "3.危及“三安全一稳定”",
    "第三方权益": "4.保护第三方合法权益",
    "内部事务": "5.属于三类内部事务信息",
    "过程性信息": "6.属于四类过程性信息",
    "执法案卷": "7.属于行政执法案卷",
    "查询事项": "8.属于行政查询事项",
}
UNABLE = {
    "不掌握": "1.本机关不掌握相关政府信息",
    "另行制作": "2.没有现成信息需要另行制作",
    "仍不明确": "3.补正后申请内容仍不明确",
}
UNHANDLED = {
    "信访举报": "1.信访举报投诉类申请",
    "重复申请": "2.重复申请",
    "公开出版物": "3.要求提供公开出版物",
    "大量反复": "4.无正当理由大量反复申请",
    "确认重出": "5.要求行政机关确认或重新出具已获取信息",
}
OTHERWISE = {
    "逾期不补正": ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "逾期不补正"),
    "逾期不缴费": (
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "逾期不缴费",
    ),
    "其他事项": "3.其他",
}


def handled(otherwise) -> Axis:
    return axis(
        {
            "新收": "一、本年新收政府信息公开申请数量",
            "上年结转": "二、上年结转政府信息公开申请数量",
            "办理结果": {
                "予以公开": "（一）予以公开",
                "部分公开": "（二）部分公开",
                "不予公开": REFUSED,
                "无法提供": UNABLE,
                "不予处理": UNHANDLED,
                "其他处理": otherwise,
            },
            "办理总计": "（七）总计",
            "结转下年": "四、结转下年度继续办理",
        },
        {
            "办理结果": "三、本年度办理结果",
            "不予公开": "（三）不予公开",
            "无法提供": "（四）无法提供",
            "不予处理": "（五）不予处理",
            "其他处理": "（六）其他处理",
        },
    )


OUTCOMES = {
    "维持": "结果维持",
    "纠正": "结果纠正",
    "其他结果": "其他结果",
    "未审结": "尚未审结",
    "总计": "总计",
}


def outcomes(block: str) -> dict:
    return {f"{block}{name}": said for name, said in OUTCOMES.items()}


REVIEWS = axis(
    {
        "行政复议": outcomes("复议"),
        "行政诉讼": {"未经复议": outcomes("直诉"), "复议后": outcomes("后诉")},
    },
    {
        "行政复议": "行政复议",
        "行政诉讼": "行政诉讼",
        "未经复议": "未经复议直接起诉",
        "复议后": "复议后起诉",
    },
)
ONE_ROW = axis({"件数": ""})

T21 = table(
    "T21",
    ("第二十条第（一）项",),
    axis({"规章": "规章", "规范性文件": ("行政规范性文件", "规范性文件")}),
    axis({"制发": "本年制发件数", "废止": "本年废止件数", "现行有效": "现行有效件数"}),
)
T25 = table("T25", ("第二十条第（五）项",), axis({"行政许可": "行政许可"}), axis({"决定": "本年处理决定数量"}))
T26 = table(
    "T26",
    ("第二十条第（六）项",),
    axis({"行政处罚": "行政处罚", "行政强制": "行政强制"}),
    axis({"决定": "本年处理决定数量"}),
)
T28 = table(
    "T28",
    ("第二十条第（八）项",),
    axis({"收费": "行政事业性收费"}),
    axis({"金额": "本年收费金额（单位：万元）"}),
    "number",
    unit="万元",
)
T3 = table("T3", ("收到和处理政府信息公开申请情况",), handled(OTHERWISE), COLUMNS)
T4 = table("T4", ("政府信息公开行政复议、行政诉讼情况",), ONE_ROW, REVIEWS)

GK2021 = form("gk-2021", T21, T25, T26, T28, T3, T4, periods=(2021, None))

GK2019 = form(
    "gk-2019",
    table(
        "T21",
        ("第二十条第（一）项",),
        axis({"规章": "规章", "规范性文件": "规范性文件"}),
        axis({"制作": "本年新制作数量", "公开": "本年新公开数量", "总数": "对外公开总数量"}),
    ),
    table(
        "T25",
        ("第二十条第（五）项",),
        axis({"行政许可": "行政许可", "其他服务": "其他对外管理服务事项"}),
        axis({"上年": "上一年项目数量", "增减": "本年增/减", "决定": "处理决定数量"}),
        "integer",
    ),
    table("T3", T3.titles, handled({"其他处理行": "（六）其他处理"}), COLUMNS),
    table("T4", T4.titles, ONE_ROW, REVIEWS),
    periods=(2019, 2020),
)


@dataclass
class Printed:
    """A sheet being written: cells, merged areas, and which cell holds which slot."""

    rows: list[list[Value]] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    slots: dict[tuple[str, int, int], tuple[int, int]] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Value) -> None:
        while len(self.rows) <= row:
            self.rows.append([])
        self.rows[row] += [None] * (column + 1 - len(self.rows[row]))
        self.rows[row][column] = value

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))

    @property
    def height(self) -> int:
        return len(self.rows)

    def grid(self, name: str = "Sheet1", how: str = "merged") -> Grid:
        """``merged``: with merged areas; ``blank``: without; ``repeated``: words in each cell of an area, no areas."""
        width = max(map(len, self.rows), default=0)
        rows = [row + [None] * (width - len(row)) for row in self.rows]
        if how == "repeated":
            for top, left, bottom, right in self.merges:
                for r in range(top, bottom + 1):
                    rows[r][left : right + 1] = [rows[top][left]] * (right + 1 - left)
        return Grid(name, rows, tuple(self.merges) if how == "merged" else ())


def print_table(
    sheet: Printed,
    table: Table,
    values,
    *,
    left: int = 0,
    corner: str = "信息内容",
    stub: int | None = None,
    order: list[int] | None = None,
    say=lambda text: text,
    inside=None,
) -> None:
    """Header above, labels beside, below what the sheet holds. ``stub`` 1 prints groups as headings in one column."""
    lines = table.rows.lines
    inside = INSIDE if inside is None else inside
    deepest = max(len(line.path) for line in lines) + 1
    stub = (deepest if any(any(line.labels) for line in lines) else 0) if stub is None else stub
    levels = _levels(table.columns)
    top = sheet.height
    columns = order or list(range(len(table.columns.lines)))
    depth = max(map(len, levels))
    if stub:
        sheet.put(top, left, corner)
        sheet.merge(top, left, top + depth - 1, left + stub - 1)
    for at, index in enumerate(columns):
        path = levels[index]
        column = left + stub + at
        for level, text in enumerate(path):
            before = levels[columns[at - 1]] if at else []
            sheet.put(
                top + level,
                column,
                None if level < len(path) - 1 and before[: level + 1] == path[: level + 1] else say(text),
            )
        sheet.merge(top + len(path) - 1, column, top + depth - 1, column)
    _merge_across(sheet, top, left + stub, [levels[index] for index in columns])
    row = top + depth
    printed: list[str] = []
    for r, line in enumerate(lines):
        path = _printed_path(table.rows, r, inside)
        if stub == 1:
            for level, text in enumerate(path):
                if printed[: level + 1] != path[: level + 1]:
                    sheet.put(row, left, say(text))
                    row += 1
            printed = path
            sheet.put(row, left, say(line.labels[0]))
        elif stub:
            for level, text in enumerate(path):
                if printed[: level + 1] != path[: level + 1]:
                    sheet.put(row, left + level, say(text))
                    last = r
                    while (
                        last + 1 < len(lines)
                        and _printed_path(table.rows, last + 1, inside)[: level + 1] == path[: level + 1]
                    ):
                        last += 1
                    sheet.merge(row, left + level, row + last - r, left + level)
            printed = path
            sheet.put(row, left + len(path), say(line.labels[0]))
            sheet.merge(row, left + len(path), row, left + stub - 1)
        for at, index in enumerate(columns):
            sheet.put(row, left + stub + at, values[r][index])
            sheet.slots[table.id, r, index] = row, left + stub + at
        row += 1


INSIDE = {"办理总计": ("办理结果",)}
"""Lines printed within a group's area that are no part of its sum."""


def _printed_path(axis: Axis, index: int, inside=INSIDE) -> list[str]:
    path = inside.get(axis.lines[index].name, axis.lines[index].path)
    return [axis.group_labels[g][0] for g in path if any(axis.group_labels.get(g, ()))]


def _levels(axis: Axis) -> list[list[str]]:
    return [[*_printed_path(axis, index), line.labels[0]] for index, line in enumerate(axis.lines)]


def _merge_across(sheet: Printed, top: int, left: int, levels: list[list[str]]) -> None:
    for level in range(max(map(len, levels))):
        at = 0
        while at < len(levels):
            end = at
            while (
                end + 1 < len(levels)
                and level < len(levels[at]) - 1
                and levels[end + 1][: level + 1] == levels[at][: level + 1]
            ):
                end += 1
            if level < len(levels[at]) - 1:
                sheet.merge(top + level, left + at, top + level, left + end)
            at = end + 1


def numbers(table: Table, first: float = 1) -> list[list[Value]]:
    """Different numbers in every cell."""
    width = len(table.columns.lines)
    return [[float(first + r * width + c) for c in range(width)] for r in range(len(table.rows.lines))]


def whole_form(form: Form = GK2021, title: str = "淮安市2024年政府信息公开工作年度报告") -> Printed:
    """All tables of the form on one sheet, with title and captions."""
    sheet = Printed([[title], []])
    for one in form:
        sheet.put(sheet.height, 0, one.titles[0])
        print_table(sheet, one, numbers(one, one.offset + 1))
        sheet.rows.append([])
    return sheet


def document(*grids: Grid, name: str = "淮安.xlsx", kind="workbook") -> Document:
    return Document(name, kind, grids)


def test_the_printed_form_looks_like_the_official_one():
    sheet = Printed()
    print_table(sheet, T3, numbers(T3), corner="（本列数据的勾稽关系为……）")
    grid = sheet.grid()
    assert grid.rows[0][:5] == ["（本列数据的勾稽关系为……）", None, None, "自然人", "法人或其他组织"]
    assert grid.rows[1][3:] == [None, "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", None]
    assert grid.rows[6][:4] == [None, "（三）不予公开", "1.属于国家秘密", 29.0]
    assert (0, 4, 0, 8) in grid.merges
    assert (6, 1, 13, 1) in grid.merges
    assert (4, 0, 25, 0) in grid.merges
