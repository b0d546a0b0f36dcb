"""What the store remembers: a run told again, two runs compared, the history of a unit, the list of runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from auditkit.batch import Setup
from auditkit.checking.counts import VERDICTS, counted
from auditkit.checking.standing import FAIL_ON
from auditkit.checking.telling import tell
from auditkit.checking.told import Told
from auditkit.checking.writing import write_files
from auditkit.deliver import deliver
from auditkit.frontdesk import OPEN, PASS
from auditkit.model.finding import Finding, Result
from auditkit.model.words import Fault, Language, Text
from auditkit.offices import GOVERNMENT, bare
from auditkit.reports import table_csv, wording
from auditkit.store import Store
from auditkit.store.records import Run


def chosen(store: Store, name: str | None) -> Run:
    """The run of that name, or the last one. Raises ``Fault`` (exit 2) when there is none."""
    runs = store.runs()
    found = [run for run in runs if name is None or run.name == name]
    if not found:
        near = "、".join(run.name for run in runs[-3:])
        raise Fault(
            "no-run",
            Text(f"没有运行 {name or ''}。", f"There is no run {name or ''}."),
            hint=Text(f"最近的：{near}", f"The last ones: {near}") if near else None,
            exit=2,
        )
    return found[-1]


def told_of(store: Store, run: Run) -> Told:
    """Its results, with the rules of the shipped rulebooks where they are the same."""
    return Told(store, run.id, Setup())


def listed(store: Store) -> Iterator[Text]:
    """One line a run: when, how many paths, verdicts."""
    for run in store.runs():
        counts = counted(store.entries(run.id, telling=True), quiet=store.quiet(run.id))
        verdicts = "  ".join(f"{wording.MARKS[verdict]} {counts.verdicts[verdict]:,}" for verdict in VERDICTS)
        zh = run.finished[:16] or "没有做完"
        en = run.finished[:16] or "not finished"
        n = counts.paths
        yield Text(f"{run.name}  {zh}  路径 {n:,}  {verdicts}", f"{run.name}  {en}  {n:,} paths  {verdicts}")


def forgotten(store: Store, before: dt.date) -> Text:
    """Forget the runs before a day; what to tell."""
    n = store.forget(before.isoformat())
    left = len(store.runs())
    return Text(f"删去 {n:,} 次运行，留下 {left:,} 次", f"{n:,} runs forgotten, {left:,} left")


def history(store: Store, unit: str) -> Iterator[Text]:
    """What a unit sent, run by run. Raises ``Fault`` (exit 2) when nothing is known of it."""
    found = store.history(unit) or store.history(bare(unit)) or store.history(unit + GOVERNMENT)
    if not found:
        raise Fault("no-unit", Text(f"没有单位 {unit} 的记录。", f"Nothing is known of unit {unit}."), exit=2)
    for run, entry in found:
        known = store.known([entry.result]).get(entry.result) if entry.result else None
        verdict = wording.verdict(known) if known is not None else Text(f"○ {entry.outcome}", f"○ {entry.outcome}")
        said = [wording.counts(known)] if known is not None and known.findings else []
        said += [_REMARKS[entry.part]] if entry.part in _REMARKS else []
        said += [_LATE] if entry.late else []
        told = wording.joined((verdict, *said), "  ", "  ")
        yield Text(f"{run.name}  {entry.name}  {told.zh}", f"{run.name}  {entry.name}  {told.en}")


_LATE = Text("迟报", "late")
_REMARKS = {
    "older": Text("旧版", "older version"),
    "same": Text("重复", "copy"),
    "beside": Text("报表以外的材料", "sent beside the report"),
}


STATES: dict[str, Text] = {
    "repaired": Text("已改好", "repaired"),
    "explained": Text("已说明", "explained"),
    "open": Text("仍未改", "still open"),
    "new": Text("新出现", "new"),
    "unsure": Text("未能再查", "not checked again"),
}


@dataclass
class Change:
    """What became of findings between two runs."""

    rows: list[tuple[str, str, Finding]] = field(default_factory=list)
    """State, unit, and the finding."""

    def count(self, state: str) -> int:
        return sum(one == state for one, _, _ in self.rows)

    def units(self, state: str) -> int:
        return len({unit for one, unit, _ in self.rows if one == state})


def change(before: Told, now: Told) -> Change:
    """Findings of two runs by their keys; a finding whose check could not be made again is not repaired."""
    done = Change()
    old, new = _by_unit(before), _by_unit(now)
    for unit, results in new.items():
        was = {f.key: f for result in old.pop(unit, []) for f in result.findings if f.status == "fail"}
        here = {finding.key: finding for result in results for finding in result.findings}
        for key, finding in here.items():
            state = "explained" if finding.status == "explained" else "open" if key in was else "new"
            done.rows.append((state, unit[0], finding))
        for key, finding in was.items():
            if key not in here:
                asked = any(_asked(finding, result) for result in results)
                done.rows.append(("repaired" if asked else "unsure", unit[0], finding))
    for unit, results in old.items():
        done.rows += [("unsure", unit[0], f) for result in results for f in result.findings if f.status == "fail"]
    return done


def _asked(finding: Finding, result: Result) -> bool:
    """Whether its rule was asked again and answered somewhere."""
    tally = result.tallies.get(finding.rule)
    return tally is not None and bool(tally.passed + tally.failed + tally.explained)


Whose = tuple[str, str, str]
"""Unit, form and year: of these one report counts, perhaps in several files."""


def _by_unit(told: Told) -> dict[Whose, list[Result]]:
    found: dict[Whose, list[Result]] = {}
    for result in told:
        if result.findings or not result.faults:
            whose = result.unit or result.unit_code or result.file, result.rulebook, result.period
            found.setdefault(whose, []).append(replace(result, rules=()))
    return found


def told_change(before: Run, now: Run, done: Change) -> Text:
    """``R20220118-01 → R20220125-01：已改好 96，已说明 71，仍未改 22，新出现 5（3家）``."""
    states = [state for state in STATES if state != "unsure" or done.count(state)]
    zh = "，".join(f"{STATES[state].zh} {done.count(state)}" for state in states)
    en = ", ".join(f"{STATES[state].en} {done.count(state)}" for state in states)
    new = done.units("new")
    zh, en = (f"{zh}（新出现的涉及 {new} 家）", f"{en} (new ones of {new} units)") if new else (zh, en)
    return Text(f"{before.name} → {now.name}：{zh}", f"{before.name} → {now.name}: {en}")


def again(told: Told, run: Run, form: str | None, out: Sequence[Path], summary: Path | None, language: Language) -> int:
    """Print a run as it was told when it was made, and write files from it; the exit status it had."""
    if not run.finished:
        click.echo(Text(f"{run.name} 没有做完", f"{run.name} was not finished").to(language), err=True)
    status = tell(told, language, FAIL_ON["hard"], form)
    for line in write_files(told, language, run=run.name, out=out, summary=summary):
        click.echo(line.to(language), err=True)
    return status


def compare(store: Store, before: Run, now: Run, out: Sequence[Path], language: Language) -> int:
    """Print what became of findings, and write them one by one; 1 while something is open."""
    done = change(told_of(store, before), told_of(store, now))
    click.echo(told_change(before, now, done).to(language))
    for path in out:
        if path.suffix != ".csv":
            raise Fault("unknown-output", Text("--since 写 .csv。", "--since writes .csv."), exit=2)
        deliver(path, change_csv(done, language))
        click.echo(Text(f"写出 {path}", f"wrote {path}").to(language), err=True)
    return OPEN if any(done.count(state) for state in ("open", "new", "unsure")) else PASS


def change_csv(done: Change, language: Language) -> bytes:
    """One line a finding: state, unit, rule, level, place, sentence, arithmetic."""
    names = (
        Text("状态", "state"), Text("单位", "unit"), Text("规则", "rule"), Text("级别", "level"),
        Text("位置", "place"), Text("问题", "problem"), Text("计算", "arithmetic"),
    )  # fmt: skip
    lines = [table_csv.line(tuple(name.to(language) for name in names))]
    for state, unit, finding in done.rows:
        told = (finding.place.to(language), finding.message.to(language), finding.arithmetic.to(language))
        lines.append(table_csv.line((STATES[state].to(language), unit, finding.rule, finding.level, *told)))
    return "".join(f"{line}\r\n" for line in lines).encode(table_csv.ENCODING)
