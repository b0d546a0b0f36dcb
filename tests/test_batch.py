"""Runs: one result a file in order, whoever computed it; what a file does costs that file only."""

from __future__ import annotations

import dataclasses
import os
import random
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import hostile
from auditkit.audit import auditor, sources
from auditkit.batch import Found, Limits, Past, Setup, Skipped, enlist, gather, record, run
from auditkit.batch.companies import chunks
from auditkit.batch.crew import Crew, _context
from auditkit.reports import TEXTS, summary_workbook, text_report
from auditkit.store import Store

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
FORM = Setup(rules="cn-disclosure-2021")


def found_in(*paths: Path) -> list[Found]:
    return [one for one in gather(paths) if isinstance(one, Found)]


@pytest.fixture(scope="module")
def good() -> bytes:
    return hostile._good()


@pytest.fixture
def post(tmp_path: Path, good: bytes) -> Path:
    folder = tmp_path / "收件"
    folder.mkdir()
    for n in range(10):
        (folder / f"第{n}镇_2024.xlsx").write_bytes(good)
    return folder


@pytest.fixture(scope="module")
def samples() -> list[Found]:
    return [one for one in found_in(SAMPLES / "broken") if "/" not in one.name and not one.name.endswith(".json")]


@pytest.fixture(scope="module")
def alone(samples: list[Found]):
    return list(run(samples, Setup(), jobs=0))


def test_a_hostile_inbox_is_answered_file_by_file(tmp_path: Path) -> None:
    expected = {_shown(name): becomes for name, becomes in hostile.write(tmp_path).items()}
    assert len(expected) >= 150
    items = list(gather([tmp_path]))
    became = {one.name: f"skip {one.reason}" for one in items if isinstance(one, Skipped)}
    found = [one for one in items if isinstance(one, Found)]
    results = list(run(found, FORM, jobs=2, limits=Limits(seconds=20, memory=5 << 28)))  # a file has 1 << 30
    for one, result in zip(found, results, strict=True):
        assert result.file == one.name
        for fault in result.faults:
            assert fault.exit in {2, 3}
            assert all(fault.to(language) for language in ("zh", "en"))
        became[one.name] = hostile.outcome(result)
    assert became.keys() == expected.keys()
    wrong = {
        name: (becomes, expected[name])
        for name, becomes in became.items()
        if becomes != expected[name] and becomes not in expected[name].split()
    }
    assert wrong == {}
    for form in TEXTS:
        "\n".join(text_report(form).render(results, "zh")).encode()  # whatever a file says can be told
    assert summary_workbook.render(results, "en").workbook


