"""Two rulebooks compared as models: what came, what went, what is said otherwise; how YAML words it is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from auditkit.catalogue import AnyRule, every_rule
from auditkit.model.form import Axis, Records, Table
from auditkit.model.rule import ProseRule, Rule, Rulebook
from auditkit.model.words import EMPTY, LEVEL_NAMES, Text

Kind = Literal["added", "removed", "changed"]

KINDS: dict[Kind, Text] = {
    "added": Text("新增", "added"),
    "removed": Text("取消", "removed"),
    "changed": Text("改", "changed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one thing, before and after; empty texts where a whole thing came or went."""

    what: str
    """A rule's code, a table's id, a fact's name, or empty for the rulebook itself."""
    kind: Kind
    field: Text = EMPTY
    before: Text = EMPTY
    after: Text = EMPTY


Fields = dict[str, tuple[Text, Text]]
"""Key → the field's name and its value."""


def compare(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Everything the second rulebook says otherwise, rulebook first, then tables, facts and rules by code."""
    heads = _changed("", _head(old), _head(new))
    tables = _compared(_tables(old), _tables(new))
    facts = _compared(_facts(old), _facts(new))
    rules = _compared(_rules(old), _rules(new))
    return (*heads, *tables, *facts, *sorted(rules, key=lambda change: change.what))


def _compared(old: Mapping[str, Fields], new: Mapping[str, Fields]) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        if name not in old:
            yield Change(name, "added", after=_summary(new[name]))
        elif name not in new:
            yield Change(name, "removed", before=_summary(old[name]))
        else:
            yield from _changed(name, old[name], new[name])


def _changed(name: str, old: Fields, new: Fields) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        field = (old.get(key) or new[key])[0]
        before, after = (fields[key][1] if key in fields else EMPTY for fields in (old, new))
        if before != after:
            yield Change(name, "changed", field, before, after)


def _summary(fields: Fields) -> Text:
    """What stands beside the code of a rule that came or went: its name."""
    return fields["name"][1] if "name" in fields else EMPTY


def _same(text: object) -> Text:
    return Text(str(text), str(text))


def _listed(texts: Iterable[str]) -> Text:
    return _same(" | ".join(texts))


def _head(book: Rulebook) -> Fields:
    first, last = book.form.periods
    return {
        "title": (Text("名称", "title"), book.title),
        "version": (Text("版本", "version"), _same(book.version)),
        "titles": (Text("识别用的标题", "titles"), _listed(book.form.titles)),
        "periods": (Text("适用年度", "periods"), _same(f"{first or ''}-{last or ''}")),
        "footnotes": (Text("表下说明的标题", "footnotes"), _listed(book.form.footnotes)),
        "levels": (
            Text("单元格审核的级别", "levels of cells"),
            _listed(f"{a}: {b}" for a, b in book.form.levels.items()),
        ),
        "retired": (Text("停用编号", "retired"), _listed(f"{a}→{b}" for a, b in sorted(book.retired.items()))),
    }


def _tables(book: Rulebook) -> dict[str, Fields]:
    return {table.id: _table(table) for table in book.form}


def _table(table: Table) -> Fields:
    fields: Fields = {
        "title": (Text("表题", "title"), _listed(table.titles)),
        "cells": (Text("单元格", "cells"), _same(table.cells)),
        "blank": (Text("空白", "blank"), _same(table.blank)),
        "unit": (Text("单位", "unit"), _same(table.unit)),
        "kinds": (Text("个别单元格", "kinds"), _pairs(table.kinds)),
        "blanks": (Text("个别空白", "blanks"), _pairs(table.blanks)),
        "codes": (Text("编号", "codes"), _pairs(table.codes)),
        "required": (Text("必有", "required"), _same(table.required)),
        "instead": (Text("代替", "instead"), _same(table.instead)),
        "optional": (Text("可以没有", "optional"), _listed(sorted(table.optional - table.added))),
        "added": (Text("少数才有", "added"), _listed(sorted(table.added))),
        "records": (Text("记录", "records"), _records(table.records)),
    }
    for key, axis, name in (("columns", table.columns, Text("列", "column")), ("rows", table.rows, Text("行", "row"))):
        fields[key] = (Text(f"{name.zh}的次序", f"order of {name.en}s"), _listed(line.name for line in axis.lines))
        fields |= _lines(key, axis, name)
    return fields


def _records(records: Records | None) -> Text:
    """What makes a table a list."""
    if records is None:
        return EMPTY
    lines = (f"{name} = {' / '.join(labels)}" for name, labels in records.lines.items())
    nested = ("nested",) if records.nested else ()
    return _listed((records.name, f"key: {records.key}", *nested, *records.several, *lines))


def _lines(key: str, axis: Axis, name: Text) -> Fields:
    """The words of every line, and the groups it stands in."""
    return {
        f"{key}.{line.name}": (
            Text(f"{name.zh} {line.name}", f"{name.en} {line.name}"),
            _same(" / ".join((*line.path, " | ".join(line.labels)))),
        )
        for line in axis.lines
    }


def _pairs(values: Mapping[str, str]) -> Text:
    return _listed(f"{key}: {value}" for key, value in sorted(values.items()))


def _facts(book: Rulebook) -> dict[str, Fields]:
    return {
        finder.name: {
            "find": (Text("写法", "find"), _listed(finder.patterns)),
            "where": (Text("在哪里找", "where"), _listed(finder.where)),
            "within": (Text("同段前文", "within"), _listed(finder.within)),
            "after": (Text("同句前文", "after"), _listed(finder.after)),
            "not_after": (Text("同句前文不得有", "not after"), _listed(finder.not_after)),
            "every": (Text("找全部", "every"), _same(finder.every)),
        }
        for finder in book.finders
    }


def _rules(book: Rulebook) -> dict[str, Fields]:
    return {rule.id: _rule(rule) for rule in every_rule(book)}


def _rule(rule: AnyRule) -> Fields:
    fields: Fields = {
        "name": (Text("名称", "name"), rule.name),
        "level": (Text("级别", "level"), LEVEL_NAMES[rule.level]),
    }
    if isinstance(rule, Rule):
        tolerance = "" if rule.tolerance is None else rule.tolerance
        fields |= {
            "for": (Text("适用", "for"), _same(rule.quantifier)),
            "when": (Text("条件", "when"), _same(rule.condition)),
            "check": (Text("规则", "check"), _same(rule.source)),
            "tolerance": (Text("容差", "tolerance"), _same(tolerance)),
            "explainable": (Text("可说明", "explainable"), _same("" if rule.may_explain is None else rule.may_explain)),
        }
    elif isinstance(rule, ProseRule):
        fields |= {
            "check": (Text("检查", "check"), _same(rule.check)),
            "words": (Text("用词", "words"), _listed(f"{k}: {'、'.join(v)}" for k, v in sorted(rule.words.items()))),
            "holds": (Text("没有问题的句子", "sentences that hold"), _listed(rule.holds)),
            "breaks": (Text("有问题的句子", "sentences that break it"), _listed(rule.breaks)),
        }
    fields["message"] = (Text("提示", "message"), rule.message)
    if not isinstance(rule, Rule | ProseRule):
        return fields
    for key, zh, text in (
        ("why", "为什么", rule.why),
        ("often", "常见错", rule.often),
        ("repair", "怎么改", rule.repair),
    ):
        fields[key] = (Text(zh, key), text or EMPTY)
    return fields | {"basis": (Text("依据", "basis"), _same(rule.basis))}
