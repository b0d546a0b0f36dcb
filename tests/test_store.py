"""The store: what goes in comes out whole, old files are brought up to date, several runs may write at once."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, Suspect, Tally, Term
from auditkit.model.words import Fault, Text
from auditkit.store import Store, database, schema
from auditkit.store.plain import dump, load
from auditkit.store.records import Entry

WORDS = st.text(max_size=5).filter(lambda text: text.isprintable())
TEXTS = st.builds(Text, WORDS, WORDS)
PLACES = st.builds(Place, WORDS, WORDS, st.integers(-1, 9), st.integers(-1, 9), st.integers(0, 9))
NUMBERS = st.none() | st.decimals(allow_nan=False, allow_infinity=False)
TERMS = st.builds(Term, TEXTS, WORDS, st.none() | PLACES, WORDS)
FINDINGS = st.builds(
    Finding,
    rule=WORDS,
    name=WORDS,
    level=st.sampled_from(["hard", "soft", "info"]),
    status=st.sampled_from(["fail", "explained"]),
    key=WORDS,
    values=WORDS,
    message=TEXTS,
    arithmetic=TEXTS,
    place=PLACES,
    terms=st.lists(TERMS, max_size=3).map(tuple),
    left=NUMBERS,
    right=NUMBERS,
    hint=st.none() | TEXTS,
)
TALLIES = st.dictionaries(
    WORDS, st.builds(Tally, st.integers(0, 9), st.integers(0, 9), unchecked=st.just({}) | st.just({"blank": 2}))
)
SUSPECTS = st.builds(
    Suspect,
    places=st.lists(PLACES, max_size=2).map(tuple),
    names=st.lists(TEXTS, max_size=2).map(tuple),
    current=st.just(()),
    proposed=st.just(("9",)),
    clears=st.just(("k",)),
    slip=st.none() | TEXTS,
    slip_kind=WORDS,
    confidence=st.floats(0, 1),
)
RESULTS = st.builds(
    Result,
    file=WORDS,
    sha256=WORDS,
    rulebook=WORDS,
    title=TEXTS,
    unit=WORDS,
    period=WORDS,
    findings=st.lists(FINDINGS, max_size=3).map(tuple),
    tallies=TALLIES,
    suspects=st.lists(SUSPECTS, max_size=2).map(tuple),
    missing=st.dictionaries(WORDS, TEXTS, max_size=2),
    notes=st.lists(TEXTS, max_size=2).map(tuple),
)


@given(RESULTS)
def test_a_result_comes_out_as_it_went_in(result: Result) -> None:
    with Store(":memory:") as store:
        store.keep([("k", result), ("other", Result("x", "y"))])
        assert store.known(["k", "nobody"]) == {"k": result}


def test_decimals_keep_their_digits_and_faults_their_words() -> None:
    assert str(load(Decimal, dump(Decimal("1.50")))) == "1.50"
    fault = Fault("encrypted", Text("密", "secret"), hint=Text("去掉", "remove"), exit=2)
    (again,) = load(tuple[Fault, ...], dump((fault,)))
    assert (again.code, again.message, again.hint, again.exit) == (fault.code, fault.message, fault.hint, fault.exit)


def test_many_keys_are_asked_for_at_once(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db") as store:
        store.keep((str(n), Result(str(n), "")) for n in range(2500))
        assert len(store.known([str(n) for n in range(3000)])) == 2500


def test_a_run_keeps_what_became_of_every_input(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db") as store:
        number = store.begin("R1", "2024-01-05T10:00", "x")
        assert store.begin("R1", "later", "y") == number
        store.keep([("k", Result("甲.xlsx", "1", unit="甲"))])
        entries = [Entry(-1, "~$甲.xlsx", "skipped", "lock"), Entry(0, "甲.xlsx", "pass", "", "001", "k")]
        store.enter(number, entries)
        store.enter(number, entries)
        store.finish(number, "2024-01-05T10:01")
    with Store(tmp_path / "s.db") as store:
        assert list(store.entries(number)) == entries
        assert [(entry.name, result.unit) for entry, result in store.results(number)] == [("甲.xlsx", "甲")]
        assert [(run.name, run.finished) for run in store.runs()] == [("R1", "2024-01-05T10:01")]
        assert [(run.name, entry.outcome) for run, entry in store.history("001")] == [("R1", "pass")]


def test_the_roster_of_today_takes_the_place_of_yesterdays(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db") as store:
        store.set_units([("1", "甲", "", "", "", "", ""), ("2", "乙", "", "", "", "", "")])
        store.set_units([("2", "乙", "a@example.org", "", "", "", "zh")])
        assert store.units() == [("2", "乙", "a@example.org", "", "", "", "zh")]


def test_any_tool_reads_it(tmp_path: Path) -> None:
    finding = Finding(
        "R1", "n", "hard", "fail", "k", "v", Text("不等", "off"), Text("1 ≠ 2", "1 ≠ 2"), Place("f", "表", 4, 3)
    )
    with Store(tmp_path / "s.db") as store:
        store.keep([("k", Result("甲.xlsx", "1", rulebook="b", findings=(finding,), tallies={"R1": Tally(failed=1)}))])
    with closing(sqlite3.connect(tmp_path / "s.db")) as base:
        rows = base.execute(
            "SELECT file, verdict, hard, rule, sheet, cell, message, json_extract(texts.whole, '$.R1.failed')"
            " FROM results JOIN findings ON result = results.key JOIN texts ON hash = tallies"
        ).fetchall()
    assert rows == [("甲.xlsx", "return", 1, "R1", "表", "D5", "不等", 1)]


def test_steps_are_taken_in_order_and_only_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.db"
    with Store(path) as store:
        store.keep([("k", Result("甲.xlsx", "1"))])
    monkeypatch.setattr("auditkit.store.STEPS", (*schema.STEPS, "ALTER TABLE runs ADD COLUMN note TEXT"))
    for _ in range(2):
        with Store(path) as store:
            assert store.known(["k"])
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (len(schema.STEPS) + 1,)
    monkeypatch.undo()
    with pytest.raises(Fault, match="later version") as caught:
        Store(path)
    assert caught.value.exit == 2


@pytest.mark.parametrize("make", [lambda p: p.write_text("no base" * 99), lambda p: p.mkdir()])
def test_what_is_no_store_is_refused(tmp_path: Path, make) -> None:
    path = tmp_path / "s.db"
    make(path)
    with pytest.raises(Fault) as caught:
        Store(path)
    assert (caught.value.code, caught.value.exit) == ("store", 2)


def test_a_store_that_another_run_is_just_making_is_waited_for(tmp_path: Path, monkeypatch) -> None:
    tell, waited = database.File.tell, []

    def busy_at_first(self, sql, rows=((),)):
        if "journal_mode" in sql and not waited:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        tell(self, sql, rows)

    monkeypatch.setattr(database.File, "tell", busy_at_first)
    monkeypatch.setattr(database.time, "sleep", waited.append)
    with Store(tmp_path / "s.db") as store:
        assert store.known(["nobody"]) == {}
    assert waited == [0.01]


def write_some(path: str, start: int) -> None:
    with Store(path) as store:
        for n in range(start, start + 200):
            store.keep([(str(n % 300), replace(Result("x", str(n % 300)), notes=(Text("a", "b"),)))])


def test_two_runs_write_to_one_store(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_some, args=(str(path), start)) for start in (0, 150)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with Store(path) as store:
        assert {key: result.sha256 for key, result in store.known([str(n) for n in range(300)]).items()} == {
            str(n): str(n) for n in range(300)
        }
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_run_that_somebody_is_at_is_nobody_elses_until_he_is_gone(tmp_path: Path) -> None:
    place = tmp_path / "s.db"
    with Store(place) as store:
        run, _ = store.new("R20240105", "", "")
        assert store.hold(run)
        other = "import sys; from auditkit.store import Store; print(Store(sys.argv[1]).hold(int(sys.argv[2])))"
        asked = [sys.executable, "-c", other, str(place), str(run)]
        assert subprocess.run(asked, check=True, capture_output=True, text=True).stdout == "False\n"
    assert [path.name for path in tmp_path.iterdir()] == ["s.db"]
    assert subprocess.run(asked, check=True, capture_output=True, text=True).stdout == "True\n"


def test_last_years_figures_are_found_by_unit_among_runs_before(tmp_path: Path) -> None:
    def checked(name: str, unit: str, *, hard: bool = False) -> Result:
        wrong = Finding("R1", "n", "hard", "fail", "k", "v", Text("", ""), Text("", ""), Place(name))
        findings = (wrong,) if hard else ()
        told = Result(name, name, rulebook="b", unit=unit, period="2023", findings=findings, tallies={"R1": Tally(1)})
        return replace(told, figures=f"{{{name}}}")

    with Store(tmp_path / "s.db") as store:
        for name, hard in (("一", False), ("二", True), ("三", False)):
            run = store.begin(name, "", "")
            store.keep([(name, checked(name, "甲镇", hard=hard))])
            store.enter(run, [Entry(0, name, "pass", result=name)])
            if name != "三":
                store.finish(run, "now")
        assert [name for _, name in store.unfinished("")] == ["三"]
        asked = [store.earlier("b", units, year, before) for units, year, before in (
            (["甲镇", "x"], "2023", 9), (["甲镇"], "2023", 1), (["乙镇"], "2023", 9), (["甲镇"], "2022", 9)
        )]  # fmt: skip
        assert [one and one.file for one in asked] == ["一", None, None, None]
        store.divide(1, [("older", False, "一")])
        assert (found := store.earlier("b", ["甲镇"], "2023", 9)) is not None
        assert (found.file, found.figures) == ("二", "{二}")


def test_old_runs_are_forgotten_with_what_only_they_have(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db") as store:
        for name, day, setup, key in (
            ("R1", "2024-01-05T10:00", "x", "old"),
            ("R2", "2024-02-05T10:00", "x", "both"),
            ("R3", "2024-03-05T10:00", "x", "both"),
            ("R4", "2024-01-01T10:00", "y", "last of its inbox"),
        ):
            run = store.begin(name, day, setup)
            store.keep([(key, Result("甲.xlsx", key, notes=(Text(key, key),), figures="{}"))])
            store.enter(run, [Entry(0, "甲.xlsx", "pass", result=key)])
        assert store.forget("2024-03-01") == 2
        assert [run.name for run in store.runs()] == ["R3", "R4"]
        keys = ["old", "both", "last of its inbox"]
        assert list(store.known(keys)) == list(store.figures(keys)) == keys[1:]
        assert [entry.name for entry in store.entries(1)] == []
    with closing(sqlite3.connect(tmp_path / "s.db")) as base:
        assert base.execute("SELECT count(*) FROM texts WHERE whole LIKE '%old%'").fetchone() == (0,)


def test_a_store_of_an_earlier_version_keeps_what_it_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result as it was written before texts were shared: told and tallies stand in the row, figures beside them."""
    path = tmp_path / "s.db"
    monkeypatch.setattr("auditkit.store.STEPS", schema.STEPS[:3])
    Store(path).close()
    with closing(sqlite3.connect(path)) as base, base:
        told = '{"rulebook":"b","version":"1","last":"l.xlsx","title":{"zh":"一","en":"1"}}'
        row = (
            "k",
            "1",
            "甲.xlsx",
            "b",
            "1",
            "甲",
            "",
            "2023",
            "pass",
            0,
            0,
            0,
            1,
            1,
            '{"R1":{"passed":1}}',
            told,
            "[]",
            "{}",
        )
        base.execute(f"INSERT INTO results VALUES ({','.join('?' * len(row))})", row)
    monkeypatch.undo()
    with Store(path) as store:
        result = store.known(["k"])["k"]
        assert (result.last, result.title.zh, result.version, result.tallies["R1"].passed) == ("l.xlsx", "一", "1", 1)
        assert store.figures(["k"]) == {"k": "{}"}
