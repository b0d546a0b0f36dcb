"""Lists: a rulebook over the records that a submission has, with last year's beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from auditkit.alignment import laid_out, together, with_records
from auditkit.model.document import Cell, Document
from auditkit.model.expression import (
    UNDER,
    Binary,
    Call,
    Cells,
    Compare,
    Condition,
    ExistsIn,
    Expression,
    Fact,
    InLine,
    IsBlank,
    IsOrdered,
    IsUnique,
    Logic,
    Name,
    Number,
    OneOf,
    Quoted,
    Within,
    walk,
)
from auditkit.model.filled import Filled, Spot
from auditkit.model.form import Form, Line, Table
from auditkit.model.preceding import preceded
from auditkit.model.rule import Finder, Rule, Rulebook, Scope
from auditkit.spelling import respelled


def fitted(book: Rulebook, now: Filled, last: Filled | None) -> tuple[Rulebook, Filled, Filled | None]:
    """The rulebook, this year's and last year's submission over one form that has the records of both.

    A form without lists comes back as it is.
    """
    if not book.form.lists:
        return book, now, last
    now, *others = respelled([one for one in (now, last) if one is not None])
    last = others[0] if others else None
    form = together(book.form, [one.form for one in (now, *others)])
    before = None if last is None else laid_out(last, form)
    finders = tuple(one for finder in book.finders for one in _for_records(finder, now))
    return replace(_over(book, form, now), finders=finders), laid_out(now, form), before


def _for_records(finder: Finder, now: Filled) -> Iterator[Finder]:
    """One finder for each record, with what its cell says in the pattern: ``class@教育``.

    A name that several records have is only looked for behind the name of the record over it.
    """
    if finder.per is None:
        yield finder
        return
    table, column = now.form.tables[finder.per[0]], finder.per[1]
    at = table.columns.index[column]
    texts = (" ".join(now.cell(table.slot(row, at)).text.split()) for row in range(len(table.rows.lines)))
    said = [text if not {"{", "}"}.intersection(text) else "" for text in texts]
    above = f"{{over({column})}}"
    by_key = {line.record: text for line, text in zip(table.rows.lines, said, strict=True)}
    for line, own in zip(table.rows.lines, said, strict=True):
        key = line.record
        over = next((by_key[key[:n]] for n in range(len(key) - 1, 0, -1) if by_key.get(key[:n])), "")
        fit = (p for p in finder.patterns if (over if above in p else said.count(own) == 1))
        patterns = tuple(p.replace(f"{{{column}}}", own).replace(above, over) for p in fit)
        if own and patterns:
            yield replace(finder, name=f"{finder.name}@{line.name}", patterns=patterns, per=None)


def sketched(book: Rulebook) -> Rulebook:
    """The rulebook over imaginary records, two of each list and one part of the first, for who looks at rules alone."""
    if not book.form.lists:
        return book
    tables: dict[str, Table] = {}
    for table in book.form:
        offset = sum(one.size for one in tables.values())
        found = () if table.records is None else (table.records.found(key) for key in ("1", "11", "2"))
        tables[table.id] = with_records(table, (line for lines in found for line in lines), offset)
    form = replace(book.form, tables=tables)
    spots = {
        table.id: Spot(0, tuple(range(len(table.rows.lines))), tuple(range(len(table.columns.lines)))) for table in form
    }
    nothing = Filled(Document("", "delimited"), form, spots, {}, (), b"", (), _no_cell)
    return _over(book, form, nothing)


def _no_cell(slot: int) -> Cell:
    raise LookupError(slot)


def _over(book: Rulebook, form: Form, now: Filled) -> Rulebook:
    fitting = _Fitting(book.form, form, now, frozenset(finder.name for finder in book.finders if finder.per))
    return replace(book, form=form, rules=tuple(one for rule in book.rules for one in fitting.rules(rule)))


@dataclass(frozen=True)
class _Fitting:
    """Rules of a form whose records are open → rules over the rows of one submission."""

    template: Form
    form: Form
    now: Filled
    each: frozenset[str]
    """Facts of which every record has its own."""

    def rules(self, rule: Rule) -> Iterator[Rule]:
        """One rule, or one for each line where the lines have parts of their own."""
        scope = None if rule.scope is None else self._scope(rule.scope)
        conditions = [c for c in (rule.when, rule.check) if c is not None]
        if scope is None or not any(self._by_line(node, scope) for c in conditions for node in walk(c)):
            if scope is not None and rule.scope is not None and rule.scope.open:
                width = len(self.form.tables[scope.table].columns.lines)
                scope = preceded(scope, width, rule.when, rule.check)
            yield self._with(rule, scope, None)
            return
        width = len(self.form.tables[scope.table].columns.lines) if scope.each == "cell" else 1
        for line, own in groupby(scope.lines, lambda at: at // width):
            parts = self.parts(scope.table, line)
            if parts or not any(isinstance(n, Call) and n.function == "under" for c in conditions for n in walk(c)):
                yield self._with(rule, replace(scope, lines=tuple(own)), line)

    def _with(self, rule: Rule, scope: Scope | None, line: int | None) -> Rule:
        trees = _Trees(self, scope, line)
        when = None if rule.when is None else trees.condition(rule.when)
        return replace(rule, scope=scope, when=when, check=trees.condition(rule.check))

    def _by_line(self, node: Condition | Expression, scope: Scope) -> bool:
        """Whether a node means another thing for each line: the records under one, its further lines, its own fact."""
        if isinstance(node, Fact):
            return node.fact in self.each
        if not isinstance(node, Call):
            return False
        if node.function == "under":
            return True
        inner = [a for a in node.arguments if isinstance(a, Cells) and a.rows is None]
        return scope.each == "row" and any(self._goes_on(a.table) for a in inner)

    def _goes_on(self, table: str) -> bool:
        records = self.form.tables[table].records
        return bool(records and records.several) and any(line.name != line.record for line in self.records(table))

    def records(self, table: str) -> Iterator[Line]:
        template = self.template.tables[table]
        return iter(self.form.tables[table].rows.lines[len(template.rows.lines) :])

    def _scope(self, scope: Scope) -> Scope:
        scope = self._without_absent(scope)
        if not scope.open:
            return scope
        table = self.form.tables[scope.table]
        several = bool(table.records and table.records.several)
        rows = [
            row
            for row in self.present(scope.table, scope.open)
            if not several or table.rows.lines[row].name == table.rows.lines[row].record
        ]
        if scope.each == "cell":
            width = len(table.columns.lines)
            rows = [row * width + column for row in rows for column in scope.columns]
        return replace(scope, lines=(*scope.lines, *(row for row in rows if row not in scope.lines)), open="")

    def _without_absent(self, scope: Scope) -> Scope:
        """Records that the form itself names need not be there, nor a total of none: then nobody asks for them."""
        table = self.template.tables[scope.table]
        if table.records is None or scope.each == "column" or scope.table not in self.now.spots:
            return scope
        there, width = self._there(scope.table), 1 if scope.each == "row" else len(table.columns.lines)
        rows = [(at, table.rows.lines[at // width]) for at in scope.lines]
        kept = (at for at, row in rows if row.name in there or (there and table.records.name not in row.path))
        return replace(scope, lines=tuple(kept))

    def _there(self, table: str) -> set[str]:
        """Names of the rows that stand in the submission's sheet."""
        own = self.now.form.tables[table].rows.lines
        return {line.name for line, row in zip(own, self.now.spots[table].rows, strict=True) if row is not None}

    def present(self, table: str, group: str) -> list[int]:
        """Records of a group that stand in the submission's sheet."""
        if table not in self.now.spots:
            return []
        lines, there = self.form.tables[table].rows.lines, self._there(table)
        declared = len(self.template.tables[table].rows.lines)
        return [i for i, line in enumerate(lines) if i >= declared and group in line.path and line.name in there]

    def parts(self, table: str, line: int) -> tuple[int, ...]:
        """Rows of the records next below one in a list whose keys nest; below a row that is none, the outermost."""
        return self._nested[table].get(line, ()) if table in self._nested else ()

    @cached_property
    def _nested(self) -> dict[str, dict[int, tuple[int, ...]]]:
        return {t.id: self._tree(t) for t in self.template.lists if t.records is not None and t.records.nested}

    def _tree(self, table: Table) -> dict[int, tuple[int, ...]]:
        assert table.records is not None
        lines = self.form.tables[table.id].rows.lines
        spot = self.now.spots.get(table.id)
        own = {} if spot is None else dict(zip(self.now.form.tables[table.id].rows.index, spot.rows, strict=True))
        there = [i for i, line in enumerate(lines) if own.get(line.name) is not None]
        keys = {lines[i].record: i for i in there if table.records.name in lines[i].path}
        parts: dict[int, list[int]] = {}
        for key, row in keys.items():
            over = next((keys[key[:n]] for n in range(len(key) - 1, 0, -1) if key[:n] in keys), None)
            tops = [i for i in there if table.records.name not in lines[i].path]
            for above in tops if over is None else [over]:
                parts.setdefault(above, []).append(row)
        return {row: tuple(below) for row, below in parts.items()}


