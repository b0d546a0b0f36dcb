"""Damaged samples of every kind: an answer for each, never a bug of ours; ``bench/fuzz.py`` does thousands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from auditkit.batch import Found, Setup, run

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
import fuzz


@pytest.mark.parametrize("seed", [1, 2])
def test_a_damaged_file_has_an_answer(tmp_path: Path, seed: int) -> None:
    found = []
    for name, data in fuzz.samples(60, seed):
        path = tmp_path / name
        path.write_bytes(data)
        found.append(Found(name, str(path), size=len(data)))
    results = list(run(found, Setup(), jobs=0))
    assert [one.file for one in results] == [one.name for one in found]
    assert [one.faults[0].message.en for one in results if one.faults and one.faults[0].code in fuzz.BAD] == []
    assert {bool(one.faults) for one in results} == {True, False}
