"""Roll-up: a superior's report is the sum of its subordinate units', by roster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditkit.cli import main

BOOK = """\
rulebook: test-form
version: "1"
title: {zh: 申请情况表, en: requests}
titles: [申请情况]
tables:
  T:
    title: 申请情况
    cells: count
    codes: {cells: RU102}
    columns: {收到: 收到, 办结: 办结}
    rows: {个人: 个人, 单位: 单位}
rules:
  - id: RU101
    name: {zh: 汇总, en: roll-up}
    for: each cell in T
    check: cell = children(cell)
    message: {zh: 汇总数应等于下级之和。, en: The roll-up must be the sum.}
"""

ROSTER = "编号,单位,上级\n1,青山县,\n11,东镇,青山县\n12,西镇,1\n13,南镇,青山县\n"

FIGURES = {"青山县": "60,50 7,7", "东镇": "10,10 1,1", "西镇": "20,15 2,2", "南镇": "30,25 4,4"}


def report(unit: str, figures: str) -> str:
    first, second = figures.split()
    return f"{unit}2024年申请情况\n项目,收到,办结\n个人,{first}\n单位,{second}\n"


@pytest.fixture
def rolled(tmp_path: Path):
    """Check an inbox with these figures; ``None`` sends nothing. What is open: (unit, code, cell, what it says)."""

    def run(back: tuple[str, ...] = (), **changed: str | None) -> tuple[int, list[tuple[str, str, str, str]]]:
        (tmp_path / "book").mkdir(exist_ok=True)
        (tmp_path / "book" / "rulebook.yaml").write_text(BOOK, "utf-8")
        (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
        inbox = tmp_path / "inbox"
        inbox.mkdir(exist_ok=True)
        for unit, figures in {**FIGURES, **changed}.items():
            if figures is not None:
                (inbox / f"{unit}_2024.csv").write_text(report(unit, figures), "utf-8")
        done = CliRunner().invoke(
            main,
            ["check", str(inbox), "--units", str(tmp_path / "roster.csv"), "--rules", str(tmp_path / "book"), "-j", "0",
             "--format", "jsonl", "--lang", "zh", "--store", str(tmp_path / "store.sqlite"), "--no-progress", *back],
        )  # fmt: skip
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done.exit_code, [
            (
                f["unit"]["name"],
                f["rule"],
                f["where"].get("cell", ""),
                f"{f['message']['zh']} {f['arithmetic']['zh']}".strip(),
            )
            for f in found
        ]

    return run


def test_a_sum_that_holds_is_silent_and_asked(rolled) -> None:
    status, found = rolled()
    assert found == []
    assert status == 0


def test_a_cell_that_is_not_the_sum_is_found_with_every_unit(rolled) -> None:
    _, found = rolled(青山县="60,51 7,7")
    assert [one[:3] for one in found] == [("青山县", "RU101", "C3")]
    assert "51 ≠ 3 个下级单位之和 50，差 1" in found[0][3]


def test_a_missing_unit_is_said_first_and_nothing_is_compared(rolled) -> None:
    _, found = rolled(西镇=None, 青山县="99,99 9,9")
    assert [one[:2] for one in found] == [("青山县", "RS102")]
    assert "西镇" in found[0][3]


def test_a_unit_counted_twice_is_named(rolled) -> None:
    _, found = rolled(青山县="80,65 9,9")
    assert [one[1] for one in found if one[1] == "RU101"] == ["RU101"] * 4
    (said,) = [one[3] for one in found if one[1] == "RS104"]
    assert said.startswith("4 处差额都正好是西镇的数：汇总可能重复计算了这个单位。")


def test_a_unit_left_out_is_named(rolled) -> None:
    _, found = rolled(青山县="30,25 3,3")
    assert ["漏掉了" in one[3] and "南镇" in one[3] for one in found if one[1] == "RS104"] == [True]


def test_two_units_with_the_same_figures_are_named(rolled) -> None:
    _, found = rolled(东镇="20,15 2,2", 青山县="70,55 8,8")
    assert [one[3] for one in found if one[1] == "RS103"] == ["东镇和西镇报的数完全相同，可能重复计算。 东镇、西镇"]


def test_a_unit_that_sent_the_roll_up_is_named(rolled) -> None:
    _, found = rolled(南镇="60,50 7,7")
    assert any(one[1] == "RS103" and "与上级青山县的完全相同" in one[3] for one in found)


def test_a_second_run_says_the_same(rolled) -> None:
    first = rolled(青山县="60,51 7,7")
    assert rolled(青山县="60,51 7,7") == first


def test_what_goes_back_follows_the_subordinate_units(rolled, tmp_path: Path) -> None:
    back = ("--out-dir", str(tmp_path / "back"))
    rolled(青山县="60,51 7,7", back=back)
    (first,) = (path.read_bytes() for path in (tmp_path / "back").glob("青山县*"))
    rolled(青山县="60,51 7,7", back=back)
    assert [path.read_bytes() for path in (tmp_path / "back").glob("青山县*")] == [first]
    rolled(青山县="60,51 7,7", 南镇="30,24 4,4", back=back)
    (changed,) = (path.read_bytes() for path in (tmp_path / "back").glob("青山县*"))
    assert changed != first
