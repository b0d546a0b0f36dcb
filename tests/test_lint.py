"""Rules judged together: what contradicts, follows, never runs, or leaves a cell one value; no sound rule accused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit import rulebook
from auditkit.lint import against, judge_logic, judge_sums, unproven
from auditkit.model.rule import Rulebook
from auditkit.proof import blind_spots
from auditkit.records import sketched

FORM = """\
tables:
  T:
    title: 表
    cells: count
    columns: {甲: 甲, 乙: 乙, 丙: 丙, 总计: 总计}
    rows: {一: 一, 二: 二, 三: 三}
rules:
"""


def rule(code: str, check: str, *, each: str | None = "each row in T", when: str = "") -> str:
    lines = [f"  - id: {code}", f"    name: {{zh: {code}, en: {code}}}"]
    lines += [f"    for: {each}"] if each else []
    lines += [f"    when: {when}"] if when else []
    lines += [f"    check: {check}", "    message: {zh: 甲, en: a}"]
    return "\n".join(lines) + "\n"


def said(book: Rulebook) -> list[str]:
    return [f"{m.code} {m.message.zh}" for m in (*judge_sums(book), *judge_logic(book))]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([("AB101", "总计 = 甲 + 乙 + 丙")], []),
        (
            [("AB101", "总计 = 甲 + 乙"), ("AB102", "总计 = 甲 + 乙 + 1")],
            ["RB031 这些规则不能同时成立：AB101、AB102"],
        ),
        (
            [("AB101", "甲 ≥ 乙"), ("AB102", "乙 ≥ 丙 + 1"), ("AB103", "丙 ≥ 甲"), ("AB104", "总计 ≥ 甲")],
            ["RB031 这些规则不能同时成立：AB101、AB102、AB103"],
        ),
        (
            [("AB101", "总计 = 甲 + 乙"), ("AB102", "总计 ≥ 甲")],
            ["RB032 AB102 已由 AB101 推出，是多余的"],
        ),
        (
            [("AB101", "总计 = 甲 + 乙"), ("AB102", "甲 = 总计 - 乙")],
            ["RB032 AB101 已由 AB102 推出，是多余的", "RB032 AB102 已由 AB101 推出，是多余的"],
        ),
        ([("AB101", "甲 + 乙 ≥ 甲")], ["RB035 AB101 永远成立，查不出任何错"]),
        ([("AB101", "总计 = sum(甲)"), ("AB102", "甲 = 甲")], None),
    ],
)
def test_a_conflict_and_a_consequence_are_named_with_their_causes(
    book: Callable[[str], Rulebook], rules: list[tuple[str, str]], expected: list[str] | None
) -> None:
    found = said(book(FORM + "".join(rule(code, check) for code, check in rules)))
    if expected is not None:
        assert found == expected
    else:
        assert any(line.startswith("RB038 AB102") for line in found)


def test_a_condition_that_is_never_met_or_always(book) -> None:
    made = book(
        FORM
        + rule("AB101", "总计 = 甲 + 乙")
        + rule("AB102", "丙 = 甲", when="总计 < 甲")
        + rule("AB103", "丙 ≤ 乙", when="总计 ≥ 甲")
    )
    found = said(made)
    assert "RB033 AB102 条件永远不成立，规则从不执行" in found
    assert "RB034 AB103 条件永远成立，可以去掉" in found


def test_a_cell_with_only_one_value_left(book) -> None:
    found = said(book(FORM + rule("AB101", "总计 = 甲 + 乙") + rule("AB102", "总计 = 甲")))
    assert [f for f in found if f.startswith("RB036")] == [
        f"RB036 规则合起来只许“T.{row}[乙]”等于 0" for row in ("一", "二", "三")
    ]


def test_a_group_that_contains_its_own_total(book) -> None:
    made = book(
        FORM.replace("甲: 甲, 乙: 乙, 丙: 丙, 总计: 总计", "全: {甲: 甲, 乙: 乙, 总计: 总计}")
        + rule("AB101", "总计 = sum(全)")
    )
    assert "RB037 AB101 合计“总计”也在被加的那一组里" in said(made)


def test_every_planted_fault_among_two_hundred_rules_is_found_and_no_sound_rule_accused(book) -> None:
    """196 sound rules over 100 columns, two that contradict each other, one that follows, one that never runs."""
    columns = ", ".join(f"c{n}: c{n}" for n in range(200))
    form = f"tables:\n  T: {{title: 表, cells: count, columns: {{{columns}}}, rows: {{一: 一}}}}\nrules:\n"
    sound = [rule(f"AB{100 + n}", f"T.一[c{n}] ≥ T.一[c{n + 1}]", each=None) for n in range(99)]
    sound += [rule(f"AC{100 + n}", f"T.一[c{n}] = T.一[c{n + 1}] + T.一[c{n + 2}]", each=None) for n in range(100, 197)]
    follows = rule("AD101", "T.一[c0] ≥ T.一[c99]", each=None)
    never = rule("AD102", "T.一[c5] = T.一[c198]", each=None, when="T.一[c10] < T.一[c20]")
    consistent = book(form + "".join([*sound, follows, never]))
    accused = {line.split()[1] for line in said(consistent) if line.startswith(("RB032", "RB033", "RB034", "RB035"))}
    assert accused == {"AD101", "AD102"}
    against_each_other = rule("AD103", "T.一[c150] = T.一[c199]", each=None) + rule(
        "AD104", "T.一[c150] = T.一[c199] + 7", each=None
    )
    broken = book(form + "".join([*sound, follows, against_each_other]))
    assert said(broken) == ["RB031 这些规则不能同时成立：AD103、AD104"]


@pytest.mark.parametrize("name", rulebook.shipped())
def test_no_shipped_rule_is_accused(name: str) -> None:
    made = rulebook.find(name)
    assert said(sketched(made)) == []
    assert list(unproven(made)) == []


def test_rules_that_never_run_or_often_fail_on_good_samples_are_named(book, tmp_path: Path) -> None:
    rows = FORM.replace("一: 一, 二: 二, 三: 三", "城镇: 城镇, 乡村: 乡村, 山区: 山区")
    made = book(rows + rule("AB101", "总计 = 甲 + 乙") + rule("AB102", "丙 = 1", when="甲 > 100"))
    files = []
    for n in range(4):
        files.append(tmp_path / f"{n}.csv")
        files[-1].write_text(",甲,乙,丙,总计\n城镇,1,1,1,3\n乡村,1,1,1,3\n山区,1,1,1,3\n", "utf-8")
    found = [(m.code, m.message.en) for m in against(made, tuple(files))]
    assert found == [("RB042", "AB101 fails in 4 of 4 samples"), ("RB041", "AB102 never ran on 4 samples")]


def test_cells_nobody_watches_are_listed() -> None:
    """Table 二 has no identity within one year; table 三 and 四 are watched cell by cell."""
    blind = blind_spots(rulebook.find("cn-disclosure-2021"))
    assert [ref for ref in blind if ref.startswith(("T3", "T4"))] == []
    assert "T25.行政许可[处理决定]" in blind
