"""A rulebook against its own examples: nothing in the good sample, and exactly the named findings in each case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from auditkit import readers, rulebook
from auditkit.bind import Binder
from auditkit.edits import check, find_facts
from auditkit.identity import describe
from auditkit.model.document import Cell, Paragraph, Place
from auditkit.model.filled import Filled, Words
from auditkit.model.finding import Checked, Context, Finding
from auditkit.model.rule import Case, ProseRule, Rule, Rulebook
from auditkit.model.words import Language, Text
from auditkit.numerals import parse
from auditkit.prose import check as check_prose
from auditkit.records import fitted
from auditkit.rollup import Family, roll_up
from auditkit.schema import cell_rules, check_cells
from auditkit.stack import stack

PROPERTIES = {"report.year": "year", "file.year": "file_year"}
_REFERENCE = re.compile(r"^(?P<table>\w+)\.(?P<row>[^\[\]]+)\[(?P<column>\w+)\]$")


@dataclass(frozen=True, slots=True)
class Proven:
    """One case: what it must give and what it gave, both sorted."""

    case: Case | None
    """None for the good sample itself."""
    expected: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def right(self) -> bool:
        return self.expected == self.found


def prove(book: Rulebook) -> Iterator[Proven]:
    """Run the good sample and every case.

    Raises:
        Fault: the good sample cannot be read or bound.
    """
    if not book.good:
        return
    book, good, last = _samples(book)
    yield Proven(None, (), _named(book, good, last, describe(good.words, good.document.name, None)))
    for case in book.cases:
        context = _changed_context(describe(good.words, good.document.name, None), case.set)
        before = _changed(book, last or good, case.last_year) if last is not None or case.last_year else None
        now = _changed(book, good, case.set)
        found = _named(book, now, before, context)
        if case.children is not None:
            below = (("下级单位", _changed(book, good, case.children)),)
            rolled = roll_up(book, Family("上级单位", now, context, below)).findings
            found = tuple(sorted((*found, *(named(finding) for finding in rolled))))
        yield Proven(case, tuple(sorted(case.expect)), found)


def prove_words(book: Rulebook) -> Iterator[tuple[ProseRule, str, bool]]:
    """Every prose rule with every sentence of its own: (rule, text, whether it came out as the rulebook says)."""
    for rule in book.prose:
        for text in rule.holds:
            yield rule, text, not _finds(rule, text)
        for text in rule.breaks:
            yield rule, text, _finds(rule, text)


def _finds(rule: ProseRule, text: str) -> bool:
    paragraphs = [Paragraph(n, line) for n, line in enumerate(text.splitlines(), 1)]
    findings, _ = check_prose(paragraphs, file="", rules=(rule,))
    return bool(findings)


def blind_spots(book: Rulebook) -> tuple[str, ...]:
    """Cells of the good sample that may be off by one and no rule notices: ``T3.新收[总计]``. Tried in one stack."""
    book, good, last = _samples(book)
    changed = []
    for slot in range(book.form.size):
        number = good.cell(slot).number
        changed.append(_changed(book, good, {_ref(book, slot): f"{(number or 0) + 1:f}"}))
    pile = stack(book.form, changed, [last] * len(changed))
    contexts = [describe(good.words, good.document.name, None)] * len(changed)
    done = check(book, pile, contexts)
    check_cells(book, pile, contexts, done)
    return tuple(_ref(book, slot) for slot, checked in enumerate(done) if not checked.findings)


def _ref(book: Rulebook, slot: int) -> str:
    table, row, column = book.form.slots[slot]
    declared = book.form.tables[table]
    return f"{table}.{declared.rows.lines[row].name}[{declared.columns.lines[column].name}]"


def _samples(book: Rulebook) -> tuple[Rulebook, Filled, Filled | None]:
    """The good sample and its report for the year before, bound, and the rulebook over the records they have."""
    binder = Binder((book.form,))
    good = binder.bind(readers.read(readers.load(Path(book.good))))
    return fitted(book, good, binder.bind(readers.read(readers.load(Path(book.last)))) if book.last else None)


def _named(book: Rulebook, filled: Filled, last: Filled | None, context: Context) -> tuple[str, ...]:
    """The findings as ``GK304 自然人``: code and the row, the column or both."""
    pile = stack(book.form, [filled], [last])
    done: list[Checked] = check(book, pile, [context])
    check_cells(book, pile, [context], done)
    return tuple(sorted(named(finding) for finding in done[0].findings))


def named(finding: Finding) -> str:
    """``GK302 新收``, ``GK304 自然人``, ``GK301 国家秘密/商业企业`` or just ``GK305``."""
    where = "/".join(part for part in (finding.row, finding.column) if part and "@" not in part)
    return f"{finding.rule} {where}" if where else finding.rule


def _changed(book: Rulebook, filled: Filled, changes: Mapping[str, str | None]) -> Filled:
    """The submission with some cells and statements replaced, as if the office had written them so."""
    values, states, words = list(filled.values), bytearray(filled.states), list(filled.words)
    cells: dict[int, Cell] = {}
    for reference, value in changes.items():
        found = _REFERENCE.match(reference)
        if found is None and reference in PROPERTIES:
            continue
        if found is None:
            words = _reworded(book, replace(filled, words=tuple(words)), reference, value)
            continue
        table = book.form.tables[found["table"]]
        slot = table.slot(table.rows.index[found["row"]], table.columns.index[found["column"]])
        written = parse(value or "")
        place = filled.cell(slot).place
        cells[slot] = Cell(place, written.text, written.number, written.state, written.step, written.unit)
        values[slot] = float(written.number) if written.number is not None else float("nan")
        states[slot] = int(written.state)
    original = filled.cell
    return replace(
        filled,
        values=tuple(values),
        states=bytes(states),
        words=tuple(words),
        cell=lambda slot: cells[slot] if slot in cells else original(slot),
    )


def _reworded(book: Rulebook, filled: Filled, reference: str, value: str | None) -> list[Words]:
    name, _, hole = reference.partition(".")
    words = list(filled.words)
    stated = find_facts(book.finders, words).get(name)
    if not stated:
        return [*words, _invented(book, name, hole, value or "", filled.document.name)]
    one = stated[0]
    start, end = one.spans[hole]
    new = one.quote[:start] + (value or "") + one.quote[end:]
    return [replace(w, text=new) if w.text == one.quote and w.place == one.place else w for w in words]


def _invented(book: Rulebook, name: str, hole: str, value: str, file: str) -> Words:
    """A statement the sample does not make: the finder's first pattern with the hole filled."""
    finder = next(f for f in book.finders if f.name == name)
    text = re.sub(r"\{(\w+):\w+\}", lambda found: value if found[1] == hole else "", finder.patterns[0])
    return Words(text, Place(file), finder.where[0] if finder.where else "prose")


