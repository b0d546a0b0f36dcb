"""Every output of one result states the same findings, and none of them runs what a submission wrote."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from functools import cache
from io import BytesIO, StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from openpyxl import load_workbook

from auditkit.model.document import Place
from auditkit.model.finding import Result, Round, Said, State
from auditkit.model.words import Text
from auditkit.reports import (
    concise,
    github,
    junit,
    lines,
    markdown,
    sarif,
    summaries,
    summary_workbook,
    table_csv,
    terminal,
    webpage,
    workbook,
)
from auditkit.reports.escaping import is_live
from test_reports_results import LIVE, TAG, findings, hostile, passing, result, suspects, unreadable

Stated = set[tuple[str, str, str]]
"""Key, rule, place."""
LINE = re.compile(r"(?P<place>\S+) (?P<rule>GK\d+) .*\[(?P<key>\w+)\]")


def truth(one: Result) -> Stated:
    return {(f.key, f.rule, f.place.to("en")) for f in one.findings}


def text(report, one: Result) -> str:
    return "\n".join(report.render([one], "en"))


def in_workbook(one: Result) -> Stated:
    book = load_workbook(BytesIO(workbook.render(one, "en")))
    if "Findings" not in book:
        return set()
    return {(r[11].value, r[6].value, r[2].value) for r in book["Findings"].iter_rows(min_row=2)}


def in_summary(one: Result) -> Stated:
    sheet = load_workbook(BytesIO(summary_workbook.render([one], "en").workbook))["Details"]
    return {(r[18].value, r[7].value, r[8].value) for r in sheet.iter_rows(min_row=2) if r[18].value}


def in_page(one: Result) -> Stated:
    items = html.document_fromstring(webpage.render(one, "en")).xpath("//li[@data-item]")
    return {
        (
            item.xpath("p[@class='key']")[0].text_content().split()[-1],
            item.get("data-rule"),
            "".join(item.xpath(".//span[@class='where']//text()[not(ancestor::*[@lang='zh-CN'])]")).strip(),
        )
        for item in items
    }


def _of_json(one: dict) -> tuple[str, str, str]:
    where = one["where"]
    if where["cell"]:
        place = f"{where['sheet']}!{where['cell']}"
    else:
        place = f"prose par. {where['paragraph']}" if "paragraph" in where else where["sheet"] or "file"
    return one["key"], one["rule"], place


def in_lines(one: Result) -> Stated:
    return {_of_json(json.loads(line)) for line in lines.render([one], "en")}


def in_summaries(one: Result) -> Stated:
    (submission,) = json.loads(text(summaries, one))["submissions"]
    return {_of_json(f) for f in submission["findings"]}


def in_csv(one: Result) -> Stated:
    rows = csv.DictReader(StringIO(text(table_csv, one), newline=""))
    return {(row["key"], row["rule"], row["where"]) for row in rows if row["key"]}


def in_junit(one: Result) -> Stated:
    (suite,) = etree.fromstring(text(junit, one).encode())
    said = "\n".join([*suite.xpath("testcase/failure/text()"), suite.findtext("system-out") or ""])
    made = (re.fullmatch(r"(.+?) (GK\d+) .*\[(\w+)\]", line) for line in said.splitlines() if line)
    return {(m[3], m[2], m[1]) for m in made if m}


def in_sarif(one: Result) -> Stated:
    (run,) = json.loads(text(sarif, one))["runs"]
    made = {
        (
            r["partialFingerprints"]["auditkitKey/v1"],
            r["ruleId"],
            r["locations"][0]["logicalLocations"][0]["fullyQualifiedName"],
        )
        for r in run["results"]
    }
    return {
        (key, rule, re.sub(r"正文 第(\d+)段", r"prose par. \1", place).replace("文件", "file"))
        for key, rule, place in made
    }


def in_github(one: Result) -> Stated:
    made = (
        re.fullmatch(r".*title=(\w+) (?:must fix|explain|note) (.*?)::.*\[(\w+)\]", s)
        for s in text(github, one).splitlines()
    )
    return {(m[3], m[1], m[2]) for m in made if m}


def in_markdown(one: Result) -> Stated:
    rows = (line.strip("| ").split(" | ") for line in text(markdown, one).splitlines() if line.startswith("| "))
    return {(row[6], row[4], row[1]) for row in rows if row[0] not in {"Level", "---"}}


OUTPUTS = {
    "xlsx": in_workbook,
    "summary": in_summary,
    "html": in_page,
    "jsonl": in_lines,
    "json": in_summaries,
    "csv": in_csv,
    "junit": in_junit,
    "sarif": in_sarif,
    "github": in_github,
    "md": in_markdown,
}
WHOLE = result(
    findings=(
        replace(findings()[3], key="b1", place=Place(findings()[0].place.file), quote=""),
        replace(findings()[3], key="b2", place=Place(findings()[0].place.file, "表三"), quote=""),
    )
)
"""About a whole file and a whole sheet."""
outputs = pytest.mark.parametrize("read", OUTPUTS.values(), ids=OUTPUTS)


@outputs
@pytest.mark.parametrize("one", [result(), result(suspects=(), document=None), passing(), WHOLE], ids=range(4))
def test_every_output_states_the_same_findings(read, one: Result) -> None:
    assert read(one) == truth(one)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(findings()), unique_by=lambda f: f.key),
    st.lists(st.sampled_from(suspects()), unique_by=id, max_size=2),
)
def test_whatever_was_found_and_suspected(some: list, suspected: list) -> None:
    one = result(findings=tuple(some), suspects=tuple(suspected))
    for read in (in_page, in_lines, in_csv, in_junit, in_sarif, in_github, in_markdown):
        assert read(one) == truth(one), read


def test_the_terminal_and_the_concise_lines_name_the_same_rules_and_places() -> None:
    said = [re.search(r":(.+?): (GK\d+) ", line) for line in concise.render([result()], "en")]
    assert {(m[2], m[1]) for m in said if m} == {(rule, place) for _, rule, place in truth(result())}
    full = "\n".join(terminal.render([result()], "en"))
    for _, rule, place in truth(result()):
        assert re.search(rf"{rule}  {re.escape(place)}", full)


def test_every_output_says_what_could_not_be_checked() -> None:
    for report in (terminal, concise, summaries, table_csv, junit, sarif, github, markdown):
        assert "The file has a password." in text(report, unreadable()), report
    assert "The file has a password." in webpage.render(unreadable(), "en")
    assert "The file has a password. Remove it." in str(
        [c.value for c in load_workbook(BytesIO(workbook.render(unreadable(), "en")))["Verdict"]["B"]]
    )


def second_round() -> Result:
    """One finding of each state, and one that is gone."""
    (gone, *now) = findings()
    states: tuple[State, ...] = ("still open", "to judge", "refused", "lapsed")
    opened = [f for f in now if f.status == "fail"]
    said = {f.key: Said(state, "=理由", Text("意见", "decided")) for f, state in zip(opened, states, strict=False)}
    return result(findings=tuple(now), suspects=(), round=Round(2, said, (gone,)))


def cells(data: bytes) -> str:
    return " ".join(str(c.value) for sheet in load_workbook(BytesIO(data)) for row in sheet.iter_rows() for c in row)


def test_every_output_says_what_became_of_each_finding() -> None:
    one = second_round()
    texts = {name: text(report, one) for name, report in TEXTS.items()}
    texts["html"] = webpage.render(one, "en")
    texts["xlsx"] = cells(workbook.render(one, "en"))
    texts["summary"] = cells(summary_workbook.render([one], "en").workbook)
    words = ["new", "still open", "explained, to be judged", "explanation refused", "explanation lapsed", "accepted"]
    for name, said in texts.items():
        for word in (*words, "corrected"):
            assert word in said, (name, word)
    codes = {json.loads(line)["state"] for line in text(lines, one).splitlines()}
    assert codes == {"new", "still open", "to judge", "refused", "lapsed"}
    (report,) = json.loads(text(summaries, one))["submissions"]
    assert [f["key"] for f in report["repaired"]] == [findings()[0].key]
    (run,) = json.loads(text(sarif, one))["runs"]
    since = {r["partialFingerprints"]["auditkitKey/v1"]: r["baselineState"] for r in run["results"]}
    assert set(since.values()) == {"new", "unchanged", "updated", "absent"}


TEXTS = {
    "terminal": terminal,
    "concise": concise,
    "csv": table_csv,
    "junit": junit,
    "github": github,
    "md": markdown,
}


@cache
def spreadsheets(foreign: str) -> tuple[bytes, ...]:
    made = hostile(foreign)
    return workbook.render(made, "zh"), summary_workbook.render([made], "zh").workbook


@pytest.mark.parametrize("foreign", [LIVE[0], LIVE[4], LIVE[6], TAG])
def test_no_output_runs_what_a_submission_wrote(foreign: str) -> None:
    for data in spreadsheets(foreign):
        for sheet in load_workbook(BytesIO(data)):
            for cell in (c for row in sheet.iter_rows() for c in row):
                assert cell.data_type != "f"
                assert cell.quotePrefix or not isinstance(cell.value, str) or not is_live(cell.value)
    for row in csv.reader(StringIO(text(table_csv, hostile(foreign)), newline="")):
        assert not any(is_live(value) for value in row)
    assert (
        html.document_fromstring(webpage.render(hostile(foreign), "zh")).xpath("//script[contains(., 'alert')]") == []
    )
    assert "<" not in text(markdown, hostile(foreign))
    assert etree.fromstring(text(junit, hostile(foreign)).encode()).xpath("//script") == []
    assert all(line.startswith("::") for line in text(github, hostile(foreign)).splitlines())
    for report in (lines, summaries, sarif):
        for line in text(report, hostile(foreign)).splitlines():
            assert not is_live(line)
