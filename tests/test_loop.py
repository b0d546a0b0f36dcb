"""The whole loop as a superior office walks it: check, returned workbooks, replies, decisions, the second round."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from auditkit.cli import main

BROKEN = Path(__file__).resolve().parents[1] / "samples" / "broken"
FIRST = ("白石镇_2024.xlsx", "沙河镇_2024.xlsx", "枫林镇_2024.xlsx", "双塔镇_2024.xlsx")


def auditkit(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["--lang", "zh", *map(str, arguments)], catch_exceptions=False)


def key_of(run: Path, rule: str) -> str:
    found = {made["rule"]: made["key"] for made in map(json.loads, run.read_text("utf-8").splitlines())}
    return found[rule]


def test_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("inbox", "back", "inbox2"):
        Path(folder).mkdir()
    for name in FIRST:
        copy(BROKEN / name, "inbox")
    assert auditkit("check", *sorted(Path("inbox").iterdir()), "--out", "run.jsonl", "--out-dir", "out").exit_code == 1

    book = load_workbook("out/沙河镇_2024_审核结果.xlsx")
    book["问题清单"]["J2"].value = "本年没有申请，按要求留空"
    book.save("back/沙河镇.xlsx")
    read = auditkit("replies", "read", "back", "--run", "run.jsonl")
    assert "沙河镇  1 行：已改 0，属实有说明 1" in read.output
    accept = ("--accept", key_of(Path("run.jsonl"), "GK311"), "--by", "王某", "--until", "2999-12-31")
    assert auditkit("known", "review", *accept).exit_code == 0

    for name in FIRST[1:3]:
        copy(BROKEN / name, "inbox2")
    book = load_workbook(BROKEN / FIRST[0])
    book["年报"]["D23"] = 49
    book.save(f"inbox2/{FIRST[0]}")
    done = auditkit("check", *sorted(Path("inbox2").iterdir()), "--before", "run.jsonl", "--out", "run2.jsonl")
    assert done.exit_code == 1
    assert "known.yaml：1 条已同意的说明" in done.output
    assert "[已同意] 新收·总计没有填写。" in done.output
    assert "[仍未改] 予以公开·自然人应填数字。" in done.output
    assert "√ GK302  年报!J23       [已改好]" in done.output
    assert "这一次没有报来的 1 家：双塔镇" in done.output
    assert auditkit("check", "inbox2/沙河镇_2024.xlsx").exit_code == 0, "explained"
    assert auditkit("check", "inbox2/沙河镇_2024.xlsx", "--strict", "--no-known").exit_code == 1
    lines = [json.loads(line) for line in Path("run2.jsonl").read_text("utf-8").splitlines()]
    assert {(made["rule"], made["round"], made["state"]) for made in lines} == {
        ("GK301", 2, "still open"),
        ("GK311", 2, "accepted"),
    }


def test_the_loop_over_folders_with_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second round is told by the screen, by every file, and by ``report``, against a run of the store."""
    monkeypatch.chdir(tmp_path)
    Path("inbox").mkdir()
    for name in FIRST[:2]:
        copy(BROKEN / name, "inbox")
    keep = ("--store", "s.sqlite", "-j", 0)
    auditkit("check", "inbox", *keep, "--run", "R1", "--out", "run.jsonl", "--out-dir", "out")
    accept = ("--key", key_of(Path("run.jsonl"), "GK311"), "--by", "青山镇")
    assert auditkit("known", "add", "--run", "run.jsonl", "--reason", "本年没有申请", *accept).exit_code == 0
    again = ("--before", "R1", "--out", "run2.jsonl", "--out-dir", "out")
    done = auditkit("check", "inbox", *keep, "--run", "R2", *again)
    assert "out：写出 2 个结果" in done.output, "what is said of a finding changed, so its workbook is made again"
    sheet = load_workbook("out/沙河镇_2024_审核结果.xlsx")["问题清单"]
    assert [cell.value for cell in sheet[2][7:10]] == ["已说明待审", "属实有说明", "本年没有申请"]
    key = key_of(Path("run.jsonl"), "GK311")
    auditkit("known", "review", "--accept", key, "--by", "王某", "--until", "2999-12-31")
    done = auditkit("check", "inbox", *keep, "--run", "R3", *again)
    assert "√ 通过" in done.output
    told = auditkit("report", "R3", "--store", "s.sqlite", "--before", "R1", "--format", "concise").output
    assert "GK311 须说明 [已同意] 空白" in told
    assert "GK302 必须改 [仍未改] 总计 67" in told
    assert auditkit("check", "inbox", *keep, "--before", "R9").exit_code == 2


