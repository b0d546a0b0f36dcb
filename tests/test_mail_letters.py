"""Letters: what they say in both languages, and bytes that several mail libraries read alike."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32, default
from email.utils import parseaddr

import fast_mail_parser
import imap_tools
import mailparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.mail import letters, message
from auditkit.mail.drafting import attachment_name
from auditkit.mail.letters import Letter, Sender
from auditkit.mail.message import Attachment, Envelope
from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, Tally
from auditkit.model.words import Fault, Text

NAME = "青山镇人民政府二〇二一年度报告审核表.xlsx"
SENDER = Sender("shenhe@example.org", "审核办", "inbox@example.org", "1月28日", "王某 0000-0000000", "http://10.0.0.1/")
ENVELOPE = Envelope("R20220118-01", "220281-007", 1, "example.org")


@dataclass(frozen=True)
class Unit:
    code: str = "220281-007"
    name: str = "青山镇"
    email: str = "qs@example.org"
    language: str = ""


def result(*levels: str, **rest: object) -> Result:
    findings = tuple(
        Finding(
            "GK304", "b", level, "fail", f"k{n}", "v", Text("不等", "ne"), Text("", ""), Place("a.xlsx", "表三", n, 3)
        )  # type: ignore[arg-type] # a level
        for n, level in enumerate(levels)
    )
    base = Result("a.xlsx", "0" * 64, "cn", "1", Text("政府信息公开工作年度报告", "disclosure annual report"))
    given_ = {"unit": "青山镇", "period": "2021", "findings": findings, "tallies": {"GK304": Tally(passed=9)}, **rest}
    return replace(base, **given_)  # type: ignore[arg-type] # a factory


def test_subject_and_body_in_chinese() -> None:
    said = letters.letter(Unit(), [result("hard", "hard", "soft", "info")])
    line = letters.subject(said, "R20220118-01", 1, "zh")
    assert line == (
        "【退回修改】2021年政府信息公开工作年度报告审核结果—青山镇（必须改 2 处，须说明 1 处）"
        "[AK-R20220118-01-220281-007-1]"
    )
    assert letters.body(said, SENDER, "R20220118-01", 1, "zh").splitlines() == [
        "青山镇：",
        "您单位报送的《2021年政府信息公开工作年度报告》审核结果：退回修改。",
        "必须改 2 处，须说明 1 处，提示 1 处。",
        "· 表三!D1 不等",
        "· 表三!D2 不等",
        "· 表三!D3 不等",
        "· 另 1 处见附件。",
        "请于 1月28日 前直接回复本邮件，附上改好的原表和已填“说明”的审核结果表，主题请勿改动。",
        "说明不清的，可联系：王某 0000-0000000。",
        "（本邮件由程序生成，编号 AK-R20220118-01-220281-007-1。附件不含宏。）",
    ]


def test_english_is_english() -> None:
    said = letters.letter(Unit(name="Qingshan"), [result("hard")])
    sender = Sender("a@example.org", deadline="28 January", contact="0000-0000000")
    text = letters.subject(said, "R1", 2, "en") + "\n" + letters.body(said, sender, "R1", 2, "en")
    assert not re.search(r"[\u4e00-\u9fff【】（）：]", text.replace("表三!D1", "")), "names of sheets are the office's"
    assert text.startswith("[Return for correction] 2021 disclosure annual report, result - Qingshan (1 must be fixed)")
    assert "Please reply to this message by 28 January with the corrected report" in text


@pytest.mark.parametrize(
    ("results", "outcome", "said", "not_said"),
    [
        ([result()], "pass", "不用回复", "说明”的审核"),
        ([result("soft")], "explain", "待说明", "退回"),
        ([result(tallies={})], "not checked", "重新报送", "说明”的审核"),
        ([result(faults=(Fault("encrypted", Text("有密码。", "Locked.")),))], "unreadable", "有密码。", "说明”的审核"),
        ([], "missing", "尚未收到您单位的", "审核结果：退回"),
        ([result(), result("hard")], "return", "必须改 1 处", "不用回复"),
    ],
)
def test_each_outcome_says_what_to_do(results: list[Result], outcome: str, said: str, not_said: str) -> None:
    made = letters.letter(Unit(), results, Text("2021年年报", "2021 report"))
    text = letters.body(made, SENDER, "R1", 1, "zh")
    assert (made.outcome, said in text, not_said in text) == (outcome, True, False)
    assert letters.NAMES[made.outcome].zh in letters.subject(made, "R1", 1, "zh")


def test_notice_only_carries_no_finding() -> None:
    said = letters.letter(Unit(), [result("hard")])
    for language in ("zh", "en"):
        text = letters.body(said, SENDER, "R1", 1, language, notify_only=True)  # type: ignore[arg-type] # a language
        assert "http://10.0.0.1/" in text
        assert "必须改" not in text.replace("必须改动", "")
        assert "must be fixed" not in text


def build(**rest: object) -> bytes:
    given_ = {
        "to": ["qs@example.org"],
        "name": "青山镇",
        "subject": "【退回修改】审核结果" * 8,
        "body": "青山镇：\n=1+1\n.\n..",
    }
    more = {"attachments": (Attachment(NAME, b"PK\x03\x04" * 50),), **given_, **rest}
    return message.build(ENVELOPE, SENDER, **more)  # type: ignore[arg-type] # a factory


def names(parsed: Message) -> list[str | None]:
    return [part.get_filename() for part in parsed.walk() if part.get_content_disposition() == "attachment"]


def test_a_name_of_20_characters_is_read_by_the_standard_library() -> None:
    assert len(NAME.removesuffix(".xlsx")) in {18, 19, 20}
    data = build()
    assert names(email.message_from_bytes(data, policy=default)) == [NAME]
    assert names(email.message_from_bytes(data, policy=compat32)) == [NAME]


@pytest.mark.parametrize("policy", [default, compat32])
def test_each_of_the_two_names_is_enough_alone(policy: object) -> None:
    data = build()
    only_type = re.sub(rb"(?m)^Content-Disposition: attachment;.*\r$", b"Content-Disposition: attachment\r", data)
    parsed = email.message_from_bytes(only_type, policy=policy)  # type: ignore[call-overload] # either
    (found,) = names(parsed)
    assert str(make_header(decode_header(found))) == NAME
    only_disposition = re.sub(rb'; name="[^"]*"', b"", data)
    assert names(email.message_from_bytes(only_disposition, policy=policy)) == [NAME]  # type: ignore[call-overload] # either


def test_a_name_of_20_characters_is_read_by_imap_tools() -> None:
    parsed = imap_tools.MailMessage.from_bytes(build())
    assert [a.filename for a in parsed.attachments] == [NAME]
    assert parsed.attachments[0].payload == b"PK\x03\x04" * 50


def test_a_name_of_20_characters_is_read_by_mail_parser() -> None:
    parsed = mailparser.parse_from_bytes(build())
    assert [a["filename"] for a in parsed.attachments] == [NAME]


def test_a_name_of_20_characters_is_read_by_a_parser_that_is_not_the_standard_library() -> None:
    parsed = fast_mail_parser.parse_email(build())
    assert [(a.filename, a.content) for a in parsed.attachments] == [(NAME, b"PK\x03\x04" * 50)]
    assert parsed.text_plain == ["青山镇：\n=1+1\n.\n.."]


def test_the_wire_is_ascii_with_short_lines_and_no_piece_of_a_name() -> None:
    data = build(earlier=["<a@example.org>", "<b@example.org>"])
    data.decode("ascii")
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"filename*=utf-8''%E9" in data
    assert b'name="=?utf-8?B?' in data
    assert b"*0*" not in data
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", data.split(b"\r\n\r\n")[0]))


def test_headers_are_what_they_should_be() -> None:
    parsed = email.message_from_bytes(build(earlier=["<a@example.org>", "<b@example.org>"]), policy=default)
    assert parsed["Message-ID"] == "<R20220118-01.220281-007.1@example.org>"
    assert (parsed["In-Reply-To"], parsed["References"]) == ("<b@example.org>", "<a@example.org> <b@example.org>")
    assert (parsed["Auto-Submitted"], parsed["Reply-To"]) == ("auto-generated", "inbox@example.org")
    assert parsed["Subject"] == "【退回修改】审核结果" * 8
    assert (parsed["From"].addresses[0].display_name, parsed["From"].addresses[0].addr_spec) == (
        "审核办",
        SENDER.address,
    )
    assert str(parsed["To"]) == "青山镇 <qs@example.org>"
    first, second = parsed.iter_parts()
    assert first.get_content_type() == "text/plain"
    assert first.get_content().replace("\r\n", "\n") == "青山镇：\n=1+1\n.\n.."
    assert second.get_content_type().endswith("spreadsheetml.sheet")
    assert parsed["Date"] is None


def test_the_same_message_is_the_same_bytes() -> None:
    assert build() == build()


@pytest.mark.parametrize("style", ["rfc2231", "ascii"])
def test_names_for_odd_gateways(style: str) -> None:
    (found,) = names(email.message_from_bytes(build(style=style), policy=default))
    assert found == (NAME if style == "rfc2231" else "result.xlsx")


@given(st.text(), st.text(), st.text())
def test_nothing_foreign_becomes_a_header(name: str, subject: str, file: str) -> None:
    data = build(name=name, subject=subject + "\r\nBcc: x@example.org", attachments=(Attachment(file, b"x"),))
    data.decode("ascii")
    parsed = email.message_from_bytes(data, policy=compat32)
    assert parsed["Bcc"] is None
    assert parsed.defects == []
    assert sorted(parsed.keys()) == sorted(
        ["Content-Type", "MIME-Version", "From", "To", "Subject", "Message-ID", "Reply-To", "Auto-Submitted"]
    )
    assert parseaddr(parsed["To"].replace("\r\n", ""))[1] == "qs@example.org"


def test_addresses_of_a_roster_cell() -> None:
    assert message.addresses(" a@example.org；b-c@x.example.org, a@example.org ") == (
        "a@example.org",
        "b-c@x.example.org",
    )
    for wrong in ("", " ", "青山镇", "a@b@c", "a@example.org, 青山", "a..b@example.org", "<a@example.org>", "a@-"):
        with pytest.raises(Fault):
            message.addresses(wrong)


@pytest.mark.parametrize(
    ("unit", "made"),
    [
        ("青山镇", "青山镇_2021年_审核结果_第1次.xlsx"),
        ("某某省某某市某某区某某街道办事处", "某某省某某市某某区_2021年_审核结果_第1次.xlsx"),
        ("a/b:c", "a_b_c_2021年_审核结果_第1次.xlsx"),
    ],
)
def test_names_of_attachments_are_short_and_legal(unit: str, made: str) -> None:
    name = attachment_name(unit, "2021", 1, "zh")
    assert (name, len(name.removesuffix(".xlsx")) <= 24) == (made, True)


def test_units_that_are_no_address_get_a_stable_name() -> None:
    assert letters.slug("220281-007") == "220281-007"
    for odd in ("青山镇", "a b", "-x", "a..b", "", "x>y"):
        assert re.fullmatch(r"u[0-9a-f]{10}", letters.slug(odd))
    assert letters.token(Unit(code="", name="青山镇"), "R1", 1) == f"AK-R1-{letters.slug('青山镇')}-1"


def test_a_letter_may_be_made_by_hand() -> None:
    said = Letter(Unit(language="en"), "return", Text("年报", "report"))
    assert letters.subject(said, "R1", 1, "en").endswith("[AK-R1-220281-007-1]")
