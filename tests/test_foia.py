"""The US annual FOIA report: thirty-two tables of components, and what they taught lists and the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from auditkit import rulebook
from auditkit.audit import Auditor
from auditkit.catalogue import rule_notes
from auditkit.identity import describe
from auditkit.model.document import Place, Source
from auditkit.model.filled import Words
from auditkit.model.finding import Result
from auditkit.model.rule import Rulebook
from auditkit.reports import text_report
from auditkit.reports.wording import checks

Load = Callable[[str], Rulebook]

TABLES = """\
levels: {LS100: soft}
tables:
  A:
    title: Requests pending
    records: {name: components, key: component}
    cells: count
    codes: {cells: LS100}
    blank: allow
    columns: {component: Agency / Component, received: Received, total: Total}
    rows: {overall: AGENCY OVERALL}
  B:
    title: Appeals pending
    records: {name: components, key: component}
    cells: count
    kinds: {low: number}
    blank: allow
    columns: {component: Agency / Component, low: Lowest, total: Total}
    rows: {overall: AGENCY OVERALL}
  C:
    title: Oldest requests
    records: {name: components, key: component, lines: {date: Date, days: Days}}
    cells: number
    kinds: {date: date}
    blank: allow
    columns: {component: Agency / Component, items: {oldest: Oldest, second: 2nd, third: 3rd}}
    rows: {overall: AGENCY OVERALL}
rules:
"""

SHEET = """\
Requests pending
Agency / Component,Received,Total
East,3,3
West,4,4
AGENCY OVERALL,7,7

Appeals pending
Agency / Component,Lowest,Total
East,<1,3
West,2,4
AGENCY OVERALL,<1,7

Oldest requests
Agency / Component,,3rd,2nd,Oldest
East,Date,2024-05-03,2024-04-02,2023-01-09
,Days,10,30,330
West,Date,N/A,N/A,N/A
,Days,0,0,0
AGENCY OVERALL,Date,2024-05-03,2024-04-02,2023-01-09
,Days,10,30,330
"""


def rule(code: str, each: str, check: str, more: str = "") -> str:
    return f"""\
  - id: {code}
    name: {{zh: 甲, en: a}}
    for: {each}
    check: {check}{more}
    message: {{zh: 甲。, en: A.}}
