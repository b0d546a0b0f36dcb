"""Results made up for the tests of reports, and the order, marks and words that all of them share."""

from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.model.document import Document, Grid, Paragraph, Place, SheetFacts
from auditkit.model.finding import Finding, Result, RuleNote, Suspect, Tally, Term
from auditkit.model.words import Fault, Text
from auditkit.reports import wording
from auditkit.reports.escaping import defused, is_live, legal
from auditkit.reports.grouping import entries, groups, repairs
from auditkit.reports.marks import marks
from auditkit.reports.pen import lines

FILE = "青山镇_2021.xlsx"
HEAD = [
    ["三、收到和处理政府信息公开申请情况（2021年）", *[None] * 9],
    ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", None, None, "申请人情况", *[None] * 6],
    [None, None, None, "自然人", "法人或其他组织", *[None] * 4, "总计"],
    [None, None, None, None, "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", None],
]
ROWS = """一、本年新收政府信息公开申请数量||
二、上年结转政府信息公开申请数量||
三、本年度办理结果|（一）予以公开|
|（二）部分公开（区分处理的，只计这一情形，不计其他情形）|
|（三）不予公开|1.属于国家秘密
||2.其他法律行政法规禁止公开
||3.危及“三安全一稳定”
|（四）无法提供|1.本机关不掌握相关政府信息
|（七）总计|
四、结转下年度继续办理||"""
FIGURES = """8 1 1 0 0 1 12
1 0 0 0 0 0 1
6 1 1 0 0 1 9
1 0 0 0 0 0 1
0 0 0 0 0 0 0
0 0 0 0 0 0 0
0 0 0 0 0 0 0
2 0 0 0 0 0 2
9 1 1 0 0 1 12
1 0 0 0 0 0 1"""
PROSE = "2021年，共收到政府信息公开申请12件，其中自然人9件，占76%，法人或其他组织3件。去年结转1件，均已办结。"


def grid() -> Grid:
    labels = [line.split("|") for line in ROWS.splitlines()]
    figures = [[float(n) for n in line.split()] for line in FIGURES.splitlines()]
    body = [[x or None for x in label] + numbers for label, numbers in zip(labels, figures, strict=True)]
    merges = (
        (0, 0, 0, 9),
        (1, 0, 3, 2),
        (1, 3, 1, 9),
        (2, 3, 3, 3),
        (2, 4, 2, 8),
        (2, 9, 3, 9),
        (4, 0, 4, 2),
        (5, 0, 5, 2),
        (6, 0, 12, 0),
        (8, 1, 10, 1),
        (13, 0, 13, 2),
    )
    facts = SheetFacts(formats={(6, 9): "0"}, errors={(9, 4): "#REF!"}, uncalculated=frozenset({(9, 5)}))
    return Grid("表三", [*HEAD, *body], merges, facts=lambda: facts)


def cell(address: str, file: str = FILE, sheet: str = "表三") -> Place:
    return Place(file, sheet, int(address[1:]) - 1, ord(address[0]) - 65)


def xl(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}"


def term(name: str, value: str, address: str, **where: str) -> Term:
    return Term(Text(name, name), value, cell(address, **where), f"T3.{name}")


def finding(rule: str, key: str, place: Place, message: Text, arithmetic: Text, **rest: object) -> Finding:
    given_ = {"name": "balance", "level": "hard", "status": "fail", "values": "v" + key, **rest}
    return Finding(rule=rule, key=key, message=message, arithmetic=arithmetic, place=place, **given_)  # type: ignore[arg-type] # a factory


