"""A quantifier's names → the lines, or cells, a rule is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from auditkit.language.parse import Misspelt, RawScope
from auditkit.language.vocabulary import Vocabulary, lines_of, unknown
from auditkit.model.form import Axis, Table
from auditkit.model.rule import Scope


def resolve_scopes(raw: tuple[RawScope, ...], words: Vocabulary) -> tuple[tuple[Scope, ...], list[Misspelt]]:
    """Quantifiers over several tables; a line that is left out need not be in each of them."""
    scopes: list[Scope] = []
    mistakes: list[Misspelt] = []
    for one in raw:
        known = words.form.tables.get(one.table[0])
        kept = one
        if known is not None and len(raw) > 1:
            names = {*known.rows.names, *known.columns.names}
            kept = replace(
                one,
                excluded=tuple(word for word in one.excluded if word[0] in names or not _known(word[0], raw, words)),
            )
        scope, wrong = resolve_scope(kept, words)
        mistakes += wrong
        scopes += [scope] if scope is not None else []
    return tuple(scopes), list(dict.fromkeys(mistakes))


def _known(word: str, raw: tuple[RawScope, ...], words: Vocabulary) -> bool:
    """Whether any of the tables has a line of this name."""
    tables = [words.form.tables[one.table[0]] for one in raw if one.table[0] in words.form.tables]
    return any(word in table.rows.names or word in table.columns.names for table in tables)


def resolve_scope(raw: RawScope, words: Vocabulary) -> tuple[Scope | None, list[Misspelt]]:
    """Look up the quantifier's table and the excluded lines; a group's name excludes all lines below it.

    ``each row in T.组织`` keeps to a group; ``each cell in T.日期`` to one of its rows or columns.
    """
    name, at = raw.table
    table = words.form.tables.get(name)
    if table is None:
        return None, [Misspelt(at, unknown(name, "表", "table", tuple(words.form.tables)))]
    mistakes: list[Misspelt] = []
    left = {"rows": _every(table.rows), "columns": _every(table.columns)}
    for word, kept in ((raw.group, True), *((word, False) for word in raw.excluded)):
        found = None if word is None else _look_up(raw.each, table, word, mistakes)
        if found is not None:
            axis, lines = found
            left[axis] = lines if kept else tuple(i for i in left[axis] if i not in lines)
    rows = tuple(i for i in left["rows"] if i >= 0)
    open_ = next((table.rows.open[-i - 1] for i in left["rows"] if i < 0), "")
    if raw.each == "column":
        return Scope("column", name, left["columns"]), mistakes
    if raw.each == "row":
        return Scope("row", name, rows, open_), mistakes
    width = len(table.columns.lines)
    cells = tuple(row * width + column for row in rows for column in left["columns"])
    return Scope(cast("Literal['cell']", raw.each), name, cells, open_, left["columns"] if open_ else ()), mistakes


def _every(axis: Axis) -> tuple[int, ...]:
    """All lines, and of a list the records that come with a submission."""
    return (*range(len(axis.lines)), *((-1,) if axis.open else ()))


def _look_up(
    each: str, table: Table, word: tuple[str, int], mistakes: list[Misspelt]
) -> tuple[str, tuple[int, ...]] | None:
    axes = {"row": ("rows",), "column": ("columns",), "cell": ("rows", "columns")}[each]
    of = {"rows": table.rows, "columns": table.columns}
    for axis in axes:
        if (found := lines_of(of[axis], word[0])) is not None:
            return axis, found
    names = tuple(name for axis in axes for name in of[axis].names)
    mistakes.append(Misspelt(word[1], unknown(word[0], f"表 {table.id} 的名称", f"line of {table.id}", names)))
    return None
