"""Checked data → the nouns of ``model``: form, rules, facts, proofs. Collects every mistake on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from auditkit.language import Misspelt, Vocabulary, parse_condition, parse_scope, resolve, resolve_scopes
from auditkit.model.expression import Condition
from auditkit.model.form import Table
from auditkit.model.preceding import preceded
from auditkit.model.rule import Case, Finder, Origin, ProseRule, Rule, Scope
from auditkit.model.words import Text
from auditkit.rulebook.entries import Entries
from auditkit.rulebook.shape import Both, CaseShape, FactShape, ProseShape, RuleShape, listed
from auditkit.rulebook.tables import TableBuilder, twice
from auditkit.rulebook.tree import Mistake, Path, Tree

T = TypeVar("T")

HOLE = re.compile(r"\{([a-z_]+):(count|number|percent|year|last_year|next_year|none|text|元|万元|亿元)\}")
WORDS = re.compile(r"\{([^{}:|]+)\}")
CHOICE = re.compile(r"\{[^{}]*\|[^{}]*\}")
_REFERENCE = re.compile(r"^(?P<table>\w+)\.(?P<row>[^\[\]]+)\[(?P<column>\w+)\]$")
_EXPECTED = re.compile(r"^(?P<code>[A-Z]{2,4}[0-9]{3})(?: .+)?$")


@dataclass
class Builder:
    """Parts of one rulebook, from the files it is made of, in order."""

    tables: dict[str, Table] = field(default_factory=dict)
    finders: dict[str, Finder] = field(default_factory=dict)
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    """Code → the rule, once for each table it is asked of."""
    prose: dict[str, ProseRule] = field(default_factory=dict)
    labels: dict[str, Text] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def complain(self, code: str, origin: Origin, message: Text) -> None:
        self.mistakes.append(Mistake(code, origin, message))

    def add_words(self, part: Entries) -> None:
        """Labels, tables and facts: what rules may speak of."""
        for language in ("zh", "en"):
            for name, words in part.labels.get(language, {}).items():
                self.labels[name] = replace(self.labels.get(name, Text(name, name)), **{language: words})
        for path, shape in part.sections["tables"]:
            name = str(path[-1])
            if name in self.tables:
                self._twice(name, part.tree.key_origin(path))
            else:
                if shape.instead and shape.instead not in self.tables:
                    said = Text(f"前面没有表“{shape.instead}”", f'there is no table "{shape.instead}" above')
                    self.complain("RB011", part.tree.origin((*path, "instead")), said)
                offset = sum(table.size for table in self.tables.values())
                self.tables[name] = TableBuilder(part.tree, path, self.complain).table(name, shape, offset)
        for path, shape in part.sections["facts"]:
            self.finders[str(path[-1])] = self._finder(str(path[-1]), shape, part.tree.key_origin(path))

    def add_rules(self, part: Entries, words: Vocabulary) -> None:
        """Rules over tables and facts, and rules over the prose; a code is given once."""
        for path, shape in part.sections["rules"]:
            if shape.id in self.rules:
                self._twice(shape.id, part.tree.origin((*path, "id")))
            elif rules := self._rules(shape, part.tree, path, words):
                self.rules[shape.id] = rules
        for path, texts in part.halves:
            for scope in self._scopes(texts.get("for"), part.tree, path, words):
                for key in texts.keys() - {"for"}:
                    self._condition(texts[key], scope, words, part.tree.origin((*path, key)))
        for path, prose in part.sections["prose"]:
            if prose.id in self.prose or prose.id in self.rules:
                self._twice(prose.id, part.tree.origin((*path, "id")))
            self.prose[prose.id] = _prose(prose, part.tree.origin(path))

    def add_cases(self, cases: list[CaseShape], tree: Tree, words: Vocabulary) -> None:
        for i, shape in enumerate(cases):
            path: Path = ("tests", "cases", i)
            origin = tree.origin(path)
            for key in ("set", "last_year", "children"):
                for reference in getattr(shape, key) or ():
                    self._check_reference(reference, words, tree.key_origin((*path, key, reference)))
            for j, expected in enumerate(shape.expect):
                self._check_expected(expected, tree.origin((*path, "expect", j)))
            self.cases.append(Case(shape.set, shape.last_year, tuple(shape.expect), origin, shape.children))

    def _twice(self, name: str, origin: Origin) -> None:
        self.complain("RB012", origin, twice(name))

    # facts

    def _finder(self, name: str, shape: FactShape, origin: Origin) -> Finder:
        patterns = tuple(WORDS.sub(lambda m: _choice(shape.words.get(m[1]), m[0]), p) for p in listed(shape.find))
        per = self._per(shape.per, origin)
        holes: dict[str, str] = {}
        for pattern in patterns:
            found = dict(HOLE.findall(pattern))
            plain = pattern if per is None else re.sub(rf"\{{(?:over\()?{per[1]}\)?\}}", "", pattern)
            if not found or re.sub(CHOICE, "", re.sub(HOLE, "", plain)).count("{"):
                self.complain(
                    "RB008",
                    origin,
                    Text(
                        f"“{pattern}”里没有 {{名:count}} 这样的空，或空的写法不对，或 words: 里没有这组词",
                        f'"{pattern}" has no hole such as {{n:count}}, a misspelt one, or names no list of words:',
                    ),
                )
            holes.update(found)
        return Finder(
            name=name,
            patterns=patterns,
            holes=holes,
            where=tuple(shape.where),
            every=shape.every,
            within=tuple(shape.within),
            after=tuple(shape.after),
            not_after=tuple(shape.not_after),
            per=per,
            origin=origin,
        )

    def _per(self, reference: str, origin: Origin) -> tuple[str, str] | None:
        name, _, column = reference.partition(".")
        table = self.tables.get(name)
        if reference and (table is None or table.records is None or column not in table.columns.index):
            said = Text(f"“{reference}”不是清单的一列，应写成 T.名称", f'"{reference}" is no column of a list')
            self.complain("RB011", origin, said)
        return (name, column) if reference else None

    # rules

    def _rules(self, shape: RuleShape, tree: Tree, path: Path, words: Vocabulary) -> tuple[Rule, ...]:
        """A rule for each table of its quantifier; none where something in it is wrong."""
        scopes = self._scopes(shape.for_, tree, path, words)
        rules = [self._rule(shape, tree, path, words, scope) for scope in scopes]
        return tuple(rule for rule in rules if rule is not None)

    def _scopes(self, text: str | None, tree: Tree, path: Path, words: Vocabulary) -> Sequence[Scope | None]:
        """What a rule is asked for: one scope for each table it names; none where it is misspelt."""
        if text is None:
            return (None,)
        raw = self._read(parse_scope, text, tree.origin((*path, "for")))
        if raw is None:
            return ()
        scopes, wrong = resolve_scopes(raw, words)
        self._misspelt(wrong, tree.origin((*path, "for")))
        return () if wrong else scopes

    def _rule(self, shape: RuleShape, tree: Tree, path: Path, words: Vocabulary, scope: Scope | None) -> Rule | None:
        check = self._condition(shape.check, scope, words, tree.origin((*path, "check")))
        when = self._condition(shape.when, scope, words, tree.origin((*path, "when"))) if shape.when else None
        if check is None or (shape.when and when is None):
            return None
        if scope is not None and not scope.open:
            scope = preceded(scope, len(words.form.tables[scope.table].columns.lines), when, check)
        return Rule(
            id=shape.id,
            name=_text(shape.name),
            level=shape.level,
            scope=scope,
            when=when,
            check=check,
            source=shape.check,
            condition=shape.when or "",
            quantifier=shape.for_ or "",
            message=_text(shape.message),
            origin=tree.origin(path),
            why=_maybe(shape.why),
            often=_maybe(shape.often),
            repair=_maybe(shape.repair),
            basis=shape.basis,
            tolerance=None if shape.tolerance is None else Decimal(str(shape.tolerance)),
            may_explain=shape.explainable,
        )

    def _condition(self, text: str, scope: Scope | None, words: Vocabulary, origin: Origin) -> Condition | None:
        raw = self._read(parse_condition, text, origin)
        if raw is None:
            return None
        done, wrong = resolve(raw, scope, words)
        self._misspelt(wrong, origin)
        return None if wrong else done

    def _read(self, parse: Callable[[str], T], text: str, origin: Origin) -> T | None:
        try:
            return parse(text)
        except Misspelt as wrong:
            self.mistakes.append(Mistake("RB010", replace(origin, column=origin.column + wrong.at), wrong.message))
            return None

    def _misspelt(self, wrong: list[Misspelt], origin: Origin) -> None:
        for one in wrong:
            self.mistakes.append(Mistake("RB011", replace(origin, column=origin.column + one.at), one.message))

    # proofs

    def _check_reference(self, reference: str, words: Vocabulary, origin: Origin) -> None:
        fact, _, hole = reference.partition(".")
        if hole in (words.holes(fact.partition("@")[0]) or ()):
            return
        found = _REFERENCE.match(reference)
        table = words.form.tables.get(found["table"]) if found else None
        if (
            found is None
            or table is None
            or (found["row"] not in table.rows.index and table.records is None)
            or found["column"] not in table.columns.index
        ):
            self.complain(
                "RB013",
                origin,
                Text(
                    f"“{reference}”不是一格，应写成 T3.新收[总计]",
                    f'"{reference}" is no cell; write it like T3.新收[总计]',
                ),
            )

    def _check_expected(self, expected: str, origin: Origin) -> None:
        found = _EXPECTED.match(expected)
        codes = {*self.rules, *self.prose, *(code for table in self.tables.values() for code in table.codes.values())}
        if found is None or found["code"] not in codes:
            self.complain(
                "RB013", origin, Text(f"“{expected}”里没有已知的规则编号", f'"{expected}" names no known rule')
            )


def _choice(words: list[str] | None, name: str) -> str:
    """``{收到|受理}`` for the name of a list of words; a name without a list stays, and is complained of."""
    if words is None:
        return name
    return words[0] if len(words) == 1 else f"{{{'|'.join(words)}}}"


def _text(both: Both) -> Text:
    return Text(both.zh, both.en)


def _maybe(both: Both | None) -> Text | None:
    return None if both is None else _text(both)


def _prose(shape: ProseShape, origin: Origin) -> ProseRule:
    return ProseRule(
        id=shape.id,
        name=Text(shape.name, shape.name) if isinstance(shape.name, str) else _text(shape.name),
        check=shape.check,
        level=shape.level,
        message=_text(shape.message),
        why=_maybe(shape.why),
        often=_maybe(shape.often),
        repair=_maybe(shape.repair),
        basis=shape.basis,
        holds=tuple(shape.holds),
        breaks=tuple(shape.breaks),
        words={key: tuple(listed) for key, listed in shape.words.items()},
        origin=origin,
    )