def _changed_context(context: Context, changes: Mapping[str, str | None]) -> Context:
    """``report.year`` and ``file.year`` are not in the cells: they are set where they are known."""
    for reference, field in PROPERTIES.items():
        if year := changes.get(reference):
            stated = (int(year), None)
            context = replace(context, year=stated) if field == "year" else replace(context, file_year=stated)
    return context


def test(paths: tuple[str, ...], language: Language) -> Iterator[tuple[bool, str]]:
    """Lines to print, each with whether it is good news: the proof of each named rulebook."""
    for name in paths or rulebook.shipped():
        book = rulebook.find(name)
        checks = _asked(book)
        yield (
            True,
            Text(
                f"{book.id}  {len(book.rules)} 条规则，展开 {checks} 项检查",
                f"{book.id}  {len(book.rules)} rules, {checks} checks",
            ).to(language),
        )
        proven = list(prove(book))
        cases = [p for p in proven if p.case is not None]
        for one in proven:
            if not one.right:
                yield False, _wrong(book, one, language)
        right = sum(1 for p in cases if p.right)
        mark = "√" if right == len(cases) else "×"
        if proven and proven[0].right:
            yield (
                True,
                "  "
                + Text(f"√ 样表 {Path(book.good).name}  0 处", f"√ good sample {Path(book.good).name}  0 findings").to(
                    language
                ),
            )
        yield (
            right == len(cases),
            "  "
            + Text(
                f"{mark} {right}/{len(cases)} 个例子，结果与预期完全一致",
                f"{mark} {right}/{len(cases)} examples give exactly the expected findings",
            ).to(language),
        )
        if book.good and proven[0].right and (blind := blind_spots(book)):
            shown = "、".join(blind[:8]) + ("……" if len(blind) > 8 else "")
            zh = f"  ○ 盲区：{len(blind)} 格差 1 也没有规则发现：{shown}"
            en = f"  ○ blind spots: {len(blind)} cells may be off by one and no rule notices: {shown}"
            yield True, Text(zh, en).to(language)
        yield from _tested_words(book, language)


def _tested_words(book: Rulebook, language: Language) -> Iterator[tuple[bool, str]]:
    proven = list(prove_words(book))
    for rule, text, right in proven:
        if not right:
            place = f"{rule.origin.file}:{rule.origin.line}"
            said = Text("与所写相反", "came out the other way").to(language)
            yield False, f"  × {place}  {rule.id} {said}: {text[:60]}"
    if proven:
        good = sum(1 for *_, right in proven if right)
        mark = "√" if good == len(proven) else "×"
        zh = f"  {mark} {good}/{len(proven)} 个文字例子与所写一致"
        en = f"  {mark} {good}/{len(proven)} sentences come out as written"
        yield good == len(proven), Text(zh, en).to(language)


def _asked(book: Rulebook) -> int:
    """How many checks the rules make on one submission."""
    lines = sum(1 if rule.scope is None else len(rule.scope.lines) for rule in book.rules)
    coded = {rule.table for rule in cell_rules(book.form)}
    return lines + sum(table.size for table in book.form if table.id in coded)


def _wrong(book: Rulebook, one: Proven, language: Language) -> str:
    where = Path(book.good).name if one.case is None else f"{one.case.origin.file}:{one.case.origin.line}"
    missing = [e for e in one.expected if e not in one.found]
    extra = [f for f in one.found if f not in one.expected]
    zh = (
        f"  × {where}"
        + (f"  没有发现：{'、'.join(missing)}" if missing else "")
        + (f"  多发现：{'、'.join(extra)}" if extra else "")
    )
    en = (
        f"  × {where}"
        + (f"  not found: {', '.join(missing)}" if missing else "")
        + (f"  also found: {', '.join(extra)}" if extra else "")
    )
    return Text(zh, en).to(language)


def examples(book: Rulebook, rule: Rule) -> Iterator[tuple[bool, Text]]:
    """A right example (from the good sample) and a wrong one (the first case that breaks the rule), as arithmetic."""
    case = next((c for c in book.cases if any(e.split(" ")[0] == rule.id for e in c.expect)), None)
    if not book.good or case is None:
        return
    book, good, last = _samples(book)
    alone = replace(book, rules=tuple(one for one in book.rules if one.id == rule.id))
    before = _changed(book, last or good, case.last_year) if last is not None or case.last_year else None
    context = _changed_context(describe(good.words, good.document.name, None), case.set)
    broken = check(alone, stack(book.form, [_changed(book, good, case.set)], [before]), [context])[0].findings
    if broken:
        yield False, broken[0].arithmetic
