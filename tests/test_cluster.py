"""A cluster in place of local processes: the same answers in the same order, whoever is lost on the way."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import hostile
from auditkit.batch import Found, Setup, gather, run
from auditkit.cli import main
from auditkit.model.document import Source
from auditkit.model.finding import Result
from auditkit.model.words import Fault
from speed import write as write_form

distributed = pytest.importorskip("distributed", reason="the extra auditkit[cluster] is not installed")
psutil = pytest.importorskip("psutil", reason="comes with distributed")

FORM = Setup(rules="cn-disclosure-2021")
SAMPLES = Path(__file__).resolve().parents[1] / "samples"


MARKER = "AUDITKIT_TEST_MARKER"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, processes of their own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(MARKER, str(tmp_path_factory.mktemp("cluster") / "lost"))
        made = distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1")
        with made:
            yield made.scheduler_address


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> list[Found]:
    """Submissions, every seventh of them wrong."""
    chance = random.Random(5)
    folder = tmp_path_factory.mktemp("sent") / "post"
    folder.mkdir()
    for n in range(20):
        path = folder / f"第{n:02}镇_2024.xlsx"
        if n % 7:
            write_form(path, f"第{n:02}镇", chance)
        else:
            shutil.copy(SAMPLES / "broken" / "石桥镇_2024.xlsx", path)
    return [one for one in gather([folder]) if isinstance(one, Found)]


@pytest.fixture(scope="module")
def alone(post: list[Found]) -> list[Result]:
    return list(run(post, FORM, jobs=0))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lots of two."""
    monkeypatch.setattr("auditkit.batch.companies.CHUNK", 2)


def lose_a_worker(source: Source) -> None:
    """The first to read a certain file ends the cluster's worker that it works for: the fork server's parent."""
    marker = Path(os.environ[MARKER])
    if source.name.startswith("第10") and not marker.exists():
        marker.touch()
        psutil.Process().parent().parent().kill()


def test_a_cluster_says_what_local_processes_say(post: list[Found], alone: list[Result], cluster: str) -> None:
    assert list(run(post, FORM, jobs=cluster)) == alone


def test_relative_paths_are_those_of_who_asks(post: list[Found], cluster: str, monkeypatch) -> None:
    monkeypatch.chdir(Path(post[0].path).parents[1])
    found = [one for one in gather(["post"]) if isinstance(one, Found)]
    assert [one.verdict for one in run(found[:3], FORM, jobs=cluster)] == ["return", "pass", "pass"]


def test_a_worker_with_other_rules_is_refused(post: list[Found], cluster: str, monkeypatch) -> None:
    monkeypatch.setattr("auditkit.batch.setup.__version__", "another")
    with pytest.raises(Fault, match="another version") as caught:
        list(run(post, Setup(rules="cn-disclosure-2021"), jobs=cluster))
    assert caught.value.exit == 3


def test_a_file_that_crashes_its_reader_costs_itself_only(post: list[Found], cluster: str, tmp_path: Path) -> None:
    for word in ("甲", "出错", "崩溃"):
        shutil.copy(post[1].path, tmp_path / f"{word}_2024.xlsx")
    found = [one for one in gather([tmp_path]) if isinstance(one, Found)]
    results = list(run(found, FORM, jobs=cluster, peril=hostile.peril))
    assert {one.file: hostile.outcome(one) for one in results} == {
        "出错_2024.xlsx": "failed",
        "崩溃_2024.xlsx": "crashed",
        "甲_2024.xlsx": "pass",
    }
    assert [one.file for one in results] == [one.name for one in found]


def test_the_lots_of_a_lost_worker_are_done_again(post: list[Found], alone: list[Result], cluster: str) -> None:
    results = list(run(post, FORM, jobs=cluster, peril=lose_a_worker))
    assert Path(os.environ[MARKER]).exists()
    assert results == alone


def test_the_command_prints_the_same_bytes(post: list[Found], cluster: str) -> None:
    def printed(*options: str) -> bytes:
        folder = str(Path(post[0].path).parent)
        told = CliRunner().invoke(main, ["check", folder, "--store", "none", "--format", "jsonl", *options])
        assert told.exit_code == 1
        return told.stdout_bytes

    assert printed("--cluster", cluster) == printed("--jobs", "0")


def test_no_cluster_is_said(post: list[Found], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditkit.batch.cluster.PATIENCE", 0.1)
    with pytest.raises(Fault) as caught:
        list(run(post, FORM, jobs="tcp://127.0.0.1:1"))
    assert (caught.value.code, caught.value.exit) == ("cluster", 2)