def _shown(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030")
    return name.replace("\n", "_").replace("\x1b", "_")


@pytest.mark.parametrize("jobs", [1, 2])
def test_workers_say_what_this_process_says(samples: list[Found], alone, jobs: int) -> None:
    assert list(run(samples, Setup(), jobs=jobs)) == alone
    assert any(result.findings for result in alone)
    assert any(result.rules for result in alone)


def test_a_run_says_what_the_auditor_says(post: Path) -> None:
    paths = sorted(post.iterdir())
    told = list(auditor(rules="cn-disclosure-2021").audit(sources(paths)))
    assert list(run(found_in(post), FORM, jobs=0)) == told


def test_documents_come_back_for_those_who_need_them(samples: list[Found]) -> None:
    for keep, wanted in (
        ("nothing", lambda r: False),
        ("open", lambda r: bool(r.findings)),
        ("all", lambda r: not r.faults),
    ):
        for result in run(samples, Setup(), jobs=0, keep=keep):
            assert (result.document is not None) == wanted(result)
            assert (result.source is not None) == wanted(result)


def test_few_files_are_work_for_several_and_many_come_in_large_lots() -> None:
    found = [((n, Found(f"{n}.xlsx", f"{n}.xlsx", size=1)),) for n in range(1400)]
    assert [len(lot) for lot in chunks(found[:300])] == [64, 64, 128, 44]
    assert [len(lot) for lot in chunks(found)] == [64, 64, 128, 128, 256, 256, 504]
    assert [one for lot in chunks(found) for one in lot] == found


def test_a_file_that_hangs_crashes_swells_or_fails_costs_itself_only(post: Path, good: bytes) -> None:
    for word in ("卡死", "崩溃", "内存", "出错", "被杀"):
        (post / f"{word}_2024.xlsx").write_bytes(good)
    found = found_in(post)
    results = list(run(found, FORM, jobs=2, limits=Limits(seconds=2), peril=hostile.peril))
    assert {one.file: hostile.outcome(one) for one in results} == {
        **{f"第{n}镇_2024.xlsx": "pass" for n in range(10)},
        "卡死_2024.xlsx": "timed-out",
        "崩溃_2024.xlsx": "crashed",
        "内存_2024.xlsx": "out-of-memory",
        "被杀_2024.xlsx": "out-of-memory",
        "出错_2024.xlsx": "failed",
    }
    assert [one.file for one in results] == [one.name for one in found]
    assert all(fault.exit == 3 for one in results for fault in one.faults)


def test_a_bug_in_this_process_costs_one_file_too(post: Path, good: bytes) -> None:
    (post / "出错_2024.xlsx").write_bytes(good)
    outcomes = [hostile.outcome(one) for one in run(found_in(post), FORM, jobs=0, peril=hostile.peril)]
    assert sorted(outcomes) == ["failed", *["pass"] * 10]


def test_a_run_given_up_leaves_no_worker_and_keeps_what_is_done(post: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "store.db") as store:
        number = store.begin("R1", "", "")
        enlist(store, number, FORM, found_in(post))
        lots = record(store, number, FORM, jobs=1)
        next(lots)
        lots.close()
    with sqlite3.connect(tmp_path / "store.db") as base:
        assert base.execute("SELECT count(*) FROM results").fetchone()[0] > 0
    base.close()


def test_an_interrupt_ends_the_workers(post: Path) -> None:
    crew = Crew(FORM, 1, Limits())

    def interrupted() -> Iterator:
        yield from ()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(crew.run(interrupted()))
    assert crew._workers == []


def test_a_text_counts_for_the_workbook_of_its_company_and_for_no_other(tmp_path: Path) -> None:
    workbook = (SAMPLES / "broken" / "白石镇_2024.xlsx").read_bytes()
    words = "白石镇2024年政府信息公开工作年度报告\n2024年，新收政府信息公开申请67件，其中自然人49件。"
    for folder in ("一", "二"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "表.xlsx").write_bytes(workbook)
    (tmp_path / "二" / "正文.txt").write_text(words, "utf-8")
    first, text, second = sorted(run(found_in(tmp_path), Setup(), jobs=0), key=lambda r: r.file)
    assert (first.file, text.file, second.file) == ("一/表.xlsx", "二/正文.txt", "二/表.xlsx")
    assert "GK307" not in {f.rule for f in first.findings}
    assert "GK307" in {f.rule for f in second.findings}


def test_places_carry_the_name_of_their_file_in_the_run(tmp_path: Path) -> None:
    for folder in ("一", "二"):
        (tmp_path / folder).mkdir()
        shutil.copy(SAMPLES / "broken" / "石桥镇_2024.xlsx", tmp_path / folder)
    for result in run(found_in(tmp_path), Setup(), jobs=0, keep="all"):
        assert {f.place.file for f in result.findings} == {result.file}
        assert {place.file for s in result.suspects for place in s.places} <= {result.file}
        assert result.document is not None
        assert result.document.name == result.file
        assert result.unit.startswith("石桥镇")


def test_a_second_run_reads_only_what_changed(post: Path, tmp_path: Path) -> None:
    read: list[str] = []

    def watch(source) -> None:
        read.append(source.name)

    with Store(tmp_path / "store.db") as store:
        setup = dataclasses.replace(FORM, past=Past(store.place, 0))

        def checked(setup: Setup = setup) -> list:
            read.clear()
            return hostile.recorded(store, store.begin("R1", "", ""), [post], setup, jobs=0, peril=watch)

        first = checked()
        assert len(read) == 10
        (post / "第3镇_2024.xlsx").write_bytes((SAMPLES / "broken" / "石桥镇_2024.xlsx").read_bytes())
        shutil.copy(post / "第4镇_2024.xlsx", tmp_path)
        (tmp_path / "第4镇_2024.xlsx").replace(post / "第4镇_2024.xlsx")  # another file, and the same words
        second = checked()
        assert read == ["第3镇_2024.xlsx"]
        assert [a == b for a, b in zip(first, second, strict=True)] == [n != 3 for n in range(10)]
        checked(dataclasses.replace(setup, period=2023))
        assert len(read) == 10


def test_a_file_that_is_known_is_not_opened_until_it_changes(post: Path, tmp_path: Path, monkeypatch) -> None:
    opened: list[str] = []
    load = Found.load

    def watched(found: Found):
        opened.append(found.name)
        return load(found)

    monkeypatch.setattr(Found, "load", watched)
    first = post / "第0镇_2024.xlsx"
    for path in post.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    with zipfile.ZipFile(post / "包.zip", "w") as package:
        package.write(first)
    with Store(tmp_path / "store.db") as store:

        def checked() -> list[str]:
            opened.clear()
            hostile.recorded(store, store.begin("R1", "", ""), [post], FORM, jobs=0)
            return opened

        assert len(checked()) == 11
        assert checked() == []
        data = first.read_bytes()
        first.write_bytes(bytes([*data[:-1], data[-1] ^ 1]))
        os.utime(first, (1_700_000_000, 1_700_000_000))  # size and time are as before
        assert checked() == [first.name]


def test_results_from_the_store_are_the_results(samples: list[Found], alone, tmp_path: Path) -> None:
    with Store(tmp_path / "store.db") as store:
        paths = [one.path for one in samples]
        for _ in range(2):
            again = hostile.recorded(store, store.begin("R1", "", ""), paths, Setup(), jobs=0)
            assert again == alone
            assert [r.rules for r in again] == [r.rules for r in alone]


def test_what_another_day_may_not_have_is_not_kept(post: Path, tmp_path: Path, good: bytes) -> None:
    (post / "出错_2024.xlsx").write_bytes(good)
    with Store(tmp_path / "store.db") as store:
        number = store.begin("R1", "", "")
        hostile.recorded(store, number, [post], FORM, jobs=0, peril=hostile.peril)
        assert {entry.name: entry.reason for entry in store.entries(number)}["出错_2024.xlsx"] == "failed"
        results = hostile.recorded(store, number, [post], FORM, jobs=0)
        assert [one.verdict for one in results] == ["pass"] * 11


def test_a_result_is_kept_under_last_years_figures_too(tmp_path: Path, good: bytes) -> None:
    """One run looks back at a year that another has in two versions; what the first was told stays what it was."""
    this, before = tmp_path / "甲镇_2024.xlsx", tmp_path / "甲镇_2023.xlsx"
    this.write_bytes(good)
    last = hostile.part(hostile.STRINGS, lambda data: data.replace(b"2024", b"2023"))(good)
    with Store(tmp_path / "store.db") as store:

        def checked(name: str, path: Path) -> list:
            number = store.begin(name, "", "")
            setup = dataclasses.replace(FORM, past=Past(store.place, number if store.has_past(number) else 0))
            done = hostile.recorded(store, number, [path], setup, jobs=0)
            store.finish(number, "now")
            return [result.last_sha256[:8] for result in done]

        told = []
        for version in (last, hostile.part("docProps/app.xml", lambda data: data + b" ")(last)):
            before.write_bytes(version)
            checked(f"R{len(told)} before", before)
            told.append(checked(f"R{len(told)}", this))
        again = [[result.last_sha256[:8] for _, result in store.results(run)] for run in (2, 4)]
        assert told == again
        assert told[0] != told[1]


def test_killed_at_any_moment_and_run_again_gives_the_same_bytes(post: Path, tmp_path: Path, good: bytes) -> None:
    broken = (SAMPLES / "broken" / "石桥镇_2024.xlsx").read_bytes()
    for n in range(10, 60):
        (post / f"第{n}镇_2024.xlsx").write_bytes(broken if n % 7 == 0 else good)
    undisturbed = tmp_path / "undisturbed.jsonl"

    def start(base: str, out: Path):
        process = _context().Process(target=hostile.run_all, args=(str(post), str(tmp_path / base), str(out), 0))
        process.start()
        return process

    started = time.monotonic()
    start("a.db", undisturbed).join()
    took = time.monotonic() - started
    chance, out = random.Random(7), tmp_path / "out.jsonl"
    for _ in range(5):
        process = start("b.db", out)
        process.join(chance.uniform(0.1, took))
        process.kill()
        process.join()
    start("b.db", out).join()
    assert undisturbed.read_bytes()
    assert out.read_bytes() == undisturbed.read_bytes()
    assert _dump(tmp_path / "a.db") == _dump(tmp_path / "b.db")


def _dump(path: Path) -> list[str]:
    base = sqlite3.connect(path)
    lines = sorted(line for line in base.iterdump() if '"seen"' not in line)  # a file written just now may yet change
    base.close()
    return lines
