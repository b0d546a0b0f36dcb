"""Explanations: the file and its mistakes, what they excuse, how they lapse, and rounds compared."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditkit import known
from auditkit.known.entries import Entry, Signed, parse, written
from auditkit.known.sent import Sent
from auditkit.model.document import Place
from auditkit.model.finding import Finding, Result, Round, RuleNote, Said, Suspect, Tally, Term
from auditkit.model.words import Fault, Text
from auditkit.reports import progress, text_report

TODAY = dt.date(2022, 1, 25)
WANG = Signed("王某", dt.date(2022, 1, 20))
YES = """\
# 2021年年报
- key: c07a51
  unit: 220281-007
  period: "2021"
  rule: GK309
  where: T3.新收[总计]
  values: {"T3.新收[总计]": "12", last_year: "31"}   # 核对过台账
  reason: 2020年集中受理拆迁类申请19件，属实。
  by: 青山镇 李某 2022-01-19
  accepted: 王某 2022-01-20
  until: 2022-12-31
"""


def finding(
    key: str = "c07a51", level: str = "soft", values: str = "h1", rule: str = "GK309", now: str = "12"
) -> Finding:
    terms = (
        Term(Text("新收", "新收"), now, Place("a.xlsx", "表三", 4, 9), "T3.新收[总计]"),
        Term(Text("上年", "上年"), "31", Place("b.xlsx", "表三", 4, 9), "last_year(T3.新收[总计])"),
    )
    place = Place("a.xlsx", "表三", 4, 9)
    return Finding(
        rule, "moved", level, "fail", key, values, Text("相差过半", "moved"), Text("12，上年 31", "12, was 31"), place,
        table="T3", row="新收", column="总计", terms=terms,
    )  # type: ignore[arg-type] # a factory  # fmt: skip


def note(*, explainable: bool) -> RuleNote:
    words = Text("相差过半", "moved")
    return RuleNote("GK309", words, "soft", words, words, "", explainable=explainable)


def result(*findings: Finding, unit: str = "220281-007", **rest: object) -> Result:
    tallies = {"GK309": Tally(passed=3, failed=len(findings))}
    given_ = {"tallies": tallies, "unit_code": unit, "unit": "青山镇", "period": "2021", **rest}
    return Result("a.xlsx", "0" * 64, "cn", "1", findings=findings, **given_)  # type: ignore[arg-type] # a factory


def entry(**rest: object) -> Entry:
    base = Entry("c07a51", "220281-007", "2021", "GK309", "集中受理拆迁类申请", WANG, hash="h1", accepted=WANG)
    return replace(base, **{"until": dt.date(2022, 12, 31), **rest})  # type: ignore[arg-type] # a factory


def test_the_file_as_people_write_it() -> None:
    (one,) = parse(YES, "known.yaml")
    assert one.values == {"T3.新收[总计]": "12", "last_year": "31"}
    assert (one.by, one.accepted) == (Signed("青山镇 李某", dt.date(2022, 1, 19)), WANG)
    assert (one.until, one.pending) == (dt.date(2022, 12, 31), False)


def test_what_is_written_back_keeps_comments_and_is_read_alike() -> None:
    entries = parse(YES, "known.yaml")
    assert written(YES, entries) == YES
    more = (*entries, entry(key="ab12cd", reason="1.50: yes # no", period="2021", unit="007"))
    text = written(YES, more)
    assert "# 核对过台账" in text
    assert parse(text, "known.yaml") == more
    assert parse(written(text, more[1:]), "known.yaml") == more[1:]


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn", "Co"]), min_size=1
).filter(lambda text: text.strip() == text and text.isprintable())


@settings(deadline=None)
@given(WORDS, WORDS, st.dictionaries(WORDS, WORDS, max_size=3))
@example("0", ":", {})
def test_any_words_survive_the_file(reason: str, unit: str, values: dict[str, str]) -> None:
    made = (entry(reason=reason, unit=unit, values=values, by=Signed("=1+1", TODAY)),)
    assert parse(written("", made), "known.yaml") == made


@pytest.mark.parametrize(
    ("line", "instead", "code", "at"),
    [
        ("  rule: GK309", "  rul: GK309", "KN002", "5:3"),
        ("  rule: GK309", "  note: x", "KN003", "2:3"),
        ("  until: 2022-12-31", "", "KN003", "10:13"),
        ("  until: 2022-12-31", "  until: 2022-13-31", "KN005", "11:10"),
        ("  accepted: 王某 2022-01-20", "  accepted: 王某", "KN005", "10:13"),
        ("- key: c07a51", "- key: 表三!J5", "KN004", "2:8"),
        ("  reason:", "  unit: x\n  reason:", "RB005", "8:3"),
        ('  period: "2021"', "  period: [2021]", "KN001", "4:11"),
    ],
)  # fmt: skip
def test_every_mistake_has_its_place(line: str, instead: str, code: str, at: str) -> None:
    with pytest.raises(Fault) as caught:
        parse(YES.replace(line, instead), "known.yaml")
    assert caught.value.exit == 2
    assert any(said.startswith(f"known.yaml:{at}  {code} ") for said in caught.value.message.en.splitlines())


def test_all_mistakes_at_once_and_a_key_only_once() -> None:
    with pytest.raises(Fault) as caught:
        parse(YES + YES.replace("until", "untill").replace("GK309", ""), "known.yaml")
    assert [line.split()[1] for line in caught.value.message.zh.splitlines()] == ["KN002", "KN003"]
    with pytest.raises(Fault, match="key c07a51 is given twice"):
        parse(YES + YES, "known.yaml")


def test_an_accepted_explanation_excuses() -> None:
    suspect = Suspect((Place("a.xlsx"),), (Text("", ""),), ("1",), ("2",), ("c07a51",), None, "", 0.9)
    before = result(finding(), suspects=(suspect,))
    done = known.apply([before], [entry()], TODAY)
    (after,) = done.results
    assert [f.status for f in after.findings] == ["explained"]
    assert (after.verdict, before.verdict) == ("pass", "explain")
    assert (after.tallies["GK309"].failed, after.tallies["GK309"].explained) == (0, 1)
    assert (after.asked, after.suspects, done.remarks) == (before.asked, (), ())


@pytest.mark.parametrize(
    ("one", "kind", "said"),
    [
        (entry(hash="h0", values={"T3.新收[总计]": "40"}), "lapsed", "T3.新收[总计] 已由 40 变为 12"),
        (entry(hash="", values={"T3.新收[总计]": "40"}), "lapsed", "已由 40 变为 12"),
        (entry(hash="h0"), "lapsed", "数值已变"),
        (entry(until=dt.date(2022, 1, 24)), "expired", "有效至 2022-01-24"),
    ],
)
def test_it_lapses_with_the_values_and_ends_with_its_day(one: Entry, kind: str, said: str) -> None:
    done = known.apply([result(finding())], [one], TODAY)
    assert done.results[0].findings[0].status == "fail"
    (remark,) = done.remarks
    assert (remark.kind, said in remark.text.zh) == (kind, True)
    assert done.lapsed == {"c07a51"}


def test_without_a_hash_the_values_decide_and_on_the_last_day_it_holds() -> None:
    one = entry(hash="", values={"T3.新收[总计]": "12"}, until=TODAY)
    assert known.apply([result(finding())], [one], TODAY).results[0].ok


def test_what_must_be_fixed_is_explained_only_where_its_rule_says_so() -> None:
    hard = result(finding(level="hard"))
    done = known.apply([hard], [entry()], TODAY)
    assert [r.kind for r in done.remarks] == ["not allowed"]
    assert done.results[0] is hard
    may = replace(hard, rules=(note(explainable=True),))
    assert known.apply([may], [entry()], TODAY).results[0].ok
    firm = result(finding(), rules=(note(explainable=False),))
    assert [r.kind for r in known.apply([firm], [entry()], TODAY).remarks] == ["not allowed"]


def test_pending_and_refused_ones_excuse_nothing() -> None:
    for one in (entry(accepted=None), entry(accepted=None, refused=WANG)):
        done = known.apply([result(finding())], [one], TODAY)
        assert (done.results[0].findings[0].status, done.remarks) == ("fail", ())


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (result(), ["unused"]),
        (result(unit="220281-008"), []),
        (result(tallies={"GK309": Tally(passed=3, unchecked={"no last year": 1})}), []),
        (result(faults=(Fault("x", Text("", "")),)), []),
        (result(period="2022"), []),
    ],
)
def test_one_that_excuses_nothing_any_more_is_reported_where_that_is_sure(now: Result, kinds: list[str]) -> None:
    assert [r.kind for r in known.apply([now], [entry()], TODAY).remarks] == kinds


def test_taken_down_accepted_refused_let_go() -> None:
    (one,) = known.sent([result(finding())])
    entries = known.add((), one, " 集中受理\n拆迁类申请19件 ", Signed("青山镇 李某", TODAY))
    assert (entries[0].pending, entries[0].where, entries[0].hash) == (True, "T3.新收[总计]", "h1")
    assert entries[0].reason == "集中受理 拆迁类申请19件"
    accepted = known.accept(entries, {"c07a51"}, WANG, dt.date(2022, 12, 31))
    assert known.apply([result(finding())], accepted, TODAY).results[0].ok
    assert known.add(accepted, one, "集中受理 拆迁类申请19件", WANG) == accepted
    changed = replace(one, finding=finding(values="h2"))
    assert known.add(accepted, changed, "集中受理", WANG)[0].pending
    refused = known.refuse(accepted, {"c07a51"}, WANG, "请附台账")
    assert (refused[0].refused, refused[0].because, refused[0].accepted) == (WANG, "请附台账", None)
    assert known.prune(refused, {"c07a51"}) == ()


def test_decisions_that_cannot_be() -> None:
    (one,) = known.sent([result(finding())])
    with pytest.raises(Fault, match="no reason"):
        known.add((), one, " \n", WANG)
    with pytest.raises(Fault, match="no explanation with key ffffff"):
        known.prune([entry()], {"ffffff"})
    with pytest.raises(Fault, match="is before"):
        known.accept([entry()], {"c07a51"}, WANG, dt.date(2021, 1, 1))


def test_what_was_sent_is_read_back_from_json_lines() -> None:
    prose = replace(
        finding("ab12cd"), place=Place("a.xlsx", paragraph=3, sentence=1, start=2, end=5), hint=Text("是", "h")
    )
    made = result(finding(), prose)
    assert list(known.read_lines(text_report("jsonl").render([made], "zh"))) == list(known.sent([made]))
    with pytest.raises(Fault, match="line 2 is no finding"):
        list(known.read_lines(["", '{"schema": "other"}'], "run.jsonl"))


def test_a_file_is_saved_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "known.yaml"
    known.save(path, [entry()])
    assert known.load(path) == (entry(),)
    known.save(path, [])
    assert known.load(path) == ()
    with pytest.raises(Fault, match="no such file"):
        known.load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("属实", True),
        ("情况属实，特此说明。", True),
        ("经核实，数据准确无误", True),
        ("Checked, the figures are correct.", True),
        ("2020年集中受理拆迁类申请19件，属实。", False),
        ("因机构改革，三个股室并入", False),
        ("One applicant sent 19 requests.", False),
    ],
)
def test_texts_that_say_nothing(text: str, empty: bool) -> None:
    assert known.says_nothing(text) is empty


def test_one_text_of_many_units_is_pointed_out() -> None:
    same = [(f"u{n}", f"k{n}", "受疫情影响，申请减少。" if n % 2 else "受疫情影响, 申请减少") for n in range(4)]
    own = [("u9", "k9", "本镇集中受理拆迁申请"), ("u8", "k8", "属实")]
    first, second = known.boilerplate([*same, *own])
    assert (first.units, first.keys, first.empty) == (("u0", "u1", "u2", "u3"), ("k0", "k1", "k2", "k3"), False)
    assert (second.units, second.empty) == (("u8",), True)
    assert known.boilerplate([same[0]] * 5) == (), "one unit that repeats itself is no boilerplate of many"


def run_of(*results: Result) -> list[Sent]:
    """What a round says, read from the file that it wrote."""
    return list(known.read_lines(text_report("jsonl").render(results, "zh"), "run.jsonl"))


def test_the_second_round_says_what_became_of_each() -> None:
    first = result(*(finding(k) for k in ("a1", "b2", "c3", "d4", "e5", "a9")))
    explained = (
        entry(key="c3", accepted=None, until=None),
        entry(key="d4"),
        entry(key="e5", hash="h0"),
        entry(key="a9", accepted=None, until=None, refused=WANG, because="请附台账"),
    )
    follow = known.Following(explained, run_of(first), today=TODAY)
    now = follow.take(result(*(finding(k) for k in ("b2", "c3", "d4", "e5", "f6", "a9"))))
    assert (now.round.number, [f.key for f in now.round.repaired]) == (2, ["a1"])
    assert {f.key: progress.state(f, now).zh for f in (*now.findings, *now.round.repaired)} == {
        "b2": "仍未改",
        "c3": "已说明待审",
        "d4": "已同意",
        "e5": "已失效",
        "f6": "新",
        "a9": "说明未获同意",
        "a1": "已改好",
    }
    assert now.round.said["c3"].reason == "集中受理拆迁类申请", "stands in the next workbook again"
    assert now.round.said["a9"].decision.zh == "不同意：请附台账（王某 2022-01-20）"
    assert "已失效：GK309" in now.notes[0].zh
    assert progress.progress(now).zh == (
        "与上一次相比：已改好 1 处，新 1 处，仍未改 1 处，已说明待审 1 处，说明未获同意 1 处，"
        "已同意 1 处，已失效 1 处。"
    )
    third = known.Following((), run_of(now), today=TODAY).take(result(finding("b2")))
    assert (third.round.number, [f.key for f in third.round.repaired]) == (3, ["c3", "e5", "f6", "a9"])


def test_other_values_were_explained_so_the_finding_is_merely_open() -> None:
    pending = entry(accepted=None, until=None, hash="h0")
    follow = known.Following([pending], run_of(result(finding())), today=TODAY)
    assert follow.take(result(finding())).round.said["c07a51"] == Said("still open")


def test_rounds_of_other_units_and_forms_are_not_mixed() -> None:
    before = run_of(result(finding("a1")), result(finding("b2"), unit=""))
    follow = known.Following((), before, today=TODAY)
    other = replace(result(finding("c3")), rulebook="words", unit_code="")
    assert follow.take(other).round == Round(2)
    assert follow.silent() == (), "known by its name, where the code was lost"
    again = known.Following((), before, today=TODAY)
    now = again.take(result(unit="", tallies={"GK309": Tally(passed=3)}))
    assert [f.key for f in now.round.repaired] == ["a1", "b2"]
    assert known.Following((), before, today=TODAY).silent() == ("220281-007", "青山镇")


def test_explanations_that_excuse_nothing_are_known_at_the_end() -> None:
    follow = known.Following([entry(), entry(key="b2")], today=TODAY)
    follow.take(result(finding("b2")))
    assert [r.entry.key for r in follow.unused()] == ["c07a51"]
    follow = known.Following([entry(), entry(key="b2", unit="x")], today=TODAY)
    follow.take(result())
    assert [(r.kind, r.entry.key) for r in follow.unused()] == [("unused", "c07a51")]


@pytest.mark.parametrize(
    "now",
    [
        result(missing={"T3": Text("没有找到", "not found")}),
        result(faults=(Fault("x", Text("", "")),)),
        result(tallies={"GK309": Tally(unchecked={"no last year": 4})}),
        result(tallies={}),
    ],
)
def test_what_could_not_be_checked_again_is_no_repair(now: Result) -> None:
    turn = known.rounds([finding()], now, number=2).round
    assert (turn.repaired, [f.key for f in turn.unsure]) == ((), ["c07a51"])


def test_a_sent_finding_names_its_cells() -> None:
    twice = replace(finding(), terms=(*finding().terms, finding().terms[0]))
    assert Sent("u", "2021", "a.xlsx", twice).values["T3.新收[总计]"] == "12 / 12"
    long = replace(finding(), terms=tuple(Term(Text(f"n{n}", ""), str(n % 2), None) for n in range(30)))
    assert list(Sent("u", "2021", "a.xlsx", long).values) == [f"n{n}" for n in range(30) if n % 2]
    assert Sent("u", "2021", "a", replace(finding(), table="")).where == "表三!J5"