def findings() -> tuple[Finding, ...]:
    at = PROSE.index("76%")
    return (
        finding(
            "GK302",
            "a100000001",
            cell("J5"),
            Text("总计栏应等于自然人与各类组织之和。", "The total must equal natural persons plus organisations."),
            Text(
                "总计 12 ≠ 自然人 8 + 组织 3 = 11，差 1",
                "total 12 ≠ persons 8 + organisations 3 = 11, off by 1",
            ),
            table="T3",
            row="新收",
            terms=(term("总计", "12", "J5"), term("自然人", "8", "D5"), term("商业企业", "1", "E5")),
            left=Decimal(12),
            right=Decimal(11),
        ),
        finding(
            "GK304",
            "a100000002",
            cell("D5"),
            Text(
                "一、二两项之和应等于三（七）、四两项之和。",
                "Received plus carried in must equal the rest.",
            ),
            Text("新收 8 + 上年结转 1 = 9 ≠ 办理总计 9 + 结转下年 1 = 10，差 -1", "8 + 1 = 9 ≠ 9 + 1 = 10, off by -1"),
            table="T3",
            column="自然人",
            terms=(
                term("新收", "8", "D5"),
                term("上年结转", "1", "D6"),
                term("办理总计", "9", "D13"),
                term("结转下年", "1", "D14"),
            ),
            left=Decimal(9),
            right=Decimal(10),
        ),
        finding(
            "GK305",
            "a100000003",
            cell("D6"),
            Text("本年“上年结转”应等于上年年报“结转下年度继续办理”。", "Carried in must be what was carried out."),
            Text("本年 1 ≠ 上年 2，差 -1", "this year 1 ≠ last year 2, off by -1"),
            table="T3",
            terms=(
                term("上年结转", "1", "D6"),
                term("结转下年", "2", "D14", file="青山镇_2020.xlsx"),
            ),
            left=Decimal(1),
            right=Decimal(2),
            hint=Text("去年正文写的是 1。", "Last year's prose says 1."),
        ),
        finding(
            "GK306",
            "a100000004",
            Place(FILE, paragraph=3, sentence=1, start=at, end=at + 3),
            Text("正文所写占比与表三对不上。", "The share stated in the prose does not follow from table 3."),
            Text("写 76%，按 9 ÷ 12 为 75.0%", "says 76%, 9 ÷ 12 is 75.0%"),
            quote=PROSE[: PROSE.index("。") + 1],
            terms=(term("总计", "12", "J5"),),
        ),
        finding(
            "GK309",
            "a100000005",
            cell("J5"),
            Text(
                "新收申请量与上年相差过半，请核实；属实请说明原因。",
                "Moved by more than half. Check, or explain.",
            ),
            Text("12，上年 31，变动 -61.3%", "12, last year 31, change -61.3%"),
            level="soft",
            table="T3",
        ),
        finding(
            "GK311",
            "a100000006",
            cell("G8"),
            Text("“表三”有空白格，按习惯当作 0。", "Blank cells in table 3 count as 0 by custom."),
            Text("3 格", "3 cells"),
            level="info",
            table="T3",
        ),
        finding(
            "GK303",
            "a100000007",
            cell("E7"),
            Text("各项之和应等于总计。", "The parts must add up to the total."),
            Text("3 ≠ 2，差 1", "3 ≠ 2, off by 1"),
            table="T3",
            terms=(term("予以公开", "3", "E7"), term("总计", "2", "J7")),
        ),
        finding(
            "GK310",
            "a100000008",
            cell("H11"),
            Text("与上年相差过半。", "Moved by more than half."),
            Text("0，上年 5", "0, last year 5"),
            level="soft",
            status="explained",
            table="T3",
        ),
    )


def suspects() -> tuple[Suspect, ...]:
    return (
        Suspect(
            (cell("D5"),),
            (Text("新收·自然人", "received · natural persons"),),
            ("8",),
            ("9",),
            ("a100000001", "a100000002"),
            Text("末位抄错", "last digit miscopied"),
            "digit",
            0.93,
            (Text("正文写的也是 9", "the prose says 9 as well"),),
        ),
        Suspect(
            (cell("E7"), cell("J7")),
            (Text("予以公开·商业企业", "disclosed · business"), Text("予以公开·总计", "disclosed · total")),
            ("3", "2"),
            ("2", "3"),
            ("a100000007",),
            None,
            "",
            0.5,
        ),
    )


def rules() -> tuple[RuleNote, ...]:
    return (
        RuleNote(
            "GK302",
            Text("行合计", "row total"),
            "hard",
            Text("总计栏应等于自然人与各类组织之和。", "The total must equal natural persons plus organisations."),
            Text("表三每一行：总计等于自然人加组织之和。", "In table 3, for each row: total equals the sum."),
            "总计 = 自然人 + sum(组织)",
            Text("总计由各栏相加得到。", "The total is made by adding."),
            Text("先核对总计。", "Check the total first."),
            "国办公开办函〔2021〕30号",
        ),
        RuleNote(
            "GK304",
            Text("三表平衡", "balance"),
            "hard",
            Text(
                "一、二两项之和应等于三（七）、四两项之和。",
                "Received plus carried in must equal the rest.",
            ),
            Text("表三每一列：新收加上年结转，等于办理总计加结转下年。", "In table 3, for each column: it balances."),
            "新收 + 上年结转 = 办理总计 + 结转下年",
        ),
    )


