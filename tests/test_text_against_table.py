"""The text of a disclosure report against its tables: what agrees, what must be found, what must be left alone."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit import readers, rulebook
from auditkit.audit import auditor
from auditkit.bind import Binder
from auditkit.edits import check
from auditkit.model.document import Document, Place, Source
from auditkit.model.filled import Filled, Words
from auditkit.model.finding import Checked, Context, Finding, Result
from auditkit.stack import stack

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "clean"
OURS = ("GK306", "GK307", "GK5")


@cache
def tables(name: str) -> Filled:
    """A published report's tables without a word of text."""
    book = rulebook.find("cn-disclosure-2019" if "2020" in name else "cn-disclosure-2021")
    filled = Binder((book.form,)).bind(readers.read(readers.load(SAMPLES / "official" / f"{name}.xlsx")))
    return replace(filled, words=tuple(w for w in filled.words if w.role == "title"))


def checked(text: str, name: str = "宿迁市_2024", last: str = "") -> Checked:
    """What the rules say when the report says ``text``, a paragraph a line."""
    filled, book = tables(name), rulebook.find(tables(name).form.id)
    prose = [Words(line, Place("甲", paragraph=n), "prose") for n, line in enumerate(text.strip().split("\n"), 1)]
    filled = replace(filled, words=(*filled.words, *prose))
    year = int(name[-4:])
    (done,) = check(
        book,
        stack(book.form, [filled], [tables(last) if last else None]),
        [Context("甲", str(year), (year, None), None)],
    )
    return done


def findings(text: str, name: str = "宿迁市_2024") -> list[Finding]:
    return [f for f in checked(text, name).findings if f.rule.startswith(OURS)]


def codes(text: str, name: str = "宿迁市_2024") -> list[str]:
    return [f"{f.rule} {f.level}" for f in findings(text, name)]


# 宿迁市 2024: 新收 3525 (自然人 3440, 组织 85)，上年结转 121，办结 3521，结转下年 125；复议 170，诉讼 25 + 52
AGREES = [
    (
        12,
        (
            "2024年，全市共收办政府信息公开申请3646件，其中新收3525件、上年结转121件；自然人申请3558件，"
            "法人或其他组织申请88件。全年予以公开1431件、部分公开471件、不予公开92件、无法提供941件、"
            "不予处理117件、其他处理（含申请人主动撤回申请）469件，转下年度继续办理125件。"
        ),
    ),
    (
        8,
        (
            "收办3646件，同比增长1.05%；予以公开1431、部分公开471、不予公开92、无法提供941、"
            "不予处理117、其他处理（含主动撤回）469、转下年度125。"
        ),
    ),
    (
        4,
        "全市各级行政机关共受理政府信息公开申请3525件，答复3521件（含上年度结转121件，另有125件顺延至下年度办理）。",
    ),
    (
        3,
        "全年收到公民、法人和其他组织提出的政府信息公开申请共计3646件，办结3521件，结转2025年继续办理125件。",
    ),
    (3, "共收到3,525件依申请公开请求，2023年结转政府信息公开申请121件，共办结3521件。"),
    (1, "新收依申请公开三千五百二十五件。"),
    (2, "予以公开及部分公开1902件（政府信息公开申请）。\n依申请公开。同意公开或部分公开共1902件，不予公开92件。"),
    (
        4,
        (
            "完成政府信息依申请公开答复3521件。其中，予以公开答复1431件，占40.64%；部分公开471，"
            "占13.38%；因本机关不掌握等原因无法提供941件。"
        ),
    ),
    (4, "依申请公开。新收申请3525件，其中自然人3440件，占97.6%；法人或其他组织85件。"),
    (2, "依申请公开。收到政府信息公开申请3525件。其中申请人主动撤回申请354件。"),
    (
        10,
        (
            "因政府信息公开引发行政复议170件，其中结果维持88件、结果纠正18件、其他结果28件、尚未审结36件；"
            "行政诉讼77件，其中结果维持40件、结果纠正0件、其他结果17件、尚未审结20件。"
        ),
    ),
    (3, "涉及政府信息公开的行政诉讼77件，其中未经复议直接起诉25件，复议后起诉52件。"),
    (
        3,
        "制发规章2件、行政规范性文件50件，废止规章1件、行政规范性文件227件，现行有效规章12件、行政规范性文件420件。",
    ),
    (0, "2024年，全市收取信息处理费3件2230元，行政事业性收费72701.2578万元。"),
]
"""How many rules the text lets check, and the text."""


