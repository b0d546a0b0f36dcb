"""A rulebook against its own examples: nothing in the good sample, and exactly the named findings in each case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditkit import readers, rulebook
from auditkit.bind import Binder
from auditkit.bind.kinds import in_kind
from auditkit.edits import check, find_facts, slots_of
from auditkit.identity import describe
from auditkit.model.document import Cell, Paragraph, Place, State
from auditkit.model.expression import Cells
from auditkit.model.filled import Filled, Words
from auditkit.model.finding import Checked, Context, Finding
from auditkit.model.form import Form
from auditkit.model.rule import Case, ProseRule, Rule, Rulebook
from auditkit.model.words import Language, Text
from auditkit.numerals import parse
from auditkit.prose import check as check_prose
from auditkit.records import fitted
from auditkit.rollup import Family, roll_up
from auditkit.schema import cell_rules, check_cells
from auditkit.stack import stack
from auditkit.units import POWERS

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
    book, good, last = samples(book)
    own = describe(good.words, good.document.name, None)
    asked = [(good, last, own)]
    for case in book.cases:
        before = _changed(book, last or good, case.last_year) if last is not None or case.last_year else None
        asked.append((_changed(book, good, case.set), before, _changed_context(own, case.set)))
    found = list(_named(book, asked))
    yield Proven(None, (), found[0])
    for case, given, (now, _, context) in zip(book.cases, found[1:], asked[1:], strict=True):
        rolled: list[Finding] = []
        if case.children is not None:
            below = (("下级单位", _changed(book, good, case.children)),)
            rolled += roll_up(book, Family("上级单位", now, context, below)).findings
        yield Proven(case, tuple(sorted(case.expect)), tuple(sorted((*given, *map(named, rolled)))))


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
    """Cells of the good sample that may be off by one and no rule notices: ``T3.新收[总计]``.

    Each rule is asked of the cells it looks at, in one stack; words are off by nothing.
    """
    book, good, last = samples(book)
    context = describe(good.words, good.document.name, None)
    changed: dict[int, Filled] = {}
    for slot, kind in enumerate(book.form.kinds):
        if kind != "text" and good.states[slot] != State.ABSENT:
            changed[slot] = _changed(book, good, {_ref(book, slot): f"{(good.cell(slot).number or 0) + 1:f}"})
    for rule in (None, *book.rules):
        looks_at = changed.keys() if rule is None else _watched(rule, book.form)
        slots = [slot for slot in changed if slot in looks_at]
        if not slots:
            continue
        pile = stack(book.form, [changed[slot] for slot in slots], [last] * len(slots))
        contexts = [context] * len(slots)
        done = [Checked() for _ in slots] if rule is None else check(replace(book, rules=(rule,)), pile, contexts)
        if rule is None:
            check_cells(book, pile, contexts, done)
        for slot, checked in zip(slots, done, strict=True):
            if checked.findings:
                del changed[slot]
    return tuple(_ref(book, slot) for slot in changed)


def _watched(rule: Rule, form: Form) -> set[int]:
    """Slots of all cells a rule names."""
    return {slot for n in rule.nodes if isinstance(n, Cells) for slot in slots_of(n, rule.scope, form).ravel().tolist()}


def _ref(book: Rulebook, slot: int) -> str:
    table, row, column = book.form.slots[slot]
    declared = book.form.tables[table]
    return f"{table}.{declared.rows.lines[row].name}[{declared.columns.lines[column].name}]"


def samples(book: Rulebook) -> tuple[Rulebook, Filled, Filled | None]:
    """The good sample and its report for the year before, bound, and the rulebook over the records they have."""
    binder = Binder((book.form,))
    good = binder.bind(readers.read(readers.load(Path(book.good))))
    return fitted(book, good, binder.bind(readers.read(readers.load(Path(book.last)))) if book.last else None)


def _named(book: Rulebook, asked: Sequence[tuple[Filled, Filled | None, Context]]) -> Iterator[tuple[str, ...]]:
    """The findings of each as ``GK304 自然人``: code and the row, the column or both. All are checked in one stack."""
    pile = stack(book.form, [filled for filled, _, _ in asked], [last for _, last, _ in asked])
    contexts = [context for _, _, context in asked]
    done: list[Checked] = check(book, pile, contexts)
    check_cells(book, pile, contexts, done)
    return (tuple(sorted(named(finding) for finding in checked.findings)) for checked in done)


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
        written = in_kind(book.form.kinds[slot], value or "", parse(value or ""))
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
    return [w._replace(text=new) if w.text == one.quote and w.place == one.place else w for w in words]


def _invented(book: Rulebook, name: str, hole: str, value: str, file: str) -> Words:
    """A statement the sample does not make: the finder's first pattern with the hole filled."""
    finder = next(f for f in book.finders if f.name == name)
    unit = kind if (kind := finder.holes.get(hole, "")) in POWERS else ""
    text = re.sub(r"\{(\w+):\w+\}", lambda found: f"{value}{unit}" if found[1] == hole else "", finder.patterns[0])
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
        checks, codes = _asked(book), len({rule.id for rule in book.rules})
        yield (
            True,
            Text(
                f"{book.id}  {codes} 条规则，展开 {checks} 项检查",
                f"{book.id}  {codes} rules, {checks} checks",
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


def wrong_examples(book: Rulebook, codes: Collection[str]) -> dict[str, Text]:
    """Code → the arithmetic of the first case that breaks the rule, for those of these codes that have one."""
    cases: dict[str, Case] = {}
    for case in book.cases:
        for expected in case.expect:
            cases.setdefault(expected.split(" ")[0], case)
    wanted = [code for code in codes if code in cases]
    if not book.good or not wanted:
        return {}
    book, good, last = samples(book)
    own = describe(good.words, good.document.name, None)
    found: dict[str, Text] = {}
    for code in wanted:
        case = cases[code]
        alone = replace(book, rules=tuple(rule for rule in book.rules if rule.id == code))
        before = _changed(book, last or good, case.last_year) if last is not None or case.last_year else None
        pile = stack(book.form, [_changed(book, good, case.set)], [before])
        broken = check(alone, pile, [_changed_context(own, case.set)])[0].findings
        if broken:
            found[code] = broken[0].arithmetic
    return found
