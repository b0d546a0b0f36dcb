"""Runs over an inbox at the front door: whose report it is, what counts, and every path accounted for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import hostile
from auditkit.batch import judging
from auditkit.checking import progress, watching
from auditkit.checking.counts import accounts, counted
from auditkit.checking.order import Order
from auditkit.checking.progress import Pace
from auditkit.checking.reasons import SHORT, short
from auditkit.cli import main
from auditkit.store import Store
from auditkit.store.records import Entry

SOURCE = Path(judging.__file__).parents[1]
ROSTER = "编号,名称,联系人,电话\n001,青山镇,王某,1380000\n002,柳河镇,,\n003,河西镇,李某,\n004,南屯镇,,\n"
SAID = "文件名是青山镇的，内容是河西镇的；按内容算作河西镇，请核对。"
FORM = ("--rules", "cn-disclosure-2021", "-j", "0", "--lang", "zh")


@pytest.fixture(scope="module")
def good() -> bytes:
    return hostile._good()


def town(good: bytes, name: str, year: int = 2024, *, natural: int | None = None) -> bytes:
    """A submission of this town, right in every sum; ``natural``: requests by natural persons, and it is wrong."""
    words = hostile.part(hostile.STRINGS, lambda d: d.replace("甲镇2024".encode(), f"{name}{year}".encode()))(good)
    if natural is None:
        return words
    first = rb'(<c r="C21"[^>]*><v>)\d+(</v>)'
    return hostile.part(hostile.SHEET, lambda d: re.sub(first, rb"\g<1>%d\2" % natural, d, count=1))(words)


@pytest.fixture
def inbox(tmp_path: Path, good: bytes) -> Path:
    """青山镇 twice, 柳河镇 late and wrong, 河西镇 in a file named for 青山镇, 某局 on nobody's list, 南屯镇 missing."""
    folder = tmp_path / "收件"
    folder.mkdir()
    for name, unit, natural, at in (
        ("青山镇_2024.xlsx", "青山镇", 999, 1_000),
        ("青山镇_2024_修改.xlsx", "青山镇", None, 900),
        ("柳河镇_2024.xlsx", "柳河镇", 998, 2_000_000_000),
        ("青山镇_附件.xlsx", "河西镇", None, 1_000),
        ("某局_2024.xlsx", "某局", None, 1_000),
    ):
        path = folder / name
        path.write_bytes(town(good, unit, natural=natural))
        os.utime(path, (at, at))
    (folder / "~$青山镇_2024.xlsx").write_bytes(b"x")
    (folder / "扫描件.pdf").write_bytes(b"%PDF-1.7 x")
    (folder.parent / "名单.csv").write_text(ROSTER, "utf-8")
    return folder


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., tuple[int, list[str]]]:
    """The command line with a store of its own; exit status and all lines of both streams but the name of the run."""

    def run(*arguments: object, store: str = "store.sqlite") -> tuple[int, list[str]]:
        words = [str(one) for one in (*arguments, "--store", tmp_path / store)]
        done = CliRunner().invoke(main, words, catch_exceptions=False)
        return done.exit_code, [line for line in done.output.splitlines() if not line.startswith("已存为")]

    return run


