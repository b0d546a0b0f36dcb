"""Machine formats: CSV, JUnit, SARIF, GitHub annotations, Markdown, and the published JSON Schemas."""

from __future__ import annotations

import csv
import json
import os
import re
from decimal import Decimal
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from lxml import etree
from referencing import Registry, Resource

from auditkit.model.finding import Result, Tally
from auditkit.model.words import Text
from auditkit.reports import github, junit, lines, markdown, sarif, summaries, table_csv
from auditkit.reports.escaping import is_live, legal
from test_reports_results import LIVE, TAG, cell, finding, hostile, passing, result, unreadable
from test_reports_same import second_round

OFFICIAL = os.environ.get("AUDITKIT_SCHEMAS", "")
ALL = (result(), passing(), unreadable())


def text(report: Any, *results: Result, language: str = "zh") -> str:
    return "\n".join(report.render(results or ALL, language))


def records(*results: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text(table_csv, *results, language="en"), newline="")))


def test_csv_has_a_row_for_each_finding_and_for_what_could_not_be_checked() -> None:
    made = records()
    assert [row["key"] for row in made] == [f"a10000000{n}" for n in (1, 2, 7, 3, 4, 5, 6, 8)] + [""]
    assert made[1] == {
        "unit": "青山镇",
        "unit code": "220281-007",
        "period": "2021",
        "file": "青山镇_2021.xlsx",
        "no.": "2",
        "level": "must fix",
        "status": "new",
        "rule": "GK304",
        "where": "表三!D5",
        "table": "T3",
        "row": "",
        "column": "自然人",
        "problem": "Received plus carried in must equal the rest.",
        "arithmetic": "8 + 1 = 9 ≠ 9 + 1 = 10, off by -1",
        "cells": "D5 8, D6 1, D13 9, D14 1",
        "hint": "",
        "likely": "表三!D5: 8→9",
        "sentence": "",
        "key": "a100000002",
    }
    assert made[-1]["problem"] == "The file has a password. Remove it."


@pytest.mark.parametrize("foreign", [*LIVE, TAG])
def test_no_csv_field_is_a_formula(foreign: str) -> None:
    for row in records(hostile(foreign)):
        assert not any(is_live(value) for value in row.values())


@given(st.text())
def test_any_text_comes_back_from_csv(foreign: str) -> None:
    made = finding("GK1", "k", cell("D5"), Text(foreign, foreign), Text("", ""))
    (row,) = records(result(findings=(made,), suspects=()))
    clean = legal(foreign)
    assert row["problem"] in {clean, f"'{clean}"}


JUNIT = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:annotation><xs:documentation>What both Jenkins' junit-10 and Ant's JUnit schema accept, in fewer words: Ant's order
of children and its required attributes; one outcome a case.</xs:documentation></xs:annotation>
<xs:simpleType name="some"><xs:restriction base="xs:token"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
<xs:simpleType name="moment"><xs:restriction base="xs:dateTime">
 <xs:pattern value="\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d"/></xs:restriction></xs:simpleType>
<xs:complexType name="outcome"><xs:simpleContent><xs:extension base="xs:string">
 <xs:attribute name="type" type="xs:string" use="required"/><xs:attribute name="message" type="xs:string"/>
</xs:extension></xs:simpleContent></xs:complexType>
<xs:element name="testsuites"><xs:complexType><xs:sequence>
 <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
  <xs:sequence>
   <xs:element name="properties"><xs:complexType><xs:sequence>
    <xs:element name="property" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
     <xs:attribute name="name" type="some" use="required"/><xs:attribute name="value" type="xs:string" use="required"/>
    </xs:complexType></xs:element>
   </xs:sequence></xs:complexType></xs:element>
   <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
    <xs:choice minOccurs="0">
     <xs:element name="skipped" type="outcome"/><xs:element name="error" type="outcome"/>
     <xs:element name="failure" type="outcome"/>
    </xs:choice>
    <xs:attribute name="name" type="some" use="required"/><xs:attribute name="classname" type="some" use="required"/>
    <xs:attribute name="time" type="xs:decimal" use="required"/>
   </xs:complexType></xs:element>
   <xs:element name="system-out" type="xs:string"/><xs:element name="system-err" type="xs:string"/>
  </xs:sequence>
  <xs:attribute name="name" type="some" use="required"/><xs:attribute name="package" type="some" use="required"/>
  <xs:attribute name="id" type="xs:int" use="required"/><xs:attribute name="timestamp" type="moment" use="required"/>
  <xs:attribute name="hostname" type="some" use="required"/><xs:attribute name="tests" type="xs:int" use="required"/>
  <xs:attribute name="failures" type="xs:int" use="required"/><xs:attribute name="errors" type="xs:int" use="required"/>
  <xs:attribute name="skipped" type="xs:int"/><xs:attribute name="time" type="xs:decimal" use="required"/>
 </xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>
