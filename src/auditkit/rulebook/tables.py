"""A table as written → a ``Table``: its axes, groups by nesting, and the records of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditkit.model.form import Axis, Line, Records, Table
from auditkit.model.rule import Origin
from auditkit.model.words import Text
from auditkit.rulebook.shape import RecordsShape, TableShape, listed
from auditkit.rulebook.tree import Path, Tree

Groups = dict[str, tuple[str, ...]]


def twice(name: str) -> Text:
    """A code or name that is there already."""
    return Text(f"“{name}”已经有了，编号和名称不能重复", f'"{name}" exists already; codes and names are given once')


@dataclass(frozen=True)
class TableBuilder:
    """One table of one file; what is wrong with it is complained of, with its line."""

    tree: Tree
    path: Path
    complain: Callable[[str, Origin, Text], None]

    def table(self, name: str, shape: TableShape, offset: int) -> Table:
        columns = self._axis(shape.columns, "columns")
        records = None if shape.records is None else self._records(shape.records, columns)
        rows = self._axis(shape.rows, "rows") if records is None else self._listed_rows(shape.rows, records)
        known = {*rows.names, *columns.names}
        for key, word in [("blanks", w) for w in shape.blanks] + [("kinds", w) for w in shape.kinds]:
            if word not in known:
                self._unknown(
                    (key, word), Text(f"“{word}”不是表 {name} 的行名或列名", f'"{word}" is no row or column of {name}')
                )
        optional, added = (self._optional(name, key, shape, rows, columns) for key in ("optional", "added"))
        return Table(
            id=name,
            titles=listed(shape.title),
            rows=rows,
            columns=columns,
            cells=shape.cells,
            kinds=shape.kinds,
            blank=shape.blank,
            blanks=shape.blanks,
            codes={key: code for key, code in shape.codes.items()},  # noqa: C416 - widens Literal keys to str
            offset=offset,
            required=shape.required and not shape.instead,
            instead=shape.instead,
            optional=optional | added,
            added=added,
            unit=shape.unit,
            decimals=shape.decimals,
            records=records,
        )

    def _optional(self, table: str, key: str, shape: TableShape, rows: Axis, columns: Axis) -> frozenset[str]:
        """Lines that need not be there; a group stands for all of its lines. Something must be left to find."""
        words, lines = getattr(shape, key), [*columns.lines, *rows.lines]
        for i, word in enumerate(words):
            if not any(word == line.name or word in line.path for line in lines):
                self._unknown((key, i), Text(f"“{word}”不是表 {table} 的行名或列名", f'"{word}" is no line of {table}'))
        named = frozenset(line.name for line in lines if {line.name, *line.path}.intersection(words))
        if (shape.records and shape.records.key in named) or (columns.lines and named.issuperset(columns.index)):
            said = Text("名称列和至少一列必须有", "the key, and one column at least, must be there")
            self._unknown((key,), said)
        return named

    def _records(self, shape: RecordsShape, columns: Axis) -> Records:
        for place, word in [(("key",), shape.key), *((("several", i), word) for i, word in enumerate(shape.several))]:
            if word not in columns.index:
                self._unknown(("records", *place), Text(f"“{word}”不是列名", f'"{word}" is no column'))
        lines = {name: listed(words) for name, words in shape.lines.items()}
        return Records(
            shape.name, shape.key, shape.nested, tuple(shape.several), lines, until=shape.until, abreast=shape.abreast
        )

    def _axis(self, shape: Mapping[str, Any], name: str) -> Axis:
        lines, groups = self._lines(shape, name)
        if not lines:
            where = self.tree.key_origin((*self.path, name))
            self.complain("RB006", where, Text("至少要有一行（列）", "at least one line is needed"))
        return Axis(tuple(lines), groups)

    def _listed_rows(self, shape: Mapping[str, Any], records: Records) -> Axis:
        """The rows a list declares, each with all the lines a record has; records join later."""
        declared, groups = self._lines(shape, "rows")
        for group in records.groups:
            groups.setdefault(group, ())
        rows = [line for row in declared for line in records.declared(row)]
        if records.until and all(line.name != records.until for line in rows):
            self._unknown(("records", "until"), Text(f"“{records.until}”不是行名", f'"{records.until}" is no row'))
        return Axis(tuple(rows), groups, records.groups)

    def _lines(self, shape: Mapping[str, Any], name: str) -> tuple[list[Line], Groups]:
        groups: Groups = {}
        lines: list[Line] = []
        for line in self._nested(shape, (), groups, (*self.path, name)):
            if line.name in groups or any(line.name == other.name for other in lines):
                self._twice(line.name, (*self.path, name, *line.path, line.name))
            lines.append(line)
        return lines, groups

    def _nested(self, shape: Mapping[str, Any], group: tuple[str, ...], groups: Groups, path: Path) -> Iterator[Line]:
        for name, value in shape.items():
            if isinstance(value, Mapping):
                if name in groups:
                    self._twice(name, (*path, name))
                groups[name] = listed(value.get("label", []))
                members = {k: v for k, v in value.items() if k != "label"}
                yield from self._nested(members, (*group, name), groups, (*path, name))
            elif isinstance(value, str | list) and all(isinstance(v, str) for v in value):
                yield Line(name, listed(value), group)
            else:
                self.complain(
                    "RB007",
                    self.tree.key_origin((*path, name)),
                    Text(
                        f"“{name}”要写表上的字，或下面的各行",
                        f'"{name}" needs the words in the form, or lines below it',
                    ),
                )

    def _twice(self, name: str, path: Path) -> None:
        self.complain("RB012", self.tree.key_origin(path), twice(name))

    def _unknown(self, place: Path, message: Text) -> None:
        self.complain("RB011", self.tree.key_origin((*self.path, *place)), message)
