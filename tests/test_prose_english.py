"""English sentences: what states its own sum is checked, and what does not is left alone."""

import pytest

from auditkit import prose
from auditkit.model.document import Paragraph
from test_prose_rules import found, rules_of

RULES = rules_of("report-prose-en")


def codes(text):
    return [f.rule for f in found(text, RULES)]


@pytest.mark.parametrize(
    "text",
    [
        "In FY 2018 the agency processed 1,234 requests, up from 1,100 the year before.",
        "The office granted 26 of the 30 requests in full; 12% of its staff are lawyers.",
        "From 2017 to 2018, an increase of 20% was recorded in complex requests.",
        "Table 3 shows that 4 of 10 exemptions were cited; Section 12 covers 30%.",
        "Roughly 26 of 30 requests (80%) were closed.",
        "The agency received 30 requests, of which 26 were closed within 20 days and 4 within 40 days.",
        "The backlog fell from 1,200 to 900, a decrease of 25%, while intake rose 3%.",
        "Nearly half (49%) of the 1,200 respondents agreed.",
        "Response times improved from 30 days to 25 days, down 16.7%.",
        "Of the 40 appeals, 10 (25%) were affirmed, 20 (50%) remanded and 10 (25%) closed for other reasons.",
        "The fund grew from 1.5 million to 1.8 million, up 20%.",
        "Of the 30 requests, 12 came by mail, 9 by e-mail, etc.",
    ],
)
def test_nothing_is_said_about(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Of 50 requests, 41 out of 50 (72 percent) were answered on time.", "PE101"),
        ("The agency closed 1,234 of 1,500 requests (81.9%).", "PE101"),
        ("A total of 45 of the 60 offices, or 74 per cent, replied.", "PE101"),
        ("Only 6.2% (2 of 39) were appealed.", "PE101"),
        ("The backlog fell from 1,200 to 900, a decrease of 33%.", "PE105"),
        ("Requests fell from 150 to 120, up 20%.", "PE105"),
        ("There were 20 complaints, including 15 about delay and 8 about fees.", "PE103"),
        ("The 2018 report is divided into 7 chapters.", None),
    ],
)
def test_a_wrong_sum_is_found(text, code):
    assert codes(text) == ([code] if code else [])


def test_the_finding_shows_its_arithmetic_and_points_at_the_numbers():
    text = "In 2018 the agency granted 26 of 30 requests (86%)."
    finding = found(text, RULES)[0]
    assert finding.arithmetic.en == "86% ≠ 26 ÷ 30 = 86.67%"
    assert finding.hint.en == "rounded it is 87%; 86% is cut off, not rounded"
    assert text[finding.place.start : finding.place.end] == "26 of 30 requests (86%"
    assert [text[t.place.start : t.place.end] for t in finding.terms] == ["86", "26", "30"]


def test_a_share_divided_by_the_new_number_is_explained():
    finding = found("Requests rose from 120 to 150, up 20%.", RULES)[0]
    assert "divides by the new number" in finding.hint.en


def test_sentences_end_at_full_stops_and_not_at_abbreviations():
    paragraphs = [Paragraph(1, "Dr. Lee of the U.S. office reported. See No. 3. It closed 27 of 30 (80%).")]
    finding = prose.check(paragraphs, file="a.txt", rules=RULES)[0][0]
    assert finding.quote == "It closed 27 of 30 (80%)."
    assert finding.place.sentence == 3