def result(**changes: object) -> Result:
    """A submission with something of everything."""
    whole = Result(
        file=FILE,
        sha256="0123456789abcdef" * 4,
        rulebook="gk-2021",
        version="2022.1",
        title=Text("政府信息公开工作年度报告", "annual report on information disclosure"),
        recognised=Text("按标题和表头识别", "recognised from title and headers"),
        unit="青山镇",
        unit_code="220281-007",
        period="2021",
        last="青山镇_2020.xlsx",
        findings=findings(),
        tallies={
            "GK302": Tally(passed=20, failed=1, unchecked={"error value": 1}),
            "GK303": Tally(passed=6, failed=1),
            "GK304": Tally(passed=6, failed=1),
            "GK305": Tally(passed=6, failed=1),
            "GK306": Tally(passed=2, failed=1),
            "GK309": Tally(failed=1),
            "GK310": Tally(explained=1),
            "GK311": Tally(passed=1),
            "GK312": Tally(unchecked={"no last year": 8}),
        },
        suspects=suspects(),
        missing={"T4": Text("没有找到“四、行政复议”一表", "table 4 was not found")},
        notes=(Text("第 20 行不在格式内", "row 20 is not part of the form"),),
        rules=rules(),
        document=Document(
            FILE,
            "workbook",
            (Grid("封面", [["青山镇"]]), grid()),
            (Paragraph(1, "青山镇2021年政府信息公开工作年度报告", "title"), Paragraph(3, PROSE)),
        ),
    )
    return replace(whole, **changes)  # type: ignore[arg-type] # a factory


def passing(**changes: object) -> Result:
    return result(
        **{
            "file": "河西镇_2021.xlsx",
            "unit": "河西镇",
            "unit_code": "220281-008",
            "findings": (),
            "suspects": (),
            "missing": {},
            "notes": (),
            "tallies": {"GK302": Tally(passed=21), "GK305": Tally(unchecked={"no last year": 7})},
            **changes,
        }
    )


def unreadable() -> Result:
    hint = Text("请去掉密码再交。", "Remove it.")
    fault = Fault("encrypted", Text("文件有密码。", "The file has a password."), hint=hint)
    return Result("柳河镇.xlsx", "ff" * 32, faults=(fault,))


LIVE = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "=cmd|' /C calc'!A1")
TAG = "<script>alert(1)</script>"


def hostile(text: str) -> Result:
    """The text in every field that can hold text from a submission or a rulebook."""
    said = Text(text, text)
    bad = tuple(
        replace(
            f,
            rule=text if n == 0 else f.rule,
            name=text,
            message=said,
            arithmetic=said,
            hint=said,
            quote=text,
            table=text,
            row=text,
            column=text,
            place=f.place._replace(sheet=text) if f.place.sheet else f.place,
            terms=tuple(replace(t, name=said, value=text, ref=text) for t in f.terms),
        )
        for n, f in enumerate(findings())
    )
    one = suspects()[0]
    place = one.places[0]._replace(sheet=text)
    changed = {"names": (said,), "current": (text,), "proposed": (text,), "slip": said, "because": (said,)}
    suspect = replace(one, places=(place,), **changed)
    rows = [[text if x is None or isinstance(x, str) else x for x in row] for row in grid().rows]
    note = RuleNote(text, said, "hard", said, said, text, said, said, text)
    return result(
        findings=bad,
        suspects=(suspect,),
        title=said,
        recognised=said,
        unit=text,
        unit_code=text,
        last=text,
        rulebook=text,
        version=text,
        period=text,
        missing={text: said},
        notes=(said,),
        rules=(note, *rules()),
        tallies={text: Tally(failed=1), "GK302": Tally(passed=1)},
        document=Document(FILE, "workbook", (replace(grid(), name=text, rows=rows),), (Paragraph(3, text),)),
    )


def test_every_finding_stands_once_under_the_first_suspicion_that_clears_it() -> None:
    made = [(g.suspect, [e.finding.rule for e in g.entries]) for g in groups(result())]
    assert [(s.places[0].address if s else "", codes) for s, codes in made] == [
        ("D5", ["GK302", "GK304"]),
        ("E7", ["GK303"]),
        ("", ["GK305", "GK306", "GK309", "GK311", "GK310"]),
    ]
    assert [e.number for e in entries(result())] == list(range(1, 9))


