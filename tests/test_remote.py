"""Files by URL: found, skipped and read as those of a folder."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditkit.batch import Found, Setup, Skipped, gather, run

fsspec = pytest.importorskip("fsspec", reason="the extra auditkit[cluster] is not installed")

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
SETUP = Setup(rules="cn-disclosure-2021")


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """What a folder may hold: reports, junk, an archive, a folder in a folder."""
    report = (SAMPLES / "broken" / "石桥镇_2024.xlsx").read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("乙镇_2024.xlsx", report)
    (tmp_path / "post" / "县").mkdir(parents=True)
    for name, data in (
        ("甲镇_2024.xlsx", report),
        ("~$甲镇_2024.xlsx", b"lock"),
        ("附件.zip", packed.getvalue()),
        ("县/丙镇_2024.xlsx", report),
        ("县/.hidden", b""),
    ):
        (tmp_path / "post" / name).write_bytes(data)
    return tmp_path / "post"


@pytest.fixture
def memory(post: Path) -> Iterator[str]:
    """The same in the memory of this process, as storage that is no disk."""
    system = fsspec.filesystem("memory")
    system.put(str(post), "/sent", recursive=True)
    yield "memory://sent"
    system.rm("/sent", recursive=True)


def bare(paths: list[str | Path]) -> list[Found | Skipped]:
    """What was gathered, without where and when."""
    return [one._replace(path="", modified=0, state="") if isinstance(one, Found) else one for one in gather(paths)]


def test_a_folder_by_url_is_the_folder(post: Path, memory: str) -> None:
    here = bare([post])
    assert [(type(one).__name__, one.name) for one in here] == [
        ("Skipped", "~$甲镇_2024.xlsx"),
        ("Found", "甲镇_2024.xlsx"),
        ("Found", "附件.zip!乙镇_2024.xlsx"),
        ("Skipped", "县/.hidden"),
        ("Found", "县/丙镇_2024.xlsx"),
    ]
    assert bare([memory]) == here
    assert bare([post.as_uri()]) == here


def test_results_by_url_are_the_results(post: Path, memory: str) -> None:
    def results(path: str | Path, jobs: int) -> list:
        return list(run((one for one in gather([path]) if isinstance(one, Found)), SETUP, jobs=jobs))

    here = results(post, 0)
    assert [one.verdict for one in here] == ["return"] * 3
    assert results(memory, 0) == here
    assert results(post.as_uri(), 1) == here


def test_one_file_by_url_and_its_time(post: Path, memory: str) -> None:
    (one,) = gather([f"{memory}/甲镇_2024.xlsx"])
    assert (one.name, one.size, one.modified > 0) == ("甲镇_2024.xlsx", (post / "甲镇_2024.xlsx").stat().st_size, True)
    names = [one.name for one in gather([f"{memory}/甲镇_2024.xlsx", str(post / "甲镇_2024.xlsx")])]
    assert names == [f"{memory}/甲镇_2024.xlsx", str(post / "甲镇_2024.xlsx")]


@pytest.mark.parametrize(
    ("url", "code"), [("memory://nowhere/a.xlsx", "missing"), ("nosuch://a/b.xlsx", "unreadable"), ("memory://", "")]
)
def test_what_is_not_there_is_said(url: str, code: str) -> None:
    found = [one for one in gather([url]) if isinstance(one, Found)]
    assert [one.fault.code for one in found if one.fault] == ([code] if code else [])
    assert all(result.faults[0].exit == 2 for result in run(found, SETUP, jobs=0))


def test_what_goes_while_it_is_listed_has_a_fault_of_its_own(memory: str) -> None:
    found = [one for one in gather([memory]) if isinstance(one, Found)]
    fsspec.filesystem("memory").rm("/sent/甲镇_2024.xlsx")
    results = list(run(found, SETUP, jobs=0))
    assert [one.faults[0].code if one.faults else one.verdict for one in results] == ["missing", "return", "return"]


def test_links_are_not_followed_there_either(post: Path) -> None:
    (post / "链接.xlsx").symlink_to(post / "甲镇_2024.xlsx")
    shutil.rmtree(post / "县")
    assert [one for one in bare([post.as_uri()]) if one.name == "链接.xlsx"] == [Skipped("链接.xlsx", "link")]