"""


def audit(book: Rulebook, text: str | bytes, name: str = "East.csv") -> Result:
    data = text.encode() if isinstance(text, str) else text
    (result,) = Auditor((book,), forced=True).audit([Source(name, data)])
    assert not result.faults, result.faults
    return result


def said(result: Result) -> list[str]:
    return [f"{f.rule} {f.place.address} {f.arithmetic.en}" for f in result.findings]


def test_one_rule_is_asked_of_several_tables_and_counted_once(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each column in A, B except component, low", "overall = sum(components)"))
    result = audit(made, SHEET.replace("OVERALL,7,7", "OVERALL,8,7").replace("OVERALL,<1,7", "OVERALL,<1,6"))
    assert said(result) == [
        "LS101 B5 AGENCY OVERALL 8 ≠ components 7, off by 1".replace("AGENCY OVERALL", "overall"),
        "LS101 C11 overall 6 ≠ components 7, off by 1",
    ]
    assert (result.tallies["LS101"].passed, result.tallies["LS101"].failed) == (1, 2)


def test_a_line_left_out_must_be_in_one_of_the_tables(book: Load) -> None:
    with pytest.raises(Exception, match='"lowest" is not a line of A, nearest is'):
        book(TABLES + rule("LS101", "each column in A, B except lowest", "overall = sum(components)"))


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ("2024-05-03,2024-04-02,2023-01-09", []),
        ("2024-05-03,2022-04-02,2023-01-09", ["LS101 D15 second 2022-04-02 < oldest 2023-01-09"]),
        ("2024-05-03,N/A,2025-01-09", ["LS101 C15 third 2024-05-03 < oldest 2025-01-09"]),
        ("2024-05-03,unknown,2025-01-09", ["LS101 C15 third 2024-05-03 < oldest 2025-01-09"]),
        ("2025-05-03,unknown,2025-01-09", []),
        ("N/A,N/A,N/A", []),
    ],
)
def test_values_in_order_are_compared_past_blanks_and_texts(book: Load, dates: str, found: list) -> None:
    made = book(TABLES + rule("LS101", "each row in C.date", "items is ascending"))
    text = SHEET.replace("East,Date,2024-05-03,2024-04-02,2023-01-09", f"East,Date,{dates}")
    assert said(audit(made, text)) == found


def test_days_that_rise_are_told_once_a_row(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each row in C.days", "items is descending"))
    assert said(audit(made, SHEET.replace(",Days,10,30,330", ",Days,500,400,330", 1))) == [
        "LS101 D16 second 400 > oldest 330"
    ]


def test_a_component_without_cases_wrote_0_and_is_no_least(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each column in B.low", "overall = min(positive(components))"))
    assert said(audit(made, SHEET)) == []
    zero = SHEET.replace("East,<1", "East,0").replace("OVERALL,<1", "OVERALL,0")
    assert said(audit(made, zero)) == ["LS101 B11 overall 0 ≠ least 2, off by 2 (rounding allows ±1)"]


@pytest.mark.parametrize("other", ["0", "1"])
def test_less_than_one_is_neither_nought_nor_one(book: Load, other: str) -> None:
    made = book(TABLES + rule("LS101", "each column in B.low", "overall = min(components)", "\n    tolerance: 0.4"))
    assert len(said(audit(made, SHEET.replace("OVERALL,<1", f"OVERALL,{other}")))) == 1


def test_dates_and_less_than_one_are_read_beside_small_numbers_in_a_workbook(book: Load, tmp_path: Path) -> None:
    """A small number has every format looked at, which made texts of what is a date or ``<1`` in its kind of cell."""
    made = book(
        TABLES + rule("LS101", "each row in C.date", "oldest < second") + rule("LS102", "each row in B", "low < 3")
    )
    workbook = openpyxl.Workbook()
    for line in SHEET.replace(",Days,10,30,330", ",Days,0.5,30,330").splitlines():
        workbook.active.append([float(v) if v.replace(".", "").isdigit() else v for v in line.split(",")])
    workbook.save(tmp_path / "East.xlsx")
    result = audit(made, (tmp_path / "East.xlsx").read_bytes(), "East.xlsx")
    assert (said(result), result.tallies["LS101"].passed, result.tallies["LS102"].passed) == ([], 2, 3)


def test_a_record_called_as_the_header_begins_is_no_header(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each row in A", "total = received"))
    assert said(audit(made, SHEET.replace("East,3,3", "Agency,3,4"))) == ["LS101 C3 total 4 ≠ received 3, off by 1"]


def test_a_list_without_records_is_found_under_its_own_caption(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each row in A.components", "component exists in B"))
    empty = SHEET.replace("East,<1,3\nWest,2,4\nAGENCY OVERALL,<1,7\n", "")
    result = audit(made, empty)
    assert result.missing == {}
    assert said(result) == [
        'LS101 A3 no component East in "Appeals pending"',
        'LS101 A4 no component West in "Appeals pending"',
    ]


def test_a_first_record_with_nothing_in_it_does_not_end_the_list(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each row in A", "total = received"))
    result = audit(made, SHEET.replace("East,3,3", "East,,").replace("West,4,4", "West,4,5"))
    assert result.missing == {}
    assert said(result) == ["LS101 C4 total 5 ≠ received 4, off by 1"]


def test_an_empty_row_below_the_header_ends_nothing_and_a_total_ends_its_list(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each row in A", "total = received"))
    spaced = SHEET.replace("East,3,3\nWest,4,4", "\nEast,3,3\n,4,5").replace("OVERALL,7,7", "OVERALL,7,7\nFootnotes,,")
    result = audit(made, spaced)
    assert said(result) == ["LS101 C5 total 5 ≠ received 4, off by 1"]
    assert result.tallies["LS101"].asked == 3


def test_a_record_that_another_list_lacks_has_no_sum_there(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each row in A", "total ≤ sum(C.items)"))
    result = audit(made, SHEET.replace("West,Date,N/A,N/A,N/A\n,Days,0,0,0\n", ""))
    assert said(result) == []
    assert result.unchecked == {"no such row": 1}


@pytest.mark.parametrize("other", ["EAST", "East.", "e-ast", "Eastern Districts"])
def test_a_record_is_the_same_however_a_list_spells_it(book: Load, other: str) -> None:
    listed = """
  Names:
    title: Components
    records: {name: components, key: short}
    cells: text
    blank: allow
    columns: {short: Abbreviation, full: Component Name}