def test_explanations_are_judged_in_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the sheet of the summary, or one of its own; what cannot be followed is said, and nothing is guessed."""
    monkeypatch.chdir(tmp_path)
    Path("inbox").mkdir()
    for name in FIRST[:3]:
        copy(BROKEN / name, "inbox")
    files = sorted(Path("inbox").iterdir())
    auditkit("check", *files, "--out", "run.jsonl")
    for rule, reason in (("GK311", "属实"), ("GK301", "=约数，按季登记"), ("GK302", "台账有误"), ("GK304", "台账有误")):
        keys = ("--key", key_of(Path("run.jsonl"), rule), "--by", "李某")
        assert auditkit("known", "add", "--run", "run.jsonl", "--reason", reason, *keys).exit_code == 0
    assert auditkit("known", "review", "--out", "审定.xlsx").exit_code == 1
    auditkit("check", *files, "--summary", "汇总.xlsx")
    assert [[c.value for c in row] for row in load_workbook("汇总.xlsx")["说明审定"]] == [
        [c.value for c in row] for row in load_workbook("审定.xlsx")["说明审定"]
    ]
    book = load_workbook("汇总.xlsx")
    sheet = book["说明审定"]
    assert [(row[2].value, row[5].value, row[7].value) for row in sheet.iter_rows(min_row=2, max_row=3)] == [
        ("GK311", "属实", "没有写原因"),
        ("GK301", "=约数，按季登记", None),
    ]
    assert sheet["F3"].data_type == "s"
    for at, value in {
        "I2": "同意",
        "K2": "2999年1月31日",
        "I3": "退回",
        "J3": "请填数",
        "I4": "同意",
        "I5": "退回",
    }.items():
        sheet[at] = value
    book.save("审定2.xlsx")
    assert auditkit("known", "review", "--from", "审定2.xlsx").exit_code == 2, "nobody decided"
    done = auditkit("known", "review", "--from", "审定2.xlsx", "--by", "王某")
    assert done.exit_code == 3
    assert "没有写有效期" in done.output
    assert "审定2.xlsx 第 5 行：没有读" in done.output
    listed = auditkit("known", "list").output
    assert ("同意  有效至 2999-01-31" in listed, "退回：请填数" in listed) == (True, True)
    assert auditkit("known", "review", "--from", "run.jsonl", "--by", "王某").exit_code == 2


def test_letters_say_what_the_workbooks_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With other explanations than its workbook was written with, a letter would say something else: refused."""
    monkeypatch.chdir(tmp_path)
    Path("inbox").mkdir()
    for name in FIRST[:2]:
        copy(BROKEN / name, "inbox")
    Path("roster.csv").write_text("编号,单位,邮箱\n01,白石镇,a@example.org\n02,沙河镇,b@example.org\n", "utf-8")
    keep = ("--store", "s.sqlite")
    auditkit("check", "inbox", "-j", 0, *keep, "--units", "roster.csv", "--out", "run.jsonl", "--out-dir", "out")
    letters = ("mail", "draft", "out", *keep, "--roster", "roster.csv", "--from", "s@example.org", "--run")
    assert "写出 2 个草稿" in auditkit(*letters, "L1").output
    key = key_of(Path("run.jsonl"), "GK311")
    auditkit("known", "add", "--run", "run.jsonl", "--reason", "本年没有申请", "--key", key, "--by", "李某")
    auditkit("known", "review", "--accept", key, "--by", "王某", "--until", "2999-12-31")
    again = ("--before", "run.jsonl", "--out-dir", "out")
    auditkit("check", "inbox", "-j", 0, *keep, "--units", "roster.csv", *again)
    assert "写出 1 个草稿" in auditkit(*letters, "L2").output, "the other has nothing left to do"
    listed = Path("outbox/L2/outbox.csv").read_text("utf-8-sig")
    assert "白石镇_2024年_审核结果_第2次.xlsx" in listed
    assert "（必须改 2 处）[AK-L2-01-2]" in listed
    stale = auditkit(*letters, "L3", "--no-known")
    assert (stale.exit_code, "对不上" in stale.output) == (2, True)