def test_every_unit_and_every_path_is_accounted_for(inbox: Path, tmp_path: Path, command) -> None:
    summary, out = tmp_path / "汇总.xlsx", tmp_path / "结果"
    status, lines = command(
        "check", inbox, "--units", tmp_path / "名单.csv", "--due", "2024-01-31", "--out-dir", out, "--summary", summary,
        *FORM,
    )  # fmt: skip
    assert status == 3
    assert [re.sub(r"(?<=\S)  +", " ", line) for line in lines] == [
        "单位 4 收到 3 未报 1 迟报 1",
        "  √ 通过 2",
        "  ▲ 待说明 1",
        "  × 退回修改 1",
        "  ○ 无法检查 1（不支持的类型 1）",
        "",
        "最常见的问题 处 份",
        "  GK302 行合计 1 1",
        "  GK304 收办平衡 1 1",
        "  RS101 单位不一致 1 1",
        "",
        "未报 1：南屯镇",
        "迟报 1：柳河镇",
        "不在名单上 2：扫描件.pdf、某局_2024.xlsx",
        "旧版或重复，不计 1：青山镇（青山镇_2024.xlsx）",
        "文件名与内容不一致 1：青山镇_附件.xlsx",
        "路径 7 个：检查 5，未检查 1（不支持的类型 1），跳过 1（Office打开文件时的临时文件 1）",
        f"写出 {summary}",
        f"{out}：写出 2 个结果",
    ]
    assert sorted(path.name for path in out.iterdir()) == ["柳河镇_2024_审核结果.xlsx", "青山镇_附件_审核结果.xlsx"]
    book = openpyxl.load_workbook(summary)
    assert [[cell.value for cell in row] for row in book["全部文件"].iter_rows(min_row=2)] == [
        ["~$青山镇_2024.xlsx", "跳过", "Office打开文件时的临时文件", None, None, None],
        ["扫描件.pdf", "未检查", "不支持的类型", None, None, "不在名单上"],
        ["某局_2024.xlsx", "通过", None, None, None, "不在名单上"],
        ["柳河镇_2024.xlsx", "退回修改", None, "柳河镇", "002", "迟报"],
        ["青山镇_2024.xlsx", "退回修改", None, "青山镇", "001", "旧版，不计"],
        ["青山镇_2024_修改.xlsx", "通过", None, "青山镇", "001", None],
        ["青山镇_附件.xlsx", "待说明", None, "河西镇", "003", SAID],
    ]  # fmt: skip
    assert [row[1].value for row in book["未报"].iter_rows(min_row=2)] == ["南屯镇"]
    assert [row[1].value for row in book["单位排名"].iter_rows(min_row=2)] == [
        "柳河镇", "河西镇", "另 2 份通过，见“全部文件”",
    ]  # fmt: skip


NAMES = ("a", "b", "c")
OUTCOMES = st.sampled_from([("pass", ""), ("return", ""), ("not checked", "damaged"), ("skipped", "lock")])


@given(st.lists(OUTCOMES, max_size=9))
def test_the_counts_of_all_paths_add_up(outcomes: list[tuple[str, str]]) -> None:
    entries = [Entry(n, str(n), outcome, reason) for n, (outcome, reason) in enumerate(outcomes)]
    (line,) = accounts(counted(entries))
    total, checked, lost, skipped = map(int, re.findall(r"(\d+)(?: 个|，|（|$)", re.sub(r"（[^）]*）", "", line.zh)))
    assert total == len(entries) == checked + lost + skipped
    assert total == sum(int(n) for n in re.findall(r" (\d+)(?=[、）])", line.zh)) + checked


def test_every_reason_has_words() -> None:
    """Codes of faults about one file, as they stand in the rooms that raise them."""
    rooms = [*(SOURCE / "readers").glob("*.py"), *(SOURCE / "batch").glob("*.py"), *(SOURCE / "bind").glob("*.py")]
    codes = {code for room in rooms for code in re.findall(r'Fault\(\s*"([a-z-]+)"', room.read_text("utf-8"))}
    assert codes - SHORT.keys() == {"no-workers", "cluster", "other-place", "other-rules"}  # of the run, not of a file
    assert short("new").zh == "new"


