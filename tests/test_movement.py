"""Year on year: figures that moved unlike the others, alone, in lists with rules, and in tables of no form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import auditkit
from auditkit import discover, rulebook
from auditkit.authoring.compare import compare
from auditkit.model.document import Document, Grid
from auditkit.model.words import Fault
from auditkit.movement import moved

BEFORE = [120, 340, 95, 1210, 560, 88, 430, 270, 610, 150, 720, 205]


def beyond(now: list[float], before: list[float]) -> list[bool]:
    return (moved(np.array(now, dtype=float), np.array(before, dtype=float)).beyond > 1).tolist()


def test_one_that_tripled_among_others_that_grew_a_little():
    now = [round(b * (1.02 + 0.01 * (k % 5))) for k, b in enumerate(BEFORE)]
    assert not any(beyond(now, BEFORE))
    now[4] *= 3
    assert [k for k, far in enumerate(beyond(now, BEFORE)) if far] == [4]


def test_all_doubling_together_is_not_unusual():
    assert not any(beyond([2 * b for b in BEFORE], BEFORE))


@pytest.mark.parametrize(
    ("now", "before", "far"),
    [(3, 9, False), (1, 11, False), (1, 12, True), (0, 9, False), (0, 10, True), (19, 2, True), (8, 8, False)],
)
def test_small_counts_are_poisson(now: int, before: int, far: bool):
    assert beyond([now, *BEFORE], [before, *BEFORE])[0] is far


def test_too_few_to_say_what_is_usual():
    assert beyond([250, 900], [120, 290]) == [False, True]


def test_what_is_not_known_is_not_compared():
    found = moved(np.array([np.nan, 5, -3]), np.array([4, np.nan, 6]))
    assert np.isnan(found.beyond).all()
    assert np.isnan(found.usual)


@given(st.lists(st.integers(20, 10**6), min_size=12, max_size=30, unique=True), st.floats(0.5, 2))
def test_the_same_change_everywhere_is_in_line(before: list[int], factor: float):
    assert not any(beyond([b * factor for b in before], list(map(float, before))))


@given(st.permutations(range(12)))
def test_the_order_does_not_matter(order: list[int]):
    now = [b * (1 + k / 40) for k, b in enumerate(BEFORE)]
    now[7] *= 5
    far = beyond([now[k] for k in order], [BEFORE[k] for k in order])
    assert [order[k] for k, one in enumerate(far) if one] == [7]


def table(year: int, counts: list[int]) -> Document:
    rows = [["District", f"Requests {year}", "Staff"]]
    rows += [[f"D{k}", str(count), str(41 + 3 * k)] for k, count in enumerate(counts)]
    rows.append(["Total", str(sum(counts)), str(sum(41 + 3 * k for k in range(len(counts))))])
    return Document(f"{year}.csv", "delimited", (Grid(f"Requests {year}", rows),))


def test_a_part_of_a_total_that_moved_unlike_the_others():
    now = [round(b * 1.05) for b in BEFORE]
    now[3] //= 4
    found = discover.check(table(2024, now), last=table(2023, BEFORE))
    assert [(f.rule, f.place.address, f.level) for f in found] == [("SH131", "B5", "soft")]
    assert "last year 1210, × 0.26; usual for the other 11 is × 1.05" in found[0].arithmetic.en
    assert not discover.check(table(2024, [round(b * 1.05) for b in BEFORE]), last=table(2023, BEFORE))


def test_lines_are_matched_by_their_words_not_their_place():
    before = table(2023, BEFORE)
    rows = before.grids[0].rows
    turned = Document("2023.csv", "delimited", (Grid("Requests 2023", [rows[0], *rows[-2:0:-1], rows[-1]]),))
    assert not discover.check(table(2024, [round(b * 1.05) for b in BEFORE]), last=turned)


def test_a_sheet_of_another_name_is_found_by_its_headings():
    now = [round(b * 1.05) for b in BEFORE]
    now[3] //= 4
    [grid] = table(2024, now).grids
    renamed = Document("2024.csv", "delimited", (Grid("Sec V.A", grid.rows),))
    assert [f.rule for f in discover.check(renamed, last=table(2023, BEFORE))] == ["SH131"]


def test_few_are_told_and_none_that_its_total_does_not_feel():
    now = [round(b * 1.05) for b in BEFORE]
    now[5] = 40  # 88 before: little of 4,800
    assert not discover.check(table(2024, now), last=table(2023, BEFORE))
    wild = [b * 9 if k % 3 else round(b * 1.05) for k, b in enumerate([*BEFORE, *BEFORE, *BEFORE])]
    assert len(discover.check(table(2024, wild), last=table(2023, [*BEFORE, *BEFORE, *BEFORE]))) <= 3


def sheets(documents: list[Document]) -> Document:
    grids = [Grid(f"Sheet {n}", one.grids[0].rows) for n, one in enumerate(documents)]
    return Document("all.xlsx", "delimited", tuple(grids))


def test_a_change_that_several_sheets_repeat_is_told_once_and_of_many_only_a_few():
    calm = [round(b * 1.05) for b in BEFORE]
    now = [[b * 9 if k in {n, n + 6} else b for k, b in enumerate(calm)] for n in range(6)]
    found = discover.check(sheets([table(2024, one) for one in (*now, now[3])]), last=sheets([table(2023, BEFORE)] * 7))
    assert (found[0].row, [term.name.en for term in found[0].terms]) == ("D3", ["D3", "last year", "D3"])
    assert [f.level for f in found] == [*["soft"] * 6, "info"]
    assert found[-1].message.en == "Another 6 figures moved unlike the others of their kind since last year."


RULEBOOK = """
rulebook: offices
version: "1"
title: {zh: 受理情况, en: Requests by office}
titles: [Requests by office]
tables:
  T:
    title: Requests by office
    records: {name: offices, key: office}
    cells: count
    columns: {office: Office, received: Received}
    rows: {total: Total}
