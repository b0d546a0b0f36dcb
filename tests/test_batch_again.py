"""What the run before knew of a file: taken over when the file is listed, and only where it would be found again."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import hostile
from auditkit.batch import Found, Past, Setup, enlist, gather, record
from auditkit.model.finding import Result
from auditkit.store import Store
from auditkit.store.records import Entry

FORM = Setup(rules="cn-disclosure-2021", past=Past(":memory:", 0))
TOWNS = ("甲镇", "乙镇", "丙镇", "丁镇")


def submission(town: str, year: int = 2024) -> bytes:
    return hostile.part(hostile.STRINGS, lambda d: d.replace("甲镇2024".encode(), f"{town}{year}".encode()))(
        hostile._good()
    )


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """Four workbooks, right in every sum."""
    folder = tmp_path / "post"
    folder.mkdir()
    for town in TOWNS:
        (folder / f"{town}_2024.xlsx").write_bytes(submission(town))
    return folder


Checked = tuple[int, list[tuple[Entry, Result]]]


def checked(store: Store, name: str, post: Path, setup: Setup = FORM) -> Checked:
    """How many files were left to be looked into, and what came of all."""
    run = store.begin(name, "", "")
    if setup.past is not None:
        setup = dataclasses.replace(setup, past=Past(store.place, run if store.has_past(run) else 0))
    enlist(store, run, setup, gather([post]))
    lots = record(store, run, setup, jobs=0)
    left = store.count(run, open_only=True)
    for _ in lots:
        pass
    store.finish(run, "now")
    return left, list(store.results(run))


def nothing(_: Path) -> None:
    pass


def text_beside(post: Path) -> None:
    (post / "丁镇_2024.txt").write_text("丁镇2024年度报告\n2024年新收政府信息公开申请12件。\n", "utf-8")


def text_gone(post: Path) -> None:
    (post / "丁镇_2024.txt").unlink()


def other_content(post: Path) -> None:
    (post / "乙镇_2024.xlsx").write_bytes(submission("戊镇"))


def other_name(post: Path) -> None:
    (post / "乙镇_2024.xlsx").rename(post / "乙镇.xlsx")


def one_more(post: Path) -> None:
    (post / "新镇_2024.xlsx").write_bytes(submission("新镇"))


def seven_in_a_folder(post: Path) -> None:
    (post / "县").mkdir()
    for town in ("戊镇", "己镇", "庚镇", "辛镇", "壬镇", "癸镇"):
        (post / "县" / f"{town}_2024.xlsx").write_bytes(submission(town))
    (post / "县" / "子镇_2024.txt").write_text("子镇2024年度报告\n", "utf-8")


def six_in_a_folder(post: Path) -> None:
    """Which is taken to be one unit's."""
    (post / "县" / "癸镇_2024.xlsx").unlink()


@pytest.mark.parametrize(
    ("before", "change", "left"),
    [
        (nothing, nothing, 0),
        (nothing, other_content, 1),
        (nothing, other_name, 1),
        (nothing, one_more, 1),
        (nothing, text_beside, 2),
        (text_beside, nothing, 2),
        (text_beside, text_gone, 1),
        (seven_in_a_folder, nothing, 0),
        (seven_in_a_folder, six_in_a_folder, 6),
    ],
)
def test_what_is_taken_over_is_what_would_be_found(
    post: Path, tmp_path: Path, before: Callable[[Path], None], change: Callable[[Path], None], left: int
) -> None:
    before(post)
    with Store(tmp_path / "store.db") as store, Store(tmp_path / "fresh.db") as fresh:
        checked(store, "R1", post)
        change(post)
        looked_at, told = checked(store, "R2", post)
        assert looked_at == left
        assert told == checked(fresh, "R2", post)[1]


def test_nothing_is_taken_over_under_other_rules_or_without_times(post: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "store.db") as store:
        checked(store, "R1", post)
        assert checked(store, "R2", post, dataclasses.replace(FORM, period=2023))[0] == len(TOWNS)
        run = store.begin("R3", "", "")
        young = (one._replace(state="") for one in gather([post]) if isinstance(one, Found))
        enlist(store, run, FORM, young)
        assert store.count(run, open_only=True) == len(TOWNS)


def test_last_years_report_that_came_meanwhile_is_looked_at(post: Path, tmp_path: Path) -> None:
    (tmp_path / "2023").mkdir()
    (tmp_path / "2023" / "乙镇_2023.xlsx").write_bytes(submission("乙镇", 2023))
    with Store(tmp_path / "store.db") as store:
        checked(store, "R1", post)
        checked(store, "R2", tmp_path / "2023")
        assert checked(store, "R3", post)[0] == len(TOWNS), "the run before was over another folder"
        left, told = checked(store, "R4", post)
        assert left == 0
        assert [result.unit for _, result in told if result.last] == ["乙镇"]


def test_a_run_in_which_nothing_is_checked_loads_nothing_that_checks(post: Path, tmp_path: Path) -> None:
    for n in range(20):
        (post / f"第{n}镇_2024.xlsx").write_bytes((post / "甲镇_2024.xlsx").read_bytes())
    for path in post.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    words = ["check", post, "--store", tmp_path / "s.sqlite", "--summary", tmp_path / "s.xlsx", "-j", "0"]
    command = (
        "import sys; from auditkit.cli import main;"
        f" main({[str(word) for word in words]!r}, standalone_mode=False); print(sorted(sys.modules), file=sys.stderr)"
    )

    def loaded() -> str:
        return subprocess.run([sys.executable, "-c", command], check=True, capture_output=True, text=True).stderr

    heavy = ("numpy", "pandas", "pandera", "python_calamine", "lxml", "multiprocessing", "yaml", "xlsxwriter")
    assert "'python_calamine'" in loaded()
    again = loaded()
    assert [name for name in heavy if f"'{name}'" in again] == []