def test_a_second_run_reads_and_writes_only_what_changed(
    inbox: Path, tmp_path: Path, command, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    judge = judging.judge

    def watched(auditor, lot, loaded):
        read.extend(found.name for found in lot.files)
        return judge(auditor, lot, loaded)

    monkeypatch.setattr(judging, "judge", watched)
    out = tmp_path / "结果"
    command("check", inbox, "--out-dir", out, *FORM)
    assert len(read) == 6
    read.clear()
    _, lines = command("check", inbox, "--out-dir", out, *FORM)
    assert read == []
    assert lines[-1] == f"{out}：写出 0 个结果，另 2 个没有变"
    (inbox / "柳河镇_2024.xlsx").write_bytes(town(good, "柳河镇", natural=997))
    next(out.glob("青山镇*")).unlink()
    _, lines = command("check", inbox, "--out-dir", out, *FORM)
    assert read == ["柳河镇_2024.xlsx"]
    assert lines[-1] == f"{out}：写出 2 个结果"


def test_what_is_no_longer_owed_is_taken_away_and_what_is_current_stays(
    inbox: Path, tmp_path: Path, command, good: bytes
) -> None:
    out, summary = tmp_path / "结果", tmp_path / "汇总.xlsx"
    asked = ("check", inbox, "--out-dir", out, "--summary", summary, *FORM)
    (inbox / "河东镇_2024.xlsx").write_bytes(town(good, "河东镇", natural=996))
    command(*asked)
    mine = out / "河东镇_2024_审核结果.xlsx"
    mine.write_bytes(mine.read_bytes() + b"\0")  # somebody's notes
    assert f"{summary} 没有变" in command(*asked)[1]
    mine.write_bytes(mine.read_bytes() + b"\0")
    for unit in ("河东镇", "柳河镇"):
        (inbox / f"{unit}_2024.xlsx").write_bytes(town(good, unit))
    _, lines = command(*asked)
    assert [line for line in lines if "不再需要" in line] == [
        "删去 1 个不再需要的结果：柳河镇_2024_审核结果.xlsx",
        "▲ 不再需要、但已被改动，没有删去：河东镇_2024_审核结果.xlsx",
    ]
    assert f"写出 {summary}" in lines
    assert sorted(path.name[:3] for path in out.iterdir()) == ["河东镇", "青山镇"]
    summary.unlink()
    (inbox / "河东镇_2024.xlsx").unlink()
    assert f"写出 {summary}" in command(*asked)[1]


def test_nobody_reading_the_screen_any_more_does_not_stop_the_run(inbox: Path, tmp_path: Path) -> None:
    words = ("check", inbox, "--store", tmp_path / "s.sqlite", "--summary", tmp_path / "s.xlsx", *FORM)
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as closed:  # noqa: PTH123 - a descriptor
        done = subprocess.run(
            [sys.executable, "-m", "auditkit", *map(str, words)], stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, (tmp_path / "s.xlsx").is_file()) == (3, True)
    assert "已存为" in done.stderr.decode()


def test_interrupted_it_keeps_what_is_done_and_goes_on_to_the_same_bytes(
    inbox: Path, tmp_path: Path, command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def arguments(base: str) -> list[object]:
        written = (
            "--out-dir",
            tmp_path / base,
            "--summary",
            tmp_path / f"{base}.xlsx",
            "--out",
            tmp_path / f"{base}.jsonl",
        )
        return ["check", inbox, "--units", tmp_path / "名单.csv", *written, *FORM]

    def files(base: str) -> dict[str, bytes]:
        folder = {path.name: path.read_bytes() for path in (tmp_path / base).iterdir()}
        return folder | {suffix: (tmp_path / f"{base}{suffix}").read_bytes() for suffix in (".xlsx", ".jsonl")}

    command(*arguments("a"), store="a.sqlite")
    monkeypatch.setattr("auditkit.batch.companies.CHUNK", 2)
    judge, calls = judging.judge, []

    def interrupted(auditor, lot, loaded):
        calls.append(lot)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return judge(auditor, lot, loaded)

    monkeypatch.setattr(judging, "judge", interrupted)
    status, lines = command(*arguments("b"), store="b.sqlite")
    assert (status, lines) == (130, ["做完 4/6，都已存下；再运行一次会接着做。", "已中断"])
    with Store(tmp_path / "b.sqlite") as store:
        assert [run.finished for run in store.runs()] == [""]
    status, lines = command(*arguments("b"), store="b.sqlite")
    assert lines[0].startswith("接着做 R")
    assert len(calls) == 4
    assert files("a") == files("b")
    command(*arguments("b"), store="b.sqlite")  # killed when all was done, it is another run that has nothing to do
    assert files("a") == files("b")


def test_last_year_is_found_in_the_store_by_unit(tmp_path: Path, good: bytes, command) -> None:
    for year in (2023, 2024):
        (tmp_path / str(year)).mkdir()
        (tmp_path / str(year) / f"青山镇_{year}.xlsx").write_bytes(town(good, "青山镇", year))
    this = tmp_path / "2024" / "青山镇_2024.xlsx"
    _, alone = command("check", this, *FORM[:2], "--lang", "zh")
    assert "没有上年年报" in alone[0]
    command("check", tmp_path / "2023", *FORM)
    _, lines = command("check", tmp_path / "2024", *FORM, "--format", "full")
    assert "规则 cn-disclosure-2021 2026.1 版（按指定）· 上年 青山镇_2023.xlsx" in lines
    _, single = command("check", this, *FORM[:2], "--lang", "zh")
    _, given = command("check", this, *FORM[:2], "--lang", "zh", "--last", tmp_path / "2023", store="none")
    assert single == given
    assert any("GK305" in line for line in single)
    _, told = command("check", tmp_path / "2024", *FORM, "--last", "none", "--format", "full")
    assert "没有上年年报" in "".join(told)


def test_a_run_is_told_again_and_compared(inbox: Path, tmp_path: Path, good: bytes, command) -> None:
    asked = ("check", inbox, "--units", tmp_path / "名单.csv", *FORM)
    _, first = command(*asked, "--run", "第1次")
    (inbox / "青山镇_2024_修改.xlsx").write_bytes(town(good, "青山镇", natural=999))
    (inbox / "柳河镇_2024.xlsx").write_bytes(town(good, "柳河镇"))
    command(*asked, "--run", "第2次")
    for path in inbox.iterdir():
        path.unlink()  # a report is made from the store alone
    status, again = command("report", "第1次", "--lang", "zh")
    assert (status, again) == (3, first)
    status, lines = command("report", "--since", "第1次", "--out", tmp_path / "变化.csv", "--lang", "zh")
    assert status == 1
    assert lines[0] == "第1次 → 第2次：已改好 2，已说明 0，仍未改 1，新出现 2（新出现的涉及 1 家）"
    rows = (tmp_path / "变化.csv").read_text("utf-8-sig").splitlines()
    assert rows[0] == '"状态","单位","规则","级别","位置","问题","计算"'
    assert sorted(row.replace('"', "").split(",")[:3] for row in rows[1:]) == [
        ["仍未改", "河西镇", "RS101"],
        ["已改好", "柳河镇", "GK302"],
        ["已改好", "柳河镇", "GK304"],
        ["新出现", "青山镇", "GK302"],
        ["新出现", "青山镇", "GK304"],
    ]
    words = ("check", tmp_path, "--run", "第3次", "--store", tmp_path / "store.sqlite", *FORM)
    assert "已存为 第3次；再看：auditkit report 第3次" in CliRunner().invoke(main, [*map(str, words)]).output
    _, runs = command("report", "--list", "--lang", "zh")
    assert [line.split("  ")[0] for line in runs] == ["第1次", "第2次", "第3次"]
    _, history = command("report", "--unit", "002", "--lang", "zh")
    assert history == ["第1次  柳河镇_2024.xlsx  × 退回修改  必须改 2 处", "第2次  柳河镇_2024.xlsx  √ 通过"]
    assert command("report", "第9次")[0] == 2
    assert command("report", store="nothing.sqlite")[0] == 2


def test_results_inside_the_inbox_are_no_submissions(inbox: Path, command) -> None:
    asked = ("check", inbox, "--out-dir", inbox / "结果", "--annotate", "--out", inbox / "全部.csv", *FORM)
    _, first = command(*asked)
    _, second = command(*asked)
    assert "路径 7 个：检查 5，未检查 1" in "".join(first)
    assert "路径 12 个：检查 5，未检查 1" in "".join(second)
    assert "本程序写出的结果 5" in "".join(second)


def test_a_file_is_whole_when_it_has_an_end_and_stays_as_it_is() -> None:
    whole = {"a": True, "b": False}
    looks: list[dict[str, watching.Print]] = [
        {}, {"a": (1, 1.0)}, {"a": (2, 2.0)}, {"a": (2, 2.0), "b": (1, 1.0)}, {"a": (2, 2.0), "b": (1, 1.0)},
    ]  # fmt: skip
    assert list(watching.rounds(looks, whole.__getitem__)) == [{"b"}]
    assert list(watching.rounds([*looks, {"b": (1, 1.0)}], whole.__getitem__)) == [{"b"}, {"b"}]
    long = [{"b": (1, 1.0)}] * watching.PATIENCE
    assert list(watching.rounds(long, whole.__getitem__)) == [frozenset()]


def test_an_office_file_ends_with_its_directory(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "a.xlsx"
    for data, whole in ((good, True), (good[:-60], False), (b"a,b", True), (b"PK", False)):
        path.write_bytes(data)
        assert watching.ended(str(path)) == whole
    assert not watching.ended(str(tmp_path / "none"))


def test_a_watched_folder_is_checked_as_files_become_whole(
    inbox: Path, tmp_path: Path, good: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    order = Order((str(inbox),), "zh", ("hard",), rules="cn-disclosure-2021", jobs=0, store=str(tmp_path / "s.sqlite"))
    half = inbox / "南屯镇_2024.xlsx"
    steps = [
        lambda: half.write_bytes(good[:3000]),
        lambda: None,
        lambda: half.write_bytes(town(good, "南屯镇")),
        lambda: None,
    ]

    def paused(seconds: float) -> None:
        if not steps:
            raise KeyboardInterrupt
        steps.pop(0)()

    monkeypatch.setattr(watching.time, "sleep", paused)
    with pytest.raises(KeyboardInterrupt):
        watching.watch(order, paused)
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("路径")]
    assert [re.findall(r"路径 (\d+) 个：检查 (\d+)", line)[0] for line in told] == [("8", "5"), ("8", "6")]
    assert "还在写入 1" in told[0]


def test_progress_says_units_done_returned_and_the_time_left() -> None:
    now = [0.0]
    pace = Pace(1301, "zh", clock=lambda: now[0])
    for n in range(1184):
        pace.step(n < 109)
    now[0] = 80.0
    assert pace.line() == "1,184/1,301  退回 109  剩约 0:08"
    now[0] = 80_000.0
    assert pace.left == "2:11:45"


def test_a_terminal_has_a_bar_and_a_log_a_line_for_each_tenth(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*, terminal: bool) -> list[str]:
        monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: terminal)
        with progress.progress(40, "zh", quiet=False) as step:
            for n in range(40):
                step(n % 8 == 0)
        return capsys.readouterr().err.splitlines()

    log = said(terminal=False)
    assert [line.split("  ")[:2] for line in log[::3]] == [
        ["4/40", "退回 1"], ["16/40", "退回 2"], ["28/40", "退回 4"], ["40/40", "退回 5"],
    ]  # fmt: skip
    assert len(log) == 10
    monkeypatch.setenv("TERM", "xterm")
    assert any("审核中" in line and "40/40  退回 5" in line for line in said(terminal=True))
    with progress.progress(40, "zh", quiet=True) as step:
        step(True)
    assert capsys.readouterr().err == ""
