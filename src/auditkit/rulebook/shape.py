"""The shape of a rulebook file: what keys there are and what they may hold. Its JSON Schema serves editors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from auditkit.model.form import Blank, Kind
from auditkit.model.words import Level

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}[0-9]{3}$")]
ShortName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*$")]
Labels = str | list[str]


def listed(value: Labels) -> tuple[str, ...]:
    """One text or several, as the author wrote them."""
    return (value,) if isinstance(value, str) else tuple(value)


class Shape(BaseModel):
    """Unknown keys are refused everywhere."""

    model_config = ConfigDict(extra="forbid")


class Both(Shape):
    """A sentence in both languages / 中英文各一句."""

    zh: str
    en: str


class Periods(Shape):
    """First and last reporting year the form is meant for / 适用年度."""

    from_: int | None = Field(default=None, alias="from")
    to: int | None = None


class RecordsShape(Shape):
    """Rows of which a submission has as many as it likes / 行数不定的清单."""

    name: ShortName = Field(description="name of the group they make: sum(NAME) / 各条记录合称")
    key: ShortName = Field(description="the column that names a record / 名称所在的列")
    nested: bool = Field(default=False, description="2050201 is a part of 20502 / 编码逐级包含")
    several: list[ShortName] = Field(
        default_factory=list, description="columns of which a record may have several lines / 一条记录可占几行的列"
    )
    lines: dict[ShortName, Labels] = Field(
        default_factory=dict, description="lines each record has, one below the other / 每条记录的各行"
    )
    until: str = Field(default="", description="the declared row that ends the records / 记录到哪一行为止")
    abreast: bool = Field(default=False, description="the list goes on to the right under the same header / 左右分栏")


class TableShape(Shape):
    """One table: its words, the kind of its cells, and what a blank means / 一张表."""

    title: Labels = Field(description="The caption, form's words first, then aliases / 表题，先写表上原文，再写别名")
    cells: Kind = Field(
        default="number", description="count: whole, not negative; integer; number; percent; text / 单元格种类"
    )
    kinds: dict[ShortName, Kind] = Field(default_factory=dict, description="row or column → its own kind / 个别行列")
    unit: str = ""
    decimals: int | None = Field(
        default=None, ge=0, le=9, description="digits after the point figures are kept to / 小数位数"
    )
    blank: Blank = Field(
        "report", description="zero: a blank counts as 0 and is noted once; report; allow / 空白格怎么办"
    )
    blanks: dict[ShortName, Blank] = Field(
        default_factory=dict, description="row or column → its own answer / 个别行列"
    )
    codes: dict[Literal["cells", "blank"], Code] = Field(default_factory=dict)
    required: bool = True
    instead: str = Field("", description="the table of which this is another layout / 是哪张表的另一种版式")
    optional: list[ShortName] = Field(
        default_factory=list, description="columns and rows that need not be there / 可以没有的列、行"
    )
    added: list[ShortName] = Field(
        default_factory=list, description="optional ones that few reports have / 少数报表才有的列、行"
    )
    records: RecordsShape | None = Field(default=None, description="makes the table a list / 清单")
    columns: dict[ShortName, Any]
    rows: dict[ShortName, Any] = Field(default_factory=dict, description="rows, or of a list the rows it knows / 行")


class FactShape(Shape):
    """A number or year stated in words, found by literal text with named holes / 正文中的数据."""

    find: Labels
    words: dict[str, list[str]] = Field(
        default_factory=dict, description="name → words any of which may stand for {name} in find / 可以互换的词"
    )
    within: list[str] = Field(
        default_factory=list, description="one of these stands in the paragraph, before or in it / 同段前文须有"
    )
    after: list[str] = Field(
        default_factory=list, description="one of these stands in the sentence, before or in it / 同句前文须有"
    )
    not_after: list[str] = Field(
        default_factory=list, description="none of these stands before it in the sentence / 同句前文不得有"
    )
    where: list[Literal["title", "caption", "sheet", "file", "note", "prose"]] = Field(default_factory=list)
    every: bool = False
    per: str = Field(default="", description="T.名称: one for each record, {名称} is what its cell says / 每条记录各一")


class RuleShape(Shape):
    """One rule: what must hold, in the form's own words / 一条审核关系."""

    id: Code
    name: Both
    level: Level = "hard"
    for_: str | None = Field(
        default=None, alias="for", description="each row|column|cell in TABLE [except A, B] / 适用范围"
    )
    when: str | None = None
    check: str = Field(description="新收 + 上年结转 = 办理总计 + 结转下年")
    tolerance: float | None = None
    message: Both
    why: Both | None = None
    often: Both | None = None
    repair: Both | None = None
    basis: str = ""
    explainable: bool | None = Field(
        default=None,
        description="may an accepted explanation excuse it; default: unless it must be fixed / 可否用说明代替",
    )


class ProseShape(Shape):
    """One prose rule: a check kind by name, with sentences that hold and that break it / 文字审核."""

    id: Code
    name: str | Both
    check: str
    level: Level = "hard"
    message: Both
    why: Both | None = None
    often: Both | None = None
    repair: Both | None = None
    basis: str = ""
    words: dict[str, list[str]] = Field(default_factory=dict)
    holds: list[str] = Field(default_factory=list)
    breaks: list[str] = Field(default_factory=list)


class CaseShape(Shape):
    """Changes to the good sample and exactly the findings they must give / 一个例子."""

    set: dict[str, str | None] = Field(default_factory=dict)
    last_year: dict[str, str | None] = Field(default_factory=dict)
    children: dict[str, str | None] | None = Field(
        default=None, description="the only subordinate unit reports the good sample with these changes / 下级单位所报"
    )
    expect: list[str]


class TestsShape(Shape):
    """The proof of the rules / 规则的例子."""

    good: str
    last: str = ""
    cases: list[CaseShape]


class Part(Shape):
    """What an included file may hold / 被引用的文件."""

    labels: dict[str, dict[str, str]] = Field(default_factory=dict)
    tables: dict[ShortName, TableShape] = Field(default_factory=dict)
    facts: dict[ShortName, FactShape] = Field(default_factory=dict)
    rules: list[RuleShape] = Field(default_factory=list)
    prose: list[ProseShape] = Field(default_factory=list)


class RulebookShape(Part):
    """A rulebook / 规则簿."""

    rulebook: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    version: str
    title: Both
    titles: list[str] = Field(default_factory=list)
    basis: str = ""
    period: Literal["year", "half", "quarter", "month"] = "year"
    periods: Periods = Field(default_factory=Periods)
    include: list[str] = Field(default_factory=list)
    footnotes: list[str] = Field(
        default_factory=list, description="words over the remarks below a table / 表下说明的标题"
    )
    levels: dict[Code, Level] = Field(
        default_factory=dict, description="level of the checks of cells and blanks / 单元格审核的级别"
    )
    retired: dict[Code, str] = Field(default_factory=dict)
    priors: dict[str, int] = Field(
        default_factory=dict,
        description="sign of a cell (formula, stored as text …) → points; higher: less suspect / 先验",
    )
    tests: TestsShape | None = None


ENTRIES: dict[str, type[Shape]] = {"tables": TableShape, "facts": FactShape, "rules": RuleShape, "prose": ProseShape}
"""Sections whose entries are looked at one by one, so that one bad entry does not hide the next."""


def json_schema() -> dict[str, Any]:
    """JSON Schema of a rulebook file, for editors (bound by the modeline ``# yaml-language-server: $schema=…``)."""
    return {"$schema": "http://json-schema.org/draft-07/schema#", **RulebookShape.model_json_schema(by_alias=True)}