@dataclass(frozen=True)
class _Trees:
    """One rule's trees with open rows filled in, for all its lines or for one."""

    fitting: _Fitting
    scope: Scope | None
    line: int | None

    def condition(self, node: Condition) -> Condition:
        match node:
            case Compare() | Within() | InLine():
                return replace(node, left=self.expression(node.left), right=self.expression(node.right))
            case IsBlank() | IsUnique() | IsOrdered() | ExistsIn():
                return replace(node, operand=self.expression(node.operand))
            case OneOf():
                choices = tuple(self.expression(choice) for choice in node.choices)
                return replace(node, operand=self.expression(node.operand), choices=choices)
            case Logic():
                return replace(node, operands=tuple(self.condition(part) for part in node.operands))

    def expression(self, node: Expression, *, last: bool = False, many: bool = False) -> Expression:
        match node:
            case Binary():
                return replace(node, left=self.expression(node.left), right=self.expression(node.right))
            case Call("under", (Cells() as cells,)):
                rows = self.fitting.parts(cells.table, self.line) if self.line is not None else ()
                return replace(cells, rows=rows, name=UNDER)
            case Call("last_year", (inner,)):
                return replace(node, arguments=(self.expression(inner, last=True, many=many),))
            case Call(function, arguments):
                several = many if function == "positive" else function in {"sum", "min", "max", "median"}
                return replace(node, arguments=tuple(self.expression(a, last=last, many=several) for a in arguments))
            case Cells():
                if node.rows is None:
                    return self._lines_of(node) if many and self.line is not None else node
                filled = (i for row in node.rows for i in self._filled(node.table, row, last=last))
                return replace(node, rows=tuple(filled))
            case Fact() if node.fact in self.fitting.each and self.scope is not None and self.line is not None:
                record = self.fitting.form.tables[self.scope.table].rows.lines[self.line]
                return replace(node, fact=f"{node.fact}@{record.name}")
            case Number() | Quoted() | Name() | Fact():
                return node

    def _filled(self, table: str, row: int, *, last: bool) -> Iterable[int]:
        """A declared row as it is; the records of an open group in its place."""
        if row >= 0:
            return (row,)
        declared = self.fitting.template.tables[table].rows
        group = declared.open[-row - 1]
        if last:
            lines = self.fitting.form.tables[table].rows.lines
            return (i for i, line in enumerate(lines) if i >= len(declared.lines) and group in line.path)
        return self.fitting.present(table, group)

    def _lines_of(self, cells: Cells) -> Cells:
        """The first line of this line's record in a list, and its further lines."""
        assert self.scope is not None
        assert self.line is not None
        table = self.fitting.form.tables[cells.table]
        own = self.fitting.form.tables[self.scope.table].rows.lines[self.line]
        if not (table.records and table.records.several):
            return cells
        first = table.rows.records.get(own.record)
        more = [i for i, line in enumerate(table.rows.lines) if line.record == own.record and i != first]
        return replace(cells, rows=(first, *more)) if first is not None and more else cells