@given(st.lists(st.sets(st.sampled_from([f.key for f in findings()])), max_size=4))
def test_no_finding_is_lost_or_said_twice(cleared: list[set[str]]) -> None:
    some = tuple(replace(suspects()[0], clears=tuple(sorted(keys))) for keys in cleared)
    said = [e.finding.key for e in entries(result(suspects=some))]
    assert sorted(said) == sorted(f.key for f in findings())


def test_repairs_count_cells_to_put_right_not_findings() -> None:
    assert repairs(result()) == 4  # D5, one of E7 and J7, D6, the sentence
    assert repairs(result(suspects=())) == 5  # J5, D5, D6, the sentence, E7
    assert repairs(passing()) == 0


def test_marks() -> None:
    (made,) = ({f"{sheet}!{xl(*at)}": m.kind for at, m in cells.items()} for sheet, cells in marks(result()).items())
    assert made == {
        "表三!D5": "wrong",
        "表三!E5": "part",
        "表三!J5": "part",
        "表三!D6": "part",
        "表三!E7": "perhaps",
        "表三!J7": "perhaps",
        "表三!G8": "note",
        "表三!H11": "note",
        "表三!D13": "part",
        "表三!D14": "part",
    }


def test_zeros_of_a_long_sum_are_counted_and_not_framed() -> None:
    terms = tuple(term(f"{n}", "3" if n in {5, 9} else "0", f"D{n}") for n in range(5, 15))
    long = finding("GK303", "b1", cell("D14"), Text("x", "x"), Text("x", "x"), terms=terms)
    assert wording.cells(long, result()).zh == "D5 3，D9 3，其余 8 格为 0"
    assert list(marks(result(findings=(long,), suspects=()))["表三"]) == [(4, 3), (8, 3), (13, 3)]


def test_a_lone_cell_no_suspicion_clears_is_the_wrong_one() -> None:
    lone = finding("GK201", "b1", cell("F9"), Text("不能小于 0。", "Not below 0."), Text("-1 < 0", "-1 < 0"))
    assert marks(result(findings=(lone,), suspects=()))["表三"][8, 5].kind == "wrong"


def test_a_cell_of_another_file_is_not_marked() -> None:
    other = finding("GK201", "b1", cell("F9", file="别的.xlsx"), Text("x", "x"), Text("x", "x"))
    assert marks(result(findings=(other,), suspects=())) == {}


def test_words() -> None:
    assert wording.problems(result()).zh == (
        "必须改 5 处，须说明 1 处，提示 1 处。改对 2 个单元格（先看 表三!D5：8→9）可同时消除其中 3 处。"
        "未能检查：没有找到“四、行政复议”一表。"
    )
    assert wording.checks(result()).en == (
        "57 checks, 41 passed, 6 failed, 1 explained and accepted, 9 not checked (error value in the cell: 1;"
        " no report for last year: 8)"
    )
    assert wording.likely(suspects()[1]).zh == "表三!E7：3→2 或 表三!J7：2→3"
    assert wording.verdict(unreadable()).zh == "○ 无法检查"
    assert wording.problems(unreadable()).en == "The file has a password. Remove it."
    assert wording.what_to_do(passing(), "1月28日", "")[0].zh == "不用回复。"


def test_the_passage_is_found_in_its_sentence() -> None:
    head, span, tail = wording.quoted(findings()[3], result())
    assert head == "2021年，共收到政府信息公开申请12件，其中自然人9件，占"
    assert (span, tail) == ("76%", "，法人或其他组织3件。")
    assert wording.quoted(findings()[3], result(document=None)) == (head, span, tail)


@pytest.mark.parametrize("text", LIVE)
def test_what_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert is_live(text)
    assert defused(text)[0] == "'"


@pytest.mark.parametrize("text", ["-1", "+21", "-0.5%", "12", "新收 + 结转", "a=b", ""])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


def test_characters_that_xml_forbids() -> None:
    assert legal("a\x00b\x0bc\ud800d\uffff\te") == "a\ufffdb\ufffdc\ufffdd\ufffd\te"


def test_what_can_be_printed_is_legal_and_no_letter_begins_a_formula() -> None:
    """Both are relied on without looking at every character."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert all(kept == one for kept, one in zip(legal(every), every, strict=True) if one.isprintable())
    assert not any(is_live(f" {one}1") for one in every if one.isalnum())


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1), st.floats(1, 40))
def test_short_texts_take_as_many_lines_as_if_they_were_measured(text: str, wide: float) -> None:
    assert lines(f"{text}\n{text}", wide) == 2 * lines(text, wide)
