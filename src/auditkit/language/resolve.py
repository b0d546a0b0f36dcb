"""Names in a tree → cells of the form, or everything that is wrong with them, each with the nearest name."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from auditkit.language.parse import Misspelt
from auditkit.language.vocabulary import PROPERTIES, Vocabulary, lines_of, unknown
from auditkit.model.expression import (
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
)
from auditkit.model.form import Axis, Table
from auditkit.model.rule import Scope
from auditkit.model.words import Text

MANY = ("sum", "min", "max", "median")
OVER = ("last_year", "children")
FUNCTIONS = (*MANY, "positive", "abs", *OVER, "under", "previous")

THIS_CELL = ("cell", "本格")


def resolve(condition: Condition, scope: Scope | None, words: Vocabulary) -> tuple[Condition, list[Misspelt]]:
    """Replace every name by the cells or the fact it means; collect all mistakes instead of stopping at one."""
    resolver = _Resolver(scope, words)
    return resolver.condition(condition), resolver.mistakes


class _Resolver:
    def __init__(self, scope: Scope | None, words: Vocabulary) -> None:
        self.scope = scope
        self.words = words
        self.mistakes: list[Misspelt] = []

    def condition(self, node: Condition) -> Condition:
        match node:
            case Compare(relation, left, right, at):
                return Compare(relation, self.single(left), self.single(right), at)
            case Within(left, percent, right, at):
                return Within(self.single(left), percent, self.single(right), at)
            case IsBlank(operand, negated, at):
                return IsBlank(self.expression(operand), negated, at)
            case InLine(left, right, at):
                self._records(at)
                return InLine(self.single(left), self.single(right), at)
            case IsUnique(operand, at):
                return IsUnique(self.single(operand), at)
            case IsOrdered(operand, descending, at):
                return IsOrdered(self.expression(operand), descending, at)
            case ExistsIn(operand, table, at, column):
                self._list(table, column, at)
                return ExistsIn(self.single(operand), table, at, column)
            case OneOf(operand, choices, at):
                return OneOf(self.single(operand), tuple(self.single(c) for c in choices), at)
            case Logic(operator, operands, at):
                return Logic(operator, tuple(self.condition(o) for o in operands), at)
            case _:
                assert_never(node)

    def single(self, node: Expression) -> Expression:
        """An operand of arithmetic: a group must be summed first."""
        done = self.expression(node)
        if isinstance(done, Cells) and _is_many(done):
            self._complain(
                done.at,
                Text(
                    f"“{done.name}”是一组，不是一格；写 sum({done.name})",
                    f'"{done.name}" is a group, not one cell; write sum({done.name})',
                ),
            )
        return done

    def expression(self, node: Expression) -> Expression:
        match node:
            case Number() | Quoted() | Cells() | Fact():
                return node
            case Binary(operator, left, right, at):
                return Binary(operator, self.single(left), self.single(right), at)
            case Call(function, arguments, at):
                return self._call(function, arguments, at)
            case Name():
                return self._name(node)
            case _:
                assert_never(node)

    def _call(self, function: str, arguments: tuple[Expression, ...], at: int) -> Expression:
        if function not in FUNCTIONS:
            self._complain(at, unknown(function, "运算", "function", FUNCTIONS))
        many = function in {*MANY, *OVER, "positive"}
        done = tuple(self.expression(a) if many else self.single(a) for a in arguments)
        if function not in MANY and len(done) != 1:
            self._complain(at, Text(f"{function} 只要一个参数", f"{function} takes one argument"))
        if function in OVER and len(done) == 1:
            return _pushed_down(function, done[0])
        if function == "previous" and len(done) == 1:
            return self._previous(done[0], at)
        if function == "under":
            self._check_under(at)
        return Call(function, done, at)

    def _previous(self, node: Expression, at: int) -> Expression:
        """The same name one line before the quantifier's."""
        if isinstance(node, Cells) and self.scope is not None and (node.rows is None or node.columns is None):
            return replace(node, back=node.back + 1)
        self._complain(
            at,
            Text("previous 要的是本行（列、格）的名称", "previous wants a name on the quantifier's own line"),
        )
        return node

    def _check_under(self, at: int) -> None:
        scope = self.scope
        table = None if scope is None else self.words.form.tables[scope.table]
        if scope is None or scope.each == "column" or table is None or not (table.records and table.records.nested):
            self._complain(
                at,
                Text(
                    "under 只用于 each row、each cell in 编码逐级包含（nested）的清单",
                    "under is for each row or each cell in a list whose keys nest (nested: true)",
                ),
            )

    def _records(self, at: int) -> None:
        """Only records of a list are of one kind."""
        scope = self.scope
        if scope is None or scope.each == "column" or not self.words.form.tables[scope.table].records:
            self._complain(
                at,
                Text(
                    "in line with 只用于 each row 或 each cell in 清单的记录",
                    "in line with is for each row or each cell in the records of a list",
                ),
            )

    def _list(self, name: str, column: str, at: int) -> None:
        lists = tuple(table.id for table in self.words.form.lists)
        if name not in lists:
            self._complain(at, unknown(name, "清单", "list", lists))
        elif column and column not in (columns := self.words.form.tables[name].columns.index):
            self._complain(at, unknown(column, f"{name} 的列", f"column of {name}", tuple(columns)))

    def _name(self, node: Name) -> Expression:
        if node.tail is None and node.inner is None:
            return self._bare(node)
        if node.tail is not None and node.inner is None and (holes := self.words.holes(node.head)) is not None:
            if node.tail not in holes:
                self._complain(node.at, unknown(node.tail, f"{node.head} 的内容", f"part of {node.head}", holes))
            return Fact(node.head, node.tail, node.at)
        return self._full(node)

    def _bare(self, node: Name) -> Expression:
        """A single word: a line of the quantifier's table, on the other axis than the quantifier's."""
        if self.scope is None:
            known = tuple(f"{t.id}.{t.rows.lines[0].name}[{t.columns.lines[0].name}]" for t in self.words.form)
            self._complain(
                node.at,
                Text(
                    f"没有 for: 的规则要写全名，如 {known[0]}，而不是“{node.text}”",
                    f'a rule without for: needs full names such as {known[0]}, not "{node.text}"',
                ),
            )
            return node
        table = self.words.form.tables[self.scope.table]
        if self.scope.each == "cell":
            if node.head in THIS_CELL:
                return Cells(table.id, None, None, node.head, node.at)
            self._complain(node.at, unknown(node.text, "名称（每一格里写 cell）", "name (write cell here)", THIS_CELL))
            return node
        axis = table.columns if self.scope.each == "row" else table.rows
        found = lines_of(axis, node.head)
        if found is None:
            kind = ("列", "column") if self.scope.each == "row" else ("行", "row")
            self._complain(
                node.at, unknown(node.head, f"表 {table.id} 的{kind[0]}名", f"{kind[1]} of {table.id}", axis.names)
            )
            return node
        if self.scope.each == "row":
            return Cells(table.id, None, found, node.head, node.at)
        return Cells(table.id, found, None, node.head, node.at)

    def _full(self, node: Name) -> Expression:
        """``T3.新收[总计]``, ``新收[总计]`` within a quantifier, ``T3.新收`` for the quantifier's own line."""
        table = self._table_of(node)
        if table is None:
            return node
        if (same := self._same_record(node, table) or self._same_line(node, table)) is not None:
            return same
        row = node.tail if node.tail is not None else node.head
        rows = self._look_up(table.rows, row, node, ("行", "row"), table)
        if node.inner is not None:
            columns = self._look_up(table.columns, node.inner, node, ("列", "column"), table)
        elif self.scope is not None and self.scope.each == "column" and self.scope.table == table.id:
            columns = None
        elif len(table.columns.lines) == 1:
            columns = (0,)
        else:
            self._complain(
                node.at,
                Text(
                    f"“{node.text}”没有说是哪一列；写 {node.text}[{table.columns.lines[0].name}]",
                    f'"{node.text}" names no column; write {node.text}[{table.columns.lines[0].name}]',
                ),
            )
            return node
        if rows == () or columns == ():
            return node
        return Cells(table.id, rows, columns, node.text if node.tail is None else node.text.split(".", 1)[1], node.at)

    def _same_record(self, node: Name, table: Table) -> Expression | None:
        """``B.处理`` in *each row in A*: the row of the same record; ``[line]`` says which of its lines."""
        scope, word = self.scope, node.tail if node.tail is not None else node.head
        if scope is None or scope.each != "row" or table.records is None or lines_of(table.rows, word) is not None:
            return None
        own = self.words.form.tables[scope.table].records
        columns = lines_of(table.columns, word)
        if own is None or own.name != table.records.name or columns is None:
            return None
        self._complain_of_strangers(scope, node, table)
        if node.inner is not None and node.inner not in table.records.lines:
            lines = tuple(table.records.lines)
            self._complain(node.at, unknown(node.inner, f"表 {table.id} 的分行", f"line of {table.id}", lines))
        return Cells(table.id, None, columns, word, node.at, node.inner or "")

    def _same_line(self, node: Name, table: Table) -> Expression | None:
        """``T1.期末`` in *each row in T2*: the same row of a table with the same rows in the same order."""
        scope, word = self.scope, node.tail
        if scope is None or scope.each == "cell" or word is None or node.inner is not None or table.id == scope.table:
            return None
        own = self.words.form.tables[scope.table]
        if own.records is not None or table.records is not None:
            return None
        mine, theirs, across = own.rows, table.rows, table.columns
        if scope.each == "column":
            mine, theirs, across = own.columns, table.columns, table.rows
        found = lines_of(across, word)
        if found is None or lines_of(theirs, word) is not None or mine.names != theirs.names:
            return None
        rows, columns = (None, found) if scope.each == "row" else (found, None)
        return Cells(table.id, rows, columns, node.text, node.at)

    def _complain_of_strangers(self, scope: Scope, node: Name, table: Table) -> None:
        """A declared row the rule is asked for must be a row of the other list too; records may be missing there."""
        own = self.words.form.tables[scope.table]
        for row in (own.rows.lines[line] for line in scope.lines):
            group = own.records.name if own.records else ""
            if row.record not in table.rows.records and group not in row.path:
                zh, en = f"表 {table.id} 没有行“{row.name}”", f'{table.id} has no row "{row.name}"'
                hint = Text(f"；写 each row in {own.id}.{group}", f"; write each row in {own.id}.{group}")
                self._complain(node.at, Text(zh + hint.zh, en + hint.en))
                return

    def _table_of(self, node: Name) -> Table | None:
        tables = self.words.form.tables
        if node.tail is None:
            if self.scope is not None:
                return tables[self.scope.table]
            if len(tables) == 1:
                return next(iter(tables.values()))
            self._complain(
                node.at,
                Text(
                    f"“{node.text}”没有说是哪张表；写 {next(iter(tables))}.{node.text}",
                    f'"{node.text}" names no table; write {next(iter(tables))}.{node.text}',
                ),
            )
            return None
        table = tables.get(node.head)
        if table is None:
            names = (*tables, *self.words.facts, *PROPERTIES)
            self._complain(node.at, unknown(node.head, "表或正文数据", "table or fact", names))
        return table

    def _look_up(self, axis: Axis, word: str, node: Name, kind: tuple[str, str], table: Table) -> tuple[int, ...]:
        found = lines_of(axis, word)
        if found is None:
            self._complain(
                node.at, unknown(word, f"表 {table.id} 的{kind[0]}名", f"{kind[1]} of {table.id}", axis.names)
            )
            return ()
        return found

    def _complain(self, at: int, message: Text) -> None:
        self.mistakes.append(Misspelt(at, message))


def _pushed_down(function: str, node: Expression) -> Expression:
    """``last_year(a + b)`` is ``last_year(a) + last_year(b)``: only cells have a year before."""
    match node:
        case Binary(operator, left, right, at):
            return Binary(operator, _pushed_down(function, left), _pushed_down(function, right), at)
        case Call(inner, arguments, at):
            return Call(inner, tuple(_pushed_down(function, a) for a in arguments), at)
        case Cells():
            return Call(function, (node,), node.at)
        case _:
            return node


def _is_many(cells: Cells) -> bool:
    """Several cells, or as many as a list has records."""
    return any(lines is not None and (len(lines) > 1 or min(lines) < 0) for lines in (cells.rows, cells.columns))
