"""The commands of replies, explanations and mail, from a run to letters sent and answers judged."""

from __future__ import annotations

import csv
from pathlib import Path

import click
import pytest
from openpyxl import load_workbook

from auditkit.mail.commands import mail
from auditkit.model.words import Fault
from auditkit.replies.commands import known, replies
from auditkit.reports import text_report, workbook
from auditkit.store import Entry, Store
from test_mail import Box, serving
from test_replies import filled, sent_out


def run(group: click.Group, *arguments: object, lang: str = "en") -> int:
    return int(group.main([*map(str, arguments), "--lang", lang], "auditkit", standalone_mode=False))


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A folder with a run's JSON lines, its returned workbook, a store and a roster."""
    result = sent_out(1, 4)
    (tmp_path / "run.jsonl").write_text("\n".join(text_report("jsonl").render([result], "zh")), "utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "1.xlsx").write_bytes(workbook.render(result, "zh", run="R1"))
    with Store(tmp_path / "store.sqlite") as store:
        number = store.begin("first", "2022-01-18", "")
        store.keep([("k1", result)])
        store.enter(number, [Entry(0, "单位1.xlsx", "return", unit_code=result.unit_code, result="k1")])
    with (tmp_path / "roster.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [
                ["代码", "单位", "邮箱"],
                [result.unit_code, "单位1", "one@example.org"],
                ["220281002", "单位2", "two@example.org"],
            ]
        )
    return tmp_path


def test_replies_are_read_judged_and_let_go(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = (sent / "out" / "1.xlsx").read_bytes()
    (sent / "back").mkdir()
    filled(data, lambda _, n: ("", "属实") if n < 4 else ("已改", "")).save(sent / "back" / "回.xlsx")
    out = sent / "known.yaml"
    assert run(replies, "read", sent / "back", "--run", sent / "run.jsonl", "--out", out, "--dry-run") == 0
    assert not out.exists()
    assert run(replies, "read", sent / "back", "--run", sent / "run.jsonl", "--out", out) == 0
    assert "220281001  4 rows: corrected 2, true, explained 2, the rule is wrong 0" in capsys.readouterr().out
    keys = [f.key for f in sent_out(1, 4).findings[:2]]
    assert run(known, "review", "--file", out) == 1
    assert "1 units wrote “属实” (gives no reason)" in capsys.readouterr().out
    with pytest.raises(Fault, match="needs --by"):
        run(known, "review", "--file", out, "--accept", keys[0])
    assert run(known, "review", "--file", out, "--accept", keys[0], "--by", "王某", "--until", "2999-12-31") == 1
    assert run(known, "review", "--file", out, "--refuse", keys[1], "--by", "王某", "--because", "请写原因") == 0
    run(known, "list", "--file", out, lang="zh")
    said = capsys.readouterr().out
    assert "同意  有效至 2999-12-31" in said
    assert "退回：请写原因" in said
    assert run(known, "prune", "--file", out, "--key", keys[1]) == 0
    added = ("--run", sent / "run.jsonl", "--key", keys[1], "--reason", "集中受理", "--by", "李某")
    assert run(known, "add", "--file", out, *added) == 0
    assert "集中受理" in out.read_text("utf-8")


def test_what_wants_another_look_is_said(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = (sent / "out" / "1.xlsx").read_bytes()
    answers = [("规则有误", "@模板自带"), ("属实有说明", ""), ("规则有误", "同上"), ("属实有说明", "集中受理")]
    filled(data, lambda _, n: answers[n - 2]).save(sent / "回.xlsx")
    against = sent / "规则.csv"
    options = ("--run", sent / "run.jsonl", "--out", sent / "known.yaml", "--disputed", against)
    assert run(replies, "read", sent / "回.xlsx", *options, lang="zh") == 0
    said = capsys.readouterr().out
    assert "▲ 回.xlsx 3 行选了“属实有说明”，没有写说明" in said
    assert "规则有误" in said.partition("▲ GK")[2]
    rows = list(csv.DictReader(against.read_text("utf-8-sig").splitlines()))
    assert [row["单位的话"] for row in rows] == ["'@模板自带", "同上"], "nothing a spreadsheet would run"


def test_what_was_not_read_is_said_and_is_the_status(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = load_workbook(sent / "out" / "1.xlsx")
    book.worksheets[1].delete_cols(12)
    book.save(sent / "lost.xlsx")
    assert (
        run(replies, "read", sent / "lost.xlsx", "--run", sent / "run.jsonl", "--out", sent / "k.yaml", lang="zh") == 3
    )
    assert "找不到“编号”列" in capsys.readouterr().err


def test_draft_look_send_status(
    sent: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    common = ("--run", "R1", "--outbox", sent / "发件")
    people = ("--store", sent / "store.sqlite", "--roster", sent / "roster.csv", "--from", "a@example.org")
    assert run(mail, "draft", sent / "out", *people, *common, lang="zh") == 0
    assert "写出 1 个草稿" in capsys.readouterr().out
    assert (
        run(mail, "draft", sent / "out", *people, *common, "--only", "missing", "--title", "2021年年报", lang="zh") == 0
    )
    assert run(mail, "send", *common) == 0
    said = capsys.readouterr().out
    assert "2 to send (return for correction 1, not received 1)" in said
    assert "Nothing was sent" in said
    box = Box()
    with serving(box) as server:
        there = (
            "--host",
            "127.0.0.1",
            "--port",
            server.port,
            "--security",
            "none",
            "--from",
            "a@example.org",
            "--really",
        )
        assert run(mail, "status", *common) == 3
        assert run(mail, "send", *common, *there) == 0
        assert run(mail, "send", *common, *there) == 0
    assert box.times == {"one@example.org": 1, "two@example.org": 1}
    assert b"openxmlformats" in next(data for to, data in box.taken if to.startswith("one"))
    assert run(mail, "status", *common) == 0
    assert "R1  sent 2, not sent 0, in doubt 0" in capsys.readouterr().out
    with pytest.raises(Fault, match="Nothing of 220281001 is in doubt"):
        run(mail, "settle", *common, "--unit", "220281001", "--arrived")


def test_no_letter_without_the_workbook_it_speaks_of(sent: Path) -> None:
    (sent / "out" / "1.xlsx").unlink()
    people = ("--store", sent / "store.sqlite", "--roster", sent / "roster.csv", "--from", "a@example.org")
    with pytest.raises(Fault, match="no returned workbook"):
        run(mail, "draft", sent / "out", *people, "--run", "R1", "--outbox", sent / "o")
