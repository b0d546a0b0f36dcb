"""``rules new``: submissions of one template → a draft rulebook that loads, binds its good sample and proves its rules.

It proposes, the author decides: every rule says how often it held and where it did not, and is soft.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from auditkit import readers, rulebook
from auditkit.authoring.draft_rules import Proposal, fewest_broken, proposals
from auditkit.authoring.draft_tables import DraftTable, axis_data, cells_of, kinds_of, number_at, tables_of, title_of
from auditkit.authoring.observed import update
from auditkit.authoring.source import Data, as_yaml
from auditkit.authoring.trial import filled_in
from auditkit.bind import Binder
from auditkit.deliver import deliver
from auditkit.headyears import with_years_named
from auditkit.model.document import Document, Source
from auditkit.model.filled import Filled
from auditkit.model.rule import Rulebook
from auditkit.model.words import Fault, Language, Text
from auditkit.proof import prove
from auditkit.rulebook import assemble

GOOD = 0
"""The submission in which the fewest identities fail comes first: tables are drawn from it, it is the good sample."""
TRIES = 6
"""Rounds in which lines that are not found again by their words are left out."""
_HEAD = """Draft made from {files}. Look at everything, then delete this comment.
草稿，由 {files} 推出。请逐项核对后删去本注释。"""
_TRIAL = """
The form is blank: the figures of the good sample are made up, and totals are sums by their names alone.
表是空的：样本中的数字是编造的，“合计”等只是按名称推定为各项之和。"""


def draft(paths: Sequence[Path], name: str, folder: Path, language: Language) -> tuple[str, ...]:
    """Write ``rulebook.yaml`` and a good sample into ``folder``; returns what to tell the caller.

    Args:
        paths: one or more submissions of one template, a rule is judged in all of them; or the blank form.
        name: the rulebook's id, such as ``my-form``.
        folder: made if need be; must not hold a rulebook.
        language: of what is told.

    Raises:
        Fault: ``exists``, ``bad-id`` or ``no-table`` (exit 2); as ``readers.read``.
    """
    _refuse(name, folder)
    given, trial = _submissions(paths)
    documents = [with_years_named(readers.read(source)) for source in given]
    best = fewest_broken(proposals(_tables(documents[0], name), documents), len(documents))
    order = [best, *(n for n in range(len(given)) if n != best)]
    given, documents = [given[n] for n in order], [documents[n] for n in order]
    tables = _tables(documents[0], name)
    sample = f"good{Path(given[0].name).suffix.lower()}"
    proposed = proposals(tables, documents)
    data = _data(name, title_of(documents[0]), tables, documents[0], proposed)
    data["tests"] = {"good": sample, "cases": []}
    made = _kept(data, proposed, given[0], sample)
    data["tests"]["cases"] = _cases(made, tables, documents[0])
    entry = folder / rulebook.ENTRY
    head = _HEAD.format(files="、".join(path.name for path in paths)) + _TRIAL * trial
    deliver(folder / sample, given[0].data)
    deliver(entry, _commented(as_yaml(data, head), made, by_name=trial).encode())
    for _ in update((str(entry),), language):
        pass
    return tuple(_told(tables, made, entry, language))


def _submissions(paths: Sequence[Path]) -> tuple[list[Source], bool]:
    """What there is to draw from: submissions, or a blank form filled in for a trial where there are none."""
    given = [readers.load(path) for path in paths]
    trials = [filled_in(source, readers.read(source)) for source in given]
    submissions = [source for source, trial in zip(given, trials, strict=True) if trial is None]
    first = next(filter(None, trials), None)
    return ([first], True) if not submissions and first is not None else (submissions, False)


def _tables(document: Document, name: str) -> list[DraftTable]:
    tables = _found_again(list(tables_of(document)), document, name)
    if not tables:
        raise Fault(
            "no-table",
            Text(
                f"{document.name} 里没有行和列都有文字的表",
                f"{document.name} has no table with words for its rows and its columns",
            ),
            exit=2,
        )
    return tables


def _refuse(name: str, folder: Path) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise Fault(
            "bad-id",
            Text(f"“{name}”不能作编号，应像 my-form", f'"{name}" is no id; write it like my-form'),
            exit=2,
        )
    if (folder / rulebook.ENTRY).exists():
        entry = folder / rulebook.ENTRY
        raise Fault("exists", Text(f"{entry} 已经有了，没有改动", f"{entry} exists, nothing was changed"), exit=2)


def _found_again(tables: list[DraftTable], document: Document, name: str) -> list[DraftTable]:
    """Tables and lines that binding finds where they were seen; the others are left out."""
    for _ in range(TRIES):
        if not tables:
            return []
        filled = _bound(tables, document, name)
        kept = [pruned for table in tables if (pruned := _pruned(table, filled)) is not None]
        if kept == tables:
            return _renumbered(tables)
        tables = kept
    return []


def _bound(tables: Sequence[DraftTable], document: Document, name: str) -> Filled | None:
    book = _loaded({**_head(name, name), "tables": {table.id: _declared(table, document) for table in tables}})
    try:
        return Binder((book.form,)).bind(document)
    except Fault:
        return None  # not one table was found: each is left out below


def _pruned(table: DraftTable, filled: Filled | None) -> DraftTable | None:
    spot = filled.spots.get(table.id) if filled is not None else None
    if filled is None or spot is None or spot.grid != table.grid:
        return None
    for axis, found in (("rows", spot.rows), ("columns", spot.columns)):
        lines = table.lines(axis)
        wrong = {line.name for line, at in zip(lines, found, strict=True) if at != table.at[axis][line.name]}
        if wrong:
            table = table.without(axis, wrong)
    return table if table.rows and table.columns else None


def _renumbered(tables: list[DraftTable]) -> list[DraftTable]:
    return [replace(table, id=f"T{n}") for n, table in enumerate(tables, 1)]


def _loaded(data: Data) -> Rulebook:
    with tempfile.TemporaryDirectory() as folder:
        entry = Path(folder) / rulebook.ENTRY
        entry.write_text(as_yaml(data), "utf-8")
        return assemble.parsed(entry)[0]


def _head(name: str, title: str) -> Data:
    return {"rulebook": name, "version": "0.1", "title": {"zh": title, "en": title}, "titles": [title]}


def _declared(table: DraftTable, document: Document, *, rounded: bool = False) -> Data:
    kind, others, blank = kinds_of(cells_of(table, document))
    if rounded:
        kind, others = _ROUNDED.get(kind, kind), {name: _ROUNDED.get(one, one) for name, one in others.items()}
    names = [line.name for line in (*table.rows, *table.columns)]
    return {
        "title": table.title,
        "cells": kind,
        **({"kinds": others} if others else {}),
        "blank": "zero" if blank else "report",
        "columns": axis_data(table.columns, names),
        "rows": axis_data(table.rows, names),
    }


def _data(
    name: str,
    title: str,
    tables: Sequence[DraftTable],
    document: Document,
    made: Sequence[Proposal],
) -> Data:
    letters = _letters(name)
    declared: Data = {}
    for n, table in enumerate(tables, 1):
        rounded = any(not proposal.exact for proposal in made if proposal.key.table == table.id)
        declared[table.id] = _declared(table, document, rounded=rounded)
        codes = {"cells": f"{letters}{100 + n}"}
        if declared[table.id]["blank"] == "report":
            codes["blank"] = f"{letters}{200 + n}"
        declared[table.id]["codes"] = codes
    by_id = {table.id: table for table in tables}
    rules = [_rule(p, f"{letters}{300 + n}", by_id[p.key.table]) for n, p in enumerate(made, 1)]
    return {**_head(name, title), "tables": declared, "rules": rules}


_ROUNDED = {"count": "number", "integer": "number"}
"""Whole numbers that add up only within rounding are no counts."""


def _letters(name: str) -> str:
    """``my-form`` → ``MF``."""
    letters = "".join(part[0] for part in re.findall("[a-z][a-z0-9]*", name))[:4].upper()
    return letters if len(letters) >= 2 else (name + "x")[:2].upper().replace("-", "X")


_SAID: Mapping[str, Text] = {
    "sum": Text("应等于各项之和", "should be the sum of its parts"),
    "difference": Text("应等于前两项之和减去第三项", "should be the first two less the third"),
    "average": Text("应等于各项的平均数", "should be the mean of its parts"),
    "division": Text("应等于两项之比", "should be the quotient of the two"),
    "change": Text("应等于增减幅度", "should be the change between the two"),
    "share": Text("应等于占总数的比重", "should be the share of the whole"),
}


def _rule(proposal: Proposal, code: str, table: DraftTable) -> Data:
    total, said = proposal.key.total, _SAID[proposal.key.op]
    return {
        "id": code,
        "name": {"zh": total, "en": total},
        "level": "soft",
        "for": proposal.scope(table, GOOD),
        "check": proposal.check,
        "message": {"zh": f"“{total}”{said.zh}，请核对。", "en": f"{total} {said.en}. Check."},
    }


def _kept(data: Data, made: Sequence[Proposal], source: Source, sample: str) -> list[tuple[str, Proposal]]:
    """Proposals in which the good sample has nothing wrong; the others leave ``data`` as well."""
    numbered = [(rule["id"], proposal) for rule, proposal in zip(data["rules"], made, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        entry = Path(folder) / rulebook.ENTRY
        entry.write_text(as_yaml(data), "utf-8")
        (Path(folder) / sample).write_bytes(source.data)
        found = {one.partition(" ")[0] for proven in prove(assemble.parsed(entry)[0]) for one in proven.found}
    data["rules"] = [rule for rule in data["rules"] if rule["id"] not in found]
    for table in data["tables"].values():
        table["codes"] = {key: code for key, code in table["codes"].items() if code not in found}
    return [(code, proposal) for code, proposal in numbered if code not in found]


def _cases(made: Sequence[tuple[str, Proposal]], tables: Sequence[DraftTable], document: Document) -> list[Data]:
    """One change for each rule: its total is made wrong in one line; what comes of it is observed afterwards."""
    by_id = {table.id: table for table in tables}
    cases: list[Data] = []
    for _, proposal in made:
        key, witness = proposal.key, proposal.witness(GOOD)
        if witness is not None:
            row, column = (key.total, witness) if key.axis == "row" else (witness, key.total)
            wrong = _wrong(number_at(by_id[key.table], document, row, column), exact=proposal.exact)
            cases.append({"set": {f"{key.table}.{row}[{column}]": wrong}, "expect": []})
    return cases


def _wrong(number: Decimal, *, exact: bool) -> str:
    """Off by one where numbers are counts, else so far off that no rounding excuses it."""
    counted = exact and number == number.to_integral_value() and abs(number) > 1
    return f"{number + 1 if counted else number * 2 + 10:f}"


def _commented(text: str, made: Sequence[tuple[str, Proposal]], *, by_name: bool) -> str:
    """Support and exceptions above each rule; nothing supports a sum in a blank form but its name."""
    for code, proposal in made:
        held = f"holds in {proposal.held} of {proposal.of} / {proposal.of} 处中 {proposal.held} 处成立"
        said = ["by its name / 按名称推定" if by_name else held]
        said += [f"not in / 不成立：{place}" for *_, place in proposal.broken]
        comment = "".join(f"  # {line}\n" for line in said)
        text = text.replace(f"  - id: {code}\n", f"{comment}  - id: {code}\n", 1)
    return text


def _told(
    tables: Sequence[DraftTable], made: Sequence[tuple[str, Proposal]], entry: Path, language: Language
) -> list[str]:
    sizes = ", ".join(f"{t.id} {len(t.rows)} × {len(t.columns)}" for t in tables)
    doubtful = sum(1 for _, proposal in made if proposal.broken)
    return [
        Text(f"写出 {entry}", f"wrote {entry}").to(language),
        Text(
            f"表 {len(tables)}（{sizes}），规则 {len(made)}，其中有例外的 {doubtful}（见注释）",
            f"tables: {len(tables)} ({sizes}), rules: {len(made)}, with exceptions: {doubtful} (see the comments)",
        ).to(language),
        Text(f"接着：auditkit rules test {entry.parent}", f"next: auditkit rules test {entry.parent}").to(language),
    ]
