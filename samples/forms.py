"""The two forms as they are printed: captions, header rows and labels, and the short name of every cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Number = int | float | None


@dataclass(frozen=True)
class Slot:
    """A cell that holds data: its name in the rulebook, and its value."""

    ref: str
    value: Any


@dataclass(frozen=True)
class Report:
    """The figures of one annual report."""

    unit: str
    year: int
    form: str
    source: str
    figures: dict[str, dict[str, list[Number]]]
    """Table → row → values in the order of the form's columns."""
    narrative: dict[str, Any]

    @property
    def stem(self) -> str:
        return f"{self.unit}_{self.year}"

    @property
    def title(self) -> str:
        return f"{self.unit}{self.year}年政府信息公开工作年度报告"

    def slot(self, table: str, row: str, column: str) -> Slot:
        return Slot(f"{table}.{row}[{column}]", self.figures[table][row][COLUMNS[self.form][table].index(column)])

    def slots(self, table: str, row: str) -> list[Slot]:
        return [self.slot(table, row, column) for column in COLUMNS[self.form][table]]

    def __iter__(self) -> Iterator[Slot]:
        for table, rows in self.figures.items():
            for row in rows:
                yield from self.slots(table, row)


@dataclass(frozen=True)
class Block:
    """One block of table 二: its title row, its header, and its labelled rows."""

    table: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    """Short name, printed label."""


T2_COLUMNS = {
    "2021": {
        "T21": ["制发", "废止", "现行有效"],
        "T25": ["处理决定"],
        "T26": ["处理决定"],
        "T28": ["收费金额"],
    },
    "2019": {
        "T21": ["新制作", "新公开", "公开总数"],
        "T25": ["上年项目", "增减", "处理决定"],
        "T26": ["上年项目", "增减", "处理决定"],
        "T28": ["上年项目", "增减"],
        "T29": ["采购项目", "采购金额"],
    },
}
T3_COLUMNS = ["自然人", "商业企业", "科研机构", "社会公益", "法律服务", "其他组织", "总计"]
T4_GROUPS = ("复议", "直诉", "后诉")
T4_PARTS = ("维持", "纠正", "其他", "未结", "总计")
T4_COLUMNS = [group + part for group in T4_GROUPS for part in T4_PARTS]
COLUMNS: dict[str, dict[str, list[str]]] = {
    form: {**tables, "T3": T3_COLUMNS, "T4": T4_COLUMNS} for form, tables in T2_COLUMNS.items()
}

_ITEMS = ("上一年项目数量", "本年增/减", "处理决定数量")
T2: dict[str, tuple[Block, ...]] = {
    "2021": (
        Block(
            "T21",
            "第二十条第（一）项",
            ("本年制发件数", "本年废止件数", "现行有效件数"),
            (("规章", "规章"), ("规范性文件", "行政规范性文件")),
        ),
        Block("T25", "第二十条第（五）项", ("本年处理决定数量",), (("行政许可", "行政许可"),)),
        Block(
            "T26",
            "第二十条第（六）项",
            ("本年处理决定数量",),
            (("行政处罚", "行政处罚"), ("行政强制", "行政强制")),
        ),
        Block("T28", "第二十条第（八）项", ("本年收费金额（单位：万元）",), (("行政事业性收费", "行政事业性收费"),)),
    ),
    "2019": (
        Block(
            "T21",
            "第二十条第（一）项",
            ("本年新制作数量", "本年新公开数量", "对外公开总数量"),
            (("规章", "规章"), ("规范性文件", "规范性文件")),
        ),
        Block(
            "T25",
            "第二十条第（五）项",
            _ITEMS,
            (("行政许可", "行政许可"), ("其他对外管理", "其他对外管理服务事项")),
        ),
        Block("T26", "第二十条第（六）项", _ITEMS, (("行政处罚", "行政处罚"), ("行政强制", "行政强制"))),
        Block("T28", "第二十条第（八）项", _ITEMS[:2], (("行政事业性收费", "行政事业性收费"),)),
        Block("T29", "第二十条第（九）项", ("采购项目数量", "采购总金额"), (("政府集中采购", "政府集中采购"),)),
    ),
}

T2_CAPTION = "二、主动公开政府信息情况"
T3_CAPTION = "三、收到和处理政府信息公开申请情况"
T4_CAPTION = "四、政府信息公开行政复议、行政诉讼情况"
T3_CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
T3_HEADERS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
T4_HEADERS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")

_RESULTS = "三、本年度办理结果"
_REFUSED, _UNABLE, _DECLINED, _OTHER = "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"

_T3_HEAD: tuple[tuple[str, Sequence[str]], ...] = (
    ("新收", ("一、本年新收政府信息公开申请数量",)),
    ("上年结转", ("二、上年结转政府信息公开申请数量",)),
    ("予以公开", (_RESULTS, "（一）予以公开")),
    ("部分公开", (_RESULTS, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")),
    ("国家秘密", (_RESULTS, _REFUSED, "1.属于国家秘密")),
    ("法律禁止", (_RESULTS, _REFUSED, "2.其他法律行政法规禁止公开")),
    ("三安全一稳定", (_RESULTS, _REFUSED, "3.危及“三安全一稳定”")),
    ("第三方权益", (_RESULTS, _REFUSED, "4.保护第三方合法权益")),
    ("内部事务", (_RESULTS, _REFUSED, "5.属于三类内部事务信息")),
    ("过程性信息", (_RESULTS, _REFUSED, "6.属于四类过程性信息")),
    ("执法案卷", (_RESULTS, _REFUSED, "7.属于行政执法案卷")),
    ("查询事项", (_RESULTS, _REFUSED, "8.属于行政查询事项")),
    ("不掌握", (_RESULTS, _UNABLE, "1.本机关不掌握相关政府信息")),
    ("另行制作", (_RESULTS, _UNABLE, "2.没有现成信息需要另行制作")),
    ("仍不明确", (_RESULTS, _UNABLE, "3.补正后申请内容仍不明确")),
    ("信访举报", (_RESULTS, _DECLINED, "1.信访举报投诉类申请")),
    ("重复申请", (_RESULTS, _DECLINED, "2.重复申请")),
    ("公开出版物", (_RESULTS, _DECLINED, "3.要求提供公开出版物")),
    ("大量反复", (_RESULTS, _DECLINED, "4.无正当理由大量反复申请")),
    ("确认重出", (_RESULTS, _DECLINED, "5.要求行政机关确认或重新出具已获取信息")),
)
_T3_OTHER: dict[str, tuple[tuple[str, Sequence[str]], ...]] = {
    "2021": (
        ("逾期不补正", (_RESULTS, _OTHER, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请")),
        ("逾期不缴费", (_RESULTS, _OTHER, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请")),
        ("其他事项", (_RESULTS, _OTHER, "3.其他")),
    ),
    "2019": (("其他处理", (_RESULTS, _OTHER)),),
}
_T3_TAIL: tuple[tuple[str, Sequence[str]], ...] = (
    ("办理总计", (_RESULTS, "（七）总计")),
    ("结转下年", ("四、结转下年度继续办理",)),
)
T3: dict[str, tuple[tuple[str, Sequence[str]], ...]] = {
    form: (*_T3_HEAD, *_T3_OTHER[form], *_T3_TAIL) for form in ("2021", "2019")
}
"""Form → rows of table 三: short name, and the labels from the outermost to the row's own."""
