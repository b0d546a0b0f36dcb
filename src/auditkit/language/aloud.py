"""A tree read aloud in Chinese and English: what ``explain`` prints and what a rule without a message says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

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
from auditkit.model.form import Form
from auditkit.model.rule import Scope
from auditkit.model.words import Text

Label = Callable[[str], Text]
"""Short name → its words in both languages."""

_OPERATORS = {
    "+": Text("加", " plus "),
    "-": Text("减", " minus "),
    "*": Text("乘", " times "),
    "/": Text("除以", " divided by "),
}
_RELATIONS = {
    "=": Text("等于", " equals "),
    "≠": Text("不等于", " differs from "),
    "<": Text("小于", " is less than "),
    "≤": Text("不大于", " is at most "),
    ">": Text("大于", " is more than "),
    "≥": Text("不小于", " is at least "),
    "≈": Text("按所写位数等于", " equals, to the digits written, "),
}
_CALLS = {
    "sum": Text("{}各项之和", "the sum of {}"),
    "min": Text("{}中最小的", "the least of {}"),
    "max": Text("{}中最大的", "the greatest of {}"),
    "median": Text("{}的中位数", "the median of {}"),
    "abs": Text("{}的绝对值", "the size of {}"),
    "last_year": Text("上年的{}", "last year's {}"),
    "children": Text("下级单位{}之和", "the subordinate units' {}"),
    "positive": Text("大于 0 的{}", "{} above 0"),
    "under": Text("下一级{}", "{} of the records under it"),
}
_EACH = {
    "row": Text("{}每一行", "In {}, for each row"),
    "column": Text("{}每一列", "In {}, for each column"),
    "cell": Text("{}每一格", "In {}, for each cell"),
}


def aloud(condition: Condition, label: Label) -> Text:
    """The condition as a phrase, e.g. 新收加上年结转等于办理总计加结转下年."""
    match condition:
        case Compare(relation, left, right):
            return _join(_expression(left, label), _RELATIONS[relation], _expression(right, label))
        case Within(left, percent, right):
            spoken = _expression(left, label), _expression(right, label)
            return Text(
                f"{spoken[0].zh}与{spoken[1].zh}相差不超过 {percent}%",
                f"{spoken[0].en} is within {percent}% of {spoken[1].en}",
            )
        case InLine(left, right):
            spoken = _expression(left, label), _expression(right, label)
            return Text(
                f"{spoken[0].zh}相对{spoken[1].zh}的变动与其他记录相近",
                f"{spoken[0].en} has moved against {spoken[1].en} as the other records have",
            )
        case IsUnique(operand):
            spoken_operand = _expression(operand, label)
            return Text(f"{spoken_operand.zh}不重复", f"{spoken_operand.en} is given once")
        case IsOrdered(operand, descending):
            spoken_operand = _expression(operand, label)
            return Text(
                f"{spoken_operand.zh}依次{'递减' if descending else '递增'}",
                f"{spoken_operand.en} never {'rise' if descending else 'fall'} from one to the next",
            )
        case ExistsIn(operand, table, column=column):
            spoken_operand = _expression(operand, label)
            table = f"{table}.{column}" if column else table
            return Text(f"{spoken_operand.zh}在{table}中有", f"{spoken_operand.en} exists in {table}")
        case IsBlank(operand, negated):
            spoken_operand = _expression(operand, label)
            return Text(
                f"{spoken_operand.zh}{'已填' if negated else '空白'}",
                f"{spoken_operand.en} is {'filled in' if negated else 'blank'}",
            )
        case OneOf(operand, choices):
            listed = [_expression(c, label) for c in choices]
            spoken_operand = _expression(operand, label)
            return Text(
                f"{spoken_operand.zh}是{'、'.join(c.zh for c in listed)}之一",
                f"{spoken_operand.en} is one of {', '.join(c.en for c in listed)}",
            )
        case Logic("not", operands):
            inner = aloud(operands[0], label)
            return Text(f"不是（{inner.zh}）", f"not ({inner.en})")
        case Logic(operator, operands):
            parts = [aloud(o, label) for o in operands]
            zh, en = ("并且", " and ") if operator == "and" else ("或者", " or ")
            return Text(zh.join(p.zh for p in parts), en.join(p.en for p in parts))
        case _:
            assert_never(condition)


def scope_aloud(scope: Scope | None, form: Form) -> Text:
    """``表三每一列``; empty for a rule about named cells."""
    if scope is None:
        return Text("", "")
    title = form.tables[scope.table].titles[0]
    pattern = _EACH[scope.each]
    return Text(pattern.zh.format(f"“{title}”"), pattern.en.format(f'"{title}"'))


def _expression(node: Expression, label: Label) -> Text:
    match node:
        case Number(value):
            return Text(_plain(value), _plain(value))
        case Quoted(value):
            return Text(f"“{value}”", f'"{value}"')
        case Cells():
            return cells_name(node, label)
        case Fact(fact, hole):
            spoken = label(f"{fact}.{hole}")
            return spoken if spoken.en != f"{fact}.{hole}" else _PROPERTIES.get(f"{fact}.{hole}", spoken)
        case Name(text):
            return Text(text, text)
        case Binary("-", Number(value), right) if value == 0:
            spoken = _expression(right, label)
            return Text(f"负{spoken.zh}", f"minus {spoken.en}")
        case Binary(operator, left, right):
            return _join(_expression(left, label), _OPERATORS[operator], _expression(right, label))
        case Call(function, arguments):
            listed = [_expression(a, label) for a in arguments]
            pattern = _CALLS[function]
            return Text(
                pattern.zh.format("、".join(a.zh for a in listed)),
                pattern.en.format(", ".join(a.en for a in listed)),
            )
        case _:
            assert_never(node)


_PROPERTIES = {
    "report.year": Text("报告年度", "the reporting year"),
    "file.year": Text("文件名中的年份", "the year in the file name"),
}


def cells_name(node: Cells, label: Label) -> Text:
    """``新收[总计]`` → 新收·总计 / received · total; ``previous(日期)`` → 上一个日期 / the date before."""
    if node.back:
        spoken_before = cells_name(replace(node, back=0), label)
        return Text(f"上一个{spoken_before.zh}", f"the {spoken_before.en} before")
    table, dot, line = node.name.partition(".")
    if dot:
        spoken = label(table), label(line)
        return Text(f"{spoken[0].zh} {spoken[1].zh}", f"{spoken[0].en} {spoken[1].en}")
    row, _, rest = node.name.partition("[")
    if not rest:
        return label(row)
    column = rest.rstrip("]")
    spoken = label(row), label(column)
    return Text(f"{spoken[0].zh}·{spoken[1].zh}", f"{spoken[0].en} · {spoken[1].en}")


def _join(left: Text, middle: Text, right: Text) -> Text:
    return Text(f"{left.zh}{middle.zh}{right.zh}", f"{left.en}{middle.en}{right.en}")


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