rules:
  - id: OF101
    name: {zh: 变动, en: change}
    level: soft
    for: each row in T.offices
    check: received in line with last_year(received)
    message: {zh: 变动与其他机构不同，请说明。, en: It moved unlike the other offices. Please explain.}
"""


def written(path: Path, counts: list[int]) -> Path:
    lines = ["Requests by office", "Office,Received", *(f"Office {k},{c}" for k, c in enumerate(counts))]
    path.write_text("\n".join([*lines, f"Total,{sum(counts)}"]), encoding="utf-8")
    return path


def test_a_rule_over_the_records_of_a_list(tmp_path: Path):
    (tmp_path / "offices").mkdir()
    (tmp_path / "offices/rulebook.yaml").write_text(RULEBOOK, encoding="utf-8")
    before = written(tmp_path / "offices_2023.csv", BEFORE)
    now = [round(b * 1.05) for b in BEFORE]
    now[5] *= 4
    result = auditkit.check(written(tmp_path / "offices_2024.csv", now), rules=str(tmp_path / "offices"), last=before)
    assert [(f.rule, f.row) for f in result.findings] == [("OF101", "Office 5")]
    assert "usual for the other 11: × 1.05" in result.findings[0].arithmetic.en


def test_it_is_refused_where_lines_are_unlike(tmp_path: Path):
    (tmp_path / "offices").mkdir()
    text = RULEBOOK.replace("each row in T.offices", "each column in T except office")
    text = text.replace("received in line with last_year(received)", "total in line with last_year(total)")
    (tmp_path / "offices/rulebook.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Fault) as refused:
        auditkit.check(written(tmp_path / "offices_2024.csv", BEFORE), rules=str(tmp_path / "offices"))
    assert "in line with" in str(refused.value) + repr(refused.value)


def test_two_rulebooks_differ_in_what_a_list_is(tmp_path: Path):
    for name, text in (("old", RULEBOOK), ("new", RULEBOOK.replace("key: office}", "key: office, nested: true}"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rulebook.yaml").write_text(text, encoding="utf-8")
    changes = compare(rulebook.find(str(tmp_path / "old")), rulebook.find(str(tmp_path / "new")))
    assert [(c.what, c.field.en, c.after.en) for c in changes] == [
        ("T", "records", "offices | key: office | nested"),
    ]
