"""``rules lint --fix``: what is mended is mended in place, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from auditkit import rulebook
from auditkit.cli import main
from conftest import HEAD

RIGHT = """\
# what the town counts

tables:
  T:
    title: [表一, 表1]   # two names
    cells: count
    columns: {甲: 甲, 乙: 乙, 总计: 总计}
    rows: {一: 一, 二: 二}

rules:
  - id: AB101   # the only one
    name: {zh: 合计, en: total}
    level: soft
    for: each row in T
    check: 总计 = 甲 + 乙
    message: {zh: 总计应等于甲、乙之和。, en: The total must equal both.}
    why:
      zh: |
        说明：总计是甲、乙之和。
      en: It is their sum.
tests:
  good: good.csv
  cases:
    - set: {"T.一[总计]": 4}
      expect: [AB101 一]
"""
SLIPS = (
    ("  - id: AB101 ", "  - id：AB101 "),
    ("    cells: count\n", "\t\tcells: count\n"),
    ("    cells: count\n", "　　cells: count\n"),
    ("[表一, 表1]", "[表一，表1]"),
    ("    level: soft", "    levle: soft"),
    ("    columns: {", "    colums: {"),
    ("      zh: |\n", "      zh： |\n"),
)


def fixed(folder: Path, text: str, *, newline: str = "\n") -> tuple[str, str, int]:
    """The file afterwards, what was printed, the exit status."""
    (folder / "rulebook.yaml").write_bytes((HEAD + text).replace("\n", newline).encode())
    (folder / "good.csv").write_text("表一,,,\n项目,甲,乙,总计\n一,1,2,3\n二,0,0,0\n", "utf-8")
    ran = CliRunner().invoke(main, ["rules", "lint", str(folder), "--fix", "--lang", "en"])
    return (folder / "rulebook.yaml").read_bytes().decode().removeprefix(HEAD), ran.output, ran.exit_code


@pytest.mark.parametrize(("right", "wrong"), SLIPS)
def test_a_slip_is_mended_in_place(tmp_path: Path, right: str, wrong: str) -> None:
    text, output, status = fixed(tmp_path, RIGHT.replace(right, wrong))
    assert text == RIGHT
    assert "mended" in output
    assert status == 0


def test_all_slips_at_once_each_is_told_and_the_rulebook_is_the_right_one(tmp_path: Path) -> None:
    broken = RIGHT
    for right, wrong in SLIPS[:1] + SLIPS[3:]:
        broken = broken.replace(right, wrong)
    text, output, status = fixed(tmp_path, broken)
    assert (text, status) == (RIGHT, 0)
    assert output.count(" mended ") == 5
    assert "rulebook.yaml:16:5  RB004 mended “levle” → “level”" in output
    assert rulebook.load(tmp_path).rules[0].level == "soft"


def test_line_ends_stay(tmp_path: Path) -> None:
    text, _, status = fixed(tmp_path, RIGHT.replace("id: AB", "id：AB"), newline="\r\n")
    assert (text, status) == ((HEAD + RIGHT).replace("\n", "\r\n"), 0)


@pytest.mark.parametrize(
    ("right", "wrong", "left"),
    [
        ("    level: soft", "    level: soft\n    levle: hard", "RB004"),  # which of the two?
        ("[表一, 表1]", "[表（甲，乙）, 表一]", "RB002"),  # the comma is the label's own
        ("    level: soft", "    xyz: soft", "RB004"),
        ("check: 总计 =", "check: 总记 =", "RB011"),  # a name is the author's
        ("level: soft", "level: sofd", "RB007"),
    ],
)
def test_what_could_mean_something_else_is_left_alone(tmp_path: Path, right: str, wrong: str, left: str) -> None:
    text, output, status = fixed(tmp_path, RIGHT.replace(right, wrong))
    assert text == RIGHT.replace(right, wrong)
    assert left in output
    assert "mended" not in output
    assert status == 2


def test_a_quoted_key_is_refused_and_said(tmp_path: Path) -> None:
    """The place is the quote's: what stands there is not what is to be replaced."""
    text, output, status = fixed(tmp_path, RIGHT.replace("    level: soft", '    "levle": soft'))
    assert '"levle": soft' in text
    assert "rulebook.yaml was not mended" in output
    assert status == 2


def test_without_fix_nothing_is_written_and_how_many_could_be_is_said(tmp_path: Path) -> None:
    broken = RIGHT.replace("    level: soft", "    levle: soft")
    (tmp_path / "rulebook.yaml").write_text(HEAD + broken, "utf-8")
    ran = CliRunner().invoke(main, ["rules", "lint", str(tmp_path), "--lang", "zh"])
    assert "个可用 --fix 改（只改规则文件的写法，不改数据）" in ran.output
    assert (tmp_path / "rulebook.yaml").read_text("utf-8") == HEAD + broken
