"""The store on a PostgreSQL server: what goes in comes out as from the file, several users may write at once."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

import hostile
from auditkit.batch import Past, Setup
from auditkit.cli import main
from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, Tally
from auditkit.model.words import Fault, Text
from auditkit.store import Store, schema
from auditkit.store.records import Due, Entry, Origin, Written
from test_store import write_some

pytest.importorskip("sqlalchemy", reason="the extra auditkit[postgres] is not installed")
psycopg = pytest.importorskip("psycopg", reason="the extra auditkit[postgres] is not installed")

PROGRAMS = [Path(found).resolve() for found in [shutil.which("pg_ctl")] if found]
PROGRAMS += sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)
SAMPLES = Path(__file__).resolve().parents[1] / "samples"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of our own that listens on a socket in its folder; the URL of its folder, without a database."""
    if not PROGRAMS:
        pytest.skip("no PostgreSQL server is installed: neither initdb nor pg_ctl is found")
    user = None
    if os.getuid() == 0:  # a server does not start as root
        user = next((one.pw_name for one in pwd.getpwall() if one.pw_name in {"postgres", "nobody"}), None)
        if user is None:
            pytest.skip("a PostgreSQL server does not start as root, and there is no user postgres or nobody")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="auditkit-", ignore_cleanup_errors=True)))
        if user:
            shutil.chown(folder, user)

        def call(name: str, *arguments: str) -> None:
            command = [str(PROGRAMS[0].parent / name), *arguments]
            subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

        call("initdb", "-D", "data", "-E", "UTF8", "-U", "office", "-A", "trust", "--no-sync", "--locale=C.UTF-8")
        options = f"-c fsync=off -c listen_addresses='' -c unix_socket_directories={folder}"
        call("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        stack.callback(call, "pg_ctl", "-D", "data", "-m", "immediate", "stop")
        yield f"postgresql://office@/{{}}?host={folder}"


@pytest.fixture
def url(server: str, request: pytest.FixtureRequest) -> str:
    """A database of the test's own."""
    name = f"base{abs(hash(request.node.name))}"
    with psycopg.connect(server.format("postgres"), autocommit=True) as base:
        base.execute(f"CREATE DATABASE {name}")
    return server.format(name)


def finding(code: str) -> Finding:
    place = Place("f", "表", 4, 3)
    return Finding(code, "n", "hard", "fail", "k", "v", Text("不等", "off"), Text("1 ≠ 2", "1 ≠ 2"), place)


def test_the_server_tells_what_the_file_tells(url: str, tmp_path: Path) -> None:
    told = []
    for place in (url, str(tmp_path / "s.db")):
        with Store(place) as store:
            first, name = store.new("R20240105", "2024-01-05T10:00", "x")
            assert store.begin(name, "later", "y") == first
            two = Result("甲.xlsx", "1", unit="甲", findings=(finding("R1"), finding("R2")), tallies={"R1": Tally(1)})
            store.keep([("k", two), ("b", Result("乙: 100%?.xlsx", "2", period="2024"))])
            store.keep([("k", Result("甲.xlsx", "1", unit="甲", findings=(finding("R3"),)))])
            entries = [Entry(-1, "~$甲.xlsx", "skipped", "lock"), Entry(-1, "Z", "skipped"), Entry(-1, "a", "skipped")]
            late = Entry(0, "甲.xlsx", "return", "", "001", "k", late=True, said=Text("一", "1"))
            store.enter(first, [*entries, late])
            store.start_list(first)
            kept = Entry(0, "甲.xlsx", "return", "", "001", "k", "甲", "counts")
            listed = [*entries, kept, kept._replace(number=1, name="乙.xlsx")]
            store.list_inputs(first, [(entry, Origin("p", modified=1_700_000_000.25)) for entry in listed])
            store.divide(first, [("older", False, "乙.xlsx")])
            store.owe(first, [Due("1", "甲", "", True)])
            store.wrote(Written("p", "m", "s"))
            store.set_units([("2", "乙", "", "", "", "", "zh"), ("1", "甲", "", "", "", "", "")])
            unfinished = [name for _, name in store.unfinished("x")], store.hold(first)
            store.finish(first, "2024-01-05T10:01")
            second, _ = store.new("R20240105", "", "x")
        with Store(place) as store:
            told.append((
                name, unfinished, second - first, store.has_past(first), store.has_past(second), store.runs(),
                store.known(["k", "b", "nobody"]), list(store.entries(first)),
                list(store.versions(first)), store.due(first), list(store.results(first)),
                store.history("001"), store.made_from("p"), store.made_from("q"), store.units(),
            ))  # fmt: skip
    assert told[0] == told[1]
    assert [entry.name for entry in told[0][7]] == ["Z", "a", "~$甲.xlsx", "甲.xlsx", "乙.xlsx"]
    assert [one.rule for one in told[0][6]["k"].findings] == ["R3"]


def test_workers_find_last_year_on_a_server(url: str) -> None:
    def checked(year: int, number: int) -> list[Result]:
        paths = [SAMPLES / "clean" / "official" / f"宿迁市_{year}.xlsx"]
        past = Past(url, number if store.has_past(number) else 0)
        return hostile.recorded(store, number, paths, Setup(past=past), jobs=1)

    with Store(url) as store:
        first = store.begin("R1", "", "")
        (before,) = checked(2023, first)
        store.finish(first, "now")
        (result,) = checked(2024, store.begin("R2", "", ""))
        assert (result.last, result.last_sha256) == ("宿迁市_2023.xlsx", before.sha256)
        assert checked(2024, store.begin("R2", "", "")) == [result]


def test_the_command_keeps_its_runs_there(url: str) -> None:
    post = [str(SAMPLES / "broken" / name) for name in ("白石镇_2024.xlsx", "石桥镇_2024.xlsx")]
    told = CliRunner().invoke(main, ["check", *post, "--jobs", "0", "--store", url, "--format", "concise"])
    again = CliRunner().invoke(main, ["report", "--store", url, "--format", "concise"])
    assert told.exit_code == 1
    assert "GK302" in told.stdout
    assert again.stdout == told.stdout


def test_two_users_write_at_once(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_some, args=(url, start)) for start in (0, 150)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with Store(url) as store:
        assert len(store.known([str(n) for n in range(300)])) == 300


def test_steps_are_taken_once_and_a_later_schema_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(url).close()
    monkeypatch.setattr("auditkit.store.STEPS", (*schema.STEPS, "ALTER TABLE runs ADD COLUMN note TEXT"))
    for _ in range(2):
        Store(url).close()
    monkeypatch.undo()
    with pytest.raises(Fault, match="later version"):
        Store(url)


@pytest.mark.parametrize(
    "wrong", ["postgresql://office@/nowhere?host=/tmp", "postgresql://a:geheim@127.0.0.1:1/b", "postgresql:nonsense"]
)
def test_no_server_is_said_and_no_password(wrong: str) -> None:
    with pytest.raises(Fault) as caught:
        Store(wrong)
    assert (caught.value.code, caught.value.exit) == ("store", 2)
    assert "geheim" not in caught.value.message.en