</xs:schema>"""


@pytest.mark.parametrize("results", [ALL, (), *((hostile(x),) for x in ("=1", TAG, "\x00]]>")), (second_round(),)])
def test_junit_is_valid(results: tuple[Result, ...]) -> None:
    document = etree.fromstring("\n".join(junit.render(results, "zh")).encode())
    etree.XMLSchema(etree.fromstring(JUNIT)).assertValid(document)


def test_junit_fails_the_rules_that_must_be_fixed_and_only_those() -> None:
    broke = result(tallies={**result().tallies, "GK999": Tally(errors=2)})
    document = etree.fromstring("\n".join(junit.render([broke, passing(), unreadable()], "zh")).encode())
    first, second, third = document
    outcome = {case.get("name"): [child.tag for child in case] for case in first.iter("testcase")}
    assert outcome == {
        **{f"GK{n}": ["failure"] for n in (302, 303, 304, 305, 306)},
        **{f"GK{n}": [] for n in (309, 310, 311)},
        "GK312": ["skipped"],
        "GK999": ["error"],
    }
    counted = [first.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counted == ["10", "5", "1", "1"]
    assert "GK309" in first.findtext("system-out")
    assert (second.get("failures"), second.get("errors"), third.get("errors")) == ("0", "0", "1")


LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "minimum": -1},
        "message": {"$ref": "#/$defs/message"},
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": r"^[A-Za-z0-9._~%/!$&'()*+,;=@-]*$"}},
                    "additionalProperties": False,
                },
                "region": {
                    "additionalProperties": False,
                    "required": ["startLine"],
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                        "endColumn": {"type": "integer", "minimum": 1},
                        "snippet": {"$ref": "#/$defs/message"},
                    },
                },
            },
        },
        "logicalLocations": {
            "type": "array",
            "items": {
                "additionalProperties": False,
                "properties": {"fullyQualifiedName": {"type": "string"}, "kind": {"type": "string"}},
            },
        },
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {"items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "message": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "location": LOCATION,
        "run": {
            "required": ["tool"],
            "additionalProperties": False,
            "properties": {
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "tool": {"required": ["driver"], "properties": {"driver": {"$ref": "#/$defs/driver"}}},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                "invocations": {"type": "array", "items": {"$ref": "#/$defs/invocation"}},
            },
        },
        "driver": {
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string"},
                "version": {"type": "string"},
                "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "uniqueItems": True},
            },
        },
        "rule": {
            "required": ["id"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "name": {"type": "string"},
                "shortDescription": {"$ref": "#/$defs/message"},
                "fullDescription": {"$ref": "#/$defs/message"},
                "help": {"$ref": "#/$defs/message"},
                "defaultConfiguration": {"properties": {"level": {"$ref": "#/$defs/level"}}},
            },
        },
        "result": {
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": -1},
                "kind": {"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/message"},
                "locations": {"type": "array", "items": {"$ref": "#/$defs/location"}},
                "relatedLocations": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/location"}},
                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                "properties": {"type": "object"},
                "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
                "suppressions": {
                    "items": {
                        "required": ["kind"],
                        "properties": {
                            "kind": {"enum": ["inSource", "external"]},
                            "status": {"enum": ["accepted", "underReview", "rejected"]},
                        },
                    }
                },
            },
        },
        "invocation": {
            "required": ["executionSuccessful"],
            "additionalProperties": False,
            "properties": {
                "executionSuccessful": {"type": "boolean"},
                "toolExecutionNotifications": {"type": "array", "items": {"$ref": "#/$defs/notification"}},
            },
        },
        "notification": {
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/message"},
                "descriptor": {"required": ["id"]},
                "associatedRule": {"required": ["id"]},
                "locations": {"items": {"$ref": "#/$defs/location"}},
            },
        },
    },
}
"""The parts of SARIF 2.1.0 that are written here, as the standard requires them."""


@pytest.mark.parametrize("results", [ALL, (), (hostile("=1"),), (hostile(TAG),), (second_round(),)])
def test_sarif_is_valid(results: tuple[Result, ...]) -> None:
    Draft202012Validator(SARIF).validate(json.loads("\n".join(sarif.render(results, "en"))))


@pytest.mark.skipif(
    not OFFICIAL, reason="not ours to ship: AUDITKIT_SCHEMAS names a folder with junit-10.xsd and sarif-2.1.0.json"
)
@pytest.mark.parametrize("results", [ALL, (), (hostile("=1"),), (second_round(),)])
def test_the_official_schemas_agree(results: tuple[Result, ...]) -> None:
    folder = Path(OFFICIAL)
    document = etree.fromstring("\n".join(junit.render(results, "zh")).encode())
    etree.XMLSchema(etree.parse(folder / "junit-10.xsd")).assertValid(document)
    schema = json.loads((folder / "sarif-2.1.0.json").read_text("utf-8"))
    Draft7Validator(schema).validate(json.loads("\n".join(sarif.render(results, "en"))))


def test_sarif_says_where_and_what_kind() -> None:
    (run,) = json.loads(text(sarif))["runs"]
    rules = run["tool"]["driver"]["rules"]
    made = {r["partialFingerprints"]["auditkitKey/v1"]: r for r in run["results"]}
    one = made["a100000002"]
    assert rules[one["ruleIndex"]]["id"] == one["ruleId"] == "GK304"
    (where,) = one["locations"]
    assert where["physicalLocation"]["region"] == {"startLine": 5, "startColumn": 4}
    assert where["logicalLocations"][0]["fullyQualifiedName"] == "表三!D5"
    assert [at["message"]["text"] for at in one["relatedLocations"]] == ["上年结转 1", "办理总计 9", "结转下年 1"]
    prose = made["a100000004"]["locations"][0]["physicalLocation"]["region"]
    assert (prose["startLine"], prose["endColumn"] - prose["startColumn"]) == (3, 3)
    assert [made[f"a10000000{n}"]["level"] for n in (1, 5, 6)] == ["error", "warning", "note"]
    assert made["a100000008"]["suppressions"][0]["status"] == "accepted"
    assert run["invocations"][0]["executionSuccessful"] is False


@given(st.text(), st.text())
def test_a_github_annotation_is_one_line_whatever_is_in_it(message: str, name: str) -> None:
    made = finding("GK1", "k", cell("D5"), Text(message, message), Text("", ""))
    (said,) = github.render([result(file=name, findings=(made,), suspects=())], "en")
    assert re.fullmatch(
        r"::error file=[^\r\n:,]*,line=5,col=4,title=GK1 must fix 表三!D5".replace("!", "!") + r"::[^\r\n]*", said
    )


def test_github_annotations() -> None:
    made = list(github.render([result()], "zh"))
    assert made[0] == (
        "::error file=青山镇_2021.xlsx,line=5,col=10,title=GK302 必须改 表三!J5"
        "::总计栏应等于自然人与各类组织之和。 总计 12 ≠ 自然人 8 + 组织 3 = 11，差 1 [a100000001]"
    )
    assert [line.split(" ")[0] for line in made] == ["::error"] * 4 + ["::warning", "::notice", "::error", "::notice"]


def test_markdown() -> None:
    made = text(markdown, result())
    assert made.startswith("## 青山镇 · 2021年 · 政府信息公开工作年度报告\n\n**× 退回修改**\n")
    assert "| × 必须改 | 表三!D5 | 一、二两项之和应等于三（七）、四两项之和。 |" in made
    assert "● 表三!D5（新收·自然人）现为 8。" in made


@pytest.mark.parametrize(
    "foreign", [TAG, "a|b", "[x](http://x)", "![](x)", "a\nb", "`c`", "# h", "- i", "1. j", "**k**"]
)
def test_markdown_text_is_never_markup(foreign: str) -> None:
    escaped = markdown.plain(foreign)
    assert "<" not in escaped
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)[`*_\[\]|]", escaped)
    assert not re.match(r"[#+=-]|\d+[.)]", escaped)


def validator(name: str) -> Draft202012Validator:
    folder = files("auditkit.reports") / "schemas"
    loaded = {n: json.loads((folder / f"auditkit.{n}-1.json").read_text("utf-8")) for n in ("finding", "report")}
    registry: Registry[Any] = Registry().with_resources(
        [(schema["$id"], Resource.from_contents(schema)) for schema in loaded.values()]
    )
    Draft202012Validator.check_schema(loaded[name])
    return Draft202012Validator(loaded[name], registry=registry)


NUMBERS = {"left": Decimal("1E+3"), "right": Decimal("0.10"), "allowed": Decimal("0.5")}
EVERY = (
    *ALL,
    hostile("=1"),
    result(findings=(finding("GK1", "k", cell("D5"), Text("", ""), Text("", ""), **NUMBERS),)),
)


@pytest.mark.parametrize("one", EVERY, ids=lambda r: r.file)
def test_json_lines_follow_the_published_schema(one: Result) -> None:
    check = validator("finding")
    for line in lines.render([one], "zh"):
        check.validate(json.loads(line))


def test_json_follows_the_published_schema() -> None:
    validator("report").validate(json.loads(text(summaries, *EVERY)))


def test_the_schemas_refuse_what_they_do_not_describe() -> None:
    good = json.loads(next(iter(lines.render([result()], "zh"))))
    for change in (
        {"level": "GK"},
        {"left": 9},
        {"key": ""},
        {"schema": "auditkit.finding/2"},
        {"message": {"zh": "x"}},
    ):
        assert not validator("finding").is_valid({**good, **change})
