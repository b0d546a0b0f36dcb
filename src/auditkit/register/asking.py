"""Which rules of a table can be asked of a register, and how: of rows as they pass, by keys, of whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.edits import rolls_up, wants_last
from auditkit.model.expression import (
    Call,
    Cells,
    Condition,
    ExistsIn,
    Expression,
    Fact,
    InLine,
    IsUnique,
    walk,
)
from auditkit.model.form import Table
from auditkit.model.rule import Rule, Rulebook

ONCE = ("sum", "min", "max")
"""What a whole column can be put together by, block by block."""
IN_ROW = frozenset({"sum", "min", "max", "median", "abs", "last_year"})
Nodes = Sequence[Condition | Expression]


@dataclass(frozen=True)
class Asked:
    """Rules of a register."""

    by_row: tuple[Rule, ...]
    """Of each record by itself."""
    by_key: tuple[Rule, ...]
    """Of each record, but what they say of it shows only when all were seen: its key is given once."""
    by_column: tuple[Rule, ...]
    """Of rows the form itself names, against a whole column."""

    @property
    def back(self) -> int:
        """How many records above its own a rule looks at."""
        rules = (*self.by_row, *self.by_key)
        return max((n.back for rule in rules for n in rule.nodes if isinstance(n, Cells)), default=0)

    @property
    def looks_back(self) -> bool:
        """Whether a rule asks for last year's report."""
        return any(wants_last(rule) for rule in self.by_row)

    @property
    def unique(self) -> tuple[int, ...]:
        """Columns that say nothing twice."""
        nodes = (node.operand for rule in self.by_key for node in rule.nodes if isinstance(node, IsUnique))
        return tuple(dict.fromkeys(c for cells in nodes if isinstance(cells, Cells) for c in cells.columns or ()))


def sorted_out(book: Rulebook, table: Table) -> Asked | None:
    """Rules of the table by how they are asked; None where one can only be asked of all records at once."""
    by_row: list[Rule] = []
    by_key: list[Rule] = []
    by_column: list[Rule] = []
    for rule in book.rules:
        if rolls_up(rule) or all(n.table != table.id for n in rule.nodes if isinstance(n, Cells)):
            continue  # about other tables, or the words; asked where those are
        if rule.scope is not None and rule.scope.each == "row" and _alone(rule.nodes, table):
            own = by_key if any(isinstance(node, IsUnique) for node in rule.nodes) else by_row
            if own is by_key and wants_last(rule):
                return None
            own.append(rule)
        elif _whole(rule, table):
            by_column.append(rule)
        else:
            return None
    return Asked(tuple(by_row), tuple(by_key), tuple(by_column))


def _alone(nodes: Nodes, table: Table) -> bool:
    """Nothing but cells of the record's own row and of those above it, and texts they are compared with."""
    cells = [n for n in nodes if isinstance(n, Cells)]
    return (
        not any(isinstance(n, Fact | InLine | ExistsIn) for n in nodes)
        and all(n.function in IN_ROW for n in nodes if isinstance(n, Call))
        and all(n.table == table.id and n.rows is None and not n.line for n in cells)
        and all(_one_column(n.operand) for n in nodes if isinstance(n, IsUnique))
    )


def _one_column(operand: Expression) -> bool:
    return isinstance(operand, Cells) and operand.columns is not None and len(operand.columns) == 1


def _whole(rule: Rule, table: Table) -> bool:
    """A declared row against a column put together: 合计 = sum(各户)."""
    if rule.scope is None or rule.scope.each != "column" or rule.when is not None:
        return False
    nodes = walk(rule.check)
    put_together = [n for n in nodes if isinstance(n, Call)]
    many = [n for n in nodes if isinstance(n, Cells) and n.rows is not None and any(row < 0 for row in n.rows)]
    whole = [n.arguments[0] for n in put_together if n.function in ONCE and len(n.arguments) == 1]
    return (
        len({n.function for n in put_together}) == 1
        and len(put_together) == len(whole)
        and all(cells in whole for cells in many)
        and all(n.table == table.id and n.columns is None for n in nodes if isinstance(n, Cells))
    )