rules:
"""
    each = rule("LS101", "each row in A", "total = B.total")
    made = book(
        TABLES.replace("\nrules:\n", listed) + each + rule("LS102", "each row in B.components", "component exists in A")
    )
    text = SHEET.replace("East,<1,3", f"{other},<1,2").replace("OVERALL,<1,7", "OVERALL,<1,6")
    names = "Components\nAbbreviation,Component Name\nEast,Eastern Districts\nWest,Western Districts\n\n"
    found = audit(made, names + text).findings
    assert [(f.rule, f.row, f.terms[-1].place.address) for f in found] == [
        ("LS101", "East", "C14"),
        ("LS101", "overall", "C16"),
    ]


def test_records_that_one_list_tells_apart_stay_two(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each row in A", "total = B.total"))
    result = audit(made, SHEET.replace("West,4,4", "EAST,4,4"))
    assert said(result) == []
    assert result.unchecked == {"no such row": 1}


def test_the_same_header_under_another_caption_is_no_second_page(book: Load) -> None:
    tables = TABLES.replace("low: Lowest", "received: Received").replace("    kinds: {low: number}\n", "")
    made = book(tables + rule("LS101", "each row in A, B", "total = received"))
    text = (
        SHEET.replace("Lowest", "Received")
        .replace("<1,3", "3,3")
        .replace("West,2,4", "West,4,5")
        .replace("<1,7", "7,7")
    )
    assert said(audit(made, text)) == ["LS101 C10 total 5 ≠ received 4, off by 1"]


def test_the_rulebook_says_how_grave_a_cell_of_another_kind_is(book: Load) -> None:
    made = book(TABLES + rule("LS101", "each row in A", "total = received"))
    (finding,) = audit(made, SHEET.replace("East,3,3", "East,three,3")).findings
    assert (finding.rule, finding.level) == ("LS100", "soft")


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Department of Lighthouses - FOIA Annual Report, Fiscal Year 2008", "Department of Lighthouses"),
        ("Office of Non-Motor Traffic - North - Annual Report, FY 2021", "Office of Non-Motor Traffic - North"),
    ],
)
def test_an_english_title_names_the_office_before_the_dash(title: str, unit: str) -> None:
    context = describe([Words(title, Place("x.xlsx"), "title")], "x.xlsx", None)
    assert (context.unit, context.period) == (unit, title[-4:])


FOIA = "us-foia-annual"


def foia() -> tuple[Rulebook, str]:
    made = rulebook.find(FOIA)
    return made, Path(made.good).read_text("utf-8")


def test_the_messages_speak_of_the_form_in_its_own_words() -> None:
    made, good = foia()
    result = audit(made, good.replace("HQ,10,100,95,15", "HQ,10,100,96,15"))
    assert said(result) == [
        "FA101 E16 pending at end 15 ≠ pending at start 10 + received 100 - processed 96 = 14, off by 1",
        "FA110 D19 AGENCY OVERALL 142 ≠ components 143, off by 1",
        "FA131 D16 processed 96 ≠ V.B.(1) total 95, off by 1",
        "FA136 E217 processed, this year 95 ≠ V.A processed 96, off by 1",
    ]
    (suspect,) = result.suspects
    assert (suspect.places[0].address, suspect.proposed) == ("D16", ("95",))


def test_a_ratio_typed_as_a_percentage_is_called_by_its_name() -> None:
    made, good = foia()
    (finding,) = audit(made, good.replace('HQ,"$1,250.00",0.30%', 'HQ,"$1,250.00",0.003%')).findings
    assert finding.rule == "FA107"
    assert finding.hint is not None
    assert finding.hint.en == "a ratio was typed as a percentage: it should be 0.303%"


def test_last_year_is_found_by_agency_and_fiscal_year(tmp_path: Path) -> None:
    made, good = foia()
    (tmp_path / "anything.csv").write_text(Path(made.last).read_text("utf-8"), "utf-8")
    (tmp_path / "other.csv").write_text(good.replace("Lighthouses", "Bridges"), "utf-8")
    auditor = replace(Auditor((made,), forced=True), last=tmp_path)
    (result,) = auditor.audit([Source("this.csv", good.encode())])
    assert (result.unit, result.period, result.last) == ("Department of Lighthouses", "2024", "anything.csv")
    assert result.unchecked.get("no last year", 0) == 0


def noted(text: str) -> Result:
    """The invented agency's report with a footnote under V.A, and with last year's opening balances changed."""
    made, good = foia()
    auditor = Auditor((made,), forced=True)
    last = (
        Path(made.last)
        .read_text("utf-8")
        .replace("HQ,12,88,90,10", "HQ,12,88,89,11")
        .replace("NC,5,36,37,4", "NC,5,36,36,5")
        .replace("OVERALL,18,128,132,14", "OVERALL,18,128,130,16")
    )
    auditor.__dict__["before"] = {
        ("", None): (auditor.binder.bind(auditor.read(Source("last.csv", last.encode()))), "")
    }
    overall = "AGENCY OVERALL,14,146,142,18\n"
    assert overall in good
    (result,) = auditor.audit([Source("this.csv", good.replace(overall, f"{overall}\nFootnotes\n{text}\n").encode())])
    return result


@pytest.mark.parametrize("text", ["After a review HQ was adjusted.", "After a review Headquarters was adjusted."])
def test_a_footnote_explains_the_row_it_names_by_abbreviation_or_name(text: str) -> None:
    result = noted(text)
    told = {(f.rule, f.row): (f.status, f.hint and f.hint.en) for f in result.findings}
    assert told[("FA201", "HQ")] == ("explained", f"Footnote: {text}")
    assert told[("FA201", "NC")] == ("fail", None)
    notes = [note.en for note in result.notes]
    assert "The footnote under V.A does not name rows that differ: AGENCY OVERALL, NC." in notes
    assert (result.tallies["FA201"].failed, result.tallies["FA201"].explained) == (2, 1)


def test_a_footnote_names_a_component_only_as_a_whole_word() -> None:
    told = {
        f.row: f.status
        for f in noted("The HQS database was reviewed and NC was adjusted.").findings
        if f.rule == "FA201"
    }
    assert told == {"HQ": "fail", "NC": "explained", "overall": "fail"}


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("The overall agency figures were corrected.", ["overall"]),
        ("After a review the Department of Lighthouses adjusted its figures.", ["overall"]),
        ("After a review the Department adjusted its figures.", ["overall"]),
        ("DOL adjusted its figures.", ["overall"]),
        ("Lighthouses adjusted its figures.", ["overall"]),
        ("HQ and NC were adjusted.", ["HQ", "NC", "overall"]),
        ("All components were adjusted.", ["HQ", "NC", "overall"]),
        ("The total number of requests of HQ was adjusted.", ["HQ"]),
        ("Systems are being put in place, with another agency.", []),
    ],
)
def test_a_footnote_explains_the_total_if_it_names_it_or_all_that_it_sums_up(text: str, explained: list[str]) -> None:
    found = [f for f in noted(text).findings if f.rule == "FA201"]
    assert sorted(f.row for f in found if f.status == "explained") == sorted(explained)


def test_no_footnote_explains_what_must_be_fixed() -> None:
    made, good = foia()
    wrong = good.replace(
        "AGENCY OVERALL,14,146,142,18\n", "AGENCY OVERALL,14,146,142,19\n\nFootnotes\nAGENCY OVERALL was adjusted.\n"
    )
    assert {(f.rule, f.status) for f in audit(made, wrong).findings if f.level == "hard"} == {
        ("FA101", "fail"),
        ("FA110", "fail"),
    }


def test_what_a_footnote_explains_is_said_as_such_and_nobody_accepted_it() -> None:
    result = noted("HQ was adjusted.")
    lines = "\n".join(text_report("full").render([result], "en"))
    assert "[explained in a footnote] HQ: Pending at the start of the year must equal" in lines
    assert "1 explained in a footnote" in checks(result).en
    assert "accepted" not in lines


def test_findings_of_a_record_say_whose_they_are_in_the_data_s_own_words() -> None:
    made, good = foia()
    result = audit(
        made,
        good.replace("\nNC,", "\nAgencyInformation,").replace(
            "AgencyInformation,4,40,41,3", "AgencyInformation,4,40,41,4"
        ),
    )
    finding = next(f for f in result.findings if f.rule == "FA101")
    assert finding.message.en.startswith("AgencyInformation: Pending at the end")


def test_what_is_no_date_is_called_no_date() -> None:
    made, good = foia()
    result = audit(made, good.replace("2024-09-12,2024-05-06", "2024-09-12,soon"))
    told = [(f.message.en, f.arithmetic.en) for f in result.findings if f.rule == "FA001"]
    assert told == [("NC · oldest must be a date.", 'is "soon", not a date')]


def test_a_rule_over_many_tables_is_read_aloud_as_such() -> None:
    made, _ = foia()
    note = next(one for one in rule_notes(made) if one.id == "FA101")
    assert note.spoken.en.startswith(
        'In "Received, Processed and Pending FOIA Requests", for each row (and in 2 more tables):'
    )