@pytest.mark.parametrize(("asked", "text"), AGREES)
def test_a_text_that_agrees_is_checked_and_left_alone(asked: int, text: str) -> None:
    done = checked(text)
    assert [f.rule for f in done.findings if f.rule.startswith(OURS)] == []
    assert sum(tally.passed for rule, tally in done.tallies.items() if rule.startswith(OURS)) == asked


WRONG = [
    ("新收政府信息公开申请3552件", ["GK501 hard"]),
    ("收到政府信息公开申请3552件", ["GK502 hard"]),
    ("全年共接到3552件政府信息公开申请", ["GK502 hard"]),
    ("收办政府信息公开申请3664件", ["GK503 hard"]),
    ("2024年我市未收到政府信息公开申请。", ["GK504 hard"]),
    ("全年没有依申请公开事项", ["GK504 hard"]),
    ("依申请公开。上年度结转112件", ["GK505 hard"]),
    ("收到政府信息公开申请3525件，答复3251件", ["GK506 hard"]),
    ("办理政府信息公开申请3251件", ["GK507 soft"]),
    ("收到政府信息公开申请3525件，另有152件顺延到下年度答复", ["GK508 hard"]),
    ("收到政府信息公开申请3525件，无结转下年度继续办理件。", ["GK508 hard"]),
    ("收到政府信息公开申请3525件，结转2025年度继续办理152件", ["GK508 hard"]),
    ("收到政府信息公开申请3525件。予以公开1408件，部分公开462件。", ["GK511 hard", "GK512 hard"]),
    ("收到政府信息公开申请3525件。予以公开及部分公开1870件", ["GK513 hard"]),
    ("收到政府信息公开申请3525件。同意公开1870件", ["GK514 hard"]),
    ("收到政府信息公开申请3525件。因本机关不掌握等原因无法提供897件", ["GK516 hard"]),
    ("收到政府信息公开申请3525件。其他处理0件", ["GK518 hard"]),
    ("收到政府信息公开申请3525件。申请人撤回496件", ["GK519 soft"]),
    ("依申请公开。新收申请3525件，其中自然人3404件，法人或其他组织121件", ["GK307 hard", "GK521 hard"]),
    ("依申请公开。新收申请3525件，其中自然人3440件，占98.6%", ["GK306 soft"]),
    ("因政府信息公开引发行政复议107件", ["GK531 hard"]),
    ("备案政府信息公开类行政复议案件134件、行政诉讼案件57件。", ["GK532 soft", "GK542 soft"]),
    ("收办3646件，不予公开92。备案复议案件134件、诉讼57件。", ["GK532 soft", "GK542 soft"]),
    ("因政府信息公开引发行政诉讼25件", ["GK541 hard"]),
    ("未发生因政府信息公开申请行政复议、提起行政诉讼情况。", ["GK537 hard", "GK547 hard"]),
    ("没有因为政府信息公开工作而被申请行政复议或被提起行政诉讼。", ["GK537 hard", "GK547 hard"]),
    ("政府信息公开行政复议、行政诉讼0件。", ["GK550 soft"]),
    ("制发行政规范性文件5件，废止0件，现行有效14件。", ["GK561 soft", "GK562 soft", "GK563 soft"]),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_a_text_that_differs_is_found(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


LEFT_ALONE = [
    "全年收到政府信息公开申请3000余件，答复近3000件，结转约一百件。",
    "2023年，全市收到政府信息公开申请3607件。",
    "上年收到政府信息公开申请3607件，比上年增加39件。",
    "与2023年收到政府信息公开申请3607件相比，增长1.08%。",
    "2022年、2023年、2024年分别收到政府信息公开申请10件、12件、15件。",
    "其中，市政府本级收到政府信息公开申请349件。",
    "市政府办公室收到政府信息公开申请349件，答复340件。",
    "上半年收到政府信息公开申请20件。2008年以来累计收到政府信息公开申请4万件。",
    "通过网络收到政府信息公开申请20件，通过信函收到政府信息公开申请5件。",
    "部分县区未收到政府信息公开申请；如未收到申请，应填0。",
    "主动公开政府信息30条，点击量1200次，予以公开文件3件。",
    "行政许可办结146件，行政处罚办结593件，依申请公开有序开展。",
    "12345热线受理诉求218件，办结218件。依申请公开按时办结20件。",
    "依申请公开。受理信访件300件，答复300件，人大建议5件，予以公开3件。",
    "收到政府信息公开申请20个工作日内答复，对政府信息公开申请一件一档管理。",
    "依申请公开。因涉及国家秘密不予公开2件，因没有现成信息无法提供1件。",
    "依申请公开。另有3件转至市自然资源局办理。",
    "市司法局全年办理行政复议案件350件，行政诉讼案件20件，政府信息公开有序推进。",
    "未发生政府信息公开行政复议被纠正、行政诉讼败诉案件。",
    "审查规范性文件20件，清理规范性文件30件，拟制定规范性文件3件。",
    "市本级制发行政规范性文件5件。",
    "全市收取信息处理费3件2230元。",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_not_this_reports_figure_is_left_alone(text: str) -> None:
    assert codes(text) == []


OFFICIAL = AGREES[0][1]
FIGURES = {
    "3646": {"GK503"},
    "3525": {"GK501"},
    "121": {"GK505"},
    "3558": {"GK307"},
    "88": {"GK521"},
    "1431": {"GK511"},
    "471": {"GK512"},
    "92": {"GK515"},
    "941": {"GK516"},
    "117": {"GK517"},
    "469": {"GK518"},
    "125": {"GK508"},
}


@settings(max_examples=60)
@given(st.sampled_from(sorted(FIGURES)), st.integers(0, 9999))
def test_law_a_changed_figure_is_found_where_it_stands(figure: str, other: int) -> None:
    """One figure of the text is another one: exactly its rule says so, unless the words allow that figure too."""
    allowed = {"3646": {3525}, "3558": {3440}, "88": {85, 81}}.get(figure, set()) | {int(figure)}
    found = findings(OFFICIAL.replace(figure, str(other)))
    assert {f.rule for f in found} == (set() if other in allowed else FIGURES[figure])
    for one in found:
        assert one.quote[one.place.start : one.place.end] == str(other)


def test_the_real_report_of_shanghai_is_right_where_it_is_right() -> None:
    """What the 2019 report of Shanghai got wrong: only natural persons taken, only the first item taken."""
    text = (
        "共受理政府信息公开申请12件，答复12件（含上年度结转1件，另有1件顺延到下年度答复）。"
        "予以公开及部分公开6件；不予公开2件；因本机关不掌握等原因无法提供1件；不予处理0件；其他处理0件。"
    )
    assert codes(text, "青山镇_2020") == ["GK513 hard", "GK516 hard"]
    assert codes(text.replace("部分公开6件", "部分公开8件").replace("无法提供1件", "无法提供2件"), "青山镇_2020") == []


def test_documents_of_the_2019_form_are_made_or_published() -> None:
    assert codes("本年度制发公开规范性文件3件，主动公开规范性文件12件。", "青山镇_2020") == []
    assert codes("本年度制发公开规范性文件4件，主动公开规范性文件5件。", "青山镇_2020") == ["GK571 soft", "GK572 soft"]


# Through the readers


@cache
def sample(name: str) -> bytes:
    return (SAMPLES / "report" / name).read_bytes()


def audited(name: str, data: bytes) -> Result:
    (result,) = auditor(rules="cn-disclosure-2021").audit([Source(name, data)])
    assert not result.faults
    return result


def web(old: str, new: str) -> Document:
    data = sample("淮安市_2024.html").decode()
    assert old in data
    return _one(audited("淮安.html", data.replace(old, new).encode()))


def word(old: str, new: str) -> Document:
    opened = docx.Document(io.BytesIO(sample("淮安市_2024.docx")))
    (paragraph,) = [p for p in opened.paragraphs if old in p.text]
    paragraph.text = paragraph.text.replace(old, new)
    saved = io.BytesIO()
    opened.save(saved)
    return _one(audited("淮安.docx", saved.getvalue()))


def plain(old: str, new: str) -> Document:
    """The web page as text: a paragraph a line, tables with tabs."""
    read = readers.read(Source("淮安.html", sample("淮安市_2024.html")))
    lines: list[str] = []
    for n in range(len(read.paragraphs) + 1):
        lines += [read.paragraphs[n - 1].text.replace(old, new)] if n else []
        for grid in (g for g in read.grids if g.after == n):
            lines += ["\t".join("" if v is None else str(v).replace("\n", "") for v in row) for row in grid.rows]
    return _one(audited("淮安.txt", "\n".join(lines).encode()))


def _one(result: Result) -> Document:
    """The one finding of ours, checked against the paragraph it points into."""
    (found,) = [f for f in result.findings if f.rule.startswith(OURS)]
    assert result.document is not None
    paragraph = next(p for p in result.document.paragraphs if p.number == found.place.paragraph)
    assert (found.rule, found.level) == ("GK506", "hard")
    assert paragraph.text == found.quote
    assert paragraph.text[found.place.start : found.place.end] == found.terms[0].value
    assert found.terms[0].value in {"3005", "3 005", "３００５"}
    return result.document


@pytest.mark.parametrize("through", [web, word, plain])
@pytest.mark.parametrize("written", ["3005件", "３００５ 件", " 3005\u3000件"])
def test_a_finding_points_at_the_number_in_its_paragraph(through: object, written: str) -> None:
    assert callable(through)
    assert through("3050件", written)


@pytest.mark.parametrize("name", ["淮安市_2024.html", "淮安市_2024.docx", "宿迁市_2024.html", "宿迁市_2024.docx"])
def test_published_reports_agree_with_themselves(name: str) -> None:
    result = audited(name, sample(name))
    assert [f.rule for f in result.findings if f.rule.startswith(OURS)] == []
    assert sum(t.passed for rule, t in result.tallies.items() if rule.startswith(OURS)) >= 8


def test_a_report_without_text_is_not_asked() -> None:
    """Not stated is an outcome: neither passed nor incomplete."""
    (result,) = auditor().audit([readers.load(SAMPLES / "official" / "宿迁市_2023.xlsx")])
    ours = {rule: tally for rule, tally in result.tallies.items() if rule.startswith(OURS)}
    assert len(ours) > 30
    assert all(t.passed == t.failed == 0 and t.unchecked == {"not stated": 1} for t in ours.values())
    assert not result.incomplete


# 宿迁市 2023: 新收 3511，上年结转 96；2024: 新收 3525，上年结转 121
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全市共收办政府信息公开申请3646件，同比增长1.08%。", []),
        ("新收政府信息公开申请3525件，比上年增长0.4%，办结3521件。", []),
        ("收办3646件政府信息公开申请，申请量同比增长约1%。", []),
        ("全市共收办政府信息公开申请3646件，同比增长1.05%。", ["GK551 soft"]),
        ("新收政府信息公开申请3525件，同比下降0.4%。", ["GK552 soft"]),
        ("收到政府信息公开申请3525件，其中自然人申请3440件，同比增长30%。", []),
        ("收到政府信息公开申请3525件。公开政府信息2000条，同比增长30%。", []),
    ],
)
def test_the_change_said_follows_from_the_reports_of_both_years(text: str, expected: list[str]) -> None:
    done = checked(text, last="宿迁市_2023").findings
    assert [f"{f.rule} {f.level}" for f in done if f.rule.startswith("GK55")] == expected
