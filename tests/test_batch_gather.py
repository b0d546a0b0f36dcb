"""Gathering: every file that went in comes out once, found or skipped; names are whole, unique and readable."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.batch import Found, Skipped, gather
from auditkit.batch.companies import companies
from auditkit.model.words import Fault

NAMES = st.sampled_from(
    ["甲.xlsx", "乙.csv", "~$甲.xlsx", ".x", "Thumbs.db", "a.mp4", "丙", "丁.docx", "b.pdf", "坏.zip"]
)
TREE = st.recursive(st.just(b"x"), lambda inner: st.dictionaries(NAMES, inner, max_size=5), max_leaves=20)


def plant(folder: Path, tree: dict) -> int:
    files = 0
    folder.mkdir(exist_ok=True)
    for name, inner in tree.items():
        if isinstance(inner, dict):
            files += plant(folder / f"{name}夹", inner)
        else:
            (folder / name).write_bytes(inner)
            files += 1
    return files


def archive(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in members:
            package.writestr(name, data)
    return buffer.getvalue()


@given(tree=st.dictionaries(NAMES, TREE, max_size=6))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_file_comes_out_exactly_once(tmp_path_factory: pytest.TempPathFactory, tree: dict) -> None:
    folder = tmp_path_factory.mktemp("post")
    planted = plant(folder, tree)
    items = list(gather([folder]))
    assert len(items) == planted
    assert sorted(one.name for one in items) == sorted(
        str(path.relative_to(folder)).replace(os.sep, "/") for path in folder.rglob("*") if path.is_file()
    )
    assert list(gather([folder])) == items
    again = list(gather([folder, folder]))
    assert len(again) == 2 * planted
    assert sum(isinstance(one, Found) for one in again) == sum(isinstance(one, Found) for one in items)
    found = [one for one in items if isinstance(one, Found)]
    parties = list(companies(enumerate(found)))
    assert sorted(n for party in parties for n, _ in party) == list(range(len(found)))
    assert [party[-1][0] for party in parties] == sorted(party[-1][0] for party in parties)


def test_a_file_named_twice_is_said(tmp_path: Path) -> None:
    path = tmp_path / "甲.xlsx"
    path.write_bytes(b"x")
    items = list(gather([tmp_path, path]))
    assert [type(one) for one in items] == [Found, Skipped]
    assert items[1].reason == "twice"
    assert items[1].to("zh") == "重复给出"


def test_what_is_named_itself_is_checked_whatever_its_suffix(tmp_path: Path) -> None:
    for name in ("甲.mp4", "~$甲.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    assert [type(one) for one in gather([tmp_path / "甲.mp4", tmp_path / "~$甲.xlsx"])] == [Found, Skipped]


def test_what_is_not_there_comes_out_and_says_so_when_it_is_loaded(tmp_path: Path) -> None:
    (one,) = gather([tmp_path / "没有.xlsx"])
    assert isinstance(one, Found)
    with pytest.raises(Fault) as caught:
        one.load()
    assert caught.value.code == "missing"


def test_equal_names_of_two_folders_are_told_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "甲.xlsx").write_bytes(b"x")
    assert [one.name for one in gather([tmp_path])] == ["a/甲.xlsx", "b/甲.xlsx"]
    files = [tmp_path / "a" / "甲.xlsx", tmp_path / "b" / "甲.xlsx"]
    assert [one.name for one in gather(files)] == [str(path) for path in files]
    assert [one.name for one in gather(files[:1])] == ["甲.xlsx"]


def test_members_of_an_archive_are_files_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "收件.zip"
    path.write_bytes(
        archive(("乙/甲.csv", b"a,1"), ("~$甲.xlsx", b""), ("乙/", b""), ("丙/甲.csv", b"b,2")).replace(
            "丙".encode(), "乙".encode()
        )
    )
    first, lock, second = gather([path])
    assert isinstance(first, Found)
    assert isinstance(second, Found)
    assert (first.name, first.file, first.folder) == ("收件.zip!乙/甲.csv", "甲.csv", "收件.zip!乙/")
    assert first.load().data == b"a,1"
    assert second.load().data == b"b,2"
    assert second.name != first.name
    assert lock == Skipped("收件.zip!~$甲.xlsx", "lock")


def test_an_archive_of_too_many_files_stands_for_itself(tmp_path: Path) -> None:
    path = tmp_path / "多.zip"
    path.write_bytes(archive(*((f"{n}.csv", b"") for n in range(20_001))))
    (one,) = gather([tmp_path])
    assert isinstance(one, Found)
    assert one.fault is not None
    assert one.fault.code == "too-large"


def test_texts_are_checked_with_the_files_of_their_unit(tmp_path: Path) -> None:
    for name in (
        "甲镇/正文.docx",
        "甲镇/附表.xlsx",
        "乙镇_2024.xlsx",
        "丙镇_2024.docx",
        "丙镇_2024.xlsx",
        "丁镇_2024.xlsx",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    parties = [
        [one.name for _, one in party]
        for party in companies(enumerate(o for o in gather([tmp_path]) if isinstance(o, Found)))
    ]
    assert sorted(parties) == sorted(
        [
            ["丁镇_2024.xlsx"],
            ["丙镇_2024.docx", "丙镇_2024.xlsx"],
            ["乙镇_2024.xlsx"],
            ["甲镇/正文.docx", "甲镇/附表.xlsx"],
        ]
    )


def test_a_name_is_one_line_and_moves_no_cursor(tmp_path: Path) -> None:
    path = tmp_path / "收件.zip"
    path.write_bytes(archive(("甲\n乙.csv", b"1"), ("\u202e丙\x1b[2J.csv", b"2"), ("丁\u3000戊.csv", b"3")))
    found = [one for one in gather([path]) if isinstance(one, Found)]
    assert [one.file for one in found] == ["甲_乙.csv", "_丙_[2J.csv", "丁\u3000戊.csv"]
    assert [one.load().data for one in found] == [b"1", b"2", b"3"]
