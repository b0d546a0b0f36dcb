"""Expressions for one line of one submission: their number as an interval, how it reads, and the cells it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from operator import add, mul, sub, truediv
from statistics import median
from typing import Any, assert_never

from auditkit.edits.facts import Stated
from auditkit.edits.figures import ZERO, Figure, exactly, plain, shown
from auditkit.edits.screen import slots_of
from auditkit.edits.submission import Gap, Submission, Took, Value
from auditkit.edits.told import told
from auditkit.labels import fold
from auditkit.model.document import Cell, State
from auditkit.model.expression import UNDER, Binary, Call, Cells, Expression, Fact, Name, Number, Quoted, walk
from auditkit.model.filled import Filled
from auditkit.model.finding import Reason, Term
from auditkit.model.form import EXACT
from auditkit.model.rule import Rule, Scope
from auditkit.model.words import Text

_SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}
_OPERATIONS: dict[str, Callable[[Figure, Figure], Figure]] = {"+": add, "-": sub, "*": mul, "/": truediv}
_BELOW = Text("下一级之和", "the level below")
_CHOICES: dict[str, tuple[Callable[[Iterable[Any]], Any], Text]] = {
    "min": (min, Text("最小", "least")),
    "max": (max, Text("最大", "greatest")),
    "median": (median, Text("中位数", "median")),
}
_REASONS: dict[State, Reason] = {
    State.BLANK: "blank",
    State.NIL: "blank",
    State.TEXT: "text",
    State.ERROR: "error value",
    State.UNCALCULATED: "uncalculated",
}


class Line:
    """One line of a rule's quantifier in one submission, with one statement for each fact."""

    def __init__(self, rule: Rule, line: int, submission: Submission, stated: Mapping[str, Stated]) -> None:
        self.rule = rule
        self.line = line
        self.submission = submission
        self.stated = stated
        self.scope = None if rule.scope is None else Scope(rule.scope.each, rule.scope.table, (line,))

    def value(self, node: Expression) -> Value:
        match node:
            case Number(value):
                written = f"{value:f}"
                return Value(exactly(value), Text(written, written))
            case Quoted(value):
                return Value(ZERO, Text(f"“{value}”", f'"{value}"'), text=value)
            case Fact(fact, hole):
                return told(fact, hole, self.submission, self.stated)
            case Cells() | Call("last_year"):
                return self._listed(node)[0]
            case Binary(operator, left, right):
                return self._binary(operator, self.value(left), self.value(right))
            case Call("children", arguments):
                return self._children(arguments[0])
            case Call(function, arguments):
                return self._call(function, arguments)
            case Name():
                raise TypeError(node)
            case _:
                assert_never(node)

    def _binary(self, operator: str, left: Value, right: Value) -> Value:
        a, b = left.figure, right.figure
        try:
            figure = _OPERATIONS[operator](a, b)
        except ZeroDivisionError:
            raise Gap("zero base") from None
        wrap = operator in "*/"
        sides = [_wrapped(left, wrap=wrap and left.sum), _wrapped(right, wrap=(wrap or operator == "-") and right.sum)]
        sign = _SIGNS[operator]
        return Value(
            figure,
            Text(f"{sides[0].zh} {sign} {sides[1].zh}", f"{sides[0].en} {sign} {sides[1].en}"),
            (*left.terms, *right.terms),
            compound=True,
            sum=operator in "+-",
        )

    def _call(self, function: str, arguments: tuple[Expression, ...]) -> Value:
        several = function == "sum" or (function != "abs" and len(arguments) > 1)
        parts = [value for argument in arguments for value in self._listed(argument, several=several)]
        if not parts:
            return self._empty(function, arguments)
        figures = [p.figure for p in parts]
        terms = tuple(term for p in parts for term in p.terms)
        if function == "abs":
            return Value(abs(figures[0]), Text(f"|{parts[0].says.zh}|", f"|{parts[0].says.en}|"), terms, compound=True)
        if function == "sum":
            total = sum(figures[1:], figures[0])
            listed = len(arguments) > 1
            return Value(total, self._sum_says(arguments, parts, total), terms, compound=listed, sum=listed)
        if len(parts) == 1 < len(arguments):  # of several layouts the one that is there
            return parts[0]
        choose, name = _CHOICES[function]
        chosen = Figure(
            *(Fraction(choose(ends)) for ends in zip(*((f.value, f.low, f.high) for f in figures), strict=True))
        )
        printed = plain(chosen.value)
        return Value(chosen, Text(f"{name.zh} {printed:f}", f"{name.en} {printed:f}"), terms)

    def _empty(self, function: str, arguments: tuple[Expression, ...]) -> Value:
        """A sum of records of which a list, though it was found, has none, is 0; nothing else comes of nothing.

        The figures of this line's own record in a list that does not have it are no such records.
        """
        named = [n for argument in arguments for n in walk(argument) if isinstance(n, Cells)]
        taken = [took for argument in arguments for took in self.cells(argument)]
        states = {took.cell.state for took in taken}
        if {n.table for n in named} & self.submission.now.missing.keys():
            raise Gap("table missing")
        if states == {State.ABSENT} and all(n.rows is None for n in named):
            raise self.gap(taken[0])
        if function != "sum" or states != {State.ABSENT}:
            raise Gap("blank")
        name = next((name for argument in arguments if (name := _group_name(argument))), "")
        spoken = self.submission.label(name)
        return Value(ZERO, Text(f"{spoken.zh} 0", f"{spoken.en} 0"), sum=True)

    def _sum_says(self, arguments: tuple[Expression, ...], parts: list[Value], total: Figure) -> Text:
        """``组织 3`` for one group; its members one by one when there are few of them and no name."""
        if len(arguments) == 1 and (name := _group_name(arguments[0])) is not None:
            spoken = _BELOW if name == UNDER else self.submission.label(name)
            if isinstance(arguments[0], Call):
                spoken = Text(f"上年{spoken.zh}", f"last year's {spoken.en}")
            return Text(f"{spoken.zh} {plain(total.value):f}", f"{spoken.en} {plain(total.value):f}")
        return Text(" + ".join(p.says.zh for p in parts), " + ".join(p.says.en for p in parts))

    def _children(self, node: Expression) -> Value:
        """The sum over the subordinate units, each of whose cells is one term."""
        if not self.submission.children:
            raise Gap("no children")
        parts: list[Value] = []
        for unit, child in self.submission.children:
            theirs = Line(self.rule, self.line, replace(self.submission, now=child, children=()), {}).value(node)
            terms = (replace(term, name=Text(unit, unit), ref=f"children({term.ref})") for term in theirs.terms)
            parts.append(replace(theirs, terms=tuple(terms)))
        total = sum((part.figure for part in parts[1:]), parts[0].figure)
        said = Text(
            f"{len(parts)} 个下级单位之和 {plain(total.value):f}",
            f"sum of {len(parts)} subordinate units {plain(total.value):f}",
        )
        return Value(total, said, tuple(term for part in parts for term in part.terms))

    def _listed(self, node: Expression, *, several: bool = False) -> list[Value]:
        """The values of a name, one per cell; ``several``: it is one of several that are put together."""
        if isinstance(node, Call) and node.function == "positive":
            return [value for value in self._listed(node.arguments[0], several=several) if value.figure.low > 0]
        if not isinstance(node, Cells) and not (isinstance(node, Call) and node.function == "last_year"):
            return [self.value(node)]
        last = isinstance(node, Call)
        taken = self.cells(node)
        if several or len(taken) > 1:
            taken = [took for took in taken if not self._left_out(took)]
        return [self._cell_value(took, last=last) for took in taken]

    def _left_out(self, took: Took) -> bool:
        """Of several cells: one that may be blank and is (N/A adds nothing), or a line that need not be there."""
        table, row, column = self.submission.form.slots[took.slot]
        declared = self.submission.form.tables[table]
        if took.cell.state is State.ABSENT:
            now = self.submission.now
            if table in now.missing:
                return not now.needs(table)
            if declared.may_lack(row, column):
                return table not in now.unread
            return bool(declared.rows.lines[row].record)
        return took.cell.state in {State.BLANK, State.NIL} and declared.blank_at(row, column) == "allow"

    def alike(self, node: Expression) -> tuple[Term, ...]:
        """The cells of other records that say the same as this one."""
        if not isinstance(node, Cells):
            return ()
        slot = int(slots_of(node, self.scope, self.submission.form)[0][0])
        table, row, column = self.submission.form.slots[slot]
        declared, cell = self.submission.form.tables[table], self.submission.now.cell(slot)
        rows = self.submission.rows_saying(table, column).get(fold(cell.text), [])
        slots = [declared.slot(other, column) for other in rows if other != row]
        cells = [(slot, self.submission.now.cell(slot)) for slot in slots]
        return tuple(
            Term(self._name(node, slot), _text(cell), cell.place, self._ref(slot, last=False)) for slot, cell in cells
        )

    def _cell_value(self, took: Took, *, last: bool) -> Value:
        cell, term = took.cell, took.term
        name = Text(f"上年{term.name.zh}", f"last year's {term.name.en}") if last else term.name
        says = Text(f"{name.zh} {term.value}", f"{name.en} {term.value}")
        table, row, column = self.submission.form.slots[took.slot]
        declared = self.submission.form.tables[table]
        if cell.state in {State.TEXT, State.NUMBER} and declared.kind_at(row, column) == "text":
            return Value(ZERO, says, (term,), text=cell.text)
        if cell.number is None:
            if cell.state in {State.BLANK, State.NIL} and declared.blank_at(row, column) == "zero":
                return Value(ZERO, says, (term,))
            if cell.state is not State.ABSENT:
                raise Gap(_REASONS[cell.state])
            raise self.gap(took, last=last)
        if declared.kind_at(row, column) in EXACT:
            return Value(exactly(cell.number), says, (term,))
        return Value(shown(cell.number, cell.step), says, (term,), step=cell.step, unit=cell.unit)

    def cells(self, node: Expression) -> list[Took]:
        """The cells a name means, this year's or last year's, in the form's order."""
        submission, source = self.submission, self.submission.now
        last = isinstance(node, Call) and node.function == "last_year"
        if isinstance(node, Call) and last:
            if submission.before is None:
                raise Gap("no last year")
            node, source = node.arguments[0], submission.before
        if not isinstance(node, Cells):
            return []
        taken = []
        for slot in slots_of(node, self.scope, submission.form)[0].tolist():
            cell = source.cell(slot)
            term = Term(self._name(node, slot), _text(cell), cell.place, self._ref(slot, last=last))
            taken.append(Took(slot, cell, term))
        return taken

    def gap(self, took: Took, *, last: bool = False) -> Gap:
        """Why a cell is not there at all, and whether anybody asks for it."""
        return Gap(self._absent(took, last=last), asked=not self._may_be_absent(took))

    def _absent(self, took: Took, *, last: bool) -> Reason:
        table, row, column = self.submission.form.slots[took.slot]
        source = self.submission.before if last else self.submission.now
        if source is not None and table in source.missing:
            return "table missing"
        record = self.submission.form.tables[table].rows.lines[row].record
        return "no such row" if record and not (source and _no_column(source, table, column)) else "line missing"

    def _may_be_absent(self, took: Took) -> bool:
        """A rule that names a record of a list by itself is asked where the list has it.

        So is one that names a line that few reports have, or is asked of each line, where the line is there.
        """
        table, row, column = self.submission.form.slots[took.slot]
        declared = self.submission.form.tables[table]
        if table in self.submission.now.missing:
            return False
        if not declared.added.isdisjoint((declared.rows.lines[row].name, declared.columns.lines[column].name)):
            return True
        if self.scope is not None and self.scope.table == table and declared.may_lack(row, column):
            gone = _no_column(self.submission.now, table, column)
            return self.scope.each == "cell" or (self.scope.each == "column") is gone
        if self.scope is not None or declared.records is None:
            return False
        return declared.records.name in declared.rows.lines[row].path

    def _ref(self, slot: int, *, last: bool) -> str:
        table, row, column = self.submission.form.slots[slot]
        declared = self.submission.form.tables[table]
        ref = f"{table}.{declared.rows.lines[row].name}[{declared.columns.lines[column].name}]"
        return f"last_year({ref})" if last else ref

    def _name(self, node: Cells, slot: int) -> Text:
        """What tells this cell from the others in the rule: its row in *each column*, its column in *each row*."""
        table, row, column = self.submission.form.slots[slot]
        declared = self.submission.form.tables[table]
        names = (declared.rows.lines[row].name, declared.columns.lines[column].name)
        if node.rows is None and node.columns is not None:
            spoken_column = self.submission.label(names[1])
            if self.scope is not None and self.scope.table != table:
                spoken_table = self.submission.label(table)
                return Text(f"{spoken_table.zh} {spoken_column.zh}", f"{spoken_table.en} {spoken_column.en}")
            return spoken_column
        if node.columns is None and node.rows is not None:
            return self.submission.label(names[0])
        if len(declared.columns.lines) == 1 or len(declared.rows.lines) == 1:
            return self.submission.label(names[0] if len(declared.columns.lines) == 1 else names[1])
        spoken = [self.submission.label(name) for name in names]
        return Text(f"{spoken[0].zh}·{spoken[1].zh}", f"{spoken[0].en} · {spoken[1].en}")


def _no_column(source: Filled, table: str, column: int) -> bool:
    """The table was found without this column."""
    return table in source.spots and source.spots[table].columns[column] is None


def _group_name(node: Expression) -> str | None:
    inner = node.arguments[0] if isinstance(node, Call) and node.function == "last_year" else node
    if isinstance(inner, Cells) and "[" not in inner.name and "." not in inner.name:
        return inner.name
    return None


def _text(cell: Cell) -> str:
    if cell.state in {State.BLANK, State.NIL} and not cell.text:
        return "0"
    return cell.text


def _wrapped(value: Value, *, wrap: bool) -> Text:
    return Text(f"（{value.says.zh}）", f"({value.says.en})") if wrap else value.says
