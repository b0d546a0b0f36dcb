"""What offices really send: odd names, odd rosters, things beside reports; each case was once told wrong."""

from __future__ import annotations

import csv
import errno
import os
import re
import sqlite3
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import hostile
from auditkit.batch import Found, gather
from auditkit.cli import main
from auditkit.model.words import Fault
from auditkit.store import Store


@pytest.fixture(scope="module")
def good() -> bytes:
    return hostile._good()


def town(good: bytes, name: str, year: int = 2024) -> bytes:
    """A submission of this town, right in every sum."""
    return hostile.part(hostile.STRINGS, lambda d: d.replace("甲镇2024".encode(), f"{name}{year}".encode()))(good)


def laid(folder: Path, files: dict[str, bytes], at: float = 1_000) -> Path:
    """Files below a folder, all of one time."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (at, at))
    return folder


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """The command over ``收件``, in this process, with a store of its own; exit status and what it said."""

    def run(*arguments: object) -> tuple[int, str]:
        words = [
            "check",
            tmp_path / "收件",
            "-j",
            "0",
            "--lang",
            "zh",
            "--store",
            tmp_path / "store.sqlite",
            *arguments,
        ]
        done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
        return done.exit_code, re.sub(r"(?<=\S)  +", " ", done.output)

    return run


def test_a_name_in_gbk_is_kept_in_the_store_and_its_file_not_read_again(tmp_path: Path, good: bytes, check) -> None:
    inbox = laid(tmp_path / "收件", {})
    inbox.mkdir()
    try:
        path = inbox / os.fsdecode("青山镇.xlsx".encode("gbk"))
        path.write_bytes(town(good, "青山镇")[:-5])
    except OSError:
        pytest.skip("names of this disk are UTF-8")
    os.utime(path, (1_000, 1_000))
    for _ in range(2):
        status, said = check(
            "--out", tmp_path / "a.json", "--out", tmp_path / "a.jsonl", "--out-dir", tmp_path / "结果"
        )
        assert status == 3
        assert "路径 1 个：检查 0，未检查 1（已损坏 1）" in said
        assert '"青山镇.xlsx"' in (tmp_path / "a.json").read_text("utf-8")
        assert (tmp_path / "a.jsonl").read_bytes() == b""  # no finding is no line


def entered(good: bytes, *head: str, beside: str = "") -> bytes:
    """A submission whose title names nobody; ``head``: its first lines, ``beside``: the cell beside the second."""
    book = load_workbook(BytesIO(good))
    sheet = book.active
    sheet.insert_rows(1, 2)
    sheet["A3"], sheet["A1"], sheet["A2"], sheet["B2"] = None, *head, beside or None
    out = BytesIO()
    book.save(out)
    return out.getvalue()


TITLE = "2024年政府信息公开工作年度报告"


def test_the_unit_that_was_filled_in_is_the_reports(tmp_path: Path, good: bytes, check) -> None:
    (tmp_path / "名单.csv").write_text("单位名称,电话\n青山镇,1\n柳河镇,2\n清溪镇,3\n松山镇,4\n红旗镇,5\n", "utf-8")
    laid(
        tmp_path / "收件",
        {
            "1/表.xlsx": entered(good, TITLE, "填报单位（盖章）：青山镇人民政府  填报日期：2025年1月3日"),
            "2/表.xlsx": entered(good, TITLE, "填报单位", beside="柳河镇"),
            "3/表.xlsx": entered(good, "清溪镇人民政府", "（2024年度）"),
            "4/表.xlsx": entered(good, TITLE, "单位名称：松山镇"),
            "4/红旗镇.xlsx": entered(
                good, TITLE, "单位名称：松山镇"
            ),  # may be 红旗镇's, and takes the other's place not
        },
    )
    _, said = check("--units", tmp_path / "名单.csv")
    assert "单位 5 收到 4 未报 1 迟报 0\n" in said
    assert "未报 1：红旗镇\n旧版或重复，不计 1：松山镇（4/红旗镇.xlsx）\n文件名与内容不一致 1：4/红旗镇.xlsx\n" in said


def test_a_report_of_another_year_than_most_is_named(tmp_path: Path, good: bytes, check) -> None:
    years = {"青山镇": (2024,), "柳河镇": (2024,), "清溪镇": (2024, 2023), "松山镇": (2023,)}
    laid(tmp_path / "收件", {f"{n}_{y}.xlsx": town(good, n, y) for n, own in years.items() for y in own})
    (tmp_path / "名单.csv").write_text("单位名称,电话\n" + "".join(f"{n},1\n" for n in years), "utf-8")
    _, said = check("--units", tmp_path / "名单.csv", "--summary", tmp_path / "汇总.xlsx")
    assert "年度与多数不同 1：松山镇（松山镇_2023.xlsx 2023）\n" in said
    rows = load_workbook(tmp_path / "汇总.xlsx")["全部文件"].values
    assert [row[0] for row in rows if row[-1] == "是2023年的，多数是2024年的"] == ["松山镇_2023.xlsx"]


def test_the_returned_workbook_names_what_the_roster_found(tmp_path: Path, good: bytes, check) -> None:
    (tmp_path / "名单.csv").write_text("单位名称,上级\n某县,\n青山镇,某县\n柳河镇,某县\n", "utf-8")
    laid(tmp_path / "收件", {"某县.xlsx": town(good, "某县"), "柳河镇.xlsx": town(good, "青山镇")})
    check("--units", tmp_path / "名单.csv", "--out-dir", tmp_path / "结果")
    rules = {path.name: load_workbook(path)["规则说明"]["A2:C2"][0] for path in (tmp_path / "结果").iterdir()}
    assert {name: [cell.value for cell in row] for name, row in rules.items()} == {
        "某县_审核结果.xlsx": ["RS102", "▲ 须说明", "下级单位齐全"],
        "柳河镇_审核结果.xlsx": ["RS101", "▲ 须说明", "单位不一致"],
    }


def test_another_folder_for_results_leaves_the_first_rounds_where_they_are(tmp_path: Path, good: bytes, check) -> None:
    laid(tmp_path / "收件", {"柳河镇.xlsx": town(good, "青山镇")})
    (tmp_path / "名单.csv").write_text("单位名称,上级\n柳河镇,\n青山镇,\n", "utf-8")
    for folder in ("第一轮", "第二轮"):
        _, said = check("--units", tmp_path / "名单.csv", "--out-dir", tmp_path / folder)
        assert "删去" not in said
        assert [path.name for path in (tmp_path / folder).iterdir()] == ["柳河镇_审核结果.xlsx"]
    assert len([*(tmp_path / "第一轮").iterdir()]) == 1


def test_a_run_under_way_is_left_alone(tmp_path: Path, good: bytes, check) -> None:
    laid(tmp_path / "收件", {"青山镇.xlsx": town(good, "青山镇")})
    with Store(tmp_path / "store.sqlite") as store:
        store.begin("R2", "", "of another inbox")
        assert check("--run", "R1")[0] == 0
        assert check("--run", "R2") == (2, "× 运行 R2 查的是别的文件或名单。请另起一个名字（--run）。\n")
        assert store.hold(2)
        assert check("--run", "R1") == (2, "× 运行 R1 正在另一处进行。请另起一个名字（--run）。\n")
    assert check("--run", "R1")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "a.what"), "× 不知道怎么写 a.what"),
        (("--summary", "汇总.csv"), "× 汇总 汇总.csv 的扩展名应是 .xlsx。"),
        (("--summary", "文件夹.xlsx"), "× 写不出 文件夹.xlsx：已有同名的文件夹。请换一个名字。"),
        (("--out-dir", "文件/结果"), "× 写不出 文件/结果/…：上一级不是文件夹。请核对路径。"),
        (("--due", "2025-01-31"), "× --due 要和 --units（单位名单）一起用。"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_checked(
    tmp_path: Path, check, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    laid(tmp_path, {"收件/a.xlsx": b"x", "文件": b"x", "文件夹.xlsx/x": b"x"})
    monkeypatch.chdir(tmp_path)
    status, told = check(*arguments)
    assert (status, told.startswith(said), len(told.splitlines())) == (2, True, 1)


def test_a_full_disk_is_said_as_what_it_is(tmp_path: Path, good: bytes, check, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise error

    laid(tmp_path / "收件", {"青山镇.xlsx": town(good, "青山镇")})
    error: Exception = OSError(errno.ENOSPC, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        status, said = check("--summary", tmp_path / "汇总.xlsx")
    assert (status, f"写不出 {tmp_path / '汇总.xlsx'}：磁盘已满。请腾出空间后再运行一次。" in said) == (2, True)
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    monkeypatch.setattr(Store, "finish", full)
    status, said = check()
    assert (status, "不能使用：磁盘已满。" in said, "程序自身出错" in said) == (2, True, False)
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    status, said = check()
    assert (status, "不能使用：文件已损坏。" in said) == (2, True)


def test_the_roster_may_lie_among_the_reports(tmp_path: Path, good: bytes, check) -> None:
    inbox = laid(tmp_path / "收件", {"青山镇.xlsx": town(good, "青山镇"), "名单.csv": "单位\n青山镇\n".encode()})
    status, said = check("--units", inbox / "名单.csv")
    assert (status, "路径 2 个：检查 1，未检查 0，跳过 1（单位名单 1）" in said) == (0, True)


def test_a_file_that_may_not_be_read_is_not_checked_and_no_wrong_use(
    tmp_path: Path, good: bytes, check, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(tmp_path / "收件", {"青山镇.xlsx": town(good, "青山镇")})

    def closed(name: str, *_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", name)

    monkeypatch.setattr("os.open", closed)
    status, said = check("--format", "full")
    assert (status, "没有权限，或正被别的程序占用。" in said) == (3, True)


def test_what_could_not_be_checked_bears_its_unit_in_csv(tmp_path: Path, check) -> None:
    (tmp_path / "名单.csv").write_text("单位编码,单位\n001,青山镇\n", "utf-8")
    laid(tmp_path / "收件", {"青山镇.xlsx": b"PK\x03\x04"})
    check("--units", tmp_path / "名单.csv", "--out", tmp_path / "a.csv")
    (row,) = csv.DictReader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines())
    assert (row["单位"], row["单位代码"], row["状态"]) == ("青山镇", "001", "未查")


def test_files_of_one_name_in_the_folders_of_several_units_are_told_apart(tmp_path: Path, good: bytes, check) -> None:
    (tmp_path / "名单.csv").write_text("单位\n青山镇\n柳河镇\n", "utf-8")
    for year in (2023, 2024):
        laid(tmp_path / "收件", {f"{n}/报表.xlsx": entered(good, f"{year}年年报", "") for n in ("青山镇", "柳河镇")})
        status, said = check("--units", tmp_path / "名单.csv", "--format", "full", "--strict")
        assert (status, said.count("没有上年年报")) == (0, 2)  # 报表 is nobody whose report of last year there could be
    laid(tmp_path / "收件", {f"{n}/报表.xlsx": town(good, n, 2023) for n in ("青山镇", "柳河镇")})
    check("--units", tmp_path / "名单.csv", "--period", "2025", "--out-dir", tmp_path / "结果")
    made = sorted(path.name for path in (tmp_path / "结果").iterdir())
    assert made == ["柳河镇_报表_审核结果.xlsx", "青山镇_报表_审核结果.xlsx"]


def test_units_of_one_name_have_no_last_year_of_each_other(tmp_path: Path, good: bytes, check) -> None:
    (tmp_path / "名单.csv").write_text("编号,单位\n00001,青山镇\n00002,青山镇\n", "utf-8")
    for year in (2023, 2024):
        laid(tmp_path / "收件", {f"{n}/甲_{year}.xlsx": entered(good, f"{year}年年报", "") for n in ("00001", "00002")})
        _, said = check("--units", tmp_path / "名单.csv", "--format", "full")
    assert said.count("上年 甲_2023") == 0


def test_our_own_results_are_skipped_whatever_kind_of_file_they_are(tmp_path: Path, good: bytes, check) -> None:
    inbox = laid(tmp_path / "收件", {"青山镇.xlsx": town(good, "青山镇", 2023)})
    kinds = [word for suffix in ("csv", "html", "json", "txt", "xlsx") for word in ("--out", inbox / f"a.{suffix}")]
    check("--period", "2024", "--out-dir", inbox / "结果", "--pages", *kinds)
    _, said = check()
    assert "路径 9 个：检查 1，未检查 0，跳过 8（本程序写出的结果 8）" in said


def test_a_last_year_that_cannot_be_read_blames_no_submission(tmp_path: Path, good: bytes, check) -> None:
    laid(tmp_path, {"收件/青山镇.xlsx": town(good, "青山镇"), "上年.rar": b"Rar!\x1a\x07\x00"})
    assert check("--last", tmp_path / "上年.rar") == (
        2,
        "× 上年文件 上年.rar：这是RAR压缩包，不能检查。请解压后再检查。\n",
    )
    laid(tmp_path / "上年", {f"{n}/报表.xlsx": entered(good, "2023年年报", "") for n in ("青山镇", "柳河镇")})
    laid(tmp_path / "收件", {"柳河镇/报表.xlsx": entered(good, "2024年年报", "")})
    assert "上年 报表" not in check("--last", tmp_path / "上年", "--format", "full")[1]


def test_a_file_that_went_away_since_it_was_listed_is_no_wrong_use(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="the extra auditkit[cluster] is not installed")
    laid(tmp_path, {"a.csv": b"x"})
    fsspec.filesystem("memory").pipe("/gone/a.csv", b"x")
    listed = [*gather([str(tmp_path)]), *gather(["memory://gone"])]
    (tmp_path / "a.csv").unlink()
    fsspec.filesystem("memory").rm("/gone", recursive=True)
    for one in listed:
        assert isinstance(one, Found)
        with pytest.raises(Fault) as caught:
            one.load()
        assert caught.value.exit == 3
